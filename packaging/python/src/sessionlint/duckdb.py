# SPDX-License-Identifier: MIT
"""Checks records in DuckDB.

    import duckdb
    from sessionlint import duckdb as sessionlint

    connection = duckdb.connect()
    records = connection.sql("SELECT * FROM 'records/*.parquet'")
    findings = sessionlint.check(records, connection=connection)      # a relation in, a relation out

    sessionlint.register(connection)                                  # or in SQL
    connection.sql("SELECT host, unnest(session_check(list(to_json(r)::VARCHAR ORDER BY time))) FROM records r GROUP BY host")
"""

from __future__ import annotations

from typing import Any, Iterable, List, Mapping, Optional, Sequence

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from ._check import REASONS
from ._library import library
from ._machines import KEY, Judge, MachineError, Plan, refuse
from ._options import Options
from ._outputs import SEEN
from ._run import Run
from ._tables import schema, to_arrays
from ._types import Finding

__all__ = ["MachineError", "check", "register"]

BATCH = 100_000


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _sort_key(name: str, kind: str) -> List[str]:
    """Texts of times and numbers are sorted by what they mean."""
    column = quoted(name)
    if kind != "VARCHAR" or name not in ("time", "seq"):
        return [column]
    return [f"try_cast({column} AS {'TIMESTAMPTZ' if name == 'time' else 'HUGEINT'})", column]


def sorted_query(records: Any, columns: Optional[Mapping[str, str]], host: Optional[str],
                 order: Optional[Sequence[str]]) -> "tuple[str, List[str]]":
    """The query that sorts records by machine, and the columns that order them there."""
    selected = columns if columns is not None else {name: name for name in records.columns}
    missing = [name for name in selected if name not in records.columns]
    if missing:
        raise ValueError(f"no column {missing[0]!r}; there are: {', '.join(records.columns)}")
    kinds = dict(zip(records.columns, map(str, records.types)))
    kind_of = {key: kinds[name] for name, key in selected.items()}
    if host is not None and host not in kind_of:
        raise ValueError(f"no column {host!r} with the names of machines; if all records are of one: host=None")
    keys = [name for name in ("time", "seq") if name in kind_of] if order is None else list(order)
    if not keys or any(name not in kind_of for name in keys):
        raise ValueError("name the columns that order the records of a machine: order")
    rest = [name for name in kind_of if name not in keys and name != "session"]
    sort = [KEY, *(each for name in keys for each in _sort_key(name, kind_of[name])),
            *(quoted(name) for name in ("session",) if name in kind_of), *map(quoted, rest)]
    machine = f"upper(lower(coalesce({quoted(host)}::VARCHAR, '')))" if host else "''"
    inner = ", ".join(f"{quoted(name)} AS {quoted(key)}" for name, key in selected.items())
    return (f"SELECT *, {machine} AS {KEY} FROM (SELECT {inner} FROM records) "
            f"ORDER BY {', '.join(f'{each} NULLS FIRST' for each in sort)}"), keys


def check(records: Any, *, connection: Any, result: str = "findings", columns: Optional[Mapping[str, str]] = None,
          host: Optional[str] = "host", order: Optional[Sequence[str]] = None, ties: str = "refuse",
          max_rows: int = 50_000_000, max_bytes: int = 8 << 30, name: str = "<records>", **options: Any) -> Any:
    """Checks a relation of records, whose columns are keys of a trace (traces/README.md), machine by machine.

    connection is that of the relation. The options are those of sessionlint.spark.check(). DuckDB sorts the records, on
    disk if there are many; the result is in memory, as a relation.
    """
    if columns is not None and len(set(columns.values())) < len(columns):
        raise ValueError("two columns cannot be the same key")
    refuse(options, True, False)
    query, keys = sorted_query(records, columns, host, order)
    plan = Plan(result, options, tuple(keys), ties, max_rows, max_bytes, name)
    plan.check()
    before = plan.before()
    if before:
        plan = plan.made_absolute(pc.max(_judged(records, query, before, host)["ticks"]).as_py())
    found = _judged(records, query, plan, host)
    # one task knows all
    return connection.from_arrow(found.filter(pc.field("state") != SEEN) if result == "baseline" else found)


def _judged(records: Any, query: str, plan: Plan, host: Optional[str]) -> Any:
    found = records.query("records", query)
    # DuckDB 2 has another name for it
    reader = found.to_arrow_reader(BATCH) if hasattr(found, "to_arrow_reader") else found.fetch_record_batch(BATCH)
    return pa.Table.from_batches(list(Judge(plan).batches(reader, host)), schema=plan.schema(library().totals))


# ---- a function in SQL ----


def _findings_of(lines: Iterable[Optional[str]], options: Options, name: str) -> List[Finding]:
    """Records as lines of NDJSON or key=value, of one machine."""
    text = "\n".join(line.replace("\n", " ") for line in lines if line is not None)
    with Run(options) as run:
        result = run.check_buffer(text.encode("utf-8", "surrogatepass"), name.encode())
        if result < 0:
            what = run.not_a_log()
            raise MachineError(f"session_check: {what or REASONS.get(-result, f'error {-result}')}")
        return list(run.findings)


def register(connection: Any, function: str = "session_check", *, name: str = "<records>", **options: Any) -> None:
    """Makes session_check(VARCHAR[]) known to a connection: a list of records, as JSON or key=value, in order, becomes
    the list of findings about them. The options are those of sessionlint.check() for records."""
    refuse(options, True, True)
    chosen = Options(**{"steps": False, "sessions": False, **options})
    if chosen.is_relative():
        raise ValueError("since, until: a time before the last record is that of all machines; session_check() sees one")
    with Run(chosen):
        pass
    kind = pa.struct(list(schema(Finding)))

    def judge(column: Any) -> Any:
        found: List[Finding] = []
        offsets = [0]
        for lines in column.to_pylist():
            if lines:
                found += _findings_of(lines, chosen, name)
            offsets.append(len(found))
        rows = pa.StructArray.from_arrays(to_arrays(Finding, found), fields=list(kind))
        return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), rows)

    connection.create_function(function, judge, [duckdb.list_type(duckdb.sqltype("VARCHAR"))],
                               duckdb.list_type(_duckdb_type(connection, kind)), type="arrow")


def _duckdb_type(connection: Any, kind: Any) -> Any:
    """The type of DuckDB that a type of Arrow becomes."""
    empty = pa.table({"column": pa.array([], kind)})
    return connection.from_arrow(empty).types[0]
