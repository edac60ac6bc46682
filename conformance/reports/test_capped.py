#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reports that would grow without an end are cut, and say so: JUnit's XML and Perfetto's timeline.

Argument: the command. Prints TAP.
"""

import json
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

from shared.command import STATUS_FINDINGS, Command
from shared.folder import Folder
from shared.report_traces import many
from shared.tap import Tap

ERRORS, SLICES, FINDINGS = 25_000, 400_000, 100_000
PEAK = 256 << 10  # KiB


def run(command, *arguments):
    """Runs the command; its exit status, and the most memory it had, in KiB."""
    process = os.posix_spawn(command.path, [command.path, *arguments], os.environ,
                             file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
    _, status, usage = os.wait4(process, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_maxrss


def junit(tap, command, folder, name, trace):
    """The cases of a trace; claims that the suite counts them."""
    path = folder.path / "junit.xml"
    status, peak = run(command, "check", "-q", "--no-config", f"--output=junit:{path}", str(folder.file(name, trace)))
    suite = ElementTree.parse(path).getroot()[0]
    cases = suite.findall("testcase")
    tap.same([int(suite.get(key)) for key in ("tests", "failures")], [len(cases), len(suite.findall("testcase/failure"))],
             f"JUnit, {name}: the suite counts its cases")
    tap.ok(status == STATUS_FINDINGS and (command.sanitized or peak < PEAK), f"JUnit, {name}: the memory is bounded",
           status, peak)
    return {case.get("name"): case for case in cases}, suite.find("system-out").text or ""


def check_junit(tap, command, folder):
    cases, told = junit(tap, command, folder, "few.trace", many(100))
    tap.ok("findings that are left out" not in cases and "left out" not in told, "JUnit: nothing is left out")
    # each session has an error, and behind the last of them a note for its end
    cases, told = junit(tap, command, folder, "many.trace", many(30_000))
    left = cases.get("findings that are left out")
    message = left[0].get("message") if left is not None and len(left) else ""
    found = re.fullmatch(r"(\d+) findings are left out \((\d+) errors, (\d+) warnings, (\d+) notes\)", message)
    tap.ok(found and [int(each) for each in found.groups()] == [60_000 - ERRORS, 30_000 - ERRORS, 0, 30_000],
           "JUnit: errors that are left out fail a case that counts them", message)
    tap.same(len(cases) - 2, ERRORS, "JUnit: the others are there")
    # a session with many findings leaves the room to others
    trace = "session=1 event=Logon\n" * 60_000 + many(100, "session=9{0} event=Logon\n")
    cases, told = junit(tap, command, folder, "one.trace", trace)
    tap.ok("findings that are left out" not in cases and len(cases) == 102, "JUnit: one session does not take the room of "
           "all", len(cases))
    name = "h" * 500_000
    trace = "".join(f"host={name}{number} session=1 event=Logon\n" for number in range(200))
    cases, told = junit(tap, command, folder, "long.trace", trace)
    tap.ok("findings that are left out" in cases and 20 < len(cases) < 70, "JUnit: long names take the room of many",
           len(cases))


def timeline(command, folder, trace):
    """The events of a timeline by their kinds, what it says of itself, and the memory that it took."""
    path = folder.path / "timeline.json"
    status, peak = run(command, "check", "-q", "--no-config", f"--output=perfetto:{path}",
                       str(folder.file("timeline.trace", trace)))
    counts, names, rest = {}, [], b""
    with open(path, "rb") as file:
        for line in file:
            if not line.startswith(b'{"ph":"'):
                rest = line
                continue
            kind = line[7:8].decode()
            counts[kind] = counts.get(kind, 0) + 1
            if b'"cat":"omitted"' in line:
                names.append(json.loads(line.rstrip(b",\n"))["name"])
    other = json.loads(b"{" + rest[2:])["otherData"] if rest.startswith(b"],") else None
    return counts, names, other, status, peak


def check_perfetto(tap, command, folder):
    life = "session={0} event=Created\nsession={0} event=Connected\nsession={0} event=Terminated\n"
    counts, names, other, *_ = timeline(command, folder, many(1000, life))
    tap.ok(counts["X"] == 3000 and not names and "steps_omitted" not in other, "Perfetto: nothing is left out", counts, other)
    counts, names, other, status, peak = timeline(command, folder, many(150_000, life))
    tap.ok(counts["X"] == SLICES and other["steps_omitted"] == 450_000 - SLICES and other["findings_omitted"] == 0
           and names == ["the timeline ends here: 50000 steps are left out"], "Perfetto: slices that are left out are counted",
           counts, names, other, status)
    tap.ok(command.sanitized or peak < PEAK, "Perfetto: the memory is bounded", peak)
    counts, names, other, *_ = timeline(command, folder, many(110_000))
    tap.ok(counts["i"] == FINDINGS + len(names) and other["findings_omitted"] == 220_000 - FINDINGS
           and any("findings are left out" in name for name in names), "Perfetto: findings that are left out are counted",
           counts, names, other)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    if command.for_windows:
        tap.skip("reports that are cut", "it measures with POSIX")
        return tap.done()
    with Folder() as folder:
        check_junit(tap, command, folder)
        check_perfetto(tap, command, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
