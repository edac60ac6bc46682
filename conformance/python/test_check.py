#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The Python package finds what the command finds: the same findings in all their members, sessions as `timeline
--sessions` has them, totals and failures; for files, bytes and records. Needs nothing but Python. Arguments: the command,
the root of the source, the folder of real logs. SESSIONLINT_LIBRARY is the library. Prints TAP.
"""

import ctypes
import datetime
import gc
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import sessionlint
from sessionlint import _abi
from shared.command import Command
from shared.tap import Tap

EPOCH = datetime.datetime(1601, 1, 1)

# What both are given: files and folders, options of the command, and those of check().
INPUTS = [
    (["traces"], [], {}),
    (["traces"], ["--strict"], {"strict": True}),
    (["traces"], ["--start=unknown", "--rule=unfinished=off", "--rule=trace/gap=error"],
     {"start": "unknown", "rules": {"unfinished": "off", "trace/gap": "error"}}),
    (["traces/partial/wts.trace", "traces/illegal/numbers.trace"], ["--source=wts"], {"source": "wts"}),
    (["traces/driver"], ["--pointer-size=4", "--anonymize"], {"pointer_size": 4, "anonymize": True}),
    (["conformance/golden"], [], {}),
    (["conformance/rules"], ["--reorder=10s"], {"reorder": 10}),
    (["conformance/rules"], ["--reverse", "--recover"], {"reverse": True, "recover": True}),
    (["conformance/timeline/machine"], ["--together"], {"together": True}),
    (["conformance/timeline/machine"], ["--together=folder", "--window=1s"],
     {"together": "folder", "window": datetime.timedelta(seconds=1)}),
    (["traces/legal/full-life.trace", "traces/legal/hosts.trace"], ["--join"], {"join": True}),
    (["README.md", "docs/diagrams/lsm.svg", "no such file", "conformance/shared", "traces/legal"], [], {}),
]
REAL = [
    (["remote-desktop", "workstation", "server"], [], {}),
    (["remote-desktop"], ["--together"], {"together": True}),
    (["."], ["--together=folder"], {"together": "folder"}),
    (["workstation", "server"], ["--together=computer", "--strict"], {"together": "computer", "strict": True}),
    (["edges"], ["--recover"], {"recover": True}),
]


# A filter of the command, and that of check().
FILTERS = [
    (["--host=b"], {"host": "b"}),
    (["--host=A", "--host=c*"], {"host": ["A", "c*"]}),
    (["--session=1", "--session=3"], {"session": {1, 3}}),
    (["--session=2"], {"session": 2}),
    (["--user=ALICE"], {"user": "ALICE"}),
    (["--user=corp\\*", "--user=bob"], {"user": ("corp\\*", "bob")}),
    (["--address=10.0.3.*"], {"address": "10.0.3.*"}),
    (["--since=2026-03-02T05:00:00+02:00"],
     {"since": datetime.datetime(2026, 3, 2, 5, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))}),
    (["--since=2026-03-02T05:30:00.25Z"], {"since": datetime.datetime(2026, 3, 2, 5, 30, 0, 250000, datetime.timezone.utc)}),
    (["--until=2026-03-03"], {"until": datetime.date(2026, 3, 3)}),
    (["--since=2026-03-02", "--until=2026-03-02T12:00:00Z"], {"since": "2026-03-02", "until": "2026-03-02T12:00:00Z"}),
    (["--severity=warning"], {"severity": "warning"}),
    (["--host=A", "--user=*", "--severity=note", "--since=2026-03-03"],
     {"host": "A", "user": "*", "severity": "note", "since": "2026-03-03"}),
]


def days():
    """Sessions of three hosts and users on several days, with findings."""
    lines = []
    for day, session in itertools.product(range(1, 6), (1, 2, 3)):
        host, user = ("A.corp.example", "B", "")[(session + day) % 3], ("CORP\\alice", "bob", "CORP\\Bobby")[session - 1]
        for hour, event in enumerate(("Created", "Connected", "Logon", "Logon", "Disconnected", "Connected", "Logoff")):
            at = f"2026-03-0{day}T{hour + session:02}:00:00Z"
            lines.append((at, f"time={at}{f' host={host}' if host else ''} session={session} event={event}"
                              f"{f' user={user}' if event == 'Logon' else ''}"
                              f"{f' address=10.0.{day}.{session}' if event == 'Connected' else ''}\n"))
    return "".join(line for _, line in sorted(lines))


def time_text(ticks):
    """Up to seven digits, without zeros at the end."""
    whole = EPOCH + datetime.timedelta(seconds=ticks // 10**7)
    return whole.isoformat() + f".{ticks % 10**7:07}".rstrip("0").rstrip(".") + "Z"


def of_session(finding):
    """The members of the JSON of a finding that is about a session."""
    found = {"source": finding.source}
    if finding.incarnation:
        found["incarnation"] = finding.incarnation
        found["history"] = [
            {"event": past.event, "unseen": True} if past.file == "" else
            {"event": past.event, "line": past.line, **({"file": past.file} if past.file else {})}
            for past in finding.history]
        if finding.history_omitted:
            found["history_omitted"] = finding.history_omitted
    if finding.boot or finding.boot_ordinal:
        found["boot"] = finding.boot or finding.boot_ordinal
    if finding.observed is not None:
        found["observed"] = finding.observed
    if finding.swapped:
        found["legal_before"] = finding.history[-2].line
    if finding.repair:
        found["repair"] = {"action": finding.repair.action}
        if finding.repair.action == "insert":
            found["repair"]["events"] = list(finding.repair.events)
    return found


def as_json(finding):
    """The object that --format=json writes for a finding; it has no fingerprint."""
    found = {name: getattr(finding, name) for name in
             ("rule", "severity", "file", "line", "offset", "host", "session", "cascade", "message")}
    found |= {"event": finding.event if finding.session is not None else None, "belief": list(finding.belief),
              "allowed": list(finding.allowed)}
    found |= {name: getattr(finding, name) for name in ("driver", "io", "user", "address") if getattr(finding, name)}
    if finding.ticks is not None:
        found["time"] = time_text(finding.ticks)
    if finding.session is not None:
        found |= of_session(finding)
    if finding.witnesses:
        found["witnesses"] = [{"source": each.source, "file": each.file, "record": each.line} |
                              ({} if each.ticks is None else {"time": time_text(each.ticks)})
                              for each in finding.witnesses]
    if finding.suppression:
        found["suppression"] = {"kind": finding.suppression, "reason": finding.reason}
    return found


def wanted_findings(run):
    """What the command wrote, but for what the library does not know. Values outside enumerations are the same in both
    but for NO_EVENT and NO_STATE, which are numbers in these two rules."""
    for finding in run.findings:
        finding.pop("fingerprint")
        for rule, key in (("session/invalid-event", "event"), ("session/invalid-state", "observed")):
            if finding["rule"] == rule and finding.get(key) == "4294967295":
                finding[key] = None
                if key == "observed":
                    del finding[key]
        yield finding


def differences(got, wanted):
    got, wanted = list(got), list(wanted)
    if len(got) != len(wanted):
        yield f"{len(got)} instead of {len(wanted)}"
    for mine, theirs in zip(got, wanted):
        for key in sorted(mine.keys() | theirs.keys()):
            if mine.get(key) != theirs.get(key):
                yield f"{key}: {mine.get(key)!r} instead of {theirs.get(key)!r} in {theirs}"


def session_json(session):
    """The object that `timeline --sessions --format=ndjson` writes for a session."""
    times = {"first_seen": session.first_ticks, "last_seen": session.last_ticks, "created": session.created_ticks,
             "logon": session.logon_ticks, "logoff": session.logoff_ticks, "ended": session.ended_ticks}
    return {
        "kind": "session", "host": session.host, "boot": session.boot or session.boot_ordinal or None,
        "source": session.source, "session": session.session, "incarnation": session.incarnation or 0,
        **{name: None if ticks is None else time_text(ticks) for name, ticks in times.items()},
        "connected_seconds": session.connected_seconds, "disconnected_seconds": session.disconnected_seconds,
        "reconnects": session.reconnects, "users": list(session.users), "addresses": list(session.addresses),
        "clients": list(session.clients), "reasons": list(session.reasons), "verdict": session.verdict,
        "rule": "|".join(session.rules) or None, "severity": session.severity,
    }


def check_command(tap, command, folder, inputs, flags, options):
    """One call of check() and one of the command; findings, failures, totals, status and sessions are the same."""
    name = f"{' '.join(inputs)} {' '.join(flags)}".strip()
    paths = [folder / each for each in inputs]
    run = command.run("check", "--quiet", "--format=json", *flags, *map(str, paths))
    result = sessionlint.check(paths, errors="return", **options)
    tap.none(differences(map(as_json, result.findings), wanted_findings(run)),
             f"{name}: {len(result.findings)} findings are those of the command")
    tap.none(differences([{"file": each.file, "reason": each.reason.replace("reverse=True", "--reverse")}
                          for each in result.failures], run.summary.get("failed", [])), f"{name}: what cannot be read")
    counts = ("files", "records", "events", "noted", "skipped", "unreadable", "annotations", "calls")
    tap.same([result.totals[key] for key in counts], [run.summary[key] for key in counts], f"{name}: the totals")
    tap.same(result.status, run.status, f"{name}: the status")
    if "--together" in " ".join(flags) or folder.name == "logs":
        check_sessions(tap, command, name, paths, flags, result)


def check_sessions(tap, command, name, paths, flags, result):
    timeline = command.run("timeline", "--sessions", "--format=ndjson", *flags, *map(str, paths))
    return tap.none(differences(map(session_json, result.sessions), timeline.objects),
                    f"{name}: {len(result.sessions)} sessions are those of the timeline")


def check_filters(tap, command, root):
    """Filters leave of findings and sessions what those of the command leave, and change nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "days.trace"
        path.write_text(days())
        for inputs, more in (([path], []), ([root / "conformance" / "timeline" / "machine"], ["--together"])):
            everything = sessionlint.check(inputs, together=bool(more), annotations=True)
            for flags, options in FILTERS:
                name = f"{inputs[0].name} {' '.join(flags)}"
                run = command.run("check", "--quiet", "--format=json", *more, *flags, str(inputs[0]))
                result = sessionlint.check(inputs, together=bool(more), annotations=True, **options)
                tap.none(differences(map(as_json, result.findings), wanted_findings(run)),
                         f"{name}: {len(result.findings)} of {len(everything.findings)} findings")
                tap.same((result.totals, result.status), (everything.totals, everything.status), f"{name}: nothing else changes")
                check_sessions(tap, command, name, [str(inputs[0])], [*more, *flags], result)
                check_filtered(tap, name, everything, result, options)
    for options, says in (({"host": ""}, "''"), ({"since": "yesterday"}, "yesterday"), ({"until": "-2d"}, "-2d"),
                          ({"severity": "off"}, "off"), ({"session": -1}, "-1"),
                          ({"since": datetime.datetime(2026, 1, 1)}, "no time zone")):
        kind, said = raised(sessionlint.check, [{"session": 1, "event": "Created"}], **options)
        tap.ok(kind == "ValueError" and says in said and said.startswith(next(iter(options))), f"{options}: {kind}: {said}")
    for options in ({"host": [3]}, {"session": "3"}, {"session": True}, {"severity": 3}, {"user": [None]}):
        tap.same(raised(sessionlint.check, [{"session": 1, "event": "Created"}], **options)[0], "TypeError", f"{options}")


def check_filtered(tap, name, everything, result, options):
    """Steps are those of the hosts, sessions and times."""
    def passes(step):
        time = step.time.isoformat()[:19] if step.time else ""
        return (options.get("session", step.session) in (step.session, {1, 3} & {step.session} and {1, 3})
                and ("since" not in options or step.kind == "end" or time >= str(options["since"])[:10]))
    wrong = [step for step in result.steps if step not in everything.steps or not passes(step)]
    tap.none(wrong, f"{name}: {len(result.steps)} of {len(everything.steps)} steps")


def check_baseline(tap, command, root):
    """A baseline suppresses what it does in the command, and its entries are stale or expired as there."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, log = pathlib.Path(temporary), root / "traces" / "illegal"
        known, partly = folder / "known.json", folder / "partly.json"
        # unreadable records cannot be accepted
        readable = [each for each in sorted(log.iterdir()) if sessionlint.check(each, errors="return").status == 1]
        for path, sources, expires in ((known, readable, "2999-12-31"), (partly, [log / "logon-twice.trace"], "2026-01-01")):
            done = command.run("baseline", "write", "--quiet", f"--baseline={path}", "--reason=it is known",
                               f"--expires={expires}", *map(str, sources),
                               env={**os.environ, "SOURCE_DATE_EPOCH": "1767225600"})
            tap.same(done.status, 0, f"{path.name} is written", done.error)
        for path, inputs, more, options in (
                (known, log, [], {}), (known, log, ["--rule=illegal-transition=off"], {"rules": {"illegal-transition": "off"}}),
                (known, root / "traces" / "legal", [], {}), (partly, log / "logon-twice.trace", [], {}),
                (known, log / "logon-twice.trace", ["--strict"], {"strict": True}),
                (known, root / "conformance" / "golden", ["--fail-on=never"], {"fail_on": "never"})):
            name = f"{inputs.name} with {path.name} {' '.join(more)}".strip()
            run = command.run("check", "--quiet", "--format=json", f"--baseline={path}", *more, str(inputs))
            result = sessionlint.check(inputs, baseline=path, errors="return", **options)
            tap.none(differences(map(as_json, result.findings), wanted_findings(run)),
                     f"{name}: {sum(each.suppression == 'baseline' for each in result.findings)} findings are known")
            tap.same((len(result.stale), len(result.expired), result.status),
                     (len(run.summary.get("stale", [])), len(run.summary.get("expired", [])), run.status),
                     f"{name}: {len(result.stale)} stale entries and {len(result.expired)} expired ones, status {result.status}")
        check_stale(tap, partly)


def check_stale(tap, partly):
    right = [{"session": 1, "event": "Created"}, {"session": 1, "event": "Terminated"}]
    contents = partly.read_bytes()
    result = sessionlint.check(right, name="logon-twice.trace", baseline=contents)
    [entry] = result.stale
    tap.same((entry.rule, entry.log, entry.reason, entry.expires, entry.line, result.status),
             ("session/illegal-transition", "logon-twice.trace", "it is known", datetime.date(2026, 1, 1), 2, 1),
             "the contents of a baseline are one too, and a stale entry is described")
    tap.same(sessionlint.check(right, name="logon-twice.trace", baseline=contents, allow_stale=True).status, 0,
             "it can be allowed")
    tap.same(raised(sessionlint.check, right, baseline=b"{}"), ("ValueError", "<baseline>:1:1: missing 'baseline'"),
             "what is no baseline is refused")
    tap.same(raised(sessionlint.check, right, baseline=partly.with_name("none"))[0], "FileNotFoundError", "so is no file")


def check_each(tap, command, root):
    """The sessions of single logs."""
    problems, count = [], 0
    for path in sorted([*root.glob("traces/*/*"), *root.glob("conformance/golden/*.trace")]):
        wanted = command.run("timeline", "--sessions", "--format=ndjson", str(path)).objects
        got = sessionlint.check(path, errors="return").sessions
        count += len(got)
        problems += [f"{path}: {each}" for each in differences(map(session_json, got), wanted)]
    tap.none(problems, f"{count} sessions of single logs are those of the timeline")
    tap.ok(count > 100, f"there are {count} of them")


def simple_records(path):
    """The records of a simple text trace; None: it is not simple."""
    records = []
    for line in path.read_text("utf-8", "strict").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        words = line.split()
        if '"' in line or "\\" in line or not all("=" in word for word in words):
            return None
        pairs = [word.split("=", 1) for word in words]
        if len(dict(pairs)) < len(pairs):
            return None
        records.append(dict(pairs))
    return records


def without_place(finding):
    found = as_json(finding)
    for key in ("file", "line", "offset", "history", "legal_before"):
        found.pop(key, None)
    # messages and reasons can name lines
    found["message"] = "".join(c for c in found["message"] if not c.isdigit())
    return found


def check_ways(tap, root):
    """Records and bytes are judged as files are."""
    count = found = 0
    for path in sorted(root.glob("traces/*/*.trace")):
        wanted = sessionlint.check(path, errors="return")
        got = sessionlint.check(path.read_bytes(), name=str(path), errors="return")
        if (got.findings, got.steps, got.sessions, got.totals) != (wanted.findings, wanted.steps, wanted.sessions,
                                                                  wanted.totals):
            tap.ok(False, f"{path}: as bytes")
        records = simple_records(path)
        if not records:
            continue
        count += 1
        got = sessionlint.check(iter(records), name=str(path), errors="return")
        found += len(got.findings)
        problems = list(differences(map(without_place, got.findings), map(without_place, wanted.findings)))
        if problems:
            tap.none(problems, f"{path}: as records")
    tap.ok(count > 20 and found > 50, f"{count} traces with {found} findings are judged as files, as bytes and as records")


def check_values(tap):
    """Values of records, as Python has them."""
    utc = datetime.timezone.utc
    when = datetime.datetime(2026, 3, 2, 10, 1, 44, 771000, datetime.timezone(datetime.timedelta(hours=1)))
    result = sessionlint.check([
        {"session": 1, "event": 1, "time": when, "host": "A", "user": None},
        {"session": 1, "state": "Created", "local": True, "x-mine": 5},
        {"host": "A", "session": 1, "event": "Logon", "allow": ["session/illegal-transition", "trace/gap"],
         "allow_reason": "a test"},
        {"host": "B", "marker": "boot"},
    ])
    tap.same(result.steps[0].time, when.astimezone(utc), "a time with a zone is a time")
    tap.ok(("session/illegal-transition", "trace", "a test") in
           [(each.rule, each.suppression, each.reason) for each in result.findings], "lists are lists of words")
    tap.same(result.totals["unreadable"], 0, "numbers, booleans and what is None are read")
    for record, says in (({"session": 1.5}, "float"), ({"time": datetime.datetime(2026, 1, 1)}, "no time zone"),
                         ({"a\0b": "1"}, "NUL"), ({1: "x"}, "not a string"), ("text", "mapping")):
        try:
            sessionlint.check([{"session": 1, "event": "Created"}, record])
            said = "nothing"
        except sessionlint.RecordError as error:
            said = str(error)
        tap.ok(said.startswith("record 2: ") and says in said, f"{record!r} is refused: {said}")
    result = sessionlint.check([{"session": 1, "event": "Logn", "user": "\ud800"}])
    tap.ok([each.rule for each in result.findings] == ["trace/malformed"] and result.status == 2,
           "what is no record is a finding")
    many = [{"session": i, "event": "Created", f"x-{i}": "1"} for i in range(2000)]
    result = sessionlint.check(many + many)
    tap.same((result.totals["events"], len([each for each in result.findings if each.line > 2000])), (4000, 4000),
             "each record can have a key of its own, and findings have the number of the record")
    renamed = sessionlint.check([{"Id": 4, "What": "Logon", "Else": object()}], columns={"Id": "session", "What": "event"})
    tap.same({each.session for each in renamed.findings}, {4}, "columns are renamed, and others ignored")


def raised(call, *arguments, **options):
    try:
        call(*arguments, **options)
    except Exception as error:
        return type(error).__name__, str(error)
    return None, ""


def check_errors(tap, root):
    """Errors are exceptions that say where and why."""
    trace = root / "traces" / "illegal" / "logon-twice.trace"
    try:
        sessionlint.check([root / "meson.build", trace, "/no such file"])
        error = None
    except sessionlint.LogError as failed:
        error = failed
    tap.ok(error and error.file.endswith("meson.build") and "not a session trace" in error.reason
           and len(error.failures) == 2 and len(error.result.findings) == 1,
           "what cannot be read is an exception, which has what was found all the same", error)
    for options, says in (({"start": "midway"}, "initialized"), ({"source": "wmd"}, "wdm"), ({"rules": {"x": "off"}}, "x"),
                          ({"rules": {"gap": "bad"}}, "warning"), ({"pointer_size": 5}, "pointer_size"),
                          ({"together": "all"}, "folder"), ({"window": 1e9, "together": True}, "window"),
                          ({"reorder": -1}, "reorder"), ({"errors": "ignore"}, "return"), ({"fail_on": "bad"}, "never"),
                          ({"columns": {"a": "x", "b": "x"}}, "same key")):
        kind, said = raised(sessionlint.check, trace, **options)
        tap.ok(kind == "ValueError" and says in said, f"{options}: {kind}: {said}")
    tap.same(raised(sessionlint.check, {"session": 1})[0], "TypeError", "one record is not a log")
    tap.same(raised(sessionlint.check, [{"session": 1}], together=True)[0], "ValueError", "records are not an account")
    tap.same(raised(sessionlint.check, [])[0], "LogError", "no records are nothing to check")
    tap.same(raised(sessionlint.check, b"")[0], "LogError", "nor are no bytes")

    def fail(*_):
        raise KeyError("mine")

    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "long.trace"
        path.write_text("session=1 event=Created\n" * 200000)
        tap.same(raised(sessionlint.check, path, steps=False, sessions=False, progress=fail), ("KeyError", "'mine'"),
                 "what a callback raises comes out")

    def records():
        yield {"session": 1, "event": "Created"}
        raise KeyError("theirs")

    tap.same(raised(sessionlint.check, records()), ("KeyError", "'theirs'"), "so does what the caller's records raise")


# The structs of the package, and those of the header.
STRUCTS = {"Finding": "finding", "Step": "step", "Annotation": "annotation", "Witness": "witness", "History": "history",
           "Repair": "repair", "RuleInfo": "rule_info", "Column": "column", "Text": "text", "BaselineError": "baseline_error",
           "BaselineEntry": "baseline_entry"}


def check_abi(tap, root):
    """Structs and functions are those of the recorded ABI."""
    abi = dict(line.split(" = ") for line in (root / "conformance" / "library" / "abi.txt").read_text().splitlines()
               if " = " in line)
    problems, members = [], 0
    for mine, theirs in STRUCTS.items():
        kind = getattr(_abi, mine)
        recorded = {key.rpartition(".")[2]: value for key, value in abi.items()
                    if re.match(rf"8/8 sessionlint_{theirs}[.]", key)}
        have = {name: f"{getattr(kind, name).offset}+{getattr(kind, name).size}" for name, _ in kind._fields_}
        members += len(have)
        problems += [f"{mine}: {key}: {have.get(key)} instead of {recorded.get(key)}"
                     for key in have.keys() | recorded.keys() if have.get(key) != recorded.get(key)]
        problems += [f"{mine}: its size"] if str(ctypes.sizeof(kind)) != abi.get(f"8/8 sessionlint_{theirs}") else []
    if ctypes.sizeof(ctypes.c_void_p) != 8:
        tap.skip("structs are laid out as in C", "this is no machine of 64 bits")
    else:
        tap.none(problems, f"{len(STRUCTS)} structs with {members} members are laid out as in C")
    unknown = [name for name in _abi.FUNCTIONS if f"function sessionlint_{name}" not in abi]
    counts = [f"{name}: {len(arguments)} arguments" for name, (_, arguments) in _abi.FUNCTIONS.items()
              if name not in unknown and len(arguments) != arguments_of(abi[f"function sessionlint_{name}"])]
    tap.none(unknown + counts, f"{len(_abi.FUNCTIONS)} functions are those of the header")


def arguments_of(prototype):
    inside = prototype.partition("(")[2].rstrip(")")
    return 0 if inside in ("", "void") else inside.count(",") + 1


def resident():
    """In kilobytes; None where that is not known."""
    try:
        text = pathlib.Path("/proc/self/status").read_text()
    except OSError:
        return None
    return int(text.split("VmRSS:")[1].split()[0])


def check_memory(tap, root):
    trace = (root / "conformance" / "golden" / "driver.trace").read_bytes()
    for _ in range(200):
        sessionlint.check(trace, errors="return")
    gc.collect()
    before = resident()
    if before is None:
        tap.skip("memory is freed", "this system does not say how much is used")
        return
    for _ in range(2000):
        sessionlint.check(trace, errors="return")
    gc.collect()
    grown = resident() - before
    tap.ok(grown < 4096, f"memory is freed: after 2000 more runs {grown} kB more are used")


def check_command_line(tap, command, root):
    """python -m sessionlint is the command."""
    environment = os.environ | {"SESSIONLINT_COMMAND": command.words[0]}
    done = subprocess.run([sys.executable, "-m", "sessionlint", "check", "--format=json", "--quiet", "traces/illegal"],
                          cwd=root, env=environment, capture_output=True, check=False)
    run = subprocess.run([*command.words, "check", "--format=json", "--quiet", "traces/illegal"], cwd=root,
                         capture_output=True, check=False)
    tap.ok(done.returncode == run.returncode == 2 and done.stdout == run.stdout and len(done.stdout) > 1000,
           "python -m sessionlint is the command")
    done = subprocess.run([sys.executable, "-m", "sessionlint"], env={**environment, "SESSIONLINT_COMMAND": ""},
                          capture_output=True, text=True, check=False)
    tap.ok(done.returncode == 2 and "SESSIONLINT_COMMAND" in done.stderr, "without it, that is said")


def main():
    tap = Tap()
    command, root, logs = Command(sys.argv[1], tap), pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3])
    for inputs, flags, options in INPUTS:
        check_command(tap, command, root, inputs, flags, options)
    for inputs, flags, options in REAL:
        if (logs / inputs[0]).exists():
            check_command(tap, command, logs, inputs, flags, options)
        else:
            tap.skip(f"{' '.join(inputs)} {' '.join(flags)}", f"there is no {logs}")
    check_filters(tap, command, root)
    check_baseline(tap, command, root)
    check_each(tap, command, root)
    check_ways(tap, root)
    check_values(tap)
    check_errors(tap, root)
    check_abi(tap, root)
    check_memory(tap, root)
    check_command_line(tap, command, root)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
