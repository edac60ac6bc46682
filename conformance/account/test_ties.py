#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The order of what is reported does not depend on the qsort() of the system: each has another order of what compares
equal. Arguments: the command, the other qsort() for LD_PRELOAD, a folder of logs. Prints TAP.
"""

import os
import pathlib
import sys

from shared.command import Command
from shared.tap import Tap

WAYS = (("check", "--together", "--format=json"), ("timeline", "--together", "--format=ndjson"))


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    other, logs = os.path.abspath(sys.argv[2]), pathlib.Path(sys.argv[3])
    if not logs.is_dir():
        return tap.skip_all(f"there is no {logs.name} folder")
    usual = {**os.environ, "SOURCE_DATE_EPOCH": "0"}
    for words in WAYS:
        # all at once are no machine: that is where most is equal
        for folder in [*sorted(path for path in logs.iterdir() if path.is_dir()), logs]:
            told = command.run(*words, str(folder), env=usual)
            again = command.run(*words, str(folder), env={**usual, "LD_PRELOAD": other})
            tap.ok(told.out == again.out and b"LD_PRELOAD" not in again.err,
                   f"{' '.join(words)}, {folder.name}: the same with another qsort()", again.error[:200])
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
