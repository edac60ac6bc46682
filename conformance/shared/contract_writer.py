# SPDX-License-Identifier: MIT
"""Random traces of drivers that mostly keep to the contract: events, notifications, calls, objects, samples and markers."""

from shared.contract_sessions import ALL_EVENTS, bit
from shared.driver_calls import CALL_GET, CALL_REGISTER, CALL_UNREGISTER, SUCCESS
from shared.table import EVENTS, RECONNECTED, START, STATES, step


def spell(record):
    """A line of a trace."""
    if "malformed" in record:
        return record["malformed"]
    return " ".join(f"{key}={value}" for key, value in record.items())


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
            pairs = {"payload_length": self.source.choice((0, 8, 8, 7, 12, 300))} if self.source.random() < 0.1 else {}
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
            pairs = self.source.choice(({}, {"payload_length": 0}, {"payload_length": 4}, {"payload_length": 8}, {"payload_session": 3},
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
        self.add(key[0], call=CALL_UNREGISTER, driver=key[1], io="z" if self.slip() else io,
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
                {"malformed": "call=what is this"},
                {"malformed": "event=Konnected session=1", "session": 1},
                {"malformed": "notify=Created session=2 io=", "session": 2},
            )))
            return
        self.add(host if self.source.random() < 0.5 else None,
                 marker=self.source.choice(("gap", "gap", "boot", "shutdown", "end")))
