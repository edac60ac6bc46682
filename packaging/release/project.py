# SPDX-License-Identifier: MIT
"""What all steps of a release share: the version, the folders, how programs are run, and what is missing."""

import configparser
import dataclasses
import hashlib
import os
import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PACKAGING = ROOT / "packaging"


class Missing(Exception):
    """A step cannot be done here; the others can."""


class Absent(Missing):
    """What is missing is no part of the project: a program, a right of this user."""


def run(*words, folder=None, environment=None, output=None):
    """Runs a program to its end; what it printed is shown only if it fails."""
    words = [str(word) for word in words]
    if not shutil.which(words[0]):
        raise Absent(f"{words[0]} is not installed")
    done = subprocess.run(words, cwd=folder, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE if output else subprocess.STDOUT, check=False)
    if done.returncode != 0:
        said = (done.stdout + (done.stderr or b"")).decode("utf-8", "replace").strip().splitlines()
        raise Missing(f"{words[0]} failed with status {done.returncode}:\n  " + "\n  ".join(said[-20:]))
    return done.stdout


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def facts():
    """packaging/project.ini, and the version of meson.build."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(PACKAGING / "project.ini", encoding="utf-8")
    text = (ROOT / "meson.build").read_text(encoding="utf-8")
    return {**parser["project"], "version": re.search(r"^  version: '([^']+)',$", text, re.M).group(1)}


@dataclasses.dataclass
class Release:
    """The commit that is released, and the folders: `dist` gets the artifacts, `work` the rest."""

    folder: pathlib.Path
    facts: dict
    epoch: int

    @property
    def version(self):
        return self.facts["version"]

    @property
    def stem(self):
        return f"sessionlint-{self.version}"

    @property
    def dist(self):
        return self.folder / "dist"

    @property
    def work(self):
        return self.folder / "work"

    @property
    def source(self):
        """What the source tarball has in it, unpacked: all else is built from that."""
        return self.work / self.stem

    def need(self, *paths):
        """Paths that an earlier step should have made."""
        for path in paths:
            if not path.exists():
                raise Missing(f"{path.name} was not made")
        return paths[0]

    def artifacts(self):
        return sorted(path for path in self.dist.rglob("*") if path.is_file())


def begin(folder, fresh):
    """The release of the commit that is checked out; fresh: nothing of an earlier run stays."""
    release = Release(folder.resolve(), facts(), 0)
    for path in (release.dist, release.work):
        if fresh:
            shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True, exist_ok=True)
    times = release.work / "epoch"
    if not times.exists():
        times.write_bytes(run("git", "log", "-1", "--format=%ct", folder=ROOT, output=True))
    release.epoch = int(times.read_text())
    # compilers, linkers and packagers write this time instead of now
    os.environ["SOURCE_DATE_EPOCH"] = str(release.epoch)
    os.environ.update(TZ="UTC", LC_ALL="C.UTF-8")
    os.umask(0o022)
    return release
