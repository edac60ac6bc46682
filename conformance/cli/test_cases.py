#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The table of small inputs with what is right (cases.tsv), row by row: exit status, rules that must be found, and rules
that must not be found as errors or warnings. Arguments: the command, the folder of the table. Prints TAP.
"""

import csv
import pathlib
import sys

from shared.command import Command
from shared.tap import Tap


def rules_in(row, key):
    return set(filter(None, row[key].split(",")))


def answer(command, folder, row):
    """What the command says of a row: its status, the rules that it finds, and those above a note."""
    result = command.run("check", "--no-config", "--format=json", "--rule=unfinished=off", *row["options"].split(),
                         *row["files"].split(), cwd=folder)
    found = [line for line in result.objects if "rule" in line] if result.out else []
    return result, {finding["rule"] for finding in found}, {finding["rule"] for finding in found
                                                            if finding["severity"] in ("error", "warning")}


def check_row(tap, command, folder, row):
    name = f"{row['files']} {row['options']}".strip()
    result, rules, loud = answer(command, folder, row)
    right = result.status == int(row["status"]) and rules_in(row, "holds") <= rules and not rules_in(row, "lacks") & loud
    tap.ok(right, f"{name}: {row['why']}", f"expected status {row['status']}, with {row['holds'] or 'whatever'}, "
           f"without {row['lacks'] or 'anything'}", f"got status {result.status}, {sorted(rules)}", result.error)


def main():
    tap = Tap()
    command, folder = Command(sys.argv[1], tap), pathlib.Path(sys.argv[2])
    table = folder / "cases.tsv"
    if not table.exists():
        tap.skip("cases", f"there is no cases.tsv in {folder.name}")
        return tap.done()
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    tap.ok(len(rows) >= 60, f"the table has {len(rows)} rows")
    for row in rows:
        check_row(tap, command, folder, row)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
