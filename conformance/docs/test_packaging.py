#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What packaging/ says of the project is true; nothing is built. `./dev release --check` does the rest. Arguments: the root
of the project. Prints TAP.
"""

import configparser
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(ROOT / "packaging"))

from release import __main__ as release, binaries, deb, manifests, project, templates, verify, wheels
from shared.tap import Tap

PACKAGING = ROOT / "packaging"


def check_templates(tap):
    """Each template asks for what there is."""
    known = set(project.facts()) | manifests.names()
    for path in sorted(path for path in manifests.TEMPLATES.rglob("*") if path.is_file()):
        asked = templates.names(path.read_text(encoding="utf-8"))
        tap.none(sorted(asked - known), f"manifests/{path.name}: asks for what a release knows")
        tap.ok("version" in asked, f"manifests/{path.name}: has the version", asked)
    known = set(project.facts()) | {"date", "copyright", "licence"}
    for name in deb.TEMPLATES:
        asked = templates.names((PACKAGING / "debian" / name).read_text(encoding="utf-8"))
        tap.none(sorted(asked - known), f"debian/{name}: asks for what a release knows")


def check_paths(tap):
    """Files of the project that packages name are there."""
    named = []
    for line in (PACKAGING / "debian" / "sessionlint.docs").read_text().split():
        named.append(("debian/sessionlint.docs", line))
    for path in [*PACKAGING.glob("manifests/*/*"), PACKAGING / "debian" / "tests" / "installed"]:
        named += [(path.name, name) for name in re.findall(r"\b(traces/[\w./-]*\w)", path.read_text(encoding="utf-8"))]
    tap.none([f"{where}: {name}" for where, name in named if not list(ROOT.glob(name))],
             f"{len(named)} files that packages name are there")


def check_cross(tap):
    """Each target has its cross file, and names its own machine."""
    there = {path.stem for path in (PACKAGING / "cross").glob("*.ini")}
    tap.same(there, set(binaries.TARGETS), "cross/ has a file for each target, and no other")
    for name in sorted(there):
        parser = configparser.ConfigParser()
        parser.read(PACKAGING / "cross" / f"{name}.ini")
        machine, system = name.split("-")[:2]
        tap.same((parser["host_machine"]["cpu_family"], parser["host_machine"]["system"]), (f"'{machine}'", f"'{system}'"),
                 f"cross/{name}.ini is for that machine")
        tap.ok(f"'{machine}-{system}-" in parser["binaries"]["c"], f"cross/{name}.ini: and so is its compiler")
    used = {target for pair in wheels.PLATFORMS.values() for target in pair}
    tap.ok(used <= set(binaries.TARGETS), "wheels are made of targets that there are", used)


def check_action(tap):
    """The action downloads files that a release has."""
    text = (PACKAGING / "github" / "install.sh").read_text(encoding="utf-8")
    named = set(re.findall(r'echo "sessionlint-\$1-([\w.-]+)"', text))
    tap.same(named, {name for _, name in binaries.TARGETS.values() if name}, "github/install.sh: the commands of a release")


def check_pins(tap):
    for path in sorted(PACKAGING.glob("requirements*.txt")):
        rows = [row for row in path.read_text().splitlines() if row and not row.startswith("#")]
        tap.none([row for row in rows if not re.fullmatch(r"[\w.-]+==[\w.]+ --hash=sha256:[0-9a-f]{64}", row)],
                 f"{path.name}: {len(rows)} packages, each with version and hash")


def check_readme(tap):
    text = (PACKAGING / "README.md").read_text(encoding="utf-8")
    modules = re.findall(r"`release/(\w+\.py)`", text)
    tap.none([name for name in modules if not (PACKAGING / "release" / name).exists()],
             "README.md names modules that there are")
    made = {function.__module__.rpartition(".")[2] + ".py" for function in release.STEPS.values()}
    tap.same(made - set(modules), set(), "README.md names the module of each step")
    tap.ok(len(verify.installs(None)) > 9, "each package has a place where it is installed alone")


def main():
    tap = Tap()
    check_templates(tap)
    check_paths(tap)
    check_cross(tap)
    check_action(tap)
    check_pins(tap)
    check_readme(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
