# SPDX-License-Identifier: MIT
"""Places where nothing is but what a package brings: each installs one package and says how its command is started."""

import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import zipfile

from .project import Absent, Missing, run


class Place:
    """A command, the folder that it is started in, and what the environment must have."""

    def __init__(self, words, folder, environment=None):
        self.words, self.folder, self.environment = [str(word) for word in words], folder, environment

    def run(self, *arguments):
        environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8"} | (self.environment or {})
        return subprocess.run([*self.words, *arguments], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, check=False)


def needs(program):
    if not shutil.which(program):
        raise Absent(f"{program} is not installed")


def bare(folder, logs, command, emulator=()):
    """A folder with nothing but the logs and the command, the root of what it can see if there is no emulator."""
    root = folder / "root"
    shutil.copytree(logs, root / "data" / logs.name)
    shutil.copy(command, root / "command")
    os.chmod(root / "command", 0o755)
    if emulator:
        needs(emulator[0])
        return Place([*emulator, root / "command"], root / "data")
    return chroot(root, "/command")


def chroot(root, command, user="0:0"):
    """A command that sees nothing but what is below a folder, started in its folder /data."""
    if os.getuid() != 0:
        raise Absent("only root can start a command in a root of its own")
    return Place([sys.executable, "-c", ENTER, root, user, command], root)


# starts a program in another root, as another user, in the folder /data
ENTER = """import os, sys
root, user, command = sys.argv[1:4]
os.chroot(root)
os.chdir("/data")
user, _, group = user.partition(":")
os.setgroups([])
os.setgid(int(group))
os.setuid(int(user))
os.execv(command, sys.argv[3:])"""


def wine(folder):
    """A fresh Windows; returns the environment."""
    needs("wine")
    environment = {"WINEPREFIX": str(folder / "wine"), "WINEDEBUG": "-all", "HOME": str(folder),
                   "WINEDLLOVERRIDES": "mscoree,mshtml,winemenubuilder.exe="}
    (folder / "wine").mkdir()
    run("wine", "wineboot", "-i", environment=environment)
    return environment


def windows(folder, logs, command):
    """The command alone under Wine."""
    return Place(["wine", command], logs.parent, wine(folder))


def msi(folder, logs, package):
    """The installer, run without questions under Wine."""
    environment = wine(folder)
    run("wine", "msiexec", "/i", f"Z:{str(package)}".replace("/", "\\"), "/qn", environment=environment)
    command = folder / "wine" / "drive_c" / "Program Files" / "sessionlint" / "sessionlint.exe"
    if not command.exists():
        raise Missing("msiexec did not install the command")
    return Place(["wine", "C:\\Program Files\\sessionlint\\sessionlint.exe"], logs.parent, environment)


def debian_root(folder, system):
    """A fresh Debian from a tar of it; returns its folder."""
    root = folder / "root"
    root.mkdir()
    run("tar", "-xf", system, "-C", root)
    return root


def debian(folder, logs, package, system):
    """A fresh Debian 12 with nothing but what it must have, and the package. system: a tar of it."""
    root = debian_root(folder, system)
    shutil.copy(package, root / "package.deb")
    shutil.copytree(logs, root / "data" / logs.name)
    run("chroot", root, "dpkg", "--install", "/package.deb")
    return chroot(root, "/usr/bin/sessionlint")


def venv(folder, logs, wheel):
    """A fresh environment of Python with nothing but the wheel."""
    run(sys.executable, "-m", "venv", folder / "venv")
    run(folder / "venv" / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", wheel)
    return Place([folder / "venv" / "bin" / "sessionlint"], logs.parent)


def unpacked(folder, wheel, name):
    """A file of a wheel for a Python that is not here."""
    with zipfile.ZipFile(wheel) as archive:
        path = pathlib.Path(archive.extract(name, folder))
    os.chmod(path, 0o755)
    return path


def image(folder, logs, package, machine):
    """The layers of an OCI image one on the other, started as its configuration says."""
    with tarfile.open(package) as tar:
        blobs = {member.name: tar.extractfile(member).read() for member in tar if member.isfile()}

    def blob(descriptor):
        return blobs["blobs/" + descriptor["digest"].replace(":", "/")]

    index = json.loads(blob(json.loads(blobs["index.json"])["manifests"][0]))
    [manifest] = [json.loads(blob(each)) for each in index["manifests"] if each["platform"]["architecture"] == machine]
    root = folder / "root"
    root.mkdir()
    for layer in manifest["layers"]:
        with tarfile.open(fileobj=io.BytesIO(blob(layer)), mode="r:gz") as tar:
            tar.extractall(root)
    config = json.loads(blob(manifest["config"]))["config"]
    shutil.copytree(logs, root / config["WorkingDir"].strip("/") / logs.name)
    return chroot(root, config["Entrypoint"][0], config["User"])


def source(folder, logs, tarball):
    """The command built from the source tarball where Ragel cannot be run."""
    run("tar", "-xf", tarball, "-C", folder)
    [top] = folder.iterdir()
    (folder / "bin").mkdir()
    (folder / "bin" / "ragel").write_text("#!/bin/sh\necho Ragel 1.0, too old\n", encoding="utf-8")
    os.chmod(folder / "bin" / "ragel", 0o755)
    path = {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    run("meson", "setup", folder / "build", top, "-Dtests=false", "-Ddefault_library=static", environment=path)
    run("ninja", "-C", folder / "build", "sessionlint", environment=path)
    return Place([folder / "build" / "sessionlint"], logs.parent)
