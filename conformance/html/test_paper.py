#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The page on paper: findings, all lanes, legends and colours, and nothing that is cut off. Arguments: the command, a folder
of logs. Prints TAP.
"""

import pathlib
import re
import sys
import zlib

from shared.browser import Browser, missing
from shared.command import Command
from shared.folder import Folder
from shared.report_traces import PARTS
from shared.tap import Tap


def check_print(tap, browser, path, findings):
    browser.open(path)
    data = browser.print()
    streams = b"".join(inflated(part) for part in re.findall(rb"stream\r?\n(.*?)endstream", data, re.S))
    tap.ok(data.startswith(b"%PDF") and streams.count(b"BT") > 20, "paper: there is text on it", len(data))
    tap.same(browser.run("return document.querySelector('#printed')"), None, "paper: what was made for it is gone again")
    browser.media(media="print")
    browser.run("dispatchEvent(new Event('beforeprint'))")
    tap.same(browser.run("return document.querySelectorAll('#printed tbody tr').length"), len(findings),
             "paper: a row a finding")
    tap.same(browser.run("return [...document.querySelectorAll('#printed-lanes canvas, #legend li, #inputs tr')].every(e => e.checkVisibility())"),
             True, "paper: lanes, legend and logs")
    tap.same(browser.run("return ['.swatch.state-6', '.severity', '.matrix td', '.share'].map(s => "
                         "getComputedStyle(document.querySelector(s)).printColorAdjust)"), ["exact"] * 4, "paper: colours stay")
    browser.resize(720, 1000)
    browser.painted()
    tap.ok(browser.run("return document.documentElement.scrollWidth <= innerWidth"), "paper: nothing is cut off")
    tap.same(browser.run("return [...document.querySelectorAll('#rules th, #rules td')].filter(e => !e.checkVisibility()).length"), 0,
             "paper: what each rule says is there")
    broken = browser.run("""return [...document.querySelectorAll('#printed td:nth-child(2)')].map(cell => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        return [cell.innerText, new Set([...range.getClientRects()].map(box => box.top)).size];
    }).filter(([_, lines]) => lines > 1)""")
    tap.same(broken, [], "paper: a place is on one line where it is short")
    browser.resize(*browser.size)
    tap.same(browser.run("return ['.filter', '.list', '.bar', '.top nav'].filter(s => document.querySelector(s).checkVisibility())"),
             [], "paper: no controls")
    browser.media()
    browser.run("dispatchEvent(new Event('afterprint'))")


def check_sheets(tap, command, browser, folder):
    """All sessions are on paper, in whatever part of them the window is."""
    path = folder.file("sheets.html")
    trace = "".join(f"time=2026-01-01T00:{i % 60:02}:00Z host=H{i // 50} session={i} event=Created\n" for i in range(200))
    command.run("check", "-q", f"--output=html:{path}", "-", input=trace.encode())
    browser.open(path)
    browser.run("zoom(1 / 8)")
    view = browser.run("return [lanes.from, lanes.to]")
    drawn = browser.run("""const seen = new Set();
        const {fillText} = CanvasRenderingContext2D.prototype;
        CanvasRenderingContext2D.prototype.fillText = function (text, ...more) { seen.add(text); fillText.call(this, text, ...more); };
        dispatchEvent(new Event('beforeprint'));
        CanvasRenderingContext2D.prototype.fillText = fillText;
        return [...seen];""")
    tap.same([i for i in range(200) if f"session {i}" not in drawn], [], "paper: each session has a lane")
    heights = browser.run("return [...document.querySelectorAll('#printed-lanes canvas')].map(e => e.height / e.width)")
    tap.ok(len(heights) > 1 and max(heights) < 1.1, "paper: no sheet is longer than a page", heights)
    ink = browser.run("""return [...document.querySelectorAll('#printed-lanes canvas')].map(canvas => {
        const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size;
    })""")
    tap.ok(min(ink) > 3, "paper: none is empty", ink)
    browser.run("dispatchEvent(new Event('afterprint'))")
    tap.same(browser.run("return [document.querySelector('#printed-lanes'), lanes.from, lanes.to]"), [None, *view],
             "paper: afterwards the window shows what it did")


def inflated(stream):
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def check_real(tap, command, browser, folder, logs):
    """Wide tables of real logs fit, too."""
    for name in ("remote-desktop", "domain-controller"):
        if not (logs / name).is_dir():
            tap.skip(f"paper: {name}", f"there is no {logs.name} folder")
            continue
        path = folder.file(f"{name}.html")
        command.run("check", "-q", "--together", f"--output=html:{path}", str(logs / name))
        browser.open(path)
        browser.media(media="print")
        browser.run("dispatchEvent(new Event('beforeprint'))")
        browser.resize(720, 1000)
        browser.painted()
        tap.ok(browser.run("return document.documentElement.scrollWidth <= innerWidth"), f"paper: {name}: nothing is cut off")
        browser.media()
        browser.resize(*browser.size)
        tap.ok(browser.print().count(b"/Type /Page") > 3 and browser.complaints() == [], f"paper: {name} is printed")


def main():
    tap = Tap()
    command, logs = Command(sys.argv[1], tap), pathlib.Path(sys.argv[2])
    if missing():
        tap.skip("the page on paper", missing())
        return tap.done()
    with Folder() as folder, Browser() as browser:
        path = folder.file("parts.html")
        told = command.run("check", "-q", "--format=json", f"--output=html:{path}", "-", input=PARTS.read_bytes())
        check_print(tap, browser, path, told.findings)
        check_sheets(tap, command, browser, folder)
        check_real(tap, command, browser, folder, logs)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
