# SPDX-License-Identifier: MIT
"""The options of a check, as those of `sessionlint check`."""

from __future__ import annotations

import dataclasses
import datetime
import os
import time
from typing import Any, Callable, Iterator, Mapping, Optional, Tuple, Union

from ._filters import Names, Numbers, Time, absolute, before_last, filters_of
from ._library import Library

STARTS = ("auto", "initialized", "unknown")
TOGETHERS = ("machine", "computer", "folder")
ERRORS = ("raise", "return")

Duration = Union[float, datetime.timedelta]
# A path, or what is in the file.
Baseline = Union[None, str, "os.PathLike[str]", bytes]


def _choice(name: str, value: str, words: "tuple[str, ...]") -> int:
    if value not in words:
        raise ValueError(f"unknown {name} {value!r}; there are: {', '.join(words)}")
    return words.index(value)


def today() -> int:
    """The time by whose day entries of a baseline expire, in seconds since 1970, as of the command."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(fixed) if fixed.isascii() and fixed.isdigit() and int(fixed) < 1 << 63 else int(time.time())


def ticks_of(name: str, duration: Duration) -> int:
    """A duration, or seconds, in 100 ns."""
    if isinstance(duration, datetime.timedelta):
        ticks = (duration // datetime.timedelta(microseconds=1)) * 10
    else:
        ticks = round(duration * 10_000_000)
    if ticks <= 0 or ticks >= 1 << 64:
        raise ValueError(f"{name}: {duration} is out of range")
    return ticks


@dataclasses.dataclass(frozen=True)
class Options:
    """See sessionlint.check()."""

    strict: bool = False
    start: str = "auto"
    source: Optional[str] = None
    rules: Optional[Mapping[str, str]] = None
    pointer_size: int = 8
    reorder: Optional[Duration] = None
    reverse: bool = False
    recover: bool = False
    anonymize: bool = False
    together: Union[bool, str] = False
    window: Optional[Duration] = None
    baseline: Baseline = None
    host: Names = None
    session: Numbers = None
    user: Names = None
    address: Names = None
    since: Time = None
    until: Time = None
    severity: Optional[str] = None
    steps: bool = True
    sessions: bool = True
    annotations: bool = False
    now: Optional[int] = None  # by whose day entries of a baseline expire; None: that of this machine

    def machine(self) -> Optional[str]:
        """What is a machine; None: each log is judged by itself."""
        if self.together is False or self.together is None:
            return None
        return "machine" if self.together is True else str(self.together)

    def filters(self) -> Iterator[Tuple[int, str]]:
        return filters_of((self.host, self.session, self.user, self.address, self.since, self.until, self.severity))

    def is_relative(self) -> bool:
        """Whether a filter is a time before the last record, which has to be found first."""
        return before_last(self.since) is not None or before_last(self.until) is not None

    def made_absolute(self, last: Optional[int]) -> "Options":
        """The same, when the time of the last record is known: its ticks, or None if no record has a time."""
        return dataclasses.replace(self, since=absolute(self.since, last), until=absolute(self.until, last))

    def unfiltered(self) -> "Options":
        """The same without filters."""
        return dataclasses.replace(self, host=None, session=None, user=None, address=None, since=None, until=None,
                                   severity=None)

    def read_baseline(self) -> "Tuple[str, bytes] | None":
        """Its name and contents."""
        if self.baseline is None:
            return None
        if isinstance(self.baseline, bytes):
            return "<baseline>", self.baseline
        with open(self.baseline, "rb") as file:
            return os.fspath(self.baseline), file.read()

    def set_on(self, library: Library, set_option: Callable[..., Any]) -> None:
        """Sets what is not the default. ValueError: an option is out of range."""
        set_option("strict", self.strict)
        for rule, severity in (self.rules or {}).items():
            set_option("severity", library.number("rule", rule), library.number("severity", severity))
        set_option("start", _choice("start", self.start, STARTS))
        if self.source is not None:
            set_option("source", library.number("source", self.source))
        set_option("pointer_size", self.pointer_size)
        if self.reorder is not None:
            set_option("reorder", ticks_of("reorder", self.reorder))
        set_option("reverse", self.reverse)
        set_option("recover", self.recover)
        set_option("anonymize", self.anonymize)
        machine = self.machine()
        if machine is not None:
            # the logs of a folder are those of a machine
            set_option("together", 2 if TOGETHERS[_choice("together", machine, TOGETHERS)] == "computer" else 1)
        if self.window is not None:
            set_option("window", ticks_of("window", self.window))
