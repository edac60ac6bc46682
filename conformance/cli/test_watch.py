#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check --watch: it checks again when a file changes, and only then; Ctrl-C ends it with the last status.

Argument: the command. Prints TAP.
"""

import json
import os
import queue
import signal
import subprocess
import sys
import threading

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS, TIMEOUT, Command
from shared.folder import Folder
from shared.tap import Tap

LEGAL = "session=1 event=Created\nsession=1 event=Connected\nsession=1 event=Terminated\n"
BROKEN = "session=1 event=Created\nsession=1 event=Logon\nsession=1 event=Terminated\n"
ILLEGAL = b"illegal-transition"
# How long a run may take where the machine is busy.
PATIENCE = 3 * TIMEOUT


class Watch:
    """A run of check --watch. Its lines come as they are written."""

    def __init__(self, command, folder, *arguments, out=None):
        self.lines, self.seen = queue.Queue(), []
        # both streams in one pipe: what is written first comes first
        self.process = subprocess.Popen([*command.words, "check", "--watch", *arguments], cwd=folder.path,
                                        stdin=subprocess.DEVNULL, stdout=out or subprocess.PIPE,
                                        stderr=subprocess.PIPE if out else subprocess.STDOUT)
        self.stream = self.process.stderr if out else self.process.stdout
        threading.Thread(target=self.read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def read(self):
        for line in self.stream:
            self.lines.put(line)

    def waiting(self):
        """What a run wrote, until it waits for the next change; None: it does not."""
        got = []
        while not got or b": watching; Ctrl-C ends" not in got[-1]:
            try:
                got.append(self.lines.get(timeout=PATIENCE))
            except queue.Empty:
                return None
            self.seen.append(got[-1])
        return b"".join(got)

    def changed(self):
        """The files that the lines so far say have changed."""
        return [line.split(b": ", 2)[2].rsplit(b" changed", 1)[0].decode() for line in self.seen
                if line.startswith(b"sessionlint: 2") and line.rstrip().endswith(b" changed")]

    def interrupt(self):
        """Its status after Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


def can_interrupt(command):
    return not command.for_windows and not command.emulated


def check_file(tap, command, folder):
    """A file is broken, and mended; each time the whole is reported once more."""
    for contents, last in (((LEGAL, BROKEN), STATUS_FINDINGS), ((BROKEN, LEGAL), STATUS_CLEAN)):
        trace = folder.file("x.trace", contents[0])
        with Watch(command, folder, "x.trace") as watch:
            first = watch.waiting()
            tap.ok(first is not None and (ILLEGAL in first) == (contents[0] == BROKEN) and b"checked:" in first,
                   "it checks at once", first)
            trace.write_text(contents[1], encoding="utf-8")
            second = watch.waiting()
            tap.ok(second is not None and (ILLEGAL in second) == (contents[1] == BROKEN) and watch.changed() == ["x.trace"],
                   "and again after a change", second)
            if can_interrupt(command):
                tap.same(watch.interrupt(), last, "Ctrl-C ends it with the last status")
            else:
                tap.skip("Ctrl-C ends it with the last status", "a signal does not reach a program in Wine or an emulator")


def check_folder(tap, command, folder):
    """In a folder also a new file and one that goes count; what the run writes itself does not."""
    trace = folder.file("logs/z.trace", LEGAL)
    report = folder.path / "logs" / "a.json"
    # Wine does not know which files it inherits from another system
    with open(folder.path / "logs" / "b.txt", "wb") as out, \
            Watch(command, folder, "--output=json:logs/a.json", "logs", out=None if command.wine else out) as watch:
        first = watch.waiting()
        tap.ok(first is not None and report.exists(), "a report in the folder itself is written", first)
        more = folder.file("logs/sub/y.trace", BROKEN)
        second = watch.waiting()
        rules = [json.loads(line).get("rule") for line in report.read_text(encoding="utf-8").splitlines()]
        tap.ok(second is not None and "session/illegal-transition" in rules, "a new file is checked, the report rewritten",
               second, rules)
        more.unlink()
        third = watch.waiting()
        rules = [json.loads(line).get("rule") for line in report.read_text(encoding="utf-8").splitlines()]
        tap.ok(third is not None and rules == [None], "a file that goes has no findings any more", third, rules)
        trace.write_text(BROKEN, encoding="utf-8")
        tap.ok(watch.waiting() is not None, "a file in it changes", watch.seen)
        shown = [name.replace("\\", "/") for name in watch.changed()]
        tap.same(shown, ["logs/sub/y.trace", "logs/sub/y.trace", "logs/z.trace"], "what the run writes is no change")


def check_missing(tap, command, folder):
    """A file that is not there yet is waited for."""
    with Watch(command, folder, "later.trace") as watch:
        first = watch.waiting()
        tap.ok(first is not None and b"later.trace: No such file" in first, "a missing file is reported", first)
        folder.file("later.trace", LEGAL)
        second = watch.waiting()
        tap.ok(second is not None and b"1 conforming" in second and watch.changed() == ["later.trace"], "and then checked",
               second)


def check_settings(tap, command, folder):
    """The configuration and the baseline of the run are watched too, and read again."""
    folder.file("x.trace", BROKEN)
    configuration = folder.file(".sessionlint", "fail-on = never\n")
    with Watch(command, folder, "x.trace") as watch:
        watch.waiting()
        configuration.write_text("nonsense\n", encoding="utf-8")
        broken = watch.waiting()
        tap.ok(broken is not None and b".sessionlint:1: " in broken, "an error in the configuration does not end it", broken)
        configuration.write_text("rule = illegal-transition=off\n", encoding="utf-8")
        mended = watch.waiting()
        tap.ok(mended is not None and ILLEGAL not in mended and b"checked:" in mended, "it is mended", mended)
    configuration.unlink()
    command.run("baseline", "write", "--reason=x", "--baseline=b.json", "x.trace", cwd=folder.path)
    with Watch(command, folder, "--baseline=b.json", "x.trace") as watch:
        first = watch.waiting()
        tap.ok(first is not None and b"1 suppressed" in first, "the baseline counts", first)
        folder.file("b.json", '{"baseline":"sessionlint","version":1,"entries":[]}')
        second = watch.waiting()
        tap.ok(second is not None and b"suppressed" not in second and ILLEGAL in second, "and is read again", second)


def check_refused(tap, command, folder):
    """What cannot be watched, or read twice."""
    folder.file("x.trace", LEGAL)
    for arguments, complaint in ((["-"], "--watch needs files and folders, not '-'"),
                                 (["x.trace", "-"], "--watch needs files and folders, not '-'"),
                                 (["--format=jsn", "x.trace"], "unknown format 'jsn'"), ([], "missing file")):
        result = command.run("check", "--watch", *arguments, cwd=folder.path)
        tap.ok(result.status == STATUS_FAILED and complaint in result.error and "watching" not in result.error,
               f"{arguments}: refused", result)
    if command.for_windows:
        tap.skip("a pipe is refused", "it needs POSIX")
        return
    os.mkfifo(folder.path / "pipe")
    result = command.run("check", "--watch", "pipe", cwd=folder.path)
    tap.ok(result.status == STATUS_FAILED and "not 'pipe'" in result.error, "a pipe is refused", result)


def check_unread(tap, command, folder):
    """Nobody reads the findings any more: then nobody waits for more."""
    if command.for_windows:
        tap.skip("it ends when nobody reads", "it needs POSIX")
        return
    folder.file("x.trace", LEGAL)
    reading, writing = os.pipe()
    with open(writing, "wb") as out, Watch(command, folder, "x.trace", out=out) as watch:
        out.close()
        tap.ok(watch.waiting() is not None and watch.process.poll() is None, "it runs while somebody reads")
        os.close(reading)
        tap.ok(watch.process.wait(PATIENCE) is not None, "it ends when nobody reads")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    for check in (check_file, check_folder, check_missing, check_settings, check_refused, check_unread):
        with Folder() as folder:
            check(tap, command, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
