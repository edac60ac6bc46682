# SPDX-License-Identifier: MIT
"""The page that checks, the npm package and the extension for Visual Studio Code. The first two have the command as
WebAssembly, which Debian's clang compiles."""

import shutil

from .project import run


def make(release):
    folder, packaging = release.work / "web", release.source / "packaging"
    shutil.rmtree(folder, ignore_errors=True)
    environment = {"SOURCE_DATE_EPOCH": str(release.epoch)}
    run("bash", packaging / "page" / "build", folder, environment=environment)
    shutil.copy(folder / "sessionlint.html", release.dist / f"{release.stem}.html")
    run("bash", packaging / "npm" / "build", folder, folder / "wasi" / "sessionlint.wasm", environment=environment)
    shutil.copy(folder / f"{release.stem}.tgz", release.dist / f"{release.stem}-npm.tgz")
    run("bash", packaging / "vscode" / "build", folder, environment=environment)
    shutil.copy(folder / f"{release.stem}.vsix", release.dist)
