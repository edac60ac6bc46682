# SPDX-License-Identifier: MIT
"""The published table, transcribed by hand from the picture on the page "IO_SESSION_STATE enumeration
(wdm.h)", and the shortest ways through it. Nothing of machine/ is read here."""

STATES = ("Created", "Initialized", "Connected", "Disconnected", "DisconnectedLoggedOn", "LoggedOn",
          "LoggedOff", "Terminated")
EVENTS = ("Created", "Terminated", "Connected", "Disconnected", "Logon", "Logoff")

START = "Initialized"

TABLE = {
    ("Initialized", "Created"): "Created",
    ("Created", "Connected"): "Connected",
    ("Created", "Disconnected"): "Disconnected",
    ("Created", "Terminated"): "Terminated",
    ("Connected", "Logon"): "LoggedOn",
    ("Connected", "Disconnected"): "Disconnected",
    ("Connected", "Terminated"): "Terminated",
    ("Disconnected", "Connected"): "Connected",
    ("Disconnected", "Logon"): "DisconnectedLoggedOn",
    ("Disconnected", "Terminated"): "Terminated",
    ("DisconnectedLoggedOn", "Logoff"): "Disconnected",
    ("DisconnectedLoggedOn", "Terminated"): "Terminated",
    ("LoggedOn", "Disconnected"): "DisconnectedLoggedOn",
    ("LoggedOn", "Logoff"): "LoggedOff",
    ("LoggedOn", "Terminated"): "Terminated",
    ("LoggedOff", "Disconnected"): "Disconnected",
    ("LoggedOff", "Terminated"): "Terminated",
}

# A blank cell that Windows fills all the same, and what it does there.
RECONNECT = ("DisconnectedLoggedOn", "Connected")
RECONNECTED = "LoggedOn"

# A blank cell that is the beginning of the id's next life.
REUSE = ("Terminated", "Created")

CELLS = [(state, event) for state in STATES for event in EVENTS]


def step(state, event):
    """The state that an event leads to by the table, a new life of the id included; None if it is
    illegal there."""
    return "Created" if (state, event) == REUSE else TABLE.get((state, event))


def allowed(state):
    """The events that are legal in a state, in the order of their numbers."""
    return [event for event in EVENTS if step(state, event)]


def image(event):
    """The states that an event leads to from anywhere, in the order of their numbers; what Windows does
    beyond the table is among them."""
    to = {TABLE[cell] for cell in TABLE if cell[1] == event}
    if event == RECONNECT[1]:
        to.add(RECONNECTED)
    return [state for state in STATES if state in to]


def way_to(state):
    """The shortest way from the beginning to a state: [(from, event, to), ...]."""
    ways, queue = {START: []}, [START]
    for at in queue:
        for event in EVENTS:
            to = TABLE.get((at, event))
            if to and to not in ways:
                ways[to] = [*ways[at], (at, event, to)]
                queue.append(to)
    return ways[state]
