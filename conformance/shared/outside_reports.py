# SPDX-License-Identifier: MIT
"""The traces that the tests of ../outside/ have told in each format: every golden one, what breaks every rule, every
hostile payload, and names of files that are hostile too; and baselines of findings that are known."""

import json
import os
import re
import shlex

from shared.outside import ROOT
from shared.report_traces import PAYLOADS, hostile

CONFORMANCE = ROOT / "conformance"

# The year 2101.
LATER = {**os.environ, "SOURCE_DATE_EPOCH": "4133980800"}

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


def baseline(command, folder):
    """A baseline that has one of two findings, and entries that nothing matches, with every payload in all texts."""
    trace = folder.file("known.trace", "".join(f"session={n} event=Created\nsession={n} event=Logon\n" for n in (1, 2)))
    path = folder.file("known.json", '{"baseline":"sessionlint","version":1,"entries":[]}')
    command.run("baseline", "write", "--no-config", f"--baseline={path}", "--reason=known",
                "--expires=2100-01-01", "-q", str(trace))
    whole = json.loads(path.read_text(encoding="utf-8"))
    first = whole["entries"][0]
    payloads = [payload.decode("utf-8", "replace") for payload in PAYLOADS.values()]
    first["reason"] = " ".join(payloads)[:2000]
    stale = [{**first, "fingerprint": f"{number:016x}:1", **dict.fromkeys(("rule", "subject", "message", "reason"), text)}
             for number, text in enumerate(payloads)]
    path.write_text(json.dumps({**whole, "entries": [first, *stale]}), encoding="utf-8")
    return ["--no-config", f"--baseline={path.name}", trace.name]


def reports(command, form, folder, *options, together=False):
    """{name: what the command writes of it}, of everything here. The payloads are told one by one, or together where
    each report costs its reader much."""

    def run(*arguments, **more):
        return command.run("check", "-q", f"--format={form}", *options, *arguments, **more)

    found = {f"golden {name}": run(*words, cwd=ROOT) for name, words in goldens().items()}
    found["all rules"] = run(*rules(), cwd=ROOT)
    found["no findings"] = run("-", input=b"session=1 event=Created\nsession=1 event=Terminated\n")
    known = baseline(command, folder)
    found["a baseline"] = run(*known, cwd=folder.path)
    found["a baseline with stale entries"] = run("--allow-stale", *known, cwd=folder.path)
    found["a baseline that has expired"] = run("--allow-stale", *known, cwd=folder.path, env=LATER)
    # names of files that are not there can be anything that an argument can be
    found["files that are not there"] = run("--fail-on-undetermined", "--", *[
        os.fsdecode(b"gone" + payload[:200].replace(b"\0", b"_")) for payload in PAYLOADS.values()], "-", cwd=folder.path,
                                            input=b"marker=gap\nsession=1 event=Created\nsession=2 event=Logoff\n")
    files = hostile_files(folder)
    if together:
        found["every payload"] = run("--", *files.values(), cwd=folder.path)
    else:
        for name, file in files.items():
            found[f"payload {name}"] = run("--", file, cwd=folder.path)
    return found
