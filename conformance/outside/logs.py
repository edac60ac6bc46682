# SPDX-License-Identifier: MIT
"""The traces that the tests of this folder have told in each format: every golden one, what breaks every rule, every
hostile payload, and names of files that are hostile too."""

import os
import re
import shlex

from outside import ROOT
from traces import PAYLOADS, hostile

CONFORMANCE = ROOT / "conformance"

# Signs that a name of a file cannot have.
UNNAMED = re.compile(rb"[\0/]")


def goldens():
    """{name: arguments}: to be run in the root of the source."""
    found = {}
    for path in sorted((CONFORMANCE / "golden").glob("*.trace")) + sorted((CONFORMANCE / "golden").glob("*.args")):
        trace, options = path.with_suffix(".trace"), path.with_suffix(".args")
        words = shlex.split(options.read_text(encoding="utf-8")) if options.exists() else []
        found[path.stem] = words + ([str(trace.relative_to(ROOT))] if trace.exists() else [])
    return found


def rules():
    """The traces of every rule."""
    return [str(path.relative_to(ROOT)) for path in sorted((CONFORMANCE / "rules").rglob("*.trace"))]


def hostile_files(folder):
    """A file for each payload, with the payload in its name too; {payload: name}."""
    found = {}
    for name, payload in PAYLOADS.items():
        file = UNNAMED.sub(b"_", payload[:120])
        with open(os.path.join(os.fsencode(folder.path), file), "wb") as stream:
            stream.write(hostile(payload))
        found[name] = os.fsdecode(file)
    return found


def reports(command, form, folder, *options, together=False):
    """{name: what the command writes of it}, of everything here. The payloads are told one by one, or together where
    each report costs its reader much."""

    def run(*arguments, **more):
        return command.run("check", "-q", f"--format={form}", *options, *arguments, **more)

    found = {f"golden {name}": run(*words, cwd=ROOT) for name, words in goldens().items()}
    found["all rules"] = run(*rules(), cwd=ROOT)
    found["nothing found"] = run("-", input=b"session=1 event=Created\nsession=1 event=Terminated\n")
    files = hostile_files(folder)
    if together:
        found["every payload"] = run("--", *files.values(), cwd=folder.path)
    else:
        for name, file in files.items():
            found[f"payload {name}"] = run("--", file, cwd=folder.path)
    return found
