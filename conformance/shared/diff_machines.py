# SPDX-License-Identifier: MIT
"""Models by their names on the command line, simulated with the sets of states that the transcribed table leaves; and
what two of them accept, by trying every sequence. Nothing of machine/ is read here."""

import functools

from shared.sights import LOGGED_ON, arcs, close
from shared.table import EVENTS, START

SOURCES = ("wdm", "wts", "sens", "lsm", "winlogon", "winlogon-operational", "profile", "rdp", "account")
TOLERANCES = ("published", "reused", "known", "implied", "observed")
LADDER = TOLERANCES[:4]

# What check says where it needs the tolerance; a new life is no finding.
SAYS = {"published": None, "reused": None, "known": "session/undocumented-transition",
        "implied": "session/implied-termination", None: "session/illegal-transition"}

# What each grants: a new life of the id, the reconnect, an unseen end with the user logged on.
GRANTED = {"published": (False, False, False), "reused": (True, False, False), "known": (True, True, False),
           "observed": (False, True, False), "implied": (True, True, True)}

NEW_LIFE = ("Terminated", START)


class Model:
    """A model: what of its arcs is shown, and what is not."""

    def __init__(self, name):
        self.name = name
        words = name.split(":")
        self.mask = None
        if words[-1].startswith("mask="):
            self.mask = frozenset(event.capitalize() for event in words.pop()[5:].split(",") if event)
        self.source = words[0] if words[0] in SOURCES else "wdm"
        self.tolerance = words[-1] if words[-1] in TOLERANCES else "implied"
        self.seen, self.unseen = masked_arcs(self.source, self.tolerance, self.mask, True)

    def next(self, states, event):
        return following(states, event, self.seen, self.unseen)

    @functools.cached_property
    def start(self):
        return frozenset(close({START}, self.unseen))

    @functools.cached_property
    def ladder(self):
        """As check follows this source; it grants an end with the user logged on, which a mask hides, last of all."""
        return [masked_arcs(self.source, tolerance, self.mask, tolerance == "implied") for tolerance in LADDER]

    def needed(self, word):
        """The strictest tolerance by which check explains the word; None if none does."""
        for tolerance, (seen, unseen) in zip(LADDER, self.ladder):
            states = close({START}, unseen)
            for event in word:
                states = following(states, event, seen, unseen)
            if states:
                return tolerance
        return None

    def says(self, word):
        """The rule of the gravest finding of check; None if there is none."""
        if self.mask is not None and set(word) - self.mask:
            return "notification/masked"
        return SAYS[self.needed(word)]

    @functools.cache
    def words(self, longest):
        """[{word: states}, ...] by length: all that is accepted."""
        levels = [{(): self.start}]
        for _ in range(longest):
            levels.append({(*word, event): to for word, states in levels[-1].items() for event in EVENTS
                           if (to := self.next(states, event))})
        return levels


def masked_arcs(source, tolerance, mask, abrupt):
    seen, unseen = arcs(source, *GRANTED[tolerance])
    if mask is not None:
        unseen += tuple((state, to) for (state, event), to in seen.items() if event not in mask
                        and (abrupt or event != "Terminated" or state not in LOGGED_ON))
        seen = {cell: to for cell, to in seen.items() if cell[1] in mask}
    return seen, unseen


def following(states, event, seen, unseen):
    return frozenset(close({seen[state, event] for state in states if (state, event) in seen}, unseen))


def shortest(one, other, longest):
    """The first of the shortest words that one accepts and the other refuses, by trying all; None if there is none of
    that length or less."""
    for mine, theirs in zip(one.words(longest), other.words(longest)):
        alone = mine.keys() - theirs.keys()
        if alone:
            return min(alone, key=lambda word: [EVENTS.index(event) for event in word])
    return None


def contains(one, other):
    """Whether one accepts all that other accepts, of any length: by the pairs of sets that words lead to."""
    todo, done = [(one.start, other.start)], set()
    while todo:
        mine, theirs = todo.pop()
        for event in EVENTS:
            pair = one.next(mine, event), other.next(theirs, event)
            if pair[1] and not pair[0]:
                return False
            if pair[1] and pair not in done:
                done.add(pair)
                todo.append(pair)
    return True
