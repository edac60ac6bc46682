#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Findings do not depend on how the input was cut: a trace as a file, and through a pipe a few bytes at a time. Hosts
appear with records of all kinds, shortly after each other. Argument: the command. Prints TAP.
"""

import os
import subprocess
import sys

from shared.command import Command
from shared.folder import Folder
from shared.tap import Tap

# more than wait for what shows which way the log runs
BEFORE = 600
KINDS = ("object=created driver=d io=0x{n:x}", "session={n} event=Created",
         "call=IoRegisterContainerNotification driver=d io=0x{n:x} mask=all registration=0x{n:x} status=0",
         "session={n} event=Created")


def trace(numbered):
    """A trace in which one host after another appears, with what is unfinished at the end."""
    lines = [f"host=first session={n} event=Created" for n in range(1, BEFORE)]
    for n in range(1, 80):
        lines.append(f"host=host{n} " + KINDS[n % len(KINDS)].format(n=n))
        lines += [f"host=other{n} session=1 event=Created", f"host=host{n} session={n + 1} event=Created"]
    return "".join(f"seq={i} {line}\n" if numbered else f"{line}\n" for i, line in enumerate(lines, 1))


OPTIONS = ("check", "-q", "--notes=all", "--rule", "unfinished=note", "-")


def findings(command, text, piece):
    """The findings on what comes through a pipe in pieces of so many bytes."""
    with subprocess.Popen([*command.words, *OPTIONS], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        data = text.encode()
        # the reader begins with what it needs to know the format
        for at in range(0, len(data), piece):
            os.write(process.stdin.fileno(), data[at:at + piece])
        process.stdin.close()
        return process.stdout.read().decode()


def main(path):
    tap = Tap()
    command = Command(path, tap)
    for numbered in (False, True):
        text = trace(numbered)
        with Folder() as folder, folder.file("trace", text).open("rb") as file:
            whole = command.run(*OPTIONS, stdin=file).text
        for piece in (7, 100, 4096):
            pieces = findings(command, text, piece)
            tap.ok(whole and pieces == whole,
                   f"{'numbered' if numbered else 'plain'}, in pieces of {piece} bytes",
                   *(f"{a!r} became {b!r}" for a, b in zip(whole.splitlines(), pieces.splitlines()) if a != b))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
