#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Frama-C proves what the ACSL in the sources says, and nothing of it of sources that are wrong in one place. Prints TAP, and
lines of which ./dev prove makes its table. Argument: the folder docs."""

import pathlib
import re
import sys

from prove.claims import CLAIMS, UNPROVED, Claim
from prove.frama_c import PROVED, ROOT, Tools
from shared import outside
from shared.folder import Folder
from shared.tap import Tap

TOOL = "Frama-C, Z3, CVC4"

# What proved functions may call besides each other: of these Frama-C has contracts of its own, which are assumed.
ASSUMED = {"memcpy"}

# A mutant is tried for less long: what is the same in it has been proved, and is remembered.
MUTANT_SECONDS = 2


def row(what, tool, of, result):
    print(f"# claim: {what} | {tool} | {of} | {result}")


def body(text, function):
    """The code of a function, without comments; None: it is not there."""
    found = re.search(rf"^(?:static |inline )*\w[^;{{}}()]*\b{function}\([^;{{}}]*\)\n(?:/\*@ ghost.*\n)?{{\n(.*?)^}}$", text, re.M | re.S)
    return found and re.sub(r"/\*.*?\*/|/@.*?@/|//.*", "", found[1], flags=re.S)


def with_headers(path):
    """The texts of a source and of what it includes."""
    found, paths = {}, [path]
    while paths:
        path = paths.pop()
        if path not in found and path.exists():
            found[path] = path.read_text(encoding="utf-8")
            paths += [ROOT / "src" / name for name in re.findall(r'#include "(.*?)"', found[path])]
    return list(found.values())


def unproved_callees():
    """Calls of functions that no claim is about."""
    proved = {name for claim in CLAIMS for name in claim.functions}
    for claim in CLAIMS:
        texts = with_headers(ROOT / "src" / claim.file)
        for function in claim.functions:
            code = next(filter(None, (body(text, function) for text in texts)), None)
            if code is None:
                yield f"{claim.file}: no function {function}"
                continue
            called = set(re.findall(r"\b([a-z]\w*)\((?!\*)", code)) - {"if", "for", "while", "switch", "return", "sizeof"}
            yield from (f"{function} calls {name}" for name in sorted(called - proved - ASSUMED))


def problems(claim, proof):
    """Why a claim is not proved."""
    yield from (f"{name} is not proved" for name, proved in proof.goals.items() if not proved)
    yield from proof.warnings
    for function in claim.functions:
        if not any(name.startswith(f"{function}_") for name in proof.goals):
            yield f"there is nothing to prove of {function}"
        if f"annotating function {function}\n" not in proof.output:
            yield f"run-time errors of {function} are not looked for"


def check_theories(tap, tools):
    proved = True
    for name in PROVED:
        count, failing = tools.theory(name)
        holds = not failing and count > 0
        proved &= tap.ok(holds, f"{name}: {count} goals", *failing)
        row(f"the lemmas of {name}", "Why3, CVC4, Z3", f"{count} goals", "proven" if holds else "not proven")
    return proved


def check_claim(tap, tools, claim, founded):
    proof = tools.prove(claim)
    found = [*problems(claim, proof), *([] if founded else ["the lemmas are not proved"])]
    tap.ok(not found, claim.what, *found)
    row(claim.what, TOOL, f"{len(claim.functions)} functions, {len(proof.goals)} goals", "not proven" if found else "proven")


def check_mutants(tap, tools, claim, folder):
    """Each change to the source leaves a goal unproved."""
    text = (ROOT / "src" / claim.file).read_text(encoding="utf-8")
    for number, (old, new) in enumerate(claim.mutants):
        changed = folder / f"mutant-{pathlib.Path(claim.file).stem}-{number}"
        path = changed / claim.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(old, new), encoding="utf-8")
        if text.count(old) != 1:
            tap.ok(False, f"{claim.file} has {old} once")
            continue
        proof = tools.prove(claim, before=changed, seconds=MUTANT_SECONDS)
        tap.ok(proof.goals and not all(proof.goals.values()), f"not proved with {new}: {claim.what}", proof.output[-2000:])


# A function that copies a structure with an array.
COPYING = """\
struct row {
	unsigned count;
	unsigned char bytes[4];
};

/*@ requires \\valid(to) && \\valid_read(from) && \\separated(to, from);
    assigns *to;
    ensures to->bytes[1] == from->bytes[1]; */
void row_copied(struct row *to, const struct row *from)
{
	*to = *from;
}
"""


def check_unsound(tap, tools, folder):
    """Nothing is proved of a structure that is taken as a whole."""
    path = folder / "copying" / "base" / "copying.c"
    path.parent.mkdir(parents=True)
    path.write_text(COPYING, encoding="utf-8")
    proof = tools.prove(Claim("", "base/copying.c", ("row_copied",), ()), before=folder / "copying", seconds=MUTANT_SECONDS)
    tap.ok(any("a wrong axiom" in warning for warning in proof.warnings), "a copy of a structure with an array is refused", proof.warnings)


def check_documents(tap, documents):
    """docs/ name what is proved, and what is not."""
    for name, claims in (("theory.md", [claim.what for claim in CLAIMS]),
                         ("proofs.md", [claim.what for claim in CLAIMS] + [what for what, _, _ in UNPROVED])):
        text = (documents / name).read_text(encoding="utf-8")
        tap.none([what for what in claims if f"| {what} |" not in text], f"docs/{name} has the claims")


def main():
    tap = Tap()
    check_documents(tap, pathlib.Path(sys.argv[1]))
    tap.none(unproved_callees(), "what is proved calls only what is proved")
    with Folder() as temporary:
        try:
            tools = Tools(temporary.path)
        except outside.Missing as missing:
            for claim in CLAIMS:
                tap.skip(claim.what, missing)
            return tap.done()
        check_unsound(tap, tools, temporary.path)
        founded = check_theories(tap, tools)
        for claim in CLAIMS:
            check_claim(tap, tools, claim, founded)
            check_mutants(tap, tools, claim, temporary.path)
    for what, result, why in UNPROVED:
        row(what, TOOL, "-", f"{result}: {why}")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
