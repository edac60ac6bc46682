# SPDX-License-Identifier: MIT
"""What can be said of a release without running it: formats, hashes, what binaries need."""

import importlib
import json
import pathlib
import re
import struct
import subprocess
import sys
import tarfile
import zipfile

from . import binaries, wheels
from .project import PACKAGING, ROOT, Absent, Missing, run, sha256

MACHINES = {"windows-x64.exe": 0x8664, "windows-arm64.exe": 0xAA64}
DLL = re.compile(r"kernel32\.dll|api-ms-win-crt-[a-z]+-l1-1-0\.dll")
NEWEST_GLIBC = (2, 28)


def pe(tap, release):
    """The headers of both commands for Windows; that of ARM64 cannot be run here."""
    for name, machine in MACHINES.items():
        data = (release.dist / f"{release.stem}-{name}").read_bytes()
        at = struct.unpack_from("<I", data, 0x3C)[0]
        found, _, time = struct.unpack_from("<HHI", data, at + 4)
        subsystem, = struct.unpack_from("<H", data, at + 24 + 68)
        tap.same((data[at:at + 4], found, subsystem), (b"PE\0\0", machine, 3), f"{name}: a console program for its machine")
        tap.same(time, release.epoch, f"{name}: its time is that of the commit")
        dlls = {text.decode().lower() for text in re.findall(rb"[\w-]+\.dll(?=\0)", data, re.I)}
        tap.none(sorted(dll for dll in dlls if not DLL.fullmatch(dll)), f"{name}: needs no library but those of Windows")


def elf(tap, release):
    """The static commands need nothing, the libraries of manylinux wheels no newer glibc than their tag says."""
    for target in ("x86_64-linux-musl", "aarch64-linux-musl"):
        text = run("readelf", "-Wld", binaries.command(release, target), output=True).decode()
        tap.ok("NEEDED" not in text and "INTERP" not in text, f"{target}: needs no library and no loader", text)
    for target in ("x86_64-linux-gnu", "aarch64-linux-gnu"):
        text = run("readelf", "-WV", binaries.library(release, target), output=True).decode()
        wanted = {tuple(map(int, version.split("."))) for version in re.findall(r"GLIBC_([0-9.]+)", text)}
        tap.ok(wanted and max(wanted) <= NEWEST_GLIBC, f"{target}: the library runs with glibc 2.28", sorted(wanted))
    exported = re.findall(r"\tsessionlint_\w+;", (ROOT / "src" / "libsessionlint.map").read_text(encoding="utf-8"))
    for target in ("x86_64-linux-musl", "x86_64-linux-gnu"):
        text = run("nm", "-D", "--defined-only", binaries.library(release, target), output=True).decode()
        names = {line.split()[-1].partition("@")[0] for line in text.splitlines() if line.split()[1] == "T"}
        tap.same(names, {name[1:-1] for name in exported}, f"{target}: the library exports its functions and nothing else")


def wheel_files(tap, release):
    """Each wheel is as its RECORD says; no other file is in it."""
    for path in sorted(release.dist.glob("*.whl")):
        problems = []
        with zipfile.ZipFile(path) as archive:
            entries = [(name, archive.read(name), 0) for name in archive.namelist()]
        *files, (name, said, _) = entries
        if wheels.record(files, name).encode() != said:
            problems.append("RECORD is not that of the files")
        tap.none(problems, f"{path.name}: RECORD has the hash of each file")


def schema(name):
    """A schema of others, of the npm package that ./dev test fetches."""
    path = ROOT / "build-outside" / "schemastore" / "schemas" / "json" / name
    if not path.exists():
        raise Absent("the schema is not there: ./dev setup fetches it")
    return json.loads(path.read_text(encoding="utf-8"))


def parsers():
    try:
        return importlib.import_module("yaml"), importlib.import_module("jsonschema")
    except ImportError as error:
        raise Absent(f"the module {error.name} is not installed") from error


def manifests(tap, release):
    """They can be parsed, and each hash and file name in them is that of a file of the release."""
    yaml, _ = parsers()
    folder = release.dist / "manifests"
    files = {path.name: sha256(path) for path in release.dist.iterdir() if path.is_file()}
    for path in sorted(folder.rglob("*.*")):
        text = path.read_text(encoding="utf-8")
        if path.suffix in (".yaml", ".mkape", ".json"):
            yaml.safe_load(text)
        strange = [digest for digest in re.findall(r"\b[0-9a-f]{64}\b", text) if digest not in files.values()]
        strange += [name for name in re.findall(rf"{release.stem}[\w.-]+", text) if name not in files]
        tap.none(strange, f"{path.relative_to(folder)}: can be parsed, and names files of this release with their hashes")


def catalogue_schemas(tap, release):
    """Manifests by the schemas of their catalogues, in the version that npm has, with what later ones added."""
    yaml, jsonschema = parsers()
    folder = release.dist / "manifests"

    def problems(rules, value):
        return [error.message for error in jsonschema.Draft7Validator(rules).iter_errors(value)]

    rules = schema("raw.githubusercontent.com/lukesampson/scoop/master/schema.json")
    machines = rules["properties"]["architecture"]["properties"]
    machines["arm64"] = machines["64bit"]
    tap.none(problems(rules, json.loads((folder / "scoop" / "sessionlint.json").read_text())), "scoop: follows its schema")
    rules = schema("winget-pkgs-singleton-1.0.0.json")
    rules["definitions"]["InstallerType"]["enum"].append("portable")
    # the three files as the one that they could also be, which has one installer only
    whole = {}
    for path in sorted((folder / "winget").iterdir()):
        whole |= yaml.safe_load(path.read_text(encoding="utf-8"))
    del whole["DefaultLocale"]
    for installer in whole["Installers"]:
        tap.none(problems(rules, whole | {"ManifestType": "singleton", "Installers": [installer]}),
                 f"winget, {installer['Architecture']}: follows its schema")


def pinned(*words):
    """Runs a module of the pinned wheels, or a program in Python that uses them."""
    try:
        folder = binaries.fetch(PACKAGING / "requirements-check.txt", "check")
    except Missing as error:
        raise Absent(f"the wheels of requirements-check.txt are not installed: {error}") from error
    return subprocess.run([sys.executable, *words], env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"},
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def sbom(tap, release):
    """The bill of materials, by the validator of SPDX."""
    done = pinned("-m", "spdx_tools.spdx.clitools.pyspdxtools", "--version", "SPDX-2.3",
                  "--infile", release.dist / f"{release.stem}.spdx.json")
    tap.ok(done.returncode == 0, "the bill of materials is valid SPDX 2.3", done.stdout + done.stderr)


def formula(tap, release):
    """The formula of Homebrew, as far as Ruby reads it."""
    said = run("ruby", "-c", release.dist / "manifests" / "homebrew" / "sessionlint.rb")
    tap.same(said, b"Syntax OK\n", "Homebrew: Ruby can parse the formula")


RENDER = """import sys
from rattler_build import Stage0Recipe, VariantConfig
variants = VariantConfig.from_yaml("{c_compiler: [gcc], c_stdlib: [sysroot]}")
[made] = Stage0Recipe.from_file(sys.argv[1]).render(variants)
print(made.recipe.package.name, made.recipe.package.version)"""


def recipe(tap, release):
    """The recipe of conda-forge, by the program that builds it there."""
    done = pinned("-c", RENDER, release.dist / "manifests" / "conda-forge" / "recipe.yaml")
    tap.same(done.stdout, f"sessionlint {release.version}\n", "conda-forge: rattler-build renders the recipe", done.stderr)


def sums(tap, release):
    """By another reader: sha256sum."""
    run("sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS", folder=release.dist)
    listed = {line.split("  ", 1)[1] for line in (release.dist / "SHA256SUMS").read_text().splitlines()}
    there = {path.relative_to(release.dist).as_posix() for path in release.artifacts()} - {"SHA256SUMS"}
    tap.same(listed, there, "SHA256SUMS: sha256sum agrees, and each file is listed")


def image(tap, release):
    """By another reader of the format: skopeo."""
    path = release.dist / f"{release.stem}-oci.tar"
    for machine in ("amd64", "arm64"):
        text = run("skopeo", "--override-arch", machine, "inspect", "--config", f"oci-archive:{path}", output=True)
        tap.same(json.loads(text)["architecture"], machine, f"skopeo reads the OCI image for {machine}")


def debian(tap, release):
    [package] = release.dist.glob("*.deb")
    run("lintian", "--fail-on", "error,warning,info", "--pedantic", package)
    tap.ok(True, "lintian finds nothing in the .deb")


def tarball(tap, release):
    with tarfile.open(release.dist / f"{release.stem}.tar.xz") as tar:
        members = tar.getmembers()
    names = [member.name for member in members]
    tap.ok(names == sorted(names) and {(member.uid, member.gid, member.uname, member.mtime) for member in members} ==
           {(0, 0, "", release.epoch)}, "the source tarball is sorted, without owners, of the time of the commit")
    traces = [pathlib.PurePath(name).suffix for name in names].count(".rl")
    generated = [name for name in names if "/generated/" in name]
    tap.ok(traces and generated, f"and has {len(generated)} files that Ragel made")


CHECKS = (tarball, pe, elf, wheel_files, image, debian, manifests, catalogue_schemas, recipe, formula, sbom, sums)
