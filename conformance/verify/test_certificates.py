#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The verifier accepts the certificates of all traces of the tests, and counts what is not certified. Its machine is that of the
tests (sights.py), state by state; it is short, and imports nothing of the project. Arguments: the command, make_lives, the
root of the source, the folders of cases and of real logs. Prints TAP.
"""

import ast
import collections
import csv
import hashlib
import json
import pathlib
import random
import re
import subprocess
import sys

from shared.certificates import Certificate, make_lives, unread, verified, verifier
from shared.command import Command, options_of
from shared.contract_writer import Writer, spell
from shared.folder import Folder
from shared.phases import number, spread
from shared.sights import SOURCES, arcs
from shared.table import EVENTS, STATES
from shared.tap import Tap

LINES_MAX, COLUMNS_MAX = 500, 120
# The verifier: what verifies, and what reads traces.
FILES = ("verify.py", "log_order.py", "sessions.py", "drivers.py", "text_records.py", "evtx_records.py")

RANDOM_TRACES = 150

# Random drivers: whether their traces hold the events, and what is made of the records of calls and callbacks.
DRIVERS = {
    "notifications alone": (False, lambda source, records: records),
    "some of the events": (None, lambda source, records: records),
    "calls and callbacks of two records": (False, spread),
    "numbered calls and callbacks, with two numbers": (False, lambda source, records: number(source, spread(source, records)))}

# Options that a certificate cannot have.
NOT_CERTIFIED = ("--together", "--anonymize", "--window")

NEVER_CLOSED = "Microsoft-Windows-TerminalServices-LocalSessionManager%4Operational.evtx"

# How many incarnations of traces/, golden reports and rules are certified, and how many are not, by reason. What is certified
# stays so: a number here only changes with a trace that is added, or if more is certified.
CERTIFIED = 950
UNCERTIFIED = {"notifications": 6,
               "session/illegal-transition": 1, "session/wrong-state": 1}
# The same of the real Windows logs: three that are damaged, and two exports, have no session.
LOGS_UNCERTIFIED = {}


def check_verifier(tap, root):
    """The verifier is short, says of each function what it does, imports nothing of the project, and its size is no secret."""
    folder = pathlib.Path(verifier.__file__).parent
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in FILES}
    lines = {name: len(text.splitlines()) for name, text in texts.items()}
    tap.ok(max(lines.values()) <= LINES_MAX, f"each file of the verifier has at most {LINES_MAX} lines", lines)
    wide = [f"{name}: {line}" for name, text in texts.items() for line in text.splitlines() if len(line) > COLUMNS_MAX]
    tap.none(wide, f"no line of it has more than {COLUMNS_MAX} characters")
    tap.none([f"{name}: {each.name}" for name, text in texts.items() for each in ast.walk(ast.parse(text))
              if isinstance(each, ast.ClassDef) and not ast.get_docstring(each)], "each class says what it is for")
    imported = {name for text in texts.values() for name in re.findall(r"^ *(?:import|from) ([a-z_]+)", text, re.M)}
    strange = imported - {name.removesuffix(".py") for name in FILES} - set(sys.stdlib_module_names)
    tap.ok(not strange, "the verifier imports nothing of the project", strange)
    document = (root / "docs" / "certificate.md").read_text(encoding="utf-8")
    tap.none([f"{name}: {count}" for name, count in lines.items() if f"| `{name}` | {count} |" not in document],
             "docs/certificate.md says how many lines each file has")


def check_program(tap, command, folder):
    """The verifier as a program: what it says, and its status."""
    trace, path = folder / "a.trace", folder / "a.cert"
    trace.write_text("session=1 event=Created\nsession=1 event=Logon\ncall=IoUnregisterContainerNotification registration=r\n")
    for change, options, status, words in (
            (str, [], 0, "accepted: 1 certified, 0 not certified"),
            (lambda text: text.replace('"C"', '"K"'), [], 1, "line 2: session 1 : the chain has 'K', not 'C'"),
            (lambda text: text.replace("{", ""), [], 1, "refused"),
            (lambda text: "", [], 1, "refused")):
        Certificate(command, path, [], [trace])
        path.write_text(change(path.read_text()))
        result = subprocess.run([sys.executable, verifier.__file__, *options, str(path)], stdout=subprocess.PIPE, text=True, check=False)
        tap.ok(result.returncode == status and words in result.stdout, f"status {status}: {words}", result)
    certificate = Certificate(command, path, [f"--output=html:{folder / 'a.html'}"], [trace])
    digest = certificate.parts[-2]["log"][0]["sha256"]
    tap.same(digest, hashlib.sha256(trace.read_bytes()).hexdigest(), "with a page, a certificate has the digest of the trace")
    tap.ok(verified(certificate.lines) == (1, 0) and isinstance(
        verified([line.replace(digest, "0" * 64) for line in certificate.lines]), str), "which the verifier compares")
    trace.write_text("00000001\t0.01\t\033[1msessionlint: session=1 event=Created\n")
    Certificate(command, path, [], [trace])
    for options, status in (([], 2), (["--allow-uncertified"], 0)):
        result = subprocess.run([sys.executable, verifier.__file__, *options, str(path)], stdout=subprocess.PIPE, text=True, check=False)
        tap.ok(result.returncode == status and "0 certified, 1 not certified" in result.stdout, f"{options}: status {status}", result)
    trace.unlink()
    result = subprocess.run([sys.executable, verifier.__file__, str(folder / "none")], stdout=subprocess.PIPE, text=True, check=False)
    tap.ok(result.returncode == 1 and "No such file" in result.stdout, "no file: status 1", result)


def named(state):
    return STATES["CIKDMLFT".index(state)]


def check_machine(tap):
    """The verifier's transcription and that of the tests were made from the documents one by one."""
    wrong = []
    for source in SOURCES:
        for granted in ((False, False, False), (True, False, False), (True, True, False), (True, False, True), (True, True, True)):
            reuse, reconnect, unseen = granted
            machine = verifier.Machine(source, reconnect, unseen, reuse)
            seen, hidden = arcs(source, *granted)
            mine = {(named(state), EVENTS["ctkdlf".index(event)]): named(to) for (state, event), to in machine.seen.items()}
            other = {(named(state), named(to)) for (state, _), to in machine.hidden.items()}
            wrong += [f"{source} {granted}: shown"] * (mine != dict(seen)) + [f"{source} {granted}: hidden"] * (other != set(hidden))
    tap.none(wrong, f"the verifier's machine is the one of the tests: {len(SOURCES)} sources, five tolerances")


def check_one(tap, command, path, options, files, claim):
    """A certificate of the files is accepted, and has the counts of the command. Why what is not certified: {reason: count}."""
    reasons = unread(files)
    if reasons:
        tap.skip(f"{claim}: {len(reasons)} Windows logs", f"{', '.join(sorted(set(reasons.values())))}: "
                 f"{', '.join(sorted(path.name for path in reasons))}")
        files = [path for path in files if path not in reasons]
    certificate = Certificate(command, path, options, files)
    told = certificate.verify()
    counts = {verdict: certificate.parts[-1][verdict] for verdict in ("conforming", "violating", "undetermined")}
    sessions = certificate.result.summary["sessions"]
    tap.ok(not isinstance(told, str), f"{claim}: accepted", told)
    tap.same(counts, {verdict: sessions[verdict] for verdict in counts}, f"{claim}: the verdicts are those of check")
    if not isinstance(told, str):
        tap.ok(sum(told) == sum(counts.values()) and told[1] == sum(certificate.reasons.values()),
               f"{claim}: {told[0]} incarnations certified, {told[1]} not: {dict(certificate.reasons)}", told, certificate.reasons)
    return certificate


def check_traces(tap, command, folder, root):
    """The traces that are shown to people: what of them is not certified is known. Returns the counts of all: {reason: count}."""
    wrong, counts = [], collections.Counter()
    for path in sorted((root / "traces").glob("*/*")):
        name = path.relative_to(root).as_posix()
        options = options_of(path.read_text(encoding="utf-8", errors="replace")) if path.suffix == ".trace" else []
        if unread([path]):
            tap.skip(name, unread([path])[path])
            counts[""] = None
            continue
        certificate = Certificate(command, folder / "one", options, [path])
        told, reasons = certificate.verify(), certificate.reasons
        counts += certificate.counts
        if isinstance(told, str):
            wrong.append(f"{name}: {told}")
        elif "driver" not in name and reasons:
            wrong.append(f"{name}: not certified: {dict(reasons)}")
    tap.none(wrong, "traces/: every verdict is certified and accepted, but those of drivers, with a reason")
    return counts


def check_ratchet(tap, counts):
    if None in counts.values():
        tap.skip("how many incarnations are certified", "a log could not be read")
        return
    certified = counts.pop("")
    tap.same(certified, CERTIFIED, "traces/, golden reports and rules: so many incarnations are certified")
    tap.same(dict(sorted(counts.items())), UNCERTIFIED, "and so many are not, by reason")


def grouped(paths):
    """The files by their options; those with options that a certificate cannot have are left out."""
    groups = {}
    for path in paths:
        options = options_of(path.read_text(encoding="utf-8", errors="replace"))
        if not any(option.startswith(NOT_CERTIFIED) for option in options):
            groups.setdefault(tuple(options), []).append(path)
    return groups


def check_cases(tap, command, folder, cases):
    table = cases / "cases.tsv"
    if not table.exists():
        tap.skip("cases", f"{table} is missing")
        return
    groups = {}
    for row in csv.DictReader(table.open(encoding="utf-8"), delimiter="\t"):
        options = tuple(row["options"].split())
        files = [cases / file for file in row["files"].split()]
        if files[0].name == NEVER_CLOSED:
            tap.skip(f"cases {NEVER_CLOSED}", "libevtx reads nothing of a chunk whose header was never brought up to date")
            continue
        if not any(option.startswith(NOT_CERTIFIED) for option in options) and len(files) == 1:
            groups.setdefault(options, []).extend(files)
    for options, files in groups.items():
        check_one(tap, command, folder / "cases", options, files, f"cases {' '.join(options)} ({len(files)} files)")


def check_logs(tap, command, folder, paths):
    """Real logs: those that are whole are certified, and the verifier sees them through the eyes of libevtx."""
    certificate = check_one(tap, command, folder / "logs", [], paths, f"{len(paths)} Windows logs")
    if not unread(paths):
        tap.same(dict(certificate.reasons), LOGS_UNCERTIFIED, "of them only what is damaged is not certified")


def check_drivers(tap, command, folder):
    """Random drivers: which registration a notification is for, and which sessions several have shown, the verifier finds out."""
    source = random.Random(20261130)
    for kind, (events, change) in DRIVERS.items():
        files = []
        for at in range(RANDOM_TRACES):
            files.append(folder / f"{kind}-{at}.trace")
            records = change(source, Writer(source, events).trace())
            files[-1].write_text("".join(spell(record) + "\n" for record in records), encoding="utf-8")
        for options in ([], ["--start=initialized"]):
            certificate = check_one(tap, command, folder / "drivers", options, files,
                                    f"{RANDOM_TRACES} random drivers, {kind} {' '.join(options)}".rstrip())
            certified, several = certificate.counts[""], sum("(" in line for line in certificate.lines)
            tap.ok(certified > 4 * sum(certificate.reasons.values()), f"of these, four of five are certified: {dict(certificate.counts)}",
                   certificate.counts)
            tap.ok(several > 5, f"{several} of them are of sessions that several registrations have shown")


def check_schema(tap, root, parts):
    try:
        import jsonschema  # noqa: tests run without it
    except ImportError:
        tap.skip("docs/certificate.schema.json", "the Python module jsonschema is not installed")
        return
    schema = json.loads((root / "docs" / "certificate.schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    tap.none([f"{part}: {error.message}" for part in parts for error in validator.iter_errors(part)],
             f"{len(parts)} lines follow docs/certificate.schema.json")


def main():
    tap = Tap()
    command, maker, root, cases, logs = Command(sys.argv[1], tap), sys.argv[2], *map(pathlib.Path, sys.argv[3:])
    parts = []
    check_verifier(tap, root)
    check_machine(tap)
    with Folder() as place:
        folder = place.path
        check_program(tap, command, folder)
        counts = check_traces(tap, command, folder, root)
        tests = root / "conformance"
        for options, files in grouped([*sorted((tests / "golden").glob("*.trace")), *sorted((tests / "rules").rglob("*.trace")),
                                       *sorted((tests / "rules").rglob("*.ndjson"))]).items():
            certificate = check_one(tap, command, folder / "rules", options, files,
                                    f"rules and golden reports {' '.join(options)}")
            parts += certificate.parts
            counts.update(certificate.counts)
        check_ratchet(tap, counts)
        lives = folder / "lives"
        lives.mkdir()
        for options, files in make_lives(maker, lives, 1, 3000, 3).items():
            parts += check_one(tap, command, folder / "of-lives", options, files, f"lives {' '.join(options)}").parts
        check_drivers(tap, command, folder)
        check_cases(tap, command, folder, cases)
        if logs.is_dir():
            check_logs(tap, command, folder, sorted(logs.rglob("*.evtx")))
        else:
            tap.skip("Windows logs", f"{logs} is missing")
    check_schema(tap, root, parts[::7])
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
