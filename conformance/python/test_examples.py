#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The examples of docs/python.md print what the page shows. What an example imports may be missing here: ./dev python has
it. Arguments: the command, the root of the source. Prints TAP.

With --update, the page shows what they print."""

import importlib.util
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from shared.tap import Tap

EXAMPLE = re.compile(r"^```python\n# (\w+\.py)\n(.*?)^```$", re.S | re.M)


def needs(code):
    """The packages of others that an example imports."""
    names = set(re.findall(r"^(?:from|import) (\w+)", code, re.M)) | ({"pandas", "pyarrow"} if "to_pandas" in code else set())
    return sorted(name for name in names if name != "sessionlint" and not importlib.util.find_spec(name))


def shown(page, name):
    """Where the page shows the output of an example."""
    return re.search(rf"^    \$ python3 {re.escape(name)}\n((?:    .*\n|\n(?=    ))*)", page, re.M)


def run(code, command, root, folder):
    """What an example prints. The command is on the path."""
    link = folder / "sessionlint"
    if not link.exists():
        link.symlink_to(command)
    (folder / "example.py").write_text(code)
    environment = os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "PYSPARK_PYTHON": sys.executable}
    done = subprocess.run([sys.executable, "-W", "ignore", str(folder / "example.py")], cwd=root, env=environment,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else done.stdout + done.stderr


def indented(text):
    return "".join(f"    {line}\n" if line else "\n" for line in text.rstrip("\n").splitlines())


def main():
    command, root = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    path = root / "docs" / "python.md"
    page, tap = path.read_text(), Tap()
    with tempfile.TemporaryDirectory() as temporary:
        for name, code in EXAMPLE.findall(page):
            claim = f"{name} prints what is shown"
            missing = needs(code)
            if missing:
                tap.skip(claim, f"there is no {', '.join(missing)}")
                continue
            said = indented(run(code, command, root, pathlib.Path(temporary)))
            at = shown(page, name)
            if "--update" in sys.argv:
                page = page[:at.start(1)] + said + page[at.end(1):]
            else:
                tap.same(said, at[1], claim)
    if "--update" in sys.argv:
        path.write_text(page)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
