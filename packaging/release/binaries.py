# SPDX-License-Identifier: MIT
"""The command and the library for other machines, by the clang and the C libraries of the wheel `ziglang`."""

import os
import shutil
import sys

from .project import PACKAGING, ROOT, Missing, run

REQUIREMENTS = PACKAGING / "requirements.txt"

# target: what Ninja makes, the library in it, the command in it and its name in the release
TARGETS = {
    "x86_64-linux-musl": ("sessionlint", "linux-x86_64"),
    "aarch64-linux-musl": ("sessionlint", "linux-aarch64"),
    "x86_64-windows": ("sessionlint.exe", "windows-x64.exe"),
    "aarch64-windows": ("sessionlint.exe", "windows-arm64.exe"),
    "x86_64-linux-gnu": (None, None),
    "aarch64-linux-gnu": (None, None),
}


def tools():
    """The folder that holds what is fetched: beside all builds, since it does not change."""
    return ROOT / "build-release-tools"


def fetch(requirements, name):
    """Installs pinned wheels into a folder of their own, once; returns it."""
    folder = tools() / name
    stamp = folder / "requirements.txt"
    if stamp.exists() and stamp.read_bytes() == requirements.read_bytes():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    run(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-compile",
        "--only-binary=:all:", "--require-hashes", f"--requirement={requirements}", f"--target={folder}")
    shutil.copy(requirements, stamp)
    return folder


def library(release, target):
    """The shared library of a target."""
    build = release.work / f"build-{target}" / "src"
    name = "libsessionlint-0.dll" if "windows" in target else f"libsessionlint.so.{release.version}"
    return build / name


def command(release, target):
    return release.work / f"build-{target}" / TARGETS[target][0]


def build(release, target, zig):
    folder = release.work / f"build-{target}"
    constants = release.work / "constants.ini"
    constants.write_text(f"[constants]\nzig = '{zig}'\nzig_cc = '{PACKAGING}/cross/zig-cc'\n", encoding="utf-8")
    # No object of another release gets into this one, but the C libraries of the wheel are compiled once: it has them as
    # sources.
    environment = {"ZIG_GLOBAL_CACHE_DIR": str(tools() / "libraries"), "ZIG_LOCAL_CACHE_DIR": str(release.work / "objects")}
    run("meson", "setup", folder, release.source, "-Dtests=false", "-Dwerror=true", "--cross-file", constants,
        "--cross-file", PACKAGING / "cross" / f"{target}.ini", environment=environment)
    made, published = TARGETS[target]
    wanted = [made] if made else []
    wanted.append(str(library(release, target).relative_to(folder)))
    run("ninja", "-C", folder, *wanted, environment=environment)
    if made:
        shutil.copy(folder / made, release.dist / f"{release.stem}-{published}")


def make(release):
    release.need(release.source / "generated")
    zig = fetch(REQUIREMENTS, "ziglang") / "ziglang" / "zig"
    os.chmod(zig, 0o755)
    trouble = []
    for target in TARGETS:
        try:
            build(release, target, zig)
        except Missing as error:
            trouble.append(f"{target}: {error}")
    if trouble:
        raise Missing("\n".join(trouble))
