#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Logs of several channels and computers: views, merged exports, forwarded events. Within a channel of a computer the
EventRecordIDs of the documents order the records, across channels nothing does. Histories of machines are made up
here, written in any order that keeps the channels' own, with records left out; nothing may be an error that another
order or a lost record explains, and what nothing explains must be one. Argument: the command. Prints TAP.
"""

import pathlib
import random
import sys
import tempfile

from shared.evtx_logs import DEBUG, OPERATIONAL, SYSTEM, Checked, Event, build, check
from shared.tap import Tap

GAP, ILLEGAL = "gap", "illegal-transition"
COPIES = "more than once"

TRIALS = 400
FILES = 40  # in one run


def lsm_life(source, session):
    """The session manager's records of a life, which a boot may cut off: ids and sessions."""
    events = [41, 42, 21, 22]
    for _ in range(source.choice((0, 0, 1, 2))):
        events += [40, 24, 40, 25]
    events += source.choice(([], [23], [23, 39, 40, 24], [40, 24], [40, 24, 23]))
    return [Event(event, session) for event in events]


# The names of event 38: every transition of the published table that a life of this kind takes.
WHOLE = [("Initialized", "Created", "Created"), ("Created", "Connected", "Connected"), ("Connected", "Logon", "LoggedOn"),
         ("LoggedOn", "Disconnected", "DisconnectedLoggedOn"), ("DisconnectedLoggedOn", "Logoff", "Disconnected"),
         ("Disconnected", "Terminated", "Terminated")]


def debug_life(source, session):
    return [Event(38, session, names=names) for names in WHOLE[:source.randint(1, len(WHOLE))]]


def winlogon_life(source, session):
    return [Event(event, session) for event in (7001, 7002)[:source.randint(1, 2)]]


def shuffled(source, lives):
    """Lives at the same time: each keeps its order."""
    lives, out = [list(life) for life in lives if life], []
    while lives:
        life = source.choice(lives)
        out.append(life.pop(0))
        lives = [life for life in lives if life]
    return out


def machine(source, computer, debug=False, boots=None):
    """The channels of a computer, each in its order, with its EventRecordIDs."""
    channels = {OPERATIONAL: [], SYSTEM: [], **({DEBUG: []} if debug else {})}
    for boot in range(boots or source.randint(1, 3)):
        sessions = source.sample(range(1, 6), source.randint(1, 3))
        late = [Event(id) for id in source.choice(((), (13,), (6006, 13), (6008,)))] if boot else []
        pair = [[Event(12)], [Event(6005)]]
        if boots == 0:
            pair, late = [], []
        restart = [Event(6006), Event(6005)] if source.random() < .2 else []
        channels[SYSTEM] += shuffled(source, [*pair, late])
        channels[SYSTEM] += shuffled(source, [winlogon_life(source, each) for each in sessions] + [restart])
        channels[OPERATIONAL] += ([Event(32)] if boots != 0 else []) + shuffled(
            source, [lsm_life(source, each) for each in sessions])
        if debug:
            channels[DEBUG] += shuffled(source, [debug_life(source, each) for each in sessions])
    for events in channels.values():
        own = source.choice((1, 50, 9000, 10**6))
        for event in events:
            event.own, event.computer, event.second = own, computer, own % 10000
            own += source.choice((1, 1, 1, 2)) if source.random() < .1 else 1
    return channels


def letters(source, name):
    """The name in any letter case."""
    return "".join(source.choice((letter.upper(), letter.lower())) for letter in name)


def arrivals(source, machines):
    """The records of all channels in an order that keeps each channel's own: mixed, or one after the other."""
    streams = [events for channels in machines for events in channels.values()]
    if source.random() < .3:
        source.shuffle(streams)
        return [event for events in streams for event in events]
    return shuffled(source, streams)


def out_of_order(source, events):
    """Some records come at another place."""
    for _ in range(source.randint(1, 4)):
        events.insert(source.randrange(len(events) + 1), events.pop(source.randrange(len(events))))
    return events


def spoil(source, events):
    """What an export leaves out, what arrives twice, late, or in other letters."""
    kind = source.choice(("whole", "whole", "filtered", "lossy", "twice", "late"))
    if kind == "filtered":
        # of a boot that no channel tells, event 38 knows nothing
        wanted = {32} | set(source.sample((21, 22, 23, 24, 25, 32, 38, 12, 6005, 7001, 7002), source.randint(4, 11)))
        events = [event for event in events if event.event in wanted]
    elif kind == "lossy":
        events = [event for event in events if source.random() > .1]
    elif kind == "twice":
        events = [each for event in events for each in (event,) * (1 + (source.random() < .1))]
    elif kind == "late":
        events = out_of_order(source, events)
    for event in events:
        if source.random() < .1:
            event.computer = letters(source, event.computer)
    return events


def check_random(report, command, folder):
    """Whatever true histories of machines are written, nothing is an error."""
    source, problems, judged = random.Random(9), [], 0
    for first in range(0, TRIALS, FILES):
        paths = []
        for trial in range(first, first + FILES):
            computers = ["RDS-01", "rds-02.lab.test", "Rds-03"][:source.randint(1, 3)]
            machines = [machine(source, each, debug=source.random() < .4) for each in computers]
            events = spoil(source, arrivals(source, machines))
            if not events:
                continue
            path = folder / f"{trial}.evtx"
            path.write_bytes(build(events))
            paths.append(str(path))
        result = Checked(command, *paths, "--rule=wrong-user=off")
        judged += result.summary["events"]
        problems += [str(each) for each in result.findings if each["severity"] == "error"]
    report.none(problems or ([] if judged > 10 * TRIALS else [f"only {judged} events"]),
                f"{TRIALS} logs of several channels with {judged} events: nothing true is an error")


# What no order of the channels explains: two records of a session that follow each other in their channel.
BREACHES = [(24, 24), (25, 25), (23, 23), (23, 25)]


def check_breaches(report, command, folder):
    """A breach within a channel is found, whatever stands between, and in whatever order."""
    source, missed, loud = random.Random(11), [], 0
    for trial in range(60):
        machines = [machine(source, each) for each in ("RDS-01", "RDS-02")]
        lsm = machines[0][OPERATIONAL]
        first, second = source.choice(BREACHES)
        before = [21] if first == 24 else [21, 24] if first == 25 else [21]
        own = lsm[-1].own
        lsm += [Event(event, 77, own=own + 1 + at, second=own + 1 + at) for at, event in enumerate([*before, first, second])]
        path = folder / "breach.evtx"
        events = arrivals(source, machines)
        if trial % 2:
            events = out_of_order(source, events)
        path.write_bytes(build(events))
        result = Checked(command, path, "--rule=wrong-user=off")
        found = [each for each in result.findings if each["severity"] == "error"]
        loud += len(found) > 1
        if [each["session"] for each in found] != [77]:
            missed.append(f"{trial} {first} {second}: {found}")
    report.none(missed, "60 breaches within a channel are found, and nothing else")


def lsm(*events, own=100, **more):
    """Records of the session manager with consecutive EventRecordIDs: (id, session) or a boot."""
    return [Event(*(each if isinstance(each, tuple) else (each,)), own=own + at, **more)
            for at, each in enumerate(events)]


def check_boots(report, command, folder):
    """A boot that one channel tells ends the sessions of that channel on that computer."""
    one = lsm(32, (21, 1), (24, 1), (25, 1), (23, 1))
    other = [Event(12, own=900), Event(6005, own=901), Event(7001, 1, own=902), Event(7002, 1, own=903)]
    result = check(command, folder, one[:2] + other[:3] + one[2:] + other[3:])
    report.ok(result.rules() == [(6, "undocumented-transition")] or
              result.rules() == [(7, "undocumented-transition")],
              "the System log's boot stands among the session manager's records: that says nothing", str(result))
    result = check(command, folder, one[:3] + lsm(32, (25, 1), own=103) + other)
    report.ok((5, ILLEGAL) in result.rules() and result.status == 1, "its own boot ends them", str(result))
    result = check(command, folder, one[:2] + lsm(32, (21, 1), own=500, computer="RDS-02") + one[2:4] + other)
    report.ok(result.rules(ILLEGAL) == [], "another computer's does not", str(result))
    result = check(command, folder, other[:3] + one + [Event(12, own=903), Event(7002, 1, own=904)])
    report.ok(result.rules(ILLEGAL) == [(10, ILLEGAL)], "nor does it spare the sessions of its own channel",
              str(result))


def check_whole_transitions(report, command, folder):
    """Event 38 shows Terminated and no boot: where another channel tells one, it may lie anywhere."""
    debug = [Event(38, 1, own=10 + at, names=names) for at, names in enumerate(WHOLE[:3] + WHOLE[:2])]
    boot = lsm(32, (21, 1), own=700)
    alone = check(command, folder, debug)
    report.ok(alone.status == 1, "alone, it must end before it begins again", str(alone))
    for name, events in (("before", boot + debug), ("behind", debug + boot), ("between", debug[:4] + boot + debug[4:]),
                         ("far behind", debug + [Event(99, channel="Application", own=1 + at) for at in range(200)] + boot)):
        result = check(command, folder, events)
        report.ok(result.rules(ILLEGAL, "wrong-state") == [] and
                  result.status == 0, f"a boot {name}: it may lie between", str(result))
    service = debug + [Event(6005, own=1)]
    report.ok(check(command, folder, service).status == 0, "and so may a start of the service")
    for name, events in (("no boot at all", debug + [Event(7001, 1, own=1)]),
                         ("one of another computer", debug + lsm(32, own=1, computer="RDS-02"))):
        result = check(command, folder, events)
        report.ok(result.status == 1, f"{name}: nothing explains it", str(result))


def check_holes(report, command, folder):
    """What is missing within a channel bounds what is known of it, and of no other."""
    other = [Event(12, own=900), Event(7001, 1, own=901)]
    broken = lsm(32, (21, 1), (24, 1)) + lsm((24, 1), own=104)
    result = check(command, folder, other + broken)
    report.ok(result.rules(GAP, ILLEGAL) == [(6, GAP)] and result.status == 0,
              "a record is missing that may have been the reconnect: nothing is illegal, and one note says why",
              str(result))
    result = check(command, folder, other + lsm(32, (21, 1), (24, 1), (24, 1)))
    report.ok(result.rules(ILLEGAL) == [(6, ILLEGAL)], "none is missing", str(result))
    skipped = lsm(32, (21, 1), (24, 1)) + lsm((40, 1), (24, 1), own=104)
    result = check(command, folder, other + skipped)
    report.ok(result.status == 0, "it is missing before a record that means nothing", str(result))
    many = other + lsm(32, (21, 1)) + lsm((24, 1), own=110) + lsm((25, 1), own=120) + lsm((23, 1), own=130)
    report.ok(len(check(command, folder, many).rules(GAP)) == 1, "of many holes one is reported")
    twice = [each for event in other + lsm(32, (21, 1), (24, 1), (25, 1), (23, 1)) for each in (event, event)]
    for event in twice:
        event.second = event.own
    result = check(command, folder, twice)
    report.ok(result.summary["events"] == 5 and result.status == 0 and
              [COPIES in each["message"] for each in result.findings].count(True) == 1 and
              result.verdicts() == (2, 0, 0), "records that arrived twice count once", str(result))
    names = [Event(event, 1, own=100 + at, computer=name) for at, (event, name) in enumerate(
        ((21, "HOST-A"), (24, "host-a"), (25, "Host-A"), (24, "HOST-A"), (24, "host-A")))]
    result = check(command, folder, other + names)
    report.ok(result.rules(ILLEGAL) == [(7, ILLEGAL)] and {each["host"] for each in result.findings
                                                           if each["session"]} == {"HOST-A"},
              "a computer in several letter cases is one", str(result))


def own_order(*pairs, **more):
    """Records of the session manager with these EventRecordIDs: (own, id, session). Times follow them."""
    return [Event(event, session, own=own, **{"second": own, **more}) for own, event, session in pairs]


FILLER = [Event(99, channel="Application", own=1 + at) for at in range(2000)]  # several chunks


def check_reordered(report, command, folder):
    """Within a channel the EventRecordIDs order the records, wherever the file has them."""
    system = [Event(12, own=900), Event(7001, 1, own=901)]
    legal = own_order((100, 32, None), (101, 21, 1), (102, 24, 1), (103, 23, 1), (104, 21, 1))
    for name, order in (("two swapped", (0, 1, 3, 2, 4)), ("the first comes last", (1, 2, 3, 4, 0)),
                        ("newest first", (4, 3, 2, 1, 0))):
        result = check(command, folder, system + [legal[at] for at in order])
        report.ok(result.findings == [] and result.status == 0 and result.summary["events"] == 5 and
                  result.sessions["undetermined"] == 0, f"{name}: legal in the channel's order, and nothing is said",
                  str(result))
        result = check(command, folder, system + [each for at in order for each in (legal[at], *FILLER[:700])])
        report.ok(result.status == 0 and result.summary["events"] == 5, f"{name}, chunks apart", str(result))
        for event in legal:
            event.second = None
        result = check(command, folder, system + [legal[at] for at in order])
        report.ok({rule for _, rule in result.rules()} == {"time-reversed"} and result.status == 0,
                  f"{name}, with times of the wrong order: they are noted, and do not count", str(result))
        for event in legal:
            event.second = event.own
    broken = own_order((101, 21, 1), (102, 23, 1), (103, 23, 1))
    for order in ((0, 1, 2), (1, 0, 2), (2, 1, 0), (2, 0, 1), (0, 2, 1), (1, 2, 0)):
        events = system + [broken[at] for at in order]
        result = check(command, folder, events)
        place = 3 + order.index(2)
        report.ok(result.rules() == [(place, ILLEGAL)] and result.status == 1,
                  f"{[101 + at for at in order]}: the breach is at 103, wherever that is", str(result))
    filtered = own_order((110, 21, 1), (150, 23, 1), (170, 23, 1))
    result = check(command, folder, system + [filtered[at] for at in (1, 0, 2)])
    report.ok(result.rules(ILLEGAL) == [] and len(result.rules(GAP)) == 1,
              "with holes: one is reported, nothing is illegal", str(result))
    skipped = own_order((101, 21, 1), (103, 40, 1), (102, 24, 1), (105, 24, 1), (104, 40, 1))
    result = check(command, folder, system + skipped)
    report.ok(result.rules() == [(6, ILLEGAL)], "records that mean nothing fill holes", str(result))


def check_not_reordered(report, command, folder):
    """Where the ids do not order the records they are left as they are, and nothing is invented."""
    system = [Event(12, own=900), Event(7001, 1, own=901)]
    once = own_order((101, 21, 1), (102, 24, 1), (103, 25, 1), (104, 24, 1), (105, 23, 1))
    for at, event in enumerate(once):
        event.second = 100 + at
    result = check(command, folder, system + once + once)
    report.ok(result.status == 0 and result.rules(ILLEGAL) == [] and result.summary["events"] == 6 and
              [COPIES in each["message"] for each in result.findings].count(True) == 1,
              "an export that holds the log twice: copies count once", str(result))
    again = own_order((103, 21, 1), (104, 24, 1), (105, 25, 1))
    for at, event in enumerate(again):
        event.second = 700 + at
    result = check(command, folder, system + once + again)
    report.ok(result.status == 0 and result.rules(ILLEGAL) == [] and len(result.rules(GAP)) == 1,
              "a machine that was set back counts again: what follows is unknown", str(result))
    result = check(command, folder, system + once + again + own_order((106, 25, 1), second=800))
    report.ok(result.rules(ILLEGAL) == [(11, ILLEGAL)], "and judged from there on", str(result))
    fresh = own_order((1, 21, 1), (2, 23, 1), (3, 23, 1))
    for at, event in enumerate(fresh):
        event.second = 90000 + at
    result = check(command, folder, system + once + fresh)
    report.ok(result.rules(ILLEGAL) == [(10, ILLEGAL)] and len(result.rules(GAP)) == 1,
              "a machine that was installed again: so is its breach", str(result))


def check_beginnings(report, command, folder):
    """A log that seems to be of one channel, until another one follows."""
    first = lsm(32, (21, 1), (24, 1), own=1)
    rest = [Event(7002, 1, own=1 + at) for at in range(3)]
    result = check(command, folder, first + [Event(6, channel="Application", own=9)] + rest)
    report.ok(result.rules(ILLEGAL) and {each["source"] for each in result.findings
                                         if each["rule"].endswith(ILLEGAL)} == {"winlogon"},
              "EventRecordIDs that agree by chance with those of the file", str(result))
    long = lsm(32, *[(21, 1), (24, 1), (25, 1), (23, 1)] * 60, own=5)
    result = check(command, folder, long + [Event(12, own=1), *lsm((21, 1), (24, 1), own=246)])
    report.ok(result.status == 0, "and after several chunks", str(result))
    exported = lsm(32, (21, 1), own=100) + lsm((24, 1), own=110) + lsm((24, 1), own=111)
    result = check(command, folder, exported)
    report.ok(result.rules(GAP, ILLEGAL) ==
              [(3, GAP), (4, ILLEGAL)], "an export of one channel reports each hole", str(result))
    swapped = own_order((100, 32, None), (101, 21, 1), (103, 23, 1), (102, 24, 1))
    result = check(command, folder, swapped)
    report.ok(result.status == 0 and result.findings == [], "and is put in order", str(result))
    many = [Event(40, 1, own=100 + 3 * at) for at in range(300)] + [Event(21, 1, own=2000)]
    result = check(command, folder, many)
    left_out = [each for each in result.findings if "are left out" in each["message"]]
    report.ok(result.rules(GAP)[0] == (left_out[0]["line"], GAP) == result.rules(GAP)[1] and
              len(result.rules(GAP)) == 257 and left_out[0]["message"].startswith("44 "),
              "holes before the first record of a session: the last 256, and how many there were before, at the first of them",
              str(left_out))


def main():
    command = sys.argv[1]
    report = Tap()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for claims in (check_boots, check_whole_transitions, check_holes, check_reordered,
                       check_not_reordered, check_beginnings, check_breaches,
                       check_random):
            claims(report, command, folder)
    return report.done()


if __name__ == "__main__":
    sys.exit(main())
