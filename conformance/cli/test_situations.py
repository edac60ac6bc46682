#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Small traces of what seldom happens, each with all that has to be found in it; ./dev mutate showed which were missing.
Comments say what: '# finds: RULE at LINE of session ID', or without the session, and '# in this order' if the report has them
so; '# says:' for a part of a message, and '# never says:' for what no message has; '# at LINE: JSON' for what else the report
says of a finding there; '# sessions: COUNT VERDICT, ...' for the incarnations; and '# options:'.
Arguments: the command. Prints TAP.
"""

import collections
import json
import pathlib
import re
import shlex
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS, Command, places
from shared.tap import Tap

FOLDER = pathlib.Path(__file__).resolve().parent / "situations"
FINDS = re.compile(r"^# finds: (\S+) at (\d+)(?: of session (\d+))?$", re.M)
AT = re.compile(r"^# at (\d+): (.+)$", re.M)
NEVER = re.compile(r"^# never says: (.+)$", re.M)
SAYS = re.compile(r"^# says: (.+)$", re.M)
SESSIONS = re.compile(r"^# sessions: (.+)$", re.M)
OPTIONS = re.compile(r"^# options: (.+)$", re.M)
VERDICTS = ("conforming", "violating", "undetermined")


def check_situation(tap, command, path):
    text = path.read_text(encoding="utf-8")
    options = [option for line in OPTIONS.findall(text) for option in shlex.split(line)]
    result = command.run("check", "-q", "--format=json", *options, path.name, cwd=FOLDER)
    said = sorted((int(line), rule) for rule, line, _ in FINDS.findall(text))
    tap.same(sorted(places(result.findings)), said, f"{path.stem}: finds what it says", result)
    if "\n# in this order\n" in text:
        tap.same([(finding["line"], finding["rule"]) for finding in result.findings],
                 [(int(line), rule) for rule, line, _ in FINDS.findall(text)], f"{path.stem}: in this order", result)
    for line, pairs in AT.findall(text):
        tap.ok(any(finding["line"] == int(line) and finding.items() >= json.loads(pairs).items() for finding in result.findings),
               f"{path.stem}: at {line}, {pairs}", result)
    about = {(finding["rule"], finding["line"], finding["session"]) for finding in result.findings}
    tap.none([each for each in FINDS.findall(text) if each[2] and (each[0], int(each[1]), int(each[2])) not in about],
             f"{path.stem}: of those sessions")
    for words, count in collections.Counter(SAYS.findall(text)).items():
        tap.same(sum(words in finding["message"] for finding in result.findings), count, f"{path.stem}: says '{words}'", result)
    for words in NEVER.findall(text):
        tap.none([finding for finding in result.findings if words in finding["message"]], f"{path.stem}: does not say '{words}'")
    counts = {verdict: int(count) for count, verdict in re.findall(r"(\d+) (\w+)", SESSIONS.search(text)[1])}
    wanted = {verdict: counts.get(verdict, 0) for verdict in VERDICTS}
    tap.same({verdict: result.summary["sessions"][verdict] for verdict in VERDICTS}, wanted, f"{path.stem}: the verdicts", result)
    rules = {rule for _, rule in said}
    errors = {finding["severity"] for finding in result.findings} & {"error"}
    status = STATUS_FAILED if "trace/malformed" in rules else STATUS_FINDINGS if errors else STATUS_CLEAN
    tap.same(result.status, status, f"{path.stem}: status {status}")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    for path in sorted(FOLDER.glob("*.trace")):
        check_situation(tap, command, path)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
