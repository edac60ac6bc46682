# SPDX-License-Identifier: MIT
"""Looks for traces that a mutant judges otherwise: random ones, each then made as small as it goes. A reader decides which of the
two is right, and puts the trace into ../cli/situations.
"""

import itertools
import os
import pathlib
import shutil
import tempfile
import time

from shared.odd_traces import trace
from mutation.workshop import Broken, Run, Workshop

BATCH = 40
OPTIONS = ((), (), (), ("--reorder=5s",), ("--start=unknown",), ("--strict",), ("--rule=gap=off",), ("--reverse",), ("--certificate=certificate",))
# memory is not zero by luck
ENVIRONMENT = {**os.environ, "MALLOC_PERTURB_": "165"}
SECONDS = 20
UNREADABLE = b'"rule":"trace/malformed"'


def commands(root, folder, mutants):
    """Builds the command as it is, and with each mutant: their paths, the first by None."""
    shop = Workshop(root, folder, [])
    build = shop.build("quick")
    (folder / "commands").mkdir(exist_ok=True)
    found = {}
    for mutant in (None, *mutants):
        path = folder / "commands" / (mutant.digest if mutant else "as-it-is")
        shop.put_mutant(mutant.file, mutant.text) if mutant else shop.put_original()
        if build.make(["sessionlint"]).status == 0:
            shutil.copy(build.folder / "sessionlint", path)
            found[mutant] = path
    if None not in found:
        raise Broken("the sources do not build")
    return found


class Bench:
    """A folder with the traces that are judged."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def put(self, texts):
        """Writes traces; returns their names."""
        for number, text in enumerate(texts):
            (self.folder / f"{number}.trace").write_text(text, encoding="utf-8")
        return [f"{number}.trace" for number in range(len(texts))]

    def judge(self, command, options, names):
        """All that a command says of them."""
        certificate = self.folder / "certificate"
        certificate.unlink(missing_ok=True)
        words = [command, "check", "-q", "--no-config", "--jobs=1", "--format=json", *options, *names]
        done = Run(words, SECONDS, self.folder, ENVIRONMENT, limited=True)
        return done.status, done.output, certificate.is_file() and certificate.read_bytes()

    def differs(self, both, options, text, unreadable=None):
        """Whether two commands say something else of one trace, of which so many lines are unreadable at most."""
        one, other = (self.judge(command, options, self.put([text])) for command in both)
        return one != other and (unreadable is None or one[1].count(UNREADABLE) <= unreadable)

    def smallest(self, both, options, text):
        """A trace with as few lines as possible, and those as short as possible, on which they still differ."""
        lines, before = text.splitlines(), None
        unreadable = self.judge(both[0], options, self.put([text]))[1].count(UNREADABLE)
        while lines != before:
            before = list(lines)
            for size in (len(lines) // 2 or 1, len(lines) // 8 or 1, 1):
                for at in range(len(lines) - size, -1, -size):
                    fewer = lines[:at] + lines[at + size:]
                    if fewer and self.differs(both, options, "\n".join(fewer) + "\n", unreadable):
                        lines = fewer
            for at, line in enumerate(lines):
                for word in line.split():
                    shorter = " ".join(each for each in lines[at].split() if each != word)
                    fewer = [*lines[:at], shorter, *lines[at + 1:]]
                    if "=" in shorter and self.differs(both, options, "\n".join(fewer) + "\n", unreadable):
                        lines = fewer
        return "\n".join(lines) + "\n"


def hunt(root, folder, mutants, seconds, say):
    """Tries that long; prints each mutant that differs, with a trace. Returns how many do."""
    left = commands(root, folder, mutants)
    original, until, found = left.pop(None), time.monotonic() + seconds, 0
    say(f"mutate: {len(left)} mutants are built")
    with tempfile.TemporaryDirectory(prefix="sessionlint-hunt-") as place:
        bench = Bench(place)
        for seed in itertools.count(0, BATCH):
            if time.monotonic() > until or not left:
                return found
            options, texts = OPTIONS[seed // BATCH % len(OPTIONS)], [trace(seed + number) for number in range(BATCH)]
            names = bench.put(texts)
            wanted = bench.judge(original, options, names)
            for mutant in [mutant for mutant, command in left.items() if bench.judge(command, options, names) != wanted]:
                both = original, left.pop(mutant)
                text = next((text for text in texts if bench.differs(both, options, text)), None)
                found += 1
                print(f"\n{mutant.file}:{mutant.line}: {mutant.function}\n- {mutant.before}\n+ {mutant.after}\n# {' '.join(options)}", flush=True)
                print(bench.smallest(both, options, text) if text else "only where several logs are judged", flush=True)
                bench.put(texts)
