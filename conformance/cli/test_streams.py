#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The standard streams: what is read is never written, in any command, and a closed stream is nobody else's file.

Argument: the command. Prints TAP.
"""

import json
import os
import subprocess
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS, TIMEOUT, Command
from shared.folder import Folder
from shared.pages import without_run
from shared.tap import Tap

TRACE = "session=1 event=Created\nsession=1 event=Logon\n"
FORMATS = ("text", "json", "sarif", "junit", "gitlab", "github", "azure", "markdown", "csv", "html", "perfetto")


def from_file(command, path, *arguments, **options):
    """Runs the command with standard input from the file."""
    with open(path, "rb") as file:
        return command.run(*arguments, stdin=file, **options)


def check_overwritten(tap, command, folder):
    """A report, a diagram, a ledger or a baseline never overwrites what is read from standard input."""
    trace = folder.file("victim.trace", TRACE)
    link = folder.path / "link"
    link.symlink_to(trace)
    hard = folder.path / "hard"
    os.link(trace, hard)
    for path in (trace, link, hard):
        for arguments in (*(("check", f"--output={form}:{path}", "-") for form in FORMATS),
                          ("coverage", f"--output=json:{path}", "-"),
                          ("diagram", "--trace=-", f"--output={path}"),
                          ("baseline", "write", "--reason=x", f"--baseline={path}", "-"),
                          ("baseline", "prune", f"--baseline={path}", "-")):
            result = from_file(command, trace, arguments[0], "--no-config", *arguments[1:])
            tap.ok(result.status == STATUS_FAILED and path.name in result.error
                   and trace.read_text(encoding="utf-8") == TRACE,
                   f"{' '.join(arguments)}: standard input is not overwritten by its name {path.name}", result)
    result = from_file(command, trace, "check", "-q", "--no-config", f"--output=json:{folder.path}/new", "-")
    tap.ok(result.status == STATUS_FINDINGS, "another file beside it is written", result)


def check_endless(tap, command, folder):
    """Standard input is the file that standard output goes to: it would be read as fast as it is written."""
    path = folder.file("both.trace", TRACE)
    with open(path, "rb") as source, open(path, "ab") as target:
        done = subprocess.run([*command.words, "check", "-q", "--no-config", "-"], stdin=source, stdout=target,
                              stderr=subprocess.PIPE, timeout=TIMEOUT, check=False)
    tap.ok(done.returncode == STATUS_FAILED and b"standard output goes to this file" in done.stderr
           and path.read_text(encoding="utf-8") == TRACE, "check - <x >>x is refused", done.stderr)


def without(*descriptors):
    """Closes descriptors before the command starts, as >&- does in a shell."""
    return {"preexec_fn": lambda: [os.close(descriptor) for descriptor in descriptors], "close_fds": False}


def check_closed(tap, command, folder):
    """A closed standard stream does not become the next file that is opened."""
    trace = folder.file("a.trace", TRACE)
    for form in FORMATS:
        path = folder.path / f"report.{form}"
        command.run("check", "-q", "--no-config", f"--output={form}:{path}", str(trace))
        whole = without_run(path.read_bytes())
        for closed in ((1,), (2,), (1, 2), (0, 1, 2)):
            path.unlink()
            result = command.run("check", "--no-config", f"--output={form}:{path}", str(trace), **without(*closed))
            tap.same(without_run(path.read_bytes()), whole, f"{form}: closed {closed}: the report in a file is what it was")
            tap.ok(result.status == (STATUS_FAILED if 1 in closed else STATUS_FINDINGS),
                   f"{form}: closed {closed}: it fails only if the findings have nowhere to go", result)
    path = folder.path / "ledger.json"
    result = command.run("coverage", "--no-config", f"--output=json:{path}", str(trace), **without(1, 2))
    tap.ok(json.loads(path.read_text(encoding="utf-8")) and result.status == STATUS_FAILED,
           "coverage: the ledger is JSON and nothing else", result)
    path = folder.path / "baseline.json"
    result = command.run("baseline", "write", "--no-config", "--reason=x", f"--baseline={path}", str(trace),
                         **without(1, 2))
    tap.ok(len(json.loads(path.read_text(encoding="utf-8"))["entries"]) == 1 and result.status == STATUS_CLEAN,
           "baseline write needs no standard stream", result)
    result = command.run("check", "-q", "--no-config", "-", **without(0))
    tap.ok(result.status == STATUS_FAILED and "<stdin>: " in result.error, "no standard input to read: status 2", result)
    clean = folder.file("clean.trace", TRACE.replace("Logon", "Terminated"))
    result = command.run("check", "-q", "--no-config", str(clean), **without(0, 1, 2))
    tap.ok(result.status == STATUS_CLEAN, "nothing to say: no stream is needed", result)


def main():
    # JUnit's report says when it was
    os.environ["SOURCE_DATE_EPOCH"] = "1795521600"
    tap = Tap()
    command = Command(sys.argv[1], tap)
    if command.for_windows:
        tap.skip("the standard streams", "Wine does not know which files it inherits from another system")
        return tap.done()
    for check in (check_overwritten, check_endless, check_closed):
        with Folder() as folder:
            check(tap, command, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
