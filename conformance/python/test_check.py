#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The Python package finds what the command finds: the same findings in all their members, sessions as `timeline
--sessions` has them, totals and failures; for files, bytes and records. Needs nothing but Python. Arguments: the command,
the root of the source, the folder of real logs. SESSIONLINT_LIBRARY is the library. Prints TAP.
"""

import ctypes
import datetime
import gc
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import sessionlint
from sessionlint import _abi, _tables
from shared.command import Command
from shared.package import as_json, check_sessions, differences, raised, session_json, wanted_findings
from shared.tap import Tap

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


def check_folder_order(tap, command):
    """Folders of which one name begins another are machines in the same order as for the command."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("a", "a.b", "a/c", "a-"):
            path = pathlib.Path(folder) / name / "x.trace"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("session=1 event=Logon\nsession=2 event=Logon\n")
        found = command.run("check", "--quiet", "--format=json", "--together=folder", folder).objects
        result = sessionlint.check(folder, together="folder")
        tap.same([each.file for each in result.findings], [each["file"] for each in found if "rule" in each],
                 f"{len(result.findings)} findings are in the order of the folders")


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


def check_columns(tap):
    """Tables have a column for each member of a class, which the tests with Arrow, in ./dev python, see in use."""
    for kind, columns in _tables.COLUMNS.items():
        tap.none(sorted(set(kind.__dataclass_fields__) - {name for name, _ in columns}),
                 f"each member of {kind.__name__} is a column of its table")


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
    check_each(tap, command, root)
    check_folder_order(tap, command)
    check_ways(tap, root)
    check_values(tap)
    check_errors(tap, root)
    check_abi(tap, root)
    check_columns(tap)
    check_memory(tap, root)
    check_command_line(tap, command, root)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
