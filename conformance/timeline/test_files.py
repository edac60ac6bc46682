#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Inputs and outputs of a timeline: what cannot be read is status 2, whatever was found is 0; files are whole or stay as
they were; nobody reads; and memory. Argument: the command. Prints TAP.
"""

import os
import pathlib
import signal
import subprocess
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, TIMEOUT, Command
from shared.folder import Folder
from shared.tap import Tap

LIFE = "".join(f"time=2026-03-02T08:00:0{second}Z session={{0}} event={event}\n"
               for second, event in enumerate(("Created", "Connected", "Terminated")))
FORMATS = ("text", "csv", "ndjson", "timesketch", "xes", "perfetto")
GROWTH_MAX = 2 << 20
GROWTH_OF_ROWS_MAX = 8 << 20


def check_status(tap, command, folder):
    good, bad = folder.file("good.trace", LIFE.format(1)), folder.file("bad.trace", LIFE.format(1) + "session=x event=Logon\n")
    wrong = folder.file("wrong.trace", "time=2026-03-02T08:00:00Z session=1 event=Logoff\n")
    other = folder.file("other.bin", b"\x7fELF" + bytes(100))
    folder.file("empty.trace", "")
    for form in FORMATS:
        for words, status, says in (
                ([good], STATUS_CLEAN, ""), ([wrong], STATUS_CLEAN, ""), ([bad], STATUS_FAILED, "1 record cannot be read"),
                ([other], STATUS_FAILED, "not a session trace"), (["missing"], STATUS_FAILED, "No such file"),
                ([good, "missing"], STATUS_FAILED, "No such file"), (["empty.trace"], STATUS_FAILED, "no records")):
            result = command.run("timeline", f"--format={form}", *map(str, words), cwd=folder.path)
            tap.ok(result.status == status and (says in result.error if says else not result.err),
                   f"{form}: {[pathlib.Path(word).name for word in words]} is {status}", result)
        shown = command.run("timeline", f"--format={form}", str(good), "missing", cwd=folder.path).out
        tap.same(shown, command.run("timeline", f"--format={form}", str(good), cwd=folder.path).out,
                 f"{form}: what could be read is shown")
    result = command.run("timeline")
    tap.ok(result.status == STATUS_FAILED and "missing file" in result.error, "no file", result)
    for words, says in ((["--bom"], "--bom can only be used with csv"), (["--format=cvs"], "unknown format 'cvs'; did you mean csv?"),
                        (["--sessions", "-fperfetto"], "--sessions cannot be used with perfetto"),
                        (["--color=red"], "unknown colour setting 'red'"), (["--together=x"], "unknown way to tell machines apart")):
        result = command.run("timeline", *words, str(good))
        tap.ok(result.status == STATUS_FAILED and says in result.error and not result.out, f"{words} is refused", result)


def check_inputs(tap, command, folder):
    trace = LIFE.format(7)
    piped = command.run("timeline", "--format=ndjson", "-", input=trace.encode())
    tap.same([row["witnesses"] for row in piped.objects], [[{"file": "<stdin>", "record": line}] for line in (1, 2, 3)],
             "standard input")
    folder.file("many/a.trace", LIFE.format(1))
    folder.file("many/b.trace", LIFE.format(2))
    result = command.run("timeline", "--format=ndjson", "many", cwd=folder.path)
    tap.same([row["session"] for row in result.objects], [1, 1, 1, 2, 2, 2], "a folder")
    parts = [folder.file(f"part{number}.trace", line + "\n") for number, line in enumerate(trace.splitlines())]
    result = command.run("timeline", "--format=ndjson", "--join", *map(str, parts))
    tap.same([(pathlib.Path(row["witnesses"][0]["file"]).name, row["witnesses"][0]["record"], row["incarnation"])
              for row in result.objects], [(f"part{number}.trace", 1, 1) for number in range(3)], "--join")
    folder.file("set/.sessionlint", "reverse = true\n")
    back = folder.file("set/back.trace", "\n".join(trace.splitlines()[::-1]) + "\n")
    result = command.run("timeline", "--format=ndjson", str(back))
    tap.same([row["event"] for row in result.objects], ["Created", "Connected", "Terminated"], "the configuration: reverse")


def check_outputs(tap, command, folder):
    good = str(folder.file("good.trace", LIFE.format(1)))
    for form in FORMATS:
        path = folder.path / "out" / form
        path.parent.mkdir(exist_ok=True)
        expected = command.run("timeline", f"--format={form}", good).out
        result = command.run("timeline", f"--format={form}", f"--output={path}", good)
        tap.ok(path.read_bytes() == expected and not result.out and result.status == STATUS_CLEAN, f"{form}: --output", result)
        tap.same(command.run("timeline", f"--format={form}", "--output=-", good).out, expected, f"{form}: --output=-")
        if os.path.exists("/dev/full"):
            for where in ([], ["--output=/dev/full"]):
                with open("/dev/full", "wb") as full:
                    result = command.run("timeline", f"--format={form}", *where, good, stdout=full)
                tap.ok(result.status == STATUS_FAILED and "No space left" in result.error, f"{form}: a full disk {where}", result)
    tap.same(sorted(path.name for path in (folder.path / "out").iterdir()), sorted(FORMATS), "nothing temporary stays")
    result = command.run("timeline", f"--output={good}", good)
    tap.ok(result.status == STATUS_FAILED and "which is an input" in result.error
           and pathlib.Path(good).read_text() == LIFE.format(1), "no input is overwritten", result)
    result = command.run("timeline", "--output=missing/x", good, cwd=folder.path)
    tap.ok(result.status == STATUS_FAILED and "missing/x" in result.error, "a folder that is not there", result)


def check_unread(tap, command, folder):
    """A reader that goes away ends the process as usual, long before the log is at its end."""
    file = folder.file("long.trace", "".join(LIFE.format(number) for number in range(200_000)))
    for form in FORMATS[:-1]:
        with subprocess.Popen([*command.words, "timeline", f"--format={form}", str(file)], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            process.stdout.read(100)
            process.stdout.close()
            error = process.stderr.read()
            status = process.wait(TIMEOUT)
        tap.ok(status == -signal.SIGPIPE and not error, f"{form}: nobody reads: SIGPIPE", status, error)


def peak(command, *arguments, feed):
    """The most memory that the command had, in bytes, while it read what @feed writes."""
    with subprocess.Popen([*command.words, "timeline", *arguments, "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        for block in feed:
            process.stdin.write(block)
        process.stdin.flush()
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        process.stdin.close()
        process.wait(TIMEOUT)
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def lives(count):
    """Blocks of a thousand sessions, one after the other, of ten ids."""
    for begin in range(0, count, 1000):
        yield "".join(LIFE.format(number % 10) for number in range(begin, begin + 1000)).encode()


def endless(count):
    """Sessions that never end: all their rows are kept by a format that wants them together."""
    for begin in range(0, count, 1000):
        yield "".join(f"session={number % 50} event={('Connected', 'Disconnected')[number // 50 % 2]}\n"
                      for number in range(begin, begin + 1000)).encode()


def check_memory(tap, command):
    for form in FORMATS[:-1]:
        small, large = (peak(command, f"--format={form}", feed=lives(count)) for count in (6_000, 60_000))
        tap.ok(large - small < GROWTH_MAX, f"{form}: ten times as many sessions, less than 2 MiB more "
               f"({small / 1e6:.1f} MB, {large / 1e6:.1f} MB)")
    for form in ("text", "csv", "ndjson"):
        small, large = (peak(command, f"--format={form}", "--start=unknown", feed=endless(count)) for count in (100_000, 500_000))
        tap.ok(large - small < GROWTH_OF_ROWS_MAX and large < 64 << 20, f"{form}: five times as many rows of sessions that do not end "
               f"({small / 1e6:.1f} MB, {large / 1e6:.1f} MB)")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        check_status(tap, command, folder)
        check_inputs(tap, command, folder)
    with Folder() as folder:
        check_outputs(tap, command, folder)
        if command.for_windows or command.emulated:
            tap.skip("nobody reads", "there are no signals here")
        else:
            check_unread(tap, command, folder)
    if command.sanitized or command.emulated or command.for_windows:
        tap.skip("memory", "it is not measured here")
    else:
        check_memory(tap, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
