#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Logging commands, read by the parser of Microsoft's azure-pipelines-task-lib: what a trace says is a message and
nothing else. Argument: the command. Prints TAP.
"""

import sys

from shared import outside, outside_reports
from shared.command import Command
from shared.folder import Folder
from shared.report_traces import HASH
from shared.tap import Tap

SCRIPT = """
function answer(lines, library) {
    const { commandFromString } = require(library);
    return lines.map((line) => commandFromString(line));
}
"""

LEVELS = ("error", "warning")


def commands(text):
    """Where the agent finds commands: from its sign on, wherever that is in a line."""
    return [line[line.index(f"{HASH}vso["):] for line in text.splitlines() if f"{HASH}vso[" in line]


def check_commands(tap, command, folder):
    library = outside.package("azure-pipelines-task-lib", "taskcommand.js")
    written = outside_reports.reports(command, "azure", folder)
    expected = outside_reports.reports(command, "json", folder)
    lines = {what: commands(result.text) for what, result in written.items()}
    read = iter(outside.node(SCRIPT, [line for some in lines.values() for line in some], library))
    for what, result in expected.items():
        told = [next(read) for _ in lines[what]]
        found = [(one["severity"], one["rule"]) for one in result.findings
                 if one["severity"] in LEVELS and "suppression" not in one]
        level = "warning" if "--allow-stale" in result.arguments else "error"
        found += [("error", "run/failed")] * len(result.summary.get("failed", []))
        found += [("error", "run/undetermined")] * ("fail_on_undetermined" in result.summary)
        found += [("warning", "baseline/expired")] * len(result.summary.get("expired", []))
        found += [(level, "baseline/stale")] * len(result.summary.get("stale", []))
        tap.same([(one["command"], one["properties"].get("type"), one["properties"].get("code")) for one in told],
                 [("task.logissue", *one) for one in found],
                 f"azure-pipelines-task-lib: {what}, {len(found)} issues")
        properties = {"type", "sourcepath", "linenumber", "columnnumber", "code"}
        tap.ok(all(set(one["properties"]) <= properties and one["message"] for one in told),
               f"azure-pipelines-task-lib: {what}, no other properties", *told)
    seeded, = outside.node(SCRIPT, [f"{HASH}vso[task.logissue type=error;code=x;done=1]y"], library)
    tap.same(seeded["properties"].get("done"), "1", "azure-pipelines-task-lib sees a property that is smuggled in")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        outside.attempt(tap, "azure-pipelines-task-lib reads the commands", check_commands, command, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
