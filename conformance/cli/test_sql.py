#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`sessionlint model --sql`: the table in each dialect, folded here, says what `check` says of all words up to length 4.
The databases themselves run the functions in ./dev python. Argument: the command. Prints TAP.
"""

import itertools
import re
import sys

from shared.command import Command
from shared.table import EVENTS, RECONNECT, RECONNECTED, START, TABLE
from shared.tap import Tap

DIALECTS = ("duckdb", "spark", "clickhouse", "postgres")
SOURCES = ("wts", "sens", "lsm", "winlogon", "winlogon-operational", "profile", "rdp")
WORDS = [word for size in range(1, 5) for word in itertools.product(range(1, 7), repeat=size)]


def fold(table, word):
    """The place of the first illegal event, from 1; 0: there is none."""
    state = 1
    for place, event in enumerate(word, 1):
        state = ord(table[state * 6 + event - 1]) - ord("0")
        if state == 0:
            return place
    return 0


def by_transcription(cells, word):
    state = START
    for place, event in enumerate(word, 1):
        state = cells.get((state, EVENTS[event - 1]))
        if state is None:
            return place
    return 0


def by_check(command, source, start):
    """What `check` says: all words in one trace, a session each."""
    lines, begins = [], []
    for number, word in enumerate(WORDS):
        begins.append(len(lines))
        lines += [f"session={number} event={EVENTS[event - 1]}" for event in word]
    run = command.check("\n".join(lines) + "\n", f"--source={source}", f"--start={start}")
    found = {}
    for finding in run.findings:
        if finding["rule"] == "session/illegal-transition":
            place = finding["line"] - begins[finding["session"]]
            found[finding["session"]] = min(place, found.get(finding["session"], place))
    return [found.get(number, 0) for number in range(len(WORDS))]


def tables(command, tap, model, start):
    """The table of a model in each dialect, which must be the same."""
    found = set()
    for dialect in DIALECTS:
        text = command.run("model", f"--sql={dialect}", f"--start={start}", model).text
        found |= set(re.findall(r"subst(?:r|ring)\('([^']+)'", text))
        tap.ok(all(f"session_{name}" in text for name in ("check", "state", "event")) and "{" not in text,
               f"{model}, {start}, {dialect}: three functions")
    tap.same(len(found), 1, f"{model}, {start}: one table in all dialects")
    return found.pop()


def differences(found, wanted):
    for word, mine, theirs in zip(WORDS, found, wanted):
        if mine != theirs:
            yield f"{[EVENTS[event - 1] for event in word]}: {mine} instead of {theirs}"


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    for model, cells in (("published", TABLE), ("observed", {**TABLE, RECONNECT: RECONNECTED})):
        table = tables(command, tap, model, "initialized")
        tap.same(len(table), 54, f"{model}: a string of 54 characters")
        tap.none(differences([fold(table, word) for word in WORDS], [by_transcription(cells, word) for word in WORDS]),
                 f"{model}: {len(WORDS)} words by the transcription of the table")
    for source in SOURCES:
        for start in ("initialized", "unknown"):
            table = tables(command, tap, source, start)
            wanted = by_check(command, source, start)
            tap.none(differences([fold(table, word) for word in WORDS], wanted),
                     f"{source}, {start}: {len(WORDS)} words as `check` has them, {sum(map(bool, wanted))} illegal")
    masked = command.run("model", "--sql=duckdb", "--mask=logon,logoff", "published").text
    plain = command.run("model", "--sql=duckdb", "published").text
    tap.ok("substring('" in masked and masked != plain, "a mask is taken into account")
    for words, says in ((["--sql=oracle"], "duckdb"), (["--start=unknown"], "--start needs --sql"),
                        (["--sql=spark", "--start=midway"], "initialized")):
        run = command.run("model", *words)
        tap.ok(run.status == 2 and says in run.error, f"{words}: {run.error.strip()}")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
