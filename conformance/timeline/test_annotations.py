#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a timeline shows of each kind of annotation of a Windows log, alone and with other logs. Arguments: the command and
trace_to_evtx. Prints TAP.
"""

import collections
import json
import subprocess
import sys

from shared.command import Command
from shared.folder import Folder
from shared.tap import Tap

TIME = "2026-01-02T03:{:02}:00Z"

# By log: the number of each event, its pairs in a trace, and what a row shows of it: its name, and the values of ROW.
ROW = ("session", "user", "domain", "address", "client", "logon_id")
WHO = {"user": "anna", "domain": "CONTOSO", "logon_id": 0x1_2345_6789}
FROM = {"address": "192.0.2.1"}
LOGS = {
    "rdp": [(131, FROM, "connection"), (140, FROM, "connection-failed")],
    "remote": [(261, {}, "connection"), (1149, {"user": "anna", "domain": "CONTOSO", **FROM}, "authenticated")],
    "gateway": [(302, {"user": "CONTOSO\\anna", **FROM}, "gateway")],
    "security": [(4624, {"reason": 10, "client": "PC-1", **FROM, **WHO}, "logon-session-began"),
                 (4634, {"reason": 10, **WHO}, "logon-session-ended"), (4647, WHO, "logoff-started"),
                 (4778, {"client": "PC-1", **FROM, **WHO}, "reconnected"), (4779, {"client": "PC-1", **FROM, **WHO}, "disconnected"),
                 (4800, {"session": 2, **WHO}, "locked"), (4801, {"session": 2, **WHO}, "unlocked")],
    "lsm": [(39, {"session": 2}, "disconnect-requested"), (40, {"session": 2, "reason": 11}, "disconnect-reason"),
            (41, {"session": 2, "user": "CONTOSO\\anna"}, "arbitration-began"),
            (42, {"session": 2, "user": "CONTOSO\\anna"}, "arbitration-ended")],
}


def write(folder, writer, name, entries):
    """Writes a log; returns its path."""
    lines = []
    for minute, (number, pairs, _) in enumerate(entries):
        words = {"time": TIME.format(minute), "annotation": number, "process": 600, **pairs}
        lines.append(" ".join(f"{key}={json.dumps(value) if isinstance(value, str) else value}" for key, value in words.items()))
    trace, log = folder.file(f"{name}.trace", "\n".join(lines) + "\n"), folder.path / "logs" / f"{name}.evtx"
    log.parent.mkdir(exist_ok=True)
    subprocess.run([writer, trace, log], check=True)
    return log


def expected(entries, session=None):
    """The rows; with other logs, the records of one logon are of the session that some of them name."""
    for minute, (number, pairs, name) in enumerate(entries):
        shown = {key: pairs.get(key) for key in ROW}
        shown["session"] = session if "logon_id" in pairs and shown["session"] is None else shown["session"]
        shown["logon_id"] = f"{pairs['logon_id']:#x}" if "logon_id" in pairs else None
        yield (number, TIME.format(minute), name, *shown.values())


def rows(command, *arguments):
    """The rows of annotations, by log."""
    found = collections.defaultdict(list)
    for line in command.run("timeline", "--no-config", "--format=ndjson", *arguments).objects:
        if line["kind"] == "annotation":
            log = line["witnesses"][0]["file"].replace("\\", "/").rpartition("/")[2].removesuffix(".evtx")
            found[log].append((line["event_id"], line["time"], line["name"], *(line[key] for key in ROW)))
    return found


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        logs = {name: write(folder, sys.argv[2], name, entries) for name, entries in LOGS.items()}
        together = rows(command, "--together", folder.path / "logs")
        for name, entries in LOGS.items():
            told = list(expected(entries))
            tap.same(rows(command, logs[name])[name], told, f"{name}: {len(told)} annotations")
            tap.same(together[name], list(expected(entries, 2)), f"{name}: the same with other logs")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
