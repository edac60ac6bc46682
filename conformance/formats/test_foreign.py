#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is no log gets one line that says what it is and what to do, status 2, and no findings; what is a log is taken
for one, also with a bad beginning. What is said of the first bytes of a file is never taken back when more come.

Arguments: dump_recognition, sessionlint. Prints TAP.
"""

import gzip
import io
import json
import pathlib
import sys
import tempfile
import zipfile

from shared import process
from shared.tap import Tap

LSM = "Microsoft-Windows-TerminalServices-LocalSessionManager"
URI = "http://schemas.microsoft.com/win/2004/08/events/event"
EXPORT = "wevtutil epl CHANNEL FILE.evtx"
EVENT = {"EventID": 21, "Channel": f"{LSM}/Operational", "Computer": "RDS-01", "Message": "x\r\nSession ID: 3\r\n"}
XML = (f'<Event xmlns="{URI}"><System><Provider Name="{LSM}"/><EventID>21</EventID></System><UserData><EventXML>'
       "<User>CONTOSO\\ada</User><SessionID>3</SessionID></EventXML></UserData></Event>\r\n")
TRACE = {"time": "2026-03-02T08:00:00Z", "source": "lsm", "session": 3, "event": 21}


def lines(*objects, **more):
    return "".join(json.dumps({**each, **more}) + "\n" for each in objects)


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("log.trace", "session=1 event=Created\n")
    return out.getvalue()


def etl(bits):
    """The beginning of a log of Event Tracing: the header of its first buffer, and that of a system trace."""
    return (65536).to_bytes(4, "little") + bytes(68) + bytes((2, 0, bits, 0xc0)) + bytes(5000)


# What a file holds; of what kind that is; words of what is said.
FOREIGN = [
    ("gz", gzip.compress(b"session=1 event=Created\n" * 50), "other", ["gzip", "unpack"]),
    ("zip", zipped(), "other", ["zip", "unpack"]),
    ("7z", b"7z\xbc\xaf\x27\x1c\0\4" + bytes(range(200)), "other", ["7-Zip", "unpack"]),
    ("xz", b"\xfd7zXZ\0\0\4" + bytes(range(200)), "other", ["xz", "unpack"]),
    ("zst", b"\x28\xb5\x2f\xfd\x24" + bytes(range(200)), "other", ["zstd", "unpack"]),
    ("bz2", b"BZh91AY&SY" + bytes(range(200)), "other", ["bzip2", "unpack"]),
    ("cab", b"MSCF\0\0\0\0" + bytes(range(200)), "other", ["cabinet", "unpack"]),
    ("tar", b"log.trace".ljust(257, b"\0") + b"ustar\x0000" + bytes(300), "other", ["tar", "unpack"]),
    ("exe", b"MZ\x90\0\3\0\0\0" + bytes(range(256)), "other", ["program for Windows"]),
    ("elf", b"\x7fELF\2\1\1" + bytes(300), "other", ["program for Linux"]),
    ("pcap", b"\xd4\xc3\xb2\xa1\2\0\4\0" + bytes(300), "other", ["pcap"]),
    ("pcapng", b"\x0a\x0d\x0d\x0a\x1c\0\0\0" + bytes(300), "other", ["pcapng"]),
    ("etl64", etl(2), "other", ["event trace log", "tracefmt"]),
    ("etl32", etl(1), "other", ["event trace log", "tracefmt"]),
    ("evt", b"\x30\0\0\0LfLe\1\0\0\0\1\0\0\0" + bytes(300), "shape", [".evt", "wevtutil epl"]),
    ("dmp", b"PAGEDU64" + bytes(300), "other", ["memory dump"]),
    ("bin", bytes(range(256)) * 9, "other", ["neither an .evtx log nor text"]),
    ("utf16", (XML * 3).encode("utf-16-le"), "other", ["UTF-16 without a byte order mark"]),
    ("wevtutil", XML * 9, "shape", ["event log as XML", EXPORT]),
    ("wevtutil-utf16", b"\xff\xfe" + (XML * 9).encode("utf-16-le"), "shape", ["event log as XML", EXPORT]),
    ("xml-with-head", f'<?xml version="1.0"?>\n<Events>\n{XML * 9}</Events>\n', "shape", ["event log as XML", EXPORT]),
    ("evtx_dump", "".join(f'Record {i}\n<?xml version="1.0"?>\n{XML}\n' for i in range(1, 9)), "shape",
     ["evtx_dump", ".evtx file"]),
    ("evtx_dump-json", lines(*[{"Event": {"#attributes": {"xmlns": URI}, "System": {"EventRecordID": 1}}}] * 9), "shape",
     ["evtx_dump", ".evtx file"]),
    ("winlogbeat", lines(*[{"@timestamp": "2026-03-02T08:00:00Z", "event": {"code": "21"}, "host": {"name": "a"},
                            "winlog": {"event_id": "21"}}] * 9), "shape", ["Winlogbeat", EXPORT]),
    ("nxlog", lines(*[EVENT] * 9, EventTime="2026-03-02 09:00:00", RecordNumber=7, host="relay"), "shape", ["NXLog", EXPORT]),
    ("velociraptor", lines(*[EVENT] * 9, EventTime="2026-03-02T09:00:00Z", EventRecordID=7, SessionID=3), "shape",
     ["Velociraptor", EXPORT]),
    ("events-json", lines(*[EVENT] * 9, session="x"), "shape", ["events of Windows as JSON", EXPORT]),
    ("convertto-json", json.dumps([{"Id": 21, "RecordId": 1, "ProviderName": LSM, "LogName": LSM, "Properties": [{"Value": 3}]}] * 9,
                                  indent=4), "shape", ["Get-WinEvent", EXPORT]),
    ("convertto-json-one", json.dumps({"Id": 21, "ProviderName": LSM, "LogName": LSM, "Message": "x" * 9000}, indent=4), "shape",
     ["Get-WinEvent", EXPORT]),
    ("export-csv", f'#TYPE Selected.Object\r\n"Message","Id","ProviderName","LogName"\r\n"x\r\n\r\nSession ID: 3","21","{LSM}","a"\r\n',
     "shape", ["Export-Csv", EXPORT]),
    ("eventviewer", f"\ufeffLevel,Date and Time,Source,Event ID,Task Category\r\nInformation,3/2/2026,{LSM},21,None,\"x\r\nUser: a\"\r\n",
     "shape", ["Event Viewer", EXPORT]),
    ("eventviewer-de", "\ufeffEbene,Datum und Uhrzeit,Quelle,Vorgang,Aufgabenkategorie\r\n"
                       f"Informationen,02.03.2026,{LSM},21,Keine\r\n", "shape", ["events of Windows as a CSV", EXPORT]),
    ("kql", 'TimeGenerated [UTC],Source,EventLog,Computer,EventID\r\n"3/2/2026, 9:00",a,b,c,21\r\n', "shape", ["KQL", "columns time"]),
    ("evtxecmd", "RecordNumber,EventRecordId,TimeCreated,EventId,Channel,UserName,PayloadData1\r\n1,1,2026-03-02,21,a,b,Session ID: 3\r\n",
     "shape", ["EvtxECmd", ".evtx file"]),
    ("array", json.dumps([TRACE] * 9), "shape", ["jq -c '.[]' FILE"]),
    ("array-lines", "[\n" + ",\n".join(json.dumps(TRACE) for _ in range(9)) + "\n]\n", "shape", ["jq -c '.[]' FILE"]),
    ("pretty", "".join(json.dumps(TRACE, indent=2) + "\n" for _ in range(9)), "shape", ["jq -c . FILE"]),
    ("json", lines(*[{"level": "info", "time": 1, "msg": "x"}] * 9), "other", ["other JSON"]),
    ("package", json.dumps({"name": "x", "scripts": {"test": "session=1"}}, indent=2), "other", ["other JSON"]),
    ("table", "name,size,host\na,1,b\nc,2,d\n", "other", ["another table"]),
    ("tabs", "name\tsize\na\t1\n", "other", ["another table"]),
    ("html", "<!DOCTYPE html>\n<html><body>session=1 event=Logon</body></html>\n", "other", ["XML or HTML"]),
    ("prose", "Dear reader, this is no trace.\nIt has lines; and more.\n" * 9, "other", ["text without a record"]),
    ("script", "#!/bin/sh\nset -e\nsession=1\n", "other", ["text without a record"]),
    ("logs", "time=2026-01-02T03:04:05Z level=info msg=\"a b\"\n" * 9, "other", ["text without a record"]),
]

GOOD = "session=1 event=Created\n"
TAGGED = "sessionlint: session=1 event=Created\n"

# Logs, and of which format.
LOGS = [
    ("plain", GOOD, "logfmt"), ("time-first", "time=2026-03-02T08:00:00Z host=A session=1 event=Logon\n", "logfmt"),
    ("bad-first", "sesion=1 event=Created\n" + GOOD, "logfmt"), ("bad-key", "time=2026-03-02T08:00:00Z foo=1 evnt=Logon\n", "logfmt"),
    ("prose-first", "Starting the capture\n" + GOOD, "logfmt"), ("markup-first", "<start>\n" + GOOD, "logfmt"),
    ("comma-first", "a, b\n" + GOOD, "logfmt"), ("marker", "marker=boot\n", "logfmt"), ("own-key", "x-a=1\n" + GOOD, "logfmt"),
    ("comments", "# a\n#,b,c\n\n" + GOOD, "logfmt"), ("tag-in-comment", "# sessionlint: a trace\n" + GOOD, "logfmt"),
    ("ndjson", lines(TRACE, TRACE), "ndjson"), ("ndjson-own", lines({"x-a": 1, **TRACE}), "ndjson"),
    ("ndjson-misspelt", lines({"sesion": 3, "evnt": 21}), "ndjson"), ("ndjson-cut", '{"session":3,"event":\n' + lines(TRACE), "ndjson"),
    ("ndjson-quote", '{"session":3,"event":"Logon}\n' + lines(TRACE), "ndjson"), ("ndjson-empty", "{}\n" + lines(TRACE), "ndjson"),
    ("ndjson-junk", "{junk\n" + lines(TRACE), "ndjson"), ("ndjson-late", "Starting\n" + lines(TRACE), "ndjson"),
    ("ndjson-other-first", lines({"started": True}, TRACE), "ndjson"),
    ("csv", "time,session,event\n,1,Created\n", "csv"), ("csv-case", "Time;Session;Event\n;1;Created\n", "csv"),
    ("csv-misspelt", "time,sesion,evnt\n,1,Created\n", "csv"), ("csv-typed", '#TYPE x\n"Session","Event"\n"1","Created"\n', "csv"),
    ("csv-long", "session,event," + ",".join(f"x-{i}" for i in range(60)) + "\n", "csv"),
    ("debugview", "00000001\t0.1\t[4] text\n" * 9, "debugview"), ("tagged", TAGGED, "debugview"),
    ("tag-later", "kd> g\n" * 900 + TAGGED, "debugview"), ("tag-in-markup", "<pre>\n" + TAGGED, "debugview"),
    ("tag-in-json", '{"log":"' + TAGGED.strip() + '"}\n', "debugview"), ("settings", "PATH=/bin\nHOME=/\n" + TAGGED, "debugview"),
    ("evtx", b"ElfFile\0" + bytes(5000), "evtx"), ("evtx-headless", bytes(4096) + b"ElfChnk\0" + bytes(900), "evtx"),
    ("utf16", b"\xff\xfe" + GOOD.encode("utf-16-le"), "logfmt"), ("mark", b"\xef\xbb\xbf" + GOOD.encode(), "logfmt"),
    ("noise", b"\0\1\2" + TAGGED.encode(), "debugview"),
]


class Bench:
    def __init__(self, folder, dump, command):
        self.folder, self.dump, self.command = pathlib.Path(folder), dump, command

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def recognize(self, path):
        _, out, errors = process.run([self.dump, path])
        return json.loads(out) if out else {"error": errors}

    def check(self, path, piped=False):
        """Status, lines on standard output but for the summary, and what was complained of."""
        status, out, errors = process.run([self.command, "check", "--no-config", "-q", "--format=json", "-" if piped else path],
                                      path.read_bytes() if piped else None)
        return status, out.splitlines()[:-1], [line for line in errors.splitlines() if line.startswith("sessionlint: ")]


def foreign_check(bench, report):
    for name, content, kind, words in FOREIGN:
        path = bench.file(name, content)
        row = bench.recognize(path)
        report.none([f"{row}"] if row.get("is") != kind or row["unsure"] or
                    not all(word in row["what"] for word in words) else [],
                    f"{name}: {words[0]}, and nothing else before")
        for piped in (False, True):
            status, out, said = bench.check(path, piped)
            report.none([f"{status} {out[:2]} {said}"] if
                        status != 2 or out or len(said) != 1 or not all(word in said[0] for word in words) else [],
                        f"{name}, {'piped' if piped else 'named'}: one line, status 2, no findings")


def logs_check(bench, report):
    for name, content, form in LOGS:
        row = bench.recognize(bench.file(name, content))
        report.none([f"{row}"] if row.get("is") != "log" or row["format"] != form or
                    row["unsure"] else [], f"{name}: {form}, and nothing else before")


def early_check(bench, report):
    """A log that trickles in is known as soon as its first record is there."""
    for name, first, rest in (("key=value", GOOD, GOOD), ("NDJSON", lines(TRACE), lines(TRACE)),
                              ("CSV", "time,session,event\n", ",1,Created\n"), ("DebugView", "1\t0.1\t[4] text\n", TAGGED)):
        row = bench.recognize(bench.file(name, first + rest * 900))
        report.none([f"{row}"] if row["is"] != "log" or not 0 < row["early"] <= len(first) else [],
                    f"{name}: known by its first line")


def blank_check(bench, report):
    for content in ("", "\n\n", "# a\n", "\ufeff"):
        status, out, said = bench.check(bench.file("blank", content))
        report.none([f"{status} {said}"] if status != 2 or out or len(said) != 1 or
                    "no records; there is nothing to check" not in said[0] else [], f"{content!r}: no records")


def shared_check(bench, report):
    """Files that other tools wrote, where they are."""
    folder = pathlib.Path(sys.argv[3]) / "exports" if len(sys.argv) > 3 else None
    if not folder or not folder.is_dir():
        report.skip("exports of other tools", "they are not there")
        return
    for path in sorted(folder.iterdir()):
        row = bench.recognize(path)
        status, out, said = bench.check(path)
        # a trace in values of others is told what to write
        told = all("; " in json.loads(line)["message"] for line in out) if row["is"] == "log" else len(said) == 1 and not out
        report.none([f"{row} {status} {out} {said}"] if
                    status != 2 or not told or row["unsure"] else [],
                    f"{path.name}: {row.get('what') or row.get('format')}")


def main():
    report = Tap()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, *sys.argv[1:3])
        for check in (foreign_check, logs_check, early_check, blank_check, shared_check):
            check(bench, report)
    return report.done()


if __name__ == "__main__":
    sys.exit(main())
