#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures the page of 10,000 sessions with 100,000 findings: its size, how long it takes to come up, and how long from
what a reader does until it is painted. Argument: the command. Prints tables in Markdown.
"""

import statistics
import subprocess
import sys
import time

from shared.browser import Browser, missing
from shared.command import Command
from shared.folder import Folder
from shared.pages import MAKE_MANY, Page
from shared.tap import Tap

INPUT = """const field = document.querySelector(arguments[0]);
    field.value = arguments[1];
    field.dispatchEvent(new Event('input', {bubbles: true}));"""
CLICK = "document.querySelector(arguments[0]).click();"
SCROLL = "document.querySelector(arguments[0]).scrollTop = arguments[1];"

# What is done: a name, a script, and its arguments, one run after the other.
ACTS = (
    ("a severity off and on", CLICK, [("#severity-error",)] * 10),
    ("a letter more in the text", INPUT, [("#filter-text", "disconnected"[:size]) for size in range(1, 11)]),
    ("two words", INPUT, [("#filter-text", text) for text in ("illegal logon", "rds-07 illegal") * 5]),
    ("text away", INPUT, [("#filter-text", text) for text in ("", "x") * 5]),
    ("a host", INPUT, [("#filter-host", f"rds-{number:02d}") for number in range(10)]),
    ("a session", INPUT, [("#filter-session", str(number)) for number in range(1, 11)]),
    ("all again", CLICK, [("#filter-reset",)] * 10),
    ("another order, at first", CLICK, [(f'[data-sort="{key}"] button',)
                                        for key in ("severity", "place", "time", "subject", "rule", "message")]),
    ("list scrolled", SCROLL, [("#list-rows", 300_000 * number) for number in range(10)]),
    ("timeline scrolled", SCROLL, [("#lanes", 15_000 * number) for number in range(10)]),
    ("timeline zoomed", CLICK, [("#zoom-in",)] * 10),
)


def main():
    command = Command(sys.argv[1], Tap())
    trace = subprocess.run([sys.executable, MAKE_MANY, "10000", "18"], check=True, capture_output=True).stdout
    with Folder() as folder:
        path = folder.file("many.html")
        begin = time.monotonic()
        command.run("check", "-q", "--format=csv", f"--output=html:{path}", "-", input=trace)
        taken = time.monotonic() - begin
        page = Page(path.read_bytes())
        print(f"\nA page of {len(page.data['incarnations']['session'])} sessions and {len(page.data['findings']['rule'])} findings, "
              f"of {len(trace) / 1e6:.0f} MB: {path.stat().st_size / 1e6:.1f} MB, written in {taken:.1f} s")
        if missing():
            print(f"\nnot measured in a browser: {missing()}")
            return
        with Browser() as browser:
            browser.open(path)
            up = browser.run("return performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
            print(f"\nUp after {up:.0f} ms. Until it is painted:\n\n| | median | worst |\n|---|---|---|")
            for name, script, runs in ACTS:
                times = [browser.painted(script, *arguments) for arguments in runs]
                print(f"| {name} | {statistics.median(times):.0f} ms | {max(times):.0f} ms |")


if __name__ == "__main__":
    main()
