#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Properties of whole traces, tried on lives that make_lives makes up. Legal ones, with events hidden, lost, repeated and
out of order, numbered in each way and cut anywhere, have no error. Of those with a breach, a session has an error
exactly where a search through all its runs (lives_judge.py) finds none that explains it; where the numbers leave open what is
lost, at most there. Arguments: the command, make_lives,
how many legal lives and how many judged ones, the seed, and for how many seconds to go on with others. Prints TAP.
"""

import collections
import os
import pathlib
import subprocess
import sys
import time

from shared import lives_judge
from shared.command import Command
from shared.folder import Folder
from shared.sights import ILLEGAL, WRONG_STATE
from shared.tap import Tap

# How each folder of make_lives is read.
READINGS = {"plainly": [], "late": ["--start=unknown"], "strict": ["--strict"], "known": ["--start=initialized"]}
QUIET = [f"--rule={rule}=off" for rule in ("unfinished", "gap", "implied-termination", "leaked")]

# No more are on the disk at once, nor in a run of the command.
LIVES_AT_ONCE = 100_000
FILES_AT_ONCE = 1_000

# How many lives begin in a short trace, on average.
LEGAL_AVERAGE, JUDGED_AVERAGE = 10, 3


class Maker:
    """make_lives and a folder for what it makes."""

    def __init__(self, path, folder):
        self.path, self.folder = path, folder
        for reading in READINGS:
            (folder / reading).mkdir()

    def make(self, seed, lives, average, *judged):
        """Makes traces; returns what is told of them."""
        for path in self.folder.rglob("*.trace"):
            path.unlink()
        return subprocess.run([self.path, str(self.folder), str(seed), str(lives), str(average), *judged], check=True,
                              stdout=subprocess.PIPE).stdout.decode()


class Kind:
    """What is found in the traces of one kind."""

    def __init__(self):
        self.traces = self.lives = self.breaches = self.wrong = 0
        self.notes = []

    def add(self, trace, breaches, notes):
        self.traces += 1
        self.lives += trace.lives
        self.breaches += breaches
        self.wrong += bool(notes)
        if len(self.notes) < 20:
            self.notes += notes


def errors_in(command, folder):
    """The errors in all traces of the folder: {path: [finding, ...]}."""
    found = {}
    for reading, options in READINGS.items():
        paths = sorted(os.listdir(folder / reading))
        for at in range(0, len(paths), FILES_AT_ONCE):
            result = command.run("check", "--quiet", "--no-config", "--format=json", *QUIET, *options,
                                 *paths[at:at + FILES_AT_ONCE], cwd=folder / reading)
            for finding in result.findings:
                if finding["severity"] == "error":
                    found.setdefault(f"{reading}/{finding['file']}", []).append(finding)
    return found


def shown(folder, trace, findings):
    """A trace that is judged wrongly, and what was found."""
    lines = (folder / trace.path).read_text().splitlines()
    return [f"{trace.path}: {trace.plan}", *(f"line {finding['line']}: {finding['message']}: "
                                            f"{lines[finding['line'] - 1]}" for finding in findings[:3])]


def wrongly_judged(trace, findings):
    """How many sessions of a trace nothing explains, and those that are not judged so."""
    lines = [finding["line"] for finding in findings if finding["rule"] in (ILLEGAL, WRONG_STATE)]
    breaches, wrong = 0, []
    for life in trace.sessions:
        breach = lives_judge.unexplained(life)
        breaches += bool(breach) and not life.doubtful
        own = {record.line for record in life.records}
        got, expected = next((line for line in lines if line in own), None), breach.line if breach else None
        # where the numbers leave open what is lost, an error can be later or not be found, but not where there is none
        if got != expected and not (life.doubtful and expected):
            wrong.append(f"{life}: an error is expected at {expected}, and is at {got}")
    return breaches, wrong


def judge_all(command, maker, told, judged, kinds):
    """Checks all traces of the maker; what is found goes to their kinds."""
    found = errors_in(command, maker.folder)
    for trace in lives_judge.traces_of(told):
        findings = found.get(trace.path, [])
        breaches, wrong = 0, ["an error in a legal trace"] * bool(findings)
        if judged:
            breaches, wrong = wrongly_judged(trace, findings)
        kinds[trace.kind].add(trace, breaches, [*shown(maker.folder, trace, findings), *wrong] if wrong else [])


def report(tap, kinds, what):
    for name, kind in sorted(kinds.items()):
        claim = f"{what}, {name}: {kind.traces} traces, {kind.lives} lives"
        if kind.breaches:
            claim += f", {kind.breaches} sessions that nothing explains"
        tap.ok(not kind.wrong, claim, f"{kind.wrong} traces are judged wrongly", *kind.notes)


def main():
    tap = Tap()
    command, maker_path = Command(sys.argv[1], tap), os.path.abspath(sys.argv[2])
    lives, judged, seed, *seconds = map(int, sys.argv[3:])
    legal_kinds, judged_kinds = collections.defaultdict(Kind), collections.defaultdict(Kind)
    end = time.monotonic() + sum(seconds)
    print(f"# from seed {seed}")
    with Folder() as folder:
        maker = Maker(maker_path, pathlib.Path(folder.path))
        while True:
            for at in range(0, lives, LIVES_AT_ONCE):
                told = maker.make(seed, min(LIVES_AT_ONCE, lives - at), LEGAL_AVERAGE)
                judge_all(command, maker, told, False, legal_kinds)
                seed += 1
            for at in range(0, judged, LIVES_AT_ONCE):
                told = maker.make(seed, min(LIVES_AT_ONCE, judged - at), JUDGED_AVERAGE, "judged")
                judge_all(command, maker, told, True, judged_kinds)
                seed += 1
            if time.monotonic() >= end:
                break
    report(tap, legal_kinds, "legal")
    report(tap, judged_kinds, "with a breach")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
