# SPDX-License-Identifier: MIT
"""The bill of materials, SPDX 2.3 as JSON: each file of the release, the source it is made from, and what is linked into
it."""

import datetime
import hashlib
import json
import re

from . import binaries
from .project import sha256

# What the wheel ziglang links in: name, licence, what it is for, which files of the release have it.
LINKED = (
    ("musl", "MIT", "C library of the static commands for Linux", r"linux-(x86_64|aarch64)$|-oci\.tar$|linux.*\.whl$"),
    ("mingw-w64-crt", "NOASSERTION", "start-up code and import libraries of mingw-w64 for Windows", r"windows-|-win_"),
    ("compiler-rt", "Apache-2.0 WITH LLVM-exception", "helper functions of the compiler", r"linux-|windows-|\.whl$|-oci\.tar$"),
)


def identifier(name):
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)


def package(name, version, licence, **more):
    return {"SPDXID": identifier(name), "name": name, "versionInfo": version, "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False, "licenseConcluded": licence, "licenseDeclared": licence, "copyrightText": "NOASSERTION",
            **more}


def zig_version():
    return re.search(r"^ziglang==(\S+)", binaries.REQUIREMENTS.read_text(encoding="utf-8"), re.M).group(1)


def document(release, files):
    """files: (name, SHA-256) of each file of the release."""
    zig, version, licence = f"ziglang-{zig_version()}", release.version, release.facts["license"]
    source = identifier("sessionlint")
    supplier = f"Organization: {release.facts['maintainer']}"
    packages = [package("sessionlint", version, licence, supplier=supplier, summary=release.facts["summary"]),
                package(zig, zig_version(), "MIT", supplier="NOASSERTION",
                        comment="clang, LLD and the C libraries, of the wheel that packaging/requirements.txt pins")]
    packages += [package(name, f"of {zig}", terms, supplier="NOASSERTION", summary=use) for name, terms, use, _ in LINKED]
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", source), (identifier(zig), "BUILD_TOOL_OF", source)]
    for name, digest in files:
        packages.append(package(name, version, licence, supplier=supplier, packageFileName=name,
                                checksums=[{"algorithm": "SHA256", "checksumValue": digest}]))
        relations += [("SPDXRef-DOCUMENT", "DESCRIBES", identifier(name)), (identifier(name), "GENERATED_FROM", source)]
        relations += [(identifier(name), "STATIC_LINK", identifier(linked))
                      for linked, _, _, pattern in LINKED if re.search(pattern, name)]
    all_of_them = hashlib.sha256("".join(f"{digest} {name}\n" for name, digest in files).encode()).hexdigest()
    created = datetime.datetime.fromtimestamp(release.epoch, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": release.stem,
        # a name, not an address: that of what it describes
        "documentNamespace": f"urn:sessionlint:spdx:{version}:{all_of_them}",
        "creationInfo": {"created": created, "creators": ["Tool: sessionlint-release"]},
        "packages": packages,
        "relationships": [{"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}
                          for one, kind, other in relations],
    }


def make(release):
    path = release.dist / f"{release.stem}.spdx.json"
    files = [(file.relative_to(release.dist).as_posix(), sha256(file)) for file in release.artifacts()
             if file not in (path, release.dist / "SHA256SUMS")]
    path.write_text(json.dumps(document(release, files), indent=1) + "\n", encoding="utf-8")


def sums(release):
    """SHA256SUMS, as sha256sum --check reads it."""
    path = release.dist / "SHA256SUMS"
    path.write_text("".join(f"{sha256(file)}  {file.relative_to(release.dist).as_posix()}\n" for file in release.artifacts()
                            if file != path), encoding="utf-8")
