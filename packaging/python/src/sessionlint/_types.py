# SPDX-License-Identifier: MIT
"""What a check returns."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Dict, Optional, Tuple

_EPOCH = datetime.datetime(1601, 1, 1, tzinfo=datetime.timezone.utc)
# The last tick of the year 9999, and 1970 in microseconds since 1601.
TICKS_MAX = (datetime.datetime.max.replace(tzinfo=datetime.timezone.utc) - _EPOCH) // \
    datetime.timedelta(microseconds=1) * 10 + 9
UNIX_EPOCH = (datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) - _EPOCH) // datetime.timedelta(microseconds=1)


def time_of(ticks: Optional[int]) -> Optional[datetime.datetime]:
    """The time of 100 ns ticks since 1601, in whole microseconds; None: no time, or one after the year 9999."""
    if ticks is None or ticks > TICKS_MAX:
        return None
    return _EPOCH + datetime.timedelta(microseconds=ticks // 10)


def text_of(ticks: int) -> str:
    """The time of ticks, with all its digits."""
    ticks = min(ticks, TICKS_MAX)
    whole = _EPOCH + datetime.timedelta(seconds=ticks // 10**7)
    return f"{whole.replace(tzinfo=None).isoformat()}.{ticks % 10**7:07}Z"


@dataclasses.dataclass(frozen=True)
class Witness:
    """A record that shows what a finding or a step of an account is about."""

    source: str
    file: str
    line: int
    offset: int
    ticks: Optional[int]

    @property
    def time(self) -> Optional[datetime.datetime]:
        return time_of(self.ticks)


@dataclasses.dataclass(frozen=True)
class History:
    """A past event of a session. A file of None is that of the finding; an empty one: no log shows the event."""

    event: str
    line: int
    file: Optional[str]


@dataclasses.dataclass(frozen=True)
class Repair:
    """The smallest change of the trace that makes it legal up to the finding: "drop", or "insert" these events."""

    action: str
    events: Tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Finding:
    """A finding; docs/formats.md describes the members. Times are `ticks`, in 100 ns since 1601, and `time`."""

    rule: str
    severity: str
    message: str
    file: str
    line: int
    offset: int
    ticks: Optional[int]
    log: str
    log_line: int
    cascade: bool
    swapped: bool
    source: Optional[str]
    session: Optional[int]
    incarnation: Optional[int]
    host: Optional[str]
    boot: Optional[str]
    boot_ordinal: int
    user: Optional[str]
    address: Optional[str]
    driver: Optional[str]
    io: Optional[str]
    event: Optional[str]
    observed: Optional[str]
    belief: Tuple[str, ...]
    allowed: Tuple[str, ...]
    repair: Optional[Repair]
    history: Tuple[History, ...]
    history_omitted: int
    suppression: Optional[str]
    reason: Optional[str]
    witnesses: Tuple[Witness, ...]

    @property
    def time(self) -> Optional[datetime.datetime]:
        return time_of(self.ticks)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        who = f"session {self.session}: " if self.session is not None else ""
        return f"{place}: {self.severity}: {who}{self.message} [{self.rule}]"


@dataclasses.dataclass(frozen=True)
class Step:
    """What the check did with one record of a session: an event, a sample of its state, "lost" where records may be
    missing, or the end of the incarnation. `inferred`: no log shows the event, but the account needs it."""

    kind: str
    verdict: Optional[str]
    file: str
    line: int
    offset: int
    ticks: Optional[int]
    log: str
    log_line: int
    source: str
    host: Optional[str]
    boot: Optional[str]
    boot_ordinal: int
    session: int
    incarnation: Optional[int]
    event: Optional[str]
    before: Tuple[str, ...]
    after: Tuple[str, ...]
    midway: bool
    unseen: bool
    renewed: bool
    inferred: bool
    user: Optional[str]
    address: Optional[str]
    client: Optional[str]
    reason: Optional[str]
    witnesses: Tuple[Witness, ...]

    @property
    def time(self) -> Optional[datetime.datetime]:
        return time_of(self.ticks)


@dataclasses.dataclass(frozen=True)
class Session:
    """An incarnation of a session, from its first record to its last. Users, addresses, clients and reasons are in the
    order in which they appear. The times connected and disconnected are those in which it certainly was."""

    log: str
    host: Optional[str]
    boot: Optional[str]
    boot_ordinal: int
    source: str
    session: int
    incarnation: Optional[int]
    verdict: str
    rules: Tuple[str, ...]
    severity: Optional[str]
    events: int
    first_ticks: Optional[int]
    last_ticks: Optional[int]
    created_ticks: Optional[int]
    logon_ticks: Optional[int]
    logoff_ticks: Optional[int]
    ended_ticks: Optional[int]
    connected_seconds: Optional[float]
    disconnected_seconds: Optional[float]
    reconnects: int
    users: Tuple[str, ...]
    addresses: Tuple[str, ...]
    clients: Tuple[str, ...]
    reasons: Tuple[str, ...]

    @property
    def first(self) -> Optional[datetime.datetime]:
        return time_of(self.first_ticks)

    @property
    def last(self) -> Optional[datetime.datetime]:
        return time_of(self.last_ticks)

    @property
    def created(self) -> Optional[datetime.datetime]:
        return time_of(self.created_ticks)

    @property
    def logon(self) -> Optional[datetime.datetime]:
        return time_of(self.logon_ticks)

    @property
    def logoff(self) -> Optional[datetime.datetime]:
        return time_of(self.logoff_ticks)

    @property
    def ended(self) -> Optional[datetime.datetime]:
        return time_of(self.ended_ticks)


@dataclasses.dataclass(frozen=True)
class Annotation:
    """What Windows logs about sessions that is no transition: who, from where, and what else happened."""

    kind: str
    file: str
    line: int
    offset: int
    ticks: Optional[int]
    host: Optional[str]
    boot_ordinal: int
    session: Optional[int]
    event_id: int
    reason: Optional[str]
    logon_type: Optional[int]
    logon_id: Optional[int]
    user: Optional[str]
    domain: Optional[str]
    address: Optional[str]
    client: Optional[str]
    log: str

    @property
    def time(self) -> Optional[datetime.datetime]:
        return time_of(self.ticks)


@dataclasses.dataclass(frozen=True)
class BaselineEntry:
    """An entry of a baseline that no finding matches any more, or whose last day has passed; docs/gate.md."""

    fingerprint: str
    rule: str
    log: str
    subject: str
    message: str
    reason: str
    expires: Optional[datetime.date]
    line: int
    column: int


@dataclasses.dataclass(frozen=True)
class Failure:
    """A log, or something else that was named, that could not be read, or not in full."""

    file: str
    reason: str
    errno: Optional[int]

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}"


@dataclasses.dataclass(frozen=True)
class Skipped:
    """A file of a folder that is not a log, and what it is."""

    file: str
    reason: str


Totals = Dict[str, int]
