#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The examples of docs/recording.md are true: they compile with the Windows headers of mingw-w64, the driver is linked
against the kernel's functions, and what it records, run on a kernel of our own, is a trace that sessionlint judges.
Arguments: the command, the root of the source. Prints TAP.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from shared.tap import Tap
from shared.toolchain import TARGETS, Compiler, mingw

TAG = "sessionlint: "

# What a run of the driver leaves: two of the object, two of the registration, two for each of 9 notifications.
RECORDS = 22

# The callback's type has no arguments in the headers of mingw-w64, so that the cast is one to another type.
STRICT = ["-std=gnu89", "-Wall", "-Wextra", "-Wdeclaration-after-statement", "-Wno-cast-function-type", "-Werror"]


def examples(root):
    """The C of the document, by the header that it begins with."""
    blocks = re.findall(r"^```c\n(.*?)^```$", (root / "docs/recording.md").read_text(encoding="utf-8"), re.M | re.S)
    names = ("driver", "service", "sink")
    return dict(zip(names, blocks)) if len(blocks) == len(names) else {}


def check_windows(tap, machine, codes, include):
    compiler = mingw(machine)
    for name, code in codes.items():
        claim = f"{machine}: the {name} compiles with the headers of Windows"
        if not compiler:
            tap.skip(claim, "no mingw-w64 with ddk/wdm.h")
            continue
        # the kernel's functions exist from Windows 7 on
        options = ["-ffreestanding"] if name == "driver" else []
        done, said = compiler.compile(code, "-x", "c", "-fsyntax-only", include, "-D_WIN32_WINNT=0x0601",
                                      "-DNTDDI_VERSION=0x06010000", *options, *STRICT)
        tap.ok(done, claim, said)
    claim = f"{machine}: the driver is linked against ntoskrnl and hal alone"
    if not compiler:
        tap.skip(claim, "no mingw-w64 with ddk/wdm.h")
        return
    done, said = link(compiler, codes["driver"], include, "DriverEntry" if machine == "x64" else "_DriverEntry@8",
                      "-lntoskrnl", "-lhal")
    tap.ok(done, claim, said)
    done, said = link(compiler, codes["driver"], include, "DriverEntry" if machine == "x64" else "_DriverEntry@8")
    tap.ok(not done and "IoRegisterContainerNotification" in said,
           f"{machine}: without ntoskrnl it lacks the kernel's functions", said)


def link(compiler, code, include, entry, *libraries):
    with tempfile.TemporaryDirectory(prefix="sessionlint-") as folder:
        source = pathlib.Path(folder) / "driver.c"
        source.write_text(code, encoding="utf-8")
        return compiler.compile(source, "-O2", "-ffreestanding", "-nostdlib", "-shared", "-Wl,--subsystem,native",
                                f"-Wl,-e,{entry}", include, "-o", str(pathlib.Path(folder) / "driver.sys"),
                                "-Wno-cast-function-type", *libraries)


def build_driver(tap, code, root, folder):
    """The driver on our own kernel: the program, or None."""
    kernel = root / "conformance" / "shared" / "kernel"
    source, program = folder / "driver.c", folder / "driver"
    source.write_text(code, encoding="utf-8")
    done, said = Compiler("cc").compile(source, f"-I{kernel}", f"-I{root / 'src/include'}", "-Wall", "-Wextra", "-Werror",
                                        "-D_GNU_SOURCE", "-o", str(program), str(kernel / "kernel.c"))
    tap.ok(done, "the driver compiles with a kernel of our own", said)
    return program if done else None


def record(program, *fault):
    """The debug output that a run of the driver leaves."""
    return subprocess.run([str(program), *fault], capture_output=True, text=True, check=True).stdout.splitlines()


def debugview(lines):
    """The lines as DebugView saves them, among other output."""
    return [f"{number:08}\t{number / 100:.8f}\t{line}"
            for number, line in enumerate(["another driver's words"] + lines, 1)]


def judge(command, lines):
    """What sessionlint says of the records: (findings, summary)."""
    text = "".join(line + "\n" for line in lines)
    done = subprocess.run([command, "check", "--quiet", "--format=json", "-"], input=text, capture_output=True,
                          text=True, check=False)
    said = [json.loads(line) for line in done.stdout.splitlines()]
    return [finding["rule"] for finding in said[:-1]], said[-1]["summary"] if said else {}


def check_driver(tap, command, program):
    lines = record(program)
    tap.ok(len(lines) == RECORDS and all(line.startswith(TAG) and len(line) < 511 for line in lines),
           f"{RECORDS} records, each with the tag and in one call of DbgPrint()", "\n".join(lines))
    rules, summary = judge(command, lines)
    tap.ok(not rules and summary.get("records") == RECORDS and summary["sessions"]["conforming"] == 2,
           "what the driver recorded is judged: two sessions, no finding", f"{rules} {summary}")
    rules, summary = judge(command, debugview(lines))
    tap.ok(not rules and summary.get("records") == RECORDS + 1 and summary["skipped"] == 1,
           "the same among other output, as DebugView saves it", f"{rules} {summary}")
    rules, summary = judge(command, [lines[0], *reversed(lines[1:])])
    tap.ok(not rules and summary.get("records") == RECORDS, "the same, printed in another order", f"{rules} {summary}")
    rules, _ = judge(command, record(program, "late"))
    tap.ok("notification/unregistered" in rules, "a notification behind the unregistration is found", str(rules))
    rules, _ = judge(command, record(program, "twice"))
    tap.ok("session/illegal-transition" in rules, "a logon that is told twice is found", str(rules))
    rules, summary = judge(command, record(program, "silent"))
    tap.ok(summary.get("records") == RECORDS and set(rules) == {"registration/bad-status"},
           "where no session is known, the calls are recorded that failed", f"{rules} {summary}")
    rules, summary = judge(command, record(program, "once"))
    tap.ok(rules == ["registration/bad-status"],
           "where one call fails, that one is found, and nothing is unknown", f"{rules} {summary}")
    rules, summary = judge(command, record(program, "once,twice"))
    tap.ok("session/illegal-transition" in rules, "and the sessions are judged all the same", f"{rules} {summary}")
    rules, summary = judge(command, record(program, "meanwhile"))
    tap.ok(not rules and summary["records"] == RECORDS + 2, "notifications while the two calls run are right",
           f"{rules} {summary}")
    rules, _ = judge(command, record(program, "high"))
    tap.ok(set(rules) == {"registration/irql"} and len(rules) == 20, "calls at DISPATCH_LEVEL are found", str(rules))


def check_lines(tap, command, root):
    """Records that the document shows are read."""
    text = (root / "docs/recording.md").read_text(encoding="utf-8")
    lines = re.findall(r"^    (time=.*)$", text, re.M)
    _, summary = judge(command, lines)
    tap.ok(lines and summary.get("unreadable") == 0 and summary["records"] == len(lines),
           "the record that is shown is read", str(summary))


def outputs(root):
    """What the document shows of what recorders write: (the code or command before it, the lines)."""
    text = (root / "docs/recording.md").read_text(encoding="utf-8")
    return [(text[:found.start()].rstrip().rpartition("\n\n")[2], found[1].splitlines())
            for found in re.finditer(r"^```text\n(.*?)^```$", text, re.M | re.S)]


def check_outputs(tap, command, root):
    """What other recorders write is read as it is: every record, and without an error."""
    shown = outputs(root)
    tap.ok(len(shown) == 5, "the document shows what five recorders write", str(len(shown)))
    for _, lines in shown:
        text = "".join(line + "\n" for line in lines)
        done = subprocess.run([command, "check", "--quiet", "--format=json", "-"], input=text, capture_output=True,
                              text=True, check=False)
        said = [json.loads(line) for line in done.stdout.splitlines()]
        errors = [finding for finding in said[:-1] if finding["severity"] == "error"]
        summary = said[-1]["summary"] if said else {}
        records = sum(bool(re.search(r"sessionlint: |^time=|^source=", line)) for line in lines)
        tap.ok(done.returncode == 0 and not errors and summary.get("unreadable") == 0 and
               summary["records"] - summary["skipped"] == records > 1,
               f"what is shown is read: {lines[0][:50]}...", f"{done.returncode} {errors} {summary} {done.stderr}")


def keys_of(code):
    return set(re.findall(r"\b([a-z]+)=", code))


def check_keys(tap, root):
    """The recorders in C# and PowerShell write the keys that are shown, and no other."""
    text = (root / "docs/recording.md").read_text(encoding="utf-8")
    for language in ("csharp", "powershell"):
        found = re.search(rf"^```{language}\n(.*?)^```\n\n```text\n(.*?)^```$", text, re.M | re.S)
        strings = " ".join(re.findall(r'"(?:[^"\\]|\\.|"")*"', found[1])) if found else ""
        tap.ok(found and keys_of(strings) == keys_of(found[2]), f"{language}: the keys are those that are shown",
               f"{keys_of(strings)} {keys_of(found[2]) if found else ''}")


def check_csharp(tap, root):
    """The service in C# compiles, where there is a compiler with the classes of services."""
    text = (root / "docs/recording.md").read_text(encoding="utf-8")
    code = re.search(r"^```csharp\n(.*?)^```$", text, re.M | re.S)[1]
    if not shutil.which("mcs"):
        tap.skip("the service in C# compiles", "no mcs here")
        return
    with tempfile.TemporaryDirectory(prefix="sessionlint-") as folder:
        source = pathlib.Path(folder) / "service.cs"
        source.write_text(code, encoding="utf-8")
        done = subprocess.run(["mcs", "-warnaserror", "-r:System.ServiceProcess", f"-out:{folder}/service.exe",
                               str(source)], capture_output=True, text=True, check=False)
        if "CS0006" in done.stderr:
            tap.skip("the service in C# compiles", "no System.ServiceProcess here")
            return
        tap.ok(done.returncode == 0, "the service in C# compiles", done.stdout + done.stderr)


def check_words(tap, command, root):
    """Files, functions and options that the document names are there."""
    text = (root / "docs/recording.md").read_text(encoding="utf-8")
    header = "".join((root / "src/include" / name).read_text(encoding="ascii")
                     for name in ("session_trace.h", "session_trace_line.h"))
    names = set(re.findall(r"\b(?:session_trace_\w+|SESSION_TRACE_\w+)\b", text)) - {"session_trace_line"}
    missing = [name for name in sorted(names) if not re.search(rf"\b{name}\b", header)]
    tap.ok(len(names) > 10 and not missing, f"the {len(names)} names of the recorder exist", str(missing))
    usage = subprocess.run([command, "check", "--help"], capture_output=True, text=True, check=False).stdout
    options = set(re.findall(r"`(--[\w-]+)", text))
    tap.ok(options and all(option in usage for option in options), f"options exist: {sorted(options)}", usage)


def main():
    tap = Tap()
    command, root = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2])
    codes = examples(root)
    if not tap.ok(bool(codes), "docs/recording.md holds a driver, a service and a sink"):
        return tap.done()
    for machine in TARGETS:
        check_windows(tap, machine, codes, f"-I{root / 'src/include'}")
    with tempfile.TemporaryDirectory(prefix="sessionlint-") as folder:
        program = build_driver(tap, codes["driver"], root, pathlib.Path(folder))
        if program:
            check_driver(tap, command, program)
    check_lines(tap, command, root)
    check_outputs(tap, command, root)
    check_keys(tap, root)
    check_csharp(tap, root)
    check_words(tap, command, root)
    return tap.done()


sys.exit(main())
