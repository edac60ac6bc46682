# SPDX-License-Identifier: MIT
"""What each source shows of a session, and the sets of states that a trace leaves: a simulation of its own, from the
published table (table.py) and "What each vocabulary shows, of the six events". Nothing of machine/ is read here."""

import functools
import types

from shared.table import EVENTS, RECONNECT, RECONNECTED, START, STATES, TABLE

SOURCES = ("wdm", "wts", "sens", "lsm", "winlogon", "winlogon-operational", "profile", "rdp", "account")

LOGGED_ON = ("LoggedOn", "DisconnectedLoggedOn")

ILLEGAL = "session/illegal-transition"
UNDOCUMENTED = "session/undocumented-transition"
IMPLIED = "session/implied-termination"
WRONG_STATE = "session/wrong-state"

# What is granted beyond the published table, in this order, and the rule that says so: (a new life of the id, the
# reconnect, an unseen end with the user logged on, rule).
PUBLISHED, REUSED = (False, False, False, ""), (True, False, False, "")
LADDER = (PUBLISHED, REUSED, (True, True, False, UNDOCUMENTED), (True, True, True, IMPLIED))
STRICT_LADDER = (PUBLISHED, REUSED, (True, False, True, IMPLIED), (True, True, True, UNDOCUMENTED))


def shown(source, state, event):
    """Whether the source shows that a session takes the event in the state: "yes", "no", or "may be"."""
    if source == "wdm":
        return "yes"
    if source == "rdp":
        return "may be" if event == "Connected" else "no"
    if source == "account":
        unsure = event in ("Created", "Terminated") and state not in LOGGED_ON or \
            event == "Connected" and state != "DisconnectedLoggedOn" or \
            event == "Disconnected" and state in ("Created", "Connected")
        return "may be" if unsure else "yes"
    if event == "Created" and source == "winlogon-operational":
        return "yes"
    if event == "Created" or event == "Terminated" and state not in LOGGED_ON:
        return "may be" if source in ("wts", "winlogon-operational") else "no"
    if event == "Terminated":
        # an end with the user logged on is granted unseen last of all; to Winlogon it is an end like any other
        return {"wts": "yes", "winlogon": "no", "profile": "no", "winlogon-operational": "may be"}.get(source, "never")
    if source in ("winlogon", "profile"):
        return "yes" if event in ("Logon", "Logoff") else "no"
    if source == "winlogon-operational" and event == "Disconnected" and state == "LoggedOff":
        return "may be"
    if event == "Connected" and source in ("sens", "lsm", "winlogon-operational"):
        return "yes" if state == "DisconnectedLoggedOn" else "no"
    if event == "Disconnected" and state in ("Created", "Connected"):
        return {"wts": "yes", "lsm": "no"}.get(source, "may be")
    return "yes"


@functools.cache
def arcs(source, new_life, reconnect, unseen_end):
    """The arcs of a source: {(state, event): state} that are seen, and ((state, state), ...) that are not."""
    seen, unseen = {}, [("Terminated", START)] * new_life
    table = dict(TABLE)
    if reconnect:
        table[RECONNECT] = RECONNECTED
    for (state, event), to in table.items():
        told = shown(source, state, event)
        if told in ("yes", "may be"):
            seen[state, event] = to
        if told in ("no", "may be"):
            unseen.append((state, to))
    if unseen_end and source in ("wts", "sens", "lsm", "account"):
        unseen += [(state, "Terminated") for state in LOGGED_ON]
    return types.MappingProxyType(seen), tuple(unseen)


@functools.cache
def unseen_ends(unseen):
    """Each state with all that it can become unseen, itself among them."""
    ends = {}
    for state in STATES:
        ends[state] = {state}
        while more := {to for before, to in unseen if before in ends[state]} - ends[state]:
            ends[state] |= more
    return ends


def close(states, unseen):
    """The states and all that they can become unseen."""
    ends = unseen_ends(unseen)
    return set().union(*[ends[state] for state in states])


def right_after(states, event, seen):
    """The states right after an event, before anything follows unseen."""
    if event == "Ignore":
        return set(states)
    return {seen[state, event] for state in states if (state, event) in seen}


def image(event):
    """The states that an event leads to from anywhere; what Windows does beyond the table is among them."""
    if event == "Ignore":
        return set(STATES)
    return {to for (_, cause), to in (*TABLE.items(), (RECONNECT, RECONNECTED)) if cause == event}


class Record:
    """One record of a session: an event, perhaps with the states before and after it, or a sample of the state."""

    def __init__(self, event=None, before=None, after=None, sample=None):
        self.event, self.before, self.after, self.sample = event, before, after, sample

    def __repr__(self):
        if self.sample:
            return f"state={self.sample}"
        pairs = (("event", self.event), ("from", self.before), ("to", self.after))
        return " ".join(f"{key}={value}" for key, value in pairs if value)

    def follow(self, states, seen):
        """The states right after the record, by the arcs that are seen. What could happen unseen before an event must
        have happened before the state that the record gives for it."""
        if self.sample:
            return states & {self.sample}
        if self.before:
            states = states & {self.before}
        after = right_after(states, self.event, seen)
        return after & {self.after} if self.after else after


class Session:
    """The sets of states in which a session can be, one for each rung of a ladder of what is granted."""

    def __init__(self, source, unknown=False, ladder=LADDER):
        self.ladder = ladder
        self.graphs = [arcs(source, *granted) for *granted, _ in ladder]
        self.believe({*STATES} if unknown else {START})

    def believe(self, states):
        self.beliefs = [close(states, unseen) for _, unseen in self.graphs]

    def take(self, record):
        """The rules that the record breaks, in their order; the sets follow it."""
        rules = []
        if record.before and record.before not in self.beliefs[-1]:
            rules.append(WRONG_STATE)
            self.beliefs = [{record.before}] * len(self.beliefs)
        after = [record.follow(states, seen) for states, (seen, _) in zip(self.beliefs, self.graphs)]
        needed = next((rung for rung, states in enumerate(after) if states), None)
        if needed is None:
            rules.append(self.contradiction(record))
            self.believe(self.leads_to(record))
            return rules
        if self.ladder[needed][-1]:
            rules.append(self.ladder[needed][-1])
        # what was granted for this record is so; it is not granted for the next
        after[:needed] = [after[needed]] * needed
        self.beliefs = [close(states, unseen) for states, (_, unseen) in zip(after, self.graphs)]
        return rules

    def contradiction(self, record):
        """The rule that a record breaks which nothing explains."""
        if record.sample:
            return WRONG_STATE
        anywhere = Record(record.event, record.before)
        return WRONG_STATE if anywhere.follow(self.beliefs[-1], self.graphs[-1][0]) else ILLEGAL

    @staticmethod
    def leads_to(record):
        """What is believed after a record that nothing explains."""
        if record.sample or record.after:
            return {record.sample or record.after}
        cell = (record.before, record.event)
        if cell in TABLE or cell == RECONNECT:
            return {TABLE.get(cell, RECONNECTED)}
        return image(record.event)


def events_of(source):
    """The events that the source shows, in the order of their numbers."""
    seen = arcs(source, True, True, True)[0]
    return [event for event in EVENTS if any(event == cause for _, cause in seen)]
