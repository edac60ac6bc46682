# SPDX-License-Identifier: MIT
"""Which records of a log are of which session, for the verifier: boots, captures that end, lost records, drivers and
their registrations, and who is logged on. docs/theory.md, "Keys, incarnations, verdicts", "Lost records"."""

import collections

from drivers import NOT_JUDGED, Drivers
import log_order
from log_order import require
from text_records import MANY, lower, size_of

ANY, NEVER = 255, float("inf")  # all states; a place after all others

# ---- who is logged on: "session/wrong-user" in docs/rules.md ----
NAMES_USERS, USER_MAX = ("sens", "lsm", "winlogon", "profile", "account"), 512
CREATED, TERMINATED, LOGON, LOGOFF = 1, 2, 5, 6

def user_form(user):
    """What kind of name it is: names of two kinds are not compared."""
    if lower(user[:4]) == "s-1-" and len(user) > 4:
        return "sid"
    return "principal" if "@" in user and "\\" not in user else "account"

def account_of(user):
    """Its domain, None without one, and the account."""
    domain, slash, account = user.lower().partition("\\")
    return (domain, account) if slash else (None, domain)

def is_stranger(user, other):
    """Whether the two names are certainly of two users. An account can lack its domain, which can have two names."""
    if user == other or user_form(user) != user_form(other):
        return False
    if user_form(user) != "account":
        return user.lower() != other.lower()
    (domain, account), (domain2, account2) = account_of(user), account_of(other)
    alike = None in (domain, domain2) or ("." in domain) != ("." in domain2) or domain == domain2
    return account != account2 or not alike

class LoggedOn:
    """The user of a session, as its records name it, and whether the next record names another one."""
    def __init__(self):
        self.user = ""

    def follow(self, record, source):
        """Notes in the record whether it is of a stranger."""
        if record.kind != "event":
            self.user = "" if record.marker else self.user
            return
        other = record.event != LOGON and self.user and record.user and is_stranger(self.user, record.user)
        record.stranger = bool(other and source in NAMES_USERS)
        if record.event in (CREATED, TERMINATED, LOGOFF):
            self.user = ""
        elif record.event == LOGON or (not self.user and not other):
            self.user = record.user if size_of(record.user) <= USER_MAX else ""

class Host:
    """What is known of a host: the records lost so far, before its boot, and whether sessions may be older than that;
    and its drivers."""
    def __init__(self, home, unknown):
        self.name = log_order.name_of(home)
        self.unknown, self.lost, self.before, self.boot, self.boot_lost, self.handled = unknown, 0, 0, None, 0, 0
        self.generation, self.ends, self.events, self.driven, self.drivers = 0, [], False, False, Drivers()

    def take(self, what):
        """A boot, the end of the capture, or a number of lost records."""
        if what and not self.events:
            self.drivers.lose(what)
        elif what:
            self.drivers.forget()
        if what in ("boot", "end"):
            self.generation += 1
            self.ends.append((self.lost, self.events))
            self.unknown, self.before = (False, self.lost) if what == "boot" else (self.unknown, self.before)
        else:
            self.lost += min(what, MANY)
            self.unknown |= self.lost - self.before >= MANY

    def follow(self, happened):
        """What has happened to all hosts, or to that one: [(what, host), ...]."""
        for what, name in happened[self.handled:]:
            if name in (None, self.name):
                self.take(what)
        self.handled = len(happened)

    def follow_boot(self, record):
        """A new value is a boot; what is lost right before it may be of the new one."""
        if record.marker != "boot" and self.boot not in (None, record.boot):
            self.take("boot")
            self.before = self.boot_lost
            self.take(0)
        self.boot_lost, self.boot = self.lost, record.boot

class Segment:
    """A session from where it appears until its host starts again or the capture ends: records, and numbers of lost
    ones. What is known of its states by the table and by all that is tolerated; vague: not for certain; views: who has
    shown it."""
    def __init__(self, host):
        self.host, self.generation, self.lost, self.items, self.places = host, host.generation, host.lost, [], []
        self.before, self.notified, self.shown = MANY if host.unknown else host.lost - host.before, False, set()
        self.at, self.taken, self.published, self.all, self.vague, self.views = 0, 0, ANY, ANY, False, set()
        self.user = LoggedOn()

    def lose(self, count):
        """So many records may be missing here."""
        if count == 0:
            return
        self.user.user = ""  # it may have been a logoff and a logon
        if not self.items:
            self.before = min(MANY, self.before + count)
        elif isinstance(self.items[-1], int):
            self.items[-1] = min(MANY, self.items[-1] + count)
        else:
            self.items.append(min(MANY, count))

    def follow(self, record, start):
        """What is lost before a record; whether it is known from notifications alone."""
        host = self.host
        notified = record.key[0] == "wdm" and host.driven and not host.events
        # what only notifications show may be older than the driver; and they lag behind events and samples
        self.before = MANY if notified and not self.items and (self.before or start != "initialized") else self.before
        self.lose(host.lost - self.lost + MANY * (self.items != [] and notified != self.notified))
        self.lost, self.notified = host.lost, notified

    def add(self, record, start):
        """The next record; an unreadable one may have been anything."""
        self.follow(record, start)
        # what a late one shows is not valid before it, nor after it; what is lost around others is lost to their host
        late = record.late and record.view is None
        self.lose(MANY if record.unreadable or late else 0)
        if record.unreadable:
            return
        if self.notified and record.kind == "state" and not record.broken:
            known = any(one.made in self.shown for _, ones in self.host.drivers.objects.values() for one in ones)
            record.view, record.before = 0 if known else NOT_JUDGED, ANY
        self.shown.add(record.view)
        self.user.follow(record, record.key[0])
        self.places.append(len(self.items))
        self.items.append(record)
        self.lose(MANY if late else 0)

    def tail(self):
        """How many records may be lost after the last one."""
        host = self.host
        lost, events = (host.ends[self.generation:self.generation + 1] or [(host.lost, host.events)])[0]
        return min(MANY, lost - self.lost + MANY * (self.notified and events))

    def take(self, count):
        """The item before an incarnation, its items, and the record after them."""
        begin, self.taken = self.at, self.taken + count
        require(0 <= count and self.taken <= len(self.places), "the session has fewer records there")
        self.at = self.places[self.taken] if self.taken < len(self.places) else len(self.items)
        before = self.items[begin - 1] if begin else None
        after = self.items[self.at] if self.at < len(self.items) else None
        return before, self.items[begin:self.at], after

def follow(records, start, unknown):
    """The segments of each session, in their order."""
    hosts, happened, sessions = {}, [], {}
    for at, record in enumerate(records, 1):
        record.at = at
        if record.unreadable == "all" and record.seq is None:
            happened.append((MANY, None))  # it may have been of any host
            continue
        host = hosts.get(record.home) or hosts.setdefault(record.home, Host(record.home, unknown))
        count, scope = record.missing
        happened += [(count, None)] * (scope == "all")
        host.follow(happened)
        host.take(count if scope == "host" else 0)
        if record.boot is not None:
            host.follow_boot(record)
        if record.unreadable == "all":
            happened.append((MANY, None))
            continue
        if record.kind in ("call", "object", "notify"):
            host.drivers.follow(record, host.unknown or host.lost > host.before)
        host.events |= record.kind == "event" and record.key is not None and record.key[0] == "wdm"
        driven = not {"io", "driver", "session_object", "call", "notify"}.isdisjoint(record.pairs)
        host.driven |= not record.unreadable and driven
        if record.key and (record.unreadable or lower(record.pairs.get("phase", "")) != "end"):
            segments = sessions.setdefault((record.home, *record.key), collections.deque())
            appears = not segments or segments[-1].generation != host.generation
            # where there are events, no notification is of a session; but one that comes before can be its first
            of_session = record.kind != "notify" or not host.events
            if appears and (of_session or record.due):
                segments.append(Segment(host))
            if of_session:
                if record.kind != "notify":
                    host.drivers.settle(False)
                segments[-1].add(record, start)
        elif record.marker in ("boot", "end", "gap", "missing", "service"):
            what = record.marker if record.marker in ("boot", "end") else record.lost
            happened.append((what, None if record.host is None else host.name))
            host.follow(happened)
    for host in hosts.values():
        host.follow(happened)
    return sessions
