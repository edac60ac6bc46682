#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Debug output: the records of DebugView's files and of debuggers' logs are found, and nothing else is.

Arguments: dump_records, sessionlint. Prints TAP.
"""

import random
import sys
import tempfile

from shared import text_oracle, text_random
from shared.tap import Tap
from shared.text_bench import ENCODINGS, RECORDS, Bench, differ, logfmt, without_place

# What DebugView can write before a line's text.
COLUMNS = [
    "00000001\t0.00000000\t[1234] ", "00000002\t1.20000000\t", "3\t0,00012345\t[4]\t",
    "00000004\t10:15:32\t[1234] ", "5\t10:15:32 AM\t[1234] ", "00000006\t10:15:32.123\t", "7\t9:05:01.123 pm\t",
    "00000008  0.00000000  [1234] ", "9 1.5 ", "0.00000000\t[1234] ", "10:15:32 ", "10.15.32\t[77] ", "[1234] ",
    "00000010\t0.10000000\t[\\\\VDI-017] ", "11\t0.1\t[\\\\VDI-017] [1234] ", "  12\t0.1\t ",
]

# Lines that hold no record, and must not be taken for one that is wrong.
OTHERS = [
    "", "text", "[\\\\COMPUTER]", "[\\\\COMPUTER", "00000001\t0.1\t[12] text", "00000001\t0.1\t[12]",
    "00000001\t0.1\t", "00000001", "1\t0.1\tsee sessionlint, session=1 event=Logon",
    "sessionlint : session=1 event=Logon", "sessionlin: session=1 event=Logon", "essionlint: session=1 event=Logon",
    "status=0xc0000001", "size=32 length=8",
    "1\t0.1\t[12] status=0xc0000001 in foo.c", "1\t0.1\tflags=1 mask=3",
    "1\t0.1\tstate=3", "2\t0.2\tstatus=0xc0000001 in state=closed path", "status=0 event=Logon", "1\t0.1\tx-a=1 session=1 event=Logon",
    "events=3 session=4", "1\t0.1\ta session=1 event=Logon", "=1", "session = 1",
    "1\t0.1\tsession 1 event=Logon", "session", "event", "sessionlint", "context=NULL", "kd> g",
    "Breakpoint 0 hit", "1\t0.1\tuser=anna", "nt!DbgBreakPointWithStatus:", "fffff800`1234 cc int 3", "%s%n",
    "1\t0.1\t[4] Microsoft-Windows-Kernel-PnP", "1\t0.1\t[4] <Event >", "EventID\tRecordNumber",
    "\x01\x02\xff",
]

# Lines that hold a record by their tag.
TAGGED_LINES = [
    "sessionlint: session=1 event=Logon", "sessionlint:session=1 event=Logon",
    "sessionlint:\tsession=1 event=Logon # why", "sessionlint: user=\"a b\" session=1 event=Logon  ",
    "kd> sessionlint: session=1 event=Logon", "0: kd>sessionlint: session=1 event=Logon",
    "1\t0.1\tsee sessionlint: session=1 event=Logon", "SessionLint: session=1 event=Logon",
    "1\t0.1\t[12] flt: SESSIONLINT: session=1 event=Logon",
    "[0]0004.0008::03/02/2026-12:01:40.7712345 [flt]sessionlint: session=1 event=Logon",
    "2026-03-02T12:01:44.7712345Z sessionlint: session=1 event=Logon",
    "<14>Mar  2 12:01:44 vdi-017 kernel: [ 12.3] sessionlint: session=1 event=Logon",
]

# Lines that hold one without a tag, in a log that has none.
UNTAGGED_LINES = [
    "session=1 event=Logon", "event=Logon session=1", "user=a session=1 event=Logon",
    "time=2026-01-02T03:04:05Z session=1 event=Logon", "source=wts session=1 event=5",
]

# Lines that hold a record which is wrong: the line, the reason with the column of the line.
WRONG_TAGGED = [
    ("sessionlint: session=1 evnt=Logon", "unknown key 'evnt'; did you mean event?"),
    ("sessionlint: session=1 event=Logn", "did you mean Logon?"),
    ("sessionlint: text", "column 18: unexpected end of line"),
    ("sessionlint: session=1 event=Logon %", "column 36: unexpected '%'; expected key=value"),
    ("1\t0.1\t[7] sessionlint: session=1 event=Logon %", "column 46: unexpected '%'; expected key=value"),
    ("sessionlint: x-a=1", "missing one of event"), ("1\t0.1\t[12] Sessionlint: event=Logon", "missing session"),
    ("sessionlint:", "missing one of event"), ("sessionlint: # session=1 event=Logon", "missing one of event"),
    ("sessionlint: 3 records cannot be read", "unexpected '3'; expected key=value"),
]
WRONG_UNTAGGED = [
    ("1\t0.1\t[7] session=1 event=Logon ! ", "column 33: unexpected '!'; expected key=value"),
    ("session=1 evnt=Logon", "did you mean event?"), ("1\t0.1\tsession=3", "missing one of event"),
]

FIRST = "00000001\t0.00000000\t[1] begin\n"


def columns_check(bench, report):
    """The same records behind every kind of columns, among other lines."""
    native, _ = bench.records("".join(logfmt(record) + "\n" for record in RECORDS).encode())
    for columns in COLUMNS:
        for tag in ("sessionlint: ", "sessionlint:", ""):
            text, places = FIRST, []
            for record in RECORDS:
                text += columns + "noise\r\n\r\n"
                places.append((text.count("\n") + 1, len(text.encode())))
                # an own key in front is no sign of a record by itself
                line = logfmt(dict(sorted(record.items(), key=lambda pair: pair[0].startswith("x-"))))
                text += columns + tag + line + "\r\n\r\n"
            have, end = bench.records(text.encode())
            report.none([
                *differ(without_place(have), without_place(native)),
                *differ([(each["line"], each["offset"]) for each in have], places),
                *([] if end["format"] == "debugview" and end["skipped"] == len(RECORDS) + 1 and
                  end["records"] == 2 * len(RECORDS) + 1 else [f"{end}"])],
                        f"{columns!r}, {tag!r}: {len(have)} records are found")


def encodings_check(bench, report):
    """Every encoding and line end."""
    own = "event=Created user=\u4f1a\U0001f600"
    lines = [FIRST.strip()]
    lines += [f"{COLUMNS[i % len(COLUMNS)]}sessionlint: session={i} {own}" if i % 3 else f"{i}\t0.1\t\u4f1a"
              for i in range(20000)]
    for encoding, (mark, codec) in ENCODINGS.items():
        for ending in ("\n", "\r\n"):
            text = mark + ending.join(lines).encode(codec)
            have, end = bench.records(text)
            report.none([
                *differ([(each["line"], each["session"], each["kind"]) for each in have],
                        [(i + 2, i, "event") for i in range(20000) if i % 3]),
                *([] if (have, end) == bench.piped(text) else ["not the same through a pipe"])],
                        f"{encoding}, {ending!r}: {len(have)} records")


def lines_check(bench, report):
    """What is a record, what is a wrong one, and what is none; in a log with tags, and in one without."""
    tagged, untagged = "sessionlint: session=9 event=Created\n", "session=9 event=Created\n"
    for good in (tagged, untagged):
        for line in OTHERS:
            have, end = bench.records((FIRST + good + line + "\n" + good).encode("latin-1"))
            report.none([f"{have}"] if [each["line"] for each in have] != [2, 4] or
                        end["skipped"] != 1 + bool(line) else [], f"{line!r} is no record")
    for good, lines in ((tagged, TAGGED_LINES), (untagged, UNTAGGED_LINES), (untagged, TAGGED_LINES)):
        for line in lines:
            have, _ = bench.records((FIRST + good + line + "\n").encode())
            # of a log that has a tag anywhere in its beginning, the tagged lines alone count
            count = 1 if (good, lines) == (untagged, TAGGED_LINES) else 2
            report.none([f"{have}"] if
                        [each["kind"] for each in have] != ["event"] * count or have[-1]["session"] != 1 or
                        have[-1]["event"] != 5 else [], f"{good.split()[0]} {line!r} is one")
    for good, lines in ((tagged, WRONG_TAGGED), (untagged, WRONG_UNTAGGED)):
        for line, reason in lines:
            have, _ = bench.records((FIRST + good + line + "\n" + good).encode())
            report.none([f"{have}"] if [each["kind"] for each in have] != [
                        "event", "malformed", "event"] or reason not in have[1]["reason"] else [],
                        f"{line!r} is malformed: {reason}")
    for line in UNTAGGED_LINES:
        have, end = bench.records((FIRST + tagged + line + "\n" + tagged).encode())
        report.none([f"{have}"] if
                    [each["line"] for each in have] != [2, 4] or end["skipped"] != 2 else [],
                    f"{line!r} is no record where records have tags")


def formats_check(bench, report):
    """Which texts are taken for debug output."""
    tagged = "sessionlint: session=1 event=Created\n"
    for name, text, count in (
            ("debugview", tagged, 1), ("debugview", "Opened \\\\.\\com1\nkd> g\n" + tagged, 1),
            ("debugview", "x" * 8000 + "\n" + tagged, 1), ("debugview", "x" * 9000 + "\n" + tagged, 1),
            ("debugview", "Done.\n" * 90000 + tagged, 1),
            # others print key=value too
            ("debugview", "PATH=/usr/bin\nLANG=C\n" + tagged, 1), ("debugview", "status=0 size=3\n" + tagged, 1),
            ("debugview", "time=2026-01-02T03:04:05Z level=info\n" + tagged, 1),
            ("debugview", "\0\0\0" + tagged, 1), ("debugview", "\x01\x02 " + tagged, 1),
            ("debugview", "\n\n# mine\n" + FIRST + tagged, 1), ("debugview", "[\\\\HOST]\n" + FIRST + tagged, 1),
            ("logfmt", "session=1 event=Created\n" + tagged, 2),
            ("logfmt", "# a\nx-a=1 session=1 event=1\n" + tagged, 2),
            ("csv", "session,event\n" + tagged, 1), ("debugview", "a sessionlint: session=1\n", 1),
            ("logfmt", "a\nsession=1 event=Created\n", 2), ("logfmt", "sesion=1 event=Created\n", 1),
            ("logfmt", "host=a\nsession=1 event=Created\n", 2), ("logfmt", "time=2026-01-02 evnt=Logon\n", 1),
            ("ndjson", "a\n{\"session\":1,\"event\":\"Created\"}\n", 2)):
        data = text.encode()
        for how, (have, end) in (("file", bench.records(data)), ("pipe", bench.piped(data))):
            report.none([f"{end}: {have}"] if
                        end["format"] != name or len(have) != count else [],
                        f"{how}: {text[:40]!r}... is {name}, {count} records")
    for text in (FIRST, FIRST * 1000, FIRST + "\r\n\r\n"):
        status, _, errors = bench.check(text.encode())
        report.none([f"{status}: {errors}"] if
                    status != 2 or "no records; there is nothing to check" not in errors else [],
                    f"{text[:40]!r}...: no records")
    for text in ("1 text\n", "text\n" * 90000, "a=1\n", "level=info msg=\"a b\"\n"):
        status, found, errors = bench.check(text.encode())
        report.none([f"{status}: {errors}"] if
                    status != 2 or found or errors.count("not a session trace") != 1 or
                    errors.count("sessionlint: ") != 1 else [], f"{text[:40]!r}... is not a session trace")
    status, found, _ = bench.check((FIRST + "\r\n" + tagged.replace("Created", "Logon") * 2).encode())
    report.ok(status == 1 and found[0]["line"] == 3, "a finding names the line of the file")


def random_check(bench, report):
    """Random records behind random columns, as text_oracle.py reads them; random lines between them."""
    for seed in range(4):
        chance = random.Random(seed)
        data, number, want = FIRST.encode(), 2, []
        for line in text_random.lines_make(chance, text_random.Logfmt, False):
            front = (chance.choice(COLUMNS) + "sessionlint:").encode()
            offset = len(data)
            data += front + line + b"\n"
            try:
                record = text_oracle.record_of(text_oracle.logfmt_read(line))
                # a tag without a record has lost it
                want.append({"line": number, "offset": offset,
                             **(record or {"kind": "malformed", "reason": "missing one of event"})})
            except text_oracle.Malformed as error:
                column = f"column {len(front) + error.column + 1}: " if error.column is not None else ""
                want.append({"line": number, "offset": offset, "kind": "malformed", "reason": column})
            if chance.random() < 0.3:
                noise = chance.randbytes(chance.randrange(40)).replace(b"=", b"") + b"\n"
                number += noise.count(b"\n")
                data += noise
            number += 1
        have, _ = bench.records(data)
        report.none([
            f"{got}, not {expected}" for got, expected in zip(have, want)
            if not (got == expected or (got["kind"] == expected["kind"] == "malformed" and
                                        (got["line"], got["offset"]) == (expected["line"], expected["offset"]) and
                                        got["reason"].startswith(expected["reason"])))] +
            ([] if len(have) == len(want) else [f"{len(have)} records, not {len(want)}"]),
                    f"seed {seed}: {len(want)} random records")


def main():
    report = Tap()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, *sys.argv[1:3])
        for check in (columns_check, encodings_check, lines_check, formats_check, random_check):
            check(bench, report)
    return report.done()


if __name__ == "__main__":
    sys.exit(main())
