# SPDX-License-Identifier: MIT
"""Mutants: sources that are wrong in one place. An operator says which places of a text can be wrong, and what stands there
then. What is in comments and in strings stays. `c_source.py` and `chart_source.py` have the operators of their languages.
"""

import dataclasses
import hashlib
import itertools
import pathlib
import re

from mutation import c_source, chart_source

# In what is drawn, each has the same share, as long as it has places left.
OPERATORS = ("relation", "logic", "arithmetic", "bits", "constant", "condition", "statement", "jump", "table")

FOLDERS = ("src/check", "src/model", "src/order", "machine")

# a line that begins a function: a name and a parenthesis, or one of a machine
FUNCTION = re.compile(r"^(?:__attribute__\(\(\w+\)\) )?[A-Za-z_][^;{}=\n]*?(\w+)\(", re.M)


@dataclasses.dataclass(frozen=True)
class Mutant:
    """One change of one file. before and after: the lines it touches, as one line without indentation."""

    file: str
    line: int
    function: str
    operator: str
    before: str
    after: str
    # how many mutants of the same file and function look the same and stand before it
    number: int
    text: str = dataclasses.field(repr=False, compare=False)
    # the lines that it touches
    lines: range = dataclasses.field(default=range(0), repr=False, compare=False)
    # the function as it is; or nothing
    around: str = dataclasses.field(default="", repr=False, compare=False)

    @property
    def key(self):
        """What tells it from others, and stays the same when other lines change."""
        return (self.file, self.function, self.before, self.after)

    @property
    def digest(self):
        """The same as long as its function is."""
        return digest_of(*self.key, self.number, self.around)[:16]


def digest_of(*parts):
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


def one_line(text):
    return " ".join(text.split())


def function_at(text, start):
    """The function that a place is in, and its text; empty strings if in none."""
    name, begin = "", 0
    for found in FUNCTION.finditer(text, 0, start):
        name, begin = found[1], found.start()
    # a closing brace at the margin ends it
    closed = text.rfind("\n}", 0, start)
    if closed >= 0 and not FUNCTION.search(text, closed, start):
        return "", ""
    end = text.find("\n}", start)
    return name, text[begin:end if end >= 0 else len(text)]


def mutants_of(file, text):
    """All mutants of one file."""
    source = chart_source if file.endswith(".rl") else c_source
    seen = set()
    counts = {}
    for operator, start, end, new in source.changes(text):
        changed = text[:start] + new + text[end:]
        if new == text[start:end] or (start, end, new) in seen:
            continue
        seen.add((start, end, new))
        first = text.rfind("\n", 0, start) + 1
        last = text.find("\n", end)
        last = last if last >= 0 else len(text)
        before, after = one_line(text[first:last]), one_line(text[first:start] + new + text[end:last])
        function, around = function_at(text, start)
        number = counts[function, before, after] = counts.get((function, before, after), -1) + 1
        line = text.count("\n", 0, start) + 1
        lines = range(line, text.count("\n", 0, end) + 2)
        yield Mutant(file, line, function, operator, before, after, number, changed, lines, around)


def files_of(root):
    """The files that are mutated."""
    paths = itertools.chain.from_iterable(pathlib.Path(root, folder).rglob("*") for folder in FOLDERS)
    return sorted(path.relative_to(root).as_posix() for path in paths if path.suffix in (".c", ".h", ".rl"))


def all_mutants(root):
    for file in files_of(root):
        yield from mutants_of(file, pathlib.Path(root, file).read_text(encoding="utf-8"))


def draw(mutants, seed):
    """All mutants in the order in which they are tried: by chance, and in turn from each operator. The order of two does
    not depend on the others, so that most of a draw stays the same when sources change."""
    groups = {operator: [] for operator in OPERATORS}
    for mutant in mutants:
        groups[mutant.operator].append(mutant)
    for group in groups.values():
        group.sort(key=lambda mutant: digest_of(seed, *mutant.key, mutant.number))
    for row in itertools.zip_longest(*groups.values()):
        yield from filter(None, row)
