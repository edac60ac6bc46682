#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Parts of logs: files that begin with a chunk, without a file header, as carving tools leave them.

Arguments: trace_to_evtx, dump_records, sessionlint, the folder of real logs. Prints TAP.
"""

import json
import pathlib
import random
import sys
import tempfile

from shared import evtx_judge, evtx_oracle, process
from shared.evtx_bytes import CHUNK
from shared.tap import Tap

SECTOR = 512
REAL = ("remote-desktop/LocalSessionManager.evtx", "server/LocalSessionManager.evtx", "workstation/System.evtx")
NOISE = random.Random(3).randbytes(8 * SECTOR)


def shapes(chunks):
    """The file by its name, which chunks it holds a part of, and what must be said: an error, or of it."""
    whole = b"".join(chunks)
    yield "all chunks", whole, dict.fromkeys(range(len(chunks)), CHUNK), False, "no header"
    yield "one chunk", chunks[-1], {len(chunks) - 1: CHUNK}, False, "no header"
    yield "backward", b"".join(chunks[::-1]), dict.fromkeys(range(len(chunks)), CHUNK), False, "no header"
    for cut in (20 * SECTOR, 20 * SECTOR + 77):
        yield f"the last one cut at {cut}", whole[:-CHUNK] + chunks[-1][:cut], \
            {**dict.fromkeys(range(len(chunks)), CHUNK), len(chunks) - 1: cut}, True, "is truncated"
    if len(chunks) > 1:
        yield "the first one cut", chunks[0][:30 * SECTOR] + whole[CHUNK:], \
            {**dict.fromkeys(range(len(chunks)), CHUNK), 0: 30 * SECTOR}, True, "is truncated"
        yield "with zeros between", chunks[0] + bytes(5 * SECTOR) + whole[CHUNK:], \
            dict.fromkeys(range(len(chunks)), CHUNK), False, "no header"
        yield "with other bytes between", chunks[0] + NOISE + whole[CHUNK:], \
            dict.fromkeys(range(len(chunks)), CHUNK), False, f"{len(NOISE)} bytes are not part of a chunk"
    yield "after other bytes", NOISE[SECTOR:] + whole, dict.fromkeys(range(len(chunks)), CHUNK), False, "are not part"


def kept_ids(log, held):
    """The ids of the records that lie in the part of its chunk that is held."""
    numbers = log.chunks()
    return {record.id for at, size in held.items() for record in log.records(numbers[at])
            if record.end - log.chunk_at(numbers[at]) <= size}


def told(dump_records, path):
    records = evtx_oracle.dump_mapped(dump_records, [str(path)])[str(path)]
    return [evtx_judge.told(record) for record in records if evtx_judge.is_told(record)]


def carve_check(commands, folder, report, name, log):
    dump_records, sessionlint = commands
    path = pathlib.Path(folder) / "carved.evtx"
    path.write_bytes(log.data)
    whole = told(dump_records, path)
    chunks = [bytes(log.data[log.chunk_at(chunk):log.chunk_at(chunk) + CHUNK]) for chunk in log.chunks()]
    for shape, data, held, malformed, says in shapes(chunks):
        path.write_bytes(data)
        kept, problems = kept_ids(log, held), []
        want, have = [record for record in whole if record["line"] in kept], told(dump_records, path)
        if have != want:
            problems.append(f"{len(have)} records are delivered, not {len(want)}")
        for operand, source in ((path, None), ("-", data)):
            status, output, errors = process.run([sessionlint, "check", "-q", "--no-config", "--format=json", operand], source)
            found = [json.loads(line) for line in output.splitlines()]
            if process.crash_of(status, errors) or not found:
                problems.append(process.crash_of(status, errors) or errors)
                continue
            if status not in ((2,) if malformed else (0, 1)):
                problems.append(f"{operand}: the status is {status}")
            if found[-1]["summary"]["records"] != len(kept):
                problems.append(f"{operand}: {found[-1]['summary']['records']} records, not {len(kept)}")
            # notes on logs without a record of a session matter to nobody
            if found[-1]["summary"]["events"] and not any(says in finding["message"] for finding in found[:-1]):
                problems.append(f"{operand}: nothing says {says!r}")
            if any(finding["rule"] == "session/illegal-transition" for finding in found[:-1]):
                problems.append(f"{operand}: an illegal transition")
        report.none(problems, f"{name}: {shape}: {len(kept)} records")


def main():
    trace_to_evtx, dump_records, sessionlint, logs = sys.argv[1:5]
    report = Tap()
    with tempfile.TemporaryDirectory() as folder:
        real = evtx_judge.real_logs(logs, *REAL)
        if not real:
            report.skip("parts of real logs", "there is no folder of real logs")
        written = {"generated": evtx_judge.written_log(folder, trace_to_evtx, "--events=300"),
                   "generated inline": evtx_judge.written_log(folder, trace_to_evtx, "--events=300", "--inline")}
        for name, log in {**written, **real}.items():
            carve_check((dump_records, sessionlint), folder, report, name, log)
        path = pathlib.Path(folder) / "text.log"
        path.write_bytes(b"x" * SECTOR + b"ElfChnk")
        status, output, errors = process.run([sessionlint, "check", "-q", "--no-config", path])
        report.ok(status == 2 and b"chunk" not in output and not process.crash_of(status, errors),
                  "what only resembles a chunk is none")
    return report.done()


if __name__ == "__main__":
    sys.exit(main())
