#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""CSV by Python's reader, Markdown by its lines; parsers of Markdown have their say in ../outside/.
Argument: the command. Prints TAP.
"""

import csv
import io
import re
import sys
import unicodedata

from shared.command import Command
from shared.folder import Folder
from shared.report_traces import HASH, PARTS, PAYLOADS, hostile, many
from shared.tap import Tap

COLUMNS = ["rule", "severity", "cascade", "file", "line", "offset", "time", "host", "boot", "source", "session",
           "incarnation", "event", "observed", "belief", "allowed", "driver", "io", "message", "suppression", "reason",
           "user", "address", "witnesses"]
UNSAFE = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}


def run(command, form, trace):
    return command.run("check", "-q", f"--format={form}", "-", input=trace).out.decode("utf-8")


def text_of(value):
    """What CSV holds of a value of JSON: numbers as they are, sets between blanks."""
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def safe(text):
    """Nothing that a terminal or a build system would act on."""
    return all(unicodedata.category(sign) not in UNSAFE for sign in text.replace("\n", "")) and \
        not re.search(rf"^\s*::|{HASH}\[|{HASH}vso\[", text, re.M)


def check_csv(tap, command):
    csv.field_size_limit(10_000_000)
    for name, trace in traces().items():
        text, findings = run(command, "csv", trace), command.check(trace).findings
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        tap.ok(rows[0] == COLUMNS and all(len(row) == len(COLUMNS) for row in rows), f"CSV, {name}: the columns",
               rows[0])
        rows = [dict(zip(COLUMNS, row)) for row in rows[1:]]
        same = [key for key in COLUMNS if key not in ("file", "host", "boot", "incarnation", "driver", "io", "message",
                                                        "user", "address", "witnesses")]
        tap.same([[row[key] for key in same] for row in rows],
                 [[text_of(finding.get(key)) for key in same] for finding in findings], f"CSV, {name}: the findings")
        tap.ok(safe(text) and len(text.splitlines()) == len(rows) + 1, f"CSV, {name}: a line a row, and safe to show")
        tap.ok(not any(value.startswith(tuple("=+-@")) for row in rows for value in row.values()),
               f"CSV, {name}: no formula")
    row = list(csv.DictReader(io.StringIO(run(command, "csv", PARTS.read_bytes()))))[0]
    tap.same((row["host"], row["file"], row["incarnation"]), ("VDI-017", "<stdin>", "1"), "CSV: text is as it was")
    tap.same(run(command, "csv", b"session=1 event=Created\nsession=1 event=Terminated\n"), ",".join(COLUMNS) + "\n",
             "CSV: nothing found, the names of the columns")


def traces():
    return {"parts": PARTS.read_bytes(), **{name: hostile(payload) for name, payload in PAYLOADS.items()}}


def cells(line):
    return len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) - 1


def check_lines(tap, name, text, findings):
    """The page by its lines: headings, tables with a fixed number of cells, and nothing else."""
    blocks = [block.splitlines() for block in text.strip("\n").split("\n\n")]
    tap.ok(re.fullmatch(r"## sessionlint: \d+ errors?, \d+ warnings?, \d+ notes?", blocks[0][0]),
           f"Markdown, {name}: the heading counts", blocks[0])
    strange = [block[0][:200] for block in blocks[1:] if not re.match(r"\| \w|### \w+$|and \d+ more$", block[0])
               or block[0].startswith("|") and {cells(line) for line in block} != {cells(block[1])}]
    tap.same(strange, [], f"Markdown, {name}: headings and tables alone")
    bare = re.sub(r"\\[!-/:-@\[-`{-~]|<!-- -->", "", text)
    tap.ok(not re.search(r"[][<>`*~&$!\\]", bare), f"Markdown, {name}: no sign of markup that is not escaped", bare)
    where = [line for block in blocks if block[0].startswith("| where") for line in block[2:]]
    tap.same(len(where), len(findings), f"Markdown, {name}: a row a finding")
    tap.ok(safe(text) and len(text.encode()) < 1 << 20, f"Markdown, {name}: safe to show, and below 1 MiB")


def check_markdown(tap, command):
    for name, trace in traces().items():
        text = run(command, "markdown", trace)
        check_lines(tap, name, text, command.check(trace).findings)
    text = run(command, "markdown", hostile(b"hello @user, see https://x.y/z and www.x.y"))
    tap.ok("@user" not in text and "https:" not in text and "www.x" not in text,
           "Markdown: no mention, no link of its own making", text)
    text = run(command, "markdown", many(70, "session=1 event=77\n").encode())
    tap.ok(text.count("| session/invalid-event |\n") == 50 and "\n\nand 20 more\n" in text,
           "Markdown: fifty of each severity, and the rest is counted", text)


def check_size(tap, command, folder):
    """The worst page is below what GitHub takes."""
    name = "\x01" * 150 + ".trace"
    value = r'"' + r"\u0001" * 1000 + r'"'
    folder.file(name, "".join(f"host={value} boot={value} session=1 event={event}\n" for _ in range(200)
                              for event in ("77", "Created", "Created", "Connected", "Logon", "Disconnected",
                                            "Connected")))
    out = command.run("check", "-q", "-fmarkdown", name, cwd=folder.path).out
    tap.ok(100_000 < len(out) < 1 << 20, "Markdown: escaped signs all over stay below 1 MiB", len(out))


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        check_csv(tap, command)
        check_markdown(tap, command)
        check_size(tap, command, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
