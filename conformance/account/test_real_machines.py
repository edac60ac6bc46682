#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The accounts of real machines: what "One machine, several logs" says of their logs. Arguments: the command, the folder
of the logs. Prints TAP.
"""

import collections
import json
import pathlib
import sys

from shared.command import Command
from shared.tap import Tap

# How many sessions somebody logged on to, or tried to.
MACHINES = {"workstation": 4, "remote-desktop": 18, "server": 2, "domain-controller": 12}

# A remote reconnect: the session that the new connection got at first, with the records that show it.
TRANSIENT = [("Created", ["Winlogon.evtx:171"]), ("Connected", ["RdpCoreTS.evtx:400"]), ("Terminated", ["Winlogon.evtx:185"])]


def places(row):
    return [f"{pathlib.Path(witness['file']).name}:{witness['record']}" for witness in row["witnesses"]]


def rows_of(command, folder):
    result = command.run("timeline", "--together", "--format=ndjson", folder)
    return [row for row in map(json.loads, result.text.splitlines()) if row["kind"] == "event"]


def check_witnesses(tap, name, rows):
    """Each 21 and each 23 has at least two more witnesses."""
    for event in ("Logon", "Logoff"):
        known = [row for row in rows if row["event"] == event and any(place.startswith("LocalSessionManager") for place in places(row))]
        few = [places(row) for row in known if len(row["witnesses"]) < 3]
        tap.none(few, f"{name}: each {event} of the session manager, {len(known)}, has two more witnesses")


def check_machine(tap, command, folder, sessions):
    name = folder.name
    rules = collections.Counter(finding["rule"] for finding in
                                command.run("check", "-q", "--together", "--format=json", folder).findings)
    wrong = [rule for rule in rules if rule in ("account/contradiction", "account/missing-witness", "session/illegal-transition",
                                                "session/wrong-state", "account/different-computers")]
    tap.none(wrong, f"{name}: no contradiction, nothing illegal, no log that lacks a record")
    rows = rows_of(command, folder)
    check_witnesses(tap, name, rows)
    used = {(row["boot"], row["session"], row["incarnation"]) for row in rows if row["event"] == "Logon"}
    tap.same(len(used), sessions, f"{name}: sessions that somebody logged on to")
    seen = collections.Counter(place for row in rows for place in places(row))
    tap.none([place for place, count in seen.items() if count > 1], f"{name}: each record is a witness of one transition")
    return rows


def main():
    tap = Tap()
    command, logs = Command(sys.argv[1], tap), pathlib.Path(sys.argv[2])
    for name, sessions in MACHINES.items():
        folder = logs / name
        if not folder.is_dir():
            tap.skip(f"the account of {name}", "the real logs are not here")
            continue
        rows = check_machine(tap, command, folder, sessions)
        if name == "remote-desktop":
            told = [(row["event"], places(row)) for row in rows if row["boot"] == 3 and row["session"] == 2]
            tap.same(told, TRANSIENT, "remote-desktop: the session that a reconnect had at first")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
