# SPDX-License-Identifier: MIT
"""Checks the records or the logs of many machines with Spark.

    from sessionlint import spark as sessionlint

    findings = sessionlint.check(records)                                # a DataFrame in, a DataFrame out
    findings = sessionlint.check_logs(sessionlint.read_logs(spark, "s3a://bucket/triage"), together="folder")

The records of a machine are brought together (repartition by host), sorted, and judged by the library in the Python
workers, through Arrow. The result is that of one process, whatever the partitions of the input are.
"""

from __future__ import annotations

import functools
import json
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence

from pyspark import TaskContext
from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import DecimalType, NumericType, StringType

from . import _stretches
from ._check import REASONS
from ._library import library
from ._machines import KEY, Judge, MachineError, Plan, refuse
from ._outputs import ENTRY, EXPIRED, LAST, SEEN, STALE
from ._types import Finding

__all__ = ["MachineError", "check", "check_logs", "read_logs"]


DEFAULT_ORDER: List[str] = ["time", "seq"]


def _judge(batches: Iterable[Any], plan: Plan, host: Optional[str]) -> Iterator[Any]:
    """In a Python worker: the records of some machines."""
    return Judge(plan).batches(batches, host)


def _order(records: DataFrame, order: Optional[Sequence[str]]) -> List[str]:
    names = list(order) if order is not None else [name for name in DEFAULT_ORDER if name in records.columns]
    missing = [name for name in names if name not in records.columns]
    if missing:
        raise ValueError(f"no column {missing[0]!r}; there are: {', '.join(records.columns)}")
    if not names:
        raise ValueError("there is no column time or seq; name the columns that order the records of a machine: order")
    return names


def _sort_key(records: DataFrame, name: str) -> List[Column]:
    """Texts of times and numbers are sorted by what they mean."""
    column = F.col(name)
    if isinstance(records.schema[name].dataType, NumericType):
        return [column]
    if name == "time" and isinstance(records.schema[name].dataType, StringType):
        # microseconds; the text has the rest
        return [F.try_to_timestamp(column), column]
    if name == "seq":
        return [column.try_cast(DecimalType(20, 0)), column]
    return [column]


def machine_key(host: Optional[str]) -> Column:
    """The same for all spellings of a host's name that the library takes for one: at least upper and lower case."""
    return F.upper(F.lower(F.coalesce(F.col(host).cast("string"), F.lit("")))) if host else F.lit("")


def check(records: DataFrame, *, result: str = "findings", columns: Optional[Mapping[str, str]] = None,
          host: Optional[str] = "host", order: Optional[Sequence[str]] = None, ties: str = "refuse",
          partitions: Optional[int] = None, stretch: Optional[int] = None, max_rows: int = 50_000_000,
          max_bytes: int = 8 << 30, name: str = "<records>", **options: Any) -> DataFrame:
    """Checks records, whose columns are keys of a trace (traces/README.md), machine by machine.

    result: "findings", "steps", "sessions", "totals" for a row of counts for each machine, or "baseline" for the entries of
    the baseline that need attention: stale ones, which no record of any machine matches, and expired ones. columns: names
    of columns and the keys that they become; others are then ignored. host: the column with the name of the machine; None: all
    records are of one. order: the columns that order the records of a machine; time and seq, as far as they are there.
    Where nothing orders two different records of a session, the job fails; ties="allow" has them judged in an order
    that is the same every time. stretch: several tasks read the records of a machine that has more of them than that, in
    stretches of at most so many; None: one task each, whatever its size. Steps and sessions are always made in one task. There a
    machine with more records than max_rows, or more than max_bytes of them, is refused.
    In findings, line is the number of the record among those of its machine, in their order.
    The other options are those of sessionlint.check() for records; docs/python.md says which mean something else here. A
    time before the last record ("-2d") is before that of all machines, which a job finds at once.
    """
    refuse(options, True, True)
    if columns is not None:
        if len(set(columns.values())) < len(columns):
            raise ValueError("two columns cannot be the same key")
        records = records.select(*(F.col(column).alias(key) for column, key in columns.items()))
    if host is not None and host not in records.columns:
        raise ValueError(f"no column {host!r} with the names of machines; if all records are of one: host=None")
    keys = _order(records, order)
    plan = Plan(result, options, tuple(keys), ties, max_rows, max_bytes, name)
    plan.check()
    if stretch is not None and stretch < 1:
        raise ValueError(f"stretch: {stretch} is not a number of records")
    keyed = records.withColumn(KEY, machine_key(host))
    sort = [key for each in keys for key in _sort_key(records, each)]
    first = ["session"] if "session" in records.columns else []
    others = [each for each in records.columns if each not in keys and each not in first]
    machines = _Machines(keyed, plan, host, sort, [*first, *others], partitions)
    large = machines.large(stretch) if stretch is not None and result in _stretches.RESULTS else []
    return machines.in_stretches(large, stretch) if large and stretch else machines.whole()


class _Machines:
    """The records of machines, with their keys, and how those of each are sorted."""

    def __init__(self, keyed: DataFrame, plan: Plan, host: Optional[str], sort: List[Column], others: List[str],
                 partitions: Optional[int]) -> None:
        self.keyed, self.host, self.sort, self.others, self.partitions = keyed, host, sort, others, partitions
        self.plan = plan

    def large(self, stretch: int) -> List[str]:
        """The keys of machines with more records than that."""
        counted = self.keyed.groupBy(KEY).count().where(F.col("count") > stretch)
        return sorted(row[KEY] for row in counted.collect())

    def _sorted(self, rows: DataFrame) -> DataFrame:
        return rows.sortWithinPartitions(KEY, *self.sort, *self.others)

    def _together(self, rows: DataFrame) -> DataFrame:
        """All records of a machine in one partition."""
        return self._sorted(rows.repartition(self.partitions, KEY) if self.partitions else rows.repartition(KEY))

    def whole(self) -> DataFrame:
        return _judged(self._together(self.keyed), self.plan, functools.partial(_judge, host=self.host))

    def in_stretches(self, large: List[str], stretch: int) -> DataFrame:
        """Those machines in stretches, and the others as they are."""
        is_large = F.col(KEY).isin(large)
        plan = _made_absolute(self._together(self.keyed), self.plan, functools.partial(_judge, host=self.host))
        rows = _mapped(self._together(self.keyed.where(~is_large)), plan, functools.partial(_judge, host=self.host))
        # what nothing orders is in one partition; those follow each other
        ranges = [F.col(KEY), *self.sort]
        spread = self.keyed.where(is_large)
        spread = spread.repartitionByRange(self.partitions, *ranges) if self.partitions else \
            spread.repartitionByRange(*ranges)
        make = functools.partial(_make_partials, plan=plan, stretch=stretch, host=self.host)
        partials = self._sorted(spread).mapInArrow(make, from_arrow_schema(_stretches.SCHEMA))
        partials = partials.repartition(KEY).sortWithinPartitions(KEY, _stretches.TASK, _stretches.NUMBER)
        return _finished(rows.unionByName(_mapped(partials, plan, _stretches.judge)), plan)


def _make_partials(batches: Iterable[Any], plan: Plan, stretch: int, host: Optional[str]) -> Iterator[Any]:
    """In a Python worker: partials of stretches of some machines."""
    context = TaskContext.get()
    if context is None:
        raise RuntimeError("this is no task of Spark")
    return _stretches.Maker(plan, stretch, context.partitionId()).batches(batches, host)


def _made_absolute(keyed: DataFrame, plan: Plan, judge: Callable[..., Iterator[Any]]) -> Plan:
    """The plan, when the time of the last record is known, if it depends on that."""
    before = plan.before()
    if not before:
        return plan
    [[last]] = _mapped(keyed, before, judge).agg(F.max("ticks")).collect()
    return plan.made_absolute(last)


def _finished(rows: DataFrame, plan: Plan) -> DataFrame:
    return _entries(rows) if plan.result == "baseline" else rows


def _judged(keyed: DataFrame, plan: Plan, judge: Callable[..., Iterator[Any]]) -> DataFrame:
    """The result of @judge, which gets batches of a partition and the plan."""
    plan = _made_absolute(keyed, plan, judge)
    return _finished(_mapped(keyed, plan, judge), plan)


def _mapped(keyed: DataFrame, plan: Plan, judge: Callable[..., Iterator[Any]]) -> DataFrame:
    schema = from_arrow_schema(plan.schema(library().totals))
    return keyed.mapInArrow(functools.partial(judge, plan=plan), schema)


def _entries(rows: DataFrame) -> DataFrame:
    """The entries of the baseline that are stale in all tasks that saw logs of their name, or expired in one of them."""
    counted = rows.groupBy("state", *ENTRY).count()
    tasks = F.max(F.when(F.col("state") == SEEN, F.col("count"))).over(Window.partitionBy("log"))
    found = counted.withColumn("tasks", tasks).where(
        (F.col("state") == EXPIRED) | ((F.col("state") == STALE) & (F.col("count") == F.col("tasks"))))
    return found.select("state", *ENTRY)


# ---- logs ----


def read_logs(spark: SparkSession, path: "str | Sequence[str]", *, glob: str = "*.evtx",
              partitions: Optional[int] = None) -> DataFrame:
    """The logs below a folder or an object store, for check_logs(). Spark spreads them by their sizes; partitions makes
    that many of them, for which the contents move once more."""
    paths = [path] if isinstance(path, str) else list(path)
    logs = spark.read.format("binaryFile").option("recursiveFileLookup", "true").option("pathGlobFilter", glob) \
        .load(paths)
    return logs.repartition(partitions, "path") if partitions else logs


def _failure(file: str, reason: str) -> Finding:
    """What cannot be read, as a row of findings: it has no rule."""
    values: Dict[str, Any] = {each: None for each in Finding.__dataclass_fields__}
    values.update(severity="error", message=reason, file=file, log=file, line=0, offset=0, log_line=0, cascade=False,
                  swapped=False, boot_ordinal=0, belief=(), allowed=(), history=(), history_omitted=0, witnesses=())
    return Finding(**values)


class _Logs:
    """In a Python worker: the logs of some machines."""

    def __init__(self, plan: Plan, together: bool, errors: str) -> None:
        self.plan, self.together, self.errors = plan, together, errors
        self.run = plan.new_run()
        self.output = plan.output(self.run)
        self.folder: Optional[str] = None
        self.path, self.size = "", 0

    def _fail(self, path: str, reason: str) -> None:
        if self.errors == "raise":
            raise MachineError(f"{path}: {reason}")
        if self.plan.result == "findings":
            self.output.extra.append(_failure(path, reason))

    def _judge(self, path: str, result: int) -> None:
        if result < 0:
            what = self.run.not_a_log()
            self._fail(path, f"not a session trace, but {what}" if what else REASONS.get(-result, f"error {-result}"))

    def _end(self) -> Iterator[Any]:
        """All logs of a machine have been read."""
        if self.folder is None:
            return
        if self.together:
            self._judge(self.path, self.run.end_machine(self.path.encode()))
        self._judge(self.folder, self.run.check_judged(self.folder.encode()))
        self.output.count(self.run, self.folder)
        self.folder = None
        yield from self.output.take(self.run)

    def log(self, folder: str, path: str, content: bytes) -> Iterator[Any]:
        if folder != self.folder:
            yield from self._end()
            self.folder, self.size = folder, 0
        self.path = path
        self.size += len(content)
        if self.size > self.plan.max_bytes:
            raise MachineError(f"{folder}: the logs of this machine have more than {self.plan.max_bytes} bytes "
                               "(max_bytes); a machine is judged in one piece: raise the limit")
        records, unreadable = self.run.total("records"), self.run.total("unreadable")
        result = self.run.check_buffer(content, path.encode())
        records, unreadable = self.run.total("records") - records, self.run.total("unreadable") - unreadable
        self._judge(path, result)
        self.output.saw(path)
        if result >= 0 and records > 1 and unreadable >= records:
            self._fail(path, "no record can be read; is it a session trace?")

    def batches(self, batches: Iterable[Any]) -> Iterator[Any]:
        try:
            for batch in batches:
                for row in range(batch.num_rows):
                    yield from self.log(*(batch.column(name)[row].as_py() for name in (KEY, "path", "content")))
            yield from self._end()
            yield from self.output.close(self.run)
            yield from self.output.end()
        finally:
            self.run.close()


def _judge_logs(batches: Iterable[Any], plan: Plan, together: bool, errors: str) -> Iterator[Any]:
    # what cannot be read is reported when the rest is judged
    return _Logs(plan, together, "rows" if plan.result == LAST else errors).batches(batches)


def _apart(logs: DataFrame, plan: Plan, partitions: Optional[int]) -> DataFrame:
    """Each log is judged where it is. Equal findings in logs of a name are numbered, though, and a baseline knows them by
    their numbers: logs with entries there are brought together by their names."""
    keyed = logs.select("path", "content").withColumn(KEY, F.col("path"))
    baseline = plan.options.get("baseline")
    if baseline is None:
        return keyed
    names = sorted({entry["log"] for entry in json.loads(baseline)["entries"]})
    name = F.regexp_extract("path", "[^/]*$", 0)
    group = F.when(name.isin(names), name).otherwise(F.col("path"))
    keyed = keyed.repartition(partitions, group) if partitions else keyed.repartition(group)
    # as a folder is walked
    return keyed.sortWithinPartitions(F.split("path", "/"))


def _by_folder(logs: DataFrame, plan: Plan, partitions: Optional[int]) -> DataFrame:
    """The logs of a folder are brought together; with a baseline, those of all folders, whose logs have the same names."""
    keyed = logs.select("path", "content").withColumn(KEY, F.regexp_replace("path", "/[^/]*$", ""))
    if plan.has_baseline:
        keyed = keyed.repartition(1)
    else:
        keyed = keyed.repartition(partitions, KEY) if partitions else keyed.repartition(KEY)
    return keyed.sortWithinPartitions(F.concat(KEY, F.lit("/")), "path")


def check_logs(logs: DataFrame, *, result: str = "findings", together: "bool | str" = False, errors: str = "raise",
               partitions: Optional[int] = None, max_bytes: int = 8 << 30, **options: Any) -> DataFrame:
    """Checks logs, a row each with their path and content, as read_logs() returns them.

    together="folder": the logs of a folder are those of a machine, and are made into one account; they are brought
    together first. Otherwise each log is judged by itself, where it is. What cannot be read fails the job; with
    errors="rows" it is a row of findings without a rule. A machine whose logs have more than max_bytes is refused. With a
    baseline, logs of a name that it has entries of are brought together, and with together="folder" all logs: it knows
    equal findings by their order.
    """
    if together not in (False, "folder"):
        raise ValueError("together can be False or 'folder': other logs of a machine are not known here")
    if errors not in ("raise", "rows"):
        raise ValueError(f"unknown way {errors!r} to handle errors; there are: raise, rows")
    refuse(options, False, True)
    plan = Plan(result, {**options, "together": together}, ("path",), max_bytes=max_bytes)
    plan.check()
    keyed = _by_folder(logs, plan, partitions) if together else _apart(logs, plan, partitions)
    return _judged(keyed, plan, functools.partial(_judge_logs, together=bool(together), errors=errors))
