# SPDX-License-Identifier: MIT
"""Random traces of everything at once: sessions, drivers, hosts, boots, times, and numbers of many kinds, then records that are
lost, late, doubled and out of order. No one says what is right for them; what they are for is comparing two ways of judging.
"""

import datetime
import random

from shared.contract_writer import Writer, spell
from shared.table import EVENTS, START, STATES, step

EPOCH = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
# Where counts begin: at 0 or 1, later, before they wrap and beyond 32 bits.
BEGINNINGS = (0, 1, 1, 1, 1, 2, 5, 17, 2**32 - 1, 2**32 - 3, 2**32 - 40, 2**32 + 5, 2**32 - 2**20, 2**32 - 2**20 - 2)


def sessions(source, count):
    """Events of sessions, most of which are legal."""
    hosts = source.choice(((None,), ("a",), ("a", "b"), ("a", "b", "c"), (None, "a")))
    ids, slips = source.choice(((1,), (1, 2), (1, 2, 3, 7))), source.choice((0, 0.02, 0.1, 0.3))
    states, records = {}, []
    for _ in range(count):
        host, session = source.choice(hosts), source.choice(ids)
        state = states.get((host, session), START)
        legal = [event for event in EVENTS if step(state, event)]
        event = source.choice(EVENTS if source.random() < slips or not legal else legal)
        to = step(state, event) or source.choice(STATES)
        states[host, session] = START if to == "Terminated" and source.random() < 0.5 else to
        record = {} if host is None else {"host": host}
        record |= {"state": to} if source.random() < 0.06 else {"event": event}
        record["session"] = session
        if source.random() < 0.1:
            record["user"] = source.choice(("alice", "bob", "CORP\\alice", "corp.test\\bob"))
        if "event" in record and source.random() < 0.05:
            record["to"] = to
        records.append(record)
    return records


def drivers(source):
    """What drivers are told and do, with names for them."""
    records, names, given = Writer(source, source.choice((True, False, None))).trace(), source.choice((None, "d", "de", "def")), {}
    for record in records:
        if names and not {"notify", "call", "object"}.isdisjoint(record) and source.random() < 0.8:
            record["driver"] = given.setdefault((record.get("host"), record.get("io")), source.choice(names))
    return phases(source, records) if source.random() < 0.3 else records


def phases(source, records):
    """Splits some calls and callbacks into their begin and end."""
    spread, running = [], []
    for record in records:
        if running and source.random() < 0.5:
            spread.append(running.pop(source.randrange(len(running))))
        if {"call", "notify"}.isdisjoint(record) or source.random() < 0.4:
            spread.append(record)
            continue
        registers = record.get("call", "").startswith("IoReg")
        result = ("status", "registration") if registers else ("status",)
        spread.append({key: value for key, value in record.items() if key not in result} | {"phase": "begin"})
        kept = {"host", "call", "notify", "driver", "io", "status", "registration"}
        running.append({key: value for key, value in record.items() if key in kept} | {"phase": "end"})
    return spread + running


def boots(source, records):
    """Puts markers between the records, and names of boots on them."""
    named, marked, every = source.random() < 0.5, source.random() < 0.6, source.choice((3, 6, 12))
    spread, boot = [], 0
    for record in records:
        if source.random() < 1 / every:
            boot += 1
            if marked:
                marker = {key: record[key] for key in ("host",) if key in record and source.random() < 0.7}
                marker["marker"] = source.choice(("boot", "boot", "boot", "gap", "shutdown", "end"))
                spread.append(marker)
        spread.append(record | {"boot": boot} if named and "malformed" not in record and source.random() < 0.9 else record)
    return spread


def times(source, records):
    """Gives the records times; some are set back."""
    now, part = 0, source.choice((0.6, 0.95))
    for record in records:
        now += source.choice((0, 1, 1, 1, 2, 10, 60))
        back = source.choice((1, 5, 100)) if source.random() < 0.05 else 0
        if "malformed" not in record and source.random() < part:
            record["time"] = f"{EPOCH + datetime.timedelta(seconds=max(0, now - back)):%Y-%m-%dT%H:%M:%SZ}"
    return records


def numbers(source, records):
    """Numbers the records of the trace, of each host or of each driver; with boots, counts may begin again."""
    kind, begin, again = source.choice(("trace", "host", "host", "driver", "driver")), source.choice(BEGINNINGS), source.random() < 0.6
    counts, known = {}, {}
    for record in records:
        if "malformed" in record:
            continue
        host = record.get("host")
        key = {"trace": (), "host": (host,), "driver": (host, record.get("driver"))}[kind]
        if again and source.random() < 0.8 and (record.get("marker") == "boot" or record.get("boot") != known.get(host)):
            counts = {each: count for each, count in counts.items() if each and host is not None and each[0] != host}
        known[host] = record.get("boot", known.get(host))
        counts[key] = counts[key] + 1 if key in counts else source.choice((begin, begin, begin, begin, 0, 1, 3))
        if begin < 2**32:
            counts[key] %= 2**32
        if source.random() < (0.7 if "marker" in record else 0.985):
            record["seq"] = counts[key]
    return records


def numbers_apart(source, records):
    """Numbers the records of each driver, nearly always; markers rarely have a number."""
    each, begin, again = source.random() < 0.75, source.choice((1, 1, 1, 0, 0, 5, 2**32 - 4)), source.random() < 0.6
    whole, counts, known = source.choice((1, 1, 0.99, 0.97)), {}, {}
    for record in records:
        if "malformed" in record:
            continue
        host = record.get("host")
        key = (host, record.get("driver")) if each else (host,)
        if again and (record.get("marker") == "boot" or record.get("boot") != known.get(host)):
            counts = {each: count for each, count in counts.items() if host is not None and each[0] != host}
        known[host] = record.get("boot", known.get(host))
        if "marker" in record and source.random() < 0.9:
            continue
        counts[key] = (counts[key] + 1 if key in counts else begin) % 2**32
        counts[key] += source.random() > whole
        record["seq"] = counts[key]
    return records


def damage(source, records):
    """Loses, doubles and moves some records, and changes some numbers."""
    records = [dict(record) for record in records]
    for _ in range(source.choice((0, 0, 1, 1, 2, 3, 6))):
        if len(records) < 3:
            break
        kind, at = source.randrange(5), source.randrange(len(records))
        end = at + source.choice((1, 1, 2, 5))
        if kind == 0:
            del records[at:end]
        elif kind == 1:
            records.insert(at + source.choice((1, 2, 5, 20)), dict(records[at]))
        elif kind in (2, 3):
            moved = records[at:end]
            del records[at:end]
            to = max(0, at + source.choice((-8, -3, -1, 1, 3, 8, 20)))
            records[to:to] = moved
        elif "seq" in records[at]:
            records[at]["seq"] = max(0, records[at]["seq"] + source.choice((-2, -1, 1, 1, 2, 100)))
    return records


def buffered(source, records):
    """As several processors write their buffers, one after the other."""
    size, count = source.choice((6, 18, len(records))), source.choice((2, 3))
    spread = []
    for begin in range(0, len(records), max(size, 1)):
        buffers = [[] for _ in range(count)]
        for record in records[begin:begin + size]:
            source.choice(buffers).append(record)
        spread += [record for buffer in buffers for record in buffer]
    return spread


def text_of(records):
    return "".join(spell(record) + "\n" for record in records)


def trace_of_drivers(seed):
    """The text of a trace of several drivers of a host."""
    source = random.Random(seed)
    records, names, given = Writer(source, source.choice((True, False, False, None))).trace(), source.choice(("de", "de", "def")), {}
    named = source.choice((0.9, 1, 1))
    for record in records:
        if not {"notify", "call", "object"}.isdisjoint(record) and source.random() < named:
            record["driver"] = given.setdefault((record.get("host"), record.get("io")), source.choice(names))
    records = [record for record in records if "malformed" not in record]
    for change, chance in ((phases, 0.3), (boots, 0.5), (numbers_apart, 1), (damage, 0.3), (buffered, 0.3)):
        if source.random() < chance:
            records = change(source, records)
    return text_of(records)


def trace(seed):
    """The text of one trace."""
    source = random.Random(seed)
    kind = source.random()
    records = sessions(source, source.choice((4, 8, 12, 20, 40, 100))) if kind < 0.5 else drivers(source)
    if kind > 0.85:
        for record in sessions(source, source.choice((4, 10, 20))):
            records.insert(source.randrange(len(records) + 1), record)
    if source.random() < 0.9:
        records = [record for record in records if "malformed" not in record]
    for change, chance in ((boots, 0.7), (times, 0.45), (numbers, 0.8), (damage, 1), (buffered, 0.25)):
        if source.random() < chance:
            records = change(source, records)
    return text_of(records)
