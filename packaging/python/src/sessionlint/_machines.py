# SPDX-License-Identifier: MIT
"""Judges records that are sorted by machine, one machine after the other, as they come in batches of Arrow. Spark and
DuckDB sort them; neither a machine nor the result has to be in memory as a whole."""

from __future__ import annotations

import dataclasses
import sys
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Tuple

import pyarrow as pa
import pyarrow.compute as pc

from ._arrow import Prepared
from ._check import REASONS
from ._options import Options, today
from ._outputs import KINDS, LAST, RESULTS, Output, output_of, schema_of
from ._run import LastRecord, Run

# The column by which records are sorted first: all records of a machine have the same value.
KEY = "sessionlint_machine"
TIES = ("refuse", "allow")
# Each log leaves a little behind in a run.
LOGS_OF_A_RUN = 4096


# Options that are about all logs together, which no task sees: what to do instead.
REFUSED = {
    "fail_on": "there is no exit status here; count the findings whose suppression is null",
    "fail_on_undetermined": "there is no exit status here; result='totals' counts sessions that are undetermined",
    "allow_stale": "there is no exit status here; result='baseline' has the entries that are stale",
    "join": "records of a machine are one log; logs are checked each by itself, or together='folder'",
    "progress": "the engine shows how far it is",
    "errors": "what records cannot be read is a finding, trace/malformed",
    "annotations": "result is 'findings', 'steps', 'sessions', 'totals' or 'baseline'",
}
OF_LOGS = "makes one account of several logs, which are bytes; pass them to sessionlint.spark.check_logs()"


class MachineError(ValueError):
    """The records of a machine cannot be judged as they are."""


def refuse(options: Mapping[str, Any], records: bool, several: bool) -> None:
    """ValueError: an option that would mean something else here than for one process. @several: tasks do not know each
    other."""
    for name, why in REFUSED.items():
        if name in options:
            raise ValueError(f"{name}: {why}")
    for name in ("together", "window") if records else ():
        if options.get(name):
            raise ValueError(f"{name}: {OF_LOGS}")
    if options.get("anonymize") and (several or options.get("baseline") is not None):
        raise ValueError("anonymize: names get numbers in the order in which one process meets them, so that each task would "
                         "call others by the same name; hash the columns first")


@dataclasses.dataclass(frozen=True)
class Plan:
    """What to do with the records."""

    result: str
    options: Dict[str, Any]
    order: Tuple[str, ...]
    ties: str = "refuse"
    max_rows: int = 50_000_000
    max_bytes: int = 8 << 30
    name: str = "<records>"

    def __post_init__(self) -> None:
        # workers do not have the file, and their clocks may differ
        baseline = Options(**self.options).read_baseline()
        if baseline:
            object.__setattr__(self, "options", {"now": today(), **self.options, "baseline": baseline[1]})

    @property
    def has_baseline(self) -> bool:
        return self.options.get("baseline") is not None

    def check(self) -> None:
        """ValueError or TypeError: an option is out of range."""
        if self.result not in RESULTS:
            raise ValueError(f"unknown result {self.result!r}; there are: {', '.join(RESULTS)}")
        if self.ties not in TIES:
            raise ValueError(f"unknown way {self.ties!r} to handle ties; there are: {', '.join(TIES)}")
        if self.result == "baseline" and not self.has_baseline:
            raise ValueError("result 'baseline' has entries of a baseline: name it")
        with Run(self.run_options().made_absolute(0)):
            pass

    def run_options(self) -> Options:
        wanted = {kind: self.result == kind for kind in ("steps", "sessions")}
        return Options(**{**self.options, **wanted, "annotations": False})

    def new_run(self) -> Run:
        options = self.run_options()
        if self.result == LAST:
            return LastRecord(options)
        # filters decide what is shown of findings, steps and sessions
        return Run(options if self.result in KINDS else options.unfiltered())

    def output(self, run: Run) -> Output:
        return output_of(self.result, run.library.totals)

    def before(self) -> "Optional[Plan]":
        """What has to be known first: the time of the last record; None: nothing."""
        if self.result not in KINDS or not self.run_options().is_relative():
            return None
        # it needs no memory for records
        return dataclasses.replace(self, result=LAST, max_rows=sys.maxsize, max_bytes=sys.maxsize)

    def made_absolute(self, last: Optional[int]) -> "Plan":
        """The same, when the time of the last record is known."""
        options = self.run_options().made_absolute(last)
        return dataclasses.replace(self, options={**self.options, "since": options.since, "until": options.until})

    def schema(self, totals: Sequence[str]) -> Any:
        return schema_of(self.result, totals)


def changes(column: Any) -> List[int]:
    """The rows whose value is not that of the row before."""
    if len(column) < 2:
        return []
    differ = pc.not_equal(column.slice(1), column.slice(0, len(column) - 1))
    return [int(i) + 1 for i in pc.indices_nonzero(differ).to_pylist()]


def _same(a: Any, b: Any) -> Any:
    """Whether values are the same, row by row; those that are missing are."""
    equal = pc.fill_null(pc.equal(a, b), False)
    return pc.or_(equal, pc.and_(pc.is_null(a), pc.is_null(b)))


def _find_tie(batch: Any, order: Sequence[str], last: Optional[Any]) -> Optional[int]:
    """A row that nothing orders after the one before it, though they are of one session and not the same record. @last:
    the last row of the batch before."""
    table = pa.Table.from_batches([last, batch] if last else [batch]).combine_chunks()
    if table.num_rows < 2:
        return None
    earlier, later = table.slice(0, table.num_rows - 1), table.slice(1)
    tied = _same(earlier[KEY], later[KEY])
    for name in order:
        tied = pc.and_(tied, _same(earlier[name], later[name]))
    if "session" in table.schema.names:
        a, b = earlier["session"], later["session"]
        # a record without a session can be a boot
        tied = pc.and_(tied, pc.or_(_same(a, b), pc.or_(pc.is_null(a), pc.is_null(b))))
    if not pc.any(tied).as_py():
        return None
    differ = pa.array([False] * earlier.num_rows)
    for name in table.schema.names:
        differ = pc.or_(differ, pc.invert(_same(earlier[name], later[name])))
    found = pc.indices_nonzero(pc.and_(tied, differ)).to_pylist()
    return int(found[0]) + (0 if last else 1) if found else None


def refuse_ties(plan: Plan, batch: Any, last: Optional[Any]) -> None:
    """MachineError: nothing orders two records of a session. @last: the last row of the batch before."""
    row = _find_tie(batch, plan.order, last) if plan.ties == "refuse" else None
    if row is None:
        return
    record = {name: value for name, value in batch.slice(row, 1).to_pylist()[0].items()
              if name != KEY and value is not None}
    raise MachineError(f"nothing orders this record and the one before it: {record}; name a column that does "
                       f"(order, now {', '.join(plan.order)}), or pass ties='allow' to have them judged in any order")


class Judge:
    """Follows the machines of one partition."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.run, self.logs = plan, plan.new_run(), 0
        self.output = plan.output(self.run)
        self.host: Optional[str] = None
        self.rows = self.bytes = 0
        self.open = False

    def begin(self, host: Optional[str]) -> None:
        self.host, self.rows, self.bytes, self.open = host, 0, 0, True
        self.run.feed_begin(self.plan.name.encode())

    def end(self) -> Iterator[Any]:
        if not self.open:
            return
        self.open = False
        result = self.run.feed_end()
        if result < 0:
            raise MachineError(f"host {self.host!r}: {REASONS.get(-result, f'error {-result}')}")
        self._end_judged()
        self.output.count(self.run, self.host)
        self.output.saw(self.plan.name)
        self.logs += 1
        # of equal findings in a run a baseline knows the second one as such; those of hosts are not equal
        if self.plan.has_baseline and self.run.hostless or \
                self.logs == LOGS_OF_A_RUN and not self.plan.options.get("anonymize"):
            yield from self.output.close(self.run)
            self.run.close()
            self.run, self.logs = self.plan.new_run(), 0

    def close(self) -> Iterator[Any]:
        """All machines have been seen."""
        yield from self.end()
        if self.logs:
            yield from self.output.close(self.run)
        yield from self.output.end()

    def _end_judged(self) -> None:
        """A finding, if nothing was judged; it is about the log, and here that is of a machine."""
        before = len(self.run.findings)
        self.run.check_judged(self.plan.name.encode())
        if self.plan.options.get("anonymize"):
            return
        found = self.run.findings
        found[before:] = [dataclasses.replace(each, host=each.host or self.host) for each in found[before:]]

    def _feed(self, prepared: Prepared, first: int, rows: int, size: int) -> None:
        plan = self.plan
        self.rows += rows
        self.bytes += size
        if self.rows > plan.max_rows or self.bytes > plan.max_bytes:
            limit = f"{plan.max_rows} records (max_rows)" if self.rows > plan.max_rows else \
                f"{plan.max_bytes} bytes (max_bytes)"
            raise MachineError(f"host {self.host!r} has more than {limit}; a machine is judged in one piece: raise the "
                               "limit, or select a shorter time")
        self.run.feed_columns(prepared.part(first), rows)

    def batches(self, batches: Iterable[Any], host: Optional[str]) -> Iterator[Any]:
        """The result, in batches. @host: the column with the names of hosts."""
        last, key = None, None
        try:
            for batch in batches:
                if batch.num_rows == 0:
                    continue
                refuse_ties(self.plan, batch, last)
                last = batch.slice(batch.num_rows - 1)
                column = batch.column(KEY)
                starts = changes(column)
                if column[0].as_py() != key or not self.open:
                    starts = [0, *starts]
                key = column[batch.num_rows - 1].as_py()
                yield from self._parts(batch, starts, host)
                yield from self.output.take(self.run)
            yield from self.close()
        finally:
            self.run.close()

    def _parts(self, batch: Any, starts: List[int], host: Optional[str]) -> Iterator[Any]:
        """Hands over a batch; the rows in @starts are the first ones of their machines."""
        prepared = Prepared(batch.drop_columns([KEY]), None)
        size = batch.nbytes // batch.num_rows
        at = 0
        for start in starts:
            if start > at:
                self._feed(prepared, at, start - at, size * (start - at))
            yield from self.end()
            self.begin(batch.column(host)[start].as_py() if host else None)
            at = start
        self._feed(prepared, at, batch.num_rows - at, size * (batch.num_rows - at))
