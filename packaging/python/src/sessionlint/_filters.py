# SPDX-License-Identifier: MIT
"""The filters on what is shown, as those of `sessionlint check`: the library judges what passes."""

from __future__ import annotations

import datetime
from typing import Any, Callable, Iterable, Iterator, List, Optional, Sequence, Tuple, Union

from ._types import Session, text_of

Names = Union[None, str, Iterable[str]]
Numbers = Union[None, int, Iterable[int]]
Time = Union[None, str, datetime.date, datetime.datetime]

# As the library numbers them.
KINDS = ("host", "session", "user", "address", "since", "until", "severity")
HOST, SESSION, USER, ADDRESS, SINCE, UNTIL, SEVERITY = range(len(KINDS))

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
