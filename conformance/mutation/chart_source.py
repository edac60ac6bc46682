# SPDX-License-Identifier: MIT
"""What can be wrong in one place of a Ragel source: an arc that leads elsewhere or is not there, a cause that is bound to
something else, the bit of a state.
"""

import re

ARC = re.compile(r"^(?P<lead>\t+(?:\| )?)(?P<cause>\w+)(?P<space>[ \t]+-> )(?P<state>\w+)", re.M)
BINDING = re.compile(r"^\t(?P<cause>\w+)[ \t]*= (?P<value>[^;\n]+);", re.M)
BIT = re.compile(r"\{ \w+ \|= (?P<bit>0x[0-9a-f]+); \}")
EVENTS = ("EV_CREATED", "EV_CONNECTED", "EV_DISCONNECTED", "EV_LOGON", "EV_LOGOFF", "EV_TERMINATED")
HIDDEN = ("silent", "never")


def comments_of(text):
    return [found.span() for found in re.finditer(r"#[^\n]*|/\*.*?\*/", text, re.S)]


def changes(text):
    """Yields operator, start, end and new text."""
    comments = comments_of(text)
    for change in (*arcs(text), *bindings(text), *bits(text)):
        if not any(start <= change[1] < end for start, end in comments):
            yield change


def after(all_of, one):
    """The next one in a list, which goes round."""
    return all_of[(all_of.index(one) + 1) % len(all_of)]


def arcs(text):
    found = list(ARC.finditer(text))
    states = list(dict.fromkeys(arc["state"] for arc in found if arc["state"] != "final"))
    causes = list(dict.fromkeys(arc["cause"] for arc in found))
    for arc in found:
        if arc["state"] != "final":
            yield "table", arc.start("state"), arc.end("state"), after(states, arc["state"])
        yield "table", arc.start("cause"), arc.end("cause"), after(causes, arc["cause"])
        # Ragel's empty set: no symbol leads along it
        yield "table", arc.start("cause"), arc.end("cause"), "(any - any)"


def bindings(text):
    """What a vocabulary or a tolerance says of a cause."""
    for found in BINDING.finditer(text):
        value = found["value"]
        event = value.rstrip("?")
        if event in EVENTS:
            others = (after(EVENTS, event), *HIDDEN, event if value.endswith("?") else f"{event}?")
        elif value in HIDDEN:
            others = (after(HIDDEN, value), "EV_TERMINATED" if "termination" in found["cause"] else "EV_CONNECTED")
        elif re.fullmatch(r"shown_\w+(?: \| hidden_\w+)?", value):
            others = (*HIDDEN, *(part for part in value.split(" | ") if part != value))
        else:
            continue
        for other in others:
            yield "table", found.start("value"), found.end("value"), other


def bits(text):
    found = list(BIT.finditer(text))
    values = [bit["bit"] for bit in found]
    for bit in found:
        yield "table", bit.start("bit"), bit.end("bit"), after(values, bit["bit"])
