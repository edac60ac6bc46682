#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every file that a command writes is whole or not there: killed runs, full disks, runs that fail, runs at once.

Arguments: the command, how many runs to kill, and a library for LD_PRELOAD that leaves no files without a name: then
nothing can be promised of SIGKILL. Prints TAP.
"""

import json
import os
import random
import signal
import stat
import subprocess
import sys
import threading
import time

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS, TIMEOUT, Command
from shared.folder import Folder
from shared.tap import Tap

try:
    import resource
except ImportError:
    resource = None

BROKEN = "session={0} event=Created\nsession={0} event=Logon\nsession={0} event=Terminated\n"
OLD = b"the report of an earlier run\n"
EMPTY = b'{"baseline":"sessionlint","version":1,"entries":[\n]}\n'
PRELOADED = len(sys.argv) > 3
HARD = () if PRELOADED else (signal.SIGKILL,)
FORMATS = ("text", "json", "sarif", "junit", "gitlab", "github", "azure", "markdown", "csv", "html", "perfetto")
NOBODY = 65534


def many(count):
    return "".join(BROKEN.format(number) for number in range(1, count + 1))


# Each way to write a file: what it is called, and the arguments. {0} is the file, {1} the trace.
WRITERS = {
    **{f"check, {form}": ("check", "-q", "--no-config", f"--output={form}:{{0}}", "{1}") for form in FORMATS},
    "coverage": ("coverage", "--no-config", "--output=json:{0}", "{1}"),
    "diagram": ("diagram", "--output={0}"),
    "diagram of a trace": ("diagram", "--no-config", "--trace={1}", "--output={0}"),
    "timeline": ("timeline", "--no-config", "--format=ndjson", "--output={0}", "{1}"),
    "witness": ("diff", "published", "known", "--witness={0}"),
    "baseline": ("baseline", "write", "-q", "--no-config", "--reason=x", "--baseline={0}", "{1}"),
}


class Place:
    """A folder with a trace and, beside nothing else in a folder of its own, the report of an earlier run."""

    def __init__(self, command, folder):
        self.command = command
        self.trace = folder.file("many.trace", many(3000))
        self.report = folder.path / "reports" / "report"
        self.report.parent.mkdir()

    def arguments(self, writer):
        return [word.format(self.report, self.trace) for word in WRITERS[writer]]

    def old(self, writer):
        """Puts the older report there; returns its bytes."""
        data = EMPTY if writer == "baseline" else OLD
        self.report.unlink(missing_ok=True)
        self.report.write_bytes(data)
        return data

    def new(self, writer):
        """The bytes of the report that is written when nothing is in the way."""
        self.old(writer)
        self.command.run(*self.arguments(writer))
        return self.report.read_bytes()

    def names(self):
        return sorted(os.listdir(self.report.parent))


def check_full(tap, place):
    """A disk that is full: the older report stays, and the failure is reported. A limit on sizes acts the same."""
    for writer in WRITERS:
        whole = place.new(writer)
        old = place.old(writer)
        for limit in (0, len(whole) // 2, len(whole) - 1):
            result = place.command.run(*place.arguments(writer),
                                       preexec_fn=lambda size=limit: resource.setrlimit(resource.RLIMIT_FSIZE,
                                                                                        (size, size)))
            tap.ok(result.status == STATUS_FAILED and f"{place.report}: File too large" in result.error
                   and place.report.read_bytes() == old and place.names() == ["report"],
                   f"{writer}: no room for more than {limit} of {len(whole)} bytes: the older report stays",
                   result.status, result.error, place.names())
            if len(whole) < 100:
                break


def check_another(tap, place):
    """A report that cannot be written beside one that can."""
    for name, other in (("in a folder that is not there", place.report.parent / "none" / "x"),
                        ("that is a folder", place.report.parent)):
        for command in ("check", "coverage"):
            old = place.old("check, json")
            result = place.command.run(command, "--no-config", f"--output=json:{place.report}",
                                       f"--output=json:{other}", str(place.trace))
            tap.ok(result.status == STATUS_FAILED and f"{other}: " in result.error and place.report.read_bytes() == old
                   and place.names() == ["report"], f"{command}: and a second report {name}: the older one stays",
                   result.error, place.names())
    result = place.command.run("coverage", "--no-config", f"--output=json:{place.report}",
                               f"--output=text:{place.report.parent}/./report", str(place.trace))
    tap.ok(result.status == STATUS_FAILED and "two reports" in result.error and place.report.read_bytes() == old,
           "coverage: two reports cannot be written to the same file", result)


def check_unread(tap, place):
    """Nobody reads standard output to its end: that concerns no file."""
    for form in FORMATS:
        whole = place.new(f"check, {form}")
        place.old(f"check, {form}")
        with subprocess.Popen([*place.command.words, *place.arguments(f"check, {form}")], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            process.stdout.readline()
            process.stdout.close()
            error = process.stderr.read()
            status = process.wait(TIMEOUT)
        tap.ok(status == STATUS_FINDINGS and not error and place.names() == ["report"],
               f"{form}: standard output is closed after a line: the run goes on in silence", status, error)
        tap.ok(place.report.read_bytes() == whole, f"{form}: and its report is whole")


def begun(command, arguments, trace, **options):
    """A run that has begun to write, and waits for more of its trace on standard input."""
    process = subprocess.Popen([*command.words, *arguments], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, **options)
    process.stdin.write(trace)
    process.stdin.flush()
    time.sleep(0.1)
    return process


def hear_signals():
    """Lets programs be ended by signals that this one ignores, as under nohup or in the background of a shell."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


def check_signals(tap, place):
    """A run that is interrupted ends by that signal; the older report stays, and nothing is beside it."""
    trace = many(3000).encode()
    for writer in ("check, json", "check, html", "coverage", "diagram of a trace", "baseline"):
        arguments = [word.replace(str(place.trace), "-") for word in place.arguments(writer)]
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, *HARD):
            old = place.old(writer)
            process = begun(place.command, arguments, trace)
            process.send_signal(number)
            process.communicate(timeout=TIMEOUT)
            tap.ok(process.returncode == -number and place.report.read_bytes() == old and place.names() == ["report"],
                   f"{writer}: {number.name}: the older report stays", process.returncode, place.names())


def check_kills(tap, place, count):
    """Runs that are killed at random moments leave the old report or the new one."""
    for writer in ("check, json", "baseline"):
        whole = place.new(writer)
        old = place.old(writer)
        began = time.monotonic()
        place.command.run(*place.arguments(writer))
        seconds = time.monotonic() - began
        wrong = replaced = left = left_hard = 0
        for _ in range(count):
            place.old(writer)
            process = subprocess.Popen([*place.command.words, *place.arguments(writer)], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            time.sleep(random.random() * seconds * 1.2)
            number = random.choice((signal.SIGTERM, signal.SIGINT, *HARD, *HARD))
            process.send_signal(number)
            process.wait()
            data = place.report.read_bytes()
            wrong += data not in (old, whole)
            replaced += data == whole
            for name in set(place.names()) - {"report"}:
                (place.report.parent / name).unlink()
                left += number not in HARD
                left_hard += number in HARD
        print(f"# {writer}: {count} runs killed, {replaced} had written the report, {left_hard} left another file")
        # nothing can be done about a SIGKILL between the two calls that give the file a name and move it
        tap.ok(wrong == 0 and left == 0 and left_hard <= 1 + count // 50,
               f"{writer}: killed at random, {count} times: the old report or the new one",
               f"{wrong} were neither, {left} left another file, and {left_hard} that nobody could clean up")


def check_rights(tap, place):
    """Rights, owners and links of the report that is replaced are kept."""
    for writer in ("check, json", "coverage", "diagram", "witness", "baseline"):
        whole = place.new(writer)
        place.old(writer)
        place.report.chmod(0o640)
        place.command.run(*place.arguments(writer))
        tap.same((stat.S_IMODE(place.report.stat().st_mode), place.report.read_bytes()), (0o640, whole),
                 f"{writer}: rights stay")
        other = place.report.parent.parent / "elsewhere"
        place.old(writer)
        place.report.rename(other)
        place.report.symlink_to("../elsewhere")
        place.command.run(*place.arguments(writer))
        tap.ok(place.report.is_symlink() and other.read_bytes() == whole, f"{writer}: a link stays, the file behind it is "
               "replaced")
        other.unlink()
        place.command.run(*place.arguments(writer))
        tap.ok(place.report.is_symlink() and other.exists() and other.read_bytes() == whole,
               f"{writer}: a link to nothing yet: the file is made where it leads")
        place.report.unlink()
        other.unlink()
        place.report.symlink_to("report")
        result = place.command.run(*place.arguments(writer))
        tap.ok(result.status == STATUS_FAILED and "symbolic links" in result.error, f"{writer}: a link to itself", result)
        place.report.unlink()
        old = os.umask(0o027)
        place.command.run(*place.arguments(writer))
        os.umask(old)
        tap.same(stat.S_IMODE(place.report.stat().st_mode), 0o640, f"{writer}: a new report has the rights of any other")


def as_nobody():
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def check_folder(tap, place):
    """Where the folder takes no new file, a report that may be written is written in place; others are not."""
    if os.getuid() != 0:
        tap.skip("a folder that takes no file", "it needs root to become somebody else")
        return
    writer = "check, json"
    whole = place.new(writer)
    arguments = [*place.arguments(writer)]
    os.chmod(place.report.parent.parent, 0o755)
    for mode, expected, text in ((0o666, STATUS_FINDINGS, whole), (0o644, STATUS_FAILED, OLD)):
        old = place.old(writer)
        place.report.chmod(mode)
        result = place.command.run(*arguments, preexec_fn=as_nobody, restore_signals=True)
        tap.ok(result.status == expected and place.report.read_bytes() == text and old == OLD
               and place.names() == ["report"], f"a folder that takes no file, a report with rights {mode:o}",
               result.status, result.error)


def check_through(tap, place):
    """What is no regular file is written through."""
    writer = "check, json"
    whole = place.new(writer)
    place.report.unlink()
    os.mkfifo(place.report)
    got = []
    reader = threading.Thread(target=lambda: got.append(place.report.read_bytes()))
    reader.start()
    result = place.command.run(*place.arguments(writer))
    reader.join(TIMEOUT)
    tap.ok(result.status == STATUS_FINDINGS and got == [whole] and stat.S_ISFIFO(place.report.stat().st_mode),
           "a FIFO is written through, and stays", result.error)
    place.report.unlink()
    result = place.command.run("check", "-q", "--no-config", "--output=json:/dev/null", str(place.trace))
    tap.ok(result.status == STATUS_FINDINGS and stat.S_ISCHR(os.stat("/dev/null").st_mode), "and so is /dev/null")
    read, write = os.pipe()
    piped = place.command.run("check", "-q", "--no-config", f"--output=json:/dev/fd/{write}", "-",
                              input=many(1).encode(), pass_fds=(write,))
    os.close(write)
    with open(read, "rb") as file:
        tap.ok(piped.status == STATUS_FINDINGS and b'"summary"' in file.read(), "and the pipe of a shell's >(...)")
    with open(place.report, "wb") as file:
        subprocess.run([*place.command.words, "check", "-q", "--no-config", "--output=json:/dev/fd/2",
                        str(place.trace)], stdout=subprocess.DEVNULL, stderr=file, check=False)
    tap.same(place.report.read_bytes(), whole, "and the file that standard error goes to")
    with open(place.report, "wb") as file:
        done = subprocess.run([*place.command.words, *place.arguments(writer)], stdout=file, stderr=subprocess.PIPE,
                              check=False)
    tap.ok(done.returncode == STATUS_FAILED and b"two reports cannot be written to the same file" in done.stderr,
           "a report where standard output goes already: refused", done.stderr)


def check_at_once(tap, place, folder):
    """Runs that write one report, or one baseline, at the same time."""
    whole = place.new("check, json")
    place.old("check, json")
    runs = [subprocess.Popen([*place.command.words, *place.arguments("check, json")], stdout=subprocess.DEVNULL)
            for _ in range(6)]
    statuses = {run.wait(TIMEOUT) for run in runs}
    tap.ok(statuses == {STATUS_FINDINGS} and place.report.read_bytes() == whole and place.names() == ["report"],
           "six runs write one report: it is whole", statuses)
    for exists in (False, True):
        place.report.unlink(missing_ok=True)
        if exists:
            place.report.write_bytes(EMPTY)
        logs = [folder.file(f"{number}.trace", many(40)) for number in range(12)]
        runs = [subprocess.Popen([*place.command.words, "baseline", "write", "-q", "--no-config", "--reason=x",
                                  f"--baseline={place.report}", str(log)], stderr=subprocess.PIPE) for log in logs]
        errors = [run.communicate(timeout=TIMEOUT)[1] for run in runs]
        entries = json.loads(place.report.read_text(encoding="utf-8"))["entries"]
        tap.ok({run.returncode for run in runs} == {STATUS_CLEAN} and len(entries) == 12 * 40
               and place.names() == ["report"],
               f"twelve runs add to a baseline that is {'there' if exists else 'new'}: none of its entries is lost",
               [run.returncode for run in runs], len(entries), place.names(), *errors)


def main():
    # JUnit's report says when it was
    os.environ["SOURCE_DATE_EPOCH"] = "1795521600"
    if PRELOADED:
        os.environ["LD_PRELOAD"] = os.path.abspath(sys.argv[3])
    tap = Tap()
    command = Command(sys.argv[1], tap)
    if command.for_windows or resource is None:
        tap.skip("files that are whole", "the test needs POSIX; conformance/windows/ has its own")
        return tap.done()
    hear_signals()
    for check in (check_full, check_another, check_unread, check_signals, check_rights, check_folder, check_through):
        with Folder() as folder:
            check(tap, Place(command, folder))
    with Folder() as folder:
        check_kills(tap, Place(command, folder), int(sys.argv[2]))
    with Folder() as folder:
        check_at_once(tap, Place(command, folder), folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
