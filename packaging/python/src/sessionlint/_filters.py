# SPDX-License-Identifier: MIT
"""The filters on what is shown, as those of `sessionlint check`: the library judges what passes."""

from __future__ import annotations

import datetime
import re
from typing import Any, Callable, Iterable, Iterator, List, Optional, Sequence, Tuple, Union

from ._types import Session, text_of

Names = Union[None, str, Iterable[str]]
Numbers = Union[None, int, Iterable[int]]
Time = Union[None, str, datetime.date, datetime.datetime, datetime.timedelta]

# As the library numbers them.
KINDS = ("host", "session", "user", "address", "since", "until", "severity")
HOST, SESSION, USER, ADDRESS, SINCE, UNTIL, SEVERITY = range(len(KINDS))

# Of a time before the last record, in 100 ns.
UNITS = {"ms": 10_000, "s": 10_000_000, "m": 600_000_000, "h": 36_000_000_000, "d": 864_000_000_000}

# Whether a text passes the filters of a kind.
Passes = Callable[[int, str], bool]


def _text(name: str, value: Any) -> str:
    if isinstance(value, datetime.datetime) and value.tzinfo is None:
        raise ValueError(f"{name}: {value} has no time zone")
    if isinstance(value, (datetime.date, datetime.datetime)) and name in ("since", "until"):
        return value.isoformat()
    if name == "session" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if name != "session" and isinstance(value, str):
        return value
    raise TypeError(f"{name}: a {type(value).__name__} cannot be a filter")


def before_last(value: Any) -> Optional[int]:
    """How long before the last record a time is, in 100 ns: "-2d", as the command takes it, or a negative timedelta. None:
    it is another time, or none."""
    if isinstance(value, datetime.timedelta):
        ticks = -(value // datetime.timedelta(microseconds=1)) * 10
        return ticks if ticks >= 0 else None
    found = re.fullmatch("-([0-9]+)(ms|s|m|h|d)", value) if isinstance(value, str) else None
    if not found:
        return None
    ticks = int(found[1]) * UNITS[found[2]]
    return ticks if ticks < 1 << 63 else None


def absolute(value: Time, last: Optional[int]) -> Time:
    """The same time, if it is before the last record, whose ticks are @last: not before the year 1601."""
    before = before_last(value)
    return value if before is None else text_of(max((last or 0) - before, 0))


def filters_of(values: Sequence[Any]) -> Iterator[Tuple[int, str]]:
    """The kind and the text of each filter; @values has one value or several for each kind, or None."""
    for kind, value in enumerate(values):
        several = kind in (HOST, SESSION, USER, ADDRESS) and not isinstance(value, (str, int)) and value is not None
        each: List[Any] = list(value) if several else [] if value is None else [value]
        yield from ((kind, _text(KINDS[kind], one)) for one in each)


def _any(passes: Passes, kind: int, texts: Sequence[str]) -> bool:
    return any(passes(kind, each) for each in texts) or passes(kind, "")


def _time(ticks: Optional[int]) -> str:
    return "" if ticks is None else text_of(ticks)


def shows_session(passes: Passes, session: Session) -> bool:
    """Whether a session passes, as in `sessionlint timeline --sessions`."""
    return (passes(HOST, session.host or "") and passes(SESSION, str(session.session))
            and _any(passes, USER, session.users) and _any(passes, ADDRESS, session.addresses)
            and passes(SEVERITY, session.severity or "off")
            and passes(SINCE, _time(session.last_ticks)) and passes(UNTIL, _time(session.first_ticks)))
