# SPDX-License-Identifier: MIT
"""A folder for the files of a test."""

import pathlib
import tempfile


class Folder:
    """A folder of the test's own; gone when the test is."""

    def __init__(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="sessionlint-")
        self.path = pathlib.Path(self.temporary.name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.temporary.cleanup()

    def file(self, name, content=""):
        """Writes a file, with the folders above it; returns its path."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path
