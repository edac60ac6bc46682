# SPDX-License-Identifier: MIT
"""Runs of commands: what they wrote, and whether they crashed."""

import os
import subprocess

CRASHED = 99  # what a sanitizer ends with, so that it is no exit status of the command's own


def run(command, data=None):
    """Runs a command; returns status, standard output, standard error, the latter decoded."""
    environment = dict(os.environ)
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
        options = [environment[name]] if environment.get(name) else []
        environment[name] = ":".join(options + [f"exitcode={CRASHED}", "halt_on_error=1"])
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
