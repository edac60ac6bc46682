# SPDX-License-Identifier: MIT
"""Every format tells of findings that somebody answers for, and of entries that nothing matches any more.

Arguments: the command, docs/findings.schema.json. Prints TAP.
"""

import csv
import io
import json
import pathlib
import re
import sys
import unicodedata
from xml.etree import ElementTree

from shared.command import STATUS_CLEAN, STATUS_FINDINGS
from shared.gate import BROKEN, DAY, ILLEGAL, LIFE, NOW, baseline, entry, run_all

try:
    import jsonschema
except ImportError:
    jsonschema = None

FORMATS = ("text", "json", "sarif", "junit", "gitlab", "github", "azure", "markdown", "csv")
REASON = "ticket 7"
UNSAFE = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}

# What a reason can do to a report.
HOSTILE = "]]></a>\"'<script>|`*_[x](y) {0} %0A::error::x \x1b[31m\u202e\n::error::y\n##vso[task.complete]z @everyone =1+1"


def report(place, form, *arguments, **options):
    return place.run("check", "-q", f"--format={form}", "--baseline=b.json", "a.trace", *arguments, **options)


def known_and_new(place):
    """A finding that the baseline has, one that is new, and an entry that nothing matches."""
    place.file("a.trace", BROKEN.format(1) + BROKEN.format(3))
    place.write("a.trace", reason=REASON)
    place.file("a.trace", BROKEN.format(1) + BROKEN.format(2))


def check_text(tap, place):
    known_and_new(place)
    result = report(place, "text")
    tap.ok("session 2" in result.text and "session 1" not in result.text and "session 3" not in result.text,
           "text: what is new alone", result)
    shown = report(place, "text", "--show-suppressed")
    tap.ok(f"session 1: Logon is illegal in Created [{ILLEGAL}] (suppressed: {REASON})\n" in shown.text
           and f"session 2: Logon is illegal in Created [{ILLEGAL}]\n" in shown.text,
           "text: --show-suppressed shows what is known, with the reason", shown)
    loud = place.run("check", "--baseline=b.json", "a.trace")
    tap.ok("findings: 1 error, 0 warnings, 0 notes; 1 suppressed\n" in loud.error, "the summary counts it", loud)


def check_json(tap, place):
    known_and_new(place)
    schema = json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8"))
    place.write("--expires=2026-11-30", "a.trace", reason="for now")
    for now in (NOW, NOW + 99 * DAY):
        result = report(place, "json", now=now)
        tap.ok([("suppression" in f, f["session"]) for f in result.findings] == [(True, 1), (now == NOW, 2)]
               and result.summary["suppressed"] == 1 + (now == NOW), "json: each finding, suppressed or not", result)
        tap.same(([e["reason"] for e in result.summary["stale"]], [e["reason"] for e in result.summary["expired"]]),
                 ([REASON], [] if now == NOW else ["for now"]), "json: stale entries, and expired ones")
        lines = {e["line"]: e for e in result.summary["stale"] + result.summary["expired"]}
        text = place.read().decode("utf-8").splitlines()
        tap.ok(all(json.loads(text[line - 1].rstrip(","))["fingerprint"] == e["fingerprint"]
                   for line, e in lines.items()), "json: with the lines where they stand", lines)
        if jsonschema is None:
            tap.skip("the schema", "the Python module jsonschema is not installed")
            continue
        problems = [error.message for line in result.objects
                    for error in jsonschema.Draft202012Validator(schema).iter_errors(line)]
        tap.same(problems, [], "json: follows docs/findings.schema.json")


def check_sarif(tap, place):
    known_and_new(place)
    run = json.loads(report(place, "sarif").out)["runs"][0]
    tap.same([result.get("suppressions") for result in run["results"]],
             [[{"kind": "external", "justification": REASON}], None], "sarif: suppressions of what is known")
    invocation = run["invocations"][0]
    (notice,) = invocation["toolExecutionNotifications"]
    place_of = notice["locations"][0]["physicalLocation"]
    tap.ok(invocation["exitCode"] == 1 and invocation["executionSuccessful"] and notice["level"] == "error"
           and place_of["artifactLocation"]["uri"] == "b.json" and place_of["region"]["startLine"] == 3
           and REASON in notice["message"]["text"], "sarif: a notification of the stale entry, at its line", notice)
    run = json.loads(report(place, "sarif", "--allow-stale").out)["runs"][0]
    tap.same(run["invocations"][0]["toolExecutionNotifications"][0]["level"], "warning", "sarif: allowed, a warning")
    alike = [[r["partialFingerprints"] for r in json.loads(place.run(
        "check", "-q", "-fsarif", *more, "a.trace").out)["runs"][0]["results"]] for more in ([], ["--baseline=b.json"])]
    tap.same(alike[0], alike[1], "sarif: fingerprints do not change by it")
    place.file("a.trace", BROKEN.format(1) * 2)
    whole, hidden = (json.loads(report(place, "sarif", *more).out)["runs"][0]["results"]
                     for more in ([], ["--hide-suppressed"]))
    tap.ok(len(whole) == 2 and hidden == whole[1:] and "suppressions" not in hidden[0],
           "sarif: --hide-suppressed leaves out what is known, and what is new is as it was", hidden)


def check_junit(tap, place):
    known_and_new(place)

    def read(*arguments):
        suite = ElementTree.fromstring(report(place, "junit", *arguments).out)[0]
        return {case.get("name"): case for case in suite.findall("testcase")}, suite

    cases, suite = read()
    tap.same({name: [child.tag for child in case] for name, case in cases.items()},
             {"session 1": [], "session 2": ["failure"], "baseline": ["failure"], "all sessions without findings": []},
             "junit: what is known passes; what is new, and the stale entry, fails")
    tap.same((suite.get("tests"), suite.get("failures"), suite.get("errors")), ("4", "2", "0"), "junit: the counts")
    failure = cases["baseline"][0]
    tap.ok(failure.get("type") == "baseline/stale" and "b.json, line 3: error: stale entry" in failure.text
           and REASON in failure.text, "junit: the case says which", failure.text)
    out = suite.find("system-out").text
    tap.ok(f"(suppressed: {REASON})" in out and "session 1" in out and "session 2" not in out,
           "junit: and why the other passes", out)
    cases, suite = read("--allow-stale")
    tap.ok("baseline" not in cases and suite.get("failures") == "1" and suite.get("tests") == "3"
           and "warning: stale entry" in suite.find("system-out").text, "junit: allowed, it is told")


def check_build_logs(tap, place):
    known_and_new(place)
    issues = json.loads(report(place, "gitlab").out)
    tap.same([(issue["check_name"], issue["severity"], issue["location"]["path"], issue["location"]["lines"]["begin"])
              for issue in issues], [(ILLEGAL, "critical", "a.trace", 5), ("baseline/stale", "major", "b.json", 3)],
             "gitlab: what is known is left out, the stale entry is an issue")
    tap.same(len({issue["fingerprint"] for issue in issues}), 2, "gitlab: no fingerprint twice")
    issues = json.loads(report(place, "gitlab", "--allow-stale").out)
    tap.same(issues[1]["severity"], "info", "gitlab: allowed, it is info")
    for form, start, allowed in (
            ("github", "::{} file=b.json,line=3,title=baseline/stale::stale entry", "warning"),
            ("azure", "#" "#vso[task.logissue type={};sourcepath=b.json;linenumber=3;columnnumber=1;"
             "code=baseline/stale]stale entry", "warning")):
        lines = report(place, form).text.splitlines()
        tap.ok(len(lines) == 2 and sum("session 2" in line for line in lines) == 1
               and any(line.startswith(start.format("error")) and REASON in line for line in lines),
               f"{form}: what is new, and the stale entry", lines)
        lines = report(place, form, "--allow-stale").text.splitlines()
        tap.ok(any(line.startswith(start.format(allowed)) for line in lines), f"{form}: allowed, a warning", lines)


def check_tables(tap, place):
    known_and_new(place)
    text = report(place, "markdown").text
    tap.ok(text.startswith("## sessionlint: 1 error, 0 warnings, 0 notes; 1 suppressed\n"), "markdown: the counts", text)
    parts = dict(re.findall(r"^### (\w+)\n\n(.*?)(?=\n### |\Z)", text, re.M | re.S))
    tap.ok(list(parts) == ["Baseline", "Errors", "Suppressed"] and "stale entry" in parts["Baseline"]
           and "| error |" in parts["Baseline"] and "session 2" in parts["Errors"] and "session 1" not in parts["Errors"]
           and f"| {REASON} |" in parts["Suppressed"], "markdown: a section each", text)
    place.file("many.trace", "".join(BROKEN.format(n) for n in range(200)))
    place.write("many.trace")
    text = place.run("check", "-q", "-fmarkdown", "--baseline=b.json", "many.trace").text
    tap.ok(text.count("| known |") == 10 and "\nand 190 more\n" in text, "markdown: ten, and how many more", text)
    rows = list(csv.DictReader(io.StringIO(report(place, "csv").text)))
    tap.same([(row["session"], row["suppression"], row["reason"]) for row in rows],
             [("1", "baseline", REASON), ("2", "", "")], "csv: columns at the end")


def check_quiet(tap, place):
    """Where nothing is new and nothing is stale, no format shows a problem."""
    place.file("a.trace", BROKEN.format(1))
    place.write("a.trace")
    for form in FORMATS:
        result = report(place, form)
        tap.ok(result.status == STATUS_CLEAN and not re.search(r"::error|logissue|<failure|\"severity\":\"critical\"",
                                                             result.text), f"{form}: nothing to complain of", result)
    tap.same([report(place, form).text for form in ("text", "github", "azure")], ["", "", ""], "and no line of text")
    tap.same(json.loads(report(place, "gitlab").out), [], "and no issue")


def trouble(form, text):
    """Why a report may not go to a terminal or a build log; None if it may."""
    bad = [sign for sign in text.replace("\n", "") if unicodedata.category(sign) in UNSAFE]
    own = {"github": "::", "azure": "#" "#vso["}.get(form, "\n")
    lines = [line.lstrip().removeprefix(own) for line in text.split("\n")]
    bad += [line for line in lines if line.startswith("::") or "#" "#vso[" in line]
    return bad[:3] or None


def check_hostile(tap, place):
    """A baseline is written by people, and by enemies."""
    place.file("a.trace", BROKEN.format(1))
    place.write("a.trace", reason=HOSTILE.replace("\x1b", "").replace("\u202e", ""))
    known = place.entries()[0]
    place.file("b.json", baseline({**known, "reason": HOSTILE},
                                  entry(reason=HOSTILE, message=HOSTILE, subject=HOSTILE, rule=HOSTILE)))
    for form in FORMATS:
        result = report(place, form, "--show-suppressed")
        tap.ok(result.status == STATUS_FINDINGS and trouble(form, result.text) is None and
               trouble("text", result.error) is None, f"{form}: hostile reasons are safe to show",
               trouble(form, result.text), result)
    tap.ok(ElementTree.fromstring(report(place, "junit").out) is not None, "junit: it is XML all the same")
    for form in ("sarif", "gitlab"):
        tap.ok(json.loads(report(place, form).out), f"{form}: it is JSON all the same")
    tap.same(report(place, "json").findings[0]["suppression"]["reason"], HOSTILE, "json: to the letter")
    place.file("a.trace", LIFE.format(1))
    listed = place.run("baseline", "list", "--baseline=b.json")
    tap.same(trouble("text", listed.text), None, "baseline list: safe to show")


if __name__ == "__main__":
    sys.exit(run_all(check_text, check_json, check_sarif, check_junit, check_build_logs, check_tables, check_quiet,
                     check_hostile))
