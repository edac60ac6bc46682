#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Installs the Python packages that ../outside/requirements.txt names, each in its one version and with its hash, into the
folder "python" of the given one, for the Python that runs the tests. What is there already stays, so that a second run
takes no time and no network. Arguments: the folder, and the one of requirements.txt if it is another.

Ends with 0 even where nothing could be installed: then it says why, in a line here and in the folder, and the test skips
with that reason.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

SECONDS = 300
OUTSIDE = pathlib.Path(__file__).resolve().parent.parent / "outside"

# the Python of meson.build
PYTHON = "/usr/bin/python3" if pathlib.Path("/usr/bin/python3").exists() else sys.executable


def run(*words):
    """Says what is wrong, if anything is."""
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    errors = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if "ERROR" in line or "No module" in line]
    return None if done.returncode == 0 else (errors or [f"status {done.returncode}"])[0].strip()


def install(folder, wanted):
    """Brings in all packages or none; says what is wrong, if anything is."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="fetch-python-") as temporary:
        new = pathlib.Path(temporary) / "python"
        trouble = run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries=1", "--timeout=30",
                      "--no-deps", "--only-binary=:all:", "--require-hashes", f"--requirement={wanted}", f"--target={new}")
        if trouble:
            return trouble
        shutil.copy(wanted, new / wanted.name)
        shutil.rmtree(folder / "python", ignore_errors=True)
        new.rename(folder / "python")
    return None


def main():
    folder = pathlib.Path(sys.argv[1])
    wanted = (pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else OUTSIDE) / "requirements.txt"
    there = folder / "python" / wanted.name
    if there.exists() and there.read_bytes() == wanted.read_bytes():
        return 0
    folder.mkdir(exist_ok=True)
    why = folder / "why-no-python"
    why.unlink(missing_ok=True)
    print(f"dev: installing the Python packages of {wanted.parent.name}/{wanted.name} for tests", file=sys.stderr)
    try:
        trouble = install(folder, wanted)
    except OSError as error:
        trouble = str(error)
    if trouble:
        why.write_text(trouble, encoding="utf-8")
        print(f"dev: not installed ({trouble}): the tests that need them are skipped", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
