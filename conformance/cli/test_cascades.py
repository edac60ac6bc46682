#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""One violation, one root: a legal life into which one wrong record is put has one error of its own, at that record;
whatever else is wrong with it is a cascade. Random lives of each source by the published table, new lives of the id
included; and with the reconnect, where the trace sees the beginning. Argument: the command. Prints TAP.
"""

import random
import sys

from shared.command import Command
from shared.sights import ILLEGAL, SOURCES, WRONG_STATE, Record, Session, arcs, close, events_of, right_after
from shared.table import EVENTS, START, STATES
from shared.tap import Tap

LIVES = 1_500


class Life:
    """A random life as the source shows it: records, and where each of them may have led."""

    def __init__(self, source, random_source, unknown):
        self.seen, unseen = arcs(source, True, not unknown, False)
        self.records = []
        states = close(set(STATES) if unknown else {START}, unseen)
        while len(self.records) < 14 and random_source.random() < 0.93:
            possible = [event for event in events_of(source) if right_after(states, event, self.seen)]
            event = random_source.choice(possible)
            self.records.append(Record(event))
            states = close(right_after(states, event, self.seen), unseen)


def wrong_records():
    """Records that can be wrong, by themselves or where they are."""
    yield from (Record(event) for event in EVENTS)
    yield from (Record(event, before) for event in ("Ignore", *EVENTS) for before in STATES)
    yield from (Record(event, None, after) for event in ("Ignore", "Max", *EVENTS) for after in STATES)
    yield from (Record(sample=state) for state in STATES)


def is_wrong(source, unknown, records):
    """Whether nothing explains the last record, after all the others."""
    session = Session(source, unknown)
    for record in records[:-1]:
        session.take(record)
    return records[-1].event == "Max" or {*session.take(records[-1])} & {ILLEGAL, WRONG_STATE}


def seeded(source, random_source, unknown):
    """A legal life with one wrong record in it: the records, and the number of the wrong one."""
    choices = list(wrong_records())
    while True:
        records = Life(source, random_source, unknown).records
        at = random_source.randrange(len(records) + 1)
        wrong = random_source.choice(choices)
        if is_wrong(source, unknown, [*records[:at], wrong]):
            return [*records[:at], wrong, *records[at:]], at


def errors_by_session(findings):
    said = {}
    for finding in findings:
        if finding["severity"] == "error":
            said.setdefault(finding["session"], []).append((finding["line"], finding["cascade"]))
    return said


def check_source(tap, command, source, unknown):
    random_source = random.Random(f"{source} {unknown}")
    lives = [seeded(source, random_source, unknown) for _ in command.sampled(range(LIVES))]
    trace = "".join(f"source={source} session={number} {record}\n" for number, (records, _) in enumerate(lives)
                    for record in records)
    said = errors_by_session(command.check(trace, *["--start=unknown"] * unknown).findings)
    wrong, first, cascades = [], 1, 0
    for number, (records, at) in enumerate(lives):
        errors = said.get(number, [])
        roots = {line for line, cascade in errors if not cascade}
        cascades += sum(cascade for _, cascade in errors)
        if roots != {first + at} or any(line < first + at for line, _ in errors):
            wrong.append(f"record {at} of {records}: {[(line - first, cascade) for line, cascade in errors]}")
        first += len(records)
    # a record of RdpCoreTS alone never contradicts the others
    tap.ok(not wrong and (cascades >= len(lives) // 30 or source == "rdp"), f"{source}{' --start=unknown' * unknown}: {len(lives)} lives with one wrong "
           f"record each have one root each, and {cascades} cascades", f"{len(wrong)} wrong", *wrong[:8])


# A trace of one session, and the lines of its errors: those of roots, and those of cascades.
BY_HAND = [
    ("a new life that rests on an illegal event", "sens", "Terminated Disconnected Logoff", [1], [3]),
    ("two illegal events, neither of which was", "sens", "Terminated Terminated Disconnected Logoff", [1, 2], [4]),
    ("a new life that rests on an end that was not, and a reconnect in its place", "wts",
     "Logon Disconnected,to=Terminated Connected Logoff", [2], [4]),
    ("a state given with an invalid event", "wdm", "Created Max,to=LoggedOn Connected", [2], [3]),
    ("a reconnect by which both explanations go on", "wdm",
     "Created Connected Logon Disconnected Logoff,to=LoggedOn Connected Logoff", [5], [6]),
]


def check_by_hand(tap, command, name, source, words, roots, cascades):
    trace = "".join(f"session=1 event={word.replace(',', ' ')}\n" for word in words.split())
    result = command.check(trace, f"--source={source}", "--start=unknown")
    errors = errors_by_session(result.findings).get(1, [])
    tap.same(([line for line, cascade in errors if not cascade], [line for line, cascade in errors if cascade]),
             (roots, cascades), name, result)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    for case in BY_HAND:
        check_by_hand(tap, command, *case)
    for source in SOURCES:
        for unknown in (False, True):
            check_source(tap, command, source, unknown)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
