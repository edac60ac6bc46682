#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Text of a trace, of a file's name and of an argument is hostile: it must not reach a terminal or a build
log in a form that they act on. GitHub takes a line that begins, behind white space, with two colons for a
command; Azure Pipelines takes two number signs and "vso[", GitHub two number signs and "[", for one
anywhere in a line. Argument: the command. Prints TAP.
"""

import json
import os
import sys
import unicodedata

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS, Command
from shared.folder import Folder
from shared.tap import Tap

HASH = b"##"

PAYLOADS = {
    "a colour": b"\x1b[31mred",
    "a window title": b"\x1b]0;title\x07",
    "a C1 control": "\u009b31m".encode(),
    "carriage return and line feed": b"a\r\n::error::b\n::set-output name=x::y",
    "backspaces": b"abc\b\b\bdef",
    "a NUL": b"a\x00b",
    "a command to GitHub": b"::error::x",
    "one behind a blank": b" ::error::x",
    "one behind a no-break space": "\u00a0::error::x".encode(),
    "one behind an ideographic space": "\u3000\u2003::error::x".encode(),
    "an old command to GitHub": HASH + b"[set-output name=x]y",
    "a command to Azure": b"x" + HASH + b"vso[task.setvariable variable=x]y",
    "three number signs": b"#" + HASH + b"vso[task.complete]",
    "a right-to-left override": "a\u202etxt.exe".encode(),
    "isolates": "\u2066a\u2069\u2068b\u061c".encode(),
    "what cannot be seen": "a\u200b\u200d\ufeff\u00ad\u2060b".encode(),
    "what is ignorable": "a\u034f\u115f\u1160\u17b4\u180b\u180e\u180f\u3164\ufe00\ufe0f\uffa0b\U0001d173".encode(),
    "line separators": "a\u2028b\u2029c\u0085d".encode(),
    "tags": "a\U000e0041\U000e007f".encode(),
    "bytes that are no UTF-8": b"\xff\xfe\x80\xc3",
    "overlong forms of two bytes": b"\xc0\x9b\xc1\xbf",
    "overlong forms of three bytes": b"\xe0\x80\x9b[31m",
    "overlong forms of four bytes": b"\xf0\x80\x80\x9b",
    "a surrogate": b"\xed\xa0\x80\xed\xbf\xbf",
    "beyond Unicode": b"\xf4\x90\x80\x80\xf5\x80",
    "quotes and backslashes": b"a\"b\\c\\\"d\\u001b\\x1b",
    "a percent sign and braces": b"%s%n%1000000d{0}$(id)`id`",
    "a long text": b"a" * 5000,
}

# What separates and formats, and what is no character of its own.
UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

# What Unicode calls default ignorable, and counts among the letters and marks.
IGNORABLE = {0x34f, 0x115f, 0x1160, 0x17b4, 0x17b5, *range(0x180b, 0x1810), 0x3164, *range(0xfe00, 0xfe10), 0xffa0}


def trouble_in(data):
    """Why @data may not go to a terminal or a build log; None if it may."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"no UTF-8: {error}"
    for line in text.split("\n"):
        bad = [c for c in line if unicodedata.category(c) in UNSAFE or ord(c) in IGNORABLE]
        if bad:
            return f"{unicodedata.name(bad[0], repr(bad[0]))} in {line[:200]!r}"
        if line.lstrip().startswith("::"):
            return f"a command to GitHub: {line[:200]!r}"
        if HASH.decode() + "[" in line or HASH.decode() + "vso[" in line:
            return f"a command to a build system: {line[:200]!r}"
    return None


def quoted(payload):
    """A value of logfmt: escaped where the grammar wants it, the bytes themselves where it does not."""
    escaped = b"".join(b"\\u%04x" % byte if byte < 0x20 else b"\\" + bytes([byte]) if byte in b"\"\\"
                       else bytes([byte]) for byte in payload)
    return b'"' + escaped + b'"'


def traces(payload):
    """Traces with the payload in each place that a report can repeat."""
    value = quoted(payload)
    text = json.dumps(payload.decode("utf-8", "replace")).encode()
    yield "host", b"host=" + value + b" session=1 event=Logon\n"
    yield "boot", b"boot=" + value + b" session=1 event=Logon\n"
    yield "user and address", b"user=" + value + b" address=" + value + b" session=1 event=Logon\n"
    yield "the reason of a gap", b"session=1 event=Created\nmarker=gap reason=" + value + b"\n"
    yield "what Windows reports", b"session=1 marker=reported reason=" + value + b"\n"
    for key in (b"event", b"session", b"from", b"time", b"source", b"marker"):
        yield f"the value of {key.decode()}", key + b"=" + value + b" host=" + value + b"\n"
    yield "a free key", b"session=1 event=Logon x-a=" + value + b"\n"
    # not quoted at all: what is no logfmt is malformed, and the message says why
    yield "a line of its own", b"session=1 event=Created\n" + payload.replace(b"\n", b" ") + b"\n"
    yield "a key of JSON", b'{"session":1,"event":"Logon",' + text + b":1}\n"
    yield "the host in JSON", b'{"host":' + text + b',"session":1,"event":"Logon"}\n'
    field = b'"' + payload.replace(b'"', b'""') + b'"'
    yield "a column of CSV", b"session,event," + field + b"\n1,Logon,1\n"
    yield "the values of CSV", b"session,event,host,boot\n1,Logon," + field + b",1\n" + field + b",1,1,1\n"
    yield "a bare value of CSV", b"session,event,host\n1,Logon," + payload + b"\n"
    yield "debug output", b"1\t0.1\t[2] begin\n2\t0.1\t[3] sessionlint: event=Logon " + payload + b"\n" + payload
    yield "a raw host in JSON", b'{"host":"' + payload.replace(b'"', b"") + b'","session":1,"event":"Logon"}\n'


def check_payload(tap, command, name, payload):
    trouble = {"text": [], "JSON": []}
    for place, trace in traces(payload):
        result = command.run("check", "--fail-on=note", "-", input=trace)
        for stream, data in (("output", result.out), ("error", result.err)):
            why = trouble_in(data)
            if why or result.status not in (STATUS_CLEAN, STATUS_FINDINGS, STATUS_FAILED):
                trouble["text"].append(f"{place}, standard {stream}: {why}")
        result = command.check(trace)
        why = json_trouble(result.out)
        if why:
            trouble["JSON"].append(f"{place}: {why}")
    for form, problems in trouble.items():
        tap.ok(not problems, f"{form}: {name}, wherever it stands", *problems)


def json_trouble(data):
    """Why the lines are no JSON, or nothing for a build log; None if they are both."""
    try:
        raw = data.decode("utf-8")
        for line in raw.split("\n")[:-1]:
            json.loads(line)
    except ValueError as error:
        return f"{error}: {data[:300]!r}"
    # the control characters that follow ASCII are valid in JSON, and some terminals act on them
    if any(unicodedata.category(c) == "Cc" and c != "\n" for c in raw):
        return f"a control character: {data[:300]!r}"
    if HASH.decode() + "[" in raw or HASH.decode() + "vso[" in raw:
        return f"a command to a build system: {data[:300]!r}"
    return None


def check_kept(tap, command):
    """What is harmless is told as it is, in every script; JSON keeps the text itself."""
    for text in ("VDI-017", "Zo\u00eb", "\u041c\u0430\u0440\u0438\u044f", "\u5f20\u4f1f", "\U0001f600",
                 "a:b::c", "#1", "50%", "\ufffd", "\u05d0\u05d1", "e\u0301"):
        result = command.run("check", "-q", "-", input=f'host="{text}" session=1 event=Logon\n'.encode())
        tap.ok(f"session 1 on {text}: " in result.text, f"text: {text} is told as it is", result)
    for name, payload in command.sampled(PAYLOADS.items()):
        try:
            text = payload.decode("utf-8")
        except UnicodeDecodeError:
            text = payload.decode("utf-8", "replace")
        result = command.check(b"host=" + quoted(payload) + b" session=1 event=Logon\n")
        tap.ok(result.findings[0]["host"].strip("\ufffd") == text.strip("\ufffd"),
               f"JSON: {name} is the same when it is read again", result)


def check_file_names(tap, command):
    for name, payload in command.sampled(PAYLOADS.items()):
        file_name = payload.replace(b"\0", b"").replace(b"/", b"")[:100] + b".trace"
        with Folder() as folder:
            top = os.fsencode(folder.path)
            with open(os.path.join(top, file_name), "wb") as file:
                file.write(b"session=1 event=Logon\n")
            problems = []
            for what in (file_name, b"./" + file_name, b".", b"missing" + file_name, file_name + b"/x"):
                # an argument that begins with a dash would be an option
                # Windows does not have such names
                result = command.run("check", "--", what, cwd=top, windows=False)
                problems += [f"{what!r}: {why}" for why in map(trouble_in, (result.out, result.err)) if why]
            tap.ok(not problems, f"text: a file called {name}", *problems)
            result = command.run("check", "-q", "--format=json", "--", file_name, cwd=top, windows=False)
            tap.ok(not json_trouble(result.out), f"JSON: a file called {name}", json_trouble(result.out))


def check_arguments(tap, command):
    for name, payload in command.sampled(PAYLOADS.items()):
        word = payload.replace(b"\0", b"")
        problems = []
        for arguments in ([word], [b"help", word], [b"check", b"--" + word], [b"check", b"-" + word],
                          [b"check", b"--format=" + word, b"x"], [b"check", b"--rule=" + word, b"x"],
                          [b"check", b"--rule=" + word + b"=off", b"x"], [b"check", b"--rule=gap=" + word, b"x"],
                          [b"explain", word], [b"model", word], [b"rules", word]):
            result = command.run(*arguments)
            problems += [f"{arguments!r}: {why}" for why in map(trouble_in, (result.out, result.err)) if why]
            if result.status != STATUS_FAILED:
                problems.append(f"{arguments!r}: status {result.status}")
        tap.ok(not problems, f"an argument with {name}", *problems)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    tap.ok(trouble_in(b"\x1b") and trouble_in(b" ::error::") and trouble_in(b"x" + HASH + b"vso[")
           and not trouble_in("x\u00e9\n".encode()), "the test knows trouble when it sees it")
    for name, payload in command.sampled(PAYLOADS.items()):
        check_payload(tap, command, name, payload)
    check_kept(tap, command)
    check_file_names(tap, command)
    check_arguments(tap, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
