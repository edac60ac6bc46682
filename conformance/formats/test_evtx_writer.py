#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Traces written as .evtx in every mode of trace_to_evtx, read back, and compared.

What a trace means is what dump_records reads from the text itself; what a mode of writing must
not change is all of it. Where evtxexport can read a mode, it is a third opinion.

Arguments: trace_to_evtx, dump_records, dump_evtx, sessionlint, the folder of real logs. Prints TAP.
"""

import collections
import json
import pathlib
import shutil
import sys
import tempfile

from shared import evtx_bytes, evtx_oracle, process, sanitizers
from shared.evtx_traces import differ, expected_read, life, line, meaning, meaning_of_log, traces
from shared.tap import Tap

# Modes of writing; those that evtxexport can read are marked.
MODES = {
    "templates": ([], True),
    "nested headers": (["--nested-header"], True),
    "the computer as a value": (["--computer-value"], True),
    "full chunks": (["--full-chunks"], False),
    "dirty": (["--dirty"], True),
    "high record ids": (["--first-record-id=1099511627776"], True),
    "inline": (["--inline"], False),
    "inline and full chunks": (["--inline", "--full-chunks", "--dirty"], False),
    "mixed": (["--mixed"], True),
    "mixed and the computer as a value": (["--mixed", "--computer-value"], True),
}


class Bench:
    """The commands, and a folder for what they make."""

    def __init__(self, folder, commands):
        self.folder = pathlib.Path(folder)
        self.writer, self.dump_records, self.dump_evtx, self.sessionlint = commands

    def write(self, trace, *options):
        """The trace as a log; the paths of both."""
        text, log = self.folder / "native.trace", self.folder / "written.evtx"
        text.write_bytes("".join(f"{each}\n" for each in trace).encode())
        status, _, errors = process.run([self.writer, *options, text, log])
        if status:
            raise RuntimeError(f"trace_to_evtx: {errors.strip()}")
        return text, log

    def records(self, path):
        """The records of a file, and the last line, which says how it ended."""
        records = evtx_oracle.dump_mapped(self.dump_records, [str(path)])[str(path)]
        return records[:-1], records[-1]

    def findings(self, path):
        """What the checker finds: rule, session, event, time, belief and the like."""
        status, output, errors = process.run(
            [self.sessionlint, "check", "--format=json", "--start=initialized", path])
        if process.crash_of(status, errors):
            raise RuntimeError(process.crash_of(status, errors))
        found = [json.loads(each) for each in output.splitlines()]
        return status, [{key: each.get(key) for key in
                         ("rule", "session", "event", "time", "belief", "allowed", "message")}
                        for each in found if "rule" in each]


def log_check(bench, trace, options):
    """The log of the trace, and how it differs from the trace."""
    first = 1 << 40 if "--first-record-id=1099511627776" in options else 1
    if first > 1:
        # the trace's own numbers would not fit to these
        trace = [each.replace("seq=100 ", "").replace("seq=101 ", "") for each in trace]
    text, log = bench.write(trace, *options)
    native, end = bench.records(text)
    want = expected_read(native)
    have, log_end = bench.records(log)
    problems = [f"the trace is not read: {end}"] if trace and end["end"] else []
    problems += [f"malformed: {each}" for each in native + have if each["kind"] == "malformed"]
    problems += differ([meaning_of_log(each, first) for each in have], want)
    if log_end.get("records") != len([each for each in want if each[1] != "gap"]):
        problems.append(f"the reader counts {log_end}")
    return log, problems, len(have)


def modes_check(bench, report):
    """Every trace in every mode."""
    exporter = shutil.which("evtxexport")
    for mode, (options, exportable) in MODES.items():
        exported, export_problems = collections.Counter(), []
        for name, trace, shown in traces():
            log, problems, count = log_check(bench, trace, options)
            chunks = len(evtx_bytes.Log(log.read_bytes()).chunks())
            report.none(problems, f"{mode}: {name}: {count} records in {chunks} chunks")
            if exportable and shown and exporter:
                export_problems += export_check(bench, log, exported)
        claim = f"{mode}: evtxexport reads the same"
        if exportable and exporter:
            report.none(export_problems, f"{claim}: {exported['records']} records, {exported['leaves']} leaves")
        elif exportable:
            report.skip(claim, "evtxexport is not installed")


def export_check(bench, log, counts):
    """What evtxexport and dump_evtx do not agree about."""
    theirs, garbled = evtx_oracle.export(str(log))
    mine = [evtx_oracle.dump_record(entry) for entry in
            evtx_oracle.dump(bench.dump_evtx, [str(log)])[str(log)] if "leaves" in entry]
    return garbled + list(evtx_oracle.records_compare(mine, theirs, counts))


def fitted(bench, options, chunks, more):
    """A trace whose first chunks end with a record exactly, or as many bytes before or behind."""
    users = [20] * 120 * (chunks + 1)
    for chunk in range(1, chunks + 1):
        trace = [line(i / 10, session=7, event="Logon", user="u" * size, address="")
                 for i, size in enumerate(users)]
        written = evtx_bytes.Log(bench.write(trace, *options)[1].read_bytes())
        left = evtx_bytes.CHUNK - written.free_space(chunk)
        users[written.records(chunk)[-1].id - 1] += (left + more) // 2
    return [line(i / 10, session=7, event="Logon", user="u" * size, address="")
            for i, size in enumerate(users)]


def borders_check(bench, report):
    """Records that end exactly where their chunk does."""
    for shape in ([], ["--inline"], ["--mixed"]):
        for more in (-8, 0, 8):
            options = ["--full-chunks", *shape]
            trace = fitted(bench, options, 3, more)
            log, problems, count = log_check(bench, trace, options)
            written = evtx_bytes.Log(log.read_bytes())
            ends = [written.free_space(chunk) for chunk in written.chunks()[:3]]
            # what does not fit begins the next chunk, and leaves more room here
            fit = all(end == evtx_bytes.CHUNK + more if more <= 0 else end < evtx_bytes.CHUNK
                      for end in ends)
            report.none(problems + ([] if fit else [f"the chunks end at {ends}"]),
                        f"{' '.join(shape) or 'templates'}: {count} records, the last of a chunk "
                        f"ends {more} bytes behind its end")


def noise_check(bench, report):
    """The records that surround an event in real logs are counted, and are no events."""
    trace = [line(0, marker="boot"), *life(1, "u", "a", 1), *life(2, "v", "b", 11)]
    text, log = bench.write(trace, "--noise")
    native, _ = bench.records(text)
    read, end = bench.records(log)
    have = [each for each in read if each["kind"] != "annotation"]
    told = [each["annotation"]["id"] for each in read if each["kind"] == "annotation"]
    # 41, 42 and 22 around a logon, 40 before a disconnect and a reconnect; 22 says nothing
    life_told, noted = [41, 42, 40, 40, 40], 2
    report.none([
        *differ([meaning_of_log(each, 1)[1:] for each in have],
                [each[1:] for each in expected_read(native)]),
        *differ(told, 2 * life_told),
        *([] if end["noted"] == noted and end["records"] == noted + len(read) else [f"the reader counts {end}"])],
                f"noise: of the records around {len(have)} {len(told)} are annotations, {noted} are noted")


# What other logs hold: a line of a trace, and what is read: event or annotation kind, session, user, address, and the
# numbers and texts of the annotation (kind, id, process, reason, logon id, domain, client).
NO_REASON = evtx_oracle.NO_REASON

# The records that have the SID of their user, and the one that is written.
WITH_SID, WRITTEN_SID = (4624, 4634, 4647, 4800, 4801), "S-1-5-18"


def own(session, event):
    return {"session": session, "event": event, "source": "winlogon-operational"}


def other(source, session, event, **more):
    return {"session": session, "event": event, "source": source, **more}


def noted(annotation, **more):
    return {"annotation": annotation, "process": 600, **more}


WHO = {"user": "anna", "domain": "CONTOSO", "logon_id": 0x1_2345_6789}
WHO_TOLD = (0x1_2345_6789, "CONTOSO")
OTHER_LOGS = {
    "winlogon-operational": [
        (own(612, event), (event, "612", "", "", (0, 811, 612, NO_REASON, 0, "", "")))
        for event in ("Created", "Logon", "Disconnected", "Connected", "Logoff", "Terminated")],
    "profile": [(other("profile", 3, event), (event, "3", "", "", (0, number, 488, NO_REASON, 0, "", "")))
                for event, number in (("Logon", 1), ("Logoff", 3), ("Logon", 1))],
    "rdp": [(other("rdp", 2, "Connected"), ("Connected", "2", "", "", (0, 66, 488, NO_REASON, 0, "", ""))),
            (noted("131", address="192.0.2.1:49152"), ("annotation", "", "", "192.0.2.1", (2, 131, 600, NO_REASON, 0, "", ""))),
            (noted("131", address="[2001:db8::1]:49152"),
             ("annotation", "", "", "2001:db8::1", (2, 131, 600, NO_REASON, 0, "", ""))),
            (noted("140", address="2001:db8::1"), ("annotation", "", "", "2001:db8::1", (3, 140, 600, NO_REASON, 0, "", "")))],
    "System": [(other("winlogon", 1, event, user="S-1-5-21-1-2-3-1001", process=600),
                (event, "1", "S-1-5-21-1-2-3-1001", "", (0, number, 600, NO_REASON, 0, "", "")))
               for event, number in (("Logon", 7001), ("Logoff", 7002))] + [
        (noted(name), ("annotation", "", "", "", (16, number, 600, NO_REASON, 0, "", "")))
        for name, number in (("power-41", 41), ("power-42", 42), ("power-107", 107), ("boot-27", 27))],
    "RemoteConnectionManager": [
        (noted("261"), ("annotation", "", "", "", (2, 261, 600, NO_REASON, 0, "", ""))),
        (noted("1149", user="anna", domain="CONTOSO", address="192.0.2.1"),
         ("annotation", "", "anna", "192.0.2.1", (1, 1149, 600, NO_REASON, 0, "CONTOSO", "")))],
    "Gateway": [(noted(name, user="CONTOSO\\anna", address="192.0.2.1"),
                 ("annotation", "", "CONTOSO\\anna", "192.0.2.1", (4, int(name), 600, NO_REASON, 0, "", "")))
                for name in ("200", "300", "301", "302", "303")],
    "Security": [
        (noted("4624", reason=10, address="192.0.2.1", client="PC-1", **WHO),
         ("annotation", "", "anna", "192.0.2.1", (5, 4624, 600, 10, *WHO_TOLD, "PC-1"))),
        (noted("4624", reason=3, **WHO), ("annotation", "", "anna", "", (5, 4624, 600, 3, *WHO_TOLD, ""))),
        (noted("4634", reason=10, **WHO), ("annotation", "", "anna", "", (6, 4634, 600, 10, *WHO_TOLD, ""))),
        (noted("4647", **WHO), ("annotation", "", "anna", "", (7, 4647, 600, NO_REASON, *WHO_TOLD, ""))),
        *((noted(name, client="PC-1", address="192.0.2.1", **WHO),
           ("annotation", "", "anna", "192.0.2.1", (kind, int(name), 600, NO_REASON, *WHO_TOLD, "PC-1")))
          for name, kind in (("4778", 8), ("4779", 9))),
        *((noted(name, session=2, **WHO), ("annotation", "2", "anna", "", (kind, int(name), 600, NO_REASON, *WHO_TOLD, "")))
          for name, kind in (("4800", 10), ("4801", 11)))],
    "session manager": [
        (noted("39", session=2), ("annotation", "2", "", "", (12, 39, 600, NO_REASON, 0, "", ""))),
        (noted("40", session=2, reason=11), ("annotation", "2", "", "", (13, 40, 600, 11, 0, "", ""))),
        *((noted(name, session=2, user="CONTOSO\\anna"),
           ("annotation", "2", "CONTOSO\\anna", "", (kind, int(name), 600, NO_REASON, 0, "", "")))
          for name, kind in (("41", 14), ("42", 15)))],
}

def later(seconds, **pairs):
    """A line of a trace, many seconds later."""
    return line(0, time=f"2026-01-02T{3 + seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}Z", **pairs)


SHAPES = ([], ["--inline"], ["--mixed"], ["--nested-header"])


def other_logs_check(bench, report):
    """What other logs hold is read as it was written, in each shape, and libevtx sees the same fields."""
    for name, entries in OTHER_LOGS.items():
        trace = [later(60 * number, **what) for number, (what, _) in enumerate(entries)]
        for shape in SHAPES:
            _, log = bench.write(trace, *shape)
            records, end = bench.records(log)
            have = [(each[2], *each[3:6], each[7]) for each in map(evtx_oracle.meaning_of_dump, records)]
            problems = list(differ(have, [(*told[:4], (*told[4], WRITTEN_SID if told[4][1] in WITH_SID else ""))
                                          for _, told in entries]))
            problems += [] if end["skipped"] == 0 else [str(end)]
            # it cannot read what has no template
            if shape != ["--inline"] and shutil.which("evtxexport"):
                problems += export_check(bench, log, collections.Counter())
            report.none(problems, f"{name} {' '.join(shape) or 'templates'}: {len(have)} records are read")


def fields_of(entries):
    """The names and types of the fields of a record's data, by provider and event: of the first such record."""
    found = {}
    for entry in entries:
        leaves = entry.get("leaves", [])
        system = {(name, kind): text for section, name, kind, text in leaves if section == "System"}
        kind_of_record = system.get(("Provider@Name", 1)), system.get(("EventID", 6))
        if None not in kind_of_record and kind_of_record not in found:
            found[kind_of_record] = {name: (section, kind) for section, name, kind, _ in leaves if section != "System"}
    return found


def real_fields_check(bench, report, folder):
    """The fields that the writer gives to records of other logs are those of real ones."""
    if sanitizers.is_sanitized(bench.dump_evtx):
        return  # the writer is the same in every build
    paths = sorted(folder.glob("*/*.evtx"))
    if not paths:
        report.skip("fields as in real logs", "there is no folder of real logs")
        return
    real = [entry for entries in evtx_oracle.dump(bench.dump_evtx, map(str, paths)).values() for entry in entries]
    trace = [later(60 * number, **what) for number, (what, _) in
             enumerate(entry for entries in OTHER_LOGS.values() for entry in entries)]
    _, log = bench.write(trace)
    written = evtx_oracle.dump(bench.dump_evtx, [str(log)])[str(log)]
    real_fields, problems, compared = fields_of(real), [], 0
    for (provider, event), mine in sorted(fields_of(written).items()):
        theirs = real_fields.get((provider, event))
        if theirs is None:
            continue
        compared += 1
        problems += [f"{provider} {event}: {name} is {kind}, not {theirs.get(name)}" for name, kind in mine.items()
                     if theirs.get(name) != kind]
    report.none(problems if compared > 20 else [f"only {compared} compared"],
                f"{compared} kinds of records have fields of real ones")


def repeats_check(bench, report):
    """One transition that several records tell is one event: by another subscriber, by one that is told again, by one
    after the clock was set; a completion without its beginning stands for it."""
    log = bench.write([later(0, **own(612, "Created")), later(40, **own(612, "Created")), later(60, **own(700, "Created")),
                       later(61, **own(612, "Logon"))])[1]
    records, end = bench.records(log)
    report.none([*differ([each["session"] for each in records], [612, 612, 700, 612]),
                 *differ([end["noted"]], [3 * 3 + 7])], "Winlogon: a process that begins again is another one")


def repeat_check(bench, report):
    """A trace that is written several times, each time a second behind the last."""
    trace = [line(0, marker="boot"), *life(1, "u", "a", 1)]
    text, log = bench.write(trace, "--repeat=300")
    once = [meaning(each) for each in bench.records(text)[0]]
    span = once[-1][1] - once[0][1] + 10**7
    want = [(i * len(once) + n + 1, each[0], each[1] + i * span, *each[2:])
            for i in range(300) for n, each in enumerate(once)]
    have = [meaning_of_log(each, 1) for each in bench.records(log)[0]]
    report.none(differ(have, want), f"a trace 300 times: {len(have)} records")


def generated_check(bench, report, events, sessions):
    """Generated events: the lives of the sessions of a host, one event a session and turn."""
    log = bench.folder / "generated.evtx"
    process.run([bench.writer, f"--events={events}", f"--sessions={sessions}", log])
    order = ("Logon", "Disconnected", "Connected", "Logoff", "Disconnected")
    have = bench.records(log)[0]
    want = []
    for i in range(events):
        session = (i - 1) % sessions + 1
        event = "boot" if i == 0 else order[(i - 1) // sessions % len(order)]
        address = f"10.{session >> 16}.{session >> 8 & 255}.{session & 255}"
        want.append((i + 1, event, 134116992000000000 + i * 100000, session if i else None,
                     f"CONTOSO\\user{session}" if i else "",
                     address if i and event != "Logoff" else "", "VDI-001", ""))
    report.none(differ([meaning_of_log(each, 1) for each in have], want),
                f"{events} generated events of {sessions} sessions")


def findings_check(bench, report):
    """The checker finds the same in a log as in the trace that it was made of."""
    for name, trace, _ in traces():
        if name in ("hosts that change their name", "nothing at all", "markers"):
            continue  # a log is not told apart by host names, nor by seq
        for options in ([], ["--inline"], ["--mixed"]):
            text, log = bench.write(trace, *options)
            native, written = bench.findings(text), bench.findings(log)
            report.none(differ([written[0], *written[1]],
                               [native[0], *native[1]]),
                        f"{' '.join(options) or 'templates'}: {name}: the same "
                        f"{len(native[1])} findings")


# A life that 38 tells, a transition that the table lacks, one whose names are of another machine, and Windows' own
# reports. What of them the checker finds.
REPORTS = [
    line(0, marker="boot"),
    *[line(i, source="wdm", session=1, **{"event": event, "from": before, "to": after})
      for i, (event, before, after) in enumerate((
          ("Created", "Initialized", "Created"), ("IoSessionEventConnected", "Created", "Connected"),
          ("Logon", "Connected", "LoggedOn"), ("Logon", "LoggedOn", "LoggedOn"),
          ("Terminated", "LoggedOn", "IoSessionStateTerminated")), 1)],
    line(10, source="wdm", session=2, **{"event": "EvLogon", "from": "Connected", "to": "LoggedOn"}),
    line(11, source="wdm", session=2, **{"event": "5", "from": "3", "to": "6"}),
    line(12, marker="reported", session=2, reason="Connected,EvLogon,0x80004005"),
    line(13, marker="reported", session=3, reason="invalid in LoggedOff,EvLogon,0x1"),
]
REPORTED = [
    ("session/illegal-transition", 5, 1, "Logon", None),
    ("session/reported-by-windows", 9, 2, None, "Connected, EvLogon, error 0x80004005"),
    ("session/reported-by-windows", 10, 3, None, "invalid in LoggedOff, EvLogon, error 0x1"),
]


def reports_check(bench, report):
    """36, 37 and 38 through the checker, wherever their fields are."""
    for where in ([], ["--event-xml"]):
        for shape in ([], ["--inline"], ["--mixed"], ["--nested-header"]):
            _, log = bench.write(REPORTS, *where, *shape)
            entries = [entry for entry in evtx_oracle.dump(bench.dump_evtx, [str(log)])[str(log)]
                       if "leaves" in entry]
            sections = {leaf[0] for entry in entries[1:] for leaf in entry["leaves"]} - {"System"}
            status, output, _ = process.run([bench.sessionlint, "check", "--format=json", log])
            found = [json.loads(each) for each in output.splitlines()]
            have = [(each["rule"], each["line"], each["session"], each["event"],
                     each["message"].partition(": ")[2] or None)
                    for each in found if each.get("severity") == "error"]
            summary = found[-1]["summary"]
            report.none([
                *differ([each[:4] for each in have], [each[:4] for each in REPORTED]),
                *differ([each[4] for each in have[1:]], [each[4] for each in REPORTED[1:]]),
                *([] if sections == {"UserData" if where else "EventData"} else [str(sections)]),
                *([] if status == 1 else [f"the status is {status}"]),
                *([] if (summary["events"], summary["noted"], summary["unreadable"]) == (7, 2, 0)
                  else [str(summary)])],
                        f"{' '.join(where + shape) or 'templates'}: 36, 37 and 38 are found with their names")


def shape_of(entry):
    """The leaves of a record without their values, but for the names that Windows writes."""
    return [(section, name, kind, text if name in ("StateName", "EventName", "ErrorCode") else None)
            for section, name, kind, text in entry["leaves"]]


def real_check(bench, report, folder):
    """The writer's 36 has the fields of a real one, in their order, with their types."""
    path = folder / "domain-controller" / "LocalSessionManager.evtx"
    if not path.is_file():
        report.skip("36 as a real log has it", "there is no folder of real logs")
        return
    real = [entry for entry in evtx_oracle.dump(bench.dump_evtx, [str(path)])[str(path)]
            if ["System", "EventID", 6, "36"] in entry.get("leaves", [])]
    _, log = bench.write([line(0, marker="reported", session=2, reason="Connected,EvLogon,0x80004005")])
    written = evtx_oracle.dump(bench.dump_evtx, [str(log)])[str(log)]
    report.none(differ([shape_of(each) for each in written],
                       [shape_of(each) for each in real]), "36 as a real log has it")


def main():
    report = Tap()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, sys.argv[1:5])
        modes_check(bench, report)
        borders_check(bench, report)
        noise_check(bench, report)
        other_logs_check(bench, report)
        real_fields_check(bench, report, pathlib.Path(sys.argv[5]))
        repeats_check(bench, report)
        repeat_check(bench, report)
        generated_check(bench, report, 20000, 37)
        generated_check(bench, report, 3000, 3000)
        findings_check(bench, report)
        reports_check(bench, report)
        real_check(bench, report, pathlib.Path(sys.argv[5]))
    return report.done()


if __name__ == "__main__":
    sys.exit(main())
