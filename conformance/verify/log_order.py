# SPDX-License-Identifier: MIT
"""In which order the records of a log are judged, and what is missing in it, for the verifier: what a certificate says
of that, and what the records say. traces/README.md, "The order of seq"; docs/theory.md, "Keys"."""

import heapq

from text_records import MANY

LONG_COUNT = 16  # a count that is long enough does not begin again by chance where it would go on
WRAP, WRAP_REACH = 1 << 32, 1 << 20  # a count of 32 bits wraps from within this distance of its end, to its beginning
IN_ORDER, TOGETHER = 32, 12  # so many in order begin the count; so many in a row from host to host are one count
LATE_MAX, WAITING_MAX = 16, 16384  # so many late records in a row are none; no more of them wait

class Refused(Exception):
    """The certificate says what is not so, or the trace cannot be read."""

def require(holds, otherwise):
    """Refuses the certificate unless that holds."""
    if not holds:
        raise Refused(otherwise)

def wraps(before, seq):
    """Whether a count of 32 bits can have wrapped between these two numbers."""
    return before is not None and WRAP - WRAP_REACH <= before < WRAP and seq < WRAP_REACH

class Count:
    """Numbers so far: the last one, whether a marker of a boot had it, whether they may begin again; the last boot. Of
    late ones: all numbers, the last before a record without one, the late one, and the first with how many follow."""
    def __init__(self):
        self.last, self.booted, self.again, self.boot, self.wrapped = None, False, False, None, False
        self.seen, self.floor, self.late, self.first, self.row = set(), -1, None, None, 0

    def follow_boot(self, boot):
        """A record without a number has another value of boot."""
        self.again |= None not in (self.boot, boot) and self.boot != boot
        self.boot = boot

    def is_late(self, seq):
        """Whether nothing can put it into its place: it came twice, or after others that do not wait any longer."""
        require(seq in self.seen or seq <= self.floor or (seq < self.first and self.row >= IN_ORDER),
                f"a record with the number {seq} is after {self.last}")
        return True

    def take(self, record, zero, apart):
        """How many records are missing before this one; None: any number. @zero: a count of the trace begins with 0."""
        seq, boots, before = record.seq, record.marker == "boot", self.late
        wrapped = wraps(self.last, seq) and not self.again
        if wrapped:
            self.last, self.wrapped = self.last - WRAP, True
        begins = seq == 0 or (seq == 1 and not zero)
        again = self.again or (apart and None not in (record.boot, self.boot) and record.boot != self.boot)
        if self.last is None:
            missing, self.first = 0 if begins else None, seq
        else:
            missing = seq - self.last - 1
            if (again or (boots and missing < 0) or (self.booted and begins)) and not wrapped:
                long = not self.again if self.wrapped else self.last >= LONG_COUNT
                missing = 0 if begins or (missing == 0 and long) else seq
                self.wrapped &= long
                self.seen, self.floor, self.first, self.row = set(), -1, seq, 0
        late = self.last is not None and missing is not None and missing < 0 and self.is_late(seq)
        self.late = seq if late else None
        if late or before is not None:
            missing = 0 if before is not None and seq == before + 1 else None
        if late:
            return missing
        self.seen.add(seq)
        self.row += missing == 0
        self.last, self.booted, self.again = seq, boots, False
        self.boot = self.boot if record.boot is None else record.boot
        return missing

def begun_with_zero(records):
    """The records of which it is known that counts begin with 0: those after one with that number, and those that
    waited when it came, as the first ones do until many are in order."""
    found, waiting, last, row, top, known = set(), [], {}, 0, None, False
    for record in sorted(records, key=lambda record: record.line):
        host = (record.host or "").lower()
        if record.seq is None:
            waiting = []
            continue
        waiting.append(id(record))
        known |= record.seq == 0 and not wraps(last.get(host), 0)
        row += record.seq == top + 1 if top is not None else record.seq < 2
        if known:
            found.update(waiting)
        if known or row >= IN_ORDER:
            waiting = []
        last[host] = top = record.seq
    return found

def losses(records, claim):
    """What the numbers show to be missing, as in a certificate: [[line, how many, of whom], ...]."""
    counts, drivers, found, top, trace = {}, {}, [], None, claim["numbering"] == "trace"
    zeros = begun_with_zero(records)
    hosts = {(record.host or "").lower() for record in records}
    of_all = {line for line, *_, of in claim["losses"] if of == "all"}
    for record in records:
        host = (record.host or "").lower()
        if record.seq is None:
            every = record.host is None or record.unreadable
            for count in counts.values() if every else [counts[host]] if host in counts and not trace else []:
                # after a boot a count may begin again; and what comes before this one does not wait any longer
                count.again |= record.marker == "boot"
                count.floor = -1 if count.last is None else count.last
            if record.boot is not None and not record.unreadable and not trace:
                counts.setdefault(host, Count()).follow_boot(record.boot)
            continue
        driver = record.pairs.get("driver", "").lower()
        require(drivers.setdefault(host, driver) == driver, "drivers may count apart")
        count = counts.setdefault("" if trace else host, Count())
        # the count of another host may have wrapped to where that of this one begins
        wrapped = claim["numbering"] == "unsettled" and count.last is None and wraps(top, record.seq)
        missing = count.take(record, id(record) in zeros, not trace)
        if top is None or wraps(top, record.seq) or (record.seq > top and not wraps(record.seq, top)):
            top = record.seq
        missing = None if wrapped and missing == 0 else missing
        # what is missing before a record of no host may be a marker for all
        every = trace or (record.host is None and len(hosts) > 1 and record.line in of_all)
        if missing != 0:
            record.missing = MANY if missing is None else missing, "all" if every else "host"
            found.append([record.line, missing, record.missing[1]])
    require(claim["numbering"] != "unsettled" or is_unsettled(records), "it is settled what the numbers count")
    return found

def is_unsettled(records):
    """Whether the numbers leave open if each host counts for itself: none is that of two hosts, which would be so if it
    does; and not many of them in a row go from host to host, as they would if it does not."""
    hosts = {}
    for record in records:
        host = (record.host or "").lower()
        if record.seq is not None and hosts.setdefault(record.seq, host) != host:
            return False
    follow = before = 0
    for seq in sorted(hosts):
        follow = follow + (hosts[seq] != hosts[before]) if seq - 1 == before and before in hosts else 0
        before = seq
        if follow >= TOGETHER:
            return False
    return len({*hosts.values()}) > 1

def by_number(records, claim):
    """The records of each host, or all, by their numbers. A record without one keeps its place, after all earlier ones
    of its host, or of all. If counts begin again with boots, records are sorted within those that are in the file."""
    hosts, places, barriers, trace, again = {}, {}, 0, claim["numbering"] == "trace", claim["order"] == "boots"
    names = {record.host for record in records if record.seq is not None}
    every = any(record.seq is not None and (record.host is None or record.unreadable == "all") for record in records)
    for record in records:
        host, plain = "" if trace else (record.host or "").lower(), record.seq is None
        if plain and (record.host is None or record.unreadable):
            barriers += 1
            places[id(record)] = barriers, "", -1, -1
            hosts = {each: (0, value) for each, (_, value) in hosts.items()}
            if record.boot is not None and not record.unreadable:
                hosts[host] = 0, record.boot
            continue
        block, value = hosts.get(host, (0, None))
        changes = record.marker == "boot" or (None not in (value, record.boot) and value != record.boot)
        block += plain or (again and changes)
        hosts[host] = block, value if record.boot is None else record.boot
        places[id(record)] = barriers, host, block, -1 if plain else record.seq
        require(not (plain and trace) or len(names) == 1, "a record of a host has no number, but all count together")
    require(trace or len(names) == 1 or not every, "a record with a number is of all hosts")
    return sorted(records, key=lambda record: places[id(record)])

class Clock:
    """The records of a host that wait for earlier ones, and the time of the last one that was judged."""
    def __init__(self):
        self.waiting, self.passed, self.latest, self.late, self.untimely = [], None, 0, 0, False
        self.boot, self.boot_before = None, None

    def follow_boot(self, record):
        """The last two values of boot: a late record can be of the one before."""
        if None not in (self.boot, record.boot) and self.boot != record.boot:
            self.boot_before = self.boot
        self.boot = self.boot if record.boot is None else record.boot

    def release(self):
        """The earliest of them; what is missing before it is not known, if one that came late is of the host."""
        record = heapq.heappop(self.waiting)[2]
        self.passed, record.unsure, self.untimely = record.time, self.untimely, False
        self.follow_boot(record)
        return record

    def is_late(self, record):
        """Whether it comes too late. Boots, and many late records in a row, show that the clock was set back."""
        if self.passed is None or record.time >= self.passed:
            self.late = 0
            return False
        boots = record.marker == "boot"
        boots |= record.boot is not None and record.boot not in (self.boot, self.boot_before) and self.boot is not None
        self.late = 0 if boots or self.late + 1 == LATE_MAX else self.late + 1
        return self.late > 0

def by_time(records, window):
    """The records as they are judged if each waits for earlier ones of its host, until one is later by so much."""
    clocks, order = {}, []
    for at, record in enumerate(records):
        clock = clocks.setdefault((record.host or "").lower(), Clock())
        require(record.seq is None and len(clock.waiting) <= WAITING_MAX, "too many wait, or some have numbers")
        if record.unreadable or record.time is None or (record.kind == "marker" and record.host is None):
            # it keeps its place, and earlier records are before it
            every = record.unreadable or record.host is None
            for stopped in [*clocks.values()] if every else [clock]:
                order += [stopped.release() for _ in range(len(stopped.waiting))]
            if not record.unreadable:
                clock.follow_boot(record)
            order.append(record)
            continue
        if clock.is_late(record):
            record.late, record.boot = True, None
            record.unsure = record.kind not in ("event", "state")
            clock.untimely |= record.unsure
            order.append(record)
            continue
        if clock.passed is not None and record.time < clock.passed:
            order += [clock.release() for _ in range(len(clock.waiting))]
            clock.passed, clock.latest = None, 0
        heapq.heappush(clock.waiting, (record.time, at, record))
        clock.latest = max(clock.latest, record.time)
        while clock.waiting and clock.latest - clock.waiting[0][0] >= window:
            order.append(clock.release())
    return order + [clock.release() for clock in clocks.values() for _ in range(len(clock.waiting))]

def sort(records, claim, window):
    """The order in which they are judged, after a check of what the certificate says of it; and what is missing."""
    known, kept, repeated = set(), [], {*claim["repeated"]}
    for record in records:
        require(record.line not in repeated or record.same in known, "no record repeats another there")
        kept += [record] * (record.line not in repeated)
        known.update([record.same] * (record.same is not None))
    repeated = sorted(repeated & {record.line for record in records})
    require((claim["order"] == "time") == (window > 0 and claim["order"] != "id"), "they are sorted by time, or not")
    if window and claim["order"] == "time":
        records = by_time(kept, window)
    else:
        records = by_number(kept, claim) if claim["order"] in ("seq", "boots") else kept
    shown = [record for record in records if not record.unreadable and record.marker not in ("missing", "service")]
    numbered = any(record.seq is not None for record in records)
    require((claim["numbering"] != "none") == numbered, "that is not its numbering")
    require(claim["records"] == len(shown), f"it has {len(shown)} records")
    lost = losses(records, claim) + [[record.line, None, "host"] for record in records if record.unsure]
    for record in records:
        record.missing = (MANY, "host") if record.unsure else record.missing
    found = {"losses": lost + [[record.line, record.lost, "all"] for record in records if record.marker == "missing"],
             "markers": [[record.line, record.marker] for record in shown if record.marker], "repeated": repeated,
             "unreadable": [record.line for record in records if record.unreadable],
             "late": [record.line for record in records if record.late]}
    for what, own in found.items():
        require(sorted(claim.get(what, [])) == sorted(own), f"its {what} are {own}")
    return records
