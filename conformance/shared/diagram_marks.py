# SPDX-License-Identifier: MIT
"""What traces did with a machine, as a diagram says it: counts, stays and looks of edges and nodes, and what was
illegal. Colours are judged by what they look like."""

from collections import namedtuple
import re

SEEN, PERHAPS, NEVER, UNDOCUMENTED, ILLEGAL = "seen", "perhaps", "never", "undocumented", "illegal"

# low to high times; a stay is text; a look is one of the above, or None where the format has none.
Mark = namedtuple("Mark", "low high hidden stay look", defaults=(False, "", None))

COUNT = r"(?:hidden|\d+[kMGT]?(?:-\d+[kMGT]?)?)"  # where there is little room, in thousands
STAY = r"\d+(?:\.\d+)? (?:d|h|min|s|ms)(?: \d+ (?:h|min|s))?"


def mark_of(count, stay="", look=None):
    """From the words of a diagram."""
    if count in (None, "hidden"):
        return Mark(0, 0, count == "hidden", stay or "", look)
    low, _, high = count.partition("-")
    low, high = (int(number.replace("k", "000").replace("M", "000000")) for number in (low, high or low))
    return Mark(low, high, False, stay or "", look)


def take(parts, look=None):
    """Parts of a label: the words among them, and the mark that the others make; None where there is none."""
    words, count, stay, other = [], None, "", False
    for part in parts:
        if re.fullmatch(COUNT, part):
            count = part
        elif re.fullmatch(STAY, part):
            stay = part
        elif re.fullmatch(f"illegal {COUNT}", part):
            other = True
        else:
            words.append(part)
    return words, mark_of(count, stay, look) if count or stay or other or look else None


class Marks:
    """Of one diagram: edges by (from, event), nodes by name, illegal events by (in, event); which of those are said
    to be undocumented, and of how many events, lives and files all that is."""

    def __init__(self):
        self.edges, self.nodes, self.illegal, self.undocumented, self.of = {}, {}, {}, set(), None

    def add_illegal(self, node, event, mark, undocumented):
        self.illegal[node, event] = mark
        if undocumented:
            self.undocumented.add((node, event))

    def add_title(self, text):
        match = re.search(r"(\d+) events? of (\d+) incarnations? in (\d+) files?", text)
        if match:
            self.of = tuple(int(number) for number in match.groups())

    def differences(self, got):
        """What another lacks or has otherwise. A format that has no look is not asked for it."""
        found = [f"of {got.of}, not {self.of}"] if got.of != self.of else []
        for what in ("edges", "nodes", "illegal"):
            ours, theirs = getattr(self, what), getattr(got, what)
            for key in {*ours, *theirs}:
                one, other = ours.get(key), theirs.get(key)
                if what == "nodes":  # a format may have no word for one of which there is nothing to say
                    one, other = one or Mark(0, 0), other or Mark(0, 0)
                if one and other and other.look is None:
                    one = one._replace(look=None)
                if one != other:
                    found.append(f"{what} {key}: {other}, not {one}")
        if got.undocumented != self.undocumented:
            found.append(f"illegal and undocumented: {got.undocumented}, not {self.undocumented}")
        return found


def duration(ticks):
    """A stay in words: two units, or one below a minute."""
    seconds = ticks // 10**7
    for unit, name, part, small in ((86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if seconds >= unit:
            return f"{seconds // unit} {name} {seconds % unit // part} {small}"
    if seconds:
        return f"{seconds}.{ticks % 10**7 // 10**6} s"
    return f"{ticks // 10**4} ms" if ticks >= 10**4 else f"0.{ticks:04} ms"


def channels(colour):
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    return tuple(int(digits[i:i + 2], 16) for i in (0, 2, 4))


def hue(colour):
    """What a person would call it."""
    red, green, blue = channels(colour)
    if max(red, green, blue) - min(red, green, blue) < 40:
        return "grey"
    if blue == max(red, green, blue):
        return "blue"
    if red == max(red, green, blue):
        return "red" if abs(green - blue) < 40 else "orange"
    return "green"


LOOKS = {("grey", False): NEVER, ("blue", False): SEEN, ("blue", True): PERHAPS, ("orange", True): UNDOCUMENTED,
         ("red", True): ILLEGAL, ("grey", True): NEVER}


def look_of(colour, broken):
    """What a line of that colour says; broken: it is dotted or dashed."""
    return LOOKS[hue(colour), broken]
