#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No tagged line vanishes. Wherever the tag is in a line, whatever is around it and in it, each one becomes a record or
a malformed one, in a text of any encoding.

Arguments: dump_records, sessionlint. Prints TAP.
"""

import itertools
import random
import re
import sys
import tempfile

from shared import process
from shared.tap import Tap
from shared.text_bench import ENCODINGS, Bench

TAG = "sessionlint:"
GOOD = f"{TAG} session=9 event=Created\n"
RECORD = " session=1 event=Logon"
FIRST = "00000001\t0.00000000\t[1] begin\n"
LIMIT = 1 << 20

# What comes before the tag in the logs of other programs.
PREFIXES = [
    "", " ", "\t", "\r", "flt: ", "00000001\t0.00\tflt: ", "[0]0004.0008::03/02/2026-12:01:40.7712345 [flt]",
    "2026-03-02T12:01:44.7712345Z ", "##[group]", "1: kd> ", "kd>", "[12] [\\\\VDI-017] ", "10% \r20% \r",
    "section_start:1772452800:script\r\x1b[0K", "\x1b[36;1m", "\x1b[0m\x1b[32m", "\x1b]0;title\x07", "#", "# ", "\"", "'",
    "a=b ", "x=\"", "{\"log\":\"", "<14>Mar  2 12:01:44 host ", "\u4f1a\u793e ", "x" * 9000 + " ", "\x01\x02\x7f ", ": ", "::",
    "sessionlint ", "sessionlintsessionlint", "session", "sessionlint :", "s", "ssessionlint", "\ufeff", "nt:",
]

# The tag as terminals and others show it.
SPELLINGS = [
    TAG, "SessionLint:", "SESSIONLINT:", "sessionlinT:", "\x1b[33msessionlint\x1b[0m:", "\x1b[1msession\x1b[22mlint:",
    "s\x1b[0me\x1b[0mssionlint:", "\x1b[38;5;12msessionlint:\x1b[0m", "\0".join(TAG), "s\0\0essionlint:",
]

# A tag with what a terminal does not show between its letters.
SPELT = re.compile(r"(?:\x1b\[[\x20-\x3f]*[\x40-\x7e]|\0)*".join(TAG), re.I)

# What comes after it, and whether the record can still be read.
ENDINGS = [
    (RECORD, True), (RECORD + "\r", True), (RECORD + "\x1b[0m", True), ("\x1b[0m" + RECORD, True),
    (" \x1b[32msession=1\x1b[0m event=Logon \x1b[K", True), (RECORD + " # why", True), ("", False), (" ", False), (" text", False),
    (" session=1", False), (" session=1 event=Log\0on", False), (RECORD + "\x1b]0;t\x07", False), (RECORD + " \x1b[", False),
    (RECORD + '"}', False), (" # session=1 event=Logon", False), (" session=1 event=Logo\x01n", False),
]


def places(have):
    return [(each["kind"], each["line"]) for each in have]


def around_check(bench, report):
    """Every prefix with every spelling and every ending."""
    problems, lines = [], list(itertools.product(process.sampled(PREFIXES, bench.dump_records), SPELLINGS, ENDINGS))
    texts = [(FIRST + GOOD + prefix + spelling + ending + "\n" + GOOD).encode() for prefix, spelling, (ending, _) in lines]
    for (prefix, spelling, (ending, is_good)), (have, end) in zip(lines, bench.all_records(texts)):
        kinds = [("event",) if is_good else ("malformed",), ("malformed",)][prefix.count("sessionlint:")]
        # a title is no colour: what is in it is not shown, and not left out
        if [each["line"] for each in have] != [2, 3, 4] or have[1]["kind"] not in kinds or \
                end["skipped"] != 1 or (is_good and (have[1]["session"], have[1]["event"]) != (1, 5)):
            problems.append(f"{prefix[:60]!r} {spelling!r} {ending!r}: {places(have)}, {end}")
    report.none(problems, f"{len(lines)} lines with a tag: read, or malformed")


def several_check(bench, report):
    """Several records on a line."""
    for between in (" ", "\r", "", "; ", "\x1b[0m ", "\t[4] flt: "):
        for count in (2, 3, 5):
            line = between.join(f"{TAG} session={number} event=Logon" for number in range(count))
            have, _ = bench.records((FIRST + "  " + line + "\n" + GOOD).encode())
            clean = not between.strip(" \r\x1b[0m")
            report.none([f"{have}"] if
                        [each["line"] for each in have] != [2] * count + [3] or have[count - 1]["kind"] != "event" or
                        (clean and between and [each["session"] for each in have[:-1]] != list(range(count))) else [],
                        f"{count} records with {between!r} between them")
    text = FIRST + f"{TAG} session=1 event=Logon x-a=1 ! {TAG} session=2 event=Logon !\n"
    have, _ = bench.records(text.encode())
    report.none([f"{have}"] if [each["reason"].split(":")[0] for each in have] != [
                "column 42", "column 79"] else [], "the columns of both are those of the line")
    report.none([f"{have}"] if [each["offset"] for each in have] != [
                len(FIRST), len(FIRST) + text[len(FIRST):].rindex(TAG)] else [],
                "the bytes of both are those of the file")


def split_check(bench, report):
    """A tag that the end of a line breaks in two, as DebugView does with what is longer than it can pass on."""
    for ending in ("\n", "\r\n"):
        for columns in ("", "00000043\t0.01\t[4312] ", "[4312] "):
            for at in range(1, len(TAG)):
                text = FIRST + GOOD + columns + "flt: " + TAG[:at] + ending + columns + TAG[at:] + RECORD + ending + GOOD
                have, _ = bench.records(text.encode())
                report.none([f"{have}"] if
                            places(have) != [("event", 2), ("event", 4), ("event", 5)] else [],
                            f"{columns!r} {TAG[:at]!r} and {TAG[at:]!r}, {ending!r}")
    for before, after in (("sessio", "sionlint:"), ("sess", "onlint:"), ("x", "essionlint:")):
        have, _ = bench.records((FIRST + GOOD + before + "\n" + after + RECORD + "\n" + GOOD).encode())
        report.none([f"{have}"] if places(have) != [("event", 2), ("event", 5)] else [],
                    f"{before!r} and {after!r} are no tag")


def long_check(bench, report):
    """A tag far from the beginning of its line, and in a line that is longer than a line can be."""
    for size in (8000, 70_000, 300_000, LIMIT - 60, LIMIT + 60, 3 * LIMIT):
        for filler in ("x", "\x1b[0m", "\0"):
            line = (filler * size)[:size] + TAG + RECORD
            for front in (FIRST + GOOD, GOOD):
                data = (front + line + "\n" + GOOD).encode()
                kind = "event" if size < LIMIT else "malformed"
                want = [("event", front.count("\n")), (kind, front.count("\n") + 1), ("event", front.count("\n") + 2)]
                for how, (have, _) in (("file", bench.records(data)), ("pipe", bench.piped(data))):
                    report.none([f"{places(have)}"] if
                                places(have) != want else [], f"{how}: {size} times {filler!r} before a tag: {kind}")


def encodings_check(bench, report):
    for encoding, (mark, codec) in ENCODINGS.items():
        lines = [GOOD, *(prefix + spelling + RECORD + "\n" for prefix in PREFIXES for spelling in SPELLINGS)]
        have, _ = bench.records(mark + "".join(lines).encode(codec))
        report.none([f"{each}" for each in have if each["kind"] != "event"] +
                  ([] if [each["line"] for each in have] == list(range(1, len(lines) + 1)) else ["lines are missing"]),
                    f"{encoding}: {len(lines)} lines")
    # what PowerShell appends with >> to a text in ASCII
    have, _ = bench.records((FIRST + GOOD).encode() + (TAG + RECORD + "\n").encode("utf-16-le") + b"\n" + GOOD.encode())
    report.none([f"{have}"] if
                ("malformed", 3) not in places(have) or have[-1]["kind"] != "event" else [],
                "a line of UTF-16 in a text of ASCII is malformed")
    for codec in ("utf-16-le", "utf-16-be"):
        status, found, errors = bench.check((FIRST + GOOD * 9).encode(codec))
        report.none([f"{status} {errors}"] if
                    status != 2 or found or "UTF-16 without a byte order mark" not in errors else [],
                    f"{codec} without a mark is not read, and that is said")


def random_check(bench, report):
    """Random bytes around tags: as many records as tags, at their lines."""
    pieces = ["sessionlint", ":", "session", "lint:", "\r", "\x1b", "\x1b[", "\x1b[0m", "\0", " ", "=", "\"", "#", "x", "9", "m", "T", "S"]
    for seed in range(8):
        chance, text, want, before = random.Random(seed), FIRST + GOOD, {2: 1}, ""
        for number in range(3, 1500):
            junk = ["".join(chance.choice(pieces) for _ in range(chance.randrange(12))) for _ in range(2)]
            tags = chance.choice((0, 0, 1, 1, 2))
            line = junk[0] + junk[1].join([TAG + RECORD] * tags)
            # the junk can spell tags of its own
            want[number] = len(SPELT.findall(line))
            begun = next((size for size in range(len(TAG) - 1, 0, -1) if before.lower().endswith(TAG[:size])), 0)
            if not want[number] and begun and line.lower().startswith(TAG[begun:]):
                want[number] = 1
            before = line.rstrip("\r")
            text += line + "\n"
        have, _ = bench.records(text.encode())
        found = {}
        for each in have:
            found[each["line"]] = found.get(each["line"], 0) + 1
        report.none([
            f"line {line}: {found.get(line, 0)} records, {count} tags: {text.split(chr(10))[line - 1]!r}"
            for line, count in want.items() if found.get(line, 0) != count], f"seed {seed}: {sum(want.values())} tags")


def main():
    report = Tap()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, *sys.argv[1:3])
        for check in (around_check, several_check, split_check, long_check, encodings_check, random_check):
            check(bench, report)
    return report.done()


if __name__ == "__main__":
    sys.exit(main())
