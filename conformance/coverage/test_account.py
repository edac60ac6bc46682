#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The coverage of an account: what no log shows is possible, not certain, and each transition has the sources that show it.
Arguments: the command, a folder with the logs of a machine. Prints TAP.
"""

import json
import sys

from shared.command import Command
from shared.folder import Folder
from shared.tap import Tap

# Created is unseen; of what happens then, the sources of the records.
SHOWN = {("Created", "Connected"): ["rdp"], ("Connected", "Logon"): ["lsm", "winlogon"], ("LoggedOn", "Disconnected"): ["lsm"],
         ("DisconnectedLoggedOn", "Connected"): ["lsm", "rdp"], ("LoggedOn", "Logoff"): ["lsm", "winlogon"],
         ("LoggedOff", "Disconnected"): ["lsm"]}


def cells(ledger):
    return {(cell["from"], cell["event"]): cell for cell in [*ledger["transitions"], *ledger["undocumented"]]}


def main():
    tap = Tap()
    command, machine = Command(sys.argv[1], tap), sys.argv[2]
    result = command.run("coverage", "--together", "--format=json", machine)
    found = cells(json.loads(result.text))
    created = found["Initialized", "Created"]
    tap.same((created["count"], created["possible"]), (0, 1), "what no log shows is possible")
    tap.same({cell: entry["shown_by"] for cell, entry in found.items() if "shown_by" in entry}, SHOWN,
             "each transition has the sources that show it")
    tap.same({cell for cell, entry in found.items() if entry["count"]}, set(SHOWN), "and is certain")
    with Folder() as folder:
        path = folder.file("ledger.json", result.text)
        merged = cells(json.loads(command.run("coverage", "--merge", "--format=json", path, path).text))
    tap.same({cell: (2 * entry["count"], entry.get("shown_by")) for cell, entry in found.items()},
             {cell: (entry["count"], entry.get("shown_by")) for cell, entry in merged.items()}, "a merge has both")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
