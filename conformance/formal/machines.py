# SPDX-License-Identifier: MIT
"""Automata, and whether two accept the same sequences. Nothing of src/ or machine/ is read here."""

import collections
import dataclasses
import json
import subprocess


@dataclasses.dataclass
class Machine:
    """A deterministic automaton: every state accepts; in the final ones nothing needs to follow."""
    start: str
    final: frozenset
    arcs: dict  # {state: {event: state}}

    @staticmethod
    def of(start, final, triples):
        arcs = collections.defaultdict(dict)
        for state, event, to in triples:
            if event in arcs[state]:
                raise ValueError(f"{state} has two transitions by {event}")
            arcs[state][event] = to
        return Machine(start, frozenset(final), dict(arcs))

    def triples(self):
        return {(state, event, to) for state, row in self.arcs.items() for event, to in row.items()}


class Recognizer:
    """An automaton that Ragel made, with the events outside a mask hidden: then it is in a set of nodes."""

    def __init__(self, dumped, events, is_final, hidden=()):
        self.start_node, self.events, self.hidden = dumped["start"], events, set(hidden)
        self.final_nodes = {int(node) for node, states in dumped["states"].items() if is_final(states)}
        self.edges = collections.defaultdict(dict)
        for node, symbol, to in dumped["edges"]:
            self.edges[node][events[symbol - 1]] = to
        self.known = {}

    def closure(self, nodes):
        found, queue = set(nodes), list(nodes)
        while queue:
            row = self.edges[queue.pop()]
            for event in self.hidden & row.keys():
                if row[event] not in found:
                    found.add(row[event])
                    queue.append(row[event])
        return frozenset(found)

    @property
    def start(self):
        return self.closure([self.start_node])

    def row(self, nodes):
        """{event: nodes} of a set of nodes."""
        if nodes not in self.known:
            after = collections.defaultdict(set)
            for node in nodes:
                for event, to in self.edges[node].items():
                    if event not in self.hidden:
                        after[event].add(to)
            self.known[nodes] = {event: self.closure(found) for event, found in after.items()}
        return self.known[nodes]

    def is_final(self, nodes):
        return bool(nodes & self.final_nodes)


def dump(tool):
    """The automata that Ragel made: {(source, tolerance): dumped}."""
    done = subprocess.run([tool], stdout=subprocess.PIPE, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {(line["source"], line["tolerance"]): line for line in lines}


def difference(machine, recognizer):
    """A sequence that one accepts and the other does not, or after which only one is final; None: there is none. The
    product of both is walked through, so that this is decided for sequences of any length."""
    start = (machine.start, recognizer.start)
    ways = {start: ()}
    queue = collections.deque([start])
    while queue:
        pair = queue.popleft()
        state, nodes = pair
        mine, theirs = machine.arcs.get(state, {}), recognizer.row(nodes)
        if mine.keys() != theirs.keys():
            return [*ways[pair], *sorted(mine.keys() ^ theirs.keys())[:1]]
        if (state in machine.final) != recognizer.is_final(nodes):
            return [*ways[pair], "(final)"]
        for event, to in mine.items():
            after = (to, theirs[event])
            if after not in ways:
                ways[after] = (*ways[pair], event)
                queue.append(after)
    return None
