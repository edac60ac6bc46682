#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What Windows makes difficult: names in UTF-16, line ends, binary streams, long paths, files that somebody else
holds open. ./dev windows runs it with sessionlint.exe under Wine; what is no matter of Windows alone holds
everywhere. Arguments: the command, the root of the source. Prints TAP.
"""

import pathlib
import re
import subprocess
import sys
import time

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS, TIMEOUT, WINE, Command, places
from shared.folder import Folder
from shared.tap import Tap
from shared.terminal import on_terminal

LIFE = "session=1 event=Created\nsession=1 event=Connected\nsession=1 event=Terminated\n"
BROKEN = "session=1 event=Created\nsession=1 event=Logon\nsession=1 event=Terminated\n"
ILLEGAL = "session/illegal-transition"
NAMES = ("two words.trace", " leading and trailing .trace", "Zo\u00eb M\u00fcller.trace", "\u0436\u0443\u0440\u043d\u0430\u043b.trace",
         "\u5f20\u4f1f.trace", "\U0001f600.trace", "e\u0301.trace", "100% & more (1) ^!.trace", "it's;a,b=c.trace")
CHUNK = 65_536


def check_names(tap, command, folder):
    """The name in the report is the name that was given, in UTF-8."""
    for name in NAMES:
        folder.file(f"names of all kinds/{name}", BROKEN)
        path = f"names of all kinds/{name}"
        result = command.run("check", "-q", path, cwd=folder.path)
        tap.ok(result.status == STATUS_FINDINGS and result.text.startswith(f"{path}:2: error: "),
               f"a file called {name}", result)
        gone = command.run("check", "-q", f"{path}.gone", cwd=folder.path)
        tap.same(gone.error, f"sessionlint: {path}.gone: No such file or directory\n", f"no file called {name}.gone")
    result = command.run("check", "-q", "--format=json", "names of all kinds", cwd=folder.path)
    tap.same([finding["file"] for finding in result.findings if finding["rule"] == ILLEGAL],
             [f"names of all kinds/{name}" for name in sorted(NAMES, key=str.encode)],
             "a folder with all of them, in the order of their bytes")
    result = command.run("check", "-q", str(folder.path / "names of all kinds" / NAMES[3]))
    tap.ok(result.text.startswith(f"{folder.path}/names of all kinds/{NAMES[3]}:2:"), "an absolute path", result)
    for word in ("", "a b", 'a"b', "a\\", 'a\\"b c\\\\', "Zo\u00eb \U0001f600"):
        result = command.run("explain", word)
        tap.ok(f"unknown rule or clause '{word}'" in result.error, f"an argument arrives as it was given: {word}", result)


def check_spellings(tap, command, folder):
    """Paths as a user of Windows writes them. Elsewhere they mean something else."""
    for name in ("b.trace", "a.trace", "c.txt"):
        folder.file(f"top/logs/{name}", BROKEN)
    for path in ("top\\logs\\a.trace", ".\\top/logs\\a.trace"):
        result = command.run("check", "-q", "--format=json", path, cwd=folder.path)
        tap.same([finding["file"] for finding in result.findings], [path], f"the file {path}")
    for path, found in (("top\\logs", "top\\logs\\"), ("top\\logs\\", "top\\logs\\"), (".\\top", ".\\top\\logs\\"),
                        ("top/logs", "top/logs/"), ("top/logs/", "top/logs/")):
        result = command.run("check", "-q", "--format=json", path, cwd=folder.path)
        tap.same([finding["file"] for finding in result.findings], [f"{found}{name}" for name in ("a.trace", "b.trace", "c.txt")],
                 f"the folder {path}")
    result = command.run("check", "-q", "--format=json", "top\\logs\\?.t*", cwd=folder.path)
    tap.same(sorted(finding["file"] for finding in result.findings),
             ["top\\logs\\a.trace", "top\\logs\\b.trace", "top\\logs\\c.txt"], "a pattern stands for what it matches")
    result = command.run("check", "-q", "top\\*.evtx", cwd=folder.path)
    tap.ok(result.status == STATUS_FAILED and "top\\*.evtx: No such file" in result.error,
           "a pattern that nothing matches", result)


def check_long(tap, command, folder):
    """Windows has a limit of 260 characters for paths that are not written in a certain way."""
    deep = "/".join(character * 100 for character in "abcde")
    folder.file(f"long/{deep}/log.trace", BROKEN)
    for path in (f"long/{deep}/log.trace", f"{folder.path}/long/{deep}/log.trace"):
        result = command.run("check", "-q", "--format=json", path, cwd=folder.path)
        tap.same([finding["file"] for finding in result.findings], [path], f"a path of {len(path)} characters")
    result = command.run("check", "-q", "--format=json", "long", cwd=folder.path)
    tap.same([finding["file"] for finding in result.findings], [f"long/{deep}/log.trace"], "a folder above it")


def check_text(tap, command, folder):
    """Traces as Windows writes them: CR LF, and UTF-16 where PowerShell redirects."""
    text = BROKEN.replace("Logon", 'Logon user="Zo\u00eb \U0001f600"').replace("session", "host=\u5f20\u4f1f session")
    known = command.check(text)
    for name, data in (("CR LF", text.replace("\n", "\r\n").encode()),
                       ("UTF-16, CR LF", b"\xff\xfe" + text.replace("\n", "\r\n").encode("utf-16-le")),
                       ("UTF-8 with a mark, CR LF", b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())):
        path = folder.file(f"{name}.trace", data)
        with open(path, "rb") as file:
            results = {"as a file": command.run("check", "-q", "--format=json", path.name, cwd=folder.path),
                       "as standard input": command.run("check", "-q", "--format=json", "-", stdin=file),
                       "through a pipe": command.check(data)}
        for way, result in results.items():
            tap.same([(f["line"], f["rule"], f["host"]) for f in result.findings],
                     [(f["line"], f["rule"], f["host"]) for f in known.findings], f"{name} {way}")
    # text streams of Windows end at a control-Z
    data = (LIFE + "\x1a\n" + BROKEN).encode()
    for way, result in (("through a pipe", command.check(data)),
                        ("as a file", command.run("check", "-q", "--format=json", str(folder.file("z.trace", data))))):
        tap.same(places(result.findings, "trace/malformed"), [(4, "trace/malformed")],
                 f"a control-Z is a bad line {way}")
        tap.ok(result.summary["records"] == 7 and (6, ILLEGAL) in places(result.findings),
               f"and what is behind it is read {way}", result)


def without_file(result):
    """What a report says but for the log's name, which is in the fingerprints too."""
    return re.sub(rb'"fingerprint":"\w+', b'"fingerprint":"', re.sub(rb'"file":"[^"]*"', b'"file":"x"', result.out))


def check_binary(tap, command, folder, root):
    """An event log through standard input, and reports to the byte."""
    log = root / "traces/partial/rds-host.evtx"
    data = log.read_bytes()
    # bytes that a text stream would change or end at
    data += bytes(4096 + 2 * CHUNK - len(data))
    tap.ok(b"\n" in data and b"\r" in data and b"\x1a" in data, "the log holds what a text stream would change")
    path = folder.file("x", data)
    named = command.run("check", "-q", "--format=json", "x", cwd=folder.path)
    tap.ok(named.summary["records"] > 10 and named.findings, "the log has records and findings", named)
    with open(path, "rb") as file:
        redirected = command.run("check", "-q", "--format=json", "-", stdin=file)
    tap.same(without_file(redirected), without_file(named), "an .evtx log as standard input")
    tap.same(without_file(command.check(data)), without_file(named), "an .evtx log through a pipe")
    tap.ok(b"\r" not in named.out, "no carriage return in JSON")
    for option, name in (("--markdown", "rules.md"), ("--traceability", "traceability.md")):
        tap.same(command.run("rules", option).out, (root / "docs" / name).read_bytes(),
                 f"rules {option} is docs/{name} to the byte")
    loud = command.run("check", "x", cwd=folder.path)
    tap.ok(b"\r" not in loud.out + loud.err and loud.err.startswith(b"checked: "), "nor in text, nor in the summary",
           loud)


def check_large(tap, command, folder, root):
    """A chunk of an event log behind 4 GiB: Windows has more than one size of offsets. It takes long."""
    data = (root / "traces/partial/rds-host.evtx").read_bytes()
    offset = 4096 + 65_600 * CHUNK
    path = folder.file("large.evtx", data[:4096])
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(data[4096:])
    plain = command.run("check", "-q", "--format=json", str(root / "traces/partial/rds-host.evtx"))
    large = command.run("check", "-q", "--format=json", "--rule=gap=off", "--rule=malformed=off", str(path))
    path.unlink()
    tap.same([finding["offset"] - offset + 4096 for finding in large.findings if finding["offset"] > offset],
             [finding["offset"] for finding in plain.findings if finding["rule"] not in ("trace/gap", "trace/malformed")],
             "findings lie where their records do, behind 4 GiB", large)


def check_shared(tap, command, folder):
    """A log can be read while somebody writes it."""
    path = folder.path / "held.trace"
    if command.for_windows:
        # it prompts into the file and waits for the answer
        words = ["cmd", "/c", "set /p x=session=1 event=Logoff> held.trace"]
        writer = subprocess.Popen([WINE, *words] if command.wine else words, cwd=folder.path, stdin=subprocess.PIPE,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    else:
        writer = subprocess.Popen(["sh", "-c", "(echo session=1 event=Logoff; read x) >held.trace"], cwd=folder.path,
                                  stdin=subprocess.PIPE)
    with writer:
        end = time.monotonic() + TIMEOUT
        while time.monotonic() < end and not (path.exists() and path.stat().st_size):
            time.sleep(0.02)
        result = command.run("check", "-q", "--format=json", "held.trace", cwd=folder.path)
        tap.ok(writer.poll() is None and places(result.findings, ILLEGAL) == [(1, ILLEGAL)],
               "a log that is being written", result)
        writer.stdin.close()


def check_console(tap, command):
    """A console shows every character, whatever its code page was."""
    trace = 'host="Zo\u00eb \u0436 \u5f20" session=1 event=Logoff\n'.encode()
    text = on_terminal(command, ["check", "-q", "--color=never", "-"], trace, "stdout", LC_ALL="C.UTF-8")
    tap.ok("session 1 on Zo\u00eb \u0436 \u5f20: " in text, "a finding on a terminal", text)
    text = on_terminal(command, ["check", "-q", "Zo\u00eb \u0436 \u5f20"], b"", "stderr", LC_ALL="C.UTF-8")
    tap.ok("sessionlint: Zo\u00eb \u0436 \u5f20: No such file" in text, "a complaint on a terminal", text)


def check_output(tap, command, folder):
    """A report in a file of any name is the report on standard output, to the byte."""
    path = folder.path / "\u0436 Zo\u00eb/report.json"
    path.parent.mkdir()
    result = command.run("check", "-q", f"--output=json:{path.parent.name}/{path.name}", "-", input=BROKEN.encode(),
                         cwd=folder.path)
    tap.ok(path.exists() and path.read_bytes() == command.check(BROKEN).out, "a report in a file", result)


def check_whole(tap, command, folder):
    """A file that is written is whole or not there, and nothing stays beside it."""
    place = folder.path / "whole"
    place.mkdir()
    report, trace = place / "report.json", place / "a.trace"
    trace.write_text(BROKEN * 2000, encoding="utf-8")
    words = ["check", "-q", "--output=json:report.json"]
    command.run(*words, "a.trace", cwd=place)
    data = report.read_bytes()
    tap.ok(data.endswith(b"}\n") and len(data) > 100_000, "a new report")
    report.write_bytes(b"old")
    command.run(*words, "a.trace", cwd=place)
    tap.same(report.read_bytes(), data, "takes the place of an older one")
    report.write_bytes(b"old")
    result = command.run(*words, "--output=text:none/x", "a.trace", cwd=place)
    tap.ok(result.status == STATUS_FAILED and report.read_bytes() == b"old", "a second one cannot be begun: the older one "
           "stays", result)
    result = command.run(*words, "--output=text:REPORT.json" if command.for_windows else "--output=text:./report.json",
                         "a.trace", cwd=place)
    tap.ok(result.status == STATUS_FAILED and report.read_bytes() == b"old", "two in one file", result)
    with subprocess.Popen([*command.words, *words, "-"], cwd=place, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        process.stdin.write(BROKEN.encode() * 2000)
        process.stdin.flush()
        time.sleep(1)
        during = len(list(place.iterdir()))
        process.kill()
        process.wait()
    end = time.monotonic() + TIMEOUT
    while len(list(place.iterdir())) > 2 and time.monotonic() < end:
        time.sleep(0.05)  # whoever ends it takes the files away
    tap.ok(report.read_bytes() == b"old" and sorted(path.name for path in place.iterdir()) == ["a.trace", "report.json"],
           f"a run that is killed: the older one stays, alone (there were {during})", list(place.iterdir()))
    logs = [place / f"{number}.trace" for number in range(4)]
    for log in logs:
        log.write_text(BROKEN, encoding="utf-8")
    runs = [subprocess.Popen([*command.words, "baseline", "write", "-q", "--baseline=b.json", "--reason=x", log.name],
                             cwd=place, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) for log in logs]
    errors = [run.communicate(timeout=TIMEOUT)[1] for run in runs]
    statuses = [run.returncode for run in runs]
    tap.ok(statuses == [STATUS_CLEAN] * 4 and (place / "b.json").read_text(encoding="utf-8").count("fingerprint") == 4,
           "four runs add to one baseline: none of its entries is lost", statuses, *errors)


def check_status(tap, command):
    for trace, status in ((LIFE, STATUS_CLEAN), (BROKEN, STATUS_FINDINGS), ("session=x\n", STATUS_FAILED)):
        tap.same(command.check(trace).status, status, f"status {status}")


def main():
    tap = Tap()
    command, root = Command(sys.argv[1], tap), pathlib.Path(sys.argv[2]).resolve()
    with Folder() as folder:
        check_names(tap, command, folder)
        if command.for_windows:
            check_spellings(tap, command, folder)
            check_large(tap, command, folder, root)
        check_long(tap, command, folder)
        check_text(tap, command, folder)
        check_binary(tap, command, folder, root)
        check_shared(tap, command, folder)
        check_output(tap, command, folder)
        check_whole(tap, command, folder)
        check_console(tap, command)
        check_status(tap, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
