#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Lets memory and the like fail while a log is judged by partials, one call after the other: the error is returned, or nothing
is different.

Arguments: inject for judge_partials, how many calls of each kind to try at most (0: all). Prints TAP.
"""

import os
import pathlib
import sys
import tempfile
import types

from fault.test_faults import ALONE, BROKEN, CLEAN, DRIVER, HOSTS, LATE, NUMBERED, try_case
from shared.tap import Tap

# Lives of several sessions by turns, most of which conform, with users who change, and now and then what does not conform.
STEPS = ("Created", "Connected", "Logon user=ada address=10.0.0.1", "Logoff", "Terminated")
LIVES = "".join(f"time=2026-01-02T03:{life:02}:{step:02}Z host=PC-{session % 2} boot={life // 6} session={session} "
                f"event={event}\n"
                for life in range(12) for step, event in enumerate(STEPS) for session in range(3)
                if (life, step, session) not in ((4, 1, 1), (7, 4, 2)))

# What a condensed partial can have, and all else.
TRACES = {
    "condensed": {"lives": LIVES, "clean": "".join(CLEAN.format(n % 3) for n in range(1, 9)),
                  "broken": "".join(BROKEN.format(n) for n in range(1, 7)), "late": LATE,
                  "many": "".join(f"session={n} event=Created\n" for n in range(300)),
                  "malformed": "session=1 event=Logn\nmarker=gap reason=x\n" * 5},
    "whole": {"hosts": "".join(HOSTS.format(n) for n in range(1, 6)), "numbered": NUMBERED, "driver": DRIVER, "alone": ALONE,
              "lives": LIVES},
}


def main():
    tap = Tap()
    inject, most = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="sessionlint-faults-") as folder:
        inputs = types.SimpleNamespace(folder=pathlib.Path(folder))
        for kind, traces in TRACES.items():
            for name, text in traces.items():
                (inputs.folder / f"{name}.trace").write_text(text, encoding="utf-8")
                tap.ok(try_case(tap, inject, inputs, most, ((kind, f"{name}.trace"), None, None)) > 0, f"{kind}, {name}: some calls fail")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
