# SPDX-License-Identifier: MIT
"""A workshop: a copy of the sources with its builds, in which mutants are made and tried, one at a time."""

import collections
import hashlib
import json
import math
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import time

from mutation.suites import BUILDS, EQUIVALENT_BEFORE, STAGES

KILLED, SURVIVED, EQUIVALENT, INVALID = "killed", "survived", "equivalent", "invalid"

# What a test may take: that of the sources as they are, so many times, and some more, for others use the machine too.
SLOWER, SECONDS_MORE = 4, 20
LIMITED = ("prlimit", f"--as={4 << 30}", f"--fsize={256 << 20}", "--core=0")
# Compilers, or Ragel, refuse it; otherwise what was built fails where it makes something else.
NOT_COMPILED = re.compile(rb"^FAILED: .*(?:\.o|machine/\w+\.c)\b", re.M)
BUILD_SECONDS = 900
OUTPUT_MAX = 1 << 22
# A test has failed as soon as it says so: how often that is looked at.
LOOK_SECONDS = 2
NOT_OK = re.compile(rb"^not ok", re.M)
# What no test of a mutant reads.
UNSEEN = ("docs/", "conformance/mutation/", "conformance/tools/mutate.py")
LINE_MARK = re.compile(rb"^#line .*$", re.M)


class Broken(Exception):
    """What is not mutated does not build, or does not pass."""


def put(path, data):
    """Writes a file, unless it has that content: what is as it was is not built again."""
    if not path.is_file() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return True
    return False


def copy_tree(root, tree):
    """Copies what git knows of, and deletes what it does not. Returns a digest of what tests see."""
    listed = subprocess.run(["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            stdout=subprocess.PIPE, check=True).stdout.decode().split("\0")
    names = {name for name in listed if name and (root / name).is_file()}
    digest = hashlib.sha256()
    for name in sorted(names):
        data = (root / name).read_bytes()
        if put(tree / name, data):
            shutil.copymode(root / name, tree / name)
        if not name.startswith(UNSEEN) and not name.endswith(".md"):
            digest.update(name.encode() + data)
    for path in list(tree.rglob("*")):
        if path.is_file() and path.relative_to(tree).as_posix() not in names:
            path.unlink()
    return digest.hexdigest()


class Run:
    """What a program did in its time."""

    def __init__(self, words, seconds, cwd=None, env=None, limited=False):
        began = time.monotonic()
        words = [*(LIMITED if limited else ()), *words]
        with tempfile.TemporaryFile() as out:
            with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, cwd=cwd, env=env,
                                  start_new_session=True) as process:
                try:
                    self.status = self.wait(process, out, math.inf if seconds is None else began + seconds)
                finally:
                    # it may have left others
                    end_group(process.pid)
            out.seek(0)
            self.output = out.read(OUTPUT_MAX)
        self.seconds = time.monotonic() - began

    @staticmethod
    def wait(process, out, until):
        """Its status when it ends; None if it takes too long, or has said that it fails."""
        while True:
            try:
                return process.wait(min(LOOK_SECONDS, max(0, until - time.monotonic())))
            except subprocess.TimeoutExpired:
                if time.monotonic() >= until or NOT_OK.search(os.pread(out.fileno(), OUTPUT_MAX, 0)):
                    return None

    @property
    def is_late(self):
        """Whether it was ended without having failed."""
        return self.status is None and not NOT_OK.search(self.output)

    @property
    def passed(self):
        """Whether a test passed all that it planned."""
        if self.status != 0 or NOT_OK.search(self.output):
            return False
        return bool(re.search(rb"^1\.\.\d", self.output, re.M)) or not re.search(rb"^ok ", self.output, re.M)


def end_group(group):
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass


def name_of(test):
    """Its suite and its name, as in the folder of the test."""
    return f"{test['suite'][0].rpartition(':')[2]}/{test['name']}"


class Build:
    """One build folder of a workshop."""

    def __init__(self, name, tree, folder, options):
        self.name, self.tree, self.folder = name, tree, folder
        # memory is not zero by luck, as under meson test
        self.environment = {**os.environ, "CC": "gcc", "MALLOC_PERTURB_": "165", "PYTHONUNBUFFERED": "1",
                            "PYTHONPATH": str(tree / "conformance"),
                            "PYTHONPYCACHEPREFIX": str(folder / "pycache"),
                            "ASAN_OPTIONS": "exitcode=99", "UBSAN_OPTIONS": "halt_on_error=1:exitcode=99"}
        # that of an older copy may not know all tests
        is_new = not (folder / "build.ninja").is_file()
        words = ["meson", "setup", folder, tree, *options] if is_new else ["ninja", "-C", folder, "build.ninja"]
        done = Run(words, None, env=self.environment)
        if done.status != 0:
            raise Broken(done.output.decode(errors="replace"))
        self.tests = {name_of(test): test for test in self.introspect("tests")}
        self.files = {target["id"]: self.relative(target["filename"]) for target in self.introspect("targets")}

    def relative(self, paths):
        return {os.path.relpath(path, self.folder) for path in paths}

    def introspect(self, what):
        return json.loads((self.folder / "meson-info" / f"intro-{what}.json").read_text(encoding="utf-8"))

    def targets_of(self, names):
        """What those tests need."""
        made, found = set().union(*self.files.values()), set()
        for name in names:
            test = self.tests[name]
            found.update(self.relative(self.folder / word for word in test["cmd"]) & made)
            found.update(*(self.files[target] for target in test["depends"]))
        return sorted(found)

    def make(self, targets):
        return Run(["ninja", "-C", self.folder, "-j1", *targets], BUILD_SECONDS, env=self.environment)

    def run(self, name, seconds, shorter):
        test = self.tests[name]
        replaced = {old: new for each, old, new in shorter if each == name}
        words = [replaced.get(word, word) for word in test["cmd"]]
        return Run(words, seconds, test["workdir"] or self.folder, {**self.environment, **test["env"]}, self.name != "sanitized")

    def compile_words(self):
        """How each object is made: source, words, folder."""
        commands = json.loads((self.folder / "compile_commands.json").read_text(encoding="utf-8"))
        for entry in commands:
            words = shlex.split(entry["command"])
            yield (self.folder / entry["file"]).resolve(), words, entry["output"]


class Workshop:
    """A copy of the sources, and its builds, each made when it is first needed."""

    def __init__(self, root, folder, options, coverage=None):
        self.folder, self.tree, self.options, self.coverage = folder, folder / "tree", options, coverage
        self.builds, self.originals = {}, {}
        self.digest = copy_tree(root, self.tree)
        # how long tests take without a mutant
        self.known = folder / f"seconds-{self.digest[:16]}.json"
        self.seconds = json.loads(self.known.read_text(encoding="utf-8")) if self.known.is_file() else {}
        self.tried = set()
        self.generated = None

    def build(self, name):
        if name not in self.builds:
            self.builds[name] = Build(name, self.tree, self.folder / name, [*BUILDS[name], *self.options])
        return self.builds[name]

    def try_original(self, stage):
        """Builds and runs all as it is: how long tests take, and that they pass."""
        self.put_original()
        build = self.build(stage.build)
        tests = self.tests_of(stage)
        made = build.make(build.targets_of(tests))
        if made.status != 0:
            raise Broken(made.output.decode(errors="replace")[-4000:])
        for name in tests:
            if stage.key_of(name) in self.seconds:
                continue
            done = build.run(name, None, stage.shorter)
            if not done.passed:
                raise Broken(f"{stage.build}: {name} fails without a mutant:\n{done.output.decode(errors='replace')[-4000:]}")
            self.seconds[stage.key_of(name)] = done.seconds
            self.known.write_text(json.dumps(self.seconds), encoding="utf-8")
        self.tried.add(stage)
        if self.generated is None:
            self.generated = {path.name: path.read_bytes() for path in (build.folder / "machine").glob("*.c")}

    def put_mutant(self, file, text):
        """Puts a mutant into the copy, and all else as it is."""
        self.put_original(but=file)
        if file not in self.originals:
            self.originals[file] = (self.tree / file).read_bytes()
        put(self.tree / file, text.encode())

    def put_original(self, but=None):
        for file, data in self.originals.items():
            if file != but:
                put(self.tree / file, data)

    def tests_of(self, stage):
        """Those of the rest only if they pass in little time."""
        return [name for name in stage.all_tests(self.build(stage.build))
                if name in stage.tests or (self.coverage and self.coverage.is_usable(stage.key_of(name)))]

    def prepare(self, file, text, stage, tests=None):
        """Builds a mutant with what a stage, or some tests of it, need; returns what that printed if it failed."""
        if stage not in self.tried:
            self.try_original(stage)
        self.put_mutant(file, text)
        build = self.build(stage.build)
        made = build.make(build.targets_of(self.tests_of(stage) if tests is None else tests))
        return None if made.status == 0 else made.output

    def run(self, stage, name):
        return self.build(stage.build).run(name, self.seconds[stage.key_of(name)] * SLOWER + SECONDS_MORE, stage.shorter)

    def attempt(self, file, lines, text, passed=0, until=len(STAGES), kills=collections.Counter()):
        """What comes of a mutant, in which those lines differ, that has passed some stages: the outcome, the test that killed it,
        the stages it has passed."""
        for number in range(passed, until):
            stage = STAGES[number]
            if number == EQUIVALENT_BEFORE and self.is_equivalent(file, text):
                return EQUIVALENT, None, number
            tests = self.chosen(stage, file, lines, kills)
            if not tests:
                continue
            failure = self.prepare(file, text, stage, tests)
            if failure is not None:
                return (INVALID, None, number) if NOT_COMPILED.search(failure) else (KILLED, "what is made with it", number)
            for name in tests:
                done = self.run(stage, name)
                if not done.passed:
                    return KILLED, name + (" (takes too long)" if done.is_late else ""), number
        return SURVIVED, None, until

    def chosen(self, stage, file, lines, kills):
        """The tests of a stage that can notice something there. Those that have noticed most in this file come first, then those
        that take less time: that changes nothing but the time it takes."""
        if stage not in self.tried:
            self.try_original(stage)
        found = []
        for name in self.tests_of(stage):
            runs = self.coverage.runs(stage.key_of(name), file, lines) if self.coverage else None
            if stage.is_about(file) if runs is None else runs:
                found.append(name)
        return sorted(found, key=lambda name: (-kills[name, file], self.seconds[stage.key_of(name)]))

    def count(self, file, text, stage):
        """All tests of a stage that notice a mutant; None if it cannot be built."""
        if self.prepare(file, text, stage) is not None:
            return None
        return [name for name in stage.tests if not self.run(stage, name).passed]

    def is_equivalent(self, file, text):
        """Whether an optimizing compiler makes the same of it: then there is nothing to find."""
        if file.endswith(".rl"):
            return self.is_same_chart(file, text)
        self.put_mutant(file, text)
        commands = {source: words for source, words, output in self.optimized() if "sessionlint.a.p" in output or "sessionlint.p" in output}
        path = (self.tree / file).resolve()
        sources = [path] if file.endswith(".c") else self.including(path, commands)
        mutated = [self.object_of(commands.get(source)) for source in sources]
        put(path, self.originals[file])
        original = [self.object_of(commands.get(source)) for source in sources]
        put(path, text.encode())
        return bool(sources) and None not in mutated and mutated == original

    def optimized(self):
        for source, words, output in self.build("quick").compile_words():
            yield source, ["-O2" if word == "-O0" else word for word in words], output

    def including(self, header, commands):
        """The sources of the program that include a header."""
        build = self.build("quick")
        listed = Run(["ninja", "-C", build.folder, "-t", "deps"], None, env=build.environment).output.decode()
        found = set()
        for block in listed.split("\n\n"):
            paths = {(build.folder / line.strip()).resolve() for line in block.splitlines()[1:]}
            if header in paths:
                found |= paths & set(commands)
        return sorted(found)

    def object_of(self, words):
        """The object that a compiler makes; None if it does not."""
        if words is None:
            return None
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder, "object")
            # as ninja has it, but for where it goes
            words = [str(out) if i and words[i - 1] == "-o" else word for i, word in enumerate(words)]
            words = [str(out) + ".d" if i and words[i - 1] == "-MF" else word for i, word in enumerate(words)]
            build = self.build("quick")
            done = Run([*words, "-g0"], None, cwd=build.folder, env=build.environment)
            return out.read_bytes() if done.status == 0 else None

    def is_same_chart(self, file, text):
        """Whether Ragel makes the same recognizers of it."""
        self.prepare(file, text, STAGES[0])
        folder = self.build("quick").folder / "machine"
        return all(LINE_MARK.sub(b"", (folder / name).read_bytes()) == LINE_MARK.sub(b"", data)
                   for name, data in self.generated.items())
