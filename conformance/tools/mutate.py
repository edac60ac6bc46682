#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Mutation testing. mutate.py ROOT FOLDER [COUNT [SEED]] tries so many mutants, mutate.py ROOT FOLDER alive those that nothing
has killed or explained yet. mutate.py ROOT FOLDER hunt [SECONDS] looks for traces that these judge otherwise. mutate.py ROOT
FOLDER cells flips each cell of the table. FOLDER keeps copies of the sources, builds and results: a run goes on where it was
stopped. In the environment, MUTATE_WORKSHOPS says how many mutants are tried at once (2), MUTATE_STAGES how many stages of tests
(all).
"""

import collections
import os
import pathlib
import sys
import time

from mutation import cells, hunt, mutants, survivors
from mutation.results import Results, Shops, digest_of_tests, keep, read_alive, read_killed
from mutation.suites import CELLS, STAGES
from mutation.workshop import EQUIVALENT, INVALID, KILLED, SURVIVED, Broken

COUNT, SEED = 1000, 1
KILLED_MIN = 0.95
NOTICED_MIN = 3
WORKSHOPS = int(os.environ.get("MUTATE_WORKSHOPS", "2"))
# So many are tried by their files: those of one file share what is built.
BLOCK = 100


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def selected(drawn, results, count):
    """The first of a draw that count: those that are known to be no mutants, or none that differ, have another one instead."""
    for mutant in drawn:
        if count == 0:
            break
        entry = results.get(mutant.digest)
        if entry is None or entry["outcome"] in (KILLED, SURVIVED):
            count -= 1
        yield mutant


def blocks(items):
    for start in range(0, len(items), BLOCK):
        yield from sorted(items[start:start + BLOCK], key=lambda mutant: (mutant.file, mutant.line))


def try_until(root, folder, choose, until=int(os.environ.get("MUTATE_STAGES", len(STAGES)))):
    """Tries the mutants that choose(results) returns until all are known; returns them, and what came of them."""
    results = Results(folder / "results.jsonl", digest_of_tests(root), until, read_killed())
    shops = Shops(root, folder, WORKSHOPS)
    shops.cover()
    done = collections.Counter()

    def attempt(shop, mutant):
        began = time.monotonic()
        outcome, test, passed = shop.attempt(mutant.file, mutant.lines, mutant.text, results.passed(mutant.digest), until, results.kills())
        results.add(mutant.digest, outcome=outcome, by=test, passed=passed, seconds=round(time.monotonic() - began, 1), operator=mutant.operator,
                    file=mutant.file, line=mutant.line, before=mutant.before, after=mutant.after)
        done[outcome] += 1
        if done.total() % 20 == 0:
            say(f"mutate: {done.total()}:", ", ".join(f"{number} {name}" for name, number in sorted(done.items())))

    while True:
        chosen = choose(results)
        left = [mutant for mutant in chosen if results.get(mutant.digest) is None]
        if not left:
            return [(mutant, results.get(mutant.digest)) for mutant in chosen]
        say(f"mutate: {len(left)} of {len(chosen)} mutants left")
        shops.work(attempt, list(blocks(left)))


def try_all(root, folder, count, seed):
    """Tries mutants until so many count."""
    drawn = list(mutants.draw(mutants.all_mutants(root), seed))
    return try_until(root, folder, lambda results: list(selected(drawn, results, count)))


def alive_mutants(root):
    """Those that are alive; those whose function has changed since are no more."""
    alive = set(read_alive())
    return [mutant for mutant in mutants.all_mutants(root) if mutant.digest in alive]


def try_alive(root, folder):
    """Tries them again."""
    chosen = alive_mutants(root)
    return try_until(root, folder, lambda results: chosen)


def hunt_alive(root, folder, seconds=600):
    """Looks for traces that they judge otherwise."""
    chosen = alive_mutants(root)
    found = hunt.hunt(root, folder / "hunt", chosen, seconds, say)
    print(f"\n{found} of {len(chosen)} mutants judge a trace otherwise")


def table(rows, words):
    widths = [max(len(str(row[i])) for row in [words, *rows]) for i in range(len(words))]
    for row in [words, *rows]:
        print("  ".join(str(cell).ljust(width) if i == 0 else str(cell).rjust(width)
                        for i, (cell, width) in enumerate(zip(row, widths))))


def report(root, tried, least=KILLED_MIN):
    """Prints what came of the mutants, and keeps which were killed and which are alive; returns whether that is enough: the
    others are explained, and so large a part of those that are not is killed."""
    known = survivors.read()
    keep(mutants.all_mutants(root), tried, known)
    counts = collections.Counter((mutant.operator, entry["outcome"]) for mutant, entry in tried)
    rows = [(operator, counts[operator, KILLED] + counts[operator, SURVIVED],
             *(counts[operator, outcome] for outcome in (KILLED, SURVIVED, EQUIVALENT, INVALID)))
            for operator in mutants.OPERATORS]
    rows.append(("all", *(sum(row[i] for row in rows) for i in range(1, 6))))
    _, count, killed, *_ = rows[-1]
    alive = [mutant for mutant, entry in tried if entry["outcome"] == SURVIVED]
    unexplained = [mutant for mutant in alive if mutant.key not in known]
    for title, group in (("Survivors that are explained", [mutant for mutant in alive if mutant.key in known]),
                         ("Survivors that are not", unexplained)):
        print(f"\n{title}: {len(group)}")
        for mutant in sorted(group, key=lambda mutant: (mutant.file, mutant.line)):
            print(f"\n{mutant.file}:{mutant.line}: {mutant.operator}\n{survivors.paragraph(mutant)}")
            if mutant.key in known:
                print(known[mutant.key])
    print("\nWhat killed them:")
    by = collections.Counter(entry["by"] for _, entry in tried if entry["outcome"] == KILLED)
    table(by.most_common(), ("test", "mutants"))
    print()
    table(rows, ("operator", "mutants", "killed", "survived", "equivalent", "not compiled"))
    noticeable = count - len(alive) + len(unexplained)
    print(f"\n{killed / max(count, 1):.1%} of {count} killed, {killed / max(noticeable, 1):.1%} of the {noticeable} that are not explained;"
          f" {len(unexplained)} survivors without an explanation")
    return killed >= least * noticeable and not unexplained


def try_cells(root, folder):
    """Flips each cell; prints which tests notice it, and returns whether those are enough."""
    chart = (root / cells.CHART).read_text(encoding="utf-8")
    results = Results(folder / "cells.jsonl", digest_of_tests(root))
    flips = {mutants.digest_of("cell", results.tests, text): (state, event, what, text)
             for state, event, what, text in cells.flips(chart)}

    def attempt(shop, digest):
        state, event, what, text = flips[digest]
        results.add(digest, outcome=KILLED, cell=[state, event, what], by=shop.count(cells.CHART, text, CELLS))
        say(f"mutate: {state}, {event}, {what}: {results.get(digest)['by']}")

    # builds of its own: those of the mutants are left as they are
    Shops(root, folder / "cells", WORKSHOPS, covers=False).work(attempt, [digest for digest in flips if results.get(digest) is None])
    found = [(*flips[digest][:3], results.get(digest)["by"]) for digest in flips]
    table([(f"{state}, {event}", what, "not built" if by is None else len(by)) for state, event, what, by in found],
          ("cell", "flipped", "tests"))
    print()
    noticed = collections.Counter(test for *_, by in found for test in by or ())
    table([(test, noticed[test]) for test in CELLS.tests], ("test", "flips noticed"))
    least = min(len(by or ()) for *_, by in found)
    print(f"\n{len({flip[:2] for flip in found})} cells, {len(found)} flips, each noticed by at least {least} of {len(CELLS.tests)} tests")
    return least >= NOTICED_MIN


def main():
    root, folder, *words = sys.argv[1:]
    root, folder = pathlib.Path(root).resolve(), pathlib.Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    name = words.pop(0) if words and words[0] in ("cells", "alive", "hunt") else ""
    try:
        numbers = [int(word) for word in words]
    except ValueError:
        say("mutate: COUNT, SEED and SECONDS are numbers")
        return 2
    try:
        if name == "cells":
            return 0 if try_cells(root, folder) else 1
        if name == "alive":
            return 0 if report(root, try_alive(root, folder), 0) else 1
        if name == "hunt":
            hunt_alive(root, folder, *numbers[:1])
            return 0
        count, seed = (*numbers, *(COUNT, SEED)[len(numbers):])
        return 0 if report(root, try_all(root, folder, count, seed)) else 1
    except Broken as broken:
        say(f"mutate: {broken}")
        return 2


if __name__ == "__main__":
    sys.exit(main())
