#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the page shows of accounts: which records show a step, which steps no record shows, and annotations; against the
timeline of the same logs. Arguments: the command, a folder with the logs of a machine, a folder of real logs. Prints TAP.
"""

import json
import pathlib
import re
import sys

from shared.browser import Browser, missing
from shared.command import Command
from shared.folder import Folder
from shared.pages import Page, differences
from shared.tap import Tap

# Means "not from another computer".
KEPT = ("LOCAL",)

CHOSEN = "return document.querySelector('#lanes-chosen').textContent"


def rows_of(command, logs, *options):
    result = command.run("timeline", "--together", "--format=ndjson", *options, str(logs))
    return [json.loads(line) for line in result.text.splitlines()]


def steps_of(page):
    """Of each step of the page: (event, witnesses, unseen)."""
    data = page.data
    witnesses = {slice: list(zip(rest[::3], rest[1::3])) for slice, *rest in data["witnesses"]}
    unseen = set(data["inferred"])
    return sorted((data["eventNames"][event], sorted((data["texts"][file], int(line)) for file, line in witnesses.get(i, [])), i in unseen)
                  for i, event in enumerate(data["slices"]["event"]) if data["slices"]["kind"][i] == 0)


def check_data(tap, command, logs, name):
    page = Page(command.run("check", "-q", "--together", "--format=html", str(logs)).out)
    rows = rows_of(command, logs)
    steps = sorted((row["event"], sorted((place["file"], place.get("record", place.get("line"))) for place in row["witnesses"] or []), row["unseen"])
                   for row in rows if row["kind"] == "event")
    told = [(event, [] if unseen else places, unseen) for event, places, unseen in steps]
    tap.same(steps_of(page), told, f"{name}: {len(steps)} steps with the records that show them")
    notes, texts = page.data["annotations"], page.data["texts"]
    mine = sorted((page.data["annotationNames"][kind], texts[file], line) for kind, file, line in
                  zip(notes["kind"], notes["file"], differences(notes["line"])))
    tap.same(mine, sorted((row["name"], row["witnesses"][0]["file"], row["witnesses"][0].get("record", row["witnesses"][0].get("line")))
                          for row in rows if row["kind"] == "annotation"), f"{name}: {len(mine)} annotations of the timeline")
    return page


def check_options(tap, command, logs):
    data = Page(command.run("check", "-q", "--together", "--session=1", "--format=html", str(logs)).out).data
    tap.same(set(data["annotations"]["session"]) - {1}, set(), "annotations are filtered, too")
    plain = Page(command.run("check", "-q", "--together", "--format=html", str(logs)).out)
    hidden = Page(command.run("check", "-q", "--together", "--anonymize", "--format=html", str(logs)).out)
    names = {plain.data["texts"][text] for key in ("user", "host", "address", "client", "domain")
             for text in plain.data["annotations"][key] if text}
    names |= {plain.data["texts"][text] for key in ("user", "host", "address", "client") for text in plain.data["incarnations"][key] if text}
    tap.same([name for name in sorted(names) if name not in KEPT and name in hidden.data["texts"]], [],
             f"--anonymize: none of {len(names)} names is on the page")


def check_page(tap, browser, command, folder, logs):
    path = folder.file("machine.html")
    command.run("check", "-q", "--together", f"--output=html:{path}", str(logs))
    browser.open(path)
    legend = browser.run("return document.querySelector('#legend').innerText")
    tap.ok("no log shows" in legend and "records show it" in legend, "the legend explains the marks of steps", legend)
    tap.ok(re.search(r"unseen steps?, counted as perhaps", browser.run("return document.querySelector('#diagram svg').textContent")),
           "and so does that of the diagram")
    marked = browser.run("""const strokes = [];
        const {setLineDash} = CanvasRenderingContext2D.prototype;
        CanvasRenderingContext2D.prototype.setLineDash = function (dash) { strokes.push(dash.length); setLineDash.call(this, dash); };
        lanesView.style.height = '4000px';
        drawLanes();
        CanvasRenderingContext2D.prototype.setLineDash = setLineDash;
        return strokes.length;""")
    tap.ok(marked >= browser.run("return unseenSlices.size") > 0, "unseen steps are dashed", marked)


def check_annotations(tap, browser, command, folder, logs):
    path = folder.file("annotations.html")
    command.run("check", "-q", "--together", f"--output=html:{path}", str(logs))
    browser.open(path)
    legend = browser.run("return document.querySelector('#legend').innerText")
    tap.ok("annotation" in legend, "the legend explains annotations", legend)
    loose = browser.run("""return lanes.rows.reduce((sum, row) => sum + row.annotations.length, 0)""")
    tap.same(loose, browser.run("return annotations.count"), "each annotation is on a lane")
    browser.run("document.querySelector('#lanes').focus()")
    words = browser.run("""chooseRow(lanes.rows.findIndex(row => row.incarnations.some(i => annotationsOf[i].length)));
        return notesOfChosen().map(({words}) => words())""")
    told = []
    for _ in words:
        browser.press(".")
        told.append(browser.run(CHOSEN))
    tap.same(told, words, f"the key goes through {len(words)} steps and annotations")
    browser.press(",")
    tap.same(browser.run(CHOSEN), words[-2], "and back")
    tap.ok(any("shown by" in text for text in words) and any("event " in text for text in words), "they say what shows them", words)
    spot = browser.run("""const row = lanes.rows[lanes.chosen];
        document.querySelector('#timeline').scrollIntoView();
        const {left, top} = canvas.getBoundingClientRect();
        return [left + toX(placeOfAnnotation(row.annotations[0])), top + axisHeight() + lanes.tops[lanes.chosen] - lanesView.scrollTop + LANE_HEIGHT - 2,
            annotationWords(row.annotations[0])];""")
    browser.devtools("Input.dispatchMouseEvent", type="mouseMoved", x=spot[0], y=spot[1])
    browser.painted()
    tap.ok(spot[2] in browser.run("return document.querySelector('#tip').textContent"), "the pointer says what an annotation is", spot)
    browser.painted("changeView(() => setLanesBy('user'))")
    tap.same(browser.run("""return lanes.rows.filter(row => row.kind === HEADING && row.block.key !== ''
        && !row.block.incarnations.length && !row.block.findings.length).map(row => row.block.name)"""), [],
             "by user: no block of a user without a session")
    tap.same(browser.run("return lanes.rows.reduce((sum, row) => sum + row.annotations.length, 0)"),
             browser.run("return annotations.count"), "by user: each annotation is on a lane")
    browser.painted("changeView(() => setLanesBy('session'))")
    browser.click("#notes")
    tap.same(browser.run("return [location.hash, lanes.rows.reduce((sum, row) => sum + row.annotations.length, 0)]"),
             ["#annotations=no", 0], "they can be left out, as the address says")
    tap.same(browser.complaints(), [], "the console is silent")


def check_detail(tap, browser, command, folder, logs):
    path = folder.file("detail.html")
    command.run("check", "-q", "--together", f"--output=html:{path}", str(logs))
    browser.open(path)
    found = browser.run("""return Array.from(shown).filter(i => annotationsAround(i).length && findings.witnesses[i].length)[0] ?? null""")
    if found is None:
        tap.skip("annotations in the detail", "no finding has some about its time")
        return
    browser.open(path, f"#open={found}")
    detail = browser.run("return document.querySelector('.row .detail').innerText")
    words = browser.run("return annotationsAround(arguments[0]).map(annotationWords)", found)
    tap.ok(all(text in detail for text in words) and "Witnesses" in detail, "the detail lists witnesses and annotations", detail)
    style = browser.run("return getComputedStyle(document.querySelector('.witnesses')).listStyleType")
    tap.same(style, "none", "in their own style")


def main():
    tap = Tap()
    command, machine, logs = Command(sys.argv[1], tap), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    check_data(tap, command, machine, "machine")
    real = [logs / name for name in ("remote-desktop", "domain-controller")]
    for folder in real:
        if folder.is_dir():
            check_data(tap, command, folder, folder.name)
        else:
            tap.skip(folder.name, f"there is no {logs.name} folder")
    check_options(tap, command, real[0] if real[0].is_dir() else machine)
    if missing():
        tap.skip("the notes on the page", missing())
        return tap.done()
    with Folder() as folder, Browser() as browser:
        check_page(tap, browser, command, folder, machine)
        if real[0].is_dir():
            check_annotations(tap, browser, command, folder, real[0])
            check_detail(tap, browser, command, folder, real[0])
        else:
            tap.skip("annotations on the page", f"there is no {logs.name} folder")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
