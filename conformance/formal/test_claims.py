#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checkers of others confirm the claims that `sessionlint model --export` prints, and refute those of an export that is
wrong in one place. Argument: the command. Prints TAP. With SESSIONLINT_FORMAL=all in the environment: of every source
under every tolerance, and of some EventMasks; otherwise of a few.
"""

import collections
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor

from formal import checkers
from formal.claims import claim, skipped
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

MACHINES = MANY if ALL else FEW


def verdicts(tool, text, folder, wanted=None):
    """{claim: whether it holds}, or what went wrong."""
    try:
        return checkers.check(tool, folder, text, wanted)
    except checkers.Refused as refused:
        return {"the export is accepted": f"{refused}"}


def check_tool(tap, command, folder, tool):
    language = checkers.CHECKERS[tool][0]
    texts = [command.run("model", *options, f"--export={language}").text for options in MACHINES]
    places = [folder / f"{tool}-{number}" for number in range(len(texts))]
    for place in places:
        place.mkdir()
    # one for each core; Z3 itself is for one thread
    with ThreadPoolExecutor(max_workers=1 if tool == "Z3" else 2) as pool:
        found = list(pool.map(verdicts, [tool] * len(texts), texts, places))
    counts, failing = collections.Counter(), collections.defaultdict(list)
    for options, verdict in zip(MACHINES, found):
        for what, holds in verdict.items():
            counts[what] += 1
            if holds is not True:
                failing[what].append(f"{' '.join(options)}: {holds}")
    for what, count in counts.items():
        claim(tap, not failing[what], what, tool, f"{count} machines", *failing[what])
    check_mutants(tap, command, folder, tool, counts)


def check_mutants(tap, command, folder, tool, counts):
    """Each claim that the tool confirms, it refutes where the export is wrong."""
    language = checkers.CHECKERS[tool][0]
    text = command.run("model", "published", f"--export={language}").text
    for number, what in enumerate(each for each in MUTANTS if each in counts):
        place = folder / f"{tool}-mutant-{number}"
        place.mkdir()
        verdict = verdicts(tool, MUTANTS[what](language, text), place, what)
        tap.same(verdict.get(what), False, f"{tool}, not of a wrong table: {what}", verdict)


def check_syntax(tap, command):
    parser = checkers.tla_parser()
    bad = []
    for options in MANY:
        languages = ["tla"] if "registration" in options else ["tla", "tla-trace"]
        bad += [f"{language}: {options}" for language in languages
                if not checkers.tla_is_well_formed(parser, command.run("model", *options, f"--export={language}").text)]
    claim(tap, not bad, "the modules are well formed", "tree-sitter-tlaplus", f"{len(MANY)} machines", *bad)
    text = command.run("model", "--export=tla").text
    for part in (" >>", "VARIABLES", "[s \\in Sessions |->", "===="):
        tap.ok(not checkers.tla_is_well_formed(parser, text.replace(part, "", 1)), f"TLA+ without {part!r} is noticed")


def check_graph(tap, command):
    """Graphviz reads the DOT for rvgen: all nodes and edges are there, and the mark of the start."""
    dot, wrong = outside.program("dot"), []
    for options in MACHINES:
        text = command.run("model", *options, "--export=rv").text
        arcs = len(re.findall(r"^[^#]\S* \S+ \S+$", command.run("model", *options, "--export=dfa").text, re.M))
        drawn = outside.run([dot, "-Tplain"], text.encode()).stdout
        if len(re.findall("^edge ", drawn, re.M)) != arcs + 1 or len(re.findall("^node ", drawn, re.M)) != text.count("{node "):
            wrong.append(f"{options}: {drawn}")
    claim(tap, not wrong, "the graph is one", "Graphviz", f"{len(MACHINES)} machines", *wrong)


def check_trace(tap, command, folder):
    """TLC takes a legal trace and stops at an illegal event."""
    words = checkers.tlc_words("SessionTrace")
    for language, name in (("tla", "Session"), ("tla-trace", "SessionTrace")):
        (folder / f"{name}.tla").write_text(command.run("model", f"--export={language}").text, encoding="utf-8")
    text = (folder / "SessionTrace.tla").read_text(encoding="utf-8")
    (folder / "SessionTrace.cfg").write_text(checkers.configuration(text), encoding="utf-8")
    for events, legal in ((("Created", "Connected", "Logon", "Terminated"), True), (("Created", "Connected", "Logoff"), False)):
        lines = "".join(f'{{"session":7,"event":"{event}"}}\n' for event in events)
        (folder / "trace.ndjson").write_text(lines, encoding="utf-8")
        done = outside.run(words, cwd=folder, env={**os.environ, "TRACE": str(folder / "trace.ndjson")})
        if "Json" in done.stdout and "Cannot find" in done.stdout:
            raise outside.Missing("the module Json of TLC's community is not in TLA2TOOLS")
        holds = ("No error has been found" in done.stdout) == legal
        claim(tap, holds, f"a trace that is {'legal' if legal else 'illegal'} is told", "TLC", "published", done.stdout)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as temporary:
        folder = temporary.path
        for tool in checkers.CHECKERS:
            try:
                check_tool(tap, command, folder, tool)
            except outside.Missing as missing:
                skipped(tap, "the claims", tool, missing)
        for what, tool, check, arguments in (("the modules are well formed", "tree-sitter-tlaplus", check_syntax, ()),
                                             ("the graph is one", "Graphviz", check_graph, ()),
                                             ("a trace that is illegal is told", "TLC", check_trace, (folder,))):
            try:
                check(tap, command, *arguments)
            except outside.Missing as missing:
                skipped(tap, what, tool, missing)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
