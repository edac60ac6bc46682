#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""JUnit's XML: held to what Ant's strict schema demands, transcribed below; to the schema itself in ../outside/.
Argument: the command. Prints TAP.
"""

import os
import re
import sys
import xml.etree.ElementTree as ElementTree

from shared.command import STATUS_FAILED, Command
from shared.folder import Folder
from shared.report_traces import PARTS, PAYLOADS, hostile, many
from shared.tap import Tap

FIXED = {**os.environ, "SOURCE_DATE_EPOCH": "1772438400"}

# Attributes of each element by the schema: required, and what they look like.
TOKEN, NUMBER, DECIMAL, ANY = r".*\S.*", r"\d{1,9}", r"\d+(\.\d+)?", r"(?s).*"
ATTRIBUTES = {
    "testsuites": {},
    "testsuite": {"id": NUMBER, "name": TOKEN, "package": TOKEN, "hostname": TOKEN,
                  "timestamp": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", "tests": NUMBER, "failures": NUMBER, "errors": NUMBER,
                  "time": DECIMAL},
    "properties": {},
    "property": {"name": TOKEN, "value": ANY},
    "testcase": {"name": TOKEN, "classname": TOKEN, "time": DECIMAL},
    "failure": {"type": ANY, "message": ANY},
    "error": {"type": ANY, "message": ANY},
    "system-out": {},
    "system-err": {},
}
# The elements in an element, in their order.
CHILDREN = {
    "testsuites": r"(testsuite )*",
    "testsuite": r"properties (testcase )*system-out system-err ",
    "properties": r"(property )*",
    "testcase": r"((failure|error) )?",
}


def run(command, trace, *options, **more):
    return command.run("check", "-q", "--format=junit", *options, "-", input=trace, **more)


def troubles(root):
    """What breaks the schema."""
    found = []
    for element in root.iter():
        wanted = ATTRIBUTES.get(element.tag)
        if wanted is None or set(element.attrib) != set(wanted):
            found.append(f"{element.tag} {element.attrib}")
            continue
        found += [f"{element.tag} {key}={value!r}" for key, value in element.attrib.items()
                  if not re.fullmatch(wanted[key], value)]
        children = "".join(f"{child.tag} " for child in element)
        found += [] if re.fullmatch(CHILDREN.get(element.tag, ""), children) else [f"{element.tag}: {children}"]
        if element.tag in CHILDREN and ((element.text or "") + "".join(one.tail or "" for one in element)).strip():
            found.append(f"text in {element.tag}")
    return found


def counts(suite):
    return [int(suite.get(key)) for key in ("tests", "failures", "errors")]


def check_schema(tap, command, logs):
    for name, data in logs.items():
        root = ElementTree.fromstring(data)
        tap.same(troubles(root), [], f"{name}: the schema's elements and attributes")
        suite = root[0]
        cases = suite.findall("testcase")
        tap.same(counts(suite), [len(cases), len(suite.findall("testcase/failure")),
                                 len(suite.findall("testcase/error"))], f"{name}: the suite counts its cases")
        names = [(case.get("classname"), case.get("name")) for case in cases]
        tap.same(len(set(names)), len(names), f"{name}: no two cases have one name")


def told(element):
    """The findings of a case or of system-out: rules with severities."""
    return re.findall(r"^line \d+: (\w+): .* \[(\S+)\](?: \(cascade\))?$", element.text or "", re.M)


def check_findings(tap, command):
    """Each finding is told once: in the case that it fails, or in system-out."""
    for trace in (PARTS.read_bytes(), *map(hostile, PAYLOADS.values())):
        suite = ElementTree.fromstring(run(command, trace).out)[0]
        bad = [element for case in suite.findall("testcase") for element in case]
        found = [one for element in (*bad, suite.find("system-out")) for one in told(element)]
        findings = command.check(trace).findings
        tap.same(sorted(found), sorted((one["severity"], one["rule"]) for one in findings),
                 f"{len(findings)} findings are told")
        tap.ok(all(any(severity == "error" for severity, _ in told(element)) for element in bad),
               "what fails has an error")
        tap.ok(all(severity != "error" for severity, _ in told(suite.find("system-out"))),
               "what passes has none")
        tap.same({element.tag for element in bad if "trace/malformed" in element.text}, {"error"},
                 "what cannot be read is an error, not a failure")


def check_cases(tap, command, folder):
    clean = ElementTree.fromstring(run(command, b"session=1 event=Created\nsession=1 event=Terminated\n").out)[0]
    tap.ok(counts(clean) == [1, 0, 0] and clean.find("system-out").text is None,
           "nothing found: one case, which passes")
    for warning in (b"session=1 event=Created\nsession=1 event=Connected\n",):
        suite = ElementTree.fromstring(run(command, warning).out)[0]
        tap.ok(counts(suite) == [2, 0, 0] and "session/unfinished" in suite.find("system-out").text,
               "a note fails no case and is told", *counts(suite))
    lives = "session=1 event=77\nsession=1 event=Terminated\n" * 2 + "marker=boot\nsession=1 event=77\n"
    paths = [str(folder.file(name, lives)) for name in ("a.trace", "b.trace")]
    suite = ElementTree.fromstring(command.run("check", "-q", "-fjunit", "--rule=unfinished=off", *paths).out)[0]
    names = {case.get("name") for case in suite.findall("testcase")}
    tap.ok(counts(suite)[1] >= 4 and "session 1" in names and any("boot 1" in name for name in names),
           "lives, boots and files are cases of their own", names)
    boots = many(2, "boot=b{0} session=1 event=77\n").encode()
    suite = ElementTree.fromstring(run(command, boots, "--rule=unfinished=off").out)[0]
    tap.same(counts(suite), [3, 2, 0], "boots with names are cases of their own")
    suite = ElementTree.fromstring(run(command, many(50, "session=1 event=77\n").encode()).out)[0]
    text = suite.find("testcase/failure").text
    tap.ok(len(told(suite.find("testcase/failure"))) == 20 and "and 30 more of them\n" in text,
           "a case tells 20 and counts the rest", text)
    result = command.run("check", "-q", "-fjunit", paths[0], str(folder.path / "gone.trace"))
    suite = ElementTree.fromstring(result.out)[0]
    tap.ok(result.status == STATUS_FAILED and counts(suite)[2] == 1
           and suite.find("testcase/error/..").get("name") == "the run", "a file that is not there is an error", result)


def check_flavor(tap, command, folder):
    """GitLab's flavour says where each case about findings is, and differs from Ant's in nothing else."""
    traces = {"parts.trace": PARTS.read_bytes(), "a <b>&'\"c.trace": hostile(PAYLOADS["quotes"])}
    for name, trace in traces.items():
        folder.file(name, trace)
        data, gitlab = (command.run("check", "-q", "-fjunit", *options, f"./{name}", cwd=folder.path, env=FIXED).out
                        for options in ([], ["--junit-flavor=gitlab"]))
        findings = command.check(trace).findings
        lines = {(one["rule"], one["line"]) for one in findings}
        root = ElementTree.fromstring(gitlab)
        placed = 0
        for case in root.iter("testcase"):
            file, line = (case.attrib.pop(key, None) for key in ("file", "line"))
            failure = case.find("failure") if case.find("failure") is not None else case.find("error")
            if failure is not None:
                tap.ok((failure.get("type"), int(line)) in lines, f"gitlab: {case.get('name')} is in its line", line)
            tap.same((file, line is None), (None, True) if case.get("classname") == "sessionlint" else (name, False),
                     f"gitlab: the file of {case.get('name')}")
            placed += file is not None
        tap.ok(placed > 1 and ElementTree.tostring(root) == ElementTree.tostring(ElementTree.fromstring(data)),
               f"gitlab, {name}: without its places it is Ant's", data, gitlab)
    same = command.run("check", "-q", "-fjunit", "--junit-flavor=ant", f"./{name}", cwd=folder.path, env=FIXED)
    tap.same(same.out, data, "--junit-flavor=ant is what is written without it")


def check_time(tap, command):
    for epoch, expected in (("0", "1970-01-01T00:00:00"), ("1772438400", "2026-03-02T08:00:00")):
        result = run(command, b"session=1 event=Logon\n", env={**os.environ, "SOURCE_DATE_EPOCH": epoch})
        tap.same(ElementTree.fromstring(result.out)[0].get("timestamp"), expected, f"SOURCE_DATE_EPOCH={epoch}")
    for epoch in ("", "-99999999999999999", "99999999999999999", "soon"):
        result = run(command, b"session=1 event=Logon\n", env={**os.environ, "SOURCE_DATE_EPOCH": epoch})
        tap.same(troubles(ElementTree.fromstring(result.out)), [], f"SOURCE_DATE_EPOCH={epoch} breaks nothing")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        names = [folder.file(name, "session=1 event=Logon\n") for name in ("a  b<&>\".trace", "::c##vso[d].trace")]
        check_schema(tap, command, {
            "parts": run(command, PARTS.read_bytes()).out,
            "names of files": command.run("check", "-q", "-fjunit", *(path.name for path in names),
                                          cwd=folder.path).out,
            **{name: run(command, hostile(payload)).out for name, payload in PAYLOADS.items()}})
        check_findings(tap, command)
        check_cases(tap, command, folder)
        check_flavor(tap, command, folder)
        check_time(tap, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
