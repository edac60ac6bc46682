#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A record of a Windows log reads the same alone as after others, whose templates and places of values are remembered.

Real logs, written ones, and both with values of other sizes and types. Seeds are fixed. Arguments: trace_to_evtx,
dump_evtx, the folder of real logs. Prints TAP.
"""

import pathlib
import random
import subprocess
import sys
import tempfile

from shared import evtx_judge
from shared.evtx_bytes import Log
from shared.tap import Tap

REAL = ("remote-desktop/LocalSessionManager.evtx", "workstation/LocalSessionManager.evtx", "workstation/System.evtx",
        "hijack/Security-4778-4779.evtx")
GENERATED = {"generated": ["--events=400", "--sessions=7"], "generated inline": ["--events=100", "--sessions=5", "--inline"]}
CHANGED = 60  # copies of each log


def changed(log, seed):
    """A copy in which some descriptors of values, and some bytes of records, are others; the checksums are right."""
    chance, copy = random.Random(seed), log.copy()
    for record in chance.sample(log.records(), min(len(log.records()), 40)):
        # a record begins with 24 bytes of header; its descriptors follow those of the template instance
        at = record.offset + 24 + chance.randrange(min(200, record.size - 28))
        copy.data[at] = chance.choice((0, 1, 2, 8, 0x21, copy.data[at] ^ 1, chance.randrange(256)))
    for chunk in copy.chunks():
        copy.seal(chunk)
    return copy


def lines(dump_evtx, path, *options):
    """What is in a log, but for the number of steps."""
    run = subprocess.run([dump_evtx, *options, str(path)], stdout=subprocess.PIPE, check=False)
    return run.returncode, run.stdout.decode("utf-8", "surrogateescape").splitlines()[:-1]


def main():
    trace_to_evtx, dump_evtx, folder = sys.argv[1:4]
    report = Tap()
    with tempfile.TemporaryDirectory() as work:
        logs = {name: evtx_judge.written_log(work, trace_to_evtx, *options) for name, options in GENERATED.items()}
        real = {name: pathlib.Path(folder) / name for name in REAL}
        logs.update({name: Log(path.read_bytes()) for name, path in real.items() if path.exists()})
        for name in REAL:
            if name not in logs:
                report.skip(name, "there is no such log")
        for name, log in logs.items():
            different, records, damaged = [], 0, 0
            for seed in range(CHANGED):
                path = pathlib.Path(work) / "a.evtx"
                path.write_bytes((changed(log, seed) if seed else log).data)
                (status, together), (status2, alone) = lines(dump_evtx, path), lines(dump_evtx, path, "--alone")
                records += sum(line.startswith('{"id"') for line in together)
                damaged += sum('"damaged"' in line for line in together)
                different += [f"seed {seed}: {one} {other}" for one, other in zip(together, alone) if one != other][:3]
                different += [f"seed {seed}: {status} {status2}"] * ((status, len(together)) != (status2, len(alone)))
            report.none(different, f"{name}: {records} records, {damaged} of them damaged")
            report.ok(records > CHANGED and damaged > 0, f"{name}: some records are damaged, and most are not", (records, damaged))
    return report.done()


if __name__ == "__main__":
    sys.exit(main())
