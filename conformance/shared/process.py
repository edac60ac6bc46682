# SPDX-License-Identifier: MIT
"""Runs of commands: what they wrote, and whether they crashed."""

import os
import subprocess

from shared.sanitizers import is_sanitized, leak_search
from shared.twin import twins

CRASHED = 99  # what a sanitizer ends with, so that it is no exit status of the command's own


def run(command, data=None):
    """Runs a command; returns status, standard output, standard error, the latter decoded."""
    environment = dict(os.environ)
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
        options = [environment[name]] if environment.get(name) else []
        environment[name] = ":".join(options + [f"exitcode={CRASHED}", "halt_on_error=1"])
    # others are found by PATH, and have no sanitizer
    if os.path.isfile(command[0]) and is_sanitized(command[0]):
        environment = leak_search.environment(command[1:], environment)
    words = [str(part) for part in command]
    options = {"input": data, "env": environment, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "check": False}
    begun = twins.begin(words[0], words[1:], options) if os.sep in words[0] else []
    done = subprocess.run(words, **options)
    different = twins.difference(begun, done.returncode, done.stdout, done.stderr)
    if different:
        raise RuntimeError(f"{words}: {different}")
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")


def crash_of(status, errors):
    """What a run died of; None if it did not."""
    if status < 0:
        return f"signal {-status}"
    if status == CRASHED or "Sanitizer" in errors or "runtime error:" in errors:
        return "a sanitizer stopped it: " + " / ".join(errors.splitlines()[:4])
    return None


def is_emulated(command):
    """Whether the command is a script that runs it in an emulator, see ../cross/."""
    with open(command, "rb") as program:
        return program.read(2) == b"#!"


def sampled(items, command):
    """All of many inputs that are alike; where a run takes ten times as long every third, for others try them all."""
    items = list(items)
    return items[::3] if is_sanitized(command) or is_emulated(command) else items
