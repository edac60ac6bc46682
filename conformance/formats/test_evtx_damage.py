#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Damaged logs: what is intact is still read, what is not is told of, and nothing crashes.

Copies of real and of generated logs are damaged in defined ways. Arguments: trace_to_evtx,
dump_evtx, dump_records, sessionlint, the folder of real logs. Prints TAP.
"""

import pathlib
import random
import sys
import tempfile

from shared import evtx_bytes, evtx_judge
from shared.evtx_bytes import CHUNK, FILE_HEADER, RECORDS_BEGIN, Element, Log
from shared.evtx_judge import Damage
from shared.tap import Tap

REAL = ("remote-desktop/LocalSessionManager.evtx", "server/LocalSessionManager.evtx",
        "workstation/System.evtx", "hijack/Security-4778-4779.evtx")
GENERATED = {
    "generated": ["--events=600", "--sessions=7"],
    "generated inline": ["--events=300", "--sessions=5", "--inline"],
    "generated mixed": ["--events=300", "--sessions=3", "--mixed", "--full-chunks"],
}


def middle(log, chunk):
    """A record in the middle of a chunk that does not hold a template definition."""
    records = log.records(chunk)
    for record in records[len(records) // 2:-1]:
        if not any(log.chunk_at(chunk) + offset in range(record.offset, record.end)
                   for offset in definitions(log, chunk)):
            return record
    raise RuntimeError("every record holds a definition")


def definitions(log, chunk):
    """The places of all template definitions, by the table in the chunk's header."""
    at, found = log.chunk_at(chunk), []
    for entry in range(32):
        offset = log.u32(at + 384 + 4 * entry)
        while offset:
            found.append(offset)
            offset = log.u32(at + offset)
    return found


def torn_damages(log, chunk):
    fills = {"zeros": bytes, "noise": random.Random(chunk).randbytes}
    half = log.chunk_at(chunk) + CHUNK // 2
    lost = [record for record in log.records(chunk) if record.end > half]
    for name, fill in fills.items():
        copy = log.copy()
        copy.data[half:log.chunk_at(chunk) + CHUNK] = fill(CHUNK // 2)
        says = [f"chunk {chunk}", f"record {lost[0].id - 1}"] if lost else []
        yield Damage(f"chunk {chunk} torn: its second half is {name}", copy,
                     [record.id for record in lost], says)


def zeroed_damages(log, chunk):
    at = log.chunk_at(chunk)
    copy = log.copy()
    copy.data[at:at + CHUNK] = bytes(CHUNK)
    yield Damage(f"chunk {chunk} zeroed", copy, [record.id for record in log.records(chunk)],
                 [f"chunk {chunk}"])
    copy = log.copy()
    copy.data[at:at + RECORDS_BEGIN] = bytes(RECORDS_BEGIN)
    yield Damage(f"the header of chunk {chunk} zeroed", copy, says=[f"chunk {chunk}"],
                 unsure=True)
    copy = log.copy()
    copy.data[at:at + RECORDS_BEGIN] = random.Random(at).randbytes(RECORDS_BEGIN)
    yield Damage(f"the header of chunk {chunk} overwritten", copy, says=[f"chunk {chunk}"],
                 unsure=True)


def checksum_damages(log, chunk):
    at = log.chunk_at(chunk)
    copy = log.copy()
    copy.data[at + 124] ^= 1
    yield Damage(f"wrong checksum of the header of chunk {chunk}", copy, says=[f"chunk {chunk}"])
    copy = log.copy()
    copy.data[at + 200] ^= 0x55
    yield Damage(f"a byte of the header of chunk {chunk} flipped", copy, says=[f"chunk {chunk}"])
    copy = log.copy()
    copy.data[at + 52] ^= 1
    copy.seal_header(chunk)
    yield Damage(f"wrong checksum of the records of chunk {chunk}", copy, says=[f"chunk {chunk}"],
                 malformed=True)


def order_damages(log):
    chunks = log.chunks()
    blocks = [log.data[log.chunk_at(chunk):][:CHUNK] for chunk in chunks]
    orders = {"backward": blocks[::-1], "shuffled": random.Random(7).sample(blocks, len(blocks)),
              "the last one first": blocks[-1:] + blocks[:-1]}
    for name, order in orders.items():
        copy = log.copy()
        for chunk, block in zip(chunks, order):
            copy.data[copy.chunk_at(chunk):copy.chunk_at(chunk) + CHUNK] = block
        yield Damage(f"{len(chunks)} chunks {name}", copy)
    for chunk in {chunks[0], chunks[-1]}:
        copy = log.copy()
        at = copy.chunk_at(chunks[-1] + 1)
        copy.data[at:at + CHUNK] = blocks[chunks.index(chunk)]
        copy.count_set(max(log.u16(42), chunks[-1] + 1))
        yield Damage(f"chunk {chunk} twice", copy)


def file_damages(log):
    used = len(log.chunks())
    copy = log.copy()
    copy.data[124] ^= 1
    yield Damage("wrong checksum of the file header", copy, says=["file header is damaged"])
    copy = log.copy()
    copy.data[:FILE_HEADER] = bytes(FILE_HEADER)
    yield Damage("the file header zeroed", copy, says=["file header is damaged"])
    if used > 1:
        yield Damage("a chunk count that is too low", log.copy().count_set(used - 1),
                     says=[f"{used - 1} chunks", f"{used} have"])
    for chunk in [chunk for chunk in log.chunks()[:-1] if chunk > log.u16(42)][:1]:
        copy = log.copy()
        copy.data[log.chunk_at(chunk):log.chunk_at(chunk) + CHUNK] = bytes(CHUNK)
        yield Damage(f"chunk {chunk} zeroed, which a stale header does not count", copy,
                     [record.id for record in log.records(chunk)], ["missing before this one"],
                     malformed=False)
    yield Damage("a chunk count that is too high", log.copy().count_set(used + 3), says=["chunk"],
                 malformed=True)
    copy = log.copy()
    copy.put(120, "I", copy.u32(120) ^ evtx_bytes.FLAG_DIRTY)
    yield Damage("the dirty flag the other way", copy.seal_file())


def flipped_damages(log, chunk):
    """One byte of a record flipped, the checksums as they were."""
    record = middle(log, chunk)
    places = {"its signature": 0, "its size": 4, "the low byte of its id": 8, "its id": 13,
              "its time": 18, "its first token": 28, "its middle": record.size // 2,
              "its end": record.size - 4}
    for name, place in places.items():
        copy = log.copy()
        copy.data[record.offset + place] ^= 0x41
        yield Damage(f"one byte of record {record.id} flipped: {name}", copy, [record.id],
                     [f"chunk {chunk}"], malformed=True,
                     claimed={copy.u64(record.offset + 8)} - {record.id})
    copy = log.copy()
    copy.put(record.offset + 8, "Q", record.id + 1)
    yield Damage(f"record {record.id} has the id of the one behind it", copy, [record.id],
                 [f"chunk {chunk}"], malformed=True, claimed=[record.id + 1])


def size_damages(log, chunk):
    """A record whose size is wrong, where all else is right."""
    record = middle(log, chunk)
    for name, place, size in (("too large", 4, record.size + 8), ("zero", 4, 0),
                              ("far too large", 4, 0xffffffff), ("too small", 4, 16),
                              ("less than its frame", 4, 27),
                              ("another one at its end", record.size - 4, record.size - 8)):
        copy = log.copy()
        copy.put(record.offset + place, "I", size)
        yield Damage(f"the size of record {record.id} is {name}", copy.seal(chunk), [record.id],
                     [f"chunk {chunk}", f"record {record.id - 1}"])
    follower = Log(log.data).records(chunk)
    follower = follower[[each.id for each in follower].index(record.id) + 1]
    copy = log.copy()
    copy.put(record.offset + 4, "I", record.size + follower.size)
    copy.put(follower.end - 4, "I", record.size + follower.size)
    yield Damage(f"record {follower.id} is missing from the ids", copy.seal(chunk),
                 [follower.id], ["1 record is missing"], malformed=False)


def template_damages(log, chunk):
    """A record whose template instance cannot be what it says."""
    record = middle(log, chunk)
    definition_at, values_at = log.template_at(record)
    own = definition_at + 4 - log.chunk_at(chunk)
    others = [each for each in definitions(log, chunk) if each != log.u32(definition_at)]
    names = [f"chunk {chunk}", f"record {record.id}"]
    places = {"far outside": 0xffffffff, "right behind the chunk": CHUNK,
              "at the end of the chunk": CHUNK - 8, "the start of the chunk": 0,
              "another definition": others[0] if others else 0xfffffff0,
              "itself": own - 10}
    for name, place in places.items():
        copy = log.copy()
        copy.put(definition_at, "I", place)
        yield Damage(f"the template of record {record.id} is {name}", copy.seal(chunk),
                     [record.id], names)
    counts = {"2 to the 32": 0xffffffff, "one more than there is room for":
              (record.end - 4 - values_at - 4) // 4 + 1, "none": 0}
    for name, count in counts.items():
        copy = log.copy()
        copy.put(values_at, "I", count)
        yield Damage(f"the values of record {record.id} are {name}", copy.seal(chunk),
                     [record.id], names)
    copy = log.copy()
    copy.put(values_at + 4, "H", 0xffff)
    yield Damage(f"the first value of record {record.id} is longer than the record",
                 copy.seal(chunk), [record.id], names)


def mapped_record(judge, log, chunk):
    """A record that means something for sessions, and has a nested template instance."""
    outcome = evtx_judge.base_outcome(judge, log)
    events = {each["line"] for each in outcome.mapped if each.get("kind") == "event"}
    for record in log.records(chunk)[2:]:
        places = [log.chunk_at(chunk) + offset for offset in definitions(log, chunk)]
        if record.id in events and not any(record.offset < each < record.end for each in places):
            return record
    return None


def nested_damages(judge, log, chunk):
    """The same of the nested template instance, UserData, of a record that is of interest."""
    record = mapped_record(judge, log, chunk)
    definition_at, values_at = log.nested_at(record)
    names = [f"chunk {chunk}", f"record {record.id}"]
    for name, place in {"outside": CHUNK, "cut off": CHUNK - 8, "nowhere": 0}.items():
        copy = log.copy()
        copy.put(definition_at, "I", place)
        yield Damage(f"the inner template of record {record.id} is {name}", copy.seal(chunk),
                     [record.id], names)
    copy = log.copy()
    copy.put(values_at, "I", 0x10000)
    yield Damage(f"the inner values of record {record.id} are too many", copy.seal(chunk),
                 [record.id], names)


def stale_damages(log, chunk):
    """A chunk header that was not brought up to date before the host went down."""
    records = log.records(chunk)
    for kept in (len(records) // 2, 1) + ((0,) if chunk > 1 else ()):
        copy = log.copy().count_kept(chunk, kept)
        yield Damage(f"the header of chunk {chunk} counts {kept} of {len(records)} records",
                     copy.head_set(evtx_bytes.FLAG_DIRTY, log.u64(24)))


def inline_log(*extra):
    """Three records, of which the second has these fields too."""
    session = Element("SessionID", "3")
    return evtx_bytes.log_build([
        evtx_bytes.lsm_event(1, 32), evtx_bytes.lsm_event(2, 21, session, *extra),
        evtx_bytes.lsm_event(3, 23, session)])


def nest(depth):
    element = Element("Deep", "x")
    for _ in range(depth - 1):
        element = Element("Deep", element)
    return element


def inline_damages():
    """Documents that are nested too deeply, and such as end too early."""
    # Event, UserData and EventXML are around it
    yield Damage("32 elements in each other", inline_log(nest(29)))
    for depth in (30, 300):
        yield Damage(f"{depth + 3} elements in each other", inline_log(nest(depth)), [2],
                     ["chunk 1", "record 2"])
    whole = inline_log()
    record = whole.records(1)[1]
    for token in (0x00, 0x0a, 0x0c, 0x0d, 0x3f, 0x4f, 0xff):
        copy = whole.copy()
        copy.data[record.offset + 28] = token
        yield Damage(f"token {token:#04x} at the start of a document", copy.seal(1), [2],
                     ["chunk 1", "record 2"])


def exported(log):
    """The log as Windows exports it backward: the frames' ids begin anew, and a frame has the time
    of the record behind it, the last one none. The documents keep their own ids and times, so that
    what a filter left out is missing there alone. Seen in hijack/Security-4778-4779.evtx."""
    copy = log.copy()
    records = copy.records()
    for number, (record, behind) in enumerate(zip(records, records[1:] + [None]), 1):
        copy.put(record.offset + 8, "QQ", number, behind.time if behind else 0)
    for chunk in copy.chunks():
        ids = [record.id for record in copy.records(chunk)]
        copy.put(copy.chunk_at(chunk) + 24, "QQ", ids[0], ids[-1])
        copy.seal(chunk)
    return copy


def exported_check(judge, report, name, log):
    """An exported log means what the log itself does."""
    outcomes = judge.outcomes({"base": log, "exported": exported(log)})
    keys = ("kind", "marker", "event", "session", "user", "host", "time")
    want, have = ([[each.get(key) for key in keys] for each in outcomes[which].mapped
                   if evtx_judge.is_told(each)] for which in ("base", "exported"))
    report.none([f"{a}, not {b}" for a, b in zip(have, want) if a != b] +
                ([] if len(have) == len(want) else [f"{len(have)} records"]),
                f"{name}: exported: {len(want)} records have the times of their documents")
    want, have = ([each["message"] for each in outcomes[which].findings
                   if each["rule"] in evtx_judge.DAMAGE] for which in ("base", "exported"))
    report.ok(want == have, f"{name}: exported: {len(want)} gaps in the documents' ids are told", f"{have}, not {want}")


def filtered_log(work, trace_to_evtx):
    """A log in which ids are missing."""
    trace = pathlib.Path(work) / "filtered.trace"
    trace.write_text("".join(
        f"time=2026-01-02T03:04:{second:02}Z seq={seq} {rest}\n" for second, (seq, rest) in
        enumerate([(7, "marker=boot"), (8, "session=1 event=Logon"), (11, "session=1 event=Logoff"),
                   (12, "session=2 event=Logon"), (20, "session=2 event=Logoff")])))
    return evtx_judge.written_log(work, trace_to_evtx, trace)


def random_check(judge, report, name, log, count):
    """Many bytes flipped at random, the checksums right: the reader has to believe them."""
    chance = random.Random(name)
    logs = {}
    for number in range(count):
        copy = log.copy()
        for _ in range(chance.choice((1, 3, 20))):
            at = chance.randrange(FILE_HEADER, copy.chunk_at(1) + copy.free_space(1))
            copy.data[at] = chance.choice((0, 1, 0x0c, 0xff, chance.randrange(256)))
        logs[number] = copy.seal(1) if 128 < copy.free_space(1) <= CHUNK else copy
    outcomes = judge.outcomes(logs)
    report.none([f"{number}: {outcome.crash}" for number, outcome in outcomes.items()
                 if outcome.crash or outcome.status not in (0, 1, 2)],
                f"{name}: {count} times bytes flipped at random under right checksums: no crash")


def damages_of(judge, log, inline, mixed, maps):
    """All damages of a log."""
    chunks = [chunk for chunk in log.chunks() if chunk <= log.u16(42)]
    for chunk in {chunks[0], chunks[len(chunks) // 2], chunks[-1]}:
        yield from torn_damages(log, chunk)
        yield from zeroed_damages(log, chunk)
        yield from checksum_damages(log, chunk)
    chunk = chunks[len(chunks) // 2]
    yield from order_damages(log)
    yield from file_damages(log)
    yield from flipped_damages(log, chunk)
    yield from size_damages(log, chunk)
    yield from stale_damages(log, log.chunks()[-1])
    if not inline:
        yield from template_damages(log, chunk)
    if maps and not inline and not mixed:
        yield from nested_damages(judge, log, chunk)


def main():
    trace_to_evtx, dump_evtx, dump_records, sessionlint, folder = sys.argv[1:6]
    report = Tap()
    with tempfile.TemporaryDirectory() as work:
        judge = evtx_judge.Judge(work, dump_evtx, dump_records, sessionlint)
        logs = {name: evtx_judge.written_log(work, trace_to_evtx, *options)
                for name, options in GENERATED.items()}
        real = evtx_judge.real_logs(folder, *REAL)
        if not real:
            report.skip("damaged copies of real logs", "there is no folder of real logs")
        for name, log in {**logs, **real}.items():
            damages = damages_of(judge, log, "inline" in name, "mixed" in name,
                                 "Session" in name or "generated" in name)
            evtx_judge.judge_all(judge, report, name, log, damages)
        evtx_judge.judge_all(judge, report, "built", inline_log(), inline_damages())
        exported_check(judge, report, "filtered", filtered_log(work, trace_to_evtx))
        for name, options in GENERATED.items():
            exported_check(judge, report, name, evtx_judge.written_log(
                work, trace_to_evtx, "--first-record-id=5000", *options))
            small = evtx_judge.written_log(work, trace_to_evtx, "--events=40", *options[2:])
            random_check(judge, report, name, small, 60)
    return report.done()


if __name__ == "__main__":
    sys.exit(main())
