#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Commands to GitHub and Azure Pipelines, read as their runners read them: what a trace says becomes neither a
command nor a part of one. Argument: the command. Prints TAP.
"""

import sys

from shared.log_commands import azure_of, github_of
from shared.command import Command
from shared.folder import Folder
from shared.report_traces import HASH, PARTS, PAYLOADS, hostile, many, told_in_text
from shared.tap import Tap

KINDS = {"error": "error", "warning": "warning", "note": "notice"}
NAMES = ["::error file=x,line=9::y.trace", f"{HASH}vso[task.complete]z.trace", "a,b;c]d%0Ae%25.trace", " ::f.trace"]


def run(command, form, trace, *options):
    return command.run("check", "-q", f"--format={form}", *options, "-", input=trace).text


def plain_path(command, name, folder):
    """The name as the text format shows it."""
    found = command.run("check", "-q", name, cwd=folder.path).text.split(":1: ")[0]
    return found.removeprefix("./")


def check_github(tap, command, folder):
    traces = {"parts": PARTS.read_bytes(), **{name: hostile(payload) for name, payload in PAYLOADS.items()}}
    for name, trace in traces.items():
        told, findings = github_of(run(command, "github", trace)), command.check(trace).findings
        expected = [(KINDS[severity], one["rule"], str(one["line"])) for severity in KINDS for one in findings
                    if one["severity"] == severity]
        tap.same([(kind, more.get("title"), more.get("line")) for kind, more, _ in told], expected,
                 f"github, {name}: an annotation a finding, and no other command")
        tap.ok(all(set(more) == {"file", "line", "title"} and len(message) < 8000 for _, more, message in told),
               f"github, {name}: its properties and no others", told)
        if name != "long":
            said = told_in_text(command, trace)
            tap.same([message for _, _, message in told], [text for kind in KINDS for severity, text in said
                                                           if severity == kind], f"github, {name}: the messages")
    for name in NAMES:
        folder.file(name, "session=1 event=77\n")
        told = github_of(command.run("check", "-q", "-fgithub", "--rule=unfinished=off", name, cwd=folder.path).text)
        tap.same([(kind, more.get("file")) for kind, more, _ in told], [("error", plain_path(command, name, folder))],
                 f"github: the file {name}")


def check_worst(tap, command):
    """Ten of each kind, and what stands for itself before what follows from something else."""
    trace = "".join(f"session={number} event={event}\n" for number in range(1, 13)
                    for event in ("Created", "Connected", "Created", "Logon", "Disconnected")).encode()
    findings = command.check(trace).findings
    told = github_of(run(command, "github", trace))
    expected = [str(one["line"]) for one in findings if one["severity"] == "error" and not one["cascade"]][:10]
    tap.ok(sum(one["cascade"] for one in findings) == 12 and len(findings) > 30, "there are errors, cascades, notes")
    tap.same([more["line"] for kind, more, _ in told if kind == "error"], expected, "the ten errors are no cascades")
    tap.ok([kind for kind, _, _ in told].count("notice") == 10
           and "\n14 more errors are not annotated\n" in run(command, "github", trace)
           and "\n2 more notes are not annotated\n" in run(command, "github", trace), "the rest is counted",
           run(command, "github", trace))
    trace = trace[:trace.index(b"session=8 ")]
    told = [more["line"] for kind, more, _ in github_of(run(command, "github", trace)) if kind == "error"]
    errors = [(one["cascade"], one["line"]) for one in command.check(trace).findings if one["severity"] == "error"]
    tap.same(sorted(map(int, told)), sorted(line for _, line in sorted(errors)[:10]), "cascades fill what is left")
    tap.same(run(command, "github", many(11, "session=1 event=77\n").encode(), "--rule=unfinished=off").count("\n"), 11,
             "one more than ten is said")


def check_azure(tap, command, folder):
    traces = {"parts": PARTS.read_bytes(), **{name: hostile(payload) for name, payload in PAYLOADS.items()}}
    for name, trace in traces.items():
        text = run(command, "azure", trace)
        told, findings = azure_of(text), command.check(trace).findings
        tap.same([(what, more.get("type"), more.get("code"), more.get("linenumber")) for what, more, _ in told],
                 [("task.logissue", one["severity"], one["rule"], str(one["line"])) for one in findings
                  if one["severity"] != "note"], f"azure, {name}: an issue an error or warning, and no other command")
        tap.same(len([line for line in text.splitlines() if ": note: " in line and not line.startswith(HASH)]),
                 len([one for one in findings if one["severity"] == "note"]), f"azure, {name}: notes are lines")
        if name != "long":
            tap.same([message for _, _, message in told], [said for severity, said in told_in_text(command, trace)
                                                           if severity != "note"], f"azure, {name}: the messages")
        tap.same(github_of(text), [], f"azure, {name}: nothing that GitHub would obey")
    for name in NAMES:
        told = azure_of(command.run("check", "-q", "-fazure", "--rule=unfinished=off", name, cwd=folder.path).text)
        tap.same([more.get("sourcepath") for _, more, _ in told], [plain_path(command, name, folder)],
                 f"azure: the file {name}")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        check_github(tap, command, folder)
        check_worst(tap, command)
        check_azure(tap, command, folder)
    for form in ("github", "azure"):
        tap.same(run(command, form, b"session=1 event=Created\nsession=1 event=Terminated\n"), "",
                 f"{form}: nothing found, nothing written")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
