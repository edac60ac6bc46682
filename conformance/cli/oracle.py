#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The findings of each session up to the first violation, against a simulation of its own: the sets of states that the
published table leaves, with what each source hides ("What each vocabulary shows, of the six events") followed unseen.
Random sessions, some of which go where the table does not lead. Argument: the command. Prints TAP.
"""

import random
import sys

from support import Command, Tap
from table import EVENTS, RECONNECT, RECONNECTED, START, STATES, TABLE

SESSIONS = 400

LOGGED_ON = ("LoggedOn", "DisconnectedLoggedOn")

# How much has to be granted before a trace is explained, and the rule that says so.
DOCUMENTED, KNOWN, IMPLIED = range(3)
RULES = ("", "session/undocumented-transition", "session/implied-termination")


def shown(source, state, event):
    """Whether the source shows that a session takes the event in the state: "yes", "no", or "may be"."""
    if source == "wdm":
        return "yes"
    if event == "Created" or event == "Terminated" and state not in LOGGED_ON:
        return "may be" if source == "wts" else "no"
    if event == "Terminated":
        # an end with the user logged on is granted unseen last of all; to Winlogon it is an end like any other
        return {"wts": "yes", "winlogon": "no"}.get(source, "never")
    if source == "winlogon":
        return "yes" if event in ("Logon", "Logoff") else "no"
    if event == "Connected" and source in ("sens", "lsm"):
        return "yes" if state == "DisconnectedLoggedOn" else "no"
    if event == "Disconnected" and state in ("Created", "Connected"):
        return {"wts": "yes", "sens": "may be", "lsm": "no"}[source]
    return "yes"


def arcs(source, granted):
    """The arcs of a source: {(state, event): state} that are seen, and [(state, state)] that are not."""
    seen, unseen = {}, [("Terminated", START)]
    table = dict(TABLE)
    if granted >= KNOWN:
        table[RECONNECT] = RECONNECTED
    for (state, event), to in table.items():
        told = shown(source, state, event)
        if told in ("yes", "may be"):
            seen[state, event] = to
        if told in ("no", "may be"):
            unseen.append((state, to))
    if granted >= IMPLIED and source in ("wts", "sens", "lsm"):
        unseen += [(state, "Terminated") for state in LOGGED_ON]
    return seen, unseen


def close(states, unseen):
    while more := {to for state, to in unseen if state in states} - states:
        states = states | more
    return states


def follow(states, item, seen, unseen):
    """The states behind a record: (event, None) or (None, sample)."""
    event, sample = item
    if sample:
        return states & {sample}
    return {seen[state, event] for state in close(states, unseen) if (state, event) in seen}


def findings_of(source, items, unknown):
    """What has to be said of the records, up to the first that nothing explains: [(number, rule), ...]."""
    graphs = [arcs(source, granted) for granted in range(3)]
    beliefs = [close(set(STATES) if unknown else {START}, unseen) for _, unseen in graphs]
    found = []
    for number, item in enumerate(items):
        after = [follow(states, item, *graph) for states, graph in zip(beliefs, graphs)]
        needed = [granted for granted in range(3) if after[granted]]
        if not needed:
            found.append((number, "session/wrong-state" if item[1] else "session/illegal-transition"))
            break
        if needed[0] != DOCUMENTED:
            found.append((number, RULES[needed[0]]))
        # what was granted for this record is so; it is not granted for the next
        after[:needed[0]] = [after[needed[0]]] * needed[0]
        beliefs = [close(states, unseen) for states, (_, unseen) in zip(after, graphs)]
    return found


def session_items(source_name, source):
    """Records of a random session that mostly follows what the source can show."""
    seen, unseen = arcs(source_name, IMPLIED)
    possible = sorted({event for _, event in seen})
    states, items = close({START}, unseen), []
    while len(items) < 12 and source.random() < 0.93:
        if source.random() < 0.1:
            items.append((None, source.choice(sorted(states) if source.random() < 0.8 else STATES)))
        else:
            likely = [event for event in possible if follow(states, (event, None), seen, unseen)]
            items.append((source.choice(likely if source.random() < 0.9 else possible), None))
        states = close(follow(states, items[-1], seen, unseen), unseen) or close({START}, unseen)
    return items


def check_source(tap, command, name, unknown):
    source = random.Random(f"{name} {unknown}")
    sessions = [session_items(name, source) for _ in range(SESSIONS)]
    lines = [(number, f"source={name} session={number} " + (f"event={event}" if event else f"state={sample}"))
             for number, items in enumerate(sessions) for event, sample in items]
    options = ["--start=unknown"] if unknown else []
    result = command.check("\n".join(line for _, line in lines) + "\n", "--rule=unfinished=off", *options)
    said, wrong, counts = {}, [], {}
    for finding in result.findings:
        said.setdefault(finding["session"], []).append((finding["line"], finding["rule"]))
    for number, items in enumerate(sessions):
        begin = next((at for at, (owner, _) in enumerate(lines, 1) if owner == number), 0)
        expected = [(begin + at, rule) for at, rule in findings_of(name, items, unknown)]
        got = said.get(number, [])
        # what follows a violation is not for this test
        if expected and expected[-1][1] not in RULES:
            got = got[:len(expected)]
        for _, rule in expected or [(0, "silent")]:
            counts[rule] = counts.get(rule, 0) + 1
        if got != expected:
            wrong.append(f"{items}: expected {expected}, got {got}")
    told = ", ".join(f"{count} {rule.rsplit('/', maxsplit=1)[-1]}" for rule, count in sorted(counts.items()))
    tap.ok(not wrong, f"{name}{', start unknown' if unknown else ''}: {SESSIONS} sessions ({told})", *wrong)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    for name in ("wdm", "wts", "sens", "lsm", "winlogon"):
        events = {event for _, event in arcs(name, IMPLIED)[0]}
        tap.ok(events <= set(EVENTS) and {"Logon", "Logoff"} <= events, f"{name} shows {', '.join(sorted(events))}")
        check_source(tap, command, name, False)
        check_source(tap, command, name, True)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
