#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""CSV: the same records as in the other texts, in every encoding, across the reader's blocks, with
every mistake at every place.

Arguments: dump_records, sessionlint. Prints TAP.
"""

import csv
import io
import random
import sys
import tempfile

from shared import csv_oracle, evtx_oracle, text_bench, text_oracle
from shared.csv_random import BYTES, cell, random_text
from shared.tap import Tap
from shared.text_bench import ENCODINGS, RECORDS, Bench, differ, logfmt, without_place

BLOCK = 256 << 10  # what is read at once, as lines.c says
LIMIT = csv_oracle.LIMIT

CONTRACT = [
    {"seq": 1, "object": "created", "io": "0xffff8000`00001000", "device_session": 0, "driver": "a,b"},
    {"call": "IoRegisterContainerNotification", "io": "0xffff800000001000", "size": 32, "length": 32,
     "class": 0, "flags": 0, "mask": "logon,logoff", "context": "NULL", "registration": "r 1",
     "status": "STATUS_SUCCESS"},
    {"notify": "Logon", "session": 3, "io": "0xffff800000001000", "payload_length": 8,
     "payload_session": 3, "payload_local": "false", "status": 0},
    {"session": 4, "event": "Created", "user": "line one\nline two\r\n\r\n\"three\"", "reason": None},
]


def spell(records, separator=",", quote=False):
    """The lines of a CSV with all columns that the records need."""
    columns = list(dict.fromkeys(key for record in records for key in record))
    return [separator.join(cell(name, quote) for name in columns)] + \
        [separator.join(cell(record.get(name), quote) for name in columns) for record in records]


def text_of(records, separator=",", quote=False, ending="\n"):
    return "".join(line + ending for line in spell(records, separator, quote))


def equal_check(bench, report):
    """The same records in three spellings."""
    records = RECORDS + CONTRACT
    plain = [{key: value for key, value in record.items() if value is not None} for record in records]
    native, _ = bench.records("".join(logfmt(record) + "\n" for record in plain).encode())
    report.none([f"{each}" for each in native if each["kind"] == "malformed"],
                f"logfmt: all {len(native)} records are read")
    want = without_place(native)
    spellings = {"NDJSON": "".join(text_bench.ndjson(record) + "\n" for record in plain)}
    for name, separator in (("commas", ","), ("semicolons", ";"), ("tabs", "\t")):
        spellings[f"CSV, {name}"] = text_of(records, separator)
        spellings[f"CSV, {name}, all quoted"] = text_of(records, separator, True)
    spellings["CSV, CRLF"] = text_of(records, ending="\r\n")
    spellings["CSV, no last line end"] = text_of(records).removesuffix("\n")
    spellings["CSV, blank lines"] = "\n \r\n\t\n" + text_of(records, ending="\n\n  \r\n")
    spellings["CSV, comments before the header"] = "#TYPE Selected.Object\n# \"a, b\n" + text_of(records)
    shuffled = [dict(reversed(record.items())) for record in reversed(records)]
    spellings["CSV, other order of columns"] = text_of(list(reversed(shuffled)))
    for name, text in spellings.items():
        have, end = bench.records(text.encode())
        report.none([
            *differ(without_place(have), want),
            *([] if end["format"] == name.split(",")[0].lower() else [f"{end}"])],
                    f"{name}: the same {len(have)} records")
    python = list(csv.reader(io.StringIO(text_of(records), newline=""), strict=True))
    columns, rows = python[0], python[1:]
    report.none([
        f"{row}" for row, record in zip(rows, records) if
        [("" if record.get(name) is None else str(record[name])) for name in columns] != row],
                "Python's csv reads the same texts")


def empty_check(bench, report):
    """What is empty, and what is an empty text."""
    head = b"session,event,user,host\n"
    for row, keys in ((b"1,Created,,", ["session", "event"]), (b'1,Created,"",', ["session", "user", "event"]),
                      (b'1,Created,"",""', ["host", "session", "user", "event"])):
        have, _ = bench.records(head + row + b"\n")
        report.none([f"{have}"] if [each["keys"] for each in have] != [keys] else [], f"{row}: the keys are {keys}")
    have, _ = bench.records(head + b',,,\n"","",,\n1,Created,,\n')
    report.none([f"{have}"] if
                [each["kind"] for each in have] != ["malformed", "event"] else [],
                "a line of separators is no record, one of empty texts is")
    status, _, errors = bench.check(head + b"\n")
    report.ok(status == 2 and "no records; there is nothing to check" in errors, "a header alone: no records")
    have, _ = bench.records(head + b"1,Created,a\\nb \\\"c,\n")
    report.none([f"{have}"] if have[0]["kind"] != "malformed" else [], "a backslash is a backslash")
    have, _ = bench.records(head + b"1,Created, a\\nb ,\n")
    report.ok(have[0].get("user") == " a\\nb ", "blanks and backslashes belong to the value")


def encodings_check(bench, report):
    """Every encoding and line end, over several blocks; each record at its line and byte."""
    extra = [{"session": i, "event": "Created", "user": "\U0001f600\u4f1a\u00e9x"[i % 4] * (i % 97) +
              ("\n" * (i % 3) + '"' if i % 5 == 0 else "")} for i in range(4000)]
    lines = spell(RECORDS + CONTRACT[3:] + extra)
    for ending, name in (("\n", "LF"), ("\r\n", "CRLF")):
        for last in (ending, ""):
            text = ending.join(lines) + last
            want = list(csv_oracle.csv_records(text.encode()))
            for encoding, (mark, codec) in ENCODINGS.items():
                have, end = bench.records(mark + text.encode(codec))
                for each, row in zip(want, offsets(lines, mark, codec, ending)):
                    each["offset"] = row
                report.none(csv_oracle.differences(have, want),
                            f"{encoding}, {name}{'' if last else ', unfinished'}: {len(have)} records")
                if bench.piped(mark + text.encode(codec)) != (have, end):
                    report.none(False, "through a pipe it is the same")


def offsets(lines, mark, codec, ending):
    """Where each row begins in the file."""
    at = len(mark)
    for number, line in enumerate(lines):
        if number:
            yield at
        at += len((line + ending).encode(codec))


def blocks_check(bench, report):
    """A record that spans lines, at each place across the edges of blocks."""
    head = b"session,event,user,x-more\n"
    row = b'7,Created,"a\n""b""\r\nc","\n"\n'
    problems, runs = [], 0
    for cut in range(len(row) + 2):
        data = head + b"1,Created,a,\n" * 3
        for edge in (BLOCK, 2 * BLOCK, 3 * BLOCK):
            data += filler(edge - cut - len(data)) + row * 3
        want = list(csv_oracle.csv_records(data))
        for how, have in (("file", bench.records(data)[0]), ("pipe", bench.piped(data)[0])):
            problems += [f"{cut} bytes before the edges, {how}: {problem}"
                         for problem in csv_oracle.differences(have, want)]
            runs += 1
    report.none(problems, f"{runs} texts: a record at each place across an edge is read")


def filler(size):
    """A record of that many bytes."""
    begin, end = b"2,Created,", b",\n"
    return begin + b"u" * (size - len(begin) - len(end)) + end


def long_check(bench, report):
    """Long records of many lines, at and above the limit; quotes that are never closed."""
    head, good = b"session,event,user,x-more\n", b"8,Created,,\n"
    for size in (LIMIT - 1, LIMIT, LIMIT + 1, LIMIT + BLOCK, 3 * LIMIT):
        for width in (1, 2, 90, 70000, LIMIT // 2):
            begin, end = b'7,Created,"', b'",'
            lines = b"u" * (width - 1) + b"\n"
            body = (lines * (size // width + 1))[:size - len(begin) - len(end)]
            for front in (b"", good, good * 300 + filler(BLOCK + 90_000)):
                # lines that are read by themselves are no records: too many findings tell nothing more
                data = head + front + begin + body + end + b"\n" + good
                if size > LIMIT and width < 70000:
                    continue
                want = list(csv_oracle.csv_records(data))
                problems = [f"{how}: {problem}" for how, have in
                            (("file", bench.records(data)[0]), ("pipe", bench.piped(data)[0]))
                            for problem in csv_oracle.differences(have, want)]
                report.none(problems,
                            f"a record of {size} bytes, lines of {width}, {len(front)} before it is "
                            f"{'read' if size <= LIMIT else 'too long'}")
    # so many records that all that follows is less than the limit, and more
    for count, after in ((3, good), (3000, good), (2000, filler(1500))):
        data = head + good + b'7,Created,"anna,\n' + after * count
        want = list(csv_oracle.csv_records(data))
        have, _ = bench.records(data)
        told = [each["reason"] for each in have if each["kind"] == "malformed"]
        reason = "column 11: the quote that opens here is " + (
            "never closed" if len(data) < LIMIT else f"not closed in a record of {LIMIT} bytes")
        report.none([
            *csv_oracle.differences(have, want), *([] if told == [reason] else told)],
                    f"a forgotten quote {count} records before the end costs one record")
    data = head + good + b'7,Created,"anna,\n' + b'7,Created,"bob",\n' * 1000
    have, _ = bench.records(data)
    report.none([f"{each}" for each in have if each["kind"] == "malformed"][1:] +
                ([] if len(have) == 1002 else [f"{len(have)} records"]),
                "a forgotten quote before a quoted value costs one record")


ROWS = b'session,event,user\n1,Created,"a""\nb"\n2,Created,anna\r\n"3",Created,""\n'


def mistakes_check(bench, report):
    """Every byte left out, replaced or added in a small text behind its header."""
    texts, first = [], ROWS.index(b"\n") + 1
    for at in range(first, len(ROWS) + 1):
        texts.append(ROWS[:at] + ROWS[at + 1:])
        texts.append(ROWS[:at])
        for byte in BYTES:
            texts.append(ROWS[:at] + bytes([byte]) + ROWS[at:])
            texts.append(ROWS[:at] + bytes([byte]) + ROWS[at + 1:])
    compare_all(bench, report, f"every mistake at every place, {len(texts)} texts", texts)


def compare_all(bench, report, claim, texts, source="wdm"):
    """Holds what is read of many small texts to the oracle, in one run."""
    folder = bench.path.parent / "texts"
    folder.mkdir()
    paths = [folder / f"{number:05}.csv" for number in range(len(texts))]
    for path, text in zip(paths, texts):
        path.write_bytes(text)
    read = evtx_oracle.dump_mapped(bench.dump_records, [f"--source={source}", *map(str, paths)])
    problems, malformed = [], 0
    for path, text in zip(paths, texts):
        *have, end = read[str(path)]
        want = list(csv_oracle.csv_records(text, source))
        malformed += sum(each["kind"] == "malformed" for each in want)
        problems += [] if end.get("format") == "csv" else [f"{text!r}: {end}"]
        problems += [f"{text!r}: {problem}" for problem in csv_oracle.differences(have, want)]
        path.unlink()
    folder.rmdir()
    report.none(problems, f"{claim}, {malformed} records malformed")


def random_check(bench, report):
    """Random rows, right and wrong; what is right is also read by Python's csv."""
    for seed, source in enumerate(text_oracle.SOURCES):
        chance, texts, problems = random.Random(seed), [], []
        for number in range(400):
            text, separator = random_text(chance, 0.1 * (number % 2))
            texts.append(text)
            if number % 2:
                continue
            lines = io.StringIO(text.decode("latin-1"), newline="")
            theirs = list(csv.reader(lines, delimiter=separator, strict=True))
            mine = [[value.decode("latin-1") for value, _ in fields] for fields in csv_oracle.rows(text, separator)]
            problems += [f"{text}: {a}, not {b}" for a, b in zip(mine, theirs) if a != (b or [""])]
        report.none(problems, f"seed {seed}: the oracle reads sound texts as Python's csv does")
        compare_all(bench, report, f"{len(texts)} random texts, {source}", texts, source)


# A header, rows, and of each record the kind and a part of the reason.
HEADERS = [
    # what is misspelt and can be missing does not matter to the rows
    (b"usr,session,event", b"a,1,Created\n,1,Logon\n",
     ["column 1: unknown key 'usr'; did you mean user?", "event", "event"]),
    (b"session,event,addresx", b"1,Created,a\n", ["did you mean address?", "event"]),
    # whose record it is may be in what is misspelt: such a row is no record, one without a value is
    (b"hots,session,event", b"a,1,Created\n,1,Logon\n", ["did you mean host?", "unknown key 'hots'", "event"]),
    (b"session,event,sequence", b"1,Created,1\n", ["column 15: unknown key 'sequence'", "unknown key"]),
    (b"session,event,computer", b"1,Created,a\n1,Logon,\n",
     ["your own keys must begin with x-", "unknown key", "event"]),
    (b"sessiom,event", b"1,Created\n", ["did you mean session?", "did you mean session?"]),
    (b"session,evnt", b"1,Created\n", ["did you mean event?", "did you mean event?"]),
    (b"session,event,markr", b"1,Created,\n,,boot\n", ["did you mean marker?", "event", "did you mean marker?"]),
    # a column that is there twice
    (b"session,event,session", b"1,Created,1\n1,Logon,2\n1,Logoff,\n,Logoff,1\n",
     ["column 15: duplicate session", "event", "duplicate session", "event", "event"]),
    (b"session,event,session", b"1,Created,1\n2,Created,1\n",
     ["column 15: duplicate session", "event", "duplicate session"]),
    (b"session,event,session,session", b"1,Created,1,1\n1,Created,,2\n",
     ["column 15: duplicate session", "event", "duplicate session"]),
    # other ways to be wrong
    (b"session,event,", b"1,Created,\n1,Logon,a\n", ["column 15: a column without a name", "event", "unknown key ''"]),
    # names are alike in upper and lower case
    (b"Session,EVENT,X-Note,useR", b"1,Created,a,b\n", ["event"]),
    (b"Session,event,session", b"1,Created,1\n", ["column 15: duplicate session", "event"]),
    (b"Sessiom,Event", b"1,Created\n", ["unknown key 'Sessiom'; did you mean session?", "unknown key 'Sessiom'"]),
    (b"session, event", b"1,Created\n", ["unknown key ' event'; did you mean event?", "unknown key"]),
    (b"session,event,x-", b"1,Created,\n", ["unknown key 'x-'", "event"]),
    (b'"session","ev""ent"', b"1,Created\n",
     ["column 12: unknown key 'ev\"ent'; did you mean event?", "unknown key"]),
    (b'session,"event', b"1,Created\n2,Created\n", ["column 9: the quote that opens here is never closed"]),
    (b'session,"event"x', b"1,Created\n2,Created\n", ["column 16: unexpected 'x'; expected CSV"]),
    (b"session,event" + b",x-a" * 63, b"1,Created\n", ["column 262: more than 64 keys"]),
    (b"session,event,x-a,x-a", b"1,Created,1,2\n", ["event"]),
    (b"session,event," + b"k" * 100, b"1,Created,2\n",
     ["unknown key '" + "k" * 40 + "'", "unknown key '" + "k" * 40]),
]

# First lines, and the format that they make of a text; None: it is no trace.
FIRST = [
    (b"session,event", "csv"), (b"x-a,session", "csv"), (b"foo,session", "csv"), (b"time;session", "csv"),
    (b"time\tsession", "csv"), (b'"time","Event"', "csv"), (b"session,event=", "csv"), (b"SESSION;Time", "csv"),
    (b"\n\n# a\nsession,event", "csv"), (b"a,sesion", "csv"), (b'"time","x-a=b"', None),
    (b"x-a=1,session,event", "logfmt"), (b"session=1,event,time", "logfmt"), (b"session", None),
    (b"foo,bar", None), (b"Hello, session, foo", None), (b"# session,event", "logfmt"),
    (b"session event", None), (b'{"a":1},session', None), (b'{"session":1},session', "ndjson"), (b",session", "csv"),
]


def header_check(bench, report):
    """Headers with faults: what is said of them, and what becomes of the rows."""
    for header, rows, want in HEADERS:
        have, end = bench.records(header + b"\n" + rows)
        problems = [f"{each}, not {word}" for each, word in zip(have, want)
                    if each["kind"] != word and word not in each.get("reason", "")]
        problems += [] if len(have) == len(want) and end["format"] == "csv" else [f"{have}, {end}"]
        problems += [f"{each} names a session" for each in have if each["kind"] == "malformed" and each["flags"]]
        report.none(problems, f"{header[:50]} is read as it should be")
    have, end = bench.records(b'session,"event\n1,Created\n\n2,Created\n')
    report.ok(end["skipped"] == 2, "what is behind a header that cannot be read is skipped, and counted")
    for line, name in FIRST:
        _, end = bench.records(line + b"\n\n")
        have = None if end["end"] == "no known format" else end["format"]
        report.none([f"{end}"] if have != name else [], f"a text that begins with {line} is {name}")
    have, _ = bench.records(b"session,event,user\n1,Konnected,a\nx,Created,a\n1,Created\n")
    report.none([f"{have}"] if [each["flags"] for each in have] != [8, 0, 0] else [],
                "a bad value leaves a row its session, a bad number of fields does not")


def findings_check(bench, report):
    """No false alarm comes of a lost column."""
    life = ["Created", "Connected", "Logon", "Logoff", "Disconnected", "Terminated"]
    rows = [(host, event) for event in life for host in "abc"]
    for header, own in ((b"host,session,event\n", []), (b"hots,session,event\n", [1]),
                        (b"computer,session,event\n", [1]), (b"host,session,evnt\n", [1])):
        text = header + "".join(f"{host},1,{event}\n" for host, event in rows).encode()
        _, found, _ = bench.check(text)
        rules = {each["rule"] for each in found}
        report.none(sorted(rules - {"trace/malformed"}), f"{header}: no session breaks a rule")
        report.ok(own == [each["line"] for each in found][:len(own)], f"{header}: the header is a finding")
    text = b'session,event,user\n1,Created,"a\n\nb"\n\n1,Logon,a\n2,Logn,"\n"\n'
    status, found, _ = bench.check(text, "--rule=unfinished=off")
    report.ok(status == 2 and
              [each["line"] for each in found] == [6, 7], "a finding names the line in which the record begins")
    status, found, _ = bench.check(b"session,event,user\n1,Created,a\n1,Logon")
    report.ok(status == 2 and any(
              each["message"] == "column 8: 2 fields, but the header has 3; the file ends here and may be truncated"
              for each in found), "a last record that is cut says so")


def main():
    report = Tap()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, *sys.argv[1:3])
        for check in (equal_check, empty_check, encodings_check, blocks_check, long_check, mistakes_check,
                      random_check, header_check, findings_check):
            check(bench, report)
    return report.done()


if __name__ == "__main__":
    sys.exit(main())
