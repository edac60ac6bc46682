#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Damages real inputs at random and feeds them to the checker, which must end with 0, 1 or 2 and say why.

Build it with sanitizers: they make an abort of whatever is wrong with memory or arithmetic. A run is repeated by its
seed; an input that fails is kept.
"""

import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

# A sanitizer must not end with a status that the checker could have.
ENVIRONMENT = os.environ | {"ASAN_OPTIONS": "exitcode=99", "UBSAN_OPTIONS": "halt_on_error=1:exitcode=99"}


def inputs(folders):
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.suffix in (".trace", ".ndjson", ".csv", ".log", ".evtx") and path.stat().st_size < 1 << 21:
                yield path


def flip(data, rng):
    for _ in range(rng.choice((1, 2, 8, 64))):
        data[rng.randrange(len(data))] = rng.randrange(256)


def overwrite(data, rng):
    at = rng.randrange(len(data))
    size = rng.choice((2, 4, 8, 64, 4096))
    data[at:at + size] = bytes(rng.choice((0, 0xff, rng.randrange(256)))
                               for _ in range(min(size, len(data) - at)))


def cut(data, rng):
    del data[rng.randrange(len(data)):]


def move(data, rng):
    a, b = rng.randrange(len(data)), rng.randrange(len(data))
    size = rng.choice((4, 16, 512, 65536))
    data[b:b + size] = data[a:a + size]


def mutated(original, rng):
    data = bytearray(original)
    for _ in range(rng.choice((1, 1, 2, 4))):
        if data:
            rng.choice((flip, flip, overwrite, cut, move))(data, rng)
    return bytes(data)


def run(command, data, folder, seconds):
    path = pathlib.Path(folder) / "input"
    path.write_bytes(data)
    try:
        result = subprocess.run([command, "check", "--format=json", str(path)], capture_output=True,
                                timeout=seconds, check=False, env=ENVIRONMENT)
    except subprocess.TimeoutExpired:
        return "takes too long"
    if result.returncode not in (0, 1, 2) or b"Sanitizer" in result.stderr or b"runtime error" in result.stderr:
        return f"exit status {result.returncode}: {result.stderr[-2000:].decode(errors='replace')}"
    if result.returncode == 2 and b"malformed" not in result.stdout and b"sessionlint: " not in result.stderr:
        return "exit status 2 without a reason"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--command", required=True)
    parser.add_argument("--traces", required=True)
    parser.add_argument("--logs", default="")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--runs", type=int, default=0, help="that many runs instead of seconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tap", action="store_true")
    arguments = parser.parse_args()
    originals = [path.read_bytes() for path in inputs([arguments.traces] + [arguments.logs] * bool(arguments.logs))]
    end, runs, failures = time.monotonic() + arguments.seconds, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        while runs < arguments.runs or (not arguments.runs and time.monotonic() < end):
            rng = random.Random(arguments.seed * 1000003 + runs)
            data = mutated(rng.choice(originals), rng)
            reason = run(arguments.command, data, folder, 60)
            if reason:
                kept = pathlib.Path(tempfile.gettempdir()) / f"sessionlint-fuzz-{arguments.seed}-{runs}"
                kept.write_bytes(data)
                print(f"# run {runs}, kept as {kept}: {reason}")
                failures += 1
            runs += 1
    if arguments.tap:
        print(f"{'not ' if failures else ''}ok 1 - {runs} damaged copies of {len(originals)} inputs do no harm\n1..1")
    else:
        print(f"{runs} runs on {len(originals)} inputs, {failures} failures")
    return failures != 0


sys.exit(main())
