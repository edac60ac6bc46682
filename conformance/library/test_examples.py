#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The examples of docs/library.md do what the page shows. Arguments: the root of the source, the library, whether it is
`sanitized` or `plain`, and the compiler. Prints TAP.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

from shared.tap import Tap

def code(page, language):
    """The one example in a language."""
    [text] = re.findall(rf"^```{language}\n(.*?)^```$", page, re.S | re.M)
    return text


def shown(page, command):
    """The output that the page shows after a command, and the words of the command."""
    found = re.search(rf"^    \$ ({re.escape(command)}.*)\n((?:    (?!\$ ).*\n)*)", page, re.M)
    return found[1].split(), re.sub(r"^    ", "", found[2], flags=re.M)


def run(tap, claim, page, command, words, root, environment):
    arguments, wanted = shown(page, command)
    done = subprocess.run([*words, *arguments[len(command.split()):]], capture_output=True, text=True, cwd=root,
                          env=environment, stdin=subprocess.DEVNULL, check=False)
    said = done.stdout + done.stderr
    tap.none([] if said == wanted else [f"it prints: {line}" for line in said.splitlines()], claim)


def main():
    root, library, compiler = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve(), sys.argv[4:]
    page = (root / "docs" / "library.md").read_text()
    environment = os.environ | {"LD_LIBRARY_PATH": str(library.parent)}
    tap = Tap()
    if sys.argv[3] == "sanitized":
        tap.skip("the examples print what is shown", "programs without sanitizers cannot load a library that has them")
        return tap.done()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        (folder / "example.c").write_text(code(page, "c"))
        done = subprocess.run([*compiler, "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-I",
                               str(root / "src" / "include"), str(folder / "example.c"), str(library), "-o",
                               str(folder / "example")], capture_output=True, text=True, check=False)
        tap.none(done.stderr.splitlines() if done.returncode else [], "the example in C compiles")
        run(tap, "and prints what is shown", page, "./example", [str(folder / "example")], root, environment)
        if library.suffix == ".a":
            tap.skip("the example in Python prints what is shown", "there is no shared library")
        else:
            (folder / "example.py").write_text(code(page, "python"))
            run(tap, "the example in Python prints what is shown", page, "python3 example.py",
                [sys.executable, str(folder / "example.py")], root, environment)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
