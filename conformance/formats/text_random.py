#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Thousands of random lines, right and wrong, as the project and text_oracle.py read them.

Most lines are like the line before but for their values, as in real traces: the readers have a
fast path for those. The chance is always the same. Arguments: dump_records. Prints TAP.
"""

import json
import pathlib
import random
import sys
import tempfile

import tap
import text_oracle

LINES = 6000
# Long enough that a byte of any value behind it does not decide what the file is.
PREFACE = b"#" * 5000

TEXTS = ["", "a", "CONTOSO\\ada", "J\u00fcrgen", "\u4f1a\u793e", "\U0001f600", "x y", "#", "a=b",
         "'", "\"", "\\", "/", "\t", "\u2028", "null", "true", "10.0.0.1", "-", "\x7f", "u" * 300]
TIMES = ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.6789Z", "2026-01-02T03:04:05.1234567Z",
         "2026-01-02T23:59:60Z", "2026-01-02t03:04:05z", "2026-01-02 03:04:05+01:30",
         "2024-02-29T00:00:00-12:00", "1601-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z",
         "2025-02-29T00:00:00Z", "2026-01-02T24:00:00Z", "2026-01-02T03:04:05.12345678Z",
         "2026-01-02T03:04:05", "1601-01-01T00:00:00+00:01", "1600-12-31T23:59:59Z",
         "2026-13-01T00:00:00Z", "2026-01-02T03:04:61Z", "2026-01-02T03:04:05.Z", "now"]
VALUES = {
    "time": TIMES,
    "seq": ["0", "1", "2", "18446744073709551615", "00001", "18446744073709551616", "", "-1",
            "1.0"],
    "source": ["wdm", "wts", "sens", "lsm", "winlogon", "LSM", "wd", ""],
    "session": ["0", "1", "7", "42", "123456", "1234567", "12345678", "4294967295", "4294967296",
                "", "03", "1e2", "-1", "x", "99999999999999999999", "111111111111111111111"],
    "event": ["Logon", "Logoff", "Connected", "Disconnected", "Created", "Terminated", "logon",
              "IoSessionEventLogoff", "IOSESSIONEVENTLOGON", "IoSessionEvent", "5", "0x5", "7",
              "99", "4294967295", "4294967296", "21", "25", "7001", "WTS_SESSION_LOGON",
              "wts_session_lock", "SessionReconnect", "PostShell", "Logn", "Max", "Ignore", "",
              "Disconnecte", "DisconnectedLoggedOn", "LogonX", "0x", "0xfffffffff", "15"],
    "state": ["Created", "LoggedOn", "DisconnectedLoggedOn", "IoSessionStateLoggedOff", "6", "9",
              "0", "Max", "loggedon", "DisconnectedLoggedOff", "Disconnected", "", "0X8"],
    "local": ["true", "false", "1", "0", "TRUE", "yes", ""],
    "marker": ["boot", "shutdown", "gap", "end", "reported", "BOOT", "remark", ""],
}
VALUES["from"] = VALUES["to"] = VALUES["state"]
OTHERS = ["x-", "x-many", "x-note", "x-\u00e9", "X-note", "sessiom", "Event",
          "evnt", "a.b-c_d", "_", "k" * 60]


def value_for(chance, key):
    choices = VALUES.get(key, TEXTS)
    # the first ones are what real traces hold
    return chance.choice(choices[:5] if chance.random() < 0.92 else choices)


def keys_for(chance):
    """The keys of a line, mostly such as make a record."""
    kind = chance.choice(["event"] * 9 + ["state", "marker", "none", "two"])
    keys = {"event": ["event"], "state": ["state"], "marker": ["marker"], "none": [],
            "two": chance.sample(["event", "state", "marker"], 2)}[kind]
    optional = ["time", "seq", "host", "boot", "source", "user", "address", "reason"]
    optional += ["from", "to"] if kind == "event" else []
    optional += ["local"] if kind == "state" else []
    keys += chance.sample(optional, chance.choice((0, 1, 2, 3, 4, 6)))
    keys += ["session"] if chance.random() < 0.95 else []
    if chance.random() < 0.1:
        keys.append(chance.choice(OTHERS + text_oracle.KEYS))
    chance.shuffle(keys)
    if chance.random() < 0.01:
        keys = ["x-many"] * chance.choice((31, 32, 33)) + keys
    return keys


def escaped(chance, text, often):
    """A text in quotes, with the escapes that it needs and more."""
    out = []
    for c in text:
        code = c.encode("utf-16-be", "surrogatepass")
        units = [code[i:i + 2].hex() for i in range(0, len(code), 2)]
        if c in "\"\\" or (ord(c) < 32) or chance.random() < often:
            simple = {'"': '\\"', "\\": "\\\\", "/": "\\/", "\t": "\\t", "\n": "\\n"}.get(c)
            out.append(simple if simple and chance.random() < 0.5
                       else "".join(f"\\u{chance.choice((unit, unit.upper()))}" for unit in units))
        else:
            out.append(c)
    return f'"{"".join(out)}"'


class Logfmt:
    """How lines of the native text trace are spelt."""

    read = staticmethod(text_oracle.logfmt_read)
    first = b"session=1 event=Created"

    def __init__(self, chance):
        self.quote = {key: chance.random() < 0.3 for key in text_oracle.KEYS + OTHERS}
        self.blank = chance.choice([" "] * 8 + ["\t", "  "])
        self.lead = chance.choice([""] * 8 + [" ", "\t "])
        self.tail = chance.choice([""] * 8 + [" ", " # a comment", "\r", " #", " \r", " #\r"])

    def spell(self, chance, pairs):
        return self.lead + self.blank.join(
            f"{key}={self.value(chance, key, value)}" for key, value in pairs) + self.tail

    def value(self, chance, key, value):
        plain = all(c not in ' "\x7f' and ord(c) > 32 for c in value)
        if plain and not self.quote[key]:
            return value
        return escaped(chance, value, 0.02)


class Ndjson:
    """How lines of NDJSON are spelt."""

    read = staticmethod(text_oracle.ndjson_read)
    first = b'{"session":1,"event":"Created"}'

    def __init__(self, chance):
        self.bare = {key: chance.random() < 0.5 for key in text_oracle.KEYS + OTHERS}
        self.blanks = [chance.choice([""] * 5 + [" ", "\t", " \r"]) for _ in range(6)]

    def spell(self, chance, pairs):
        a, b, c, d, e, f = self.blanks
        return a + "{" + b + ("," + c).join(
            f"{escaped(chance, key, 0.01)}{d}:{e}{self.value(chance, key, value)}"
            for key, value in pairs) + "}" + f

    def value(self, chance, key, value):
        if chance.random() < 0.02:
            return chance.choice(["null", "true", "false", "1", "-0.5e3", "[]", "{}", "[1]", "nul"])
        number = value.isdigit() and (value == "0" or value[0] != "0" or chance.random() < 0.5)
        if (number or value in ("true", "false")) and self.bare[key] and value.isascii():
            return value
        return escaped(chance, value, 0.02)


def mutated(chance, line):
    """A line with some bytes removed, replaced or added; never a line feed."""
    line = bytearray(line)
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(len(line) + 1)
        byte = chance.choice((chance.randrange(256), *b'" \\=#{}:,\r\t\x00\x7fu0e-'))
        line[at:at + chance.choice((0, 1, 1, 3))] = bytes([byte]) * chance.choice((0, 1, 1))
    return bytes(line).replace(b"\n", b"\x0b")


def lines_make(chance, spelling, valid_text):
    """Random lines. valid_text: no line that is not UTF-8."""
    lines = [spelling.first]
    while len(lines) < LINES:
        keys, spelt = keys_for(chance), spelling(chance)
        for _ in range(chance.choice((1, 2, 5, 12, 30))):
            pairs = [(key, value_for(chance, key)) for key in keys]
            line = spelt.spell(chance, pairs).encode()
            line = mutated(chance, line) if chance.random() < 0.1 else line
            try:
                line.decode()
            except UnicodeDecodeError:
                if valid_text:
                    continue
            lines.append(line)
    return lines


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
    if "more than 32 keys" in reason and line.count(b":") > text_oracle.PAIRS_MAX:
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
    report = tap.Tap()
    with tempfile.TemporaryDirectory() as work:
        path = pathlib.Path(work) / "random.trace"
        kinds = [(spelling, source) for spelling in (Logfmt, Ndjson)
                 for source in text_oracle.SOURCES]
        for seed, (spelling, source) in enumerate(kinds):
            chance = random.Random(seed)
            lines = lines_make(chance, spelling, spelling is Ndjson)
            preface = PREFACE if spelling is Logfmt else b'{"x-":"' + PREFACE + b'"}'
            path.write_bytes(b"\n".join([preface, *lines, b""]))
            status, output, errors = tap.run([dump_records, f"--source={source}", path])
            records = [json.loads(line) for line in output.splitlines()][1:-1]
            expected = expected_of(lines, spelling.read, len(preface) + 1, source)
            bad = sum("malformed" in want for want in expected.values())
            if spelling is Ndjson:
                records = [record for record in records if record["line"] > 1]
            crash = tap.crash_of(status, errors)
            report.ok(f"{spelling.__name__.lower()}, {source}: {len(lines)} random lines, "
                      f"{len(expected) - bad} records, {bad} malformed",
                      [crash] if crash else compare(lines, expected, records))
    return report.done()


if __name__ == "__main__":
    sys.exit(main())
