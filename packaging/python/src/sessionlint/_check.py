# SPDX-License-Identifier: MIT
"""check(): what it takes, and what it returns."""

from __future__ import annotations

import errno
import itertools
import os
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Sequence, Union

from ._folder import Walk
from ._filters import Names, Numbers, Time
from ._options import ERRORS, Baseline, Duration, Options
from ._records import Columns, batches
from ._run import LastRecord, Progress, Run
from ._tables import Annotations, Findings, Sessions, Steps
from ._types import BaselineEntry, Failure, Skipped

Path = Union[str, "os.PathLike[str]"]
Inputs = Union[Path, bytes, bytearray, memoryview, Iterable[Path], Iterable[Mapping[str, Any]], Any]

SEVERITIES = ("note", "warning", "error")
REASONS = {
    errno.ENODATA: "no records; there is nothing to check",
    errno.EILSEQ: "the times run backward, and nothing was judged; reverse=True reads a text from its last record to "
                  "its first",
    errno.EXDEV: "not part of the same log as the files before: text and .evtx, or .evtx from another channel or "
                 "computer",
    errno.EISDIR: "a folder",
}


class Result:
    """What a check found."""

    def __init__(self, fail_on: str, fail_on_undetermined: bool, allow_stale: bool) -> None:
        self.findings, self.steps, self.sessions, self.annotations = Findings(), Steps(), Sessions(), Annotations()
        self.totals: Dict[str, int] = {}
        self.failures: List[Failure] = []
        self.skipped: List[Skipped] = []
        self.hints: List[str] = []
        self.stale: List[BaselineEntry] = []
        self.expired: List[BaselineEntry] = []
        self.unreadable = False
        self.fail_on, self.fail_on_undetermined, self.allow_stale = fail_on, fail_on_undetermined, allow_stale

    @property
    def status(self) -> int:
        """The exit status that the command would have: 0, 1 for findings at or above fail_on or stale entries of the
        baseline, 2 if something could not be read."""
        if self.failures or self.unreadable:
            return 2
        levels = SEVERITIES[SEVERITIES.index(self.fail_on):] if self.fail_on != "never" else ()
        counts = sum(self.totals.get(f"{level}s", 0) for level in levels)
        undetermined = self.fail_on_undetermined and self.totals.get("undetermined", 0) > 0
        stale = bool(self.stale) and not self.allow_stale and self.fail_on != "never"
        return int(counts > 0 or undetermined or stale)

    @property
    def ok(self) -> bool:
        return self.status == 0

    def __repr__(self) -> str:
        return (f"<sessionlint.Result: status {self.status}, {len(self.findings)} findings, "
                f"{self.totals.get('events', 0)} events, {self.totals.get('incarnations', 0)} sessions>")


class LogError(Exception):
    """Something could not be read, or not in full. `result` has what was found all the same, and all failures."""

    def __init__(self, failures: Sequence[Failure], result: Result) -> None:
        more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
        super().__init__(f"{failures[0]}{more}")
        self.failures, self.result = tuple(failures), result
        self.file, self.reason = failures[0].file, failures[0].reason


class _Check:
    """One call of check()."""

    def __init__(self, run: Run, result: Result) -> None:
        self.run, self.result = run, result

    def fail(self, name: str, reason: str, error: Optional[int] = None) -> None:
        self.result.failures.append(Failure(name, reason, error))

    def fail_by(self, name: str, error: OSError) -> None:
        self.fail(name, os.strerror(error.errno) if error.errno else str(error), error.errno)

    def judge(self, name: str, result: int) -> None:
        """Takes note of the result of the library."""
        if result >= 0:
            return
        what = self.run.not_a_log() if -result == errno.EBADMSG else None
        if what:
            self.fail(name, f"not a session trace, but {what}", -result)
        else:
            self.fail(name, REASONS.get(-result) or os.strerror(-result), -result)

    def log(self, name: str, check: Callable[[], int]) -> None:
        records, unreadable = self.run.total("records"), self.run.total("unreadable")
        result = check()
        records, unreadable = self.run.total("records") - records, self.run.total("unreadable") - unreadable
        continued = self.run.continued()
        if continued and not self.result.hints:
            self.result.hints.append(f"{continued[1]} continues {continued[0]}; join=True checks them as one log")
        self.judge(name, result)
        if result >= 0 and records > 1 and unreadable >= records:
            self.fail(name, "no record can be read; is it a session trace?")

    def file(self, name: str) -> None:
        self.log(name, lambda: self.run.check_file(os.fsencode(name)))

    def find(self, name: str) -> List[str]:
        """The logs that a path names: it is one, or a folder of some."""
        if not os.path.isdir(name):
            return [name]
        walk = Walk(self.run.library, self.fail_by)
        try:
            walk.walk(name)
        except OSError as error:
            self.fail_by(name, error)
            return []
        self.result.skipped += [Skipped(*each) for each in walk.skipped]
        for each in walk.tagged:
            self.fail(each, "skipped, but it contains 'sessionlint:'; name the file to have it checked")
        if not walk.logs:
            self.fail(name, "no logs in this folder")
        return walk.logs

    def machines(self, names: List[str]) -> None:
        """The logs of each folder are those of a machine."""
        def folder(name: str) -> bytes:
            # with its separator, by which the command sorts too
            return os.fsencode(name[:len(name) - len(os.path.basename(name))])

        names = sorted(names, key=lambda name: (folder(name), os.fsencode(name)))
        for _, logs in itertools.groupby(names, folder):
            name = ""
            for name in logs:
                self.file(name)
            self.judge(name, self.run.end_machine(os.fsencode(name)))

    def paths(self, names: List[str], join: bool) -> None:
        machine = self.run.options.machine()
        if join and machine is None:
            parts = [part for name in names for part in self.find(name)]
            if parts and not self.result.failures:
                result, part = self.run.check_parts([os.fsencode(each) for each in parts])
                self.judge(parts[part], result)
                self.judge(parts[0], self.run.check_judged(os.fsencode(parts[0])))
            return
        for name in names:
            logs = self.find(name)
            if machine == "folder":
                self.machines(logs)
            else:
                for log in logs:
                    self.file(log)
            bare = name.rstrip("/" if os.sep == "/" else "/\\") or name
            self.judge(bare, self.run.check_judged(os.fsencode(bare)))
        if machine is not None and names:
            self.judge(names[0], self.run.end_machine(os.fsencode(names[0])))

    def buffer(self, data: Any, name: str) -> None:
        encoded = os.fsencode(name)
        self.log(name, lambda: self.run.check_buffer(data, encoded))
        self.judge(name, self.run.check_judged(encoded))
        if self.run.options.machine() is not None:
            self.judge(name, self.run.end_machine(encoded))

    def records(self, columns: Iterable[Columns], name: str) -> None:
        if self.run.options.machine() is not None:
            raise ValueError("together makes one account of several logs; pass paths, or the bytes of a log")
        self.run.feed_begin(os.fsencode(name))
        try:
            for structs, rows, _ in columns:
                self.run.feed_columns(structs, rows)
        except BaseException:
            self.run.feed_abandon()
            raise
        self.judge(name, self.run.feed_end())
        self.judge(name, self.run.check_judged(os.fsencode(name)))

    def arrow(self, source: Any, columns: Optional[Mapping[str, str]], name: str) -> None:
        from ._arrow import prepared
        self.records(((part.part(0), part.rows, [part]) for part in prepared(source, columns)), name)

    def any(self, inputs: Any, columns: Optional[Mapping[str, str]], join: bool, name: str) -> None:
        if isinstance(inputs, (str, os.PathLike)):
            self.paths([os.fspath(inputs)], join)
        elif isinstance(inputs, (bytes, bytearray, memoryview)):
            self.buffer(inputs, name)
        elif isinstance(inputs, Mapping):
            raise TypeError("one record is not a log; pass a list of records")
        elif hasattr(inputs, "__arrow_c_stream__") or hasattr(inputs, "__arrow_c_array__"):
            self.arrow(inputs, columns, name)
        else:
            iterator = iter(inputs)
            first = next(iterator, None)
            everything = itertools.chain([] if first is None else [first], iterator)
            if isinstance(first, (str, os.PathLike)):
                self.paths([os.fspath(each) for each in everything], join)
            else:
                self.records(batches(everything, columns), name)


def _refuse_once(inputs: Any) -> None:
    """Raises ValueError if inputs cannot be read twice."""
    listed = inputs if isinstance(inputs, (list, tuple, set)) else [inputs]
    paths = [each for each in listed if isinstance(each, (str, os.PathLike))]
    once = [f"{os.fspath(each)!r}" for each in paths
            if os.path.exists(each) and not os.path.isfile(each) and not os.path.isdir(each)]
    if hasattr(inputs, "__next__") or once:
        raise ValueError("since, until: a time before the last record needs what can be read twice, such as files or a list;"
                         f" {once[0] if once else f'a {type(inputs).__name__}'} cannot be")


def _last_record(inputs: Any, columns: Optional[Mapping[str, str]], join: bool, name: str, options: Options) -> Optional[int]:
    """The time of the last record, in ticks. What cannot be read is reported when it is judged."""
    _refuse_once(inputs)
    with LastRecord(options) as run:
        _Check(run, Result("never", False, True)).any(inputs, columns, join, name)
    return run.last


def check(inputs: Inputs, *, strict: bool = False, start: str = "auto", source: Optional[str] = None,
          rules: Optional[Mapping[str, str]] = None, pointer_size: int = 8, reorder: Optional[Duration] = None,
          reverse: bool = False, recover: bool = False, anonymize: bool = False, join: bool = False,
          together: Union[bool, str] = False, window: Optional[Duration] = None, baseline: Baseline = None,
          allow_stale: bool = False, host: Names = None, session: Numbers = None, user: Names = None,
          address: Names = None, since: Time = None, until: Time = None, severity: Optional[str] = None,
          fail_on: str = "error", fail_on_undetermined: bool = False, steps: bool = True, sessions: bool = True,
          annotations: bool = False,
          columns: Optional[Mapping[str, str]] = None, name: str = "<records>", errors: str = "raise",
          progress: Optional[Progress] = None) -> Result:
    """Checks logs against the model of Windows user sessions.

    inputs is a path of a log or a folder, or several; the bytes of a log; records, as dictionaries with the keys of a
    trace (traces/README.md), from any iterable; or a table: of Arrow, or a data frame of pandas or polars.

    strict, start, source, rules (names and severities), pointer_size, reorder, reverse, recover, anonymize, join,
    together (True, "machine", "folder" or "computer"), window, fail_on and fail_on_undetermined are the options of
    `sessionlint check`; durations are seconds or timedeltas. columns names the columns of records that are keys of a
    trace: {"EventTime": "time", ...}; others are then ignored. name is what findings call the log of bytes or records.
    Without steps, sessions or annotations, those lists are empty, which takes less time and memory.

    baseline is the path or the contents of a baseline (docs/gate.md): findings that it lists have the suppression
    "baseline" and do not count; Result.stale and Result.expired are its entries that need attention. Stale ones fail the
    check unless allow_stale.

    host, session, user, address (one or several), since, until (a date, an aware datetime, or text as the command takes
    it) and severity ("note", "warning" or "error") decide what is in the lists of the result, and never what is judged and
    counted. For a time before the last record ("-2d", or a negative timedelta) inputs are read twice.

    What cannot be read raises LogError, after everything else was checked; with errors="return" it is in
    Result.failures. A malformed record is a finding. progress is called about every megabyte, with the name of a file,
    the bytes that have been read and those that there are.
    """
    if errors not in ERRORS:
        raise ValueError(f"unknown way {errors!r} to handle errors; there are: {', '.join(ERRORS)}")
    if fail_on not in (*SEVERITIES, "never"):
        raise ValueError(f"unknown severity {fail_on!r}; there are: {', '.join(SEVERITIES)}, never")
    if columns is not None and len(set(columns.values())) < len(columns):
        raise ValueError("two columns cannot be the same key")
    options = Options(strict=strict, start=start, source=source, rules=rules, pointer_size=pointer_size,
                      reorder=reorder, reverse=reverse, recover=recover, anonymize=anonymize, together=together,
                      window=window, baseline=baseline, host=host, session=session, user=user, address=address,
                      since=since, until=until, severity=severity, steps=steps, sessions=sessions,
                      annotations=annotations)
    if options.is_relative():
        options = options.made_absolute(_last_record(inputs, columns, join, name, options))
    result = Result(fail_on, fail_on_undetermined, allow_stale)
    with Run(options, progress) as run:
        _Check(run, result).any(inputs, columns, join, name)
        result.findings, result.steps, result.sessions = run.findings, run.steps, run.sessions
        result.annotations, result.totals = run.annotations, run.totals()
        result.unreadable = run.unreadable
        result.stale, result.expired = run.end_baseline()
    if result.failures and errors == "raise":
        raise LogError(result.failures, result)
    return result
