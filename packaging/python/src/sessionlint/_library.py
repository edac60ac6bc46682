# SPDX-License-Identifier: MIT
"""Finds and loads the shared library, and asks it for its names."""

from __future__ import annotations

import ctypes
import os
import pathlib
import sys
from typing import Any, Callable, List, Optional, Tuple

from . import _abi

VARIABLE = "SESSIONLINT_LIBRARY"
FILE = {"win32": "sessionlint.dll", "darwin": "libsessionlint.dylib"}.get(sys.platform, "libsessionlint.so")
BUNDLED = pathlib.Path(__file__).parent / "_lib" / FILE


class LibraryNotFoundError(ImportError):
    """The shared library is neither in the package nor where SESSIONLINT_LIBRARY says, or it is too old."""


class Library:
    """The functions of the library, without the prefix of their names, and its lists of names."""

    def __init__(self, path: "os.PathLike[str] | str") -> None:
        self.path = os.fspath(path)
        try:
            self._handle = ctypes.CDLL(self.path)
        except OSError as error:
            raise LibraryNotFoundError(f"{self.path}: {error}") from error
        for name, (result, arguments) in _abi.FUNCTIONS.items():
            try:
                function = getattr(self._handle, f"sessionlint_{name}")
            except AttributeError as error:
                raise LibraryNotFoundError(
                    f"{self.path}: no function sessionlint_{name}; the library is older than this package") from error
            function.restype, function.argtypes = result, arguments
            setattr(self, name, function)
        self.events = self._names(self.event_name)
        self.sources = self._names(self.source_name)
        self.severities = self._names(self.severity_name)
        self.annotations = self._names(self.annotation_name)
        self.totals = self._names(self.total_name)
        # states are numbered from 1
        self.states = self._names(self.state_name, 1)
        self.rules = [self.rule_info(i).contents.name.decode() for i in range(self.rule_count())]
        self.beliefs = [_members(self.states, number) for number in range(256)]
        self.event_sets = [_members(self.events, number) for number in range(256)]

    def __getattr__(self, name: str) -> Callable[..., Any]:
        # for type checkers: the functions are set above
        raise AttributeError(name)

    @staticmethod
    def _names(function: Callable[[int], Optional[bytes]], first: int = 0) -> List[str]:
        names: List[str] = []
        while True:
            name = function(first + len(names))
            if name is None:
                return names
            names.append(name.decode())

    def number(self, kind: str, name: str) -> int:
        """The number of a rule, a severity or a source."""
        value = ctypes.c_uint()
        text = name.encode()
        if getattr(self, f"{kind}_parse")(text, len(text), ctypes.byref(value)) < 0:
            known = {"rule": self.rules, "severity": self.severities, "source": self.sources}[kind]
            raise ValueError(f"unknown {kind} {name!r}; there are: {', '.join(known)}")
        return value.value


def _members(names: List[str], number: int) -> Tuple[str, ...]:
    return tuple(name for bit, name in enumerate(names) if number >> bit & 1)


_loaded: Optional[Library] = None


def library() -> Library:
    """The library: the one in the package, or the one that SESSIONLINT_LIBRARY names."""
    global _loaded
    if _loaded is None:
        given = os.environ.get(VARIABLE)
        if BUNDLED.exists():
            _loaded = Library(BUNDLED)
        elif given:
            _loaded = Library(given)
        else:
            raise LibraryNotFoundError(f"there is no {BUNDLED}; set {VARIABLE} to the path of {FILE}")
    return _loaded
