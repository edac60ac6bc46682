# SPDX-License-Identifier: MIT
"""Makes a release: python3 -m release FOLDER [STEP...]. Without steps it makes all, in an empty folder. What cannot be
made is reported, the rest is made, and the status is 2."""

import pathlib
import sys

from . import binaries, deb, image, manifests, msi, sbom, source, web, wheels
from .project import Missing, begin

# in this order: what comes later may need what came before
STEPS = {
    "source": source.make,
    "binaries": binaries.make,
    "deb": deb.make,
    "wheels": wheels.make,
    "image": image.make,
    "msi": msi.make,
    "web": web.make,
    "manifests": manifests.make,
    "sbom": sbom.make,
    "sums": sbom.sums,
}


def make(folder, steps):
    """Returns the steps that could not be done, or not in full."""
    release, missing = begin(folder, fresh=not steps), []
    for name in steps or STEPS:
        print(f"release: {name}", flush=True)
        try:
            STEPS[name](release)
        except Missing as error:
            print(f"release: {name}: {error}", file=sys.stderr)
            missing.append(name)
    for path in release.artifacts():
        print(f"{path.stat().st_size:>9} {path.relative_to(release.dist)}")
    return missing


def main():
    missing = make(pathlib.Path(sys.argv[1]), sys.argv[2:])
    if missing:
        print(f"release: not made, or not in full: {', '.join(missing)}", file=sys.stderr)
    return 2 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
