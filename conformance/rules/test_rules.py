#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each rule has a folder: traces that break it (breaks*.trace, breaks*.ndjson), each with the findings of
that rule as JSON lines beside it (a part of the keys is enough), and near misses that keep it (keeps*).
`# options: ...` in a comment gives the command options. What other rules find there is theirs to tell.

`# clause: NAME` stands before the record that breaks a clause of a source document, or before the near miss. Each clause
that a rule judges, by `rules --traceability`, has one of each among the traces of that rule.
Arguments: the command, this folder. Prints TAP.
"""

import json
import pathlib
import re
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, Command, options_of
from shared.table import TABLE
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


def marks_of(path):
    """The clauses that comments of a trace name: each with the line of the record below."""
    marks, waiting = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("# clause: "):
            waiting.append(line.removeprefix("# clause: "))
        elif line and not line.startswith("#"):
            marks += [(clause, number) for clause in waiting]
            waiting = []
    return marks + [(clause, None) for clause in waiting]


def check_breaks(tap, command, rule, path, broken):
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
    # a finding about a whole log has the line 0
    lines = {finding["line"] for finding in found}
    unbroken = [mark for mark in marks_of(path) if not lines & {0, mark[1]}]
    tap.ok(not unbroken, f"{name}: a finding at each record that breaks a clause", *unbroken)
    broken.update((clause, rule) for clause, _ in marks_of(path))


def check_keeps(tap, command, rule, path, kept):
    found, _ = findings_of(command, rule, path)
    tap.ok(not found, f"{rule}/{path.name}: nothing is found", *found)
    kept.update((clause, rule) for clause, line in marks_of(path) if line)


def clauses_of(text):
    """The clauses of `rules --traceability`: name, what it says, and who judges it."""
    rows = re.findall(r"^\| (\S+/\S+) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$", text, re.M)
    return [(name, says, judge) for name, _, says, judge in rows]


def check_clauses(tap, command, rules, broken, kept):
    """From the source documents to the rules and the traces, and back."""
    text = command.run("rules", "--traceability").text
    clauses = clauses_of(text)
    names = [name for name, _, _ in clauses]
    judged = {(name, match[1]) for name, _, judge in clauses
              if (match := re.fullmatch(r"\[(\S+)\]\(rules\.md#\S+\)", judge))}
    reasons = [name for name, _, judge in clauses if re.fullmatch(r"not judged: \w.*\.", judge)]
    tap.ok(len(judged) > len(reasons) > 0 and f"\n| all | | {len(names)} | {len(judged)} |\n" in text,
           f"{len(judged)} clauses have a rule, {len(reasons)} a reason")
    tap.same(sorted(says for _, says, _ in clauses if " leads from " in says),
             sorted(f"{event} leads from {state} to {to}." for (state, event), to in TABLE.items()),
             f"a clause for each of the {len(TABLE)} transitions of the published table")
    tap.same(sorted(names), sorted(set(names)), "no two clauses have the same name")
    tap.ok(all(says.endswith(".") for _, says, _ in clauses), "each clause says something")
    tap.same(sorted({name for name, _ in judged} ^ set(names)), sorted(reasons), "each clause has either a rule or a reason")
    tap.same(sorted({rule for _, rule in judged} - rules), [], "each rule of a clause exists")
    tap.same(sorted(rules - {rule for _, rule in judged}), [], "each rule has a clause")
    tap.same(sorted(judged - broken), [], "each clause with a rule has a trace that breaks it")
    tap.same(sorted(judged - kept), [], "each clause with a rule has a near miss")
    tap.same(sorted((broken | kept) - judged), [], "each clause that a trace names exists, and its rule judges it")
    for name, says, judge in clauses:
        result = command.run("explain", name)
        said, judge = " ".join(result.text.split()), re.sub(r"not judged: |\[|\]\(.*", "", judge)
        tap.ok(result.status == STATUS_CLEAN and said.startswith(f"{name} ") and says in said and said.endswith(judge),
               f"explain {name}: what it says and who judges it", result)
    for rule in rules:
        tap.same(re.findall(r"^    (\w+/\S+)$", command.run("explain", rule).text.partition("\nClauses ")[2], re.M),
                 [name for name in names if (name, rule) in judged], f"explain {rule}: its clauses")


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
    broken, kept = set(), set()
    for rule, severity in rules:
        breaks, keeps = traces_in(folder / rule, "breaks"), traces_in(folder / rule, "keeps")
        tap.ok(breaks and keeps, f"{rule}: {len(breaks)} traces break it, {len(keeps)} keep it")
        for path in breaks:
            check_breaks(tap, command, rule, path, broken)
        for path in keeps:
            check_keeps(tap, command, rule, path, kept)
        check_examples(tap, command, rule, severity)
    check_clauses(tap, command, {rule for rule, _ in rules}, broken, kept)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
