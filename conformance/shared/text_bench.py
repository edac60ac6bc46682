# SPDX-License-Identifier: MIT
"""Texts, and what dump_records reads in them, for the tests of the text formats."""

import json
import pathlib
import re

from shared import evtx_oracle, process

# How a text can be encoded: the mark at its beginning, and the codec.
ENCODINGS = {
    "UTF-8": (b"", "utf-8"),
    "UTF-8 with a mark": (b"\xef\xbb\xbf", "utf-8"),
    "UTF-16LE": (b"\xff\xfe", "utf-16-le"),
    "UTF-16BE": (b"\xfe\xff", "utf-16-be"),
}

RECORDS = [
    {"time": "2026-01-02T03:04:05.6789Z", "seq": 1, "host": "VDI-017", "boot": "7",
     "session": 3, "user": "CONTOSO\\ada", "address": "10.0.0.1", "event": "Created",
     "from": "Initialized", "to": "Created"},
    {"seq": 2, "session": 3, "event": "Connected"},
    {"session": 3, "state": "Connected", "local": "true"},
    {"session": 3, "state": 3, "local": "false"},
    {"source": "wts", "session": 4294967295, "event": "WTS_SESSION_LOGON"},
    {"source": "lsm", "session": 0, "event": 21, "user": "\u4f1a\u793e\\\u592a\u90ce"},
    {"event": 5, "session": 4, "user": ""},
    {"event": "IoSessionEventLogoff", "session": "4", "user": "\U0001f600 \"quoted\" \\ \t \u00e9"},
    {"marker": "boot", "host": "VDI-\u00dc"},
    {"marker": "reported", "session": 5, "reason": "a, b, 0x80070102"},
    {"marker": "gap"},
    {"x-note": "mine", "event": "Created", "session": 9, "x-more": 1},
    {"session": 9, "event": 4294967294, "allow": "unfinished, trace/gap", "allow_reason": "ticket 4711: \u00fc \"x\""},
    {"allow_reason": "it is, too", "marker": "gap", "allow": "gap"},
]


def logfmt(record):
    return " ".join(f"{key}={logfmt_value(str(value))}" for key, value in record.items())


def logfmt_value(value):
    if re.fullmatch(r'[^\x00-\x20"\x7f\\]*', value):
        return value
    return json.dumps(value, ensure_ascii=False)


def ndjson(record):
    return json.dumps(record, ensure_ascii=False)


class Bench:
    """The commands, and a file for them."""

    def __init__(self, folder, dump_records, sessionlint):
        self.path = pathlib.Path(folder) / "text.trace"
        self.dump_records, self.sessionlint = dump_records, sessionlint
        self.last = None, None  # output without its first line, and what it says

    def records(self, data, *options):
        """The records of a file with these bytes, and how its reading ended."""
        self.path.write_bytes(data)
        return self.parse(process.run([self.dump_records, *options, self.path]))

    def piped(self, data):
        """The same through a pipe."""
        return self.parse(process.run([self.dump_records, "-"], data))

    def lines(self, *arguments, data=None):
        """What dump_records prints, line by line, without the first one, which names the file."""
        status, output, errors = process.run([self.dump_records, *arguments], data)
        if process.crash_of(status, errors):
            raise RuntimeError(process.crash_of(status, errors))
        return output.splitlines()[1:]

    def all_records(self, texts):
        """As records() of each text, by one run."""
        paths = [self.path.with_name(f"{number:05}.trace") for number in range(len(texts))]
        for path, text in zip(paths, texts):
            path.write_bytes(text)
        read = evtx_oracle.dump_mapped(self.dump_records, map(str, paths))
        for path in paths:
            path.unlink()
        return [(entries[:-1], entries[-1]) for entries in (read[str(path)] for path in paths)]

    def parse(self, outcome):
        """Records and end. Output like that of the run before, as of the same text through a pipe, is not parsed again."""
        status, output, errors = outcome
        if process.crash_of(status, errors):
            raise RuntimeError(process.crash_of(status, errors))
        printed = output.partition(b"\n")[2]
        if printed != self.last[0]:
            entries = json.loads(b"[" + b",".join(printed.splitlines()) + b"]")
            self.last = printed, (entries[:-1], entries[-1])
        return self.last[1]

    def check(self, data, *options):
        """Status, findings and complaints of 'sessionlint check'."""
        self.path.write_bytes(data)
        status, output, errors = process.run(
            [self.sessionlint, "check", "--format=json", *options, self.path])
        if process.crash_of(status, errors):
            raise RuntimeError(process.crash_of(status, errors))
        found = [json.loads(line) for line in output.decode().splitlines()]
        return status, [each for each in found if "rule" in each], errors


def without_place(records):
    return [{key: value for key, value in each.items() if key not in ("line", "offset")}
            for each in records]


def differ(have, want):
    for a, b in zip(have, want):
        if a != b:
            yield f"{a}, not {b}"
    if len(have) != len(want):
        yield f"{len(have)} records, not {len(want)}"


# Half of a UTF-16 pair is no character.
HALVES = (r"\ud83d", r"\ude00", r"\ude00\ud83d", r"\ud83dx", r"\ud83d\u0041", r"\ud83d\ue000", r"\ude00\ude00",
          r"\udbff\udbff", r"\ud83d\ud83d\ude00")
