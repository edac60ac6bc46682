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
import re
import sys

from shared.certificates import Certificate, make_lives, unread, verified
from shared.command import Command, options_of
from shared.contract_writer import Writer, spell
from shared.folder import Folder
from shared.tap import Tap

CHANGES = 1000
ANY, STATES, EVENTS = "CIKDMLFT", "CIKDMLFT", "ctkdlf"
VERDICTS = ("conforming", "violating", "undetermined")
EVENT = re.compile(r"\([^)]*\)")
SEVERAL = 400  # random traces of drivers

REGISTER, UNREGISTER = "call=IoRegisterContainerNotification status=0", "call=IoUnregisterContainerNotification"
TWO = [f"{REGISTER} io=x mask=all registration=r", f"{REGISTER} io=y mask=all registration=s"]
ENDS = ["object=created io=z", f"{UNREGISTER} registration=r", f"{UNREGISTER} registration=s"]
# Records of two registrations, and a witness of an incarnation that shows nothing, for this reason.
FORGERIES = (
    ("of what is hidden a registration that was live then would have been told", "auto",
     [f"{REGISTER} io=x mask=creation,termination registration=r", f"{REGISTER} io=y mask=logon,logoff registration=s",
      "notify=Created session=1 io=x", "notify=Logon session=1 io=y", "notify=Logon session=1 io=y", *ENDS], 2,
     {"verdict": "conforming", "run": "Ick(1)"}),
    ("each registration is told in the order of events", "auto",
     [*TWO, "notify=Created session=1 io=x", "notify=Connected session=1 io=y payload_session=1", "notify=Logon session=1 io=x",
      "notify=Connected session=1 io=x payload_session=1", *ENDS], 1, {"verdict": "conforming", "run": "I(1)(2 4)(3)"}),
    ("an event was told before the other registration was made", "auto",
     [TWO[0], "notify=Created session=1 io=x", "notify=Connected session=1 io=x payload_session=1", TWO[1],
      "notify=Connected session=1 io=y payload_session=1", "notify=Logon session=1 io=x", *ENDS], 1,
     {"verdict": "conforming", "run": "I(1)(2 3)(4)"}),
    ("what a registration has missed, others were told", "auto",
     [*TWO, "notify=Created session=1 io=x", "notify=Created session=1 io=y", "notify=Connected session=1 io=x payload_session=1",
      "notify=Logon session=1 io=x", "notify=Logon session=1 io=y", *ENDS], 1,
     {"verdict": "violating", "record": 5, "chain": [ANY, "C", ""]}))


# Drivers that number their records apart, and what is to be changed so that nothing shows that, or so that sessions are
# not divided by drivers where none is apart.
APART = ["seq=1 host=a driver=d session=1 notify=Created io=x", "seq=1 host=a driver=e session=1 notify=Created io=y",
         "seq=2 host=a driver=d session=1 notify=Connected io=x payload_session=1", "host=a marker=boot",
         "seq=1 host=a driver=d session=1 notify=Created io=x", "seq=2 host=b driver=e session=1 notify=Created io=x"]
TOGETHER = ["host=a session=1 event=Created", "host=a driver=d session=1 state=Initialized"]
NOT_APART = (
    ("nothing says that they are apart", None), ("another number", ["a", 2, 1, 2]), ("two records of a driver", ["a", 1, 1, 1]),
    ("a boot is between them", ["a", 1, 2, 5]), ("they are of two hosts", ["a", 2, 3, 6]), ("another host", ["b", 1, 1, 2]),
    ("there is no such line", ["a", 1, 1, 9]))


def is_certified(part):
    return "session" in part and "uncertified" not in part


def is_conforming(part):
    return is_certified(part) and part["verdict"] == "conforming"


def is_several(part):
    """Whether its runs say which records are of one event."""
    return any("(" in run for run in [part.get("run", ""), *part.get("runs", ())])


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

    def of_events(self, parts, change):
        """Changes one event of a run that says which records are of one."""
        part = self.pick(parts, lambda part: is_certified(part) and is_several(part))
        if part:
            runs = part.get("runs") or [part["run"]]
            at = self.chance.randrange(len(runs))
            event = self.chance.choice(EVENT.findall(runs[at]))
            runs[at] = runs[at].replace(event, change(event), 1)
            part.update({"runs": runs} if "runs" in part else {"run": runs[0]})
        return part

    def apart(self, parts):
        """No event follows itself."""
        return self.of_events(parts, lambda event: event.replace(" ", ")(", 1) if " " in event else f"{event}{event}")

    def untold(self, parts):
        """Each record is of an event."""
        return self.of_events(parts, lambda event: re.sub("[0-9]+ ?", "", event, count=1))

    def unseen(self, parts):
        """It is shown, and not hidden."""
        return self.of_events(parts, lambda event: self.chance.choice(EVENTS))

    def told_twice(self, parts):
        """A record is of one event."""
        return self.of_events(parts, lambda event: f"{event[:-1]} {self.chance.randint(1, 9)})")

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
        kind = self.chance.choice(["losses", "markers", "repeated", "unreadable", "late", "records", "numbering", "order", "size", "sha256", "apart"])
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
        elif kind == "apart":
            # the hosts of no trace here have two drivers with that number
            part[kind] = [[self.chance.choice(["", "a", "b"]), 7777, *self.chance.sample(range(1, 9), 2)]]
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


KINDS = [name for name in vars(Changes) if not name.startswith("_") and name not in ("pick", "another", "of_events")]


def recount(parts, fewer, more):
    """Counts an incarnation less, and one more, of these verdicts."""
    for part in parts:
        if "conforming" in part:
            for verdict, by in (fewer, -1), (more, 1):
                if verdict:
                    part[verdict] += by


def forge_events(chance, run, count):
    """A run of the same records: in the order of the file, or as before; with hidden events."""
    events = [f"({number})" for number in range(1, count + 1)]
    if "(" in run and chance.random() < 0.7:
        events = EVENT.findall(run)
    elif count > 1 and chance.random() < 0.5:
        at = chance.randrange(count - 1)
        events[at:at + 2] = [f"({at + 1} {at + 2})"]
    hidden = ["".join(chance.choice(EVENTS) for _ in range(chance.choice((0, 0, 0, 1, 2)))) for _ in events]
    return "".join([chance.choice("III" + STATES), *(f"{unseen}{event}" for unseen, event in zip(hidden, events))])


def forge(chance, part, driven=0):
    """Gives an incarnation another verdict, with a witness that looks like one. driven: how often it is one of events that
    registrations were told of."""
    verdict = chance.choice([each for each in VERDICTS if each != part["verdict"]])
    before, count = part["verdict"], part["records"]
    runs = part.get("runs") or [part.get("run") or (f"I{count}" if count else "I")]
    end = chance.choice(["", *STATES])
    for key in ("run", "runs", "record", "chain", "from", "stranger"):
        part.pop(key, None)
    part["verdict"] = verdict
    if count and chance.random() < driven:
        runs = [forge_events(chance, runs[0], count), forge_events(chance, runs[0], count)]
        part.update({"run": runs[0]} if verdict == "conforming" else {"runs": runs} if verdict == "undetermined" else {})
    if "run" in part or "runs" in part:
        return before, verdict
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


def check(tap, certificates, chance, which, driven=0):
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
        verdicts = forge(chance, part, driven)
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


def check_several(tap, command, folder, chance):
    """The same of sessions that several registrations have shown: what is told of them by turns, and what happens unseen."""
    certificates = []
    for number in range(SEVERAL):
        path = folder / f"{number}.trace"
        path.write_text("".join(spell(record) + "\n" for record in Writer(chance, False).trace()), encoding="utf-8")
        certificate = Certificate(command, folder / "several", [chance.choice(("--start=auto", "--start=initialized"))], [path])
        certificate.driven = True
        # only what is of several is to be changed
        entries = [part for part in certificate.parts if is_certified(part)]
        if not isinstance(certificate.verify(), str) and any(map(is_several, entries)):
            certificates.append(certificate)
    tap.ok(len(certificates) > SEVERAL / 10, f"{len(certificates)} certificates are of sessions that several registrations have shown")
    check(tap, certificates, chance, "of several registrations", 0.8)


def check_forgeries(tap, command, folder):
    """Verdicts that look right where it does not matter that registrations are told by turns."""
    path = folder / "forged.trace"
    for reason, start, lines, which, forged in FORGERIES:
        path.write_text("".join(line + "\n" for line in lines))
        certificate = Certificate(command, folder / "forged", [f"--start={start}"], [path])
        tap.ok(not isinstance(certificate.verify(), str), f"{reason}: what is true is accepted", certificate.verify())
        parts = certificate.parts
        recount(parts, parts[which]["verdict"], forged["verdict"])
        recount(parts, "uncertified" if parts[which].pop("uncertified", None) else None, None)
        for key in ("run", "runs", "record", "chain", "from"):
            parts[which].pop(key, None)
        parts[which].update(forged)
        told = verified([json.dumps(part) for part in parts])
        tap.ok(isinstance(told, str), f"{reason}: {forged} is refused: {told}", told, certificate.parts)


def check_apart(tap, command, folder):
    """What shows that drivers number their records apart, and what does not."""
    path = folder / "apart.trace"
    path.write_text("".join(line + "\n" for line in APART))
    certificate = Certificate(command, folder / "apart", [], [path])
    tap.same(certificate.parts[-2].get("apart"), [["a", 1, 1, 2]], "two drivers have the number 1")
    tap.same(sorted(part.get("driver", "") for part in certificate.parts if "session" in part), ["", "d", "d", "e"],
             "their incarnations name them")
    tap.same(certificate.verify(), (4, 0), "what shows that they are apart is accepted")
    for why, shown in NOT_APART:
        parts = copy.deepcopy(certificate.parts)
        parts[-2].update({"apart": [shown] if shown else []})
        tap.ok(isinstance(verified([json.dumps(part) for part in parts]), str), f"{why}: refused")
    parts = copy.deepcopy(certificate.parts)
    next(part for part in parts if part.get("driver") == "e")["driver"] = "d"
    tap.ok(isinstance(verified([json.dumps(part) for part in parts]), str), "another driver: refused")
    path.write_text("".join(line + "\n" for line in TOGETHER))
    certificate = Certificate(command, folder / "apart", [], [path])
    counts = {"conforming": 2, "violating": 0, "undetermined": 0}
    parts = [certificate.parts[0], {"host": "a", "session": 1, "records": 1, "verdict": "conforming", "run": "I1"},
             {"host": "a", "driver": "d", "session": 1, "records": 1, "verdict": "conforming", "run": "I1"},
             {**certificate.parts[-2], "apart": [["a", 1, 1, 2]], **counts}, {**certificate.parts[-1], **counts}]
    tap.ok(isinstance(verified([json.dumps(part) for part in parts]), str), "records without numbers are not apart")


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
        check_several(tap, command, folder, chance)
        check_forgeries(tap, command, folder)
        check_apart(tap, command, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
