#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Small logs that ask for much: what the reader does for a log, and the memory that it takes, is bounded by its bytes.
Likewise texts of long lines, and the other files that the command reads.

Steps are counted by dump_evtx, memory by the system. Arguments: trace_to_evtx, dump_evtx, sessionlint, the folder of
real logs, beside which the folder of hostile cases may be. Prints TAP.
"""

import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

from shared import evtx_bytes, process, sanitizers
from shared.evtx_bytes import CHUNK, FILE_HEADER, LSM, RECORDS_BEGIN, Element, Log
from shared.tap import Tap

STEPS = 32  # a byte of the file, at most: visits, bytes of definitions walked, values passed
MEMORY = 64 << 10  # KiB
SYSTEM = ("Provider", LSM), ("EventID", "21"), ("Channel", evtx_bytes.LSM_CHANNEL), ("Computer", "HOST")


def open_element(place, name, attributes=b""):
    head = struct.pack("<BHI", 0x41 if attributes else 0x01, 0xffff, 0)
    out = head + evtx_bytes.name_bytes(place + len(head), name)
    return out + (struct.pack("<I", len(attributes(place + len(out) + 4))) + attributes(place + len(out) + 4)
                  if attributes else b"") + b"\x02"


def attribute(name, text):
    return lambda place: b"\x06" + evtx_bytes.name_bytes(place + 1, name) + evtx_bytes.text_bytes(text)


def definition(place, identifier, fields):
    """A definition of a whole event that begins at the place. @fields: bytes by their place, in EventXML."""
    body = bytearray(struct.pack("<I", 0) + struct.pack("<I", identifier) + bytes(12) + struct.pack("<I", 0))

    def here():
        return place + len(body)
    body += b"\x0f\x01\x01\x00" + open_element(here() + 4, "Event")
    body += open_element(here(), "System")
    body += open_element(here(), "Provider", attribute("Name", LSM)) + b"\x04"
    for name, text in SYSTEM[1:]:
        body += open_element(here(), name) + evtx_bytes.text_bytes(text) + b"\x04"
    body += b"\x04" + open_element(here() + 1, "UserData")
    body += open_element(here(), "EventXML")
    body += fields(here()) + b"\x04\x04\x04\x00"
    struct.pack_into("<I", body, 20, len(body) - 24)
    return bytes(body)


def instance(identifier, at, values=b"", types=(), inline=b""):
    """A template instance. @types: (size, type) of each value."""
    out = struct.pack("<BBII", 0x0c, 1, identifier, at) + inline + struct.pack("<I", len(types))
    return out + b"".join(struct.pack("<HBB", size, kind, 0) for size, kind in types) + values


def field(name, content):
    """An element of EventXML; @content: bytes, or bytes by their place."""
    def build(place):
        head = open_element(place, name)
        inner = content(place + len(head)) if callable(content) else content
        return head + inner + b"\x04"
    return build


def several(*parts):
    def build(place):
        out = b""
        for part in parts:
            out += part(place + len(out))
        return out
    return build


def substitution(index, kind=0x01):
    return struct.pack("<BHB", 0x0d, index, kind)


def pack(records):
    """A log of one chunk. @records: a function of its place for each, which gives the document's bytes; as many as
    there is room for."""
    documents, place = [], RECORDS_BEGIN
    for record in records:
        document = record(place + 28)
        size = len(evtx_bytes.record_bytes(place, 1, 0, document))
        if place + size > CHUNK:
            break
        documents.append(document)
        place += size
    return evtx_bytes.log_build(documents)


SESSION = field("SessionID", evtx_bytes.text_bytes("3"))


def shared(fields, values=b"", types=(), count=2000):
    """Records that all use the definition in the first one."""
    first = RECORDS_BEGIN + 28 + 10

    def begin(place):
        return instance(7, first, values, types, definition(first, 7, fields))
    return pack([begin] + [lambda place: instance(7, first, values, types)] * count)


def long_texts():
    """A text of the definition that each record has."""
    return shared(several(SESSION, field("User", evtx_bytes.text_bytes("u" * 24000))))


def many_pieces():
    """A field in as many pieces as a definition can have, with the same value again and again."""
    return shared(several(SESSION, field("User", substitution(0) * 240)), b"ab" * 500, ((1000, 1),))


def back_and_forth():
    """Values that are asked for from the first to the last and back."""
    count = 4000
    values = ((2, 1),) * count
    return shared(several(SESSION, field("User", (substitution(0) + substitution(count - 1)) * 120)), b"ab" * count,
                  values, 4)


def nested_again():
    """A nested document that is visited again and again."""
    inner = b"\x0f\x01\x01\x00" * 4000
    return shared(several(SESSION, field("User", substitution(0, 0x21) * 200)), inner, ((len(inner), 0x21),), 3)


def overlapping():
    """A definition at each third byte: each is walked for the first time."""
    pattern = b"\x0b\x00\x00" * 11000
    documents = []

    def carrier(place):
        # in a record that is otherwise empty, as the value of a processing instruction
        return b"\x0f\x01\x01\x00" + pattern

    begin = RECORDS_BEGIN + 28 + 4
    # where its size is the bytes 00 0b 00 00, and its fragment begins with a token
    for at in range(begin + (2 - 20) % 3, begin + len(pattern) - 2900, 3):
        identifier = struct.unpack_from("<I", pattern, at + 4 - begin)[0]
        documents.append(lambda place, at=at, identifier=identifier: instance(identifier, at))
    return pack([carrier] + documents)


def identifiers():
    """Users with as many parts as a SID can have."""
    sid = b"\x01\xff" + bytes(6) + b"\xff" * 1020
    return shared(several(SESSION, field("User", substitution(0, 0x13))), sid, ((len(sid), 0x13),))


def references():
    """A text in single characters."""
    return evtx_bytes.log_build([evtx_bytes.lsm_event(1, 21, Element("SessionID", "3"), Element(
        "User", *[evtx_bytes.character(0x41)] * 19000))])


def leftovers():
    """A chunk full of the smallest records, none of which is counted."""
    data = bytearray(evtx_bytes.log_build([evtx_bytes.lsm_event(1, 21)]).data)
    frame = struct.pack("<IIQQI", 0x2a2a, 28, 1, 0, 28)
    data[FILE_HEADER + RECORDS_BEGIN:] = (frame * 2400)[:CHUNK - RECORDS_BEGIN]
    log = Log(data)
    log.put(FILE_HEADER + 8, "QQQQIII", 1, 2**64 - 1, 2**64 - 1, 2**64 - 1, 128, 0, RECORDS_BEGIN)
    return log.seal(1).head_set(evtx_bytes.FLAG_DIRTY, 1)


BOMBS = {"a long text of the definition": long_texts, "a field of many pieces": many_pieces,
         "values back and forth": back_and_forth, "a nested document again and again": nested_again,
         "definitions that overlap": overlapping, "long identifiers": identifiers,
         "a text in single characters": references, "a chunk of the smallest leftovers": leftovers}


def run(*words):
    """Status, output and peak memory (KiB) of a run."""
    process = subprocess.Popen([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    return os.waitstatus_to_exitcode(status), output, usage.ru_maxrss


def measure(command, path):
    """Status, findings and peak memory (KiB) of a check."""
    status, output, memory = run(command, "check", "-q", "--no-config", "--format=json", "--recover", path)
    return status, [json.loads(line) for line in output.splitlines()], memory


def steps(dump_evtx, path):
    """What the reader counts for a log, without what the dump itself asks for."""
    output = subprocess.run([dump_evtx, "--work", str(path)], stdout=subprocess.PIPE, check=False).stdout
    return json.loads(output)["work"]


def bomb_check(commands, folder, report, name, log, copies=1):
    dump_evtx, command = commands
    path = pathlib.Path(folder) / "bomb.evtx"
    # the same chunk many times, with other ids: as one log that is larger
    data = bytes(log.data)
    path.write_bytes(data[:FILE_HEADER] + data[FILE_HEADER:] * copies)
    size = path.stat().st_size
    status, found, memory = measure(command, path)
    work = steps(dump_evtx, path)
    report.none([
        *([] if status in (0, 1, 2) and found else [f"the status is {status}"]),
        *([] if work <= STEPS * size else ["that is too many"]),
        *([] if sanitizers.is_sanitized(command) or memory <= MEMORY else [f"{memory} KiB of memory"])],
                f"{name}, {copies} times: {work} steps for {size} bytes")
    return found


# Lines as long as they can be, and what makes more of them: escapes, quotes, wide characters, keys.
TEXTS = {
    "escapes": lambda i: f'session={i} event=Created user="' + "\\n" * 500000 + '"\n',
    "escapes of NDJSON": lambda i: f'{{"session":{i},"event":"Created","user":"' + "\\u00e9" * 170000 + '"}\n',
    "a word that is no event": lambda i: f"session={i} event=" + "X" * 1000000 + "\n",
    "keys": lambda i: "session=1 event=Created\n" + (" ".join(f"k{k}=v" for k in range(64)) + "\n") * 1000,
}

# Files that are no log: what is wrong with them is said without reading them into much memory.
OTHERS = {"lists in lists": ("", "[", ""), "empty entries": ('{"entries":[', "{},", "{}]}"),
          "one long line": ('{"rule":"x","history":[', "{},", "{}]}\n")}


def write(path, parts, encoding="utf-8"):
    """Writes a file bit by bit: the system counts this program's memory for those that it starts."""
    with open(path, "w", encoding=encoding, newline="") as file:
        for part in parts:
            file.write(part)


def text_check(command, folder, report):
    """Texts, and files that are no log: memory does not grow with them."""
    path, trace = pathlib.Path(folder) / "bomb.text", pathlib.Path(folder) / "ok.trace"
    trace.write_text("session=1 event=Created\n")
    for name, line in TEXTS.items():
        for encoding in ("utf-8", "utf-16"):
            write(path, map(line, range(20)), encoding)
            status, _, memory = run(command, "check", "-q", "--no-config", path)
            report.ok(status in (0, 1, 2) and (sanitizers.is_sanitized(command) or memory <= MEMORY),
                      f"{name} in {encoding}: {path.stat().st_size} bytes", f"status {status}, {memory} KiB of memory")
    for name, (head, part, tail) in OTHERS.items():
        write(path, [head, *[part * 1000] * 4000, tail])
        for words in (("check", "--no-config", "--baseline", path, trace), ("diff", path, path),
                      ("coverage", "--merge", path), ("check", "--config", path, trace)):
            status, _, memory = run(command, *words)
            report.ok(status == 2 and (sanitizers.is_sanitized(command) or memory <= MEMORY),
                      f"{name}: {words[0]} {words[1] if len(words) > 3 else ''}".rstrip(),
                      f"status {status}, {memory} KiB of memory")


def growth_check(commands, folder, trace_to_evtx, report):
    """Records that turn out to mean nothing leave nothing behind."""
    trace, path = pathlib.Path(folder) / "t.trace", pathlib.Path(folder) / "t.evtx"
    trace.write_text("time=2026-01-02T03:04:05Z source=wdm session=1 event=EvLogon from=Here to=" + "There" * 400 + "\n")
    subprocess.run([trace_to_evtx, "--repeat=4000", str(trace), str(path)], check=True)
    status, found, memory = measure(commands[1], path)
    report.ok(status == 0 and found[-1]["summary"]["noted"] == 4000 and (
              sanitizers.is_sanitized(commands[1]) or memory <= MEMORY / 2),
              f"{path.stat().st_size} bytes of records that are no transition: {memory} KiB of memory",
              str((status, found[-1])))


def main():
    trace_to_evtx, dump_evtx, command, logs = sys.argv[1:5]
    report = Tap()
    with tempfile.TemporaryDirectory() as folder:
        for name, build in BOMBS.items():
            log = build()
            for copies in (1, 40):
                bomb_check((dump_evtx, command), folder, report, name, log, copies)
        found = bomb_check((dump_evtx, command), folder, report, "a long text once more", long_texts())
        report.ok(any("texts are too long" in each.get("message", "") and each["line"] > 1 for each in found),
                  "what is beyond the bounds is malformed, with its place")
        text_check(command, folder, report)
        growth_check((dump_evtx, command), folder, trace_to_evtx, report)
        hostile = sorted((pathlib.Path(logs).parent / "cases" / "hostile").glob("*.evtx"))
        for path in hostile:
            found = bomb_check((dump_evtx, command), folder, report, path.name, Log(path.read_bytes()))
            report.ok(any(each.get("rule") == "trace/malformed" for each in found), f"{path.name}: malformed")
        if not hostile:
            report.skip("the hostile cases", "there is no folder of them")
    return report.done()


if __name__ == "__main__":
    sys.exit(main())
