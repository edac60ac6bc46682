#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The text of the charts, of the session and of the registration, as opposed to what Ragel makes of it.

Ragel takes two arcs of one state with the same cause without a word, and a state that nothing leads to.
The charts are also read by people: one arc a line. Argument: the folder of the machine. Prints TAP.
"""

import pathlib
import re
import sys

from shared.table import STATES

UNDOCUMENTED = [("DisconnectedLoggedOn", "reconnected", "LoggedOn")]
NEW_LIFE = [("Terminated", "reused", "Initialized")]
FINAL = [("Terminated", "silent", "final")]

REGISTRATION_STATES = {"Absent", "Present", "Registered"}

ARC = re.compile(r"^(?:\|\s*)?(\w+)\s*->\s*(\w+)$")
OPEN = re.compile(r"^(\w+)\s*:\s*\($")
CLOSE = re.compile(r"^\)\s*(?:>~in_(\w+))?,?$")
BINDING = re.compile(r"^(\w+)\s*=\s*(.+?);$")
EVENT = re.compile(r"^(EV_\w+)(\?)?$")
SYMBOL = re.compile(r"^\s*([A-Z_]+) = (\d+),?\s*(?:/\*.*\*/)?$", re.M)
ACTION = re.compile(r"^\s*action in_(\w+)\s*\{ states \|= (0x\w+); \}$", re.M)


def lines_of(text):
    """The lines that say something to Ragel, with their numbers."""
    for number, line in enumerate(text.splitlines(), 1):
        line = line.split("#", 1)[0].strip()
        if line:
            yield number, line


def chart_read(text, chart):
    """The arcs (state, cause, state) and what cannot be read as a chart with one arc a line."""
    arcs, problems = [], []
    state, in_chart = None, False
    for number, line in lines_of(text):
        if not in_chart:
            in_chart = line == f"{chart} = ("
            if not in_chart and "->" in line:
                problems.append(f"line {number}: an arc outside the chart")
        elif state is None and line == ");":
            in_chart = False
        elif state is None and OPEN.match(line):
            state = OPEN.match(line)[1]
            if state in (arc[0] for arc in arcs):
                problems.append(f"line {number}: {state} stands twice")
        elif state is not None and ARC.match(line):
            arcs.append((state, *ARC.match(line).groups()))
        elif state is not None and CLOSE.match(line):
            said = CLOSE.match(line)[1]
            if said != (None if state == "start" else state):
                problems.append(f"line {number}: {state} says that it is {said}")
            state = None
        else:
            problems.append(f"line {number}: not one arc, nor the edge of a state: {line}")
    return arcs, problems


def begin_name(state):
    """BEGIN_LOGGED_ON for LoggedOn."""
    return "BEGIN" + re.sub(r"([A-Z])", r"_\1", state).upper()


def begins_check(arcs, states):
    """What start leads to: each state once."""
    begin = sorted(arc for arc in arcs if arc[0] == "start")
    if begin != sorted(("start", begin_name(state), state) for state in states):
        return [f"the {len(begin)} arcs of start do not begin each state once"]
    return []


def counts_check(arcs):
    """17 documented arcs, the two that the table lacks, the final one, and 8 to begin with."""
    begin = [arc for arc in arcs if arc[0] == "start"]
    others = UNDOCUMENTED + NEW_LIFE + FINAL
    documented = [arc for arc in arcs if arc not in begin and arc not in others]
    problems = begins_check(arcs, STATES)
    if len(documented) != 17:
        problems.append(f"{len(documented)} documented arcs, not 17")
    for arc in others:
        if arcs.count(arc) != 1:
            problems.append(f"{arcs.count(arc)} arcs {arc[0]} --{arc[1]}--> {arc[2]}, not 1")
    for state, cause, to in documented:
        if state not in STATES or to not in STATES:
            problems.append(f"{state} --{cause}--> {to}: no such state")
        if cause in ("reconnected", "reused", "silent", "never"):
            problems.append(f"{state} --{cause}--> {to}: not the cause of a documented arc")
    return problems


def causes_check(arcs):
    """No two arcs of one state with the same cause."""
    pairs = [(state, cause) for state, cause, _ in arcs]
    return [f"{state} has {cause} twice" for state, cause in sorted(set(pairs))
            if pairs.count((state, cause)) > 1]


def reach_check(arcs, first):
    """A state that no arcs lead to from the first."""
    reached, states = {first}, {state for arc in arcs for state in (arc[0], arc[2])} - {"start", "final"}
    for _ in states:
        reached |= {to for state, _, to in arcs if state in reached}
    return [f"no arcs lead from {first} to {state}" for state in sorted(states - reached)]


def bindings_read(text):
    """What a file binds, in order; name and value."""
    return [BINDING.match(line).groups() for _, line in lines_of(text) if BINDING.match(line)]


def resolve(name, bindings, depth=0):
    """The words (events, silent, never) that a cause stands for; None for one that is not bound."""
    if name in ("silent", "never"):
        return {name} if name in bindings else None
    if EVENT.match(name):
        event, may = EVENT.match(name).groups()
        return {event, "silent"} if may else {event}
    if name not in bindings or depth > len(bindings):
        return None
    words = set()
    for part in bindings[name].split("|"):
        found = resolve(part.strip(), bindings, depth + 1)
        if found is None:
            return None
        words |= found
    return words


def pair_check(arcs, files, vocabulary, tolerance):
    """Each cause of the chart is bound, once, and no event takes two arcs of one state."""
    read = []
    for name in ("causes", vocabulary, tolerance):
        if f"{name}.rl" not in files:
            return [f"{name}.rl is missing"]
        read += bindings_read(files[f"{name}.rl"])
    bindings, problems, taken = dict(read), [], set()
    for name in sorted(bindings):
        if [bound for bound, _ in read].count(name) > 1:
            problems.append(f"{vocabulary} {tolerance}: {name} is bound twice")
    for state, cause, _ in arcs:
        if state == "start":
            continue
        words = resolve(cause, bindings)
        if words is None:
            problems.append(f"{vocabulary} {tolerance}: {cause} is not bound")
            continue
        for event in words - {"silent", "never"}:
            if (state, event) in taken:
                problems.append(f"{vocabulary} {tolerance}: {event} takes two arcs of {state}")
            taken.add((state, event))
    return problems


def names_of(files, what):
    """A list of names in meson.build."""
    found = re.search(rf"^{what} = \[(.*?)\]", files["meson.build"], re.M | re.S)
    return re.findall(r"'(\w+)'", found[1]) if found else []


def symbols_check(arcs, files):
    """Each cause of a registration is a symbol of its alphabet, and each symbol the cause of some arc."""
    symbols = dict(SYMBOL.findall(files["registration_alphabet.h"]))
    causes = {cause for _, cause, _ in arcs} - {"silent"}
    problems = [f"registration: {cause} is no symbol" for cause in sorted(causes - set(symbols))]
    problems += [f"registration: {symbol} causes nothing" for symbol in sorted(set(symbols) - causes)]
    if len(set(symbols.values())) != len(symbols):
        problems.append("registration: two symbols have one value")
    if ("silent", "''") not in bindings_read(files["registration_recognizer.rl"]):
        problems.append("registration: silent is not bound")
    bits = ACTION.findall(files["registration_recognizer.rl"])
    if bits != [("Absent", "0x01"), ("Present", "0x02"), ("Registered", "0x04")]:
        problems.append("registration: the states do not have a bit each")
    return problems


def registration_check(files):
    """All problems of the registration's chart, by what they are problems of."""
    arcs, unreadable = chart_read(files["registration.rl"], "registration")
    moves = [arc for arc in arcs if arc[0] != "start" and arc[2] != "final"]
    counts = begins_check(arcs, REGISTRATION_STATES)
    if len(moves) != 14:
        counts.append(f"{len(moves)} arcs that no contract breaks, not 14")
    counts += [f"{state} --{cause}--> {to}: no such state" for state, cause, to in moves
               if not {state, to} <= REGISTRATION_STATES]
    # where a trace can end, and nowhere else, a life is complete
    ends = {state for state, cause, _ in arcs if cause == "TRACE_END"}
    final = {state for state, cause, to in arcs if (cause, to) == ("silent", "final")}
    return {
        f"registration: one arc a line: {len(arcs)} arcs": unreadable,
        "registration: 14 arcs that no contract breaks, 3 to begin with": counts,
        "registration: no two arcs of one state with the same cause": causes_check(arcs),
        "registration: each state can be reached from Absent": reach_check(arcs, "Absent"),
        "registration: causes are the symbols, and each state has a bit": symbols_check(arcs, files),
        "registration: final where a trace can end": [
            f"registration: {state} is final, or lets a trace end, but not both" for state in sorted(ends ^ final)],
    }


def machine_check(files):
    """All problems of a machine, by what they are problems of."""
    arcs, unreadable = chart_read(files["session.rl"], "session")
    vocabularies, tolerances = names_of(files, "vocabularies"), names_of(files, "tolerances")
    bindings = [problem for vocabulary in vocabularies for tolerance in tolerances
                for problem in pair_check(arcs, files, vocabulary, tolerance)]
    if len(vocabularies) * len(tolerances) != 54:
        bindings.append(f"{len(vocabularies)} vocabularies by {len(tolerances)} tolerances, not 54")
    return {
        f"one arc a line: {len(arcs)} arcs": unreadable,
        "17 documented arcs, reconnected, reused, the final arc, 8 to begin with":
            counts_check(arcs),
        "no two arcs of one state with the same cause": causes_check(arcs),
        "each state can be reached from Initialized": reach_check(arcs, "Initialized"),
        f"every cause is bound in {len(vocabularies)} x {len(tolerances)} recognizers":
            bindings,
        **registration_check(files),
    }


# What is done to one file, blanks aside, and what must be said of it; None: nothing.
BROKEN = [
    ("session.rl", "| logon -> DisconnectedLoggedOn", "| logon -> LoggedOn | x -> LoggedOn",
     "not one arc"),
    ("session.rl", "| disconnected_unused -> Disconnected", "", "not 17"),
    ("session.rl", "| terminated -> Terminated", "| connected -> Terminated",
     "Created has connected twice"),
    ("session.rl", "| reconnected -> LoggedOn", "",
     "0 arcs DisconnectedLoggedOn --reconnected--> LoggedOn"),
    ("session.rl", "reused -> Initialized", "reused -> Created", "--reused--> Initialized, not 1"),
    ("session.rl", "| silent -> final", "", "--silent--> final, not 1"),
    ("session.rl", "BEGIN_LOGGED_ON -> LoggedOn", "BEGIN_LOGGED_ON -> LoggedOff",
     "do not begin each state once"),
    ("session.rl", ">~in_LoggedOff", ">~in_LoggedOn", "LoggedOff says that it is LoggedOn"),
    ("session.rl", "created -> Created", "created -> Creation", "no such state"),
    ("session.rl", "logoff -> Disconnected", "logged_off -> Disconnected",
     "logged_off is not bound"),
    ("session.rl", "session = (", "session = ( # logon -> LoggedOn", None),
    ("lsm.rl", "disconnected_unused = silent;", "", "lsm implied: disconnected_unused is not"),
    ("lsm.rl", "hidden_termination = silent;", "",
     "lsm implied: terminated_logged_on is not bound"),
    ("known.rl", "reused = silent;", "", "wdm known: reused is not bound"),
    ("known.rl", "reused = silent;", "reused = silent;\nlogon = never;", "logon is bound twice"),
    ("wts.rl", "logon = EV_LOGON;", "logon = EV_CONNECTED;",
     "EV_CONNECTED takes two arcs of Disconnected"),
    ("meson.build", "'winlogon',", "", "not 54"),
    ("session.rl", "| logoff -> LoggedOff", "| logoff -> LoggedOn",
     "no arcs lead from Initialized to LoggedOff"),
    ("registration.rl", "| REGISTER_SUCCESS -> Registered", "",
     "13 arcs that no contract breaks, not 14"),
    ("registration.rl", "| REGISTER_REFUSAL -> Present", "| REGISTER_REFUSAL -> Present | x -> Absent",
     "not one arc"),
    ("registration.rl", "| OBJECT_DELETION -> Absent", "| OBJECT_CREATION -> Absent",
     "Absent has OBJECT_CREATION twice"),
    ("registration.rl", "| UNREGISTER -> Present", "| UNREGISTERED -> Present",
     "UNREGISTERED is no symbol"),
    ("registration.rl", "| NOTIFICATION -> Registered", "", "NOTIFICATION causes nothing"),
    ("registration.rl", "| UNREGISTER -> Present", "| UNREGISTER -> Parted",
     "Registered --UNREGISTER--> Parted: no such state"),
    ("registration.rl", "| TRACE_END -> Present", "", "Present is final, or lets a trace end"),
    ("registration.rl", "BEGIN_PRESENT -> Present", "BEGIN_PRESENT -> Absent",
     "do not begin each state once"),
    ("registration.rl", ">~in_Present", ">~in_Absent", "Present says that it is Absent"),
    ("registration_alphabet.h", "UNREGISTER = 6,", "UNREGISTER = 7,", "two symbols have one value"),
    ("registration_recognizer.rl", "silent = '';", "", "registration: silent is not bound"),
    ("registration_recognizer.rl", "states |= 0x04;", "states |= 0x02;", "do not have a bit each"),
]


def broken_check(files, name, old, new, expected):
    """What is amiss with how a broken machine is judged; nothing, if the break is found."""
    pattern = r"\s+".join(re.escape(word) for word in old.split())
    text, replaced = re.subn(pattern, lambda _: new, files[name], count=1)
    if replaced != 1:
        return [f"{name} does not hold what this breaks"]
    said, before = (sum(machine_check(machine).values(), [])
                    for machine in ({**files, name: text}, files))
    if expected is None:
        return [problem for problem in said if problem not in before]
    return [] if any(expected in problem for problem in said) else ["not found", *said]


def main():
    folder = pathlib.Path(sys.argv[1])
    files = {path.name: path.read_text(encoding="utf-8")
             for path in [*folder.rglob("*.rl"), *folder.glob("*.h"), folder / "meson.build"]}
    claims = machine_check(files)
    for name, old, new, expected in BROKEN:
        found = f"broken, and found: {expected}" if expected else "altered, and nothing is wrong"
        claim = f"{name} {found} ({old})"
        claims[claim] = broken_check(files, name, old, new, expected)
    for number, (claim, problems) in enumerate(claims.items(), 1):
        print(f"{'not ' if problems else ''}ok {number} - {claim}")
        for problem in problems:
            print(f"# {problem}")
    print(f"1..{len(claims)}")
    return 1 if any(claims.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
