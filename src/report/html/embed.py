#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the page of reports as arrays for C, in one header: page.html with the style and the scripts in it, and a policy
that lets nothing else run. The page is cut where the report writes what it found.
Arguments: page.html, then the files of CSS and JavaScript in their order.
"""

import base64
import hashlib
import pathlib
import re
import sys

# The report writes between these parts.
PLACES = {"{{totals}}": "page_begin", "{{diagram}}": "page_to_diagram", "{{data}}": "page_to_data"}
LAST = "page_end"

POLICY = ("default-src 'none'; script-src '{script}'; style-src '{style}'; base-uri 'none'; form-action 'none'; "
          "require-trusted-types-for 'script'; trusted-types 'none'")


def shortened(text):
    """Without indentation, empty lines and lines of comment: a report has no tabs. Strings over several lines must not
    be in it."""
    text = re.sub(r"^/\*.*?\*/$", "", text, flags=re.M | re.S)
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


def digest(text):
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def together(paths, ending):
    text = "".join(shortened(pathlib.Path(path).read_text(encoding="utf-8")) for path in paths if path.endswith(ending))
    if "</" in text or "<!--" in text or not text.isascii():
        sys.exit(f"embed.py: {ending}: what ends an element, or is no ASCII")
    return text


def array(name, text):
    data = text.encode()
    rows = (data[at:at + 24] for at in range(0, len(data), 24))
    return f"static const unsigned char {name}[] = {{\n" + \
        "".join("\t" + ", ".join(map(str, row)) + ",\n" for row in rows) + "};\n"


def main():
    page, paths = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"), sys.argv[2:]
    style, script = together(paths, ".css"), together(paths, ".js")
    page = page.replace("{{policy}}", POLICY.format(script=digest(script), style=digest(style)))
    page = page.replace("{{style}}", style).replace("{{script}}", script)
    print("/* Made from page.html and what is beside it by embed.py. */")
    for place, name in PLACES.items():
        part, page = page.split(place)
        print(array(name, part))
    print(array(LAST, page))


if __name__ == "__main__":
    main()
