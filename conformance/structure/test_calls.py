#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The call graph of the source files, from the symbols of their object files: no files call each other in a circle where
that matters, and no file calls one of a higher layer. Arguments: nm, the build folder and the source folder. Prints TAP.
"""

import collections
import pathlib
import subprocess
import sys

from shared.tap import Tap

# From the lowest to the highest.
LAYERS = ["base", "rules", "model", "trace", "order", "account", "check", "coverage", "baseline", "diff", "timeline", "certificate", "diagram", "report", "detection", "formal", "cli"]
# Their files do not call each other in a circle.
UNTANGLED = ["base", "rules", "model", "trace", "order", "account", "check", "coverage", "baseline", "diff", "certificate", "detection", "formal"]


def source_of(path):
    """The source file of an object, as folder/name.c; Meson writes a path with underscores."""
    name = path.name.removesuffix(".obj").removesuffix(".o").removeprefix("src_")
    folder, _, rest = name.partition("_")
    return f"{folder}/{rest}"


def is_current(path, root):
    """Whether the source of an object is still there; a build folder keeps the objects of files that are gone."""
    folder, _, rest = source_of(path).partition("/")
    sources = {"_".join(each.relative_to(root / "src" / folder).parts) for each in (root / "src" / folder).rglob("*.c")}
    return rest in sources or path.name.startswith("meson-generated_")


def read_symbols(nm, objects):
    """The file that defines each symbol, and the symbols that each file uses."""
    defined, used, source = {}, collections.defaultdict(set), None
    out = subprocess.run([nm, "--extern-only", "--format=posix", *map(str, objects)], stdout=subprocess.PIPE, check=True)
    for line in out.stdout.decode().splitlines():
        # before the symbols of a file: its path, and a colon
        if line.endswith(":"):
            source = source_of(pathlib.Path(line[:-1]))
            continue
        symbol, kind = line.split()[:2]
        if kind == "U":
            used[source].add(symbol)
        elif kind in "TDBRVWC":
            defined[symbol] = source
    return defined, used


def read_calls(nm, objects):
    """Which files each file calls, and by which symbols; tables count like functions."""
    defined, used = read_symbols(nm, objects)
    calls = collections.defaultdict(lambda: collections.defaultdict(set))
    for source, symbols in used.items():
        for symbol in symbols:
            target = defined.get(symbol)
            if target and target != source:
                calls[source][target].add(symbol)
    return calls


def reached(calls, start):
    """All files that @start calls, also by way of others."""
    seen, left = set(), [start]
    while left:
        for target in calls.get(left.pop(), ()):
            if target not in seen:
                seen.add(target)
                left.append(target)
    return seen


def circles(calls):
    """The sets of files that call each other in a circle."""
    reach = {source: reached(calls, source) for source in calls}
    found = {tuple(sorted(other for other in reach[source] if source in reach.get(other, ()))) for source in calls
             if source in reach[source]}
    return sorted(found)


def layer(source):
    folder = source.split("/")[0]
    return LAYERS.index(folder) if folder in LAYERS else None


def main():
    nm, build, root = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    report = Tap()
    # a library can be built twice, from the same objects or from its own
    libraries = sorted(build.glob("src/libsessionlint.*.p"), key=lambda folder: -len(list(folder.glob("*.o"))))
    objects = [path for path in [*libraries[0].glob("*.o"), *build.glob("sessionlint.p/*.o")] if is_current(path, root)]
    calls = read_calls(nm, objects)
    files = {source for source in calls} | {target for targets in calls.values() for target in targets}
    missing = [folder for folder in LAYERS if not any(source.startswith(f"{folder}/") for source in files)]
    report.none(missing, f"{len(files)} files of all layers")
    for folder in UNTANGLED:
        report.none([str(each) for each in circles(calls)
                     if any(source.startswith(f"{folder}/") for source in each)], f"no circle in src/{folder}")
    up = [f"{source} calls {target}: {', '.join(sorted(symbols))}" for source, targets in sorted(calls.items())
          for target, symbols in sorted(targets.items())
          if layer(source) is not None and layer(target) is not None and layer(source) < layer(target)]
    report.none(up, "no call to a higher layer")
    talk = [f"{source} calls {target}" for source, targets in sorted(calls.items()) if source.startswith("check/state_")
            for target in sorted(targets) if target.startswith("check/") and not target.startswith("check/state_")]
    report.none(talk, "tables of state in src/check/state ask nobody and report nothing")
    ring = circles({"a": {"b": 1}, "b": {"c": 1, "d": 1}, "c": {"a": 1}, "d": {}})
    report.ok(ring == [("a", "b", "c")], "a circle is found", str(ring))
    return report.done()


if __name__ == "__main__":
    sys.exit(main())
