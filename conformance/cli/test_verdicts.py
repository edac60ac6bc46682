#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The verdicts: what the summary counts. A life is conforming, violating, or undetermined (consistent, but the
capture began in its middle or lost records); unfinished is a remark. Illegal, undocumented, unknown and
unreadable are never mixed up. Argument: the command. Prints TAP.
"""

import sys

from shared.command import Command
from shared.tap import Tap

LIFE = "session=1 event=Created\nsession=1 event=Connected\nsession=1 event=Terminated\n"
BOOT = "marker=boot\n"
LSM = "source=lsm session=1 event="
RECONNECT = ("Connected", "Logon", "Disconnected", "Connected")
WTS_RECONNECT = "".join(f"source=wts session=1 event={event}\n" for event in RECONNECT)
MASKED_RECONNECT = ("call=IoRegisterContainerNotification io=a mask=connected,disconnected,logon,logoff registration=r "
                    "status=0\n" + "".join(f"session=1 notify={event} io=a payload_session=1\n" for event in RECONNECT))

# Name, trace, options, and (lives, conforming, violating, undetermined, unfinished).
VERDICTS = [
    ("a whole life", LIFE, [], (1, 1, 0, 0, 0)),
    ("two lives of an id", LIFE * 2, [], (2, 2, 0, 0, 0)),
    ("an id on three hosts", "".join(f"host={host} session=1 event=Created\n" for host in "abc"), [],
     (3, 3, 0, 0, 3)),
    ("a host in two spellings", "host=RDS-01 session=1 event=Created\nhost=rds-01 session=1 event=Connected\n"
     "host=Rds-01 session=1 event=Terminated\n", [], (1, 1, 0, 0, 0)),
    ("a host in two spellings, beyond ASCII", "host=B\u00dcRO session=1 event=Created\nhost=b\u00fcro session=1 "
     "event=Terminated\n", [], (1, 1, 0, 0, 0)),
    ("a boot of a host in two spellings", "host=RDS-01 session=1 event=Created\nhost=rds-01 marker=boot\n"
     "host=RDS-01 session=1 event=Created\n", [], (2, 2, 0, 0, 2)),
    ("an id in two boots", LIFE + BOOT + LIFE, [], (2, 2, 0, 0, 0)),
    ("a life that the boot broke off", "session=1 event=Created\n" + BOOT + LIFE, [], (2, 2, 0, 0, 1)),
    ("a boot told by its name", "boot=1 session=1 event=Created\nboot=2 session=1 event=Created\n", [],
     (2, 2, 0, 0, 2)),
    ("a boot told by its name, without its first records", "boot=1 session=1 event=Created\nmarker=gap\n"
     "boot=2 session=1 event=Logon\n", [], (2, 0, 0, 2, 1)),
    ("a boot told by its name, where numbers are missing", "seq=1 boot=1 session=1 event=Created\n"
     "seq=2 boot=1 session=1 event=Terminated\nseq=5 boot=2 session=1 event=Logon\n", [], (2, 1, 0, 1, 1)),
    ("a boot whose first record cannot be read", "boot=1 session=1 event=Created\nboot=2 session=1 event=Create\n"
     "boot=2 session=1 event=Logon\n", [], (2, 1, 0, 1, 2)),
    ("a life that is not over", "session=1 event=Created\n", [], (1, 1, 0, 0, 1)),
    ("an illegal event", LIFE + "session=1 event=Logoff\n", [], (1, 0, 1, 0, 1)),
    ("a life behind one that was violated", "session=1 event=Connected\nsession=1 event=Terminated\n" + LIFE, [],
     (2, 1, 1, 0, 0)),
    ("a wrong state", "session=1 event=Created to=Connected\nsession=1 event=Terminated\n", [], (1, 0, 1, 0, 0)),
    ("an invalid event", "session=1 event=Max\n", [], (1, 0, 1, 0, 0)),
    ("an invalid state", "session=1 event=Created to=Max\nsession=1 event=Terminated\n", [], (1, 0, 1, 0, 0)),
    ("a report of Windows", LSM + "21\nsource=lsm session=1 marker=reported\n", [], (1, 0, 1, 0, 0)),
    ("the reconnect is no violation", "".join(f"session=1 event={event}\n" for event in (
        "Created", "Connected", "Logon", "Disconnected", "Connected", "Terminated")), [], (1, 1, 0, 0, 0)),
    ("but for --strict it is", "".join(f"session=1 event={event}\n" for event in (
        "Created", "Connected", "Logon", "Disconnected", "Connected", "Terminated")), ["--strict"], (1, 0, 1, 0, 0)),
    ("not where wts hides an end that explains it by the published table", WTS_RECONNECT, ["--strict"],
     (2, 2, 0, 0, 0)),
    ("where an unseen end is an error as well, it is the reconnect", WTS_RECONNECT,
     ["--strict", "--rule=implied-termination=error"], (1, 0, 1, 0, 1)),
    ("nor where an EventMask hides it", MASKED_RECONNECT, ["--strict", "--start=initialized"], (2, 2, 0, 0, 0)),
    ("but where the driver asked for ends", MASKED_RECONNECT.replace("mask=", "mask=terminated,"),
     ["--strict", "--start=initialized"], (1, 0, 1, 0, 0)),
    ("and in what the session manager logs, which is always a reconnect", f"{LSM}21\n{LSM}24\n{LSM}25\n", ["--strict"],
     (1, 0, 1, 0, 1)),
    ("an unseen end is no violation", f"{LSM}21\n{LSM}21\n{LSM}23\n", [], (2, 2, 0, 0, 0)),
    ("three unseen ends", f"{LSM}21\n{LSM}21\n{LSM}21\n{LSM}21\n{LSM}23\n", [], (4, 4, 0, 0, 0)),
    # the session may have been disconnected all the time, and used again: nothing tells of two lives
    ("a logon after a logoff", f"{LSM}21\n{LSM}23\n{LSM}21\n{LSM}23\n", [], (1, 1, 0, 0, 0)),
    ("a logon after a logoff and a disconnect", f"{LSM}21\n{LSM}23\n{LSM}24\n{LSM}21\n{LSM}23\n", [], (1, 1, 0, 0, 0)),
    ("a capture that began late", "session=1 event=Logoff\nsession=1 event=Terminated\n", ["--start=unknown"],
     (1, 0, 0, 1, 0)),
    ("a late capture that sees the beginning", LIFE, ["--start=unknown"], (1, 1, 0, 0, 0)),
    ("a late capture that sees the next beginning", "session=1 event=Logoff\nsession=1 event=Terminated\n" + LIFE,
     ["--start=unknown"], (2, 1, 0, 1, 0)),
    ("a late capture, and then a boot", "session=1 event=Logoff\n" + BOOT + LIFE, ["--start=unknown"],
     (2, 1, 0, 1, 1)),
    ("a late capture, and then another value of boot", "boot=1 session=1 event=Logoff\n"
     + LIFE.replace("session", "boot=2 session"), ["--start=unknown"], (2, 1, 0, 1, 1)),
    ("what another value of boot begins, begins in sight", "boot=1 session=1 event=Logon\nboot=2 session=1 event=Logoff\n",
     ["--start=unknown"], (2, 0, 1, 1, 2)),
    ("but not where records are missing before it", "boot=1 session=1 event=Logon\nmarker=gap\n"
     "boot=2 session=1 event=Logoff\n", ["--start=unknown"], (2, 0, 0, 2, 1)),
    ("the first value of boot begins nothing", "boot=1 session=1 event=Logoff\n", ["--start=unknown"], (1, 0, 0, 1, 1)),
    ("a violation in a late capture", "session=1 event=Logon\nsession=1 event=Logon\n", ["--start=unknown"],
     (1, 0, 1, 0, 1)),
    ("a gap within a life", "session=1 event=Created\nmarker=gap\nsession=1 event=Terminated\n", [], (1, 0, 0, 1, 0)),
    ("a gap told by seq", "seq=1 session=1 event=Created\nseq=3 session=1 event=Terminated\n", [], (1, 0, 0, 1, 0)),
    ("a gap behind a life", LIFE + "marker=gap\n", [], (1, 1, 0, 0, 0)),
    ("a gap behind the last record of a life that goes on", "session=1 event=Created\nmarker=gap\n", [],
     (1, 0, 0, 1, 0)),
    ("a gap before a life that is seen to begin", "marker=gap\n" + LIFE, [], (1, 1, 0, 0, 0)),
    ("a gap before a life that is not", "marker=gap\nsession=1 event=Logon\n", [], (1, 0, 0, 1, 1)),
    ("a life that may have begun in a gap, with an id that was used before", "seq=1 session=1 event=Created\n"
     "seq=2 session=1 event=Terminated\nseq=4 session=1 event=Connected\n", [], (2, 0, 0, 2, 1)),
    ("one that begins behind the gap", "seq=1 session=1 event=Created\nseq=2 session=1 event=Terminated\n"
     "seq=4 session=1 event=Created\n", [], (2, 1, 0, 1, 1)),
    ("one whose beginning the source hides, behind the gap", "marker=boot\nmarker=gap\n"
     f"{LSM}21\n{LSM}21\n", [], (2, 1, 0, 1, 1)),
    ("a gap on another host", "host=a session=1 event=Created\nhost=b marker=gap\nhost=a session=1 event=Terminated\n",
     [], (1, 1, 0, 0, 0)),
    ("an unreadable record of the session", "session=1 event=Created\nsession=1 event=Logn\nsession=1 event=Logon\n"
     "session=1 event=Terminated\n", [], (1, 0, 0, 1, 0)),
    ("an unreadable record of another session", "session=1 event=Created\nsession=2 event=Created\n"
     "session=2 event=Logn\nsession=1 event=Terminated\n", [], (2, 1, 0, 1, 0)),
    ("an unreadable record of nobody", "session=1 event=Created\nsession=2 event=Created\n???\n"
     "session=1 event=Terminated\n", [], (2, 0, 0, 2, 0)),
    ("two logons that Winlogon tells are two lives", "source=winlogon session=1 event=7001\n" * 2, [],
     (2, 2, 0, 0, 0)),
]

# So many ended sessions are remembered, at least.
REMEMBERED = 65536


def check_forgotten(tap, command):
    """More sessions that may have ended, but need not have, than are remembered: what begins later is unknown."""
    trace = "".join(f"source=lsm host=a session={number} event={event}\n" for number in range(REMEMBERED + 1)
                    for event in (21, 23))
    # the first of them, which has been forgotten, goes on; on another host nothing was forgotten
    trace += "source=lsm host=a session=0 event=23\nsource=lsm host=b session=0 event=23\n"
    result = command.run("check", "--format=json", "--rule=unfinished=off", "-", input=trace.encode())
    # the two last lives end as well
    tap.same(result.summary["sessions"]["forgotten"], 3, "sessions that are forgotten are counted")
    tap.same(result.summary["sessions"]["undetermined"], 1, "and what comes later of one of them is undetermined")
    tap.same([finding["host"] for finding in result.findings], ["b"], "on its host, and on no other")
    result = command.run("check", "--rule=unfinished=off", "-", input=trace.encode())
    tap.ok("3 ended sessions were forgotten" in result.error, "the summary says how many", result)
    whole = "".join(f"session={number} event={event}\n" for number in range(REMEMBERED + 3)
                    for event in ("Created", "Terminated"))
    tap.same(command.check(whole).summary["sessions"]["forgotten"], 0, "what has ended for certain need not be remembered")
    tap.ok("forgotten" not in command.run("check", "-", input=LIFE.encode()).error,
           "where nothing was forgotten the summary says nothing of it")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    check_forgotten(tap, command)
    for name, trace, options, expected in VERDICTS:
        sessions = command.check(trace, *options).summary["sessions"]
        got = tuple(sessions[key] for key in ("incarnations", "conforming", "violating", "undetermined", "unfinished"))
        tap.same(got, expected, f"{name}: lives, conforming, violating, undetermined, unfinished", trace)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
