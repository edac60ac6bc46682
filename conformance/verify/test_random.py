#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The verifier's own readers agree with those of the checker, of random lines: which are records, what can be read of the
others, and which session they are about. And it accepts the certificates of random traces whose records are late, damaged
or without a time, and of traces of everything at once. Arguments: the command, dump_records. Prints TAP.
"""

import collections
import json
import pathlib
import random
import subprocess
import sys

from shared import odd_traces
from shared.certificates import Certificate, verified, verifier
from shared.command import Command
from shared.csv_random import random_text
from shared.folder import Folder
from shared.tap import Tap
from shared.text_random import Logfmt, Ndjson, lines_make

text_records = verifier.text_records
LINES, TABLES, TRACES, OUTPUTS = 4000, 60, 150, 400
NAMES_SESSION = 8  # among the flags that dump_records prints
FIRST = {"logfmt": b"session=1 event=Created", "ndjson": b'{"session":1,"event":"Created"}'}
EVENTS = ("Created", "Connected", "Logon", "Disconnected", "Logoff", "Terminated", "9")
MARKERS = ("boot", "gap", "end", "shutdown")
# Seeds of odd_traces.py whose correct certificates were refused once, and so many others.
REFUSED_ONCE = (
    166, 208, 465, 604, 940, 1244, 1824, 1984, 2048, 2466, 3450, 3774, 3978, 3990, 4072, 4237, 5043, 5601, 5831,
    6034, 6183, 6394, 6546, 6738, 6759, 7440, 7459, 7662, 7916, 8286, 8294, 8439, 8669, 8867, 8943, 8953, 9024,
    9051, 9301, 9637, 9814, 9948, 9987, 10024, 10037, 10061, 10173, 10411, 10596, 10899, 11059, 11160, 11182, 11566,
    11608, 11645, 11867, 12013, 12053, 12752, 12896, 13072, 13332, 13480, 13579, 13598, 13916, 14844, 15249, 16541,
    17082, 17090, 17127, 17168, 17467, 17925, 18211, 18420, 18830, 18835, 19228, 19599, 24527, 24938, 29774, 29817,
    31448, 32833, 33286, 33612, 38912, 39064, 44820, 46044, 48920, 51321, 51349, 55970, 21654,
    71250, 80246, 80605)
SEEDS = 1000
# As many traces of several drivers of a host, and those whose certificates were refused once.
DRIVERS, DRIVERS_REFUSED_ONCE = 400, (722, 10951)
# The same with records in the order of their times.
REFUSED_IN_TIME = (4143, 4190, 4330, 5552, 6264, 6447, 7208, 7282, 7390, 7910)
IN_TIME = "--reorder=5s"
DAMAGED = ("session=1 event=Konnected", "marker=bo", "session=2 evnt=Logon")


def dumped(dump_records, path, source):
    """What the checker's reader finds: [(line, keys, source, what an unreadable one is about), ...]."""
    output = subprocess.run([dump_records, f"--source={source}", str(path)], check=True, stdout=subprocess.PIPE).stdout
    found = []
    for record in [json.loads(line) for line in output.decode("latin-1").splitlines()]:
        if "kind" not in record:
            continue
        keys, about = frozenset(record["keys"]), None
        if record["kind"] == "malformed":
            named = record["flags"] & NAMES_SESSION and not keys & text_records.OF_ALL
            about = "session" if named else "all"
        found.append((record["line"], keys, record["source"] if about != "all" else "", about))
    return found


def read(data, form, source):
    """The same by the verifier."""
    return [(line, frozenset(pairs), own if about != "all" else "", about)
            for line, pairs, own, about in text_records.read(data, form, source)]


def compare(tap, dump_records, folder, chance):
    path, wrong, counts = folder / "lines", [], {}
    for form, spelling in (("logfmt", Logfmt), ("ndjson", Ndjson)):
        for source in ("wdm", "sens"):
            lines = lines_make(chance, spelling, source == "wdm", LINES)
            path.write_bytes(b"".join(line + b"\n" for line in [FIRST[form], *lines]))
            mine, theirs = read(path.read_bytes(), form, source), dumped(dump_records, path, source)
            wrong += [f"{form}: {one}, not {other}" for one, other in zip(mine, theirs) if one != other]
            wrong += [f"{form}: {len(mine)} records, not {len(theirs)}"] * (len(mine) != len(theirs))
            for *_, about in theirs:
                counts[about] = counts.get(about, 0) + 1
    tap.none(wrong, "logfmt and NDJSON: the verifier reads what the checker reads")
    tap.ok(min(counts.get(about, 0) for about in (None, "session", "all")) > 100, f"of each kind: {counts}", counts)
    wrong, rows = [], 0
    for _ in range(TABLES):
        path.write_bytes(random_text(chance, 0.2)[0])
        mine, theirs = read(path.read_bytes(), "csv", "wdm"), dumped(dump_records, path, "wdm")
        wrong += [path.read_bytes()] * (mine != theirs)
        rows += len(theirs)
    tap.ok(not wrong and rows > 5 * TABLES, f"CSV: {TABLES} tables, {rows} records, the same", wrong[:1])


def random_output(chance, records):
    """What programs print, and records among it, after tags; some tags are split, or there are colours."""
    lines, plain = [], chance.random() < 0.6
    for at in range(chance.choice((3, 10, 40))):
        front = "".join((chance.choice(("", f"{at:08}\t")), chance.choice(("", f"{at}.25\t", "10:15:32 AM ")), chance.choice(("", "[12] "))))
        tag = chance.choice(("sessionlint: ", "SESSIONLINT:", "flt: sessionlint:\t"))
        cut = chance.randrange(len(tag) + 1)
        parts = [chance.choice(records).decode("utf-8", "replace") for _ in range(chance.choice((1, 1, 1, 2, 3)))]
        lines.append(front + chance.choice((
            "flt: idle", "svc: session=1 event=Logon", "not for sessionlint", "the close", "", tag, *[tag + tag.join(parts)] * 6,
            *([] if plain else [f"{tag[:cut]}\n{front}{tag[cut:]}{parts[0]}", f"\033[1m{tag}{parts[0]}"]))))
    first = "sessionlint: session=1 event=Created\n" if chance.random() < 0.9 else "00000001\t0.1\t[4] text\n"
    return first + "".join(line + chance.choice(("\n", "\n", "\r\n")) for line in lines)


def check_output(tap, command, dump_records, folder, chance):
    """Debug output that is certified is read as the checker reads it."""
    path, wrong, certified, counts = folder / "output.log", [], 0, collections.Counter()
    records = lines_make(chance, Logfmt, True, LINES)
    for _ in range(OUTPUTS):
        path.write_text(random_output(chance, records), encoding="utf-8", newline="")
        certificate = Certificate(command, folder / "certificate", [], [path])
        told = certificate.verify()
        log = certificate.parts[-2]
        if isinstance(told, str):
            wrong.append(f"{told}: {path.read_bytes()}")
        elif log["order"] is None or log["log"][0]["format"] != "debugview":
            continue
        else:
            certified += 1
            mine, theirs = read(path.read_bytes(), "debugview", "wdm"), dumped(dump_records, path, "wdm")
            wrong += [path.read_bytes()] * (mine != theirs)
            counts.update(about for *_, about in theirs)
    tap.none(wrong, f"debug output: {certified} of {OUTPUTS} are certified, and read as the checker does: {dict(counts)}")
    tap.ok(certified > OUTPUTS / 10 and len(counts) == 3, "so many, with records of each kind", certified, counts)


def random_trace(chance):
    """Records of three hosts, some of which come late, have no time, start a boot, or cannot be read."""
    lines, now, boots, jitter = [], 100.0, {"a": 1, "b": 1, None: 1}, chance.choice((0, 1, 3, 8))
    named = chance.random() < 0.4
    for _ in range(chance.choice((5, 15, 40, 90))):
        now += chance.choice((0, 0.5, 1, 3))
        moment = max(0.0, now - chance.random() * jitter * chance.choice((0, 0, 1, 1, 3)))
        host, pairs = chance.choice(("a", "b", None)), []
        if chance.random() < 0.9:
            pairs.append(f"time=2026-01-01T10:{int(moment) // 60:02}:{int(moment) % 60:02}.{int(moment * 10) % 10}Z")
        boots[host] += chance.random() < 0.03
        pairs += [f"host={host}"] * (host is not None)
        if named and chance.random() < 0.8:
            pairs.append(f"boot={max(1, boots[host] - (chance.random() < 0.1))}")
        kind = chance.random()
        if kind < 0.88:
            pairs.append(f"session={chance.choice((1, 1, 2))} event={chance.choice(EVENTS)}")
        else:
            pairs.append(f"marker={chance.choice(MARKERS)}" if kind < 0.95 else chance.choice(DAMAGED))
        lines.append(" ".join(pairs) + "\n")
    return "".join(lines)


def check_times(tap, command, folder, chance):
    wrong, certified, late = [], 0, 0
    for number in range(TRACES):
        path, options = folder / f"{number}.trace", [f"--reorder={chance.choice((1, 2, 5))}s"]
        path.write_text(random_trace(chance))
        certificate = Certificate(command, folder / "certificate", options, [path])
        told = certificate.verify()
        wrong += [f"{path.name} {options}: {told} {dict(certificate.reasons)}"] * (isinstance(told, str) or told[1] > 0)
        certified += certificate.counts[""]
        late += len(certificate.parts[-2]["late"])
    tap.none(wrong, f"--reorder: {TRACES} random traces with {certified} incarnations and {late} late records are accepted")
    tap.ok(late > TRACES and certified > 5 * TRACES, "some of them are late", late, certified)


def check_odd(tap, command, folder):
    """Traces in which hosts, drivers, boots and counts of all kinds are mixed: what is right is not refused."""
    wrong, forged, certified, changed = [], [], 0, 0
    seeds = [(seed, ()) for seed in (*REFUSED_ONCE, *range(SEEDS))] + [(seed, (IN_TIME,)) for seed in REFUSED_IN_TIME]
    for seed, options in seeds:
        path = folder / "odd.trace"
        path.write_text(odd_traces.trace(seed), encoding="utf-8")
        certificate = Certificate(command, folder / "certificate", options, [path])
        told, log = certificate.verify(), certificate.parts[-2]
        wrong += [f"{seed}: {told}"] * isinstance(told, str)
        certified += 0 if isinstance(told, str) else told[0]
        if log.get("order") and log["losses"]:
            loss = log["losses"].pop(random.Random(seed).randrange(len(log["losses"])))
            forged += [f"{seed}: {loss}"] * (not isinstance(verified([json.dumps(part) for part in certificate.parts]), str))
            changed += 1
    tap.none(wrong, f"the certificates of {len(seeds)} odd traces are accepted")
    tap.ok(certified > 3 * SEEDS, f"{certified} incarnations of these are certified")
    tap.none(forged, f"{changed} of them without one of their losses are refused")
    tap.ok(changed > SEEDS / 10, "so many are tried", changed)


def check_drivers(tap, command, folder):
    """The same of several drivers of a host, most of which number their records apart."""
    wrong, certified = [], 0
    for seed in (*DRIVERS_REFUSED_ONCE, *range(DRIVERS)):
        path = folder / "drivers.trace"
        path.write_text(odd_traces.trace_of_drivers(seed), encoding="utf-8")
        certificate = Certificate(command, folder / "certificate", [], [path])
        told = certificate.verify()
        wrong += [f"{seed}: {told}"] * isinstance(told, str)
        certified += certificate.parts[-2].get("order") is not None and "apart" in certificate.parts[-2]
    tap.none(wrong, f"the certificates of {DRIVERS} odd traces of several drivers are accepted")
    tap.ok(certified > DRIVERS / 10, f"{certified} of them are of drivers that number their records apart")


def main():
    tap, chance = Tap(), random.Random(20260417)
    command = Command(sys.argv[1], tap)
    with Folder() as place:
        folder = pathlib.Path(place.path)
        compare(tap, sys.argv[2], folder, chance)
        check_times(tap, command, folder, chance)
        check_odd(tap, command, folder)
        check_drivers(tap, command, folder)
        check_output(tap, command, sys.argv[2], folder, chance)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
