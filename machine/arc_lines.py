#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes on which line of session.rl each arc between two states stands, as a table for C. Argument: session.rl."""

import re
import sys


def constant(state):
    """DisconnectedLoggedOn is SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON."""
    return "SESSIONLINT_STATE_" + re.sub(r"(?<=[a-z])(?=[A-Z])", "_", state).upper()


def arcs(lines):
    """(from, to, line) of each arc; those that begin and end a trace are none between states."""
    state = None
    for number, line in enumerate(lines, 1):
        line = line.split("#")[0]
        if block := re.match(r"\s*(\w+): \($", line.rstrip()):
            state = block[1]
        elif (arc := re.match(r"\s*\|?\s*\w+\s*->\s*(\w+)\s*$", line)) and state != "start" and arc[1] != "final":
            yield state, arc[1], number


def main():
    with open(sys.argv[1], encoding="utf-8") as chart:
        found = list(arcs(chart))
    print("/* Made from session.rl by arc_lines.py. */\n"
          "static const unsigned arc_lines[SESSIONLINT_STATE_MAX][SESSIONLINT_STATE_MAX] = {")
    for origin, target, line in found:
        print(f"\t[{constant(origin)}][{constant(target)}] = {line},")
    print("};")


if __name__ == "__main__":
    main()
