#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is found does not depend on what else is asked for: steps, sessions and annotations change no member of a finding and
no total, for single logs and for accounts; nor does a second report of the command change the first one. Arguments: the
command, the root of the source, the folder of real logs. SESSIONLINT_LIBRARY is the library. Prints TAP.
"""

import itertools
import pathlib
import sys

import sessionlint
from shared.command import Command
from shared.evtx_logs import OPERATIONAL, Event, build
from shared.folder import Folder
from shared.tap import Tap

ASKED = [dict(zip(("steps", "sessions", "annotations"), each)) for each in itertools.product((False, True), repeat=3)]

# Records between which the session manager arbitrates, which is an annotation; Logon comes twice.
MACHINE = [Event(41, 3), Event(42, 3), Event(21, 3), Event(41, 3), Event(24, 3), Event(41, 3), Event(25, 3),
           Event(21, 3), Event(41, 3), Event(23, 3), Event(42, 3)]
# Who was arbitrated, and nothing that a session did.
NOTHING = [Event(41, 3, channel=OPERATIONAL), Event(42, 3, channel=OPERATIONAL)]


def members(listed):
    return [vars(each) for each in listed]


def differences(name, wanted, got):
    if len(wanted) != len(got):
        yield f"{len(got)} {name}s instead of {len(wanted)}"
    for number, (theirs, mine) in enumerate(zip(wanted, got)):
        for key in theirs:
            if mine[key] != theirs[key]:
                yield f"{name} {number}: {key}: {mine[key]!r} instead of {theirs[key]!r}"


def check_asked(tap, path, together):
    """@path, checked once for each set of what can be asked for."""
    runs = [(asked, sessionlint.check(path, together=together, errors="return", **asked)) for asked in ASKED]
    first, last = runs[0][1], runs[-1][1]
    problems = []
    for asked, result in runs[1:]:
        found = list(differences("finding", members(first.findings), members(result.findings)))
        found += [f"{name}: {result.totals[name]} instead of {count}" for name, count in first.totals.items()
                  if result.totals[name] != count]
        for name in [name for name, wanted in asked.items() if wanted]:
            found += differences(name[:-1], members(getattr(last, name)), members(getattr(result, name)))
        problems += [f"{asked}: {each}" for each in found]
    tap.none(problems, f"{path.name}, together={together}: {len(first.findings)} findings, {len(last.steps)} steps, "
                       f"{len(last.sessions)} sessions and {len(last.annotations)} annotations are the same, whatever is asked for")
    return first


def check_reports(tap, command, path, together, folder):
    """A page is drawn from steps and annotations."""
    flags = ["check", "-q", "--no-config", "--format=json", *([f"--together={together}"] if together else [])]
    alone = command.run(*flags, str(path))
    beside = command.run(*flags, f"--output=html:{folder / 'page.html'}", str(path))
    tap.same((beside.text, beside.status), (alone.text, alone.status),
             f"{path.name}, together={together}: the report is the same beside a page")


def main():
    tap = Tap()
    command, root, logs = Command(sys.argv[1], tap), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    with Folder() as folder, Folder() as pages:
        paths = [folder.file("made-up/LocalSessionManager.evtx", build(MACHINE)).parent,
                 folder.file("nothing/LocalSessionManager.evtx", build(NOTHING)).parent,
                 root / "conformance" / "timeline" / "machine", root / "traces" / "driver"]
        if logs.exists():
            paths += [logs / name for name in ("remote-desktop", "workstation", "hijack")]
        else:
            tap.skip("the same of real logs", f"there is no {logs}")
        for path, together in itertools.product(paths, (None, "machine", "computer", "folder")):
            first = check_asked(tap, path, together)
            if path == paths[0]:
                tap.ok(first.findings and first.totals["annotations"] == 6, "the made-up machine has findings and annotations",
                       [str(each) for each in first.findings])
            check_reports(tap, command, path, together, pages.path)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
