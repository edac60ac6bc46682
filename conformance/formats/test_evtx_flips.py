#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Bytes flipped at random in logs: what was damaged never makes a transition illegal.

A flipped byte can hide a record (its provider is another one, or its event), or make another record of it: another
session, another event, another place. The checksum of its chunk tells that it may have. Seeds are fixed. Arguments:
trace_to_evtx, sessionlint, the folder of real logs, and how many logs to damage. Prints TAP.
"""

import json
import pathlib
import random
import sys
import tempfile

from shared import evtx_judge, process
from shared.evtx_bytes import CHUNK, FILE_HEADER, Log
from shared.tap import Tap

REAL = ("remote-desktop/LocalSessionManager.evtx", "workstation/LocalSessionManager.evtx",
        "server/LocalSessionManager.evtx", "domain-controller/LocalSessionManager.evtx", "workstation/System.evtx",
        "edges/win7-System-id-reuse-two-crashes.evtx")
GENERATED = {
    "generated": ["--events=600", "--sessions=7"],
    "generated, dirty": ["--events=300", "--sessions=40", "--dirty"],
    "generated inline": ["--events=300", "--sessions=5", "--inline"],
}
ILLEGAL = ("session/illegal-transition", "session/wrong-state", "session/invalid-event", "session/wrong-user")
AT_ONCE = 50  # logs in one run of the command


def places_of(log):
    """Where bytes of a log mean something: its records, the headers before them, and now and then the rest."""
    used = [range(0, FILE_HEADER)]
    used += [range(log.chunk_at(chunk), log.chunk_at(chunk) + min(CHUNK, log.free_space(chunk)))
             for chunk in log.chunks()]
    return used


def flipped(log, seed):
    """A copy of a log with some bytes changed."""
    chance, copy = random.Random(seed), log.copy()
    used = places_of(log)
    for _ in range(chance.choice((1, 1, 2, 5, 30))):
        if chance.random() < 0.02:
            at = chance.randrange(len(copy.data))
        elif chance.random() < 0.05:
            at = chance.choice(chance.choice(used)[:512])
        else:
            at = chance.choice(used[chance.randrange(1, len(used))])
        copy.data[at] ^= chance.choice((1 << chance.randrange(8), chance.randrange(1, 256)))
    return copy


def swapped(log, seed):
    """A copy in which one field of some records is that of another record: a damage that still makes sense."""
    chance, copy = random.Random(seed), log.copy()
    records = log.records()
    for _ in range(chance.choice((1, 2, 8))):
        record, other = chance.choice(records), chance.choice(records)
        at = chance.randrange(8, max(9, min(record.size, other.size) - 4))
        size = chance.choice((1, 2, 4, 8))
        copy.data[record.offset + at:record.offset + at + size] = log.data[other.offset + at:other.offset + at + size]
    return copy


def illegal(command, paths):
    """What is illegal in each of the logs, and how the command ended."""
    status, output, errors = process.run([command, "check", "-q", "--no-config", "--format=json", *paths])
    found = {str(path): [] for path in paths}
    for line in output.decode("utf-8", "replace").splitlines():
        finding = json.loads(line)
        if finding.get("rule") in ILLEGAL:
            found[finding["file"]].append((finding["rule"], finding["line"], finding["session"]))
    return found, process.crash_of(status, errors)


def flips_check(command, folder, report, name, log, count):
    before, crash = illegal(command, [write(folder, 0, log)])
    before = next(iter(before.values()))
    problems = [crash] if crash else []
    for first in range(0, count, AT_ONCE):
        seeds = {}
        for seed in range(first, min(first + AT_ONCE, count)):
            damaged = (swapped if seed % 4 == 3 else flipped)(log, f"{name} {seed}")
            seeds[str(write(folder, seed, damaged))] = seed
        found, crash = illegal(command, list(seeds))
        problems += [f"seeds {first} and on: {crash}"] if crash else []
        problems += [f"seed {seeds[path]}: {finding}" for path, findings in found.items()
                     for finding in findings if finding not in before]
    report.none(problems, f"{name}: {count} damaged copies: nothing illegal that the log does not hold")


def breach_check(command, folder, report, trace_to_evtx, count):
    """What an intact chunk holds is still judged: a second logoff there is found, whatever becomes of the first."""
    trace = pathlib.Path(folder) / "breach.trace"
    events = [f"session={i % 9} event={('Logon', 'Disconnected', 'Connected')[i // 9 % 3]}" for i in range(150)]
    lines = ["marker=boot", *events, "session=99 event=Logon", "session=99 event=Logoff", "session=99 event=Logoff"]
    trace.write_text("".join(f"time=2026-01-02T03:{i // 60:02}:{i % 60:02}Z user=u address=a {line}\n"
                             for i, line in enumerate(lines)))
    log = evtx_judge.written_log(folder, trace_to_evtx, trace)
    want = [("session/illegal-transition", len(lines), 99)]
    problems = [] if len(log.chunks()) > 1 else ["the log has one chunk"]
    for seed in range(count):
        damaged = flipped(Log(log.data[:log.chunk_at(2)]), f"breach {seed}")
        damaged.data += log.data[log.chunk_at(2):]
        found, crash = illegal(command, [write(folder, seed, damaged)])
        have = next(iter(found.values()))
        problems += [f"seed {seed}: {crash or have}"] if crash or have != want else []
    report.none(problems, f"{count} logs with a damaged first chunk: a breach in another one is found")


def write(folder, number, log):
    path = pathlib.Path(folder) / f"{number % AT_ONCE}.evtx"
    path.write_bytes(log.data)
    return path


def main():
    trace_to_evtx, command, logs = sys.argv[1:4]
    count = int(sys.argv[4]) if len(sys.argv) > 4 else 60
    report = Tap()
    with tempfile.TemporaryDirectory() as folder:
        real = evtx_judge.real_logs(logs, *REAL)
        if not real:
            report.skip("damaged copies of real logs", "there is no folder of real logs")
        for name, log in {**{name: evtx_judge.written_log(folder, trace_to_evtx, *options)
                             for name, options in GENERATED.items()}, **real}.items():
            flips_check(command, folder, report, name, Log(log.data), count)
        breach_check(command, folder, report, trace_to_evtx, count)
    return report.done()


if __name__ == "__main__":
    sys.exit(main())
