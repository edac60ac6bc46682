# SPDX-License-Identifier: MIT
"""Made-up records of many machines, with breaches; the same for the same seed."""

import datetime
import random

EVENTS = ("Created", "Terminated", "Connected", "Disconnected", "Logon", "Logoff")
LIFE = ("Created", "Connected", "Logon", "Disconnected", "Connected", "Logoff", "Disconnected", "Terminated")
BEGIN = datetime.datetime(2026, 3, 2, 6, tzinfo=datetime.timezone.utc)


def records(hosts, lives, seed=1):
    """A list of dictionaries with the keys of a trace, in the order of time within each host."""
    chance = random.Random(seed)
    found = []
    for number in range(hosts):
        name, time = f"host-{number:05}", BEGIN
        for life in range(lives):
            session = chance.randrange(1, 6)
            user = f"LAB\\user{chance.randrange(9)}"
            for event in LIFE:
                if chance.random() < 0.04:
                    event = chance.choice(EVENTS)
                time += datetime.timedelta(milliseconds=chance.randrange(1, 60000))
                found.append({"host": name.upper() if chance.random() < 0.1 else name, "time": time.isoformat(),
                              "session": session, "event": event, "user": user if event == "Logon" else None})
            if chance.random() < 0.1:
                time += datetime.timedelta(seconds=1)
                found.append({"host": name, "time": time.isoformat(), "session": None, "event": None, "user": None,
                              "marker": "boot"})
    return [{"marker": None, **record} for record in found]


def by_host(rows):
    """The records of each host."""
    hosts = {}
    for row in rows:
        hosts.setdefault(row["host"].upper(), []).append(row)
    return hosts
