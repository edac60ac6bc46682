# SPDX-License-Identifier: MIT
"""The 48 cells of the table, each of them wrong in machine/session.rl: one that is blank gets a transition; one that is not
loses it, and leads elsewhere.
"""

import re

from shared.table import CELLS, STATES, TABLE

CHART = "machine/session.rl"

# The arcs of a state that are the cell of an event; the first of them is what a source shows of it.
CAUSES = {
    "Created": ("created",),
    "Terminated": ("terminated", "terminated_logged_on"),
    "Connected": ("connected",),
    "Disconnected": ("disconnected", "disconnected_logged_off", "disconnected_unused"),
    "Logon": ("logon",),
    "Logoff": ("logoff",),
}


def block_of(text, state):
    """Where the arcs of a state stand in the chart."""
    return re.search(rf"^\t\t{state}: \(\n(.*?)^\t\t\)", text, re.M | re.S).span(1)


def arc_of(text, state, event):
    """The arc of a cell; None if it is blank."""
    start, end = block_of(text, state)
    causes = "|".join(CAUSES[event])
    return re.compile(rf"\b(?P<cause>{causes})\s*-> (?P<state>\w+)").search(text, start, end)


def target_of(event, *but):
    """Where the event leads from another state, or else any state."""
    reached = [to for (_, each), to in TABLE.items() if each == event]
    return next(state for state in [*reached, *STATES] if state not in but)


def flips(text):
    """Each cell, what is wrong with it, and the chart with that."""
    for state, event in CELLS:
        arc = arc_of(text, state, event)
        if arc is None:
            start, _ = block_of(text, state)
            cause, to = CAUSES[event][0], target_of(event, state)
            yield state, event, f"leads to {to}", f"{text[:start]}\t\t\t{cause} -> {to} |\n{text[start:]}"
        else:
            to = target_of(event, state, arc["state"])
            yield state, event, "is blank", f"{text[:arc.start('cause')]}never{text[arc.end('cause'):]}"
            yield state, event, f"leads to {to}", f"{text[:arc.start('state')]}{to}{text[arc.end('state'):]}"
