# SPDX-License-Identifier: MIT
"""What pyproject.toml cannot say: the version is that of the project, and a wheel with a program in it is for one
platform, but for every Python."""

import pathlib
import re

from setuptools import setup
from wheel.bdist_wheel import bdist_wheel

HERE = pathlib.Path(__file__).resolve().parent


def version():
    """The version in meson.build; in a source distribution, which does not have that, the one in PKG-INFO."""
    for path, pattern in ((HERE.parent.parent / "meson.build", r"^  version: '([^']+)',$"),
                          (HERE / "PKG-INFO", r"^Version: (\S+)$")):
        if path.exists():
            return re.search(pattern, path.read_text(encoding="utf-8"), re.M).group(1)
    raise SystemExit("setup.py: there is no meson.build and no PKG-INFO to read the version from")


class Wheel(bdist_wheel):
    def finalize_options(self):
        super().finalize_options()
        self.root_is_pure = not any((HERE / "src" / "sessionlint" / folder).is_dir() for folder in ("_bin", "_lib"))

    def get_tag(self):
        python, abi, platform = super().get_tag()
        return ("py3", "none", "any" if self.root_is_pure else platform)


setup(version=version(), cmdclass={"bdist_wheel": Wheel})
