#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What boots a log of Windows, and what its times say: a start of the Event Log service without a boot, records that
are written at the next boot, notes that matter to nobody. Argument: the command. Prints TAP."""

import pathlib
import sys
import tempfile

from shared.evtx_logs import Event, check
from shared.tap import Tap

GAP, BACK, ILLEGAL, UNDOCUMENTED = "gap", "time-reversed", "illegal-transition", "undocumented-transition"


def system(*events):
    """Records: ids, or (id, session), or (id, session, second)."""
    parts = [each if isinstance(each, tuple) else (each,) for each in events]
    return [Event(*each[:2], second=each[2] if len(each) > 2 else None) for each in parts]


# Name, records, findings, and how many sessions are conforming, violating, undetermined.
BOOTS = [
    ("a boot, and the service with it", (12, 6005, (7001, 1), (7002, 1)), [], (1, 0, 0)),
    ("the service before the kernel", (6005, 12, (7001, 1), (7002, 1)), [], (1, 0, 0)),
    ("the service again without a boot", (12, 6005, (7001, 1), 6006, 6005, (7002, 1)), [(5, GAP)], (0, 0, 1)),
    ("and twice", (12, 6005, (7001, 1), 6005, 6005, (7002, 1)), [(4, GAP)], (0, 0, 1)),
    ("the service again, and then a boot", (12, 6005, (7001, 1), 6005, 12, (7001, 1), (7002, 1)), [], (2, 0, 0)),
    ("a boot, and the service twice before anybody logs on", (12, 6005, 6006, 6005, (7001, 1), (7002, 1)), [],
     (1, 0, 0)),
    ("what is told twice after the service started again", (12, 6005, (7001, 1), (7002, 1), 6005, (7002, 1)),
     [(5, GAP)], (0, 0, 1)),
    ("and what is told twice besides", (12, 6005, (7001, 1), (7002, 1), 6005, (7002, 1), (7002, 1)),
     [(5, GAP), (7, ILLEGAL)], (0, 1, 0)),
    ("what begins after the service started again is unknown", (12, 6005, (7001, 1), (7002, 1), 6005, (7002, 2)),
     [(5, GAP)], (1, 0, 1)),
    ("until the next boot", (12, 6005, (7001, 1), 6005, (7002, 1), 12, 6005, (7002, 1)), [(4, GAP), (8, ILLEGAL)],
     (0, 1, 1)),
    ("the service at the front of a log, where nothing is known anyway", (6005, (7002, 1)), [], (0, 0, 1)),
    ("the service alone", (6005, (7001, 1), 6005, (7002, 1)), [(3, GAP)], (0, 0, 1)),
    ("two boots without a session", (12, 6005, 12, 6005, (7001, 1), (7002, 1)), [], (1, 0, 0)),
    ("a stop of the service ends nothing", (12, 6005, (7001, 1), 6006, (7002, 1)), [], (1, 0, 0)),
    ("nor does an unexpected one that is told", (12, 6005, (7001, 1), 6008, (7002, 1)), [], (1, 0, 0)),
    ("nor a shutdown of the kernel", (12, 6005, (7001, 1), 13, (7002, 1), (7002, 1)), [(6, ILLEGAL)], (0, 1, 0)),
    ("an announced shutdown in the log of the session manager", (32, (21, 1), 54, (23, 1), (23, 1)), [(5, ILLEGAL)],
     (0, 1, 0)),
    ("a disconnect after a boot, without a logon", (32, (24, 1), (21, 1), (23, 1)), [(2, UNDOCUMENTED)], (1, 0, 0)),
    ("and one after a logoff and a disconnect", (32, (21, 1), (23, 1), (24, 1), (24, 1)), [(5, ILLEGAL)], (0, 1, 0)),
    ("a logoff after a boot, without a logon", (32, (23, 1)), [(2, ILLEGAL)], (0, 1, 0)),
    ("a boot in it", (32, (21, 1), 32, (23, 1)), [(4, ILLEGAL)], (1, 1, 0)),
]

# Name, records, findings.
TIMES = [
    ("the clock is set back", (12, (7001, 1, 100), (7002, 1, 40)), [(3, BACK)]),
    ("13 and 6006 have the time of the shutdown",
     (12, (7001, 1, 100), (7002, 1, 110), (6006, None, 111), (12, None, 200), (6005, None, 201), (13, None, 112),
      (6006, None, 111), (7001, 1, 210)), []),
    ("12 has the time at which the kernel began", ((6005, None, 105), (12, None, 100), (7001, 1, 110)), []),
    ("neighbours that are swapped by less than a second", (12, (7001, 1, 100), (7002, 1, 99.5), (7001, 1, 101)), []),
    ("by a second", (12, (7001, 1, 100), (7002, 1, 99)), [(3, BACK)]),
    ("by less than a second, more than once", (12, (7001, 1, 100), (7002, 1, 99.4), (7001, 1, 98.8)), [(4, BACK)]),
    ("an older record by less than a second is no new beginning of time",
     (12, (7001, 1, 100), (7002, 1, 99.5), (7001, 1, 99.9), (7002, 1, 98.9)), [(5, BACK)]),
    ("a log without sessions", ((12, None, 100), (12, None, 50), (6005, None, 51)), []),
    ("a session that comes later", ((12, None, 100), (12, None, 50), (6005, None, 51), (7001, 1, 60)), [(2, BACK)]),
]


def check_gaps(report, command, folder):
    """Notes on missing records, and where there are more of them than are kept."""
    result = check(command, folder, system(12, 12, 12), numbers=[1, 5, 9])
    report.ok(result.rules(GAP, BACK) == [], "records are missing between those that cannot matter: nothing is said",
              str(result))
    result = check(command, folder, system(12, (7001, 1), (7002, 1)), numbers=[1, 5, 9])
    report.ok(result.rules() == [(5, GAP), (9, GAP)] and result.verdicts() == (0, 0, 1),
              "between those of sessions it is", str(result))
    count = 400
    result = check(command, folder, system(*[12] * count, (7001, 1)), numbers=[*range(1, 2 * count + 2, 2)])
    kept = [each for each in result.findings if "missing" in each["message"]]
    others = [each for each in result.findings if each not in kept]
    report.ok(len(kept) == 256 and len(others) == 1 and others[0]["message"].startswith(f"{count - 256} earlier ")
              and [each["line"] for each in kept] == sorted(each["line"] for each in kept)
              and kept[-1]["line"] == 2 * count + 1,
              "of many before the first session, the last are told, and how many there were", str(others),
              str(len(kept)))
    result = check(command, folder, system(12, 12, (7001, 1)), "--rule=gap=error", numbers=[1, 5, 6])
    report.ok((5, GAP) in result.rules() and result.status == 1, "as an error it counts", str(result))
    result = check(command, folder, system(12, 12), "--rule=gap=error", numbers=[1, 5])
    report.ok(result.status == 0, "and where it cannot matter it does not", str(result))


def main():
    command = sys.argv[1]
    report = Tap()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for name, events, found, verdicts in BOOTS:
            result = check(command, folder, system(*events))
            report.ok((result.rules(), result.verdicts()) == (found, verdicts), name, str(result))
        for name, events, found in TIMES:
            result = check(command, folder, system(*events))
            report.ok(result.rules(GAP, BACK) == found, f"times: {name}", str(result))
        check_gaps(report, command, folder)
        boots = check(command, folder, system(6005, 12, (7001, 1), 12, 6005, (7001, 1), (7002, 1), (7002, 1)))
        report.ok([each["boot"] for each in boots.findings] == [2], "each boot is counted once", str(boots))
    return report.done()


if __name__ == "__main__":
    sys.exit(main())
