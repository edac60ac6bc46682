#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each rule has a folder: traces that break it (breaks*.trace, breaks*.ndjson), each with the findings of
that rule as JSON lines beside it (a part of the keys is enough), and near misses that keep it (keeps*).
`# options: ...` in a comment gives the command options. What other rules find there is theirs to tell.
Arguments: the command, this folder. Prints TAP.
"""

import json
import pathlib
import re
import sys

from shared.command import STATUS_FAILED, Command, options_of
from shared.tap import Tap


def rules_of(command):
    return re.findall(r"^(\w+/[a-z-]+) +(\w+)", command.run("rules").text, re.M)


def traces_in(folder, kind):
    return sorted([*folder.glob(f"{kind}*.trace"), *folder.glob(f"{kind}*.ndjson")])


def findings_of(command, rule, path):
    """The findings of the rule, and the whole result."""
    options = options_of(path.read_text(encoding="utf-8"))
    result = command.run("check", "--quiet", "--format=json", *options, path.name, cwd=path.parent)
    return [finding for finding in result.findings if finding["rule"] == rule], result


def differences(found, expected):
    """What a finding says otherwise than it should."""
    return [f"line {found['line']}: {key} is {found.get(key)!r}, not {value!r}"
            for key, value in expected.items() if found.get(key) != value]


def check_breaks(tap, command, rule, path):
    name = f"{rule}/{path.name}"
    lines = path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
    expected = [json.loads(line) for line in lines]
    found, result = findings_of(command, rule, path)
    tap.same([finding["line"] for finding in found], [finding["line"] for finding in expected],
             f"{name}: found at each line, and at no other")
    wrong = [difference for finding, want in zip(found, expected) for difference in differences(finding, want)]
    tap.ok(len(found) == len(expected) and not wrong, f"{name}: {len(expected)} findings say what they should",
           *wrong)
    tap.ok(any(len(want) > 2 for want in expected) or rule == "trace/malformed",
           f"{name}: the findings that are wanted say more than a place")
    if rule == "trace/malformed":
        tap.same(result.status, STATUS_FAILED, f"{name}: status 2")


def check_keeps(tap, command, rule, path):
    found, _ = findings_of(command, rule, path)
    tap.ok(not found, f"{rule}/{path.name}: nothing is found", *found)


def example(text, heading):
    """A trace out of what `explain` prints."""
    block = re.search(rf"^{heading}:\n\n((?:    .*\n)+)", text, re.M)
    return "".join(line[4:] + "\n" for line in block[1].splitlines()) if block else ""


def check_examples(tap, command, rule, severity):
    """The two examples of the rule table: the wrong one breaks the rule and no other that is as grave or
    graver, the right one breaks none but for notes."""
    text = command.run("explain", rule).text
    wrong, right = (example(text, heading) for heading in ("A trace that breaks it", "A trace that does not"))
    result = command.check(wrong, *options_of(wrong))
    rules = {finding["rule"] for finding in result.findings
             if finding["severity"] != "note" or finding["rule"] == rule}
    tap.same(rules, {rule}, f"explain {rule}: the wrong example breaks it", wrong, result)
    tap.ok({finding["severity"] for finding in result.findings if finding["rule"] == rule} == {severity},
           f"explain {rule}: as {severity}")
    result = command.check(right, *options_of(right))
    rules = {finding["rule"] for finding in result.findings if finding["severity"] != "note"}
    rules |= {finding["rule"] for finding in result.findings if finding["rule"] == rule}
    tap.ok(right and not rules, f"explain {rule}: the right example keeps it, and every other", right, result)


def main():
    tap = Tap()
    command, folder = Command(sys.argv[1], tap), pathlib.Path(sys.argv[2]).resolve()
    rules = rules_of(command)
    there = {f"{path.parent.name}/{path.name}" for path in folder.glob("*/*/") if path.is_dir()
             and path.parent.name != "__pycache__"}
    tap.same(there, {rule for rule, _ in rules}, "each rule has a folder, and each folder a rule")
    for rule, severity in rules:
        breaks, keeps = traces_in(folder / rule, "breaks"), traces_in(folder / rule, "keeps")
        tap.ok(breaks and keeps, f"{rule}: {len(breaks)} traces break it, {len(keeps)} keep it")
        for path in breaks:
            check_breaks(tap, command, rule, path)
        for path in keeps:
            check_keeps(tap, command, rule, path)
        check_examples(tap, command, rule, severity)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
