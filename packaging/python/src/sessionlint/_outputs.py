# SPDX-License-Identifier: MIT
"""What comes of the machines of one task, in batches of Arrow: rows of findings and so on, counts, entries of a baseline."""

from __future__ import annotations

import dataclasses
import re
from typing import Any, Dict, Iterator, List, Optional, Sequence, Set, Type

import pyarrow as pa

from ._run import LastRecord, Run
from ._tables import schema, to_arrays
from ._types import BaselineEntry, Finding, Session, Step

KINDS: Dict[str, Type[Any]] = {"findings": Finding, "steps": Step, "sessions": Session}
# What can be asked for, and what is found out for filters.
RESULTS = (*KINDS, "totals", "baseline")
LAST = "last"
ROWS_OUT = 10_000

# A row is an entry of the baseline that is stale or expired as far as its task knows; or it says that the task has seen a log.
SEEN, STALE, EXPIRED = "seen", "stale", "expired"
ENTRY = [field.name for field in dataclasses.fields(BaselineEntry)]


def entry_schema() -> Any:
    kinds: Dict[str, Any] = {"expires": pa.date32(), "line": pa.int64(), "column": pa.int64()}
    return pa.schema([pa.field(name, kinds.get(name, pa.string())) for name in ("state", *ENTRY)])


class Output:
    """Findings, steps or sessions."""

    def __init__(self, result: str, schema_of_rows: Any) -> None:
        self.result, self.schema = result, schema_of_rows
        self.extra: List[Any] = []  # findings that are not of the library

    def count(self, run: Run, machine: Optional[str]) -> None:
        """A machine has been judged."""

    def saw(self, log: str) -> None:
        """So has a log."""

    def take(self, run: Run, rest: bool = False) -> Iterator[Any]:
        """The rows, if there are enough of them for a batch."""
        rows = getattr(run, self.result) + self.extra if self.extra else getattr(run, self.result)
        if rows and (rest or len(rows) >= ROWS_OUT):
            yield pa.RecordBatch.from_arrays(to_arrays(KINDS[self.result], rows), schema=self.schema)
            getattr(run, self.result).clear()
            self.extra.clear()
        if self.result != "findings":
            run.findings.clear()

    def close(self, run: Run) -> Iterator[Any]:
        """All of a run, which ends."""
        yield from self.take(run, True)

    def end(self) -> Iterator[Any]:
        """What is known when all machines have been judged."""
        yield from ()


class Totals(Output):
    """A row of counts for each machine."""

    def __init__(self, result: str, schema_of_rows: Any) -> None:
        super().__init__(result, schema_of_rows)
        self.rows: List[Dict[str, Any]] = []
        self.before: Dict[str, int] = {}

    def count(self, run: Run, machine: Optional[str]) -> None:
        now = run.totals()
        # peaks are not sums
        self.rows.append({"machine": machine, **{name: value if name.endswith("_peak") else value - self.before.get(name, 0)
                                                 for name, value in now.items()}})
        self.before = now

    def take(self, run: Run, rest: bool = False) -> Iterator[Any]:
        if self.rows and (rest or len(self.rows) >= ROWS_OUT):
            yield pa.RecordBatch.from_pylist(self.rows, schema=self.schema)
            self.rows.clear()
        run.findings.clear()

    def close(self, run: Run) -> Iterator[Any]:
        yield from self.take(run, True)
        self.before = {}


class Entries(Output):
    """Entries of the baseline. One is stale if it is so in each task, and in each run of a task, that saw logs of its name."""

    def __init__(self, result: str, schema_of_rows: Any) -> None:
        super().__init__(result, schema_of_rows)
        self.logs: Set[str] = set()  # of this run
        self.seen: Set[str] = set()
        self.stale: Dict[str, BaselineEntry] = {}
        self.expired: Dict[str, BaselineEntry] = {}

    def saw(self, log: str) -> None:
        # as the library has it: a log has the same name on all systems
        self.logs.add(re.split(r"[/\\]", log)[-1])

    def take(self, run: Run, rest: bool = False) -> Iterator[Any]:
        run.findings.clear()
        yield from ()

    def close(self, run: Run) -> Iterator[Any]:
        stale, expired = run.end_baseline()
        now = {entry.fingerprint: entry for entry in stale}
        # what no earlier run has seen, and what all runs that have seen it say
        kept = {name: entry for name, entry in self.stale.items() if entry.log not in self.logs or name in now}
        self.stale = {**kept, **{name: entry for name, entry in now.items() if name in kept or entry.log not in self.seen}}
        self.expired.update((entry.fingerprint, entry) for entry in expired)
        self.seen |= self.logs
        self.logs = set()
        run.findings.clear()
        yield from ()

    def end(self) -> Iterator[Any]:
        rows: List[Dict[str, Any]] = [{"state": SEEN, "log": name} for name in sorted(self.seen)]
        for state, entries in ((STALE, self.stale), (EXPIRED, self.expired)):
            rows += [{"state": state, **dataclasses.asdict(entry)} for entry in entries.values()]
        if rows:
            yield pa.RecordBatch.from_pylist(rows, schema=self.schema)


class Last(Output):
    """The time of the last record."""

    def __init__(self, result: str, schema_of_rows: Any) -> None:
        super().__init__(result, schema_of_rows)
        self.last: List[int] = []

    def take(self, run: Run, rest: bool = False) -> Iterator[Any]:
        yield from ()

    def close(self, run: Run) -> Iterator[Any]:
        if isinstance(run, LastRecord) and run.last is not None:
            self.last = [max([*self.last, min(run.last, (1 << 63) - 1)])]
        yield from ()

    def end(self) -> Iterator[Any]:
        if self.last:
            yield pa.RecordBatch.from_pydict({"ticks": self.last}, schema=self.schema)


def schema_of(result: str, totals: Sequence[str]) -> Any:
    """The columns of a result."""
    if result in KINDS:
        return schema(KINDS[result])
    if result == "baseline":
        return entry_schema()
    if result == LAST:
        return pa.schema([("ticks", pa.int64())])
    counts: List[Any] = [pa.field(name, pa.int64()) for name in totals]
    return pa.schema([pa.field("machine", pa.string()), *counts])


def output_of(result: str, totals: Sequence[str]) -> Output:
    kind = {"totals": Totals, "baseline": Entries, LAST: Last}.get(result, Output)
    return kind(result, schema_of(result, totals))
