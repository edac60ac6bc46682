#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Thousands of random lines, right and wrong, as the project and text_oracle.py read them.

Most lines are like the line before but for their values, as in real traces: the readers have a
fast path for those. The chance is always the same. Arguments: dump_records. Prints TAP.
"""

import collections
import json
import pathlib
import random
import sys
import tempfile

from shared import contract_oracle, process, sanitizers, text_oracle
from shared.tap import Tap
from shared.text_random import LINES, Logfmt, Ndjson, lines_make

# Long enough that a byte of any value behind it does not decide what the file is.
PREFACE = b"#" * 5000

# Lines that differ from the one before in a value alone, by which a key is missing or one too many.
CHOSEN = [{"phase": phase, "session": "7", "notify": "Logon", **more} for more in ({"payload_length": "8"}, {"io": "1", "status": "0"})
          for phase in ("end", "begin", "end", "begin", "begin")]


def chosen_lines(spelling):
    if spelling is Ndjson:
        return [json.dumps(line).encode() for line in CHOSEN]
    return [" ".join(f"{key}={value}" for key, value in line.items()).encode() for line in CHOSEN]


def expected_of(lines, read, offset, source):
    """What dump_records must print, by number of the line."""
    expected = {}
    for number, line in enumerate(lines, 2):
        place = {"line": number, "offset": offset}
        offset += len(line) + 1
        try:
            record = text_oracle.record_of(read(line), source)
            if record:
                expected[number] = {**place, **record}
        except text_oracle.Malformed as error:
            expected[number] = {**place, "malformed": error}
    return expected


def reason_problem(record, error, line):
    """What is wrong with the reason of a malformed record; None if nothing is."""
    reason = record["reason"]
    if f"more than {text_oracle.PAIRS_MAX} keys" in reason and line.count(b",") >= text_oracle.PAIRS_MAX:
        return None  # and what follows is no JSON either
    if error.column is not None and not reason.startswith(f"column {error.column + 1}: "):
        return f"the column is {error.column + 1}: {reason}"
    if error.column is None and error.words not in reason:
        return f"the reason has not '{error.words}': {reason}"
    return None


def compare(lines, expected, records):
    """What differs, line by line."""
    have = {record["line"]: record for record in records}
    for number, line in enumerate(lines, 2):
        want, record = expected.get(number), have.get(number)
        problem = None
        if want is None or record is None:
            problem = None if want is record else f"{record}, not {want}"
        elif "malformed" in want:
            problem = f"read as {record}" if record["kind"] != "malformed" else (
                reason_problem(record, want["malformed"], line))
            if record["offset"] != want["offset"]:
                problem = f"offset {record['offset']}, not {want['offset']}"
        elif record != want:
            problem = f"{record}, not {want}"
        if problem:
            yield f"line {number}: {line!r}: {problem}"


def main():
    dump_records = sys.argv[1]
    report = Tap()
    with tempfile.TemporaryDirectory() as work:
        path = pathlib.Path(work) / "random.trace"
        read = collections.Counter()
        # Python takes much longer to read a line again than C does, even under the sanitizers
        share = 3 if sanitizers.is_sanitized(dump_records) else 1
        kinds = [(spelling, source) for spelling in (Logfmt, Ndjson)
                 for source in text_oracle.SOURCES]
        for seed, (spelling, source) in enumerate(kinds):
            chance = random.Random(seed)
            lines = [*chosen_lines(spelling), *lines_make(chance, spelling, spelling is Ndjson, LINES // share)]
            preface = PREFACE if spelling is Logfmt else b'{"x-":"' + PREFACE + b'"}'
            path.write_bytes(b"\n".join([preface, *lines, b""]))
            status, output, errors = process.run([dump_records, f"--source={source}", path])
            records = [json.loads(line) for line in output.splitlines()][1:-1]
            expected = expected_of(lines, spelling.read, len(preface) + 1, source)
            bad = sum("malformed" in want for want in expected.values())
            for want in expected.values():
                read.update([want.get("call") or want.get("kind"), *want.get("keys", ())])
            if spelling is Ndjson:
                records = [record for record in records if record["line"] > 1]
            crash = process.crash_of(status, errors)
            report.none([crash] if crash else compare(lines, expected, records),
                        f"{spelling.__name__.lower()}, {source}: {len(lines)} random lines, "
                        f"{len(expected) - bad} records, {bad} malformed")
        wanted = {*text_oracle.KINDS - {"call"}, *contract_oracle.NEEDS, *text_oracle.KEYS}
        report.none([f"{read[word]} with {word}" for word in sorted(wanted) if read[word] < 100 // share],
                    f"among them are at least {100 // share} of each kind and with each of {len(wanted)} keys")
    return report.done()


if __name__ == "__main__":
    sys.exit(main())
