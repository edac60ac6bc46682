#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Half of a UTF-16 pair is no character: the record is malformed, its neighbours are read, and names are not mixed up.

Arguments: dump_records, the command. Prints TAP.
"""

import sys
import tempfile

from shared.tap import Tap
from shared.text_bench import HALVES, Bench, differ

GOOD = "session=1 event=Created"

# A record with the text in it, spelt in each format, between records that are good; how many lines precede it.
PLACES = {
    "a host": ("host=a{}b session=1 event=Logon", GOOD, 1, True),
    "a free key": ("session=1 event=Logon x-a={}", GOOD, 1, True),
    "a comment": ("# {}", GOOD, 1, False),
    "a comment behind a record": ("session=1 event=Created # {}", GOOD, 1, True),
    "a key": ("{}=1 session=1", GOOD, 1, True),
    "JSON": ('{{"host":"{}","session":1,"event":"Logon"}}', '{"session":1,"event":"Created"}', 1, True),
}


def utf16(text, half, big):
    """UTF-16 of the text, in which {} is half of a pair."""
    codec = "utf-16-be" if big else "utf-16-le"
    before, after = text.split("{}")
    unit = half.to_bytes(2, "big" if big else "little")
    return before.encode(codec) + unit + after.encode(codec)


def bytes_check(bench, report):
    """Halves among the bytes of a UTF-16 log."""
    for name, (bad, good, line, wrong) in PLACES.items():
        bad = bad.replace("{{", "{").replace("}}", "}") if name == "JSON" else bad
        for big in (False, True):
            mark, codec = (b"\xfe\xff", "utf-16-be") if big else (b"\xff\xfe", "utf-16-le")
            for half in (0xd800, 0xdbff, 0xdc00, 0xdfff):
                data = mark + f"{good}\n".encode(codec) + utf16(f"{bad}\n", half, big) + f"{good}\n".encode(codec)
                want = ["event", *["malformed"] * wrong, "event"]
                problems = []
                for how, have in (("file", bench.records(data)[0]), ("pipe", bench.piped(data)[0])):
                    problems += [f"{how}: {each}" for each in differ([each["kind"] for each in have], want)]
                    problems += [f"{how}: {each}" for each in have if each["kind"] == "malformed"
                                 and (each["line"] != line + 1 or "half of a UTF-16" not in each["reason"])]
                report.none(problems, f"U+{half:X} in {name}, {codec}")
    good = f"{GOOD}\n".encode("utf-16-le")
    for cut in (b"s", "\ud83d".encode("utf-16-le", "surrogatepass")):
        have, _ = bench.records(b"\xff\xfe" + good + "session=2 user=".encode("utf-16-le") + cut)
        report.none(differ([each["kind"] for each in have], ["event", "malformed"]), f"a log that ends with {cut}")
    header = b"\xff\xfe" + utf16("session,event,x-{}\n", 0xd800, False) + "1,Created,2\n".encode("utf-16-le")
    kinds = [each["kind"] for each in bench.records(header)[0]]
    report.none([] if set(kinds) == {"malformed"} else kinds,
                "the header of a CSV with half of a pair names no columns")


def escapes_check(bench, report):
    """Halves that are escapes."""
    for half in HALVES:
        for name, bad, good in (("logfmt", f'host="a{half}" session=1 event=Logon', GOOD),
                                ("logfmt, a user", f'user="{half}b" session=1 event=Logon', GOOD),
                                ("NDJSON", f'{{"host":"{half}","session":1,"event":1}}', '{"session":1,"event":1}'),
                                ("NDJSON, a key", f'{{"{half}":1,"session":1,"event":1}}', '{"session":1,"event":1}')):
            have, _ = bench.records(f"{good}\n{bad}\n{good}\n".encode())
            report.none(list(differ([each["kind"] for each in have], ["event", "malformed", "event"]))
                        or [each["reason"] for each in have[1:2] if "half of a UTF-16 pair" not in each["reason"]],
                        f"{name}: {half}")
        have, _ = bench.records(f'session=1 event=Created x-note="{half}"\n'.encode())
        report.none(differ([each["kind"] for each in have], ["event"]), f"{half} in a value that nobody looks at")


def hosts_check(bench, report):
    """Two hosts whose names differ in the half are not one."""
    for data in (b"\xff\xfe" + b"".join(utf16(f"host=pc{{}} session=1 event={event}\n", half, False)
                                       for half, event in ((0xd800, "Created"), (0xd801, "Logon"))),
                 b'host="pc\\ud800" session=1 event=Created\nhost="pc\\ud801" session=1 event=Logon\n'):
        status, found, _ = bench.check(data)
        report.none([] if status == 2 and {each["rule"] for each in found} <= {"trace/malformed", "trace/nothing-judged"}
                    else found, "names that differ in half of a pair: no finding mixes them up")


def main():
    report = Tap()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, *sys.argv[1:3])
        for check in (bytes_check, escapes_check, hosts_check):
            check(bench, report)
    return report.done()


if __name__ == "__main__":
    sys.exit(main())
