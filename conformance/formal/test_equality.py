#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What `sessionlint model --export` writes, read back, accepts the sequences that the recognizers of Ragel accept: every
source under every tolerance, every EventMask under every tolerance, and the machine of registrations. Arguments: the
command, dump_recognizers. Prints TAP. With SESSIONLINT_FORMAL=all in the environment every machine is read in every
language; otherwise each in two of them.
"""

import json
import os
import pathlib
import re
import sys

from formal.claims import claim, skipped
from formal.machines import Machine, Recognizer, difference, dump
from formal.readers import READERS, read_dot2c
from shared import outside
from shared.command import Command
from shared.folder import Folder
from shared.table import EVENTS
from shared.tap import Tap

ALL = os.environ.get("SESSIONLINT_FORMAL") == "all"

SYMBOLS = ("ObjectCreation", "ObjectDeletion", "RegisterSuccess", "RegisterCommitted", "RegisterRefusal", "Unregister",
           "Notification", "TraceEnd")

TERMINATED = 0x80  # the bit of IoSessionStateTerminated
REGISTERED = 0x04  # nothing needs to follow, but in this state

SAME = "same sequences as Ragel's recognizer"

SCHEMA = pathlib.Path(__file__).resolve().parent.parent.parent / "docs" / "model.schema.json"


def machines(dumped):
    """(what it is, options, recognizer) of each."""
    for (source, tolerance), automaton in dumped.items():
        if source is None:
            yield "registration", ["registration"], Recognizer(automaton, SYMBOLS, lambda states: not states & REGISTERED)
            continue
        name = "published" if source == "wdm" else source
        yield f"{source} {tolerance}", [name, f"--tolerance={tolerance}"], \
            Recognizer(automaton, EVENTS, lambda states: states & TERMINATED)
        for mask in range(64) if source == "wdm" else ():
            hidden = [event for bit, event in enumerate(EVENTS) if not mask & 1 << bit]
            yield f"EventMask {mask:#04x} {tolerance}", [name, f"--tolerance={tolerance}", f"--mask={mask:#04x}"], \
                Recognizer(automaton, EVENTS, lambda states: states & TERMINATED, hidden)


def export(command, language, options):
    return command.run("model", *options, f"--export={language}").text


def check_equal(tap, command, found):
    """Every machine in JSON, and in one more language in turn, or in all."""
    wrong, counts = {language: [] for language in READERS}, dict.fromkeys(READERS, 0)
    others = [language for language in READERS if language != "json"]
    for number, (what, options, recognizer) in enumerate(found):
        for language in READERS if ALL else ("json", others[number % len(others)]):
            counts[language] += 1
            try:
                apart = difference(READERS[language](export(command, language, options)), recognizer)
            except (ValueError, TypeError, KeyError) as error:
                apart = f"unreadable: {error}"
            if apart is not None:
                wrong[language].append(f"{what}: {apart}")
    for language, problems in wrong.items():
        claim(tap, not problems, SAME, f"product, {language}", f"{counts[language]} machines",
              *problems[:8])


def check_dot2c(tap, command, found):
    """Linux' own reader of the DOT: tools/verification of its source, which LINUX_VERIFICATION names."""
    folder = pathlib.Path(os.environ.get("LINUX_VERIFICATION") or "-")
    script = next((path for path in (folder / "rvgen/dot2c", folder / "dot2/dot2c") if path.exists()), None)
    if not script:
        raise outside.Missing("LINUX_VERIFICATION does not name tools/verification of Linux' source")
    environment = {**os.environ, "PYTHONPATH": f"{script.parent}:{folder}"}
    wrong, count = [], 0
    with Folder() as temporary:
        for what, options, recognizer in found:
            text = export(command, "rv", options)
            # it knows events by their transitions
            if not READERS["rv"](text).arcs:
                continue
            count += 1
            path = temporary.file("session.dot", text)
            made = outside.run([sys.executable, script, path], env=environment).stdout
            apart = difference(read_dot2c(made), recognizer)
            if apart is not None:
                wrong.append(f"{what}: {apart}")
    claim(tap, not wrong, SAME, "dot2c", f"{count} machines", *wrong)


def flipped(text, line, states):
    """The text with another target in a line: that of the next state in the list."""
    at = len(text[:line.start()])
    old = line[0]
    names = re.findall("|".join(sorted(states, key=len, reverse=True)), old)
    target = names[-1]
    other = states[(states.index(target) + 1) % len(states)]
    before, after = old[:old.rindex(target)], old[old.rindex(target) + len(target):]
    return text[:at] + before + other + after + text[at + len(old):]


def transition_lines(text, language, count):
    """The lines whose absence takes a transition away."""
    if language == "json":
        return list(re.finditer(r'^ *\{"from":.+$', text, re.M))
    return [line for line in re.finditer(r"^.+$", text, re.M) if is_short(without(text, line), language, count)]


def without(text, line):
    return text[:line.start()] + text[line.end() + 1:]


def is_short(text, language, count):
    """Whether exactly one transition is missing; where the rest cannot be read, the line was something else."""
    try:
        return len(READERS[language](text).triples()) == count - 1
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, StopIteration):
        return False


def is_noticed(text, language, recognizer):
    try:
        return difference(READERS[language](text), recognizer) is not None
    except (ValueError, TypeError, KeyError, AttributeError):
        return True


def check_mutations(tap, command, recognizer):
    """Each transition of the published table, taken away or led elsewhere in each language, is noticed."""
    for language in READERS:
        text = export(command, language, ["published"])
        lines = transition_lines(text, language, 17)
        states = ["LoggedOff", "LoggedOn", "Connected", "Created"]
        if language == "rv":
            states = ["logged_off", "logged_on", "connected", "created"]
        missed = [line[0] for line in lines if not is_noticed(without(text, line), language, recognizer)]
        flips = [line for line in lines if re.search("|".join(states), line[0])]
        missed += [line[0] for line in flips if not is_noticed(flipped(text, line, states), language, recognizer)]
        tap.ok(len(lines) == 17 and not missed, f"{language}: each of {len(lines)} transitions, without it or with another state",
               *missed)


def check_difference(tap):
    """The product itself finds a difference that only a long sequence shows."""
    ring = {"start": 1, "edges": [[n, 1, n + 1] for n in range(1, 9)] + [[9, 2, 1]], "states": {str(n): 1 for n in range(1, 10)}}
    recognizer = Recognizer(ring, EVENTS, lambda states: False)
    triples = [(str(n), "Created", str(n + 1)) for n in range(1, 9)] + [("9", "Terminated", "1")]
    tap.same(difference(Machine.of("1", [], triples), recognizer), None, "the product: equal machines")
    tap.same(difference(Machine.of("1", [], triples[:-1]), recognizer), ["Created"] * 8 + ["Terminated"],
             "the product: the shortest sequence that tells them apart")
    tap.same(difference(Machine.of("1", ["9"], triples), recognizer), ["Created"] * 8 + ["(final)"], "the product: the final states")


def check_schema(tap, command):
    jsonschema = outside.module("jsonschema")
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    for options in (["published"], ["lsm"], ["observed", "--mask=logon"], ["registration"], ["rdp", "--tolerance=abrupt"]):
        told = json.loads(export(command, "json", options))
        tap.none([error.message for error in validator.iter_errors(told)], f"the schema describes {' '.join(options)}")
        told["states"][0]["states"] = ["Logged"]
        tap.ok(not validator.is_valid(told), "and not one with an unknown state")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    dumped = dump(sys.argv[2])
    found = list(machines(dumped))
    tap.same(len(found), 9 * 6 + 6 * 64 + 1, "every source, tolerance and mask, and registrations")
    check_difference(tap)
    check_equal(tap, command, found)
    try:
        check_dot2c(tap, command, found if ALL else found[::20])
    except outside.Missing as missing:
        skipped(tap, SAME, "dot2c", missing)
    check_mutations(tap, command, Recognizer(dumped["wdm", "published"], EVENTS, lambda states: states & TERMINATED))
    outside.attempt(tap, "the schema of the JSON", check_schema, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
