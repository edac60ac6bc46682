#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The whole contract of drivers against a model of its own (contract_model.py): random traces of events, notifications,
calls, objects, samples and markers, most of them of drivers that keep to the contract but for a slip. Each warning and
each error must be at its line. Argument: the command. Prints TAP.

What a session's own findings are behind its first illegal transition is for another test (verdicts.py).
"""

import random
import sys

from shared.command import Command
from shared.contract_model import World
from shared.contract_writer import Writer, spell
from shared.folder import Folder
from shared.tap import Tap

TRACES, BATCH = 600, 200
OF_SESSIONS = ("session/illegal-transition", "session/wrong-state", "session/undocumented-transition",
               "notification/invalid-local")

# Rules that these traces have no keys for.
ELSEWHERE = {"notification/session-object", "registration/freed-context", "registration/irql",
             "registration/inside-callback", "notification/outlives-registration", "notification/wrong-local"}

EVENTS_HELD = {True: "events and notifications", False: "notifications alone", None: "some of the events"}


def expected_of(records, start):
    world = World(start)
    for record in records:
        world.judge(record)
    world.end()
    return world


def check(tap, command, events, start):
    """Some hundreds of traces; each is a file of its own."""
    seed = f"{events} {start}"
    source = random.Random(seed)
    counts, wrong, several = {}, [], 0
    for _ in range(0, TRACES, BATCH):
        traces = [Writer(source, events).trace() for _ in range(BATCH)]
        with Folder() as folder:
            names = [f"{number}.trace" for number in range(BATCH)]
            for name, records in zip(names, traces):
                folder.file(name, "".join(spell(record) + "\n" for record in records))
            result = command.run("check", "-q", "--format=json", "--rule=unfinished=off", "--rule=nothing-judged=off", f"--start={start}", *names,
                                 cwd=folder.path)
        said = {name: [] for name in names}
        for finding in result.findings:
            if finding["severity"] != "note":
                said[finding["file"]].append(finding)
        for name, records in zip(names, traces):
            world = expected_of(records, start)
            several += len(world.found) > 1
            for _, rule in world.found:
                counts[rule] = counts.get(rule, 0) + 1
            compare(wrong, records, world, said[name])
    tap.ok(not wrong, f"{EVENTS_HELD[events]}, start {start}: {TRACES} traces, "
           f"{sum(counts.values())} findings of {len(counts)} rules, {several} traces with more than one", *wrong[:2])
    return counts


def compare(wrong, records, world, findings):
    """What is said otherwise; the shortest trace comes first."""
    def kept(places):
        return sorted(place for place in places if place[0] not in world.lost or place[1] not in OF_SESSIONS)

    expected, got = kept(world.found), kept((finding["line"], finding["rule"]) for finding in findings)
    if got != expected:
        lines = [spell(record) for record in records]
        wrong.append(f"lacking {[place for place in expected if place not in got]}, "
                     f"too much {[place for place in got if place not in expected]}\n" + "\n".join(lines))
        wrong.sort(key=len)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    found = set()
    for events in (True,):
        for start in ("initialized", "unknown", "auto"):
            found |= set(check(tap, command, events, start))
    rules = {line.split()[0] for line in command.run("rules").text.splitlines() if "ation/" in line}
    tap.same(sorted(rules - found - ELSEWHERE), [], "each rule of the contract was broken somewhere")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
