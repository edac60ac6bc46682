#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Machines whose sessions keep the published table, or break it where that is known, with boots, and records that are lost, late or
doubled: what is found is so, and the order within the window does not matter. Arguments: the command, the first seed, how many,
and how many seconds to go on. Prints TAP.
"""

import json
import random
import sys
import time

from shared import machines
from shared.command import Command
from shared.folder import Folder
from shared.tap import Tap

AT_ONCE = 100
ILLEGAL = "session/illegal-transition"


class Case:
    """A trace of which everything is known."""
    def __init__(self, seed):
        self.seed, source = seed, random.Random(seed)
        self.plan = machines.plan(source)
        self.records = machines.World(source, self.plan).run()
        machines.number(self.plan, self.records)
        machines.lose(source, self.plan, self.records)
        self.kept = [record for record in self.records if record.kept]
        self.lines = machines.double(source, self.plan, machines.delay(source, self.plan, self.kept))
        self.otherwise = machines.delay(source, self.plan, self.kept)
        self.units = machines.units(self.records)

    @property
    def texts(self):
        """The trace, and one with the same records in another order."""
        return ["".join(f"{record.text()}\n" for record in records) for records in (self.lines, self.otherwise)]

    @property
    def several(self):
        """Whether there are several hosts: a marker of all of them has none."""
        how = self.plan
        return len(how.hosts) > 1 or (how.shared and how.numbered and how.hosts != (None,))

    def missing(self):
        """How many records are shown to be missing, and whether any number of them may be before the first."""
        count, late = 0, False
        for unit in self.units.values():
            last = max((at for at, record in enumerate(unit) if record.kept), default=0)
            count += sum(not record.kept for record in unit[:last])
            late |= unit[0].at != self.plan.base and any(record.kept for record in unit)
        return count, late

    def settled(self, *orders):
        """Whether the numbers show what they count, as far as it matters, if the records come like this."""
        how = self.plan
        if how.kind == "trace" and self.several:
            return False
        # after a marker of all hosts those seem to go on where others were
        if how.shared and self.several:
            return False
        # a marker that is late may be the boot of a new count
        for lines in orders or (self.lines,):
            seen = set()
            for record in lines:
                if record.is_boot and how.boots == "marker" and record.pairs.get("seq", 2) < 2 and record.host in seen:
                    return False
                seen.add(record.host)
        if how.boots == "none" or how.again:
            return True
        ends = {(record.host, record.boot): record for record in reversed(self.records)}
        return all(record.at - self.units[record.unit][0].at > machines.LONG for record in ends.values() if record.boot and record.unit)

    def is_same_in_any_order(self):
        """Whether the order within the window does not matter."""
        how = self.plan
        # what is missing of no host is missing of all, from where it is noticed
        if None in how.hosts and len(how.hosts) > 1 and any(self.missing()):
            return False
        # a count that wraps may have begun again
        wraps = how.boots != "none" and any(start > machines.WRAP - 2**21 for start in how.starts.values())
        return not wraps and self.settled(self.lines, self.otherwise)

    def is_whole(self, host):
        """Whether all records of the host, and of those it shares a count with, are there."""
        # what is missing of no host can be a marker for all
        mine = [unit for (key, _), unit in self.units.items() if key in (host, "trace", None)]
        return (all(unit[0].at == self.plan.base and all(record.kept for record in unit) for unit in mine)
                and all(record.kept for record in self.records if record.host == host))

    def is_certain(self, breach):
        """Whether no record is missing from the beginning of the session to its breach, nor one that can be a marker for all."""
        if None in self.plan.hosts and len(self.plan.hosts) > 1 and not self.is_whole(None):
            return False
        unit = self.units[breach.unit]
        return breach.first in unit and all(record.kept for record in unit[unit.index(breach.first):unit.index(breach)])


def breaches(case, found):
    """What is wrong with the errors that were found; the sessions that have one."""
    broken, wrong = {}, []
    for record in case.kept:
        if record.breach:
            broken.setdefault((record.host, record.pairs["session"]), record)
    for finding in found:
        if finding["severity"] == "error" and (finding["host"], finding["session"]) not in broken:
            wrong.append(f"a false alarm at {finding['line']}: {finding['message']}")
    for record in broken.values() if case.settled() else ():
        at = [line for line, one in enumerate(case.lines, 1) if one is record]
        if case.is_certain(record) and not any(finding["rule"] == ILLEGAL and finding["line"] in at for finding in found):
            wrong.append(f"a breach at {at} is not found")
    return broken, wrong


def gaps(case, found, losses):
    """What is wrong with what was said to be missing."""
    if not case.settled():
        return
    missing, late = case.missing()
    for finding in found:
        if not missing and not late and finding["rule"] == "trace/gap" and "missing" in finding["message"]:
            yield f"nothing is missing at {finding['line']}: {finding['message']}"
    counts = [count for _, count, _ in losses]
    if None not in counts and sum(counts) < missing:
        yield f"{missing} records are missing: {losses}"


def complaints(case, found, log):
    """What is wrong with what was found."""
    broken, wrong = breaches(case, found)
    wrong += gaps(case, found, log[-1]["losses"])
    for one in log[:-1]:
        host, session = one.get("host"), one["session"]
        if (host, session) not in broken and one["verdict"] == "violating":
            wrong.append(f"{session} of {host} is violating")
        elif (host, session) not in broken and one["verdict"] != "conforming" and case.settled() and case.is_whole(host):
            wrong.append(f"{session} of {host} is {one['verdict']}, but nothing is lost")
    return wrong


def check(command, folder, texts):
    """Findings of each text, and its part of the certificate."""
    names = [f"{number}.trace" for number in range(len(texts))]
    for name, text in zip(names, texts):
        folder.file(name, text)
    result = command.run("check", "-q", "--format=json", "--no-config", "--certificate", "all.cert", *names, cwd=folder.path)
    found, logs, lines = {name: [] for name in names}, {}, []
    for finding in result.findings:
        found[finding["file"]].append(finding)
    for line in (folder.path / "all.cert").read_text().splitlines()[1:-1]:
        lines.append(json.loads(line))
        if "log" in lines[-1]:
            logs[lines[-1]["log"][0]["path"]], lines = lines, []
    return [(found[name], logs[name]) for name in names]


def verdicts(log):
    """The verdicts on the sessions of a log, whatever their order."""
    return sorted((str(one.get("host")), one["session"], one["verdict"], one["records"]) for one in log[:-1])


def judge(command, folder, seeds):
    """Complaints by seed."""
    cases = [case for case in map(Case, seeds) if case.kept]
    results = check(command, folder, [text for case in cases for text in case.texts])
    wrong = {}
    for case, (found, log), (_, other) in zip(cases, results[::2], results[1::2]):
        why = complaints(case, found, log)
        if case.is_same_in_any_order() and verdicts(log) != verdicts(other):
            why.append("other verdicts in another order")
        if why:
            wrong[case.seed] = why
    return wrong


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    seed, count, *seconds = map(int, sys.argv[2:])
    end, begun, wrong = time.monotonic() + sum(seconds), seed, []
    with Folder() as folder:
        while seed < begun + count or time.monotonic() < end:
            for number, why in judge(command, folder, range(seed, seed + AT_ONCE)).items():
                wrong.append(f"seed {number}: {why[0]}")
                if seconds:
                    print("#", wrong[-1], flush=True)
            seed += AT_ONCE
    tap.none(wrong, f"{seed - begun} recordings of machines from seed {begun}: all that is found is so")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
