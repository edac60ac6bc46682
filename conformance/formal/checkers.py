# SPDX-License-Identifier: MIT
"""Checkers of others, and which of the claims of an export they confirm: each function returns {claim: whether it
holds}. A claim that the export does not make is not in it. outside.Missing: the program is not installed."""

import os
import platform
import re
import shutil

from formal import tla
from shared import outside

# The claims, as ./dev formal shows them.
REACHED = "every state is reached"
GOES_ON = "the only deadlocks are where a session can be over"
OVER = "a session that has terminated never acts again in the same incarnation"
BEGAN = "LoggedOn is only reached with a Logon in the past and no Logoff since"
KEPT = "a user stays logged on until Logoff or Terminated"
TYPES = "the types hold"

NAMES = {"over": OVER, "began": BEGAN, "kept": KEPT}


class Refused(Exception):
    """The tool does not accept the export; the text is what it says."""


def run(words, folder, **options):
    done = outside.run(words, cwd=folder, **options)
    if done.returncode:
        raise Refused(f"{words[0]}: {(done.stderr or done.stdout)[-2000:]}")
    return done.stdout


# ---- SPIN ----

def spin_build(folder, model, *options):
    """Compiles the verifier of a model, in a folder."""
    (folder / "model.pml").write_text(model, encoding="utf-8")
    run([outside.program("spin"), "-a", "model.pml"], folder)
    run([outside.program("cc"), "-O0", "-w", *options, "-o", "pan", "pan.c"], folder)


def spin(folder, text, wanted=None):
    """SPIN's verifier is compiled with claims in LTL, and without, to look for deadlocks: a compiler takes its time."""
    found = {}
    if wanted not in (REACHED, GOES_ON):
        found |= spin_claims(folder, text)
    if wanted in (None, REACHED, GOES_ON):
        found |= spin_states(folder, text)
    return found


def spin_claims(folder, text):
    found = {}
    spin_build(folder, text)
    for name in re.findall(r"^ltl (\w+)", text, re.M):
        # the hash table has 2^16 places; a claim that fails is not a failure of the program
        out = run(["./pan", "-a", "-w16", "-N", name], folder)
        if f"never claim         \t+ ({name})" not in out:
            raise Refused(out)
        found[NAMES[name]] = "errors: 0\n" in out
    return found


def spin_states(folder, text):
    spin_build(folder, text, "-DNOCLAIM", "-DSAFETY")
    out = run(["./pan", "-w16"], folder)
    if "invalid end states\t+" not in out:
        raise Refused(out)
    found = {GOES_ON: "errors: 0\n" in out}
    unreached = re.search(r"^unreached in proctype (?:session|registration)\n(.*?)\n\t\(\d+ of", out, re.M | re.S)
    # what a search that ends with an error has not reached says nothing
    if found[GOES_ON]:
        found[REACHED] = bool(unreached) and re.fullmatch(r'\t\S+, state \d+, "-end-"', unreached[1]) is not None
    return found


# ---- rumur ----

# What it writes compares 16 bytes at once.
RUMUR_OPTIONS = ["-mcx16"] if platform.machine() == "x86_64" else []

def rumur(folder, text, _wanted=None):
    (folder / "model.m").write_text(text, encoding="utf-8")
    run([outside.program("rumur"), "--output", "model.c", "model.m"], folder)
    run([outside.program("cc"), "-O0", "-w", *RUMUR_OPTIONS, "-o", "model", "model.c", "-lpthread", "-latomic"], folder)
    done = outside.run(["./model"], cwd=folder)
    out = done.stdout
    if "Status:" not in out:
        raise Refused(out + done.stderr)
    errors = re.findall(r"error:\n\n\t(.*)", out)
    if not errors:
        others = {NAMES[name]: True for name in NAMES if f'"{name}"' in text}
        return {REACHED: "No error found." in out and "not hit" not in out, GOES_ON: True, **others}
    # it stops at the first error, and says nothing of the other claims
    [error] = errors
    failing = [what for sign, what in {"deadlock": GOES_ON, **NAMES}.items() if sign in error]
    if not failing:
        raise Refused(error)
    return {what: False for what in failing}


# ---- Z3 ----

class Relation:
    """The relation of an export in SMV, for Z3: a step leads from state, last and hold to state2, last2 and hold2."""

    def __init__(self, z3, text):
        text = re.sub(r"--.*", "", text)
        self.z3 = z3
        self.state_names = self.names(text, "state")
        states, self.states = z3.EnumSort(f"State{id(self)}", self.state_names)
        events, self.events = z3.EnumSort(f"Event{id(self)}", self.names(text, "last"))
        self.vars = [z3.Const("state", states), z3.Const("last", events), z3.Bool("hold")]
        self.next = [z3.Const("state2", states), z3.Const("last2", events), z3.Bool("hold2")]
        self.text = text
        self.of_state = dict(zip(self.state_names, self.states))
        self.of_event = dict(zip(self.names(text, "last"), self.events))
        self.relation, self.after = self.read_relation()

    @staticmethod
    def names(text, variable):
        return re.search(rf"^  {variable} : \{{ (.*?) \}};", text, re.M)[1].split(", ")

    def among(self, name, state):
        """Whether a state is in a set of DEFINE."""
        terms = re.search(rf"^  {name} := (.*?);", self.text, re.M)[1].split(" | ")
        return self.z3.Or([state == self.of_state[term.split(" = ")[1]] for term in terms if term != "FALSE"])

    def read_relation(self):
        z3, (state, last, hold), (state2, last2, hold2) = self.z3, self.vars, self.next
        table = re.search(r"^TRANS\n(.*?);", self.text, re.M | re.S)[1]
        arcs = re.findall(r"state = (\w+) & next\(last\) = (\w+) & next\(state\) = (\w+)", table)
        steps = [z3.And(state == self.of_state[a], last2 == self.of_event[e], state2 == self.of_state[b]) for a, e, b in arcs]
        self.guards = [state == self.of_state[a] for a, _, _ in arcs] + [self.among("final", state)]
        steps.append(z3.And(self.among("final", state), last2 == last, state2 == state))
        self.begin = re.search(r"next\(last\) = (\w+) : TRUE", self.text)[1]
        self.ends = re.search(r"next\(last\) in \{ (.*?) \} : FALSE", self.text)[1].split(", ")
        is_end = z3.Or([last2 == self.of_event[name] for name in self.ends])
        kept = z3.If(last2 == self.of_event[self.begin], z3.BoolVal(True), z3.If(is_end, z3.BoolVal(False), hold))
        after = [b for _, e, b in arcs if e == "event_Terminated"]
        return z3.And(z3.Or(steps), hold2 == kept), after

    def history(self):
        """What the last event did to the hold."""
        z3, (_, last, hold) = self.z3, self.vars
        ended = z3.Or([last == self.of_event[name] for name in self.ends])
        return z3.And(z3.Implies(last == self.of_event[self.begin], hold), z3.Implies(ended, z3.Not(hold)))

    def start(self):
        state, last, hold = self.vars
        begin = self.of_state[re.search(r"^INIT\n  state = (\w+)", self.text, re.M)[1]]
        return self.z3.And(state == begin, last == self.of_event["event_None"], self.z3.Not(hold))

    def is_valid(self, formula):
        solver = self.z3.Solver()
        solver.add(self.z3.Not(formula))
        return solver.check() == self.z3.unsat

    def primed(self, formula):
        return self.z3.substitute(formula, *zip(self.vars, self.next))

    def is_invariant(self, formula):
        """By induction: it holds at the start, and each step keeps it."""
        z3 = self.z3
        return self.is_valid(z3.Implies(self.start(), formula)) and \
            self.is_valid(z3.Implies(z3.And(formula, self.relation), self.primed(formula)))


def z3_solver(_folder, text, _wanted=None):
    z3 = outside.module("z3")
    model = Relation(z3, text)
    (state, last, hold), (state2, last2, _) = model.vars, model.next
    found = {GOES_ON: model.is_valid(z3.Or(model.guards))}
    if claimed := re.search(r"^INVARSPEC NAME began := (\w+) (<?->) (\w+);", text, re.M):
        inside = model.among(claimed[1], state)
        claim = inside == hold if claimed[2] == "<->" else z3.Implies(inside, hold)
        # alone it is not kept by a step that changes nothing: that needs what the last event did
        found[BEGAN] = model.is_invariant(z3.And(claim, model.history()))
    if claimed := re.search(r"^LTLSPEC NAME kept := G \((\w+) -> X", text, re.M):
        ended = z3.Or([last2 == model.of_event[name] for name in model.ends])
        step = z3.Implies(z3.And(model.among(claimed[1], state), model.relation), z3.Or(model.among(claimed[1], state2), ended))
        found[KEPT] = model.is_valid(step)
    if "LTLSPEC NAME over" in text:
        # where Terminated leads is the invariant from which the claim about the next step follows
        ended = last == model.of_event["event_Terminated"]
        known = z3.Implies(ended, z3.Or([state == model.of_state[name] for name in model.after]))
        same = z3.And(last2 == last, state2 == state)
        first = model.among("first", state2) if "X (last = event_Terminated | first)" in text else z3.BoolVal(False)
        step = z3.Implies(z3.And(known, ended, model.relation), z3.Or(same, first))
        found[OVER] = model.is_invariant(known) and model.is_valid(step)
    return found


# ---- NuSMV ----

def nusmv(folder, text, _wanted=None):
    (folder / "model.smv").write_text(text, encoding="utf-8")
    program = next(filter(None, map(shutil.which, ("NuSMV", "nuXmv"))), None)
    if not program:
        raise outside.Missing("NuSMV and nuXmv are not installed")
    out = run([program, "model.smv"], folder)
    verdicts = re.findall(r"-- (?:specification|invariant) .*? is (true|false)", out)
    claims = re.findall(r"^\w+SPEC NAME (\w+)", text, re.M)
    if len(verdicts) != len(claims):
        raise Refused(out)
    # one failure fails all: which one it is, the output says
    fine = "false" not in verdicts
    return {REACHED: fine, GOES_ON: fine, **{NAMES[name]: fine for name in claims if name in NAMES}}


# ---- TLA+ ----

PROPERTIES = {"TypeOK": TYPES, "Began": BEGAN, "Kept": KEPT, "Ended": OVER}


def tla_search(_folder, text, _wanted=None):
    """All states of one session, found on the syntax tree."""
    module, settings = tla.Module(text, Sessions=frozenset({1})), tla.configuration(text)
    claimed = {kind: [name for key, name in settings if key == kind] for kind in ("INVARIANT", "PROPERTY")}
    failing, stuck, seen, _ = module.search(dict(settings)["SPECIFICATION"], claimed["INVARIANT"], claimed["PROPERTY"])
    states = {value for state in seen for name, function in state if name == "state" for _, value in function}
    return {GOES_ON: not stuck, REACHED: states == set(re.findall(r'"(\w+)"', re.search(r"^States == .*$", text, re.M)[0])),
            **{PROPERTIES[name]: name not in failing for name in claimed["INVARIANT"] + claimed["PROPERTY"]}}


def write_module(folder, text):
    """A module and its configuration, by its name."""
    name = re.match(r"---- MODULE (\w+) ----", text)[1]
    (folder / f"{name}.tla").write_text(text, encoding="utf-8")
    (folder / f"{name}.cfg").write_text("".join(f"{key} {value}\n" for key, value in tla.configuration(text)), encoding="utf-8")
    return name


def tlc_words(module):
    if not os.environ.get("TLA2TOOLS"):
        raise outside.Missing("TLA2TOOLS does not name the jar of TLC")
    return [outside.program("java"), "-XX:+UseParallelGC", "-cp", os.environ["TLA2TOOLS"], "tlc2.TLC", "-workers", "1", module]


def tlc(folder, text, _wanted=None):
    done = outside.run(tlc_words(write_module(folder, text)), cwd=folder)
    out = done.stdout
    if "states generated" not in out:
        raise Refused(out)
    fine = "No error has been found" in out
    return {GOES_ON: fine, **{PROPERTIES[name]: fine for _, name in tla.configuration(text) if name in PROPERTIES}}


# ---- what belongs together ----

# tool: the language that it reads, and the function
CHECKERS = {"SPIN": ("promela", spin), "rumur": ("murphi", rumur), "Z3": ("smv", z3_solver), "NuSMV": ("smv", nusmv),
            "tree-sitter-tlaplus": ("tla", tla_search), "TLC": ("tla", tlc)}


def check(tool, folder, text, wanted=None):
    """What a tool says of an export, in a folder for its files; at least of the claim that is wanted, or of all."""
    return CHECKERS[tool][1](folder, text, wanted)
