#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sources that hide events, samples, and whatever else leaves open what was taken: by hand. Memory is bounded by the
sessions that are alive. Arguments: the command, make_trace. Prints TAP.
"""

import os
import sys

from shared import memory
from shared.command import STATUS_CLEAN, Command
from shared.ledger import cover, events
from shared.tap import Tap

C, D, L = "Connected", "Disconnected", "LoggedOn"
X = "DisconnectedLoggedOn"

# name, options, trace, taken, possible, pairs, possible pairs
CASES = [
    ("Winlogon: which logon it was is open", [], events(["Logon"], source="winlogon"),
     {}, {(C, "Logon"): 1, (D, "Logon"): 1}, {}, {}),
    ("Winlogon: where the trace says so, it is certain", [], "session=1 source=winlogon event=Logon to=LoggedOn\n",
     {(C, "Logon"): 1}, {}, {}, {}),
    ("Winlogon: and what it comes from", [], "session=1 source=winlogon event=Logoff from=LoggedOn\n"
     "session=1 source=winlogon event=Logon from=Disconnected\n",
     {(D, "Logon"): 1}, {}, {}, {}),
    ("Winlogon: by the published table no unseen way leads back to LoggedOn: a pair", [],
     "session=1 source=winlogon event=Logon to=LoggedOn\nsession=1 source=winlogon event=Logoff to=LoggedOff\n",
     {(C, "Logon"): 1, (L, "Logoff"): 1}, {}, {((C, "Logon"), (L, "Logoff")): 1}, {}),
    ("LSM: what the trace says it comes from is the state right before it: no Logon is taken", [],
     "session=1 source=lsm event=Logon from=Created\n", {}, {}, {}, {}),
    ("LSM: Connected and back is a way that it hides, so what begins and ends in Disconnected is no pair", [],
     "session=1 source=lsm event=Logon to=DisconnectedLoggedOn\nsession=1 source=lsm event=Logoff\n"
     "session=1 source=lsm event=Logon from=Disconnected\n",
     {(D, "Logon"): 2, (X, "Logoff"): 1}, {}, {((D, "Logon"), (X, "Logoff")): 1}, {((X, "Logoff"), (D, "Logon")): 1}),
    ("LSM: a disconnect and a reconnect, with nothing unseen between them", ["--source=lsm"],
     events(["Logon", "Disconnected", "Connected", "Logoff"]),
     {(L, D): 1, (X, C): 1, (L, "Logoff"): 1}, {(C, "Logon"): 1, (D, "Logon"): 1},
     {((L, D), (X, C)): 1, ((X, C), (L, "Logoff")): 1}, {((C, "Logon"), (L, D)): 1}),
    ("WTS shows what it may hide: pairs are certain where no way leads back", ["--source=wts"],
     events(["Connected", "Logon", "Disconnected", "Logoff"]),
     {("Created", C): 1, (C, "Logon"): 1, (L, D): 1, (X, "Logoff"): 1}, {},
     {(("Created", C), (C, "Logon")): 1, ((C, "Logon"), (L, D)): 1, ((L, D), (X, "Logoff")): 1}, {}),
    ("a sample makes certain", ["--start=unknown"], "session=1 state=Connected\nsession=1 event=Logon\n",
     {(C, "Logon"): 1}, {}, {}, {}),
    ("without it nothing is", ["--start=unknown"], "session=1 event=Logon\n",
     {}, {(C, "Logon"): 1, (D, "Logon"): 1}, {}, {}),
    ("a gap breaks a pair", [], "session=1 event=Created\nmarker=gap\nsession=1 event=Connected from=Created\n",
     {("Initialized", "Created"): 1, ("Created", C): 1}, {}, {}, {}),
    ("Ignore does not", [], events(["Created", "Ignore", "Connected"]),
     {("Initialized", "Created"): 1, ("Created", C): 1}, {}, {(("Initialized", "Created"), ("Created", C)): 1}, {}),
    ("another session does not", [], "session=1 event=Created\nsession=2 event=Created\nsession=1 event=Connected\n",
     {("Initialized", "Created"): 2, ("Created", C): 1}, {}, {(("Initialized", "Created"), ("Created", C)): 1}, {}),
    ("the same id on another host is another session", [],
     "host=a session=1 event=Created\nhost=b session=1 event=Created\nhost=b session=1 event=Disconnected\n"
     "host=a session=1 event=Connected\n",
     {("Initialized", "Created"): 2, ("Created", C): 1, ("Created", D): 1}, {},
     {(("Initialized", "Created"), ("Created", C)): 1, (("Initialized", "Created"), ("Created", D)): 1}, {}),
    ("a new boot breaks a pair", [], "session=1 event=Created\nmarker=boot\nsession=1 event=Created\n",
     {("Initialized", "Created"): 2}, {}, {}, {}),
    ("what contradicts the model counts as that", [],
     "session=1 event=Created\nsession=1 event=Connected to=LoggedOn\nsession=1 event=Disconnected\n",
     {("Initialized", "Created"): 1, (L, D): 1}, {}, {}, {}),
    ("no event at all breaks a pair", [], events(["Created", "Max", "Connected"]),
     {("Initialized", "Created"): 1}, {("Created", C): 1, (D, C): 1}, {}, {}),
]


def check_refused(tap, command):
    """LSM tells of a reconnect; where nobody is logged on its vocabulary has no such event, though the table has."""
    got = cover(command, "session=1 source=lsm event=Logon to=LoggedOn\nsession=1 source=lsm event=Logoff\n"
                         "session=1 source=lsm event=Disconnected\nsession=1 source=lsm event=Connected from=Disconnected\n")
    tap.same((got.refused, got.maybe_refused), ({(D, C): 1}, {}), "an event that the source does not have there")


def check_memory(tap, command, maker):
    if command.sanitized or not os.path.exists("/proc/self/status"):
        tap.skip("memory", "a sanitizer keeps what was freed, or there is no /proc")
        return
    memory.OPTIONS = ("coverage", "--format=json", "-")
    lives = 100_000
    for name, short, long in (
            ("20,000 sessions", memory.generated(maker, 200_000), memory.generated(maker, 2_000_000)),
            ("one session after another", memory.one_after_another(lives), memory.one_after_another(5 * lives))):
        peaks = []
        for feed in (short, long):
            peak, _, status, _ = memory.measure(command, feed)
            tap.same(status, STATUS_CLEAN, f"{name}: the ledger is written")
            peaks.append(peak)
        tap.ok(peaks[1] - peaks[0] < memory.GROWTH_MAX, f"{name}: a longer trace takes less than 1 MiB more", peaks)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    for name, options, trace, *expected in CASES:
        got = cover(command, trace, *options)
        tap.same([got.taken, got.possible, got.pairs, got.possible_pairs], expected, name, trace)
    check_refused(tap, command)
    check_memory(tap, command, sys.argv[2])
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
