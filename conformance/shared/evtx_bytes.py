# SPDX-License-Identifier: MIT
"""The container of .evtx files, to damage copies of them, and a builder of inline records.

It shares nothing with the project's reader, nor with its writer. Offsets count from the start of
the file unless they are called places, which count from the start of their chunk.
"""

import struct
import zlib

FILE_HEADER = 4096
CHUNK = 65536
RECORDS_BEGIN = 512
FLAG_DIRTY = 1


class Record:
    """Where a record lies, and what its frame says of it."""

    def __init__(self, log, offset):
        self.offset = offset
        self.size = log.u32(offset + 4)
        self.id = log.u64(offset + 8)
        self.time = log.u64(offset + 16)
        self.end = offset + self.size
        self.chunk = (offset - FILE_HEADER) // CHUNK + 1  # counted as messages do


class Log:
    """A log that can be changed in place. Chunks are counted from 1, as in messages."""

    def __init__(self, data):
        self.data = bytearray(data)

    def copy(self):
        return Log(self.data)

    def u16(self, offset):
        return struct.unpack_from("<H", self.data, offset)[0]

    def u32(self, offset):
        return struct.unpack_from("<I", self.data, offset)[0]

    def u64(self, offset):
        return struct.unpack_from("<Q", self.data, offset)[0]

    def put(self, offset, form, *values):
        struct.pack_into("<" + form, self.data, offset, *values)

    def chunk_at(self, chunk):
        return FILE_HEADER + (chunk - 1) * CHUNK

    def chunks(self):
        """The chunks that are used."""
        count = (len(self.data) - FILE_HEADER) // CHUNK
        return [chunk for chunk in range(1, count + 1)
                if self.data[self.chunk_at(chunk):][:8] == b"ElfChnk\0"]

    def free_space(self, chunk):
        return self.u32(self.chunk_at(chunk) + 48)

    def records(self, chunk=None):
        """The records of a chunk, or of all."""
        if chunk is None:
            return [record for each in self.chunks() for record in self.records(each)]
        records = []
        offset = self.chunk_at(chunk) + RECORDS_BEGIN
        while offset < self.chunk_at(chunk) + self.free_space(chunk):
            records.append(Record(self, offset))
            offset = records[-1].end
        return records

    def seal(self, chunk):
        """Makes the checksums of a chunk right again."""
        at = self.chunk_at(chunk)
        records = self.data[at + RECORDS_BEGIN:at + self.free_space(chunk)]
        self.put(at + 52, "I", zlib.crc32(records))
        return self.seal_header(chunk)

    def seal_header(self, chunk):
        """The same of its header alone."""
        at = self.chunk_at(chunk)
        head = zlib.crc32(self.data[at + 128:at + 512], zlib.crc32(self.data[at:at + 120]))
        self.put(at + 124, "I", head)
        return self

    def seal_file(self):
        self.put(124, "I", zlib.crc32(self.data[:120]))
        return self

    def count_kept(self, chunk, kept):
        """Makes the header of a chunk that which it had when it held so many records."""
        at, records = self.chunk_at(chunk), self.records(chunk)
        if kept:
            last = records[kept - 1]
            self.put(at + 16, "Q", self.u64(at + 8) + kept - 1)
            self.put(at + 32, "QIII", last.id, 128, last.offset - at, last.end - at)
        else:
            self.put(at + 8, "QQQQIII", 1, 2**64 - 1, 2**64 - 1, 2**64 - 1, 128, 0, RECORDS_BEGIN)
        return self.seal(chunk)

    def head_set(self, flags, next_id):
        """What the file header says of whether the log was closed, and of the next record."""
        self.put(120, "I", flags)
        self.put(24, "Q", next_id)
        return self.seal_file()

    def count_set(self, count):
        """What the file header says of how many chunks there are."""
        self.put(42, "H", count)
        return self.seal_file()

    def template_at(self, record):
        """Where the record's outer template instance names its definition; the values' count."""
        at = record.offset + 24
        assert self.data[at:at + 6] == b"\x0f\x01\x01\x00\x0c\x01", "no template instance"
        values = at + 14
        if self.u32(at + 10) == values - self.chunk_at(record.chunk):
            values += 24 + self.u32(values + 20)
        return at + 10, values

    def nested_at(self, record):
        """The same of the template instance in the record's values."""
        _, at = self.template_at(record)
        count = self.u32(at)
        value = at + 4 + 4 * count
        for index in range(count):
            size, kind = struct.unpack_from("<HB", self.data, at + 4 + 4 * index)
            if kind == 0x21:
                break
            value += size
        value += 4 * (self.data[value] == 0x0f)
        assert self.data[value:value + 2] == b"\x0c\x01", "no nested template instance"
        values = value + 10
        if self.u32(value + 6) == values - self.chunk_at(record.chunk):
            values += 24 + self.u32(values + 20)
        return value + 6, values


class Element:
    """An element of an inline document; its parts are texts, tokens and elements."""

    def __init__(self, name, *parts, **attributes):
        self.name, self.parts, self.attributes = name, parts, attributes


def name_bytes(place, name):
    """An offset of a name and the name itself, which lies right behind."""
    return struct.pack("<IIHH", place + 4, 0, 0, len(name)) + name.encode("utf-16-le") + b"\0\0"


def text_bytes(text, token=0x05):
    """A text as a value of the document."""
    units = text.encode("utf-16-le")
    return struct.pack("<BBH", token, 1, len(units) // 2) + units


def entity(name):
    """A part of an element: a reference to an entity."""
    return lambda place: b"\x09" + name_bytes(place + 1, name)


def character(code):
    """A part of an element: a reference to a character."""
    return lambda place: struct.pack("<BH", 0x08, code)


def cdata(text):
    """A part of an element: text that is not parsed."""
    units = text.encode("utf-16-le")
    return lambda place: struct.pack("<BH", 0x07, len(units) // 2) + units


def instruction(target, data):
    """A part of an element: a processing instruction."""
    units = data.encode("utf-16-le")
    return lambda place: (b"\x0a" + name_bytes(place + 1, target) +
                          struct.pack("<BH", 0x0b, len(units) // 2) + units)


def element_bytes(place, element):
    """An element that begins at the place."""
    out = bytearray(struct.pack("<BI", 0x41 if element.attributes else 0x01, 0))
    out += name_bytes(place + len(out), element.name)
    if element.attributes:
        size_at = len(out)
        out += bytes(4)
        for left, (name, text) in enumerate(element.attributes.items(),
                                            1 - len(element.attributes)):
            out.append(0x46 if left else 0x06)
            out += name_bytes(place + len(out), name) + text_bytes(text)
        struct.pack_into("<I", out, size_at, len(out) - size_at - 4)
    out.append(0x02)
    for part in element.parts:
        if isinstance(part, Element):
            out += element_bytes(place + len(out), part)
        else:
            out += text_bytes(part) if isinstance(part, str) else part(place + len(out))
    out.append(0x04)
    struct.pack_into("<I", out, 1, len(out) - 5)
    return bytes(out)


LSM = "Microsoft-Windows-TerminalServices-LocalSessionManager"
LSM_CHANNEL = LSM + "/Operational"
LSM_FILE = LSM + "%4Operational.evtx"


def lsm_event(record_id, event, *fields, provider=LSM, channel=LSM_CHANNEL, computer="HOST"):
    """A record of the session manager's log with these fields of UserData."""
    return Element(
        "Event",
        Element("System", Element("Provider", Name=provider), Element("EventID", str(event)),
                Element("EventRecordID", str(record_id)), Element("Channel", channel),
                Element("Computer", computer)),
        Element("UserData", Element("EventXML", *fields, xmlns="Event_NS")))


def record_bytes(place, record_id, time, document):
    """A whole record that begins at the place. The document: an element, or bytes."""
    body = b"\x0f\x01\x01\x00"
    body += (document if isinstance(document, bytes)
             else element_bytes(place + 24 + len(body), document)) + b"\0"
    body += bytes(-(len(body) + 4) % 8)
    size = 24 + len(body) + 4
    return struct.pack("<IIQQ", 0x2a2a, size, record_id, time) + body + struct.pack("<I", size)


def log_build(documents, time=132914143501234292, ids=None):
    """A log of one chunk that holds the documents, with ids from 1, or these."""
    ids = list(ids or range(1, len(documents) + 1))
    data = bytearray(FILE_HEADER + CHUNK)
    log = Log(data)
    log.data[:8] = b"ElfFile\0"
    log.put(24, "QIHHH", ids[-1] + 1, 128, 1, 3, FILE_HEADER)
    log.data[FILE_HEADER:FILE_HEADER + 8] = b"ElfChnk\0"
    place = last = RECORDS_BEGIN
    for index, (number, document) in enumerate(zip(ids, documents), 1):
        record = record_bytes(place, number, time + index * 10**7, document)
        log.data[FILE_HEADER + place:FILE_HEADER + place + len(record)] = record
        last = place
        place += len(record)
    assert len(log.data) == FILE_HEADER + CHUNK, "the records do not fit"
    count = len(documents)
    log.put(FILE_HEADER + 8, "QQQQIII", 1, count, ids[0], ids[-1], 128, last, place)
    return log.seal(1).count_set(1)
