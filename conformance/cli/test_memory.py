#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Memory is bounded by the sessions that are alive at once, not by the length of the trace: peaks of short and
of long traces through a pipe are compared. Arguments: the command, make_trace. Prints TAP.
"""

import os
import sys

from shared.command import Command
from shared.memory import GROWTH_MAX, SESSIONS, booted, generated, measure, one_after_another
from shared.tap import Tap


def untold(registrations, events):
    """Registrations that are told nothing."""
    def feed(descriptor):
        for count, line in ((registrations, "call=IoRegisterContainerNotification io={0} registration={0}r mask=all "
                                            "status=0\n"), (events, "session={0} event=Created\n")):
            for begin in range(0, count, 10_000):
                data = "".join(map(line.format, range(begin, begin + 10_000))).encode()
                while data:
                    data = data[os.write(descriptor, data):]
    return feed


def check_untold(tap, command):
    """What waits to be told is a set of registrations for each event: they are bounded together."""
    # without a bound, more than 450 MB of them
    peak, judged, _, _ = measure(command, untold(60_000, 20_000), "--rule=missed=off", "--rule=leaked=off")
    # where memory cannot be moved, what grows is there twice for a moment
    limit = 800 if command.for_windows else 400
    tap.ok(judged == 20_000 and peak < limit << 20, "20,000 events of which 60,000 registrations have yet to be told: "
           f"less than {limit} MiB ({peak / 1e6:.0f} MB)")


def check_growth(tap, command, name, short, long):
    """@short and @long: how many events, and what writes them."""
    peaks = []
    for events, feed in (short, long):
        peak, judged, status, findings = measure(command, feed)
        tap.ok((judged, status, findings) == (events, 0, 0), f"{name}: {events} events are judged and legal",
               judged, status, findings)
        peaks.append(peak)
    tap.ok(peaks[1] - peaks[0] < GROWTH_MAX,
           f"{name}: {long[0] // short[0]} times as long, less than 1 MiB more "
           f"({peaks[0] / 1e6:.1f} MB, {peaks[1] / 1e6:.1f} MB)")


def main():
    tap = Tap()
    command, maker = Command(sys.argv[1], tap), sys.argv[2]
    if command.sanitized:
        tap.skip("memory", "a sanitizer keeps what was freed")
        return tap.done()
    if command.emulated:
        tap.skip("memory", "that of the emulator would be measured")
        return tap.done()
    if not os.path.exists("/proc/self/status"):
        tap.skip("memory", "there is no /proc")
        return tap.done()
    # a byte for each event would already be more than is allowed
    events, longer = 20 * SESSIONS, 5
    check_growth(tap, command, f"{SESSIONS} sessions", (events, generated(maker, events)),
                 (longer * events, generated(maker, longer * events)))
    # some of those that have ended are remembered, so the short one has to hold more than that
    check_growth(tap, command, "one session after another", (2 * 100_000, one_after_another(100_000)),
                 (2 * 500_000, one_after_another(500_000)))
    check_growth(tap, command, "10,000 sessions a boot", (20_000, booted(20_000)), (200_000, booted(200_000)))
    check_untold(tap, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
