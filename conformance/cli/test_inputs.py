#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the command is given to check: files, folders, standard input, encodings, limits, several logs in
one run, and bytes that arrive in pieces. Arguments: the command, trace_to_evtx. Prints TAP.
"""

import array
import fcntl
import os
import socket
import subprocess
import sys
import termios
import time

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS, TIMEOUT, Command, Result, places
from shared.folder import Folder
from shared.tap import Tap

LIFE = "session=1 event=Created\nsession=1 event=Connected\nsession=1 event=Terminated\n"
BROKEN = "session=1 event=Created\nsession=1 event=Logon\nsession=1 event=Terminated\n"
ILLEGAL = "session/illegal-transition"
MALFORMED = "trace/malformed"
MIB = 1 << 20


def check_nothing(tap, command, folder):
    """What holds nothing to check is status 2 and told, never clean."""
    for name, content, complaint in (
            ("empty.trace", "", "no records; there is nothing to check"),
            ("comments.trace", "# nothing\n\n   \n# but this\n", "no records; there is nothing to check"),
            ("blank.ndjson", "\n\n", "no records; there is nothing to check"),
            ("mark.trace", b"\xef\xbb\xbf", "no records; there is nothing to check"),
            ("binary.trace", bytes(range(256)) * 20, "not a session trace"),
            ("zero.evtx", bytes(70000), "not a session trace"),
            ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not a session trace")):
        path = folder.file(name, content)
        result = command.run("check", "--format=json", str(path))
        tap.ok(result.status == STATUS_FAILED and complaint in result.error and name in result.error
               and not result.findings, f"{name}: {complaint}, status 2", result)
        piped = command.check(path.read_bytes())
        tap.ok(piped.status == STATUS_FAILED and complaint in piped.error and "<stdin>" in piped.error,
               f"{name} on standard input: {complaint}, status 2", piped)
    for name in ("missing.trace", "missing/x.trace", ""):
        result = command.run("check", str(folder.path / name) if name else "")
        tap.ok(result.status == STATUS_FAILED and not result.out
               and "No such file" in result.error, f"'{name}' is not there: status 2", result)


def check_unreadable(tap, command, folder):
    """A file that may not be read; the superuser gives up the right to for the test."""
    path = folder.file("secret.trace", LIFE)
    if command.wine and os.geteuid() == 0:
        tap.skip("a file that may not be read", "Wine runs for the owner of its folder only")
        return
    path.chmod(0)
    folder.path.chmod(0o755)
    user = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    try:
        subprocess.run([*command.words, "--version"], check=True, stdout=subprocess.DEVNULL, **user)
    except (OSError, subprocess.CalledProcessError):
        tap.skip("a file that may not be read", "another user cannot run the command")
        return
    for what in (path, folder.path):
        result = command.run("check", str(what), **user)
        tap.ok(result.status == STATUS_FAILED and "secret.trace: Permission denied" in result.error,
               f"a file that may not be read{' in a folder' if what != path else ''}: status 2", result)
    path.unlink()


def check_folders(tap, command, folder):
    top = folder.path / "logs"
    (top / "none").mkdir(parents=True)
    result = command.run("check", str(top))
    tap.ok(result.status == STATUS_FAILED and "no logs in this folder" in result.error,
           "a folder without logs: status 2", result)
    names = ["B.trace", "a.trace", "a/x.trace", "a/y/deep.NDJSON", "b.jsonl", "c.csv", "c.logfmt",
             "c.trace/d.trace"]
    ndjson = '{"session":1,"event":"Logon"}\n'
    for name in names:
        folder.file(f"logs/{name}", ndjson if "json" in name.lower() else "session=1 event=Logon\n")
    for name in ("notes.txt", "debug.log", "trace", "x.trace.bak", ".trace", "a/y/readme.md"):
        folder.file(f"logs/{name}", "this is no trace and is not looked at\n")
    result = command.run("check", "-q", "--format=json", "--rule=unfinished=off", "logs", cwd=folder.path)
    tap.same([finding["file"] for finding in result.findings],
             [f"logs/{name}" for name in
              ("B.trace", "a/x.trace", "a/y/deep.NDJSON", "a.trace", "b.jsonl", "c.csv", "c.logfmt",
               "c.trace/d.trace")],
             "a folder is walked with its folders, by name; what has no log's ending is left out")
    tap.same((result.status, result.summary["files"]), (STATUS_FINDINGS, 8), "each log in it is one file")
    for path in ("logs/", "./logs", "logs/a/.."):
        same = command.run("check", "-q", "--rule=unfinished=off", path, cwd=folder.path)
        tap.ok(same.status == STATUS_FINDINGS and len(same.text.splitlines()) == 4 * 8
               and f"{path.rstrip('/')}/B.trace:1:" in same.text, f"the folder as {path}", same)
    (top / "notes.txt").write_text(BROKEN)
    named = command.run("check", "-q", "logs/notes.txt", cwd=folder.path)
    tap.ok(named.status == STATUS_FINDINGS and "logs/notes.txt:2:" in named.text,
           "a file that is named is read whatever its ending", named)


def check_odd_entries(tap, command, folder):
    """What else can lie in a folder of logs."""
    folder.file("odd/good.trace", LIFE)
    (folder.path / "odd/link.trace").symlink_to("good.trace")
    if command.wine:
        tap.skip("links to a folder and to nowhere", "Wine shows a link as what it leads to")
    else:
        (folder.path / "odd/loop").symlink_to(".")
    result = command.run("check", "-q", "--format=json", "odd", cwd=folder.path)
    tap.ok(result.status == STATUS_CLEAN and result.summary["files"] == 2,
           "links: one to a file is read, one to a folder is not followed", result)
    if not command.wine:
        (folder.path / "odd/dangling.trace").symlink_to("nowhere")
        result = command.run("check", "-q", "odd", cwd=folder.path)
        tap.ok(result.status == STATUS_FAILED and "odd/dangling.trace: No such file" in result.error,
               "a link that leads nowhere: status 2, the rest is checked", result)
        (folder.path / "odd/dangling.trace").unlink()
    os.mkfifo(folder.path / "odd/pipe.trace")
    result = command.run("check", "-q", "odd", cwd=folder.path, timeout=5)
    tap.ok(result.status is not None, "a named pipe in a folder is not waited for", result)
    (folder.path / "odd/pipe.trace").unlink()
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(folder.path / "odd/socket.trace"))
        result = command.run("check", "-q", "odd", cwd=folder.path)
        tap.ok(result.status in (STATUS_CLEAN, STATUS_FAILED), "a socket in a folder", result)
    (folder.path / "odd/socket.trace").unlink()
    deep = "/".join(["d"] * 100)
    folder.file(f"odd/{deep}/deep.trace", BROKEN)
    result = command.run("check", "-q", "odd", cwd=folder.path)
    tap.ok(result.status == STATUS_FINDINGS or (result.status == STATUS_FAILED and "odd/d/d" in result.error),
           "a log 100 folders deep is checked or complained of, not passed over", result)


def check_named_pipe(tap, command):
    if command.for_windows:
        tap.skip("a pipe that is named, as <(...) in a shell", "Windows has no /dev/fd")
        return
    reading, writing = os.pipe()
    os.write(writing, BROKEN.encode())
    os.close(writing)
    result = command.run("check", "-q", f"/dev/fd/{reading}", pass_fds=[reading])
    os.close(reading)
    tap.ok(result.status == STATUS_FINDINGS and f"/dev/fd/{reading}:2:" in result.text,
           "a pipe that is named, as <(...) in a shell", result)


def check_dash(tap, command, folder):
    folder.file("dash/-/inner.trace", BROKEN)
    folder.file("dash/-x.trace", BROKEN)
    dash = folder.path / "dash"
    result = command.run("check", "-q", "-", input=LIFE.encode(), cwd=dash)
    tap.ok(result.status == STATUS_CLEAN, "- is standard input even where a folder is called so", result)
    result = command.run("check", "-q", "./-", cwd=dash)
    tap.ok(result.status == STATUS_FINDINGS and "./-/inner.trace:2:" in result.text, "./- is the folder",
           result)
    result = command.run("check", "-q", "--", "-x.trace", cwd=dash)
    tap.ok(result.status == STATUS_FINDINGS and "\n-x.trace:2:" in f"\n{result.text}",
           "-- lets a file begin with a dash", result)
    with open(dash / "-x.trace", "rb") as file:
        result = command.run("check", "-q", "--format=json", "-", stdin=file)
    tap.ok(places(result.findings, ILLEGAL) == [(2, ILLEGAL)] and result.findings[0]["file"] == "<stdin>",
           "a file as standard input", result)
    check_named_pipe(tap, command)
    descriptor = os.open(folder.path, os.O_RDONLY)
    result = command.run("check", "-q", "-", stdin=descriptor)
    os.close(descriptor)
    tap.ok(result.status == STATUS_FAILED and "a folder; name it" in result.error, "a folder as standard input",
           result)
    result = command.run("check", "-q", "-", preexec_fn=lambda: os.close(0))
    tap.ok(result.status == STATUS_FAILED and "<stdin>" in result.error, "no standard input at all", result)


def check_several(tap, command, folder):
    """Each file is a log of its own: the same ids in two of them do not meet."""
    first = folder.file("several/first.trace", "session=1 event=Created\n")
    second = folder.file("several/second.trace", "session=1 event=Connected\nsession=1 event=Terminated\n")
    both = command.run("check", "-q", "--format=json", str(first), str(second))
    apart = [command.run("check", "-q", "--format=json", str(path)).findings for path in (first, second)]
    tap.same(both.findings, apart[0] + apart[1], "two files say in one run what they say alone")
    tap.same(places(both.findings), [(1, "session/unfinished"), (1, ILLEGAL)],
             "session 1 of the one file is not session 1 of the other")
    tap.same((both.summary["files"], both.summary["sessions"]["incarnations"]), (2, 2), "both are counted")
    twice = command.run("check", "-q", "--format=json", str(first), str(first), "-", input=BROKEN.encode())
    tap.same([finding["file"] for finding in twice.findings], [str(first), str(first), "<stdin>"],
             "a file can be named twice, and - among files")
    gone = command.run("check", "-q", str(second), str(folder.path / "gone"), str(first))
    tap.ok(gone.status == STATUS_FAILED and ":1: error:" in gone.text and ":1: note:" in gone.text,
           "a missing file among others: the others are checked, 2 beats 1", gone)


def check_encodings(tap, command):
    text = BROKEN.replace("Logon", "Logon user=\"Zo\u00eb \u041c \U0001f600\"") + "session=2 event=Logn\n"
    plain = command.check(text)
    known = places(plain.findings)
    tap.ok((2, ILLEGAL) in known and (4, MALFORMED) in known, "the text for the encodings has findings", plain)
    for name, data in (
            ("UTF-8 with a byte order mark", b"\xef\xbb\xbf" + text.encode()),
            ("UTF-16LE with a byte order mark", b"\xff\xfe" + text.encode("utf-16-le")),
            ("UTF-16BE with a byte order mark", b"\xfe\xff" + text.encode("utf-16-be")),
            ("lines that end with CR LF", text.replace("\n", "\r\n").encode()),
            ("UTF-16LE and CR LF", b"\xff\xfe" + text.replace("\n", "\r\n").encode("utf-16-le")),
            ("a last line without its end", text[:-1].encode())):
        result = command.check(data)
        tap.same((places(result.findings), result.status), (known, STATUS_FAILED), name)
        byte = len("session=1 event=Created\n".encode("utf-16-le" if "16" in name else "utf-8"))
        start = 2 if "16" in name else 3 if "mark" in name else 0
        offset = start + byte + ("CR" in name) * (2 if "16" in name else 1)
        tap.same([f["offset"] for f in result.findings if f["line"] == 2], [offset], f"{name}: the offset")


def check_limits(tap, command, folder):
    """A line of 1 MiB is read, a longer one is not, wherever in the file it lies; 64 keys are read."""
    for before in (0, 1, 3, 100):
        head = ("#" + "-" * 2500 + "\n") * before + "session=2 event=Created\n"
        for size, readable in ((MIB, True), (MIB + 1, False), (MIB + 200_000, False), (3 * MIB, False)):
            line = "session=1 event=Created x-a="
            trace = f"{head}{line}{'a' * (size - len(line))}\nsession=2 event=Logon\n"
            path = folder.file("long.trace", trace)
            result = command.run("check", "-q", "--format=json", str(path))
            piped = command.check(trace)
            expected = [] if readable else [(before + 2, MALFORMED)]
            tap.ok(places(result.findings, MALFORMED) == expected == places(piped.findings, MALFORMED),
                   f"a line of 1 MiB{size - MIB:+} behind {len(head)} bytes is "
                   f"{'read' if readable else 'too long'}", result, piped)
    for count in (64, 65):
        names = [f"x-{number}" for number in range(count - 2)]
        for form, text in (
                ("logfmt", "session=1 event=Created " + " ".join(f"{name}=v" for name in names)),
                ("NDJSON", '{"session":1,"event":"Created",' + ",".join(f'"{name}":"v"' for name in names) + "}"),
                ("CSV", f"session,event,{','.join(names)}\n1,Created{',v' * len(names)}")):
            result = command.check(text + "\n")
            if count == 64:
                tap.same(places(result.findings, MALFORMED), [], f"{form}: 64 keys are read")
            else:
                tap.ok(places(result.findings) == [(1, MALFORMED)] and "64 keys" in result.findings[0]["message"],
                       f"{form}: 65 keys are too many", result)


def run_pieces(command, pieces):
    """Checks what arrives in pieces: each is read before the next is written."""
    with subprocess.Popen([*command.words, "check", "-q", "--format=json", "-"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0) as process:
        waiting = array.array("i", [0])
        for piece in pieces:
            process.stdin.write(piece)
            end = time.monotonic() + TIMEOUT
            waiting[0] = 1
            while waiting[0] and process.poll() is None and time.monotonic() < end:
                fcntl.ioctl(process.stdin, termios.FIONREAD, waiting)
            # it has taken the bytes; now it has to come back for more
            time.sleep(0.02)
        out, err = process.communicate(timeout=TIMEOUT)
    return Result(("pieces",), process.returncode, out, err)


def check_pieces(tap, command):
    """What is said does not depend on how many bytes a read returns."""
    comment = "# a first line that is longer than what it takes to tell the format of a trace\n"
    for name, lines in (
            ("a host that appears behind a record of no host that cannot be read",
             ["session=1 event=Logn\n", "host=a session=2 event=Connected\nhost=a session=2 event=Terminated\n"]),
            ("a host that appears behind a shutdown of no host",
             ["time=2026-01-01T10:00:00Z marker=shutdown\n",
              "time=2026-01-01T09:00:00Z host=a session=2 event=Created\nhost=a session=2 event=Terminated\n"]),
            ("a host that appears behind a gap",
             ["marker=gap\n", "host=a session=2 event=Connected\nhost=a session=2 event=Terminated\n"]),
            ("a host that appears behind a boot",
             ["marker=boot\n", "host=a session=2 event=Connected\nhost=a session=2 event=Terminated\n"]),
            ("a line in the middle", ["session=1 event=Created\nsession=1 ev", "ent=Logoff\n"]),
            ("a carriage return at the edge", ["session=1 event=Created\r", "\nsession=1 event=Logon\r", "\n"]),
            ("no line feed at the end", ["session=1 event=Created\n", "session=1 event=Log", "off"]),
            ("the header of a CSV", ["ses", "sion,ev", "ent,user\n", "1,Created,\n1,Logon,a\n"]),
            ("a record of a CSV", ["x-a,session,event\n1,1", ",Logon\n\"\n", "\",1,Logoff\n1,1,\"Logo", "n", "\"\n"]),
            ("a quote of a CSV", ["x-a,session,event\n\"a\"", "\"b\",1,Logon\n", "\"a\n", "1,Logon\n"]),
            ("debug output", ["0000", "0001\t0.1", "\t[12] begin\n000", "00002\t0.1\tsession", "=1 event=Logon\n"]),
            ("a debugger's log", ["kd> g\n", "Breakpoint\nsession", "lint: session=1 event=Logon\n"])):
        whole = command.check(comment + "".join(lines))
        pieces = run_pieces(command, [part.encode() for part in (comment, *lines)])
        tap.ok(pieces.out == whole.out and pieces.status == whole.status, f"in pieces: {name}",
               "at once:", whole, "in pieces:", pieces)
    utf16 = b"\xff\xfe" + (comment + "session=1 user=\U0001f600 event=Logon\n").encode("utf-16-le")
    at = utf16.index("\U0001f600".encode("utf-16-le"))
    for cut in range(5):
        pieces = run_pieces(command, [utf16[:at + cut], utf16[at + cut:]])
        tap.same(pieces.out, command.check(utf16).out, f"in pieces: UTF-16, {cut} bytes into a character")


def check_evtx(tap, command, writer, folder):
    """A log is told by its content: as a file, by another name, and through a pipe."""
    life = "time=2026-01-01T08:00:00Z session=2 event="
    trace = folder.file("log.trace", f"{life}Logoff\n{life}Logon\n{life}Logon\n{life}Disconnected\n")
    log = folder.path / "log.evtx"
    subprocess.run([writer, str(trace), str(log)], check=True)
    result = command.run("check", "-q", "--format=json", str(log))
    tap.ok(result.status == STATUS_CLEAN and [rule for _, rule in places(result.findings)]
           == ["session/implied-termination", "session/unfinished"],
           "an .evtx log begins with what ran before: its first logoff is silent", result)
    data = log.read_bytes()
    other = folder.file("renamed.txt", data)
    renamed = command.run("check", "-q", "--format=json", str(other))
    nameless = {"file": "", "fingerprint": ""}
    tap.same([{**f, **nameless} for f in renamed.findings], [{**f, **nameless} for f in result.findings],
             "an .evtx log by another name")
    piped = command.check(data)
    tap.same([{**f, **nameless} for f in piped.findings], [{**f, **nameless} for f in result.findings],
             "an .evtx log through a pipe")
    started = command.run("check", "-q", "--format=json", "--start=initialized", str(log))
    tap.ok(places(started.findings)[0] == (1, ILLEGAL) and started.status == STATUS_FINDINGS,
           "an .evtx log with --start=initialized: its first logoff is illegal", started)
    folder.file("logs-only/log.EVTX", data)
    walked = command.run("check", "-q", "--format=json", "logs-only", cwd=folder.path)
    tap.same(walked.summary["files"], 1, "an .EVTX log in a folder")


def check_counts(tap, command, folder):
    """The counts are those of all logs."""
    line = "00000001\t0.1\t[3] "
    for number, others in (("one", 2), ("two", 3)):
        folder.file(f"counts/{number}.log", f"{line}sessionlint: session=1 event=Created\n{line}sessionlint: marker=end\n"
                    + f"{line}other\n" * others)
    result = command.run("check", "-q", "--format=json", "one.log", "two.log", cwd=folder.path / "counts")
    counted = {key: result.summary[key] for key in ("files", "records", "events", "markers", "skipped", "noted", "unreadable")}
    tap.same(counted, {"files": 2, "records": 9, "events": 2, "markers": 2, "skipped": 5, "noted": 0, "unreadable": 0},
             "of two logs, the counts are added", result)
    size = sum((folder.path / "counts" / f"{number}.log").stat().st_size for number in ("one", "two"))
    tap.same(result.summary["bytes"], size, "and so are their sizes")


# Logs of a channel, each with the computers that its first and its last record name; and whether two of them are of one machine.
RELATED = (
    (("lsm", "X", "X"), ("winlogon", "X", "X"), True), (("lsm", "X", "X"), ("winlogon", "Y", "Y"), False),
    (("lsm", "X", "X"), ("lsm", "X", "X"), False), (("lsm", "X", "Y"), ("winlogon", "X", "Z"), True),
    (("lsm", "X", "Y"), ("winlogon", "Z", "Y"), True), (("lsm", "X", "Y"), ("winlogon", "Z", "X"), True),
    (("lsm", "X", "Y"), ("winlogon", "Y", "Z"), True), (("lsm", "X", "Y"), ("winlogon", "Z", "Z"), False),
)


def check_related(tap, command, writer, folder):
    """That several logs are of one machine is said, so that nobody counts its sessions twice."""
    other = folder.file("related/other.trace", "time=2026-01-01T08:00:00Z source=rdp host=Q session=2 event=Connected\n")
    between = str(other.with_suffix(".evtx"))
    subprocess.run([writer, str(other), between], check=True)
    for first, second, related in RELATED:
        logs = []
        for number, (source, begins, ends) in enumerate((first, second)):
            trace = folder.file(f"related/{number}.trace", "".join(
                f"time=2026-01-01T0{hour}:00:00Z source={source} host={host} session=2 event={event}\n"
                for hour, host, event in ((8, begins, "Logon"), (9, ends, "Logoff"))))
            logs.append(str(trace.with_suffix(".evtx")))
            subprocess.run([writer, str(trace), logs[-1]], check=True)
        # so much is said whichever comes first, and also if a log of another machine is between them
        for order in (logs, logs[::-1], [logs[0], between, logs[1]]):
            result = command.run("check", "--no-config", *order)
            tap.same("several logs are of one computer" in result.error, related, f"{first} and {second}: of one machine or not", result)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        check_unreadable(tap, command, folder)
        check_nothing(tap, command, folder)
        check_folders(tap, command, folder)
        check_odd_entries(tap, command, folder)
        check_dash(tap, command, folder)
        check_several(tap, command, folder)
        check_encodings(tap, command)
        check_limits(tap, command, folder)
        check_pieces(tap, command)
        check_evtx(tap, command, sys.argv[2], folder)
        check_counts(tap, command, folder)
        check_related(tap, command, sys.argv[2], folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
