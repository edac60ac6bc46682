#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Nothing that check reports is missing from a timeline: each finding is at the row of its record, or has a row of its
own, in every format. Traces of all rules, reviewed ones and real logs. Arguments: the command, the root of the source and
the folder of real logs. Prints TAP.
"""

import collections
import csv
import io
import json
import pathlib
import re
import sys
import xml.etree.ElementTree

from shared.command import Command
from shared.folder import Folder
from shared.pages import without_run
from shared.tap import Tap

XES = "{http://www.xes-standard.org/}"

# No step of any session, and the first and last records of one.
NO_STEPS = "".join(line + "\n" for line in (
    'time=2026-03-02T08:00:00Z host=PC source=lsm session=2 marker=reported reason="state 1, event 2"',
    "time=2026-03-02T08:00:01Z host=PC source=lsm session=2 event=21 user=ada",
    "time=2026-03-02T08:00:02Z host=PC source=lsm session=2 event=21 user=ada",
    "time=2026-03-02T08:00:03Z host=PC source=lsm session=2 event=zz user=ada",
    'time=2026-03-02T08:00:04Z host=PC source=lsm session=2 marker=reported reason="state 1, event 2"',
    'time=2026-03-02T08:00:05Z host=PC source=lsm session=9 marker=reported reason="state 1, event 2"',
))


def key(place, rule, session, host):
    return place["file"], place["record"], rule, session, host


def found_by_check(command, *arguments, **more):
    """The findings, each with the records that show it."""
    lines = command.run("check", "-q", "--no-config", "--format=json", *arguments, **more).text.splitlines()
    found = [one for one in map(json.loads, lines) if "rule" in one and not one.get("suppressed") and not one.get("suppression")]
    for one in found:
        one["places"] = [{"file": each["file"], "record": each["record"]} for each in one.get("witnesses") or []] or \
            [{"file": one["file"], "record": one["line"]}]
    return found


def rules(row):
    return row["rule"].split("|") if row["rule"] else []


def places(row):
    return row["witnesses"] or [row["between"]["after"]]


def check_rows(tap, name, found, rows):
    shown = {key(place, rule, row["session"], row["host"]) for row in rows for rule in rules(row) for place in places(row)}
    missing = [f"{one['rule']} {one['places'][0]}" for one in found
               if not any(key(place, one["rule"], one["session"], one["host"]) in shown for place in one["places"])]
    tap.none(missing, f"{name}: all {len(found)} findings of check are in the timeline")
    known = {key(place, one["rule"], one["session"], one["host"]) for one in found for place in one["places"]}
    tap.none([f"{row['rule']} {places(row)[0]}" for row in rows for rule in rules(row)
              if not any(key(place, rule, row["session"], row["host"]) in known for place in places(row))],
             f"{name}: and no others")
    own = collections.Counter((row["rule"], row["severity"], row["message"]) for row in rows if row["kind"] == "finding")
    told = collections.Counter((one["rule"], one["severity"], one["message"]) for one in found)
    # what is said of all records of a log depends on whether annotations are wanted
    own = collections.Counter({each: count for each, count in own.items() if each[0] != "trace/nothing-judged"})
    tap.none(own - told, f"{name}: {sum(own.values())} rows of their own say what check says")


def check_formats(tap, command, name, rows, *arguments, **more):
    """Rows of findings are the same ones in every format."""
    def run(form):
        return command.run("timeline", "--no-config", f"--format={form}", *arguments, **more).text
    own = [row for row in rows if row["kind"] == "finding"]
    messages = sorted(row["message"] for row in own)
    cells = [row["message"] for row in csv.DictReader(io.StringIO(run("csv"), newline="")) if row["kind"] == "finding"]
    tap.same(sorted(cells), messages, f"{name}: csv")
    sent = [row for row in map(json.loads, run("timesketch").splitlines()) if row["kind"] == "finding"]
    tap.same(sorted(row["message"].split(": ", 1)[1] for row in sent if not row["user"] and not row["address"]),
             sorted(row["message"] for row in own if row["time"] and not row["user"] and not row["address"]),
             f"{name}: timesketch")
    tap.same(len(sent), sum(row["time"] is not None for row in own), f"{name}: timesketch has all with a time")
    result = command.run("timeline", "--no-config", "--format=xes", *arguments, **more)
    log, omitted = xml.etree.ElementTree.fromstring(result.out), re.search(r"(\d+) rows? of no trace left out", result.error)
    listed = [each.get("value") for each in log.iter(f"{XES}string") if each.get("key") == "finding"]
    tap.none(collections.Counter(listed) - collections.Counter(messages), f"{name}: xes has no others")
    tap.same(len(listed) + (int(omitted[1]) if omitted else 0), len(own), f"{name}: xes has all, or says how many it has not")
    pages = [without_run(command.run(name, "--no-config", "--format=html", *arguments, **more).out)
             for name in ("check", "timeline")]
    tap.ok(pages[0] == pages[1] and len(pages[0]) > 1000, f"{name}: html is the page of check")
    text = " ".join(run("text").split())
    tap.none([message for message in messages if len(message) < 200 and " ".join(message.split()) not in text],
             f"{name}: text")


def check(tap, command, name, *arguments, formats=True, **more):
    found = found_by_check(command, *arguments, **more)
    rows = command.run("timeline", "--no-config", "--format=ndjson", *arguments, **more).objects
    check_rows(tap, name, found, rows)
    if formats:
        check_formats(tap, command, name, rows, *arguments, **more)
    return rows


def check_apart(tap, command, traces):
    """A finding of one log is never at a session of another."""
    def sessions(*files):
        return command.run("timeline", "--no-config", "--sessions", "--format=csv", *files).text.splitlines()[1:]

    together, apart = sessions(*traces), [line for trace in traces for line in sessions(trace)]
    tap.same([line for line in together if line not in apart], [line for line in apart if line not in together],
             "the sessions of many logs are those of each")


def main():
    tap = Tap()
    command, root, logs = Command(sys.argv[1], tap), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    rows = check(tap, command, "records that are no steps", "-", input=NO_STEPS.encode())
    tap.same([row["rule"] for row in rows if row["kind"] == "finding"][:1], ["session/reported-by-windows"],
             "a report before the first step of its session is the first row")
    with Folder():
        for folder, formats in (("conformance/golden", True), ("conformance/rules", False), ("traces", True)):
            check(tap, command, folder, *sorted((root / folder).rglob("*.trace")), formats=formats)
        illegal = sorted((root / "traces").rglob("*.trace"))
        for option in ("--strict", "--rule=illegal-transition=note", "--rule=session/undocumented-transition=off"):
            rows = check(tap, command, option, option, *illegal, formats=False)
            tap.ok(rows != command.run("timeline", "--no-config", "--format=ndjson", *illegal).objects, f"{option}: and it matters")
        check_apart(tap, command, illegal)
        if not logs.is_dir():
            tap.skip("real logs", f"there is no {logs.name} folder")
            return tap.done()
        for folder in sorted(path for path in logs.iterdir() if path.is_dir()):
            check(tap, command, folder.name, folder)
            check(tap, command, f"{folder.name} together", "--together", folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
