# SPDX-License-Identifier: MIT
"""Runs of commands: what they wrote, and whether they crashed."""

import functools
import os
import re
import subprocess

CRASHED = 99  # what a sanitizer ends with, so that it is no exit status of the command's own

# Of runs with the same options, one in so many looks for leaks.
LEAKS_EVERY = 5


class LeakSearch:
    """Which runs of a sanitized program look for leaks at their end, for which a short run takes half as long again: the
    first one with each set of options, and then one in some."""

    FORM = re.compile(r"-+[A-Za-z-]+(=[a-z]+)?|[a-z]+")

    def __init__(self):
        self.forms, self.repeats = set(), 0

    def environment(self, words, environment):
        """The environment for a run with those words."""
        form = frozenset(found[0] for word in words if (found := self.FORM.match(str(word))))
        if form not in self.forms:
            self.forms.add(form)
            return environment
        self.repeats += 1
        if self.repeats % LEAKS_EVERY == 0:
            return environment
        options = environment.get("ASAN_OPTIONS")
        return {**environment, "ASAN_OPTIONS": (f"{options}:" if options else "") + "detect_leaks=0"}


leak_search = LeakSearch()


def run(command, data=None):
    """Runs a command; returns status, standard output, standard error, the latter decoded."""
    environment = dict(os.environ)
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
        options = [environment[name]] if environment.get(name) else []
        environment[name] = ":".join(options + [f"exitcode={CRASHED}", "halt_on_error=1"])
    # others are found by PATH, and have no sanitizer
    if os.path.isfile(command[0]) and is_sanitized(command[0]):
        environment = leak_search.environment(command[1:], environment)
    done = subprocess.run([str(part) for part in command], input=data, env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")


def crash_of(status, errors):
    """What a run died of; None if it did not."""
    if status < 0:
        return f"signal {-status}"
    if status == CRASHED or "Sanitizer" in errors or "runtime error:" in errors:
        return "a sanitizer stopped it: " + " / ".join(errors.splitlines()[:4])
    return None


@functools.lru_cache
def is_sanitized(command):
    """Whether a sanitizer watches the command, and makes each run of it ten times as slow."""
    with open(command, "rb") as program:
        return b"__asan_init" in program.read()


def is_emulated(command):
    """Whether the command is a script that runs it in an emulator, see ../cross/."""
    with open(command, "rb") as program:
        return program.read(2) == b"#!"


def sampled(items, command):
    """All of many inputs that are alike; where a run takes ten times as long every third, for others try them all."""
    items = list(items)
    return items[::3] if is_sanitized(command) or is_emulated(command) else items
