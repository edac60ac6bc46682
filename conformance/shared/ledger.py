# SPDX-License-Identifier: MIT
"""A ledger as Python has it. The model is the transcription in table.py."""

import json

from shared.command import STATUS_CLEAN
from shared.table import CELLS, RECONNECT, RECONNECTED, REUSE, TABLE

ARCS = {**TABLE, RECONNECT: RECONNECTED}
ILLEGAL = [cell for cell in CELLS if cell not in ARCS and cell != REUSE]
PAIRS = [(first, second) for first in ARCS for second in ARCS if ARCS[first] == second[0]]
GROUPS = ("transitions", "undocumented", "reuse", "illegal", "pairs", "undocumented-pairs", "rules")


class Ledger:
    """The JSON of a ledger: what was counted, without what was not."""

    def __init__(self, text):
        self.json = json.loads(text)
        self.counts = self.json["counts"]
        self.taken, self.possible, self.refused, self.maybe_refused = {}, {}, {}, {}
        self.pairs, self.possible_pairs, self.dwells = {}, {}, {}
        for item in self.json["transitions"] + self.json["undocumented"]:
            cell = (item["from"], item["event"])
            keep(self.taken, cell, item["count"])
            keep(self.possible, cell, item["possible"])
            keep(self.refused, cell, item["refused"])
            keep(self.maybe_refused, cell, item["refused_possible"])
            keep(self.dwells, cell, item["dwell"]["count"] and item["dwell"])
        for item in self.json["illegal"]:
            keep(self.refused, (item["from"], item["event"]), item["count"])
            keep(self.maybe_refused, (item["from"], item["event"]), item["possible"])
        for item in self.json["pairs"] + self.json["undocumented-pairs"]:
            pair = ((item["from"], item["event"]), (item["to"], item["then"]))
            keep(self.pairs, pair, item["count"])
            keep(self.possible_pairs, pair, item["possible"])
        self.reused = self.json["reuse"][0]["count"]
        self.rules = {item["rule"]: item["count"] for item in self.json["rules"] if item["count"]}

    @property
    def all(self):
        return (self.taken, self.possible, self.refused, self.maybe_refused, self.pairs, self.possible_pairs,
                self.reused)


def keep(counts, key, count):
    if count:
        counts[key] = count


def cover(command, trace, *arguments, status=STATUS_CLEAN):
    """The ledger of a trace on standard input; None where the command says that it failed."""
    result = command.run("coverage", "--format=json", *arguments, "-", input=trace.encode())
    if result.status != status:
        command.tap.ok(False, "the ledger is written", result, trace)
        return None
    return Ledger(result.out)


def events(names, session=7, **more):
    """A text trace of these events."""
    extra = "".join(f" {key}={value}" for key, value in more.items())
    return "".join(f"session={session}{extra} event={name}\n" for name in names)


def difference(after, before):
    return {key: count - before.get(key, 0) for key, count in after.items() if count != before.get(key, 0)}
