# SPDX-License-Identifier: MIT
"""The examples of docs/python.md, all of them."""

import os
import subprocess
import sys


def test_examples(root):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(root / "conformance"), os.environ["PYTHONPATH"]])}
    done = subprocess.run([sys.executable, root / "conformance" / "python" / "test_examples.py",
                           os.environ["SESSIONLINT_COMMAND"], root], env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "SKIP" not in done.stdout, done.stdout + done.stderr
    assert done.stdout.count("\nok ") >= 6
