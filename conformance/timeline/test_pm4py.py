#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pm4py reads XES timelines: the traces and events that NDJSON has. Argument: the command. Prints TAP."""

import os
import pathlib
import sys
import warnings

from shared.command import Command
from shared.folder import Folder
from shared.report_traces import PAYLOADS, quoted
from shared.tap import Tap

try:
    import pm4py
except ImportError:
    pm4py = None

FOLDER = pathlib.Path(__file__).resolve().parent


def check(tap, command, folder, name, *arguments, **options):
    path = folder.path / "log.xes"
    command.run("timeline", "--no-config", "--format=xes", f"--output={path}", *arguments, **options)
    rows = [row for row in command.run("timeline", "--no-config", "--format=ndjson", *arguments, **options).objects
            if row["kind"] == "event"]
    sessions = command.run("timeline", "--no-config", "--sessions", "--format=ndjson", *arguments, **options).objects
    frame = pm4py.read_xes(str(path))
    tap.same(len(frame), len(rows), f"{name}: the events")
    tap.same(frame["case:concept:name"].nunique(), len(sessions), f"{name}: the cases")
    tap.same(sorted(frame["concept:name"]), sorted(row["event"] for row in rows), f"{name}: the activities")
    tap.same(sorted(frame["verdict"]), sorted(row["verdict"] for row in rows), f"{name}: the verdicts")
    tap.same([time.isoformat()[:19] for time in sorted(frame["time:timestamp"])],
             sorted(row["time"][:19] for row in rows), f"{name}: the times")
    variants = pm4py.get_variants(frame)
    tap.ok(variants, f"{name}: it mines {len(variants)} variants")


def main():
    tap = Tap()
    if pm4py is None:
        return tap.skip_all("the Python module pm4py is not installed")
    warnings.simplefilter("ignore")
    os.environ["TQDM_DISABLE"] = "1"
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        check(tap, command, folder, "a trace", str(FOLDER / "life.trace"))
        check(tap, command, folder, "a machine", "--together", str(FOLDER / "machine"))
        for name in ("script", "quotes", "no XML", "no UTF-8"):
            trace = b"".join(b"time=2026-03-02T08:00:0%dZ session=1 event=%s" % pair + b" host=" + quoted(PAYLOADS[name]) + b" user="
                             + quoted(PAYLOADS[name]) + b"\n" for pair in enumerate((b"Created", b"Connected", b"Logon")))
            check(tap, command, folder, name, "-", input=trace)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
