# SPDX-License-Identifier: MIT
"""A machine with so many records that several tasks read them: each makes partials of stretches of its log, and one task
judges these, one after the other. Only what can matter later is in a partial."""

from __future__ import annotations

import zlib
from typing import Any, Dict, Iterable, Iterator, List, Optional

import pyarrow as pa

from ._arrow import Prepared
from ._machines import KEY, Judge, Plan, changes, refuse_ties
from ._run import Partial

# What can be found out without all records at one place.
RESULTS = ("findings", "totals", "baseline")
# Where a stretch is in the log: the number of its task, and its number there.
TASK, NUMBER = "task", "number"
_FIELDS: Dict[str, Any] = {KEY: pa.string(), "host": pa.string(), TASK: pa.int64(), NUMBER: pa.int64(), "data": pa.binary()}
SCHEMA = pa.schema([pa.field(name, kind) for name, kind in _FIELDS.items()])
# Records with none but these keys are of no driver: of those, incarnations that conform can be left out.
KEYS = {"time", "seq", "host", "boot", "source", "session", "user", "address", "event", "from", "to", "state", "marker",
        "reason", "allow", "allow_reason", "pointer_size", "process"}


class Maker:
    """Makes the partials of one task, whose rows are sorted by machine and in the order of its log."""

    def __init__(self, plan: Plan, size: int, task: int) -> None:
        self.plan, self.size, self.task = plan, size, task
        self.run = plan.new_run()
        self.partial: Optional[Partial] = None
        self.row: Dict[str, Any] = {}
        self.rows = self.number = 0

    def _take(self) -> Iterator[Any]:
        """The partial that is being made, as a batch of one row."""
        if self.partial is None:
            return
        with self.partial as partial:
            self.partial = None
            row = {**self.row, TASK: self.task, NUMBER: self.number, "data": zlib.compress(partial.save(), 1)}
        self.number += 1
        yield pa.RecordBatch.from_pylist([row], schema=SCHEMA)

    def _feed(self, prepared: Prepared, first: int, rows: int, row: Dict[str, Any], condensed: bool) -> Iterator[Any]:
        """Rows of one machine."""
        while rows:
            if self.partial is not None and (self.row[KEY] != row[KEY] or self.rows == self.size):
                yield from self._take()
            if self.partial is None:
                self.partial, self.row, self.rows = self.run.new_partial(condensed), row, 0
            some = min(rows, self.size - self.rows)
            self.partial.feed_columns(prepared.part(first), some)
            first, rows, self.rows = first + some, rows - some, self.rows + some

    def batches(self, batches: Iterable[Any], host: Optional[str]) -> Iterator[Any]:
        last = None
        try:
            for batch in batches:
                if batch.num_rows == 0:
                    continue
                refuse_ties(self.plan, batch, last)
                last = batch.slice(batch.num_rows - 1)
                records = batch.drop_columns([KEY])
                condensed = all(name in KEYS or name.startswith("x-") for name in records.schema.names) \
                    and not self.plan.options.get("reorder")
                prepared = Prepared(records, None)
                starts = [0, *changes(batch.column(KEY)), batch.num_rows]
                for first, end in zip(starts, starts[1:]):
                    row = {KEY: batch.column(KEY)[first].as_py(),
                           "host": batch.column(host)[first].as_py() if host else None}
                    yield from self._feed(prepared, first, end - first, row, condensed)
            yield from self._take()
        finally:
            if self.partial is not None:
                self.partial.__exit__()
            self.run.close()


def judge(batches: Iterable[Any], plan: Plan) -> Iterator[Any]:
    """The result, of partials that are sorted by machine and in the order of its log."""
    judging = Judge(plan)
    key = None
    try:
        for batch in batches:
            for row in range(batch.num_rows):
                if not judging.open or batch.column(KEY)[row].as_py() != key:
                    yield from judging.end()
                    key = batch.column(KEY)[row].as_py()
                    judging.begin(batch.column("host")[row].as_py())
                with Partial.load(zlib.decompress(batch.column("data")[row].as_py())) as partial:
                    judging.run.feed_partial(partial)
                yield from judging.output.take(judging.run)
        yield from judging.close()
    finally:
        judging.run.close()
