#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What lies after the end of a log: whose records they are, and what --recover makes of them.

Logs are built here with each combination of what decides it; what must be read of them is worked out by itself, from
the format's description. Arguments: sessionlint, the folder of real logs. Prints TAP.
"""

import itertools
import json
import pathlib
import sys
import tempfile

from shared import evtx_bytes, process
from shared.evtx_bytes import FILE_HEADER, FLAG_DIRTY, LSM_CHANNEL, LSM_FILE, Element, Log
from shared.tap import Tap

COUNT = 9  # records in the chunk
SESSION = Element("SessionID", "3")
LIFE = (21, 24, 25, 23, 24)  # what session 3 does again and again


def document(number, record_id, channel=LSM_CHANNEL, provider=evtx_bytes.LSM):
    return evtx_bytes.lsm_event(record_id, LIFE[number % len(LIFE)], SESSION, channel=channel, provider=provider)


def chunk_of(kept, leftover_id, channels=(LSM_CHANNEL, LSM_CHANNEL), first=101, provider=evtx_bytes.LSM):
    """A log of one chunk: @kept records that its header counts, the first with this id, and after them others with ids
    from @leftover_id on. Each has a channel."""
    ids = [*range(first, first + kept), *range(leftover_id, leftover_id + COUNT - kept)]
    documents = [document(i, record_id, channels[i >= kept], provider) for i, record_id in enumerate(ids)]
    return evtx_bytes.log_build(documents, ids=ids).count_kept(1, kept)


def file_channel(name):
    """The channel whose log is in a file of that name."""
    return name[:-len(".evtx")].replace("%4", "/") if name.lower().endswith(".evtx") else ""


def expected(dirty, next_id, name, kept, leftover_id, channels, first=101):
    """How many records are the log's own."""
    if not dirty or channels[1] == "":
        return kept
    if kept:
        own = leftover_id == first + kept and channels[0].lower() == channels[1].lower()
    else:
        own = leftover_id >= next_id and file_channel(name).lower() == channels[1].lower()
    return COUNT if own else kept


class Bench:
    """The command, and a folder."""

    def __init__(self, command, folder):
        self.command, self.folder = command, pathlib.Path(folder)

    def check(self, log, name, *options, data=None):
        path = self.folder / name
        path.write_bytes(log.data)
        status, output, errors = process.run([self.command, "check", "-q", "--no-config", "--format=json", *options,
                                          "-" if data else path], data)
        path.unlink()
        found = [json.loads(line) for line in output.splitlines()]
        if process.crash_of(status, errors) or not found:
            raise RuntimeError(f"{name}: {process.crash_of(status, errors) or errors}")
        return status, found[:-1], found[-1]["summary"]

    def place(self, logs, name):
        """Writes logs of the same name, each into a folder of its own; returns their paths."""
        paths = []
        for number, log in enumerate(logs):
            folder = self.folder / str(number)
            folder.mkdir(exist_ok=True)
            paths.append(folder / name)
            paths[-1].write_bytes(log.data)
        return paths

    def check_many(self, paths, *options):
        """The status and the number of records of one run on many logs, and what is found in each of them."""
        status, output, errors = process.run([self.command, "check", "-q", "--no-config", "--format=json", *options, *paths])
        objects = [json.loads(line) for line in output.splitlines()]
        if process.crash_of(status, errors) or not objects:
            raise RuntimeError(f"{paths[0].name}: {process.crash_of(status, errors) or errors}")
        found = {str(path): [] for path in paths}
        for finding in objects[:-1]:
            found[finding["file"]].append(finding)
        return status, objects[-1]["summary"]["records"], list(found.values())


def remark_of(findings):
    """How many leftovers the findings speak of."""
    counts = [int(finding["message"].split()[0]) for finding in findings if "--recover" in finding["message"]]
    return sum(counts) if len(counts) < 2 else None


def read_problems(bench, log, name, own, matters=True):
    """Whether so many records are read, and all of them with --recover."""
    status, findings, summary = bench.check(log, name)
    left = COUNT - own if matters else 0
    if (status, summary["records"], remark_of(findings)) != (0, own, left):
        yield f"status {status}, {summary['records']} records, a remark on {remark_of(findings)}; not {own} and {left}"
    status, findings, summary = bench.check(log, name, "--recover")
    if (status, summary["records"], remark_of(findings)) != (0, COUNT, 0):
        yield f"--recover: status {status}, {summary['records']} records, a remark on {remark_of(findings)}"
    if any(finding["rule"] == "session/illegal-transition" for finding in findings):
        yield "--recover: an illegal transition"


def alike_problems(bench, cases, name, own):
    """The same of logs {what is special: log} of which as many records are read: one run reads them all. A log has COUNT
    records at the most, so that none is read more often where another is not read."""
    paths = bench.place(cases.values(), name)
    status, records, found = bench.check_many(paths)
    if (status, records) != (0, own * len(cases)):
        yield f"status {status}, {records} records of {len(cases)} logs; not {own} of each"
    yield from (f"{case}: a remark on {remark_of(findings)}, not {COUNT - own}" for case, findings in zip(cases, found)
                if remark_of(findings) != COUNT - own)
    status, records, found = bench.check_many(paths, "--recover")
    if (status, records) != (0, COUNT * len(cases)):
        yield f"--recover: status {status}, {records} records of {len(cases)} logs; not {COUNT} of each"
    for case, findings in zip(cases, found):
        if remark_of(findings) != 0:
            yield f"{case}: --recover: a remark on {remark_of(findings)}"
        if any(finding["rule"] == "session/illegal-transition" for finding in findings):
            yield f"{case}: --recover: an illegal transition"


NAMES = (LSM_FILE, LSM_FILE.upper(), "Microsoft-Windows-Other%4Operational.evtx", LSM_FILE[:-5],
         LSM_FILE.replace("%4", "-"))
OTHER = "System"


def matrix_check(bench, report):
    """Each combination: whether the log was closed, its name, the next id of its file header, what the chunk's header
    counts, and the leftovers' ids and channel."""
    for kept, dirty, name in itertools.product((0, 1, 4), (0, FLAG_DIRTY), NAMES):
        alike = {}
        for channels in ((LSM_CHANNEL, LSM_CHANNEL), (LSM_CHANNEL, OTHER), (OTHER, LSM_CHANNEL),
                         (LSM_CHANNEL.upper(), LSM_CHANNEL), (LSM_CHANNEL, "")):
            for leftover_id, next_id in itertools.product((50, 101 + kept, 102 + kept), (1, 50, 51, 1000)):
                own = expected(dirty, next_id, name, kept, leftover_id, channels)
                alike.setdefault(own, {})[f"{channels}, ids from {leftover_id}, next {next_id}"] = \
                    chunk_of(kept, leftover_id, channels).head_set(dirty, next_id)
        # findings about the order of ids are not tested here
        problems = [problem for own, cases in alike.items() for problem in alike_problems(bench, cases, name, own)]
        report.none(problems, f"{'dirty' if dirty else 'closed'}, {name}, {kept} counted: {sum(map(len, alike.values()))} logs")


def matter_check(bench, report):
    """Leftovers of other programs' logs are not worth a remark."""
    for provider, matters in ((evtx_bytes.LSM, True), ("Microsoft-Windows-SMBClient", False)):
        log = chunk_of(0, 5, (OTHER, "Other"), provider=provider).head_set(FLAG_DIRTY, 1)
        report.none(read_problems(bench, log, "System.evtx", 0, matters),
                    f"leftovers of {provider}: {'a' if matters else 'no'} remark")


def input_check(bench, report):
    """Standard input has no name that proves anything."""
    log = chunk_of(0, 1).head_set(FLAG_DIRTY, 1)
    status, findings, summary = bench.check(log, "x.evtx", data=bytes(log.data))
    report.ok((status, summary["records"], remark_of(findings)) == (0, 0, COUNT),
              "standard input: nothing proves the channel")


def together(*logs, flags, next_id):
    """Chunks of several logs as one log."""
    log = Log(logs[0].data[:FILE_HEADER] + b"".join(each.data[FILE_HEADER:] for each in logs))
    return log.count_set(len(logs)).head_set(flags, next_id)


def chunks_check(bench, report):
    """Several chunks, of which some were prepared and never counted."""
    whole = evtx_bytes.log_build([document(i, 101 + i) for i in range(COUNT)], ids=range(101, 101 + COUNT))
    cases = {
        "a second one that goes on": ([whole, chunk_of(0, 110)], 2 * COUNT),
        "a second one that goes on, in another channel": ([whole, chunk_of(0, 110, (OTHER, OTHER))], COUNT),
        "a second one with a hole before it": ([whole, chunk_of(0, 111)], COUNT),
        "a second one with older records": ([whole, chunk_of(0, 40)], COUNT),
        "two that go on": ([whole, chunk_of(0, 110), chunk_of(0, 119)], 3 * COUNT),
        "two that go on, the later one first": ([chunk_of(0, 119), whole, chunk_of(0, 110)], 3 * COUNT),
        "one that goes on, and one that does not": ([whole, chunk_of(0, 110), chunk_of(0, 130)], 2 * COUNT),
        "one whose header counts a part": ([whole, chunk_of(3, 113, first=110)], 2 * COUNT),
        "two never counted, of a log that has no others": ([chunk_of(0, 1), chunk_of(0, 10)], 2 * COUNT),
    }
    for name, (logs, own) in cases.items():
        log = together(*logs, flags=FLAG_DIRTY, next_id=1)
        total = COUNT * len(logs)
        problems = []
        for options, records, left in (((), own, total - own), (("--recover",), total, 0)):
            status, findings, summary = bench.check(log, LSM_FILE, *options)
            if (status, summary["records"], remark_of(findings)) != (0, records, left):
                problems.append(f"{options}: status {status}, {summary['records']} records, "
                                f"a remark on {remark_of(findings)}; not {records} and {left}")
        closed = bench.check(together(*logs, flags=0, next_id=1), LSM_FILE)[2]["records"]
        counted = sum(len(each.records(1)) for each in logs)
        if closed != counted:
            problems.append(f"of a log that was closed {closed} are read, not {counted}")
        report.none(problems, f"chunks: {name}: {own} of {total} records")


def copies_check(bench, report):
    """Windows begins a chunk with the memory of the one before it: copies are not leftovers."""
    whole = evtx_bytes.log_build([document(i, 101 + i) for i in range(COUNT)], ids=range(101, 101 + COUNT))
    log = together(whole, whole.copy().count_kept(1, 0), flags=FLAG_DIRTY, next_id=1)
    problems = []
    for options in ((), ("--recover",)):
        status, findings, summary = bench.check(log, LSM_FILE, *options)
        if (status, summary["records"], remark_of(findings)) != (0, COUNT, 0):
            problems.append(f"{options}: status {status}, {summary['records']} records")
    report.none(problems, "copies of the log's own records are neither read nor counted")


def recover_check(bench, report):
    """What is recovered says nothing of what the log itself tells, and the other way round; a boot in it proves no
    beginning; what cannot be read any more is no error."""
    def life(first, *events):
        return [evtx_bytes.lsm_event(first + i, event, *([] if event == 32 else [SESSION]))
                for i, event in enumerate(events)]

    def log_of(own, rest, rest_id=50):
        ids = [*range(101, 101 + len(own)), *range(rest_id, rest_id + len(rest))]
        return evtx_bytes.log_build(own + rest, ids=ids).count_kept(1, len(own)).head_set(0, 1)

    cases = {
        "a second logoff after the end": (log_of(life(101, 32, 21, 23), life(50, 23)), []),
        "a second logoff among what is left over": (log_of(life(101, 32, 21, 23), life(50, 23, 23)),
                                                    [("session/illegal-transition", 51)]),
        "a second logoff of another computer": (log_of(life(101, 32, 21, 23), [
            *life(50, 23), evtx_bytes.lsm_event(51, 23, SESSION, computer="OTHER")]), []),
        "a boot among it proves no beginning": (log_of(life(101, 32, 21), life(50, 32, 24)), []),
    }
    for name, (log, want) in cases.items():
        _, findings, _ = bench.check(log, "copy.evtx", "--recover")
        have = [(each["rule"], each["line"]) for each in findings if each["severity"] == "error"]
        report.ok(have == want, f"--recover: {name}", f"{have}, not {want}")
    log = log_of(life(101, 32, 21), life(50, 24, 25, 23))
    record = [offset for offset in range(FILE_HEADER, len(log.data) - 16)
              if log.data[offset:offset + 4] == b"\x2a\x2a\0\0" and log.u64(offset + 8) == 51]
    log.data[record[0] + 28] = 0x3f
    status, findings, summary = bench.check(log, "copy.evtx", "--recover")
    report.ok((status, summary["unreadable"], summary["records"]) == (0, 0, 5),
              "--recover: what cannot be read any more is no error", str((status, summary)))


def main():
    command, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    report = Tap()
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(command, work)
        matrix_check(bench, report)
        matter_check(bench, report)
        input_check(bench, report)
        chunks_check(bench, report)
        copies_check(bench, report)
        recover_check(bench, report)
        edges = sorted((folder / "edges").glob("*.evtx")) if folder.is_dir() else []
        empty = [path for path in edges if path.name.startswith(("residue", "cleared"))]
        for path in empty:
            _, findings, summary = bench.check(Log(path.read_bytes()), path.name)
            rules = {finding["rule"] for finding in findings if "--recover" not in finding["message"]}
            rules -= {"trace/nothing-judged"}
            report.ok(summary["records"] == 0 and not rules, f"{path.name}: 0 records and nothing else")
        if not empty:
            report.skip("real logs that are empty", "there is no folder of real logs")
    return report.done()


if __name__ == "__main__":
    sys.exit(main())
