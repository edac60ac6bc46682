#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""session_trace.h compiles as C89 and C++98 under every warning, without a single header of a library, and calls
nothing. Argument: the root of the source. Prints TAP.
"""

import itertools
import pathlib
import re
import sys

from shared.tap import Tap
from shared.toolchain import WARNINGS, Compiler

USE = """#include "session_trace.h"
extern int use(char *buffer);
int use(char *buffer)
{
	return session_trace_marker(buffer, SESSION_TRACE_LINE_MAX, 0, "gap", 0) == 0;
}
"""

# All functions are in the object file, not only those that are called.
ALL = "#define SESSION_TRACE_FUNCTION\n" + USE

LANGUAGES = {"C89": ["-x", "c", "-std=c89", "-Wdeclaration-after-statement"], "C17": ["-x", "c", "-std=c17"],
             "C++98": ["-x", "c++", "-std=c++98"], "C++20": ["-x", "c++", "-std=c++20"]}

NO_LIBRARY = ["-ffreestanding", "-nostdinc"]


def check_languages(tap, include):
    for name, (language, options), width in itertools.product(("gcc", "clang"), LANGUAGES.items(), ("-m64", "-m32")):
        claim = f"{name} {width}: {language} without warnings and without headers"
        compiler = Compiler(name, *options, width, include, *NO_LIBRARY)
        if not compiler.works():
            tap.skip(claim, f"{name} has no {language} here, or no {width}")
            continue
        done, said = compiler.compile(USE, "-fsyntax-only", *WARNINGS)
        tap.ok(done, claim, said)


def check_calls(tap, include):
    """A driver is linked with no library of a compiler: divisions, copies and the like must call nothing."""
    for name, width, level in itertools.product(("gcc", "clang"), ("-m64", "-m32"), ("-O0", "-O2", "-Os")):
        compiler = Compiler(name, "-x", "c", "-std=c89", width, include, *NO_LIBRARY)
        claim = f"{name} {width} {level}: the object file calls no function but its own"
        if not compiler.works():
            tap.skip(claim, f"no {name} {width} here")
            continue
        symbols = compiler.undefined(ALL, level, "-fno-pic", "-fno-stack-protector")
        tap.ok(symbols is not None and not symbols[0] and len(symbols[1]) > 30, claim, str(symbols))


def check_order(tap, include):
    """In kernel code the header stops where wdm.h does not come before it."""
    for macro in ("_KERNEL_MODE", "DEPRECATE_DDK_FUNCTIONS=1"):
        compiler = Compiler("gcc", "-x", "c", "-std=c89", include, *NO_LIBRARY, f"-D{macro}")
        if not compiler.works():
            tap.skip(f"{macro}: order of headers", "no gcc here")
            continue
        done, said = compiler.compile(USE, "-fsyntax-only")
        tap.ok(not done and "include wdm.h or ntddk.h before it" in said,
               f"{macro}: without wdm.h before it the header stops, and says why", said)
        types = "typedef int LONG;\ntypedef unsigned ULONG;\ntypedef unsigned long ULONGLONG;\ntypedef unsigned long ULONG_PTR;\n"
        for header in ("_WDMDDK_", "_NTDDK_"):
            done, said = compiler.compile(f"#define {header}\n{types}{USE}", "-fsyntax-only")
            tap.ok(done, f"{macro}: after the header that defines {header} it compiles", said)


def check_microsoft(tap, include):
    """clang takes Microsoft's extensions where it compiles for their ABI, and says that it is their compiler."""
    for machine, language in itertools.product(("x86_64", "i686"), ("C89", "C++98")):
        compiler = Compiler("clang", f"--target={machine}-pc-windows-msvc", *LANGUAGES[language], include, *NO_LIBRARY)
        claim = f"clang for Microsoft's {machine}: {language}"
        if not compiler.works():
            tap.skip(claim, "no clang here")
            continue
        said_so = "#ifndef _MSC_VER\n#error\n#endif\ntypedef char wide[sizeof(session_trace_size) == sizeof(void *) " \
                  "&& sizeof(session_trace_u64) == 8 && sizeof(session_trace_u32) == 4 ? 1 : -1];\n"
        # __int64 is what is meant there
        warnings = [*WARNINGS, "-Wno-language-extension-token", "-Wno-long-long"]
        done, said = compiler.compile(USE + said_so, "-fsyntax-only", *warnings)
        tap.ok(done, claim, said)


def check_text(tap, root):
    """What no compiler here complains of, and others do."""
    for name in ("session_trace.h", "session_trace_line.h"):
        text = (root / "src/include" / name).read_text(encoding="ascii")
        code = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        tap.ok("//" not in code, f"{name}: no comments of C99")
        tap.ok(not re.search(r"\bdouble\b|\bfloat\b", code), f"{name}: no floating point")
        included = re.findall(r"#include (\S+)", code)
        tap.ok(included == (['"session_trace_line.h"'] if name == "session_trace.h" else []),
               f"{name}: includes nothing of others", str(included))


def main():
    tap = Tap()
    root = pathlib.Path(sys.argv[1])
    include = f"-I{root / 'src/include'}"
    check_text(tap, root)
    check_languages(tap, include)
    check_calls(tap, include)
    check_order(tap, include)
    check_microsoft(tap, include)
    wrong = "int f(void)\n{\n\tint a = 1;\n\ta++;\n\tlong long b = a; // no\n\treturn (int)b;\n}\n"
    compiler = Compiler("gcc", *LANGUAGES["C89"])
    if compiler.works():
        tap.ok(not compiler.compile(wrong, "-fsyntax-only", *WARNINGS)[0], "what is not C89 does not compile")
    return tap.done()


sys.exit(main())
