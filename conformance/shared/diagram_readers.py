# SPDX-License-Identifier: MIT
"""A parser for each format, which knows of the format and nothing of the program that wrote it. The SVG is read as it
is drawn: an edge begins at the border of a box and ends at that of another."""

import json
import re
import xml.etree.ElementTree as ElementTree

from shared.diagram_machines import Picture
from shared.diagram_marks import (ILLEGAL, NEVER, PERHAPS, SEEN, UNDOCUMENTED, Marks, duration, hue, look_of, mark_of,
                                  take)

SVG = "{http://www.w3.org/2000/svg}"
SCXML = "{http://www.w3.org/2005/07/scxml}"
OWN = "{urn:sessionlint:diagram}"


class Wrong(Exception):
    """It is not what the format says."""


def need(holds, text):
    if not holds:
        raise Wrong(text)


def picture(start, nodes, edges, marks=None):
    """From names: nodes is {name: states}."""
    need(all(a in nodes and b in nodes for a, _, b, _ in edges), "an edge without its node")
    need(len(set(nodes.values())) == len(nodes), "two nodes are the same")
    made = Picture(nodes[start], list(nodes.values()),
                   [(nodes[a], event, nodes[b], mark) for a, event, b, mark in edges])
    made.marks, made.names = marks, {states: name for name, states in nodes.items()}
    return made


def marks_of(text):
    """Where to put the marks, if there is a title that says of what they are."""
    marks = Marks()
    marks.add_title(text)
    return marks


def states_of(text):
    return frozenset(re.split(r", |\\n| ", text))


def mark_of_json(each):
    stay = duration(each["dwell"]["median"]) if each["dwell"] else ""
    need(not each["dwell"] or each["dwell"]["median_seconds"] == each["dwell"]["median"] / 10**7, "seconds")
    need(not each["hidden"] or each["count"] == each["possible"] == 0, "what is hidden has no count")
    look = UNDOCUMENTED if each.get("undocumented") and each["level"] != NEVER else each["level"]
    return mark_of(f"{each['count']}-{each['count'] + each['possible']}", stay, look)._replace(hidden=each["hidden"])


def read_json(text):
    whole = json.loads(text)
    starts = [node["name"] for node in whole["nodes"] if node["start"]]
    need(len(starts) == 1, "one start")
    nodes = {node["name"]: frozenset(node["states"]) for node in whole["nodes"]}
    left = {edge["from"] for edge in whole["edges"]}
    need(all(node["final"] == (node["name"] not in left) for node in whole["nodes"]), "final: what nothing leaves")
    marks = Marks()
    if "traces" in whole:
        marks.of = tuple(whole["traces"][key] for key in ("events", "incarnations", "files"))
        marks.edges = {(edge["from"], edge["event"]): mark_of_json(edge) for edge in whole["edges"]}
        marks.nodes = {node["name"]: mark_of_json(node) for node in whole["nodes"]}
        for each in whole["illegal"]:
            marks.add_illegal(each["in"], each["event"],
                              mark_of(f"{each['count']}-{each['count'] + each['possible']}"), each["undocumented"])
    made = picture(starts[0], nodes, [(edge["from"], edge["event"], edge["to"], edge["undocumented"])
                                      for edge in whole["edges"]], marks)
    made.json = whole
    return made


def look_of_dot(attributes):
    """None where there is no colour: then no traces."""
    found = dict(re.findall(r'(\w+)="?([^",]+(?:,[a-z]+)?)', attributes))
    broken = any(word in found.get("style", "") for word in ("dotted", "dashed"))
    return look_of(found["color"], broken) if "color" in found else None


def read_dot(text):
    lines = text.splitlines()
    need(re.fullmatch(r'digraph "[a-z-]+" \{', lines[0]) and lines[-1] == "}", "a digraph")
    nodes, edges, start, marks = {}, [], None, marks_of(lines[1])
    for line in lines[1:-1]:
        node = re.fullmatch(r'\t"(\w+)" \[label="([^"]+)"((?:, .*)?)\];', line)
        edge = re.fullmatch(r'\t"(\w+)" -> "(\w+)" \[label="([^"]+)"((?:, .*)?)\];', line)
        first = re.fullmatch(r'\t"start" -> "(\w+)";', line)
        if node:
            (name, *states), mark = take(node[2].split("\\n"), look_of_dot(node[3]))
            need(name == node[1], f"the label of {node[1]}")
            nodes[name] = frozenset(states or [name])
            marks.nodes[name] = mark
        elif edge:
            (event, *more), mark = take(edge[3].split("\\n"), look_of_dot(edge[4]))
            need(more in ([], ["undocumented"]), line)
            if edge[2] == f"illegal_{edge[1]}":
                need(mark.look == ILLEGAL and "dashed" in edge[4], f"red and dashed: {line}")
                marks.add_illegal(edge[1], event, mark._replace(look=None), bool(more))
                continue
            edges.append((edge[1], event, edge[2], "style=dashed" in edge[4]))
            marks.edges[edge[1], event] = mark
        elif first:
            start = first[1]
        else:
            other = (r'\t(label="[^"]*"|rankdir=LR|node \[.*\]|"start" \[shape=point, label=""\]|'
                     r'"illegal_\w+" \[shape=plain, label="illegal", color="#\w+", fontcolor="#\w+"\]);')
            need(re.fullmatch(other, line), line)
    return picture(start, nodes, edges, marks)


def read_graphviz(text):
    """What `dot -Tjson` makes of it, without what is illegal."""
    whole = json.loads(text)
    names = {each["_gvid"]: each["name"] for each in whole["objects"]}
    labels = {each["name"]: take(each["label"].split("\\n"))[0] for each in whole["objects"] if each["name"] != "start"}
    nodes = {name: frozenset(words[1:] or words) for name, words in labels.items() if not name.startswith("illegal_")}
    arrows = [(names[each["tail"]], each.get("label", "").split("\\n")[0], names[each["head"]],
               each.get("style") == "dashed") for each in whole["edges"]]
    start, = [b for a, _, b, _ in arrows if a == "start"]
    return picture(start, nodes, [arrow for arrow in arrows if arrow[0] != "start" and arrow[2] in nodes])


def read_lines(lines, states, arrow, ends, marks, by):
    """What Mermaid and PlantUML share: a line for each edge, [*] for the start and for the end. Behind the event stands
    in brackets what it is, and then its mark, with @by between count and stay."""
    edges, starts, finals = [], [], []
    for line in lines:
        edge = re.fullmatch(arrow, line)
        need(edge, line)
        a, b = edge["a"], edge["b"]
        if a == "[*]":
            starts.append(b)
            continue
        if b == "[*]":
            finals.append(a)
            continue
        style = edge.groupdict().get("style")
        event, kind, more = re.fullmatch(r"(?:<color:#cf222e>)?(\w+)(?: \((.+?)\))?(.*)", edge["label"]).groups()
        words, mark = take(re.split(by, more)[1:], look_of_plantuml(style))
        need(not words and (style is None or ("dashed" in style) == bool(kind)), line)
        if kind and kind.startswith("illegal"):
            need(b == f"illegal_{a}" and (style is None or mark.look == ILLEGAL), f"red and dashed: {line}")
            marks.add_illegal(a, event, mark._replace(look=None), kind != "illegal")
            continue
        need(kind in (None, "undocumented"), line)
        edges.append((a, event, b, bool(kind)))
        marks.edges[a, event] = mark
    need(len(starts) == 1, "one start")
    nodes = {name: states.get(name, frozenset({name})) for name in
             [*starts, *finals, *(edge[0] for edge in edges), *(edge[2] for edge in edges), *ends]}
    need(set(finals) == set(nodes) - {edge[0] for edge in edges}, "[*] behind what nothing leaves")
    return picture(starts[0], nodes, edges, marks)


def look_of_plantuml(style):
    if not style or "#" not in style:
        return None
    return look_of(re.search(r"#\w+", style)[0], "dashed" in style or "dotted" in style)


def read_mermaid(text):
    lines = text.splitlines()
    need(lines[0] == "stateDiagram-v2" and lines[2] == "    direction LR", "stateDiagram-v2")
    need(re.fullmatch(r"    accTitle: [a-z-]+: .+", lines[1]), "a title")
    marks, states, rest = marks_of(text), {}, []
    styles = {match[1]: match[2] for match in re.finditer(r"    classDef (\w+) (.+)", text)}
    classes = {match[1]: match[2] for match in re.finditer(r"    class (\w+) (\w+)", text)}
    need(not styles or (hues(styles["illegal"]) == {"red"} and "dasharray" in styles["illegal"]
                        and hues(styles["never"]) == {"grey"}), "illegal is red and dashed, never grey")
    need(all(name.startswith("illegal_") == (kind == "illegal") for name, kind in classes.items()), "classes")
    for line in lines[3:]:
        named = re.fullmatch(r'    state "([^"]+)" as (\w+)', line)
        if named and named[2].startswith("illegal_"):
            need(named[1] == "illegal" and classes[named[2]] == "illegal", line)
        elif named:
            (name, *more), mark = take(named[1].split("; "), classes.get(named[2]))
            name, _, held = name.partition(" = ")
            need(name == named[2] and not more, line)
            states[name], marks.nodes[name] = states_of(held or name), mark
        elif not re.match("    (%%|class|classDef) ", line):
            rest.append(line)
    arrow = r"    (?P<a>\S+) --> (?P<b>[^\s:]+)(?:: (?P<label>.+))?"
    return read_lines(rest, states, arrow, states, marks, r"^ |, ")


def hues(style):
    return {hue(match) for match in re.findall(r"#\w+", style)}


def read_plantuml(text):
    lines = text.splitlines()
    need(lines[0] == "@startuml" and lines[-1] == "@enduml" and lines[1].startswith("title "), "@startuml")
    body = re.sub(r"(?s)hide stereotype\nskinparam state \{\n.*?\n\}\nlegend\n.*?\nendlegend\n", "", text)
    skin = dict(re.findall(r"^BorderColor<<(\w+)>> (#\w+)$", text, re.M))
    need([hue(skin[name]) for name in ("never", "seen", "illegal") if skin] in ([], ["grey", "blue", "red"]), "colours")
    need(bool(skin) == (body != text), "a legend")
    marks, states, rest = marks_of(text), {}, []
    for line in body.splitlines()[2:-1]:
        named = re.fullmatch(r"state (\w+)(?: <<(\w+)>>)?", line)
        nowhere = re.fullmatch(r'state "illegal" as illegal_\w+ <<illegal>>', line)
        told = re.fullmatch(r"(\w+) : (.+)", line)
        if named:
            states[named[1]], marks.nodes[named[1]] = states_of(named[1]), named[2] and mark_of(None, "", named[2])
        elif told:
            words, mark = take(told[2].split("; "))
            if mark:
                marks.nodes[told[1]] = mark._replace(look=marks.nodes[told[1]].look)
            else:
                states[told[1]] = states_of(words[0])
        elif not nowhere and line != "hide empty description":
            rest.append(line)
    arrow = r"(?P<a>\S+) -(?:\[(?P<style>[^]]+)\])?-> (?P<b>\S+)(?: : (?P<label>.+))?"
    rest = [re.sub(r"-\[(#\w+),thickness=\d\]-", r"-[\1]-", line) for line in rest]
    return read_lines(rest, states, arrow, states, marks, r"\\n")


# What the schema of the W3C lets an element of the core module have: attributes, and elements in it.
SCXML_ELEMENTS = {
    "scxml": ({"initial", "name", "version", "datamodel", "binding"},
              {"state", "parallel", "final", "datamodel", "script"}),
    "state": ({"id", "initial"}, {"onentry", "onexit", "transition", "initial", "state", "parallel", "final", "history",
                                  "datamodel", "invoke"}),
    "final": ({"id"}, {"onentry", "onexit", "donedata"}),
    "transition": ({"event", "cond", "target", "type"}, set()),
}


def mark_of_scxml(element):
    if element.get(OWN + "count") is None:
        return None
    low, possible = int(element.get(OWN + "count")), int(element.get(OWN + "possible", "0"))
    stay = duration(int(element.get(OWN + "median"))) if element.get(OWN + "stays") else ""
    return mark_of(f"{low}-{low + possible}", stay)._replace(hidden=element.get(OWN + "hidden") == "true")


def read_scxml(text):
    root = ElementTree.fromstring(text.encode())
    need(root.tag == SCXML + "scxml" and root.get("version") == "1.0", "an scxml element, version 1.0")
    for element in root.iter():
        if element.tag == OWN + "illegal":
            continue  # of another namespace: any element may hold it
        attributes, children = SCXML_ELEMENTS[element.tag.replace(SCXML, "")]
        plain = {name for name in element.attrib if not name.startswith("{")}
        need(plain <= attributes, f"attributes of {element.tag}")
        need({child.tag for child in element} <= {OWN + "illegal", *(SCXML + child for child in children)},
             f"elements in {element.tag}")
        need(not (element.text or "").strip() and not (element.tail or "").strip(), "no text")
    need(re.fullmatch(r"[\w.:-]+", root.get("name")), "the name is an NMTOKEN")
    ids = [element.get("id") for element in root]
    need(all(re.fullmatch(r"[A-Za-z_]\w*", name) for name in ids) and len(set(ids)) == len(ids), "ids")
    nodes = {element.get("id"): states_of(element.get(OWN + "states") or element.get("id")) for element in root}
    arcs = [(state.get("id"), arc) for state in root for arc in state if arc.tag == SCXML + "transition"]
    marks = marks_of(text)
    marks.nodes = {element.get("id"): mark_of_scxml(element) for element in root}
    marks.edges = {(state, arc.get("event")): mark_of_scxml(arc) for state, arc in arcs}
    for state in root:
        for each in state.iter(OWN + "illegal"):
            marks.add_illegal(state.get("id"), each.get(OWN + "event"), mark_of_scxml(each),
                              each.get(OWN + "undocumented") == "true")
    edges = [(state, arc.get("event"), arc.get("target"), arc.get(OWN + "undocumented") == "true")
             for state, arc in arcs]
    return picture(root.get("initial"), nodes, edges, marks)


def cells(line):
    need(line.startswith("| ") and line.endswith(" |"), line)
    return [cell.strip() for cell in line[1:-1].split("|")]


def events_of(cell):
    """(event, undocumented, mark) of each in a cell."""
    for event in cell.split(", ") if cell else []:
        match = re.fullmatch(r"\*(\w+)\*( \(undocumented\))?(?: (.+))?", event)
        need(match, cell)
        words, mark = take(match[3].split("; ") if match[3] else [])
        need(not words, cell)
        yield match[1], bool(match[2]), mark


def read_matrix(text):
    lines = text.splitlines()
    rows = [line for line in lines if line.startswith("|")]
    head, columns = cells(rows[0])[0], cells(rows[0])[1:] if "|" in rows[0][2:-2] else []
    need(head == "to \\ from" and rows[1] == "|" + "---|" * (1 + len(columns)), "the head")
    start = re.fullmatch(r".* It begins in (\w+)\.", lines[len(rows) + 1])[1]
    named = [re.fullmatch(r"- (\w+): any of (.+)", line) for line in lines[len(rows) + 2:] if line]
    nodes, edges, marks = {match[1]: states_of(match[2]) for match in named if match}, [], marks_of(text)
    stays = {}
    for row in rows[2:]:
        to, *across = cells(row)
        need(len(across) == len(columns), f"cells of {to}")
        for a, cell in zip(columns, across):
            if to == "stays, about":
                stays[a] = cell
            elif to == "illegal":
                for event, undocumented, mark in events_of(cell):
                    marks.add_illegal(a, event, mark, undocumented)
            else:
                for event, undocumented, mark in events_of(cell):
                    edges.append((a, event, re.match(r"\*\*(\w+)\*\*", to)[1], undocumented))
                    marks.edges[a, event] = mark
    entered = dict(match.groups() for match in (re.fullmatch(r"\*\*(\w+)\*\*(?: (.+))?", cells(row)[0])
                                                for row in rows[2:]) if match)
    for name in [start, *columns, *entered]:
        nodes.setdefault(name, frozenset({name}))
        marks.nodes[name] = mark_of(entered.get(name), stays.get(name, ""))
    return picture(start, nodes, edges, marks)


def read_ascii(text):
    whole = text.splitlines()
    need(whole[1] == "", "a title")
    lines = whole[2:whole.index("", 2)] if "" in whole[2:] else whole[2:]
    names, nodes, edges, start, marks = {}, {}, [], None, marks_of(text)
    for line in lines:
        head = re.fullmatch(r"((?:\| +)*)(\w+)(?: = ([\w, ]+?))?( \(start\))?(?:   (.+))?", line)
        if head and not edges and not re.search(r"[o@]\s*\|", line):
            names[len(head[1])] = head[2]
            nodes[head[2]] = states_of(head[3] or head[2])
            start = head[2] if head[4] else start
            marks.nodes[head[2]] = take(head[5].split("  ") if head[5] else [])[1]
            continue
        edge = re.fullmatch(r"([|o@<>x -]*[|o@x])   (\w+)(?: \((.+?)\))?(?:  (.+))?", line)
        need(edge, line)
        drawn, event, kind, more = edge.groups()
        words, mark = take(more.split("  ") if more else [])
        tails = [i for i, c in enumerate(drawn) if c in "o@"]
        need(not words and len(tails) == 1, line)
        at, = tails
        if kind and kind.startswith("illegal"):
            need(drawn[at:at + 3] == "o-x" and not re.search("[<>]", drawn), line)
            marks.add_illegal(names[at], event, mark, kind != "illegal")
            continue
        need(len(drawn) == max(names) + 1, line)
        to = at if drawn[at] == "@" else drawn.index(">") + 1 if ">" in drawn else drawn.index("<") - 1
        low, high = sorted((at, to))
        dashed = "- -" in drawn or "- >" in drawn or "< -" in drawn
        need(kind in (None, "undocumented") and (at == to or dashed == bool(kind)), f"dashed: {line}")
        need("-" not in drawn[:low] + drawn[high + 1:], line)
        edges.append((names[at], event, names[to], bool(kind)))
        marks.edges[names[at], event] = mark
    return picture(start, nodes, edges, marks)


SVG_LOOKS = {"sl-certain": SEEN, "sl-possible": PERHAPS, "sl-never": NEVER}


def shortened(mark):
    """In the room of a label: thousands where five digits would not fit."""
    room = 10**6 if mark.low == mark.high else 10**4
    return mark._replace(**{end: number // 1000 * 1000 if number >= room else number
                            for end, number in (("low", mark.low), ("high", mark.high))})


class Drawing:
    """What is seen: boxes, lines from border to border, words."""

    def __init__(self, text):
        self.root = ElementTree.fromstring(text.encode())
        need(self.root.tag == SVG + "svg", "an svg element")
        self.boxes, self.names, self.nodes, self.lines = {}, {}, {}, []
        self.marks = marks_of(self.root.find(SVG + "title").text)
        self.marked = []  # the event and the mark of each line
        for group in self.root.findall(SVG + "g"):
            kind = group.get("class").split()
            look = next((SVG_LOOKS[name] for name in kind if name in SVG_LOOKS), None)
            if kind[0] == "sl-node":
                self.add_node(group, look)
            elif kind[0] == "sl-edge":
                self.add_edge(group, "sl-undocumented" in kind, look)
            elif kind[0] == "sl-illegal":
                self.add_illegal(group)
            elif kind[0] != "sl-legend":
                need(kind == ["sl-start"], f"class {kind}")
                self.start = points(group.find(SVG + "path").get("d"))[-1]

    def add_node(self, group, look):
        texts = group.findall(SVG + "text")
        name, *states = [text.text for text in texts if text.get("class") in ("sl-name", None)]
        _, mark = take([text.text for text in texts if text.get("class") not in ("sl-name", None)], look)
        need(not any(text.get("class") == "sl-illegal" for text in texts)
             or re.fullmatch(r"illegal [\d-]+", texts[-1].text), "illegal, last of all")
        rect = group.find(SVG + "rect")
        self.boxes[name] = tuple(float(rect.get(key)) for key in ("x", "y", "width", "height"))
        self.nodes[name] = frozenset(states or [name])
        self.marks.nodes[name] = mark

    def add_edge(self, group, dashed, look):
        text = group.find(SVG + "text")
        below = [span.text for span in text.findall(SVG + "tspan") if not span.get("class")]
        need(below == (["undocumented"] if dashed else []), "what is dashed is called undocumented")
        path = group.find(SVG + "path")
        look = UNDOCUMENTED if dashed and look not in (NEVER, None) else look
        head = {None: "", SEEN: "-certain", PERHAPS: "-possible", NEVER: "-never", UNDOCUMENTED: "-undocumented"}[look]
        need(path.get("marker-end") == f"url(#sessionlint-head{head})", "a head")
        _, mark = take([span.text for span in text.findall(SVG + "tspan") if span.get("class")], look)
        told = group.find(SVG + "title").text.split("; ")
        _, exact = take([part.split(" (")[0] for part in told[1:]], look)
        need(exact == mark or mark and shortened(exact) == mark, f"the title: {told}")
        self.lines.append((points(path.get("d")), text, dashed))
        self.marked.append((text.text, mark))

    def add_illegal(self, group):
        node, text = group.find(f"{SVG}g/{SVG}text").text, group.find(SVG + "text")
        mark = mark_of(text.find(SVG + "tspan").text)
        need(group.find(SVG + "path").get("marker-end") == "url(#sessionlint-head-illegal)", "a cross")
        undocumented = any(other.text == "undocumented" for other in group.findall(SVG + "text"))
        self.marks.add_illegal(node, text.text.strip(), mark, undocumented)

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
        for (name, event, _, _), (_, mark) in zip(edges, self.marked):
            self.marks.edges[name, event] = mark
        return picture(self.box_at(self.start), self.nodes, edges, self.marks)


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


def read_svg(text):
    return Drawing(text).picture()


READERS = {"svg": read_svg, "dot": read_dot, "mermaid": read_mermaid, "plantuml": read_plantuml, "scxml": read_scxml,
           "matrix": read_matrix, "ascii": read_ascii, "json": read_json}
