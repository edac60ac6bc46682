# SPDX-License-Identifier: MIT
"""The Test Anything Protocol: a line for each claim, a plan at the end."""

import gc

from shared.twin import twins

# Tests that read much would spend a quarter of their time on looking for cycles, of which they make few.
gc.set_threshold(50_000, 20, 100)


class Tap:
    """The Test Anything Protocol: a line for each claim, a plan at the end."""

    def __init__(self):
        self.claims = self.failures = 0

    def ok(self, holds, claim, *notes):
        """States one claim; the notes say more where it does not hold, but no more than fits on a page."""
        self.claims += 1
        self.failures += not holds
        print(f"{'' if holds else 'not '}ok {self.claims} - {plain(claim)}")
        if not holds:
            for note in notes:
                for line in plain(note, keep="\n").splitlines()[:24]:
                    print(f"# {line[:400]}")
        return holds

    def same(self, got, expected, claim, *notes):
        """Claims that two values are the same and shows both where they are not."""
        return self.ok(got == expected, claim, f"expected {expected!r}", f"got      {got!r}",
                       *notes)

    def none(self, problems, claim):
        """Claims that there are no problems, and shows the first of them where there are some."""
        problems = list(problems)
        more = [f"and {len(problems) - 8} more"] if len(problems) > 8 else []
        return self.ok(not problems, claim, *problems[:8], *more)

    def skip(self, claim, why):
        """A claim that cannot be tested here."""
        self.claims += 1
        print(f"ok {self.claims} - {plain(claim)} # SKIP {why}")

    def done(self):
        """The plan; the result is the exit status of the test."""
        for line in twins.summary():
            print(f"# {plain(line)}")
        print(f"1..{self.claims}", flush=True)
        return 1 if self.failures else 0

    def skip_all(self, why):
        """The plan of a test that cannot run here; the result is the exit status."""
        print(f"1..0 # SKIP {why}")
        return 0


def plain(text, keep=""):
    """Text that fits into a line of TAP, whatever the test was about."""
    text = str(text).replace("#", "(hash)")
    return "".join(c if c in keep or c.isprintable() else repr(c)[1:-1] for c in text)
