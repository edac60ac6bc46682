# SPDX-License-Identifier: MIT
"""What commands cost: user and system CPU time of the process and its children, by wait4(). On a machine that does
something else too it varies less than the time that passes, and threads gain nothing by it. The commands of a row take
turns, so that what disturbs one disturbs all of them."""

import array
import fcntl
import os
import subprocess
import termios
import time

# What takes longer, in seconds, runs so often at most, and is not warmed up.
SLOW, SLOW_RUNS = 2.0, 3


class Side:
    """A command of a row, and what its runs cost, in seconds. @missing: why it cannot run."""

    def __init__(self, name, words, missing=None, environment=None):
        self.name, self.words, self.missing = name, [str(word) for word in words], missing
        self.environment = environment
        self.cpu, self.wall = [], []
        self.output = ""  # the end of it

    def run(self):
        begin = time.monotonic()
        process = subprocess.Popen(self.words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, env=self.environment)
        tail = b""
        while chunk := process.stdout.read(1 << 20):
            tail = (tail + chunk)[-64:]
        process.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        # 1 is a verdict: of grep, and of sessionlint
        if process.returncode not in (0, 1):
            raise RuntimeError(f"{self.name}: status {process.returncode}: {' '.join(self.words)}")
        self.output = tail.decode("utf-8", "replace").strip()
        return usage.ru_utime + usage.ru_stime, time.monotonic() - begin

    def keep(self, cost):
        self.cpu.append(cost[0])
        self.wall.append(cost[1])

    def wanted(self, runs):
        return min(runs, SLOW_RUNS) if self.wall and max(self.wall) > SLOW else runs


def measure(sides, runs):
    """Runs all sides that are not missing, one after the other, so many times."""
    present = [side for side in sides if not side.missing]
    for side in present:
        # this also brings the files into memory; it counts if more runs would take long
        cost = side.run()
        if runs == 1 or cost[1] > SLOW:
            side.keep(cost)
    for _ in range(runs):
        for side in present:
            if len(side.cpu) < side.wanted(runs):
                side.keep(side.run())


def peak_with(words, lines):
    """The memory that a command takes with so many lines on its standard input, in bytes: when it has read them, and
    waits for more. That of a file would count what is mapped of it."""
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        for part in lines:
            process.stdin.write(part)
        process.stdin.flush()
        left = array.array("i", [1])
        while left[0] > 0:
            time.sleep(0.05)
            fcntl.ioctl(process.stdin, termios.FIONREAD, left)
        time.sleep(0.2)
        with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
            peak = next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
        process.stdin.close()
        process.wait()
    return peak
