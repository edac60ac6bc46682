#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Logs that collect the records of several computers: their ids are the collector's, those in the documents are not."""

import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

from shared.tap import Tap

HEADER, RECORDS = 4096, 512
FIRST = 0x7a5a3a1a

# two hosts, each with a session 3 of its own; together they would make no sense
LIVES = [("A", "boot"), ("B", "boot"), ("A", "Logon"), ("B", "Logon"), ("A", "Disconnected"), ("B", "Logoff"),
         ("A", "Connected"), ("B", "Disconnected"), ("A", "Logoff"), ("A", "Disconnected")]


def write_log(writer, folder, lives, number):
    """A log of @lives in which the record with index i has the id number(i), and its document another one."""
    trace, log = folder / "in.trace", folder / "out.evtx"
    own = {"A": 100, "B": 9000}
    lines = []
    for second, (host, what) in enumerate(lives):
        key = "marker=boot" if what == "boot" else f"session=3 event={what}"
        lines.append(f"time=2026-01-02T03:04:{second:02}Z host={host} {key}\n")
    trace.write_text("".join(lines))
    subprocess.run([writer, "--computer-value", f"--first-record-id={FIRST}", str(trace), str(log)], check=True)
    data, at = bytearray(log.read_bytes()), HEADER + RECORDS
    for index, (host, _) in enumerate(lives):
        size = struct.unpack_from("<I", data, at + 4)[0]
        # the EventRecordID of the document is the only place behind the frame with that number
        place = data.index(struct.pack("<Q", FIRST + index), at + 24, at + size)
        struct.pack_into("<Q", data, place, own[host])
        own[host] += 1
        struct.pack_into("<Q", data, at + 8, number(index))
        at += size
    seal(data, number(0), number(len(lives) - 1))
    log.write_bytes(data)
    return log


def seal(data, first, last):
    chunk = HEADER
    struct.pack_into("<QQ", data, chunk + 24, first, last)
    free = struct.unpack_from("<I", data, chunk + 48)[0]
    struct.pack_into("<I", data, chunk + 52, zlib.crc32(data[chunk + RECORDS:chunk + free]))
    total = zlib.crc32(data[chunk + 128:chunk + 512], zlib.crc32(data[chunk:chunk + 120]))
    struct.pack_into("<I", data, chunk + 124, total)


def check(command, log):
    run = subprocess.run([command, "check", "--format=json", str(log)], capture_output=True, check=False)
    findings = [json.loads(line) for line in run.stdout.splitlines()]
    return run.returncode, findings[:-1], findings[-1]["summary"]


def rules(findings):
    return [(each["rule"], each["line"], each["host"]) for each in findings]


def main():
    writer, command = sys.argv[1:3]
    report = Tap()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        status, found, summary = check(command, write_log(writer, folder, LIVES, lambda i: i + 1))
        report.ok(status == 0 and rules(found) == [("session/undocumented-transition", 7, "A")],
                  "two computers in one log are two hosts: nothing but the reconnect is found",
                  str((status, rules(found))))
        report.ok(summary["sessions"]["incarnations"] == 2, "and two sessions", str(summary))
        holes = write_log(writer, folder, LIVES[:4] + LIVES[6:], lambda i: i + 1 if i < 4 else i + 50)
        status, found, summary = check(command, holes)
        report.ok(status == 0 and ("trace/gap", 54, None) in rules(found)
                  and all(rule != "session/illegal-transition" for rule, _, _ in rules(found)),
                  "a hole in the collector's ids reaches every host: nothing is illegal behind it",
                  str((status, rules(found))))
        broken = write_log(writer, folder, LIVES[:2] + [("A", "Logoff"), ("B", "Logon")], lambda i: i + 1)
        status, found, summary = check(command, broken)
        report.ok(status == 1 and ("session/illegal-transition", 3, "A") in rules(found),
                  "a breach on one of them is found, and named", str((status, rules(found))))
    return report.done()


sys.exit(main())
