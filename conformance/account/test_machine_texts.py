# SPDX-License-Identifier: MIT
"""Made-up machines as text, in every format, and as .evtx: the timelines are the same. Arguments: machine-files, trace_to_evtx,
the command and the number of machines. Prints TAP.
"""
import csv
import io
import json
import pathlib
import subprocess
import sys

from shared.command import Command
from shared.folder import Folder
from shared.tap import Tap

# What a row says of a session; who and where is written in other ways.
SAID = ("kind", "time", "source", "session", "event", "from", "to", "verdict", "unseen")


def logfmt(records):
    return "".join(" ".join(f"{key}={value}" for key, value in record.items()) + "\n" for record in records)


def ndjson(records):
    return "".join(json.dumps({key: int(value) if key in ("process", "session") else value for key, value in record.items()}) + "\n"
                   for record in records)


def table(records):
    out = io.StringIO()
    writer = csv.DictWriter(out, sorted({key for record in records for key in record}), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue()


FORMATS = {"trace": logfmt, "ndjson": ndjson, "csv": table}


def records_of(path):
    """Without the numbers: Windows writes records between them."""
    lines = [dict(pair.split("=", 1) for pair in line.split()) for line in path.read_text().splitlines()]
    return [{key: value for key, value in line.items() if key != "seq"} for line in lines]


def rows(command, folder):
    result = command.run("timeline", "--no-config", "--together", "--format=ndjson", str(folder))
    return [(*(row[key] for key in SAID), len(row["witnesses"])) for row in result.objects if row["kind"] == "event"]


def check_machine(command, folder, programs, seed):
    """The formats whose timelines differ from that of .evtx; how many rows that has; how many records name a process."""
    machine_files, trace_to_evtx = programs
    made = folder.path / str(seed)
    (made / "made").mkdir(parents=True)
    subprocess.run([machine_files, "write", str(seed), made / "made"], check=True, stdin=subprocess.DEVNULL)
    named = 0
    for path in sorted((made / "made").iterdir()):
        records = records_of(path)
        named += sum("process" in record for record in records)
        for form, written in FORMATS.items():
            (made / form).mkdir(exist_ok=True)
            (made / form / f"{path.stem}.{form}").write_text(written(records))
        (made / "evtx").mkdir(exist_ok=True)
        subprocess.run([trace_to_evtx, path, made / "evtx" / f"{path.stem}.evtx"], check=True, stdin=subprocess.DEVNULL)
    wanted = rows(command, made / "evtx")
    return [form for form in FORMATS if rows(command, made / form) != wanted], len(wanted), named


def main():
    machine_files, trace_to_evtx, name, count = *map(pathlib.Path, sys.argv[1:4]), int(sys.argv[4])
    tap = Tap()
    command = Command(name, tap)
    problems, shown, named = [], 0, 0
    with Folder() as folder:
        for seed in range(1, count + 1):
            wrong, length, keys = check_machine(command, folder, (machine_files, trace_to_evtx), seed)
            problems += [f"machine {seed} as {form}" for form in wrong]
            shown += length
            named += keys
    tap.none(problems, f"{count} machines as text: their timelines are those of .evtx")
    tap.ok(shown > 10 * count and named > count, f"they have {shown} rows; {named} records name a process")
    return tap.done()


sys.exit(main())
