#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the first inputs of the fuzz targets from what the project has: seed.py COMMAND WRITER SOURCE CORPUS. WRITER is
trace_to_evtx.

What libFuzzer has found since is beside them; --merge=1 keeps the corpora small.
"""

import pathlib
import subprocess
import sys
import tempfile

CHUNK, HEADER, RECORDS = 65536, 4096, 512


def write(folder, name, data):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))


def out(command, *arguments):
    return subprocess.run([command, *map(str, arguments)], capture_output=True, check=False).stdout


def chunks_of(log):
    """The chunks of an .evtx log, the last one without the zeros at its end."""
    return log[HEADER:].rstrip(b"\0")


# Logs with other features, by the options of the writer.
WRITTEN = {
    "templates": (), "inline": ("--inline",), "mixed": ("--mixed", "--noise"), "event-xml": ("--event-xml", "--noise"),
    "header": ("--nested-header", "--computer-value"), "dirty": ("--dirty", "--first-record-id=4294967295"),
    "hosts": ("--hosts=2",),
}


def written(writer, options):
    """The chunks of a small log with these options."""
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder, "log.evtx")
        subprocess.run([writer, *options, "--events=4", "--sessions=1", log], check=True)
        return chunks_of(log.read_bytes())


def damaged(chunk):
    """A chunk of which two records are torn: one by its size, one by its mark."""
    records = [at for at in range(RECORDS, len(chunk) - 4) if chunk[at:at + 4] == b"**\0\0"]
    data = bytearray(chunk)
    data[records[1] + 4] ^= 0x08
    data[records[2]] ^= 0xff
    return bytes(data)


def empty(chunk):
    """A chunk without records: its header says that the first free byte is that of the first record."""
    head = bytearray(chunk[:RECORDS])
    head[8:40] = b"\1" + b"\0" * 7 + b"\0" * 8 + b"\1" + b"\0" * 7 + b"\0" * 8
    head[44:52] = RECORDS.to_bytes(4, "little") * 2
    return bytes(head)


def table(*records):
    """The input of fuzz_formats: fields by the number of their key, which is its place in enum record_key."""
    data = b""
    for number, record in enumerate(records):
        for place, (key, value) in enumerate(record.items()):
            first = 0x80 if number and place == 0 else 0
            data += bytes([key | first, len(value)]) + value.encode("utf-8")
    return data


def main():
    command, writer, source, corpus = *sys.argv[1:3], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
    for path in (source / "traces").rglob("*.evtx"):
        write(corpus / "evtx", path.name, chunks_of(path.read_bytes()))
    for name, options in WRITTEN.items():
        write(corpus / "evtx", f"{name}.evtx", written(writer, options))
    plain = written(writer, ())
    write(corpus / "evtx", "torn.evtx", damaged(plain))
    write(corpus / "evtx", "empty.evtx", empty(plain))
    broken = source / "traces" / "illegal" / "cascade.trace"
    write(corpus / "text", "utf16.trace", b"\xff\xfe" + broken.read_text(encoding="utf-8").encode("utf-16-le"))
    for name in ("cascade", "wrong-states"):
        trace = source / "traces" / "illegal" / f"{name}.trace"
        write(corpus / "findings", f"{name}.json", out(command, "check", "-q", "--no-config", "--format=json", trace))
        write(corpus / "coverage", f"{name}.json", out(command, "coverage", "--no-config", "--format=json", trace))
        baseline = corpus / "baseline" / f"{name}.json"
        baseline.parent.mkdir(parents=True, exist_ok=True)
        baseline.unlink(missing_ok=True)
        out(command, "baseline", "write", "--no-config", f"--baseline={baseline}", "--reason=a \u00e9 \\ \"b\"",
            "--expires=2090-01-01", trace)
    write(corpus / "configuration", "all", "# all keys\nstrict = true\nrule = gap=off\nrule = leaked=note\nfail-on = warning\n"
          "baseline = known.json\nallow-stale = false\nstart = unknown\nsource = lsm\npointer-size = 4\n")
    write(corpus / "configuration", "bad", "\ufeffstrict = yes\nrule = nothing=off\n = \nfail-on\n\0\n")
    session, event, host, user, time, seq, marker, reason = 5, 8, 2, 6, 0, 1, 13, 14
    write(corpus / "formats", "life", table({session: "1", event: "Created"}, {session: "1", event: "Logon", user: "ada"}))
    write(corpus / "formats", "provider", table({session: "1", event: "Created", user: "Microsoft-Windows-x"}))
    write(corpus / "formats", "hosts", table({time: "2026-01-02T03:04:05Z", seq: "1", host: "PC 1", session: "7", event: "5"},
                                             {marker: "gap", reason: 'a "b" \\ c'}))


if __name__ == "__main__":
    main()
