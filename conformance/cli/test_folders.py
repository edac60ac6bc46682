#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""In a folder every file is looked at for what it holds. What is no log is counted and named, and makes the run fail if
it has records by their tag. The program's own reports are left alone. Argument: the command. Prints TAP.
"""

import os
import subprocess
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS, Command
from shared.folder import Folder
from shared.tap import Tap

LIFE = "session=1 event=Created\nsession=1 event=Connected\nsession=1 event=Terminated\n"
BROKEN = "session=1 event=Created\nsession=1 event=Logon\nsession=1 event=Terminated\n"
TAG = "sessionlint:"
TAGGED = "".join(f"flt: {TAG} {line}\n" for line in BROKEN.splitlines())
NDJSON = '{"session":1,"event":"Logon"}\n'
CSV = "Session,Event\n1,Logon\n"
XML = '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System/></Event>\n' * 3
STEP = 1 << 20  # as much of a file is searched at once


def passed(result):
    """What is said of files that were passed over."""
    return [line for line in result.error.splitlines() if "file that is not a log: " in line or "files that are not logs: " in line]


def check_content(tap, command):
    """Logs are found whatever they are called."""
    with Folder() as folder:
        logs = {"a.log": TAGGED, "b.txt": BROKEN, "c": NDJSON, "d.bak": CSV, "e.md": "Start.\n" + BROKEN,
                "f.json": NDJSON, "g.TRACE": BROKEN, "h.evtx.old": BROKEN, "sub/x.log": "\ufeff" + BROKEN,
                "z.dat": b"\xff\xfe" + BROKEN.encode("utf-16-le")}
        for name, content in logs.items():
            folder.file(f"logs/{name}", content)
        result = command.run("check", "--format=json", "--rule=unfinished=off", "logs", cwd=folder.path)
        found = []
        for finding in result.findings:
            found += [finding["file"]] if finding["file"] not in found else []
        tap.same(found, sorted(f"logs/{name}" for name in logs), "each log is read, by name")
        tap.same((result.status, result.summary["files"], passed(result)), (STATUS_FAILED, len(logs), []),
                 "none of them is passed over, and what is bad in one is said")


def check_passed(tap, command):
    """What is passed over is counted and named."""
    others = {"notes.txt": "prose\n", "picture.png": b"\x89PNG\r\n\x1a\n\0\0", "log.evtx.gz": b"\x1f\x8b\x08\0abc", "empty": "",
              "sub/x.json": '{"a":1}\n', "sub/y.sh": "#!/bin/sh\nset -e\n"}
    with Folder() as folder:
        folder.file("logs/good.trace", LIFE)
        for count, (name, content) in enumerate(others.items(), 1):
            folder.file(f"logs/{name}", content)
            result = command.run("check", "logs", cwd=folder.path)
            what = "1 file that is not a log" if count == 1 else f"{count} files that are not logs"
            said = passed(result)
            names = sorted(list(others)[:count])
            tap.ok(result.status == STATUS_CLEAN and said == [
                f"sessionlint: logs: skipped {what}: {', '.join(names[:5])}" + (f" and {count - 5} more" if count > 5 else "")],
                   f"{count} of them", result)
        for number in range(37):
            folder.file(f"logs/zz{number}", "prose\n")
        tap.ok(passed(command.run("check", "-q", "logs", cwd=folder.path))[0].endswith("notes.txt, picture.png, sub/x.json and 38 more"),
               "the first are named, the others counted, also with --quiet")
        (folder.path / "logs/good.trace").unlink()
        result = command.run("check", "logs", cwd=folder.path)
        tap.ok(result.status == STATUS_FAILED and "logs: no logs in this folder" in result.error and passed(result),
               "a folder without a log: status 2, and what it holds instead", result)
        for arguments in (["coverage"], ["diagram", "--trace"], ["baseline", "write", "--reason=x", "--baseline=b"]):
            folder.file("logs/good.trace", LIFE)
            result = command.run(*arguments, "logs", cwd=folder.path)
            tap.ok(result.status == STATUS_CLEAN and passed(result), f"{arguments[0]} says so too", result)


def check_odd(tap, command):
    """What is hidden is not looked at, what is no file is not opened, and both can be told from the output."""
    with Folder() as folder:
        folder.file("logs/good.trace", LIFE)
        for name in (".git/objects/x.trace", ".venv/y.log", ".hidden", ".notes.txt"):
            folder.file(f"logs/{name}", BROKEN)
        result = command.run("check", "logs", cwd=folder.path)
        tap.ok(result.status == STATUS_CLEAN and not passed(result), "hidden files and folders are not looked at", result)
        folder.file("logs/.own.trace", BROKEN)
        result = command.run("check", "-q", "logs", cwd=folder.path)
        tap.ok(result.status == STATUS_FINDINGS and ".own.trace:2:" in result.text, "a hidden file that is called a log is read",
               result)
        (folder.path / "logs/.own.trace").unlink()
        if not command.for_windows:
            os.mkfifo(folder.path / "logs/pipe")
            os.mkfifo(folder.path / "logs/pipe.trace")
            result = command.run("check", "logs", cwd=folder.path, timeout=5)
            tap.ok(result.status == STATUS_CLEAN and passed(result) == [
                "sessionlint: logs: skipped 2 files that are not logs: pipe, pipe.trace"], "pipes are named, and not opened",
                   result)
        if os.geteuid() != 0:
            path = folder.file("logs/secret", "x")
            path.chmod(0)
            result = command.run("check", "-q", "logs", cwd=folder.path)
            tap.ok(result.status == STATUS_FAILED and "logs/secret: Permission denied" in result.error,
                   "what may not be looked at: status 2", result)


def check_called(tap, command):
    """A file that is called a log is meant to be one."""
    for name, content, word in (("a.trace", "prose\n", "not a session trace"), ("a.evtx", bytes(9000), "not a session trace"),
                                ("a.csv", "name,size\na,1\n", "table"), ("a.jsonl", '{"a":1}\n', "JSON"),
                                ("a.NDJSON", "", "no records; there is nothing to check"), ("a.logfmt", "\n", "no records; there is nothing to check")):
        with Folder() as folder:
            folder.file("good.trace", LIFE)
            folder.file(name, content)
            result = command.run("check", "-q", ".", cwd=folder.path)
            tap.ok(result.status == STATUS_FAILED and f"./{name}: " in result.error and word in result.error and not passed(result),
                   f"{name} that is no log: status 2", result)
    for name, content in (("wevtutil.xml", XML), ("a.json", "[" + NDJSON.strip() + "]\n"), ("a.txt", "Id,ProviderName,LogName\n1,a,b\n")):
        with Folder() as folder:
            folder.file("good.trace", LIFE)
            folder.file(name, content)
            result = command.run("check", "-q", ".", cwd=folder.path)
            tap.ok(result.status == STATUS_FAILED and f"./{name}: not a session trace, but " in result.error and "; " in result.error,
                   f"{name}, a log in a shape that is not read: status 2, and the way out", result)


def check_tags(tap, command):
    """A file with the tag anywhere is not passed over in silence."""
    prose = "this is prose, 16\n"
    texts = {"early": None, "late": prose * 1000 + TAGGED, "last bytes": prose * 1000 + TAG, "case": prose * 1000 + "SessionLint: x",
             "coloured": prose * 1000 + "\x1b[33msessionlint\x1b[0m: x", "in the middle": prose * 1000 + f'"{TAG}"' + prose * 1000,
             "UTF-16LE": bytes(9000) + TAG.encode("utf-16-le"), "UTF-16BE": bytes(9001) + TAG.encode("utf-16-be"),
             "binary": bytes(range(256)) * 99 + TAG.encode() + bytes(99), "zip": b"PK\3\4" + bytes(9000) + TAG.encode(),
             "split at a step": bytes(STEP - 5) + TAG.encode() + bytes(STEP), "split wide": bytes(STEP - 11) + TAG.encode("utf-16-le"),
             "far": bytes(3 * STEP + 77) + TAG.encode() + bytes(STEP)}
    for name, content in texts.items():
        with Folder() as folder:
            folder.file("logs/good.trace", BROKEN)
            folder.file("logs/other", content or "this is prose\n" * 10)
            result = command.run("check", "-q", "logs", cwd=folder.path)
            said = [line for line in result.error.splitlines() if line.startswith("sessionlint: logs/other: ")]
            tap.ok("good.trace:2:" in result.text and (result.status, len(said)) == (
                (STATUS_FAILED, 1) if content else (STATUS_FINDINGS, 0)), f"{name}: {len(said)} complaint", result)
    with Folder() as folder:
        path = folder.file("logs/late", prose * 1000 + TAGGED)
        result = command.run("check", "-q", str(path))
        tap.ok(result.status == STATUS_FINDINGS and "late:1002:" in result.text, "a text that is named is read however late its tag is",
               result)
        # letter for letter across the edge of a step
        problems = []
        for before in command.sampled(range(STEP - 26, STEP + 3)):
            for codec in ("ascii", "utf-16-le", "utf-16-be"):
                folder.file("logs/late", bytes(before) + TAG.encode(codec) + bytes(9))
                if command.run("check", "logs", cwd=folder.path).status != STATUS_FAILED:
                    problems.append(f"{before} bytes, {codec}")
        tap.ok(not problems, "at each place across the edge of a step", *problems)
        folder.file("logs/late", bytes(2 * STEP) + b"sessionlint" + bytes(2 * STEP) + b": essionlint: session lint:")
        folder.file("logs/good.trace", LIFE)
        tap.same(command.run("check", "-q", "logs", cwd=folder.path).status, STATUS_CLEAN, "what is no tag is none")


def check_huge(tap, command):
    """A file of many gigabytes costs little."""
    with Folder() as folder:
        folder.file("logs/good.trace", LIFE)
        with open(folder.path / "logs/disk.img", "wb") as file:
            file.write(b"\0\1\2")
            file.truncate(4 << 30)
            if os.fstat(file.fileno()).st_blocks > 1 << 16:
                tap.skip("4 GiB of zeros", "the file system has no holes")
                return
        result = command.run("check", "logs", cwd=folder.path, timeout=120)
        tap.ok(result.status == STATUS_CLEAN and "disk.img" in result.error, "4 GiB of zeros are passed over", result)


def check_reports(tap, command):
    """The program's own reports are no logs, and not worth a word."""
    with Folder() as folder:
        folder.file("a.trace", BROKEN)
        first = command.run("check", "-q", "--format=json", ".", cwd=folder.path)
        forms = {"json": "json", "sarif": "sarif", "junit": "xml", "gitlab": "quality.json", "html": "html", "csv": "table",
                 "markdown": "md"}
        outputs = [f"--output={form}:report.{ending}" for form, ending in forms.items()]
        written = command.run("check", "-q", "--format=json", *outputs, ".", cwd=folder.path)
        tap.same((written.findings, written.status, passed(written)), (first.findings, first.status, []),
                 "reports that are written into the folder are not read")
        for arguments in (["coverage", "--output=json:ledger"], ["baseline", "write", "--reason=x", "--baseline=known"],
                          ["diagram", "--output=a.svg", "--trace"]):
            result = command.run(*arguments, "a.trace", cwd=folder.path)
            tap.ok(result.status == STATUS_CLEAN, f"{arguments[0]} writes there too", result)
        again = command.run("check", "-q", "--format=json", *outputs, ".", cwd=folder.path)
        tap.same((again.findings, again.status, passed(again)), (first.findings, first.status, []),
                 "nor in the next run, in which they are written again")
        folder.file("sub/b.log", TAGGED)
        kept = command.run("check", "-q", "--output=json:sub/b.log", ".", cwd=folder.path)
        tap.ok(kept.status == STATUS_FAILED and "would overwrite" in kept.error and (folder.path / "sub/b.log").read_text() == TAGGED,
               "a report does not overwrite a log, whatever that is called", kept)
        if not command.wine:
            for name, stream in (("out", "stdout"), ("error.txt", "stderr")):
                with open(folder.path / name, "wb") as file:
                    done = subprocess.run([*command.words, "check", "-q", "--format=json", "."], cwd=folder.path, check=False, timeout=30,
                                          **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: file})
                tap.ok(done.returncode == STATUS_FINDINGS and not done.stderr, f"what {stream} writes into the folder is not read",
                       done.stderr)
                (folder.path / name).unlink()


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    for check in (check_content, check_passed, check_odd, check_called, check_tags, check_huge, check_reports):
        check(tap, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
