#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who, from where, and the witnesses of an account, in every format. Argument: the command. Prints TAP."""

import csv
import io
import json
import sys
import xml.etree.ElementTree

from shared.command import Command
from shared.folder import Folder
from shared.pages import Page
from shared.tap import Tap

USER, ADDRESS = "LAB\\ada", "192.0.2.7"

# The reconnect that the published table lacks, told by two logs.
LOGS = {
    "LSM.trace": [("21", "09:00:00"), ("24", "10:00:00"), ("25", "11:00:01"), ("23", "12:00:00")],
    "RDP.trace": [("66", "08:59:59"), ("66", "11:00:00")],
}
SOURCES = {"LSM.trace": "lsm", "RDP.trace": "rdp"}


def write_logs(folder):
    """Two logs of one machine."""
    lines = {name: [] for name in SOURCES}
    for name, source in SOURCES.items():
        for event, time in LOGS[name]:
            lines[name].append(f"source={source} time=2026-03-02T{time}Z host=LAB-1 session=2 event={event} "
                               f"user={USER} address={ADDRESS}\n")
    for name, text in lines.items():
        (folder / name).write_text("".join(text), encoding="utf-8")
    return sorted(lines)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        names = write_logs(folder.path)

        def run(form):
            return command.run("check", "-q", "--together", f"--format={form}", *names, cwd=folder.path).text

        found = [json.loads(line) for line in run("json").splitlines()][:-1]
        several = [one for one in found if len(one.get("witnesses", [])) > 1 and one["severity"] != "note"]
        tap.ok(several, "JSON: a finding with several witnesses", found)
        one = several[0]
        places = [f"{witness['file']}:{witness['record']}" for witness in one["witnesses"]]
        own = f"{one['file']}:{one['line']}"
        tap.ok(own in places, "one of them is its place", places)
        tap.ok(one["user"].startswith("LAB\\") and one["address"] == ADDRESS, "JSON: who and from where", one)
        who = f"({one['user']} from {ADDRESS})"

        narrow = command.run("check", "-q", "--together", "--window=500ms", "--format=json", *names, cwd=folder.path)
        tap.same(sorted({(each["rule"], len(each.get("witnesses", []))) for each in narrow.findings if each["severity"] != "note"}),
                 [("account/contradiction", 1), ("session/undocumented-transition", 1)],
                 "records a second apart are no witnesses of one transition with a window of half a second")

        text = run("text")
        tap.ok(f"  witnesses: {', '.join(places)}\n" in text, "text: a line with the witnesses", text)
        tap.ok(f"session 2 {who} on LAB-1, {one['time'][:19]}Z: " in text, "text: who, from where, and the time", text)

        rows = list(csv.DictReader(io.StringIO(run("csv"), newline="")))
        row = rows[found.index(one)]
        tap.same((row["witnesses"].split(" "), row["user"], row["address"]), (places, one["user"], ADDRESS),
                 "CSV: columns at the end")

        result = json.loads(run("sarif"))["runs"][0]["results"][found.index(one)]
        related = [f"{place['physicalLocation']['artifactLocation']['uri']}"
                   f":{place['physicalLocation']['region']['startLine']}" for place in result["relatedLocations"]]
        tap.same(related, [place for place in places if place != own], "SARIF: the others are related locations")
        tap.same([place["message"]["text"] for place in result["relatedLocations"]],
                 [witness["source"] for witness, place in zip(one["witnesses"], places) if place != own],
                 "SARIF: named by their sources")
        tap.same(result["properties"], {"user": one["user"], "address": ADDRESS}, "SARIF: properties")

        junit = "".join(xml.etree.ElementTree.fromstring(run("junit")).itertext())
        tap.ok(f"witnesses: {', '.join(places)}" in junit and f"{USER} from {ADDRESS}: " in junit,
               "JUnit: stored for the end, with witnesses and user", junit)
        for form in ("gitlab", "github", "azure", "markdown"):
            shown = run(form).replace("\\\\", "\\") if form != "markdown" else run(form).replace("\\", "")
            expected = who.replace("\\", "") if form == "markdown" else who
            tap.ok(expected in shown and f"witnesses: {', '.join(places)}" in shown, f"{form}: both in its text", shown)

        page = Page(run("html").encode())
        columns, texts = page.data["findings"], page.data["texts"]
        at = found.index(one)
        listed = columns["witnesses"][at]
        tap.same([f"{texts[file]}:{line}" for file, line in zip(listed[::3], listed[1::3])], places, "page: its witnesses")
        tap.same((texts[columns["user"][at]], texts[columns["address"][at]]), (one["user"], ADDRESS), "page: who")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
