# SPDX-License-Identifier: MIT
"""An independent reading of CSV traces: RFC 4180, section 2, and what traces/README.md adds.

csv_records() gives what dump_records must print. It takes a text whose header is sound, if its
quotes are; what is wrong with names of columns is tested by hand.
"""

import re

from shared import text_oracle

LIMIT = 1 << 20
CONTROL = bytes(set(range(32)) - {9} | {127})
BARE = {separator: re.compile(b"[^" + re.escape(CONTROL + b'"' + separator) + b"]*") for separator in (b",", b";", b"\t")}


class Bad(Exception):
    """A record that cannot be taken apart. at: the byte that shows it; field: where the field begins;
    kind: syntax, many, never, long."""

    def __init__(self, kind, at, field):
        super().__init__(kind)
        self.kind, self.at, self.field = kind, at, field


def quoted_read(data, at, end):
    """Behind the closing quote, or None, of the field whose quote is at @at."""
    close = data.find(b'"', at + 1, end)
    while close >= 0 and data[close + 1:close + 2] == b'"' and close + 1 < end:
        close = data.find(b'"', close + 2, end)
    return close + 1 if close >= 0 else None


def fields_read(data, at, separator, end):
    """The fields of the record at @at, as (value, quoted), and what is behind it."""
    fields, bare = [], BARE[separator]
    while True:
        begin = at
        if len(fields) == text_oracle.PAIRS_MAX:
            raise Bad("many", at - 1, last)
        last = begin
        if data[at:at + 1] == b'"':
            behind = quoted_read(data, at, end)
            if behind is None or behind >= end:
                raise Bad("open", end, begin)
            fields.append((data[at + 1:behind - 1].replace(b'""', b'"'), True))
            at = behind
        else:
            at = bare.match(data, at, end).end()
            fields.append((data[begin:at], False))
        if at < end and data[at:at + 1] == separator:
            at += 1
            continue
        at += data[at:at + 1] == b"\r"
        if at < end and data[at:at + 1] == b"\n":
            return fields, at + 1
        if at >= end:
            raise Bad("open", end, begin)
        raise Bad("syntax", at, begin)


def record_read(data, at, separator):
    """As fields_read(), with what is too long or never ends."""
    end = min(len(data), at + LIMIT + 1)
    first = data.index(b"\n", at)
    if first - at > LIMIT:
        raise Bad("line", at, at)
    try:
        return fields_read(data, at, separator, end)
    except Bad as bad:
        if bad.kind != "open":
            raise
        if end == len(data):
            raise Bad("never", bad.field, bad.field) from None
        try:
            fields_read(data, at, separator, first + 1)
        except Bad as inner:
            raise Bad("long", inner.field, inner.field) from None
        raise


def rows(data, separator):
    """The fields of all records of a sound text."""
    at = 0
    while at < len(data):
        fields, at = record_read(data, at, separator.encode())
        yield fields


def place_of(data, begin, line, at):
    """The place of a byte as a reason says it."""
    feeds = data.count(b"\n", begin, at)
    column = at - (data.rfind(b"\n", begin, at) if feeds else begin - 1)
    return f"line {line + feeds}, column {column}: " if feeds else f"column {column}: "


def row_of(columns, fields):
    """The pairs of a record; those that are not there are left out."""
    return [(name, value) for name, (value, quoted) in zip(columns, fields) if value or quoted]


def csv_records(data, source="wdm"):
    """What dump_records must print of records; of malformed ones 'reason' is how theirs begins."""
    data += b"" if data.endswith(b"\n") else b"\n"
    at, line, columns, separator, last = 0, 1, None, None, None
    while at < len(data):
        begin, number = at, line
        # a record that repeats the bytes of the last one says the same
        if last and data.startswith(last[0], at):
            at, line = at + len(last[0]), line + last[1]
            yield from ({**each, "line": number, "offset": begin} for each in last[2])
            continue
        first = data[at:data.index(b"\n", at) + 1]
        if columns is None and (not first.strip(b" \t\r\n") or first.lstrip(b" \t\r").startswith(b"#")):
            at, line = at + len(first), line + 1
            continue
        if separator is None:
            separator = re.search(rb"[,;\t]", re.sub(rb'"[^"]*"', b"", first))[0]
        place = {"line": number, "offset": begin}
        try:
            fields, at = record_read(data, at, separator)
        except Bad as bad:
            at = data.index(b"\n", bad.field) + 1
            reason = "the line is longer" if bad.kind == "line" else place_of(data, begin, number, bad.at)
            yield {**place, "kind": "malformed", "reason": reason}
            if columns is None:
                return
        else:
            if columns is None:
                columns = [value for value, _ in fields]
            else:
                records = list(row_read(place, columns, fields, source))
                last = data[begin:at], data.count(b"\n", begin, at), records
                yield from records
        line += data.count(b"\n", begin, at)


def row_read(place, columns, fields, source):
    if len(fields) == 1 and not fields[0][1] and not fields[0][0].strip(b" \t"):
        return
    if len(fields) != len(columns):
        yield {**place, "kind": "malformed", "words": f"the header has {len(columns)}"}
        return
    try:
        record = text_oracle.record_of(row_of(columns, fields), source)
    except text_oracle.Malformed as error:
        yield {**place, "kind": "malformed", "words": error.words}
        return
    if record:
        yield {**place, **record}


def differences(have, want):
    """What differs between the records of dump_records and those of csv_records()."""
    for got, expected in zip(have, want):
        if expected["kind"] != "malformed":
            if got != expected:
                yield f"{got}, not {expected}"
        elif got["kind"] != "malformed" or got["line"] != expected["line"] or \
                got["offset"] != expected["offset"] or \
                not got["reason"].startswith(expected.get("reason", "")) or \
                expected.get("words", "") not in got["reason"]:
            yield f"{got}, not {expected}"
    if len(have) != len(want):
        yield f"{len(have)} records, not {len(want)}"
