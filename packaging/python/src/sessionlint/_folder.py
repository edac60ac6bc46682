# SPDX-License-Identifier: MIT
"""The logs of a folder, which are recognized by their contents: docs/formats.md, "Folders"."""

from __future__ import annotations

import ctypes
import errno
import os
import stat
from typing import Callable, List, Tuple

from ._library import Library

# Files with these names are meant to be logs: errors in them are reported.
ENDINGS = (".evtx", ".trace", ".logfmt", ".ndjson", ".jsonl", ".csv")
DEPTH_MAX = 64
LOG, FOREIGN, REPORT, OTHER = range(4)

TAG = "sessionlint:"
TAGS = tuple(TAG.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
STEP = 1 << 20


def has_ending(name: str) -> bool:
    return any(len(name) > len(ending) and name.lower().endswith(ending) for ending in ENDINGS)


def has_tag(name: str) -> bool:
    """Whether a file contains the tag of records in debug output."""
    overlap = max(map(len, TAGS))
    rest = b""
    with open(name, "rb") as file:
        while True:
            piece = file.read(STEP)
            if not piece:
                return False
            rest += piece
            if any(tag in rest for tag in TAGS):
                return True
            rest = rest[-overlap:]


class Walk:
    """Finds the logs below a folder, in the order of names."""

    def __init__(self, library: Library, failed: Callable[[str, OSError], None]) -> None:
        self.library, self.failed = library, failed
        self.logs: List[str] = []
        self.skipped: List[Tuple[str, str]] = []
        self.tagged: List[str] = []

    def _recognize(self, name: str) -> Tuple[int, str]:
        content, what = ctypes.c_uint(), ctypes.c_char_p()
        result = self.library.recognize(os.fsencode(name), ctypes.byref(content), ctypes.byref(what))
        if result < 0:
            raise OSError(-result, os.strerror(-result), name)
        return content.value, (what.value or b"").decode()

    def _file(self, name: str) -> None:
        # a pipe in a folder could block forever
        if not stat.S_ISREG(os.stat(name).st_mode):
            self.skipped.append((name, "not a regular file"))
            return
        content, what = self._recognize(name)
        if content == REPORT:
            return
        if has_ending(name) or content in (LOG, FOREIGN):
            self.logs.append(name)
            return
        self.skipped.append((name, what))
        if has_tag(name):
            self.tagged.append(name)

    def _entry(self, name: str, entry: str, depth: int) -> None:
        hidden = entry.startswith(".")
        try:
            # links to folders are not followed: they can form loops
            is_folder = stat.S_ISDIR(os.lstat(name).st_mode)
            if is_folder and not hidden:
                if depth == DEPTH_MAX:
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), name)
                self.walk(name, depth + 1)
            elif not is_folder and not os.path.isdir(name) and (not hidden or has_ending(entry)):
                self._file(name)
            elif not is_folder and not hidden:
                self.skipped.append((name, "a link to a folder"))
        except OSError as error:
            self.failed(name, error)

    def walk(self, folder: str, depth: int = 0) -> None:
        for entry in sorted(os.listdir(folder), key=os.fsencode):
            self._entry(os.path.join(folder, entry), entry, depth)
