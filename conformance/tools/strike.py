#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Copies a source file with one row of a table taken out, or changed: strike.py FROM TO OLD [NEW]."""

import sys


def main():
    source, target, old, *new = sys.argv[1:]
    with open(source, encoding="utf-8") as file:
        text = file.read()
    if text.count(old) != 1:
        sys.exit(f"{source}: {old} stands there {text.count(old)} times, not once")
    with open(target, "w", encoding="utf-8") as file:
        file.write(text.replace(old, new[0] if new else ""))


if __name__ == "__main__":
    main()
