#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A log is judged as if it were the only one of a run: given twice, each trace has the same findings twice. Arguments: the command
and folders of traces. Prints TAP.
"""

import pathlib
import sys

from shared.command import Command, options_of
from shared.tap import Tap


def findings_of(command, path, options):
    """The findings in the order in which they are told. A fingerprint counts those that are alike, in all logs."""
    result = command.run("check", "--quiet", "--no-config", "--format=json", *options, path.name, path.name, cwd=path.parent)
    return [{key: value for key, value in finding.items() if key != "fingerprint"} for finding in result.findings]


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    paths = sorted(path for folder in sys.argv[2:] for path in pathlib.Path(folder).rglob("*.trace"))
    different, count = [], 0
    for path in command.sampled(paths):
        options = options_of(path.read_text(encoding="utf-8"))
        if "--together" in options:
            continue
        found = findings_of(command, path, options)
        half = len(found) // 2
        count += half
        if found[:half] != found[half:]:
            different.append(f"{path}: {next((pair for pair in zip(found, found[half:]) if pair[0] != pair[1]), found[-1])}")
    tap.none(different, f"{len(paths)} traces, {count} findings: the same for the second time")
    tap.ok(count > len(paths), "there are findings")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
