# SPDX-License-Identifier: MIT
"""The life of a baseline: what is known passes, what is new fails, what nothing matches any more fails too.

Arguments: the command, docs/baseline.schema.json. Prints TAP.
"""

import json
import os
import pathlib
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS
from shared.gate import BROKEN, DAY, ILLEGAL, LIFE, NOW, counted, run_all, suppressed

try:
    import jsonschema
except ImportError:
    jsonschema = None


def check_new(tap, place):
    """What is in the baseline passes, and only that."""
    place.file("a.trace", BROKEN.format(1))
    result = place.write("a.trace")
    tap.ok(result.status == STATUS_CLEAN and "1 added" in result.error, "write: the finding is added", result)
    result = place.check("a.trace")
    tap.ok(result.status == STATUS_CLEAN and not counted(result) and len(suppressed(result)) == 1
           and suppressed(result)[0]["suppression"] == {"kind": "baseline", "reason": "known"},
           "check: what the baseline has does not fail, and is shown with the reason", result)
    tap.ok(result.summary["suppressed"] == 1 and result.summary["severities"]["error"] == 0
           and result.summary["findings"] == {} and result.summary["sessions"]["violating"] == 1,
           "the summary counts it apart; the session breaks the model all the same", result)
    place.file("a.trace", BROKEN.format(1) + BROKEN.format(2))
    result = place.check("a.trace")
    tap.same(([f["session"] for f in counted(result)], result.status), ([2], STATUS_FINDINGS),
             "check: a new finding fails")
    place.file("c.trace", BROKEN.format(1))
    result = place.check("c.trace")
    tap.same((len(counted(result)), result.status), (1, STATUS_FINDINGS), "the same in another log is new")
    bare = place.run("check", "-q", "a.trace")
    tap.same(bare.status, STATUS_FINDINGS, "without --baseline all of them count")


def check_shifted(tap, place):
    """Lines, times and the order of logs may change."""
    place.file("a.trace", BROKEN.format(1))
    place.file("deep/b.trace", BROKEN.format(5))
    place.write("a.trace", "deep/b.trace")
    place.file("a.trace", "\n" * 7 + "".join(LIFE.format(n) for n in range(10, 20)) + BROKEN.format(1)
               .replace("session", "time=2026-01-02T03:04:05Z session"))
    place.file("other/b.trace", BROKEN.format(5))
    for logs in (("a.trace", "deep/b.trace"), ("deep/b.trace", "a.trace"), (".",), ("./deep/b.trace",),
                 (str(place.path / "a.trace"),)):
        if logs == (".",):
            (place.path / "other" / "b.trace").unlink()
        result = place.check(*logs)
        tap.ok(result.status == STATUS_CLEAN and not counted(result), f"what is known is known again: {logs}", result)
    result = place.check("-", input=BROKEN.format(1).encode())
    tap.same(result.status, STATUS_FINDINGS, "standard input is no log of that name")


def check_letter_case(tap, place):
    """A name of a host in other letters is the same name; the first one that a log has is shown."""
    trace = BROKEN.replace("session={0}", "host=RDS-{0} session=1")
    place.file("a.trace", trace.format("\u00d6st"))
    place.write("a.trace")
    place.file("a.trace", "host=rds-\u00f6ST session=2 event=Created\n" + trace.format("\u00d6st"))
    result = place.check("a.trace", "--rule=unfinished=off")
    tap.ok(result.status == STATUS_CLEAN and not counted(result), "a host in other letters is known", result)
    tap.same({finding["host"] for finding in suppressed(result)}, {"rds-\u00f6ST"}, "and shown as it is spelt first")
    place.file("a.trace", trace.format("\u00d6sT2"))
    tap.same(place.check("a.trace").status, STATUS_FINDINGS, "another name is another host")


def check_windows_paths(tap, place):
    """A baseline that was made on Windows holds elsewhere: the folders before the name are not in it."""
    if place.command.for_windows:
        place.file("deep/a.trace", BROKEN.format(1))
        place.write("deep\\a.trace")
    else:
        # a name with a backslash stands for what Windows would give to the report
        place.file("deep\\a.trace", BROKEN.format(1))
        place.write("deep\\a.trace")
        (place.path / "deep\\a.trace").unlink()
    place.file("other/a.trace", BROKEN.format(1))
    tap.same([entry["log"] for entry in place.entries()], ["a.trace"], "the log is named without its folder")
    result = place.check("other/a.trace")
    tap.ok(result.status == STATUS_CLEAN and len(suppressed(result)) == 1, "and known in another folder", result)


def check_equal(tap, place):
    """Findings that are alike are counted."""
    twice = BROKEN.format(1) * 2
    place.file("a.trace", twice)
    place.write("a.trace")
    prints = [entry["fingerprint"] for entry in place.entries()]
    tap.ok(len(prints) == 2 and {text.split(":")[1] for text in prints} == {"1", "2"}
           and len({text.split(":")[0] for text in prints}) == 1, "two that are alike are two entries", prints)
    tap.same(place.check("a.trace").status, STATUS_CLEAN, "both are known")
    place.file("a.trace", twice + BROKEN.format(1))
    result = place.check("a.trace")
    tap.same((len(counted(result)), len(suppressed(result)), result.status), (1, 2, STATUS_FINDINGS),
             "a third is new")
    place.file("a.trace", BROKEN.format(1))
    result = place.check("a.trace")
    tap.same((len(result.summary["stale"]), result.summary["stale"][0]["fingerprint"][-2:], result.status),
             (1, ":2", STATUS_FINDINGS), "one less is stale")
    many = BROKEN.format(1) * 11
    place.file("a.trace", many)
    place.write("a.trace")
    tap.same([entry["fingerprint"].split(":")[1] for entry in place.entries()], [str(n) for n in range(1, 12)],
             "the numbers are sorted as numbers")


def check_stale(tap, place):
    """An entry that nothing matches fails the run, if its log was checked."""
    place.file("a.trace", BROKEN.format(1))
    place.file("b.trace", BROKEN.format(1))
    place.write("a.trace", "b.trace")
    place.file("a.trace", LIFE.format(1))
    result = place.check("a.trace", "b.trace")
    tap.ok(result.status == STATUS_FINDINGS and not counted(result) and [e["log"] for e in result.summary["stale"]]
           == ["a.trace"], "what was mended is stale, and fails", result)
    tap.ok("b.json:2:1: stale entry" in result.error and ILLEGAL in result.error and "known" in result.error
           and "baseline prune" in result.error and "--allow-stale" in result.error,
           "standard error names it, with its place, and says what to do", result)
    tap.same([(e["file"], e["line"], e["reason"]) for e in result.summary["stale"]], [("b.json", 2, "known")],
             "the summary names it")
    result = place.check("a.trace", "b.trace", "--allow-stale")
    tap.ok(result.status == STATUS_CLEAN and "stale entry" in result.error and len(result.summary["stale"]) == 1
           and "baseline prune" not in result.error, "--allow-stale: it is told, but does not fail", result)
    tap.same(place.check("a.trace", "--fail-on=never").status, STATUS_CLEAN, "--fail-on=never: nothing fails")
    result = place.check("b.trace")
    tap.ok(result.status == STATUS_CLEAN and "stale" not in result.summary,
           "entries of logs that are not checked are not stale", result)
    result = place.check("b.trace", "gone/a.trace")
    tap.ok(result.status == STATUS_FAILED and "stale" not in result.summary, "nor of logs that cannot be read", result)
    place.file("a.trace", "session=1 event=Created\nsession=1 evnt=x\nsession=1 event=Terminated\n")
    result = place.check("a.trace")
    tap.ok(result.status == STATUS_FAILED and "stale" not in result.summary, "nor of logs with unreadable records",
           result)
    place.file("a.trace", LIFE.format(1))
    place.file("more/a.trace", "session=1 event=Created\nsession=1 evnt=x\nsession=1 event=Terminated\n")
    for logs in (("a.trace", "more/a.trace"), ("more/a.trace", "a.trace")):
        result = place.check(*logs, "--rule=malformed=warning")
        tap.ok(result.status == STATUS_CLEAN and "stale" not in result.summary,
               f"nor if another log of that name has some: {' '.join(logs)}", result)
        before = place.read()
        result = place.run("baseline", "prune", "--baseline=b.json", "--rule=malformed=warning", *logs)
        tap.ok(result.status == STATUS_CLEAN and place.read() == before, "and prune keeps them", result)
        place.file("b.json", before.decode())
    place.file("a.trace", BROKEN.format(1))
    result = place.check("a.trace", "--rule=illegal-transition=off")
    tap.ok(result.status == STATUS_CLEAN and "stale" not in result.summary, "nor where the rule is off", result)
    place.file("a.trace", LIFE.format(1))
    result = place.run("check", "--baseline=b.json", "a.trace")
    tap.ok(result.status == STATUS_FINDINGS and not result.out and result.error.index("stale entry")
           < result.error.index("checked: "), "text: nothing on standard output, and the reason before the summary",
           result)


def check_expired(tap, place):
    """An entry holds up to the end of its day in UTC."""
    place.file("a.trace", BROKEN.format(1))
    place.write("--expires=2026-11-25", "a.trace")
    midnight = NOW - NOW % DAY
    for now, holds in ((NOW, True), (midnight + 2 * DAY - 1, True), (midnight + 2 * DAY, False), (NOW + 999 * DAY, False)):
        result = place.check("a.trace", now=now)
        tap.same((len(suppressed(result)), result.status), (1, STATUS_CLEAN) if holds else (0, STATUS_FINDINGS),
                 f"an entry up to 2026-11-25, at {now}: {'holds' if holds else 'has expired'}")
        tap.same(("expired entry" in result.error, len(result.summary.get("expired", []))),
                 (not holds, int(not holds)), "which is told")
    place.file("a.trace", LIFE.format(1))
    result = place.check("a.trace", now=NOW + 99 * DAY)
    tap.ok(len(result.summary["stale"]) == 1 and result.summary["expired"] == [] and result.status == STATUS_FINDINGS,
           "one that nothing matches is stale, expired or not", result)
    for fixed in ("soon", "", "-1", "1e9", "99999999999999999999"):
        result = place.command.run("check", "-q", "--baseline=b.json", "a.trace", cwd=place.path,
                                   env={**os.environ, "SOURCE_DATE_EPOCH": fixed})
        tap.same(result.status, STATUS_FINDINGS, f"SOURCE_DATE_EPOCH={fixed} is the clock's day")


def check_renewed(tap, place):
    """write gives an entry that has expired a new reason, and leaves the others."""
    place.file("a.trace", BROKEN.format(1) + BROKEN.format(2))
    place.write("--expires=2026-11-25", "a.trace", reason="first")
    later = NOW + 9 * DAY
    result = place.write("a.trace", reason=None, now=later)
    tap.ok(result.status == STATUS_FAILED and "--reason=TEXT is needed: 2 findings" in result.error,
           "write: who renews an entry has to say why", result)
    result = place.write("a.trace", reason="second", now=later)
    tap.ok("0 added, 2 renewed" in result.error and {(e["reason"], e.get("expires")) for e in place.entries()}
           == {("second", None)}, "write: expired entries are renewed", result)
    place.file("a.trace", "".join(BROKEN.format(n) for n in (1, 2, 3)))
    place.write("a.trace", reason="third", now=later)
    tap.same(sorted(e["reason"] for e in place.entries()), ["second", "second", "third"],
             "write: reasons that there are stay")


def check_malformed(tap, place):
    """Nobody can answer for what cannot be read."""
    place.file("a.trace", BROKEN.format(1) + "session=1 evnt=x\n")
    result = place.write("a.trace")
    tap.ok(result.status == STATUS_FAILED and "1 record cannot be read" in result.error and "left unchanged"
           in result.error and place.names() == ["a.trace"], "write: nothing is written of a log with unreadable "
           "records", result)
    result = place.write("--rule=malformed=warning", "--fail-on=note", "a.trace")
    tap.ok(result.status == STATUS_CLEAN and [e["rule"] for e in place.entries()] == [ILLEGAL],
           "write: unless they are no error; they are in no baseline", result)
    finding = place.run("check", "-q", "-fgitlab", "a.trace")
    prints = [issue["fingerprint"] for issue in json.loads(finding.out) if issue["check_name"] == "trace/malformed"]
    entries = place.entries() + [{**place.entries()[0], "fingerprint": prints[0], "rule": "trace/malformed"}]
    place.file("b.json", json.dumps({"baseline": "sessionlint", "version": 1, "entries": entries}))
    result = place.check("a.trace")
    tap.ok(result.status == STATUS_FAILED and [f["rule"] for f in counted(result)] == ["trace/malformed"],
           "check: nor does an entry that was made by hand suppress one", result)


def check_answered(tap, place):
    """What the trace answers for needs no entry, and the others are known as before."""
    allowed = 'session=1 event=Created\nsession=1 event=Logon allow=illegal-transition allow_reason="told here"\n' \
        "session=1 event=Terminated\n"
    place.file("a.trace", BROKEN.format(1) + allowed + BROKEN.format(1))
    if "trace/malformed" in place.run("check", "-q", "a.trace").text:
        tap.skip("what the trace answers for", "traces cannot answer for findings here")
        return
    place.write("a.trace")
    tap.same([e["fingerprint"].split(":")[1] for e in place.entries()], ["1", "3"], "it needs no entry")
    result = place.check("a.trace")
    tap.same(([f["suppression"]["kind"] for f in result.findings], result.status),
             (["baseline", "trace", "baseline"], STATUS_CLEAN), "each is known by whoever answers for it")
    prints = [r["partialFingerprints"]["primaryLocationLineHash"] for r in
              json.loads(place.run("check", "-q", "-fsarif", "a.trace").out)["runs"][0]["results"]]
    tap.same([prints[0], prints[2]], [e["fingerprint"] for e in place.entries()], "entries have the fingerprints of reports")
    place.file("a.trace", BROKEN.format(1) * 3)
    result = place.check("a.trace")
    tap.same(([f["line"] for f in counted(result)], result.status), ([5], STATUS_FINDINGS),
             "without its answer it is the one that is new")


def check_severities(tap, place):
    """What is added is what would fail."""
    place.file("a.trace", BROKEN.format(1) + "session=2 event=Created\n")
    place.write("a.trace")
    tap.same([e["rule"] for e in place.entries()], [ILLEGAL], "write: errors")
    place.write("--fail-on=note", "a.trace")
    tap.same([e["rule"] for e in place.entries()], [ILLEGAL, "session/unfinished"], "write --fail-on=note: notes too")
    tap.same(place.check("--fail-on=note", "a.trace").status, STATUS_CLEAN, "which then pass")
    (place.path / "b.json").unlink()
    place.write("--rule=illegal-transition=off", "a.trace")
    tap.same(place.entries(), [], "write --rule: what is off is not found")
    result = place.write("--start=unknown", "--fail-on=never", "a.trace", reason=None)
    tap.same((result.status, place.entries()), (STATUS_CLEAN, []), "write --fail-on=never: nothing to add")
    place.file("w.trace", "session=1 event=7001\nsession=1 event=7002\nsession=1 event=7002\n")
    place.file("l.trace", "session=1 event=Created\nsession=1 event=Disconnected\nsession=1 event=Logon\n"
               "session=1 event=Connected\nsession=1 event=Terminated\n")
    for option, log in (("--source=winlogon", "w.trace"), ("--strict", "l.trace")):
        without = place.run("check", "-q", "--format=json", log)
        place.write(option, log)
        result = place.check(option, log)
        tap.ok(result.status == STATUS_CLEAN and suppressed(result) and
               [f["rule"] for f in suppressed(result)] != [f["rule"] for f in without.findings
                                                           if f["severity"] == "error"],
               f"write and check find the same with {option}", result)


def check_schema(tap, place):
    schema = json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8"))
    host = 'host="h\\"<\\u0007\\u202e\\ud83d\\ude00"'
    place.file("a \u00e9.trace", BROKEN.format(1).replace("session", f"{host} session") + BROKEN.format(2) * 3)
    place.file("b.trace", BROKEN.format(7))
    place.write("a \u00e9.trace", "b.trace", "--expires=2027-02-28", reason="it's \"known\"\n\\ \u202e")
    text = place.read().decode("utf-8")
    if jsonschema is None:
        tap.skip("the schema", "the Python module jsonschema is not installed")
    else:
        jsonschema.Draft202012Validator.check_schema(schema)
        problems = [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(json.loads(text))]
        tap.same(problems, [], "what write writes follows docs/baseline.schema.json")
    lines = text.splitlines()
    tap.ok(len(lines) == 7 and all(json.loads(line.rstrip(",")) for line in lines[1:-1]), "an entry a line", text)
    keys = [(e["log"].encode(), e["rule"], e["fingerprint"]) for e in place.entries()]
    tap.same(keys, sorted(keys), "sorted by log, rule and fingerprint")
    tap.ok("\x07" not in text and "\u202e" not in text, "what would change how a diff is shown is escaped")
    result = place.check("a \u00e9.trace", "b.trace")
    tap.ok(result.status == STATUS_CLEAN and {f["suppression"]["reason"] for f in suppressed(result)}
           == {"it's \"known\"\n\\ \u202e"}, "reasons come back as they were given", result)
    before = place.read()
    place.write("b.trace", "a \u00e9.trace")
    tap.same(place.read(), before, "writing again changes nothing")


if __name__ == "__main__":
    sys.exit(run_all(check_new, check_shifted, check_letter_case, check_windows_paths, check_equal, check_stale,
                     check_expired, check_renewed, check_malformed, check_answered, check_severities, check_schema))
