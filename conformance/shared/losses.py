# SPDX-License-Identifier: MIT
"""Records of sources that number them, and what is left of them where some are lost, late or there twice."""

from shared import sights
from shared.sights import ILLEGAL, Session, close
from shared.table import START, STATES


class Follower(Session):
    """A session between whose records others are lost."""

    def lose(self, count):
        """At most so many lost records: each an event that the source shows, or a boot."""
        for rung, (seen, unseen) in enumerate(self.graphs):
            states = self.beliefs[rung]
            for _ in range(min(count, 2 * len(STATES))):
                after = {to for (state, _), to in seen.items() if state in states}
                states = close(states | after | {START}, unseen)
            self.beliefs[rung] = states


def findings_between(source, items, unknown=False):
    """What has to be said of the items, up to the first violation: lost records, or (line, event)."""
    session, found = Follower(source, unknown), []
    for item in items:
        if item[0] == "lost":
            session.lose(item[1])
            continue
        rules = session.take(sights.Record(item[1]))
        found += [(item[0], rule) for rule in rules]
        if ILLEGAL in rules:
            break
    return found


def shuffled(source, records, size):
    """In stretches of @size, as buffers of several processors leave them or in any order."""
    result = []
    for at in range(0, len(records), size):
        stretch = records[at:at + size]
        if source.random() < 0.5:
            source.shuffle(stretch)
        else:
            processors = {id(record): source.randrange(3) for record in stretch}
            stretch.sort(key=lambda record, of=processors: of[id(record)])
        result += stretch
    return result


def twice(source, written, chance):
    """The records, and some of them once more a little later; the lines of those."""
    result = list(written)
    for record in source.sample(written, int(len(written) * chance)):
        at = next(at for at, one in enumerate(result) if one is record)
        result.insert(min(len(result), at + source.randrange(1, 200)), record)
    seen, lines = set(), set()
    for line, record in enumerate(result, 1):
        if id(record) in seen:
            lines.add(line)
        seen.add(id(record))
    return result, lines
