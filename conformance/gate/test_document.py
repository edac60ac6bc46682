# SPDX-License-Identifier: MIT
"""docs/gate.md, word for word: its files are written, its commands run one behind the other, and say what is shown.

Arguments: the command, docs/gate.md. Prints TAP.
"""

import pathlib
import re
import shlex
import sys

from shared.gate import run_all


def blocks(text):
    """The indented blocks in their order, each with the name of the file that the words before it give to it."""
    for match in re.finditer(r"(.*)\n\n((?:    .*\n)+(?:\n(?:    .*\n)+)*)", text):
        named = re.findall(r"`([\w./-]+)`[^`]*:$", match.group(1))
        for block in match.group(2).split("\n\n"):
            lines = [line[4:] for line in block.splitlines()]
            yield named[-1] if named and not lines[0].startswith("$ ") else None, lines


def runs(lines):
    """The commands of a block, each with what it says."""
    for part in re.split(r"^\$ ", "\n".join(lines), flags=re.M)[1:]:
        command, _, said = part.partition("\n")
        yield shlex.split(command), said.rstrip("\n")


def check_document(tap, place):
    counts = {"files": 0, "commands": 0}
    for name, lines in blocks(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8")):
        content = "".join(f"{line}\n" for line in lines)
        if name and name.endswith(".json"):
            tap.same(place.read(name).decode("utf-8"), content, f"{name} is as shown")
        elif name:
            place.file(name, content)
            counts["files"] += 1
        for (program, *arguments), expected in runs(lines):
            result = place.run(*arguments)
            counts["commands"] += 1
            said = (result.text + result.error).rstrip("\n").replace("\\", "/") if place.command.for_windows \
                else (result.text + result.error).rstrip("\n")
            tap.ok(program == "sessionlint" and said == expected, f"{' '.join(arguments)[:60]}: says what is shown",
                   f"expected {expected}", result)
    tap.ok(counts["files"] >= 3 and counts["commands"] >= 8, f"the document has {counts}")


if __name__ == "__main__":
    sys.exit(run_all(check_document))
