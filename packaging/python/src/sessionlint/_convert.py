# SPDX-License-Identifier: MIT
"""Makes Python's objects of the library's structs, which are only valid during a callback."""

from __future__ import annotations

import ctypes
import datetime
import functools
import os
from typing import Any, Optional, Tuple

from . import _abi
from ._layout import Layout
from ._library import Library
from ._types import Annotation, BaselineEntry, Finding, History, Repair, Step, Witness

KINDS = ("event", "sample", "lost", "end")
VERDICTS = ("legal", "undocumented", "implied", "contradicted", "illegal")
REPAIRS = (None, "drop", "insert")
SUPPRESSIONS = (None, "trace", "baseline")


FINDING, STEP, ANNOTATION, WITNESS, ENTRY = map(Layout, (_abi.Finding, _abi.Step, _abi.Annotation, _abi.Witness,
                                                         _abi.BaselineEntry))


REPAIR, REPAIR_EVENTS, REPAIR_COUNT, HISTORY, HISTORY_COUNT = FINDING.at(
    "repair.kind", "repair.events.0", "repair.count", "history.0.event", "history_count")


def text(data: int, size: int) -> Optional[str]:
    """Text of the trace: any bytes. What is not UTF-8 is replaced; None: there is none."""
    return ctypes.string_at(data, size).decode("utf-8", "replace") if data else None


def word(data: int, size: int) -> Optional[str]:
    """The same; None if it is empty, too."""
    return ctypes.string_at(data, size).decode("utf-8", "replace") if size else None


@functools.lru_cache(maxsize=1024)
def path(name: bytes) -> str:
    return os.fsdecode(name)


def path_at(address: int) -> str:
    return path(ctypes.string_at(address))


def name_of(names: "list[str]", number: int, none: int) -> Optional[str]:
    """The name of a number, or its digits if it is outside the enumeration."""
    if number == none:
        return None
    return names[number] if number < len(names) else str(number)


def ticks(time: int) -> Optional[int]:
    return None if time == _abi.NO_TIME else time


class Converter:
    """Knows the names of the library's numbers."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def state(self, number: int) -> Optional[str]:
        """States are numbered from 1."""
        if 1 <= number <= len(self.library.states):
            return self.library.states[number - 1]
        return None if number == _abi.NO_EVENT else str(number)

    def event(self, number: int) -> Optional[str]:
        return name_of(self.library.events, number, _abi.NO_EVENT)

    def reason(self, number: int) -> Optional[str]:
        if number == _abi.NO_EVENT:
            return None
        known = self.library.reason_text(number)
        return known.decode() if known else f"reason {number}"

    def witnesses(self, address: int, count: int) -> Tuple[Witness, ...]:
        if not count:
            return ()
        sources = self.library.sources
        found = (WITNESS.read(address + i * ctypes.sizeof(_abi.Witness)) for i in range(count))
        return tuple(Witness(sources[source], path_at(file), line, offset, ticks(time))
                     for source, file, line, offset, time in found)

    def _history(self, values: Tuple[Any, ...]) -> Tuple[History, ...]:
        events, first = self.library.events, HISTORY
        found = (values[at:at + 3] for at in range(first, first + 3 * values[HISTORY_COUNT], 3))
        return tuple(History(name_of(events, event, -1) or "", line, path_at(file) if file else None)
                     for event, line, file in found)

    def _repair(self, values: Tuple[Any, ...]) -> Optional[Repair]:
        action = REPAIRS[values[REPAIR]]
        if action is None:
            return None
        events = values[REPAIR_EVENTS:REPAIR_EVENTS + values[REPAIR_COUNT]]
        return Repair(action, tuple(self.library.events[event] for event in events))

    def finding(self, address: int) -> Tuple[bool, Finding]:
        """Whether it passes the filters, and the finding."""
        library, values = self.library, FINDING.read(address)
        (rule, severity, message, message_size, file, line, offset, time, log, log_line, cascade, swapped, has_session,
         source, session, incarnation, host, host_size, boot, boot_size, boot_ordinal, user, user_size, place, place_size,
         driver, driver_size, io, io_size, event, observed, belief, allowed) = values[:REPAIR]
        omitted, suppression, reason, reason_size, witnesses, witness_count, shown = values[HISTORY_COUNT + 1:]
        return shown, Finding(
            rule=library.rules[rule], severity=library.severities[severity], message=text(message, message_size) or "",
            file=path_at(file), line=line, offset=offset, ticks=ticks(time), log=path_at(log), log_line=log_line,
            cascade=cascade, swapped=swapped, source=library.sources[source] if has_session else None,
            session=session if has_session else None, incarnation=(incarnation or None) if has_session else None,
            host=word(host, host_size), boot=word(boot, boot_size), boot_ordinal=boot_ordinal,
            user=word(user, user_size), address=word(place, place_size), driver=word(driver, driver_size),
            io=word(io, io_size), event=self.event(event), observed=self.state(observed),
            belief=library.beliefs[belief], allowed=library.event_sets[allowed], repair=self._repair(values),
            history=self._history(values), history_omitted=omitted, suppression=SUPPRESSIONS[suppression],
            reason=text(reason, reason_size), witnesses=self.witnesses(witnesses, witness_count))

    def step(self, address: int) -> Tuple[bool, int, Step]:
        """Whether it passes the filters, the number of its host in the log, and the step."""
        library = self.library
        (kind, verdict, file, log, line, log_line, offset, time, source, host, host_size, boot, boot_size, boot_ordinal,
         host_number, session, incarnation, event, before, after, midway, unseen, renewed, witnesses, witness_count,
         inferred, user, user_size, place, place_size, client, client_size, reason, shown) = STEP.read(address)
        return shown, host_number, Step(
            kind=KINDS[kind], verdict=VERDICTS[verdict] if kind < 2 else None, file=path_at(file), line=line,
            offset=offset, ticks=ticks(time), log=path_at(log), log_line=log_line, source=library.sources[source],
            host=word(host, host_size), boot=word(boot, boot_size), boot_ordinal=boot_ordinal, session=session,
            incarnation=incarnation or None, event=self.event(event), before=library.beliefs[before],
            after=library.beliefs[after], midway=midway, unseen=unseen, renewed=renewed, inferred=inferred,
            user=word(user, user_size), address=word(place, place_size), client=word(client, client_size),
            reason=self.reason(reason), witnesses=self.witnesses(witnesses, witness_count))

    @staticmethod
    def entry(address: int) -> Tuple[bool, bool, BaselineEntry]:
        """Whether an entry of a baseline is stale, whether it has expired, and the entry."""
        stale, expired, line, column, *texts = ENTRY.read(address)
        fingerprint, rule, log, subject, message, reason, expires = (
            text(*each) or "" for each in zip(texts[::2], texts[1::2]))
        day = datetime.date.fromisoformat(expires) if expires else None
        return stale, expired, BaselineEntry(fingerprint, rule, log, subject, message, reason, day, line, column)

    def annotation(self, address: int) -> Tuple[bool, Annotation]:
        """Whether it passes the filters, and the annotation."""
        (number, file, line, offset, time, host, host_size, boot_ordinal, has_session, session, event_id, reason, logon_id,
         user, user_size, domain, domain_size, place, place_size, client, client_size, shown,
         log) = ANNOTATION.read(address)
        kind = self.library.annotations[number]
        is_reason = kind == "disconnect-reason"
        return shown, Annotation(
            kind=kind, file=path_at(file), line=line, offset=offset, ticks=ticks(time), host=word(host, host_size),
            boot_ordinal=boot_ordinal, session=session if has_session else None, event_id=event_id,
            reason=self.reason(reason) if is_reason else None,
            logon_type=None if is_reason or reason == _abi.NO_EVENT else reason, logon_id=logon_id or None,
            user=word(user, user_size), domain=word(domain, domain_size), address=word(place, place_size),
            client=word(client, client_size), log=path_at(log))
