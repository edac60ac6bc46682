#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What holds for every format that the help lists: written in one pass with all others it is the same, it is
UTF-8 that is safe to show, and a disk that is full is told. Argument: the command. Prints TAP.
"""

import os
import re
import sys
import unicodedata

from shared.command import STATUS_CLEAN, STATUS_FAILED, Command
from shared.folder import Folder
from shared.pages import without_run
from shared.report_traces import HASH, PARTS, PAYLOADS, hostile, many
from shared.tap import Tap

ENVIRONMENT = {**os.environ, "SOURCE_DATE_EPOCH": "1772438400"}
UNSAFE = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}

# Their own commands are what these are for.
COMMANDS = {"github": "::", "azure": HASH + "vso["}


def formats(command):
    return re.findall(r"^  (\w+) ", command.run("check", "--help").text.split("\nFormats:\n")[1], re.M)


def run(command, form, trace, **more):
    return command.run("check", "-q", f"--format={form}", "-", input=trace, env=ENVIRONMENT, **more)


def check_together(tap, command, names, folder):
    for trace in (PARTS.read_bytes(), hostile(PAYLOADS["script"])):
        paths = {name: folder.path / name for name in names}
        options = [f"--output={name}:{path}" for name, path in paths.items()]
        alone = {name: run(command, name, trace) for name in names}
        result = command.run("check", "-q", *options, "-", input=trace, env=ENVIRONMENT)
        tap.same((result.out, result.status), (alone["text"].out, alone["text"].status),
                 "all formats to files: standard output and status are the same")
        for name, path in paths.items():
            tap.ok(without_run(path.read_bytes()) == without_run(alone[name].out) and alone[name].out,
                   f"{name}: the same in a file beside others")


def trouble_in(form, data):
    """Why a report may not go to a terminal or a build log; None if it may."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"no UTF-8: {error}"
    bad = [sign for sign in text.replace("\n", "") if unicodedata.category(sign) in UNSAFE]
    if bad:
        return f"{bad[0]!r}"
    for line in text.split("\n"):
        line = line.lstrip().removeprefix(COMMANDS.get(form, "\n"))
        if line.startswith("::") or f"{HASH}[" in line or f"{HASH}vso[" in line:
            return line[:200]
    return None


def check_safe(tap, command, names, folder):
    for payload, text in PAYLOADS.items():
        file = re.sub(r"[\0/]", "_", os.fsdecode(text[:120]))
        (folder.path / file).write_bytes(hostile(text))
        for form in names:
            result = command.run("check", "-q", f"--format={form}", "--", file, cwd=folder.path, env=ENVIRONMENT)
            tap.same((trouble_in(form, result.out), bool(result.out)), (None, True), f"{form}, {payload}: safe to show")


def check_full(tap, command, names):
    for form in names:
        result = run(command, form, b"session=1 event=Created\nsession=1 event=Terminated\n")
        tap.same(result.status, STATUS_CLEAN, f"{form}: nothing found, status 0")
        if not os.path.exists("/dev/full"):
            tap.skip(f"{form}: a full disk", "there is no /dev/full")
            continue
        result = command.run("check", "-q", f"--output={form}:/dev/full", "-", input=many(3).encode())
        tap.ok(result.status == STATUS_FAILED and "/dev/full: No space left" in result.error,
               f"{form}: a full disk is status 2", result)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    names = formats(command)
    tap.ok(len(names) >= 9 and names[0] == "text", "the help lists the formats", names)
    with Folder() as folder:
        check_together(tap, command, names, folder)
        check_safe(tap, command, names, folder)
        check_full(tap, command, names)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
