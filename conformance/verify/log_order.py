# SPDX-License-Identifier: MIT
"""In which order the records of a log are judged, and what is missing in it, for the verifier: what a certificate says
of that, and what the records say. traces/README.md, "The order of seq"; docs/theory.md, "Keys"."""

import heapq

from drivers import REGISTER, UNREGISTER
from text_records import MANY, is_success, lower

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
    return before is not None and before >= WRAP - WRAP_REACH and seq < WRAP_REACH

class Host:
    """What the records of a host share: the last boot; the late number, if the last one was late; the last number and
    its driver, whether numbers may begin again, and how many in a row went on from driver to driver."""
    def __init__(self):
        self.boot, self.late, self.last, self.driver, self.again, self.row = None, None, -1, None, False, 0

    def take(self, record):
        """Refuses the certificate if the next number shows that the drivers count together, or each for itself."""
        other = self.driver not in (None, record.driver)
        self.row = self.row + other if record.seq == self.last + 1 else 0
        require(self.row < TOGETHER, "the drivers of a host count together")
        follows = not other or self.again or record.seq > self.last or wraps(self.last, record.seq)
        require(follows, f"the driver of the record in line {record.line} counts for itself")
        self.last, self.driver, self.again = record.seq, record.driver, False

class Count:
    """Numbers of a driver so far: the last one and its line, the line of the last marker of a boot, whether such a one
    was the last, whether they may begin again, or can with a boot that another driver has recorded. Of late ones: all
    numbers, the last before a record without one, and the first with how many follow. How many registrations the driver
    has, and whether it has released them all."""
    def __init__(self, host):
        self.host, self.last, self.line, self.marker = host, None, 0, None
        self.booted, self.again, self.elsewhere = False, False, False
        self.seen, self.floor, self.first, self.row = set(), -1, None, 0
        self.live, self.released = 0, False

    def is_late(self, seq):
        """Whether nothing can put it into its place: it came twice, or after others that do not wait any longer."""
        return seq in self.seen or seq <= self.floor or (seq < self.first and self.row >= IN_ORDER)

    def follow_driver(self, record):
        """What its driver has registered."""
        call = lower(record.pairs.get("call", "")) if lower(record.pairs.get("phase", "")) != "begin" else ""
        if record.kind == "object":
            self.released = lower(record.pairs["object"]) == "deleted" and self.live == 0
        elif call == REGISTER and is_success(record.pairs):
            self.live, self.released = self.live + 1, False
        elif call == UNREGISTER and self.live > 0:
            self.live, self.released = self.live - 1, self.live == 1

    def fits(self, record, wrapping, named):
        """How many records can be missing before this one, if the count goes on; and if it begins here. @wrapping: it
        can be that of another host, which has wrapped. @named: the record is not the first that names a boot."""
        seq, begins = record.seq, {0, record.seq} if record.seq < 2 else {min(record.seq, MANY)}
        late = self.host.late
        follows = set() if late is None else {0 if (seq - late) % WRAP == 1 else None}
        if self.last is None:
            return follows, {None} if seq > 1 else {0, None} if wrapping or seq == 1 else {0}
        step, wrapped = seq - self.last - 1, wraps(self.last, seq) and seq <= self.last
        goes_on = {min(step % WRAP, MANY)} if wrapped else {min(step, MANY)} if step >= 0 else set()
        # a count beyond 32 bits does not wrap
        goes_on |= {None} if wrapped and self.last >= WRAP and self.is_late(seq) else set()
        # a marker is between the two in the file, but not by number: it is late, or the count has begun again with it
        if self.marker and (self.line < self.marker) != (record.line < self.marker):
            goes_on |= {None} if goes_on else set()
        if self.again and not wrapped:
            goes_on &= {0} if self.last >= LONG_COUNT else set()
        if follows or (self.is_late(seq) and not goes_on):
            goes_on = follows or {None}
        # a driver may be loaded again: it had released everything, or does what it does first
        loaded = seq < 2 and "driver" in record.pairs
        first = lower(record.pairs.get("call", "")) == REGISTER or lower(record.pairs.get("object", "")) == "created"
        if not (self.again or record.marker == "boot" or (seq < 2 and self.booted) or (loaded and self.released)):
            # the first boot that is named may be another one
            begins = begins if self.elsewhere else set() if named else {min(seq, MANY)} - {0}
        return goes_on, begins | ({None} if loaded and first else set())

    def take(self, record, missing, begins):
        """So many records are missing before this one. @begins: the count begins here."""
        back = self.last is not None and record.seq <= self.last
        late = back and not begins and (missing is None or not wraps(self.last, record.seq))
        self.host.late = record.seq if late else None
        if late:
            return
        if begins or self.last is None:
            self.seen, self.floor, self.first, self.row = set(), -1, record.seq, 0
            self.live, self.released = 0, False
        self.seen.add(record.seq)
        self.row += missing == 0
        self.line, self.marker = record.line, record.line if record.marker == "boot" else self.marker
        self.last, self.booted, self.again, self.elsewhere = record.seq, record.marker == "boot", False, False

def losses(records, claim):
    """Takes what the certificate says to be missing by the numbers, if that can be so. What is left of its losses."""
    counts, hosts, trace = {}, {}, claim["numbering"] == "trace"
    wrapping = claim["numbering"] == "unsettled" and any((record.seq or 0) >= WRAP - WRAP_REACH for record in records)
    begun = set()  # the numbers with which counts begin, and how many are missing before these
    homes, left = {record.home for record in records}, {}
    for line, missing, of in claim["losses"]:
        left.setdefault(line, []).append((missing and min(missing, MANY), of))
    for record in records:
        home = "" if trace else record.home
        host, marked = hosts.setdefault(home, Host()), record.marker == "boot"
        boot = None if trace or (record.unreadable and record.seq is None) else record.boot
        named, changes = boot is None or host.boot is not None, None not in (boot, host.boot) and boot != host.boot
        host.boot = host.boot if boot is None else boot
        own = counts.setdefault(name_of(home), {})
        if record.seq is None:
            every = record.host is None or record.unreadable
            for each in counts.values() if every else [] if trace else [own]:
                for count in each.values():
                    # after a boot a count may begin again; and what comes before this one does not wait any longer
                    count.again |= marked or (changes and each is own)
                    count.host.again |= count.again
                    count.floor = -1 if count.last is None else count.last
            continue
        count = own.setdefault((home, "" if trace else record.driver), Count(host))
        count.again |= changes
        # a boot of another driver may be one of this driver, too
        count.elsewhere |= not named and home != name_of(home)
        for other in own.values() if marked or changes else ():
            other.elsewhere |= other.host is host and other is not count
        goes_on, begins = count.fits(record, wrapping, named)
        # what is missing before a record of no host may be a marker for all
        scopes = ["all"] if trace else ["host", "all"][:1 + (record.host is None and len(homes) > 1)]
        told = left.get(record.line, [])
        fitting = [each for each in told if each[0] in goes_on | begins and each[1] in scopes]
        missing, of = fitting[0] if fitting else (0, "host")
        require(missing in goes_on | begins, f"before line {record.line} {goes_on | begins} records can be missing")
        if fitting:
            told.remove((missing, of))
        # it would be of all drivers, of which others have no order with it
        common = record.home[-1:] == "\0" and (missing != 0 or record.marker not in ("", "shutdown", "reported"))
        require(not common, f"the record in line {record.line} is of drivers whose records are numbered apart")
        record.missing = MANY if missing is None else missing, of
        host.again |= changes or marked or host.late is not None or (count.last is not None and missing not in goes_on)
        if missing not in goes_on:
            begun.add((record.seq, missing))
        count.take(record, missing, missing not in goes_on)
        count.follow_driver(record)
        if host.late is None and not trace:
            host.take(record)
    # a count that begins with 1 lacks a record if others begin with 0
    require(not {(0, 0), (1, 0)} <= begun, "counts begin with 0, and with 1")
    lacking = wrapping or any(record.seq == 0 for record in records)
    require(lacking or begun.isdisjoint({(1, 1), (1, None)}), "no count begins with 0")
    require(claim["numbering"] != "unsettled" or is_unsettled(records), "it is settled what the numbers count")
    for name, seq, *lines in claim.get("apart", ()):
        require(not trace, "all count together")
        check_apart(records, name.lower(), seq, lines)
    return [[line, *each] for line, told in left.items() for each in told]

def check_apart(records, name, seq, lines):
    """Refuses the certificate unless two drivers of the host have a record of that number in one boot, in these lines:
    then each counts for itself."""
    near = [record for record in records if min(lines) <= record.line <= max(lines) and
            (record.host is None or name_of(record.home) == name)]
    both = [record for record in near if record.line in lines and record.seq == seq and name_of(record.home) == name]
    require(len({record.driver for record in both}) > 1, "the number is not one of two drivers of the host")
    unnamed = not any(record.marker == "boot" or record.boot is not None for record in near)
    require(unnamed or (both[0].boot is not None and len({record.boot for record in both}) == 1),
            "the host may have started between them")

def is_unsettled(records):
    """Whether the numbers leave open if all hosts count together: then many of them in a row would go from host to
    host. If it is only open that each counts for itself, that makes no difference."""
    hosts = {record.seq: record.home for record in records if record.seq is not None}
    follow = before = 0
    for seq in sorted(hosts):
        follow = follow + (hosts[seq] != hosts[before]) if seq - 1 == before and before in hosts else 0
        before = seq
        if follow >= TOGETHER:
            return False
    return len({record.home for record in records if record.seq is not None}) > 1

def by_number(records, claim):
    """The records of each host, or all, by their numbers. A record without one keeps its place, after all earlier ones
    of its host, or of all. If counts begin again with boots, records are sorted within those that are in the file."""
    turns, blocks, places, barriers = {}, {}, {}, 0
    trace, again = claim["numbering"] == "trace", claim["order"] == "boots"
    names = {record.home for record in records if record.seq is not None}
    every = any(record.seq is not None and (record.host is None or record.unreadable == "all") for record in records)
    for record in records:
        home, plain = "" if trace else record.home, record.seq is None
        name = name_of(home)
        if plain and (record.host is None or record.unreadable):
            barriers += 1
            places[id(record)] = barriers, "", -1
            if record.boot is not None and not record.unreadable:
                turns[home] = turns.get(home, (0, None))[0], record.boot
            continue
        turn, value = turns.get(home, (0, None))
        changes = record.marker == "boot" or (None not in (value, record.boot) and value != record.boot)
        blocks[name] = blocks.get(name, 0) + plain
        turns[home] = turn + (again and changes), value if record.boot is None else record.boot
        # what is in the file after the marker of a boot is judged after it
        seq = -1 if again and record.marker == "boot" else record.seq
        places[id(record)] = barriers, name, blocks[name], *(() if plain else (home, turns[home][0], seq))
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
        clock = clocks.setdefault(record.home, Clock())
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

def home_of(host, driver, claim):
    """Whose numbers a record of that host and driver has, if it does not matter whether all hosts count together."""
    apart = [name.lower() for name, *_ in claim.get("apart", ())]
    return f"{host}\0{driver}" if host in apart else host

def name_of(home):
    """The host alone."""
    return home.partition("\0")[0]

def sort(records, claim, window):
    """The order in which they are judged, after a check of what the certificate says of it; and what is missing."""
    for record in records:
        record.home = home_of(record.home, record.driver, claim)
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
    rest = losses(records, claim)
    for record in records:
        record.missing = (MANY, "host") if record.unsure else record.missing
    gaps = [[record.line, min(record.lost, MANY), "all"] for record in records if record.marker == "missing"]
    found = {"losses": [[record.line, None, "host"] for record in records if record.unsure] + gaps,
             "markers": [[record.line, record.marker] for record in shown if record.marker], "repeated": repeated,
             "unreadable": [record.line for record in records if record.unreadable],
             "late": [record.line for record in records if record.late]}
    for what, own in found.items():
        told = rest if what == "losses" else claim.get(what, [])
        require(sorted(told) == sorted(own), f"its {what} are {own}, not {told}")
    return records
