#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Lost records, duplicates and disorder against an oracle of its own. Sessions live by the published table or against
it; their records are numbered from 0 or 1, by trace or by host, some are lost, some come twice, and what is left is
shuffled. The oracle knows how many records were lost where, follows the sets of states that so many can have led to,
and says which findings there must be, up to the first violation of each session. Argument: the command. Prints TAP.
"""

import random
import sys

import sights
from sights import ILLEGAL, Session, close, right_after
from support import Command, Tap
from table import EVENTS, START, STATES


class Record:
    """An event of a session: whose it is, what it says, and its number."""

    def __init__(self, host, session, source, event):
        self.host, self.session, self.source, self.event = host, session, source, event
        self.seq = self.line = None

    def stream(self, scheme):
        return None if scheme == "trace" else self.host

    def __str__(self):
        return f"seq={self.seq} host={self.host} source={self.source} session={self.session} event={self.event}"


class Follower(Session):
    """A session between whose records others are lost."""

    def lose(self, count):
        """At most so many lost records: each an event that the source shows, or a boot."""
        for rung, (seen, unseen) in enumerate(self.graphs):
            states = self.beliefs[rung]
            for _ in range(min(count, 2 * len(STATES))):
                after = {to for (state, _), to in seen.items() if state in states}
                states = close(states | after | {START}, unseen)
            self.beliefs[rung] = states


def findings_between(source, items):
    """What has to be said of the items, up to the first violation: lost records, or (line, event)."""
    session, found = Follower(source), []
    for item in items:
        if item[0] == "lost":
            session.lose(item[1])
            continue
        rules = session.take(sights.Record(item[1]))
        found += [(item[0], rule) for rule in rules]
        if ILLEGAL in rules:
            break
    return found


def life(source, hosts, count, breaches):
    """Records in the order of events; with a chance of @breaches each is one that the table does not allow."""
    states, records, kinds = {}, [], {}
    for _ in range(count):
        host, session = source.choice(hosts), source.randrange(source.choice((2, 5)))
        kind = kinds.setdefault((host, session), source.choice(("wdm", "wdm", "wdm", "wts", "sens", "lsm")))
        seen, unseen = sights.arcs(kind, True, True, True)
        belief = close(states.get((host, session), {START}), unseen)
        possible = [event for event in EVENTS if right_after(belief, event, seen)]
        event = source.choice(sights.events_of(kind) if source.random() < breaches else possible)
        states[host, session] = right_after(belief, event, seen) or right_after(STATES, event, seen)
        records.append(Record(host, session, kind, event))
    return records


def number(records, scheme, base):
    last = {}
    for record in records:
        key = record.stream(scheme)
        last[key] = last.get(key, base - 1) + 1
        record.seq = last[key]


def shuffled(source, records, size):
    """In stretches of @size, as buffers of several processors leave them or in any order."""
    result = []
    for at in range(0, len(records), size):
        stretch = records[at:at + size]
        if source.random() < 0.5:
            source.shuffle(stretch)
        else:
            processors = {id(record): source.randrange(3) for record in stretch}
            stretch.sort(key=lambda record, of=processors: of[id(record)])
        result += stretch
    return result


def text_of(written):
    for line, record in enumerate(written, 1):
        record.line = record.line or line
    return "".join(f"{record}\n" for record in written)


def expected(records, kept, scheme):
    """What has to be found: {(host, session): [(line, rule), ...]}, and the lines behind each hole."""
    lost, items, since, begun, gaps, holes = {}, {}, {}, set(), set(), {}
    for record in records:
        stream = record.stream(scheme)
        if id(record) not in kept:
            lost[stream] = lost.get(stream, 0) + 1
            holes[stream] = holes.get(stream, 0) + 1
            continue
        if holes.pop(stream, 0):
            gaps.add(record.line)
        begun.add(stream)
        key = (record.host, record.session)
        own = items.setdefault(key, [record.source])
        count = lost.get(stream, 0) - since.get(key, 0)
        since[key] = lost.get(stream, 0)
        if count:
            own.append(("lost", count))
        own.append((record.line, record.event))
    return items, gaps


def test_exactly(tap, command, seed):
    """With enough records, what seq counts is found out, and each finding must be there."""
    source = random.Random(seed)
    hosts = source.choice((("a",), ("a", "b"), ("a", "b", "c")))
    scheme, base = source.choice(("trace", "host")), 1
    size, count = source.choice((1, 2, 3, 16, 64, 300)), source.randrange(100, 700)
    breaches, loss = source.choice((0, 0.01, 0.05)), source.choice((0, 0.005, 0.02, 0.1))
    records = life(source, hosts, count, breaches)
    number(records, scheme, base)
    kept = [record for at, record in enumerate(records) if at < 40 or source.random() >= loss]
    written = shuffled(source, kept, size)
    trace = text_of(written)
    items, gaps = expected(records, {id(record) for record in kept}, scheme)
    findings = command.check(trace, "--rule=unfinished=off").findings
    wrong = []
    got_gaps = {finding["line"] for finding in findings if finding["rule"] == "trace/gap"}
    if got_gaps != gaps:
        wrong.append(f"holes before {sorted(gaps)}, found {sorted(got_gaps)}")
    for key, (name, *own) in items.items():
        want = findings_between(name, own)
        got = [(finding["line"], finding["rule"]) for finding in findings
               if (finding["host"], finding["session"]) == key and finding["rule"].startswith("session/")]
        if got[:len(want)] != want or (len(got) > len(want) and ILLEGAL not in [rule for _, rule in want]):
            wrong.append(f"session {key} {name}: {own}: expected {want}, got {got}")
    tap.ok(not wrong, f"{seed}: {count} records of {len(hosts)} hosts numbered by {scheme} from {base}, {breaches:.0%} "
           f"against the table, {count - len(kept)} lost, shuffled by {size}", *wrong[:3], trace[:3000])


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    for seed in range(150):
        test_exactly(tap, command, seed)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
