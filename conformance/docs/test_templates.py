#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The templates of packaging/ for GitLab, Azure Pipelines and Jenkins do what they say: their scripts run as those systems
run them. The problem matchers find each finding of a real run, and lnav reads a report. Arguments: the command, the
project's folder. Prints TAP.
"""

import csv
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS
from shared.tap import Tap

try:
    import yaml
except ImportError:
    yaml = None

LEGAL = "".join(f"session=1 event={event}\n" for event in ("Created", "Connected", "Logon", "Logoff", "Terminated"))
BROKEN = LEGAL.replace("Logon\n", "Logon\nsession=1 event=Logon\n")
UNREADABLE = LEGAL + "session=1 event=\n"
TRACES = ((LEGAL, STATUS_CLEAN), (BROKEN, STATUS_FINDINGS), (UNREADABLE, STATUS_FAILED))


class Checkout:
    """A folder with traces, and the command in PATH."""

    def __init__(self, folder, command, root):
        self.path, self.command, self.packaging = pathlib.Path(folder), command, root / "packaging"
        (self.path / "bin").mkdir()
        (self.path / "bin" / "sessionlint").symlink_to(command)

    def trace(self, name, text):
        (self.path / name).parent.mkdir(parents=True, exist_ok=True)
        (self.path / name).write_text(text, encoding="utf-8")

    def text(self, name):
        return (self.packaging / name).read_text(encoding="utf-8")

    def missing(self, *names):
        return [name for name in names if not (self.path / name).exists()]

    def run(self, *words, **environment):
        return subprocess.run(words, cwd=self.path, stdin=subprocess.DEVNULL, capture_output=True, check=False,
                              env={**os.environ, "PATH": f"{self.path / 'bin'}:{os.environ['PATH']}", **environment})


def gitlab_job(checkout, **inputs):
    """The one job of the component, with its inputs put in, and its name."""
    spec, _, job = checkout.text("gitlab/sessionlint.yml").partition("\n---\n")
    given = {name: row.get("default") for name, row in yaml.safe_load(spec)["spec"]["inputs"].items()} | inputs
    ((name, job),) = yaml.safe_load(re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda found: given[found[1]], job)).items()
    return name, job


def check_gitlab(tap, checkout):
    for text, status in TRACES:
        checkout.trace("traces/a.trace", text)
        name, job = gitlab_job(checkout, install="true")
        done = checkout.run("bash", "-e", "-o", "pipefail", "-c", "\n".join(job["script"]))
        tap.ok(done.returncode == status and name == "sessionlint", f"GitLab: status {status}", done.stdout, done.stderr)
        named = [*job["artifacts"]["paths"], *job["artifacts"]["reports"].values()]
        tap.none(checkout.missing(*named), "GitLab: the reports that it publishes")
        junit = (checkout.path / job["artifacts"]["reports"]["junit"]).read_text(encoding="utf-8")
        tap.ok(status == STATUS_CLEAN or 'file="traces/a.trace"' in junit, "GitLab: JUnit in its flavour", junit)
    _, job = gitlab_job(checkout, install="echo installed", command="env sessionlint", paths="traces/a.trace",
                        options="--fail-on=never --rule=malformed=off", reports="out/here", job="other")
    done = checkout.run("bash", "-e", "-c", "\n".join(job["script"]))
    tap.ok(done.returncode == STATUS_CLEAN and done.stdout.startswith(b"installed\n")
           and not checkout.missing("out/here/sessions.html"), "GitLab: its inputs", done.stdout, done.stderr)


def azure_steps(checkout, **parameters):
    template = yaml.safe_load(checkout.text("azure/sessionlint.yml"))
    given = {row["name"]: row["default"] for row in template["parameters"]} | parameters

    def put(value):
        if isinstance(value, dict):
            return {name: put(one) for name, one in value.items()}
        return re.sub(r"\$\{\{ parameters\.(\w+) \}\}", lambda found: given[found[1]], value)

    return [put(step) for step in template["steps"]]


def azure_run(checkout, **parameters):
    (script, *others) = azure_steps(checkout, **parameters)
    return checkout.run("bash", "--noprofile", "--norc", "-c", script["bash"], **script["env"]), others


def check_azure(tap, checkout):
    for text, status in TRACES:
        checkout.trace("traces/a.trace", text)
        done, others = azure_run(checkout)
        tap.ok(done.returncode == status, f"Azure: status {status}", done.stdout, done.stderr)
        named = [step["inputs"]["testResultsFiles"] for step in others if "task" in step] + [
            step["publish"] for step in others if "publish" in step]
        tap.ok(len(named) == 2 and not checkout.missing(*named), "Azure: what it publishes is there", named)
        issues = re.findall(rb"^##vso\[task\.logissue type=error;", done.stdout, re.M)
        tap.same(len(issues), int(status != STATUS_CLEAN), "Azure: an issue for each error")
        summary = re.search(rb"^##vso\[task\.uploadsummary\](.*)$", done.stdout, re.M)
        tap.ok(summary and pathlib.Path(summary[1].decode()).is_file(), "Azure: the summary that it uploads", done.stdout)
    checkout.trace("a b/c.trace", BROKEN)
    reports = str(checkout.path / "all reports")
    done, _ = azure_run(checkout, paths=" a b/c.trace \r\n\n traces\n", options="--fail-on=never\n--rule=malformed=off",
                        command="env sessionlint", reports=reports)
    summary = re.search(r"^##vso\[task\.uploadsummary\](.*)$", done.stdout.decode(), re.M)
    tap.ok(done.returncode == STATUS_CLEAN and done.stdout.count(b"task.logissue") == 1
           and summary and summary[1] == f"{reports}/sessions.md", "Azure: its parameters", done.stdout, done.stderr)
    for parameters in ({"paths": "\n \n"}, {"options": "--frobnicate"}, {"paths": "$(touch hacked)"}, {"options": "`touch hacked`"}):
        done, _ = azure_run(checkout, **parameters)
        tap.same(done.returncode, STATUS_FAILED, f"Azure: {parameters}", done.stdout)
    tap.none([name for name in ("hacked",) if (checkout.path / name).exists()], "Azure: its parameters are texts")


def check_jenkins(tap, checkout):
    """The commands of the Jenkinsfile, by the shell that Jenkins starts."""
    text = checkout.text("jenkins/Jenkinsfile")
    scripts = re.findall(r"sh '([^']+)'", text) + re.findall(r"script: '''(.*?)'''", text, re.S)
    tap.same(len(scripts), 2, "Jenkins: two commands")
    reports = [name for name in re.findall(r"session-reports/[\w.]+", text)]
    for trace, status in TRACES:
        checkout.trace("traces/a.trace", trace)
        shutil.rmtree(checkout.path / "session-reports", ignore_errors=True)
        # in such a text of Groovy a backslash takes the end of a line away
        done = [checkout.run("sh", "-xe", "-c", script.replace("\\\n", "")) for script in scripts]
        tap.same([one.returncode for one in done], [STATUS_CLEAN, status], f"Jenkins: status {status}", done[-1].stderr)
        tap.ok(len(reports) > 4 and not checkout.missing(*reports), "Jenkins: the reports that it publishes", reports)


# ---- problem matchers ----

CASES = {
    "traces/a.trace": "time=2026-03-02T08:00:00Z host=RDS-01 boot=7 session=1 user=LAB\\anna event=Created\n"
                      "time=2026-03-02T08:00:01Z host=RDS-01 boot=7 session=1 user=LAB\\anna event=Logon\n"
                      "time=2026-03-02T08:00:02Z host=RDS-01 boot=7 session=1 event=Logon\n",
    "cascade.trace": "".join(f"session=1 event={event}\n" for event in ("Created", "Connected", "Created", "Logon")),
    "traces/suppressed.trace": "session=1 event=Created\nsession=1 event=Logon allow=session/illegal-transition "
                               "allow_reason=\"known: [a/b]\"\nsession=1 event=Terminated\n",
    "C:\\logs\\x 1.trace": BROKEN, "logs\\[a] x.trace": BROKEN, "bad.trace": UNREADABLE,
    "host.trace": "host=\"x:1: error: y [a/b]\" session=1 event=Created\nhost=\"x:1: error: y [a/b]\" session=1 event=Logon\n",
}


def matched(pattern, text):
    """What a matcher finds in lines of text: (file, line, severity, message, code)."""
    names = ("file", "line", "severity", "message", "code")
    found = (re.search(pattern["regexp"], line) for line in text.splitlines())
    return [tuple(one[pattern[name]] for name in names) for one in found if one]


def check_matcher(tap, checkout, name, pattern, severities):
    for trace, text in CASES.items():
        checkout.trace(trace, text)
        words = ["sessionlint", "check", "-q", "--show-suppressed", "--notes=all", trace]
        text = checkout.run(*words)
        findings = [json.loads(line) for line in checkout.run(*words, "--format=json").stdout.decode().splitlines()]
        wanted = [(one["file"], str(one["line"]), one["severity"], one["rule"]) for one in findings
                  if one.get("severity") in severities and "suppression" not in one]
        got = matched(pattern, text.stdout.decode())
        tap.same([(file, line, severity, code) for file, line, severity, _, code in got], wanted, f"{name}: {trace}",
                 text.stdout)
        messages = [one["message"] for one in findings if one.get("severity") in severities and "suppression" not in one]
        tap.ok(all(one[3].endswith(message) for one, message in zip(got, messages)), f"{name}: {trace}: the messages", got)
    tap.ok(any(finding.get("cascade") for finding in map(json.loads, checkout.run(
        "sessionlint", "check", "-q", "--format=json", "cascade.trace").stdout.decode().splitlines())), f"{name}: a cascade is one of them")
    tap.same(matched(pattern, "  allowed in Created: Terminated\nchecked:  3 events\nconfig:   none\n"), [],
             f"{name}: other lines are none")


def check_matchers(tap, checkout):
    (matcher,) = json.loads(checkout.text("github/problem-matcher.json"))["problemMatcher"]
    (pattern,) = matcher["pattern"]
    # the runner leaves out what is neither
    check_matcher(tap, checkout, "GitHub", pattern, ("error", "warning"))
    matchers = {one["name"]: one for one in json.loads(checkout.text("vscode/package.json"))["contributes"]["problemMatchers"]}
    check_matcher(tap, checkout, "Visual Studio Code", matchers["sessionlint"]["pattern"], ("error", "warning", "note"))


# ---- lnav ----

def lnav(checkout, file, query):
    """The rows that lnav answers to a query. It writes into its home and where it is started."""
    home = checkout.path / "home"
    home.mkdir(exist_ok=True)
    done = subprocess.run(["lnav", "-n", "-c", f";{query}", "-c", ":write-csv-to -", file], cwd=home, stdin=subprocess.DEVNULL,
                          env={**os.environ, "HOME": str(home), "TERM": "dumb"}, capture_output=True, check=False)
    return list(csv.reader(done.stdout.decode().splitlines()))[1:]


def check_lnav(tap, checkout, root):
    if not shutil.which("lnav"):
        tap.skip("lnav reads a report", "lnav is not installed")
        return
    home = checkout.path / "home"
    home.mkdir()
    done = subprocess.run(["lnav", "-i", checkout.packaging / "lnav" / "sessionlint.json"], cwd=home, capture_output=True,
                          stdin=subprocess.DEVNULL, env={**os.environ, "HOME": str(home), "TERM": "dumb"}, check=False)
    tap.ok(done.returncode == 0 and b"installed" in done.stderr, "lnav takes the format", done.stdout, done.stderr)
    report = checkout.path / "findings.jsonl"
    lines = checkout.run("sessionlint", "check", "-q", "--format=json", str(root / "traces")).stdout.decode().splitlines(True)
    # jq -c 'select(.time)': lnav takes no file for a log that begins with lines without a time
    report.write_text("".join(line for line in lines if "time" in json.loads(line)), encoding="utf-8")
    findings = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    wanted = sorted([one["time"][:19].replace("T", " "), one["rule"], one["severity"].replace("note", "notice"),
                     one["host"] or "<NULL>", str(one["line"])] for one in findings)
    rows = lnav(checkout, report, "SELECT log_time, rule, log_level, host, line FROM sessionlint_findings")
    got = sorted([time[:19], *rest] for time, *rest in rows)
    tap.ok(len(wanted) > 10 and got == wanted, f"lnav reads {len(wanted)} findings with their times", got, wanted)
    trace = root / "traces" / "legal" / "boots.trace"
    rows = {int(row[0]) for row in lnav(checkout, trace, "SELECT log_line FROM logfmt_log")}
    records = {at for at, line in enumerate(trace.read_text(encoding="utf-8").splitlines()) if line.startswith("time=")}
    tap.ok(len(records) > 10 and records <= rows, "lnav reads a trace with its own format", records, rows)


def main():
    command, root = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2]).resolve()
    tap = Tap()
    if not yaml:
        return tap.skip_all("the Python module yaml is not installed")
    for check, *more in ((check_gitlab,), (check_azure,), (check_jenkins,), (check_matchers,), (check_lnav, root)):
        with tempfile.TemporaryDirectory() as folder:
            check(tap, Checkout(folder, command, root), *more)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
