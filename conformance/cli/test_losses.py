#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Lost records, duplicates and disorder against an oracle of its own. Sessions live by the published table or against
it; their records are numbered from 0 or 1, by trace or by host, some are lost, some come twice, and what is left is
shuffled. The oracle knows how many records were lost where, follows the sets of states that so many can have led to,
and says which findings there must be, up to the first violation of each session. Arguments: the command, and how many
batches of small traces. Prints TAP.
"""

import random
import sys

from shared import sights
from shared.command import STATUS_CLEAN, Command
from shared.folder import Folder
from shared.losses import findings_between, shuffled, twice
from shared.sights import ILLEGAL, close, right_after
from shared.table import EVENTS, START, STATES
from shared.tap import Tap

# traces in a folder
SMALL = 400


class Record:
    """An event of a session: whose it is, what it says, and its number."""

    def __init__(self, host, session, source, event):
        self.host, self.session, self.source, self.event = host, session, source, event
        self.seq = self.line = None

    def stream(self, scheme):
        return None if scheme == "trace" else self.host

    def __str__(self):
        return f"seq={self.seq} host={self.host} source={self.source} session={self.session} event={self.event}"


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
    """Numbers the records from @base; a count of 32 bits wraps."""
    last = {}
    for record in records:
        key = record.stream(scheme)
        last[key] = last[key] + 1 if key in last else base
        record.seq = last[key] % (1 << 32)


def text_of(written):
    for line, record in enumerate(written, 1):
        record.line = record.line or line
    return "".join(f"{record}\n" for record in written)


def without(source, records, scheme, loss, front):
    """Which records are left: some are lost, and with a chance of @front those with which a count begins. The first of
    a count from 0 is not lost alone: nobody could tell it from one from 1."""
    kept, lost = [], {}
    for record in records:
        stream = record.stream(scheme)
        if stream not in lost:
            # that a count goes on from before a wrap cannot be told either, without its last numbers
            lost[stream] = source.randrange(2, 9) if source.random() < front and record.seq <= 1 else 0
            spared = lost[stream] == 0
        else:
            spared = False
        if lost[stream] > 0:
            lost[stream] -= 1
        elif spared or source.random() >= loss:
            kept.append(record)
    return kept


def expected(records, kept, scheme, whole):
    """What has to be found: the items of each session, {(host, session): [source, begins unknown, item...]}, and the
    lines after each gap. @whole: the first number says that the count has its beginning."""
    kept = {id(record) for record in kept}
    lost, items, since, begun, gaps, holes = {}, {}, {}, set(), set(), {}
    for record in records:
        stream = record.stream(scheme)
        if id(record) not in kept:
            lost[stream] = lost.get(stream, 0) + 1
            holes[stream] = holes.get(stream, 0) + 1
            continue
        hole = holes.pop(stream, 0)
        if hole or (stream not in begun and not whole):
            gaps.add(record.line)
        if stream not in begun and (hole or not whole):
            # from here on sessions of the stream begin in any state
            lost[stream] = lost.get(stream, 0) + 1000
        begun.add(stream)
        key = (record.host, record.session)
        own = items.setdefault(key, [record.source])
        count = lost.get(stream, 0) - since.get(key, 0)
        since[key] = lost.get(stream, 0)
        if count:
            own.append(("lost", count))
        own.append((record.line, record.event))
    return items, gaps


def wrong_sessions(findings, items):
    """Where the findings of the sessions are not those that must be there."""
    wrong, said = [], {}
    for finding in findings:
        if finding["rule"].startswith("session/"):
            said.setdefault((finding["host"], finding["session"]), []).append((finding["line"], finding["rule"]))
    for key, (name, *own) in items.items():
        want, got = findings_between(name, own), said.get(key, [])
        # what follows from a violation is for another test
        more = len(got) > len(want) and ILLEGAL not in [rule for _, rule in want]
        if got[:len(want)] != want or more:
            wrong.append(f"session {key} {name}: {own}: expected {want}, got {got}")
    return wrong


COUNTS = {"illegal after a loss": 0, "gaps": 0, "duplicates": 0}


def test_exactly(tap, command, seed):
    """With enough records, what seq counts is found out, and each finding must be there."""
    source = random.Random(seed)
    hosts = source.choice((("a",), ("a", "b"), ("a", "b", "c")))
    scheme, base = source.choice(("trace", "host")), source.choice((0, 0, 1, 1, 1, (1 << 32) - 50))
    size, count = source.choice((1, 2, 3, 16, 64, 300)), source.randrange(100, 700)
    breaches, loss = source.choice((0, 0.01, 0.05)), source.choice((0, 0.005, 0.02, 0.1))
    front, again = source.choice((0, 0, 0.5)), source.choice((0, 0, 0.05))
    records = life(source, hosts, count, breaches)
    number(records, scheme, base)
    kept = without(source, records, scheme, loss, front)
    written, same = twice(source, shuffled(source, kept, size), again)
    trace = text_of(written)
    items, gaps = expected(records, kept, scheme, base <= 1)
    findings = command.check(trace, "--rule=unfinished=off").findings
    wrong = wrong_sessions(findings, items)
    got = {finding["line"] for finding in findings if finding["rule"] == "trace/gap"}
    if got != gaps | same:
        wrong.append(f"gaps and duplicates at {sorted(gaps | same)}, found {sorted(got)}")
    COUNTS["gaps"] += len(gaps)
    COUNTS["duplicates"] += len(same)
    COUNTS["illegal after a loss"] += sum(len(finding["belief"]) > 1 for finding in findings
                                          if finding["rule"] == ILLEGAL and finding["source"] == "wdm"
                                          and not finding["cascade"])
    tap.ok(not wrong, f"{seed}: {count} records of {len(hosts)} hosts numbered by {scheme} from {base}, {breaches:.0%} "
           f"against the table, {count - len(kept)} lost, {len(same)} twice, shuffled by {size}", *wrong[:3],
           trace[:3000])


def test_small(tap, command, seed):
    """In a few records it may not show what seq counts: then nothing is said that one of the ways explains."""
    source, traces = random.Random(f"small {seed}"), {}
    with Folder() as folder:
        for number_of in range(SMALL):
            hosts = source.choice((("a",), ("a", "b"), ("a", "b", "c")))
            scheme, base = source.choice(("trace", "host")), source.choice((0, 1, 1, (1 << 32) - 3))
            records = life(source, hosts, source.randrange(2, 24), 0)
            number(records, scheme, base)
            kept = without(source, records, scheme, source.choice((0, 0.1, 0.3)), source.choice((0, 0.5)))
            written, _ = twice(source, shuffled(source, kept, source.choice((1, 2, 5, 30))), source.choice((0, 0.3)))
            if written:
                traces[folder.file(f"{number_of}.trace", text_of(written)).name] = written
        result = command.run("check", "--quiet", "--format=json", "--rule=unfinished=off", str(folder.path))
    errors = [finding for finding in result.findings if finding["severity"] == "error"]
    tap.ok(result.status == STATUS_CLEAN and not errors, f"{SMALL} small traces of legal lives, {seed}: no error",
           *[f"{finding['line']}: {finding['message']}\n{text_of(traces[finding['file'].rsplit('/', 1)[-1]])}"
             for finding in errors[:3]])


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    for seed in command.sampled(range(200)):
        test_exactly(tap, command, seed)
    for seed in range(int(sys.argv[2]) if len(sys.argv) > 2 else 8):
        test_small(tap, command, seed)
    tap.ok(all(COUNTS.values()), f"among them: {COUNTS}")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
