#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What could not be checked is in every report that has a place for it, not on standard error alone; and so are sessions
without a verdict where the run is to fail on them. Argument: the command. Prints TAP.
"""

import html
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

from shared.log_commands import azure_of, github_of
from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS, Command
from shared.folder import Folder
from shared.tap import Tap

try:
    import jsonschema
except ImportError:
    jsonschema = None

FORMATS = ("json", "sarif", "junit", "gitlab", "github", "azure", "markdown", "html")
LIFE = "session=1 event=Created\nsession=1 event=Connected\nsession=1 event=Terminated\n"
OPEN = "marker=gap\nsession=1 event=Logoff\nsession=2 event=Logoff\n"

# An argument that is not there can have any name.
HOSTILE = ("gone\n::error::x.trace", "g\x1b[31m\u202e\"'<b>|;]%0A&.trace", "#" "#vso[task.complete]y.trace")


def page_data(text):
    """The data of a page in HTML."""
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)
    return json.loads(data)


def told(form, text):
    """What a report says of the run: {(name of the file, words)}."""
    if form == "json":
        return {(entry["file"], entry["reason"]) for entry in
                json.loads(text.splitlines()[-1])["summary"].get("failed", [])}
    if form == "sarif":
        notes = json.loads(text)["runs"][0]["invocations"][0].get("toolExecutionNotifications", [])
        return {(note["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], note["message"]["text"])
                for note in notes if note["level"] == "error"}
    if form == "junit":
        return {(case.get("name"), error.text) for case in ElementTree.fromstring(text).iter("testcase")
                for kind in ("error", "failure") for error in case.findall(kind)}
    if form == "gitlab":
        return {(issue["location"]["path"], issue["description"]) for issue in json.loads(text)
                if issue["check_name"].startswith("run/")}
    if form == "github":
        return {(properties["file"], message) for name, properties, message in github_of(text) if name == "error"}
    if form == "azure":
        return {(properties["sourcepath"], message) for _, properties, message in azure_of(text)
                if properties["type"] == "error"}
    if form == "markdown":
        return {tuple(row.split(" | ")[:2]) for row in re.findall(r"^\| (.*) \| error \|$", text, re.M)}
    return {(notice["place"], notice["text"]) for notice in page_data(text)["notices"]}


def reports(command, folder, *arguments):
    """The reports of one run, by format; and its status."""
    outputs = [f"--output={form}:{folder.path / form}.out" for form in FORMATS]
    result = command.run("check", "-q", *outputs, *arguments, cwd=folder.path)
    return {form: (folder.path / f"{form}.out").read_text(encoding="utf-8") for form in FORMATS}, result


def check_failures(tap, command, folder, schema):
    folder.file("good.trace", LIFE)
    folder.file("picture.trace", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    folder.file("empty/readme", "")
    for arguments, words in ((["gone.trace"], "No such file"), (["picture.trace"], "session trace"),
                             (["empty"], "no logs in this folder"), (["good.trace", "gone.trace"], "No such file")):
        written, result = reports(command, folder, *arguments)
        tap.same(result.status, STATUS_FAILED, f"{arguments}: status 2")
        for form, text in written.items():
            found = told(form, text)
            name = "the run" if form == "junit" else arguments[-1]
            tap.ok(len(found) == 1 and all(name in file.replace("\\", "") and words in reason for file, reason in found),
                   f"{arguments}: {form} says what could not be checked",
                   found or text[:1000])
        if jsonschema:
            tap.ok(not list(jsonschema.Draft202012Validator(schema).iter_errors(json.loads(
                written["json"].splitlines()[-1]))), f"{arguments}: json follows its schema")
    written, result = reports(command, folder, "good.trace")
    tap.ok(result.status == STATUS_CLEAN and not any(told(form, text) for form, text in written.items()),
           "nothing is said where all could be checked", {form: told(form, text) for form, text in written.items()})
    written, _ = reports(command, folder, *[f"gone{n}.trace" for n in range(3)])
    for form, text in written.items():
        tap.ok(all(f"gone{n}" in text for n in range(3)), f"{form}: each of several", told(form, text))
    suite = ElementTree.fromstring(written["junit"]).find("testsuite")
    tap.same((suite.get("tests"), suite.get("failures"), suite.get("errors"), len(list(suite.iter("testcase")))),
             ("2", "0", "1", 2), "junit counts one case in error")


def check_hostile(tap, command, folder):
    for name in HOSTILE:
        written, _ = reports(command, folder, name)
        for form, text in written.items():
            parsed = told(form, text)
            lines = [line.lstrip() for line in text.splitlines()]
            forged = [line for line in lines if line.startswith("::") and form != "github" or "\x1b" in line]
            if form == "github":
                forged = [line for line in lines if line.startswith("::") and not line.startswith("::error file=")]
            tap.ok(len(parsed) == 1 and not forged, f"{form}: a hostile name is safe: {name!r}", parsed, forged)
            if form in ("json", "gitlab"):
                tap.ok(name in {file for file, _ in parsed} | {name for file, _ in parsed if file.endswith(name[-8:])},
                       f"{form}: and the name is there", parsed)


def check_undetermined(tap, command, folder, schema):
    """--fail-on-undetermined."""
    folder.file("open.trace", OPEN)
    folder.file("good.trace", LIFE)
    plain, result = reports(command, folder, "open.trace")
    tap.ok(result.status == STATUS_CLEAN and not any(told(form, text) for form, text in plain.items()),
           "undetermined sessions fail nothing by themselves", result)
    written, result = reports(command, folder, "--fail-on-undetermined", "open.trace")
    tap.same(result.status, STATUS_FINDINGS, "--fail-on-undetermined: status 1")
    for form, text in written.items():
        found = {reason for _, reason in told(form, text)}
        if form == "json":
            summary = json.loads(text.splitlines()[-1])["summary"]
            found = {"2 sessions are undetermined"} if summary.get("fail_on_undetermined") is True else set()
            tap.ok(jsonschema is None or not list(jsonschema.Draft202012Validator(schema).iter_errors({"summary": summary})),
                   "json follows its schema")
        tap.ok(len(found) == 1 and "2 sessions are undetermined" in html.unescape(found.pop()), f"{form} says why", text[-1500:])
    result = command.run("check", "--fail-on-undetermined", "open.trace", cwd=folder.path)
    tap.ok("2 undetermined (which fails the run)" in result.error, "and so does the summary", result)
    for arguments, status in ((["good.trace"], STATUS_CLEAN), (["open.trace", "--fail-on=never"], STATUS_CLEAN),
                              (["open.trace", "gone.trace"], STATUS_FAILED), (["good.trace", "open.trace"], STATUS_FINDINGS)):
        result = command.run("check", "-q", "--fail-on-undetermined", *arguments, cwd=folder.path)
        tap.same(result.status, status, f"--fail-on-undetermined {' '.join(arguments)}: status {status}")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    schema = json.loads((pathlib.Path(__file__).resolve().parent.parent.parent / "docs/findings.schema.json").read_text())
    with Folder() as folder:
        check_failures(tap, command, folder, schema)
        check_hostile(tap, command, folder)
        check_undetermined(tap, command, folder, schema)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
