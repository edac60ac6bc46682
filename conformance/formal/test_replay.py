#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""SPIN takes the events of sessions one by one, by the Promela of `sessionlint model --export`, and stops where `check`
reports the first illegal one: the sessions of all golden traces, and 1,000 random ones. One verifier takes all sessions of
a source. The module for traces in TLA+ stops there too. Arguments: the command, the folder of golden traces. Prints TAP.
"""

import collections
import json
import pathlib
import random
import re
import sys

from formal import checkers, tla
from formal.claims import claim, skipped
from formal.mutants import redirect
from shared import outside, text_oracle
from shared.command import Command
from shared.folder import Folder
from shared.sights import ILLEGAL, shown
from shared.table import EVENTS, RECONNECT, RECONNECTED, START, step
from shared.tap import Tap

RANDOM = 1000
RANDOM_SOURCES = ("wdm", "wts", "sens", "lsm")
SEED = 5
WORDS = 20

PLACE = "an illegal event is where check reports it"

# A process that offers the events of one session after another is chosen by chance: a search tries all.
HARNESS = """
#define REPLAY
#include "session.pml"

c_decl {
static const unsigned char events[] = { %(events)s 0 };
static const int begin[] = { %(begin)s };
}

int word, at;
byte number;

init {
	mtype:event event;

	run session(0);
	do
	:: word < %(last)d -> word++
	:: break
	od;
	c_code { now.at = begin[now.word]; };
	do
	:: c_expr { now.at == begin[now.word + 1] } -> break
	:: else ->
		c_code { now.number = events[now.at]; };
		if
%(names)s
		fi;
		if
		:: happens[0] ! event -> at++
		:: timeout -> break
		fi
	od;
	c_code { printf("taken %%d %%d\\n", now.word, now.at - begin[now.word]); }
}
"""


def golden_words(folder):
    """{source: the events of each session}. A boot, an end or a gap begins other sessions; what is no event is left out."""
    words = collections.defaultdict(list)
    for path in sorted(folder.glob("*.trace")):
        sessions, epoch = {}, 0
        for line in path.read_bytes().split(b"\n"):
            try:
                record = text_oracle.record_of(text_oracle.logfmt_read(line))
            except text_oracle.Malformed:
                epoch += 1
                continue
            if record is None:
                continue
            epoch += record["kind"] == "marker"
            if record["kind"] == "event" and 1 <= record["event"] <= len(EVENTS):
                key = (record["source"], record.get("host"), record["session"], epoch)
                sessions.setdefault(key, []).append(EVENTS[record["event"] - 1])
        for key, events in sessions.items():
            words[key[0]].append(events)
    return words


def random_word(chance, source):
    """What the source shows of a session that does mostly what the table allows; one event in ten is any."""
    state, events = START, []
    for _ in range(chance.randrange(1, 16)):
        allowed = [event for event in EVENTS if step(state, event) or (state, event) == RECONNECT]
        strays = chance.random() < 0.1
        event = chance.choice(EVENTS if strays else allowed)
        sight = shown(source, state, event)
        if strays or sight == "yes" or sight == "may be" and chance.random() < 0.5:
            events.append(event)
        state = RECONNECTED if (state, event) == RECONNECT else step(state, event) or state
    return events


def options_of(source):
    """The machine that check goes by in the end: all that Windows is known to do."""
    return ["published", "--tolerance=implied"] if source == "wdm" else [source]


def by_check(command, source, words):
    """How many events of each session come before the first illegal one."""
    lines, places = [], []
    for number, events in enumerate(words):
        for place, event in enumerate(events):
            lines.append(f"session={number} event={event}")
            places.append(place)
    run = command.check("\n".join(lines) + "\n", f"--source={source}", "--start=initialized")
    taken = [len(events) for events in words]
    for finding in run.findings:
        if finding["rule"] == ILLEGAL:
            taken[finding["session"]] = min(taken[finding["session"]], places[finding["line"] - 1])
    return taken


def by_spin(folder, text, words):
    numbers, begin = [], [0]
    for events in words:
        numbers += [EVENTS.index(event) + 1 for event in events]
        begin.append(len(numbers))
    names = "\n".join(f"\t\t:: number == {number} -> event = event_{event}" for number, event in enumerate(EVENTS, 1))
    (folder / "session.pml").write_text(text, encoding="utf-8")
    harness = HARNESS % {"events": "".join(f"{number}, " for number in numbers), "begin": ", ".join(map(str, begin)),
                         "last": len(words) - 1, "names": names}
    checkers.spin_build(folder, harness, "-DNOCLAIM", "-DSAFETY", "-DNOREDUCE")
    out = checkers.run(["./pan", "-w18", "-E"], folder)
    taken = dict(tuple(map(int, pair)) for pair in re.findall(r"^taken (\d+) (\d+)$", out, re.M))
    if "errors: 0\n" not in out or sorted(taken) != list(range(len(words))):
        raise checkers.Refused(out)
    return [taken[number] for number in range(len(words))]


def differences(words, mine, theirs):
    for events, one, other in zip(words, mine, theirs):
        if one != other:
            yield f"{events}: SPIN takes {one}, check {other}"


def check_source(tap, command, folder, source, golden, chance):
    words = golden + [random_word(chance, source) for _ in range(RANDOM // len(RANDOM_SOURCES) if source in RANDOM_SOURCES else 0)]
    place = folder / source
    place.mkdir()
    text = command.run("model", *options_of(source), "--export=promela").text
    taken, expected = by_spin(place, text, words), by_check(command, source, words)
    illegal = sum(count < len(events) for count, events in zip(expected, words))
    tap.ok(0 < illegal < len(words) or source not in RANDOM_SOURCES, f"{source}: {illegal} of {len(words)} sessions are illegal")
    claim(tap, taken == expected, PLACE, "SPIN",
          f"{source}: {len(golden)} golden and {len(words) - len(golden)} random sessions", *list(differences(words, taken, expected))[:8])
    if source == "wdm":
        wrong = by_spin(place, redirect("promela", text, "LoggedOn", "Logoff", "LoggedOn"), words)
        tap.ok(wrong != expected, "a table that is wrong in one place is noticed")


def check_modules(tap, command, folder):
    """The module for traces, with records of other kinds and sessions of two hosts among each other."""
    tla.parser()
    module, trace_module = (command.run("model", *options_of("wdm"), f"--export={language}").text
                            for language in ("tla", "tla-trace"))
    chance, wrong, illegal = random.Random(SEED), [], 0
    for _ in range(WORDS):
        sessions = [{"host": host, "session": 1, "events": random_word(chance, "wdm")} for host in ("a", "b")]
        trace = [{"marker": "boot", "host": "a"}]
        while any(session["events"] for session in sessions):
            session = chance.choice([each for each in sessions if each["events"]])
            trace.append({"host": session["host"], "session": 1, "event": session["events"].pop(0)})
        path = folder / "trace.ndjson"
        path.write_text("".join(f"{json.dumps(record)}\n" for record in trace), encoding="utf-8")
        found = [finding["line"] for finding in command.run("check", "--format=json", "--quiet", str(path)).findings
                 if finding["rule"] == ILLEGAL]
        illegal += bool(found)
        accepted, printed = tla.trace_is_accepted(module, trace_module, trace)
        # the records of events are counted from 1; before them is the boot
        if (accepted, [place for _, place, _ in printed]) != (not found, [min(found) - 1] if found else []):
            wrong.append(f"{trace}: {printed}, {found}")
    tap.ok(0 < illegal < WORDS, f"{illegal} of {WORDS} traces are illegal")
    claim(tap, not wrong, PLACE, "tree-sitter-tlaplus", f"SessionTrace: {WORDS} random traces of two sessions", *wrong[:3])


def check(tap, command, folder, traces):
    outside.program("spin")
    golden, chance = golden_words(traces), random.Random(SEED)
    tap.ok(sum(map(len, golden.values())) > 20, f"golden traces have sessions of {sorted(golden)}")
    for source in sorted({*RANDOM_SOURCES, *golden}):
        check_source(tap, command, folder, source, golden[source], chance)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as temporary:
        for tool, run, arguments in (("SPIN", check, (pathlib.Path(sys.argv[2]),)), ("tree-sitter-tlaplus", check_modules, ())):
            try:
                run(tap, command, temporary.path, *arguments)
            except outside.Missing as missing:
                skipped(tap, PLACE, tool, missing)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
