#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The whole contract of drivers against a model of its own, written from the pages of wdm.h: random traces of events,
notifications, calls, objects, samples and markers, most of them of drivers that keep to the contract but for a slip.
Each warning and each error must be at its line. Argument: the command. Prints TAP.

What a session's own findings are behind its first illegal transition is for another test (verdicts.py).
"""

import random
import sys

from contract import CALL_GET, CALL_REGISTER, CALL_UNREGISTER, SUCCESS, register_rules
from support import Command, Folder, Tap
from table import EVENTS, RECONNECT, RECONNECTED, START, STATES, TABLE, step

TRACES, BATCH = 600, 200
WAITING = 16
ALL_EVENTS, SIX = 0xFFFFFFFF, 0x3F
LOGGED_ON = {"LoggedOn", "DisconnectedLoggedOn"}
CONNECTED = {"Connected", "LoggedOn", "LoggedOff"}
ANY = frozenset(STATES)
KNOWN, IMPLIED = 1, 2
OF_SESSIONS = ("session/illegal-transition", "session/wrong-state", "session/undocumented-transition",
               "notification/invalid-local")


# ---- what a session can be


def bit(event):
    return 1 << EVENTS.index(event)


def moves(granted):
    """The transitions: the table, and the undocumented one where that is granted."""
    return TABLE | {RECONNECT: RECONNECTED} if granted >= KNOWN else TABLE


def close(states, granted, mask):
    """The states and what follows unseen: events that nobody selects, and the next life of the id."""
    states = set(states)
    while True:
        more = {START} if "Terminated" in states else set()
        for (state, event), to in moves(granted).items():
            hidden = not mask & bit(event)
            if event == "Terminated" and state in LOGGED_ON:
                hidden = hidden and granted >= IMPLIED
            if state in states and hidden:
                more.add(to)
        if more <= states:
            return states
        states |= more


def image(event):
    """Where an event leads, whatever was before."""
    return {to for (_, name), to in moves(KNOWN).items() if name == event}


class Session:
    """What the trace shows of a session of the kernel."""

    def __init__(self, states):
        self.notified = False  # it is known from what drivers were told
        self.mask = SIX
        self.base, self.masks, self.partly = 0, set(), False  # what was in force since its last record
        self.lost = False  # its own findings are for another test from here
        self.waiting = []
        self.followed = None  # whether all that happened to it is known; None: nobody has asked yet
        self.told = None  # what a notification brought last, where events were not known
        self.believe(states)

    def join(self, drivers, number):
        """From now on it is known from what drivers are told."""
        self.notified, self.base = True, drivers.mask(None)
        self.mask = self.base | drivers.mask(number)
        self.followed = bool(self.followed)
        self.beliefs = [close(belief, granted, self.mask) for granted, belief in enumerate(self.beliefs)]

    def widen(self):
        self.believe(ANY)
        self.lost = False

    def believe(self, states):
        self.beliefs = [close(states, granted, self.mask) for granted in range(3)]

    def forget(self):
        """Records of it are lost."""
        self.widen()
        self.waiting = []
        if self.followed is not None:
            self.followed = False
        self.told = None

    def follow(self, drivers, number):
        """Follows the masks that were in force since its last record, in any order."""
        own = drivers.mask(number)
        masks = {mask if self.partly else mask | own for mask in self.masks}
        if self.partly:
            masks.add(self.base)
        self.base, self.masks, self.partly = drivers.mask(None), set(), False
        before = None
        while before != self.beliefs:
            before = [set(belief) for belief in self.beliefs]
            for mask in masks:
                self.beliefs = [close(belief, granted, mask) for granted, belief in enumerate(self.beliefs)]
        self.mask = self.base | own
        self.beliefs = [close(belief, granted, self.mask) for granted, belief in enumerate(self.beliefs)]

    def take(self, event=None, sample=None):
        """An event, or a sample; the rule that it breaks."""
        after = []
        for granted, belief in enumerate(self.beliefs):
            if event:
                table = moves(granted)
                to = {table[state, event] for state in close(belief, granted, self.mask) if (state, event) in table}
            else:
                to = belief & {sample}
            after.append(close(to, granted, self.mask))
        needed = next((granted for granted in range(3) if after[granted]), None)
        if needed is None:
            self.believe(image(event) if event else {sample})
            lost, self.lost = self.lost, True
            return [] if lost else ["session/illegal-transition" if event else "session/wrong-state"]
        core = after[needed] & image(event) if event else after[needed]
        self.beliefs = [close(core, granted, self.mask) if granted < needed else after[granted]
                        for granted in range(3)]
        return ["session/undocumented-transition"] if needed == KNOWN and not self.lost else []


# ---- what drivers have registered


class Registration:
    def __init__(self, line, io, record):
        self.line, self.io = line, io
        self.mask, self.context = int(record["mask"], 0), record.get("context")

    def selects(self, event):
        return self.mask == ALL_EVENTS or event in EVENTS and bool(self.mask & bit(event))


class Drivers:
    """Registrations and I/O objects of one host; their names are those of a driver."""

    def __init__(self, unknown):
        self.unknown = unknown
        self.objects = {}  # that the trace has shown: the session that the device belongs to, or 0
        self.live, self.leaked = {}, set()

    def of(self, io):
        """The live registrations of an object; the one that was made last comes first."""
        return [one for one in reversed(self.live.values()) if one.io == io]

    def device(self, io):
        return self.objects.get(io, 0)

    def mask(self, session):
        """What is selected of all sessions; or of @session alone."""
        mask = 0
        for one in self.live.values():
            if self.device(one.io) == (session or 0):
                mask |= one.mask & SIX
        return mask

    def reaching(self, session, event):
        return {one for one in self.live.values()
                if one.selects(event) and self.device(one.io) in (0, session)}


class Delivery:
    """An event of which some have yet to be told."""

    def __init__(self, event, line, ordinal, waiting):
        self.event, self.line, self.ordinal, self.waiting = event, line, ordinal, set(waiting)
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

    def put(self, handle, one):
        self.change(one, lambda: self.drivers.live.update({handle: one}))

    def change(self, one, what):
        """Sessions learn with their next record of what was in force before it."""
        before = self.drivers.mask(None)
        what()
        for session in self.sessions.values():
            session.partly |= bool(self.drivers.device(one.io))
            if self.drivers.mask(None) != before:
                session.masks.add(self.drivers.mask(None))


class World:
    """Judges one trace: judge() for each record, end() behind the last; found is what must be said."""

    def __init__(self, start):
        self.start, self.hosts, self.found = start, {}, []
        self.unknown, self.down = start == "unknown", False
        self.line = self.ordinal = 0
        self.lost = set()  # lines of sessions whose own findings are for another test

    def say(self, *rules, line=None):
        self.found += [(line or self.line, rule) for rule in rules]

    def judge(self, record):
        self.line += 1
        self.host = self.hosts.setdefault(record.get("host"), Host(self.unknown, self.down))
        if "notify" not in record:
            self.ordinal += 1
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
            if delivery.counts and one not in delivery.excused and only in (None, one):
                self.say("notification/missed", line=delivery.line)

    def expect(self, session, number, event):
        """The event has happened: who selects it is to be told."""
        drivers = self.host.drivers
        session.followed = True
        if not drivers.live or event not in EVENTS:
            return
        delivery = Delivery(event, self.line, self.ordinal, drivers.reaching(number, event))
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
        """One of an object's registrations was told: in turn, late, or of what nobody waited for."""
        for debt in ("due", "excused", "late"):
            for one in registrations:
                for place, delivery in enumerate(session.waiting):
                    if delivery.early or delivery.event != event or one not in delivery.waiting or \
                            debt != ("excused" if one in delivery.excused else
                                     "late" if one in delivery.passed else "due"):
                        continue
                    for before in session.waiting[:place]:
                        if not before.early and one in before.waiting:
                            before.passed.add(one)
                    delivery.waiting.remove(one)
                    if not delivery.waiting:
                        session.waiting.remove(delivery)
                    return "late" if debt == "late" else "in turn"
        return "new"

    def unregister(self, handle):
        gone = self.host.remove(handle)
        for session in self.host.sessions.values():
            for delivery in list(session.waiting):
                if gone in delivery.waiting:
                    self.miss(delivery, gone)
                    delivery.waiting.remove(gone)
                    if not delivery.waiting:
                        session.waiting.remove(delivery)

    # -- notifications

    def notify(self, record):
        drivers, (io, _) = self.drivers_of(record)
        host, event, number = self.host, record["notify"], record["session"]
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
            if event != "Ignore" and not host.events:
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
            if io in drivers.objects or not drivers.unknown:
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
        if told == "in turn":
            return
        if told == "late":
            self.say("notification/unexpected")
            return
        lost = self.host.unknown if not session or session.followed is None else not session.followed
        if not lost:
            self.say("notification/unexpected")
        session = session or self.session(number)
        session.followed = not lost
        if lost:
            session.told = event
            return
        early = Delivery(event, self.line, self.ordinal, live)
        early.early = True
        self.wait(session, early)

    def reveal(self, session, number, live, event):
        """The trace holds notifications alone: the first of an event tells that it happened."""
        told = self.tell(session, live, event)
        if told == "late":
            self.say("notification/unexpected")
        if told != "new":
            return False
        self.say(*session.take(event=event))
        session.told = event
        if session.followed is None:
            session.followed = False
        if self.host.drivers.live:
            delivery = Delivery(event, self.line, self.ordinal, self.host.drivers.reaching(number, event) - set(live))
            self.wait(session, delivery)
        return True

    def payload(self, record, event, states, told):
        session, length = record.get("payload_session"), record.get("payload_length")
        if event == "Connected" and (length == 0 or told and length is None and session is None):
            self.say("notification/payload-missing")
        elif length not in (None, 0, 8):
            self.say("notification/payload-length")
        if session not in (None, record["session"]):
            self.say("notification/payload-session")
        where = set(states) & image(event) if event in EVENTS else set(states)
        if "payload_local" in record and not where & CONNECTED:
            self.say("notification/invalid-local")

    # -- calls and objects

    def call(self, record):
        drivers, (io, handle) = self.drivers_of(record)
        if record["call"] == CALL_GET:
            if record["status"] != SUCCESS:
                self.say("registration/bad-status")
        elif record["call"] == CALL_UNREGISTER:
            if handle in drivers.live:
                self.unregister(handle)
            elif handle in drivers.leaked:
                drivers.leaked.remove(handle)
            elif not drivers.unknown:
                self.say("registration/unknown")
        else:
            self.register(record, drivers, io, handle)

    def register(self, record, drivers, io, handle):
        given = dict.fromkeys(("class", "io", "size", "length", "flags", "mask")) | \
            {key: value for key, value in record.items() if key in ("class", "io", "size", "flags", "mask")}
        given["mask"] = {"0x3f": "0x3f", hex(ALL_EVENTS): "all", "0": "0", "0x40": "0x40"}.get(given["mask"], "0x1")
        free, taken = (register_rules(32, record["status"], registered, **given) for registered in (False, True))
        if drivers.of(io):
            self.say(*taken)
        elif drivers.unknown and io not in drivers.objects:
            self.say(*min(free, taken, key=len))
        else:
            self.say(*free)
        if record["status"] == SUCCESS:
            drivers.leaked.discard(handle)
            if handle in drivers.live:
                if drivers.live[handle].io != io:
                    self.say("registration/duplicate")
                self.unregister(handle)
            self.host.put(handle, Registration(self.line, io, record))

    def object(self, record):
        drivers, (io, _) = self.drivers_of(record)
        if drivers.of(io):
            self.say("registration/leaked")
        for handle in [handle for handle, one in drivers.live.items() if one.io == io]:
            self.unregister(handle)
            drivers.leaked.add(handle)
        drivers.objects.pop(io, None)
        if record["object"] == "created":
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
            self.session(record["session"]).forget()
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
                self.close(host, None)
        if every:
            self.unknown = {"gap": True, "boot": False}.get(record["marker"], self.unknown)
            self.down = {"gap": False, "boot": False, "shutdown": True}.get(record["marker"], self.down)

    def close(self, host, cut):
        """The capture of the host ends: what was never told was missed, what is registered is leaked."""
        for session in host.sessions.values():
            for delivery in session.waiting:
                if delivery.ordinal != cut:
                    self.miss(delivery)
        if host.drivers:
            if not host.down:
                for one in host.drivers.live.values():
                    self.say("registration/leaked", line=one.line)
            host.drivers = Drivers(host.drivers.unknown)
        host.sessions = {}

    def end(self):
        for host in self.hosts.values():
            self.close(host, self.ordinal)


# ---- random traces

EVENTS_HELD = {True: "events and notifications", False: "notifications alone", None: "some of the events"}


class Writer:
    """Writes a trace of drivers that mostly keep to the contract, as far as they know it."""

    def __init__(self, source, events):
        self.source, self.events = source, events
        self.slips = source.choice((0, 0.03, 0.1, 0.25))
        self.hosts = source.choice(((None,), (None,), ("a",), ("a", "b")))
        self.records, self.live, self.states, self.untold = [], {}, {}, []
        self.mask_choices = source.choice((("0xffffffff",), ("0xffffffff", "0x3f"),
                                           ("0xffffffff", "0x3f", "0x30", "0xc", "0x1", "0x12", "0x2f", "0x3b")))

    def slip(self):
        return self.source.random() < self.slips

    def add(self, host, **pairs):
        record = ({} if host is None else {"host": host}) | {key: value for key, value in pairs.items()
                                                             if value is not None}
        self.records.append(record)
        return record

    def trace(self):
        for _ in range(self.source.randrange(4, 40)):
            host, chance = self.source.choice(self.hosts), self.source.random()
            if self.untold and chance < 0.45:
                self.tell()
            elif chance < 0.7:
                self.happen(host)
            elif chance < 0.93:
                self.contract(host)
            elif chance < 0.96:
                self.sample(host)
            elif self.source.random() < 0.3:
                self.mark(host)
        while self.untold and not self.slip() and self.source.random() < 0.9:
            self.tell()
        if self.source.random() < 0.6:
            for key in list(self.live):
                self.give_back(key)
        return self.records

    def happen(self, host):
        """A session goes on; its drivers are to be told."""
        session = self.source.choice((1, 1, 2, 7))
        state = self.states.get((host, session), START)
        legal = [event for event in EVENTS if step(state, event)]
        event = self.source.choice(EVENTS if self.slip() else legal)
        if state == "DisconnectedLoggedOn" and self.source.random() < 0.3:
            event, to = "Connected", RECONNECTED
        else:
            to = step(state, event) or self.source.choice(STATES)
        self.states[host, session] = to
        if self.events or self.events is None and self.source.random() < 0.3:
            pairs = {"payload_length": self.source.choice((0, 8, 8, 12))} if self.source.random() < 0.1 else {}
            if self.source.random() < 0.1:
                pairs["payload_local"] = 1
            self.add(host, event=event if self.source.random() < 0.97 else self.source.choice(("Ignore", "Max")),
                     session=session, **pairs)
        for key, (io, mask, context, device) in self.live.items():
            selected = mask == ALL_EVENTS or mask & bit(event)
            if key[0] == host and device in (0, session) and selected != self.slip():
                self.untold.append((key, io, session, event, context))

    def tell(self):
        """Tells what waits: first things first, but for a slip."""
        at = self.source.randrange(len(self.untold)) if self.slip() else 0
        # another driver may be quicker
        if self.source.random() < 0.3:
            key = self.source.choice(self.untold)[0]
            at = next(place for place, one in enumerate(self.untold) if one[0] == key)
        key, io, session, event, context = self.untold[at]
        if not self.slip():
            del self.untold[at]
        if self.slip():
            return
        pairs = {"payload_session": session, "payload_length": 8} if event == "Connected" or self.slip() else {}
        if self.slip():
            pairs = self.source.choice(({}, {"payload_length": 0}, {"payload_length": 9}, {"payload_session": 3},
                                        {"payload_session": session}, {"payload_local": 1}))
        if self.slip():
            event = self.source.choice((*EVENTS, "Ignore", "Max"))
        if self.slip():
            session = self.source.choice((1, 2, 7))
        if self.slip():
            context = self.source.choice(("0x1", "0x2"))
        self.add(key[0], notify=event, session=session, driver=key[1], io=io, context=context,
                 status=self.source.choice((None, SUCCESS, "STATUS_UNSUCCESSFUL")) if self.slip() else None, **pairs)

    def contract(self, host):
        driver, io = self.source.choice((None, "d")), self.source.choice(("x", "x", "y", "z"))
        mine = [key for key in self.live if key[0] == host and key[1] == driver]
        chance = self.source.random()
        if chance < 0.2:
            self.make(host, driver, io)
        elif chance < 0.3 and mine:
            key = self.source.choice(mine)
            self.give_back(key)
            self.add(host, object="deleted", driver=driver, io=io if self.slip() else self.records[-1].get("io", io))
        elif chance < 0.5 and mine:
            self.give_back(self.source.choice(mine))
        elif chance < 0.95:
            self.register(host, driver, io, [key for key in mine if self.live[key][0] == io])
        else:
            self.add(host, call=CALL_GET, driver=driver, status=SUCCESS if not self.slip() else "STATUS_PENDING")

    def make(self, host, driver, io):
        for key in [key for key in self.live if key[:2] == (host, driver) and self.live[key][0] == io]:
            if not self.slip():
                self.give_back(key)
        self.add(host, object="created", driver=driver, io=io, device_session=self.source.choice((None, 0, 1, 2)))

    def register(self, host, driver, io, taken):
        mask = self.source.choice(self.mask_choices)
        status = SUCCESS
        if taken or self.slip():
            status = self.source.choice(("STATUS_ALREADY_COMMITTED",) * 3 + (
                SUCCESS, "STATUS_INSUFFICIENT_RESOURCES", "STATUS_INVALID_PARAMETER_3"))
        if self.slip():
            mask = self.source.choice(("0", "0x40"))
        handle = self.source.choice(("r", "s", "t")) + ("" if self.slip() else io)
        context = self.source.choice((None, "0x1"))
        record = self.add(host, call=CALL_REGISTER, driver=driver, io=io, mask=mask, status=status, context=context,
                          registration=handle if status == SUCCESS else None, flags="1" if self.slip() else None,
                          size=20 if self.slip() else 32, **({"class": "1"} if self.slip() else {}))
        if status == SUCCESS:
            device = next((one.get("device_session", 0) for one in reversed(self.records)
                           if one.get("io") == io and one.get("driver") == driver and "object" in one), 0)
            self.live[host, driver, handle] = (io, int(record["mask"], 0), context, device)

    def give_back(self, key):
        io = self.live[key][0]
        if not self.slip():
            for one in [one for one in self.untold if one[0] == key]:
                if self.untold and one == self.untold[0]:
                    self.tell()
            self.untold = [one for one in self.untold if one[0] != key]
        if not self.slip():
            del self.live[key]
        self.add(key[0], call=CALL_UNREGISTER, driver=key[1], io=io,
                 registration="other" if self.slip() else key[2])

    def sample(self, host):
        session = self.source.choice((1, 2, 7))
        state = self.states.get((host, session), START)
        self.add(host, state=self.source.choice(STATES) if self.slip() else state, session=session,
                 local=self.source.choice((None, 1)))

    def mark(self, host):
        chance = self.source.random()
        if chance < 0.3:
            self.records.append(self.source.choice((
                {"malformed": "call=IoUnregisterContainerNotification"},
                {"malformed": "what is this"},
                {"malformed": "event=Konnected session=1", "session": 1},
                {"malformed": "notify=Created session=2 io=", "session": 2},
            )))
            return
        self.add(host if self.source.random() < 0.5 else None,
                 marker=self.source.choice(("gap", "gap", "boot", "shutdown", "end")))


def spell(record):
    if "malformed" in record:
        return record["malformed"]
    return " ".join(f"{key}={value}" for key, value in record.items())


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
            result = command.run("check", "-q", "--format=json", "--rule=unfinished=off", f"--start={start}", *names,
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
    for events in (True, False, None):
        for start in ("initialized", "unknown", "auto"):
            found |= set(check(tap, command, events, start))
    rules = {line.split()[0] for line in command.run("rules").text.splitlines() if "ation/" in line}
    tap.same(sorted(rules - found), [], "each rule of the contract was broken somewhere")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
