#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a trace with many sessions and findings: hosts that boot, session ids with several lives, and breaches in each
of them. Arguments: how many lives, and how many breaches in each. The same trace at every run.
"""

import datetime
import heapq
import random
import sys

BEGIN = datetime.datetime(2026, 3, 2, 6, tzinfo=datetime.timezone.utc)
USUAL = ("Created", "Connected", "Logon", "Disconnected", "Connected", "Logoff", "Terminated")
HOSTS = 40


def events_of(life, breaches, chance):
    """Times, events and whose they are; the reconnect is a finding, too."""
    events = list(USUAL)
    for _ in range(breaches):
        events.insert(chance.randrange(2, len(events) - 1), chance.choice(("Logoff", "Logon", "Logon", "7")))
    number = life // HOSTS
    time = BEGIN + datetime.timedelta(seconds=number * 900 + chance.randrange(300))
    who = f"host=RDS-{life % HOSTS + 1:02d} boot={number // 100 + 1} session={number % 60 + 1} user=\"LAB\\\\u{life % 977}\""
    for event in events:
        time += datetime.timedelta(milliseconds=chance.randrange(1, 3_000_000 // len(events)))
        yield time, f"{who} event={event}"


def main():
    lives, breaches = map(int, sys.argv[1:])
    chance = random.Random(1)
    # hosts boot between blocks of 100 numbers, so a block is over before the next begins
    for block in range(0, lives, 100 * HOSTS):
        merged = heapq.merge(*(list(events_of(life, breaches, chance))
                               for life in range(block, min(block + 100 * HOSTS, lives))))
        sys.stdout.writelines(f"time={time:%Y-%m-%dT%H:%M:%S.%f}0Z {record}\n" for time, record in merged)


if __name__ == "__main__":
    main()
