#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws the pictures of README.md: the timeline as text, and the page in Chromium, of the logs of a made-up machine.
Arguments: the command, the folder to write to.
"""

import datetime
import html
import os
import pathlib
import subprocess
import sys
import tempfile

from shared.browser import Browser

ENVIRONMENT = {**os.environ, "SOURCE_DATE_EPOCH": "1774915200"}
BEGIN = datetime.datetime(2026, 3, 2, 8)

# Day, minutes since eight, session, user, address, minutes until the disconnect, the reconnect and the logoff.
SESSIONS = (
    (0, 1, 2, "alice", "10.0.0.7", 60, 120, 240), (0, 30, 3, "bob", "10.0.0.12", 45, None, 300),
    (1, 5, 4, "carol", "10.0.0.31", 90, 95, 200), (4, 2, 5, "alice", "10.0.0.7", 20, 180, 260),
    (4, 70, 6, "bob", "203.0.113.9", 15, None, 90), (17, 12, 7, "alice", "10.0.0.9", 100, 130, 190),
    (17, 20, 8, "carol", "10.0.0.31", 30, 33, 220), (28, 3, 9, "bob", "10.0.0.12", 50, 60, 150),
)


def made():
    """The traces of the session manager, of the connections and of Winlogon: lists of (time, text)."""
    logs = {"lsm": [(BEGIN, "marker=boot")], "rdp": [], "winlogon": [(BEGIN, "marker=boot")]}
    for day, minute, session, user, address, left, back, out in SESSIONS:
        start = BEGIN + datetime.timedelta(days=day, minutes=minute)

        def add(log, minutes, seconds, event, who=""):
            logs[log].append((start + datetime.timedelta(minutes=minutes, seconds=seconds), f"session={session} event={event}{who}"))

        named = f" user=CORP\\{user}"
        known = f"{named} address={address}"
        add("rdp", 0, 0, 66)
        add("winlogon", 0, 2, 7001)
        add("lsm", 0, 2.5, 21, known)
        add("lsm", left, 0, 24, known)
        if back:
            add("rdp", back, -0.5, 66)
            add("lsm", back, 0, 25, known)
        elif user == "bob":
            add("lsm", left, 1, 24, known)
        add("lsm", out, 0, 23, named)
        add("lsm", out, 0.2, 24, known)
        add("winlogon", out, 0.3, 7002)
    return logs


def write_logs(folder):
    for source, lines in made().items():
        (folder / f"{source}.trace").write_text("".join(
            f"time={time.isoformat(timespec='milliseconds')}Z host=RDS01 source={source} {text}\n" for time, text in sorted(lines)),
            encoding="utf-8")


def draw_text(lines, path):
    """Text as a picture."""
    width, height = 20 + max(map(len, lines)) * 7.25, 24 + 18 * len(lines)
    rows = "\n".join(f'<text x="12" y="{26 + 18 * i}" xml:space="preserve">{html.escape(line)}</text>' for i, line in enumerate(lines))
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" viewBox="0 0 {width:.0f} {height}" '
                    'font-family="ui-monospace, Menlo, Consolas, \'Liberation Mono\', monospace" font-size="12">\n'
                    '<style>rect { fill: #f6f8fa; stroke: #d0d7de } text { fill: #1f2328 } @media (prefers-color-scheme: dark) '
                    '{ rect { fill: #151b23; stroke: #30363d } text { fill: #e6edf3 } }</style>\n'
                    f'<rect x=".5" y=".5" width="{width - 1:.0f}" height="{height - 1}" rx="6"/>\n{rows}\n</svg>\n', encoding="utf-8")


def run(command, *arguments, cwd):
    return subprocess.run([command, *arguments], cwd=cwd, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, check=False).stdout


def main():
    command, to = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2]).resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "RDS01").mkdir()
        write_logs(folder / "RDS01")
        text = run(command, "timeline", "--together", "RDS01", cwd=folder).decode()
        draw_text(text.splitlines()[:20], to / "timeline.svg")
        page = folder / "report.html"
        page.write_bytes(run(command, "check", "--quiet", "--together", "--format=html", "RDS01", cwd=folder))
        with Browser(1200, 720) as browser:
            browser.media(prefers_color_scheme="light")
            browser.open(page, "#lanes=user")
            browser.painted("document.querySelector('#timeline').scrollIntoView()")
            browser.picture(to / "page.png")


if __name__ == "__main__":
    main()
