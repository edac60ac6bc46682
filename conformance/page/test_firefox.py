#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The page that checks in Firefox, from the disk: the findings of real logs are the command's, and nothing is asked of
anybody. Arguments: the command, the folder of the page, a folder of logs. Prints TAP.
"""

import pathlib
import sys

from shared.checking_page import NAME
from shared.command import Command
from shared.firefox import Firefox, missing
from shared.tap import Tap

DONE = "document.documentElement.dataset.done === 'yes'"

# The page lets nobody read its URLs, not even itself: what it gives is looked at where it is made.
KEEP = """globalThis.made = new Map();
const usual = downloadLink;
downloadLink = (blob, name, type) => {
    made.set(name, blob);
    return usual(blob, name, type);
};"""


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    page, logs = map(pathlib.Path, sys.argv[2:])
    if not (page / NAME).is_file():
        return tap.skip_all(f"there is no {NAME}: ./dev page makes it")
    if missing():
        return tap.skip_all(missing())
    if not logs.is_dir():
        return tap.skip_all(f"there is no {logs.name} folder")
    with Firefox() as browser:
        browser.open(page / NAME)
        tap.ok(browser.until("document.documentElement.dataset.ready === 'yes'"), "the page comes up")
        browser.run(KEEP)
        for machine in sorted(path for path in logs.iterdir() if path.is_dir()):
            paths = sorted(machine.glob("*.evtx"))
            # the page may learn of them later
            browser.run("delete document.documentElement.dataset.done")
            browser.choose("#files", paths)
            tap.ok(browser.until(DONE), f"{machine.name}: checked")
            told = command.run("check", "--together", "--format=json", *(path.name for path in paths), cwd=machine)
            tap.same(browser.run("made.get('findings.json').text()"), told.text, f"{machine.name}: the findings are the command's")
            told = command.run("timeline", "--together", "--format=ndjson", *(path.name for path in paths), cwd=machine)
            tap.same(browser.run("made.get('timeline.ndjson').text()"), told.text, f"{machine.name}: the timeline is the command's")
        tap.ok(browser.until("document.querySelector('.diagram').naturalWidth > 0"), "the diagram is shown")
        windows = browser.call("browsingContext.getTree")["contexts"]
        frames = [frame["context"] for window in windows for frame in window["children"]]
        browser.window = frames[0] if frames else browser.window
        tap.ok(len(frames) == 1 and browser.until("document.documentElement.dataset.ready === 'yes'"), "the report page runs in its frame")
        tap.same(browser.complaints(), [], "no complaint")
        tap.same([url for url in browser.requests() if not url.startswith(("blob:", "data:", "file:"))], [], "no request")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
