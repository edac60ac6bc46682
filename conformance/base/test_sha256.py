#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""SHA-256 against Python's hashlib: files of many lengths. Arguments: the program test_sha256. Prints TAP."""

import hashlib
import random
import sys

from shared.command import Command
from shared.folder import Folder
from shared.tap import Tap


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    chance = random.Random(180)
    contents = [chance.randbytes(size) for size in (*range(0, 130, 7), 55, 56, 63, 64, 65, 1000, 4096, 100_003, 1_000_000)]
    with Folder() as folder:
        paths = [str(folder.file(f"{i}.bytes", content)) for i, content in enumerate(contents)]
        printed = command.run(*paths).text.split()
    tap.same(printed, [hashlib.sha256(content).hexdigest() for content in contents], f"{len(contents)} files as hashlib has them")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
