# SPDX-License-Identifier: MIT
"""What the diagrams are held to: sets of states, from the transcription in table.py and tables of its own.
Nothing of machine/ is read and the command is not asked."""

from shared.table import EVENTS, RECONNECT, RECONNECTED, START, TABLE

SEEN, MAYBE, UNSEEN = "seen", "maybe", "unseen"

LOGGED_ON = ("LoggedOn", "DisconnectedLoggedOn")

# What a source shows, by kind of happening; what is not named happens unseen.
SIGHTS = {
    # the codes of Created and Terminated are reserved: they may never come
    "wts": {"creation": MAYBE, "connect": SEEN, "reconnect": SEEN, "disconnect unused": SEEN, "disconnect": SEEN, "disconnect logged off": SEEN,
            "logon": SEEN, "logoff": SEEN, "end": MAYBE, "end logged on": MAYBE},
    # Connected only as a reconnect; a disconnect without a user, perhaps
    "sens": {"reconnect": SEEN, "disconnect unused": MAYBE, "disconnect": SEEN, "disconnect logged off": SEEN, "logon": SEEN, "logoff": SEEN},
    "lsm": {"reconnect": SEEN, "disconnect": SEEN, "disconnect logged off": SEEN, "logon": SEEN, "logoff": SEEN},
    "winlogon": {"logon": SEEN, "logoff": SEEN},
    # the process of Winlogon begins for all to see; a shutdown or a crash ends it in silence
    "winlogon-operational": {"creation": SEEN, "reconnect": SEEN, "disconnect unused": MAYBE, "disconnect": SEEN, "disconnect logged off": MAYBE,
                             "logon": SEEN, "logoff": SEEN, "end": MAYBE, "end logged on": MAYBE},
    "profile": {"logon": SEEN, "logoff": SEEN},
    # remote connections, and not each of them
    "rdp": {"connect": MAYBE, "reconnect": MAYBE},
    # what no log shows may have happened, but for what a log always shows
    "account": {"creation": MAYBE, "connect": MAYBE, "reconnect": SEEN, "disconnect unused": MAYBE, "disconnect": SEEN, "disconnect logged off": SEEN,
                "logon": SEEN, "logoff": SEEN, "end": MAYBE, "end logged on": MAYBE},
}

# IoRegisterContainerNotification, IoUnregisterContainerNotification: one active registration for one object.
REGISTRATION = {
    ("Absent", "ObjectCreation"): "Present", ("Absent", "ObjectDeletion"): "Absent",
    ("Absent", "RegisterSuccess"): "Registered", ("Absent", "RegisterRefusal"): "Absent",
    ("Absent", "TraceEnd"): "Absent",
    ("Present", "ObjectCreation"): "Present", ("Present", "ObjectDeletion"): "Absent",
    ("Present", "RegisterSuccess"): "Registered", ("Present", "RegisterRefusal"): "Present",
    ("Present", "TraceEnd"): "Present",
    ("Registered", "RegisterCommitted"): "Registered", ("Registered", "RegisterRefusal"): "Registered",
    ("Registered", "Notification"): "Registered", ("Registered", "Unregister"): "Present",
}


class Picture:
    """A machine: where it begins, its nodes, its edges (from, event, to, undocumented). A node is its set of states."""

    def __init__(self, start, nodes, edges):
        self.start, self.nodes, self.edges = start, nodes, edges

    def differences(self, other):
        """What the two do not share, in words."""
        found = []
        if self.start != other.start:
            found.append(f"begins in {sorted(other.start)}, not in {sorted(self.start)}")
        found += [f"node {sorted(node)} is in one" for node in set(self.nodes) ^ set(other.nodes)]
        for ours, theirs, what in ((self, other, "lacks"), (other, self, "has too")):
            for edge in ours.edges:
                if ours.edges.count(edge) > theirs.edges.count(edge):
                    found.append(f"{what} {sorted(edge[0])} {edge[1]} {sorted(edge[2])} {edge[3]}")
        return found


def happening(state, event):
    """The kind of a transition, as far as some source tells it apart."""
    if event == "Connected":
        return "reconnect" if state in LOGGED_ON else "connect"
    if event == "Disconnected":
        return {"LoggedOn": "disconnect", "LoggedOff": "disconnect logged off"}.get(state, "disconnect unused")
    if event == "Terminated":
        return "end logged on" if state in LOGGED_ON else "end"
    return {"Created": "creation", "Logon": "logon", "Logoff": "logoff"}[event]


def arcs_of(model, mask):
    """(from, event, to, sight, undocumented), of a recognizer or of a driver with a mask."""
    table = dict(TABLE)
    if model != "published":
        table[RECONNECT] = RECONNECTED
    arcs = []
    for (state, event), to in table.items():
        sight = SIGHTS[model].get(happening(state, event), UNSEEN) if model in SIGHTS else SEEN
        if mask is not None and not mask >> EVENTS.index(event) & 1:
            sight = UNSEEN
        arcs.append((state, event, to, sight, (state, event) == RECONNECT))
    if model in SIGHTS:
        arcs.append(("Terminated", None, START, UNSEEN, False))
    return arcs


def closure(arcs, states):
    """The states and what they can become unseen."""
    while True:
        more = states | {to for state, _, to, sight, _ in arcs if state in states and sight != SEEN}
        if more == states:
            return frozenset(states)
        states = more


def expected(model, mask=None):
    """The picture that must come out."""
    if model == "registration":
        one = {state: frozenset({state}) for state in ("Absent", "Present", "Registered")}
        return Picture(one["Absent"], list(one.values()),
                       [(one[state], event, one[to], False) for (state, event), to in REGISTRATION.items()])
    arcs = arcs_of(model, mask)
    start = closure(arcs, {START})
    nodes, edges = [start], []
    for node in nodes:
        for event in EVENTS:
            taken = [arc for arc in arcs if arc[0] in node and arc[1] == event and arc[3] != UNSEEN]
            if not taken:
                continue
            to = closure(arcs, {arc[2] for arc in taken})
            edges.append((node, event, to, all(arc[4] for arc in taken)))
            if to not in nodes:
                nodes.append(to)
    return Picture(start, nodes, edges)
