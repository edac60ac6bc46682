# SPDX-License-Identifier: MIT
"""Twins: the same program in other builds, with the sanitizers or for Windows. `./dev test` names them, and a sample of a
test's runs is made by each. They must do the same, so that what the test says of one is true of the others, and need not be
judged again.
"""

import os
import pathlib
import re
import subprocess

from shared.sanitizers import RunForms, is_sanitized, leak_search, report_of
from shared.wine import WINE, WINE_ENVIRONMENT, is_end_of_wine

# What a run takes of the machine, and when it was.
VARYING = re.compile(rb"(?<=timestamp=\")[-0-9T:]+|(?<=\"seconds\":)\d+|(?<![\d.,])[\d.,]{1,12} (?:s|ms|us|min(?: [\d.]{1,6} s)?|h(?: [\d.]{1,6} min)?), [\d.,]{1,12}(?: \w{1,9})? (?:events|records|bytes|B|MB|GB|kB)/s")

# Actions of `baseline` that change the file which they read, and so cannot run twice.
CHANGING = {"write", "prune"}

OUTPUT = re.compile(r"--output=(?:[a-z]+:)?(.+)|-o(?:[a-z]+:)?(.+)")

OPTIONS = {"stdin", "stdout", "stderr", "timeout", "env", "cwd", "input", "check"}


def normal(data):
    return VARYING.sub(b"(time)", data or b"")


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


class Sanitized:
    """The twin that the sanitizers watch. Of runs with the same options, one in EVERY is made by it as well."""

    EVERY, NAME = 8, "with sanitizers"
    FORM = RunForms.WORDS

    def __init__(self, folder):
        self.folder = folder

    def program(self, name):
        path = self.folder + name
        return [path] if os.path.isfile(path) and is_sanitized(path) else None

    @staticmethod
    def can(_words):
        return True

    @staticmethod
    def run(program, words, options):
        environment = leak_search.environment(words, options.get("env") or os.environ)
        return subprocess.run([*program, *words], **{**options, "env": environment})

    normal = staticmethod(normal)


class Windows:
    """The twin for Windows, run by Wine: a start takes as long as fifty others."""

    EVERY, NAME = 50, "for Windows"
    FORM = RunForms.OPTIONS

    def __init__(self, folder):
        self.folder = folder

    def program(self, name):
        path = f"{self.folder}{name}.exe"
        return [WINE, path] if os.path.isfile(path) else None

    @staticmethod
    def can(words):
        """Windows has no names with control characters, or that are not Unicode."""
        return not re.search("[\x00-\x1f\udc80-\udcff]", "".join(words))

    @staticmethod
    def run(program, words, options):
        options = {**options, "env": {**(options.get("env") or os.environ), **WINE_ENVIRONMENT}}
        done = subprocess.run([*program, *words], **options)
        return subprocess.run([*program, *words], **options) if is_end_of_wine(done) else done

    @staticmethod
    def normal(data):
        """Separators of folders, alone or escaped as in JSON, are slashes; Wine has / as drive Z."""
        return re.sub(rb"\\+", b"/", normal(data)).replace(b"file:///Z:/", b"file:///")


class Twin:
    """One other build, which runs of it are in the sample, and what came of them."""

    def __init__(self, build, kind):
        self.build, self.kind = build, kind
        self.forms = RunForms(kind.EVERY, kind.FORM)
        self.compared = 0
        self.alone = []

    def program(self, path):
        """The words that start this twin's program for one of the tested build; None: there is none."""
        path = os.path.abspath(path)
        return self.kind.program(path[len(self.build):]) if path.startswith(self.build + os.sep) else None

    def begin(self, path, words, options):
        """Makes a run, if it is in the sample; returns what to compare, or None."""
        words = [os.fspath(word) if not isinstance(word, bytes) else os.fsdecode(word) for word in words]
        program = self.program(path)
        if not program:
            return None
        if is_once(words, options) or not self.kind.can(words):
            self.alone.append(words)
            return None
        if not self.forms.wanted(words):
            return None
        files = outputs_of(words, options.get("cwd"))
        kept = Kept(files)
        done = self.kind.run(program, words, {**options, "timeout": options.get("timeout", 60) * 10, "check": False})
        self.compared += 1
        return self, done, kept.swap(), files

    def is_different(self, mine, other):
        return mine != other and self.kind.normal(mine) != self.kind.normal(other)

    def difference(self, done, written, files, status, out, err):
        """How a run of this twin was different; None if it was not."""
        report = report_of(done.stderr or b"")
        if report:
            return report
        if done.returncode != status:
            return f"status {done.returncode}, not {status}: {(done.stderr or b'')[:300]!r}"
        pairs = [("output", out, done.stdout), ("standard error", err, done.stderr),
                 *((file.name, file.read_bytes() if file.is_file() else None, written[file]) for file in files)]
        for name, mine, other in pairs:
            if (mine is None) != (other is None) or self.is_different(mine, other):
                return f"another {name}: {place_of(self.kind.normal(mine), self.kind.normal(other))}"
        return None


class Twins:
    """All other builds, as SESSIONLINT_TWIN has them: KIND=BUILD=OTHER, with colons between them."""

    def __init__(self, names):
        kinds = {"sanitized": Sanitized, "windows": Windows}
        self.twins = [Twin(build, kinds[kind](other)) for kind, build, other in
                      (name.split("=") for name in names.split(":") if name)]

    def begin(self, path, words, options, windows=True):
        """Has each make a run, if it is in the sample; returns what to compare. windows: whether it is the same there."""
        return [begun for twin in self.twins if (windows or not isinstance(twin.kind, Windows))
                and (begun := twin.begin(path, words, options))]

    @staticmethod
    def difference(begun, status, out, err):
        """How runs of the twins were different; None if none was."""
        for twin, *rest in begun:
            different = twin.difference(*rest, status, out, err)
            if different:
                return f"{twin.kind.NAME}: {different}"
        return None

    def summary(self):
        """How many runs were made by which, a line each."""
        return [f"{twin.compared} runs made {twin.kind.NAME} too, {len(twin.alone)} that cannot be: {twin.alone[:3]}"
                for twin in self.twins if twin.compared]


def is_once(words, options):
    """Whether a run cannot be made twice."""
    return ((words[:1] == ["baseline"] and CHANGING & set(words)) or "--watch" in words or not set(options) <= OPTIONS
            or options.get("stdin", subprocess.DEVNULL) != subprocess.DEVNULL
            or options.get("stdout", subprocess.PIPE) != subprocess.PIPE
            or options.get("stderr", subprocess.PIPE) != subprocess.PIPE)


def place_of(mine, other):
    """Where two texts part."""
    at = next((i for i, (a, b) in enumerate(zip(mine, other)) if a != b), min(len(mine), len(other)))
    return f"at {at}: {mine[max(at - 40, 0):at + 60]!r}, {other[max(at - 40, 0):at + 60]!r}"


def wanted_twins():
    """The twins that `./dev test` has, as far as this test is one for them: TEST_WITH_TWIN names the kinds."""
    kinds = os.environ.get("TEST_WITH_TWIN", "").split(",")
    return ":".join(name for name in os.environ.get("SESSIONLINT_TWIN", "").split(":") if name.partition("=")[0] in kinds)


twins = Twins(wanted_twins())
