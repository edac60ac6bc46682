# SPDX-License-Identifier: MIT
"""Wheels: the Python package of packaging/python with the command and the library in it, a wheel for each platform.

Written here and not by a build backend, because one machine makes those of all platforms, and the same each time.
"""

import base64
import hashlib
import tomllib

from . import archives, binaries
from .project import Missing

# getrandom() is in glibc since 2.25; 2.28 is the next version that manylinux has a tag for.
# Tag of the platform: the target of the command, that of the library
PLATFORMS = {
    "manylinux_2_28_x86_64": ("x86_64-linux-musl", "x86_64-linux-gnu"),
    "manylinux_2_28_aarch64": ("aarch64-linux-musl", "aarch64-linux-gnu"),
    "musllinux_1_1_x86_64": ("x86_64-linux-musl", "x86_64-linux-musl"),
    "musllinux_1_1_aarch64": ("aarch64-linux-musl", "aarch64-linux-musl"),
    "win_amd64": ("x86_64-windows", "x86_64-windows"),
    "win_arm64": ("aarch64-windows", "aarch64-windows"),
}


def metadata(project, readme, version):
    """METADATA of the [project] table of pyproject.toml."""
    lines = ["Metadata-Version: 2.1", f"Name: {project['name']}", f"Version: {version}",
             f"Summary: {project['description']}", f"License: {project['license']['text']}",
             f"Keywords: {','.join(project.get('keywords', []))}",
             f"Requires-Python: {project['requires-python']}", "License-File: LICENSE"]
    lines += [f"Classifier: {text}" for text in project.get("classifiers", [])]
    lines += [f"Requires-Dist: {text}" for text in project.get("dependencies", [])]
    for extra, wanted in project.get("optional-dependencies", {}).items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f"Requires-Dist: {text}; extra == '{extra}'" for text in wanted]
    return "\n".join([*lines, "Description-Content-Type: text/markdown", "", readme])


def entry_points(project):
    rows = [f"{name} = {target}" for name, target in project.get("scripts", {}).items()]
    return "\n".join(["[console_scripts]", *rows, ""]) if rows else ""


def record(entries, name):
    """RECORD: each file with its hash and size, and itself without."""
    rows = []
    for path, data, _ in entries:
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        rows.append(f"{path},sha256={digest},{len(data)}\n")
    return "".join(rows) + f"{name},,\n"


def contents(folder, version, tag, command, library, licence):
    """The entries of a wheel. The package is what is below src/ in its folder."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    package, info = project["name"], f"{project['name']}-{version}.dist-info"
    windows = tag.startswith("win")
    entries = sorted(entry for entry in archives.entries_of(folder / "src", "")
                     if entry[0].endswith((".py", "/py.typed")))
    entries.append((f"{package}/_bin/sessionlint{'.exe' if windows else ''}", command, 0o755))
    entries.append((f"{package}/_lib/{'sessionlint.dll' if windows else 'libsessionlint.so'}", library, 0o755))
    readme = (folder / project["readme"]).read_text(encoding="utf-8")
    wheel = ["Wheel-Version: 1.0", "Generator: sessionlint", "Root-Is-Purelib: false",
             *(f"Tag: py3-none-{platform}" for platform in tag.split(".")), ""]
    for name, text in (("METADATA", metadata(project, readme, version)), ("WHEEL", "\n".join(wheel)),
                       ("entry_points.txt", entry_points(project)), ("licenses/LICENSE", licence)):
        if text:
            entries.append((f"{info}/{name}", text.encode(), 0o644))
    entries.append((f"{info}/RECORD", record(entries, f"{info}/RECORD").encode(), 0o644))
    return entries


def make(release):
    folder = release.source / "packaging" / "python"
    if not (folder / "pyproject.toml").exists():
        raise Missing("there is no packaging/python")
    licence = (release.source / "LICENSE").read_text(encoding="utf-8")
    trouble = []
    for tag, (command_target, library_target) in PLATFORMS.items():
        command, library = binaries.command(release, command_target), binaries.library(release, library_target)
        if not command.exists() or not library.exists():
            trouble.append(f"{tag}: the binaries were not made")
            continue
        entries = contents(folder, release.version, tag, command.read_bytes(), library.read_bytes(), licence)
        archives.write_zip(release.dist / f"{release.stem}-py3-none-{tag}.whl", entries, release.epoch)
    if trouble:
        raise Missing("\n".join(trouble))
