# SPDX-License-Identifier: MIT
"""Lists of findings, steps and so on, which become tables of Arrow or data frames of pandas."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Tuple, Type, TypeVar

from ._types import TICKS_MAX, UNIX_EPOCH, Annotation, Finding, Session, Step

if TYPE_CHECKING:
    import pandas
    import pyarrow

T = TypeVar("T")

# The columns of each table, and their types. What the members of the class do not have is computed: `time` of `ticks`.
_PLACE = [("file", "text"), ("line", "int"), ("offset", "int"), ("time", "time"), ("ticks", "int")]
_LOG = [("log", "text"), ("log_line", "int")]
_HOST = [("host", "text"), ("boot", "text"), ("boot_ordinal", "int")]
COLUMNS: Dict[Type[Any], List[Tuple[str, str]]] = {
    Finding: [
        ("rule", "text"), ("severity", "text"), ("message", "text"), *_PLACE, *_LOG, ("cascade", "bool"),
        ("swapped", "bool"), ("source", "text"), ("session", "int"), ("incarnation", "int"), *_HOST, ("user", "text"),
        ("address", "text"), ("driver", "text"), ("io", "text"), ("event", "text"), ("observed", "text"),
        ("belief", "texts"), ("allowed", "texts"), ("repair", "repair"), ("history", "history"),
        ("history_omitted", "int"), ("suppression", "text"), ("reason", "text"), ("witnesses", "witnesses")],
    Step: [
        ("kind", "text"), ("verdict", "text"), *_PLACE, *_LOG, ("source", "text"), *_HOST, ("session", "int"),
        ("incarnation", "int"), ("event", "text"), ("before", "texts"), ("after", "texts"), ("midway", "bool"),
        ("unseen", "bool"), ("renewed", "bool"), ("inferred", "bool"), ("user", "text"), ("address", "text"),
        ("client", "text"), ("reason", "text"), ("witnesses", "witnesses")],
    Session: [
        ("log", "text"), *_HOST, ("source", "text"), ("session", "int"), ("incarnation", "int"), ("verdict", "text"),
        ("rules", "texts"), ("severity", "text"), ("events", "int"),
        *((f"{name}{ending}", kind) for name in ("first", "last", "created", "logon", "logoff", "ended")
          for ending, kind in (("", "time"), ("_ticks", "int"))),
        ("connected_seconds", "float"), ("disconnected_seconds", "float"), ("reconnects", "int"), ("users", "texts"),
        ("addresses", "texts"), ("clients", "texts"), ("reasons", "texts")],
    Annotation: [
        ("kind", "text"), *_PLACE, ("log", "text"), ("host", "text"), ("boot_ordinal", "int"), ("session", "int"),
        ("event_id", "int"), ("reason", "text"), ("logon_type", "int"), ("logon_id", "int"), ("user", "text"),
        ("domain", "text"), ("address", "text"), ("client", "text")],
}


def types() -> "Dict[str, pyarrow.DataType]":
    import pyarrow as pa
    text = pa.string()
    return {
        "text": text, "int": pa.int64(), "bool": pa.bool_(), "float": pa.float64(), "texts": pa.list_(text),
        "time": pa.timestamp("us", "UTC"),
        "repair": pa.struct([("action", text), ("events", pa.list_(text))]),
        "history": pa.list_(pa.struct([("event", text), ("line", pa.int64()), ("file", text)])),
        "witnesses": pa.list_(pa.struct([("source", text), ("file", text), ("line", pa.int64()),
                                         ("offset", pa.int64()), ("ticks", pa.int64())])),
    }


def schema(kind: Type[Any]) -> "pyarrow.Schema":
    """The columns of the table of findings, steps, sessions or annotations."""
    import pyarrow as pa
    known = types()
    return pa.schema([(name, known[each]) for name, each in COLUMNS[kind]])


def _repairs(items: List[Any]) -> List[Any]:
    return [None if item.repair is None else {"action": item.repair.action, "events": list(item.repair.events)}
            for item in items]


def _histories(items: List[Any]) -> List[Any]:
    return [[{"event": each.event, "line": each.line, "file": each.file} for each in item.history] for item in items]


def _witnesses(items: List[Any]) -> List[Any]:
    return [[{"source": each.source, "file": each.file, "line": each.line, "offset": each.offset, "ticks": each.ticks}
             for each in item.witnesses] for item in items]


_NESTED: Dict[str, Callable[[List[Any]], List[Any]]] = {
    "repair": _repairs, "history": _histories, "witnesses": _witnesses}


def to_columns(kind: Type[T], items: "List[T]") -> Dict[str, List[Any]]:
    """The columns of a table, without classes of this package."""
    columns: Dict[str, List[Any]] = {}
    for name, each in COLUMNS[kind]:
        nested = _NESTED.get(each)
        columns[name] = nested(items) if nested else list(map(operator.attrgetter(name), items))
    return columns


def to_arrays(kind: Type[T], items: "List[T]") -> "List[pyarrow.Array[Any]]":
    """The same as arrays of Arrow."""
    import pyarrow as pa
    known = types()
    arrays = []
    for name, each in COLUMNS[kind]:
        nested = _NESTED.get(each)
        if each == "time":
            ticks = map(operator.attrgetter("ticks" if name == "time" else f"{name}_ticks"), items)
            arrays.append(pa.array([None if tick is None or tick > TICKS_MAX else tick // 10 - UNIX_EPOCH
                                    for tick in ticks], pa.int64()).cast(known[each]))
        elif nested:
            arrays.append(pa.array(nested(items), known[each]))
        else:
            arrays.append(pa.array(list(map(operator.attrgetter(name), items)), known[each]))
    return arrays


class Rows(List[T]):
    """A list that becomes a table."""

    _kind: Type[Any]

    def to_arrow(self) -> "pyarrow.Table":
        """A table of Arrow; needs pyarrow."""
        import pyarrow as pa
        return pa.table(to_arrays(self._kind, self), schema=schema(self._kind))

    def to_pandas(self) -> "pandas.DataFrame":
        """A data frame of pandas; needs pandas. Lists stay lists, numbers that can be missing are Int64."""
        import pandas as pd
        kinds = {"int": "Int64", "bool": "bool", "float": "Float64", "time": "datetime64[us, UTC]"}
        columns = to_columns(self._kind, self)
        return pd.DataFrame({name: pd.Series(columns[name], dtype=kinds.get(kind, "object"))
                             for name, kind in COLUMNS[self._kind]})


class Findings(Rows[Finding]):
    """The findings, in the order in which they are made."""

    _kind = Finding


class Steps(Rows[Step]):
    """The steps of all sessions, in the order in which they are made."""

    _kind = Step


class Sessions(Rows[Session]):
    """The sessions, in the order of their ends."""

    _kind = Session


class Annotations(Rows[Annotation]):
    """The annotations: as they are read, or of an account among the steps."""

    _kind = Annotation
