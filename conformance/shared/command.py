# SPDX-License-Identifier: MIT
"""Runs of the command, and what it said.

Nothing here knows the model; the tests bring their own transcription of it (table.py).
"""

import functools
import json
import os
import pathlib
import re
import shlex
import subprocess

from shared.process import is_emulated
from shared.sanitizers import is_sanitized, leak_search, report_of
from shared.tap import plain
from shared.twin import twins
from shared.wine import WINE, WINE_ENVIRONMENT, is_end_of_wine

STATUS_CLEAN, STATUS_FINDINGS, STATUS_FAILED = 0, 1, 2

# Ends a run that hangs; a sanitized one on a busy machine is slow.
TIMEOUT = 60

# More failures of Wine's own in one test are failures of the test.
RESTARTS_MAX = 5

# Each rule has a folder of traces.
RULES = sum(path.is_dir() and path.parent.name != "__pycache__"
            for path in pathlib.Path(__file__).resolve().parent.parent.glob("rules/*/*"))

# What a summary counts.
COUNTS = ("files", "records", "events", "markers", "incarnations", "conforming", "violating", "undetermined", "unfinished")


class Result:
    """What a run of the command left: exit status, standard output, standard error."""

    def __init__(self, arguments, status, out, err):
        self.arguments, self.status, self.out, self.err = arguments, status, out, err

    @property
    def text(self):
        return self.out.decode("utf-8", "backslashreplace")

    @property
    def error(self):
        return self.err.decode("utf-8", "backslashreplace")

    def __str__(self):
        return f"{' '.join(map(str, self.arguments))}\nstatus {self.status}\n{self.text}{self.error}"

    @property
    def objects(self):
        """The lines of --format=json. A line ends with a line feed and nothing else."""
        return [dict(entry) for entry in self.parsed]

    @functools.cached_property
    def parsed(self):
        """The same, read once however often it is asked for: not to be changed."""
        return [json.loads(line) for line in self.out.decode("utf-8").split("\n")[:-1]]

    @property
    def findings(self):
        return [line for line in self.objects if "summary" not in line]

    @property
    def summary(self):
        """The last object; zeroes where a run broke off before it."""
        last = self.objects[-1:]
        if last and "summary" in last[0]:
            return last[0]["summary"]
        return {"findings": {}, "sessions": dict.fromkeys(COUNTS, 0), "severities": {}, **dict.fromkeys(COUNTS, 0)}


class Command:
    """The executable under test; one for Windows is run by Wine where this is no Windows."""

    def __init__(self, path, tap):
        self.path, self.tap = os.path.abspath(path), tap
        self.for_windows = self.path.endswith(".exe")
        self.wine = self.for_windows and os.name != "nt"
        self.restarts = 0
        self.words = [WINE, self.path] if self.wine else [self.path]
        self.environment = WINE_ENVIRONMENT
        self.sanitized = is_sanitized(self.path)
        # a script that runs it in an emulator, see ../cross/
        self.emulated = is_emulated(self.path)

    def sampled(self, items):
        """All of many inputs that are alike; every third where a run takes ten times as long, for others try them all."""
        items = list(items)
        return items[::3] if self.sanitized or self.wine or self.emulated else items

    def run(self, *arguments, windows=True, **options):
        """Runs the command. A signal, a sanitizer's report and a hang are failures of their own. windows: whether the
        command for Windows does the same."""
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                   "stderr": subprocess.PIPE, "timeout": TIMEOUT, **options}
        options["timeout"] *= 10 if self.emulated else 1
        if self.sanitized:
            options["env"] = leak_search.environment(arguments, options.get("env") or os.environ)
        if "input" in options:
            del options["stdin"]
        try:
            begun = twins.begin(self.path, arguments, options, windows)
            done = subprocess.run([*self.words, *arguments], check=False, **options)
            while self.wine and self.restarts < RESTARTS_MAX and is_end_of_wine(done):
                self.restarts += 1
                print(f"# Wine failed ({done.returncode}) and was started again: {plain(arguments)}")
                done = subprocess.run([*self.words, *arguments], check=False, **options)
        except subprocess.TimeoutExpired:
            self.tap.ok(False, f"the command ends: {arguments}")
            return Result(arguments, None, b"", b"")
        result = Result(arguments, done.returncode, done.stdout or b"", done.stderr or b"")
        if done.returncode not in (STATUS_CLEAN, STATUS_FINDINGS, STATUS_FAILED):
            self.tap.ok(False, f"no signal, no other status: {arguments}", result)
        if report_of(result.err):
            self.tap.ok(False, f"no report of a sanitizer: {arguments}", result)
        different = twins.difference(begun, done.returncode, done.stdout, done.stderr)
        if different:
            self.tap.ok(False, f"the same in another build: {arguments}", different)
        return result

    def check(self, trace, *arguments, **options):
        """Checks a trace (text, or bytes) on standard input, with findings as JSON."""
        data = trace if isinstance(trace, bytes) else trace.encode("utf-8")
        return self.run("check", "--quiet", "--format=json", *arguments, "-", input=data, **options)


def places(findings, *rules):
    """Where the findings are and of what rule: (line, rule). With rules: of these alone."""
    return [(finding["line"], finding["rule"]) for finding in findings
            if not rules or finding["rule"] in rules]


def without_notes(findings):
    """The findings that are more than a note."""
    return [finding for finding in findings if finding["severity"] != "note"]


def options_of(text):
    """The options that a trace is to be checked with: it says them in a comment."""
    return [word for line in re.findall(r"^# options: (.+)$", text, re.M) for word in shlex.split(line)]
