#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What ./dev bench measures, in small: the programs that sessionlint is compared with find the same illegal events, and the
table and the JSON have all rows, with the programs that are not installed. Argument: the build folder. Prints TAP.
"""

import json
import os
import pathlib
import random
import shutil
import subprocess
import sys

import peers
from shared.folder import Folder
from shared.table import EVENTS, START, step
from shared.tap import Tap

FOLDER = pathlib.Path(__file__).resolve().parent
SESSIONS = 500


def lives(seed):
    """The lines of a trace, in which some sessions end with an event that is illegal there, and how many."""
    chance, illegal, sessions = random.Random(seed), 0, []
    for session in range(SESSIONS):
        state, events = START, []
        for _ in range(chance.randrange(1, 20)):
            legal = [event for event in EVENTS if step(state, event)]
            events.append(chance.choice(legal))
            state = step(state, events[-1])
        if chance.random() < 0.3:
            events.append(chance.choice([event for event in EVENTS if not step(state, event)]))
            illegal += 1
        sessions.append([(session, event) for event in events])
    lines = []
    while sessions:
        at = chance.randrange(len(sessions))
        lines.append("time=2026-03-02T08:00:00Z session={} event={}".format(*sessions[at].pop(0)))
        sessions = [session for session in sessions if session]
    return "\n".join(lines) + "\n", illegal


def findings(sessionlint, path):
    report = subprocess.run([sessionlint, "check", "--no-config", "--format=json", path], check=False,
                            capture_output=True).stdout
    counts = json.loads(report.splitlines()[-1])["summary"]["findings"]
    # the reconnect that the table does not have is a finding of its own
    return counts.get("session/illegal-transition", 0) + counts.get("session/undocumented-transition", 0)


def compare(tap, folder, sessionlint):
    trace, illegal = lives(1)
    path = folder.file("lives.trace", trace)
    macros = folder.file("macros.sql", subprocess.run([sessionlint, "model", "--sql=duckdb"], check=True,
                                                      capture_output=True).stdout)
    tap.same(findings(sessionlint, path), illegal, "sessionlint finds the illegal events")
    for side in (peers.mawk(path), peers.python(path), peers.duckdb(path, macros), peers.pm4py(path)):
        if side.missing:
            tap.skip(f"{side.name} finds them", f"{side.name} {side.missing}")
        else:
            side.run()
            tap.same(side.output, str(illegal), f"{side.name} finds them")


def run(folder, build, **environment):
    to = folder.path / "bench.json"
    table = subprocess.run([sys.executable, FOLDER / "bench.py", build, to, folder.path / "nothing"], check=True,
                           capture_output=True, text=True,
                           env={**os.environ, "BENCH_EVENTS": "2000", "BENCH_RUNS": "1", "BENCH_SESSIONS": "1000",
                                **environment}).stdout
    return table, json.loads(to.read_bytes())


def rows(tap, folder, build):
    (folder.path / "programs").mkdir()
    (folder.path / "programs/wc").symlink_to(shutil.which("wc"))
    table, measured = run(folder, build, PATH=str(folder.path / "programs"))
    sides = [side for row in measured["rows"] for side in row["sides"]]
    tap.ok(len(measured["rows"]) >= 10 and all(row["sides"][0]["name"] == "sessionlint" and row["sides"][0]["ratio"] == 1
                                               for row in measured["rows"]), "each row begins with sessionlint")
    tap.same({side["name"] for side in sides if side["name"] in ("mawk", "grep -c") and "missing" not in side}, set(),
             "programs that are not installed are not measured")
    tap.same(table.count("| mawk | is not installed |"), 3, "the table names them")
    tap.none([side for side in sides if "missing" not in side and not (side["cpu"][0] >= 0 and side["wall"][0] > 0)],
             "all others have their times")
    tap.same(sum(line.startswith("|") for line in table.splitlines()) - 3, len(sides), "the table has what the JSON has",
             table)
    tap.ok(measured["memory"]["peak"] > measured["memory"]["with_one"] > 0, "memory grows with the sessions",
           measured["memory"])


def main():
    tap = Tap()
    build = pathlib.Path(sys.argv[1])
    with Folder() as folder:
        compare(tap, folder, build / "sessionlint")
        rows(tap, folder, build)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
