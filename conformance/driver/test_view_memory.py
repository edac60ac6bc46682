#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A session has views only of the registrations that it was notified for: what it takes does not depend on how many
registrations the host has. Arguments: the command. Prints TAP.
"""

import os
import sys

from shared.command import STATUS_CLEAN, Command
from shared.memory import measure
from shared.tap import Tap

REGISTRATIONS, SESSIONS = 2_000, 4_000
# room for a view of each registration would take 100 MB
DIFFERENCE_MAX = 8 << 20


def notified(receiver):
    """Many registrations, and many sessions that only @receiver is notified of; the others select what never happens."""
    def feed(descriptor):
        lines = [f"driver=d call=IoRegisterContainerNotification io={0x1000 + number:#x} registration={0x900000 + number:#x} "
                 f"mask={'all' if number == receiver else '0x2'} status=0\n" for number in range(REGISTRATIONS)]
        lines += [f"driver=d session={session} notify=Created io={0x1000 + receiver:#x} payload_session={session} status=0\n"
                  for session in range(1, SESSIONS + 1)]
        data = "".join(lines).encode()
        while data:
            data = data[os.write(descriptor, data):]
    return feed


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    if command.sanitized:
        tap.skip("memory", "a sanitizer keeps what was freed")
    elif command.emulated:
        tap.skip("memory", "that of the emulator would be measured")
    elif not os.path.exists("/proc/self/status"):
        tap.skip("memory", "there is no /proc")
    else:
        peaks = []
        for name, receiver in (("oldest", 0), ("newest", REGISTRATIONS - 1)):
            peak, events, status, findings = measure(command, notified(receiver), "--rule=leaked=off")
            tap.same((events, status, findings), (SESSIONS, STATUS_CLEAN, 0),
                     f"the {name} of {REGISTRATIONS} registrations is notified of {SESSIONS} sessions, without a finding")
            peaks.append(peak)
        tap.ok(peaks[1] - peaks[0] < DIFFERENCE_MAX,
               f"views of the newest registration take no more memory than those of the oldest: less than 8 MiB more "
               f"({peaks[0] / 1e6:.1f} MB, {peaks[1] / 1e6:.1f} MB)")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
