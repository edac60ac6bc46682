# SPDX-License-Identifier: MIT
"""Text with @names@ in it."""

import re


def fill(text, values):
    """Puts in each value; a name without one is an error."""
    return re.sub(r"@(\w+)@", lambda match: str(values[match.group(1)]), text)


def names(text):
    return set(re.findall(r"@(\w+)@", text))
