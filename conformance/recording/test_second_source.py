#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The project's values are those of the Windows headers of mingw-w64, for x64 and x86, and the recorder compiles with
them. Arguments: the root of the source, dump_records. Prints TAP.
"""

import json
import pathlib
import re
import subprocess
import sys

from shared.tap import Tap
from shared.toolchain import TARGETS, WARNINGS, Compiler, mingw

FILES = ("kernel_assertions.c", "user_assertions.c")

# A kernel driver is no program: no library, no start, and functions of the kernel alone.
KERNEL = ["-ffreestanding", "-std=c89"]

HEADERS = ("wdm.h", "ntddk.h", "windows.h")

# The recorder with the structures of wdm.h, which take their values from there.
USE = """#include <{header}>
#define SESSION_TRACE_FUNCTION
#include "session_trace.h"
"""


def asserted_lines(path, contract=False):
    """The lines of the assertions that are compiled."""
    lines, there = [], True
    for number, line in enumerate(path.read_text(encoding="ascii").splitlines(), 1):
        if line.startswith("#ifdef SESSIONLINT_CONTRACT"):
            there = contract
        elif line.startswith("#else"):
            there = not there
        elif line.startswith("#endif"):
            there = True
        elif line.startswith("SAME(") and there:
            lines.append(number)
    return lines


def check_assertions(tap, compiler, path, claim, *options, contract=False):
    """All hold; with a wrong constant, each of them fails, so that each is known to be able to."""
    lines = asserted_lines(path, contract)
    done, said = compiler.compile(path, "-fsyntax-only", "-Wall", "-Wextra", "-Werror", *options)
    tap.ok(done and len(lines) > 10, f"{claim}: {len(lines)} values are the same", said)
    done, said = compiler.compile(path, "-fsyntax-only", "-DSESSIONLINT_WRONG=1", *options)
    failed = sorted(int(number) for number in re.findall(r"same_at_line_(\d+)\S* is negative", said))
    tap.ok(not done and failed == lines, f"{claim}: each fails where it is wrong", said or str(failed))


def check_recorder(tap, compiler, machine):
    for header in HEADERS:
        source = USE.format(header=header)
        done, said = compiler.compile(source, "-x", "c", "-fsyntax-only", *KERNEL, *WARNINGS)
        tap.ok(done, f"{machine}: session_trace.h behind {header}, C89, freestanding, without warnings", said)
    for level in ("-O0", "-O2"):
        symbols = compiler.undefined(USE.format(header="wdm.h"), "-x", "c", level, *KERNEL,
                                     nm=f"{TARGETS[machine]}-nm")
        tap.ok(symbols is not None and not symbols[0] and any("wdm_notify" in name for name in symbols[1]),
               f"{machine} {level}: the object file calls no function but its own", str(symbols))


def check_wts(tap, path, dump_records):
    """The reader takes each code of winuser.h for what it takes its name for."""
    codes = re.findall(r"^SAME\((WTS_\w+), (\d+)\);", path.read_text(encoding="ascii"), re.M)
    trace = "".join(f"session=1 event={name}\nsession=1 event={number}\n" for name, number in codes)
    done = subprocess.run([dump_records, "--source=wts", "-"], input=trace, capture_output=True, text=True, check=False)
    events = [record.get("event") for record in map(json.loads, done.stdout.splitlines()) if "kind" in record]
    tap.ok(len(events) == 2 * len(codes) == 22 and None not in events and events[::2] == events[1::2],
           f"{len(codes)} codes of winuser.h and their names are read alike", done.stdout)


def main():
    root, dump_records = pathlib.Path(sys.argv[1]), sys.argv[2]
    folder = pathlib.Path(__file__).parent
    compilers = {machine: mingw(machine) for machine in TARGETS}
    tap = Tap()
    if not all(compilers.values()):
        return tap.skip_all("no mingw-w64 with ddk/wdm.h, for x64 and x86")
    include = f"-I{root / 'src/include'}"
    check_assertions(tap, Compiler("cc", include, f"-I{root / 'src'}"), folder / FILES[0], "src/trace/contract.h",
                     "-DSESSIONLINT_CONTRACT", contract=True)
    for machine, compiler in compilers.items():
        compiler.command.append(include)
        for name in FILES:
            check_assertions(tap, compiler, folder / name, f"{machine}, {name}")
        check_recorder(tap, compiler, machine)
    check_wts(tap, folder / FILES[1], dump_records)
    return tap.done()


sys.exit(main())
