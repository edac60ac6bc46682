# SPDX-License-Identifier: MIT
"""Which tests run which lines, by gcov: a test that does not run a line cannot notice that it is wrong."""

import json
import os
import pathlib
import subprocess
import threading

from mutation.suites import MENTIONED, REST_SECONDS, STAGES


# Of a test that takes longer, lines are not looked at: it is tried with all that it is about.
SECONDS = 120


class Coverage:
    """Kept in a file, for sources and tests as they are."""

    def __init__(self, folder):
        self.folder, self.lock = folder, threading.Lock()
        self.path, self.files, self.tests = None, {}, {}

    def load(self, digest):
        """What is known of these sources and tests."""
        self.path = self.folder / f"coverage-{digest[:16]}.json"
        if self.path.is_file():
            known = json.loads(self.path.read_text(encoding="utf-8"))
            self.files = {file: set(lines) for file, lines in known["files"].items()}
            self.tests = {test: lines and {file: set(each) for file, each in lines.items()} for test, lines in known["tests"].items()}

    def save(self):
        self.path.write_text(json.dumps({
            "files": {file: sorted(lines) for file, lines in self.files.items()},
            "tests": {test: lines and {file: sorted(each) for file, each in lines.items()} for test, lines in self.tests.items()},
        }), encoding="utf-8")

    def wanted(self, build):
        """Tests of which it is not known yet: stage and name."""
        found = {stage.key_of(name): (stage, name) for stage in STAGES if stage.build == "quick" for name in stage.all_tests(build)}
        return [item for key, item in found.items() if key not in self.tests]

    def find(self, shop, item):
        """Runs a test, and notes which lines it ran; None: it does not pass, or takes too long for what it is."""
        stage, name = item
        build = shop.build("covered")
        for path in build.folder.rglob("*.gcda"):
            path.unlink()
        made = build.make(build.targets_of([name]))
        done = build.run(name, SECONDS if name in MENTIONED else REST_SECONDS, stage.shorter) if made.status == 0 else None
        ran = lines_of(build) if done and done.passed else None
        with self.lock:
            self.tests[stage.key_of(name)] = None
            if ran is not None:
                self.tests[stage.key_of(name)] = {file: {line for line, count in lines.items() if count} for file, lines in ran.items()}
                for file, lines in ran.items():
                    self.files.setdefault(file, set()).update(lines)
            self.save()

    def runs(self, key, file, lines):
        """Whether a test runs one of those lines; None if that is not known."""
        known, ran = self.files.get(file, set()), self.tests.get(key)
        if ran is None or not known.intersection(lines):
            return None
        return bool(ran.get(file, set()).intersection(lines))

    def is_usable(self, key):
        """Whether it passed when its lines were looked at."""
        return self.tests.get(key) is not None


def lines_of(build):
    """How often each line was run: by file and number."""
    found = {}
    paths = [os.path.relpath(path, build.folder) for path in build.folder.rglob("*.gcda")]
    for start in range(0, len(paths), 200):
        out = subprocess.run(["gcov", "--json-format", "--stdout", *paths[start:start + 200]], cwd=build.folder, check=True,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode()
        for text in filter(None, out.splitlines()):
            for file in json.loads(text)["files"]:
                path = pathlib.Path(os.path.normpath(build.folder / file["file"]))
                if not path.is_relative_to(build.tree):
                    continue
                lines = found.setdefault(path.relative_to(build.tree).as_posix(), {})
                for line in file["lines"]:
                    lines[line["line_number"]] = lines.get(line["line_number"], 0) + line["count"]
    return found
