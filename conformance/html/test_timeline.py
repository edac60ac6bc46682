#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The timeline of the page: idle time that is folded, lanes by session, user and machine, and clocks that run backward.
Arguments: the command. Prints TAP.
"""

import sys

from shared.browser import Browser, missing
from shared.command import Command
from shared.evtx_logs import Event, build
from shared.folder import Folder
from shared.tap import Tap

HASH = "return decodeURIComponent(location.hash)"
CHOSEN = "return document.querySelector('#lanes-chosen').textContent"
PICTURE = "return document.querySelector('#lanes-canvas').toDataURL()"


def session(day, number, host="H", user="", boot=1):
    """Four events of a session within minutes."""
    return "".join(
        f"time=2026-{day}T08:0{minute}:00Z host={host} boot={boot} session={number} event={event}"
        f"{f' user={user}' if user and event == 'Logon' else ''}\n"
        for minute, event in enumerate(("Created", "Connected", "Logon", "Logoff", "Terminated")))


FOLDED = session("01-01", 1) + session("01-04", 2) + session("06-03", 3)


def make(command, folder, name, trace, *arguments):
    path = folder.file(f"{name}.html")
    result = command.run("check", "-q", "--format=json", *arguments, f"--output=html:{path}", "-", input=trace.encode())
    return path, result


def pointer(browser, x, y):
    """Moves the pointer over the lanes, and returns what the tip says."""
    left, top = browser.run("const box = document.querySelector('#lanes-canvas').getBoundingClientRect(); return [box.left, box.top]")
    browser.devtools("Input.dispatchMouseEvent", type="mouseMoved", x=left + x, y=top + y)
    browser.painted()
    return browser.run("return document.querySelector('#tip').textContent")


def check_fold(tap, command, browser, folder):
    path, _ = make(command, folder, "fold", FOLDED)
    browser.open(path)
    tap.same(browser.run("return folds.begins.map((_, at) => durationText(foldLength(at)))"), ["3 days", "150 days"],
             "fold: a break for each idle time, with its length")
    tap.ok("2 breaks" in browser.run("return document.querySelector('#lane-count').textContent"), "fold: they are counted in words")
    wrong = browser.run("""const wrong = [];
        for (let x = gutter(); x < canvas.clientWidth; x += 7) {
            const place = toPlace(x);
            if (Math.abs(toX(place) - x) > .01) { wrong.push([x, place, toX(place)]); }
        }
        return wrong;""")
    tap.same(wrong, [], "fold: a place is where it is drawn, in breaks and between them")
    wide = browser.run("""return [...Array(incarnations.count).keys()].map(i => toX(highOf[i]) - toX(lowOf[i]))""")
    tap.ok(min(wide) > 100, "fold: minutes within months are wide enough to be read", wide)
    labels = browser.run("""const said = [];
        const {fillText} = CanvasRenderingContext2D.prototype;
        CanvasRenderingContext2D.prototype.fillText = function (text, x, y) { said.push([text, x, y]); };
        drawLanes();
        CanvasRenderingContext2D.prototype.fillText = fillText;
        return said.filter(([, , y]) => y < axisHeight()).map(([text, x]) => [text, x, formatTime(toPlace(x - 3))]);""")
    dates = [[text, time] for text, _, time in labels if text.startswith("2026")]
    tap.ok({text for text, _ in dates} >= {"2026-01-04", "2026-06-03"} and all(time.startswith(text) for text, time in dates),
           "fold: after a break the axis says the date", labels)
    clocks = [[text, time] for text, _, time in labels if ":" in text]
    tap.ok(clocks and all(text[-5:] in time for text, time in clocks), "fold: the ticks are true", clocks)
    tap.ok({"3 days", "150 days"} <= {text for text, *_ in labels}, "fold: each break says how long it was", labels)
    browser.run("document.querySelector('#timeline').scrollIntoView()")
    tip = pointer(browser, browser.run("return (toX(folds.begins[1]) + toX(folds.ends[1])) / 2"), 80)
    tap.ok("150 days without a record" in tip and "2026-01-04" in tip, "fold: the pointer says from when to when", tip)
    folded = browser.run(PICTURE)
    browser.run("document.querySelector('#lanes').focus()")
    browser.press("i")
    tap.same((browser.run("return folds.begins.length"), browser.run(HASH), browser.run("return document.querySelector('#fold').checked")),
             (0, "#fold=no", False), "fold: i unfolds, and the address says so")
    tap.ok(browser.run(PICTURE) != folded and max(browser.run("return [0, 1, 2].map(i => toX(highOf[i]) - toX(lowOf[i]))")) < 2,
           "fold: the axis is even then")
    browser.click("#fold")
    tap.same((browser.run("return folds.begins.length"), browser.run(HASH)), (2, ""), "fold: the box folds again")
    browser.open(path, "#fold=no")
    tap.same(browser.run("return folds.begins.length"), 0, "fold: a link is followed")


def check_folded_use(tap, command, browser, folder):
    """Zooming, moving and choosing do what they did."""
    path, _ = make(command, folder, "folded", FOLDED.replace("session=2 event=Logoff", "session=2 event=Created"))
    browser.open(path)
    browser.run("document.querySelector('#lanes').focus()")
    whole = browser.run("return [lanes.from, lanes.to]")
    browser.press("+", "+", "ArrowRight", "ArrowLeft", "-", "-", "0")
    tap.same(browser.run("return [lanes.from, lanes.to]"), whole, "folded: zoomed and moved, 0 fits all again")
    browser.press("n", "f")
    seen = browser.run("const at = positionAt(placeOfFinding(lanes.mark)); return at > lanes.from && at < lanes.to")
    share = browser.run("const i = incarnationOfFinding[lanes.mark]; return (toX(highOf[i]) - toX(lowOf[i])) / drawWidth()")
    tap.ok(seen and .8 < share < 1, "folded: f shows the finding with its session, and little else", share)
    browser.press("i")
    tap.same(browser.run("const at = positionAt(placeOfFinding(lanes.mark)); return [folds.begins.length, at > lanes.from && at < lanes.to]"),
             [0, True], "folded: what is in view stays so unfolded")
    path, _ = make(command, folder, "short", session("01-01", 1))
    browser.open(path)
    tap.same(browser.run("return folds.begins.length"), 0, "folded: minutes are no idle time in a trace of minutes")


BLOCKS = "return lanes.rows.filter(row => row.kind === HEADING).map(row => [row.block.name, row.block.note])"


def lanes_by(browser, by):
    browser.painted("""const field = document.querySelector('#lanes-by');
        field.value = arguments[0];
        field.dispatchEvent(new Event('change', {bubbles: true}));""", by)
    return browser.run(BLOCKS)


def check_lanes_by(tap, command, browser, folder):
    trace = session("01-01", 1, "A", "ann") + session("01-02", 1, "B", "Ann") + session("01-03", 2, "A", "bob", 2) \
        + session("01-04", 3, "A", "", 2)
    path, _ = make(command, folder, "lanes", trace)
    browser.open(path)
    tap.same(browser.run("return lanes.rows.filter(row => row.kind === LANE).length"), 4, "lanes: one for each session")
    for by, names, lengths in (("user", ["ann", "bob", "no user named"], [1, 1, 1, 1]), ("machine", ["A", "B"], [3, 1])):
        found = [name for name, _ in lanes_by(browser, by)]
        tap.same((found, browser.run(HASH)), (names, f"#lanes={by}"), f"lanes: by {by}, as the address says")
        tap.same(browser.run("return lanes.rows.filter(row => row.kind === LANE).map(row => row.incarnations.length)"), lengths,
                 f"lanes: by {by}: sessions that are not at the same time share one")
    browser.run("document.querySelector('#timeline').scrollIntoView()")
    tip = pointer(browser, browser.run("return (toX(lowOf[2]) + toX(highOf[2])) / 2"), browser.run("return axisHeight() + 24 + 10"))
    tap.ok("session 2 on A" in tip, "lanes: the pointer tells them apart", tip)
    browser.devtools("Input.dispatchMouseEvent", type="mousePressed", button="left", clickCount=1, **spot(browser, 3))
    browser.devtools("Input.dispatchMouseEvent", type="mouseReleased", button="left", clickCount=1, **spot(browser, 3))
    browser.painted()
    tap.ok(browser.run(CHOSEN).startswith("session 3 on A"), "lanes: a click chooses one of them", browser.run(CHOSEN))
    browser.run("document.querySelector('#lanes').focus()")
    browser.press("f")
    tap.ok(browser.run("return positionAt(lowOf[3]) > lanes.from && positionAt(highOf[3]) < lanes.to && positionAt(highOf[2]) < lanes.from"),
           "lanes: and f shows that")
    browser.open(path, "#lanes=user")
    tap.same(browser.run("return document.querySelector('#lanes-by').value"), "user", "lanes: a link is followed")
    browser.click("#filter-reset")
    tap.same(browser.run(HASH), "#lanes=user", "lanes: the filter's reset leaves them")
    unended = "".join(session(f"01-0{day}", day, "A", "ann").replace(f"session={day} event=Terminated", f"session={day} event=Ignore") for day in (1, 2))
    path, _ = make(command, folder, "unended", unended)
    browser.open(path, "#lanes=user")
    tap.same(browser.run("return lanes.rows.filter(row => row.kind === LANE).map(row => row.incarnations.length)"), [2],
             "lanes: a session of which nothing more is recorded leaves room for the next")
    overlap = session("01-01", 1, "A", "ann") + session("01-01", 2, "A", "ann")
    path, _ = make(command, folder, "overlap", overlap)
    browser.open(path, "#lanes=machine")
    tap.same(browser.run("return lanes.rows.filter(row => row.kind === LANE).map(row => row.incarnations.length)"), [1, 1],
             "lanes: sessions at the same time do not")


def spot(browser, incarnation):
    """Where an incarnation is in the window."""
    x, y = browser.run("""const {left, top} = document.querySelector('#lanes-canvas').getBoundingClientRect();
        return [left + (toX(lowOf[arguments[0]]) + toX(highOf[arguments[0]])) / 2,
            top + axisHeight() + lanes.tops[rowOfIncarnation[arguments[0]]] + 10];""", incarnation)
    return {"x": x, "y": y}


CLOCK_BACK = "".join(f"time={time} host=H session=1 source=lsm event={event}\n" for time, event in (
    ("2021-02-13T19:56:39Z", "Logon"), ("2021-02-13T19:56:50Z", "Disconnected"), ("2021-02-13T19:56:52Z", "Connected"),
    ("2020-08-01T21:17:09Z", "Disconnected"), ("2020-08-01T21:17:26Z", "Connected"), ("2020-08-01T22:09:00Z", "Logoff")))


def check_clock_back(tap, command, browser, folder):
    """A session that ends before it begins: what is shown is what was asked for."""
    path, told = make(command, folder, "clock-back", CLOCK_BACK)
    for fragment in ("", "#fold=no"):
        browser.open(path, fragment)
        hidden = browser.run("""return Array.from(shown).filter(finding => {
            showInTimeline(finding);
            const x = toX(placeOfFinding(finding));
            return !(x >= gutter() && x <= canvas.clientWidth) || lanes.mark !== finding
                || markUnder({x}, rowOfFinding(finding)) < 0;
        }).map(finding => texts[findings.message[finding]])""")
        tap.same(hidden, [], f"the clock ran backward: each finding is in view and under the pointer {fragment}")
        browser.run("fitAll()")
        wrong = browser.run("""const found = [];
            for (let i = incarnations.first[0]; i < incarnations.first[1]; i++) {
                const [from, to] = [placeOfSlice(0, i), endOfSlice(0, i)];
                if (to > from && sliceAt(0, (from + to) / 2) !== i) { found.push(i); }
            }
            return found;""")
        tap.same(wrong, [], f"the clock ran backward: each step is where its time is {fragment}")
        words = browser.run("return [...Array(incarnations.slices[0]).keys()].map(i => sliceWords(0, i))")
        tap.ok("2021-02-13" in words[0] and "2020-08-01" in words[-1], "the clock ran backward: and is called so", words)
    browser.open(path)
    for at, finding in enumerate(told.findings):
        browser.run("moveActive(list.positions[arguments[0]])", at)
        browser.press("f")
        tap.ok(finding["message"] in browser.run(CHOSEN) and browser.run("return document.activeElement.id") == "lanes",
               f"the clock ran backward: f on finding {at} shows it", browser.run(CHOSEN))
    browser.open(path, "#open=2")
    tap.same(browser.run("return [lanes.mark, positionAt(placeOfFinding(2)) > lanes.from && positionAt(placeOfFinding(2)) < lanes.to]"),
             [2, True], "the clock ran backward: a link to a finding marks it in the timeline")


def check_renamed(tap, command, browser, folder):
    """Two machines made from one image, which named both: each is one, by its last name, with all its annotations."""
    def life(computer, session, second, user="LAB\\anna"):
        return [Event(event, session, computer=computer, second=second + later, user=user) for event, later in ((21, 0), (40, 50), (23, 60))]
    for name, second in (("PC-1", 0), ("PC-2", 100)):
        folder.file(f"renamed/{name}/log.evtx", build(
            [Event(32, second=second, computer="IMAGE"), *life("IMAGE", 1, second + 1), *life(name, 2, second + 200),
             Event(32, second=second + 5000, computer=name), *life(name, 1, second + 5001)]))
    path = folder.file("renamed.html")
    result = command.run("check", "-q", "--together=folder", "--format=json", f"--output=html:{path}", str(folder.path / "renamed"))
    browser.open(path)
    blocks = lanes_by(browser, "machine")
    tap.same([name for name, _ in blocks], ["PC-1", "PC-2"], "renamed: a machine is one, by its last name")
    tap.ok(all(note.startswith("formerly IMAGE, ") for _, note in blocks), "renamed: and the one before is beside it", blocks)
    tap.same(browser.run("""return lanes.rows.filter(row => row.kind === HEADING).map(({block}) =>
        [block.incarnations.length, new Set(block.incarnations.map(i => texts[incarnations.log[i]].slice(-4))).size])"""),
             [[3, 1]] * 2, "renamed: with the sessions of that machine alone")
    tap.same(browser.run("return lanes.rows.filter(row => row.kind === LANE).map(row => [row.label, row.annotations.length])"),
             [["account", 3]] * 2, "renamed: and with their annotations")
    lanes_by(browser, "user")
    tap.same(browser.run("return lanes.rows.filter(row => row.kind === LANE).map(row => row.label)"), ["PC-1", "PC-2"],
             "renamed: a user has one lane on it")
    blocks = lanes_by(browser, "session")
    tap.same([name for name, _ in blocks], ["PC-1, boot 1", "PC-1, boot 2", "PC-2, boot 1", "PC-2, boot 2"],
             "renamed: the boot in which it happened is one")
    tap.none([finding for finding in result.findings if finding["rule"].startswith("account/")], "renamed: and nothing else is found")


def check_not_renamed(tap, command, browser, folder):
    """Hosts of one log are several machines if it is not an account."""
    path, _ = make(command, folder, "several", session("01-01", 1, "A") + session("01-02", 1, "B"), "--join")
    browser.open(path)
    tap.same(lanes_by(browser, "machine"), [["A", "<stdin>"], ["B", "<stdin>"]], "not renamed: two hosts of one trace")


VIEW = "return [lanes.from, lanes.to]"


def annotated(command, folder, name, events):
    path = folder.file(f"{name}.html")
    log = folder.file(f"{name}/log.evtx", build(events))
    command.run("check", "-q", "--together", f"--output=html:{path}", str(log.parent))
    return path


def check_fit(tap, command, browser, folder):
    """f shows what is chosen, also if only some of it has a place."""
    path = annotated(command, folder, "loose", [Event(21, 2), *[Event(40, 9, second=second) for second in (600, 660)], Event(23, 2, second=5000)])
    browser.open(path)
    browser.run("chooseRow(lanes.rows.findIndex(row => row.kind === LOOSE)); lanesView.focus()")
    browser.press("f")
    tap.same(browser.run("const row = lanes.rows[lanes.chosen]; return [row.annotations.length, row.findings.length]"), [2, 0],
             "fit: a lane of annotations")
    left, right = browser.run("return lanes.rows[lanes.chosen].annotations.map(annotation => toX(placeOfAnnotation(annotation)))")
    width = browser.run("return drawWidth()")
    tap.ok(left is not None and .8 * width < right - left < width, "fit: f shows them, and little else", (left, right))
    trace = session("01-01", 1, user="ann") + session("01-02", 2, user="ann")
    path, _ = make(command, folder, "untimed", trace.replace("time=2026-01-01T08:03:00Z host=H boot=1 session=1 event=Logoff",
                                                             "host=H boot=1 session=1 event=Created"))
    browser.open(path, "#lanes=user")
    browser.run("chooseRow(lanes.rows.findIndex(row => row.incarnations.length === 2)); lanesView.focus()")
    tap.ok(browser.run("return [...lanes.rows[lanes.chosen].findings].some(finding => Number.isNaN(placeOfFinding(finding)))"),
           "fit: a lane in which a finding has no time")
    browser.press("+", "+", "f")
    tap.ok(browser.run("return lanes.from <= positionAt(lowOf[0]) && positionAt(highOf[1]) <= lanes.to"), "fit: f shows its sessions",
           browser.run(VIEW))
    before = browser.run(VIEW)
    browser.run("lanes.rows[lanes.chosen] = {...lanes.rows[lanes.chosen], incarnations: [], findings: [], annotations: []}")
    browser.press("f")
    tap.same(browser.run(VIEW), before, "fit: a lane without a place leaves the view as it is")
    browser.run("""findRows();
        lanes.mark = [...foundIn].find(finding => Number.isNaN(placeOfFinding(finding)));
        lowOf[incarnationOfFinding[lanes.mark]] = highOf[incarnationOfFinding[lanes.mark]] = NaN;""")
    browser.press("f")
    tap.ok(None not in browser.run(VIEW), "fit: a finding without a time, of a session without one", browser.run(VIEW))


def check_other_annotations(tap, command, browser, folder):
    """The breaks of the axis are found again if other annotations are shown, though as many."""
    day = 86400
    path = annotated(command, folder, "other", [Event(21, 2), *[Event(40, 9, second=second) for second in (60, 9 * day, 10 * day)],
                                                Event(23, 2, second=20 * day)])
    browser.open(path)
    stale = browser.run("""const row = lanes.rows.find(({kind}) => kind === LOOSE);
        const found = [];
        for (const at of [0, 1, 2]) {
            row.annotations = [at];
            findFolds();
            const {begins} = folds;
            folds.key = null;
            findFolds();
            found.push([begins.join(), folds.begins.join()]);
        }
        return found;""")
    tap.ok(len({fresh for _, fresh in stale}) == 3, "other annotations: they have other breaks", stale)
    tap.ok(all(shown == fresh for shown, fresh in stale), "other annotations: which are found", stale)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    if missing():
        tap.skip("the timeline in use", missing())
        return tap.done()
    with Folder() as folder, Browser() as browser:
        check_fold(tap, command, browser, folder)
        check_folded_use(tap, command, browser, folder)
        check_lanes_by(tap, command, browser, folder)
        check_renamed(tap, command, browser, folder)
        check_not_renamed(tap, command, browser, folder)
        check_clock_back(tap, command, browser, folder)
        check_fit(tap, command, browser, folder)
        check_other_annotations(tap, command, browser, folder)
        tap.same(browser.complaints(), [], "the console is silent")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
