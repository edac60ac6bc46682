#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Logs that are read ahead by threads are judged as those that are read one after another: all that is printed and written is
the same. Arguments: the command, the root of the source, the folder of real logs. Prints TAP.
"""

import os
import pathlib
import random
import re
import signal
import subprocess
import sys

from shared.command import STATUS_FAILED, Command
from shared.evtx_bytes import CHUNK, FILE_HEADER
from shared.evtx_logs import Event, build
from shared.folder import Folder
from shared.tap import Tap

JOBS = (2, 3, 16)
LIFE = ("Created", "Connected", "Logon", "Disconnected", "Logoff", "Connected", "Disconnected", "Terminated")
# of check, and of the other commands that read logs
OUTPUTS = ("json", "sarif", "html", "csv", "junit")
COMMANDS = (["timeline", "--format=ndjson"], ["timeline", "--sessions"], ["coverage", "--format=json"], ["diagram", "--format=dot", "--trace"],
            ["baseline"])
# What says how long it took; the page names the command line.
VARIES = re.compile(rb"checked: .*|, \d+\.\d\d s, .*|--jobs[= ]\d+|\"timestamp\":\"[^\"]*\"|timestamp=\"[^\"]*\"|time=\"[^\"]*\"")


def trace(events, seed, odd=0.01):
    """Events of several sessions, some of which break the model, with texts that need memory of their own."""
    chance = random.Random(seed)
    steps, lines = [0] * 50, []
    for number in range(events):
        session = chance.randrange(len(steps))
        step = chance.randrange(len(LIFE)) if chance.random() < odd else steps[session]
        steps[session] = (step + 1) % len(LIFE)
        user = f" user=CORP\\u{chance.randrange(9)} address=10.0.0.{chance.randrange(9)}" if chance.random() < odd else ""
        lines.append(f"time=2026-03-{1 + number // 86400:02}T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}Z "
                     f"host=H{seed % 3} session={session} event={LIFE[step]}{user}")
    return "\n".join(lines) + "\n"


def make(folder):
    """Many logs, some of them large enough to be handed over alone, among files that are none, or that cannot be read in
    full; and more small ones than there is room for."""
    for number in range(30):
        folder.file(f"logs/{number:02}.trace", trace((7, 300, 25000 if number in (2, 11, 20) else 2000)[number % 3], number))
    folder.file("logs/03.json", "".join(f'{{"session":{i % 7},"event":"{LIFE[i % 8]}","user":"u{i % 5}"}}\n' for i in range(2000)))
    folder.file("logs/04.csv", "session,event,user\n" + "".join(f"{i % 7},{LIFE[i % 8]},u{i % 5}\n" for i in range(2000)))
    folder.file("logs/05.trace", "session=1 event=Created\nsession=x event=Logon\n" * 500)
    folder.file("logs/06.trace", "")
    folder.file("logs/07.txt", "no trace\n")
    folder.file("logs/08.evtx", b"ElfFile\0" + bytes(4088))
    folder.file("logs/09.trace", b"\xff\xfe" + trace(900, 9).encode("utf-16-le"))
    folder.file("logs/10.trace", trace(600, 10).replace("\n", "\nmarker=gap reason=x\n", 5))
    folder.file("logs/sub/11.trace", "driver=d call=IoRegisterContainerNotification io=1 mask=all registration=r status=0\n" * 400)
    folder.file("large.trace", trace(60000, 77))
    for number in range(150):
        folder.file(f"small/{number % 4}/{number:03}.trace", trace(number, number, 0.1) if number % 11 else "no trace\n")
        folder.file(f"small/{number % 4}/{number:03}.evtx",
                    build([Event((21, 24, 25, 23, 21)[i % 5], number % 3) for i in range(1 + number % 40)]) if number % 13 else b"ElfFile\0")


def large_log():
    """A Windows log of so many chunks that a thread reads them ahead: one of them has a wrong byte, one no header, and one is
    where another was."""
    log = bytearray(build([Event((21, 24, 25, 23, 40)[i % 5], i % 9) for i in range(9000)]))
    begins = range(FILE_HEADER, len(log), CHUNK)
    log[begins[20] + 5000] ^= 1
    log[begins[40]:begins[40] + 128] = bytes(128)
    first, second = (slice(begins[i], begins[i] + CHUNK) for i in (60, 61))
    log[first], log[second] = log[second], log[first]
    return bytes(log), len(begins)


def said(command, jobs, words, folder, reports=()):
    """All that a run prints and writes, without how long it took."""
    outputs = [f"--output={form}:report.{form}" for form in reports]
    result = command.run(words[0], "--no-config", f"--jobs={jobs}", *words[1:-1], *outputs, words[-1], cwd=folder)
    files = [(pathlib.Path(folder) / f"report.{form}").read_bytes() for form in reports]
    return [result.status, *(VARIES.sub(b"", text) for text in (result.out, result.err, *files))]


def check_same(tap, command, folder, words, title, reports=()):
    one = said(command, 1, words, folder, reports)
    for jobs in JOBS:
        got = said(command, jobs, words, folder, reports)
        tap.ok(got == one, f"{title}: {jobs} threads: status {one[0]}, the same bytes",
               [index for index, (mine, theirs) in enumerate(zip(got, one)) if mine != theirs])
    return one


def check_folder(tap, command, folder):
    one = check_same(tap, command, folder, ["check", "logs"], "a folder", OUTPUTS)
    tap.ok(one[0] == STATUS_FAILED and len(one[1]) > 10000 and b"logs/06.trace" in one[2],
           "it has findings, and logs that cannot be read", one[0], len(one[1]), one[2])
    for words in COMMANDS:
        check_same(tap, command, folder, [*words, "logs"], " ".join(words))
    check_same(tap, command, folder, ["check", "--together", "logs"], "one machine")
    check_same(tap, command, folder, ["check", "--together=folder", "logs"], "each folder a machine")
    check_same(tap, command, folder, ["check", "--anonymize", "logs"], "without names")
    check_same(tap, command, folder, ["check", "--reverse", "logs"], "from their ends")


def check_small(tap, command, folder):
    one = check_same(tap, command, folder, ["check", "small"], "small logs", OUTPUTS)
    tap.ok(one[0] == STATUS_FAILED and len(one[1]) > 10000 and b"small/0/000.evtx" in one[1] + one[2],
           "they have findings, and some cannot be read", one[0], len(one[1]))
    check_same(tap, command, folder, ["check", "--together=folder", "small"], "small logs of machines")
    check_same(tap, command, folder, ["timeline", "--format=csv", "small"], "their timeline")


def check_large(tap, command, folder):
    one = check_same(tap, command, folder, ["check", "large.trace"], "a large trace", OUTPUTS)
    tap.ok(len(one[1]) > 10000, "it has findings")
    check_same(tap, command, folder, ["timeline", "--format=csv", "large.trace"], "its timeline")


def check_large_log(tap, command, folder):
    log, chunks = large_log()
    (pathlib.Path(folder) / "large.evtx").write_bytes(log)
    one = check_same(tap, command, folder, ["check", "large.evtx"], "a large log of Windows", OUTPUTS)
    tap.ok(chunks > 64 and b"chunk 21" in one[1] and b"chunk 41" in one[1] and len(one[1]) > 10000,
           "it is damaged, and has findings", chunks, one[1][:300])
    check_same(tap, command, folder, ["check", "--recover", "large.evtx"], "what is left in it")


def check_operands(tap, command, folder):
    """Files, folders and standard input, in an order of their own, and some of them twice."""
    names = ["large.trace", "logs/02.trace", "none.trace", "logs/02.trace", "logs/sub", "-", "logs/05.trace", "logs/07.txt", "large.trace"]
    runs = [subprocess.run([*command.words, "check", "--no-config", f"--jobs={jobs}", *names], input=LIFE_TRACE, cwd=folder,
                           capture_output=True, check=False) for jobs in (1, *JOBS)]
    shown = [(run.returncode, run.stdout, VARIES.sub(b"", run.stderr)) for run in runs]
    tap.ok(all(each == shown[0] for each in shown) and shown[0][0] == STATUS_FAILED and b"<stdin>" in shown[0][1],
           "files, folders and standard input, some twice: the same bytes", shown[0][0])


def check_stop(tap, command, folder):
    """Nobody reads the findings: the run ends, with logs that were read ahead of it."""
    if command.for_windows:
        tap.skip("nobody reads the output", "there are no signals")
        return
    for jobs in (1, *JOBS):
        with subprocess.Popen([*command.words, "check", "--no-config", f"--jobs={jobs}", "logs", "large.evtx", "large.trace"],
                              cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            process.stdout.readline()
            process.stdout.close()
            error = process.stderr.read()
            status = process.wait(60)
        tap.ok(status == -signal.SIGPIPE and not error, f"{jobs} threads: nobody reads the output: the run ends", status, error)


def check_values(tap, command, folder):
    for value in ("0", "-1", "257", "x", "", "1.5", "0x2"):
        result = command.run("check", f"--jobs={value}", "large.trace", cwd=folder)
        tap.ok(result.status == STATUS_FAILED and "--jobs needs a number of threads from 1 to 256" in result.error,
               f"--jobs={value} is refused", result.status, result.error)


LIFE_TRACE = "".join(f"session=1 event={event}\n" for event in ("Created", "Logon", "Terminated")).encode()


def main():
    # reports say when they were made
    os.environ["SOURCE_DATE_EPOCH"] = "1795521600"
    tap = Tap()
    command, root, logs = Command(sys.argv[1], tap), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    with Folder() as folder:
        make(folder)
        for check in (check_folder, check_small, check_large, check_large_log, check_operands, check_stop, check_values):
            check(tap, command, folder.path)
    for name in ("traces", "conformance/golden"):
        check_same(tap, command, root, ["check", name], name)
    if logs.exists():
        check_same(tap, command, logs, ["check", "."], "real logs")
        check_same(tap, command, logs, ["check", "--together=folder", "."], "real machines")
    else:
        tap.skip("real logs", f"there is no {logs}")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
