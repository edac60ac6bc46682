# SPDX-License-Identifier: MIT
"""The command: runs the program in the package, or the one that SESSIONLINT_COMMAND names."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

VARIABLE = "SESSIONLINT_COMMAND"
BUNDLED = pathlib.Path(__file__).parent / "_bin" / ("sessionlint.exe" if sys.platform == "win32" else "sessionlint")


def command() -> str:
    """The path of the program."""
    given = os.environ.get(VARIABLE)
    if BUNDLED.exists():
        return os.fspath(BUNDLED)
    if given:
        return given
    raise FileNotFoundError(f"there is no {BUNDLED}; set {VARIABLE} to the path of the program")


def main() -> int:
    try:
        program = command()
    except FileNotFoundError as error:
        print(f"sessionlint: {error}", file=sys.stderr)
        return 2
    if sys.platform == "win32":
        # there, exec would start a second process and return to the shell at once
        return subprocess.call([program, *sys.argv[1:]])
    os.execv(program, ["sessionlint", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
