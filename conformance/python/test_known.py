#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The Python package filters what it returns as the command filters what it shows, and has the same findings known by a
baseline. Arguments: the command, the root of the source. SESSIONLINT_LIBRARY is the library. Prints TAP.
"""

import datetime
import itertools
import os
import pathlib
import sys
import tempfile

import sessionlint
from shared.command import Command
from shared.package import as_json, check_sessions, differences, raised, wanted_findings
from shared.tap import Tap

# A filter of the command, and that of check().
FILTERS = [
    (["--host=b"], {"host": "b"}),
    (["--host=A", "--host=c*"], {"host": ["A", "c*"]}),
    (["--session=1", "--session=3"], {"session": {1, 3}}),
    (["--session=2"], {"session": 2}),
    (["--user=ALICE"], {"user": "ALICE"}),
    (["--user=corp\\*", "--user=bob"], {"user": ("corp\\*", "bob")}),
    (["--address=10.0.3.*"], {"address": "10.0.3.*"}),
    (["--since=2026-03-02T05:00:00+02:00"],
     {"since": datetime.datetime(2026, 3, 2, 5, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))}),
    (["--since=2026-03-02T05:30:00.25Z"], {"since": datetime.datetime(2026, 3, 2, 5, 30, 0, 250000, datetime.timezone.utc)}),
    (["--until=2026-03-03"], {"until": datetime.date(2026, 3, 3)}),
    (["--since=2026-03-02", "--until=2026-03-02T12:00:00Z"], {"since": "2026-03-02", "until": "2026-03-02T12:00:00Z"}),
    (["--severity=warning"], {"severity": "warning"}),
    (["--since=-2d"], {"since": "-2d"}),
    (["--since=-2000m", "--until=-26h"], {"since": "-2000m", "until": datetime.timedelta(hours=-26)}),
    (["--until=-999d"], {"until": "-999d"}),
    (["--until=-0s", "--since=-9999999d"], {"until": "-0s", "since": "-9999999d"}),
    (["--host=A", "--user=*", "--severity=note", "--since=2026-03-03"],
     {"host": "A", "user": "*", "severity": "note", "since": "2026-03-03"}),
]


def days():
    """Sessions of three hosts and users on several days, with findings."""
    lines = []
    for day, session in itertools.product(range(1, 6), (1, 2, 3)):
        host, user = ("A.corp.example", "B", "")[(session + day) % 3], ("CORP\\alice", "bob", "CORP\\Bobby")[session - 1]
        for hour, event in enumerate(("Created", "Connected", "Logon", "Logon", "Disconnected", "Connected", "Logoff")):
            at = f"2026-03-0{day}T{hour + session:02}:00:00Z"
            lines.append((at, f"time={at}{f' host={host}' if host else ''} session={session} event={event}"
                              f"{f' user={user}' if event == 'Logon' else ''}"
                              f"{f' address=10.0.{day}.{session}' if event == 'Connected' else ''}\n"))
    return "".join(line for _, line in sorted(lines))


def check_filters(tap, command, root):
    """Filters leave of findings and sessions what those of the command leave, and change nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "days.trace"
        path.write_text(days())
        for inputs, more in (([path], []), ([root / "conformance" / "timeline" / "machine"], ["--together"])):
            everything = sessionlint.check(inputs, together=bool(more), annotations=True)
            for flags, options in FILTERS:
                name = f"{inputs[0].name} {' '.join(flags)}"
                run = command.run("check", "--quiet", "--format=json", *more, *flags, str(inputs[0]))
                result = sessionlint.check(inputs, together=bool(more), annotations=True, **options)
                tap.none(differences(map(as_json, result.findings), wanted_findings(run)),
                         f"{name}: {len(result.findings)} of {len(everything.findings)} findings")
                tap.same((result.totals, result.status), (everything.totals, everything.status), f"{name}: nothing else changes")
                check_sessions(tap, command, name, [str(inputs[0])], [*more, *flags], result)
                check_filtered(tap, name, everything, result, options)
    for options, says in (({"host": ""}, "''"), ({"since": "yesterday"}, "yesterday"), ({"until": "-2w"}, "-2w"),
                          ({"since": "-99999999999d"}, "-99999999999d"),
                          ({"severity": "off"}, "off"), ({"session": -1}, "-1"),
                          ({"since": datetime.datetime(2026, 1, 1)}, "no time zone")):
        kind, said = raised(sessionlint.check, [{"session": 1, "event": "Created"}], **options)
        tap.ok(kind == "ValueError" and says in said and said.startswith(next(iter(options))), f"{options}: {kind}: {said}")
    for options in ({"host": [3]}, {"session": "3"}, {"session": True}, {"severity": 3}, {"user": [None]}):
        tap.same(raised(sessionlint.check, [{"session": 1, "event": "Created"}], **options)[0], "TypeError", f"{options}")


def check_filtered(tap, name, everything, result, options):
    """Steps are those of the hosts, sessions and times."""
    def passes(step):
        time = step.time.isoformat()[:19] if step.time else ""
        return (options.get("session", step.session) in (step.session, {1, 3} & {step.session} and {1, 3})
                and ("since" not in options or step.kind == "end" or time >= str(options["since"])[:10]))
    wrong = [step for step in result.steps if step not in everything.steps or not passes(step)]
    tap.none(wrong, f"{name}: {len(result.steps)} of {len(everything.steps)} steps")


def check_twice(tap, root):
    """A time before the last record needs what can be read twice."""
    records = [{"session": session, "event": "Logon", "time": f"2026-03-0{session}T08:00:00Z"} for session in (1, 2, 3)]
    tap.same([each.session for each in sessionlint.check(records, since="-1d").findings if each.rule == "session/illegal-transition"],
             [2, 3], "a list can be read twice")
    for inputs, name in ((iter(records), "list_iterator"), ((each for each in records), "generator"), (iter([str(root)]), "list_iterator")):
        kind, said = raised(sessionlint.check, inputs, until="-1d")
        tap.ok(kind == "ValueError" and "read twice" in said and name in said, f"a {name} cannot: {said}")
    if hasattr(os, "mkfifo"):
        with tempfile.TemporaryDirectory() as folder:
            pipe = os.path.join(folder, "pipe")
            os.mkfifo(pipe)
            kind, said = raised(sessionlint.check, [root / "traces", pipe], since="-1d")
            tap.ok(kind == "ValueError" and pipe in said, f"nor can a pipe: {said}")


def check_baseline(tap, command, root):
    """A baseline suppresses what it does in the command, and its entries are stale or expired as there."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, log = pathlib.Path(temporary), root / "traces" / "illegal"
        known, partly = folder / "known.json", folder / "partly.json"
        # unreadable records cannot be accepted
        readable = [each for each in sorted(log.iterdir()) if sessionlint.check(each, errors="return").status == 1]
        for path, sources, expires in ((known, readable, "2999-12-31"), (partly, [log / "logon-twice.trace"], "2026-01-01")):
            done = command.run("baseline", "write", "--quiet", f"--baseline={path}", "--reason=it is known",
                               f"--expires={expires}", *map(str, sources),
                               env={**os.environ, "SOURCE_DATE_EPOCH": "1767225600"})
            tap.same(done.status, 0, f"{path.name} is written", done.error)
        for path, inputs, more, options in (
                (known, log, [], {}), (known, log, ["--rule=illegal-transition=off"], {"rules": {"illegal-transition": "off"}}),
                (known, root / "traces" / "legal", [], {}), (partly, log / "logon-twice.trace", [], {}),
                (known, log / "logon-twice.trace", ["--strict"], {"strict": True}),
                (known, root / "conformance" / "golden", ["--fail-on=never"], {"fail_on": "never"})):
            name = f"{inputs.name} with {path.name} {' '.join(more)}".strip()
            run = command.run("check", "--quiet", "--format=json", f"--baseline={path}", *more, str(inputs))
            result = sessionlint.check(inputs, baseline=path, errors="return", **options)
            tap.none(differences(map(as_json, result.findings), wanted_findings(run)),
                     f"{name}: {sum(each.suppression == 'baseline' for each in result.findings)} findings are known")
            tap.same((len(result.stale), len(result.expired), result.status),
                     (len(run.summary.get("stale", [])), len(run.summary.get("expired", [])), run.status),
                     f"{name}: {len(result.stale)} stale entries and {len(result.expired)} expired ones, status {result.status}")
        check_stale(tap, partly)


def check_stale(tap, partly):
    right = [{"session": 1, "event": "Created"}, {"session": 1, "event": "Terminated"}]
    contents = partly.read_bytes()
    result = sessionlint.check(right, name="logon-twice.trace", baseline=contents)
    [entry] = result.stale
    tap.same((entry.rule, entry.log, entry.reason, entry.expires, entry.line, result.status),
             ("session/illegal-transition", "logon-twice.trace", "it is known", datetime.date(2026, 1, 1), 2, 1),
             "the contents of a baseline are one too, and a stale entry is described")
    tap.same(sessionlint.check(right, name="logon-twice.trace", baseline=contents, allow_stale=True).status, 0,
             "it can be allowed")
    tap.same(raised(sessionlint.check, right, baseline=b"{}"), ("ValueError", "<baseline>:1:1: missing 'baseline'"),
             "what is no baseline is refused")
    tap.same(raised(sessionlint.check, right, baseline=partly.with_name("none"))[0], "FileNotFoundError", "so is no file")


def main():
    tap = Tap()
    command, root = Command(sys.argv[1], tap), pathlib.Path(sys.argv[2]).resolve()
    check_filters(tap, command, root)
    check_twice(tap, root)
    check_baseline(tap, command, root)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
