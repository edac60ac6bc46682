#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What only shows with many of a thing: more registrations than bits in a word, events that wait to be told, records in a row,
and lines that cannot be read. Arguments: the command, trace_to_evtx. Prints TAP.
"""

import subprocess
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS, Command
from shared.folder import Folder
from shared.tap import Tap

ILLEGAL = "session/illegal-transition"
MISSED, UNEXPECTED, LEAKED = "notification/missed", "notification/unexpected", "registration/leaked"
# How many events of a session wait until its registrations are told; more than that are dropped.
WAIT_MOST = 64


class Trace:
    """A trace of one driver, whose registrations are told of all events."""

    def __init__(self):
        self.lines, self.made = [], 0

    def add(self, line):
        self.lines.append(line)
        return len(self.lines)

    def register(self, count):
        """Registers as many objects more."""
        for number in range(self.made, self.made + count):
            self.add(f"driver=d call=IoRegisterContainerNotification io=O{number} mask=all status=0 registration=R{number}")
        self.made += count
        # a call of the driver: those before it are over
        self.add("driver=d object=created io=last")

    def unregister(self, numbers):
        for number in numbers:
            self.add(f"driver=d call=IoUnregisterContainerNotification registration=R{number}")

    def happen(self, event, session=1):
        return self.add(f"session={session} event={event}")

    def tell(self, event, numbers, session=1):
        payload = f" payload_session={session} payload_length=8" if event == "Connected" else ""
        line = None
        for number in numbers:
            line = self.add(f"driver=d notify={event} io=O{number} session={session}{payload}")
        return line

    def live(self, event, numbers):
        """An event of which these are told."""
        line = self.happen(event)
        self.tell(event, numbers)
        return line

    def go_on(self, count):
        """So many events of which nobody is told."""
        for at in range(count):
            self.happen(("Created", "Terminated")[at % 2])

    def number(self):
        """Numbers all records."""
        self.lines = [f"seq={number} {line}" for number, line in enumerate(self.lines, 1)]


class Check:
    """Checks traces, and says what was found in them."""

    def __init__(self, tap, command, folder):
        self.tap, self.command, self.path = tap, command, folder / "a.trace"

    def __call__(self, trace, found, claim, *, status=None, sessions=None, leaves=(LEAKED,)):
        """Claims that this is found, as (line, rule, object): all but what is in @leaves."""
        self.path.write_text("\n".join(trace.lines) + "\n", encoding="utf-8")
        result = self.command.run("check", "-q", "--format=json", "--notes=all", str(self.path))
        seen = [(each["line"], each["rule"], each.get("io")) for each in result.findings if each["rule"] not in leaves]
        self.tap.same(seen, found, claim)
        status = (STATUS_FINDINGS if found else STATUS_CLEAN) if status is None else status
        self.tap.same(result.status, status, f"{claim}: status {status}")
        if sessions is not None:
            self.tap.same(result.summary["sessions"]["conforming"], sessions, f"{claim}: so many sessions conform")
        return result


def check_words(check):
    """One of many is not told of an event, and then of the next one."""
    for one in (0, 63, 64, 65, 127, 128, 129):
        trace = Trace()
        trace.register(130)
        everybody = range(130)
        rest = [number for number in everybody if number != one]
        trace.live("Created", everybody)
        missed = trace.live("Connected", [])
        trace.happen("Disconnected")
        # before the others are told of either
        trace.tell("Disconnected", [one])
        trace.tell("Connected", rest)
        trace.tell("Disconnected", rest)
        trace.live("Terminated", everybody)
        trace.unregister(everybody)
        check(trace, [(missed, MISSED, f"O{one}")], f"registration {one} of 130 misses an event", sessions=1)


def check_later(check):
    """Those that register after an event need not be told of it, whoever had their number before."""
    trace = Trace()
    trace.register(70)
    missed = trace.live("Created", range(69))
    trace.unregister([5])
    trace.register(61)
    trace.live("Terminated", [number for number in range(131) if number != 5])
    trace.unregister(number for number in range(131) if number != 5)
    check(trace, [(missed, MISSED, "O69")], "one that was there misses an event, those that came later do not", sessions=1)
    trace = Trace()
    trace.register(128)
    missed = trace.happen("Created")
    trace.register(1)
    trace.live("Terminated", [128])
    trace.add("marker=end")
    result = check(trace, [], "one that came later is told of the next event: it excuses none of the others", status=STATUS_FINDINGS,
                   leaves=(LEAKED, MISSED))
    told = [(each["line"], each["message"].partition(" ")[0]) for each in result.findings if each["rule"] == MISSED and not each.get("io")]
    check.tap.same(told, [(missed, "112"), (missed + 3, "112")], "and the first sixteen are named, the others counted")


def check_lagging(check):
    """One is not told of more events than may wait: from then on it is not known what it has been told."""
    for quiet, count in ((1, 3), (0, 3), (66, 70)):
        others = [number for number in range(count) if number != quiet]
        trace = Trace()
        trace.register(count)
        for _ in range(WAIT_MOST):
            trace.live("Created", others)
            trace.live("Terminated", others)
        missed = trace.live("Created", others[1:])
        surplus = trace.tell("Logon", others[1:2])
        trace.tell("Disconnected", [quiet])
        trace.add("marker=end")
        check(trace, [(surplus, UNEXPECTED, f"O{others[1]}"), (missed, MISSED, f"O{others[0]}")],
              f"registration {quiet} of {count} lags, and the others do not", sessions=WAIT_MOST + 1, leaves=(LEAKED, "session/unfinished"))


def check_all_lag(check):
    """No registration is told of anything: all of them lag, also one that takes the number of another."""
    for events in (WAIT_MOST + 1, 2 * WAIT_MOST):
        trace = Trace()
        trace.register(130)
        trace.go_on(events)
        trace.tell("Logon", [64, 100, 129])
        trace.add("marker=end")
        check(trace, [], f"130 registrations are not told of {events} events", status=STATUS_FINDINGS, leaves=(LEAKED, MISSED, "session/unfinished"))
    for count in (65, 66, 130):
        trace = Trace()
        trace.register(count)
        trace.go_on(2 * WAIT_MOST)
        trace.unregister([64])
        trace.register(1)
        trace.go_on(2 * WAIT_MOST)
        trace.tell("Logon", [count])
        trace.add("marker=end")
        check(trace, [], f"nor is one more, after another of {count}", status=STATUS_FINDINGS, leaves=(LEAKED, MISSED))


def run(trace, count, first=100):
    """Records of sessions that conform."""
    for session in range(first, first + count):
        trace.happen("Created", session)
        trace.happen("Terminated", session)


def check_runs(check):
    """Lines that cannot be read, within and before long runs of records with numbers."""
    for before, garbage, after in ((50, 1, 10), (50, 900, 300), (0, 700, 150)):
        trace = Trace()
        run(trace, before)
        run(trace, after, 1000)
        trace.number()
        trace.lines[2 * before:2 * before] = ["event=Konnected"] * garbage
        result = check(trace, [], f"{garbage} lines that cannot be read after {2 * before} records, and {2 * after} more", status=STATUS_FAILED,
                       leaves=("trace/malformed", "session/unfinished"))
        check.tap.same(result.summary["unreadable"], garbage, "all of them are counted")
        check.tap.same(result.summary["events"], 2 * (before + after), "and all other records are judged")


def check_counts(check):
    """What comes after a long run of records whose numbers are in order."""
    boots = Trace()
    run(boots, 300)
    boots.number()
    boots.add("seq=601 marker=boot")
    boots.add("seq=1 session=1 event=Created")
    boots.add("seq=2 session=1 event=Terminated")
    check(boots, [], "a boot, with which the count begins again", sessions=301)
    boots.lines[601:] = ["seq=601 marker=boot", "seq=602 session=1 event=Created"]
    result = check(boots, [], "a boot that comes twice", sessions=301, leaves=("trace/gap", "session/unfinished"))
    check.tap.ok("is the same as the one in line 601" in result.text, "it is said to be the same", result)
    for count in (3, 20):
        both = Trace()
        run(both, 300)
        both.happen("Created")
        for session in range(9000, 9000 + count):
            both.add(f"driver=d object=created io=O{session}")
            both.happen("Created", session)
        both.number()
        illegal = both.add(f"seq={len(both.lines) + 2} session=1 event=Logoff")
        both.add(f"seq={illegal + 2} driver=d object=created io=last")
        # the others may have ended in the lost record
        check(both, [(illegal, ILLEGAL, None), (illegal, "session/unfinished", None)],
              f"a driver counts with {count} sessions, and one record is lost, not two", sessions=300, leaves=("trace/gap",))
    apart = Trace()
    run(apart, 300)
    apart.happen("Created", 2)
    apart.lines = [f"host=a {line}" for line in apart.lines]
    apart.number()
    for line in ("marker=boot", "seq=0 host=a driver=d object=created io=O1", "seq=0 host=a session=1 event=Logon"):
        apart.add(line)
    check(apart, [], "after a boot, two counts of a host begin: neither says what the other lacks", sessions=301, leaves=("session/unfinished",))


def check_series(check):
    """A session of which a state was seen begins anew among many records that are alike."""
    trace = Trace()
    trace.add("session=1 state=Terminated")
    run(trace, 3)
    trace.happen("Created")
    run(trace, 40, 1000)
    check.path.write_text("\n".join(trace.lines) + "\n", encoding="utf-8")
    result = check.command.run("check", "-q", "--format=json", "--start=unknown", str(check.path))
    check.tap.same([(each["line"], each["rule"], each["incarnation"]) for each in result.findings], [(8, "session/unfinished", 1)],
                   "a session of which only its end was seen begins in a series: that is its first incarnation")


def check_notes(check, writer):
    """Notes before the first record of a session wait for it; only the last 256 of them are kept."""
    log = check.path.with_suffix(".evtx")
    lines = [f"time=2026-01-02T03:{59 - at // 60:02}:{59 - at % 60:02}Z host=A marker=boot" for at in range(320)]
    lines.append("time=2026-01-02T08:00:00Z host=A source=lsm session=1 event=Logon")
    check.path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    subprocess.run([writer, str(check.path), str(log)], check=True)
    result = check.command.run("check", "-q", "--format=json", "--notes=all", str(log))
    first, second, *rest = result.findings
    check.tap.ok(first["message"].startswith("63 earlier notes on gaps and times are left out"), "it is said how many are left out", first)
    check.tap.same((first["line"], first["offset"]), (second["line"], second["offset"]), "at the place of the first one that is left")
    check.tap.same((second["line"], len(rest)), (65, 256), "the others follow")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        check = Check(tap, command, folder.path)
        check_words(check)
        check_later(check)
        check_lagging(check)
        check_all_lag(check)
        check_runs(check)
        check_counts(check)
        check_series(check)
        check_notes(check, sys.argv[2])
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
