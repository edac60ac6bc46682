# SPDX-License-Identifier: MIT
"""sessionlint checks recorded traces of Windows user sessions against the published session state machine.

    import sessionlint

    result = sessionlint.check("LocalSessionManager.evtx")
    for finding in result.findings:
        print(finding)

check() takes paths, bytes, records or tables; the command is `sessionlint`, or `python -m sessionlint`.
"""

from __future__ import annotations

from ._check import LogError, Result, check
from ._library import LibraryNotFoundError, library
from ._records import RecordError
from ._tables import Annotations, Findings, Sessions, Steps, schema
from ._types import Annotation, BaselineEntry, Failure, Finding, History, Repair, Session, Skipped, Step, Witness

__all__ = ["Annotation", "Annotations", "BaselineEntry", "Failure", "Finding", "Findings", "History",
           "LibraryNotFoundError", "LogError", "RecordError", "Repair", "Result", "Session", "Sessions", "Skipped", "Step", "Steps",
           "Witness", "check", "rules", "schema", "version"]


def version() -> str:
    """The version of the library."""
    text: bytes = library().version()
    return text.decode()


def rules() -> "dict[str, str]":
    """The rules, each with one sentence about it."""
    known = library()
    return {name: known.rule_info(number).contents.summary.decode() for number, name in enumerate(known.rules)}
