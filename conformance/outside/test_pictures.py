#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Diagrams, read by the programs that they are for: Mermaid's parser, PlantUML, which writes what it has understood as
SCXML, Qt's compiler of SCXML, Graphviz, librsvg. Every model, alone and with what traces did, drivers with every mask,
and what the documents show.
Argument: the command. Prints TAP.
"""

import json
import re
import struct
import sys
import xml.etree.ElementTree as ElementTree
import zlib

from shared import outside
from shared.command import Command
from shared.diagram_models import MASKS, MODELS
from shared.diagram_readers import SCXML, Drawing
from shared.folder import Folder
from shared.tap import Tap

TRACES = [f"--trace={path}" for path in sorted(outside.ROOT.glob("traces/*/*.trace"))]
MACHINES = [model for model in MODELS if model != "registration"]  # of sessions

# {name: arguments}
ALL = {model: [model] for model in MODELS}
ALL |= {f"{model} with traces": [model, *TRACES] for model in MACHINES}
ALL |= {f"{model} {mask}": [model, f"--mask={mask}"] for model in ("published", "observed") for mask in range(64)}
DRAWN = {name: words for name, words in ALL.items() if len(words) != 2} | {
    name: ALL[name] for name in (f"observed {mask}" for mask in MASKS)}
# No background is as dark as the frame of a box.
DARK = 0xA0

QT = ("/usr/lib/qt5/bin", "/usr/lib/qt6/libexec", "/usr/lib/qt6/bin")


def draw(command, form, chosen=None):
    """{name: diagram}"""
    return {name: command.run("diagram", f"--format={form}", *words).out for name, words in (chosen or ALL).items()}


def edges(command):
    """{name: the edges by the names of their nodes}, as the format JSON has them, which ../diagram holds to the
    machine; '' is where it begins, 'illegal' where nothing leads."""
    found = {}
    for name, data in draw(command, "json").items():
        whole = json.loads(data)
        found[name] = sorted([(each["from"], each["event"], each["to"]) for each in whole["edges"]]
                             + [(each["in"], each["event"], "illegal") for each in whole.get("illegal", [])]
                             + [("", "", node["name"]) for node in whole["nodes"] if node["start"]])
    return found


def event_of(label):
    """The event that the label of an edge begins with, behind its colour."""
    return re.match(r"(?:<color:\S+?>)?(\w*)", label or "")[1]


def claim_all(tap, claim, wrong):
    """One claim for many diagrams: a page of lines would tell no more."""
    tap.ok(not any(wrong.values()), f"{claim}: {len(wrong)} diagrams",
           *(f"{name}: {trouble}" for name, trouble in wrong.items() if trouble))


# The parser cleans labels with a DOM, which node has not.
MERMAID = """
async function answer(texts, library, dom) {
    const fs = require('node:fs'), vm = require('node:vm');
    globalThis.window = globalThis.self = require(dom).createWindow('<body></body>');
    globalThis.document = window.document;
    globalThis.Element = window.Element;
    vm.runInThisContext(fs.readFileSync(library, 'utf8'));
    const found = [];
    for (const text of texts) {
        try {
            await mermaid.parse(text);
            const { type, db } = await mermaid.mermaidAPI.getDiagramFromText(text);
            found.push({ type, relations: db.getRelations() });
        } catch (error) {
            found.push({ error: error.message });
        }
    }
    return found;
}
"""


def mermaid_edges(diagram):
    return sorted((("" if each["id1"] == "root_start" else each["id1"]), event_of(each["relationTitle"]),
                   each["id2"].partition("_")[0]) for each in diagram["relations"] if each["id2"] != "root_end")


def check_mermaid(tap, command, expected):
    packages = [outside.package("mermaid", "dist/mermaid.min.js"),
                outside.package("@mixmark-io/domino", "lib/index.js")]
    told = {name: text.decode() for name, text in draw(command, "mermaid").items()}
    documents = [*outside.ROOT.glob("*.md"), *outside.ROOT.glob("docs/**/*.md"), *outside.ROOT.glob("traces/*.md")]
    shown = {path.name: path.read_text(encoding="utf-8") for path in outside.ROOT.glob("docs/**/*.mmd")}
    for path in documents:
        for number, block in enumerate(re.findall(r"```mermaid\n(.*?)```", path.read_text(encoding="utf-8"), re.S), 1):
            shown[f"{path.name} {number}"] = block
    tap.ok(len(shown) >= 2, "the documents show diagrams of Mermaid's", shown.keys())
    fault = told["published"].replace("-->", "->", 1)
    read = outside.node(MERMAID, [*told.values(), *shown.values(), fault], *packages)
    tap.ok(read.pop().get("error"), "Mermaid refuses an arrow that is none of its own")
    read = dict(zip([*told, *shown], read))
    claim_all(tap, "Mermaid takes them for state diagrams",
              {name: diagram.get("error") or ("state" not in diagram["type"] and diagram["type"])
               for name, diagram in read.items()})
    expected = expected | {name: expected["observed" if name == "README.md 1" else "published"] for name in shown}
    claim_all(tap, "Mermaid reads the edges of the machine",
              {name: mermaid_edges(diagram) != expected[name] and (mermaid_edges(diagram), expected[name])
               for name, diagram in read.items() if "relations" in diagram})


def scxml_edges(text):
    root = ElementTree.fromstring(text)
    return sorted((("" if state.get("id") == root.get("initial") else state.get("id")),
                   event_of(arc.get("event")), arc.get("target"))
                  for state in root for arc in state.findall(SCXML + "transition") if arc.get("target") != "end")


def check_plantuml(tap, command, expected, folder):
    plantuml = outside.program("plantuml")
    names = {}
    for number, (name, text) in enumerate(draw(command, "plantuml").items()):
        names[name] = folder.file(f"plantuml/{number}.puml", text)
    done = outside.run([plantuml, "-checkonly", *names.values()])
    tap.ok(done.returncode == 0 and not done.stderr, f"PlantUML takes them: {len(names)} diagrams", done.stdout,
           done.stderr)
    done = outside.run([plantuml, "-tscxml", "-o", folder.path / "scxml", *names.values()])
    read = {name: scxml_edges((folder.path / "scxml" / f"{path.stem}.scxml").read_bytes())
            for name, path in names.items()}
    claim_all(tap, "PlantUML reads the edges of the machine",
              {name: got != expected[name] and (got, expected[name]) for name, got in read.items()})
    done = outside.run([plantuml, "-syntax"], names["published"].read_bytes())
    tap.ok(done.stdout.startswith("STATE"), "PlantUML takes it for a state diagram", done.stdout)
    fault = folder.file("fault.puml", names["published"].read_bytes().replace(b"-->", b"->->", 1))
    tap.ok(outside.run([plantuml, "-checkonly", fault]).returncode, "PlantUML refuses an arrow that is none of its own")


def graphviz_edges(whole):
    names = ["" if each["name"] == "start" else each["name"].partition("_")[0] for each in whole["objects"]]
    return sorted((names[each["tail"]], event_of(each.get("label")), names[each["head"]]) for each in whole["edges"])


def check_graphviz(tap, command, expected):
    dot = outside.program("dot")
    wrong = {}
    for name, text in draw(command, "dot", DRAWN).items():
        done = outside.run([dot, "-Tjson"], text)
        got = graphviz_edges(json.loads(done.stdout)) if done.returncode == 0 else None
        wrong[name] = done.stderr or got != expected[name] and (got, expected[name])
    claim_all(tap, "Graphviz reads the edges of the machine", wrong)


def check_scxml(tap, command, folder):
    compiler = outside.program("qscxmlc", *QT)

    def trouble(text):
        done = outside.run([compiler, folder.file("machine.scxml", text), "--output", folder.path / "machine"])
        return (done.stderr + done.stdout) or (done.returncode and f"status {done.returncode}")

    written = draw(command, "scxml")
    claim_all(tap, "Qt's compiler of SCXML takes them", {name: trouble(text) for name, text in written.items()})
    fault = written["published"].replace(b'target="Created"', b'target="Nowhere"')
    tap.ok("Nowhere" in str(trouble(fault)), "Qt's compiler of SCXML refuses a transition that leads nowhere")


def pixels(png):
    """The rows of a PNG as bytes, and how many a pixel has. One with 8 bits and no interlace."""
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    size, data, at = {2: 3, 6: 4}[kind] if depth == 8 else 0, b"", 8
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at:at + 8])
        data += png[at + 8:at + 8 + length] if name == b"IDAT" else b""
        at += length + 12
    data, rows, above = zlib.decompress(data), [], bytes(width * size)
    for start in range(0, height * (width * size + 1), width * size + 1):
        how, row = data[start], data[start + 1:start + 1 + width * size]
        above = row if how == 0 else bytes((a + b) & 255 for a, b in zip(row, above)) if how == 2 else \
            unfiltered(how, row, above, size)
        rows.append(above)
    return rows, size


def unfiltered(how, row, above, size):
    """A row that tells how it differs from what is on the left of it too."""
    left, corner = bytearray(size) + row, bytes(size) + above
    for i, value in enumerate(row):
        a, b, c = left[i], above[i], corner[i]
        if how == 4:
            pa, pb, pc = abs(b - c), abs(a - c), abs(a + b - c - c)
            guess = a if pa <= pb and pa <= pc else b if pb <= pc else c
        else:
            guess = a if how == 1 else (a + b) // 2
        left[i + size] = (value + guess) & 255
    return bytes(left[size:])


def check_svg(tap, command):
    """What librsvg makes of it has the size it should; in those that the documents show, it shows the frames."""
    renderer = outside.program("rsvg-convert")
    for name, text in draw(command, "svg", DRAWN).items():
        drawing = Drawing(text.decode())
        png, said = outside.render([renderer, "--background-color=white"], text)
        tap.ok(not said and png[16:24] == struct.pack(">II", *(int(drawing.root.get(key)) for key in
                                                               ("width", "height"))), f"librsvg draws {name}", said)
        if (outside.ROOT / "docs" / "diagrams" / f"{name}.svg").exists():
            rows, size = pixels(png)
            frames = {box: rows[int(y)][int(x + width / 2) * size:][:3] for box, (x, y, width, _)
                      in drawing.boxes.items()}
            tap.ok(frames and all(max(colour) < DARK for colour in frames.values()),
                   f"librsvg shows the boxes of {name}", frames)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    expected = edges(command)
    with Folder() as folder:
        outside.attempt(tap, "Mermaid takes the diagrams", check_mermaid, command, expected)
        outside.attempt(tap, "PlantUML takes the diagrams", check_plantuml, command, expected, folder)
        outside.attempt(tap, "Graphviz takes the diagrams", check_graphviz, command, expected)
        outside.attempt(tap, "Qt's compiler of SCXML takes the diagrams", check_scxml, command, folder)
        outside.attempt(tap, "librsvg draws the diagrams", check_svg, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
