#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--reorder: records without seq that arrive late by at most the duration are judged as if they had arrived in the order
of their times. Each trace is written down twice, in order, and as it arrives; both must be found to be the same. What
is later than that is reported, and no event is called illegal because of it. Argument: the command. Prints TAP.
"""

import random
import re
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, Command
from shared.folder import Folder
from shared.table import EVENTS, RECONNECT, START, step
from shared.tap import Tap

TRACES, WINDOW = 60, 16_384
DURATIONS = {"500ms": 0.5, "10s": 10, "2m": 120, "1h": 3600}


class Record:
    """An event and its time, in milliseconds."""

    def __init__(self, time, host, session, event):
        self.time, self.text = time, f"host={host} session={session} event={event}"

    def __str__(self):
        seconds, millis = divmod(self.time, 1000)
        day, clock = divmod(seconds, 86400)
        return (f"time=2026-03-{2 + day:02}T{clock // 3600:02}:{clock // 60 % 60:02}:{clock % 60:02}.{millis:03}Z "
                f"{self.text}")


def life(source, count, gap, breaches):
    states, records, time = {}, [], 0
    hosts = source.choice((("a",), ("a", "b", "c")))
    for _ in range(count):
        # no two at one time: those have no order but that of their arrival
        time += source.randrange(1, gap)
        host, session = source.choice(hosts), source.randrange(4)
        state = states.get((host, session), START)
        legal = [event for event in EVENTS if step(state, event)]
        event = source.choice(EVENTS if source.random() < breaches else legal)
        states[host, session] = step(state, event) or state
        records.append(Record(time, host, session, event))
    return records


def text_of(records):
    return "".join(f"{record}\n" for record in records)


def bare(findings, records, order):
    """The findings as what they say of which record."""
    def message(finding):
        return re.sub(r"(?<=before line )\d+", lambda line: f"record {order[id(records[int(line[0]) - 1])]}", finding["message"])

    return sorted((order[id(records[finding["line"] - 1])], finding["rule"], message(finding), finding["cascade"],
                   tuple((order[id(records[past["line"] - 1])], past["event"]) for past in finding.get("history", [])))
                  for finding in findings)


def test_within(tap, command, seed):
    source = random.Random(seed)
    name = source.choice(sorted(DURATIONS))
    limit = int(DURATIONS[name] * 1000)
    records = life(source, source.randrange(20, 400), source.choice((10, 400, 4000)), source.choice((0, 0.05)))
    delays = {id(record): source.randrange(limit) for record in records}
    arrived = sorted(records, key=lambda record: record.time + delays[id(record)])
    order = {id(record): at for at, record in enumerate(records)}
    expected = bare(command.check(text_of(records)).findings, records, order)
    got = bare(command.check(text_of(arrived), f"--reorder={name}").findings, arrived, order)
    moved = sum(one is not other for one, other in zip(records, arrived))
    tap.ok(got == expected, f"{seed}: {moved} of {len(records)} records out of order, late by less than {name}",
           f"missing {[one for one in expected if one not in got][:3]}",
           f"too many {[one for one in got if one not in expected][:3]}", text_of(arrived)[:3000])


def late_lines(arrived, limit):
    """The lines of the records that are older than one of their host that has waited long enough before them."""
    held, latest, passed, lines = {}, {}, {}, []
    for line, record in enumerate(arrived, 1):
        host = record.text.split()[0]
        if record.time < passed.get(host, 0):
            lines.append(line)
            continue
        latest[host] = max(latest.get(host, 0), record.time)
        held.setdefault(host, []).append(record.time)
        done = [time for time in held[host] if latest[host] - time >= limit]
        held[host] = [time for time in held[host] if time not in done]
        passed[host] = max([passed.get(host, 0), *done])
    return lines


def test_late(tap, command, seed):
    """Records that come later than what is waited for are reported, each of them, and are never illegal themselves."""
    source = random.Random(f"late {seed}")
    records = life(source, 300, 4000, 0)
    delays = {id(record): source.randrange(60_000) if source.random() < 0.05 else 0 for record in records}
    arrived = sorted(records, key=lambda record: record.time + delays[id(record)])
    findings = command.check(text_of(arrived), "--reorder=5s").findings
    late = late_lines(arrived, 5000)
    found = sorted(finding["line"] for finding in findings if finding["rule"] == "trace/late")
    illegal = {finding["line"] for finding in findings if finding["rule"] == "session/illegal-transition"}
    tap.same((found, illegal & set(late)), (late, set()), f"{seed}: {len(late)} records that are too late")


def test_bounds(tap, command):
    """No more wait than the window holds, and none of them for ever."""
    late = Record(0, "a", 1, "Created")
    others = [Record(at + 1, "a", 2, "Ignore") for at in range(WINDOW + 1)]
    for count, rules in ((WINDOW, set()), (WINDOW + 1, {"trace/late"})):
        result = command.check(text_of([*others[:count], late]), "--reorder=1h", "--rule=unfinished=off",
                               "--rule=time-reversed=off")
        tap.same({finding["rule"] for finding in result.findings}, rules, f"a record {count} records late")
    back = [Record(3_600_000 + at * 1000, "a", 1, "Ignore") for at in range(4)]
    back += [Record(at * 1000, "a", 1, "Ignore") for at in range(100)]
    found = [finding for finding in command.check(text_of(back), "--reorder=1s").findings
             if finding["rule"] == "trace/late"]
    tap.same(len(found), 15, "a clock that is set back is followed after some records")


def test_said(tap, command):
    """Without the option, a finding says where its event and the one before it would be legal in the other order."""
    before = [("Created",), ("Created", "Connected"), ("Created", "Connected", "Logon")]
    pairs = said = 0
    wrong = []
    for events in before:
        start = START
        for event in events:
            start = step(start, event)
        for first in EVENTS:
            for second in EVENTS:
                state = step(start, first)
                if state is None or step(state, second) is not None or (state, second) == RECONNECT:
                    continue
                other = step(start, second)
                expected = len(events) + 1 if other and step(other, first) else None
                lines = [f"session=1 event={event}" for event in (*events, first, second)]
                for text, want in (("".join(f"{line}\n" for line in lines), expected),
                                   ("".join(f"seq={at} {line}\n" for at, line in enumerate(lines, 1)), None)):
                    found = [finding for finding in command.check(text).findings if finding["line"] == len(lines)
                             and finding["rule"] == "session/illegal-transition"]
                    pairs += 1
                    said += want is not None
                    if len(found) != 1 or found[0].get("legal_before") != want:
                        wrong.append((lines, want, found))
    tap.ok(said and not wrong, f"{pairs} illegal events, of which {said} would be legal one earlier", *wrong[:3])
    trace = b"session=1 event=Created\nsession=1 event=Terminated\nsession=1 event=Connected\n"
    result = command.run("check", "--quiet", "-", input=trace)
    tap.ok("; legal if it came before line 2 [" in result.text, "as text", result)


def test_elsewhere(tap, command):
    """Records with seq are in the order of that; an option that is none is refused."""
    trace = "".join(f"seq={at} time=2026-03-02T10:00:{60 - at:02}Z session=1 event={event}\n"
                    for at, event in enumerate(("Created", "Connected", "Logon", "Logoff"), 1))
    result = command.check(trace, "--reorder=1s", "--rule=unfinished=off", "--rule=time-reversed=off")
    tap.same((result.status, result.findings), (STATUS_CLEAN, []), "seq decides where there is one")
    for value in ("", "10", "s", "-1s", "1w", "1.5s", "0s", "99999999999999d"):
        result = command.run("check", f"--reorder={value}", "-", input=b"")
        tap.ok(result.status == STATUS_FAILED and "--reorder" in result.error, f"--reorder='{value}' is refused", result)
    with Folder() as folder:
        path = folder.file("x.trace", "time=2026-03-02T10:00:01Z session=1 event=Connected\n"
                                      "time=2026-03-02T10:00:00Z session=1 event=Created\n")
        folder.file(".sessionlint", "reorder = 10s\n")
        result = command.run("check", "--quiet", str(path))
        tap.same(result.status, STATUS_CLEAN, ".sessionlint can say so")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    for seed in range(TRACES):
        test_within(tap, command, seed)
    for seed in range(10):
        test_late(tap, command, seed)
    test_bounds(tap, command)
    test_said(tap, command)
    test_elsewhere(tap, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
