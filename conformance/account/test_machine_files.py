# SPDX-License-Identifier: MIT
"""Made-up machines, written as .evtx by trace_to_evtx and read back: the account is the same."""
import os
import subprocess
import sys
import tempfile

from shared.tap import Tap


def main():
    tap = Tap()
    files, trace_to_evtx, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    problems = []
    for seed in range(1, count + 1):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([files, "write", str(seed), folder], check=True,
                           stdin=subprocess.DEVNULL)
            for name in os.listdir(folder):
                trace = os.path.join(folder, name)
                subprocess.run([trace_to_evtx, trace, trace[:-len("trace")] + "evtx"], check=True,
                               stdin=subprocess.DEVNULL)
            done = subprocess.run([files, "read", str(seed), folder], stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, check=False)
            if done.returncode or done.stdout:
                problems.append(f"machine {seed}: {done.returncode} {done.stdout}{done.stderr}")
    tap.none(problems, f"{count} machines as .evtx: their accounts are what happened")
    return tap.done()


sys.exit(main())
