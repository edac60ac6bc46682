#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Logs that are newest first: found before anything is judged, and read from their end on demand. A clock that was set
back is no such log. Argument: the command. Prints TAP.
"""

import random
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, Command, places
from shared.folder import Folder
from shared.table import allowed, step
from shared.tap import Tap

NEWEST, ILLEGAL, REVERSED = "trace/newest-first", "session/illegal-transition", "trace/time-reversed"
LIFE = ("Created", "Connected", "Logon", "Disconnected", "Terminated")


def trace(records, form="logfmt"):
    """Records as (minute, host, session, event)."""
    if form == "csv":
        return "time,host,session,event\n" + "".join(f"{when(m)},{h},{s},{e}\n" for m, h, s, e in records)
    if form == "ndjson":
        return "".join(f'{{"time":"{when(m)}","host":"{h}","session":{s},"event":"{e}"}}\n' for m, h, s, e in records)
    if form == "debugview":
        return "".join(f"1\t0.1\tflt: sessionlint: time={when(m)} host={h} session={s} event={e}\n" for m, h, s, e in records)
    return "".join(f"time={when(m)} host={h} session={s} event={e}\n" for m, h, s, e in records)


def when(minute):
    return f"2026-03-{1 + minute // 1440:02}T{minute // 60 % 24:02}:{minute % 60:02}:00Z"


def lives(count, host="a", seed=0):
    """Records of legal lives in the order of time."""
    chance, states = random.Random(seed), {}
    for minute in range(count):
        session = chance.randrange(4)
        event = chance.choice(allowed(states.get(session, "Initialized")))
        states[session] = step(states.get(session, "Initialized"), event)
        yield (minute, host, session, event)


def is_newest(result):
    """One finding, of this rule, and nothing made from the wrong order."""
    return result.status == STATUS_FAILED and [finding["rule"] for finding in result.findings] == [NEWEST] \
        and "--reverse" in result.findings[0]["message"] and result.summary["events"] == 0


def check_long(tap, command):
    for form in ("logfmt", "ndjson", "csv", "debugview"):
        for count in (6, 300, 20_000):
            records = list(lives(count))
            back = records[::-1]
            result = command.check(trace(back, form))
            tap.ok(is_newest(result), f"{form}, {count} records: one finding, status 2", result)
            forward = command.check(trace(records, form))
            turned = command.check(trace(back, form), "--reverse")
            lines = count + 1 + 2 * (form == "csv")
            want = [(lines - finding["line"], finding["rule"]) for finding in forward.findings]
            tap.ok(sorted(places(turned.findings)) == sorted(want) and turned.status == forward.status,
                   f"{form}, {count} records: --reverse says of each line what is said of it in order",
                   sorted(want)[:9], sorted(places(turned.findings))[:9], turned.error)
            again = command.check(trace(records, form), "--reverse")
            tap.ok(again.status == STATUS_FAILED and places(again.findings, NEWEST) and len(again.findings) == 1
                   and "remove --reverse" in again.findings[0]["message"], f"{form}, {count} records: --reverse of the right order",
                   again)


def check_short(tap, command):
    """Few records: the model tells a clock that was set back from the other order."""
    for count in (2, 3, 4, 5):
        events = LIFE[:count]
        # as it is, no run of the model explains it; from its end, one does
        back = [(count - i, "a", 1, event) for i, event in enumerate(events[::-1])]
        result = command.check(trace(back))
        tap.ok(is_newest(result), f"{count} records, newest first", result)
        tap.ok(command.check(trace(back), "--reverse").status == STATUS_CLEAN, f"{count} records, read from the end")
        if count > 3:
            continue
        clock = [(count - i, "a", 1, event) for i, event in enumerate(events)]
        result = command.check(trace(clock))
        tap.ok(result.status == STATUS_CLEAN and len(places(result.findings, REVERSED)) == count - 1
               and not places(result.findings, NEWEST), f"{count} records that the model explains: the clock was set back", result)
        bad = [(count - i, "a", 1, event) for i, event in enumerate(("Logon", "Logon", "Logoff")[:count])]
        result = command.check(trace(bad))
        tap.ok(places(result.findings, ILLEGAL) and not places(result.findings, NEWEST), f"{count} records that neither order explains",
               result)
    result = command.check(trace([(9, "a", 1, "Created")]))
    tap.ok(not places(result.findings, NEWEST), "one record has no direction", result)


def check_clock(tap, command):
    """A clock that is set back, once or again, in a log that goes on."""
    for at in (0, 1, 2, 5, 100):
        for back in (1, 30, 5000):
            records = [(minute + (6000 if i < at else 6000 - back), *rest) for i, (minute, *rest) in enumerate(lives(200))]
            result = command.check(trace(records))
            tap.ok(result.status == STATUS_CLEAN and not places(result.findings, NEWEST),
                   f"the clock is set back by {back} minutes after {at} records", result)
    records = [(9000 - 40 * (i // 4) + i % 4, *rest) for i, (_, *rest) in enumerate(lives(400))]
    result = command.check(trace(records))
    tap.ok(result.status == STATUS_CLEAN and not places(result.findings, NEWEST), "set back again and again, and forward between", result)


def check_equal(tap, command):
    """Records of one time, and logs whose times are coarse."""
    back = list(lives(200))[::-1]
    for size in (2, 7, 40):
        result = command.check(trace([(minute // size, *rest) for minute, *rest in back]))
        tap.ok(is_newest(result), f"{size} records of each time: newest first", result)
    flat = list(lives(200))
    result = command.check(trace([(7, *rest) for _, *rest in flat]))
    tap.ok(result.status == STATUS_CLEAN and not places(result.findings, NEWEST), "all of one time: as they are", result)


def check_keys(tap, command):
    back = list(lives(40))[::-1]
    text = trace(back)
    numbered = "".join(f"seq={len(back) - i} {line}\n" for i, line in enumerate(text.splitlines()))
    result = command.check(numbered)
    tap.ok(result.status == STATUS_CLEAN and not places(result.findings, NEWEST), "seq decides the order", result)
    for first in ("session=9 event=Created\n", "marker=boot\n"):
        result = command.check(first + text)
        tap.ok(not places(result.findings, NEWEST), f"{first.strip()}: a first record without a time", result)
    result = command.check("what=is this\n" + text)
    tap.ok([finding["rule"] for finding in result.findings] == [NEWEST], "a bad first line has no direction", result)
    result = command.check(text, "--rule=newest-first=off")
    tap.ok(places(result.findings, ILLEGAL) and not places(result.findings, NEWEST), "the rule is off: judged as it is", result)
    result = command.check(text, "--rule=newest-first=note")
    tap.ok(result.status == STATUS_FAILED and len(result.findings) == 1, "as a note: still not judged, and status 2", result)


def check_hosts(tap, command):
    """Each host has a clock of its own."""
    hosts = [list(lives(40, host, seed)) for seed, host in enumerate("abc")]
    blocks = [record for host in hosts for record in host[::-1]]
    result = command.check(trace(blocks))
    tap.ok(is_newest(result), "several hosts, newest first each", result)
    merged = sorted((record for host in hosts for record in host), key=lambda record: -record[0])
    tap.ok(is_newest(command.check(trace(merged))), "several hosts merged, newest first")
    apart = [(minute + 9000 * (3 - number), *rest) for number, host in enumerate(hosts) for minute, *rest in host]
    result = command.check(trace(apart))
    tap.ok(result.status == STATUS_CLEAN and not places(result.findings, NEWEST), "a host after the other, each older than the last", result)
    single = [(900 - number, f"h{number}", 1, "Created") for number in range(100)]
    result = command.check(trace(single))
    tap.ok(result.status == STATUS_CLEAN and not places(result.findings, NEWEST), "a record of each of 100 hosts", result)


def check_commands(tap, command):
    """All commands that read logs."""
    with Folder() as folder:
        folder.file("back.csv", trace(list(lives(40))[::-1], "csv"))
        for words in (["check", "-q"], ["coverage"], ["timeline"], ["diagram", "--trace"], ["baseline", "write", "--reason=x", "--baseline=b"],
                      ["diff", "published", "observed", "--traces"]):
            result = command.run(*words, "back.csv", cwd=folder.path)
            tap.ok(result.status == STATUS_FAILED and "back.csv: the times run backward" in result.error, f"{words[0]} says so", result)
            turned = command.run(*words[:1], "--reverse", *words[1:], "back.csv", cwd=folder.path)
            if words[0] in ("check", "coverage", "timeline", "diagram"):
                tap.ok(turned.status == STATUS_CLEAN, f"{words[0]} --reverse", turned)
        folder.file(".sessionlint", "reverse = true\n")
        result = command.run("check", "-q", "back.csv", cwd=folder.path)
        tap.ok(result.status == STATUS_CLEAN, "reverse in the configuration", result)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    for check in (check_long, check_short, check_clock, check_equal, check_keys, check_hosts, check_commands):
        check(tap, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
