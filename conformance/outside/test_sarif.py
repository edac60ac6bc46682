#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""SARIF, held to the schema that OASIS approved (as @microsoft/jest-sarif ships it), to that of Microsoft's
sarif-multitool, and to the tool's own rules, those of code scanning among them. Argument: the command. Prints TAP.
"""

import json
import os
import re
import sys

from shared import outside, outside_reports
from shared.command import Command
from shared.folder import Folder
from shared.report_traces import PARTS, many
from shared.tap import Tap

MULTITOOL = "@microsoft/sarif-multitool-linux"
SCHEMAS = {"the schema of OASIS": ("@microsoft/jest-sarif", "lib/schemas/sarif-2.1.0-rtm.5.json"),
           "the schema of sarif-multitool": (MULTITOOL, "sarif-2.1.0.json")}

# What each of them must refuse: a path into a log of some results, and what to put there.
FAULTS = {
    "a line that is no number": (("locations", 0, "physicalLocation", "region", "startLine"), "1"),
    "a level of its own": (("level",), "fatal"),
    "a key of its own": (("severity",), "error"),
}
WRONG_FOR_GITHUB = {
    "no message": (("message",), {"id": "default"}),
    "no place": (("locations",), []),
    "a place that is no URI": (("locations", 0, "physicalLocation", "artifactLocation", "uri"), "a b"),
}


def with_fault(log, path, value):
    """A copy of a log with a fault in its first result."""
    log = json.loads(json.dumps(log))
    at = log["runs"][0]["results"][0]
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return log


def check_schema(tap, written, name):
    jsonschema = outside.module("jsonschema")
    schema = json.loads(outside.package(*SCHEMAS[name]).read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)

    def problems(log):
        return [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(log)]

    for what, log in written.items():
        found = problems(log)
        tap.ok(not found, f"{name}: {what}", *found)
    for what, fault in FAULTS.items():
        tap.ok(problems(with_fault(written["anchored"], *fault)), f"{name} refuses {what}")


def complaints(folder, written):
    """What sarif-multitool has against logs, {name: lines}; it reads all of them at once, which saves its start."""
    tool = outside.package(MULTITOOL, "Sarif.Multitool")
    paths = {name: folder.file(f"log{number}.sarif", json.dumps(log)) for number, (name, log)
             in enumerate(written.items())}
    done = outside.run([tool, "validate", "--rule-kind", "Sarif;Gh", "--level", "Error;Warning",
                        "--max-file-size-in-kb", "100000", *paths.values()],
                       env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"})
    if done.returncode or f"Done. {len(paths)} files scanned." not in done.stdout:
        raise RuntimeError(f"sarif-multitool did not read {len(paths)} logs: {done.stdout[-2000:]}{done.stderr}")
    lines = re.findall(r"^(\S+)\([\d,]+\): ((?:error|warning) .*)", done.stdout, re.M)
    return {name: [text for place, text in lines if place == str(path)]
            for name, path in paths.items()}


def check_multitool(tap, written, folder):
    faults = {what: with_fault(written["anchored"], *fault) for what, fault in WRONG_FOR_GITHUB.items()}
    for what, found in complaints(folder, {**written, **faults}).items():
        if what in faults:
            tap.ok(found, f"sarif-multitool refuses {what}")
        else:
            tap.ok(not found, f"sarif-multitool: {what}", *found)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)

    def run(data, *options):
        return command.run("check", "-q", "--format=sarif", *options, "-", input=data)

    with Folder() as folder:
        written = outside_reports.reports(command, "sarif", folder, together=True)
        written["anchored"] = run(PARTS.read_bytes(), "--anchor=src/driver.c:1")
        written["a long history"] = run(many(50, "session=1 event=Logon\n").encode())
        written = {what: json.loads(result.out.decode("utf-8")) for what, result in written.items()}
        most = {"1,000 results": json.loads(run(many(1000, "session={0} event=77\n").encode()).out)}
        for name, logs_of_it in zip(SCHEMAS, ({**written, **most}, written)):
            outside.attempt(tap, name, check_schema, logs_of_it, name)
        outside.attempt(tap, "sarif-multitool has nothing against it", check_multitool, written, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
