#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a record says of the states before and after an event: each source, with and without --strict, from each set of
states that events can leave a session in, each event with each `from` and each `to` and without them; and each sample.
Held to the simulation of sights.py: `from` is the state right before the event, `to` the one right after it. Argument:
the command. Prints TAP.
"""

import sys

from shared.command import Command
from shared.sights import (ILLEGAL, IMPLIED, LADDER, SOURCES, STRICT_LADDER, UNDOCUMENTED, WRONG_STATE, Record,
                           Session, events_of)
from shared.table import EVENTS, STATES
from shared.tap import Tap

UNFINISHED = "session/unfinished"
RULES = (ILLEGAL, UNDOCUMENTED, IMPLIED, WRONG_STATE)


def session_of(source, unknown, ladder, records):
    """A session after the records, and the rules that each of them broke."""
    session = Session(source, unknown, ladder)
    return session, [session.take(record) for record in records]


def ways(source, unknown, ladder):
    """The shortest legal words of events to each combination of sets of states."""
    found, queue = {}, [[]]
    for word in queue:
        session, rules = session_of(source, unknown, ladder, word)
        key = tuple(map(frozenset, session.beliefs))
        if key in found or any(rule in (ILLEGAL, WRONG_STATE) for broken in rules for rule in broken):
            continue
        found[key] = word
        queue += [[*word, Record(event)] for event in events_of(source)]
    return list(found.values())


def last_records():
    """Each event with each state before it and after it, and each sample."""
    for event in ("Ignore", *EVENTS):
        for before in (None, *STATES):
            for after in (None, *STATES):
                yield Record(event, before, after)
    for state in STATES:
        yield Record(sample=state)


def check_source(tap, command, source, unknown, strict):
    ladder = STRICT_LADDER if strict else LADDER
    words = ways(source, unknown, ladder)
    lives = command.sampled([*word, last] for word in words for last in last_records())
    lines = "".join(f"source={source} session={number} {record}\n" for number, life in enumerate(lives)
                    for record in life)
    options = ["--start=unknown"] * unknown + ["--strict"] * strict
    said, left, first = {}, {}, 1
    for finding in command.check(lines, *options).findings:
        if finding["rule"] == UNFINISHED:
            left[finding["session"]] = finding["belief"]
        else:
            said.setdefault(finding["session"], []).append((finding["line"], finding["rule"]))
    wrong, counts = [], dict.fromkeys(RULES, 0)
    for number, life in enumerate(lives):
        session, broken = session_of(source, unknown, ladder, life)
        expected = [(first + at, rule) for at, rules in enumerate(broken) for rule in rules]
        states = session.beliefs[0]
        believed = None if "Terminated" in states else [state for state in STATES if state in states]
        got = (said.get(number, []), left.get(number))
        if got != (expected, believed):
            wrong.append(f"{life}: expected {expected}, {believed}; got {got}")
        for rule in broken[-1]:
            counts[rule] += 1
        first += len(life)
    told = ", ".join(f"{count} {rule.rsplit('/', maxsplit=1)[-1]}" for rule, count in counts.items())
    tap.ok(not wrong, f"{source}{' --start=unknown' * unknown}{' --strict' * strict}: {len(lives)} records from "
           f"{len(words)} sets of states ({told})", f"{len(wrong)} wrong", *wrong[:8])


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    for source in SOURCES:
        for unknown in (False, True):
            for strict in (False, True):
                check_source(tap, command, source, unknown, strict)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
