#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Letter case against Python's Unicode database: what folds is right, and nothing lacks of the scripts that are
folded. Argument: the program fold. Prints TAP."""

import subprocess
import sys

from shared.tap import Tap

# Whole blocks: ASCII, Latin-1, Latin Extended-A, Cyrillic and its supplement, Armenian, Vietnamese, fullwidth.
BLOCKS = [(0x00, 0x17e), (0x400, 0x52f), (0x531, 0x556), (0x1e00, 0x1e94), (0x1ea0, 0x1eff), (0xff00, 0xffef)]

# Capitals of modern Greek, and of Georgian.
LETTERS = [*map(ord, "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏΪΫς"), *range(0x1c90, 0x1cbb)]

# Turkish: no capital of any other language's i.
NOT_FOLDED = {0x130}


def simple_fold(code):
    """The simple case folding of a code point, which is one code point."""
    folded = chr(code).casefold()
    return ord(folded) if len(folded) == 1 else code


def main():
    tap = Tap()
    printed = subprocess.run([sys.argv[1], "table"], check=True, stdout=subprocess.PIPE, text=True).stdout
    table = dict(map(int, line.split()) for line in printed.splitlines())
    wrong = {hex(code): hex(to) for code, to in table.items() if simple_fold(code) != to}
    tap.same(wrong, {}, f"{len(table)} code points fold as in Unicode")
    missing = [hex(code) for first, last in BLOCKS for code in range(first, last + 1)
               if simple_fold(code) != table.get(code, code) and code not in NOT_FOLDED]
    tap.same(missing, [], "none lacks of the blocks that are folded")
    missing = [hex(code) for code in LETTERS if simple_fold(code) != table.get(code)]
    tap.same(missing, [], "nor of the letters of Greek and Georgian")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
