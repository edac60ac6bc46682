#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fetches the packages that ../outside/package.json names, each in its one version and with its hash, into a folder: the
parsers and schemas of others that the tests in ../outside/ hold the output to. What is there already stays, so
that a second run takes no time and no network. Arguments: the folder, and the one of package.json if it is another.

Ends with 0 even where nothing could be fetched: then it says why, in a line here and in the folder, and the tests
skip with that reason.
"""

import base64
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

SECONDS = 180

# npm asks twice and no longer, and has nothing to say of itself.
ENVIRONMENT = {**os.environ, "npm_config_fetch_retries": "1", "npm_config_fetch_retry_mintimeout": "1000",
               "npm_config_fetch_retry_maxtimeout": "5000", "npm_config_fetch_timeout": "60000",
               "npm_config_update_notifier": "false", "npm_config_loglevel": "error"}


OUTSIDE = pathlib.Path(__file__).resolve().parent.parent / "outside"


def wanted(folder):
    """{name: (version, hash)}"""
    whole = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    return {name: (version, whole["integrity"][name]) for name, version in whole["dependencies"].items()}


def is_there(folder, name, version):
    try:
        return json.loads((folder / name / "package.json").read_text(encoding="utf-8"))["version"] == version
    except OSError:
        return False


def pack(packages, folder):
    """Lets npm put the packages, as they were published, into the folder; says what is wrong, if anything is."""
    if not shutil.which("npm"):
        return "there is no npm"
    names = [f"{name}@{version}" for name, (version, _) in packages.items()]
    try:
        done = subprocess.run(["npm", "pack", "--pack-destination", str(folder), *names], cwd=folder,
                              env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, check=False,
                              timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return f"npm did not end in {SECONDS} seconds"
    code = re.search(rb"npm \S+ code (\w+)", done.stderr)
    return f"npm pack: {code[1].decode() if code else done.returncode}" if done.returncode else None


def unpack(archive, to):
    """Writes the files of an archive. npm's scripts do not run, so what may be run is made so here."""
    with tarfile.open(archive) as tar:
        for member in tar:
            path = to / member.name.split("/", 1)[-1]
            if member.isfile() and to in path.resolve().parents and not path.name.endswith((".map", ".pdb")):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(tar.extractfile(member).read())
                path.chmod(0o755)


def fetch(folder, packages):
    """Brings in what is missing, whole or not at all; says what is wrong, if anything is."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="fetch-") as temporary:
        temporary = pathlib.Path(temporary).resolve()
        trouble = pack(packages, temporary)
        if trouble:
            return trouble
        for name, (version, integrity) in packages.items():
            archive = temporary / f"{name.replace('@', '').replace('/', '-')}-{version}.tgz"
            digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
            if integrity != f"sha512-{digest}":
                return f"{name} {version} has another hash"
            unpack(archive, temporary / name)
            shutil.rmtree(folder / name, ignore_errors=True)
            (folder / name).parent.mkdir(exist_ok=True)
            (temporary / name).rename(folder / name)
    return None


def main():
    folder = pathlib.Path(sys.argv[1])
    pins = wanted(pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else OUTSIDE)
    missing = {name: pin for name, pin in pins.items() if not is_there(folder, name, pin[0])}
    if not missing:
        return 0
    folder.mkdir(exist_ok=True)
    why = folder / "why-not"
    why.unlink(missing_ok=True)
    print("dev: fetching what tests hold the output to", file=sys.stderr)
    try:
        trouble = fetch(folder, missing)
    except (OSError, tarfile.TarError) as error:
        trouble = str(error)
    if trouble:
        why.write_text(trouble, encoding="utf-8")
        print(f"dev: not fetched ({trouble}): the tests that need it are skipped", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
