#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each cell of the published table through the command: the shortest legal way to the state, then
the event. 48 cells: 17 hold a transition; of the 31 blank ones 29 are illegal, one is the undocumented
reconnect, and one, Created in Terminated, begins the next life of the id. Argument: the command.
Prints TAP.
"""

import json
import random
import sys

from shared.command import STATUS_CLEAN, STATUS_FINDINGS, Command, places, without_notes
from shared.table import CELLS, RECONNECT, RECONNECTED, REUSE, START, STATES, TABLE, allowed, image, step, way_to
from shared.tap import Tap

ILLEGAL = "session/illegal-transition"
UNDOCUMENTED = "session/undocumented-transition"
WRONG_STATE = "session/wrong-state"
SESSION = 7


def expected_rule(cell):
    """The rule that a cell breaks, or None."""
    if step(*cell):
        return None
    return UNDOCUMENTED if cell == RECONNECT else ILLEGAL


def logfmt(records):
    return "".join(" ".join(f"{key}={value}" for key, value in record.items()) + "\n"
                   for record in records)


def ndjson(records):
    return "".join(json.dumps(record) + "\n" for record in records)


def record(event, **more):
    return {"session": SESSION, "event": event, **more}


def trace_of(cell, **more):
    """The records of the shortest way to the cell's state, and the cell's event."""
    state, event = cell
    return [record(way) for _, way, _ in way_to(state)] + [record(event, **more)]


def name_of(cell):
    return f"{cell[1]} in {cell[0]}"


def left_in(findings):
    """The states that a session was left in, from the note at the end of the trace."""
    beliefs = [finding["belief"] for finding in findings if finding["rule"] == "session/unfinished"]
    return beliefs[0] if beliefs else ["Terminated"]


def states_after(cell):
    """The states that the checker believes in behind the cell's event."""
    if cell == RECONNECT:
        return [RECONNECTED]
    return [step(*cell)] if step(*cell) else image(cell[1])


def check_silent(tap, command, cell, form, trace):
    result = command.check(trace)
    after = states_after(cell)
    tap.ok(result.status == STATUS_CLEAN and not without_notes(result.findings),
           f"{form}: {name_of(cell)} is silent", trace, result)
    tap.same(left_in(result.findings), after, f"{form}: {name_of(cell)} leads to {after[0]}", trace)


def check_found(tap, command, cell, form, trace):
    """The cell is found, alone, at its line, and all that the finding says is true."""
    state, event = cell
    rule, result = expected_rule(cell), command.check(trace)
    events = [way for _, way, _ in way_to(state)] + [event]
    found = without_notes(result.findings)
    if not tap.same(places(found), [(len(events), rule)], f"{form}: {name_of(cell)} is {rule}", trace):
        return
    said = {key: found[0].get(key) for key in ("session", "incarnation", "event", "belief", "allowed",
                                               "history", "cascade")}
    tap.same(said, {
        "session": SESSION, "incarnation": 1, "event": event, "belief": [state],
        "allowed": allowed(state), "cascade": False,
        "history": [{"event": past, "line": line} for line, past in enumerate(events, 1)],
    }, f"{form}: {name_of(cell)}: belief, allowed events and history", trace)
    after = states_after(cell)
    tap.same(left_in(result.findings), ["Terminated"] if "Terminated" in after else after,
             f"{form}: {name_of(cell)}: the belief behind it is what the event leads to", trace)
    tap.same(result.status, STATUS_FINDINGS if rule == ILLEGAL else STATUS_CLEAN,
             f"{form}: {name_of(cell)}: exit status", trace)


def check_repair(tap, command, cell):
    """The repair that a finding names makes the trace legal, and none that is shorter does."""
    state, event = cell
    trace = trace_of(cell)
    repair = without_notes(command.check(logfmt(trace)).findings)[0].get("repair", {})
    one = [between for between in allowed(state) if step(step(state, between), event)]
    if one:
        inserted = repair.get("events", [])
        tap.ok(repair.get("action") == "insert" and len(inserted) == 1 and inserted[0] in one,
               f"{name_of(cell)}: the repair inserts one of {', '.join(one)}", repair)
        mended = [*trace[:-1], *map(record, inserted), trace[-1]]
    else:
        tap.same(repair, {"action": "drop"}, f"{name_of(cell)}: the repair drops the event")
        mended = trace[:-1]
    if mended:
        result = command.check(logfmt(mended))
        tap.same(without_notes(result.findings), [], f"{name_of(cell)}: the repair mends it")


def check_cell(tap, command, cell):
    for form, write in (("logfmt", logfmt), ("NDJSON", ndjson)):
        trace = write(trace_of(cell))
        if expected_rule(cell):
            check_found(tap, command, cell, form, trace)
        else:
            check_silent(tap, command, cell, form, trace)
    if expected_rule(cell) == ILLEGAL:
        check_repair(tap, command, cell)


def check_strict(tap, command):
    """--strict makes an error of the reconnect, and of nothing that the table allows."""
    for cell in CELLS:
        result = command.check(logfmt(trace_of(cell)), "--strict")
        errors = [finding["rule"] for finding in result.findings if finding["severity"] == "error"]
        rule = expected_rule(cell)
        tap.ok(errors == ([rule] if rule else []) and result.status == (1 if rule else 0),
               f"--strict: {name_of(cell)} is {'an error' if rule else 'silent'}", result)


def check_reuse(tap, command):
    trace = logfmt([*trace_of(REUSE), record("Created")])
    result = command.check(trace)
    found = without_notes(result.findings)
    line = len(way_to("Terminated")) + 2
    tap.same([(f["line"], f["rule"], f["incarnation"], f["history"]) for f in found],
             [(line, ILLEGAL, 2, [{"event": "Created", "line": line - 1},
                                  {"event": "Created", "line": line}])],
             "Created in Terminated begins life 2, with a history of its own", trace)
    tap.same(result.summary["sessions"]["incarnations"], 2, "Created in Terminated: two lives are counted")


def check_observed(tap, command, cell):
    """A cell whose record says where it comes from and leads to: the truth, and each other state."""
    state, event = cell
    to = TABLE[cell]
    result = command.check(logfmt(trace_of(cell, **{"from": state, "to": to})))
    tap.same(without_notes(result.findings), [], f"{name_of(cell)} with from={state} to={to} is silent")
    line = len(way_to(state)) + 1
    for wrong in STATES:
        if wrong != state:
            check_wrong_from(tap, command, cell, wrong, line)
        if wrong != to:
            result = command.check(logfmt(trace_of(cell, to=wrong)))
            found = without_notes(result.findings)
            tap.ok(places(found) == [(line, WRONG_STATE)] and found[0]["observed"] == wrong
                   and left_in(result.findings) == [wrong],
                   f"{name_of(cell)} with to={wrong} is {WRONG_STATE}, and {wrong} is believed", result)


def check_wrong_from(tap, command, cell, wrong, line):
    """A wrong from is found, and then the event is judged in the state that was claimed."""
    result = command.check(logfmt(trace_of(cell, **{"from": wrong})))
    found = without_notes(result.findings)
    rules = [WRONG_STATE]
    # a new life begins in Initialized: that is what its Created comes from, not the end of the life before
    if (wrong, cell[1]) not in TABLE:
        rules.append(UNDOCUMENTED if (wrong, cell[1]) == RECONNECT else ILLEGAL)
    tap.ok(places(found) == [(line, rule) for rule in rules] and found[0]["observed"] == wrong,
           f"{name_of(cell)} with from={wrong} is {' and '.join(rules)}", result)


def check_observed_illegal(tap, command, cell):
    """An illegal event whose record tells the states: found once, and the observed state is believed."""
    line = len(way_to(cell[0])) + 1
    for to in STATES:
        result = command.check(logfmt(trace_of(cell, **{"from": cell[0], "to": to})))
        tap.ok(places(without_notes(result.findings)) == [(line, ILLEGAL)]
               and left_in(result.findings) == [to],
               f"{name_of(cell)} with from={cell[0]} to={to} is {ILLEGAL} alone, and {to} is believed",
               result)


def walk(random_source, length):
    """A random legal life."""
    state, events = START, []
    while len(events) < length:
        event = random_source.choice(allowed(state))
        state = step(state, event)
        events.append(event)
    return events


def interleave(cell, seed):
    """The cell's records among those of 1,000 others on four hosts, in a random order that keeps each
    session's own. Returns the trace and the line of the cell's event."""
    source = random.Random(seed)
    own = [("host-1", SESSION, item["event"]) for item in trace_of(cell)]
    lives = [own] + [[(f"host-{host}", session, event) for event in walk(source, source.randrange(1, 8))]
                     for host in range(4) for session in range(251) if (host, session) != (1, SESSION)]
    order = [number for number, life in enumerate(lives) for _ in life]
    source.shuffle(order)
    positions, lines, line = [0] * len(lives), [], 0
    for number in order:
        host, session, event = lives[number][positions[number]]
        positions[number] += 1
        lines.append({"host": host, "session": session, "event": event})
        line = len(lines) if number == 0 else line
    return lines, line


def check_among_others(tap, command, cell, seed):
    lines, line = interleave(cell, seed)
    rule = expected_rule(cell)
    result = command.check(logfmt(lines), "--rule=unfinished=off")
    said = [(f["line"], f["rule"], f["host"], f["session"], f["belief"]) for f in result.findings]
    tap.same(said, [(line, rule, "host-1", SESSION, [cell[0]])] if rule else [],
             f"{name_of(cell)} among 1,003 others: {'found at its line' if rule else 'silent'}")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    rules = [expected_rule(cell) for cell in CELLS]
    tap.same((len(CELLS), len(TABLE), rules.count(ILLEGAL), rules.count(UNDOCUMENTED), rules.count(None)),
             (48, 17, 29, 1, 18),
             "48 cells: 17 transitions, 29 illegal, the undocumented reconnect, a new life")
    for seed, cell in command.sampled(enumerate(CELLS)):
        check_cell(tap, command, cell)
        check_among_others(tap, command, cell, seed)
        if cell in TABLE:
            check_observed(tap, command, cell)
        elif expected_rule(cell) == ILLEGAL:
            check_observed_illegal(tap, command, cell)
    check_strict(tap, command)
    check_reuse(tap, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
