#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The page that checks at work: progress, cancelling, memory, the keyboard, themes and paper.
Arguments: the command, the folder of the page, a folder of logs. Prints TAP.
"""

import pathlib
import re
import shutil
import sys

from shared.checking_page import CheckingPage, why_not
from shared.command import Command
from shared.folder import Folder
from shared.tap import Tap

COPIES = 12       # of the largest log: 200 MB
RUNS = 10
GROWTH_MAX = 24   # MB of the renderer after these runs
TRACE = b"session=1 event=Created\nsession=1 event=Logon\n"


def large(folder, logs):
    """A folder with 200 MB of logs, or None: there is no large log."""
    source = logs / "domain-controller" / "System.evtx"
    if not source.is_file():
        return None
    for i in range(COPIES):
        shutil.copy(source, folder.file(f"large/System-{i + 1:02d}.evtx"))
    return folder.path / "large"


def check_large(tap, command, page, logs):
    page.set(together="apart")
    page.begin_drop(logs)
    seen, answers = set(), 0
    while not page.run("return document.documentElement.dataset.done === 'yes'"):
        # a page that waits for the checker would not paint
        page.painted()
        answers += 1
        seen.add(page.run("return document.getElementById('progress').value"))
    tap.ok(answers > 20, f"200 MB: the page is painted while they are checked, {answers} times")
    tap.ok(len([value for value in seen if 0 < value < 1]) > 5, f"200 MB: there is progress, {len(seen)} steps")
    tap.same(page.workers(), 0, "200 MB: no worker is left")
    told = command.run("check", "--format=json", logs.name, cwd=logs.parent, timeout=300)
    tap.ok(page.download("findings.json") == told.out, "200 MB: the findings are the command's")


def check_cancel(tap, page, logs, small):
    page.begin_drop(logs)
    tap.ok(page.until("document.getElementById('progress').value > 0"), "cancel: it has begun")
    tap.same(page.workers(), 1, "cancel: there is a worker")
    page.click("#cancel")
    tap.same(page.text("#status"), "Cancelled.", "cancel: the page says so")
    tap.same(page.run("return [document.getElementById('work').hidden, document.getElementById('results').hidden]"), [True, True],
             "cancel: there is no progress and no result")
    tap.ok(page.comes(lambda: page.workers() == 0), "cancel: the worker is gone")
    tap.ok(page.drop(small), "cancel: the next files are checked")
    tap.ok("1 error" in page.text("#verdict"), "cancel: as if nothing had been")
    page.begin_drop(logs)
    page.until("document.getElementById('progress').value > 0")
    tap.ok(page.drop(small), "other files take the place of those that are being checked")
    tap.same(page.text("#command"), f"sessionlint check {small.name}", "and the result is theirs")


def renderer_memory(page):
    """Private memory of the process that shows the page, in MB."""
    page.devtools("HeapProfiler.collectGarbage")
    sizes = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes()
            if b"--type=renderer" in words and is_child(folder, page):
                text = (folder / "smaps_rollup").read_text()
                sizes.append(sum(int(size) for size in re.findall(r"^Private_\w+: +(\d+) kB", text, re.M)) // 1024)
        except OSError:
            continue
    return max(sizes, default=None)


def is_child(folder, page):
    """Whether a process comes from this test's browser."""
    number = int(folder.name)
    while number > 1:
        if number == page.driver.pid:
            return True
        stat = pathlib.Path(f"/proc/{number}/stat").read_text()
        number = int(stat.rpartition(")")[2].split()[1])
    return False


def check_memory(tap, page, logs):
    page.set(together="auto")
    for _ in range(3):
        page.drop(logs)
    before, results = renderer_memory(page), page.run("return urls.size")
    if before is None:
        tap.skip("memory returns", "the memory of processes cannot be read here")
        return
    for _ in range(RUNS):
        page.drop(logs)
    after = renderer_memory(page)
    tap.ok(after - before <= GROWTH_MAX, f"memory returns after {RUNS} runs: {before} MB before, {after} MB after")
    tap.same(page.workers(), 0, "no worker is left")
    tap.same(page.run("return urls.size"), results, "the results before the last are let go")
    # workers that stay would be seen
    page.run("Worker.prototype.terminate = function () { (window.kept ??= []).push(this); }")
    for _ in range(RUNS):
        page.drop(logs)
    kept = renderer_memory(page)
    tap.ok(kept - after > GROWTH_MAX, f"what {RUNS} workers keep would be seen: {kept} MB")
    page.open(page.path)


def check_keyboard(tap, page, small):
    page.open(page.path)
    order = []
    for _ in range(14):
        page.press("Tab")
        order.append(page.run("return document.activeElement.id || document.activeElement.localName"))
    tap.same(order[:6], ["a", "theme", "choose-files", "choose-folder", "example", "write"], "Tab goes from control to control")
    page.drop(small)
    page.run("document.getElementById('tab-findings').focus()")
    chosen = []
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "Home", "End"):
        page.press(key)
        chosen.append(page.run("return [document.activeElement.id, document.querySelector('[aria-selected=true]').id]"))
    tap.same(chosen, [[f"tab-{name}"] * 2 for name in ("timeline", "diagram", "report", "findings", "report", "findings", "report")],
             "the arrows, Home and End choose a tab")
    page.run("document.getElementById('tab-findings').click(); document.querySelector('.finding summary').focus()")
    page.press("Enter")
    tap.ok(page.run("return document.querySelector('.finding').open"), "Enter opens a finding")
    page.run("document.querySelector('.finding .plain').click()")
    tap.ok(page.until("document.querySelector('.finding pre').textContent.includes('No state the session can be in')"), "a rule is explained")
    page.run("document.getElementById('write').click()")
    page.write("#trace", "session=1 event=Created")
    page.press("Enter")
    page.run("document.getElementById('trace').dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', ctrlKey: true, bubbles: true}))")
    tap.ok(page.finished() and "0 errors" in page.text("#verdict"), "Ctrl Enter checks what is written")


NAMELESS = """return [...document.querySelectorAll('button, input:not([hidden]), select, textarea, iframe, img, progress, [role=region]')]
    .filter(element => element.checkVisibility() && !(element.labels?.length || element.textContent.trim() && element.localName === 'button' ||
        element.getAttribute('aria-label') || element.alt || element.title)).map(element => element.outerHTML.slice(0, 90));"""


def check_looks(tap, page, logs):
    page.drop(logs)
    tap.same(page.run(NAMELESS), [], "each control has a name")
    for scheme in ("light", "dark"):
        page.media(prefers_color_scheme=scheme)
        tap.same(page.run("return getComputedStyle(document.body).backgroundColor"), {"light": "rgb(255, 255, 255)", "dark": "rgb(13, 17, 23)"}[scheme],
                 f"{scheme}, as the system has it")
    page.media()
    for theme in ("light", "dark", "system"):
        page.click("#theme")
        tap.same(page.text("#theme"), f"Theme: {theme}", f"the button: {theme}")
    for width in (1400, 800, 400):
        page.resize(width, 900)
        for view in ("findings", "timeline", "diagram", "report"):
            page.run("document.getElementById('tab-' + arguments[0]).click()", view)
            tap.ok(page.run("return document.documentElement.scrollWidth <= innerWidth"), f"{width} pixels, {view}: nothing is wider than the window")
    page.resize(1400, 1000)
    page.media(media="print")
    tap.same(page.run("return ['drop', 'options', 'panel-findings', 'panel-timeline', 'panel-diagram', 'panel-report']"
                      ".map(id => document.getElementById(id).checkVisibility())"), [False, False, True, True, True, False],
             "on paper: the results, and not the controls")
    page.media()


def check_failure(tap, page, small):
    """A program that breaks off, in place of the checker."""
    page.call("POST", "/execute/async", {"script": """const done = arguments[0];
        WebAssembly.compile(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)).then(module => {
            window.usual = checker.module;
            checker.module = module;
            done();
        });""", "args": []})
    tap.ok(page.drop(small), "failure: the work ends")
    tap.ok(" failed: " in page.text("#status"), "failure: the page says so", page.text("#status"))
    page.run("checker.module = usual")
    tap.ok(page.drop(small) and page.text("#status") == "" and "1 error" in page.text("#verdict"), "failure: it can be tried again")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    folder, logs = map(pathlib.Path, sys.argv[2:])
    if why_not(folder):
        return tap.skip_all(why_not(folder))
    with Folder() as files, CheckingPage(folder, files.path) as page:
        small = files.file("small.trace", TRACE)
        check_keyboard(tap, page, small)
        check_failure(tap, page, small)
        if not logs.is_dir():
            tap.skip("real logs", f"there is no {logs.name} folder")
            return tap.done()
        check_looks(tap, page, logs / "remote-desktop")
        many = large(files, logs)
        check_cancel(tap, page, many, small)
        check_large(tap, command, page, many)
        check_memory(tap, page, logs / "remote-desktop")
        tap.same((page.complaints(), page.others()), ([], []), "no complaint, no request")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
