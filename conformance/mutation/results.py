# SPDX-License-Identifier: MIT
"""What came of mutants, kept in a file, and the workshops that find it out."""

import collections
import json
import pathlib
import threading

from mutation.coverage import Coverage
from mutation.mutants import digest_of
from mutation.workshop import KILLED, SURVIVED, Workshop


# What runs so far have killed, so that another run need not: the digests of those mutants.
KILLED_PATH = pathlib.Path(__file__).with_name("killed.txt")
EARLIER = "a test, in an earlier run"
# What no test has killed yet, and nobody has explained: the digests, each with what it is.
ALIVE_PATH = pathlib.Path(__file__).with_name("alive.txt")


def read_killed(path=KILLED_PATH):
    return path.read_text(encoding="utf-8").split() if path.is_file() else []


def write_killed(digests, path=KILLED_PATH):
    path.write_text("".join(digest + "\n" for digest in sorted(digests)), encoding="utf-8")


def read_alive(path=ALIVE_PATH):
    return [line.split()[0] for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []


def write_alive(mutants, path=ALIVE_PATH):
    lines = sorted((each.file, each.line, f"{each.digest} {each.file}: {each.function}: {each.before} -> {each.after}\n") for each in mutants)
    path.write_text("".join(line for *_, line in lines), encoding="utf-8")


def keep(every, tried, explained, killed=KILLED_PATH, alive=ALIVE_PATH):
    """Keeps which mutants of @every, those of the sources as they are, were killed, and which are alive: by what came of those that
    were tried, and as it was kept of the others. Those whose keys are @explained need no test."""
    outcomes = {**dict.fromkeys(read_alive(alive), SURVIVED), **dict.fromkeys(read_killed(killed), KILLED),
                **{mutant.digest: entry["outcome"] for mutant, entry in tried}}
    known = [(mutant, outcomes[mutant.digest]) for mutant in every if mutant.digest in outcomes]
    write_killed({mutant.digest for mutant, outcome in known if outcome == KILLED}, killed)
    write_alive([mutant for mutant, outcome in known if outcome == SURVIVED and mutant.key not in explained], alive)


class Results:
    """What was killed stays so while its function is the same; what survived is tried again when tests have changed."""

    def __init__(self, path, tests, stages=0, killed=()):
        self.path, self.tests, self.stages, self.lock = path, tests, stages, threading.Lock()
        self.known = {digest: {"digest": digest, "outcome": KILLED, "by": EARLIER} for digest in killed}
        if path.is_file():
            for line in path.read_text(encoding="utf-8").splitlines():
                # the last one may be cut
                if line.endswith("}"):
                    entry = json.loads(line)
                    self.known[entry["digest"]] = entry

    def get(self, digest):
        """What is known for good; None if it has to be tried."""
        entry = self.known.get(digest)
        return entry if entry and (entry["outcome"] != SURVIVED or self.passed(digest) >= self.stages) else None

    def passed(self, digest):
        """How many stages it has passed with these tests."""
        entry = self.known.get(digest, {})
        return entry.get("passed", 0) if entry.get("outcome") == SURVIVED and entry["tests"] == self.tests else 0

    def kills(self):
        """How many mutants each test has killed in each file."""
        return collections.Counter((entry["by"].partition(" (")[0], entry["file"]) for entry in list(self.known.values())
                                   if entry.get("by") and "file" in entry)

    def add(self, digest, **entry):
        entry = {"digest": digest, "tests": self.tests, **entry}
        with self.lock, self.path.open("a", encoding="utf-8") as file:
            self.known[digest] = entry
            file.write(json.dumps(entry) + "\n")


def digest_of_tests(root):
    """Changes when a test does."""
    paths = [path for path in sorted((root / "conformance").rglob("*"))
             if path.is_file() and "mutation" not in path.relative_to(root).parts and path.suffix != ".md" and "__pycache__" not in path.parts]
    return digest_of(*(digest_of(path.read_bytes()) for path in paths))[:16]


class Shops:
    """Workshops that work at the same time, each with a processor of its own."""

    def __init__(self, root, folder, count, covers=True):
        # real logs take most tests longer than all else that they try
        options = [f"-D{name}={root.parent / 'shared' / name}" for name in ("cases", "reference")]
        self.coverage = Coverage(folder) if covers else None
        self.make = [lambda number=number: Workshop(root, folder / str(number), options, self.coverage) for number in range(count)]
        self.shops = [None] * count
        self.failure = None

    def cover(self):
        """Finds out which tests run which lines, as far as that is not known."""
        self.shops[0] = self.make[0]()
        self.coverage.load(self.shops[0].digest)
        self.work(self.coverage.find, self.coverage.wanted(self.shops[0].build("covered")))

    def work(self, do, items):
        """Calls do(shop, item) of each item."""
        left, lock = list(reversed(items)), threading.Lock()

        def run(number):
            try:
                self.shops[number] = self.shops[number] or self.make[number]()
                while self.failure is None:
                    with lock:
                        if not left:
                            break
                        item = left.pop()
                    do(self.shops[number], item)
            except Exception as failure:
                self.failure = failure

        threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(len(self.shops))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.failure is not None:
            raise self.failure
