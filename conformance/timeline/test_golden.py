#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Timelines to the letter: NAME.ENDING is what the command prints of NAME.trace, or with --together of the folder NAME,
in the format of the ending. It runs in the root of the source. Arguments: the command, the root of the source, and
--update to write what is expected; read that before it is committed. Prints TAP.
"""

import difflib
import os
import pathlib
import sys

from shared.command import STATUS_CLEAN, Command
from shared.tap import Tap

FOLDER = pathlib.Path(__file__).resolve().parent

# By the ending: the options.
FORMATS = {
    "txt": ("--format=text",),
    "csv": ("--format=csv",),
    "ndjson": ("--format=ndjson",),
    "timesketch": ("--format=timesketch",),
    "xes": ("--format=xes",),
    "sessions.txt": ("--sessions",),
    "sessions.csv": ("--sessions", "--format=csv"),
    "sessions.ndjson": ("--sessions", "--format=ndjson"),
}


def inputs():
    """{name: arguments}."""
    found = {path.stem: (path,) for path in FOLDER.glob("*.trace")}
    found.update((path.name, ("--together", path)) for path in FOLDER.iterdir() if any(path.glob("*.trace")))
    return dict(sorted(found.items()))


def check(tap, command, root, name, arguments):
    environment = {key: value for key, value in os.environ.items() if key != "COLUMNS"}
    words = [word.relative_to(root).as_posix() if isinstance(word, pathlib.Path) else word for word in arguments]
    for ending, options in FORMATS.items():
        path = FOLDER / f"{name}.{ending}"
        result = command.run("timeline", "--no-config", *options, *words, cwd=root, env=environment)
        printed = result.out
        if "--update" in sys.argv:
            path.write_bytes(printed)
        expected = path.read_bytes() if path.exists() else b""
        difference = difflib.unified_diff(expected.decode().splitlines(), printed.decode().splitlines(), lineterm="")
        tap.ok(printed == expected and result.status == STATUS_CLEAN, f"{path.name}: {' '.join(options)}",
               "\n".join(difference), result.error)


def main():
    tap = Tap()
    command, root = Command(sys.argv[1], tap), pathlib.Path(sys.argv[2]).resolve()
    for name, arguments in inputs().items():
        check(tap, command, root, name, arguments)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
