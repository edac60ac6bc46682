# SPDX-License-Identifier: MIT
"""A parser for each format, which knows of the format and nothing of the program that wrote it. The SVG is read as it
is drawn: an edge begins at the border of a box and ends at that of another."""

import json
import re
import xml.etree.ElementTree as ElementTree

from machines import Picture

SVG = "{http://www.w3.org/2000/svg}"
SCXML = "{http://www.w3.org/2005/07/scxml}"
OWN = "{urn:sessionlint:diagram}"


class Wrong(Exception):
    """It is not what the format says."""


def need(holds, text):
    if not holds:
        raise Wrong(text)


def picture(start, nodes, edges):
    """From names: nodes is {name: states}."""
    need(all(a in nodes and b in nodes for a, _, b, _ in edges), "an edge without its node")
    need(len(set(nodes.values())) == len(nodes), "two nodes are the same")
    return Picture(nodes[start], list(nodes.values()),
                   [(nodes[a], event, nodes[b], mark) for a, event, b, mark in edges])


def states_of(text):
    return frozenset(re.split(r", |\\n| ", text))


# ---- one a format


def read_json(text):
    whole = json.loads(text)
    starts = [node["name"] for node in whole["nodes"] if node["start"]]
    need(len(starts) == 1, "one start")
    nodes = {node["name"]: frozenset(node["states"]) for node in whole["nodes"]}
    left = {edge["from"] for edge in whole["edges"]}
    need(all(node["final"] == (node["name"] not in left) for node in whole["nodes"]), "final: what nothing leaves")
    return picture(starts[0], nodes,
                   [(edge["from"], edge["event"], edge["to"], edge["undocumented"]) for edge in whole["edges"]])


def read_dot(text):
    lines = text.splitlines()
    need(re.fullmatch(r'digraph "[a-z]+" \{', lines[0]) and lines[-1] == "}", "a digraph")
    nodes, edges, start = {}, [], None
    for line in lines[1:-1]:
        node = re.fullmatch(r'\t"(\w+)" \[label="(\w+)(?:\\n([\w\\]+))?"(, peripheries=2)?\];', line)
        edge = re.fullmatch(r'\t"(\w+)" -> "(\w+)" \[label="(\w+)"(, style=dashed)?\];', line)
        first = re.fullmatch(r'\t"start" -> "(\w+)";', line)
        if node:
            need(node[1] == node[2], f"the label of {node[1]}")
            nodes[node[1]] = states_of(node[3] or node[1])
        elif edge:
            edges.append((edge[1], edge[3], edge[2], bool(edge[4])))
        elif first:
            start = first[1]
        else:
            other = r'\t(label="[^"]*"|rankdir=LR|node \[.*\]|"start" \[shape=point, label=""\]);'
            need(re.fullmatch(other, line), line)
    return picture(start, nodes, edges)


def read_graphviz(text):
    """What `dot -Tjson` makes of it."""
    whole = json.loads(text)
    names = {each["_gvid"]: each["name"] for each in whole["objects"]}
    nodes = {each["name"]: states_of(each["label"].split("\\n", 1)[-1]) for each in whole["objects"]
             if each["name"] != "start"}
    arrows = [(names[each["tail"]], each.get("label"), names[each["head"]], each.get("style") == "dashed")
              for each in whole["edges"]]
    start, = [b for a, _, b, _ in arrows if a == "start"]
    return picture(start, nodes, [arrow for arrow in arrows if arrow[0] != "start"])


def read_lines(lines, states, arrow, ends):
    """What Mermaid and PlantUML share: a line for each edge, [*] for the start and for the end."""
    edges, starts, finals = [], [], []
    for line in lines:
        edge = re.fullmatch(arrow, line)
        need(edge, line)
        a, b, event, mark = edge["a"], edge["b"], edge["event"], edge["mark"]
        if a == "[*]":
            starts.append(b)
        elif b == "[*]":
            finals.append(a)
        else:
            edges.append((a, event, b, bool(mark)))
            need(bool(mark) == (edge.groupdict().get("dashed", mark and "dashed") == "dashed"), f"dashed: {line}")
    need(len(starts) == 1, "one start")
    nodes = {name: states.get(name, frozenset({name})) for name in
             [*starts, *finals, *(edge[0] for edge in edges), *(edge[2] for edge in edges), *ends]}
    need(set(finals) == set(nodes) - {edge[0] for edge in edges}, "[*] behind what nothing leaves")
    return picture(starts[0], nodes, edges)


def read_mermaid(text):
    lines = text.splitlines()
    need(lines[0] == "stateDiagram-v2" and lines[2] == "    direction LR", "stateDiagram-v2")
    need(re.fullmatch(r"    accTitle: [a-z]+: .+", lines[1]), "a title")
    named = [re.fullmatch(r'    state "(\w+) = ([\w, ]+)" as (\w+)', line) for line in lines]
    need(all(match[1] == match[3] for match in named if match), "names of beliefs")
    states = {match[3]: states_of(match[2]) for match in named if match}
    rest = [line for line, match in zip(lines[3:], named[3:]) if not match]
    arrow = r"    (?P<a>\S+) --> (?P<b>[^\s:]+)(?:: (?P<event>\w+)(?P<mark> \(undocumented\))?)?"
    return read_lines(rest, states, arrow, states)


def read_plantuml(text):
    lines = text.splitlines()
    need(lines[0] == "@startuml" and lines[-1] == "@enduml" and lines[1].startswith("title "), "@startuml")
    names = [line[6:] for line in lines if re.fullmatch(r"state \w+", line)]
    told = [re.fullmatch(r"(\w+) : ([\w, ]+)", line) for line in lines]
    states = {match[1]: states_of(match[2]) for match in told if match}
    rest = [line for line, match in zip(lines, told)
            if not match and not line.startswith(("state ", "title ", "hide ", "@"))]
    arrow = (r"(?P<a>\S+) -(?:\[(?P<dashed>dashed)\])?-> (?P<b>\S+)"
             r"(?: : (?P<event>\w+)(?P<mark> \(undocumented\))?)?")
    return read_lines(rest, states, arrow, names)


# What the schema of the W3C lets an element of the core module have: attributes, and elements in it.
SCXML_ELEMENTS = {
    "scxml": ({"initial", "name", "version", "datamodel", "binding"},
              {"state", "parallel", "final", "datamodel", "script"}),
    "state": ({"id", "initial"}, {"onentry", "onexit", "transition", "initial", "state", "parallel", "final", "history",
                                  "datamodel", "invoke"}),
    "final": ({"id"}, {"onentry", "onexit", "donedata"}),
    "transition": ({"event", "cond", "target", "type"}, set()),
}


def read_scxml(text):
    root = ElementTree.fromstring(text.encode())
    need(root.tag == SCXML + "scxml" and root.get("version") == "1.0", "an scxml element, version 1.0")
    for element in root.iter():
        attributes, children = SCXML_ELEMENTS[element.tag.replace(SCXML, "")]
        plain = {name for name in element.attrib if not name.startswith("{")}
        need(plain <= attributes, f"attributes of {element.tag}")
        need({child.tag for child in element} <= {SCXML + child for child in children}, f"elements in {element.tag}")
        need(not (element.text or "").strip() and not (element.tail or "").strip(), "no text")
    need(re.fullmatch(r"[\w.:-]+", root.get("name")), "the name is an NMTOKEN")
    ids = [element.get("id") for element in root]
    need(all(re.fullmatch(r"[A-Za-z_]\w*", name) for name in ids) and len(set(ids)) == len(ids), "ids")
    nodes = {element.get("id"): states_of(element.get(OWN + "states") or element.get("id")) for element in root}
    edges = [(state.get("id"), arc.get("event"), arc.get("target"), arc.get(OWN + "undocumented") == "true")
             for state in root for arc in state]
    return picture(root.get("initial"), nodes, edges)


def cells(line):
    need(line.startswith("| ") and line.endswith(" |"), line)
    return [cell.strip() for cell in line[1:-1].split("|")]


def read_matrix(text):
    lines = text.splitlines()
    rows = [line for line in lines if line.startswith("|")]
    head, columns = cells(rows[0])[0], cells(rows[0])[1:] if "|" in rows[0][2:-2] else []
    need(head == "to \\ from" and rows[1] == "|" + "---|" * (1 + len(columns)), "the head")
    start = re.fullmatch(r".* It begins in (\w+)\.", lines[len(rows) + 1])[1]
    named = [re.fullmatch(r"- (\w+): any of (.+)", line) for line in lines[len(rows) + 2:] if line]
    nodes, edges = {match[1]: states_of(match[2]) for match in named}, []
    for row in rows[2:]:
        to, *across = cells(row)
        to = re.fullmatch(r"\*\*(\w+)\*\*", to)[1]
        need(len(across) == len(columns), f"cells of {to}")
        for a, cell in zip(columns, across):
            for event in cell.split(", ") if cell else []:
                match = re.fullmatch(r"\*(\w+)\*( \(undocumented\))?", event)
                edges.append((a, match[1], to, bool(match[2])))
    for name in [start, *columns, *(edge[2] for edge in edges)]:
        nodes.setdefault(name, frozenset({name}))
    return picture(start, nodes, edges)


def read_ascii(text):
    lines = text.splitlines()
    need(lines[1] == "", "a title")
    names, nodes, edges, start = {}, {}, [], None
    for line in lines[2:]:
        head = re.fullmatch(r"((?:\| +)*)(\w+)(?: = ([\w, ]+))?( \(start\))?", line)
        if head and not edges and not re.search(r"[o@]\s*\|", line):
            names[len(head[1])] = head[2]
            nodes[head[2]] = states_of(head[3] or head[2])
            start = head[2] if head[4] else start
            continue
        edge = re.fullmatch(r"([|o@<> -]*[|o@])   (\w+)( \(undocumented\))?", line)
        need(edge, line)
        drawn, event, mark = edge.groups()
        tails = [i for i, c in enumerate(drawn) if c in "o@"]
        need(len(tails) == 1 and len(drawn) == max(names) + 1, line)
        at, = tails
        to = at if drawn[at] == "@" else drawn.index(">") + 1 if ">" in drawn else drawn.index("<") - 1
        low, high = sorted((at, to))
        dashed = "- -" in drawn or "- >" in drawn or "< -" in drawn
        need(at == to or dashed == bool(mark), f"dashed: {line}")
        need("-" not in drawn[:low] + drawn[high + 1:], line)
        edges.append((names[at], event, names[to], bool(mark)))
    return picture(start, nodes, edges)


# ---- SVG


class Drawing:
    """What is seen: boxes, lines from border to border, words."""

    def __init__(self, text):
        self.root = ElementTree.fromstring(text.encode())
        need(self.root.tag == SVG + "svg", "an svg element")
        self.boxes, self.names, self.nodes, self.lines = {}, {}, {}, []
        for group in self.root.iter(SVG + "g"):
            kind = group.get("class").split()
            if kind[0] == "sl-node":
                self.add_node(group)
            elif kind[0] == "sl-edge":
                self.add_edge(group, "sl-undocumented" in kind)
            else:
                need(kind == ["sl-start"], f"class {kind}")
                self.start = points(group.find(SVG + "path").get("d"))[-1]

    def add_node(self, group):
        name, *states = [text.text for text in group.findall(SVG + "text")]
        rect = group.find(SVG + "rect")
        self.boxes[name] = tuple(float(rect.get(key)) for key in ("x", "y", "width", "height"))
        self.nodes[name] = frozenset(states or [name])

    def add_edge(self, group, dashed):
        text = group.find(SVG + "text")
        below = [span.text for span in text.findall(SVG + "tspan")]
        need(below == (["undocumented"] if dashed else []), "what is dashed is called undocumented")
        path = group.find(SVG + "path")
        need(path.get("marker-end") == "url(#sessionlint-head)", "a head")
        self.lines.append((points(path.get("d")), text, dashed))

    def box_at(self, point):
        """The box on whose border a point is."""
        found = []
        for name, (x, y, width, height) in self.boxes.items():
            inside = x <= point[0] <= x + width and y <= point[1] <= y + height
            if inside and (point[0] in (x, x + width) or point[1] in (y, y + height)):
                found.append(name)
        need(len(found) == 1, f"{point} is on the border of {found}")
        return found[0]

    def picture(self):
        edges = [(self.box_at(line[0]), text.text, self.box_at(line[-1]), dashed) for line, text, dashed in self.lines]
        return picture(self.box_at(self.start), self.nodes, edges)


def points(data, steps=24):
    """The points of a path of M, L, Q and C, curves in small steps."""
    found = []
    for command, numbers in re.findall(r"([MLQC])([-\d ]+)", data):
        values = [float(number) for number in numbers.split()]
        corners = list(zip(values[::2], values[1::2]))
        need(len(corners) == {"M": 1, "L": 1, "Q": 2, "C": 3}[command], data)
        if command in "ML":
            found += corners
            continue
        control = [found[-1], *corners]
        for i in range(1, steps + 1):
            row = control
            while len(row) > 1:
                row = [tuple(a + (b - a) * i / steps for a, b in zip(p, q)) for p, q in zip(row, row[1:])]
            found.append(row[0])
    need(re.fullmatch(r"M[-\d ]+([LQC][-\d ]+)+", data), data)
    return found


def crossings(drawing):
    """How often two lines cross."""

    def side(p, q, r):
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    count = 0
    for i, (one, _, _) in enumerate(drawing.lines):
        for other, _, _ in drawing.lines[:i]:
            for p, q in zip(one, one[1:]):
                for r, s in zip(other, other[1:]):
                    count += side(p, q, r) * side(p, q, s) < 0 and side(r, s, p) * side(r, s, q) < 0
    return count


def shared_stretches(drawing):
    """Where lines to different boxes run on each other, so that nobody could tell which is which."""
    found = []
    for i, (one, label, _) in enumerate(drawing.lines):
        for other, _, _ in drawing.lines[:i]:
            if drawing.box_at(one[-1]) == drawing.box_at(other[-1]):
                continue
            for along in (0, 1):  # level, upright
                found += [(label.text, p, q) for p, q in zip(one, one[1:]) for r, s in zip(other, other[1:])
                          if p[1 - along] == q[1 - along] == r[1 - along] == s[1 - along]
                          and max(min(p[along], q[along]), min(r[along], s[along]))
                          < min(max(p[along], q[along]), max(r[along], s[along]))]
    return found


def read_svg(text):
    return Drawing(text).picture()


READERS = {"svg": read_svg, "dot": read_dot, "mermaid": read_mermaid, "plantuml": read_plantuml, "scxml": read_scxml,
           "matrix": read_matrix, "ascii": read_ascii, "json": read_json}
