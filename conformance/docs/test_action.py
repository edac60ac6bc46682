#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""action.yml: its steps run as a runner of GitHub runs them, with a folder of releases in place of GitHub. Arguments: the
command, the project's folder. Prints TAP.
"""

import hashlib
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
REPORTS = ("sessions.sarif", "sessions.junit.xml", "sessions.html", "sessions.md", "sessions.jsonl")
VERSION = "1.2.3"
FILE = f"sessionlint-{VERSION}-linux-x86_64"

DEV = """#!/bin/sh
[ "$*" = "run --version" ] || exit 64
mkdir -p build && ln -sf {command} build/sessionlint && exec build/sessionlint --version
"""

# What a step calls to download: a folder for each release.
GH = """#!/usr/bin/env python3
import pathlib, shutil, sys
words = sys.argv[1:]
value = lambda name: words[words.index(name) + 1]
release = pathlib.Path({releases!r}) / value("--repo") / words[2]
if words[:2] != ["release", "download"] or not release.is_dir() or "--clobber" not in words:
    sys.exit("release not found")
for at, word in enumerate(words):
    if word == "--pattern":
        shutil.copy(release / words[at + 1], value("--dir"))
"""


class Runner:
    """A runner with a checkout, the action beside it, and the steps of the action."""

    def __init__(self, folder, root, command):
        self.folder = pathlib.Path(folder)
        self.checkout, self.path = self.folder / "the checkout", self.folder / "the action"
        self.checkout.mkdir()
        self.path.mkdir()
        shutil.copytree(root / "packaging" / "github", self.path / "packaging" / "github")
        self.script(self.path / "dev", f"cd '{self.path}'\n" + DEV.format(command=command))
        self.script(self.folder / "bin" / "gh", GH.format(releases=str(self.folder / "releases")))
        self.action = yaml.safe_load((root / "action.yml").read_text(encoding="utf-8"))
        self.command = command

    @staticmethod
    def script(path, text):
        path.parent.mkdir(parents=True, exist_ok=True)
        # the first line says who runs it
        lines = text.splitlines(True)
        lines.sort(key=lambda line: not line.startswith("#!"))
        path.write_text("".join(lines), encoding="utf-8")
        path.chmod(0o755)

    def release(self, content, digest=None, more=""):
        """Publishes a release of one file."""
        folder = self.folder / "releases" / "owner/name" / f"v{VERSION}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FILE).write_bytes(content)
        digest = digest or hashlib.sha256(content).hexdigest()
        (folder / "SHA256SUMS").write_text(f"{more}{digest}  {FILE}\n", encoding="utf-8")

    def trace(self, name, text):
        (self.checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (self.checkout / name).write_text(text, encoding="utf-8")

    def run(self, **inputs):
        """Runs the steps up to one that fails, and says how it went."""
        given = {name: str(row.get("default", "")) for name, row in self.action["inputs"].items()}
        given.update({name.replace("_", "-"): value for name, value in inputs.items()})
        state = {f"inputs.{name}": value for name, value in given.items()}
        state |= {"github.action_repository": "owner/name", "github.token": "token"}
        run = Run(state, self.folder / "summary.md")
        run.summary.unlink(missing_ok=True)
        for step in self.action["runs"]["steps"]:
            if "run" in step:
                self.step(run, step)
            if run.status != STATUS_CLEAN:
                break
        return run

    def step(self, run, step):
        """One step, by the shell that it names."""
        output, script = self.folder / "output", self.folder / "step.sh"
        output.write_text("", encoding="utf-8")
        script.write_text(run.expand(step["run"]), encoding="utf-8")
        environment = {**os.environ, "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}", "GITHUB_OUTPUT": str(output),
                       "GITHUB_STEP_SUMMARY": str(run.summary), "GITHUB_ACTION_PATH": str(self.path), "RUNNER_OS": "Linux",
                       "RUNNER_ARCH": "X64", "RUNNER_TEMP": str(self.folder / "temporary"),
                       **{name: run.expand(text) for name, text in step.get("env", {}).items()}}
        assert step["shell"] == "bash"
        done = subprocess.run(["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script], cwd=self.checkout,
                              env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        run.status = done.returncode
        run.out += done.stdout.decode()
        run.error += done.stderr.decode()
        for line in output.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            run.state[f"steps.{step['id']}.outputs.{name}"] = value


class Run:
    """How it went: the status of the last step, its texts, and the outputs of all."""

    def __init__(self, state, summary):
        self.state, self.summary, self.status, self.out, self.error = state, summary, STATUS_CLEAN, "", ""

    def expand(self, text):
        """Replaces ${{ name }} by a value, as the runner does, once."""
        return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda found: self.state.get(found[1], ""), text)

    def output(self, name):
        return self.state.get(f"steps.check.outputs.{name}")

    def __str__(self):
        return f"status {self.status}\n{self.out}{self.error}{self.state}"


def check_run(tap, runner):
    """A trace that is legal, one that is not, and one that cannot be read."""
    for text, status in ((LEGAL, STATUS_CLEAN), (BROKEN, STATUS_FINDINGS), (UNREADABLE, STATUS_FAILED)):
        runner.trace("traces/a.trace", text)
        shutil.rmtree(runner.checkout / "session-reports", ignore_errors=True)
        run = runner.run()
        tap.ok(run.status == status and run.output("status") == str(status), f"the step and its output: {status}", run)
        missing = [name for name in REPORTS if not (runner.checkout / "session-reports" / name).is_file()]
        tap.ok(not missing and run.output("sarif") == "session-reports/sessions.sarif", f"status {status}: all reports", missing)
        tap.ok(run.summary.read_text(encoding="utf-8").startswith("#"), f"status {status}: the summary")
        shown = re.findall(r"^::error file=traces/a\.trace,line=(\d+)", run.out, re.M)
        tap.same(shown, {STATUS_CLEAN: [], STATUS_FINDINGS: ["4"], STATUS_FAILED: ["6"]}[status],
                 f"status {status}: the annotations")
    outputs = {run.expand(row["value"]) for row in runner.action["outputs"].values()}
    tap.same(outputs, {"2", "session-reports"}, "the outputs of the action")


def check_upload(tap, runner):
    """The step that uploads: what it names is there, and it is left out where it has to be."""
    (step,) = [step for step in runner.action["runs"]["steps"] if "uses" in step]
    runner.trace("traces/a.trace", BROKEN)
    run = runner.run()
    tap.ok((runner.checkout / run.expand(step["with"]["sarif_file"])).is_file(), "what is uploaded is there")
    tap.same(run.expand(step["with"]["category"]), "sessionlint", "and has its category")
    known = {*run.state, "cancelled"}
    used = set(re.findall(r"[a-z][\w.-]+", re.sub(r"'[^']*'", "", step["if"])))
    tap.ok(used and used <= known, "its condition names what there is", used - known)


def check_inputs(tap, runner):
    """Each input does what it says."""
    runner.trace("traces/a.trace", BROKEN)
    runner.trace("more/with space/b.trace", BROKEN)
    for inputs, status, lines in (({"fail_on": "never"}, STATUS_CLEAN, 1), ({"options": "--rule=illegal-transition=off"}, STATUS_CLEAN, 0),
                                  ({"options": "--rule=illegal-transition=note\r\n\n  --fail-on=note  "}, STATUS_FINDINGS, 0),
                                  ({"paths": "\n traces \n\tmore/with space/b.trace\n"}, STATUS_FINDINGS, 2),
                                  ({"paths": "more/with space"}, STATUS_FINDINGS, 1),
                                  ({"reports": "my reports/here"}, STATUS_FINDINGS, 1)):
        run = runner.run(**inputs)
        tap.ok(run.status == status and run.out.count("::error file=") == lines, f"{inputs}", run)
    tap.ok((runner.checkout / "my reports" / "here" / "sessions.html").is_file(), "the folder of the reports has its name")
    run = runner.run(anchor="src/session.c:12")
    sarif = json.loads((runner.checkout / run.output("sarif")).read_text(encoding="utf-8"))
    uri = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    tap.same(uri, "src/session.c", "the anchor is where the alert is")
    subprocess.run([runner.command, "baseline", "write", "--reason=x", "--baseline=known.json", "traces"], cwd=runner.checkout,
                   check=True, capture_output=True, stdin=subprocess.DEVNULL)
    run = runner.run(baseline="known.json")
    sarif = json.loads((runner.checkout / run.output("sarif")).read_text(encoding="utf-8"))
    tap.ok(run.status == STATUS_CLEAN and not sarif["runs"][0]["results"], "a baseline: no alert for what is in it", run)


def check_refused(tap, runner):
    """No paths, wrong options, reports that cannot be written, a file that is missing: 2, and no alerts of an earlier run."""
    runner.trace("traces/a.trace", LEGAL)
    runner.trace("in the way", "")
    for inputs in ({"paths": ""}, {"paths": " \n \n"}, {"options": "--frobnicate"}, {"fail_on": "whatever"},
                   {"reports": "in the way/x"}, {"reports": "a\nstatus=0"}, {"baseline": "gone.json"}, {"paths": "gone.trace"}):
        tap.ok(runner.run().output("sarif"), "an earlier run has alerts")
        run = runner.run(**inputs)
        tap.ok(run.status == STATUS_FAILED and run.output("status") == "2", f"{inputs}: status 2", run)
        tap.ok(bool(run.output("sarif")) == (inputs.get("paths") == "gone.trace"), f"{inputs}: no alerts but its own", run)


def check_hostile(tap, runner):
    """Inputs are texts and nothing else."""
    texts = ("$(touch hacked)", "`touch hacked`", "'; touch hacked; '", '"; touch hacked; "', "a\n::error::hacked",
             "-o\ntext:hacked", "--output=text:hacked", "*", "\\", "${IFS}touch hacked", "| touch hacked", "x > hacked")
    for text in texts:
        for name in ("paths", "baseline", "fail_on", "anchor", "options", "version", "reports"):
            # it is an option that somebody may give
            if name == "options" and "-o" in text:
                continue
            runner.trace("traces/a.trace", LEGAL)
            run = runner.run(**{name: text})
            made = [path for path in (runner.checkout / "hacked", runner.path / "hacked", runner.folder / "hacked") if path.exists()]
            tap.ok(not made and not re.search("^::error::hacked", run.out, re.M)
                   and (run.status == STATUS_FAILED or name == "reports"), f"{name}: {text!r} is a text", made, run)


def check_files(tap, runner):
    """Files with such names are checked as any others."""
    for name in ("$(touch hacked).trace", "it's \"quoted\".trace", "-q.trace", "a%0Ab.trace", "sp ace/ü;&.trace"):
        runner.trace(name, BROKEN)
        run = runner.run(paths=name)
        tap.ok(run.status == STATUS_FINDINGS and run.out.count("::error file=") == 1
               and not (runner.checkout / "hacked").exists(), f"{name!r} is a file", run)


def check_download(tap, runner):
    """A release is taken if it is what its hashes say."""
    runner.trace("traces/a.trace", BROKEN)
    program = f"#!/bin/sh\nexec '{runner.command}' \"$@\"\n".encode()
    other = "0" * 64
    runner.release(program, more=f"{other}  {FILE}.sig\n{other}  x{FILE}\n")
    for version in (VERSION, f"v{VERSION}"):
        run = runner.run(version=version)
        tap.ok(run.status == STATUS_FINDINGS and "/temporary/sessionlint/" in run.state["steps.install.outputs.command"],
               f"{version}: downloaded, and it checks", run)
    for more, digest, complaint in (("", other, "is not the file that SHA256SUMS"),
                                    (f"{hashlib.sha256(program).hexdigest()}  another\n", other, "is not the file")):
        runner.release(program, digest=digest, more=more)
        run = runner.run(version=VERSION)
        tap.ok(run.status == STATUS_FAILED and complaint in run.out and "steps.install.outputs.command" not in run.state,
               "a wrong hash is refused", run)
    (runner.folder / "releases" / "owner/name" / f"v{VERSION}" / "SHA256SUMS").write_text("", encoding="utf-8")
    run = runner.run(version=VERSION)
    tap.ok(run.status == STATUS_FAILED and "is not the file" in run.out, "and so is one without a hash", run)
    for version, complaint in (("9.9.9", "release 9.9.9 could not be downloaded from owner/name"),
                               ("latest", "'latest' is not the number of a release"), ("1.2.3; x", "is not the number"),
                               ("../1", "is not the number"), ("1.2.3\n::error::x", "%0A::error::x' is not the number")):
        run = runner.run(version=version)
        tap.ok(run.status == STATUS_FAILED and run.out.startswith("::error title=sessionlint::") and complaint in run.out,
               f"{version!r}: refused", run)


def main():
    command, root = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2]).resolve()
    tap = Tap()
    if not yaml:
        return tap.skip_all("the Python module yaml is not installed")
    for check in (check_run, check_upload, check_inputs, check_refused, check_hostile, check_files, check_download):
        with tempfile.TemporaryDirectory() as folder:
            check(tap, Runner(folder, root, command))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
