# SPDX-License-Identifier: MIT
"""Records as dictionaries, made into columns that the library takes."""

from __future__ import annotations

import ctypes
import datetime
import itertools
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional, Tuple

from . import _abi

ROWS = 4096
# A batch with more keys than that is handed over early: each has a column of its own.
KEYS = 256

Columns = Tuple[Any, int, List[Any]]  # the array of structs, the number of rows, and what must stay alive


class RecordError(ValueError):
    """A record whose keys or values cannot be those of a trace. Its number counts from 1."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"record {number}: {reason}")
        self.number, self.reason = number, reason


def check_key(key: Any) -> bytes:
    if not isinstance(key, str):
        raise TypeError(f"the key {key!r} is not a string")
    if "\0" in key:
        raise ValueError(f"the key {key!r} has a NUL character")
    return key.encode("utf-8", "surrogatepass")


def encode(key: str, value: Any) -> Optional[bytes]:
    """A value as it is in a text trace; None: the record does not have the key."""
    if value is None:
        return None
    if isinstance(value, str):
        # what is not Unicode is a finding of the library
        return value.encode("utf-8", "surrogatepass")
    if isinstance(value, bool):
        return b"true" if value else b"false"
    if isinstance(value, int):
        return str(int(value)).encode()
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None or value.utcoffset() is None:
            raise ValueError(f"{key}: the time {value} has no time zone")
        return value.astimezone(datetime.timezone.utc).isoformat().encode()
    if isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value):
        return ",".join(value).encode("utf-8", "surrogatepass")
    raise TypeError(f"{key}: a {type(value).__name__} cannot be a value of a trace")


def rename(record: Mapping[str, Any], columns: Optional[Mapping[str, str]]) -> Iterable[Tuple[str, Any]]:
    if columns is None:
        return record.items()
    return ((key, record.get(name)) for name, key in columns.items())


class _Batch:
    def __init__(self) -> None:
        self.values: Dict[str, List[Optional[bytes]]] = {}
        self.rows = 0

    def add(self, record: Mapping[str, Any], columns: Optional[Mapping[str, str]]) -> None:
        values = []
        for key, value in rename(record, columns):
            if key not in self.values:
                check_key(key)
            values.append((key, encode(key, value)))
        for key, encoded in values:
            column = self.values.setdefault(key, [])
            column.extend(itertools.repeat(None, self.rows - len(column)))
            column.append(encoded)
        self.rows += 1

    def build(self) -> Columns:
        structs = (_abi.Column * len(self.values))()
        alive: List[Any] = []
        for struct, (key, values) in zip(structs, self.values.items()):
            values.extend(itertools.repeat(None, self.rows - len(values)))
            data = b"".join(value for value in values if value)
            sizes = itertools.accumulate((len(value) if value else 0 for value in values), initial=0)
            offsets = (_abi.Offsets * (self.rows + 1))(*sizes)
            bits = sum(1 << row for row, value in enumerate(values) if value is not None) if None in values else None
            valid = None if bits is None else bits.to_bytes((self.rows + 7) // 8, "little")
            buffer = ctypes.create_string_buffer(data, len(data) + 1)
            struct.key, struct.data = check_key(key), ctypes.addressof(buffer)
            struct.offsets, struct.first = ctypes.addressof(offsets), 0
            if valid is not None:
                bitmap = ctypes.create_string_buffer(valid, len(valid) + 1)
                struct.valid = ctypes.addressof(bitmap)
                alive.append(bitmap)
            alive += [buffer, offsets]
        return structs, self.rows, alive


def batches(records: Iterable[Mapping[str, Any]], columns: Optional[Mapping[str, str]]) -> Iterator[Columns]:
    """The records in batches of columns. RecordError: one of them cannot be a record."""
    batch, number = _Batch(), 0
    for record in records:
        number += 1
        try:
            if not isinstance(record, Mapping):
                raise TypeError(f"a {type(record).__name__} is not a mapping of keys to values")
            batch.add(record, columns)
        except (TypeError, ValueError) as error:
            raise RecordError(number, str(error)) from error
        if batch.rows == ROWS or len(batch.values) > KEYS:
            yield batch.build()
            batch = _Batch()
    if batch.rows:
        yield batch.build()
