#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sessionlint diagram: each format, read back by somebody else's parser, holds the transitions of the machine and no
others. Argument: the command. Prints TAP.
"""

import pathlib
import shutil
import subprocess
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, Command
from shared.diagram_machines import expected
from shared.diagram_models import MASKS, MODELS
from shared.diagram_readers import READERS, Drawing, read_graphviz
from shared.diagram_sketch import check_drawing, crossings
from shared.folder import Folder
from shared.tap import Tap

# What every recognizer comes to, counted by hand where a hand can: nodes, edges, undocumented ones.
COUNTS = {"published": (8, 17, 0), "observed": (8, 18, 1), "registration": (3, 14, 0)}


def read(reader, text):
    """The picture, or what is wrong with the text."""
    try:
        return reader(text), ""
    except Exception as wrong:  # whatever a parser stumbles over
        return None, f"{type(wrong).__name__}: {wrong}"


def claim_picture(tap, got, wrong, want, claim, *notes):
    differences = want.differences(got) if got else [wrong]
    tap.ok(not differences, claim, "\n".join(differences), *notes)


def check_formats(tap, command):
    """Every format of every model, and of drivers with some masks."""
    chosen = [([model], model, None) for model in MODELS]
    chosen += [([model, f"--mask={mask}"], model, mask) for model in ("published", "observed") for mask in MASKS]
    for arguments, model, mask in chosen:
        want = expected(model, mask)
        for name, reader in READERS.items():
            result = command.run("diagram", f"--format={name}", *arguments)
            got, wrong = read(reader, result.text)
            tap.ok(result.status == STATUS_CLEAN and not result.err and result.out.isascii()
                   and model in result.text, f"diagram {' '.join(arguments)} -f {name}: written", result.error)
            claim_picture(tap, got, wrong, want,
                          f"diagram {' '.join(arguments)} -f {name}: {len(want.edges)} transitions", result.text)
    for model, counts in COUNTS.items():
        want = expected(model)
        tap.same((len(want.nodes), len(want.edges), sum(edge[3] for edge in want.edges)), counts,
                 f"{model}: nodes, edges, undocumented ones of what the diagrams are held to")


def check_all_masks(tap, command):
    wrong = []
    for model in ("published", "observed"):
        for mask in range(64):
            got, why = read(READERS["json"], command.run("diagram", "-fjson", model, f"--mask={mask}").text)
            wrong += [f"{model} {mask}: {why or difference}" for difference in
                      (expected(model, mask).differences(got) if got else [why])]
    tap.ok(not wrong, "all 64 masks of published and observed", "\n".join(wrong))


def check_svg(tap, command):
    """What makes it legible, of every model and of drivers with some masks."""
    for model in MODELS:
        check_drawing(tap, model, command.run("diagram", model).text)
    for mask in MASKS:
        check_drawing(tap, f"observed {mask:#04x}", command.run("diagram", "observed", f"--mask={mask}").text)
    for model in ("published", "observed"):
        drawing = Drawing(command.run("diagram", model).text)
        tap.same(crossings(drawing), 1, f"svg {model}: one crossing, which no drawing can do without")
        tap.ok(min(drawing.boxes, key=lambda name: sum(drawing.boxes[name][:2])) == "Initialized"
               and max(drawing.boxes, key=lambda name: drawing.boxes[name][0]) == "Terminated",
               f"svg {model}: begins at the upper left and ends at the right", drawing.boxes)


def check_layout_of_matrix(tap, command):
    """The published picture's own head and rows, and its blank cells."""
    rows = [line for line in command.run("diagram", "-f", "matrix").text.splitlines() if line.startswith("|")]
    tap.same([cell.strip() for cell in rows[0].split("|")[2:-1]],
             ["Initialized", "Created", "Connected", "Disconnected", "DisconnectedLoggedOn", "LoggedOn", "LoggedOff"],
             "matrix: the columns of the published picture")
    tap.same([row.split("**")[1] for row in rows[2:]],
             ["Created", "Connected", "Disconnected", "DisconnectedLoggedOn", "LoggedOn", "LoggedOff", "Terminated"],
             "matrix: its rows")
    tap.same(sum(cell.strip() == "" for row in rows[2:] for cell in row.split("|")[2:-1]), 32,
             "matrix: its blank cells")


# Something certain, something possible, the reconnect, and something illegal.
TRACE = """session=1 event=Created
session=1 event=Connected
session=1 event=Logon
session=1 event=Disconnected
session=1 event=Connected
session=1 event=Logon
session=1 event=Logoff
"""


def drawn(command, form):
    """(what, its source, the machine) of each model, and of each with what a trace did."""
    for model in MODELS:
        yield model, command.run("diagram", "-f", form, model), expected(model)
        if model != "registration":
            source = "wdm" if model in ("published", "observed") else model
            yield f"{model} with a trace", command.run("diagram", "-f", form, model, "--trace=-", f"--source={source}",
                                                       input=TRACE.encode()), expected(model)


def check_graphviz(tap, command):
    dot = shutil.which("dot")
    for what, source, want in drawn(command, "dot"):
        claim = f"Graphviz takes dot {what} for the same machine"
        if not dot:
            tap.skip(claim, "no Graphviz")
            continue
        canon = subprocess.run([dot, "-Tcanon"], input=source.out, capture_output=True, check=False)
        tap.ok(canon.returncode == 0 and not canon.stderr, f"dot -Tcanon: {what}", canon.stderr)
        done = subprocess.run([dot, "-Tjson"], input=source.out, capture_output=True, check=False)
        got, wrong = read(read_graphviz, done.stdout.decode())
        claim_picture(tap, got, wrong, want, claim)


def check_command(tap, command):
    plain = command.run("diagram")
    for same in (["published"], ["--model=published"], ["-m", "published"], ["--format=svg"],
                 ["-fsvg", "--", "published"], ["-m", "observed", "--model=published"]):
        tap.same(command.run("diagram", *same).out, plain.out, f"diagram {' '.join(same)} is diagram")
    with Folder() as folder:
        path = folder.path / "picture.svg"
        result = command.run("diagram", "-o", path)
        tap.ok(result.status == STATUS_CLEAN and not result.out and not result.err and path.read_bytes() == plain.out,
               "--output writes the same to a file", result)
        result = command.run("diagram", f"--output={folder.path}/none/picture.svg")
        tap.ok(result.status == STATUS_FAILED and not result.out and "No such file" in result.error,
               "--output into no folder is told", result)
        result = command.run("diagram", "-o", folder.path)
        tap.ok(result.status == STATUS_FAILED and not result.out and result.err, "--output to a folder is told", result)
        path = folder.path / "kept.svg"
        result = command.run("diagram", "-o", path, "lsm", "--mask=logon")
        tap.ok(result.status == STATUS_FAILED and not path.exists(), "wrong usage writes no file", result)
    if pathlib.Path("/dev/full").exists():
        result = command.run("diagram", "-o", "/dev/full")
        tap.ok(result.status == STATUS_FAILED and "No space left" in result.error, "a full disk is told", result)
        with open("/dev/full", "wb") as full:
            result = command.run("diagram", stdout=full)
        tap.ok(result.status == STATUS_FAILED and "standard output" in result.error,
               "a full standard output is told", result)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    check_formats(tap, command)
    check_all_masks(tap, command)
    check_svg(tap, command)
    check_layout_of_matrix(tap, command)
    check_graphviz(tap, command)
    check_command(tap, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
