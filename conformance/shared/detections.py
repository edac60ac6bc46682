# SPDX-License-Identifier: MIT
"""What the tests of ../detections/ share: all short sequences of events of a session, what check says of each, the packs,
and the forbidden sequences as a separate computation finds them (from sights.py, and so from table.py)."""

import functools
import itertools
import re

from shared.sights import ILLEGAL, IMPLIED, LADDER, START, STATES, arcs, close, events_of, right_after
from shared.tap import plain

BOOT = "Boot"

# The Windows logs for which there are packs: {source: {event: (provider, id)}}, from "Real Windows session logs".
LSM = "Microsoft-Windows-TerminalServices-LocalSessionManager"
WINDOWS = {
    "lsm": {"Logon": (LSM, 21), "Logoff": (LSM, 23), "Disconnected": (LSM, 24), "Connected": (LSM, 25), BOOT: (LSM, 32)},
    "winlogon": {"Logon": ("Microsoft-Windows-Winlogon", 7001), "Logoff": ("Microsoft-Windows-Winlogon", 7002),
                 BOOT: ("Microsoft-Windows-Kernel-General", 12)},
}

# Those in no such log: {source: {event: [value, ...]}}.
OTHERS = {
    "wdm": {"Created": [1], "Terminated": [2], "Connected": [3], "Disconnected": [4], "Logon": [5], "Logoff": [6]},
    "wts": {"Connected": [1, 3], "Disconnected": [2, 4], "Logon": [5], "Logoff": [6], "Created": [10], "Terminated": [11]},
    "sens": {"Logon": ["Logon"], "Logoff": ["Logoff"], "Disconnected": ["SessionDisconnect"],
             "Connected": ["SessionReconnect"]},
}

# The tolerance that forbids a sequence, as a rung of LADDER, by the rule that check reports.
RUNGS = {ILLEGAL: 3, IMPLIED: 2}


def letters_of(source):
    """The events that a pack for the source is about; a boot only where there is a record of it."""
    return [*events_of(source), *([BOOT] if source in WINDOWS else [])]


def words(letters, length):
    """All sequences of at most so many letters, the shortest first; with a boot, of one less."""
    return [word for size in range(1, length + 1) for word in itertools.product(letters, repeat=size)
            if size < length or BOOT not in word]


# ---- the language, by the transcribed table

@functools.cache
def step(source, rung, states, letter):
    """The states after a letter; empty if it is rejected."""
    seen, unseen = arcs(source, *LADDER[rung][:3])
    if letter == BOOT:
        return frozenset(close({START}, unseen))
    return frozenset(close(right_after(states, letter, seen), unseen))


def is_accepted(source, rung, word):
    states = frozenset(STATES)
    for letter in word:
        states = step(source, rung, states, letter)
        if not states:
            return False
    return True


def contains(word, part):
    return any(word[at:at + len(part)] == part for at in range(len(word) - len(part) + 1))


def forbidden(source, rung, length):
    """The rejected sequences without a shorter one in them, by trying all sequences."""
    found, accepted = set(), [()]
    for _ in range(length):
        longer = [(*word, letter) for word in accepted for letter in letters_of(source)]
        accepted = []
        for word in longer:
            if is_accepted(source, rung, word):
                accepted.append(word)
            elif is_accepted(source, rung, word[1:]):
                found.add(word)
    return found


def expected_words(source, length):
    """{(rule, word)}: what a pack lists."""
    illegal, known = (forbidden(source, RUNGS[rule], length) for rule in (ILLEGAL, IMPLIED))
    return {(ILLEGAL, word) for word in illegal} | \
        {(IMPLIED, word) for word in known if is_accepted(source, RUNGS[ILLEGAL], word)}


def disagreement(source, rung, listed):
    """A sequence of any length on which the list and the recognizer differ; None if there is none. Follows both at once:
    the states, and the last letters, which are all that the list can depend on."""
    keep = max(map(len, listed)) - 1
    queue = [((), frozenset(STATES), ())]
    seen = {queue[0][1:]}
    for word, states, last in queue:
        for letter in letters_of(source):
            recent = (*last, letter)
            after = step(source, rung, states, letter)
            is_listed = any(recent[-len(part):] == part for part in listed)
            if is_listed != (not after):
                return (*word, letter)
            place = (after, recent[-keep:])
            if after and place not in seen:
                seen.add(place)
                queue.append(((*word, letter), *place))
    return None


# ---- the command

def header(text):
    """Of a pack: its sequences {(rule, word)}, the length, and whether there are no others."""
    found = re.findall(r"^\W*([A-Z]\w+(?: [A-Z]\w+)*): (session/[a-z-]+) \((?:error|note)\)$", text, re.M)
    count, length, rest = re.search(r"Sequences: (\d+), of at most (\d+) events; (.+)\.$", text, re.M).groups()
    assert int(count) == len(set(found)), plain(text[:2000])
    return {(rule, tuple(word.split())) for word, rule in found}, int(length), rest == "there are no others"


def trace_of(source, all_words):
    """A trace in which each word is what a host of its own records of one session."""
    for number, word in enumerate(all_words):
        for letter in word:
            yield f"host=w{number} source={source} marker=boot\n" if letter == BOOT else \
                f"host=w{number} source={source} session=1 event={letter}\n"


def verdicts(command, source, all_words):
    """What check says of each word: {rule: {word}}."""
    result = command.check("".join(trace_of(source, all_words)), "--start=unknown", timeout=600)
    found = {rule: set() for rule in RUNGS}
    for finding in result.parsed[:-1]:
        if finding["rule"] in found:
            found[finding["rule"]].add(all_words[int(finding["host"][1:])])
    return found


def pack(command, language, source, *arguments):
    return command.run("rules", f"--export={language}", f"--source={source}", *arguments).text
