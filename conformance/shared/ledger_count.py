# SPDX-License-Identifier: MIT
"""A count of our own of what a trace exercises: what each session can be is followed by sets of states, by the
published table, by new lives of an id, and by the reconnect."""

import random

from shared.ledger import ARCS
from shared.table import EVENTS, START, STATES, TABLE

PUBLISHED, REUSED, KNOWN = range(3)


def closure(tolerance, belief):
    return belief | {START} if tolerance > PUBLISHED and "Terminated" in belief else set(belief)


def arcs_from(tolerance, belief, event):
    table = ARCS if tolerance == KNOWN else TABLE
    return {(state, event) for state in belief if (state, event) in table}


class Count:
    """What our own count comes to."""

    def __init__(self):
        self.taken, self.possible, self.refused, self.maybe_refused = {}, {}, {}, {}
        self.pairs, self.possible_pairs, self.reused = {}, {}, 0
        self.dwells = {}

    def add(self, certain, possible, keys, is_certain):
        for key in keys:
            where = certain if is_certain else possible
            where[key] = where.get(key, 0) + 1

    @property
    def all(self):
        return (self.taken, self.possible, self.refused, self.maybe_refused, self.pairs, self.possible_pairs,
                self.reused)


class Session:
    """One id, and what is known of it."""

    def __init__(self, count, unknown):
        self.count, self.unknown, self.over = count, unknown, False
        self.beliefs = [closure(i, set(STATES) if unknown else {START}) for i in range(3)]
        self.last, self.time, self.seen = set(), None, 0

    def lose(self):
        self.beliefs = [set(STATES) for _ in range(3)]
        self.last, self.unknown, self.over = set(), True, False

    def event(self, event, time):
        """Follows an event. A session that has been in breach is left alone from then on."""
        self.seen += 1
        after = [{ARCS[arc] for arc in arcs_from(i, self.beliefs[i], event)} for i in range(3)]
        tolerance = next((i for i in range(3) if after[i]), None)
        if tolerance is None:
            self.over, self.last = True, set()
            self.count.add(self.count.refused, self.count.maybe_refused,
                           {(state, event) for state in self.beliefs[0]}, len(self.beliefs[0]) == 1)
            return
        arcs = arcs_from(tolerance, self.beliefs[tolerance], event)
        self.beliefs = [closure(i, after[max(i, tolerance)]) for i in range(3)]
        renewed = tolerance == REUSED
        if renewed or (event == "Created" and self.unknown):
            self.count.reused += renewed and self.seen > 1
            self.last, self.unknown, self.seen = set(), False, 1
        self.transition(arcs, time)

    def transition(self, arcs, time):
        certain = len(arcs) == 1 and len(self.last) == 1
        self.count.add(self.count.taken, self.count.possible, arcs, len(arcs) == 1)
        pairs = {(a, b) for a in self.last for b in arcs if ARCS[a] == b[0]}
        self.count.add(self.count.pairs, self.count.possible_pairs, pairs, certain)
        if certain and pairs and time is not None and self.time is not None and time >= self.time:
            self.count.dwells.setdefault(next(iter(arcs)), []).append(time - self.time)
        self.last, self.time = arcs, time


def walk(seed):
    """A random trace, whether it begins in the middle, and our own count of it."""
    source, count, lines, time = random.Random(seed), Count(), [], 0
    unknown = seed % 3 == 0
    sessions = {}
    for _ in range(source.randrange(10, 400)):
        if source.random() < 0.01:
            lines.append("marker=gap")
            for session in sessions.values():
                session.lose()
            unknown = True
            continue
        number = source.randrange(8)
        if number not in sessions:
            sessions[number] = Session(count, unknown)
        session = sessions[number]
        if session.over:
            continue
        legal = [event for event in EVENTS
                 if any(arcs_from(i, session.beliefs[i], event) for i in range(3))]
        event = source.choice(EVENTS if source.random() < 0.03 else legal)
        time += source.choice((0, 1, 3, 500, source.randrange(10**6), source.randrange(10**9)))
        timed = source.random() < 0.95
        stamp = f"time=2026-01-01T00:{time // 10**7 // 60 % 60:02}:{time // 10**7 % 60:02}.{time % 10**7:07}Z "
        session.event(event, time if timed else None)
        lines.append(f"{stamp if timed else ''}session={number} event={event}")
        time %= 3000 * 10**7
    return "\n".join(lines) + "\n", seed % 3 == 0, count


def median_is_near(durations, dwell):
    """The smaller of the two in the middle, at most 1/32 off; the ends exact."""
    durations = sorted(durations)
    middle = durations[(len(durations) - 1) // 2]
    return (dwell["count"], dwell["least"], dwell["most"]) == (len(durations), durations[0], durations[-1]) \
        and abs(dwell["median"] - middle) * 32 <= middle
