# SPDX-License-Identifier: MIT
"""A run of the library: its options, its callbacks, and the logs that it checks."""

from __future__ import annotations

import ctypes
import dataclasses
import errno
import os
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, TypeVar

from . import _abi
from ._convert import Converter, path
from ._library import library
from ._filters import KINDS, shows_session
from ._options import Options, today
from ._sessions import Sessions as Follower
from ._tables import Annotations, Findings, Sessions, Steps
from ._types import BaselineEntry

Progress = Callable[[str, int, int], None]
R = TypeVar("R", bound="Run")


class Run:
    """Collects what the library reports. Use it as a context manager: that frees the library's memory."""

    def __init__(self, options: Options, progress: Optional[Progress] = None) -> None:
        self.library = library()
        self.findings, self.steps, self.sessions, self.annotations = Findings(), Steps(), Sessions(), Annotations()
        self.options = options
        self.unreadable = False  # there is such a finding, an error
        self.hostless = False  # there is a finding about no host in particular
        self.filtered = False
        self._convert = Converter(self.library)
        self._follower = Follower(self.library.rules, self.library.severities)
        self._error: Optional[BaseException] = None
        self._progress = progress
        self._handle: Optional[ctypes.c_void_p] = ctypes.c_void_p()
        self._must(self.library.new(ctypes.byref(self._handle)))
        try:
            options.set_on(self.library, self._set)
            self._set_baseline()
            self._add_filters()
            self._set_callbacks()
        except BaseException:
            self.close()
            raise

    def __enter__(self: R) -> R:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def close(self) -> None:
        if self._handle is not None:
            self.library.free(self._handle)
            self._handle = None

    @staticmethod
    def _must(result: int) -> None:
        if result == -errno.ENOMEM:
            raise MemoryError
        if result < 0:
            raise OSError(-result, os.strerror(-result))

    def _set(self, name: str, *values: Any) -> None:
        result = getattr(self.library, f"set_{name}")(self._handle, *values)
        if result == -errno.EINVAL:
            raise ValueError(f"{name}: {', '.join(map(str, values))} is out of range")
        self._must(result)

    def _set_baseline(self) -> None:
        baseline = self.options.read_baseline()
        if baseline is None:
            return
        name, data = baseline
        error = _abi.BaselineError()
        now = today() if self.options.now is None else self.options.now
        result = self.library.set_baseline(self._handle, data, len(data), now, ctypes.byref(error))
        if result == -errno.EBADMSG:
            raise ValueError(f"{name}:{error.line}:{error.column}: {error.text.decode(errors='replace')}")
        self._must(result)

    def _add_filters(self) -> None:
        for kind, text in self.options.filters():
            encoded = text.encode("utf-8", "surrogateescape")
            result = self.library.add_filter(self._handle, kind, encoded, len(encoded))
            if result == -errno.EINVAL:
                raise ValueError(f"{KINDS[kind]}: {text!r} cannot be a filter")
            self._must(result)
            self.filtered = True

    def passes(self, kind: int, text: str) -> bool:
        """Whether a value passes the filters of that kind."""
        encoded = text.encode("utf-8", "surrogateescape")
        return bool(self.library.passes_filter(self._handle, kind, encoded, len(encoded)))

    # ---- callbacks ----

    def _set_callbacks(self) -> None:
        # ctypes frees a callback that nothing refers to
        wants = self.options
        self._callbacks: List[Any] = [_abi.REPORT(self._on_finding)]
        self.library.set_report(self._handle, self._callbacks[0], None)
        if wants.steps or wants.sessions:
            self._callbacks.append(_abi.OBSERVE(self._on_step))
            self.library.set_observe(self._handle, self._callbacks[-1], None)
        if wants.annotations or wants.sessions:
            self._callbacks.append(_abi.ANNOTATE(self._on_annotation))
            self.library.set_annotate(self._handle, self._callbacks[-1], None)
        if self._progress:
            self._callbacks.append(_abi.PROGRESS(self._on_progress))
            self.library.set_progress(self._handle, self._callbacks[-1], None)

    def _fail(self, error: BaseException) -> int:
        """ctypes drops what a callback raises: it is raised when the library returns."""
        self._error = self._error or error
        return -errno.ECANCELED

    def _on_finding(self, _: Any, address: int) -> int:
        if self._error:
            return -errno.ECANCELED
        try:
            shown, finding = self._convert.finding(address)
            self.unreadable |= finding.rule == "trace/malformed" and finding.severity == "error"
            self.hostless |= finding.host is None
            if shown:
                self.findings.append(finding)
            if self.options.sessions:
                self._follower.finding(finding)
        except BaseException as error:
            return self._fail(error)
        return 0

    def _on_step(self, _: Any, address: int) -> None:
        try:
            shown, host, step = self._convert.step(address)
            if shown and self.options.steps:
                self.steps.append(step)
            if self.options.sessions:
                self._follower.step(host, step)
        except BaseException as error:
            self._fail(error)

    def _on_annotation(self, _: Any, address: int) -> None:
        try:
            shown, annotation = self._convert.annotation(address)
            if shown and self.options.annotations:
                self.annotations.append(annotation)
            if self.options.sessions:
                self._follower.annotation(annotation, self.library.sources)
        except BaseException as error:
            self._fail(error)

    def _on_progress(self, _: Any, name: bytes, done: int, size: int) -> None:
        try:
            if self._progress:
                self._progress(path(name), done, size)
        except BaseException as error:
            self._fail(error)

    # ---- logs ----

    def _end(self, result: int) -> int:
        """After a log: raises what a callback raised. Other results are those of the log."""
        if self._error:
            error, self._error = self._error, None
            raise error
        if result == -errno.ENOMEM:
            raise MemoryError
        if self.options.sessions:
            sessions = self._follower.take()
            self.sessions.extend(sessions if not self.filtered else
                                 [each for each in sessions if shows_session(self.passes, each)])
        return result

    def check_file(self, name: bytes) -> int:
        return self._end(self.library.check_file(self._handle, name))

    def check_buffer(self, data: Any, name: bytes) -> int:
        """Checks bytes in memory, which are not copied."""
        view = memoryview(data).cast("B")
        if view.readonly:
            # only ctypes gives the address of bytes
            raw = data if isinstance(data, bytes) else bytes(view)
            return self._end(self.library.check_buffer(self._handle, ctypes.c_char_p(raw), len(raw), name))
        buffer = (ctypes.c_char * len(view)).from_buffer(view)
        return self._end(self.library.check_buffer(self._handle, ctypes.addressof(buffer), len(view), name))

    def check_parts(self, names: Sequence[bytes]) -> Tuple[int, int]:
        """Also which part the result is about."""
        part = ctypes.c_size_t(len(names))
        array = (ctypes.c_char_p * len(names))(*names)
        result = self._end(self.library.check_parts(self._handle, array, len(names), ctypes.byref(part)))
        return result, part.value if part.value < len(names) else 0

    def end_machine(self, name: bytes) -> int:
        return self._end(self.library.end_machine(self._handle, name))

    def check_judged(self, name: bytes) -> int:
        return self._end(self.library.check_judged(self._handle, name))

    def feed_begin(self, name: bytes) -> None:
        self._must(self.library.feed_begin(self._handle, name))

    def feed_columns(self, columns: Any, rows: int) -> None:
        result = self.library.feed_columns(self._handle, columns, len(columns), rows)
        if result < 0:
            self._end(result)
            self._must(result)

    def new_partial(self, condensed: bool) -> "Partial":
        """An empty one, which reads records as this run does."""
        address = ctypes.c_void_p()
        kind = _abi.CONDENSED if condensed else _abi.WHOLE
        self._must(self.library.partial_new(self._handle, kind, ctypes.byref(address)))
        return Partial(address)

    def feed_partial(self, partial: "Partial") -> None:
        result = self.library.feed_partial(self._handle, partial.address)
        if result < 0:
            self._end(result)
            self._must(result)

    def feed_end(self) -> int:
        return self._end(self.library.feed_end(self._handle))

    def feed_abandon(self) -> None:
        """Ends the log of records after an error, whose exception is on its way."""
        self.library.feed_end(self._handle)
        self._error = None
        self._follower.take()

    def end_baseline(self) -> Tuple[List[BaselineEntry], List[BaselineEntry]]:
        """The entries that are stale, and those that have expired."""
        stale: List[BaselineEntry] = []
        expired: List[BaselineEntry] = []

        def take(_: Any, address: int) -> None:
            try:
                is_stale, is_expired, entry = self._convert.entry(address)
                stale.extend([entry] if is_stale else [])
                expired.extend([entry] if is_expired else [])
            except BaseException as error:
                self._fail(error)

        if self.options.baseline is not None:
            self._must(self.library.end_baseline(self._handle, _abi.BASELINE(take), None))
        if self._error:
            error, self._error = self._error, None
            raise error
        return stale, expired

    def not_a_log(self) -> Optional[str]:
        what = self.library.not_a_log(self._handle)
        return what.decode() if what else None

    def continued(self) -> Optional[Tuple[str, str]]:
        """Two logs, the second of which continues the first."""
        earlier, later = ctypes.c_char_p(), ctypes.c_char_p()
        if not self.library.continued(self._handle, ctypes.byref(earlier), ctypes.byref(later)):
            return None
        return path(earlier.value or b""), path(later.value or b"")

    def total(self, name: str) -> int:
        value: int = self.library.total(self._handle, self.library.totals.index(name))
        return value

    def totals(self) -> Dict[str, int]:
        return {name: self.library.total(self._handle, i) for i, name in enumerate(self.library.totals)}


class Partial:
    """A stretch of a log. Use it as a context manager: that frees the library's memory."""

    def __init__(self, address: ctypes.c_void_p) -> None:
        self.library, self.address = library(), address

    @classmethod
    def load(cls, data: bytes) -> "Partial":
        address = ctypes.c_void_p()
        result = library().partial_load(data, len(data), ctypes.byref(address))
        if result == -errno.EBADMSG:
            raise ValueError("a partial is damaged, or of another version of the library")
        Run._must(result)
        return cls(address)

    def __enter__(self) -> "Partial":
        return self

    def __exit__(self, *_: Any) -> None:
        self.library.partial_free(self.address)

    def feed_columns(self, columns: Any, rows: int) -> None:
        Run._must(self.library.partial_feed_columns(self.address, columns, len(columns), rows))

    def merge(self, following: "Partial") -> None:
        """Adds the stretch that follows."""
        Run._must(self.library.partial_merge(self.address, following.address))

    def save(self) -> bytes:
        data, size = ctypes.c_void_p(), ctypes.c_size_t()
        Run._must(self.library.partial_save(self.address, ctypes.byref(data), ctypes.byref(size)))
        return ctypes.string_at(data, size.value)


class LastRecord(Run):
    """Looks for the last record: of all steps and annotations, as the command does for a time before it."""

    def __init__(self, options: Options) -> None:
        self.last: Optional[int] = None
        super().__init__(dataclasses.replace(options.unfiltered(), baseline=None, steps=False, sessions=False,
                                             annotations=False))

    def _set_callbacks(self) -> None:
        def see(offset: int) -> Callable[[Any, int], None]:
            def take(_: Any, address: int) -> None:
                time = ctypes.c_uint64.from_address(address + offset).value
                if time != _abi.NO_TIME and (self.last is None or time > self.last):
                    self.last = time
            return take

        self._callbacks = [_abi.OBSERVE(see(_abi.Step.time.offset)), _abi.ANNOTATE(see(_abi.Annotation.time.offset))]
        self.library.set_observe(self._handle, self._callbacks[0], None)
        self.library.set_annotate(self._handle, self._callbacks[1], None)
