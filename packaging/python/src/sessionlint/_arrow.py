# SPDX-License-Identifier: MIT
"""Arrow's record batches, handed to the library as they are."""

from __future__ import annotations

from typing import Any, Iterator, List, Mapping, Optional, Tuple

import pyarrow as pa
import pyarrow.compute as pc

from . import _abi
from ._records import check_key

# The offsets of a column have 32 bits.
BYTES_MAX = 1 << 30


class ColumnError(TypeError):
    """A column whose values cannot be those of a trace."""


def _times(name: str, column: Any) -> Any:
    """Times as text in UTC. A trace has 100 ns."""
    if column.type.tz is None:
        raise ColumnError(f"column {name!r}: times without a time zone; convert it to UTC, or to text")
    utc = column.cast(pa.timestamp(column.type.unit, "UTC")).cast(pa.string())
    if column.type.unit == "ns":
        utc = pc.binary_join_element_wise(pc.utf8_slice_codeunits(utc, 0, len("2026-01-31 00:00:00.0000000")), "Z", "")
    return utc


def _whole(name: str, column: Any) -> Any:
    """Numbers that became floating point because some are missing, as pandas has them."""
    try:
        return pc.if_else(pc.is_nan(column), None, column).cast(pa.int64(), safe=True)
    except pa.ArrowInvalid as error:
        raise ColumnError(f"column {name!r}: {error}") from error


def as_text(name: str, column: Any) -> Optional[Any]:
    """The values of a column as text with offsets of 32 bits; None: it has no values."""
    kind = column.type
    if pa.types.is_null(kind):
        return None
    if pa.types.is_dictionary(kind):
        return as_text(name, column.dictionary_decode())
    if pa.types.is_timestamp(kind):
        return _times(name, column)
    if pa.types.is_floating(kind):
        return _whole(name, column).cast(pa.string())
    if pa.types.is_list(kind) and pa.types.is_string(kind.value_type):
        return pc.binary_join(column, ",")
    if pa.types.is_string(kind):
        return column
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_large_string(kind) \
            or str(kind) == "string_view":
        return column.cast(pa.string())
    raise ColumnError(f"column {name!r}: values of type {kind} cannot be those of a trace")


def select(schema: Any, columns: Optional[Mapping[str, str]]) -> List[Tuple[str, str]]:
    """Names of columns, and the keys that they become."""
    if columns is None:
        return [(name, name) for name in schema.names]
    missing = [name for name in columns if name not in schema.names]
    if missing:
        raise ColumnError(f"no column {missing[0]!r}; there are: {', '.join(schema.names)}")
    return list(columns.items())


class Prepared:
    """A record batch as the library takes it; parts of it can be handed over one by one."""

    def __init__(self, batch: Any, columns: Optional[Mapping[str, str]]) -> None:
        self.rows = batch.num_rows
        self.arrays: List[Any] = []
        self.keys: List[bytes] = []
        for name, key in select(batch.schema, columns):
            array = as_text(name, batch.column(name))
            if array is not None:
                self.arrays.append(array)
                self.keys.append(check_key(key))

    def part(self, first: int) -> Any:
        """The columns, as structs, from a row on. They are valid as long as this object is."""
        structs = (_abi.Column * len(self.arrays))()
        for struct, key, array in zip(structs, self.keys, self.arrays):
            valid, offsets, data = array.buffers()
            struct.key = key
            struct.data = data.address if data else None
            struct.offsets = offsets.address
            struct.valid = valid.address if valid else None
            struct.first = array.offset + first
        return structs


def _small(batch: Any) -> Iterator[Any]:
    """Parts of a batch that are small enough for offsets of 32 bits."""
    if batch.num_rows < 2 or batch.nbytes <= BYTES_MAX:
        yield batch
        return
    half = batch.num_rows // 2
    yield from _small(batch.slice(0, half))
    yield from _small(batch.slice(half))


def prepared(source: Any, columns: Optional[Mapping[str, str]]) -> Iterator[Prepared]:
    """What has Arrow's columns (a table, a batch, a reader, a data frame of pandas or polars), batch by batch."""
    if isinstance(source, pa.RecordBatch):
        batches: Any = [source]
    elif isinstance(source, pa.Table):
        batches = source.to_batches()
    else:
        batches = source if isinstance(source, pa.RecordBatchReader) else pa.RecordBatchReader.from_stream(source)
    for batch in batches:
        for part in _small(batch):
            if part.num_rows:
                yield Prepared(part, columns)
