# SPDX-License-Identifier: MIT
"""The installer for 64-bit Windows, by wixl and msibuild."""

import os
import shutil
import struct
import uuid

from . import binaries
from .project import PACKAGING, Missing, run

TEMPLATES = PACKAGING / "msi"
SPACE = uuid.UUID("ea270bdb-e477-400e-9fcb-c277c416995e")  # the UpgradeCode, from which the others are made

# what wixl cannot say: the folder is added to PATH
SEQUENCE = {"RemoveEnvironmentStrings": 3300, "WriteEnvironmentStrings": 5200}

# "Summary Information": the identifier of its section, and of the properties that differ each time
SUMMARY = bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9")
PACKAGE, CREATED, SAVED = 9, 12, 13


def settle(data, package, epoch):
    """Replaces the code of the package and the times, which wixl makes up each time."""
    data = bytearray(data)
    at = data.find(SUMMARY)
    if at < 0:
        raise Missing("the installer has no summary")
    section = at - 28 + struct.unpack_from("<I", data, at + 16)[0]
    count, = struct.unpack_from("<I", data, section + 4)
    # since 1601, in units of 100 ns
    time = struct.pack("<Q", (epoch + 11644473600) * 10_000_000)
    for number in range(count):
        name, offset = struct.unpack_from("<II", data, section + 8 + 8 * number)
        start = section + offset
        if name in (CREATED, SAVED):
            data[start + 4:start + 12] = time
        elif name == PACKAGE:
            data[start + 8:start + 8 + 38] = f"{{{package}}}".upper().encode()
    return bytes(data)


def make(release):
    folder = release.work / "msi"
    shutil.rmtree(folder, ignore_errors=True)
    # wixl finds files in the folder that it runs in
    shutil.copytree(TEMPLATES, folder)
    shutil.copy(release.need(binaries.command(release, "x86_64-windows")), folder / "sessionlint.exe")
    licence = (release.source / "LICENSE").read_text(encoding="utf-8")
    (folder / "LICENSE.txt").write_text(licence, encoding="utf-8", newline="\r\n")
    for path in folder.iterdir():
        os.utime(path, (release.epoch, release.epoch))
    values = {
        "version": release.version,
        # a version has a code of its own, the same each time it is built
        "product": uuid.uuid5(SPACE, f"product {release.version}"),
        **{name: release.facts[name] for name in ("maintainer", "summary", "homepage")},
    }
    defined = [word for name, value in values.items() for word in ("-D", f"{name}={value}")]
    run("wixl", "--arch", "x64", *defined, "--output", "made.msi", "sessionlint.wxs", folder=folder)
    run("msibuild", "made.msi", "-i", "Environment.idt", folder=folder)
    for action, place in SEQUENCE.items():
        run("msibuild", "made.msi", "-q", "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) "
            f"VALUES ('{action}', {place})", folder=folder)
    package = uuid.uuid5(SPACE, f"package {release.version} {release.epoch}")
    data = settle((folder / "made.msi").read_bytes(), package, release.epoch)
    (release.dist / f"{release.stem}-windows-x64.msi").write_bytes(data)
