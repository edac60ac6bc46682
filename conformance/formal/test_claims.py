#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checkers of others confirm the claims that `sessionlint model --export` prints, and refute those of an export that is
wrong in one place. Arguments: the command, the folder docs. Prints TAP. With SESSIONLINT_FORMAL=all in the environment: of
every source under every tolerance, and of some EventMasks; otherwise of a few.
"""

import collections
import os
import pathlib
import re
import sys
from concurrent.futures import ThreadPoolExecutor

from formal import checkers, tla
from formal.claims import claim, skipped
from formal.checkers import KEPT
from formal.mutants import MUTANTS
from shared import outside
from shared.command import Command
from shared.folder import Folder
from shared.tap import Tap

ALL = os.environ.get("SESSIONLINT_FORMAL") == "all"

SOURCES = ("published", "wts", "sens", "lsm", "winlogon", "winlogon-operational", "profile", "rdp", "account")
TOLERANCES = ("published", "reused", "known", "implied", "observed", "abrupt")
MASKS = ("0x00", "0x02", "0x04", "0x0c", "0x10", "0x30", "0x33", "0x3d")

# Every event shown or not; an end that is seen, that is not, after which an id is used again; another machine.
FEW = [["published"], ["published", "--tolerance=implied"], ["lsm"], ["registration"]]
MANY = [[name, f"--tolerance={tolerance}"] for name in SOURCES for tolerance in TOLERANCES] + \
    [["observed", f"--mask={mask}"] for mask in MASKS] + [["registration"]]

GRAPH = "all states and transitions are drawn"
SYNTAX = "the modules are well formed"
TRACE = "a trace is accepted if it is legal"

MACHINES = MANY if ALL else FEW


def verdicts(tool, text, folder, wanted=None):
    """{claim: whether it holds}, or what went wrong."""
    folder.mkdir()
    try:
        return checkers.check(tool, folder, text, wanted)
    except checkers.Refused as refused:
        return {"the export is accepted": f"{refused}"}


def check_tool(tap, command, folder, tool):
    language = checkers.CHECKERS[tool][0]
    jobs = [(tool, command.run("model", *options, f"--export={language}").text, folder / f"{tool}-{number}")
            for number, options in enumerate(MACHINES)]
    published = command.run("model", "published", f"--export={language}").text
    jobs += [(tool, mutant(language, published), folder / f"{tool}-without-{number}", what)
             for number, (what, mutant) in enumerate(MUTANTS.items())]
    # most of the time a compiler runs; Z3 itself is for one thread
    with ThreadPoolExecutor(max_workers=1 if tool == "Z3" else 2) as pool:
        found = list(pool.map(lambda job: verdicts(*job), jobs))
    counts = check_machines(tap, tool, found[:len(MACHINES)])
    for what, verdict in zip(MUTANTS, found[len(MACHINES):]):
        if what in counts:
            tap.same(verdict.get(what), False, f"{what}: refuted of a wrong table ({tool})", verdict)


def check_machines(tap, tool, found):
    """States the claims; {claim: of how many machines the tool has something to say of it}."""
    counts, failing = collections.Counter(), collections.defaultdict(list)
    for options, verdict in zip(MACHINES, found):
        for what, holds in verdict.items():
            counts[what] += 1
            if holds is not True:
                failing[what].append(f"{' '.join(options)}: {holds}")
    for what, count in counts.items():
        claim(tap, not failing[what], what, tool, f"{count} machines", *failing[what])
    return counts


def check_sessions(tap, command, folder):
    """Several sessions at once, as the comment of the Promela and the document say."""
    text = "#define SESSIONS 2\n" + command.run("model", "--export=promela").text
    verdict = verdicts("SPIN", text, folder / "sessions", KEPT)
    claim(tap, len(verdict) == 3 and all(holds is True for holds in verdict.values()), "the claims, with other sessions at once",
          "SPIN", "2 sessions of published", verdict)


def check_syntax(tap, command):
    bad = []
    for options in MANY:
        languages = ["tla"] if "registration" in options else ["tla", "tla-trace"]
        bad += [f"{language}: {options}" for language in languages
                if not tla.is_well_formed(command.run("model", *options, f"--export={language}").text)]
    claim(tap, not bad, SYNTAX, "tree-sitter-tlaplus", f"{len(MANY)} machines", *bad)
    text = command.run("model", "--export=tla").text
    for part in (" >>", "VARIABLES", "[s \\in Sessions |->", "===="):
        tap.ok(not tla.is_well_formed(text.replace(part, "", 1)), f"TLA+ without {part!r} is noticed")


def check_graph(tap, command):
    """Graphviz reads the DOT for rvgen: all nodes and edges are there, and the mark of the start."""
    dot, wrong = outside.program("dot"), []
    for options in MACHINES:
        text = command.run("model", *options, "--export=rv").text
        arcs = len(re.findall(r"^[^#]\S* \S+ \S+$", command.run("model", *options, "--export=dfa").text, re.M))
        drawn = outside.run([dot, "-Tplain"], text.encode()).stdout
        if len(re.findall("^edge ", drawn, re.M)) != arcs + 1 or len(re.findall("^node ", drawn, re.M)) != text.count("{node "):
            wrong.append(f"{options}: {drawn}")
    claim(tap, not wrong, GRAPH, "Graphviz", f"{len(MACHINES)} machines", *wrong)


def check_documents(tap, documents):
    """docs/ name the claims as the tests do."""
    for name in ("theory.md", "formal.md"):
        text = (documents / name).read_text(encoding="utf-8")
        tap.none([what for what in MUTANTS if f"| {what} |" not in text], f"docs/{name} has the claims")


def check_trace(tap, command, folder):
    """TLC takes a legal trace and stops at an illegal event."""
    words = checkers.tlc_words("SessionTrace")
    for language in ("tla", "tla-trace"):
        checkers.write_module(folder, command.run("model", f"--export={language}").text)
    for events, legal in ((("Created", "Connected", "Logon", "Terminated"), True), (("Created", "Connected", "Logoff"), False)):
        lines = "".join(f'{{"session":7,"event":"{event}"}}\n' for event in events)
        (folder / "trace.ndjson").write_text(lines, encoding="utf-8")
        done = outside.run(words, cwd=folder, env={**os.environ, "TRACE": str(folder / "trace.ndjson")})
        if "Json" in done.stdout and "Cannot find" in done.stdout:
            raise outside.Missing("the module Json of TLC's community is not in TLA2TOOLS")
        holds = ("No error has been found" in done.stdout) == legal
        claim(tap, holds, TRACE, "TLC", f"{'a legal' if legal else 'an illegal'} trace", done.stdout)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    check_documents(tap, pathlib.Path(sys.argv[2]))
    with Folder() as temporary:
        folder = temporary.path
        for tool in checkers.CHECKERS:
            try:
                check_tool(tap, command, folder, tool)
            except outside.Missing as missing:
                skipped(tap, "the claims", tool, missing)
        for what, tool, check, arguments in (("the claims, with other sessions at once", "SPIN", check_sessions, (folder,)),
                                             (SYNTAX, "tree-sitter-tlaplus", check_syntax, ()),
                                             (GRAPH, "Graphviz", check_graph, ()),
                                             (TRACE, "TLC", check_trace, (folder,))):
            try:
                check(tap, command, *arguments)
            except outside.Missing as missing:
                skipped(tap, what, tool, missing)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
