#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures a release build: one table in Markdown, and the same as JSON. All sides of a row take turns in one run; the
ratio says how many times the CPU time of sessionlint another one takes. See docs/performance.md.

Arguments: the build folder, the file for JSON, and a folder of real logs, which need not exist. Of the environment:
BENCH_EVENTS (5,000,000), BENCH_RUNS (5), BENCH_SESSIONS (1,000,000): sessions alive at once, when memory is measured.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys

import peers
from measure import Side, measure, peak_with
from shared.folder import Folder

EVENTS = int(os.environ.get("BENCH_EVENTS", 5_000_000))
RUNS = int(os.environ.get("BENCH_RUNS", 5))
SESSIONS = int(os.environ.get("BENCH_SESSIONS", 1_000_000))

# Of the made-up traces some sessions are alive in the end, and winlogon's records end where those of wdm do not.
OFF = ("--rule", "unfinished=off", "--rule", "undocumented-transition=off")
EVERY = 10_000  # one event in so many is illegal


class Bench:
    """The rows, as they are measured."""

    def __init__(self, build, logs, folder):
        self.sessionlint = build / "sessionlint"
        self.tools = build / "conformance/tools"
        self.logs, self.folder, self.rows = logs, folder, []

    def check(self, *paths, name="sessionlint"):
        return Side(name, [self.sessionlint, "check", "-q", "--no-config", *OFF, *paths])

    def make(self, name, *words):
        """A file of what one of the tools writes."""
        path = self.folder.path / name
        with open(path, "wb") as file:
            subprocess.run([self.tools / words[0], *map(str, words[1:])], stdout=file, check=True)
        return path

    def row(self, title, sides, paths):
        """Measures one, and prints it; the first side is what the others are compared with."""
        size = sum(path.stat().st_size for path in paths)
        measure(sides, RUNS)
        first = statistics.median(sides[0].cpu)
        entry = {"title": title, "bytes": size, "sides": []}
        for side in sides:
            of = f"{title} ({size / 1e6:.0f} MB)" if side is sides[0] else ""
            if side.missing:
                print(f"| {of} | {side.name} | {side.missing} | | |")
                entry["sides"].append({"name": side.name, "missing": side.missing})
                continue
            cpu = statistics.median(side.cpu)
            print(f"| {of} | {side.name} | {cpu:.3f} s | {size / cpu / 1e9:.3f} | {cpu / first:.2f} |", flush=True)
            entry["sides"].append({"name": side.name, "cpu": side.cpu, "wall": side.wall, "output": side.output,
                                   "gb_per_s": size / cpu / 1e9, "ratio": cpu / first})
        self.rows.append(entry)

    # ---- the rows ----

    def texts(self):
        macros = self.folder.path / "macros.sql"
        macros.write_bytes(subprocess.run([self.sessionlint, "model", "--sql=duckdb"], check=True,
                                          capture_output=True).stdout)
        for sessions in (1_000, 100_000, 1_000_000):
            path = self.make("text.trace", "make_trace", EVENTS, sessions)
            sides = [self.check(path), Side("Ragel -G2 scanner", [self.tools / "scan_only", path]), peers.lines(path),
                     peers.grep(path), peers.mawk(path), peers.python(path)]
            if sessions == 100_000:
                sides.append(peers.duckdb(path, macros))
            self.row(f"text, {EVENTS:,} events of {sessions:,} sessions", sides, [path])
        path = self.make("text.trace", "make_trace", min(EVENTS, 100_000), 1_000)
        self.row("text, 100,000 events of 1,000 sessions", [self.check(path), peers.pm4py(path)], [path])

    def illegal(self):
        clean = self.make("clean.trace", "make_trace", EVENTS, 100_000)
        path = self.folder.path / "illegal.trace"
        with open(clean, "rb") as source, open(path, "wb") as to:
            for number, line in enumerate(source):
                to.write(line)
                if number % EVERY == 0:
                    to.write(line)  # no event is legal twice in a row
        self.row(f"text, an event in {EVERY:,} illegal", [self.check(path), self.check(clean, name="sessionlint, none illegal")],
                 [path])

    def certificate(self):
        path = self.make("text.trace", "make_trace", EVENTS, 100_000)
        certified = self.check("--certificate", self.folder.path / "t.cert", path, name="with --certificate")
        self.row("certificate, 100,000 sessions", [self.check(path), certified], [path])

    def other_texts(self):
        path = self.make("t.ndjson", "make_trace", EVENTS, 100_000, "ndjson")
        self.row("NDJSON, 100,000 sessions", [self.check(path), peers.lines(path)], [path])
        drivers = self.make("driver.trace", "make_contract", EVENTS, 1, 0, 50, 200, 1_000, self.folder.path / "ledger")
        text = self.make("text.trace", "make_trace", EVENTS, 1_000)
        self.row("records of 50 drivers, 200 I/O objects, 1,000 sessions",
                 [self.check(drivers), Side("Ragel -G2 scanner", [self.tools / "scan_only", drivers]), peers.lines(drivers)],
                 [drivers])
        self.row("events alone, of 1,000 sessions", [self.check(text), peers.lines(text)], [text])

    def windows_logs(self):
        real = sorted(self.logs.glob("*/System.evtx")) if self.logs else []
        if real:
            self.row(f".evtx, {len(real)} System logs of real machines, most records skipped",
                     [self.check(*real), peers.evtxexport(real), peers.evtx_dump(real)], real)
        else:
            print("| .evtx of real machines | | there are none | | |")
        for option in ((), ("--inline",)):
            path = self.folder.path / "every.evtx"
            events = max(EVENTS // 5, 1000)
            subprocess.run([self.tools / "trace_to_evtx", *option, f"--events={events}", "--sessions=200", path], check=True)
            self.row(f".evtx, every record an event{', without templates' if option else ''}",
                     [self.check(path), peers.lines(path)], [path])

    def memory(self):
        """What one more live session takes."""
        words = [self.sessionlint, "check", "-q", "--no-config", *OFF, "-"]
        parts = (b"".join(b"session=%d event=Created\n" % session for session in range(first, min(first + 10_000, SESSIONS)))
                 for first in range(0, SESSIONS, 10_000))
        peak, least = peak_with(words, parts), peak_with(words, [b"session=1 event=Created\n"])
        print(f"\n**Memory** of {SESSIONS:,} live sessions, through a pipe: {peak / 2**20:.0f} MiB, "
              f"{(peak - least) / SESSIONS:.0f} bytes each; {least / 2**20:.1f} MiB with one")
        return {"sessions": SESSIONS, "peak": peak, "with_one": least}


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), "unknown")
    return {"cores": os.cpu_count(), "processor": model}


def main():
    build, to, logs = (pathlib.Path(argument) for argument in sys.argv[1:4])
    here = machine()
    print(f"{here['cores']} cores, {here['processor']}. CPU time, user and system: median of {RUNS} runs; "
          "ratio: that of sessionlint is 1.\n\n| | | CPU time | GB/s | ratio |\n|---|---|---|---|---|")
    with Folder() as folder:
        bench = Bench(build, logs if logs.is_dir() else None, folder)
        bench.texts()
        bench.illegal()
        bench.certificate()
        bench.other_texts()
        bench.windows_logs()
        memory = bench.memory()
    to.write_text(json.dumps({"machine": here, "events": EVENTS, "runs": RUNS, "rows": bench.rows, "memory": memory}, indent=1)
                  + "\n", encoding="utf-8")
    print(f"\nAlso in {to}")


if __name__ == "__main__":
    main()
