#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What fold.awk does, in Python. Argument: the trace."""

import sys

from shared.table import REUSE, START, TABLE

AFTER = {**TABLE, REUSE: "Created"}


def main():
    states, illegal = {}, 0
    with open(sys.argv[1], encoding="utf-8") as trace:
        for line in trace:
            _, session, event = line.split()
            state = states.get(session, START)
            after = AFTER.get((state, event[6:]))
            if after:
                states[session] = after
            else:
                illegal += 1
    print(illegal)


if __name__ == "__main__":
    main()
