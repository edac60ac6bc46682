#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/ci.md does what it says: its files and commands are taken from the page, put into a repository as a driver team
has it, and run. Arguments: the command, the project's folder. Prints TAP."""

import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS
from shared.tap import Tap

try:
    import yaml
except ImportError:
    yaml = None

# Stands for the submodule: `dev run` builds, and then runs the command.
DEV = """#!/bin/sh
[ "$1" = run ] || exit 64
shift
exec {command} "$@"
"""

LEGAL = "".join(f"session=1 event={event}\n" for event in ("Created", "Connected", "Logon", "Logoff", "Terminated"))
BROKEN = LEGAL.replace("session=1", "session=2").replace("Logon\n", "Logon\nsession=2 event=Logon\n")
# The third record is lost.
LOST = "".join(f"seq={seq} {line}\n" for seq, line in enumerate(LEGAL.splitlines()) if seq != 2)
# A recorder that was started too late, and one that recorded nothing.
NOTHING = "marker=boot\nmarker=end\n"
# What the trace tells from the middle on.
MIDDLE = "marker=gap\nsession=4 event=Logoff\n"
WORSE = BROKEN + "session=3 event=Created\nsession=3 event=Logon\nsession=3 event=Terminated\n"


class Page:
    """The blocks of docs/ci.md, by what they are."""

    def __init__(self, path):
        self.text = path.read_text()
        self.script = self.block("sh")
        self.configuration = self.block("ini")
        self.workflow, self.gitlab, self.azure = (yaml.safe_load(text) for text in self.blocks("yaml"))

    def blocks(self, language):
        return re.findall(rf"^```{language}\n(.*?)^```", self.text, re.S | re.M)

    def block(self, language):
        (text,) = self.blocks(language)
        return text

    def command(self, words):
        """The line of the page that begins so, as its words."""
        (line,) = [line for line in self.text.splitlines() if line.startswith(f"    {words}")]
        return shlex.split(line)


class Team:
    """A driver team's repository, with what the page tells it to have. It is the checkout; beside it, as in Azure
    Pipelines, is room for artifacts."""

    def __init__(self, folder, page, command):
        self.workspace, self.folder, self.page = pathlib.Path(folder), pathlib.Path(folder) / "s", page
        self.write("tools/sessionlint/dev", DEV.format(command=shlex.join(command)), executable=True)
        self.write("ci/session-gate.sh", page.script, executable=True)
        self.write(".sessionlint", page.configuration)

    def write(self, name, text, executable=False):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        if executable:
            path.chmod(0o755)

    def traces(self, text, beside=False):
        """What the tests recorded, in the checkout or beside it."""
        self.run("rm", "-rf", "traces", "../traces")
        self.write("../traces/test.trace" if beside else "traces/test.trace", text)

    def run(self, *words, **environment):
        return subprocess.run(words, cwd=self.folder, env={**os.environ, **environment}, capture_output=True,
                              check=False)

    def shell(self, line, **environment):
        return self.run("bash", "-e", "-c", line, **environment)

    def gate(self):
        return self.run("ci/session-gate.sh", "traces")

    def baseline(self, verb, *words):
        """The command as the page gives it, with another verb or reason."""
        given = self.page.command("tools/sessionlint/dev run baseline write")
        given = [verb if word == "write" else word for word in given]
        if verb == "prune":
            given = [word for word in given if not word.startswith("--reason")]
        return self.run(*given, *words)

    def remove(self, name):
        self.run("rm", "-rf", name)


def check_life(tap, team):
    """The gate's day: nothing, a new finding, known, another, mended, stale, pruned."""
    def gate(status, claim, says=b""):
        result = team.gate()
        tap.ok(result.returncode == status and says in result.stdout + result.stderr, f"{claim}: status {status}",
               result.returncode, result.stdout, result.stderr)

    gate(STATUS_FAILED, "without the baseline that .sessionlint names", b"session-baseline.json")
    first = team.baseline("write")
    tap.ok(first.returncode == STATUS_CLEAN and (team.folder / "session-baseline.json").exists(),
           "the first run writes a baseline, of nothing", first.stderr)
    gate(STATUS_CLEAN, "legal traces, an empty baseline")
    team.traces(BROKEN)
    gate(STATUS_FINDINGS, "a trace with a new finding", b"session/illegal-transition")
    known = team.baseline("write")
    tap.ok(known.returncode == STATUS_CLEAN, "it is written to the baseline", known.stderr)
    gate(STATUS_CLEAN, "with it in the baseline")
    team.traces(WORSE)
    gate(STATUS_FINDINGS, "a finding besides the known one", b"session 3")
    team.traces(LEGAL)
    gate(STATUS_FINDINGS, "a baseline with a finding that is gone", b"stale")
    pruned = team.baseline("prune")
    tap.ok(pruned.returncode == STATUS_CLEAN, "the baseline is pruned", pruned.stderr)
    gate(STATUS_CLEAN, "behind that")
    team.traces(LOST)
    gate(STATUS_FINDINGS, "a trace that has lost a record", b"trace/gap")
    team.traces(NOTHING)
    gate(STATUS_FINDINGS, "a trace of nothing", b"trace/nothing-judged")
    team.traces(MIDDLE)
    tap.ok(b"undetermined (which fails the run)" in team.run("ci/session-gate.sh", "--fail-on-undetermined", "traces").stderr,
           "the option that the page names")
    option = re.search("`(fail-on-undetermined = true)`", team.page.text).group(1)
    team.write(".sessionlint", f"{option}\n")
    gate(STATUS_FINDINGS, "and its line of the configuration", b"which fails the run")
    team.write(".sessionlint", team.page.configuration)
    team.traces(LEGAL + "session=4 event=\n")
    gate(STATUS_FAILED, "a trace that cannot be read", b"trace/malformed")
    team.traces(LEGAL)
    team.remove("session-reports")
    team.write("session-reports", "a file where the folder has to be")
    gate(STATUS_FAILED, "reports that have no place", b"session-reports")
    team.remove("session-reports")


def steps_of(pipeline, kind):
    """The commands of the job that is the gate, in order."""
    if kind == "gitlab":
        return pipeline["sessions"]["script"]
    jobs = pipeline["jobs"]
    steps = jobs["gate"]["steps"] if kind == "github" else next(job for job in jobs if job["job"] == "gate")["steps"]
    return [step[key] for step in steps for key in ("run", "bash") if key in step]


def named_files(pipeline, kind):
    """What the pipeline uploads or publishes; it must be there, whatever the gate said."""
    if kind == "gitlab":
        artifacts = pipeline["sessions"]["artifacts"]
        return [*artifacts["paths"], *artifacts["reports"].values()]
    if kind == "github":
        steps = pipeline["jobs"]["gate"]["steps"]
        return [step["with"].get("sarif_file") or step["with"]["path"] for step in steps
                if "upload" in step.get("uses", "")]
    steps = next(job for job in pipeline["jobs"] if job["job"] == "gate")["steps"]
    return [step["inputs"]["testResultsFiles"] for step in steps if "task" in step] + [
        step["publish"] for step in steps if "publish" in step]


# What a pipeline's log must hold of a finding: the form that its system shows natively.
SHOWN = {"github": rb"^::error file=traces/test\.trace,line=\d+", "gitlab": rb"error: .*illegal-transition",
         "azure": rb"^##vso\[task\.logissue type=error;"}


def run_steps(team, kind, pipeline):
    """What the steps of the gate came to, in order; the first is the gate."""
    return [team.shell(step, GITHUB_STEP_SUMMARY=str(team.folder / "summary.md"), PIPELINE_WORKSPACE=str(team.workspace))
            for step in steps_of(pipeline, kind)]


def check_pipeline(tap, team, kind, pipeline):
    """The gate's steps, run by the shell that the system uses, on a new finding and on none."""
    for text, status in ((BROKEN, STATUS_FINDINGS), (LEGAL, STATUS_CLEAN)):
        team.traces(text, kind == "azure")
        team.remove("session-reports")
        summary = team.folder / "summary.md"
        results = run_steps(team, kind, pipeline)
        tap.ok(results and results[0].returncode == status and not any(result.returncode for result in results[1:]),
               f"{kind}: status {status}", *(result.stderr for result in results))
        missing = [name for name in named_files(pipeline, kind) if not (team.folder / name).exists()]
        tap.ok(not missing and named_files(pipeline, kind), f"{kind}: what it publishes is there", missing)
        shown = re.search(SHOWN[kind], results[0].stdout, re.M)
        tap.ok(bool(shown) == (status == STATUS_FINDINGS), f"{kind}: its log shows {'it' if shown else 'nothing'}",
               results[0].stdout)
        if kind == "github":
            tap.ok(summary.exists() and summary.read_text().startswith("#"), "github: the summary of the job is written")
        if kind == "azure":
            path = re.search(rb"##vso\[task\.uploadsummary\](.*)", results[1].stdout).group(1).decode().strip()
            tap.ok(pathlib.Path(path).exists(), "azure: the page that it uploads is there", path)


def check_found(tap, team, kind, pipeline):
    """The gate's step finds the configuration and the baseline of the checkout, wherever the traces lie."""
    for text, status, what in ((LOST, STATUS_FINDINGS, "a lost record fails it, as the configuration wants"),
                               (NOTHING, STATUS_FINDINGS, "so does a trace of nothing")):
        team.traces(text, kind == "azure")
        gate = run_steps(team, kind, pipeline)[0]
        tap.ok(gate.returncode == status and b"config:   .sessionlint\n" in gate.stderr, f"{kind}: {what}", gate.stderr)
    team.traces(BROKEN, kind == "azure")
    team.run(*team.page.command("tools/sessionlint/dev run baseline write")[:-1],
             str(team.workspace / "traces") if kind == "azure" else "traces")
    gate = run_steps(team, kind, pipeline)[0]
    tap.ok(gate.returncode == STATUS_CLEAN and b"1 suppressed" in gate.stderr, f"{kind}: a finding of the baseline passes",
           gate.stderr)
    team.traces(LEGAL, kind == "azure")
    gate = run_steps(team, kind, pipeline)[0]
    tap.ok(gate.returncode == STATUS_FINDINGS and b"stale" in gate.stderr, f"{kind}: a stale entry fails it", gate.stderr)
    team.write("session-baseline.json", '{"baseline":"sessionlint","version":1,"entries":[]}')


def check_coverage(tap, team):
    """The gate of coverage refuses a test that does little."""
    result = team.run(*team.page.command("tools/sessionlint/dev run coverage"))
    tap.ok(result.returncode == STATUS_FINDINGS and b"transitions" in result.stderr, "coverage: the command refuses little",
           result.stderr)


def main():
    command, root = [str(pathlib.Path(sys.argv[1]).resolve())], pathlib.Path(sys.argv[2])
    tap = Tap()
    if not yaml:
        tap.skip("the pipelines of docs/ci.md run", "the Python module yaml is not installed")
        return tap.done()
    page = Page(root / "docs" / "ci.md")
    with tempfile.TemporaryDirectory() as folder:
        team = Team(folder, page, command)
        team.traces(LEGAL)
        check_life(tap, team)
        for kind, pipeline in (("github", page.workflow), ("gitlab", page.gitlab), ("azure", page.azure)):
            check_pipeline(tap, team, kind, pipeline)
            check_found(tap, team, kind, pipeline)
        team.traces(LEGAL)
        check_coverage(tap, team)
    return tap.done()


sys.exit(main())
