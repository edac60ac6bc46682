# SPDX-License-Identifier: MIT
"""Programs that sessionlint is compared with, each with the reason why it cannot run here, if there is one."""

import os
import pathlib
import shutil
import subprocess
import sys

from measure import Side
from shared.table import REUSE, TABLE

FOLDER = pathlib.Path(__file__).resolve().parent
TOP = FOLDER.parent.parent

# Packages of Python that ./dev test and ./dev python install.
PACKAGES = {
    "pm4py": (sys.executable, TOP / "build-outside/python"),
    "duckdb": (TOP / "build-python-package/bin/python3", None),
}

CELLS = ";".join(f"{state} {event} {after}" for (state, event), after in {**TABLE, REUSE: "Created"}.items())


def program(name, *words, label=None):
    """A program that may not be installed."""
    return Side(label or name, [name, *words], None if shutil.which(name) else "is not installed")


def lines(path):
    return program("wc", "-l", path, label="wc -l")


def grep(path):
    return program("grep", "-c", "Connected", path, label="grep -c")


def mawk(path):
    return program("mawk", "-v", f"table={CELLS}", "-f", FOLDER / "fold.awk", path)


def python(path):
    return Side("python3", [sys.executable, FOLDER / "fold.py", path])


def with_package(package, label, script, *arguments):
    """A script that needs a package of Python."""
    for interpreter, folder in ((sys.executable, None), PACKAGES[package]):
        environment = dict(os.environ)
        if folder:
            environment["PYTHONPATH"] = f"{folder}:{environment.get('PYTHONPATH', '')}"
        words = [interpreter, "-W", "ignore", FOLDER / script, *arguments]
        if shutil.which(interpreter) and subprocess.run([interpreter, "-c", f"import {package}"], env=environment,
                                                        check=False, capture_output=True).returncode == 0:
            return Side(label, words, environment=environment)
    return Side(label, [], "is not installed")


def duckdb(path, macros):
    return with_package("duckdb", "DuckDB", "fold_duckdb.py", macros, path)


def pm4py(path):
    return with_package("pm4py", "pm4py", "replay_pm4py.py", path)


def evtxexport(paths):
    """Prints a log; it takes one."""
    side = program("evtxexport")
    side.words = ["sh", "-c", 'for log; do evtxexport "$log" || exit; done', "sh", *map(str, paths)]
    return side


def evtx_dump(paths):
    side = program("evtx_dump")
    side.words = ["sh", "-c", 'for log; do evtx_dump -t 1 -o jsonl "$log" || exit; done', "sh", *map(str, paths)]
    return side
