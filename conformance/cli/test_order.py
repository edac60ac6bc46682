#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""seq decides the order. A trace is written down twice: out of order with seq, and in order without any, with a gap
marker wherever numbers are missing. Both must be found to be the same, so that nothing here rests on what the command
makes of numbers. Argument: the command. Prints TAP.
"""

import os
import random
import sys
import threading

from shared.command import STATUS_CLEAN, STATUS_FAILED, Command
from shared.table import EVENTS, STATES, allowed, step
from shared.tap import Tap

WINDOW = 16_384
ROUNDS = 90
# in records: about a buffer, a batch of the reader (256), a block of it
SHUFFLES = (2, 3, 16, 64, 255, 256, 257, 700)


class Record:
    """One line: its number in the order of events, what it says, and whose it is."""

    def __init__(self, text, host):
        self.text, self.host, self.seq, self.fixed = text, host, None, False

    def bare(self):
        return f"host={self.host} {self.text}" if self.host else self.text

    def __str__(self):
        return self.bare() if self.seq is None else f"seq={self.seq} {self.bare()}"


def legal_event(source, states, key):
    state = states.get(key, "Initialized")
    event = source.choice(allowed(state))
    states[key] = step(state, event)
    return f"session={key[1]} event={event}"


def any_record(source, session, unread):
    kind = source.random()
    if kind < 0.05:
        return f"session={session} state={source.choice(STATES)}"
    if kind < 0.1:
        return f"session={session} event={source.choice(EVENTS)} from={source.choice(STATES)}"
    if kind < 0.12 and unread:
        return f"session={session} event=Konnected"
    return f"session={session} event={source.choice(EVENTS)}"


def life(source, hosts, count, legal, unread=True):
    """Records of several hosts in the order of events."""
    states, records = {}, []
    for at in range(count):
        host = source.choice(hosts)
        session = source.randrange(4)
        if not legal and at > 2 * len(hosts) and source.random() < 0.02:
            text = f"marker={source.choice(('shutdown', 'gap', 'end'))}"
        elif legal or source.random() < 0.9:
            text = legal_event(source, states, (host, session))
        else:
            text = any_record(source, session, unread)
        records.append(Record(text, host))
    return records


def number(records, by_trace, starts):
    """Numbers the records, from starts[host] or from starts[None]."""
    last = {}
    for record in records:
        key = None if by_trace else record.host
        last[key] = last.get(key, starts[key] - 1) + 1
        record.seq = last[key]


def shuffled(source, records, size):
    """The records as buffers of several processors leave them, or in any order, in stretches of @size. A record that
    is fixed keeps its place, and nothing moves past it."""
    stretch, result = [], []
    for record in [*records, None]:
        if record is None or record.fixed or len(stretch) == size:
            if source.random() < 0.5:
                source.shuffle(stretch)
            else:
                processors = {id(record): source.randrange(4) for record in stretch}
                stretch.sort(key=lambda record, of=processors: of[id(record)])
            result += stretch
            stretch = []
        if record is not None:
            (result if record.fixed else stretch).append(record)
    return result


def text_of(records):
    return "".join(f"{record}\n" for record in records)


def plain(records, kept, by_trace):
    """The trace in order and without seq, gaps told by markers; and which line is which record's."""
    last, lines, whose = {}, [], []
    gone = {id(record) for record in records} - {id(record) for record in kept}
    seen = set()
    for record in records:
        key = None if by_trace else record.host
        if id(record) in gone:
            continue
        if record.seq is not None and record.seq > (last[key] + 1 if key in seen else 1):
            lines.append("marker=gap" + (f" host={record.host}" if record.host and not by_trace else ""))
            whose.append(record)
        if record.seq is not None:
            seen.add(key)
            last[key] = record.seq
        lines.append(record.bare())
        whose.append(record)
    return "".join(f"{line}\n" for line in lines), whose


def bare(findings, whose, ordinal):
    """The findings as the records that they are about, and what they say; sorted."""
    result = []
    for finding in findings:
        at = ordinal[id(whose[finding["line"] - 1])]
        if finding["rule"] == "trace/gap":
            result.append((at, "trace/gap"))
            continue
        past = [(ordinal[id(whose[one["line"] - 1])], one["event"]) for one in finding.get("history", [])]
        # that the order may be another one is said only where seq does not decide it
        message = finding["message"].split("; legal if it came before line ")[0]
        result.append((at, finding["rule"], finding["host"], finding["session"], message, finding["cascade"], past))
    return sorted(result, key=str)


def differences(command, records, written, by_trace):
    """What the command finds in the records as they are written and not in the plain trace, and the other way."""
    ordinal = {id(record): at for at, record in enumerate(records)}
    text, whose = plain(records, written, by_trace)
    expected = bare(command.check(text).findings, whose, ordinal)
    got = bare(command.check(text_of(written)).findings, written, ordinal)
    if got == expected:
        return []
    return [f"missing {[one for one in expected if one not in got][:4]}",
            f"too many {[one for one in got if one not in expected][:4]}", text_of(written)[:4000]]


def without(source, records, count, spared):
    """The records but for some that were lost; not the first ones, which nobody can miss, nor the last."""
    lost = set(source.sample(range(spared, len(records) - 1), count))
    return [record for at, record in enumerate(records) if at not in lost]


def test_random(tap, command):
    for seed in command.sampled(range(ROUNDS)):
        source = random.Random(seed)
        hosts = source.choice((("",), ("a",), ("a", "b"), ("a", "b", "c"), ("a", "b", "c", "d", "e")))
        by_trace, legal = source.random() < 0.5, source.random() < 0.3
        size, count = source.choice(SHUFFLES), source.randrange(60, 1200)
        begin = source.choice((1, 1, 1, 2, 41, 1 << 40))
        records = life(source, hosts, count, legal)
        number(records, by_trace, {None: begin, **{host: begin for host in hosts}})
        problems = differences(command, records, shuffled(source, records, size), by_trace)
        tap.ok(not problems, f"{seed}: {count} records of {len(hosts)} hosts numbered by "
               f"{'trace' if by_trace else 'host'} from {begin}, shuffled by {size}", *problems)


def test_in_between(tap, command):
    """Records without seq keep their place, and what comes before and behind them is shuffled by itself."""
    for seed in command.sampled(range(20)):
        source = random.Random(1000 + seed)
        hosts, by_trace = source.choice(((("",), False), (("a", "b"), False), (("a", "b", "c"), True)))
        records = life(source, hosts, 500, False)
        bare_ones = set(source.sample(range(60, 500), 9))
        number([record for at, record in enumerate(records) if at not in bare_ones], by_trace,
               dict.fromkeys((None, *hosts), 1))
        for at in bare_ones:
            records[at].fixed = True
        problems = differences(command, records, shuffled(source, records, 64), by_trace)
        tap.ok(not problems, f"records without seq in between, {seed}", *problems)


def test_boots(tap, command):
    """Boots that begin the numbers anew, told by a marker or by the key."""
    for seed in range(30):
        source = random.Random(2000 + seed)
        hosts = source.choice((("",), ("a",), ("a", "b")))
        by_key, records = seed % 2 == 0, []
        for boot in range(4):
            era = life(source, hosts, source.randrange(40, 300), seed % 3 == 0, False)
            number(era, False, dict.fromkeys(hosts, 1))
            for record in era:
                record.text += f" boot={boot}" if by_key else ""
            if not by_key:
                numbered = source.random() < 0.5
                for host in hosts:
                    marker = Record("marker=boot", host)
                    marker.fixed = True
                    if numbered:
                        for record in era:
                            record.seq += record.host == host
                        marker.seq = 1
                    era.insert(0, marker)
            records.append(era)
        written = [record for era in records for record in shuffled(source, era, source.choice((2, 16, 300)))]
        problems = differences(command, [record for era in records for record in era], written, False)
        tap.ok(not problems, f"boots by {'key' if by_key else 'marker'}, {len(hosts)} hosts, {seed}", *problems)
    for seed in range(10):
        source = random.Random(3000 + seed)
        records = life(source, ("a", "b"), 400, True)
        for at in (150, 300):
            records.insert(at, Record("marker=boot", "" if seed % 2 else "a"))
        number(records, True, {None: 1})
        problems = differences(command, records, shuffled(source, records, 64), True)
        tap.ok(not problems, f"numbers that go on over a boot marker, {seed}", *problems)


def test_twice(tap, command):
    """Records that are there twice: a note each, and nothing else."""
    for seed in command.sampled(range(20)):
        source = random.Random(4000 + seed)
        hosts, by_trace = source.choice((("",), ("a", "b"))), source.random() < 0.5
        records = life(source, hosts, 600, True)
        number(records, by_trace, dict.fromkeys((None, *hosts), 1))
        twice = source.sample(range(0, 600, 3), 8)
        written = shuffled(source, [one for at, record in enumerate(records)
                                    for one in ([record, record] if at in twice else [record])], 32)
        seen, late = set(), []
        for line, record in enumerate(written, 1):
            if id(record) in seen:
                late.append(line)
            seen.add(id(record))
        found = [(finding["line"], finding["rule"]) for finding in command.check(text_of(written)).findings
                 if finding["rule"] != "session/unfinished"]
        tap.same(sorted(found), [(line, "trace/gap") for line in late], f"records that are there twice, {seed}")


def test_window(tap, command):
    """One record that comes too late: it is missing where it belongs, and a note where it is."""
    source = random.Random(5)
    for hosts, by_trace in ((("",), False), (("a", "b"), False), (("a", "b"), True)):
        records = life(source, hosts, 3 * WINDOW, True)
        number(records, by_trace, dict.fromkeys((None, *hosts), 1))
        for distance, expected in ((WINDOW - 1, False), (WINDOW, False), (WINDOW + 1, True)):
            late = records[100]
            written = records[:100] + records[101:]
            written.insert(100 + distance, late)
            own = [record for record in records[101:] if by_trace or record.host == late.host]
            # those of the other host do not wait
            if not by_trace and len(hosts) > 1:
                written.remove(late)
                written.insert(written.index(own[distance - 1]) + 1, late)
            result = command.check(text_of(written), "--rule=unfinished=off")
            found = [(finding["line"], finding["rule"]) for finding in result.findings]
            lines = [written.index(own[0]) + 1, written.index(late) + 1] if expected else []
            tap.same((result.status, found), (STATUS_CLEAN, [(line, "trace/gap") for line in lines]),
                     f"{len(hosts)} hosts by {'trace' if by_trace else 'host'}: a record {distance} records late")


def test_wild(tap, command):
    """Numbers in any order but for the first: no crash, and no event is called illegal."""
    source = random.Random(6)
    for hosts, by_trace in ((("",), False), (("a", "b", "c"), False), (("a", "b", "c"), True)):
        records = life(source, hosts, 3 * WINDOW, True)
        number(records, by_trace, dict.fromkeys((None, *hosts), 1))
        tail = records[40:]
        source.shuffle(tail)
        result = command.check(text_of(records[:40] + tail))
        errors = [finding for finding in result.findings if finding["severity"] != "note"]
        tap.ok(result.status == STATUS_CLEAN and not errors and result.findings,
               f"{len(records)} records of {len(hosts)} hosts in any order: notes only", errors[:3])


def test_long_texts(tap, command):
    """What is held is bounded in bytes as well: a hole, and lines of half a megabyte behind it."""
    names = [f"seq={seq} session=1 event=Ignore user={'x' * 500_000}\n" for seq in range(3, 203)]
    trace = "seq=1 session=1 event=Created\n" + "".join(names) + "seq=2 session=1 event=Ignore\n"
    result = command.check(trace, "--rule=unfinished=off")
    tap.same([(finding["line"], finding["rule"]) for finding in result.findings],
             [(2, "trace/gap"), (202, "trace/gap")], "100 megabytes are not held")


def test_pipe(tap, command):
    """It does not matter how the bytes arrive."""
    source = random.Random(7)
    records = life(source, ("a", "b", "c"), 900, False)
    number(records, True, {None: 1})
    text = text_of(shuffled(source, without(source, records, 3, 40), 200)).encode()
    reading, writing = os.pipe()

    def feed():
        at = 0
        while at < len(text):
            at += os.write(writing, text[at:at + 97])
        os.close(writing)

    feeder = threading.Thread(target=feed)
    feeder.start()
    pieces = command.run("check", "--quiet", "--format=json", "-", stdin=reading)
    os.close(reading)
    feeder.join()
    tap.same(pieces.findings, command.check(text).findings, "small pieces through a pipe")


def test_unread(tap, command):
    """A line that cannot be read and has no number lets pass what is held; one with a number is put in order."""
    trace = "seq=1 session=1 event=Created\nseq=3 session=1 event=Logon\nwhat is this\nseq=2 session=1 event=Connected\n"
    result = command.check(trace, "--rule=unfinished=off")
    tap.same((result.status, [(finding["line"], finding["rule"]) for finding in result.findings]),
             (STATUS_FAILED, [(2, "trace/gap"), (3, "trace/malformed"), (4, "trace/gap")]),
             "a line that cannot be read")
    trace = "seq=3 session=1 event=Logon\nseq=2 session=1 event=Konnected\nseq=1 session=1 event=Created\n"
    result = command.check(trace, "--rule=unfinished=off")
    tap.same([(finding["line"], finding["rule"]) for finding in result.findings], [(2, "trace/malformed")],
             "a line that cannot be read but for its number")


def test_unnumbered_first(tap, command):
    """A record without seq, of whatever kind, before the first one with seq."""
    for first in ("marker=gap", "marker=gap host=a", "marker=boot", "marker=shutdown", "session=1 event=Created"):
        for host in ("", "host=a "):
            trace = f"{first}\nseq=30 {host}session=3 event=Connected\nseq=31 {host}session=3 event=Logon\n"
            result = command.check(trace, "--start=unknown", "--rule=unfinished=off")
            tap.ok(result.status == STATUS_CLEAN and result.summary["records"] == 3,
                   f"{first} before the first number{', ' + host.strip() if host else ''}", result)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    for test in (test_random, test_in_between, test_boots, test_twice, test_window, test_wild, test_long_texts,
                 test_pipe, test_unread, test_unnumbered_first):
        test(tap, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
