#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The findings of each session up to the first violation, against a simulation of its own (sights.py): the sets of
states that the published table leaves, with what each source hides followed unseen. Random sessions, some of which go
where the table does not lead. Argument: the command. Prints TAP.
"""

import random
import sys

from shared.command import Command
from shared.sights import ILLEGAL, SOURCES, WRONG_STATE, Record, Session, arcs, close, events_of, right_after
from shared.table import START, STATES
from shared.tap import Tap

VIOLATIONS = (ILLEGAL, WRONG_STATE)

SESSIONS = 400


def findings_of(source, items, unknown):
    """What has to be said of the records, up to the first that nothing explains: [(number, rule), ...]."""
    session, found = Session(source, unknown), []
    for number, item in enumerate(items):
        rules = session.take(item)
        found += [(number, rule) for rule in rules]
        if rules and rules[-1] in VIOLATIONS:
            break
    return found


def session_items(source_name, source):
    """Records of a random session that mostly follows what the source can show."""
    seen, unseen = arcs(source_name, True, True, True)
    possible = events_of(source_name)
    states, items = close({START}, unseen), []
    while len(items) < 12 and source.random() < 0.93:
        if source.random() < 0.1:
            items.append(Record(sample=source.choice(sorted(states) if source.random() < 0.8 else STATES)))
        else:
            likely = [event for event in possible if right_after(states, event, seen)]
            items.append(Record(source.choice(likely if source.random() < 0.9 else possible)))
        states = close(items[-1].follow(states, seen), unseen) or close({START}, unseen)
    return items


def check_source(tap, command, name, unknown):
    source = random.Random(f"{name} {unknown}")
    sessions = [session_items(name, source) for _ in range(SESSIONS)]
    lines = [(number, f"source={name} session={number} {item}") for number, items in enumerate(sessions)
             for item in items]
    options = ["--start=unknown"] if unknown else []
    result = command.check("\n".join(line for _, line in lines) + "\n", "--rule=unfinished=off", *options)
    said, wrong, counts = {}, [], {}
    for finding in result.findings:
        said.setdefault(finding["session"], []).append((finding["line"], finding["rule"]))
    for number, items in enumerate(sessions):
        begin = next((at for at, (owner, _) in enumerate(lines, 1) if owner == number), 0)
        expected = [(begin + at, rule) for at, rule in findings_of(name, items, unknown)]
        got = said.get(number, [])
        # what follows a violation is not for this test
        if expected and expected[-1][1] in VIOLATIONS:
            got = got[:len(expected)]
        for _, rule in expected or [(0, "silent")]:
            counts[rule] = counts.get(rule, 0) + 1
        if got != expected:
            wrong.append(f"{items}: expected {expected}, got {got}")
    told = ", ".join(f"{count} {rule.rsplit('/', maxsplit=1)[-1]}" for rule, count in sorted(counts.items()))
    tap.ok(not wrong, f"{name}{', start unknown' if unknown else ''}: {SESSIONS} sessions ({told})", *wrong)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    for name in SOURCES:
        events = events_of(name)
        tap.ok(name == "rdp" or {"Logon", "Logoff"} <= set(events), f"{name} shows {', '.join(events)}")
        check_source(tap, command, name, False)
        check_source(tap, command, name, True)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
