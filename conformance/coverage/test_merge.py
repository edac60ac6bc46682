#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Ledgers of several runs: their sum is the ledger of one run over all, in whatever order and grouping; what is no
ledger is refused; what is written follows the schema. Arguments: the command, the schema. Prints TAP.
"""

import itertools
import json
import pathlib
import random
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, Command
from shared.folder import Folder
from shared.table import EVENTS, STATES, way_to
from shared.tap import Tap

try:
    import jsonschema
except ImportError:
    jsonschema = None

LARGEST = 2**64 - 1


def trace(seed):
    """Anything: the sum must be right whatever was counted."""
    source, lines = random.Random(seed), []
    for i in range(source.randrange(1, 300)):
        stamp = f"time=2026-01-01T{i // 60:02}:{i % 60:02}:{source.randrange(60):02}Z "
        session = f"session={source.randrange(4)} source={source.choice(('wdm', 'wdm', 'lsm', 'wts', 'winlogon'))}"
        what = source.random()
        if what < 0.02:
            lines.append(stamp + "marker=gap")
        elif what < 0.1:
            lines.append(f"{stamp}{session} state={source.choice(STATES)}")
        else:
            lines.append(f"{stamp}{session} event={source.choice((*EVENTS, 'Ignore', 'Max'))}")
    # a way that is legal, so that there are pairs and times
    for i, (_, event, _) in enumerate(way_to("LoggedOff")):
        lines.append(f"time=2026-01-02T00:00:{i:02}Z session=99 event={event}")
    return "\n".join(lines) + "\n"


def write(command, folder, name, *arguments):
    """Runs the command with JSON into a file of that name."""
    path = folder.path / name
    result = command.run("coverage", *arguments, f"--output=json:{path}")
    command.tap.ok(result.status == STATUS_CLEAN and path.exists(), f"{name} is written", result)
    return path


def check_sums(tap, command, folder):
    traces = [folder.file(f"{i}.trace", trace(i)) for i in range(6)]
    ledgers = [write(command, folder, f"{i}.json", str(path)) for i, path in enumerate(traces)]
    whole = write(command, folder, "whole.json", *map(str, traces)).read_bytes()
    tap.ok(all(value for value in json.loads(whole)["counts"].values()), "the traces hold some of everything", whole)
    for order in itertools.islice(itertools.permutations(ledgers), 0, 720, 90):
        merged = command.run("coverage", "--merge", "--format=json", *map(str, order))
        tap.same(merged.out, whole, f"ledgers in the order {[path.stem for path in order]} make that of one run")
    halves = [write(command, folder, f"{name}.json", "--merge", *map(str, ledgers[begin:end]))
              for name, begin, end in (("a", 0, 2), ("b", 2, 6), ("c", 0, 5), ("d", 5, 6))]
    for pair in (halves[:2], halves[2:]):
        merged = command.run("coverage", "--merge", "--format=json", *map(str, pair))
        tap.same(merged.out, whole, "sums of ledgers make that of one run")
    alone = command.run("coverage", "--merge", "--format=json", "-", input=whole)
    tap.same(alone.out, whole, "a ledger on standard input is what it was")
    for form in ("text", "markdown", "lcov"):
        tap.same(command.run("coverage", "--merge", f"--format={form}", str(folder.path / "whole.json")).out,
                 command.run("coverage", f"--format={form}", *map(str, traces)).out, f"{form} of a sum is that of a run")
    return whole


def check_schema(tap, schema, whole):
    if jsonschema is None:
        tap.skip("the schema", "the Python module jsonschema is not installed")
        return
    schema = json.loads(schema.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    problems = [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(json.loads(whole))]
    tap.ok(not problems, "a ledger follows docs/coverage.schema.json", *problems)


def changed(whole, change):
    ledger = json.loads(whole)
    change(ledger)
    return json.dumps(ledger)


def set_histogram(ledger, histogram):
    """Of the first transition that has one."""
    dwell = next(item["dwell"] for item in ledger["transitions"] if item["dwell"]["count"])
    dwell["histogram"] = histogram


WRONG = {
    "another model's transition": lambda ledger: ledger["transitions"][0].update(event="Logoff"),
    "another model's state": lambda ledger: ledger["transitions"][0].update(to="Nowhere"),
    "another pair": lambda ledger: ledger["pairs"][0].update(end="Initialized"),
    "another rule": lambda ledger: ledger["rules"][0].update(rule="session/nonsense"),
    "a transition among the illegal": lambda ledger: ledger["illegal"].append(ledger["transitions"][0]),
    "another version": lambda ledger: ledger.update(version=2),
    "no name": lambda ledger: ledger.pop("ledger"),
    "another name": lambda ledger: ledger.update(ledger="x"),
    "a count that is no number": lambda ledger: ledger["counts"].update(files="1"),
    "a count below zero": lambda ledger: ledger["counts"].update(files=-1),
    "half a count": lambda ledger: ledger["transitions"][0].update(count=0.5),
    "too large a count": lambda ledger: ledger["transitions"][0].update(count=LARGEST + 1),
    "another count": lambda ledger: ledger["counts"].update(nonsense=1),
    "a bucket too many": lambda ledger: set_histogram(ledger, [[0, 1], [10**6, 1]]),
    "a bucket twice": lambda ledger: set_histogram(ledger, [[0, 1], [0, 1]]),
    "half a bucket": lambda ledger: set_histogram(ledger, [[0]]),
    "buckets that hold too few": lambda ledger: set_histogram(ledger, []),
    "buckets that hold too many": lambda ledger: set_histogram(ledger, [[0, LARGEST], [1, LARGEST]]),
}


def refused(tap, command, what, data, said="not a ledger"):
    result = command.run("coverage", "--merge", "-", input=data if isinstance(data, bytes) else data.encode())
    tap.ok(result.status == STATUS_FAILED and not result.out and said in result.error, f"{what} is refused", result)


def check_wrong(tap, command, folder, whole):
    for what, change in WRONG.items():
        refused(tap, command, what, changed(whole, change))
    for what, data in {"nothing": b"", "an array": b"[]", "an empty object": b"{}", "a trace": b"session=1 event=Logon\n",
                       "two ledgers in one": whole * 2, "depth": b'{"x":' + b"[" * 2_000_000,
                       "bytes": bytes(range(256)), "an open string": b'{"ledger', "an escape at the end": b'{"a\\'}.items():
        refused(tap, command, what, data)
    source = random.Random(1)
    cuts = [source.randrange(len(whole) - 2) for _ in range(40)]
    for cut in cuts:
        if command.run("coverage", "--merge", "-", input=whole[:cut]).status != STATUS_FAILED:
            tap.ok(False, f"a ledger cut at {cut} is refused")
    tap.ok(True, f"{len(cuts)} cut ledgers were tried")
    for _ in range(200):
        damaged = bytearray(whole)
        for _ in range(source.randrange(1, 4)):
            damaged[source.randrange(len(damaged))] = source.choice(b'0123456789"{}[],:\\ \0\xff')
        command.run("coverage", "--merge", "-", input=bytes(damaged))
    tap.ok(True, "200 damaged ledgers were tried: no signal, no report of a sanitizer")
    large = folder.file("large.json", changed(whole, lambda ledger: ledger["transitions"][0].update(count=LARGEST)))
    result = command.run("coverage", "--merge", str(large), str(large))
    tap.ok(result.status == STATUS_FAILED and "too large" in result.error, "sums that are no number are refused", result)
    result = command.run("coverage", "--merge", str(folder.path / "absent.json"))
    tap.ok(result.status == STATUS_FAILED and "absent.json: No such file" in result.error, "an absent ledger", result)
    known = changed(whole, lambda ledger: ledger.update(more={"a": [1, {"b": "c\\\""}, None, True, -1.5e3]}))
    result = command.run("coverage", "--merge", "--format=json", "-", input=known.encode())
    tap.same(result.out, whole, "what a later version adds is passed over")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        whole = check_sums(tap, command, folder)
        check_schema(tap, pathlib.Path(sys.argv[2]), whole)
        check_wrong(tap, command, folder, whole)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
