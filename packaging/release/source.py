# SPDX-License-Identifier: MIT
"""The source tarball: the commit, and generated/, the C that Ragel makes, so that it builds without Ragel."""

import json
import lzma
import pathlib
import re

from . import archives
from .project import ROOT, run


def unpack(release):
    commit = release.work / "commit.tar"
    run("git", "archive", "--format=tar", f"--prefix={release.stem}/", f"--output={commit}", "HEAD", folder=ROOT)
    run("tar", "-xf", commit, "-C", release.work)


def generate(release):
    """Has Ragel run, and copies what it made. The lines that lead back to the charts name folders of this machine."""
    build = release.work / "build-generated"
    run("meson", "setup", build, release.source, "-Dtests=false")
    targets = json.loads(run("meson", "introspect", "--targets", build, output=True))
    made = [path for target in targets if target["type"] == "custom" for path in target["filename"] if path.endswith(".c")]
    run("ninja", "-C", build, *(path.removeprefix(f"{build}/") for path in made))
    folder = release.source / "generated"
    folder.mkdir()
    for path in map(pathlib.Path, made):
        text = re.sub(r'^#line .*\n', "", path.read_text(encoding="utf-8"), flags=re.M)
        (folder / path.name).write_text(text, encoding="utf-8")


def make(release):
    unpack(release)
    generate(release)
    data = archives.tar_bytes(archives.entries_of(release.source, release.stem + "/"), release.epoch)
    (release.dist / f"{release.stem}.tar.xz").write_bytes(lzma.compress(data, preset=6))
