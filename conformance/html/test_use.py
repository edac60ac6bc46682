#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a reader does with the page: counts, filter, search, sorting, keys, the fragment, the timeline, light and dark,
narrow windows, and what those hear who do not see it. Arguments: the command. Prints TAP.
"""

import re
import subprocess
import sys

from shared.browser import Browser, missing
from shared.command import Command
from shared.folder import Folder
from shared.outside import Missing, package
from shared.page_lanes import check_headings, check_long, check_marks
from shared.pages import MAKE_MANY
from shared.report_traces import PARTS
from shared.tap import Tap

RESULT = "return document.querySelector('#result').textContent"
ROWS = """return [...document.querySelectorAll('#list-rows .row')]
    .sort((a, b) => a.getAttribute('aria-rowindex') - b.getAttribute('aria-rowindex')).map(row => row.innerText)"""
HASH = "return decodeURIComponent(location.hash)"
FOCUS = "return document.activeElement.closest('.row')?.getAttribute('aria-rowindex') ?? document.activeElement.id"


def shown(browser):
    return int(browser.run(RESULT).split(" ")[0].replace(",", ""))


def count(findings, **wanted):
    return sum(all(finding[key] == value for key, value in wanted.items()) for finding in findings)


def choose(browser, selector, value):
    browser.painted("""const field = document.querySelector(arguments[0]);
        field.value = arguments[1];
        field.dispatchEvent(new Event(field.localName === 'select' ? 'change' : 'input', {bubbles: true}));""",
                    selector, value)


def check_counts(tap, browser, told):
    summary, text = told.summary, browser.run("return document.querySelector('#summary').innerText")
    errors, warnings, notes = (summary["severities"][severity] for severity in ("error", "warning", "note"))
    verdict = browser.run("return document.querySelector('#verdict').innerText")
    tap.ok(re.search(rf"\b{errors} errors, {warnings} warnings?, {notes} notes?\b", verdict)
           and f"Exit status {told.status}" in verdict, "the verdict counts, and tells the status", verdict)
    tiles = dict(re.findall(r"^(conforming|violating|undetermined|unfinished|unreadable)\n(\d+)$", text, re.M))
    tap.same(tiles, {**{key: str(summary["sessions"][key]) for key in ("conforming", "violating", "undetermined",
                                                                       "unfinished")},
                     "unreadable": str(summary["unreadable"])}, "sessions by verdict")
    rules = browser.run("""return [...document.querySelectorAll('#rules tbody tr')]
        .map(row => [row.cells[1].innerText, Number(row.cells[2].innerText)])""")
    tap.same(dict(rules), summary["findings"], "findings by rule")
    tap.same((shown(browser), len(browser.run(ROWS))), (len(told.findings), len(told.findings)), "a row a finding")
    cells = browser.run("""return [...document.querySelectorAll('.matrix .broken')].map(cell => cell.innerText)""")
    illegal = [finding for finding in told.findings if finding["rule"] == "session/illegal-transition"]
    tap.same(len(cells), len({(*finding["belief"], finding["event"]) for finding in illegal}),
             "the matrix marks the cells that were broken", cells)
    tap.same(browser.run("return document.querySelectorAll('#diagram svg .sl-illegal path').length > 0"), True,
             "the diagram shows what is illegal")
    tap.ok(browser.run("return getComputedStyle(document.querySelector('#diagram svg .sl-illegal path')).strokeDasharray")
           .startswith("6"), "in dashes: its style is there")


def check_filter(tap, browser, findings):
    browser.click("#severity-error")
    tap.same(shown(browser), len(findings) - count(findings, severity="error"), "severity: without errors")
    tap.ok("severity=warning+note" in browser.run(HASH), "severity: in the fragment", browser.run(HASH))
    browser.click("#severity-error")
    tap.same(browser.run(HASH), "", "severity: all of them are not")
    rule = findings[0]["rule"]
    choose(browser, "#filter-rule", browser.run(
        "return [...document.querySelector('#filter-rule').options].find(o => o.text === arguments[0]).value", rule))
    tap.same(shown(browser), count(findings, rule=rule), "rule")
    browser.click("#filter-reset")
    tap.same((shown(browser), browser.run("return document.querySelector('#filter-rule').value")), (len(findings), "-1"),
             "reset takes it away")
    browser.write("#filter-session", "3")
    tap.same(shown(browser), count(findings, session=3), "session, written with keys")
    browser.write("#filter-session", "x")
    tap.same(shown(browser), 0, "session: what is no number is none")
    tap.ok("No finding" in browser.run("return document.querySelector('#list-empty').innerText"), "and the page says so")
    browser.click("#filter-reset")
    choose(browser, "#filter-host", "vdi-017")
    tap.same(shown(browser), count(findings, host="VDI-017"), "host, in whatever case")
    choose(browser, "#filter-log", "nowhere")
    tap.same(shown(browser), 0, "host and log together")
    browser.click("#filter-reset")
    browser.click("#filter-cascades")
    tap.same(shown(browser), count(findings, cascade=False), "without cascades")
    browser.click("#filter-reset")
    for text in ("illegal", "CREATED illegal", "leaked", "session/", "13"):
        browser.write("#filter-text", text)
        words = text.lower().split()
        tap.same(shown(browser), sum(all(
            any(word in str(finding.get(key) or "").lower() for key in ("message", "rule", "host", "file", "driver", "io"))
            or word.isdigit() and int(word) in (finding["session"], finding["line"]) for word in words)
            for finding in findings), f"text: {text!r}")
    browser.click("#filter-reset")
    browser.click("#rules tbody button")
    tap.same(shown(browser), count(findings, rule=browser.run(
        "return document.querySelector('#rules tbody button').textContent")), "a rule of the summary is a filter")
    browser.click("#filter-reset")


def check_sort(tap, browser, findings):
    weights = {"error": 0, "warning": 1, "note": 2}
    names = [finding["severity"] for finding in findings]
    read = "return [...document.querySelectorAll('#list-rows .row')].sort((a, b) => a.getAttribute('aria-rowindex') " \
        "- b.getAttribute('aria-rowindex')).map(row => row.querySelector('.severity').innerText.split(' ')[1])"
    button, head = '[data-sort="severity"] button', '[data-sort="severity"]'
    tap.same(browser.run(read), sorted(names, key=weights.get), "the most severe come first")
    sort = "return document.querySelector(arguments[0]).getAttribute('aria-sort')"
    tap.same(browser.run(sort, head), "ascending", "and the head says so")
    browser.click(button)
    tap.same((browser.run(read), browser.run(sort, head)), (sorted(names, key=weights.get, reverse=True), "descending"),
             "and the other way round")
    browser.click(button)
    tap.same((browser.run(read), browser.run(sort, head), browser.run(HASH)), (names, "none", "#sort=order"),
             "and as in the trace")
    browser.click(button)
    tap.same((browser.run(read), browser.run(HASH)), (sorted(names, key=weights.get), ""), "and by severity again")


def check_places(tap, command, browser, folder):
    """Lines of one log are in their order, however many texts come before its name, and whatever was found first."""
    trace = "".join(f"host=10.0.0.{number} session=1 event=Created\n" * (1 + number % 2) for number in range(1, 10))
    path = folder.file("places.html")
    told = command.run("check", "-q", "--format=json", f"--output=html:{path}", "-", input=trace.encode()).findings
    lines = [finding["line"] for finding in told]
    browser.open(path)
    read = "return [...document.querySelectorAll('#list-rows .row')].sort((a, b) => a.getAttribute('aria-rowindex') " \
           "- b.getAttribute('aria-rowindex')).map(row => Number(row.querySelector('.cell-place').innerText.split(':')[1]))"
    tap.ok(lines != sorted(lines) and browser.run(read) == lines, "places: not found in their order", lines)
    browser.click('[data-sort="place"] button')
    tap.same(browser.run(read), sorted(lines), "places: sorted by place")
    browser.click('[data-sort="place"] button')
    tap.same(browser.run(read), sorted(lines, reverse=True), "places: and backwards")


def by_severity(findings):
    """In the order of the page: the most severe first, cascades after the others."""
    return sorted(findings, key=lambda finding: (("error", "warning", "note").index(finding["severity"]), finding["cascade"]))


def check_keys(tap, browser, path, findings):
    browser.run("document.querySelector('#list-rows .open').focus()")
    browser.press("ArrowDown", "ArrowDown")
    tap.same(browser.run(FOCUS), "4", "keys: down, down")
    browser.press("End")
    tap.same(browser.run(FOCUS), str(len(findings) + 1), "keys: to the end")
    browser.press("Home", "Enter")
    tap.same((browser.run(FOCUS), browser.run("return document.activeElement.getAttribute('aria-expanded')")),
             ("2", "true"), "keys: home, and enter opens")
    detail = browser.run("return document.querySelector('.row .detail').innerText")
    first = by_severity(findings)[0]
    missed = [word for word in (first["message"], *first["belief"], *first["allowed"], f"line {first['line']}", first["rule"],
                                *(past["event"] for past in first["history"])) if word not in detail]
    tap.same(missed, [], "the detail tells message, belief, allowed events, place, rule and history", detail)
    browser.run("document.querySelector('.row .detail details').open = true")
    tap.ok("published table" in browser.run("return document.querySelector('.row .detail').innerText"),
           "the detail explains the rule")
    tap.ok(f"open={findings.index(first)}" in browser.run(HASH), "what is open is in the fragment")
    browser.press("Enter")
    tap.same(browser.run("return document.querySelectorAll('.row .detail').length"), 0, "keys: enter closes")
    browser.open(path)
    browser.press("Tab", "Enter")
    tap.same(browser.run(FOCUS), "findings", "the first link skips to the findings")


def check_fragment(tap, browser, path, findings):
    browser.open(path, "#severity=error&session=3&sort=severity+down&open=1")
    tap.same(shown(browser), count(findings, severity="error", session=3), "fragment: filtered from the start")
    tap.same((browser.run("return document.querySelector('#filter-session').value"),
              browser.run("return document.querySelector('#severity-note').checked"),
              browser.run("return document.querySelectorAll('.row .detail').length")), ("3", False, 1),
             "fragment: the form shows it, and the finding is open")
    browser.painted("location.hash = '#session=4'")
    browser.painted()
    tap.same(shown(browser), count(findings, session=4), "fragment: another one is followed")


def check_timeline(tap, browser, path, findings):
    browser.open(path)
    chosen = "return document.querySelector('#lanes-chosen').textContent"
    browser.run("document.querySelector('#lanes').focus()")
    browser.press("n")
    tap.ok(any(finding["message"] in browser.run(chosen) for finding in findings), "timeline: n tells a finding",
           browser.run(chosen))
    told, timed = [], sum("time" in finding for finding in findings)
    for _ in range(timed):
        told.append(browser.run(chosen))
        browser.press("n")
    tap.same(len(set(told)), timed, "timeline: n comes to each that has a time")
    tap.same(browser.run(chosen), told[0], "timeline: and to the first again")
    browser.press("Enter")
    tap.same(browser.run("return document.querySelectorAll('.row .detail').length"), 1, "timeline: enter opens it in the list")
    browser.run("document.querySelector('#lanes').focus()")
    browser.press("Home", "ArrowDown", "ArrowDown")
    tap.ok("session 1 on VDI-017" in browser.run(chosen), "timeline: arrows choose a session, told in words",
           browser.run(chosen))
    before = browser.run("return document.querySelector('#lanes-canvas').toDataURL()")
    browser.press("+", "+")
    zoomed = browser.run("return document.querySelector('#lanes-canvas').toDataURL()")
    browser.press("ArrowRight")
    moved = browser.run("return document.querySelector('#lanes-canvas').toDataURL()")
    browser.press("0")
    tap.ok(len({before, zoomed, moved}) == 3, "timeline: keys zoom and move")
    tap.same(browser.run("return document.querySelector('#lanes-canvas').toDataURL()"), before, "timeline: 0 fits all again")
    choose(browser, "#axis", "line")
    tap.ok(browser.run("return document.querySelector('#lanes-canvas').toDataURL()") != before, "timeline: by places in the log")
    browser.click("#lanes-found")
    tap.ok(re.match(r"\d+ of \d+ sessions", browser.run("return document.querySelector('#lane-count').textContent")),
           "timeline: only those with findings")
    browser.open(path)
    browser.click("#list-rows .open")
    browser.run("[...document.querySelectorAll('.detail button')].find(b => b.textContent.includes('timeline')).click()")
    tap.ok(by_severity(findings)[0]["message"] in browser.run(chosen), "timeline: a finding is shown in it from the list")


def check_pointer(tap, browser, path):
    browser.open(path)
    browser.run("document.querySelector('#timeline').scrollIntoView()")
    box = browser.run("const box = document.querySelector('#lanes-canvas').getBoundingClientRect(); return [box.left, box.top]")
    x, y = int(box[0]) + 60, int(box[1]) + 26 + 24 + 30
    browser.call("POST", "/actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": [
        {"type": "pointerMove", "duration": 0, "x": x, "y": y, "origin": "viewport"},
        {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]}]})
    browser.painted()
    tap.ok("session 1 on VDI-017" in browser.run("return document.querySelector('#lanes-chosen').textContent"),
           "pointer: a click chooses a session")
    before = browser.run("return document.querySelector('#lanes-canvas').toDataURL()")
    browser.painted("""document.querySelector('#lanes').dispatchEvent(new WheelEvent('wheel',
        {deltaY: -300, ctrlKey: true, clientX: arguments[0], clientY: arguments[1], cancelable: true}))""", x + 300, y)
    tap.ok(browser.run("return document.querySelector('#lanes-canvas').toDataURL()") != before, "pointer: the wheel zooms")


def brightness(browser):
    return browser.run("""const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).map(Number);
        return r + g + b""")


CONTRAST = """
const channel = value => value <= .03928 * 255 ? value / 255 / 12.92 : ((value / 255 + .055) / 1.055) ** 2.4;
const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
const color = text => text.match(/[\\d.]+/g).map(Number);
const paper = element => {
    for (let at = element; at; at = at.parentElement) {
        const found = color(getComputedStyle(at).backgroundColor);
        if (found.length === 3 || found[3] === 1) { return found; }
    }
    return [255, 255, 255];
};
const low = [];
for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility() || element.closest('svg, script, noscript, [aria-hidden=true]')) { continue; }
    const [a, b] = [light(color(getComputedStyle(element).color)), light(paper(element))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) { low.push(`${element.localName}.${element.className} ${ratio.toFixed(2)} ${element.textContent.slice(0, 30)}`); }
}
return low;"""


def check_looks(tap, browser, path):
    for scheme, dark in (("light", False), ("dark", True)):
        browser.media(prefers_color_scheme=scheme)
        browser.open(path, "#open=0")
        tap.same(brightness(browser) < 200, dark, f"{scheme}, as the system is")
        tap.same(browser.run(CONTRAST), [], f"{scheme}: text stands out from its paper, 4.5 to 1 at least")
        browser.click("#theme"), browser.click("#theme" if not dark else "h1")
        tap.same(brightness(browser) < 200, not dark, f"{scheme}: the button has the other one")
        tap.same(browser.run(CONTRAST), [], f"{scheme}: which can be read as well")
    browser.media(prefers_color_scheme="light")
    browser.open(path)
    for width in (360, 700, 800, 1000, 2200):
        browser.resize(width, 800)
        browser.painted()
        tap.ok(browser.run("return document.documentElement.scrollWidth <= innerWidth"), f"{width} pixels: nothing sticks out")
        clipped = browser.run("""return [...document.querySelectorAll('button, input, select')].filter(e => e.checkVisibility()
            && !e.closest('.rows, .scroll') && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.id)""")
        tap.same(clipped, [], f"{width} pixels: all controls are in sight")
    browser.resize(*browser.size)


def check_access(tap, browser, path):
    """The tree that screen readers have."""
    browser.open(path, "#open=0")
    nodes = [node for node in browser.devtools("Accessibility.getFullAXTree")["nodes"] if not node.get("ignored")]
    roles = {}
    for node in nodes:
        roles.setdefault(node["role"]["value"], []).append(node.get("name", {}).get("value", ""))
    tap.ok({"banner", "navigation", "main", "search", "heading", "table", "status"} <= set(roles), "landmarks and roles",
           sorted(roles))
    controls = ("button", "textbox", "searchbox", "combobox", "checkbox", "link", "application", "meter", "region", "table")
    tap.same({role: names.count("") for role, names in roles.items() if role in controls and "" in names}, {},
             "each control has a name")
    levels = browser.run("return [...document.querySelectorAll('h1,h2,h3,h4')].filter(h => h.checkVisibility()).map(h => Number(h.localName[1]))")
    tap.ok(levels[0] == 1 and all(b - a <= 1 for a, b in zip(levels, levels[1:])), "headings leave out no level", levels)
    tap.ok(browser.run("return document.documentElement.lang") == "en" and browser.run("return document.title"),
           "language and title")
    ids = browser.run("return [...document.querySelectorAll('[id]')].map(e => e.id)")
    tap.same(sorted({name for name in ids if ids.count(name) > 1}), [], "ids are unique")
    broken = browser.run("""return [...document.querySelectorAll('[aria-labelledby],[aria-describedby],[for]')].flatMap(e =>
        ['aria-labelledby', 'aria-describedby', 'for'].flatMap(a => (e.getAttribute(a) || '').split(' ').filter(Boolean)))
        .filter(id => !document.getElementById(id))""")
    tap.same(broken, [], "what is referred to is there")
    tap.same(browser.run("return document.querySelector('#list').getAttribute('aria-rowcount')"),
             str(shown(browser) + 1), "the table says how many rows it has")
    reached, unseen = [], []
    browser.open(path, "#open=0")
    for _ in range(60):
        browser.press("Tab")
        at = browser.run("""const e = document.activeElement;
            const style = getComputedStyle(e);
            return [e === document.body ? '' : e.id || e.className || e.textContent.slice(0, 20), style.outlineStyle !== 'none' || style.boxShadow !== 'none'
                || !!e.closest('.row')]""")
        reached.append(at[0])
        if not at[1] and at[0]:
            unseen.append(at[0])
    tap.ok({"filter-text", "filter-rule", "lanes", "axis", "theme"} <= set(reached), "tab comes to every control", reached)
    tap.same(unseen, [], "and the focus is to be seen wherever it is")


AXE = """const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ['violations']}).then(found => done(found.violations.map(violation =>
    `${violation.id} (${violation.impact}): ${violation.nodes.map(node => node.html.slice(0, 150)).join(' | ')}`)));"""


def check_axe(tap, browser, path):
    """What axe-core finds wrong, light and dark, wide and narrow."""
    try:
        script = package("axe-core", "axe.min.js").read_text(encoding="utf-8")
    except Missing as reason:
        tap.skip("axe-core", reason)
        return
    for scheme in ("light", "dark"):
        for width in (browser.size[0], 400):
            browser.media(prefers_color_scheme=scheme)
            browser.resize(width, browser.size[1])
            browser.open(path, "#open=0")
            browser.painted()
            browser.run(script)
            tap.same(browser.call("POST", "/execute/async", {"script": AXE, "args": []}), [],
                     f"axe-core finds nothing: {scheme}, {width} pixels")
    browser.media()
    browser.resize(*browser.size)


def check_suppressed(tap, command, browser, folder):
    """What a baseline answers for is there when it is asked for, with the reason."""
    # no baseline answers for what cannot be read
    trace = folder.file("known.trace", b"".join(line for line in PARTS.read_bytes().splitlines(True) if b"Conn3" not in line))
    path, baseline = folder.file("known.html"), str(folder.path / "baseline.json")
    command.run("baseline", f"--baseline={baseline}", "--reason=<b>known</b> to us", "write", str(trace))
    told = command.run("check", "-q", "--format=json", f"--baseline={baseline}", f"--output=html:{path}", str(trace))
    browser.open(path)
    without = shown(browser)
    browser.click("#filter-suppressed")
    suppressed = told.summary["suppressed"]
    tap.ok(suppressed > 0 and shown(browser) - without == suppressed, f"suppressed: {suppressed} are shown when asked for",
           without, shown(browser))
    browser.write("#filter-text", "<b>known</b>")
    tap.same(shown(browser), suppressed, "suppressed: searched by their reason")
    browser.click("#list-rows .open")
    tap.ok("<b>known</b> to us" in browser.run("return document.querySelector('.row .detail').innerText"),
           "suppressed: the reason is text")
    tap.same(browser.run("return document.querySelectorAll('.row .tag').length") >= suppressed, True,
             "suppressed: each is marked")
    trace.write_bytes(b"session=1 event=Created\nsession=1 event=Terminated\n")
    result = command.run("check", "-q", f"--baseline={baseline}", f"--output=html:{path}", str(trace))
    browser.open(path)
    text = browser.run("return document.querySelector('#summary').innerText")
    tap.ok(f"Exit status {result.status}" in text and text.count("stale entry") == suppressed and "<b>known</b>" in text,
           "suppressed: what nothing matches any more is told", text)


def check_nothing(tap, browser, command, folder):
    """A page of nothing is no page that says that all is well."""
    path = folder.file("nothing.html")
    result = command.run("check", "-q", f"--output=html:{path}", str(folder.path / "nowhere.trace"))
    tap.ok(browser.open(path), "nothing read: the page comes up")
    verdict = browser.run("return document.querySelector('#verdict').innerText")
    tap.ok(f"Exit status {result.status}" in verdict and "\u2714" not in verdict, "nothing read: and says so", verdict)
    tap.same(browser.run("return tickText(-0, 1)"), "0", "nothing read: the axis has one 0")
    browser.run("document.querySelector('#lanes').focus()")
    browser.press("n", "f", "0", "+", "ArrowDown", "Enter", "End")
    tap.same(browser.complaints(), [], "nothing read: keys do nothing, and no harm")


def check_unjudged(tap, browser, command, folder):
    """Nor is one of logs that tell of no session."""
    path = folder.file("unjudged.html")
    for trace, words in ((b"marker=boot\n", True), (b"session=1 event=Created\n", False), (b"session=1 event\n", False)):
        command.run("check", "-q", f"--output=html:{path}", "-", input=trace)
        browser.open(path)
        verdict, found = browser.run("const {innerText, dataset} = document.querySelector('#verdict'); "
                                     "return [innerText, dataset.found]")
        tap.same(("Nothing was judged" in verdict, "\u25b2" in verdict and found == "yes"), (words, words),
                 f"a page of a run that judged nothing says so: {words}", verdict)


def check_many(tap, browser, command, folder):
    """Rows and lanes out of sight are no elements, however many there are."""
    trace = subprocess.run([sys.executable, MAKE_MANY, "2000", "10"], check=True, capture_output=True).stdout
    path = folder.file("many.html")
    told = command.run("check", "-q", "--format=json", f"--output=html:{path}", "-", input=trace)
    tap.ok(browser.open(path), "many: the page comes up")
    elements = "return document.querySelectorAll('*').length"
    tap.same(shown(browser), len(told.findings), f"many: {len(told.findings)} findings")
    tap.ok(browser.run(elements) < 3000, "many: few of them are elements", browser.run(elements))
    browser.painted("document.querySelector('#list-rows').scrollTop = 1e9")
    browser.painted()
    tap.ok(max(map(int, browser.run("return [...document.querySelectorAll('#list-rows .row')].map(r => r.getAttribute('aria-rowindex'))")))
           == len(told.findings) + 1 and browser.run(elements) < 3000, "many: the last comes when it is gone to")
    browser.write("#filter-text", "iosessioneventmax")
    tap.same(shown(browser), sum("IoSessionEventMax" in finding["message"] for finding in told.findings), "many: searched")
    tap.same(browser.complaints(), [], "many: the console is silent")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    if missing():
        tap.skip("the page in use", missing())
        return tap.done()
    with Folder() as folder, Browser() as browser:
        path = folder.file("parts.html")
        told = command.run("check", "-q", "--format=json", f"--output=html:{path}", "-", input=PARTS.read_bytes())
        findings = told.findings
        browser.open(path)
        check_counts(tap, browser, told)
        check_filter(tap, browser, findings)
        check_sort(tap, browser, findings)
        check_keys(tap, browser, path, findings)
        check_fragment(tap, browser, path, findings)
        check_timeline(tap, browser, path, findings)
        check_pointer(tap, browser, path)
        check_looks(tap, browser, path)
        check_access(tap, browser, path)
        tap.same((browser.complaints(), browser.requests()), ([], []), "all the while, no complaint and no request")
        check_axe(tap, browser, path)
        check_suppressed(tap, command, browser, folder)
        check_nothing(tap, browser, command, folder)
        check_unjudged(tap, browser, command, folder)
        check_long(tap, command, browser, folder)
        check_many(tap, browser, command, folder)
        check_places(tap, command, browser, folder)
        check_marks(tap, command, browser, folder)
        check_headings(tap, command, browser, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
