#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each public header compiles alone, as C99 and as C++17, without a warning. Arguments: the folder of the headers and the
compiler of the build. Prints TAP.
"""

import pathlib
import shutil
import subprocess
import sys

from shared.tap import Tap

STRICT = ["-pedantic", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]
# Whatever includes it twice, and uses a part of it.
SOURCE = """#include <sessionlint.h>
#include <sessionlint.h>
static int on_finding(void *userdata, const struct sessionlint_finding *finding)
{
	return userdata && finding->severity == SESSIONLINT_SEVERITY_ERROR;
}
int check(const char *path);
int check(const char *path)
{
	struct sessionlint *run;
	int r = sessionlint_new(&run);
	if (r < 0)
		return r;
	sessionlint_set_report(run, on_finding, &r);
	r = sessionlint_check_file(run, path);
	return sessionlint_free(run) + r;
}
"""


def check(tap, folder, compiler, language, standard):
    claim = f"{' '.join(compiler)}: {standard}"
    if not shutil.which(compiler[0]):
        tap.skip(claim, f"{compiler[0]} is not installed")
        return
    alone = [(f"#include <{path.name}>\n", f", {path.name} alone") for path in sorted(folder.glob("sessionlint*.h"))]
    for source, what in ((SOURCE, ""), *alone):
        done = subprocess.run([*compiler, "-x", language, f"-std={standard}", *STRICT, "-I", str(folder), "-"], input=source,
                              capture_output=True, text=True, check=False)
        tap.none(done.stderr.splitlines() if done.returncode else [], claim + what)


def main():
    folder, own = pathlib.Path(sys.argv[1]), sys.argv[2:]
    tap = Tap()
    for compiler in (own, ["gcc"], ["clang"]):
        for standard in ("c99", "c17"):
            check(tap, folder, compiler, "c", standard)
    for compiler in (["g++"], ["clang++"]):
        for standard in ("c++17", "c++20"):
            check(tap, folder, compiler, "c++", standard)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
