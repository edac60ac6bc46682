# SPDX-License-Identifier: MIT
"""Whether anything explains a trace: a search through all runs of each session, by brute force. A run takes arcs of the
published table, the reconnect, unseen ends and new lives of the id; it may take as many arcs that the source shows as
records are lost. Nothing of the checker is asked."""

import collections

from shared.sights import SOURCES, arcs
from shared.table import START, STATES

ANY = None  # any number of records

ARCS = {source: arcs(source, True, True, True) for source in SOURCES}


class Record:
    """A record of a session: its line, how many records are lost before it, and what it says."""

    def __init__(self, line, lost, event, before, after):
        self.line, self.lost, self.event, self.before, self.after = line, lost, event, before, after

    def lead(self, state, seen):
        """Where the record leads from a state; None if it cannot."""
        if self.before not in ("-", state):
            return None
        to = state if self.event in ("-", "Ignore") else seen.get((state, self.event))
        return to if self.after in ("-", to) else None

    def __str__(self):
        lost = "" if self.lost == 0 else "(any lost) " if self.lost is ANY else f"({self.lost} lost) "
        return f"{lost}{self.event} from={self.before} to={self.after}"


class Life:
    """The records of a session in a boot of its host."""

    def __init__(self, source, known, lost, doubtful):
        self.source, self.known, self.records = source, known, []
        self.lost = lost  # until its last record
        self.doubtful = doubtful  # what is lost: the numbers can be understood in another way

    def __str__(self):
        start = "its beginning" if self.known else "any state"
        return f"{self.source} from {start}: {'; '.join(map(str, self.records))}"


def unexplained(life):
    """The first record that no run explains, after the ones before it; None if all are explained. A node is how many
    records the run has explained, the state, and how many lost ones it may still take for something."""
    seen, unseen = ARCS[life.source]
    records = life.records
    nodes, todo, furthest = set(), [], 0

    def reach(explained, state, left):
        if (explained, state, left) not in nodes:
            nodes.add((explained, state, left))
            todo.append((explained, state, left))

    def go_on(explained, state):
        lost = records[explained].lost if explained < len(records) else 0
        # what is lost can be the boot of the host, and all that was before
        for start in STATES if lost is ANY else (state,):
            reach(explained, start, lost or 0)

    for state in (START,) if life.known else STATES:
        go_on(0, state)
    while todo:
        explained, state, left = todo.pop()
        furthest = max(furthest, explained)
        if explained == len(records):
            return None
        for before, to in unseen:
            if before == state:
                reach(explained, to, left)
        for (before, _), to in seen.items():
            if before == state and left > 0:
                reach(explained, to, left - 1)
        if to := records[explained].lead(state, seen):
            go_on(explained + 1, to)
    return records[furthest]


class Losses:
    """How many records are lost so far: a number, and how often nobody knows how many."""

    def __init__(self):
        self.count = self.unknown = 0

    def now(self):
        return self.count, self.unknown

    def since(self, then):
        return ANY if self.unknown != then[1] else self.count - then[0]

    def add(self, much):
        if much == "any":
            self.unknown += 1
        else:
            self.count += int(much)


class Host:
    """A host as the capture shows it: its boot, its losses, and its sessions in that boot."""

    def __init__(self, known):
        self.known, self.boot, self.losses = known, None, Losses()
        self.booted = False
        self.began = self.last = self.losses.now()
        self.sessions = {}

    def start(self, losses):
        """The host has started since that much was lost."""
        self.known, self.began, self.sessions, self.booted = True, losses, {}, True

    def follow(self, boot, valued):
        if valued and self.boot not in (None, boot):
            self.start(self.last)
        self.boot, self.last = boot, self.losses.now()


class Trace:
    """What happened in a trace, as its maker tells it."""

    def __init__(self, path, lives, plan):
        self.path, self.lives, self.plan = path, int(lives), plan
        _, hosts, boots, numbers, losses, _ = plan.split("; ")
        self.valued = "value" in boots
        self.kind = ", ".join([numbers.split(" from")[0], losses.rsplit(", ", 1)[0]]
                              + ["boots"] * (boots != "no boots") + ["drivers"] * (", 0 drivers" not in hosts))
        self.hosts = collections.defaultdict(lambda: Host(not path.startswith("late/")))
        # in few records, those of several hosts with one count can be those of hosts with a count each, some lost
        self.ambiguous = "by trace" in numbers and not hosts.startswith("1 ")
        # numbers that go on after a boot can be those of a new count, its first ones lost
        self.goes_on = "numbered" in numbers and "again" not in numbers
        self.everywhere = []  # lost, of every host
        self.sessions = []

    def host(self, name):
        if name not in self.hosts:
            for much in self.everywhere:
                self.hosts[name].losses.add(much)
        return self.hosts[name]

    def lose(self, name, much):
        if name != "*":
            self.host(name).losses.add(much)
            return
        self.everywhere.append(much)
        for host in self.hosts.values():
            host.losses.add(much)

    def boots(self, name, boot):
        host = self.host(name)
        host.start(host.losses.now())
        host.boot, host.last = boot, host.losses.now()

    def see(self, name, boot):
        """A record of the host that is of no session."""
        self.host(name).follow(boot, self.valued)

    def record(self, notified, name, boot, line, source, session, *says):
        host = self.host(name)
        host.follow(boot, self.valued)
        key = source, session
        if key not in host.sessions:
            # a driver may be younger than the session
            known = self.path.startswith("known/") if notified else host.known
            host.sessions[key] = Life(source, known, host.began, self.ambiguous or self.goes_on and host.booted)
            self.sessions.append(host.sessions[key])
        life, now = host.sessions[key], host.losses.now()
        life.records.append(Record(int(line), host.losses.since(life.lost), *says))
        life.lost = now


def traces_of(told):
    """The traces that make_lives tells of."""
    trace = None
    for line in told.splitlines():
        kind, *words = line.split()
        if kind == "T":
            if trace:
                yield trace
            trace = Trace(words[0], words[1], line.split(" # ", 1)[1])
        elif kind == "L":
            trace.lose(*words)
        elif kind == "B":
            trace.boots(*words)
        elif kind == "S":
            trace.see(*words)
        else:
            trace.record(kind == "N", *words)
    if trace:
        yield trace
