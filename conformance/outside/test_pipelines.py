#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The pipelines of docs/ci.md: each held to the schema that its system's editor uses, that of GitHub to actionlint
besides. ../docs/test_pipelines.py runs their steps. Prints TAP.
"""

import copy
import json
import re
import sys

from shared import outside
from shared.tap import Tap

SCHEMAS = "schemas/json"
SCHEMA = {"github": f"{SCHEMAS}/github-workflow.json",
          "gitlab": f"{SCHEMAS}/gitlab.com/gitlab-org/gitlab/-/raw/master/app/assets/javascripts/editor/schema/ci.json",
          "azure": f"{SCHEMAS}/raw.githubusercontent.com/microsoft/azure-pipelines-vscode/master/service-schema.json"}

ACTIONLINT = """
async function answer(texts, library) {
    const lint = await require(library).createLinter();
    return texts.map((text) => lint(text, 'sessions.yml'));
}
"""

# A machine of the team's own has labels of its own.
OWN_LABEL = re.compile(r'label "driver-test" is unknown')


def blocks():
    """{system: its pipeline as text}"""
    page = (outside.ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    return dict(zip(SCHEMA, re.findall(r"^```yaml\n(.*?)^```", page, re.S | re.M), strict=True))


def step_of(kind, pipeline):
    """The first step of the gate's job, to be broken."""
    jobs = pipeline["jobs"] if kind != "gitlab" else pipeline
    if kind == "gitlab":
        return jobs["sessions"]["artifacts"]
    job = jobs["gate"] if kind == "github" else next(job for job in jobs if job["job"] == "gate")
    return job["steps"][0]


def check_schemas(tap):
    yaml, jsonschema = outside.module("yaml"), outside.module("jsonschema")
    for kind, text in blocks().items():
        schema = json.loads(outside.package("schemastore", SCHEMA[kind]).read_text(encoding="utf-8"))
        validator = jsonschema.validators.validator_for(schema)(schema)
        pipeline = yaml.safe_load(text)
        # YAML 1.1 takes the key `on` for a truth
        if True in pipeline:
            pipeline["on"] = pipeline.pop(True)
        wrong = [error.message[:200] for error in validator.iter_errors(pipeline)]
        tap.ok(not wrong, f"the pipeline for {kind} is one by its schema", *wrong[:5])
        broken = copy.deepcopy(pipeline)
        step_of(kind, broken)["no such key"] = 1
        tap.ok(not validator.is_valid(broken), f"the schema for {kind} sees a key that is none")


def check_actionlint(tap):
    library = outside.package("actionlint", "node.cjs")
    text = blocks()["github"]
    said, broken = outside.node(ACTIONLINT, [text, text.replace("needs: record", "needs: recrd")], str(library))
    wrong = [one["message"] for one in said if not OWN_LABEL.search(one["message"])]
    tap.ok(not wrong, "actionlint finds nothing in the workflow", *wrong)
    tap.ok(any(one["kind"] == "job-needs" for one in broken), "actionlint finds a job that is none", broken)


def main():
    tap = Tap()
    outside.attempt(tap, "the pipelines are such by their schemas", check_schemas)
    outside.attempt(tap, "actionlint reads the workflow", check_actionlint)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
