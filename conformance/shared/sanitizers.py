# SPDX-License-Identifier: MIT
"""Programs that sanitizers watch, and which of their runs are looked at more closely."""

import functools
import re

# Of runs with the same options, one in so many looks for leaks.
LEAKS_EVERY = 5

# A sanitizer's report is a failure whatever the test was about.
SANITIZER = (b"Sanitizer", b"runtime error:")


def report_of(errors):
    """What a sanitizer wrote to standard error; None if nothing."""
    if not any(word in errors for word in SANITIZER):
        return None
    return "a sanitizer stopped it: " + " / ".join(errors.decode("utf-8", "replace").splitlines()[:4])


@functools.lru_cache
def is_sanitized(command):
    """Whether a sanitizer watches the command, and makes each run of it ten times as slow."""
    with open(command, "rb") as program:
        return b"__asan_init" in program.read()


class RunForms:
    """Which of many runs are looked at more closely: the first one with each set of options, and then one in some."""

    # what counts as an option: with its value, if that is a plain word, and with other plain words; or alone
    WORDS = re.compile(r"-+[A-Za-z-]+(=[a-z]+)?|[a-z]+")
    OPTIONS = re.compile(r"-+[A-Za-z-]+(=[a-z]+)?")

    def __init__(self, every, form=WORDS):
        self.every, self.form, self.forms, self.repeats = every, form, set(), 0

    def wanted(self, words):
        """Whether that is so for a run with those words."""
        form = frozenset(found[0] for word in words if (found := self.form.match(str(word))))
        if form not in self.forms:
            self.forms.add(form)
            return True
        self.repeats += 1
        return self.repeats % self.every == 0


class LeakSearch:
    """Which runs of a sanitized program look for leaks at their end, for which a short run takes half as long again."""

    def __init__(self):
        self.runs = RunForms(LEAKS_EVERY)

    def environment(self, words, environment):
        """The environment for a run with those words."""
        if self.runs.wanted(words):
            return environment
        options = environment.get("ASAN_OPTIONS")
        return {**environment, "ASAN_OPTIONS": (f"{options}:" if options else "") + "detect_leaks=0"}


leak_search = LeakSearch()
