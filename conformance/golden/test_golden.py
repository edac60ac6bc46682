#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Traces and what the command prints of them, to the letter: NAME.trace, NAME.txt, NAME.json. NAME.args holds
options, or files to check where there is no NAME.trace. The command is run in the root of the source, so that
the paths are the same everywhere. Arguments: the command, the root of the source, and --update to write
anew what is expected. What is written so has to be read against the model before it is committed. Prints TAP.
"""

import difflib
import os
import pathlib
import re
import shlex
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS, Command
from shared.tap import Tap

FOLDER = pathlib.Path(__file__).resolve().parent

FORMATS = {"txt": "text", "json": "json"}

# One trace is told in every format.
IN_EVERY_FORMAT = "parts"
MORE_FORMATS = {"sarif": "sarif", "junit.xml": "junit", "codequality": "gitlab", "github": "github",
                "azure": "azure", "md": "markdown", "csv": "csv", "html": "html", "perfetto": "perfetto"}

# What in a report depends on the build, or on where it ran.
VERSION = re.compile(r'(?<="version":")[^"]*(?=",\n?"(files|semanticVersion)")'
                     r'|(?<="semanticVersion":")[^"]*(?=")|(?<="fullName":"sessionlint )[^"]*(?=")|(?<="informationUri":")[^"]*(?=")'
                     r'|(?<="workingDirectory":\{"uri":")[^"]*(?=")')

# The table of rules is no part of what was found; conformance/reports/ holds it to the rules.
RULES = re.compile(r'(?<="rules":\[).*?(?=\n\]\}\},)', re.S)

# Nor are style and script of a page, their hashes, and the diagram; conformance/html/ and conformance/diagram/ hold them
# to what they are for.
FRAME = re.compile(r"(?<=<style>).*?(?=</style>)|(?<=<script>).*?(?=</script>)|(?<=<script type=\"text/plain\").*?(?=</script>)"
                   r"|<svg .*?</svg>|(?<='sha256-)[^']*|(?<=\"version\":\")[^\"]*(?=\",\"status\")"
                   r"|(?<=\"explanation\":\[).*?(?=\]\}?,?\n)", re.S)


def names():
    return sorted({path.stem for path in FOLDER.iterdir() if path.suffix in (".trace", ".args")})


def run(command, root, name, form):
    """What the command prints, and its result."""
    arguments = FOLDER / f"{name}.args"
    trace = FOLDER / f"{name}.trace"
    words = shlex.split(arguments.read_text(encoding="utf-8")) if arguments.exists() else []
    if trace.exists():
        words.append(trace.relative_to(root).as_posix())
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1772438400"}
    result = command.run("check", "--quiet", f"--format={form}", *words, cwd=root, env=environment)
    text = RULES.sub("", VERSION.sub("", result.text))
    return FRAME.sub("", text) if form == "html" else text, result


def formats_of(name):
    """The formats of a run, by the ending of what is expected."""
    return {**FORMATS, **MORE_FORMATS} if name == IN_EVERY_FORMAT else FORMATS


def check(tap, command, root, name, ending):
    form = formats_of(name)[ending]
    printed, result = run(command, root, name, form)
    path = FOLDER / f"{name}.{ending}"
    expected = path.read_text(encoding="utf-8") if path.exists() else ""
    difference = difflib.unified_diff(expected.splitlines(), printed.splitlines(), f"expected {path.name}",
                                      "printed", lineterm="")
    tap.ok(printed == expected and path.exists(), f"{name}: {form}", "\n".join(difference),
           result.error)
    return result


def check_status(tap, result, name):
    """The status follows from what was found."""
    found = result.summary["findings"]
    expected = STATUS_FAILED if "trace/malformed" in found else \
        STATUS_FINDINGS if result.summary["severities"]["error"] else STATUS_CLEAN
    tap.same(result.status, expected, f"{name}: status {expected}")


def main():
    tap = Tap()
    command, root = Command(sys.argv[1], tap), pathlib.Path(sys.argv[2]).resolve()
    update = sys.argv[3:] == ["--update"]
    tap.ok(len(names()) >= 8, f"there are {len(names())} golden runs")
    for name in names():
        results = {}
        for ending, form in formats_of(name).items():
            if update:
                printed, _ = run(command, root, name, form)
                (FOLDER / f"{name}.{ending}").write_text(printed, encoding="utf-8", newline="")
            results[ending] = check(tap, command, root, name, ending)
        check_status(tap, results["json"], name)
    known = {f"{name}.{ending}" for name in names() for ending in formats_of(name)}
    stray = {path.name for ending in (*FORMATS, *MORE_FORMATS) for path in FOLDER.glob(f"*.{ending}")}
    listed = re.findall(r"^  (\w+) ", command.run("check", "--help").text.split("\nFormats:\n")[1], re.M)
    tap.same(listed, [*FORMATS.values(), *MORE_FORMATS.values()], f"{IN_EVERY_FORMAT} is told in every format")
    tap.same(sorted(stray - known), [], "no expected output without its trace")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
