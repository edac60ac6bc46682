#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sessionlint diagram: each format, read back by somebody else's parser, holds the transitions of the machine and no
others. Argument: the command. Prints TAP.
"""

import pathlib
import re
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))

from support import STATUS_CLEAN, STATUS_FAILED, Command, Folder, Tap  # noqa: E402
from machines import expected  # noqa: E402
from readers import READERS, SVG, Drawing, crossings, read_graphviz, shared_stretches  # noqa: E402

MODELS = ("published", "observed", "wts", "sens", "lsm", "winlogon", "registration")
MASKS = (0x00, 0x01, 0x02, 0x0c, 0x30, 0x33, 0x3b, 0x3f)

# What every recognizer comes to, counted by hand where a hand can: nodes, edges, undocumented ones.
COUNTS = {"published": (8, 17, 0), "observed": (8, 18, 1), "registration": (3, 14, 0)}

CHARACTER, LINE = 7.4, 13  # of the widest usual font at 13 px


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


# ---- the picture


def label_box(text, line=0):
    """What a word takes, about."""
    words = text.text if line == 0 else text[line - 1].text
    x, y, width = float(text.get("x")), float(text.get("y")) + 15 * line, CHARACTER * len(words)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[text.get("text-anchor")]
    return left, y - LINE + 3, width, LINE - 2


def overlap(one, other):
    return (one[0] < other[0] + other[2] and other[0] < one[0] + one[2]
            and one[1] < other[1] + other[3] and other[1] < one[1] + one[3])


def check_drawing(tap, model, text):
    drawing, wrong = read(Drawing, text)
    if not tap.ok(drawing, f"svg {model}: a drawing", wrong):
        return
    root = drawing.root
    labels = [(label_box(label, line), label.text) for _, label, _ in drawing.lines
              for line in range(1 + len(label.findall(SVG + "tspan")))]
    clashes = [(a, b) for i, (one, a) in enumerate(labels) for other, b in labels[:i] if overlap(one, other)]
    clashes += [(a, name) for one, a in labels for name, box in drawing.boxes.items() if overlap(one, box)]
    tap.ok(not clashes, f"svg {model}: no word lies on another or on a box", clashes)
    shared = shared_stretches(drawing)
    tap.ok(not shared, f"svg {model}: only lines to the same box run on each other", shared)
    width, height = (float(number) for number in root.get("viewBox").split()[2:])
    outside = [a for (x, y, w, h), a in labels if x < 0 or y < 0 or x + w > width or y + h > height]
    outside += [point for line, _, _ in drawing.lines for point in line
                if not (0 <= point[0] <= width and 0 <= point[1] <= height)]
    tap.ok(not outside and width <= 860, f"svg {model}: all inside, and legible at 800 px", width, outside)
    tap.ok(not re.search(r"<script|<foreignObject|href|@import|<image|<use|\son\w+=|url\((?!#)", text),
           f"svg {model}: no script, nothing from elsewhere")
    named = root.get("aria-labelledby").split()
    told = {element.get("id"): element.text for element in root}
    tap.ok(root.get("role") == "img" and all(told.get(name) for name in named) and len(named) == 2
           and root[0].tag == SVG + "title" and root[1].tag == SVG + "desc"
           and root[1].text.count(" leads from ") == len(drawing.lines),
           f"svg {model}: a title and a description that tells every edge")
    tap.ok("@media (prefers-color-scheme:dark)" in text and "stroke-dasharray" in text,
           f"svg {model}: light and dark")


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


# ---- other people's parsers: more of them in ../outside/


def check_graphviz(tap, command):
    dot = shutil.which("dot")
    for model in MODELS:
        claim = f"Graphviz takes dot {model} for the same machine"
        if not dot:
            tap.skip(claim, "no Graphviz")
            continue
        source = command.run("diagram", "-f", "dot", model).out
        canon = subprocess.run([dot, "-Tcanon"], input=source, capture_output=True, check=False)
        tap.ok(canon.returncode == 0 and not canon.stderr, f"dot -Tcanon: {model}", canon.stderr)
        done = subprocess.run([dot, "-Tjson"], input=source, capture_output=True, check=False)
        got, wrong = read(read_graphviz, done.stdout.decode())
        claim_picture(tap, got, wrong, expected(model), claim)


# ---- the command


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
