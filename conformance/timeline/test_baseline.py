#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Findings that the baseline accepts are not in a timeline, in any format; rows, verdicts and other findings are. The
argument is the command. Prints TAP.
"""

import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED
from shared.gate import BROKEN, ILLEGAL, LIFE, run_all
from shared.pages import without_run

# A finding at the row of its record, and one with a row of its own.
TRACE = "".join(f"time=2026-03-02T08:00:0{number}Z {line}\n" for number, line in enumerate(BROKEN.format(1).splitlines()))
REPORTED = 'time=2026-03-02T08:00:00Z host=PC source=lsm session=2 marker=reported reason="state 1, event 2"\n'
FORMATS = ("text", "csv", "ndjson", "timesketch", "xes", "perfetto", "html")


def timeline(place, *arguments, form="ndjson", **options):
    return place.run("timeline", f"--format={form}", *arguments, **options)


def rules(result):
    return [row["rule"] for row in result.objects if row["rule"]]


def bare(rows):
    return [{key: row[key] for key in row if key not in ("rule", "severity")} for row in rows]


def check_rows(tap, place):
    place.file("x.trace", TRACE)
    place.write("x.trace")
    without, accepted = timeline(place, "x.trace"), timeline(place, "--baseline=b.json", "x.trace")
    tap.same(rules(without), [ILLEGAL], "without a baseline the finding is at its row")
    tap.ok(rules(accepted) == [] and accepted.status == STATUS_CLEAN and not accepted.error,
           "with it there is none", accepted)
    tap.same(bare(accepted.objects), bare(without.objects), "and the rows and their verdicts are the same")
    sessions = [timeline(place, "--sessions", *more, "x.trace").objects[0] for more in ((), ("--baseline=b.json",))]
    tap.same([one["rule"] for one in sessions], [ILLEGAL, None], "the row of the incarnation has none either")
    tap.same(sessions[0]["verdict"], sessions[1]["verdict"], "but its verdict")
    tap.same(timeline(place, "--baseline=b.json", "--severity=note", "x.trace").objects, [],
             "--severity shows no row of it")


def check_formats(tap, place):
    place.file("x.trace", TRACE)
    place.write("x.trace")
    place.file("x.trace", TRACE + TRACE.replace("session=1", "session=2").replace("08:00", "09:00"))
    for form in FORMATS:
        results = [timeline(place, *more, "x.trace", form=form) for more in ((), ("--baseline=b.json",))]
        if form in ("perfetto", "html"):
            same = place.run("check", "-q", f"--format={form}", "--baseline=b.json", "x.trace")
            tap.ok(without_run(results[1].out) == without_run(same.out) != without_run(results[0].out),
                   f"{form}: what check writes with it")
            continue
        counts = [result.text.count("illegal-transition") for result in results]
        tap.ok(counts[0] == 2 * counts[1] > 0, f"{form}: only the other finding is left", counts)


def check_own_rows(tap, place):
    place.file("reported.trace", REPORTED)
    without = timeline(place, "reported.trace")
    own = [row for row in without.objects if row["kind"] == "finding"]
    place.run("baseline", "write", "--baseline=own.json", "--reason=x", "--fail-on=note", "reported.trace")
    accepted = timeline(place, "--baseline=own.json", "reported.trace")
    tap.ok(own and not [row for row in accepted.objects if row["kind"] == "finding"],
           "a finding with a row of its own is left out", without, accepted)


def check_entries(tap, place):
    place.file("x.trace", TRACE)
    place.write("--expires=2026-12-31", "x.trace")
    late = timeline(place, "--baseline=b.json", "x.trace", now=1830000000)
    tap.ok(rules(late) == [ILLEGAL] and "expired" in late.error, "an expired entry accepts nothing, and is named", late)
    place.file("x.trace", LIFE.format(1))
    stale = timeline(place, "--baseline=b.json", "x.trace")
    tap.ok(stale.status == STATUS_CLEAN and "stale entry" in stale.error and "fail the run" not in stale.error,
           "a stale entry is named, and fails nothing", stale)
    for more in ((), ("--allow-stale",)):
        place.file(".sessionlint", "baseline = b.json\n" + "".join(f"{one[2:]} = true\n" for one in more))
        page, same = timeline(place, "x.trace", form="html"), place.run("check", "-q", "--format=html", "x.trace")
        tap.ok(without_run(page.out) == without_run(same.out), f"{more}: its page is that of check")
    place.file("x.trace", TRACE)
    tap.same(rules(timeline(place, "x.trace")), [], ".sessionlint names a baseline")
    tap.same(rules(timeline(place, "--no-config", "x.trace")), [ILLEGAL], "--no-config: none")
    (place.path / ".sessionlint").unlink()


def check_wrong(tap, place):
    place.file("x.trace", TRACE)
    place.write("x.trace")
    before = place.read()
    for arguments, complaint in ((("--baseline=no.json", "x.trace"), "no.json: "),
                                 (("--baseline=x.trace", "x.trace"), "x.trace:1:1: "),
                                 (("--baseline=b.json", "--output=b.json", "x.trace"), "overwrite 'b.json'"),
                                 (("--config=c", "--output=c", "x.trace"), "overwrite 'c'")):
        place.file("c", "strict = true\n")
        result = timeline(place, *arguments)
        tap.ok(result.status == STATUS_FAILED and complaint in result.error and not result.out, f"{arguments}", result)
    tap.same(place.read(), before, "the baseline is as it was")


sys.exit(run_all(check_rows, check_formats, check_own_rows, check_entries, check_wrong))
