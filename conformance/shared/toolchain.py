# SPDX-License-Identifier: MIT
"""Compilers for the tests of ../recording/: which are there, and what they say."""

import pathlib
import shutil
import subprocess
import tempfile

# What the recorder promises to compile with.
WARNINGS = ["-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wsign-conversion", "-Wshadow", "-Wundef", "-Wcast-qual",
            "-Wwrite-strings", "-Werror"]

TARGETS = {"x64": "x86_64-w64-mingw32", "x86": "i686-w64-mingw32"}


class Compiler:
    """A compiler with the options that it always gets."""

    def __init__(self, name, *options):
        self.command = [name, *options]

    def compile(self, source, *options):
        """Compiles text, or a file; (whether it did, what it said)."""
        if isinstance(source, pathlib.Path):
            # in front of the libraries that it needs
            done = subprocess.run([*self.command, str(source), *options], capture_output=True, text=True, check=False)
        else:
            done = subprocess.run([*self.command, *options, "-"], input=source, capture_output=True, text=True,
                                  check=False)
        return done.returncode == 0, done.stderr

    def works(self, *options):
        """Whether it compiles a file without anything in it."""
        return shutil.which(self.command[0]) is not None and self.compile("", "-fsyntax-only", *options)[0]

    def undefined(self, source, *options, nm="nm"):
        """The names that an object file of @source needs and that it has, or None if there is no object file."""
        with tempfile.TemporaryDirectory(prefix="sessionlint-") as folder:
            path = pathlib.Path(folder) / "object.o"
            if not self.compile(source, "-c", "-o", str(path), *options)[0]:
                return None
            lines = subprocess.run([nm, str(path)], capture_output=True, text=True, check=True).stdout.splitlines()
        wanted = [line.split()[1] for line in lines if line.split()[0] == "U"]
        return wanted, [line.split()[-1] for line in lines if " T " in line]


def mingw(machine):
    """The compiler for Windows on @machine, with the headers of the driver kit; None where it is absent."""
    target = TARGETS[machine]
    name = next((f"{target}-gcc{kind}" for kind in ("", "-win32", "-posix") if shutil.which(f"{target}-gcc{kind}")),
                None)
    if not name:
        return None
    done = subprocess.run([name, "-x", "c", "-E", "-M", "-"], input="#include <ddk/wdm.h>\n", capture_output=True,
                          text=True, check=False)
    for word in done.stdout.split():
        if word.endswith("ddk/wdm.h"):
            return Compiler(name, "-isystem", str(pathlib.Path(word).parent))
    return None
