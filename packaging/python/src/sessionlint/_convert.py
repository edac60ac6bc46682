# SPDX-License-Identifier: MIT
"""Makes Python's objects of the library's structs, which are only valid during a callback."""

from __future__ import annotations

import ctypes
import os
from typing import Any, Optional, Tuple

from . import _abi
from ._library import Library
from ._types import Annotation, Finding, History, Repair, Step, Witness

KINDS = ("event", "sample", "lost", "end")
VERDICTS = ("legal", "undocumented", "implied", "contradicted", "illegal")
REPAIRS = (None, "drop", "insert")
SUPPRESSIONS = (None, "trace", "baseline")


def text(value: Any) -> Optional[str]:
    """Text of the trace: any bytes. What is not UTF-8 is replaced; None: there is none."""
    if not value.data:
        return None
    return ctypes.string_at(value.data, value.size).decode("utf-8", "replace")


def word(value: Any) -> Optional[str]:
    """The same; None if it is empty, too."""
    return text(value) if value.size else None


def path(name: bytes) -> str:
    return os.fsdecode(name)


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

    def witnesses(self, struct: Any) -> Tuple[Witness, ...]:
        sources = self.library.sources
        found = (struct.witnesses[i] for i in range(struct.witness_count))
        return tuple(Witness(sources[each.source], path(each.file), each.line, each.offset, ticks(each.time))
                     for each in found)

    def history(self, struct: Any) -> Tuple[History, ...]:
        events = self.library.events
        found = (struct.history[i] for i in range(struct.history_count))
        return tuple(History(name_of(events, each.event, -1) or "", each.line,
                             None if each.file is None else path(each.file)) for each in found)

    def repair(self, struct: Any) -> Optional[Repair]:
        action = REPAIRS[struct.repair.kind]
        if action is None:
            return None
        return Repair(action, tuple(self.library.events[struct.repair.events[i]] for i in range(struct.repair.count)))

    def finding(self, struct: Any) -> Finding:
        library, has_session = self.library, struct.has_session
        return Finding(
            rule=library.rules[struct.rule], severity=library.severities[struct.severity],
            message=text(struct.message) or "", file=path(struct.file), line=struct.line, offset=struct.offset,
            ticks=ticks(struct.time), log=path(struct.log), log_line=struct.log_line, cascade=struct.cascade,
            swapped=struct.swapped, source=library.sources[struct.source] if has_session else None,
            session=struct.session if has_session else None,
            incarnation=(struct.incarnation or None) if has_session else None, host=word(struct.host),
            boot=word(struct.boot), boot_ordinal=struct.boot_ordinal, user=word(struct.user),
            address=word(struct.address), driver=word(struct.driver), io=word(struct.io),
            event=self.event(struct.event), observed=self.state(struct.observed),
            belief=library.beliefs[struct.belief], allowed=library.event_sets[struct.allowed],
            repair=self.repair(struct), history=self.history(struct), history_omitted=struct.history_omitted,
            suppression=SUPPRESSIONS[struct.suppression], reason=text(struct.reason),
            witnesses=self.witnesses(struct))

    def step(self, struct: Any) -> Step:
        library, kind = self.library, KINDS[struct.kind]
        return Step(
            kind=kind, verdict=VERDICTS[struct.verdict] if kind in ("event", "sample") else None,
            file=path(struct.file), line=struct.line, offset=struct.offset, ticks=ticks(struct.time),
            log=path(struct.log), log_line=struct.log_line, source=library.sources[struct.source],
            host=word(struct.host), boot=word(struct.boot), boot_ordinal=struct.boot_ordinal, session=struct.session,
            incarnation=struct.incarnation or None, event=self.event(struct.event),
            before=library.beliefs[struct.before], after=library.beliefs[struct.after], midway=struct.midway,
            unseen=struct.unseen, renewed=struct.renewed, inferred=struct.inferred, user=word(struct.user),
            address=word(struct.address), client=word(struct.client), reason=self.reason(struct.reason),
            witnesses=self.witnesses(struct))

    def annotation(self, struct: Any) -> Annotation:
        kind = self.library.annotations[struct.kind]
        is_reason = kind == "disconnect-reason"
        return Annotation(
            kind=kind, file=path(struct.file), line=struct.line, offset=struct.offset, ticks=ticks(struct.time),
            host=word(struct.host), boot_ordinal=struct.boot_ordinal,
            session=struct.session if struct.has_session else None, event_id=struct.event_id,
            reason=self.reason(struct.reason) if is_reason else None,
            logon_type=None if is_reason or struct.reason == _abi.NO_EVENT else struct.reason,
            logon_id=struct.logon_id or None, user=word(struct.user), domain=word(struct.domain),
            address=word(struct.address), client=word(struct.client))
