# SPDX-License-Identifier: MIT
"""The table of transitions in Microsoft's drawing, as vsd2xhtml of libvisio shows it: its texts, by position. Nothing of
src/ or machine/ is read here."""

import collections
import re
import statistics

from shared import outside

TEXT = re.compile(r'<svg:text x="([0-9.]+)" y="([0-9.]+)">(.*?)</svg:text>', re.S)
SPAN = re.compile(r"<svg:tspan[^>]*>\s*(.*?)\s*</svg:tspan>", re.S)

# The words beside the labels of columns and rows.
HEADINGS = {"From state", "To state"}


def texts(markup):
    """(x, y, text) of each text; one on two lines is joined by a space."""
    found = [(float(x), float(y), " ".join(SPAN.findall(spans))) for x, y, spans in TEXT.findall(markup)]
    return [text for text in found if text[2] not in HEADINGS]


def table(found):
    """{(column, row): text}. The labels of the rows are the leftmost texts, those of the columns the topmost; each other
    text belongs to the column and to the row that it is in line with."""
    left = min(x for x, _, _ in found)
    rows = {y: text for x, y, text in found if x == left}
    top = min(y for x, y, _ in found if x != left)
    columns = {x: text for x, y, text in found if y == top}
    return {(columns[x], rows[y]): text for x, y, text in found if x != left and y != top}


def is_grid(found):
    """Whether the lines of the table are further apart than a text is from its line."""
    for axis in (0, 1):
        places = sorted(collections.Counter(text[axis] for text in found))
        gaps = [after - before for before, after in zip(places, places[1:])]
        if min(gaps) * 3 < statistics.median(gaps):
            return False
    return True


def read(path):
    """The texts of a drawing. Missing: the program is not installed."""
    done = outside.run([outside.program("vsd2xhtml"), path])
    return texts(done.stdout)
