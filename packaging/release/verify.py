# SPDX-License-Identifier: MIT
"""Checks a release: python3 -m release.verify FOLDER REFERENCE LOGS [twice]. Installs each package alone and compares what
it finds in LOGS with the command REFERENCE; twice: makes the release again in another folder and compares all hashes.
Prints TAP.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

from shared.tap import Tap

from . import binaries, inspection, places
from .__main__ import make
from .project import Absent, Missing, begin, run, sha256

ARGUMENTS = ("check", "--together", "--format=json")


def installs(release):
    """Each package: what it is called, and what installs it into a folder of its own."""
    def file(ending):
        found = sorted(release.dist.glob(f"*{ending}"))
        if not found:
            raise Missing(f"no file ends in {ending}")
        return found[0]

    def from_wheel(folder, tag, name):
        return places.unpacked(folder, file(f"{tag}.whl"), f"sessionlint/_bin/{name}")

    emulator = ("qemu-aarch64",)
    return {
        "static, x86-64": lambda folder, logs: places.bare(folder, logs, file("-linux-x86_64")),
        "static, aarch64 (qemu)": lambda folder, logs: places.bare(folder, logs, file("-linux-aarch64"), emulator),
        "sessionlint.exe, x64 (Wine)": lambda folder, logs: places.windows(folder, logs, file("-windows-x64.exe")),
        ".msi (Wine)": lambda folder, logs: places.msi(folder, logs, file(".msi")),
        "OCI image, amd64": lambda folder, logs: places.image(folder, logs, file("-oci.tar"), "amd64"),
        ".deb (a fresh Debian 12)": lambda folder, logs: places.debian(folder, logs, file(".deb"), debian_12()),
        "wheel, manylinux x86-64 (a fresh venv)": lambda folder, logs: places.venv(folder, logs, file("2_28_x86_64.whl")),
        "wheel, manylinux aarch64 (unpacked, qemu)": lambda folder, logs: places.bare(
            folder, logs, from_wheel(folder, "2_28_aarch64", "sessionlint"), emulator),
        "wheel, musllinux x86-64 (unpacked)": lambda folder, logs: places.bare(
            folder, logs, from_wheel(folder, "1_1_x86_64", "sessionlint")),
        "wheel, win_amd64 (unpacked, Wine)": lambda folder, logs: places.windows(
            folder, logs, from_wheel(folder, "win_amd64", "sessionlint.exe")),
        "source tarball (built without Ragel)": lambda folder, logs: places.source(folder, logs, file(".tar.xz")),
    }


def debian_12():
    """A tar of a bare Debian 12, made once."""
    path = binaries.tools() / "debian-12.tar"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        run("mmdebstrap", "--variant=minbase", "bookworm", path)
    return path


def check_installs(tap, release, reference, logs):
    expected = subprocess.run([reference, *ARGUMENTS, logs.name], cwd=logs.parent, stdin=subprocess.DEVNULL,
                              capture_output=True, check=False)
    tap.ok(expected.stdout.count(b"\n") > 10, f"the build of the project finds something in {logs.name}", expected.stderr)
    for name, install in installs(release).items():
        # Wine still writes for some seconds
        with tempfile.TemporaryDirectory(prefix="sessionlint-", ignore_cleanup_errors=True) as folder:
            claim = f"{name}: the same findings, byte for byte"
            try:
                place = install(pathlib.Path(folder), logs)
            except Absent as error:
                tap.skip(claim, error)
                continue
            except Missing as error:
                tap.ok(False, claim, error)
                continue
            done = place.run(*ARGUMENTS, logs.name)
            tap.ok((done.returncode, done.stdout) == (expected.returncode, expected.stdout), claim,
                   f"status {done.returncode}", done.stderr.decode("utf-8", "replace"), done.stdout[:400])
    tap.skip("sessionlint.exe, ARM64: the same findings", "no Windows on ARM64 here; its headers are checked")


def check_inspections(tap, release):
    for check in (*inspection.CHECKS, check_library, check_debian_tests):
        try:
            check(tap, release)
        except Absent as error:
            tap.skip(f"{check.__name__}: could be looked at", error)
        except (Missing, OSError, ValueError, KeyError) as error:
            tap.ok(False, f"{check.__name__}: could be looked at", error)


# what the library in a wheel says of itself, where nothing but the wheel is
ASK_LIBRARY = """import ctypes, pathlib, sessionlint
[path] = (pathlib.Path(sessionlint.__file__).parent / "_lib").iterdir()
print(ctypes.CDLL(str(path)).sessionlint_version_number())"""


def check_library(tap, release):
    """The library in the wheel for this machine can be loaded."""
    with tempfile.TemporaryDirectory(prefix="sessionlint-") as folder:
        [wheel] = release.dist.glob("*2_28_x86_64.whl")
        place = places.venv(pathlib.Path(folder), pathlib.Path(folder), wheel)
        said = run(place.words[0].replace("bin/sessionlint", "bin/python"), "-c", ASK_LIBRARY, folder=folder)
        major, minor, patch = map(int, release.version.split("."))
        tap.same(int(said), major * 1000000 + minor * 1000 + patch, "the library in the wheel can be loaded")


def check_debian_tests(tap, release):
    """debian/tests, in a fresh Debian 12 that has what autopkgtest itself needs there."""
    [package] = release.dist.glob("*.deb")
    with tempfile.TemporaryDirectory(prefix="sessionlint-") as folder:
        root = places.debian_root(pathlib.Path(folder), debian_12())
        shutil.copy("/etc/resolv.conf", root / "etc")
        run("autopkgtest", "--no-built-binaries", "--setup-commands",
            "apt-get update && apt-get install -y --no-install-recommends apt-utils dpkg-dev python3",
            package, release.work / "deb" / release.stem, "--", "chroot", root)
        tap.ok(True, "autopkgtest: the tests of the .deb pass")


def check_twice(tap, release):
    """The same release from another folder: all hashes agree."""
    with tempfile.TemporaryDirectory(prefix="sessionlint-release-in-another-folder-") as folder:
        again = pathlib.Path(folder) / "again"
        make(again, [])
        once, twice = ({path.relative_to(top / "dist").as_posix(): sha256(path)
                        for path in (top / "dist").rglob("*") if path.is_file()} for top in (release.folder, again))
        tap.same(sorted(twice), sorted(once), f"built twice, in two folders: the same {len(once)} files")
        tap.none([name for name in once if once[name] != twice.get(name)], "and the same hash of each")
        for name in once:
            if once[name] != twice.get(name) and (again / "dist" / name).exists():
                (release.folder / "differs" / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(again / "dist" / name, release.folder / "differs" / name)


def main():
    release = begin(pathlib.Path(sys.argv[1]), fresh=False)
    reference, logs = pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3]).resolve()
    tap = Tap()
    check_inspections(tap, release)
    if logs.is_dir():
        check_installs(tap, release, reference, logs)
    else:
        tap.skip("each package finds the same", f"there is no folder {logs.name} with logs")
    if "twice" in sys.argv[4:]:
        check_twice(tap, release)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
