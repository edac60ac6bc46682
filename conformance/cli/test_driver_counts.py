#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Drivers that count for themselves, or share a count with their host or with all hosts. They keep to the contract and
their sessions to the published table; their records are lost, come twice and are shuffled, and some drivers are
unloaded and loaded again, with a count that begins again. Nothing may be found but notes. Then one breach is put into
the records of a driver, and has to be found. Arguments: the command, and how many batches. Prints TAP.
"""

import random
import sys

from shared.command import STATUS_CLEAN, Command
from shared.folder import Folder
from shared.losses import findings_between, shuffled, twice
from shared.sights import ILLEGAL
from shared.table import EVENTS, START, step
from shared.tap import Tap

TRACES, BATCHES = 150, 6
MASKS = (63, 63, 0x30, 0x0c, 0x3c, 0x3b)
# CREATION 0x01, TERMINATION 0x02, CONNECT 0x04, DISCONNECT 0x08, LOGON 0x10, LOGOFF 0x20
MASK_BITS = ("Created", "Terminated", "Connected", "Disconnected", "Logon", "Logoff")


class Record:
    """One line of a driver, with its number."""

    def __init__(self, host, driver, text):
        self.host, self.driver, self.text = host, driver, text
        self.seq = self.line = self.time = None
        self.load = 0

    def stream(self, scheme):
        return {"trace": None, "host": self.host, "driver": (self.host, self.driver)}[scheme]

    def __str__(self):
        return f"{self.time} seq={self.seq} host={self.host} driver={self.driver} {self.text}"


class Driver:
    """A driver of a host: it registers one object, is notified of what it asked for, and gives it back."""

    def __init__(self, source, host, name, mask):
        self.source, self.host, self.name, self.mask = source, host, name, mask
        self.records, self.load, self.told = [], 0, []

    def write(self, text):
        record = Record(self.host, self.name, text)
        record.load = self.load
        self.records.append(record)
        return record

    def begin(self):
        self.write(f"call=IoRegisterContainerNotification io=0x{self.name}{self.load} mask=0x{self.mask:x} status=0 "
                   f"registration=0xR{self.name}{self.load}")

    def tell(self, session, event):
        if self.mask >> MASK_BITS.index(event) & 1:
            payload = f" payload_session={session} payload_length=8" if event == "Connected" else ""
            self.write(f"session={session} notify={event} io=0x{self.name}{self.load}{payload} status=0")

    def end(self):
        self.write(f"call=IoUnregisterContainerNotification registration=0xR{self.name}{self.load}")
        self.load += 1


def life(source, scheme, masks_of_all=MASKS):
    """The records of all drivers in the order in which they are written, with numbers."""
    hosts = source.choice((("a",), ("a",), ("a", "b")))
    alone = scheme != "driver" and source.random() < 0.5
    drivers = []
    for host in hosts:
        # drivers that share a count are told alike, one right after the other
        masks = [source.choice(masks_of_all)] if alone else [63] * source.randrange(1, 4)
        if scheme == "driver":
            masks = [source.choice(masks_of_all) for _ in range(source.randrange(1, 4))]
        drivers += [Driver(source, host, f"d{at}", mask) for at, mask in enumerate(masks)]
    written, states = [], {}
    for driver in drivers:
        driver.begin()
        written.append(driver.records[-1])
    for _ in range(source.randrange(2, 40)):
        host, session = source.choice(hosts), source.randrange(1, 4)
        state = states.get((host, session), START)
        event = source.choice([event for event in EVENTS if step(state, event)])
        states[host, session] = step(state, event)
        for driver in drivers:
            if driver.host != host:
                continue
            before = len(driver.records)
            driver.tell(session, event)
            written += driver.records[before:]
        if scheme == "driver" and source.random() < 0.05:
            driver = source.choice(drivers)
            driver.end()
            driver.begin()
            written += driver.records[-2:]
    for driver in drivers:
        driver.end()
        written.append(driver.records[-1])
    return written


def number(records, scheme, base):
    last = {}
    for at, record in enumerate(records):
        record.time = f"time=2026-03-02T10:{at // 60 % 60:02}:{at % 60:02}Z"
        key = (record.stream(scheme), record.load if scheme == "driver" else 0)
        last[key] = last[key] + 1 if key in last else base
        record.seq = last[key]


def delayed(source, records):
    """Drivers write when they like: each driver's records in their order, those of one next to those of another."""
    left = {}
    for record in records:
        left.setdefault((record.host, record.driver), []).append(record)
    result = []
    while left:
        key = source.choice(sorted(left))
        result.append(left[key].pop(0))
        if not left[key]:
            del left[key]
    return result


def text_of(records):
    for line, record in enumerate(records, 1):
        record.line = record.line or line
    return "".join(f"{record}\n" for record in records)


def loads_apart(source, records, size):
    """Shuffled, but the record with which a driver that was loaded again begins keeps its place: records of one load
    are not mixed with those of another."""
    result, stretch, loads = [], [], {}
    for record in [*records, None]:
        key = record and (record.host, record.driver)
        again = record is not None and loads.get(key, record.load) != record.load
        if record is None or again:
            result += shuffled(source, stretch, size)
            stretch = []
        if record is not None:
            loads[key] = record.load
            (result if again else stretch).append(record)
    return result


def make(source):
    scheme, base = source.choice(("trace", "host", "driver", "driver")), source.choice((0, 1))
    records = life(source, scheme)
    number(records, scheme, base)
    loss, again = source.choice((0, 0, 0.02, 0.1, 0.3)), source.choice((0, 0, 0.1))
    kept = [record for record in records if source.random() >= loss or record.seq == base]
    if scheme == "driver" and source.random() < 0.5:
        kept = delayed(source, kept)
    written, _ = twice(source, loads_apart(source, kept, source.choice((1, 1, 3, 20))), again)
    return scheme, written


def test_legal(tap, command, seed):
    source, traces = random.Random(f"legal {seed}"), {}
    with Folder() as folder:
        for number_of in range(TRACES):
            scheme, written = make(source)
            traces[folder.file(f"{number_of}.trace", text_of(written)).name] = scheme, written
        result = command.run("check", "--quiet", "--format=json", "--rule=unfinished=off", "--rule=leaked=off",
                             str(folder.path))
    found = [finding for finding in result.findings if finding["severity"] == "error"]
    tap.ok(result.status == STATUS_CLEAN and not found, f"{TRACES} traces of drivers that keep to the contract, {seed}",
           *["{} {}: {}\n{}".format(traces[finding["file"].rsplit("/", 1)[-1]][0], finding["line"], finding["message"],
                                    text_of(traces[finding["file"].rsplit("/", 1)[-1]][1])) for finding in found[:2]])


def breach(source, records):
    """Puts a notification into the records of a driver, of an event that its session cannot take there."""
    states, places = {}, []
    for at, record in enumerate(records):
        words = dict(pair.split("=", 1) for pair in record.text.split())
        if "notify" in words:
            key = (record.host, record.driver, words["session"])
            state = step(states.get(key, START), words["notify"])
            states[key] = state
            # told twice: no event but Ignore is legal again at once
            if step(state, words["notify"]) is None and (state, words["notify"]) != ("DisconnectedLoggedOn", "Connected"):
                places.append(at)
        elif "call" in words:
            states = {key: state for key, state in states.items() if key[:2] != (record.host, record.driver)}
    if not places:
        return None
    at = source.choice(places)
    again = Record(records[at].host, records[at].driver, records[at].text)
    again.load = records[at].load
    records.insert(at + 1, again)
    return again


def test_breaches(tap, command, seed):
    """Each driver asks for all, and is notified of one event twice: found whatever the others count."""
    source, traces = random.Random(f"breach {seed}"), {}
    with Folder() as folder:
        for number_of in range(TRACES):
            records = life(source, source.choice(("trace", "host", "driver")), (63,))
            scheme = source.choice(("host", "driver")) if len({record.host for record in records}) == 1 else "driver"
            again = breach(source, records)
            if not again:
                continue
            number(records, scheme, source.choice((0, 1)))
            written = loads_apart(source, records, source.choice((1, 3, 20)))
            traces[folder.file(f"{number_of}.trace", text_of(written)).name] = scheme, again, written
        result = command.run("check", "--quiet", "--format=json", "--rule=unfinished=off", str(folder.path))
    found = {(finding["file"].rsplit("/", 1)[-1], finding["line"]) for finding in result.findings
             if finding["rule"] == "session/illegal-transition"}
    missed = [name for name, (_, again, _) in traces.items() if (name, again.line) not in found]
    tap.ok(traces and not missed, f"{len(traces)} traces of drivers that are notified of an event twice, {seed}",
           *[f"{traces[name][0]} {traces[name][1].line}: {text_of(traces[name][2])}" for name in missed[:2]])


def test_lost(tap, command, seed):
    """One driver that asks for all loses single records: what one event cannot explain is found, and nothing else."""
    source, traces = random.Random(f"lost {seed}"), {}
    with Folder() as folder:
        for number_of in range(TRACES):
            records, states = [Record("a", "d0", "call=IoRegisterContainerNotification io=0xA mask=all status=0 "
                                                 "registration=0xB")], {}
            for _ in range(source.randrange(4, 40)):
                session = source.randrange(1, 4)
                state = states.get(session, START)
                legal = [event for event in EVENTS if step(state, event)]
                event = source.choice(EVENTS if source.random() < 0.05 else legal)
                states[session] = step(state, event) or state
                payload = f" payload_session={session} payload_length=8" if event == "Connected" else ""
                record = Record("a", "d0", f"session={session} notify={event} io=0xA{payload} status=0")
                record.session, record.event = session, event
                records.append(record)
            number(records, "host", 1)
            lost = {at for at in range(1, len(records) - 1) if source.random() < 0.1}
            lost -= {at for at in lost if at - 1 in lost}
            kept = [record for at, record in enumerate(records) if at not in lost]
            written = shuffled(source, kept, source.choice((1, 5)))
            name = folder.file(f"{number_of}.trace", text_of(written)).name
            traces[name] = written, expected_lost(records, lost)
        result = command.run("check", "--quiet", "--format=json", "--rule=unfinished=off", str(folder.path))
    said, wrong = {}, []
    for finding in result.findings:
        if finding["rule"].startswith("session/"):
            key = finding["file"].rsplit("/", 1)[-1], finding["session"]
            said.setdefault(key, []).append((finding["line"], finding["rule"]))
    for name, (written, items) in traces.items():
        for session, own in items.items():
            want, got = findings_between("wdm", own, True), said.get((name, session), [])
            more = len(got) > len(want) and ILLEGAL not in [rule for _, rule in want]
            if got[:len(want)] != want or more:
                wrong.append(f"session {session}: {own}: expected {want}, got {got}\n{text_of(written)}")
    tap.ok(not wrong, f"{len(traces)} traces of a driver that loses single records, {seed}", *wrong[:2])


def expected_lost(records, lost):
    """The items of each session, as losses.findings_between() takes them."""
    items, gone, since = {}, 0, {}
    for at, record in enumerate(records):
        gone += at in lost
        if at == 0 or at in lost:
            continue
        own = items.setdefault(record.session, [])
        if gone > since.get(record.session, 0):
            own.append(("lost", gone - since.get(record.session, 0)))
        since[record.session] = gone
        own.append((record.line, record.event))
    return items


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    for seed in range(int(sys.argv[2]) if len(sys.argv) > 2 else BATCHES):
        test_legal(tap, command, seed)
        test_breaches(tap, command, seed)
        test_lost(tap, command, seed)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
