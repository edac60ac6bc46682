#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Text of a trace is taken to its end, also where it holds a NUL; text of which nothing is seen says nothing.

Argument: the command. Prints TAP.
"""

import csv
import io
import json
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, Command
from shared.folder import Folder
from shared.tap import Tap

# Nothing is seen of any of these.
BLANKS = (" ", "\t", "\u00a0", "\u2003", "\u3000", "\u2800", "\u200b", "\u00ad", "\ufeff", "\u3164", "\u115f", "\ufe0f",
          "\u034f", "\U000e0041", "\0", "\x1f", "\u2028", "\0 \u200b\u3164\t")
REGISTERED = {"driver": "d", "io": "x\0one", "call": "IoRegisterContainerNotification", "mask": 63, "status": 0,
              "registration": "r\0A", "context": "c\0A"}


def lines(*records):
    return "".join(json.dumps(record) + "\n" for record in records)


def messages(command, *records):
    return [finding["message"] for finding in command.check(lines(*records)).findings]


def check_messages(tap, command):
    """Each message that repeats text of the trace."""
    unregistered = {"driver": "d", "io": "x\0one", "registration": "r\0B", "call": "IoUnregisterContainerNotification"}
    created = {"session": 1, "event": "Created"}
    for name, records, part in (
            ("a registration that is not live", (REGISTERED, unregistered), "registration r\0B is not live"),
            ("a registration of another object", (REGISTERED, {**unregistered, "io": "x\0two", "registration": "r\0A"}),
             "registration r\0A belongs to I/O object x\0one"),
            ("a registration given again", (REGISTERED, {**REGISTERED, "io": "x\0two"}), "for I/O object x\0one"),
            ("a context", (REGISTERED, created, {"driver": "d", "io": "x\0one", "notify": "Created", "session": 1,
                                                 "context": "c\0B"}), "Context is c\0B"),
            ("a user", ({"source": "sens", "session": 1, "event": "Logon", "user": "a\0one"},
                        {"source": "sens", "session": 1, "event": "SessionDisconnect", "user": "a\0two"}),
             "user a\0two, but a\0one is"),
            ("a reason", ({"marker": "gap", "reason": "full\0of holes"},), "full\0of holes"),
            ("an unknown key", ({"session": 1, "event": "Created", "x\0evil": 1},), "unknown key 'x\0evil'"),
            ("an event", ({"session": 1, "event": "Log\0on"},), "'Log\0on'"),
            ("a session", ({"session": "1\0002", "event": "Logon"},), "session: '1\0002' is not"),
            ("a mask", ({**REGISTERED, "mask": "logon,log\0off"},), "mask: unknown name 'log\0off' in 'logon,log\0off'"),
            ("rules that are allowed", ({**created, "allow": "gap\0x", "allow_reason": "y"},), "allow: 'gap\0x'")):
        found = messages(command, *records)
        tap.ok(any(part in message for message in found), f"{name} is not cut at a NUL", part, found)
        tap.ok(all(found), f"{name}: no message is empty", found)


def check_fingerprints(tap, command):
    """Names that differ behind a NUL are different names."""
    logon = {"session": 1, "event": "Logon"}
    for key, records in (("host", (logon,)), ("driver", (REGISTERED, {**REGISTERED}))):
        prints = [{finding["fingerprint"] for finding in
                   command.check(lines(*({**record, key: f"n\0{name}"} for record in records))).findings}
                  for name in ("one", "two", "one")]
        tap.ok(prints[0] == prints[2] and not prints[0] & prints[1], f"{key}: a fingerprint hashes all of it", prints)
    with Folder() as folder:
        trace = folder.file("a.trace", lines(*({**logon, "host": f"n\0{name}"} for name in ("one", "two"))))
        path = folder.path / "b.json"
        result = command.run("baseline", "write", "-q", "--no-config", "--reason=a\0b".replace("\0", ""),
                             f"--baseline={path}", str(trace))
        entries = json.loads(path.read_text(encoding="utf-8"))["entries"]
        tap.same({entry["subject"] for entry in entries}, {"session 1 on n\0one", "session 1 on n\0two"},
                 "a baseline names both", result)
        result = command.run("check", "-q", "--no-config", f"--baseline={path}", str(trace))
        tap.ok(result.status == STATUS_CLEAN and " error: " not in result.text, "and answers for both", result)
        path.write_text('{"baseline":"sessionlint","version":1,"entries":[],"x\\u0000evil":1}', encoding="utf-8")
        result = command.run("baseline", "list", "--no-config", f"--baseline={path}")
        tap.ok(result.status == STATUS_FAILED and "evil" in result.error, "an unknown key in it is shown whole", result)
        path.write_bytes(b'{"baseline":"sessionlint","version":1,"entries":[],"x\0evil":1}')
        result = command.run("baseline", "list", "--no-config", f"--baseline={path}")
        tap.ok(result.status == STATUS_FAILED and "'x'" not in result.error, "and so is one with a bare NUL", result)


def check_reasons(tap, command):
    """A reason of which nothing is seen is none."""
    # something that is judged
    life = ({"session": 1, "event": "Created"}, {"session": 1, "event": "Terminated"})
    default = messages(command, *life, {"marker": "gap"})
    for blank in BLANKS:
        tap.same(messages(command, *life, {"marker": "gap", "reason": blank}), default,
                 f"reason {blank!r}: the text that is used without one")
        found = command.check(lines({"session": 1, "event": "Logon", "allow": "gap", "allow_reason": blank}))
        tap.ok([finding["rule"] for finding in found.findings][:1] == ["trace/malformed"],
               f"allow_reason {blank!r} says nothing", found)
        with Folder() as folder:
            path = folder.file("b.json", json.dumps({
                "baseline": "sessionlint", "version": 1, "entries": [{
                    "fingerprint": "0123456789abcdef:1", "rule": "x/y", "log": "l", "subject": "", "message": "m",
                    "reason": blank}]}))
            result = command.run("baseline", "list", "--no-config", f"--baseline={path}")
            tap.ok(result.status == STATUS_FAILED and "reason" in result.error, f"reason {blank!r} in a baseline", result)
    for seen in ("x", "\u00e9", "\u0301", "\U0001f600", "\u200b!", "\ufffd"):
        tap.same(messages(command, *life, {"marker": "gap", "reason": seen}), [seen], f"reason {seen!r} is kept")


def check_list(tap, command):
    """No line of baseline list begins as a command to a build system does."""
    hostile = ("::error::x", "##[error]x", " ::x", "\t::x", "\u00a0::x", "", ":", "\n::error::x", "##vso[x]", "\u3164::x")
    with Folder() as folder:
        for text in hostile:
            path = folder.file("b.json", json.dumps({
                "baseline": "sessionlint", "version": 1, "entries": [{
                    "fingerprint": "0123456789abcdef:1", "rule": text, "log": text, "subject": text, "message": text,
                    "reason": f"{text}r"}]}))
            result = command.run("baseline", "list", "--no-config", f"--baseline={path}")
            begins = [line.lstrip()[:1] for line in result.text.split("\n") if line]
            tap.ok(result.status == STATUS_CLEAN and result.text.count("\n") == 2
                   and all(first.isalnum() or first in "._/<-" for first in begins)
                   and "##" not in result.text, f"baseline list: an entry with {text!r} everywhere", result)


def check_formulas(tap, command):
    """A cell of CSV that a spreadsheet would take for a formula begins with an apostrophe."""
    for sign in "=+-@\uff1d\uff0b\uff0d\uff20":
        trace = lines({"session": 1, "event": "Logon", "host": f"{sign}1"})
        rows = list(csv.DictReader(io.StringIO(command.run("check", "-q", "--format=csv", "-",
                                                           input=trace.encode()).text)))
        tap.same(rows[0]["host"], f"'{sign}1", f"CSV: a host that begins with {sign}")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    for check in (check_messages, check_fingerprints, check_reasons, check_list, check_formulas):
        check(tap, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
