#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`sessionlint model --provenance`: where each value and each transition comes from. The cells are those of the
transcription, and of Microsoft's own drawing of the table. Arguments: the command, the root of the project, the folder of
reference documents. Prints TAP.
"""

import json
import pathlib
import re
import sys

from formal import drawing
from formal.claims import claim, skipped
from shared import outside
from shared.command import STATUS_FAILED, Command
from shared.table import EVENTS, RECONNECT, RECONNECTED, STATES, TABLE
from shared.tap import Tap

# How the picture writes a state.
LABELS = {**{state: state for state in STATES}, "DisconnectedLoggedOn": "Disconnected + LoggedOn"}

CELLS = {(LABELS[state], LABELS[to]): event for (state, event), to in TABLE.items()}

STATES_PAGE, EVENTS_PAGE = "IO_SESSION_STATE enumeration (wdm.h)", "IO_SESSION_EVENT enumeration (wdm.h)"


def provenance(command, *arguments):
    return json.loads(command.run("model", "--provenance=json", *arguments).out)


def cells_of(told):
    return {(each["cell"]["column"], each["cell"]["row"]): each["cell"]["text"] for each in told["transitions"] if each["cell"]}


def check_values(tap, told):
    values = {each["name"]: (each["value"], each["document"]) for each in told["states"] + told["events"]}
    expected = {f"IoSessionState{name}": (number, STATES_PAGE) for number, name in enumerate([*STATES, "Max"], 1)}
    expected |= {f"IoSessionEvent{name}": (number, EVENTS_PAGE) for number, name in enumerate(["Ignore", *EVENTS, "Max"])}
    tap.same(values, expected, f"{len(values)} values, each with its page")
    files = {document["title"]: document["file"] for document in told["documents"]}
    tap.ok(all(files[each["document"]] == each["file"] for each in told["states"] + told["events"]),
           "the file of a value is that of its page")


def check_chart(tap, told, chart):
    """The line of the chart leads to the state, and is below the heading of the state before."""
    wrong = []
    for each in told["transitions"]:
        line = each["chart"]["line"]
        arc = re.search(r"-> (\w+)$", chart[line - 1])
        before = next(match[1] for text in reversed(chart[:line]) if (match := re.match(r"\s*(\w+): \($", text)))
        if not arc or (before, arc[1]) != (each["from"], each["to"]):
            wrong.append(f"{each}: {chart[line - 1]}")
    tap.none(wrong, f"{len(told['transitions'])} lines of the chart have the arcs")


def check_observed(tap, command, published):
    told = provenance(command, "observed")
    [more] = [each for each in told["transitions"] if each not in published["transitions"]]
    tap.ok((more["from"], more["event"], more["to"]) == (*RECONNECT, RECONNECTED)
           and more["document"] is more["file"] is more["cell"] is None, "observed: the reconnect is in no document", more)


def check_text(tap, command):
    text = command.run("model", "--provenance").text
    rows = re.findall(r"^(\w+(?: \+ \w+)?) {2,}(\w+(?: \+ \w+)?) {2,}(\w+) {2,}machine/session\.rl:\d+$", text, re.M)
    tap.same({(column, row): event for column, row, event in rows}, CELLS, "text: the same cells")
    tap.ok(all(f"IoSession{kind}Max" in text for kind in ("State", "Event")) and text.endswith("\n17 transitions\n"),
           "text: the values too")


def check_usage(tap, command):
    for arguments, complaint in ((["lsm", "--provenance"], "can only be used with published and observed"),
                                 (["--provenance=jsn"], "unknown format 'jsn'; did you mean json?"),
                                 (["--provenance", "--mask=logon"], "cannot be used with --provenance"),
                                 (["--provenance", "--sql=duckdb"], "cannot be used together")):
        result = command.run("model", *arguments)
        tap.ok(result.status == STATUS_FAILED and complaint in result.error, f"model {' '.join(arguments)} is refused", result)


def check_schema(tap, told, schema):
    jsonschema = outside.module("jsonschema")
    validator = jsonschema.Draft202012Validator(schema)
    tap.none([error.message for error in validator.iter_errors(told)], "the schema describes it")
    told["transitions"][0]["cell"]["text"] = "Logoon"
    tap.ok(not validator.is_valid(told), "and finds an event with another name")


def check_drawing(tap, told, path):
    if not path.exists():
        raise outside.Missing(f"{path.name} is not there")
    found = drawing.read(path)
    tap.ok(len(found) == 17 + 7 + 7 and drawing.is_grid(found), f"{len(found)} texts of the drawing are cells and labels", found)
    drawn, told_cells = drawing.table(found), cells_of(told)
    claim(tap, drawn == told_cells, "the table is Microsoft's drawing of it, cell by cell, both ways", "libvisio",
          f"{len(drawn)} and {len(told_cells)} cells", *drawn.items() ^ told_cells.items())
    moved = [(x, y + 39 if text == "Logoff" else y, text) for x, y, text in found]
    tap.ok(drawing.table(moved) != told_cells, "a text that is moved to another row is noticed")


def main():
    command_path, root, reference = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    tap = Tap()
    command = Command(command_path, tap)
    told = provenance(command)
    tap.same((told["provenance"], cells_of(told)), ("published", CELLS), "published: the 17 cells of the transcription")
    check_values(tap, told)
    check_chart(tap, told, (root / "machine/session.rl").read_text(encoding="utf-8").splitlines())
    check_observed(tap, command, told)
    check_text(tap, command)
    check_usage(tap, command)
    try:
        check_drawing(tap, told, reference / "published-table.vsd")
    except outside.Missing as missing:
        skipped(tap, "the table is Microsoft's drawing of it", "libvisio", missing)
    schema = json.loads((root / "docs/model.schema.json").read_text(encoding="utf-8"))
    outside.attempt(tap, "the schema", check_schema, told, schema)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
