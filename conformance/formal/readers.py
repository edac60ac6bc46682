# SPDX-License-Identifier: MIT
"""Readers of what `sessionlint model --export` writes, one for each language; they share nothing with the writers. What
a reader does not understand is an error."""

import json
import re

from formal.machines import Machine


def one(pattern, text):
    """The groups of the only match."""
    [found] = re.findall(pattern, text, re.M | re.S)
    return found


def words(text, prefix=""):
    """The names in a list, without their prefix."""
    return [word.strip().removeprefix(prefix) for word in text.split(",") if word.strip()]


def known(triples, states, events):
    """The transitions, whose names must be declared."""
    for state, event, to in triples:
        if not {state, to} <= set(states) or event not in events:
            raise ValueError(f"undeclared: {state} {event} {to}")
    return triples


def read_promela(text):
    events = words(one(r"^mtype:event = \{ (.*?) \};", text), "event_")
    states = words(one(r"^mtype:state = \{ (.*?) \};", text), "state_")
    start = one(r"^mtype:state state\[SESSIONS\] = state_(\w+);", text)
    body = one(r"^proctype (?:session|registration)\(byte id\)\n\{\n(.*?)^\}", text)
    if one(r"\A\tgoto (?:end_)?in_(\w+);", body) != start:
        raise ValueError("it begins in another state")
    triples, final, at = [], [], None
    for line in body.splitlines()[1:]:
        if label := re.fullmatch(r"(end_)?in_(\w+):", line):
            at = label[2]
            if label[1]:
                final.append(at)
        elif arc := re.fullmatch(r"\t:: atomic \{ happens\[id\] \? event_(\w+) -> last\[id\] = event_(\w+); (?:\w+\[id\] = "
                                 r"\w+; )?state\[id\] = state_(\w+); goto (?:end_)?in_(\w+) \}", line):
            if arc[1] != arc[2] or arc[3] != arc[4]:
                raise ValueError(line)
            triples.append((at, arc[1], arc[3]))
        elif line not in ("\tif", "\tfi;", "\tfalse;"):
            raise ValueError(line)
    return Machine.of(start, final, known(triples, states, events))


def read_murphi(text):
    events = words(one(r"event_t: enum \{ (.*?) \};", text), "event_")
    states = words(one(r"state_t: enum \{ (.*?) \};", text), "state_")
    start = one(r"^startstate .*?state := state_(\w+);", text)
    triples, final = [], []
    for name, place, state, action in re.findall(r'^rule "(\w+) in (\w+)" state = state_(\w+) ==> begin (.*?) end;$', text, re.M):
        if name == "over" and action == "rest := !rest;":
            final.append(state)
            continue
        event, to = re.fullmatch(r"take\(event_(\w+), state_(\w+)\);", action).groups()
        if (name, place) != (event, state):
            raise ValueError(f"{name} in {place} is {event} in {state}")
        triples.append((state, event, to))
    if text.count("\nrule ") != len(triples) + len(final):
        raise ValueError("a rule of another form")
    return Machine.of(start, final, known(triples, states, events))


def read_tla(text):
    events = words(one(r"^Events == \{ (.*?) \}", text).replace('"', ""))
    states = words(one(r"^States == \{ (.*?) \}", text).replace('"', ""))
    final = words(one(r"^Final == \{ (.*?) \}", text).replace('"', ""))
    start = one(r'state = \[s \\in Sessions \|-> "(\w+)"\]', text)
    table = one(r"^Transitions == \{(.*?)^\}", text)
    triples = re.findall(r'<< "(\w+)", "(\w+)", "(\w+)" >>', table)
    if re.sub(r'<< "\w+", "\w+", "\w+" >>|[,\s]', "", table):
        raise ValueError(table)
    return Machine.of(start, final, known(triples, states, events))


def read_smv(text):
    text = re.sub(r"--.*", "", text)
    events = words(one(r"last : \{ (.*?) \};", text), "event_")
    states = words(one(r"state : \{ (.*?) \};", text), "state_")
    final = smv_set(text, "final")
    start = one(r"^INIT\s+state = state_(\w+) & last = event_None", text)
    relation = one(r"^TRANS\s+(.*?);", text)
    *arcs, rest = [term.strip() for term in relation.split("|")]
    if rest != "(final & next(last) = last & next(state) = state)":
        raise ValueError(rest)
    triples = [re.fullmatch(r"\(state = state_(\w+) & next\(last\) = event_(\w+) & next\(state\) = state_(\w+)\)", arc).groups()
               for arc in arcs]
    return Machine.of(start, final, known(triples, states, events))


def smv_set(text, name):
    """The states of a DEFINE."""
    terms = [term.strip() for term in one(rf"^  {name} := (.*?);", text).split("|")]
    return [re.fullmatch(r"state = state_(\w+)", term)[1] for term in terms if term != "FALSE"]


def camel(name):
    return "".join(part.capitalize() for part in name.split("_"))


def read_rv(text):
    """As rvgen reads it: by lines and words; nodes first, then that which marks the start, then what begins with a quote."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("//")]
    if lines[0].split()[:2] != ["digraph", "state_automaton"]:
        raise ValueError(lines[0])
    nodes = [line.split() for line in lines[1:] if line.split()[0] == "{node"]
    names = [node[-1].replace('"', "").replace("};", "") for node in nodes]
    [start] = [name.removeprefix("__init_") for name in names if name.startswith("__init_")]
    final = [camel(name) for node, name in zip(nodes, names) if "doublecircle]" in node]
    rest = lines[1 + len(nodes) + 1:]
    triples = []
    for line in rest[:next(i for i, line in enumerate(rest) if not line.lstrip().startswith('"'))]:
        word = [each.replace('"', "") for each in line.split()]
        if word[1] == "->":
            triples.append((camel(word[0]), camel(word[-2].removeprefix("event_")), camel(word[2])))
    states = [camel(name) for name in names if not name.startswith("__init_")]
    return Machine.of(camel(start), final, known(triples, states, {event for _, event, _ in triples}))


def read_dot2c(text):
    """The C that Linux' dot2c makes of the DOT: names, and a matrix of them."""
    rows = [words(row) for row in re.findall(r"^\t\t\{(.*?)\},$", one(r"\.function = \{\n(.*?)^\t\},", text), re.M)]
    states, events = (words(one(rf"\.{kind}_names = \{{(.*?)\}},", text).replace('"', "")) for kind in ("state", "event"))
    last = one(r"\.final_states = \{(.*?)\},", text)
    triples = [(camel(state), camel(event.removeprefix("event_")), camel(to)) for state, row in zip(states, rows)
               for event, to in zip(events, row) if not to.startswith("INVALID_STATE")]
    final = [camel(state) for state, is_last in zip(states, words(last)) if is_last == "1"]
    return Machine.of(camel(one(r"\.initial_state = (\w+),", text)), final, triples)


def read_dfa(text):
    lines = [line.split() for line in text.splitlines() if not line.startswith("#")]
    [start] = [line[1] for line in lines if line[0] == "start"]
    final = [line[1] for line in lines if line[0] == "final" and len(line) == 2]
    triples = [tuple(line) for line in lines if len(line) == 3]
    if len(lines) != 1 + len(final) + len(triples):
        raise ValueError("a line of another form")
    return Machine.of(start, final, triples)


def read_json(text):
    told = json.loads(text)
    states = [state["name"] for state in told["states"]]
    triples = [(each["from"], each["event"], each["to"]) for each in told["transitions"]]
    return Machine.of(told["start"], [state["name"] for state in told["states"] if state["final"]],
                      known(triples, states, [event["name"] for event in told["events"]]))


READERS = {"promela": read_promela, "murphi": read_murphi, "tla": read_tla, "smv": read_smv, "rv": read_rv, "dfa": read_dfa,
           "json": read_json}
