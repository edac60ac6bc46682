#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real Windows logs through the command. What is expected is computed from the text that evtxexport (of
libevtx) makes of the same files, without the model: by event ids, boot by boot. Arguments: the command,
the folder of logs. Prints TAP.
"""

import datetime
import functools
import pathlib
import re
import shutil
import subprocess
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS, Command, places
from shared.tap import Tap

SESSION_MANAGER = "Microsoft-Windows-TerminalServices-LocalSessionManager"
WINLOGON = "Microsoft-Windows-Winlogon"
PROFILES = "Microsoft-Windows-User Profiles Service"
RDP_CORE = "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS"

# Events of 811 that are transitions; a subscriber that is not ready is told again within this time.
TRANSITIONS, RECONNECT_OF_WINLOGON, AGAIN = ("0", "1", "2", "3", "8", "9"), "9", 10.0

LOGON, LOGOFF, DISCONNECTED, RECONNECTED, BOOT = 21, 23, 24, 25, 32
REPORTS = (36, 37)

# Logs that are really damaged, and one of them whose chunks are of several ages.
TORN = ("edges/torn-last-record.evtx", "edges/torn-last-record-2.evtx", "edges/vss-RdpCoreTS-chunks-of-several-ages.evtx")
SEVERAL_AGES = TORN[2:]
OF_SESSION = (LOGON, LOGOFF, DISCONNECTED, RECONNECTED)

REPORTED = "session/reported-by-windows"
UNDOCUMENTED = "session/undocumented-transition"
UNFINISHED = "session/unfinished"

RECORD = re.compile(r"^Event number\s*: (\d+)$.*?^Source name\s*: (.*?)$.*?"
                    r"^Event identifier\s*: 0x[0-9a-f]+ \((\d+)\)$(.*?)(?=^Event number|\Z)", re.M | re.S)
STRING = re.compile(r"^String: (\d+)\s*: (.*)$", re.M)


@functools.cache
def exported(path):
    """The records that evtxexport finds in a log: [(record number, provider, event id, strings), ...], in order."""
    text = subprocess.run(["evtxexport", str(path)], check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout.decode("utf-8", "replace")
    records = [(int(number), source, int(event), dict(STRING.findall(rest)))
               for number, source, event, rest in RECORD.findall(text)]
    return sorted(records, key=lambda record: record[0])


def evtxexport(path, provider):
    """Records as (record number, event id, strings). Event ids of other providers than @provider are 0."""
    return [(number, event if source == provider else 0, strings) for number, source, event, strings in exported(path)]


@functools.cache
def notifications(path):
    """What Winlogon told its subscribers: [(record number, process id, event, time), ...], in order."""
    if not any(source == WINLOGON and event == 811 for _, source, event, _ in exported(path)):
        return []
    text = subprocess.run(["evtxexport", "-f", "xml", str(path)], check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout.decode("utf-8", "replace")
    found = []
    for event in text.split("<Event ")[1:]:
        if "<EventID>811</EventID>" not in event or f'Name="{WINLOGON}"' not in event:
            continue
        moment, seconds = re.search(r'SystemTime="(\S+?)(\.\d+)Z"', event).groups()
        found.append((int(re.search(r"<EventRecordID>(\d+)<", event).group(1)),
                      re.search(r'ProcessID="(\d+)"', event).group(1),
                      re.search(r'<Data Name="Event">(\d+)<', event).group(1),
                      datetime.datetime.fromisoformat(moment).timestamp() + float(seconds)))
    return sorted(found)


def transitions(path):
    """The first record of each transition of a process of Winlogon: [(record number, event), ...]."""
    found, last = [], {}
    for number, process, event, time in notifications(path):
        if event not in TRANSITIONS:
            continue
        before = last.get(process)
        if not before or before[0] != event or abs(time - before[1]) > AGAIN:
            found.append((number, event))
        last[process] = (event, time)
    return found


def other_events(path):
    """How many events a log has that is not the session manager's."""
    counts = [sum(event in (7001, 7002) for _, event, _ in evtxexport(path, WINLOGON)),
              # 2 and 4 follow each 1 and 3
              sum(event in (1, 3) for _, event, _ in evtxexport(path, PROFILES)),
              sum(event == 66 for _, event, _ in evtxexport(path, RDP_CORE)), len(transitions(path))]
    return sum(counts)


def is_session_log(path):
    """Whether a log has records of the session manager."""
    return any(event for _, event, _ in evtxexport(path, SESSION_MANAGER))


def leftovers(path):
    """How many old records libevtx finds in a log besides its own."""
    text = subprocess.run(["evtxinfo", str(path)], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    found = re.search(r"recovered records\s*: (\d+)", text.decode("utf-8", "replace"))
    return int(found.group(1)) if found else 0


def lives(records):
    """What each session id did in each boot: {(boot, session): [(record number, event id), ...]}."""
    found, boot = {}, 0
    for number, event, strings in records:
        boot += event == BOOT
        if event in OF_SESSION:
            # 21, 23, 24 and 25 have the user first and the session id second
            found.setdefault((boot, int(strings["2"])), []).append((number, event))
    return found


def reconnects(found):
    """The records of events 25 that come right behind a 24 of their session."""
    return sorted(number for life in found.values()
                  for (_, before), (number, event) in zip(life, life[1:])
                  if (before, event) == (DISCONNECTED, RECONNECTED))


def open_ends(found):
    """The last records of lives that are left open: a logon, a reconnect, a disconnect while logged on."""
    ends = []
    for life in found.values():
        number, last = life[-1]
        before = life[-2][1] if len(life) > 1 else None
        if last in (LOGON, RECONNECTED) or (last == DISCONNECTED and before != LOGOFF):
            ends.append(number)
    return sorted(ends)


def check_session_log(tap, command, path, name):
    records = evtxexport(path, SESSION_MANAGER)
    found = lives(records)
    reports = [number for number, event, _ in records if event in REPORTS]
    result = command.run("check", "--quiet", "--format=json", str(path))
    rules = {finding["rule"] for finding in result.findings}
    events = sum(len(life) for life in found.values())
    events += len(reports)

    tap.ok(events > 0, f"{name}: evtxexport sees {events} events of {len(found)} sessions in "
           f"{sum(event == BOOT for _, event, _ in records)} boots")
    tap.same(result.summary["events"], events, f"{name}: each of them is judged")
    tap.same(result.summary["records"], len(records), f"{name}: each record is read")
    tap.ok("session/illegal-transition" not in rules, f"{name}: nothing is illegal", result)
    tap.same([line for line, _ in places(result.findings, UNDOCUMENTED)], reconnects(found),
             f"{name}: one {UNDOCUMENTED} for each 25 behind a 24 ({len(reconnects(found))})")
    tap.same(sorted(line for line, _ in places(result.findings, UNFINISHED)), open_ends(found),
             f"{name}: {UNFINISHED} where a life is left open, and nowhere else ({len(open_ends(found))})")
    tap.same([line for line, _ in places(result.findings, REPORTED)], reports,
             f"{name}: {len(reports)} {REPORTED}")
    tap.same(result.status, STATUS_FINDINGS if reports else STATUS_CLEAN, f"{name}: exit status", result)

    strict = command.run("check", "--quiet", "--format=json", "--strict", str(path))
    errors = [(finding["line"], finding["rule"]) for finding in strict.findings
              if finding["severity"] == "error"]
    tap.same(errors, sorted([(line, UNDOCUMENTED) for line in reconnects(found)] +
                            [(line, REPORTED) for line in reports]),
             f"{name}: --strict makes errors of the reconnects alone")
    tap.same(strict.status, STATUS_FINDINGS if errors else STATUS_CLEAN, f"{name}: exit status with --strict")
    return len(reconnects(found))


def check_other_log(tap, command, path, name):
    torn = name in TORN
    known = shutil.which("evtxexport") and name not in SEVERAL_AGES
    told = [number for number, event in transitions(path) if event == RECONNECT_OF_WINLOGON] if known else []
    for options in ([], ["--strict"]):
        result = command.run("check", "--quiet", "--format=json", *options, str(path))
        errors = {finding["rule"] for finding in result.findings if finding["severity"] == "error"}
        expected = (set(), STATUS_CLEAN)
        if torn:
            expected = ({"trace/malformed"}, STATUS_FAILED)
        elif told and options:
            expected = ({UNDOCUMENTED}, STATUS_FINDINGS)
        tap.same((errors, result.status), expected,
                 f"{name}: {'torn' if torn else 'no error'} {' '.join(options)}".rstrip(), result)
        tap.same([line for line, _ in places(result.findings, UNDOCUMENTED)], told if options else [],
                 f"{name}: the reconnect that Winlogon tells of is a finding {' '.join(options) or 'of the session manager'}")
    # it reads nothing behind a tear
    if known:
        records, events = exported(path), other_events(path)
        tap.same((result.summary["events"], result.summary["records"]), (events, len(records)),
                 f"{name}: {len(records)} records, {events} of them events")


def check_leftovers(tap, command, path, name):
    """What lies after the end of a log is not read, unless --recover asks for it."""
    found = leftovers(path)
    result = command.run("check", "--quiet", "--format=json", str(path))
    recovered = command.run("check", "--quiet", "--format=json", "--recover", str(path))
    own = [] if name in SEVERAL_AGES else [(result.summary["records"], len(evtxexport(path, SESSION_MANAGER)))]
    tap.ok(all(a == b for a, b in own), f"{name}: the log's own records are read", own, result)
    if name.startswith("edges/") and name not in SEVERAL_AGES:
        tap.same(recovered.summary["records"] - result.summary["records"], found,
                 f"{name}: --recover reads {found} more", recovered)
    tap.ok({finding["rule"] for finding in recovered.findings} & {"session/illegal-transition"} == set(),
           f"{name}: and none of them is illegal", recovered)
    remarks = [finding for finding in result.findings if "--recover" in finding["message"]]
    tap.ok(len(remarks) <= 1 and all(finding["severity"] == "note" and finding["message"].startswith(f"{found} record")
                                     for finding in remarks), f"{name}: at most one remark says so", remarks)
    return len(remarks)


def check_together(tap, command, paths):
    """All logs in one run: what they say one by one, in the order of their names. Fingerprints tell findings apart
    that are alike, also those of logs with the same name."""
    alone = [{**finding, "fingerprint": ""} for path in paths
             for finding in command.run("check", "--quiet", "--format=json", str(path)).findings]
    result = command.run("check", "--quiet", "--format=json", *map(str, paths))
    tap.ok([{**finding, "fingerprint": ""} for finding in result.findings] == alone,
           "all logs in one run say what they say one by one")
    tap.same(len({finding["fingerprint"] for finding in result.findings}), len(alone),
             "and each finding has a fingerprint of its own")
    tap.same(result.summary["files"], len(paths), "all logs in one run are counted")


def main():
    tap = Tap()
    command, folder = Command(sys.argv[1], tap), pathlib.Path(sys.argv[2])
    paths = sorted(folder.rglob("*.evtx"))
    if not paths:
        tap.skip("real logs", f"there are none in {folder.name}")
        return tap.done()
    session_logs = [path for path in paths if path.name == "LocalSessionManager.evtx"]
    if shutil.which("evtxexport"):
        session_logs = [path for path in paths if is_session_log(path)]
    if shutil.which("evtxexport"):
        total = sum(check_session_log(tap, command, path, str(path.relative_to(folder)))
                    for path in session_logs)
        tap.ok(len(session_logs) > 0 and total > 0,
               f"{len(session_logs)} session logs hold {total} undocumented reconnects")
    else:
        tap.skip("session logs", "evtxexport (libevtx-utils) is not installed")
    for path in paths:
        if path not in session_logs:
            check_other_log(tap, command, path, str(path.relative_to(folder)))
    if shutil.which("evtxinfo"):
        remarks = sum(check_leftovers(tap, command, path, str(path.relative_to(folder))) for path in paths)
        tap.ok(remarks > 0, f"{remarks} logs have leftovers that matter")
    check_together(tap, command, paths)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
