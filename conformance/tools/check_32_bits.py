#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles the library and the command for 32 bits, as far as warnings go: where a size_t has 32 bits, a compiler finds what
it does not find elsewhere. Arguments: a build folder, whose commands are used, and a compiler for 32-bit Windows. Prints what the
compiler says; the status is 1 if that is anything.
"""

import concurrent.futures
import json
import pathlib
import shlex
import subprocess
import sys

# The other options of the build are about its output, or for another machine.
KEPT = ("-I", "-D", "-W", "-std=")
# Why formats are not checked: conformance/windows/mingw-w64-x86_64.ini.
CHECK = ("-fsyntax-only", "-Werror", "-Wno-format")
PROCESSES = 2
# There are more files; if not, they were not found.
FILES_MIN = 300


def flags_of(command):
    """The options of a compilation that say what is compiled and what is warned of."""
    return [word for word in shlex.split(command)[1:] if word.startswith(KEPT) and not word.startswith("-D_FORTIFY")]


def sources(build):
    """The files of the library and of the command, each once, with their options. Those for POSIX are replaced."""
    root, found = pathlib.Path(__file__).resolve().parents[2], {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = (build / entry["file"]).resolve()
        folders = path.parts
        if "conformance" in folders or path.suffix != ".c" or "posix" in folders:
            continue
        found.setdefault(path, flags_of(entry["command"]))
    flags = next(flags for path, flags in found.items() if path.name == "main.c")
    found.update((path, flags) for path in (root / "src" / "base" / "windows").glob("*.c"))
    return found


def main():
    build, compiler = pathlib.Path(sys.argv[1]), sys.argv[2]

    def check(item):
        path, flags = item
        done = subprocess.run([compiler, *flags, *CHECK, str(path)], cwd=build, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False)
        return done.stderr if done.returncode else ""

    files = sources(build)
    with concurrent.futures.ThreadPoolExecutor(PROCESSES) as pool:
        said = [each for each in pool.map(check, files.items()) if each]
    print("".join(said), end="")
    if len(files) < FILES_MIN:
        print(f"there are only {len(files)} files")
    return bool(said) or len(files) < FILES_MIN


if __name__ == "__main__":
    sys.exit(main())
