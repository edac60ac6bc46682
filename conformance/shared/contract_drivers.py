# SPDX-License-Identifier: MIT
"""What contract_model.py knows of the drivers of a host: registrations, I/O objects and the events that they wait for."""

from shared.contract_sessions import ALL_EVENTS, SIX, bit
from shared.table import EVENTS

NEVER = float("inf")


class Registration:
    def __init__(self, line, io, record):
        self.line, self.io = line, io
        self.mask, self.context = int(record["mask"], 0), record.get("context")
        # when it was live: from then at the latest, and until then for certain
        self.live_from, self.live_until = NEVER, 0
        self.open = {}  # by session: what it was notified of, where several events can be meant

    def selects(self, event):
        return self.mask == ALL_EVENTS or event in EVENTS and bool(self.mask & bit(event))


class Drivers:
    """Registrations and I/O objects of one host; their names are those of a driver."""

    def __init__(self, unknown):
        self.unknown = unknown
        self.objects = {}  # that the trace has shown: the session that the device belongs to, or 0
        self.live, self.leaked, self.returned = {}, set(), set()
        self.deleted = set()  # objects that are gone, as far as is known
        self.called = {}  # when a driver was last heard of, but for its callbacks; and the time before
        self.doubtful = {}  # objects that may be those of a session: the only one that was told, if any

    def of(self, io):
        """The live registrations of an object; the one that was made last comes first."""
        return [one for one in reversed(self.live.values()) if one.io == io]

    def device(self, io):
        return self.objects.get(io, 0)

    def mask(self, session):
        """What is selected of all sessions; or of @session alone."""
        mask = 0
        for one in self.live.values():
            if self.device(one.io) == (session or 0) and one.io not in self.doubtful:
                mask |= one.mask & SIX
        return mask

    def foreign(self, io, session):
        """Whether the object may be another session's."""
        return io in self.doubtful and self.doubtful[io] != session

    def reaching(self, session, event):
        return {one for one in self.live.values()
                if one.selects(event) and self.device(one.io) in (0, session)}


class Delivery:
    """An event of which some have yet to be told."""

    at = 0  # when it happened

    def __init__(self, event, line, waiting, session=None):
        self.event, self.line, self.waiting, self.session = event, line, set(waiting), session
        self.passed = set()  # those that were told of a later one
        self.counts = False  # who is not told of it has missed it
        self.excused = set()  # those that may have been told of it too early
        self.early, self.age = False, 0


class Host:
    def __init__(self, unknown, down):
        self.unknown, self.down = unknown, down
        self.sessions, self.drivers, self.events = {}, None, False

    def remove(self, handle):
        one = self.drivers.live[handle]
        self.change(one, lambda: self.drivers.live.pop(handle))
        return one

    def put(self, handle, one, seen):
        if self.drivers.unknown and one.io not in self.drivers.objects and not seen:
            self.drivers.doubtful[one.io] = None
        self.change(one, lambda: self.drivers.live.update({handle: one}))

    def tell(self, io, session):
        """An object that is told of two sessions is of none."""
        doubtful = self.drivers.doubtful
        if io in doubtful and doubtful[io] is None:
            doubtful[io] = session
        elif self.drivers.foreign(io, session):
            self.change(self.drivers.of(io)[0], lambda: doubtful.pop(io))

    def change(self, one, what):
        """Sessions learn with their next record of what was in force before it."""
        before = self.drivers.mask(None)
        what()
        for session in self.sessions.values():
            session.partly |= bool(self.drivers.device(one.io))
            if self.drivers.mask(None) != before:
                session.masks.add(self.drivers.mask(None))
