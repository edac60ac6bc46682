# SPDX-License-Identifier: MIT
"""Wine, which runs programs for Windows."""

import os

# Starts a program for Windows.
WINE = os.environ.get("WINE", "wine")

# What Wine needs of the environment of a test.
WINE_ENVIRONMENT = {name: value for name, value in os.environ.items() if name.startswith("WINE")}


def is_end_of_wine(done):
    """Whether Wine came to grief and not the command. One in some thousands of its processes stumbles over the
    dynamic linker when it ends, or ends with 1 before the command has said a word; the command never does."""
    return (done.returncode == 127 and b"Inconsistency detected by ld.so" in (done.stderr or b"")
            or done.returncode == 1 and done.stdout == b"" == done.stderr)
