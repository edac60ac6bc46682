#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each cell of the table, and each pair of transitions, exercised alone: the ledger gains that one and no other; the
groups hold what the table has, by enumeration. Argument: the command. Prints TAP.
"""

import sys

from shared.command import RULES, Command
from shared.ledger import ARCS, GROUPS, ILLEGAL, PAIRS, cover, difference, events
from shared.table import CELLS, RECONNECT, REUSE, TABLE, way_to
from shared.tap import Tap


def gain(command, before, more):
    """What the ledger of a trace gains by more events."""
    with_more, without = cover(command, events(before + more)), cover(command, events(before)) if before else None
    empty = ({},) * 6 + (0,)
    return [difference(a, b) if isinstance(a, dict) else a - b
            for a, b in zip(with_more.all, without.all if without else empty)]


def expected_gain(cell, before):
    """The cell alone, and the pair that it makes with the event before it."""
    pairs = {}
    if cell in ARCS and before:
        pairs = {(before, cell): 1}
    if cell == REUSE:
        return [{("Initialized", "Created"): 1}, {}, {}, {}, {}, {}, 1]
    if cell in ARCS:
        return [{cell: 1}, {}, {}, {}, pairs, {}, 0]
    return [{}, {}, {cell: 1}, {}, {}, {}, 0]


def check_cells(tap, command):
    for cell in CELLS:
        way = way_to(cell[0])
        before = way[-1][:2] if way else None
        tap.same(gain(command, [event for _, event, _ in way], [cell[1]]), expected_gain(cell, before),
                 f"{cell[1]} in {cell[0]}")


def check_pairs(tap, command):
    for first, second in PAIRS:
        way = [event for _, event, _ in way_to(first[0])]
        got = gain(command, way + [first[1]], [second[1]])
        tap.same(got, [{second: 1}, {}, {}, {}, {(first, second): 1}, {}, 0],
                 f"{first[1]} in {first[0]}, then {second[1]}")


def check_groups(tap, command):
    published = [pair for pair in PAIRS if RECONNECT not in pair]
    tap.same((len(TABLE), len(ILLEGAL), len(published), len(PAIRS)), (17, 29, 30, 35),
             "17 transitions make 30 pairs; with the reconnect they are 35")
    whole = cover(command, events(["Created"])).json
    tap.same([(group, len(whole[group])) for group in GROUPS],
             [("transitions", 17), ("undocumented", 1), ("reuse", 1), ("illegal", 29), ("pairs", 30),
              ("undocumented-pairs", 5), ("rules", RULES)], "the groups hold what there is")
    tap.same([whole["coverage"][group]["total"] for group in GROUPS], [len(whole[group]) for group in GROUPS],
             "and say so")
    for group, wanted in (("transitions", set(TABLE)), ("undocumented", {RECONNECT}), ("illegal", set(ILLEGAL))):
        tap.same({(item["from"], item["event"]) for item in whole[group]}, wanted, f"{group} are those of the table")
    for group, wanted in (("pairs", set(published)), ("undocumented-pairs", set(PAIRS) - set(published))):
        tap.same({((item["from"], item["event"]), (item["to"], item["then"])) for item in whole[group]}, wanted,
                 f"{group} are those of the table")
    tap.ok(all(ARCS[item["from"], item["event"]] == item["to"] for item in whole["transitions"] + whole["pairs"])
           and all(ARCS[item["to"], item["then"]] == item["end"] for item in whole["pairs"]), "and lead where it says")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    check_groups(tap, command)
    check_cells(tap, command)
    check_pairs(tap, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
