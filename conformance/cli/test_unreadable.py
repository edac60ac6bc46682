#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A file that begins with too many records that cannot be read: the first 20 are told one by one, the others in one
finding, in every format; and what they may have said is taken into account all the same. Argument: the command.
Prints TAP.
"""

import json
import re
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, Command, places
from shared.folder import Folder
from shared.tap import Tap

MALFORMED, ILLEGAL = "trace/malformed", "session/illegal-transition"
MAX = 20
BAD = {"key=value": "session=1 event=Konnected\n", "NDJSON": '{"session":1,"event":"Konnected"}\n', "CSV": "1,Konnected\n",
       "debug output": "1\t0.1\t[4] sessionlint: session=1 event=Konnected\n"}
GOOD = {"key=value": "session=2 event=Created\n", "NDJSON": '{"session":2,"event":"Created"}\n', "CSV": "2,Created\n",
        "debug output": "1\t0.1\t[4] sessionlint: session=2 event=Created\n"}


def found_in(command, form, text):
    head = "session,event\n" if form == "CSV" else ""
    result = command.check(head + text, "--rule=unfinished=off")
    return result, [(finding["line"] - bool(head), finding["message"]) for finding in result.findings]


def check_counts(tap, command):
    for form, bad in BAD.items():
        for count in (1, MAX - 1, MAX, MAX + 1, MAX + 2, 500, 70_000):
            result, found = found_in(command, form, bad * count)
            lines = [line for line, _ in found]
            more = count - MAX
            tap.ok(result.status == STATUS_FAILED and lines == list(range(1, min(count, MAX + 1) + 1))
                   and result.summary["unreadable"] == count, f"{form}: {count} of them, {len(lines)} findings", result)
            if more > 0:
                said = f"{more} more record{'s' if more > 1 else ''} cannot be read, the last of them in line "
                tap.ok(said in found[-1][1] and found[-1][1].endswith(str(count + (form == "CSV"))), f"{form}: {said}", found[-1])


def check_good(tap, command):
    """With a good record before, it is a trace, and each is told."""
    for form, bad in BAD.items():
        for before in (0, 5, MAX - 1, MAX):
            text = bad * before + GOOD[form] + bad * (100 - before)
            _, found = found_in(command, form, text)
            tap.same(len(found), 100, f"{form}: a good record after {before}: all are told")
        text = bad * (MAX + 1) + GOOD[form] + bad * 100
        _, found = found_in(command, form, text)
        tap.ok(len(found) == MAX + 1 and "101 more records" in found[-1][1], f"{form}: one that comes later changes nothing", found[-1])


def check_judged(tap, command):
    """What is not told one by one may have been anything, like the others."""
    unknown = "event=Konnected\n"
    for bad in ("session=1 event=Konnected\n", unknown):
        text = bad * 50 + "session=1 event=Logon\nsession=1 event=Logon\n" + bad + "session=1 event=Logon\nsession=1 event=Logon\n"
        result = command.check(text, "--rule=unfinished=off")
        tap.same(places(result.findings, ILLEGAL), [(52, ILLEGAL), (55, ILLEGAL)], f"{bad.strip()}: only what it does not explain")
        off = command.check(text, "--rule=unfinished=off", "--rule=malformed=off")
        tap.same([finding["line"] for finding in off.findings], [52, 55], f"{bad.strip()}: switched off, nothing is told of it")
    with Folder() as folder:
        for name in "ab":
            folder.file(name, unknown * 30)
        result = command.run("check", "-q", "--format=json", "a", "b", cwd=folder.path)
        tap.same([(finding["file"], finding["line"]) for finding in result.findings],
                 [(name, line) for name in "ab" for line in range(1, MAX + 2)], "each file is counted by itself")


def check_formats(tap, command):
    with Folder() as folder:
        folder.file("bad.trace", BAD["key=value"] * 5000)
        for form, count in (("text", r"\[trace/malformed\]"), ("json", r'"rule":"trace/malformed"'), ("csv", r"^trace/malformed"),
                            ("sarif", r'"ruleId":"trace/malformed"'), ("gitlab", r'"check_name":"trace/malformed"')):
            result = command.run("check", "-q", f"--format={form}", "bad.trace", cwd=folder.path)
            told = len(re.findall(count, result.text, re.M))
            tap.ok(told == MAX + 1 and "4980 more records cannot be read" in result.text, f"{form}: {told} findings", result)
        result = command.run("check", "-q", "--format=json", "bad.trace", cwd=folder.path)
        summary = json.loads(result.text.splitlines()[-1])["summary"]
        tap.same((summary["unreadable"], summary["findings"][MALFORMED]), (5000, MAX + 1), "the summary counts both")
        clean = command.run("check", "-q", "--rule=malformed=off", "bad.trace", cwd=folder.path)
        tap.ok(clean.status in (STATUS_CLEAN, STATUS_FAILED), "the rule is off", clean)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    for check in (check_counts, check_good, check_judged, check_formats):
        check(tap, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
