# SPDX-License-Identifier: MIT
"""Machines whose sessions keep the published table, recorded with numbers of the trace or of each host; and what a recorder makes
of that, which loses some records, and writes others down late or twice. What is true is known of each record. Not here: drivers,
and numbers of a trace of several hosts that begin again.
"""

import dataclasses
import datetime

from shared.table import EVENTS, START, allowed, step

EPOCH = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
WRAP = 2**32
RECONNECT = ("DisconnectedLoggedOn", "Connected")
# A recorder writes down a buffer of about so many records at a time.
BUFFERS = (3, 8, 30, 100)

# A count at least this long that seems to go on over a boot does, unless another boot has shown otherwise.
LONG = 16

@dataclasses.dataclass
class Plan:
    """How machines are recorded."""
    hosts: tuple
    ids: tuple
    length: int
    kind: str  # what numbers count: the records of the "trace", or of each "host"
    base: int  # where they begin
    starts: dict  # of counts that were long before the first record
    again: bool  # they begin again with each boot
    boots: str  # known by "marker", "name" or "both"; or "none"
    marked: bool  # the first boot has a marker too
    numbered: bool  # markers have numbers
    shared: bool  # all hosts boot at once, and the marker names none
    timed: bool
    every: int  # records between boots
    stretch: int  # records of a host in a row
    lost: int
    tail: int
    doubled: int
    late: str
    breaches: int


@dataclasses.dataclass(eq=False)
class Made:
    """A record, and what is true of it."""
    pairs: dict
    host: object
    boot: int
    first: object = None  # the record that its session began with
    breach: bool = False
    unit: object = None  # the count, with the boot where it began again
    at: int = 0  # the number, had it not wrapped
    kept: bool = True

    @property
    def is_boot(self):
        """Whether it is the marker of a boot."""
        return self.pairs.get("marker") == "boot"

    def text(self):
        """Its line."""
        keys = ("time", "host", "seq", "boot", "marker", "session", "event")
        return " ".join(f"{key}={self.pairs[key]}" for key in keys if self.pairs.get(key) is not None)


def plan(source):
    """A way to record machines."""
    hosts = source.choice((("a",), ("a",), ("a", "b"), ("a", "b"), ("a", "b", "c"), (None, "a"), (None,)))
    kind = source.choice(("trace", "host", "host"))
    boots = source.choice(("none", "marker", "name", "both"))
    # a marker without a host is about all of them
    shared = boots in ("marker", "both") and (source.random() < 0.2 or (len(hosts) > 1 and None in hosts))
    single = len(hosts) == 1 or kind == "host"
    starts, base = {}, source.choice((0, 1, 1))
    for host in hosts if kind == "host" else (None,):
        if source.random() < 0.3:
            starts[host] = source.choice((2, 3, 7, 17, 40, WRAP - 1, WRAP - 2, WRAP - 9, WRAP - 40, WRAP - 2**20 - 300, WRAP + 5))
    again = single and boots != "none" and source.random() < 0.6
    marked = source.random() < 0.3
    if boots != "none" and (marked or not again):
        # a boot where a count wraps: it is taken to begin again there
        starts = {host: start for host, start in starts.items() if not WRAP - 2**20 < start < WRAP}
    numbered = not (shared and kind == "host") and source.random() < 0.85
    # where it is open whether hosts share a count, a marker of all of them that is late is not known to be
    ordered = kind == "trace" and shared and numbered and hosts != (None,)
    return Plan(
        hosts=hosts, ids=source.choice(((1,), (1, 2), (1, 2, 3, 7))), length=source.choice((4, 8, 14, 30, 60, 150)), kind=kind,
        base=base, starts=starts, again=again,
        boots=boots, marked=marked, numbered=numbered,
        shared=shared, timed=source.random() < 0.3, every=source.choice((3, 8, 20, 40)), stretch=source.choice((1, 2, 6)),
        lost=source.choice((0, 0, 1, 1, 2, 5)), tail=source.choice((0, 0, 0, 3)), doubled=source.choice((0, 0, 1, 4)),
        late="no" if ordered else source.choice(("no", "no", "buffers", "jitter")), breaches=source.choice((0, 0, 1)))


class World:
    """Machines that run."""
    def __init__(self, source, how):
        self.source, self.plan, self.records = source, how, []
        self.boots, self.states = dict.fromkeys(how.hosts, 0), {}

    def add(self, host, pairs, **more):
        """A record of the host."""
        if host is not None:
            pairs = {"host": host} | pairs
        if self.plan.boots in ("name", "both"):
            pairs["boot"] = f"{self.boots[host] + 1}"
        if self.plan.timed:
            pairs["time"] = f"{EPOCH + datetime.timedelta(seconds=len(self.records)):%Y-%m-%dT%H:%M:%SZ}"
        self.records.append(Made(pairs, host, self.boots[host], **more))
        return self.records[-1]

    def mark(self, host):
        """The marker of a boot."""
        if self.plan.boots not in ("marker", "both"):
            return
        made = self.add(host, {"marker": "boot"})
        if self.plan.shared:
            made.pairs.pop("host", None)
            made.pairs.pop("boot", None)

    def boot(self, host):
        """The host, or each of them, starts again."""
        for one in self.plan.hosts if self.plan.shared else (host,):
            self.boots[one] += 1
            for session in self.plan.ids:
                self.states.pop((one, session), None)
        self.mark(host)

    def event(self, host, breaks):
        """A session of the host does something."""
        session = self.source.choice(self.plan.ids)
        state, first = self.states.get((host, session), (START, None))
        legal = [event for event in EVENTS if event in allowed(state)]
        if breaks and first:
            illegal = [event for event in EVENTS if event not in legal and (state, event) != RECONNECT]
            self.add(host, {"session": session, "event": self.source.choice(illegal)}, first=first, breach=True)
            return True
        event = self.source.choices(legal, [1 if event == "Terminated" else 3 for event in legal])[0]
        made = self.add(host, {"session": session, "event": event}, first=first)
        if event == "Created":
            made.first = first = made
        self.states[host, session] = step(state, event), first
        return False

    def run(self):
        """All records, in the order in which they happened."""
        source, how = self.source, self.plan
        if how.marked:
            for host in how.hosts[:1] if how.shared else how.hosts:
                self.mark(host)
        host, breaches = how.hosts[0], {source.randrange(how.length) for _ in range(how.breaches)}
        for at in range(how.length):
            if source.random() < 1 / how.stretch:
                host = source.choice(how.hosts)
            if how.boots != "none" and source.random() < 1 / how.every:
                self.boot(host)
            if self.event(host, at in breaches):
                breaches.discard(at)
        return self.records


def number(how, records):
    """Gives the records their numbers."""
    counts, eras = {}, {}
    for record in records:
        key = record.host if how.kind == "host" else "trace"
        if how.again and eras.get(key, record.boot) != record.boot:
            counts.pop(key, None)
        begun = key in counts or key in eras
        eras[key] = record.boot
        if record.is_boot and not how.numbered:
            continue
        begin = how.starts.get(record.host if how.kind == "host" else None, how.base)
        counts[key] = counts.get(key, (how.base if begun else begin) - 1) + 1
        record.unit, record.at = (key, record.boot if how.again else 0), counts[key]
        # numbers that begin beyond 32 bits have more
        record.pairs["seq"] = counts[key] if begin >= WRAP else counts[key] % WRAP


def lose(source, how, records):
    """Some records are lost. A marker is not if nothing else shows the boot where numbers begin again, and nor is one
    without a number."""
    for _ in range(how.lost):
        at = source.randrange(len(records))
        for record in records[at:at + source.choice((1, 1, 1, 2, 4, 9))]:
            record.kept = record.is_boot and ((how.again and how.boots != "name") or not how.numbered)
    if how.again and source.random() < 0.3:
        meet(source, records)
    for record in records[len(records) - how.tail:]:
        record.kept = False
    for unit in units(records).values():
        seen = next((record for record in unit if record.kept), None)
        # it would seem to be the first one: nothing shows that there were others
        if seen and seen.pairs["seq"] <= 1:
            unit[0].kept = True


def meet(source, records):
    """Records after a boot are lost up to the one with which the count before the boot would go on: if that is not long, or
    another boot has shown that counts begin again."""
    found = list(units(records).values())
    at = source.randrange(len(found))
    before = [[record.pairs["seq"] for record in unit if record.kept] for unit in found[:at] if unit[-1].host == found[at][-1].host]
    again = any(one and other and other[0] <= one[-1] for one, other in zip(before, before[1:]))
    last = max(before[-1], default=0) if before else 0
    if 0 < last < found[at][-1].pairs["seq"] and (again or last < LONG):
        for record in found[at]:
            record.kept &= record.is_boot or record.pairs["seq"] > last


def units(records):
    """The records of each count, from where it begins to where it begins again or ends."""
    found = {}
    for record in records:
        if record.unit:
            found.setdefault(record.unit, []).append(record)
    return found


def delay(source, how, records):
    """The records as they arrive, where none waits for one without a number."""
    if how.late == "no":
        return list(records)
    parts, result = [[]], []
    for record in records:
        if "seq" in record.pairs:
            parts[-1].append(record)
        else:
            parts += [[record], []]
    # records of few boots wait at once
    size = source.choice([size for size in BUFFERS if size <= 2 * how.every])
    for part in parts:
        if how.late == "jitter":
            late = {id(record): at + source.random() * size for at, record in enumerate(part)}
            result += sorted(part, key=lambda record, late=late: late[id(record)])
            continue
        for at in range(0, len(part), size):
            processors = {id(record): source.randrange(3) for record in part[at:at + size]}
            result += sorted(part[at:at + size], key=lambda record, of=processors: of[id(record)])
    return begun(apart(how, result) if how.again else result)


def begun(records):
    """The first record of a count to arrive is not one after it has wrapped: it would seem to begin there."""
    result = list(records)
    for unit in units(records).values():
        before = [record for record in unit if record.at < WRAP]
        if before and unit[0].at >= WRAP:
            result.remove(before[0])
            result.insert(result.index(unit[0]), before[0])
    return result


def apart(how, records):
    """Records of the boots of a host do not mix where numbers begin again; a marker that alone shows a boot comes first."""
    result, alone = list(records), how.boots == "marker" or how.shared
    for host in how.hosts if how.kind == "host" else (None,):
        places = [at for at, record in enumerate(records) if how.kind == "trace" or record.host == host]
        ordered = sorted((records[at] for at in places), key=lambda record: (record.boot, alone and not record.is_boot))
        for at, record in zip(places, ordered):
            result[at] = record
    return result


def double(source, how, records):
    """Some records come twice, the second time before the next boot of any host."""
    result = list(records)
    for _ in range(how.doubled):
        at = source.randrange(len(result)) if result else 0
        if not result or result[at].is_boot or "seq" not in result[at].pairs:
            continue
        end = min(len(result), at + 1 + source.randrange(12))
        while any(one.boot != result[at].boot or one.is_boot for one in result[at:end]):
            end -= 1
        result.insert(end, result[at])
    return result
