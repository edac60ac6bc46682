# SPDX-License-Identifier: MIT
"""Certificates of the command, and what the verifier says of them."""

import collections
import importlib.util
import json
import pathlib
import subprocess
import sys

PATH = pathlib.Path(__file__).resolve().parent.parent / "verify" / "verify.py"
sys.path.insert(0, str(PATH.parent))
SPEC = importlib.util.spec_from_file_location("verifier", PATH)
verifier = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(verifier)

# What the verifier raises where it refuses.
REFUSALS = verifier.ERRORS

READINGS = {"plainly": [], "late": ["--start=unknown"], "strict": ["--strict"], "known": ["--start=initialized"]}


class Certificate:
    """What check wrote of some files."""

    def __init__(self, command, path, options, files):
        self.result = command.run("check", "--quiet", "--no-config", "--format=json", f"--certificate={path}", *options,
                                  *map(str, files))
        self.lines = path.read_text(encoding="utf-8").splitlines()
        self.parts = [json.loads(line) for line in self.lines]

    def verify(self):
        """How many incarnations are certified, and how many are not; or why it is refused."""
        return verified(self.lines)

    @property
    def counts(self):
        """How many incarnations are certified (under ""), and how many are not, by reason."""
        reasons = self.reasons
        total = sum(self.parts[-1][verdict] for verdict in ("conforming", "violating", "undetermined"))
        return collections.Counter({"": total - sum(reasons.values()), **reasons})

    @property
    def reasons(self):
        """Why incarnations are not certified: how many for each reason."""
        found, waiting = collections.Counter(), []
        for part in self.parts:
            if "log" in part:
                found.update(part.get("reason", each) if part["order"] is None else each for each in waiting)
                waiting = []
            elif "session" in part:
                waiting.append(part.get("uncertified", ""))
        del found[""]
        return found


def unread(paths):
    """Why the verifier cannot read some of these files, if libevtx cannot: {path: reason}."""
    reasons = {}
    for path in [path for path in paths if path.suffix == ".evtx"]:
        try:
            verifier.evtx_records.exported(str(path))
        except FileNotFoundError:
            reasons[path] = "evtxexport of libevtx is not installed"
        except ValueError:
            reasons[path] = "libevtx cannot read it"
    return reasons


def verified(lines):
    try:
        return verifier.verify(lines)
    except REFUSALS as error:
        return f"{type(error).__name__}: {error}"


def make_lives(maker, folder, seed, lives, average):
    """Makes traces: {options: [path, ...]}."""
    for reading in READINGS:
        (folder / reading).mkdir()
    subprocess.run([maker, str(folder), str(seed), str(lives), str(average)], check=True, stdout=subprocess.DEVNULL)
    made = {tuple(options): sorted((folder / reading).iterdir()) for reading, options in READINGS.items()}
    return {options: files for options, files in made.items() if files}
