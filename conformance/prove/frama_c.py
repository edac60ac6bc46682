# SPDX-License-Identifier: MIT
"""Frama-C and Why3 as the proofs need them: the theories are proved first, then the code with them."""

import collections
import os
import pathlib
import re
import subprocess

from shared import outside

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent

# The theories, in the order in which they use each other; what crc.mlw states, crc_proof.mlw proves.
THEORIES = ("bits.mlw", "sets.mlw", "crc.mlw", "conversions.mlw", "crc_proof.mlw")
PROVED = ("bits.mlw", "sets.mlw", "crc_proof.mlw")

# The proofs are for these versions; others find others.
VERSION = "25."
PROVERS = ("cvc4", "z3")
LEMMA_SECONDS = 20

GOAL = re.compile(r"^\[wp\] \[(.*?)\] Goal typed_bits_(\S+)(?: : (\w+))?", re.M)
# Why3 says of an axiom about functions of others that it is one; functions without a contract are no matter where no function of a
# claim calls them, which test_proofs.py checks.
HARMLESS = re.compile(r"does not contain any local abstract symbol|Neither code nor specification for function")

# An axiom of this version about an array in a structure that is taken as a whole: that it stays as it is if a place of it is
# written, any but the first one. Whatever follows from that is not proved.
UNSOUND = "axiom Q_Array_"

# A proof: {goal: whether it is proved}, and what Frama-C warns of.
Proof = collections.namedtuple("Proof", "goals warnings output")


class Tools:
    """The programs, with a configuration and a cache of their own in a folder."""

    def __init__(self, folder):
        self.folder = folder
        for name in ("frama-c", "why3", *PROVERS):
            outside.program(name)
        version = self.run(["frama-c", "-version"]).stdout
        if not version.startswith(VERSION):
            raise outside.Missing(f"the proofs are for Frama-C {VERSION}x, this is {version.strip()}")
        self.environment = {**os.environ, "WHY3CONFIG": str(folder / "why3.conf")}
        found = self.run(["why3", "config", "detect"])
        if "prover(s) added" not in found.stdout + found.stderr:
            raise outside.Missing(f"Why3 finds no provers: {found.stderr.strip()}")

    environment = None

    def run(self, words):
        return subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              env=self.environment, cwd=ROOT, check=False)

    def theory(self, name):
        """Proves the lemmas of a theory; returns how many goals there are, and those that are not proved."""
        first = self.lemmas(name, PROVERS[0])
        failing = {lemma for lemma, _, proved in first if not proved}
        # what one prover does not find, the other one may: it tries all goals of such a lemma
        second = {lemma: [proved for _, _, proved in self.lemmas(name, PROVERS[1], lemma)] for lemma in failing}
        unproved = []
        for lemma in failing:
            goals = [(goal, proved) for other, goal, proved in first if other == lemma]
            results = second[lemma] if len(second[lemma]) == len(goals) else [False] * len(goals)
            unproved += [f"{name}: {lemma}: {goal}" for (goal, proved), result in zip(goals, results) if not proved and not result]
        return len(first), unproved

    def lemmas(self, name, prover, lemma=None):
        """(lemma, goal, whether it is proved) of a theory, or of one of its lemmas."""
        path = self.frama_c_theories() / name
        module = re.search(r"^module (\w+)", path.read_text(encoding="utf-8"), re.M)[1]
        done = self.run(["why3", "prove", "-L", str(path.parent), "-P", prover, "-t", str(LEMMA_SECONDS), "-a", "split_vc",
                         str(path), *(["-T", module, "-G", lemma] if lemma else [])])
        found = re.findall(r"^(?:Sub-goal (.*) of goal|Goal) (\S+)\.\nProver result is: (\w+)", done.stdout, re.M)
        return [(lemma, goal or "the lemma", result == "Valid") for goal, lemma, result in found]

    def frama_c_theories(self):
        """Copies of Frama-C's theories without what only its own plug-in of Why3 understands: `meta` selects what provers get to
        see. And those of this folder."""
        theories = self.folder / "theories"
        if not theories.exists():
            share = pathlib.Path(self.run(["frama-c", "-print-share-path"]).stdout.strip()) / "wp/why3/frama_c_wp"
            (theories / "frama_c_wp").mkdir(parents=True)
            for source, to in [(path, theories / "frama_c_wp") for path in share.glob("*.mlw")] + \
                              [(HERE / name, theories) for name in THEORIES]:
                text = source.read_text(encoding="utf-8")
                (to / source.name).write_text(re.sub(r"^ *meta .*\n", "", text, flags=re.M), encoding="utf-8")
        return theories

    def prove(self, claim, before=None, seconds=None):
        """Proves the functions of a claim; with another folder in which sources are looked for before."""
        folders = [before, "src"] if before else ["src"]
        source = claim.file
        if before and (before / source).exists():
            source = before / source
        else:
            source = ROOT / "src" / source
        if source.suffix == ".h":
            stub = self.folder / f"{source.stem}_h.c"
            stub.write_text(f'#include "{claim.file}"\n', encoding="utf-8")
            source = stub
        include = " ".join(f"-I{folder}" for folder in [*folders, "src/include", "machine"])
        words = ["frama-c", "-c11", "-machdep", "gcc_x86_64", f"-cpp-extra-args={include} -D_GNU_SOURCE", "-wp", "-wp-rte", "-wp-msg-key", "print-generated",
                 "-wp-driver", str(HERE / "bits.driver"), "-wp-prover", ",".join(PROVERS), "-wp-timeout", str(seconds or claim.seconds),
                 "-wp-par", "2", "-wp-cache", "update", "-wp-session", str(self.folder / "session"),
                 "-wp-fct", ",".join(claim.functions), *(["-wp-split"] if claim.split else []), str(source)]
        done = self.run(words)
        output = done.stdout + done.stderr
        goals = {name: result == "Valid" for _, name, result in GOAL.findall(output)}
        warnings = [line for line in re.findall(r"^.*[Ww]arning:.*(?:\n  .*)*", output, re.M) if not HARMLESS.search(line)]
        if UNSOUND in output:
            warnings.append("a structure with an array is taken as a whole, of which Frama-C has a wrong axiom")
        if done.returncode:
            warnings.append(f"Frama-C ends with {done.returncode}")
        counted = re.search(r"Proved goals: +(\d+) / (\d+)", output)
        if not counted or int(counted[2]) != len(goals) or int(counted[1]) != sum(goals.values()):
            warnings.append(f"the goals are not all in the output: {counted and counted[0]}, {sum(goals.values())} / {len(goals)}")
        return Proof(goals, warnings, output)
