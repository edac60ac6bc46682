# SPDX-License-Identifier: MIT
"""What is known of mutants that no test kills: survivors.txt, a paragraph each,

    FILE: FUNCTION
    - the line as it is
    + the line as it is in the mutant
    why nothing can notice it

A mutant is found by its text, not by the number of its line.
"""

import pathlib

PATH = pathlib.Path(__file__).with_name("survivors.txt")


def read(path=PATH):
    """Why each survives, by the key of the mutant."""
    found = {}
    for paragraph in path.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in paragraph.splitlines() if line and not line.startswith("#")]
        if not lines:
            continue
        # what is in no function has none
        file, _, function = (lines[0] + " ").partition(": ")
        before = " ".join(line[2:] for line in lines if line.startswith("- "))
        after = " ".join(line[2:] for line in lines if line.startswith("+ "))
        why = " ".join(line for line in lines[1:] if line[:2] not in ("- ", "+ "))
        key = (file, function.strip(), before, after)
        if not why or not before or not after or key in found:
            raise ValueError(f"{path.name}: {lines[0]}: two times, or without the lines or a reason")
        found[key] = why
    return found


def paragraph(mutant):
    """What a mutant's paragraph begins with."""
    return f"{mutant.file}: {mutant.function}".rstrip() + f"\n- {mutant.before}\n+ {mutant.after}"
