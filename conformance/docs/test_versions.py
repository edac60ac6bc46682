#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The version is the same wherever it stands, and each schema has a name with it. Arguments: the command, the root of
the project. Prints TAP.
"""

import json
import pathlib
import re
import subprocess
import sys

from shared.tap import Tap


def header_version(text):
    return ".".join(re.search(rf"#define SESSIONLINT_VERSION_{part} (\d+)\n", text).group(1)
                    for part in ("MAJOR", "MINOR", "PATCH"))


def check_schemas(tap, docs, version):
    schemas = sorted(docs.glob("*.schema.json"))
    listed = re.findall(r"\]\((\w+\.schema\.json)\)", (docs / "versions.md").read_text())
    tap.same(sorted(set(listed)), [path.name for path in schemas], "docs/versions.md lists the schemas")
    for path in schemas:
        name = f"urn:sessionlint:schema:{path.name.partition('.')[0]}:{version.rpartition('.')[0]}"
        tap.same(json.loads(path.read_text()).get("$id"), name, f"docs/{path.name}: $id has the version")


def main():
    command, root = sys.argv[1], pathlib.Path(sys.argv[2])
    tap = Tap()
    version = re.search(r"^  version: '([0-9.]+)'", (root / "meson.build").read_text(), re.M).group(1)
    said = subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout
    tap.same(said, f"sessionlint {version}\n", "--version is that of meson.build")
    tap.same(header_version((root / "src/include/sessionlint.h").read_text()), version, "sessionlint.h: the same")
    changes = re.findall(r"^## (.*)$", (root / "CHANGELOG.md").read_text(), re.M)
    newest = next((line for line in changes if line != "Unreleased"), "")
    tap.ok(re.fullmatch(rf"{re.escape(version)} - \d{{4}}-\d\d-\d\d", newest), "CHANGELOG.md: its newest entry, with a date",
           newest)
    check_schemas(tap, root / "docs", version)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
