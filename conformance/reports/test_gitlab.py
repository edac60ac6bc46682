#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""GitLab's Code Quality report: the keys that its documentation names. Argument: the command. Prints TAP."""

import json
import sys

from shared.command import Command
from shared.folder import Folder
from shared.report_traces import PARTS, PAYLOADS, hostile
from shared.tap import Tap

SEVERITIES = {"error": ("critical", "major", "blocker"), "warning": ("minor",), "note": ("info",)}


def issues(command, trace, *options):
    return json.loads(command.run("check", "-q", "--format=gitlab", *options, "-", input=trace).out.decode("utf-8"))


def well_formed(issue):
    return (sorted(issue) == ["check_name", "description", "fingerprint", "location", "severity"]
            and sorted(issue["location"]) == ["lines", "path"] and issue["description"]
            and isinstance(issue["location"]["lines"]["begin"], int) and issue["location"]["lines"]["begin"] >= 1)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    tap.same(issues(command, b"session=1 event=Created\nsession=1 event=Terminated\n"), [],
             "no finding: an empty array")
    traces = {"parts": PARTS.read_bytes(), **{name: hostile(text) for name, text in PAYLOADS.items()}}
    for name, trace in traces.items():
        told, findings = issues(command, trace), command.check(trace).findings
        tap.ok(told and all(map(well_formed, told)), f"{name}: the keys of an issue", told)
        tap.same([(issue["check_name"], issue["location"]["lines"]["begin"]) for issue in told],
                 [(finding["rule"], finding["line"] or 1) for finding in findings], f"{name}: what was found")
        tap.ok(all(issue["severity"] in SEVERITIES[finding["severity"]] and finding["message"] in issue["description"]
                   for issue, finding in zip(told, findings)),
               f"{name}: severities and messages", told)
        tap.same(len({issue["fingerprint"] for issue in told}), len(told), f"{name}: fingerprints are unique")
        tap.same([issue["fingerprint"] for issue in told], [finding["fingerprint"] for finding in findings],
                 f"{name}: fingerprints are those of the JSON report")
    with Folder() as folder:
        folder.file("a/b.trace", "session=1 event=Logon\n")
        result = command.run("check", "-q", "-fgitlab", "./a/b.trace", cwd=folder.path)
        tap.same({issue["location"]["path"] for issue in json.loads(result.out)}, {"a/b.trace"},
                 "a path does not begin with ./")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
