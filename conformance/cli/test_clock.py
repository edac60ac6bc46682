#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Which event logs tell that a clock was set back: those of the session manager and System, which have the boots as well. Of the
others nothing is said. Arguments: the command and trace_to_evtx. Prints TAP.
"""

import subprocess
import sys

from shared.command import Command
from shared.folder import Folder
from shared.tap import Tap

TIMES = ("2026-01-02T03:00:00Z", "2026-01-02T05:00:00Z", "2026-01-02T04:00:00Z")

# By source: the pairs of each record, and whether it is told.
LOGS = {
    "lsm": ("session=2", ("Logon", "Disconnected", "Connected"), True),
    "winlogon": ("session=1 user=S-1-5-21-1-2-3-1001 process=600", ("Logon", "Logoff", "Logon"), True),
    "winlogon-operational": ("session=612", ("Created", "Logon", "Disconnected"), False),
    "profile": ("session=3", ("Logon", "Logoff", "Logon"), False),
    "rdp": ("session=2", ("Connected", "Connected", "Connected"), False),
}


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        for source, (pairs, events, told) in LOGS.items():
            lines = [f"time={time} source={source} {pairs} event={event}\n" for time, event in zip(TIMES, events)]
            log = folder.path / f"{source}.evtx"
            subprocess.run([sys.argv[2], folder.file(f"{source}.trace", "".join(lines)), log], check=True)
            result = command.run("check", "--quiet", "--no-config", "--notes=all", "--format=json", log)
            found = [finding["line"] for finding in result.findings if finding["rule"] == "trace/time-reversed"]
            tap.same((found, result.summary["events"]), ([3] if told else [], 3), f"{source}: {'told' if told else 'not told'}", result)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
