#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Logs that were cut, and logs that come through a pipe.

Whatever the place of the cut: each record before it is read, and the rest is told of. Through a
pipe a log gives what its file gives, also where the pipe is slow. Arguments: trace_to_evtx,
dump_evtx, dump_records, sessionlint, the folder of real logs. Prints TAP.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import threading

from shared import evtx_judge, evtx_oracle, process
from shared.evtx_bytes import CHUNK, FILE_HEADER, RECORDS_BEGIN, Log
from shared.tap import Tap

REAL = ("remote-desktop/LocalSessionManager.evtx", "server/LocalSessionManager.evtx")
STEP = 97  # a prime: the cuts meet every place of a record


def cuts_of(log):
    """Where logs of several chunks are cut: around chunks, in headers, in and around records."""
    cuts = {0, 1, 7, 8, 9, 63, 64, 127, 128, FILE_HEADER - 1}
    for chunk in log.chunks():
        at = log.chunk_at(chunk)
        for border in (at, at + 128, at + RECORDS_BEGIN, at + CHUNK, at + log.free_space(chunk)):
            cuts.update(border + near for near in (-9, -8, -1, 0, 1, 4, 8, 27, 28))
        records = log.records(chunk)
        for record in (records[0], records[len(records) // 2], records[-1]):
            cuts.update((record.offset + 4, record.offset + record.size // 2, record.end - 4,
                         record.end - 1, record.end, record.end + 1))
    return sorted(cut for cut in cuts if 0 <= cut < len(log.data))


class Cut:
    """A log that ends at a place, and what must be left of it."""

    def __init__(self, log, at):
        self.at = at
        self.kept = {record.id for record in log.records() if record.end <= at}
        self.used_end = log.chunk_at(log.chunks()[-1]) + CHUNK
        # what is behind the last chunk that is used holds nothing
        self.harmless = at >= self.used_end
        # in the file header there is no chunk that could be named
        self.says = "chunk " if at >= FILE_HEADER else ""


def cut_problems(base, cut, findings, complaint, contents, mapped):
    """What is wrong with what the commands say of a cut log."""
    for record_id in sorted(cut.kept):
        have = [evtx_judge.content_of(entry) for entry in contents if entry.get("id") == record_id]
        if evtx_judge.content_of(base.contents[record_id][0]) not in have:
            yield f"record {record_id} is {'changed' if have else 'lost'}"
    for entry in contents:
        if "id" in entry and entry["id"] not in cut.kept and "damaged" not in entry:
            yield f"record {entry['id']} is made up"
    want = [evtx_judge.told(each) for each in base.mapped
            if evtx_judge.is_told(each) and each["line"] in cut.kept]
    have = [evtx_judge.told(each) for each in mapped if evtx_judge.is_told(each)]
    # less than the magic number is left: what it is cannot be known
    if want != have and cut.at >= 8:
        yield f"{len(have)} records are delivered, not the {len(want)} before the cut"
    malformed = [each for each in findings if each["rule"] == "trace/malformed"]
    if cut.harmless:
        if malformed or complaint:
            yield f"nothing is lost, but it says {malformed or complaint}"
    elif not complaint and not any(cut.says in each["message"] for each in malformed):
        yield "no finding of trace/malformed says where"


def by_file(output, errors):
    """Findings and complaints of a run over many files, by the name of the file."""
    findings, complaints = {}, {}
    for line in output.decode("utf-8").splitlines():
        finding = json.loads(line)
        if "rule" in finding:
            findings.setdefault(pathlib.Path(finding["file"]).name, []).append(finding)
    for line in errors.splitlines():
        if line.startswith("sessionlint: "):
            path, _, message = line[len("sessionlint: "):].partition(": ")
            complaints[pathlib.Path(path).name] = message
    return findings, complaints


def cuts_check(judge, report, name, log, places):
    """All cuts of a log. They are checked in one run, and some of them in a run of their own."""
    base = evtx_judge.base_outcome(judge, log)
    cuts = [Cut(log, at) for at in places]
    paths = [judge.folder / f"{cut.at:08}.evtx" for cut in cuts]
    for cut, path in zip(cuts, paths):
        path.write_bytes(log.data[:cut.at])
    readable = [str(path) for cut, path in zip(cuts, paths) if cut.at > 0]
    contents = evtx_oracle.dump(judge.dump_evtx, readable)
    mapped = evtx_oracle.dump_mapped(judge.dump_records, [str(path) for path in paths])
    status, output, errors = process.run([judge.sessionlint, "check", "--format=json", *paths])
    problems = [process.crash_of(status, errors)] if process.crash_of(status, errors) else []
    findings, complaints = by_file(output, errors)
    for number, (cut, path) in enumerate(zip(cuts, paths)):
        found, complaint = findings.get(path.name, []), complaints.get(path.name)
        problems += [f"cut at {cut.at}: {problem}" for problem in cut_problems(
            base, cut, found, complaint, contents.get(str(path), []), mapped[str(path)])]
        if number % 10 == 0:
            alone = judge.check(path)
            want = 2 if complaint or any(each["rule"] == "trace/malformed" for each in found) else (
                1 if any(each["severity"] == "error" for each in found) else 0)
            if alone.crash or alone.status != want:
                problems.append(f"cut at {cut.at}: {alone.crash or alone.status}, not {want}")
    if status != 2:
        problems.append(f"the status is {status}, not 2")
    for path in paths:
        path.unlink()
    report.none(problems, f"{name}: cut at {len(cuts)} places, what is before them is read")


def slowly(command, data):
    """Feeds a command through a pipe in pieces of odd sizes, each written on its own."""
    process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
    output = []
    reader = threading.Thread(target=lambda: output.append(process.stdout.read()))
    reader.start()
    at, sizes = 0, [1, 2, 5, 60, 63, 65, 4000, 4096, 1, 65535, 3]
    try:
        while at < len(data):
            size = sizes.pop(0) if sizes else 30011
            process.stdin.write(data[at:at + size])
            at += size
        process.stdin.close()
    except BrokenPipeError:
        pass
    reader.join()
    errors = process.stderr.read().decode("utf-8", "replace")
    process.stderr.close()
    return process.wait(), output[0], errors


def anonymous(findings):
    """Findings without the name of their file."""
    return [{key: value for key, value in finding.items() if key not in ("file", "fingerprint")}
            for finding in findings]


def pipe_check(judge, report, name, log):
    """A log from standard input, at once and slowly."""
    path = judge.folder / "piped.evtx"
    path.write_bytes(log.data)
    want, problems = judge.check(path), []
    status, output, errors = slowly([judge.sessionlint, "check", "--format=json", "-"], log.data)
    slow, _ = by_file(output, errors)
    have = judge.check("-", bytes(log.data))
    for how, code, findings in (("at once", have.status, have.findings),
                                ("slowly", status, slow.get("<stdin>", []))):
        if code != want.status:
            problems.append(f"{how}: the status is {code}, not {want.status}")
        if anonymous(findings) != anonymous(want.findings):
            problems.append(f"{how}: {len(findings)} findings, not {len(want.findings)} as such")
    status, output, errors = process.run([judge.dump_records, "-"], bytes(log.data))
    piped = [json.loads(line) for line in output.splitlines()][1:]
    direct = evtx_oracle.dump_mapped(judge.dump_records, [str(path)])[str(path)]
    if piped != direct:
        problems.append(f"{len(piped)} records through a pipe, not {len(direct)} as such")
    path.unlink()
    report.none(problems,
                f"{name}: through a pipe: {len(direct) - 1} records and {len(want.findings)} "
                f"findings as from the file")


def piped_logs(log):
    """A log as it is, and damaged in ways that matter to a reader that cannot go back."""
    yield "whole", log
    yield "cut", Log(log.data[:log.chunk_at(log.chunks()[-1]) + 3000])
    chunks = log.chunks()
    copy = log.copy()
    blocks = [log.data[log.chunk_at(chunk):][:CHUNK] for chunk in chunks]
    for chunk, block in zip(chunks, reversed(blocks)):
        copy.data[copy.chunk_at(chunk):copy.chunk_at(chunk) + CHUNK] = block
    yield "backward", copy
    yield "a file header alone", Log(log.data[:FILE_HEADER])
    yield "half a file header", Log(log.data[:100])


def main():
    trace_to_evtx, dump_evtx, dump_records, sessionlint, folder = sys.argv[1:6]
    report = Tap()
    with tempfile.TemporaryDirectory() as work:
        judge = evtx_judge.Judge(work, dump_evtx, dump_records, sessionlint)
        logs = {
            "generated": evtx_judge.written_log(work, trace_to_evtx, "--events=400"),
            "generated inline": evtx_judge.written_log(work, trace_to_evtx, "--events=100",
                                                       "--inline", "--full-chunks"),
        }
        real = evtx_judge.real_logs(folder, *REAL)
        if not real:
            report.skip("cut copies of real logs", "there is no folder of real logs")
        for name, log in {**logs, **real}.items():
            cuts_check(judge, report, name, log, cuts_of(log))
            for how, piped in piped_logs(log):
                pipe_check(judge, report, f"{name}, {how}", piped)
        small = evtx_judge.written_log(work, trace_to_evtx, "--events=60")
        cuts_check(judge, report, "one chunk", small, range(0, len(small.data), STEP))
        if REAL[1] in real:
            cuts_check(judge, report, REAL[1], real[REAL[1]],
                       range(50, FILE_HEADER + 24000, STEP))
    return report.done()


if __name__ == "__main__":
    sys.exit(main())
