# SPDX-License-Identifier: MIT
"""The peak of the memory that the command takes for a trace through a pipe."""

import array
import fcntl
import os
import re
import subprocess
import termios
import time

from shared.command import TIMEOUT

SESSIONS = 20_000
GROWTH_MAX = 1 << 20
OPTIONS = ("check", "--quiet", "--format=json", "--rule=unfinished=off", "-")


def peak_of(process):
    """The largest resident size of a process so far, in bytes. What wait4() tells of a child holds the size of its
    parent at the time of the fork, so it is read while the child is still there."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return int(re.search(r"^VmHWM:\s+(\d+) kB$", status.read(), re.M)[1]) * 1024


def wait_until_read(process, descriptor):
    """Waits until a pipe is empty and whoever reads it is back for more."""
    waiting = array.array("i", [1])
    end = time.monotonic() + TIMEOUT
    while waiting[0] and process.poll() is None and time.monotonic() < end:
        fcntl.ioctl(descriptor, termios.FIONREAD, waiting)
        time.sleep(0.01)
    while process.poll() is None and time.monotonic() < end:
        with open(f"/proc/{process.pid}/stat", encoding="ascii") as stat:
            if stat.read().rsplit(") ", 1)[1].startswith("S"):
                return
        time.sleep(0.01)


def measure(command, feed, *options):
    """Checks what @feed writes to the descriptor that it is given. The peak in bytes and the events judged."""
    reading, writing = os.pipe()
    with subprocess.Popen([*command.words, *OPTIONS, *options], stdin=reading, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as process:
        os.close(reading)
        feed(writing)
        wait_until_read(process, writing)
        peak = peak_of(process)
        os.close(writing)
        out = process.stdout.read().decode()
        status = process.wait(TIMEOUT)
    return peak, int(re.search(r'"events":(\d+)', out)[1]), status, out.count("\n") - 1


def generated(maker, events):
    def feed(descriptor):
        subprocess.run([maker, str(events), str(SESSIONS)], check=True, stdout=descriptor)
    return feed


def one_after_another(lives):
    """Lives that begin and end, each with an id of its own: one is alive at a time."""
    def feed(descriptor):
        for begin in range(0, lives, 10_000):
            data = "".join(f"session={number} event=Created\nsession={number} event=Terminated\n"
                           for number in range(begin, min(begin + 10_000, lives))).encode()
            while data:
                data = data[os.write(descriptor, data):]
    return feed


def booted(lives):
    """Lives that a boot breaks off, each with an id of its own."""
    def feed(descriptor):
        for begin in range(0, lives, 10_000):
            data = ("marker=boot\n" + "".join(f"session={number} event=Created\n"
                                              for number in range(begin, begin + 10_000))).encode()
            while data:
                data = data[os.write(descriptor, data):]
    return feed
