# SPDX-License-Identifier: MIT
"""Manifests for the catalogues of others, from the templates in packaging/manifests, with the hashes of this release."""

from . import templates
from .project import PACKAGING, Missing, sha256

TEMPLATES = PACKAGING / "manifests"

# what the templates call the files of a release, and how their names end
FILES = {
    "source": ".tar.xz",
    "windows_x64": "-windows-x64.exe",
    "windows_arm64": "-windows-arm64.exe",
}


def values(release):
    """What can be put into a template."""
    known = dict(release.facts)
    for name, ending in FILES.items():
        path = release.dist / (release.stem + ending)
        if path.exists():
            known |= {name: path.name, f"{name}_sha256": sha256(path)}
    return known


def names():
    """All that a template may ask for."""
    return {*FILES, *(f"{name}_sha256" for name in FILES)}


def make(release):
    known, trouble = values(release), []
    for path in sorted(TEMPLATES.rglob("*")):
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        lacking = templates.names(text) - set(known)
        if lacking:
            trouble.append(f"{path.name}: no {', '.join(sorted(lacking))}")
            continue
        target = release.dist / "manifests" / path.relative_to(TEMPLATES)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(templates.fill(text, known), encoding="utf-8")
    if trouble:
        raise Missing("\n".join(trouble))
