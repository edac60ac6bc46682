#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The timeline for people: no line is wider than the terminal, nothing is lost in narrow ones, and colours. Argument: the
command. Prints TAP.
"""

import fcntl
import os
import re
import struct
import subprocess
import sys
import termios
import unicodedata

from shared.command import TIMEOUT, Command
from shared.folder import Folder
from shared.tap import Tap

FOLDER = os.path.dirname(os.path.abspath(__file__))
TRACE = os.path.join(FOLDER, "life.trace")
MACHINE = os.path.join(FOLDER, "machine")
ESCAPE = re.compile("\033\\[[0-9;]*m")

WIDE = ("time=2026-03-02T08:00:00Z host=\u4f1a\u8bdd\u4e3b\u673a session=1 event=Created user=\u7528\u6237\u4e00\u4e8c\u4e09\n"
        f"host=\u4f1a\u8bdd\u4e3b\u673a session=1 event=Connected user={'x' * 300} address={'9' * 120}\n"
        f"host=\u4f1a\u8bdd\u4e3b\u673a session=1 event=Logon user={chr(0x4f1a) * 100}\n")


def columns(line):
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)


def words(text):
    """All that is said, without the places of lines' ends."""
    return re.sub(r"\s+", " ", text).strip()


def widest(text):
    return max(columns(line) for line in text.split("\n"))


def shown(command, width, *arguments, **options):
    environment = {key: value for key, value in os.environ.items() if key != "COLUMNS"}
    if width is not None:
        environment["COLUMNS"] = str(width)
    return command.run("timeline", "--no-config", *arguments, env=environment, **options).out.decode("utf-8")


def check_widths(tap, command):
    for name, arguments, options in (("a trace", [TRACE], {}), ("an account", ["--together", MACHINE], {}),
                                     ("wide signs", ["-"], {"input": WIDE.encode()})):
        for more in ([], ["--sessions"]):
            whole = shown(command, 9999, *more, *arguments, **options)
            for width in (40, 60, 80, 100, 200):
                text = shown(command, width, *more, *arguments, **options)
                tap.ok(widest(text) <= width, f"{name} {more}: at most {width} columns", widest(text))
                if name != "wide signs":
                    tap.same(words(text), words(whole), f"{name} {more}: {width} columns have all words of 9999")
                tap.ok(not re.search(r" $", text, re.M), f"{name} {more}, {width} columns: no blank at the end of a line")
            for width in (None, "", "0", "wide", "-5", "999999"):
                tap.same(shown(command, width, *more, *arguments, **options), shown(command, 100, *more, *arguments, **options),
                         f"{name} {more}: COLUMNS={width} is 100 columns")
            tap.same(shown(command, 3, *more, *arguments, **options), shown(command, 40, *more, *arguments, **options),
                     f"{name} {more}: 40 columns at least")
    text = shown(command, 60, "-", input=WIDE.encode())
    tap.ok("..." in text and "xxx..." in text, "what is too long for a line is cut", text)


def check_alignment(tap, command):
    """In a block, columns begin at the same place."""
    text = shown(command, 200, TRACE)
    for block in text.split("\n\n"):
        lines = [line for line in block.split("\n") if line.startswith("  2026")]
        starts = {re.match(r"  \S+ \S+  \S+ +", line).end() for line in lines}
        tap.same(len(starts), 1, f"{len(lines)} rows of a block are aligned")


def on_terminal(command, width, *arguments, **environment):
    """What is written to a terminal of that width."""
    above, below = os.openpty()
    fcntl.ioctl(below, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    with subprocess.Popen([*command.words, "timeline", "--no-config", *arguments], stdin=subprocess.DEVNULL, stdout=below,
                          env={"PATH": os.environ["PATH"], "TERM": "xterm", **environment}) as process:
        os.close(below)
        data = b""
        try:
            while block := os.read(above, 65536):
                data += block
        except OSError:
            pass
        process.wait(TIMEOUT)
    os.close(above)
    return data.decode("utf-8").replace("\r\n", "\n")


def check_terminal(tap, command):
    for width in (50, 90, 150):
        text = on_terminal(command, width, TRACE)
        tap.ok(ESCAPE.search(text) and ESCAPE.sub("", text) == shown(command, width, TRACE),
               f"a terminal of {width} columns: as wide, and in colour", text)
    tap.same(ESCAPE.sub("", on_terminal(command, 50, TRACE, COLUMNS="120")), shown(command, 120, TRACE),
             "COLUMNS counts more than the terminal")
    tap.ok(not ESCAPE.search(on_terminal(command, 80, TRACE, NO_COLOR="1")), "NO_COLOR")
    tap.ok(not ESCAPE.search(on_terminal(command, 80, "--color=never", TRACE)), "--color=never")


def check_colors(tap, command):
    plain, colored = shown(command, 100, TRACE), shown(command, 100, "--color=always", TRACE)
    tap.ok(not ESCAPE.search(plain) and ESCAPE.sub("", colored) == plain, "--color=always: the same text in colour", colored)
    tap.ok("\033[1;31millegal\033[0m" in colored and "\033[1;35mundocumented\033[0m" in colored,
           "an illegal transition is red, an undocumented one magenta", colored)


def check_parts(tap, command, folder):
    """A session with very many rows is written in parts."""
    lines = ["session=1 event=Created\n", *(f"session=1 event={event}\n" for _ in range(5000)
                                            for event in ("Connected", "Disconnected"))]
    file = str(folder.file("long.trace", "".join(lines)))
    text = shown(command, 100, file)
    heads = [line for line in text.split("\n") if line.startswith("session")]
    tap.ok(len(heads) > 1 and "continued" not in heads[0] and all("continued" in head for head in heads[1:]),
           "a session of 10,001 rows comes in parts", heads)
    tap.same(len(re.findall(r"^  \S", text, re.M)), len(lines) + 1, "the parts have all rows, and what is found at the end")
    xes = command.run("timeline", "--format=xes", file).text
    tap.same((xes.count("<trace>"), xes.count("<event>")), (1, len(lines)), "XES: still one trace")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    check_widths(tap, command)
    check_alignment(tap, command)
    check_colors(tap, command)
    if command.for_windows or command.emulated:
        tap.skip("a terminal", "there is none here")
    else:
        check_terminal(tap, command)
    with Folder() as folder:
        check_parts(tap, command, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
