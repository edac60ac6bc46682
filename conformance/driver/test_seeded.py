#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Traces of drivers with seeded breaches: all of them are found, where they are, and nothing else.

make_contract writes a trace, and a ledger of what must be found in it; it shares no code with the checker. Arguments:
the command, make_contract. Prints TAP.
"""

import collections
import json
import pathlib
import subprocess
import sys

from shared import memory
from shared.command import STATUS_CLEAN, STATUS_FINDINGS, Command, without_notes
from shared.folder import Folder
from shared.tap import Tap

# What can be broken by what stands in a trace of these kinds; all of it must have been.
RULES = {f"registration/{name}" for name in (
    "bad-argument", "bad-size", "bad-flags", "bad-mask", "bad-status", "duplicate", "unknown", "leaked",
    "bad-object", "freed-context", "irql", "inside-callback")}
RULES |= {f"notification/{name}" for name in (
    "unregistered", "masked", "foreign-session", "wrong-context", "missed", "unexpected", "payload-missing",
    "payload-length", "payload-session", "invalid-local", "failed", "session-object", "wrong-local",
    "outlives-registration")}
RULES |= {f"session/{name}" for name in (
    "illegal-transition", "undocumented-transition", "wrong-state", "invalid-event", "invalid-state")}

# The kinds of breaches that make_contract knows.
KINDS = 65

TIMEOUT = 300


class Maker:
    """make_contract, and a file for its ledger."""

    def __init__(self, path, folder):
        self.path, self.ledger = path, folder.path / "ledger"

    def arguments(self, records, seed, breaches, drivers, objects, sessions):
        return [self.path, *map(str, (records, seed, breaches, drivers, objects, sessions)), self.ledger]

    def trace(self, *numbers):
        return subprocess.run(self.arguments(*numbers), check=True, stdout=subprocess.PIPE, timeout=TIMEOUT).stdout

    def seeded(self):
        """The breaches of the last trace."""
        return [json.loads(line) for line in self.ledger.read_text("ascii").splitlines()]

    def piped(self, command, *numbers):
        """Checks a trace that never is on the disk, however long."""
        with subprocess.Popen(self.arguments(*numbers), stdout=subprocess.PIPE) as writing:
            result = command.run("check", "--quiet", "--format=json", "-", stdin=writing.stdout, timeout=TIMEOUT)
        return result, writing.returncode


def as_ndjson(trace):
    """The same trace in the other spelling; no value in it is quoted."""
    return "".join(json.dumps(dict(pair.split("=", 1) for pair in line.split())) + "\n"
                   for line in trace.decode().splitlines())


def differences(findings, breaches):
    """What was seeded and not found, and what was found and not seeded, as lines to read."""
    found = collections.Counter((finding["line"], finding["rule"]) for finding in findings)
    seeded = collections.Counter((breach["line"], rule) for breach in breaches for rule in breach["rules"])
    about = {breach["line"]: breach["kind"] for breach in breaches}
    for what, lines in (("not found", seeded - found), ("not seeded", found - seeded)):
        for line, rule in sorted(lines.elements()):
            yield f"line {line}: {rule} is {what} ({about.get(line, 'no breach')})"


def check_seeded(tap, name, result, breaches):
    """All that was seeded was found, and nothing else."""
    wrong = list(differences(without_notes(result.findings), breaches))
    tap.ok(not wrong and result.status == (STATUS_FINDINGS if breaches else STATUS_CLEAN),
           f"{name}: {len(breaches)} breaches, exactly those are found", f"status {result.status}",
           *wrong[:20], result.error)


def check_many(tap, command, maker):
    """Short traces, crowded with breaches, of many seeds and sizes."""
    rules, kinds = collections.Counter(), collections.Counter()
    for seed in range(20):
        drivers = 1 + seed * 3
        numbers = (20_000, seed, 200, drivers, 4 * drivers + 8, 20 + seed * 17)
        trace = maker.trace(*numbers)
        breaches = maker.seeded()
        rules.update(rule for breach in breaches for rule in breach["rules"])
        kinds.update(breach["kind"] for breach in breaches)
        tap.same(len(breaches), 200, f"seed {seed}: as many breaches as were asked for")
        check_seeded(tap, f"seed {seed}, {drivers} drivers", command.check(trace), breaches)
        if seed < 3:
            check_seeded(tap, f"seed {seed}, as NDJSON", command.check(as_ndjson(trace)), breaches)
    tap.same(set(rules), RULES, f"each of {len(RULES)} rules was broken, and no other")
    tap.same(len(kinds), KINDS, "each kind of breach was seeded")


def check_none(tap, command, maker):
    """Without a breach there is nothing to find."""
    for seed, sizes in enumerate(((1, 4, 2), (3, 30, 5), (10, 40, 300), (50, 200, 1000))):
        result, status = maker.piped(command, 50_000, seed, 0, *sizes)
        check_seeded(tap, f"{sizes[0]} drivers in order", result, maker.seeded())
        summary = result.summary
        tap.ok(status == 0 and summary["records"] >= 50_000 and summary["events"] > 0,
               f"{sizes[0]} drivers in order: the trace was read", summary)


def check_cut(tap, command, maker):
    """A recorder can be killed at any time: then nothing can be found but what is still registered."""
    lines = maker.trace(400, 3, 0, 3, 12, 3).splitlines(keepends=True)
    wrong, cuts = [], range(1, len(lines), 3 if command.sanitized or command.wine else 1)
    for cut in cuts:
        result = command.check(b"".join(lines[:cut]), "--rule=leaked=off")
        wrong += [f"{cut} lines: {finding}" for finding in without_notes(result.findings)]
    tap.ok(not wrong, f"a trace in order, cut behind each of {len(cuts)} records: nothing is found", *wrong[:5])


def check_long(tap, command, maker):
    """50 drivers, 200 I/O objects, 1,000 sessions."""
    records = 300_000 if command.sanitized else 5_000_000
    result, status = maker.piped(command, records, 1, 500, 50, 200, 1000)
    breaches = maker.seeded()
    tap.ok(status == 0 and len(breaches) == 500, "the long trace was written", status, len(breaches))
    check_seeded(tap, f"{records} records", result, breaches)
    tap.ok(result.summary["records"] >= records, f"{records} records: all were read", result.summary)


def check_memory(tap, command, maker):
    """What is remembered of drivers does not grow with the trace, but with drivers and sessions."""
    if command.sanitized or not pathlib.Path("/proc/self/status").exists():
        tap.skip("memory", "a sanitizer keeps what was freed, or there is no /proc")
        return
    peaks = []
    for records in (200_000, 2_000_000):
        arguments = maker.arguments(records, 2, 0, 50, 200, 100)

        def feed(descriptor, arguments=arguments):
            subprocess.run(arguments, check=True, stdout=descriptor, timeout=TIMEOUT)

        peak, events, status, findings = memory.measure(command, feed)
        tap.ok(events > 0 and (status, findings) == (STATUS_CLEAN, 0), f"{records} records in order", status, findings)
        peaks.append(peak)
    tap.ok(peaks[1] - peaks[0] < memory.GROWTH_MAX,
           f"10 times as many records, less than 1 MiB more ({peaks[0] / 1e6:.1f} MB, {peaks[1] / 1e6:.1f} MB)")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        maker = Maker(sys.argv[2], folder)
        check_many(tap, command, maker)
        check_none(tap, command, maker)
        check_cut(tap, command, maker)
        check_long(tap, command, maker)
        check_memory(tap, command, maker)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
