#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The driver's contract, call by call and notification by notification: every combination of arguments and answers
that the pages of wdm.h tell apart, judged by tables of its own. Argument: the command. Prints TAP.

Read from "IoRegisterContainerNotification function", "IoUnregisterContainerNotification function",
"IoGetContainerInformation function", "IO_SESSION_STATE_NOTIFICATION structure", "IO_SESSION_CONNECT_INFO structure",
"IO_SESSION_STATE_INFORMATION structure" and "IO_SESSION_NOTIFICATION_FUNCTION callback function".
"""

import itertools
import sys

from shared.command import Command, places
from shared.driver_calls import CALL_GET, CALL_REGISTER, CALL_UNREGISTER, PARAMETER, SUCCESS, register_rules
from shared.table import EVENTS, STATES
from shared.tap import Tap

STATUSES = {
    "STATUS_SUCCESS": 0,
    "STATUS_PENDING": 0x103,
    "STATUS_UNSUCCESSFUL": 0xC0000001,
    "STATUS_ALREADY_COMMITTED": 0xC0000021,
    "STATUS_INSUFFICIENT_RESOURCES": 0xC000009A,
    "STATUS_INVALID_PARAMETER_1": 0xC00000EF,
    "STATUS_INVALID_PARAMETER_2": 0xC00000F0,
    "STATUS_INVALID_PARAMETER_3": 0xC00000F1,
    "STATUS_INVALID_PARAMETER_4": 0xC00000F2,
}

# sizeof(IO_SESSION_STATE_NOTIFICATION) by the size of a pointer
SIZEOF = {8: 32, 4: 20}
SIZEOF_STATE_INFORMATION = 12
SIZEOF_CONNECT_INFO = 8
MAX_PAYLOAD_SIZE = 256


class Trace:
    """The lines of a trace, and the findings that it must have: (line, rule)."""

    def __init__(self):
        self.lines, self.expected, self.cases = [], [], 0

    def add(self, rules, **pairs):
        self.lines.append(" ".join(f"{key}={value}" for key, value in pairs.items() if value is not None))
        self.expected += [(len(self.lines), rule) for rule in rules]

    def claim(self, tap, command, name, *options):
        """Claims that the findings are those; shows the first that are not."""
        result = command.check("\n".join(self.lines) + "\n", "--rule=unfinished=off", *options)
        said, expected = sorted(places(result.findings)), sorted(self.expected)
        wrong = sorted(set(said) ^ set(expected))
        tap.ok(said == expected, f"{name}: {self.cases} cases, {len(expected)} findings",
               *(f"{'too much' if place in said else 'lacking'}: {place[1]}: {self.lines[place[0] - 1]}"
                 for place in wrong[:8]), f"{len(said)} findings")


def spelt(name, number):
    """A status in one of the ways in which debuggers and logs write it."""
    value = STATUSES[name]
    signed = value - (1 << 32) if value >> 31 else value
    return (name, f"0x{value:08X}", f"0x{value:x}", str(value), str(signed))[number % 5]


MASKS = ("0x1", "0x3f", "0xffffffff", "logon,logoff", "0", "0x40", "0x7f", "0xfffffffe")


def check_register(tap, command, pointer):
    size_of, other = SIZEOF[pointer], SIZEOF[12 - pointer]
    trace = Trace()
    for values in itertools.product((None, "IoSessionStateNotification", "1"), ("disk", "NULL"),
                                    (None, size_of, other), (None, size_of, other), (None, "0", "0x80000000"), MASKS,
                                    STATUSES, (False, True)):
        given = dict(zip(("class", "io", "size", "length", "flags", "mask"), values))
        status, registered = values[6:]
        trace.cases += 1
        # a driver of its own, so that no case knows of another
        names = {"driver": f"d{trace.cases}"}
        before = given | {"class": None, "size": None, "length": None, "flags": None, "mask": "all"}
        if registered:
            trace.add(register_rules(size_of, SUCCESS, False, **before), call=CALL_REGISTER, registration="first",
                      status=0, **before, **names)
        trace.add(register_rules(size_of, status, registered, **given), call=CALL_REGISTER,
                  status=spelt(status, trace.cases), registration="second" if status == SUCCESS else None,
                  **given, **names)
        for made, name in ((registered, "first"), (status == SUCCESS, "second")):
            if made:
                trace.add([], call=CALL_UNREGISTER, registration=name, **names)
        # and whatever was registered is not any more
        trace.add(["registration/unknown"], call=CALL_UNREGISTER, registration="first", **names)
    trace.claim(tap, command, f"{CALL_REGISTER}, {pointer} bytes a pointer", f"--pointer-size={pointer}")
    if pointer == 8:
        trace.claim(tap, command, f"{CALL_REGISTER}, by default")


def check_get(tap, command):
    trace = Trace()
    for given_class, given_object, length, status in itertools.product(
            (None, "0", "IoSessionStateInformation", "1", "0xffffffff"), (None, "0xffffe00112345678", "NULL", "0"),
            (None, "0", "11", "12", "13", "0x100"), STATUSES):
        rules, answers = [], set()
        for wrong, answer in ((given_class in ("1", "0xffffffff"), "1"), (given_object in ("NULL", "0"), "2"),
                              (length is not None and int(length, 0) < SIZEOF_STATE_INFORMATION, "4")):
            if wrong:
                rules.append("registration/bad-argument")
                answers.add(PARAMETER + answer)
        if status not in (answers or {SUCCESS}):
            rules.append("registration/bad-status")
        trace.cases += 1
        trace.add(rules, call=CALL_GET, session_object=given_object, length=length,
                  status=spelt(status, trace.cases), session=("4" if trace.cases % 2 else None),
                  **{"class": given_class})
    trace.claim(tap, command, CALL_GET)
    trace.claim(tap, command, f"{CALL_GET}: the size of a pointer is no matter", "--pointer-size=4")


def check_unregister(tap, command):
    trace = Trace()
    live = False
    for register, value, status in itertools.product((True, False), ("r", "0xR", "NULL", "0x0000", "other"),
                                                     (None, *STATUSES)):
        trace.cases += 1
        if register and not live:
            trace.add([], call=CALL_REGISTER, io="disk", mask="all", registration="R", status=0)
        live |= register
        malformed = ["trace/malformed"] if status else []
        known = live and value in ("r", "0xR")
        rules = malformed or ([] if known else ["registration/unknown"])
        # what cannot be read makes all unknown: hence a boot
        trace.add(rules, call=CALL_UNREGISTER, registration=value, status=status)
        if known and not malformed:
            live = False
        if malformed:
            trace.add([], marker="boot")
            live = False
    if live:
        trace.add([], call=CALL_UNREGISTER, registration="r")
    trace.claim(tap, command, CALL_UNREGISTER)


def payload_rules(kind, event, session, local, length):
    """What has to be said of the payload of a notification, or of an event, of session 4."""
    rules = []
    size = SIZEOF_CONNECT_INFO if length is None else int(length)
    if size > MAX_PAYLOAD_SIZE:
        rules.append("notification/payload-length")
    elif event == "Connected" and (size == 0 or kind == "notify" and session is None and size >= SIZEOF_CONNECT_INFO):
        rules.append("notification/payload-missing")
    elif 0 < size < SIZEOF_CONNECT_INFO:
        rules.append("notification/payload-length")
    if session not in (None, "same"):
        rules.append("notification/payload-session")
    if local is not None and event in ("Created", "Terminated", "Disconnected"):
        rules.append("notification/invalid-local")
    return rules


def check_payloads(tap, command, kind, options):
    trace = Trace()
    trace.add([], call=CALL_REGISTER, io="disk", registration="r", mask="all", status=0)
    for event, session, local, length in itertools.product(
            EVENTS, (None, "same", "0", "4294967295"), (None, "0", "1", "true", "false"),
            (None, "0", "1", "7", "8", "9", "255", "256", "257", "4294967295")):
        trace.cases += 1
        trace.add(payload_rules(kind, event, session, local, length), session=trace.cases,
                  payload_session=trace.cases if session == "same" else session, payload_local=local,
                  payload_length=length, **{kind: event}, **({"io": "disk"} if kind == "notify" else {}))
    # events that no driver is told of are missed: that is for another test
    trace.lines.append("marker=gap")
    trace.expected.append((len(trace.lines), "trace/gap"))
    trace.claim(tap, command, f"the payload of {kind}", "--rule=missed=off", *options)


def selects(mask, event):
    return mask == 0xFFFFFFFF or event != "Ignore" and bool(mask >> EVENTS.index(event) & 1)


def check_masks(tap, command):
    """Each of the 64 masks, and all events, by each event: with and without a session of its own."""
    trace = Trace()
    for mask in (*range(1, 64), 0xFFFFFFFF):
        names = {"driver": f"d{mask}", "io": "disk"}
        trace.add([], call=CALL_REGISTER, registration="r", mask=mask, status=0, **names)
        for event in ("Ignore", *EVENTS):
            trace.cases += 1
            trace.add([] if selects(mask, event) else ["notification/masked"], notify=event, session=trace.cases,
                      payload_session=trace.cases, **names)
        trace.add([], call=CALL_UNREGISTER, registration="r", driver=names["driver"])
    trace.claim(tap, command, "each EventMask and each event")


def check_sessions(tap, command):
    """A per-session device object is told of its own session alone."""
    trace = Trace()
    for device, session, registered in itertools.product((None, "0", "1", "2", "0x2", "4294967295"),
                                                         ("0", "1", "2", "4294967295"), (True, False)):
        trace.cases += 1
        names = {"driver": f"d{trace.cases}", "io": "disk"}
        foreign = device not in (None, "0") and int(device, 0) != int(session)
        rules = ["notification/foreign-session"] if foreign and registered else []
        trace.add([], object="created", device_session=device, **names)
        if registered:
            trace.add([], call=CALL_REGISTER, registration="r", mask="all", status=0, **names)
        trace.add(rules if registered else ["notification/unregistered"], notify="Ignore", session=session, **names)
        if registered:
            trace.add([], call=CALL_UNREGISTER, registration="r", driver=names["driver"])
    trace.claim(tap, command, "each session and each device")


# Spellings of one value, in groups: what is in one group is the same, what is not is another.
HANDLES = (("0xffffe00112345678", "FFFFE001`12345678", "0XFFFFE00112345678", "ffffe001`12345678"),
           ("0xffffe00112345679",), ("0x1", "1", "0x0001", "00000000`00000001"), ("0x10", "10"),
           ("NULL", "null", "0", "0x0", "00000000`00000000", "(nil)"), ("disk", "DISK", "Disk"), ("disk0",), ("0disk",),
           (r"\Device\Disk",))


def check_handles(tap, command):
    """Each spelling of a context, a registration and an object against each other one."""
    groups = {name: number for number, group in enumerate(HANDLES) for name in group}
    trace = Trace()
    for one, other in itertools.product(groups, groups):
        trace.cases += 1
        names, same = {"driver": f"d{trace.cases}"}, groups[one] == groups[other]
        trace.add([], call=CALL_REGISTER, io="a", registration=f"r{one}", context=one, mask="all", status=0, **names)
        trace.add([] if same else ["notification/wrong-context"], notify="Ignore", session=1, io="A", context=other,
                  **names)
        trace.add([], notify="Ignore", session=1, io="A", **names)
        trace.add([], call=CALL_UNREGISTER, registration=f"r{one}", **names)
        null = groups[one] == groups["NULL"]
        trace.add(["registration/bad-argument", "registration/bad-status"] if null else [], call=CALL_REGISTER, io=one,
                  registration="b", mask="all", status=0, **names)
        trace.add([] if same else ["notification/unregistered"], notify="Ignore", session=1, io=other, **names)
        trace.add([], notify="Ignore", session=1, io=one, context=other, **names)
        trace.add([], call=CALL_UNREGISTER, registration="0xB", **names)
        trace.add(["registration/bad-status"] if null else [], call=CALL_REGISTER, io="a", registration=one, mask="all",
                  status=0, **names)
        trace.add([] if same else ["registration/unknown"], call=CALL_UNREGISTER, registration=other, **names)
        if not same:
            trace.add([], call=CALL_UNREGISTER, registration=one, **names)
    trace.claim(tap, command, "each spelling of an address or a name")


def check_unseen(tap, command):
    """One is told of an event whose registration is older than the trace: others have been told of it, or will be."""
    trace = Trace()
    for unseen, masks in itertools.product(("before", "between", "behind"), (("all", "all"), ("all", "logon"))):
        trace.cases += 1
        names = {"host": f"h{trace.cases}"}
        for io, mask in zip("AB", masks):
            trace.add([], object="created", io=io, **names)
            trace.add([], call=CALL_REGISTER, io=io, registration=f"r{io}", mask=mask, status=0, **names)
        for event in ("Created", "Connected", "Logon", "Logoff", "Terminated", "Created", "Terminated"):
            told = [io for io, mask in zip("AB", masks) if mask in ("all", event.lower())]
            at = {"before": 0, "between": 1, "behind": len(told)}[unseen]
            for io in told[:at] + ["old", "older"] + told[at:]:
                trace.add([], notify=event, session=1, io=io, payload_session=1, **names)
        # without a Created before it
        trace.add(["session/illegal-transition"], notify="Logon", session=1, io="A", **names)
        for io in "AB":
            trace.add([], call=CALL_UNREGISTER, registration=f"r{io}", **names)
    trace.claim(tap, command, "what objects are told that the trace does not show", "--start=unknown")


def check_answers(tap, command):
    """What the callback returns."""
    trace = Trace()
    trace.add([], call=CALL_REGISTER, io="disk", registration="r", mask="all", status=0)
    for event, status in itertools.product(("Ignore", *EVENTS), (None, *STATUSES)):
        for spelling in range(5 if status else 1):
            trace.cases += 1
            trace.add(["notification/failed"] if status not in (None, SUCCESS) else [], notify=event, io="disk",
                      session=trace.cases, payload_session=trace.cases,
                      status=spelt(status, spelling) if status else None)
    trace.add([], call=CALL_UNREGISTER, registration="r")
    trace.claim(tap, command, "what the callback returns")


def check_samples(tap, command):
    """LocalSession in each state."""
    trace = Trace()
    for state, local in itertools.product(STATES, (None, "true", "false", "1", "0")):
        trace.cases += 1
        valid = state in ("Connected", "LoggedOn", "LoggedOff")
        trace.add([] if valid or local is None else ["notification/invalid-local"], state=state, local=local,
                  session=trace.cases)
    trace.claim(tap, command, "LocalSession in each state", "--start=unknown")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    for pointer in SIZEOF:
        check_register(tap, command, pointer)
    check_get(tap, command)
    check_unregister(tap, command)
    check_payloads(tap, command, "notify", [])
    check_payloads(tap, command, "event", ["--start=unknown"])
    check_masks(tap, command)
    check_sessions(tap, command)
    check_handles(tap, command)
    check_unseen(tap, command)
    check_answers(tap, command)
    check_samples(tap, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
