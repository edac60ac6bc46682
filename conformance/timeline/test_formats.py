#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every format of a timeline, read back by a parser that is not ours: NDJSON follows its schema, and the others say the
same of each row; names that are hostile change nothing. Arguments: the command, docs/timeline.schema.json, the folder of
real logs. Prints TAP.
"""

import csv
import datetime
import io
import json
import pathlib
import re
import sys
import unicodedata
import xml.etree.ElementTree

from shared.command import STATUS_CLEAN, STATUS_FAILED, Command
from shared.folder import Folder
from shared.report_traces import HASH, PAYLOADS, quoted
from shared.tap import Tap

try:
    import jsonschema
except ImportError:
    jsonschema = None

FOLDER = pathlib.Path(__file__).resolve().parent
XES = "{http://www.xes-standard.org/}"
UNSAFE = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}
ILLEGAL = "session/illegal-transition"


def hostile(payload):
    """A trace with the payload in each place that a timeline repeats."""
    value = quoted(payload)
    who = b" host=" + value + b" boot=" + value + b" session=1 user=" + value + b" address=" + value + b" event="
    return b"".join(b"time=2026-03-02T08:00:0%dZ" % second + who + event + b"\n" for second, event in enumerate(
        (b"Created", b"Connected", b"Logon", b"Disconnected", b"Connected", b"Logon", b"Logoff", b"Terminated")))


class Case:
    """Logs, and how they are shown."""

    def __init__(self, command, *arguments, **options):
        self.command, self.arguments, self.options = command, arguments, options

    def run(self, form, *more):
        return self.command.run("timeline", "--no-config", f"--format={form}", *more, *self.arguments, **self.options)

    def rows(self, *more):
        return self.run("ndjson", *more).objects


def validator(path):
    schema = json.loads(pathlib.Path(path).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def check_schema(tap, name, schema, rows):
    if schema is None:
        return
    problems = [f"{error.json_path}: {error.message[:200]}" for row in rows for error in schema.iter_errors(row)]
    tap.none(problems, f"{name}: {len(rows)} rows follow docs/timeline.schema.json")


def place(place):
    return f"{place['file']}:{place['record']}" if place["record"] else place["file"]


def cell(value):
    """What CSV has of a value of JSON."""
    if isinstance(value, float):
        return f"{value:.7f}".rstrip("0").rstrip(".")
    if isinstance(value, list):
        return "; ".join(place(each) if isinstance(each, dict) else each for each in value)
    if isinstance(value, dict):
        return place(value)
    return "" if value is None else str(value)


def plain(text):
    """Text without what a format escapes in its own way."""
    return re.sub(r"\\x[0-9a-f]{2}|\\u\{[0-9a-f]+\}|[^A-Za-z0-9:/.|; -]", "", text)


def check_csv(tap, name, case, rows, sessions):
    for more, objects in (((), rows), (("--sessions",), sessions)):
        result = case.run("csv", *more)
        tap.ok(result.out.count(b"\n") == result.out.count(b"\r\n"), f"{name}: CSV {more}: lines end in CR LF")
        got = list(csv.DictReader(io.StringIO(result.out.decode("utf-8"), newline=""), strict=True))
        tap.ok(len(got) == len(objects) and all(None not in row and None not in row.values() for row in got),
               f"{name}: CSV {more}: {len(objects)} rows, with as many cells as columns")
        wrong = [(key, row[key][:80], cell(value)[:80]) for row, each in zip(got, objects) for key, value in each.items()
                 if key in row and plain(row[key]) != plain(cell(value))]
        tap.none(wrong, f"{name}: CSV {more}: the same as NDJSON")
        tap.none([value[:80] for row in got for value in row.values() if re.match("[=+@\t\r\n\uff1d\uff0b\uff0d\uff20-]", value)],
                 f"{name}: CSV {more}: no formula")
        known = [key for key in (objects[0] if objects else {}) if key not in ("unseen", "between", "kind")]
        tap.ok(not objects or set(known) <= set(got[0]), f"{name}: CSV {more}: all columns")
    bom = case.run("csv", "--bom").out
    tap.ok(bom == b"\xef\xbb\xbf" + case.run("csv").out, f"{name}: CSV --bom")


def check_timesketch(tap, name, case, rows):
    result = case.run("timesketch")
    timed = [row for row in rows if row["time"]]
    got = result.objects
    tap.same(len(got), len(timed), f"{name}: Timesketch: the rows with a time")
    left = len(rows) - len(timed)
    tap.same(re.findall(r"sessionlint: (\d+) row", result.error), [str(left)] if left else [],
             f"{name}: Timesketch says how many have none")
    wrong = []
    for each, row in zip(got, timed):
        moment = datetime.datetime.fromisoformat(re.sub(r"(\.\d{1,6})\d*Z|Z", r"\1+00:00", each["datetime"])
                                                 .replace("None", ""))
        micro = (moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) // datetime.timedelta(microseconds=1)
        same = all(each[key] == row[key] for key in row if key not in ("witnesses", "unseen", "between", "message"))
        if not (same and each["message"] and row.get("message", "") in each["message"] and each["timestamp_desc"].startswith("Session ") and each["timestamp"] == micro
                and each["datetime"] == row["time"] and each["witnesses"] == [place(w) for w in row["witnesses"]]):
            wrong.append(each)
    tap.none(wrong, f"{name}: Timesketch: message, datetime, timestamp, timestamp_desc, and our keys")


def attributes(element):
    return {child.get("key"): child.get("value") for child in element if child.tag != XES + "event"}


def check_xes(tap, name, case, rows, sessions):
    result = case.run("xes")
    try:
        log = xml.etree.ElementTree.fromstring(result.out)
    except xml.etree.ElementTree.ParseError as error:
        tap.ok(False, f"{name}: XES is well-formed", error)
        return
    traces = log.findall(XES + "trace")
    tap.same((log.tag, log.get("xes.version")), (XES + "log", "2.0"), f"{name}: XES 2.0")
    names = [attributes(trace)["concept:name"] for trace in traces]
    tap.ok(len(set(names)) == len(names), f"{name}: XES: {len(traces)} traces have different names")
    events = [attributes(event) for trace in traces for event in trace.findall(XES + "event")]
    expected = [row for row in rows if row["kind"] == "event"]
    tap.same(len(events), len(expected), f"{name}: XES: an event for each transition")
    tap.ok(len(traces) <= len(sessions) and (len(traces) > 0) == (len(expected) > 0), f"{name}: XES: a trace for each incarnation",
           len(traces), len(sessions))

    def key(event, form):
        return tuple(plain(event.get(each) or "") for each in form)
    ours = sorted(key({**row, "reason": row["reason"]}, ("event", "from", "to", "verdict", "rule", "user", "address"))
                  for row in expected)
    theirs = sorted(key(event, ("concept:name", "from", "to", "verdict", "rule", "org:resource", "address"))
                    for event in events)
    tap.same(theirs, ours, f"{name}: XES: the same as NDJSON")
    tap.ok(all(event["lifecycle:transition"] == "complete" and
               re.fullmatch(r"\d{4,5}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00", event.get("time:timestamp", "2026-01-01T00:00:00.000000+00:00"))
               for event in events), f"{name}: XES: lifecycle:transition, and time:timestamp where there is one")
    tap.same(sum("time:timestamp" in event for event in events), sum(row["time"] is not None for row in expected),
             f"{name}: XES: all times")


def check_text(tap, name, case, rows, sessions):
    result = case.run("text")
    blocks = [line for line in result.text.split("\n") if line and not line.startswith(" ")]
    tap.same(len([line for line in blocks if line != "no session"]), len(sessions), f"{name}: text: a block for each incarnation")
    lines = [line for line in result.text.split("\n") if re.match(r"(  | {27})\S", line)]
    tap.ok(len(lines) == len(rows), f"{name}: text: a line for each of {len(rows)} rows", len(lines))
    heads = [line for line in case.run("text", "--sessions").text.split("\n") if line and not line.startswith(" ")]
    tap.same(len(heads), len(sessions), f"{name}: text --sessions: a row for each incarnation")


def check_perfetto(tap, name, command, case):
    """That of check: it has one writer."""
    expected = command.run("check", "-q", "--no-config", "--format=perfetto", *case.arguments, **case.options).out
    tap.same(case.run("perfetto").out, expected, f"{name}: Perfetto is what check writes")


def check_safe(tap, name, case):
    for form in ("text", "csv", "ndjson", "timesketch", "xes", "perfetto"):
        text = case.run(form).out.decode("utf-8")
        bad = [sign for sign in text.replace("\r\n", "").replace("\n", "") if unicodedata.category(sign) in UNSAFE]
        tap.ok(not bad and not re.search(rf"^\s*::|{HASH}\[|{HASH}vso\[", text, re.M), f"{name}: {form} is safe to show",
               bad[:1])


def check_summary(tap, name, command, case, rows, sessions):
    """The verdicts are those of check."""
    summary = command.run("check", "-q", "--no-config", "--format=json", *case.arguments, **case.options).summary
    verdicts = [session["verdict"] for session in sessions]
    counts = {verdict: verdicts.count(verdict) for verdict in ("conforming", "violating", "undetermined")}
    seen = {key: summary["sessions"][key] for key in counts}
    # of some, real logs have other records alone: they have no row
    tap.ok(counts == seen or name.startswith("real") and counts["conforming"] == seen["conforming"]
           and all(counts[key] <= seen[key] for key in counts), f"{name}: --sessions has the verdicts of check", counts, seen)
    tap.same(sum(ILLEGAL in (row["rule"] or "") for row in rows), summary["findings"].get(ILLEGAL, 0),
             f"{name}: the rule of each finding is at its row")


def check_all(tap, command, name, case, schema):
    result = case.run("ndjson")
    tap.same((result.status, result.error), (STATUS_CLEAN, ""), f"{name}: status 0, and nothing is said")
    rows, sessions = result.objects, case.rows("--sessions")
    check_schema(tap, name, schema, [*rows, *sessions])
    check_csv(tap, name, case, rows, sessions)
    check_timesketch(tap, name, case, rows)
    check_xes(tap, name, case, rows, sessions)
    check_text(tap, name, case, rows, sessions)
    check_perfetto(tap, name, command, case)
    check_summary(tap, name, command, case, rows, sessions)
    return rows, sessions


TRACES = {
    "no time, host or boot": b"session=1 event=Created\nsession=1 event=Logon\nsession=1 event=Connected\n",
    "numbers": b"session=4294967295 event=Created from=8 to=1\nsession=4294967295 event=77\n",
    "samples": b"session=1 event=Created\nsession=1 state=Created\nsession=1 state=LoggedOn\n",
    "boots": b"marker=boot\nsession=1 event=Created\nmarker=boot\nsession=1 event=Created\n",
    "reuse": b"".join(b"session=1 event=Created\nsession=1 event=Terminated\n" for _ in range(3)),
    "early times": b"time=1601-01-01T00:00:00Z session=1 event=Created\n",
    "only some times": b"session=1 event=Created\ntime=2026-01-01T00:00:00Z session=1 event=Connected\n",
    "a name later": b"session=1 event=Created\nhost=A session=1 event=Connected\nhost=A session=1 event=Terminated\n",
    "sources": b"source=lsm session=1 event=21\nsource=winlogon session=1 event=7001\nsource=lsm session=1 event=23\n",
}


def check_machine(tap, case):
    """What an account of a machine shows besides."""
    rows = case.rows()
    unseen = [row for row in rows if row["unseen"]]
    tap.ok(unseen and all(row["between"]["after"]["record"] for row in unseen), "an account: what no log shows is between records",
           unseen)
    logon = next(row for row in rows if row["event"] == "Logon")
    tap.same({pathlib.Path(each["file"]).name for each in logon["witnesses"]}, {"lsm.trace", "system.trace"},
             "an account: all witnesses of a transition")
    (session,) = case.rows("--sessions")
    tap.same((session["reconnects"], session["addresses"], session["created"], session["disconnected_seconds"]),
             (1, ["10.0.0.7", "10.0.0.9"], None, 3600), "an account: the session", session)
    tap.ok(7200 <= session["connected_seconds"] <= 10800, "an account: how long it was connected", session)


def check_durations(tap, command):
    """Times connected and disconnected, against sums of our own."""
    times = (0, 1.5, 10, 100, 1000, 1200, 1300)
    events = ("Created", "Connected", "Logon", "Disconnected", "Logoff", "Connected", "Terminated")
    trace = "".join(f"time=2026-01-01T00:{int(at) // 60:02}:{at % 60:04.1f}Z session=1 event={event}\n"
                    for at, event in zip(times, events))
    (session,) = Case(command, "-", input=trace.encode()).rows("--sessions")
    tap.same((session["connected_seconds"], session["disconnected_seconds"], session["reconnects"]), (198.5, 1100, 1),
             "connected from Connected to Disconnected and from there to the next", session)
    # the clock runs back: that time does not count
    back = trace.replace("00:20:", "00:10:")
    (session,) = Case(command, "-", input=back.encode()).rows("--sessions")
    tap.same((session["connected_seconds"], session["disconnected_seconds"]), (98.5 + 700, 900),
             "time that runs backward does not count", session)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    schema = validator(sys.argv[2]) if jsonschema else None
    logs = pathlib.Path(sys.argv[3])
    if schema is None:
        tap.skip("docs/timeline.schema.json", "the Python module jsonschema is not installed")
    for name, trace in TRACES.items():
        case = Case(command, "-", input=trace)
        check_all(tap, command, name, case, schema)
    for name, payload in PAYLOADS.items():
        case = Case(command, "-", input=hostile(payload))
        rows, _ = check_all(tap, command, name, case, schema)
        tap.same(len(rows), 8, f"{name}: all rows")
        check_safe(tap, name, case)
    with Folder() as folder:
        (folder.path / "a'=<b>&\",;.trace").write_bytes(TRACES["samples"])
        check_all(tap, command, "a name of a file", Case(command, ".", cwd=folder.path), schema)
    machine = Case(command, "--together", str(FOLDER / "machine"))
    check_all(tap, command, "a machine", machine, schema)
    check_machine(tap, machine)
    check_durations(tap, command)
    for name in ("remote-desktop", "server", "workstation", "domain-controller"):
        if not (logs / name).is_dir():
            tap.skip(f"real logs: {name}", "the folder of logs is missing")
            continue
        check_all(tap, command, f"real logs: {name}", Case(command, str(logs / name)), schema)
        check_all(tap, command, f"real machine: {name}", Case(command, "--together=folder", str(logs / name)), schema)
    result = command.run("timeline", "--sessions", "--format=xes", "-", input=b"")
    tap.ok(result.status == STATUS_FAILED and "--sessions cannot be used with xes" in result.error, "--sessions in XES", result)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
