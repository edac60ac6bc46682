#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real logs as the project's reader and evtxexport of libevtx see them, record by record.

Arguments: dump_evtx, dump_records, the folder of real logs. Prints TAP.

What libevtx cannot judge is in shared/evtx_oracle.py.
"""

import collections
import os
import pathlib
import shutil
import sys

from shared import process, sanitizers
from shared.evtx_oracle import comparable, dump, dump_mapped, dump_record, export, mapped_compare, records_compare
from shared.tap import Tap

LARGE = 4 << 20  # bytes


def main():
    dump_evtx, dump_records = sys.argv[1:3]
    folder = pathlib.Path(sys.argv[3])
    report = Tap()
    paths = sorted(str(path) for path in folder.rglob("*.evtx")) if folder.is_dir() else []
    if not paths or not shutil.which("evtxexport"):
        report.skip("real logs read as evtxexport reads them",
                    "evtxexport is not installed" if paths else "there is no folder of real logs")
        return report.done()
    # under the sanitizers all of them are read, and fewer compared: Python takes longer for the large ones than C does
    compared = process.sampled([path for path in paths if os.path.getsize(path) < LARGE or not sanitizers.is_sanitized(dump_evtx)],
                               dump_evtx)
    ours, mapped = dump(dump_evtx, paths, compared), dump_mapped(dump_records, paths, compared)
    total = collections.Counter()
    for path in compared:
        name, counts = pathlib.Path(path).relative_to(folder), collections.Counter()
        theirs, garbled = export(path)
        entries, damaged = comparable(ours[path], theirs)
        problems = garbled + damaged
        problems += records_compare([dump_record(entry) for entry in entries], theirs, counts)
        report.none(problems,
                    f"{name}: {counts['records']} records, {counts['system']} facts of System, "
                    f"{counts['leaves']} leaves, {counts['by name']} more by name")
        told = [record for record in mapped[path][:-1]
                if record["marker"] not in ("remark", "gap") and record["kind"] != "malformed"]
        report.none(mapped_compare(theirs, mapped[path]), f"{name}: {len(told)} records mean what their XML says")
        total.update(counts)
    report.ok(len(compared) < len(paths) or total["records"] > 10000 and total["leaves"] > 60000,
              f"{len(compared)} of {len(paths)} logs: {total['records']} records, {total['leaves']} leaves")
    return report.done()


if __name__ == "__main__":
    sys.exit(main())
