# SPDX-License-Identifier: MIT
"""Readers of the commands that GitHub and Azure Pipelines find in the log of a build."""

import re

from shared.report_traces import HASH


def github_of(text):
    """The commands that GitHub's runner sees: (name, properties, message)."""
    found = []
    for line in re.split("\r\n|\n|\r", text):
        line = line.lstrip()
        match = re.match(r"::([^ :]+)(?: (.*?))?::(.*)", line)
        if match:
            pairs = [pair.partition("=") for pair in (match[2] or "").split(",")]
            found.append((match[1], {key: unescaped(value, ("%3A", ":"), ("%2C", ",")) for key, _, value in pairs},
                          unescaped(match[3])))
        found += [(f"old {command}", {}, "") for command in re.findall(HASH + r"\[(\w[\w-]*)", line)]
    return found


def unescaped(value, *more):
    for escape, sign in (*more, ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        value = value.replace(escape, sign)
    return value


def azure_of(text):
    """The commands that Azure's agent sees."""
    found = []
    for line in re.split("\r\n|\n|\r", text):
        for match in re.finditer(HASH + r"vso\[([\w.]+) ?([^\]]*)\](.*)", line):
            pairs = [pair.partition("=") for pair in match[2].split(";")]
            found.append((match[1], {key: unazured(value) for key, _, value in pairs if key},
                          unazured(match[3])))
        found += [("colour", {}, "")] * len(re.findall(HASH + r"\[", line))
    return found


def unazured(value):
    for escape, sign in (("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%AZP25", "%")):
        value = value.replace(escape, sign)
    return value
