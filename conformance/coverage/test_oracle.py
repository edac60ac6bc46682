#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random traces against a count of our own: what each session can be is followed by sets of states, by the published
table, by new lives of an id, and by the reconnect. Argument: the command. Prints TAP.
"""

import sys

from shared.command import Command
from shared.ledger import Ledger
from shared.ledger_count import median_is_near, walk
from shared.table import RECONNECT
from shared.tap import Tap

TRACES = 150


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    reconnects = reuses = possible = refused = dwelt = 0
    for seed in range(TRACES):
        trace, unknown, count = walk(seed)
        result = command.run("coverage", "--format=json", *(["--start=unknown"] if unknown else []), "-",
                             input=trace.encode())
        got = Ledger(result.out)
        if not tap.same(got.all, count.all, f"random trace {seed}, {trace.count(chr(10))} records"):
            print("# " + trace.replace("\n", "\n# "))
        wrong = [cell for cell in {*got.dwells, *count.dwells}
                 if cell not in got.dwells or not median_is_near(count.dwells.get(cell, [0]), got.dwells[cell])]
        tap.ok(not wrong, f"random trace {seed}: dwell times", [(cell, got.dwells.get(cell), count.dwells.get(cell))
                                                             for cell in wrong])
        reconnects += count.taken.get(RECONNECT, 0)
        reuses += count.reused
        possible += len(count.possible)
        refused += len(count.refused)
        dwelt += len(count.dwells)
    tap.ok(min(reconnects, reuses, possible, refused, dwelt) > 50, "the traces hold some of everything",
           reconnects, reuses, possible, refused, dwelt)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
