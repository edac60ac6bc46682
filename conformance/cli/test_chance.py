#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is found does not depend on chance: tables are hashed with other random numbers in each run, and find the same.
Argument: the command. Prints TAP.
"""

import sys

from shared.command import Command
from shared.folder import Folder
from shared.odd_traces import trace
from shared.tap import Tap

BATCHES, TRACES, TIMES = 40, 50, 3


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    differing, findings = [], 0
    with Folder() as folder:
        for batch in range(BATCHES):
            names = [f"{number}.trace" for number in range(TRACES)]
            for number, name in enumerate(names):
                folder.file(name, trace(batch * TRACES + number))
            results = [command.run("check", "-q", "--format=json", "--no-config", *names, cwd=folder.path) for _ in range(TIMES)]
            differing += [batch for result in results[1:] if (result.out, result.status) != (results[0].out, results[0].status)]
            findings += len(results[0].findings)
    tap.none(differing, f"{BATCHES * TRACES} traces, {TIMES} times each: the same is found")
    tap.ok(findings > BATCHES * TRACES, f"{findings} findings")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
