#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The verifier refuses changed certificates. 1,000 have one change, which is wrong whatever the trace is: what each kind changes
says why. 1,000 have another verdict, with counts and a witness to match: none is true, as a session that has a run from
its beginning is neither violating nor undetermined, and so on. Arguments: the command, make_lives, the root of the source.
Prints TAP.
"""

import collections
import copy
import json
import pathlib
import random
import sys

from shared.certificates import Certificate, make_lives, unread, verified
from shared.command import Command, options_of
from shared.folder import Folder
from shared.tap import Tap

CHANGES = 1000
ANY, STATES, EVENTS = "CIKDMLFT", "CIKDMLFT", "ctkdlf"
VERDICTS = ("conforming", "violating", "undetermined")


def is_certified(part):
    return "session" in part and "uncertified" not in part


def is_conforming(part):
    return is_certified(part) and part["verdict"] == "conforming"


def numbers(run):
    """The tokens of a run, and where its numbers are."""
    tokens, digits = [], ""
    for letter in run:
        if letter.isdigit():
            digits += letter
            continue
        tokens += [digits, letter] if digits else [letter]
        digits = ""
    return [*tokens, digits] if digits else tokens


class Changes:
    """Kinds of changes of a certificate; each returns whether there was something to change."""

    def __init__(self, chance, driven=False):
        self.chance, self.driven = chance, driven

    def pick(self, parts, wanted):
        found = [part for part in parts if wanted(part)]
        return self.chance.choice(found) if found else None

    def another(self, words, word):
        return self.chance.choice([each for each in words if each != word])

    def start(self, parts):
        """Of the first incarnation of a session: what is conforming begins in Initialized, whatever comes after it."""
        seen, found = set(), []
        for part in parts:
            key = part.get("host", "").lower(), part.get("source"), part.get("session")
            found += [part] if is_conforming(part) and key not in seen else []
            seen.add(key)
        if found:
            part = self.chance.choice(found)
            part["run"] = self.another(STATES, "I") + part["run"][1:]
        return found

    def count(self, parts):
        """A run has as many records as the incarnation."""
        part = self.pick(parts, lambda part: is_certified(part) and any(c.isdigit() for c in part.get("run", "")))
        if part:
            tokens = numbers(part["run"])
            at = self.chance.choice([at for at, token in enumerate(tokens) if token.isdigit()])
            tokens[at] = str(int(tokens[at]) + self.chance.choice([1, 2, 7]))
            part["run"] = "".join(tokens)
        return part

    def hidden(self, parts):
        """The kernel hides nothing, but what a driver has not asked for."""
        part = None if self.driven else self.pick(parts, lambda part: is_conforming(part) and "source" not in part)
        if part:
            tokens = numbers(part["run"])
            tokens.insert(self.chance.randint(1, len(tokens)), self.chance.choice(EVENTS))
            part["run"] = "".join(tokens)
        return part

    def loss(self, parts):
        """A conforming incarnation has no loss."""
        part = self.pick(parts, is_conforming)
        if part:
            tokens = numbers(part["run"])
            tokens.insert(self.chance.randint(1, len(tokens)), self.chance.choice(STATES))
            part["run"] = "".join(tokens)
        return part

    def alike(self, parts):
        """Where there are two runs, one twice is not all that there is."""
        part = self.pick(parts, lambda part: is_certified(part) and len(part.get("runs", ())) == 2)
        if part:
            part["runs"] = [self.chance.choice(part["runs"])] * 2
        return part

    def one(self, parts):
        """The same with one of them alone."""
        part = self.pick(parts, lambda part: is_certified(part) and len(part.get("runs", ())) == 2)
        if part:
            part["runs"] = [self.chance.choice(part["runs"])]
        return part

    def states(self, parts):
        """The sets of a chain are what the records make of the first one."""
        part = self.pick(parts, lambda part: is_certified(part) and "chain" in part)
        if part:
            at, state = self.chance.randrange(len(part["chain"])), self.chance.choice(STATES)
            part["chain"][at] = "".join(c for c in STATES if (c in part["chain"][at]) != (c == state))
        return part

    def length(self, parts):
        """A chain that is shorter ends before the breach, or begins in another set."""
        part = self.pick(parts, lambda part: is_certified(part) and "chain" in part)
        if part:
            del part["chain"][self.chance.choice([0, -1])]
        return part

    def record(self, parts):
        """There is no such record."""
        part = self.pick(parts, lambda part: is_certified(part) and "chain" in part)
        if part:
            part["record"] = self.chance.choice([0, part["records"] + self.chance.randint(1, 5)])
        return part

    def stranger(self, parts):
        """There is no such record."""
        part = self.pick(parts, lambda part: is_certified(part) and "stranger" in part)
        if part:
            part["stranger"] = self.chance.choice([0, part["records"] + 1, part["records"] + 7])
        return part

    def records(self, parts):
        """The records of a session are divided among its incarnations, and each has as many as its witness."""
        part = self.pick(parts, lambda part: is_certified(part) and ("run" in part or "runs" in part))
        if part:
            part["records"] += self.chance.choice([-1, 1])
        return part

    def session(self, parts):
        """No trace has that session."""
        part = self.pick(parts, is_certified)
        if part:
            part[self.chance.choice(["session", "host"])] = 4294967290 if self.chance.random() < 0.5 else "nobody"
        return part

    def left_out(self, parts):
        """An incarnation of records is missing; the counts are as if there was none."""
        part = self.pick(parts, is_certified)
        if part:
            recount(parts, part["verdict"], None)
            parts.remove(part)
        return part

    def twice(self, parts):
        part = self.pick(parts, is_certified)
        if part:
            recount(parts, None, part["verdict"])
            parts.insert(parts.index(part), copy.deepcopy(part))
        return part

    def counts(self, parts):
        part = self.pick(parts, lambda part: "conforming" in part)
        part[self.chance.choice([*VERDICTS, "uncertified"])] += self.chance.choice([-1, 1])
        return part

    def log(self, parts):
        """The order of the log is another one."""
        part = self.pick(parts, lambda part: "log" in part)
        kind = self.chance.choice(["losses", "markers", "repeated", "unreadable", "late", "records", "numbering", "order", "size", "sha256"])
        part.setdefault("late", [])
        if kind in ("losses", "markers", "unreadable", "late") and part[kind] and self.chance.random() < 0.5:
            part[kind].pop(self.chance.randrange(len(part[kind])))
        elif kind in ("losses", "markers"):
            part[kind].append([self.chance.randint(1, 9), *(["boot"] if kind == "markers" else [1, "host"])])
        elif kind in ("unreadable", "late"):
            part[kind].append(self.chance.randint(1, 9))
        elif kind == "order":
            part[kind] = "time" if part[kind] != "time" else "file"
        elif kind == "repeated":
            part[kind].append(self.chance.randint(1, 4000))
            return part["numbering"] == "none"
        elif kind == "records":
            part[kind] += self.chance.choice([-1, 1])
        elif kind == "numbering":
            part[kind] = "none" if part[kind] != "none" else "host"
        elif kind == "size":
            part["log"][0]["size"] += 1
        else:
            part["log"][0]["sha256"] = f"{self.chance.getrandbits(256):064x}"
        return part

    def end(self, parts):
        """Its end is missing, or that of the log."""
        return parts.pop(self.chance.choice([-1, -2]))

    def premises(self, parts):
        """Another version, or a model that is none."""
        parts[0].update(self.chance.choice([{"certificate": 2}, {"reconnect": None, "hidden_end": 7, "certificate": 0}]))
        return parts


KINDS = [name for name in vars(Changes) if not name.startswith("_") and name not in ("pick", "another")]


def recount(parts, fewer, more):
    """Counts an incarnation less, and one more, of these verdicts."""
    for part in parts:
        if "conforming" in part:
            for verdict, by in (fewer, -1), (more, 1):
                if verdict:
                    part[verdict] += by


def forge(chance, part):
    """Gives an incarnation another verdict, with a witness that looks like one."""
    verdict = chance.choice([each for each in VERDICTS if each != part["verdict"]])
    before, count = part["verdict"], part["records"]
    runs = part.get("runs") or [part.get("run") or (f"I{count}" if count else "I")]
    end = chance.choice(["", *STATES])
    for key in ("run", "runs", "record", "chain", "from", "stranger"):
        part.pop(key, None)
    part["verdict"] = verdict
    if verdict == "conforming":
        part["run"] = chance.choice([runs[0], f"I{count or ''}", f"Ic{count}", f"{chance.choice(STATES)}{count}"])
    elif verdict == "undetermined":
        part["runs"] = [runs[0], chance.choice([f"{chance.choice(STATES)}{count}", f"{runs[0]}{end}"])]
    elif chance.random() < 0.3:
        part.update({"stranger": chance.randint(1, max(count, 1)), "run": runs[0]})
    else:
        part["record"] = chance.randint(1, max(count, 1))
        part["chain"] = [chance.choice([ANY, "I"]), *(chance.choice([*STATES, "KD", "MLT"]) for _ in range(chance.randint(0, 2))), ""]
        part.update({"from": "start"} if chance.random() < 0.5 else {})
    return before, verdict


def check(tap, certificates, chance, which):
    """Changes certificates of a few records each, which are accepted as they are."""
    possible = [kind for kind in KINDS if any(getattr(Changes(chance, certificate.driven), kind)(copy.deepcopy(certificate.parts))
                                              for certificate in certificates)]
    kinds, accepted, tried = collections.Counter(), [], 0
    while tried < CHANGES:
        certificate, kind = chance.choice(certificates), possible[tried % len(possible)]
        parts = copy.deepcopy(certificate.parts)
        if not getattr(Changes(chance, certificate.driven), kind)(parts):
            continue
        tried += 1
        kinds[kind] += 1
        told = verified([json.dumps(part) for part in parts])
        if not isinstance(told, str):
            accepted.append(f"{kind}: {parts}")
    tap.none(accepted, f"{tried:,} certificates {which} with a change of {len(kinds)} kinds are refused")
    kinds, accepted = collections.Counter(), []
    while sum(kinds.values()) < CHANGES:
        parts = copy.deepcopy(chance.choice(certificates).parts)
        part = Changes(chance).pick(parts, is_certified)
        verdicts = forge(chance, part)
        recount(parts, *verdicts)
        kinds[verdicts] += 1
        told = verified([json.dumps(part) for part in parts])
        if not isinstance(told, str):
            accepted.append(f"{verdicts}: {part}")
    tap.none(accepted, f"{sum(kinds.values()):,} certificates {which} with another verdict are refused")
    tap.ok(len(kinds) == 6, f"{which}: each verdict was changed into each other one: {dict(kinds)}")


def has_late(certificate):
    """Whether a record has come too late: any number may be missing before it, though it is not the first of a host."""
    return sum(count is None for _, count, _ in certificate.parts[-2]["losses"]) > 1


def group_of(certificate):
    """What the verifier has to find out of the log."""
    if certificate.parts[-2]["unreadable"] or any("stranger" in part for part in certificate.parts):
        return "of unreadable records and of users"
    if certificate.parts[-2]["order"] == "time" or certificate.parts[-2]["numbering"] == "unsettled" or has_late(certificate):
        return "of times, late records and numbers that are not settled"
    if certificate.driven or certificate.parts[-2]["order"] in ("boots", "id"):
        return "of drivers, Windows logs and counts that begin again"
    return "of events"


def main():
    tap, chance = Tap(), random.Random(20260302)
    command, maker, root, logs = Command(sys.argv[1], tap), sys.argv[2], *map(pathlib.Path, sys.argv[3:])
    certificates = []
    with Folder() as place:
        folder = place.path
        (folder / "lives").mkdir()
        paths = [*sorted(root.glob("traces/*/*.trace")), *sorted(root.glob("conformance/rules/session/*/*.trace")),
                 *sorted(root.glob("conformance/rules/notification/*/*.trace")),
                 *sorted(root.glob("conformance/rules/trace/*/*.trace"))]
        files = [(options_of(path.read_text(encoding="utf-8")), path) for path in paths]
        windows = [*sorted(root.glob("traces/*/*.evtx")), *sorted(logs.glob("*/LocalSessionManager.evtx"))]
        files += [([], path) for path in windows if not unread([path])]
        files += [(options, path) for options, paths in make_lives(maker, folder / "lives", 5, 1000, 1).items()
                  for path in paths]
        for options, path in files:
            certificate = Certificate(command, folder / "one", list(options), [path])
            told = certificate.verify()
            if not isinstance(told, str) and told[0] > 0 and certificate.parts[-2].get("records", 0) < 400:
                certificate.driven = path.suffix == ".trace" and "notify=" in path.read_text(encoding="utf-8")
                certificates.append(certificate)
        kinds = collections.Counter("driven" if certificate.driven else certificate.parts[-2]["order"]
                                    for certificate in certificates)
        tap.ok(kinds["driven"] > 20 and kinds["boots"] > 0 and (kinds["id"] > 0 or unread(windows)),
               f"they are of drivers, of counts that begin again, of Windows logs: {dict(kinds)}", kinds)
        verdicts = collections.Counter(part["verdict"] for certificate in certificates for part in certificate.parts
                                       if is_certified(part))
        tap.ok(len(certificates) > 30 and len(verdicts) == 3, f"{len(certificates)} certificates are to be changed: {dict(verdicts)}")
        groups = {}
        for certificate in certificates:
            groups.setdefault(group_of(certificate), []).append(certificate)
        tap.ok(len(groups) == 4, f"they are of {len(groups)} groups", {name: len(group) for name, group in groups.items()})
        for name, group in groups.items():
            check(tap, group, chance, name)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
