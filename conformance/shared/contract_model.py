# SPDX-License-Identifier: MIT
"""The driver's contract as a plain model, written from the pages of wdm.h: what must be said of a trace, and at which
line. Records are dictionaries, as contract_random.py makes them."""

from shared.contract_drivers import Delivery, Drivers, Host, Registration
from shared.contract_sessions import ALL_EVENTS, ANY, IMPLIED, SIX, Session, image
from shared.driver_calls import CALL_GET, CALL_UNREGISTER, SUCCESS, register_rules
from shared.table import EVENTS, START

WAITING = 64  # events of a session of which drivers have yet to be told
CONNECTED = {"Connected", "LoggedOn", "LoggedOff"}


class World:
    """Judges one trace: judge() for each record, end() behind the last; found is what must be said."""

    def __init__(self, start):
        self.start, self.hosts, self.found = start, {}, []
        self.unknown, self.down = start == "unknown", False
        self.line = 0
        self.lost = set()  # lines of sessions whose own findings are for another test

    def say(self, *rules, line=None):
        self.found += [(line or self.line, rule) for rule in rules]

    def judge(self, record):
        self.line += 1
        self.now = self.line
        self.host = self.hosts.setdefault(record.get("host"), Host(self.unknown, self.down))
        for kind in ("malformed", "marker", "event", "state", "notify", "call", "object"):
            if kind in record:
                getattr(self, kind)(record)

    # -- sessions

    def drivers_of(self, record):
        """The drivers of the host, and the names of the record as its driver's own."""
        if not self.host.drivers:
            self.host.drivers = Drivers(self.host.unknown)
        return self.host.drivers, tuple((record.get("driver"), record.get(key)) for key in ("io", "registration"))

    def session(self, number):
        """The session, as the record finds it."""
        host = self.host
        alone = host.drivers is not None and not host.events
        session = host.sessions.get(number)
        if not session:
            known = not host.unknown and (not alone or self.start == "initialized")
            session = host.sessions[number] = Session({START} if known else ANY)
            if alone:
                session.join(host.drivers, number)
        elif alone and not session.notified:
            session.join(host.drivers, number)
            session.widen()
        self.refresh(session, number)
        return session

    def refresh(self, session, number):
        if session.notified and self.host.events:
            session.notified, session.mask, session.waiting = False, SIX, []
            session.widen()
        if session.notified:
            session.follow(self.host.drivers, number)
        if session.lost:
            self.lost.add(self.line)

    def event(self, record):
        host, event = self.host, record["event"]
        host.events = True
        session = self.session(record["session"])
        if event == "Max":
            self.say("session/invalid-event")
            session.widen()
        elif event != "Ignore":
            self.say(*session.take(event=event))
        if host.drivers:
            self.expect(session, record["session"], event)
        if event != "Max":
            self.payload(record, event, session.beliefs[IMPLIED], False)

    def state(self, record):
        session = self.session(record["session"])
        self.say(*session.take(sample=record["state"]))
        if "local" in record and record["state"] not in CONNECTED:
            self.say("notification/invalid-local")

    # -- what is to be told

    def wait(self, session, delivery):
        if not delivery.waiting:
            return
        while len(session.waiting) >= WAITING:
            self.miss(session.waiting.pop(0))
        session.waiting.append(delivery)

    def miss(self, delivery, only=None):
        for one in delivery.waiting:
            if delivery.counts and one not in delivery.excused and only in (None, one) and \
                    delivery.at >= one.live_from and \
                    (only is None or delivery.at <= one.live_until or one in delivery.passed) and \
                    not self.host.drivers.foreign(one.io, delivery.session):
                self.say("notification/missed", line=delivery.line)

    def expect(self, session, number, event):
        """The event has happened: who selects it is to be told."""
        drivers = self.host.drivers
        if session.suspended:
            return
        session.followed = True
        if not drivers.live or event not in EVENTS:
            return
        delivery = Delivery(event, self.line, drivers.reaching(number, event), number)
        delivery.at = self.now
        # what was told too early is one of the next two events, or never happens
        for early in [one for one in session.waiting if one.early]:
            early.age += 1
            if early.event == event:
                delivery.excused |= early.waiting
            if early.event == event or early.age == 2:
                session.waiting.remove(early)
        delivery.counts = session.told != event
        session.told = None
        self.wait(session, delivery)

    def tell(self, session, registrations, event):
        """One of an object's registrations was told: of what was due, excused or late, or of what nobody waited for."""
        if any(self.tell_open(session, one, event) for one in registrations):
            return "due"
        found = [(delivery, one) for one in registrations for delivery in session.waiting
                 if not delivery.early and delivery.event == event and one in delivery.waiting]
        # the first in order, then one that may have been told too early, then what was passed over
        for fits in (lambda delivery, one: one not in delivery.passed, lambda delivery, one: one in delivery.excused,
                     lambda delivery, one: True):
            for delivery, one in found:
                if fits(delivery, one):
                    return self.get(session, delivery, one)
        return "new"

    def get(self, session, delivery, one):
        """A registration is told of an event that it waited for: how it fits."""
        self.prove(one, delivery, delivery)
        place = session.waiting.index(delivery)
        following = next((other for other in session.waiting[place + 1:] if not other.early and one in other.waiting and
                          other.event == delivery.event and one not in other.passed), None)
        for before in session.waiting[:place]:
            if not before.early and one in before.waiting:
                before.passed.add(one)
        delivery.waiting.remove(one)
        if not delivery.waiting:
            session.waiting.remove(delivery)
        if one not in delivery.excused:
            return "late" if one in delivery.passed else "due"
        # it may as well have been told an earlier one twice
        if not following:
            return "excused"
        following.excused.add(one)
        return "due"

    # -- registrations of which it is open which event was their first

    @staticmethod
    def due_to(session, one):
        """What a registration waits for in order."""
        return [delivery for delivery in session.waiting if not delivery.early and one in delivery.waiting and
                one not in delivery.excused and one not in delivery.passed]

    def ways(self, session, one, told):
        """From which events on those that the registration was notified of are those that happened."""
        due = self.due_to(session, one)
        sure = next((place for place, delivery in enumerate(due) if delivery.at >= one.live_from), len(due))
        return due, [start for start in range(min(sure + 1, len(due)))
                     if [delivery.event for delivery in due[start:start + len(told)]] == told]

    @staticmethod
    def prove(one, first, last):
        one.live_from, one.live_until = min(one.live_from, first.at), max(one.live_until, last.at)

    def settle(self, session, one, last):
        """The registration was notified of all up to that event, or not live."""
        for delivery in self.due_to(session, one):
            delivery.waiting.remove(one)
            if not delivery.waiting:
                session.waiting.remove(delivery)
            if delivery is last:
                break

    def tell_open(self, session, one, event):
        due = self.due_to(session, one)
        if session not in one.open and (not due or due[0].at >= one.live_from):
            return False
        before = one.open.pop(session, [])
        told = before + [event]
        due, starts = self.ways(session, one, told)
        if not starts:
            if before:
                due, starts = self.ways(session, one, before)
                self.settle(session, one, due[starts[0] + len(before) - 1])
            return False
        self.prove(one, due[starts[-1]], due[starts[0] + len(told) - 1])
        if len(starts) > 1:
            one.open[session] = told
        else:
            self.settle(session, one, due[starts[0] + len(told) - 1])
        return True

    def close_open(self, one):
        """The way on which least is missed."""
        for session, told in one.open.items():
            due, starts = self.ways(session, one, told)
            if starts:
                self.settle(session, one, due[starts[-1] + len(told) - 1])
        one.open = {}

    def unregister(self, handle, anew=None):
        gone = self.host.remove(handle)
        self.close_open(gone)
        for session in self.host.sessions.values():
            for delivery in list(session.waiting):
                if gone in delivery.waiting:
                    self.miss(delivery, gone)
                    delivery.waiting.remove(gone)
                    if not delivery.waiting:
                        session.waiting.remove(delivery)
        if gone.io != anew and not self.host.drivers.of(gone.io):
            self.host.drivers.doubtful.pop(gone.io, None)

    # -- notifications

    def notify(self, record):
        drivers, (io, _) = self.drivers_of(record)
        host, event, number = self.host, record["notify"], record["session"]
        host.tell(io, number)
        if host.events:
            session = host.sessions.get(number)
            if session:
                self.refresh(session, number)
        else:
            session = self.session(number)
        due = self.due(record, drivers, io, event, number)
        if event == "Max":
            self.say("session/invalid-event")
            if not host.events:
                session.widen()
        else:
            where, certain = ANY, False
            if event != "Ignore" and not host.events and (drivers.of(io) or io in drivers.objects or
                                                          not drivers.unknown or not drivers.live):
                certain = self.reveal(session, number, drivers.of(io), event)
            elif event != "Ignore" and due:
                self.order(session, number, drivers.of(io), event)
            if certain:
                where = session.beliefs[IMPLIED]
            self.payload(record, event, where, True)
        if record.get("status", SUCCESS) != SUCCESS:
            self.say("notification/failed")

    def due(self, record, drivers, io, event, number):
        live = drivers.of(io)
        if not live:
            if io in drivers.objects or io in drivers.deleted or not drivers.unknown:
                self.say("notification/unregistered")
            return False
        due = True
        if event != "Max" and not any(one.selects(event) for one in live):
            self.say("notification/masked")
            due = False
        if drivers.device(io) not in (0, number):
            self.say("notification/foreign-session")
            due = False
        if "context" in record and not any(one.context in (None, record["context"]) for one in live):
            self.say("notification/wrong-context")
        return due

    def order(self, session, number, live, event):
        """The trace holds the events."""
        told = self.tell(session, live, event) if session else "new"
        if told == "due":
            return
        if told == "late":
            self.say("notification/unexpected")
            return
        # it was told of that too early, or is told of the next one too early
        if told == "excused":
            self.anticipate(session, live, event)
            return
        lost = self.host.unknown if not session or session.followed is None else not session.followed
        lost |= session is not None and session.suspended
        if not lost:
            self.say("notification/unexpected")
        session = session or self.session(number)
        session.followed = not lost
        if lost:
            session.told = event
            return
        self.anticipate(session, live, event)

    def anticipate(self, session, live, event):
        early = Delivery(event, self.line, live)
        early.early = True
        self.wait(session, early)

    def reveal(self, session, number, live, event):
        """The trace holds notifications alone: the first of an event tells that it happened."""
        told = self.tell(session, live, event)
        if told == "late":
            self.say("notification/unexpected")
        if told != "new":
            return False
        if session.suspended:
            session.widen()
        self.say(*session.take(event=event))
        if session.suspended:
            return True
        session.told = event
        if session.followed is None:
            session.followed = False
        if self.host.drivers.live:
            delivery = Delivery(event, self.line, self.host.drivers.reaching(number, event) - set(live))
            self.wait(session, delivery)
        return True

    def payload(self, record, event, states, told):
        session, length = record.get("payload_session"), record.get("payload_length")
        missing = told and session is None and (length is None or 8 <= length <= 256)
        if event == "Connected" and (length == 0 or missing):
            self.say("notification/payload-missing")
        elif length is not None and (0 < length < 8 or length > 256):
            self.say("notification/payload-length")
        if session not in (None, record["session"]):
            self.say("notification/payload-session")
        where = set(states) & image(event) if event in EVENTS else set(states)
        if "payload_local" in record and not where & CONNECTED:
            self.say("notification/invalid-local")

    # -- calls and objects

    def heard(self, record, drivers):
        """A call, or an object: what the driver called before has returned."""
        driver = record.get("driver")
        before = drivers.called.get(driver, 0)
        drivers.called[driver] = self.now
        for one in drivers.live.values():
            if one.io[0] == driver and one.line < self.line:
                one.live_from = min(one.live_from, self.now)
        return before

    def call(self, record):
        drivers, (io, handle) = self.drivers_of(record)
        before = self.heard(record, drivers)
        if record["call"] == CALL_GET:
            if record["status"] != SUCCESS:
                self.say("registration/bad-status")
        elif record["call"] == CALL_UNREGISTER:
            if handle in drivers.live:
                if drivers.live[handle].io != io and io[1] is not None:
                    self.say("registration/unknown")
                drivers.live[handle].live_until = max(before, drivers.live[handle].live_until)
                self.unregister(handle)
            elif handle in drivers.leaked:
                drivers.leaked.remove(handle)
            elif not drivers.unknown or handle in drivers.returned:
                self.say("registration/unknown")
            drivers.returned.add(handle)
        else:
            self.register(record, drivers, io, handle)

    def register(self, record, drivers, io, handle):
        given = dict.fromkeys(("class", "io", "size", "length", "flags", "mask")) | \
            {key: value for key, value in record.items() if key in ("class", "io", "size", "flags", "mask")}
        given["mask"] = {"0x3f": "0x3f", hex(ALL_EVENTS): "all", "0": "0", "0x40": "0x40"}.get(given["mask"], "0x1")
        if io in drivers.deleted:
            self.say("registration/bad-object")
        free, taken = (register_rules(32, record["status"], registered, **given) for registered in (False, True))
        if drivers.of(io):
            self.say(*taken)
        elif drivers.unknown and io not in drivers.objects and io not in drivers.deleted:
            self.say(*min(free, taken, key=len))
        else:
            refused = io in drivers.deleted and record["status"] == "STATUS_INVALID_PARAMETER_3"
            self.say(*(rule for rule in free if not refused or rule != "registration/bad-status"))
        if record["status"] == SUCCESS:
            drivers.deleted.discard(io)
            seen = drivers.of(io)
            drivers.leaked.discard(handle)
            drivers.returned.discard(handle)
            if handle in drivers.live:
                if drivers.live[handle].io != io:
                    self.say("registration/duplicate")
                self.unregister(handle, anew=io)
            self.host.put(handle, Registration(self.line, io, record), seen)

    def object(self, record):
        drivers, (io, _) = self.drivers_of(record)
        before = self.heard(record, drivers)
        if drivers.of(io):
            self.say("registration/leaked")
        for one in drivers.of(io):
            one.live_until = max(before, one.live_until)
        for handle in [handle for handle, one in drivers.live.items() if one.io == io]:
            self.unregister(handle)
            drivers.leaked.add(handle)
        drivers.objects.pop(io, None)
        drivers.deleted.add(io)
        if record["object"] == "created":
            drivers.deleted.discard(io)
            drivers.objects[io] = record.get("device_session", 0)

    # -- markers

    def lose(self, host):
        host.unknown, host.down = True, False
        if host.drivers:
            host.drivers = Drivers(True)
        for session in host.sessions.values():
            session.base, session.masks = 0, set()
            session.forget()

    def malformed(self, record):
        self.say("trace/malformed")
        if "session" in record:
            session = self.session(record["session"])
            session.forget()
            session.suspended = self.host.drivers is not None
            return
        self.marker({"marker": "gap"})

    def marker(self, record):
        every = "host" not in record
        for host in self.hosts.values() if every else [self.host]:
            if record["marker"] == "gap":
                self.lose(host)
            elif record["marker"] == "boot":
                host.unknown = host.down = False
                host.sessions = {}
                if host.drivers:
                    host.drivers = Drivers(False)
            elif record["marker"] == "shutdown":
                host.down = True
            else:
                self.close(host, cut=False)
        if every:
            self.unknown = {"gap": True, "boot": False}.get(record["marker"], self.unknown)
            self.down = {"gap": False, "boot": False, "shutdown": True}.get(record["marker"], self.down)

    def close(self, host, cut):
        """The capture of the host ends: what was never told was missed, what is registered is leaked."""
        self.host = host
        for one in host.drivers.live.values() if host.drivers else ():
            self.close_open(one)
        for session in host.sessions.values():
            for delivery in session.waiting:
                # behind a cut there may be what is not too late yet
                if cut:
                    delivery.waiting &= delivery.passed
                self.miss(delivery)
        if host.drivers:
            if not host.down:
                # where the trace may be cut it is a note
                for one in host.drivers.live.values() if not cut else ():
                    self.say("registration/leaked", line=one.line)
            host.drivers = Drivers(host.drivers.unknown)
        host.sessions = {}

    def end(self):
        for host in self.hosts.values():
            self.close(host, cut=True)
