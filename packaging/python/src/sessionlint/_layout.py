# SPDX-License-Identifier: MIT
"""Reads a struct of ctypes in one go: its members one by one take ten times as long."""

from __future__ import annotations

import ctypes
import struct
from typing import Any, Dict, List, Tuple, Type

_CODES = {ctypes.c_bool: "?", ctypes.c_uint8: "B", ctypes.c_uint: "I", ctypes.c_uint32: "I", ctypes.c_uint64: "Q",
          ctypes.c_size_t: "N"}


def _members(kind: Any, name: str, offset: int) -> List[Tuple[str, str, int, int]]:
    """The plain members of a type: name, code, offset and size."""
    if isinstance(kind, type) and issubclass(kind, ctypes.Structure):
        found: List[Tuple[str, str, int, int]] = []
        for member, inner, *_ in kind._fields_:
            found += _members(inner, f"{name}.{member}" if name else member, offset + getattr(kind, member).offset)
        return found
    if isinstance(kind, type) and issubclass(kind, ctypes.Array):
        each: Any = kind._type_
        size, length = ctypes.sizeof(each), ctypes.sizeof(kind) // ctypes.sizeof(each)
        return [part for i in range(length) for part in _members(each, f"{name}.{i}", offset + i * size)]
    return [(name, _CODES.get(kind, "P"), offset, ctypes.sizeof(kind))]


class Layout:
    """How the bytes of a struct become a tuple of its plain members; pointers are numbers."""

    def __init__(self, kind: Type[ctypes.Structure]) -> None:
        members = _members(kind, "", 0)
        codes, at = ["@"], 0
        for _, code, offset, size in members:
            # padding is written out, so that the module does not add any
            codes.append(f"{offset - at}x{code}")
            at = offset + size
        self._struct = struct.Struct("".join(codes))
        assert self._struct.size == at, kind
        self.size = at
        self.places: Dict[str, int] = {name: place for place, (name, *_) in enumerate(members)}

    def read(self, address: int) -> Tuple[Any, ...]:
        return self._struct.unpack(ctypes.string_at(address, self.size))

    def at(self, *names: str) -> Tuple[int, ...]:
        """The places of members in the tuple."""
        return tuple(self.places[name] for name in names)
