# SPDX-License-Identifier: MIT
"""What makes an SVG legible: room for words and lines, and colours that say what they mean."""

import re

from shared.diagram_marks import hue
from shared.diagram_readers import SVG, Drawing

CHARACTER, LINE = 7.4, 13  # of the widest usual font at 13 px


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


def label_boxes(text):
    """What the words of an edge take, about: a box and the word for each line."""
    x, y, found = float(text.get("x")), float(text.get("y")), []
    for part in [text, *text.findall(SVG + "tspan")]:
        y += float(part.get("dy", 0))
        width = CHARACTER * len(part.text) * (12 / 13 if part.get("class") == "sl-stay" else 1)
        left = {"start": x, "middle": x - width / 2, "end": x - width}[text.get("text-anchor")]
        found.append(((left, y - LINE + 3, width, LINE - 2), part.text))
    return found


def overlap(one, other):
    return (one[0] < other[0] + other[2] and other[0] < one[0] + one[2]
            and one[1] < other[1] + other[3] and other[1] < one[1] + one[3])


def strikes(line, box):
    """Whether a line goes through a box, of which the border is free."""
    left, top, right, bottom = box[0] + 1, box[1] + 1, box[0] + box[2] - 1, box[1] + box[3] - 1
    for (x1, y1), (x2, y2) in zip(line, line[1:]):
        near, far = 0.0, 1.0
        for start, step, low, high in ((x1, x2 - x1, left, right), (y1, y2 - y1, top, bottom)):
            if step == 0:
                if not low < start < high:
                    far = -1
                continue
            ends = sorted(((low - start) / step, (high - start) / step))
            near, far = max(near, ends[0]), min(far, ends[1])
        if near < far:
            return True
    return False


def check_drawing(tap, name, text):
    try:
        drawing = Drawing(text)
        drawing.picture()
    except Exception as wrong:  # whatever a parser stumbles over
        tap.ok(False, f"svg {name}: a drawing", f"{type(wrong).__name__}: {wrong}")
        return
    root = drawing.root
    labels = [label for _, text, _ in drawing.lines for label in label_boxes(text)]
    clashes = [(a, b) for i, (one, a) in enumerate(labels) for other, b in labels[:i] if overlap(one, other)]
    clashes += [(a, node) for one, a in labels for node, box in drawing.boxes.items() if overlap(one, box)]
    tap.ok(not clashes, f"svg {name}: no word lies on another or on a box", clashes)
    struck = [(a, text.text) for box, a in labels for line, text, _ in drawing.lines if strikes(line, box)]
    tap.ok(not struck, f"svg {name}: no line goes through a word", struck)
    shared = shared_stretches(drawing)
    tap.ok(not shared, f"svg {name}: only lines to the same box run on each other", shared)
    width, height = (float(number) for number in root.get("viewBox").split()[2:])
    outside = [a for (x, y, w, h), a in labels if x < 0 or y < 0 or x + w > width or y + h > height]
    outside += [point for line, _, _ in drawing.lines for point in line
                if not (0 <= point[0] <= width and 0 <= point[1] <= height)]
    outside += [text.text for text in root.iter(SVG + "text") if not 0 < float(text.get("y")) < height]
    tap.ok(not outside and width <= 860, f"svg {name}: all inside, and legible at 800 px", width, outside)
    tap.ok(not re.search(r"<script|<foreignObject|href|@import|<image|<use|\son\w+=|url\((?!#)", text),
           f"svg {name}: no script, nothing from elsewhere")
    named = root.get("aria-labelledby").split()
    told = {element.get("id"): element.text for element in root}
    tap.ok(root.get("role") == "img" and all(told.get(name) for name in named) and len(named) == 2
           and root[0].tag == SVG + "title" and root[1].tag == SVG + "desc"
           and root[1].text.count(" leads from ") == len(drawing.lines)
           and root[1].text.count(", which is illegal, occurred ") == len(drawing.marks.illegal),
           f"svg {name}: a title and a description that tells every edge")
    tap.ok("@media (prefers-color-scheme:dark)" in text and "stroke-dasharray" in text,
           f"svg {name}: light and dark")


def rules(style):
    """{selector: {property: value}}; the later rule wins."""
    found = {}
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]+)\}", style):
        for selector in selectors.split(","):
            found.setdefault(selector.replace(".sessionlint", "").strip(), {}).update(
                dict(each.split(":", 1) for each in body.split(";")))
    return found


def check_colours(tap, text):
    style = re.search(r"<style>(.*?)</style>", text, re.S)[1]
    light, dark = style.split("@media (prefers-color-scheme:dark){")
    for scheme, found in (("light", rules(light)), ("dark", rules(dark))):
        tap.same([hue(found[f".sl-{kind} path"]["stroke"]) for kind in ("never", "certain", "possible", "illegal")],
                 ["grey", "blue", "blue", "red"], f"svg, {scheme}: never is grey, seen blue, illegal red")
        tap.same(hue(found[".sl-undocumented.sl-certain path"]["stroke"]), "orange", f"svg, {scheme}: undocumented")
        tap.same([hue(found[f".sl-head-{kind}"]["fill"]) for kind in ("never", "certain", "undocumented")]
                 + [hue(found[".sl-cross"]["stroke"])], ["grey", "blue", "orange", "red"], f"svg, {scheme}: heads")
        tap.same(hue(found[".sl-never text"]["fill"]), "grey", f"svg, {scheme}: what never came has grey words")
    dashed = {selector for selector, found in rules(light).items() if "stroke-dasharray" in found}
    tap.ok({".sl-illegal path", ".sl-undocumented path", ".sl-possible path"} <= dashed
           and not dashed & {".sl-never path", ".sl-certain path"}, "svg: what is dashed", dashed)


def wide_trace():
    """Five digits wherever they can be, perhaps ten thousand more, and stays with many letters."""
    one = [(event, seconds) for event, seconds in (
        ("Created", 0), ("Connected", 3599), ("Disconnected", 3598), ("Connected", 3597), ("Logon", 3596),
        ("Disconnected", 3595), ("Connected", 3594), ("Logoff", 3593), ("Disconnected", 3592), ("Logon", 3591),
        ("Logoff", 3590), ("Terminated", 3589))]
    others = [[("Created", 0), ("Terminated", 3599)], [("Created", 0), ("Disconnected", 3599), ("Terminated", 3598)],
              [("Created", 0), ("Connected", 3599), ("Terminated", 3598)],
              [("Created", 0), ("Connected", 3599), ("Logon", 3598), ("Terminated", 3597)],
              [("Created", 0), ("Disconnected", 3599), ("Logon", 3598), ("Terminated", 3597)],
              [("Created", 0), ("Connected", 3599), ("Logon", 3598), ("Logoff", 3597), ("Terminated", 3596)]]
    lines, session = [], 0
    for life in [one, *others]:
        for _ in range(10000 if life is one else 10):
            session += 1
            time = 0
            for event, seconds in life:
                time += seconds
                lines.append(f"time=2026-01-01T{time // 3600:02}:{time // 60 % 60:02}:{time % 60:02}Z "
                             f"host=h{session} session={session} event={event}")
    for number in range(10000):
        lines += [f"session={number} source=winlogon event={event}" for event in ("Logon", "Logoff")]
    for number, event in enumerate(("Created", "Logoff", "Logon", "Connected", "Disconnected")):
        lines.append(f"host=illegal session={number} event={event}")
    return "\n".join(lines) + "\n"


def check_sketch(tap, command, traces):
    """@traces: (claim, arguments, trace)."""
    drawn = [(claim, command.run("diagram", "--trace=-", *arguments, input=trace.encode()).text)
             for claim, arguments, trace in [*traces, ("wide counts", [], wide_trace())]]
    for claim, text in drawn:
        check_drawing(tap, claim, text)
    check_colours(tap, drawn[0][1])
