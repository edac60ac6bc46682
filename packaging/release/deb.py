# SPDX-License-Identifier: MIT
"""The package for Debian, by debhelper from packaging/debian and the source tarball."""

import email.utils
import os
import re
import shutil

from .project import PACKAGING, run
from .templates import fill

TEMPLATES = ("control", "changelog", "copyright")


def values(release):
    """What the templates in packaging/debian leave open."""
    licence = (release.source / "LICENSE").read_text(encoding="utf-8")
    body = licence.partition("\n\n")[2].partition("\n\n")[2]
    return {
        **release.facts,
        "date": email.utils.formatdate(release.epoch),
        "copyright": re.search(r"^Copyright \(c\) (.*)$", licence, re.M).group(1),
        "licence": "\n".join(f" {line or '.'}" for line in body.strip().splitlines()),
    }


def make(release):
    release.need(release.source / "generated")
    folder = release.work / "deb"
    shutil.rmtree(folder, ignore_errors=True)
    source = folder / release.stem
    shutil.copytree(release.source, source)
    shutil.copytree(PACKAGING / "debian", source / "debian")
    for name in TEMPLATES:
        path = source / "debian" / name
        path.write_text(fill(path.read_text(encoding="utf-8"), values(release)), encoding="utf-8")
    run("dpkg-buildpackage", "--build=binary", "--unsigned-source", "--unsigned-changes", folder=source,
        environment={"DEB_BUILD_OPTIONS": f"noautodbgsym parallel={os.cpu_count()}"})
    for path in folder.glob("sessionlint_*.deb"):
        shutil.copy(path, release.dist)
