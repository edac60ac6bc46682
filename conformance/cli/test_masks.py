#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sessionlint model --mask: how a mask is written, and what is said of a driver with it, held to the runs of the
published table. Argument: the command. Prints TAP.
"""

import re
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, Command
from shared.table import EVENTS, RECONNECT, RECONNECTED, START, STATES, TABLE
from shared.tap import Tap

MODELS = {"published": TABLE, "observed": {**TABLE, RECONNECT: RECONNECTED}}

# As many told events as are looked at, and as many unseen ones between two of them: a state need not come twice.
TOLD, UNSEEN = 7, len(STATES) - 1

# What all mean the same, and the mask that it is.
SPELLINGS = [
    (0x00, ["0", "0x0", "0x00"]),
    (0x01, ["created", "creation", "1", "0x1", "CREATED", "IO_SESSION_STATE_CREATION_EVENT"]),
    (0x02, ["terminated", "termination", "2", "io_session_state_termination_event"]),
    (0x04, ["connected", "connect", "4", "IO_SESSION_STATE_CONNECT_EVENT"]),
    (0x08, ["disconnected", "disconnect", "8", "IO_SESSION_STATE_DISCONNECT_EVENT"]),
    (0x30, ["logon,logoff", "logoff,logon", "logon|logoff", "Logon,LOGOFF", "logon,logon,logoff", "48", "0x30", "0X30",
            "IO_SESSION_STATE_LOGON_EVENT|IO_SESSION_STATE_LOGOFF_EVENT", "logon, logoff", " logon | logoff\t",
            "IoSessionEventLogon,iosessioneventlogoff"]),
    (0x3f, ["created,terminated,connected,disconnected,logon,logoff", "63", "0x3f", "0x3F",
            "IO_SESSION_STATE_VALID_EVENT_MASK"]),
    (0xffffffff, ["all", "ALL", "all,logon", "4294967295", "0xffffffff", "IO_SESSION_STATE_ALL_EVENTS"]),
]

NO_MASK = ["", ",", "logon,", ",logon", "logon,,logoff", "logon;logoff", "logon logoff", "lgon", " ", " 0x30", "IoSessionEventIgnore", "ignore",
           "max", "logon,5", "0x", "x30", "-1", "+1", "1.0", "0x100000000", "4294967296", "none"]
NO_EVENT = ["0x40", "64", "0x7f", "0x80000000", "0x7fffffff", "0xffffffc0", "0xfffffffe"]

# With published: verified, sometimes, alike, not told. Counted by hand from the table.
COUNTS = {
    # nothing is told
    "0": (0, 0, 0, 17),
    # Logon in Connected or Disconnected, Logoff in LoggedOn or DisconnectedLoggedOn: which, nobody can tell
    "logon,logoff": (0, 0, 4, 13),
    # Created happens in one state only
    "created": (1, 0, 0, 16),
    # both Connected look like each other; without Created and Disconnected no run tells which it was, but that of a
    # second Connected: only Disconnected can have come between
    "connected": (0, 1, 1, 15),
    # everything is told
    "all": (17, 0, 0, 0),
}


def spread(states, table, told):
    """The states, and where unseen events lead from them."""
    for _ in range(UNSEEN):
        states = states | {to for (state, event), to in table.items() if state in states and event not in told}
    return frozenset(states)


def runs_of(table, told):
    """For each word that runs from the beginning tell: (where those told one event less end, its last event, where
    they end). Words, not sets of states, are gone through."""
    words, found = {(): spread({START}, table, told)}, []
    for _ in range(TOLD):
        longer = {}
        for word, ends in words.items():
            for event in told:
                to = {table[state, event] for state in ends if (state, event) in table}
                if to:
                    longer[(*word, event)] = spread(to, table, told)
                    found.append((ends, event, longer[(*word, event)]))
        words = longer
    return found


def views_of(table, told, runs):
    """What a driver can say of each transition: the view, and the states in which it looks the same."""
    views = {}
    for state, event in table:
        sources = [frozenset(at for at in ends if (at, event) in table) for ends, taken, _ in runs if taken == event]
        sources = [at for at in sources if state in at]
        alike = tuple(other for other in STATES if other != state and any(other in at for at in sources))
        if event not in told:
            view = "no: not notified"
        elif not alike:
            view = "yes"
        elif any(at == {state} for at in sources):
            view = "sometimes: can look the same in " + ", ".join(alike)
        else:
            view = "no: looks the same in " + ", ".join(alike)
        views[state, event] = view
    return views


def sections_of(text):
    """Beliefs by name, the rows of the table with beliefs for names, the views, the last line."""
    parts = text.split("\n\n")
    beliefs = {state: frozenset({state}) for state in STATES}
    rows, views = set(), {}
    for part in parts:
        lines = part.splitlines()
        if lines[0].startswith("belief "):
            beliefs.update({line.split()[0]: frozenset(line.split()[1:]) for line in lines[1:]})
        elif lines[0].split() == ["from", "event", "to"]:
            rows = [tuple(line.split()) for line in lines[1:]]
        elif lines[0].startswith("from ") and lines[0].endswith("can the driver verify it?"):
            for line in lines[1:]:
                state, event, to, view = line.split(None, 3)
                views[state, event] = (to, view)
    return {(beliefs[a], event, beliefs[b]) for a, event, b in rows}, views, parts[-1].strip()


def counts_of(text):
    match = re.fullmatch(r"of (\d+) transitions the driver can verify (\d+), and (\d+) sometimes; it is notified "
                         r"of (\d+) that look like others, and not of (\d+)", text)
    return tuple(map(int, match.groups())) if match else None


def check_mask(command, model, mask):
    """What is wrong with what is said of a mask."""
    table, told = MODELS[model], [event for bit, event in enumerate(EVENTS) if mask >> bit & 1]
    result = command.run("model", model, f"--mask={mask}")
    if result.status != STATUS_CLEAN or result.err:
        return [str(result)]
    rows, views, last = sections_of(result.text)
    runs = runs_of(table, told)
    expected = views_of(table, told, runs)
    problems = []
    if rows != set(runs):
        problems.append(f"mask 0x{mask:02x}: the table of beliefs is not that of the runs")
    for (state, event), to in table.items():
        if views.get((state, event)) != (to, expected[state, event]):
            problems.append(f"mask 0x{mask:02x}: {event} in {state}: {views.get((state, event))}, not "
                            f"{(to, expected[state, event])}")
    said = list(expected.values())
    counts = (len(table), *(sum(view.startswith(start) for view in said)
                            for start in ("yes", "sometimes", "no: looks", "no: not")))
    if counts_of(last) != counts or len(views) != len(table):
        problems.append(f"mask 0x{mask:02x}: {last}, not {counts}")
    if f"; as seen by a driver with EventMask 0x{mask:02x}\n" not in result.text:
        problems.append(f"mask 0x{mask:02x}: the mask is not told")
    return problems


def check_views(tap, command):
    for model, table in MODELS.items():
        problems = [problem for mask in range(64) for problem in check_mask(command, model, mask)]
        tap.ok(not problems, f"{model}: what is said of 64 masks by {len(table)} transitions is what the runs say",
               *problems)


def check_counts(tap, command):
    for mask, counts in COUNTS.items():
        result = command.run("model", f"--mask={mask}")
        tap.same(counts_of(result.text.rstrip().rpartition("\n")[2]), (17, *counts), f"--mask={mask}: the counts",
                 result)


def check_spellings(tap, command):
    for mask, spellings in SPELLINGS:
        known = command.run("model", "--mask", str(mask))
        tap.ok(known.status == STATUS_CLEAN and f"EventMask 0x{mask:02x}\n" in known.text, f"--mask {mask}", known)
        for spelling in spellings:
            tap.same(command.run("model", f"--mask={spelling}").out, known.out, f"--mask={spelling} is {mask}")
    known = command.run("model", "--mask=logon").out
    for same in (["--mask=logoff", "--mask=logon"], ["published", "--mask=logon"], ["--mask=logon", "-mpublished"]):
        tap.same(command.run("model", *same).out, known, f"model {' '.join(same)} is model --mask=logon")
    valid, every = (command.run("model", f"--mask={mask}").text for mask in ("0x3f", "all"))
    tap.same(every.replace("0xffffffff", "0x3f"), valid, "all says of the 17 what the six events say")
    tap.ok(command.run("model").text.split("\n", 1)[1].rstrip() in valid, "and holds the model without a mask")


def check_wrong(tap, command):
    wrong = [([f"--mask={mask}"], f"--mask needs a number or events separated by commas, not '{mask}'") for mask in NO_MASK]
    wrong += [([f"--mask={mask}"], f"--mask={mask} has bits set that do not correspond to an event") for mask in NO_EVENT]
    wrong += [([model, "--mask=logon"], "--mask describes a driver; it can only be used with published and observed")
              for model in ("wts", "sens", "lsm", "winlogon", "winlogon-operational", "profile", "rdp", "account")]
    wrong += [(["--mask=logon", "wts"], "--mask describes a driver"), (["--mask"], "--mask needs a value: EVENTS"),
              (["--mask=logon", "--mask=lgon"], "not 'lgon'"),
              (["--mask=logoff, lgon"], "not 'logoff, lgon': unknown event 'lgon'; did you mean logon?"),
              (["--mask=logon,5"], "not 'logon,5': unknown event '5'\n"), (["--mas=logon"], "unknown option --mas"),
              (["--mask=logon", "bserved"], "unknown model 'bserved'; did you mean observed?")]
    for arguments, complaint in wrong:
        result = command.run("model", *arguments)
        tap.ok(result.status == STATUS_FAILED and not result.out and result.error.startswith("sessionlint: ")
               and complaint in result.error and "--help'" in result.error, f"model {' '.join(arguments)} is refused",
               f"expected {complaint!r}", result)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    check_views(tap, command)
    check_counts(tap, command)
    check_spellings(tap, command)
    check_wrong(tap, command)
    return tap.done()


sys.exit(main())
