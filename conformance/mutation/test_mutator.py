#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The mutator of ./dev mutate: what each operator does, that a draw can be repeated, and that what is said of survivors is said of
mutants. Arguments: the source folder, and a build folder or -. Prints TAP.
"""

import json
import pathlib
import sys

from mutation import cells, hunt, mutants, survivors, suites
from mutation.results import Results, keep, read_alive, read_killed, write_alive, write_killed
from mutation.workshop import EQUIVALENT, KILLED, SURVIVED, Run, name_of
from shared.folder import Folder
from shared.table import CELLS, TABLE
from shared.tap import Tap
from tools.mutate import selected

C_SAMPLE = """\
/* if (a < b) return 1 + 2; */
#include "number-1.h"
#define ROOM 8U
static const char *const words[] = { "a < b && 1", "// true" };
static const struct row rows[] = {
	{ FIRST, 'x' },
	{ SECOND, 'y' },
};

static int find(const struct list *list, unsigned *ret_at)
{
	int r = 0;

	for (unsigned i = 0; i < list->count; i++) {
		if (!list->items[i] || list->items[i] == ROOM)
			continue;
		*ret_at = i & ~LOW; // i + 1
		call(list, "1 == 2");
	}
	return r;
}
"""

# operator: what stands in a line, and what does so instead; all that there is to change in the sample
C_CHANGES = {
    "relation": [("i < list->count", "i <= list->count"), ("list->items[i] == ROOM", "list->items[i] != ROOM")],
    "logic": [("!list->items[i] || list", "list->items[i] || list"), ("list->items[i] || list", "list->items[i] && list")],
    "arithmetic": [("i++", "i--")],
    "bits": [("i & ~LOW", "i | ~LOW"), ("i & ~LOW", "i & LOW")],
    "constant": [("ROOM 8U", "ROOM 9U"), ("ROOM 8U", "ROOM 7U"), ("int r = 0", "int r = 1"), ("unsigned i = 0", "unsigned i = 1")],
    "condition": [("if (!list->items[i] || list->items[i] == ROOM)", "if ((!list->items[i] || list->items[i] == ROOM) || true)"),
                  ("if (!list->items[i] || list->items[i] == ROOM)", "if ((!list->items[i] || list->items[i] == ROOM) && false)")],
    "statement": [("*ret_at = i & ~LOW;", ";"), ('call(list, "1 == 2");', ";")],
    "jump": [("continue;", "break;"), ("return r;", "return 0;")],
    "table": [("{ FIRST,", "{ SECOND,"), ("{ SECOND,", "{ FIRST,")],
}

CHART_SAMPLE = """\
# logon -> LoggedOn
	session = (
		start: (
			BEGIN_CONNECTED -> Connected
		),
		Connected: (
			logon -> LoggedOn
			| silent -> final
		) >~in_Connected,
	action in_Connected { belief |= 0x04; }
	action in_LoggedOn  { belief |= 0x20; }
	logon  = EV_LOGON; # logoff = EV_LOGOFF;
	reused = never;
"""

CHART_CHANGES = [
    ("BEGIN_CONNECTED -> Connected", "BEGIN_CONNECTED -> LoggedOn"), ("BEGIN_CONNECTED -> Connected", "logon -> Connected"),
    ("BEGIN_CONNECTED -> Connected", "(any - any) -> Connected"),
    ("logon -> LoggedOn", "logon -> Connected"), ("logon -> LoggedOn", "silent -> LoggedOn"),
    ("logon -> LoggedOn", "(any - any) -> LoggedOn"),
    ("silent -> final", "BEGIN_CONNECTED -> final"), ("silent -> final", "(any - any) -> final"),
    ("0x04", "0x20"), ("0x20", "0x04"),
    ("= EV_LOGON;", "= EV_LOGOFF;"), ("= EV_LOGON;", "= silent;"), ("= EV_LOGON;", "= never;"), ("= EV_LOGON;", "= EV_LOGON?;"),
    ("= never;", "= silent;"), ("= never;", "= EV_CONNECTED;"),
]


def lines_of(text):
    return [mutants.one_line(line) for line in text.splitlines()]


def expected(text, changes):
    """The lines before and after, of each change."""
    found = []
    for old, new in changes:
        # comments and strings come first in the samples, and must not be it
        lines = [line for line in lines_of(text) if old in line and not line.startswith(("/*", "#i", "# ", "static const char"))]
        found.append((lines[0], lines[0].replace(old, new, 1)))
    return sorted(found)


def check_operators(tap):
    made = list(mutants.mutants_of("src/check/sample.c", C_SAMPLE))
    for operator in mutants.OPERATORS:
        tap.same(sorted((each.before, each.after) for each in made if each.operator == operator),
                 expected(C_SAMPLE, C_CHANGES[operator]), f"{operator}: what it does to C")
    tap.none([each for each in made if each.before.startswith(("/*", "#i", "static const char")) or "// true" in each.before],
             "comments, strings and includes stay")
    made = list(mutants.mutants_of("machine/sample.rl", CHART_SAMPLE))
    tap.same(sorted((each.before, each.after) for each in made), expected(CHART_SAMPLE, CHART_CHANGES), "what is done to Ragel")


def check_mutants(tap, every, root):
    """Of the sources themselves."""
    tap.none([each for each in every if each.text == (root / each.file).read_text(encoding="utf-8")], "each mutant differs from its source")
    tap.same(len({(*each.key, each.number) for each in every}), len(every), "no two mutants have the same name")
    by = {each.operator for each in every}
    tap.same(by, set(mutants.OPERATORS), "the sources have something for each operator")
    files = {each.file.rpartition("/")[0] for each in every}
    tap.none([folder for folder in mutants.FOLDERS if folder not in files], "each folder has mutants")


def names(drawn, count=400):
    return [(*each.key, each.number) for each in drawn][:count]


def check_draw(tap, every):
    one = list(mutants.draw(every, 1))
    tap.same(names(one), names(mutants.draw(reversed(every), 1)), "the same seed draws the same")
    tap.ok(names(one) != names(mutants.draw(every, 2)), "another seed draws others")
    tap.same(len(set(names(one, None))), len(every), "all are drawn, each once")
    share = [each.operator for each in one[:len(mutants.OPERATORS) * 40]]
    tap.none([operator for operator in mutants.OPERATORS if share.count(operator) != 40], "each operator has the same share")
    # as if somebody had edited one file
    left = [each for each in every if each.file != one[0].file]
    kept = set(names(mutants.draw(left, 1))) & set(names(one))
    tap.ok(len(kept) > 320, "a draw hardly changes with one file", len(kept))


def check_results(tap, every):
    drawn = list(mutants.draw(every, 1))[:30]
    with Folder() as folder:
        path = folder.path / "results.jsonl"
        results = Results(path, "tests", 2)
        tap.same(list(selected(drawn, results, 10)), drawn[:10], "so many are tried as are asked for")
        for each, outcome in zip(drawn, (KILLED, EQUIVALENT, SURVIVED, EQUIVALENT)):
            results.add(each.digest, outcome=outcome, passed=2)
        tap.same(list(selected(drawn, Results(path, "tests", 2), 10)), drawn[:12],
                 "for what is equivalent others are tried; what came of it is kept")
        unknown = [False, False, True, False, True]
        for what, tests, stages in (("other tests", "other", 2), ("more tests", "tests", 3)):
            again = Results(path, tests, stages)
            tap.same([again.get(each.digest) is None for each in drawn[:5]], unknown, f"what survived is tried again with {what}")
        write_killed([drawn[2].digest, drawn[3].digest], folder.path / "killed.txt")
        again = Results(folder.path / "none", "tests", 2, read_killed(folder.path / "killed.txt"))
        tap.same([again.get(each.digest) is None for each in drawn[:5]], [True, True, False, False, True],
                 "what an earlier run has killed is not tried again")
        write_alive(drawn[5:9], folder.path / "alive.txt")
        tap.same(set(read_alive(folder.path / "alive.txt")), {each.digest for each in drawn[5:9]}, "what is alive can be tried again")
        kept = folder.path / "killed.txt", folder.path / "alive.txt"
        keep(iter(drawn[:8]), [(drawn[0], {"outcome": KILLED}), (drawn[1], {"outcome": SURVIVED}), (drawn[5], {"outcome": KILLED}),
                         (drawn[4], {"outcome": SURVIVED})], {drawn[4].key: "nothing"}, *kept)
        tap.same((set(read_killed(kept[0])), set(read_alive(kept[1]))),
                 ({drawn[at].digest for at in (0, 2, 3, 5)}, {drawn[at].digest for at in (1, 6, 7)}),
                 "what was not tried is kept as it was, and what is no mutant any more is not")


def check_digests(tap):
    """A mutant is the same as long as its function is."""
    def digests(text):
        return {(each.function, each.before, each.after, each.number): each.digest for each in mutants.mutants_of("src/check/sample.c", text)}

    first = "static int one(int a)\n{\n\treturn a < 1;\n}\n"
    second = "static int two(int a)\n{\n\tint b = a + 2;\n\n\treturn b < 2;\n}\n"
    whole, other = digests(first + "\n" + second), digests(first + "\n" + second.replace("a + 2", "a + 3"))
    both = whole.keys() & other.keys()
    tap.same({key[0] for key in both if whole[key] == other[key]}, {"one"}, "a change of a function leaves mutants of others as they are")
    tap.same({key[0] for key in both if whole[key] != other[key]}, {"two"}, "and makes those of its own other ones")


def check_runs(tap):
    for what, script, passed in (("passes", "echo 'ok 1 - a'; echo 1..1", True), ("says so", "echo 'not ok 1 - a'; echo 1..1", False),
                                 ("ends before its plan", "echo 'ok 1 - a'", False), ("fails", "exit 1", False),
                                 ("crashes", "kill -SEGV $$", False)):
        tap.same(Run(["sh", "-c", script], None).passed, passed, f"a test that {what}")
    hangs, fails = Run(["sh", "-c", "sleep 100"], 0.1), Run(["sh", "-c", "echo not ok 1; sleep 1000"], 900)
    tap.same((hangs.status, hangs.is_late, hangs.passed), (None, True, False), "what hangs is ended")
    tap.same((fails.status, fails.is_late, fails.passed), (None, False, False), "so is what has failed")


def check_cells(tap, root):
    chart = (root / cells.CHART).read_text(encoding="utf-8")
    flips = list(cells.flips(chart))
    tap.same(list(dict.fromkeys(flip[:2] for flip in flips)), CELLS, "each cell of the table is flipped")
    wrong = []
    for state, event, what, text in flips:
        arcs = {cell: arc["state"] for cell in CELLS if (arc := cells.arc_of(text, *cell))}
        changed = {**TABLE, (state, event): what.removeprefix("leads to ")}
        if what == "is blank":
            del changed[state, event]
        if arcs != changed:
            wrong.append((state, event, what))
    tap.none(wrong, "that cell changes, and no other")


def check_survivors(tap, every):
    known = survivors.read()
    keys = {each.key for each in every}
    tap.none([key for key in known if key not in keys], "what survivors.txt explains are mutants of the sources")


def check_suites(tap, build):
    if not (pathlib.Path(build) / "meson-info").is_dir():
        tap.skip("each test is one of the build", "the tests of this build are not known")
        return
    tests = json.loads((pathlib.Path(build) / "meson-info" / "intro-tests.json").read_text(encoding="utf-8"))
    known = {name_of(test) for test in tests}
    tap.none([name for stage in (*suites.STAGES, suites.CELLS) if stage.build == "quick" for name in stage.tests if name not in known],
             "each test is one of the build")


def check_hunt(tap):
    """What two commands say otherwise is made small; here, commands are scripts that look for a word."""
    with Folder() as folder:
        commands = []
        for name, word in (("one", "c=3"), ("other", "none")):
            folder.file(name, f"#!/bin/sh\nfor file; do :; done\ngrep -c {word} $file\n")
            (folder.path / name).chmod(0o755)
            commands.append(folder.path / name)
        bench = hunt.Bench(folder.path)
        tap.ok(not bench.differs(commands, (), "a=1 b=2\n"), "two commands say the same")
        text = "".join(f"a={line} b=2\n" for line in range(9)) + "b=7 c=3 d=4\n" + "a=1\n" * 5
        tap.ok(bench.differs(commands, (), text), "they do not where one of them finds its word")
        tap.same(bench.smallest(commands, (), text), "c=3\n", "what they differ in is left alone")


def main():
    root, build = pathlib.Path(sys.argv[1]), sys.argv[2]
    tap = Tap()
    every = list(mutants.all_mutants(root))
    check_operators(tap)
    check_mutants(tap, every, root)
    check_draw(tap, every)
    check_results(tap, every)
    check_digests(tap)
    check_runs(tap)
    check_cells(tap, root)
    check_survivors(tap, every)
    check_suites(tap, build)
    check_hunt(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
