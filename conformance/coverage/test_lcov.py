#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""LCOV: each line it names is the arc that was counted, by the text of machine/session.rl; genhtml, where there is one,
reads it. Arguments: the command, the project's folder. Prints TAP.
"""

import pathlib
import re
import shutil
import subprocess
import sys

from shared.command import STATUS_CLEAN, Command
from shared.folder import Folder
from shared.ledger import ARCS, Ledger, events
from shared.tap import Tap

CHART = "machine/session.rl"


def arcs_of_chart(text):
    """{line: (from, to)}, read by brackets and arrows: what stands in a state's block before its to-state action."""
    found, text = {}, re.sub(r"#.*", "", text)
    for block in re.finditer(r"(\w+):\s*\(([^()]*)\)\s*>~in_(\w+)", text):
        assert block[1] == block[3]
        for arc in re.finditer(r"\w+\s*->\s*(\w+)", block[2]):
            if arc[1] != "final":
                line = text.count("\n", 0, block.start(2) + arc.start()) + 1
                found[line] = (block[1], arc[1])
    return found


def parse(text):
    """The records of a tracefile: {path: {line: count}}. Strict: nothing but what geninfo(1) tells."""
    files, path, lines, sums = {}, None, {}, {}
    for line in text.splitlines():
        key, _, value = line.partition(":")
        if key == "SF":
            path, lines, sums = value, {}, {}
        elif key == "DA":
            number, count = map(int, value.split(","))
            assert number > max(lines, default=0) and count >= 0
            lines[number] = count
        elif key in ("LF", "LH"):
            sums[key] = int(value)
        elif line == "end_of_record":
            assert sums == {"LF": len(lines), "LH": sum(count > 0 for count in lines.values())}
            files[path], path = lines, None
        else:
            assert key == "TN" and not value, line
    assert path is None
    return files


def genhtml(folder, project, info):
    """What genhtml says of a tracefile: its status, output and the page of the chart."""
    path = folder.file("model.info", info)
    done = subprocess.run(["genhtml", "--output-directory", str(folder.path / "html"), str(path)], cwd=project,
                          capture_output=True, text=True, check=False)
    pages = list((folder.path / "html").rglob("session.rl.gcov.html"))
    return done, pages[0].read_text() if pages else ""


def main():
    tap = Tap()
    command, project = Command(sys.argv[1], tap), pathlib.Path(sys.argv[2])
    chart = arcs_of_chart((project / CHART).read_text())
    tap.same(len(chart), 19, "the chart has 17 arcs, the reconnect and the reuse of an id")
    trace = events(["Created", "Connected", "Logon", "Disconnected", "Connected", "Logoff", "Terminated", "Created",
                    "Disconnected", "Connected", "Disconnected"]).encode()
    result = command.run("coverage", "--format=lcov", "-", input=trace)
    ledger = Ledger(command.run("coverage", "--format=json", "-", input=trace).out)
    expected = {line: ledger.reused for line, arc in chart.items() if arc == ("Terminated", "Initialized")}
    for (state, event), to in ARCS.items():
        expected |= {line: ledger.taken.get((state, event), 0) for line, arc in chart.items() if arc == (state, to)}
    tap.same((result.status, parse(result.text)), (STATUS_CLEAN, {CHART: expected}),
             "each arc is a line of the chart, with its count")
    tap.same({(item["from"], item["to"]): item["line"] for item in ledger.json["transitions"]
              + ledger.json["undocumented"]}, {arc: line for line, arc in chart.items() if arc[0] != "Terminated"},
             "the lines in JSON are those of the chart")
    moved = command.run("coverage", "--format=lcov", "--chart=/else where/session.rl", "-", input=trace)
    tap.same(parse(moved.text), {"/else where/session.rl": expected}, "--chart says where the chart lies")
    if not shutil.which("genhtml"):
        tap.skip("genhtml", "genhtml (Debian package lcov) is not installed")
        return tap.done()
    with Folder() as folder:
        done, page = genhtml(folder, project, result.text)
        hit = sum(count > 0 for count in expected.values())
        tap.ok(done.returncode == 0 and f"({hit} of {len(expected)} lines)" in done.stdout, "genhtml reads it",
               done.stdout, done.stderr)
        # the classes of lines that are not covered, in lcov 1 and 2
        missed = len(re.findall(r'class="(?:lineNoCov|tlaUNC)\b', page))
        tap.ok("DisconnectedLoggedOn" in page and missed >= len(expected) - hit,
               "and shows the chart", page[:200])
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
