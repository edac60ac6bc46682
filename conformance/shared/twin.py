# SPDX-License-Identifier: MIT
"""The twin: the same program in another build, with the sanitizers. `./dev test` names it, and a sample of a test's runs is
made by both. They must do the same, so that what the test says of one is true of the other, and need not be judged twice.
"""

import os
import pathlib
import re
import subprocess

from shared.sanitizers import RunForms, is_sanitized, leak_search, report_of

# Of runs with the same options, one in so many is made by the twin as well.
EVERY = 3

# What a run takes of the machine, and when it was.
VARYING = re.compile(rb"(?<=timestamp=\")[-0-9T:]+|(?<=\"seconds\":)\d+|(?<![\d.,])[\d.,]{1,12} (?:s|ms|us|min(?: [\d.]{1,6} s)?|h(?: [\d.]{1,6} min)?), [\d.,]{1,12}(?: \w{1,9})? (?:events|records|bytes|B|MB|GB|kB)/s")

# Actions of `baseline` that change the file which they read, and so cannot run twice.
CHANGING = {"write", "prune"}

OUTPUT = re.compile(r"--output=(?:[a-z]+:)?(.+)|-o(?:[a-z]+:)?(.+)")

OPTIONS = {"stdin", "stdout", "stderr", "timeout", "env", "cwd", "input", "check"}


def normal(data):
    return VARYING.sub(b"(time)", data or b"")


def is_different(mine, other):
    return mine != other and normal(mine) != normal(other)


def outputs_of(words, cwd):
    """The files that a run writes; none if one of them is something else, which no run changes."""
    found = []
    for word, after in zip(words, [*words[1:], None]):
        if word in ("--output", "-o"):
            match = re.fullmatch(r"(?:[a-z]+:)?(.+)", after or "")
            found.append(match and match[1])
        elif match := OUTPUT.fullmatch(word):
            found.append(match[1] or match[2])
    files = [pathlib.Path(cwd or ".", name) for name in found if name != "-" and name is not None]
    plain = all(file.parent.is_dir() and not file.is_symlink() and (file.is_file() or not file.exists()) for file in files)
    return files if None not in found and plain else []


class Kept:
    """Files as they were before a run."""

    def __init__(self, files):
        self.files = {file: file.read_bytes() if file.is_file() else None for file in files}

    def swap(self):
        """Puts them back; returns what was there instead."""
        now = {file: file.read_bytes() if file.is_file() else None for file in self.files}
        for file, data in self.files.items():
            if data is not None:
                file.write_bytes(data)
            elif file.is_file():
                file.unlink()
        return now


class Twin:
    """Runs of the twin, and what came of them."""

    def __init__(self, builds):
        self.build, _, self.other = (builds or "").partition("=")
        self.forms = RunForms(EVERY)
        self.compared = 0
        self.alone = []

    def program(self, path):
        """The program of the twin's build for one of this build; None: there is none."""
        path = os.path.abspath(path)
        if not self.build or not path.startswith(self.build + os.sep):
            return None
        other = self.other + path[len(self.build):]
        return other if os.path.isfile(other) and is_sanitized(other) else None

    def begin(self, path, words, options):
        """Has the twin make a run, if it is in the sample; returns what to compare, or None."""
        words = [os.fspath(word) if not isinstance(word, bytes) else os.fsdecode(word) for word in words]
        program = self.program(path)
        if not program:
            return None
        files = outputs_of(words, options.get("cwd"))
        if ((words[:1] == ["baseline"] and CHANGING & set(words)) or "--watch" in words or not set(options) <= OPTIONS
                or options.get("stdin", subprocess.DEVNULL) != subprocess.DEVNULL
                or options.get("stdout", subprocess.PIPE) != subprocess.PIPE
                or options.get("stderr", subprocess.PIPE) != subprocess.PIPE):
            self.alone.append(words)
            return None
        if not self.forms.wanted(words):
            return None
        kept = Kept(files)
        own = {**options, "timeout": options.get("timeout", 60) * 10,
               "env": leak_search.environment(words, options.get("env") or os.environ)}
        done = subprocess.run([program, *words], **{**own, "check": False})
        self.compared += 1
        return done, kept.swap(), files

    def difference(self, begun, status, out, err):
        """How the run of the twin was different; None if it was not."""
        done, written, files = begun
        report = report_of(done.stderr or b"")
        if report:
            return report
        if done.returncode != status:
            return f"status {done.returncode}, not {status}: {(done.stderr or b'')[:300]!r}"
        for name, mine, other in (("output", out, done.stdout), ("standard error", err, done.stderr)):
            if is_different(mine, other):
                return f"other {name}: {place_of(normal(mine), normal(other))}"
        for file in files:
            mine = file.read_bytes() if file.is_file() else None
            if (mine is None) != (written[file] is None) or is_different(mine, written[file]):
                return f"another {file.name}: {place_of(normal(mine), normal(written[file]))}"
        return None


def place_of(mine, other):
    """Where two texts part."""
    at = next((i for i, (a, b) in enumerate(zip(mine, other)) if a != b), min(len(mine), len(other)))
    return f"at {at}: {mine[max(at - 40, 0):at + 60]!r}, {other[max(at - 40, 0):at + 60]!r}"


twin = Twin(os.environ.get("TEST_WITH_TWIN") and os.environ.get("SESSIONLINT_TWIN"))
