# SPDX-License-Identifier: MIT
"""What the tests of ../gate/ share: traces, a folder to run in, and how a baseline is read without the command."""

import json
import os
import sys

from shared.command import Command
from shared.folder import Folder
from shared.tap import Tap

# 2026-11-24T12:00:00Z, so that no test depends on the day.
NOW = 1795521600
DAY = 86400

LIFE = "session={0} event=Created\nsession={0} event=Connected\nsession={0} event=Terminated\n"
BROKEN = "session={0} event=Created\nsession={0} event=Logon\nsession={0} event=Terminated\n"
ILLEGAL = "session/illegal-transition"


class Place:
    """A folder in which the command runs on a fixed day."""

    def __init__(self, command, folder):
        self.command, self.folder, self.path = command, folder, folder.path

    def file(self, name, content=""):
        return self.folder.file(name, content)

    def run(self, *arguments, now=NOW, **options):
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(now)}
        return self.command.run(*arguments, cwd=self.path, env=environment, **options)

    def check(self, *arguments, **options):
        """Findings as JSON, held to the baseline b.json."""
        return self.run("check", "--quiet", "--format=json", "--baseline=b.json", *arguments, **options)

    def write(self, *arguments, reason="known", **options):
        return self.run("baseline", "write", "--baseline=b.json", *([f"--reason={reason}"] if reason else []),
                        *arguments, **options)

    def read(self, name="b.json"):
        return (self.path / name).read_bytes()

    def entries(self, name="b.json"):
        return json.loads(self.read(name).decode("utf-8"))["entries"]

    def names(self):
        """All that lies in the folder: nothing temporary may stay."""
        return sorted(path.name for path in self.path.iterdir())


def counted(result):
    """The findings that count."""
    return [finding for finding in result.findings if "suppression" not in finding]


def suppressed(result):
    return [finding for finding in result.findings if "suppression" in finding]


def entry(**changes):
    """An entry as the command writes it; None takes a key out."""
    whole = {"fingerprint": "0123456789abcdef:1", "rule": ILLEGAL, "log": "a.trace", "subject": "session 1",
             "message": "Logon is illegal in Created", "reason": "known", **changes}
    return {key: value for key, value in whole.items() if value is not None}


def baseline(*entries, **changes):
    return json.dumps({"baseline": "sessionlint", "version": 1, "entries": list(entries), **changes})


def run_all(*checks):
    """Runs each check in a folder of its own; the status of the test."""
    tap = Tap()
    command = Command(sys.argv[1], tap)
    for check in checks:
        with Folder() as folder:
            check(tap, Place(command, folder))
    return tap.done()


__all__ = ["BROKEN", "DAY", "ILLEGAL", "LIFE", "NOW", "Place", "baseline", "counted", "entry", "run_all", "suppressed"]
