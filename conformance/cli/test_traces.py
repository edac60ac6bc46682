#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The reviewed traces: each finds what its comment says, README.md is true, and the sample event log is the
trace beside it. Arguments: the command, the root of the source, trace_to_evtx. Prints TAP.
"""

import pathlib
import re
import shlex
import subprocess
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS, Command, places
from shared.folder import Folder
from shared.table import START, TABLE, step
from shared.tap import Tap

FINDS = re.compile(r"^# finds: (\S+) at (\d+)$", re.M)
OPTIONS = re.compile(r"^# options: (.+)$", re.M)


def check_trace(tap, command, root, path):
    """A trace finds what it says, and no more; a legal one has no error, an illegal one some finding."""
    name = str(path.relative_to(root))
    text = path.read_text(encoding="utf-8")
    options = [option for line in OPTIONS.findall(text) for option in shlex.split(line)]
    result = command.run("check", "-q", "--format=json", *options, name, cwd=root)
    said = [(int(line), rule) for rule, line in FINDS.findall(text)]
    tap.same(places(result.findings), said, f"{name}: finds what its comment says", result)
    severities = {finding["severity"] for finding in result.findings}
    status = STATUS_FAILED if ("trace/malformed" in dict(map(reversed, said))) else \
        STATUS_FINDINGS if "error" in severities else STATUS_CLEAN
    tap.same(result.status, status, f"{name}: status {status}")
    folder = path.parent.name
    if folder == "legal":
        tap.ok(severities <= {"note"}, f"{name}: nothing but notes in legal/", severities)
    elif folder == "illegal":
        tap.ok(severities - {"note"}, f"{name}: more than notes in illegal/", severities)
    if path.suffix in (".trace", ".log"):
        tap.ok(text.startswith("# "), f"{name}: begins with a comment that says what it shows")
    return text


def transitions_in(text):
    """The transitions that a wdm trace takes, by the tests' own table."""
    states, taken = {}, set()
    for line in text.splitlines():
        pairs = dict(re.findall(r"(?:^|\s)(host|boot|session|event)=(\S+)", line.split(" #")[0]))
        key = (pairs.get("host"), pairs.get("boot"), pairs.get("session"))
        event = pairs.get("event")
        if event is None or line.startswith("#"):
            continue
        state = states.get(key, START)
        if (state, event) in TABLE:
            taken.add((state, event))
        states[key] = step(state, event)
    return taken


def check_coverage(tap, root):
    taken = transitions_in((root / "traces/legal/every-transition.trace").read_text(encoding="utf-8"))
    tap.same(taken, set(TABLE), "every-transition.trace takes each of the 17 transitions")
    sources = "".join(path.read_text(encoding="utf-8") for path in (root / "traces/partial").glob("*.trace"))
    for source in ("wts", "sens", "lsm", "winlogon", "winlogon-operational", "profile", "rdp", "account"):
        tap.ok(f"source={source} " in sources, f"partial/ has a trace of {source}")


def check_readme(tap, command, root):
    readme = (root / "traces/README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^    \$ sessionlint (.*)\n((?:    .*\n)*)", readme, re.M)
    tap.ok(len(blocks) >= 4, f"README.md shows {len(blocks)} commands")
    for arguments, output in blocks:
        result = command.run(*shlex.split(arguments), cwd=root)
        tap.same(result.text, "".join(line[4:] + "\n" for line in output.splitlines()),
                 f"README.md: sessionlint {arguments}")
    keys = re.findall(r"^\| `(\w+)` \| ", readme.split("## A record")[1].split("| kind |")[0], re.M)
    source = (root / "src/trace/keys.c").read_text(encoding="utf-8")
    tap.same(keys, re.findall(r'^\t\[KEY_\w+\] = \{ "(\w+)"', source, re.M), "README.md: the keys are those of keys.c")
    check_keys(tap, command, keys)
    check_forms(tap, command, readme, keys)
    check_events(tap, command, readme)
    markers = re.findall(r"^\| `(\w+)` \| ", readme.split("### Markers")[1].split("##")[0], re.M)
    result = command.check("".join(f"{'session=1 ' if marker == 'reported' else ''}marker={marker}\n"
                                   for marker in markers))
    tap.ok("trace/malformed" not in result.summary["findings"] and len(markers) == 5,
           "README.md: each marker is read", result)
    folders = re.findall(r"^\| `(\w+)/` \|", readme, re.M)
    tap.same(sorted(folders), sorted(path.name for path in (root / "traces").iterdir() if path.is_dir()
                                     and any(path.iterdir())), "README.md tells of each folder")


VALUES = {"time": "2026-03-02T12:01:44.771Z", "seq": "18446744073709551615", "session": "4294967295",
          "source": "wdm", "event": "Created", "from": "Initialized", "to": "1", "state": "2", "marker": "gap",
          "local": "true", "object": "deleted", "notify": "Logon", "call": "IoRegisterContainerNotification",
          "class": "IoSessionStateNotification", "mask": "logon,logoff", "status": "STATUS_SUCCESS",
          "payload_local": "0", "allow": "gap", "kind": "driver",
          "pointer_size": "4", "process": "612", "phase": "end", "seq_end": "9", "irql": "1",
          **dict.fromkeys(("size", "length", "flags", "payload_session", "payload_length", "device_session"), "0x20")}


def malformed_by(command, record):
    """What is said of a record that is malformed; nothing if it is none."""
    result = command.check(" ".join(f"{key}={value}" for key, value in record.items()) + "\n")
    return "".join(found["message"] for found in result.findings if found["rule"] == "trace/malformed")


def check_forms(tap, command, readme, keys):
    """The table of kinds: what each needs, and which keys belong to it."""
    section = readme.split("## A record")[1]
    rows = [[re.findall(r"`([\w=]+)`", cell) for cell in row.strip("|").split("|")]
            for row in re.findall(r"^\|.*\|$", section.split("| kind |")[1].split("\n\n")[0], re.M)][1:]
    everywhere = re.findall(r"`(\w+)`", re.search(r"^(`time`.*) are allowed in every record", section, re.M)[1])
    kinds = {kind.partition("=")[0] for [kind], *_ in rows}
    for [kind], needs, may in rows:
        name, _, value = kind.partition("=")
        # one of several is enough
        several = needs[1:] if name == "notify" else []
        record = {name: value or VALUES[name]} | {key: VALUES.get(key, "text") for key in needs}
        wrong = [f"takes none of {several}" for _ in several[:1]
                 if malformed_by(command, {one: record[one] for one in record if one not in several}) !=
                 "missing session"]
        needs = [key for key in needs if key not in several]
        wrong += [f"needs {key}" for key in needs if key != "registration" or name == "call" and "mask" not in needs
                 if malformed_by(command, {one: record[one] for one in record if one != key}) != f"missing {key}"]
        for key in set(keys) - kinds:
            pair = {"allow": "gap", "allow_reason": "text"} if key.startswith("allow") else {}
            pair |= {"seq": "1"} if key == "seq_end" and name in ("notify", "call") else {}
            said = malformed_by(command, record | pair | {key: VALUES.get(key, "text")})
            if (not said) != (key in needs + several + may + everywhere) or said and not said.startswith(f"{key} belongs to "):
                wrong.append(f"{key}: {said or 'is taken'}")
        tap.ok(not wrong and needs + may, f"README.md: {kind} has the keys that it is said to have", *wrong)


def check_keys(tap, command, keys):
    register = {"call": "IoRegisterContainerNotification", "io": "a", "registration": "b", "mask": "all", "status": "0"}
    notify = {"session": "1", "notify": "Ignore", "io": "a"}
    kinds = {**dict.fromkeys(("state", "local"), {"session": "1", "state": "Initialized"}),
             **dict.fromkeys(("marker", "reason"), {"marker": "gap"}),
             **dict.fromkeys(("notify", "session_object", "payload_session", "payload_local", "payload_length"), notify),
             **dict.fromkeys(("call", "driver", "io", "registration", "class", "size", "length", "flags", "mask",
                              "context", "status", "phase", "irql"), register),
             "seq_end": {**register, "seq": "1"},
             **dict.fromkeys(("object", "device_session", "kind", "owner"), {"object": "created", "io": "a"})}
    kinds |= {"allow": {"allow_reason": "known", "session": "1", "event": "Ignore"},
              "allow_reason": {"allow": "gap", "session": "1", "event": "Ignore"}}
    for key in keys:
        record = kinds.get(key, {"session": "1", "event": "Ignore"}) | {key: VALUES.get(key, "text")}
        result = command.check(" ".join(f"{name}={value}" for name, value in record.items()) + "\n")
        tap.ok("trace/malformed" not in result.summary["findings"], f"README.md: {key} is read", record, result)
        result = command.check(" ".join(f"{name.upper() if name == key else name}={value}"
                                        for name, value in record.items()) + "\n")
        tap.ok("trace/malformed" in result.summary["findings"], f"README.md: {key.upper()} is no key", result)


def check_events(tap, command, readme):
    """The table of events: what each source calls them."""
    rows = [[cell.strip() for cell in row.strip("|").split("|")]
            for row in re.findall(r"^\|.*\|$", readme.split("### Events")[1].split("###")[0], re.M)]
    sources = rows[0][1:]
    for source, number in ((source, number) for number, source in enumerate(sources, 1)):
        wrong = []
        known = set()
        for row in rows[2:]:
            for name in re.findall(r"\w+", row[number]) + [row[0], f"IoSessionEvent{row[0]}"]:
                known.add(name)
                # the state cannot be known, but a repeated Max shows what the events before it were
                result = command.check(f"source={source} session=1 event={name}\n"
                                       f"source={source} session=1 event=Max\n", "--start=unknown")
                history = [f["history"] for f in result.findings if f["rule"] == "session/invalid-event"]
                if not history or history[0][0]["event"] != row[0]:
                    wrong.append(f"{name} is not read as {row[0]}")
        trace = "".join(f"source={source} session={number} event={number}\n" for number in range(100)
                        if str(number) not in known)
        result = command.check(trace)
        rule = "session/invalid-event" if source == "wdm" else "trace/malformed"
        if {found for _, found in places(result.findings)} != {rule}:
            wrong.append(f"a number that is not in the table is not {rule}")
        tap.ok(not wrong, f"README.md: the events of {source}, {len(known)} names and numbers", *wrong)


def bare(finding):
    """A finding without its place in the file, but with what the places say of order."""
    return {**{key: value for key, value in finding.items() if key not in ("file", "line", "offset", "fingerprint")},
            "history": [past["event"] for past in finding["history"]]}


def check_sample(tap, command, root, writer):
    trace, log = root / "traces/partial/rds-host.trace", root / "traces/partial/rds-host.evtx"
    with Folder() as folder:
        made = folder.path / "made.evtx"
        subprocess.run([writer, str(trace), str(made)], check=True)
        tap.ok(made.read_bytes() == log.read_bytes(), "rds-host.evtx is what trace_to_evtx makes of rds-host.trace")
    tap.same(log.stat().st_size, 69_632, "rds-host.evtx is one chunk")
    text, binary = (command.run("check", "-q", "--format=json", str(path)) for path in (trace, log))
    tap.same([bare(finding) for finding in binary.findings], [bare(finding) for finding in text.findings],
             "rds-host.evtx and rds-host.trace: the same findings but for their places")
    counts = [{key: result.summary[key] for key in ("records", "events", "markers", "sessions", "findings")}
              for result in (binary, text)]
    tap.same(counts[0], counts[1], "rds-host.evtx and rds-host.trace: the same summary")
    # a record of the log is numbered as it stands in the trace
    lines = [number for number, line in enumerate(trace.read_text(encoding="utf-8").splitlines(), 1)
             if line and not line.startswith("#")]
    tap.same([lines[finding["line"] - 1] for finding in binary.findings],
             [finding["line"] for finding in text.findings], "rds-host.evtx: the record numbers are the lines")


def main():
    tap = Tap()
    command, root, writer = Command(sys.argv[1], tap), pathlib.Path(sys.argv[2]).resolve(), sys.argv[3]
    paths = sorted(path for path in root.glob("traces/*/*") if path.suffix in (".trace", ".ndjson", ".csv", ".log"))
    tap.ok(len(paths) >= 20, f"there are {len(paths)} traces")
    for path in paths:
        check_trace(tap, command, root, path)
    check_coverage(tap, root)
    check_readme(tap, command, root)
    check_sample(tap, command, root, writer)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
