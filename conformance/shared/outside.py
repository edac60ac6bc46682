# SPDX-License-Identifier: MIT
"""What the tests of ../outside/ share: the packages that fetch.py has fetched, programs and modules of others, and
reasons to skip where they are not there."""

import importlib
import json
import os
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

FETCHED = ROOT / "build-outside"

# What ./dev detections fetches.
FETCHED_FOR_DETECTIONS = ROOT / "build-detections"

# What ./dev formal installs.
FETCHED_FOR_FORMAL = ROOT / "build-formal"

# Ends a program that hangs; some of these start slowly where the machine is busy.
SECONDS = 240


class Missing(Exception):
    """What a claim needs is not here; the text says what."""


def package(name, file, fetched=FETCHED, by="./dev test"):
    """The path of a file in a fetched package."""
    if not (fetched / name / "package.json").exists():
        try:
            why = (fetched / "why-not").read_text(encoding="utf-8")
        except OSError:
            why = f"{by} fetches it"
        raise Missing(f"the npm package {name} is not there: {why}")
    return fetched / name / file


def program(name, *folders):
    """The path of a program."""
    found = shutil.which(name, path=os.pathsep.join([os.environ["PATH"], *folders]))
    if not found:
        raise Missing(f"{name} is not installed")
    return found


def module(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        raise Missing(f"the Python module {name} is not installed") from None


def start(words, data, **options):
    return subprocess.run([str(word) for word in words], input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False, timeout=SECONDS, **options)


def render(words, data):
    """What a program makes of bytes, as bytes, and what it says meanwhile."""
    done = start(words, data)
    return done.stdout, done.stderr.decode("utf-8", "backslashreplace") or done.returncode


def run(words, data=None, **options):
    """Runs a program of others, with bytes to read; what it says is text."""
    done = start(words, data, **options)
    done.stdout, done.stderr = (text.decode("utf-8", "backslashreplace") for text in (done.stdout, done.stderr))
    return done


def node(script, value, *packages):
    """What a script for Node answers to a value, both as JSON: answer(value, ...paths) may be async."""
    call = ("const input = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));"
            "Promise.resolve(answer(input, ...process.argv.slice(2)))"
            ".then((found) => process.stdout.write(JSON.stringify(found)));")
    # WebAssembly is compiled once and simply: better code would come when all is done
    words = [program("node"), "--liftoff-only", "-e", f"{script}\n{call}", "-", *packages]
    done = run(words, json.dumps(value).encode())
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def attempt(tap, claim, check, *arguments):
    """Runs a check of many claims; where it misses something it is one claim, which is skipped, with the reason."""
    try:
        check(tap, *arguments)
    except Missing as missing:
        tap.skip(claim, missing)
