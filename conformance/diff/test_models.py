#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sessionlint diff MODEL MODEL, against all sequences of up to LONGEST events tried by a simulation of its own: which of
two models accepts more, the shortest sequence that tells them apart, the states on its way, the transitions that differ;
and sessionlint check of the sequences that are written. Arguments: the command, the table of the reference or what is
not there. Prints TAP.
"""

import csv
import itertools
import pathlib
import re
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS, Command
from shared.diff_machines import LADDER, NEW_LIFE, SOURCES, TOLERANCES, Model, contains, shortest
from shared.folder import Folder
from shared.sights import close
from shared.table import EVENTS, RECONNECT, RECONNECTED, REUSE, STATES, TABLE
from shared.tap import Tap

LONGEST = 5

NAMES = [*TOLERANCES, "wdm", *(f"{source}:{tolerance}" for source in SOURCES[1:] for tolerance in TOLERANCES),
         "published:mask=logon,logoff", "published:mask=created,connected,disconnected,logon,logoff",
         "reused:mask=logon,logoff,terminated", "known:mask=logon,logoff", "known:mask=connected",
         "known:mask=terminated,connected,logon", "wdm:mask=logon,logoff", "observed:mask=connected,disconnected",
         "wdm:published:mask=created,terminated,connected,disconnected,logon,logoff"]

# A start under Wine is slow.
FEW = ["published", "observed", "known", "wts:implied", "lsm:implied", "winlogon:known", "known:mask=logon,logoff"]

ARCS = [*((state, event, to) for state in sorted(STATES) for event in EVENTS
          if (to := {**TABLE, RECONNECT: RECONNECTED}.get((state, event)))), (NEW_LIFE[0], "(reuse)", NEW_LIFE[1])]

STRICT = {"published": ["--strict", "--rule=implied-termination=error"],
          "reused": ["--strict", "--rule=implied-termination=error"],
          "known": ["--rule=implied-termination=error"], "observed": ["--rule=implied-termination=error"],
          "implied": []}


def states_of(text):
    if text == "any state":
        return set(STATES)
    if text.startswith("all except "):
        return set(STATES) - set(text[len("all except "):].split(", "))
    return set(text.split(" or "))


class Told:
    """What the text says: {name of the accepting model: (word, states of one, states of other)}, and the rows."""

    def __init__(self, text):
        self.ways, self.says = {}, {}
        for part in text.split("\nshortest trace that ")[1:]:
            head, *lines = part.split("\n\n")[0].splitlines()
            accepts, refuses, count = re.fullmatch(r"(\S+) accepts and (\S+) rejects: (\d+) events?", head).groups()
            rows = [re.split(r" {2,}", line.strip()) for line in lines if not line.startswith("  check with ")]
            assert rows[0] == [accepts, refuses], rows[0]
            word = tuple(row[1] for row in rows[2:])
            assert int(count) == len(word) and [row[0] for row in rows[2:]] == [str(i + 1) for i in range(len(word))]
            self.ways[accepts] = word, [row[-2] for row in rows[1:]], [row[-1] for row in rows[1:]]
            self.says[accepts] = dict(re.findall(r"^  check with (\S+): (.*)$", part, re.M))
        table = re.search(r"^from .*\n((?:.+\n)+)", text, re.M)
        self.rows = {tuple(row[:3]): tuple(row[3:]) for row in
                     (re.split(r" {2,}", line) for line in (table[1].splitlines() if table else []))}
        self.count = int(re.search(r"^(\d+) of 19 transitions differs?$", text, re.M)[1])


def view(model, arc):
    state, event, to = arc
    from_there = close({state}, model.unseen)
    words = ["shown"] if to in model.next(from_there, event) else []
    return " or ".join(words + (["hidden"] if state != to and to in from_there else [])) or "-"


def relation(one, other, more, less):
    if more and less:
        return f"neither of {one} and {other} accepts all that the other accepts"
    if more or less:
        return f"{one if more else other} accepts all that {other if more else one} accepts, and more"
    return f"{one} and {other} accept the same traces"


def way_is_right(told, one, other, word):
    """The states behind each event, of both."""
    said, mine, theirs = told
    states = [one.start], [other.start]
    for event in word:
        states[0].append(one.next(states[0][-1], event))
        states[1].append(other.next(states[1][-1], event))
    return (said == word and [states_of(text) for text in mine] == states[0] and theirs[-1] == "rejects it"
            and not states[1][-1] and [states_of(text) for text in theirs[:-1]] == states[1][:-1])


def check_pair(tap, command, path, one, other):
    """Returns the witnesses, by the model that accepts them, and has them written."""
    more, less = not contains(other, one), not contains(one, other)
    result = command.run("diff", *([f"--witness={path}"] if more or less else []), one.name, other.name)
    told, claim = Told(result.text), f"{one.name} and {other.name}"
    problems = []
    if (result.status, bool(result.err)) != (STATUS_FINDINGS if more or less else STATUS_CLEAN, False):
        problems.append("status")
    if result.text.split("\n")[0] != relation(one.name, other.name, more, less):
        problems.append("relation")
    for differs, a, b in ((more, one, other), (less, other, one)):
        word, way = shortest(a, b, LONGEST), told.ways.get(a.name)
        if differs != (way is not None) or word is None and way and len(way[0]) <= LONGEST:
            problems.append(f"a word of {a.name}: {word}")
        elif way and not way_is_right(way, a, b, word or way[0]):
            problems.append(f"the way of {a.name}: {word}")
        elif way and told.says[a.name] != {side.name: says_text(side, way[0]) for side in (a, b)}:
            problems.append(f"what check says of {way[0]}")
    rows = {arc: views for arc in ARCS if len(set(views := (view(one, arc), view(other, arc)))) == 2}
    if told.rows != rows or told.count != len(rows):
        problems.append(f"transitions: {rows}")
    if (more or less) and not rows:
        problems.append("no transition differs")
    tap.ok(not problems, f"{claim}: {', '.join(' '.join(way[0]) for way in told.ways.values()) or 'equal'}",
           "\n".join(problems), result)
    return {name: way[0] for name, way in told.ways.items()}


def says_text(model, word):
    rule = model.says(word)
    return rule or ("no finding" if model.needed(word) == "published" else "a new incarnation of the id, which is not a finding")


def check_witness(tap, command, path, one, other, words):
    """What is written, given to check: the rules of each, and the verdict by the strictness of each."""
    problems, results = [], {}
    for side in (one, other):
        strict = tuple(STRICT[side.tolerance])
        if strict not in results:
            results[strict] = command.run("check", "-q", "-fjson", "--start=initialized", *strict, str(path))
        result = results[strict]
        for session, accepting in ((1, one), (2, other)):
            word = words.get(accepting.name)
            found = [finding for finding in result.findings if finding["host"] == side.name
                     and finding["session"] == session and finding["rule"] != "session/unfinished"]
            ends = [finding for finding in result.findings if finding["host"] == side.name
                    and finding["session"] == session and finding["rule"] == "session/unfinished"]
            if word is None:
                problems += [f"{side.name}: a finding about nothing"] if found + ends else []
                continue
            rules, says = {finding["rule"] for finding in found}, side.says(word)
            if says != "notification/masked" and (says not in rules if says else rules):
                problems.append(f"{side.name}, {' '.join(word)}: {sorted(rules)}, not {says}")
            if says == "notification/masked" and says not in rules:
                problems.append(f"{side.name}, {' '.join(word)}: {sorted(rules)} without {says}")
            if exact(side):
                lives = side.needed(word) != "published"
                refused = any(finding["severity"] == "error" for finding in found) or \
                    lives and side.tolerance in ("published", "observed") and not rules
                if refused != (side is not accepting):
                    problems.append(f"{side.name}, {' '.join(word)}: {'refused' if refused else 'accepted'}")
            if not rules and ends and ends[0]["incarnation"] != (2 if side.needed(word) == "reused" else 1):
                problems.append(f"{side.name}, {' '.join(word)}: life {ends[0]['incarnation']}")
    tap.ok(not problems, f"check of what tells {one.name} from {other.name}", "\n".join(problems), path.read_text())


def exact(side):
    """Whether check can be as strict as the model: it tells ends apart where a mask or a source hides them, and one
    life from two only where Created is shown."""
    if side.mask is not None:
        return "Terminated" in side.mask and side.tolerance in LADDER[1:] or side.tolerance == "implied"
    return side.tolerance in LADDER[1:] or side.source == "wdm"


def check_reference(tap, path):
    if not path.exists():
        tap.skip("the transcribed table is that of the reference", "the reference is not there")
        return
    with path.open(encoding="utf-8") as file:
        rows = {(row["from"], row["event"]): row["to"] for row in csv.DictReader(file)}
    tap.same(TABLE, rows, f"the transcribed table is that of the reference: {len(rows)} transitions")
    tap.ok(REUSE not in rows and RECONNECT not in rows, "which lacks a new life and the reconnect")


def check_spellings(tap, command):
    known = command.run("diff", "published:mask=logon,logoff", "known").text
    for mask in ("0x30", "48", "LOGON|logoff", "IO_SESSION_STATE_LOGON_EVENT,logoff"):
        result = command.run("diff", f"published:mask={mask}", "known")
        tap.same(result.text.replace(f"published:mask={mask}", "X").split(), known.replace(
            "published:mask=logon,logoff", "X").split(), f"mask={mask} is mask=logon,logoff", result)
    for one, other in (("wdm", "implied"), ("wdm:known", "known"), ("wts", "wts:implied"), ("known:mask=all", "known"),
                       ("wdm:observed", "observed"), ("wdm:mask=0x30", "implied:mask=logon,logoff")):
        result = command.run("diff", one, other)
        tap.ok(result.status == STATUS_CLEAN and result.text.startswith(f"{one} and {other} accept the same traces\n"),
               f"{one} is {other}", result)
    result = command.run("diff", "published", "known:mask=0")
    tap.ok(result.status == STATUS_FINDINGS and "only published shows Created, Terminated, Connected, Disconnected, "
           "Logon, Logoff\n" in result.text, "a driver that asked for nothing is told nothing", result)


def check_files(tap, command, folder):
    path = folder.path / "x.trace"
    result = command.run("diff", "-w", str(path), "published", "known")
    plain = command.run("diff", "published", "known")
    tap.ok((result.out, result.status) == (plain.out, plain.status), "--witness changes nothing of what is said", result)
    out = command.run("diff", "-w-", "published", "known")
    tap.ok(out.out.replace(b"\r\n", b"\n") == path.read_bytes().replace(b"\r\n", b"\n") and out.status == plain.status,
           "--witness=- is the trace alone", out)
    for arguments, said in ((["-w", str(folder.path / "no" / "where"), "published", "known"], "No such file"),
                            (["-w", str(folder.path / "none"), "known", "known"], "no trace distinguishes the two models")):
        result = command.run("diff", *arguments)
        tap.ok(result.status == STATUS_FAILED and said in result.error, f"--witness: {said}", result)
    tap.ok(not (folder.path / "none").exists(), "no file without a witness")


def main():
    tap = Tap()
    command, reference = Command(sys.argv[1], tap), pathlib.Path(sys.argv[2])
    check_reference(tap, reference)
    models = [Model(name) for name in (FEW if command.for_windows else NAMES)]
    with Folder() as folder:
        pairs = list(itertools.combinations_with_replacement(models, 2))
        for one, other in pairs if command.for_windows else command.sampled(pairs):
            path = folder.path / "witness.trace"
            words = check_pair(tap, command, path, one, other) if one is not other else {}
            if words:
                check_witness(tap, command, path, one, other, words)
        check_files(tap, command, folder)
    check_spellings(tap, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
