#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Lets memory, reads, writes and the like fail in each command and format, one call after the other: no crash, no wrong
0 or 1, a message each time, and older files as they were.

Arguments: inject, trace_to_evtx, how many calls of each kind to try at most (0: all), the root of the source. Prints TAP.
"""

import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

from shared.tap import Tap

KINDS = ("memory", "no-memory", "read", "bad-read", "empty-read", "write", "no-room", "open", "close", "rename", "status")
FORMATS = ("text", "json", "sarif", "junit", "gitlab", "github", "azure", "markdown", "csv", "html", "perfetto")
CLEAN = "session={0} event=Created\nsession={0} event=Connected\nsession={0} event=Terminated\n"
BROKEN = "session={0} event=Created\nsession={0} event=Logon user=ada\nsession={0} event=Logoff\n"
HOSTS = ("time=2026-01-02T03:04:0{0}Z host=PC-{0} boot=7 seq={0} session=1 event=Created from=Initialized to=Created\n"
         "time=2026-01-02T03:04:0{0}Z host=PC-{0} boot=7 session=1 state=Connected local=true\n")
DRIVER = """\
driver=d object=created io=A
driver=d call=IoRegisterContainerNotification io=A registration=R mask=all context=C status=0
session=1 event=Created
driver=d notify=Created io=A session=1 context=C session_object=S payload_session=1
session=1 event=Connected
driver=d notify=Connected io=A session=1 context=X
driver=d call=IoUnregisterContainerNotification registration=Q
marker=gap reason="some are lost"
session=2 event=Logn
session=3 event=Created allow=unfinished allow_reason=known
driver=d object=deleted io=A
"""
# What only drivers show: the checker compares what they were told.
ALONE = """\
driver=d call=IoRegisterContainerNotification io=A registration=R mask=all status=0
driver=d call=IoRegisterContainerNotification io=B registration=S mask=logon,logoff status=0
driver=d notify=Connected io=A session=1
driver=d notify=Logon io=A session=1
driver=d notify=Logon io=B session=1
driver=d notify=Logoff io=B session=1
driver=d notify=Logon io=B session=1
driver=d notify=Disconnected io=A session=1
driver=d call=IoUnregisterContainerNotification registration=S
driver=d call=IoUnregisterContainerNotification registration=R
"""
# Records of several hosts that arrive out of order, some twice, over a boot; and a count that begins again.
NUMBERS = [(host, boot, seq) for boot in ("one", "two") for seq in range(1, 9) for host in "ab" if (host, seq) != ("a", 5)]
ARRIVING = [*NUMBERS[1::2], *NUMBERS[::2], *NUMBERS[:2]]
NUMBERED = "".join(f"host={host} boot={boot} seq={seq} session={seq // 4} event={event}\n"
                   for host, boot, seq in ARRIVING for event in [("Terminated", "Created", "Connected", "Logoff")[seq % 4]])
LATE = "".join(f"time=2026-01-02T03:04:{second:02}Z session={second % 3} event=Created\n" for second in (5, 3, 9, 7, 8, 12, 10, 15))

# A session of many events, of each of which a certificate tells.
LONG = "session=1 event=Created\n" + "session=1 event=Disconnected\nsession=1 event=Connected\n" * 60
# Two logs of one machine.
MACHINE = {source: "".join(f"source={source} time=2026-03-02T{time}Z host=LAB session=2 event={event} user=LAB\\ada address=192.0.2.7\n"
                           for event, time in events)
           for source, events in (("lsm", (("21", "09:00:00"), ("24", "10:00:00"), ("25", "11:00:01"), ("23", "12:00:00"))),
                                  ("rdp", (("66", "08:59:59"), ("66", "11:00:00"))))}

OPTIONS = re.compile(r"^# options: (.+)$", re.M)


class Inputs:
    """What the commands read, in a folder of its own."""

    def __init__(self, folder, writer):
        self.folder = pathlib.Path(folder)
        traces = {
            "clean.trace": "".join(CLEAN.format(n) for n in range(1, 4)),
            "broken.trace": "".join(BROKEN.format(n) for n in range(1, 4)),
            "hosts.trace": "".join(HOSTS.format(n) for n in range(1, 6)),
            "driver.trace": DRIVER.replace("session=2 event=Logn\n", ""),
            "malformed.trace": DRIVER,
            "alone.trace": ALONE,
            "numbered.trace": NUMBERED,
            "late.trace": LATE,
            "long.trace": LONG,
            "machine/lsm.trace": MACHINE["lsm"],
            "machine/rdp.trace": MACHINE["rdp"],
            "a.ndjson": '{"session":1,"event":"Created","user":"\\u00e9"}\n{"session":1,"event":"Logon","host":"a\\"b"}\n',
            "a.csv": 'session,event,host\n1,Created,"a ""b"""\n1,Logon,"a ""b"""\n',
            "debug.log": "00000001\t0.1\t[3] begin\n00000002\t0.2\t[3] sessionlint: session=1 event=Logon\n",
        }
        for name, text in traces.items():
            self.file(name, text)
        self.file("wide.trace", b"\xff\xfe" + traces["broken.trace"].encode("utf-16-le"))
        for name in ("clean", "broken"):
            self.file(f"logs/{name}.trace", traces[f"{name}.trace"])
        life = "time=2026-01-01T08:00:00Z session=2 event="
        self.file("log.trace", f"{life}Logon\n{life}Logon\n{life}Disconnected\n{life}Connected\n")
        subprocess.run([writer, str(self.folder / "log.trace"), str(self.folder / "log.evtx")], check=True)
        self.file("configured/.sessionlint", "# a comment\nfail-on = never\nrule = gap=off\nbaseline = known.json\n")
        self.file("configured/a.trace", traces["broken.trace"])
        self.file("empty.json", '{"baseline":"sessionlint","version":1,"entries":[\n]}\n')
        self.file("old", "the older one\n")

    def file(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))


def prepare(inputs, inject):
    """What only the command itself can write."""
    def write(name, *arguments, cwd=inputs.folder):
        # without a failure that it is told of, it is the command
        done = subprocess.run([inject, "1", "-", "-", os.devnull, *arguments], cwd=cwd, capture_output=True,
                              check=False)
        if not (inputs.folder / name).exists():
            raise RuntimeError(f"{arguments}: {done.stdout!r}")

    for name in ("empty.json", "configured/known.json"):
        inputs.file(name, '{"baseline":"sessionlint","version":1,"entries":[\n]}\n')
    entry = {"fingerprint": "0123456789abcdef:1", "rule": "session/illegal-transition", "log": "broken.trace",
             "subject": "session 1", "message": "m", "reason": "known"}
    inputs.file("stale.json", json.dumps({"baseline": "sessionlint", "version": 1, "entries": [entry]}))
    write("known.json", "baseline", "write", "-q", "--no-config", "--reason=x", "--baseline=known.json", "broken.trace")
    write("ledger.json", "coverage", "--no-config", "--output=json:ledger.json", "clean.trace", "broken.trace")
    for name in ("clean", "broken"):
        write(f"{name}.report", "check", "-q", "--no-config", f"--output=json:{name}.report", f"{name}.trace")


# What cannot be read as a whole, or not in that direction, ends with 2 in any case.
FAILING = re.compile(r"trace/(malformed|newest-first)/|golden/(malformed|parts|wts)|illegal/unreadable|situations/malformed")


def of_the_project(root):
    """The traces of the project, with the options that they name."""
    for path in sorted([*root.glob("traces/*/*.trace"), *root.glob("conformance/rules/*/*/breaks*.trace"),
                        *root.glob("conformance/cli/situations/*.trace"), *root.glob("conformance/golden/*.trace")]):
        if FAILING.search(path.as_posix()):
            continue
        options = [word for line in OPTIONS.findall(path.read_text(encoding="utf-8", errors="replace")) for word in shlex.split(line)]
        yield ("check", "--no-config", "-q", *options, str(path)), None, None


# What is tried: arguments, what is there before in place of {out} (no name: nothing is written), standard input.
def cases(root):
    yield from of_the_project(root)
    plain = ("check", "--no-config")
    for form in FORMATS:
        yield (*plain, "-q", f"--format={form}", "clean.trace"), None, None
        yield (*plain, f"--format={form}", "broken.trace"), None, None
        yield (*plain, f"--output={form}:{{out}}", "hosts.trace", "driver.trace"), "old", None
        yield (*plain, "-q", f"--output={form}:{{out}}", "-"), None, "broken.trace"
    for log in ("log.evtx", "a.ndjson", "a.csv", "debug.log", "wide.trace", "logs", "hosts.trace", "driver.trace", "alone.trace"):
        yield (*plain, log), None, None
    yield (*plain, "-"), None, "log.evtx"
    for words in (["--certificate={out}"], ["--anonymize"], ["--reverse"], ["--join"], ["--reorder=10s"]):
        for name in ("numbered.trace", "late.trace", "driver.trace", "hosts.trace", "long.trace"):
            yield (*plain, *words, name), "old" if "{out}" in words[0] else None, None
    yield (*plain, "--together", "machine"), None, None
    for log in sorted(root.glob("traces/partial/*.evtx")):
        yield (*plain, "--together", str(log)), None, None
        yield ("timeline", "--no-config", "--together", str(log)), None, None
    yield (*plain, "--join", "numbered.trace", "hosts.trace", "clean.trace"), None, None
    yield (*plain, "--baseline=known.json", "--show-suppressed", "broken.trace"), None, None
    yield (*plain, "--baseline=stale.json", "--output=junit:{out}", "broken.trace"), "old", None
    yield ("check", "configured"), None, None
    yield ("check", "--config=configured/.sessionlint", "logs"), None, None
    yield (*plain, "--fail-on=never", "--output=sarif:{out}", "--anchor=a.c:7", "broken.trace"), "old", None
    yield ("baseline", "write", "--no-config", "--reason=x", "--baseline={out}", "broken.trace"), "empty.json", None
    yield ("baseline", "write", "--no-config", "--reason=x", "--baseline={out}", "-"), None, "broken.trace"
    yield ("baseline", "prune", "--no-config", "--baseline={out}", "broken.trace"), "stale.json", None
    yield ("baseline", "list", "--no-config", "--baseline=known.json"), None, None
    for form in ("text", "json", "markdown", "lcov"):
        yield ("coverage", "--no-config", f"--format={form}", "broken.trace", "log.evtx"), None, None
        yield ("coverage", "--no-config", f"--output={form}:{{out}}", "--require=pairs=100%", "clean.trace"), "old", None
    yield ("coverage", "--merge", "--output=json:{out}", "ledger.json", "ledger.json"), "old", None
    for form in ("svg", "dot", "mermaid", "plantuml", "scxml", "matrix", "ascii", "json"):
        yield ("diagram", "--no-config", f"--format={form}", "--output={out}", "--trace=broken.trace"), "old", None
    yield ("diagram", "--no-config", "lsm", "--trace=log.evtx"), None, None
    yield ("diagram", "registration"), None, None
    yield ("diff", "published", "known", "--witness={out}"), "old", None
    yield ("diff", "published", "known"), None, None
    for form in ("text", "csv", "ndjson", "timesketch", "xes", "perfetto"):
        yield ("timeline", "--no-config", f"--format={form}", "hosts.trace", "log.evtx"), None, None
    yield ("timeline", "--no-config", "--sessions", "--since=-1d", "--output={out}", "hosts.trace", "logs"), "old", None
    yield ("timeline", "--no-config", "--together", "logs"), None, None
    yield ("diff", "clean.report", "broken.report", "--format=markdown"), None, None
    yield ("diff", "broken.report", "broken.report"), None, None
    yield ("diff", "--no-config", "--traces", "published", "known", "log.evtx", "logs"), None, None
    for language in ("promela", "murphi", "tla", "tla-trace", "smv", "rv", "dfa", "json"):
        yield ("model", f"--export={language}", "lsm"), None, None
    for language in ("sigma", "sql", "kql", "eql", "spl"):
        yield ("rules", f"--export={language}"), None, None
    for arguments in (("model", "--sql=duckdb"), ("model", "--provenance=json"), ("model", "registration", "--export"), ("rules",), ("rules", "--markdown"), ("rules", "--traceability"), ("explain", "gap"), ("model",), ("model", "--mask=all"), ("man",),
                      ("man", "check"), ("completion", "bash"), ("help",), ("check", "--help"), ("--version",)):
        yield arguments, None, None


def try_case(tap, inject, inputs, most, case):
    arguments, old, standard_input = case
    # the traces of the project are many, and much alike
    if most > 0 and arguments[-1].startswith("/"):
        most = 1
    with tempfile.TemporaryDirectory(prefix="sessionlint-fault-") as folder:
        out = f"{folder}/out" if any("{out}" in word for word in arguments) else "-"
        words = [word.format(out=out) for word in arguments]
        done = subprocess.run([inject, str(most), out, old or "-", standard_input or os.devnull, *words],
                              cwd=inputs.folder, capture_output=True, check=False,
                              env={**os.environ, "SOURCE_DATE_EPOCH": "1795521600"})
        lines = done.stdout.decode("utf-8", "backslashreplace").splitlines()
        counts = [found for line in lines if (found := re.fullmatch(r"([a-z-]+) (\d+) (\d+) 0", line))]
        calls, tried = (sum(int(found[part]) for found in counts) for part in (2, 3))
        # a kind without a line was not tried to its end
        troubles = [*(line for line in lines if not re.fullmatch(r"[a-z-]+ \d+ \d+ 0", line)),
                    *done.stderr.decode("utf-8", "backslashreplace").splitlines(),
                    *(f"{kind}: failed" for kind in KINDS if kind not in [found[1] for found in counts])]
        tap.ok(not troubles and done.returncode == 0, f"{' '.join(arguments)}: {tried} of {calls} calls fail", *troubles)
    return tried


def main():
    tap = Tap()
    inject, writer, most = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), int(sys.argv[3])
    root = pathlib.Path(sys.argv[4]).resolve()
    with tempfile.TemporaryDirectory(prefix="sessionlint-faults-") as folder:
        inputs = Inputs(folder, writer)
        prepare(inputs, inject)
        print(f"# {sum(try_case(tap, inject, inputs, most, case) for case in cases(root))} runs with a failure")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
