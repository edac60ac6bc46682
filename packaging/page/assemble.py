#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the page that checks as one file: page.html with the command as WebAssembly, its worker, style, scripts and
examples in it, and a policy that lets nothing else run and nothing be loaded.
Arguments: the root of the source, the .wasm, the folder of its build.
"""

import base64
import gzip
import json
import pathlib
import re
import sys

TOP = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(TOP / "src/report/html"))
from embed import digest, together  # noqa: E402

PAGE = TOP / "packaging/page"
STYLES = ["src/report/html/page.css", "packaging/page/page.css"]
SCRIPTS = ["src/report/html/dom.js", *(f"packaging/page/{name}.js" for name in ("words", "files", "checker", "results", "page"))]
WORKER = ["packaging/wasi/wasi.js", "packaging/wasi/memory_files.js", "packaging/page/worker.js"]

# Scripts and styles by their hashes: those of the page, and those of the report that it shows in a frame.
POLICY = ("default-src 'none'; script-src {scripts} 'wasm-unsafe-eval'; style-src {styles}; worker-src blob:; "
          "frame-src blob:; img-src blob:; connect-src 'none'; base-uri 'none'; form-action 'none'; "
          "require-trusted-types-for 'script'; trusted-types sessionlint-worker")


def report_digests(build):
    """The hashes of the script and of the style of a report, as its own policy has them."""
    numbers = re.search(r"page_begin\[\] = \{([^}]*)\}", (build / "src/report/html/html_page.h").read_text())[1]
    page = bytes(map(int, re.findall(r"\d+", numbers))).decode()
    return re.findall(r"(?:script|style)-src '(sha256-[^']+)'", page)


def worker_script():
    """Modules as one script: what they export is there already."""
    text = together([str(TOP / path) for path in WORKER], ".js")
    return re.sub(r"^(?:import|export) \{[^}]*\}.*;\n", "", text, flags=re.M)


def examples():
    """The text traces, for people to edit. As JSON in HTML: no element can end in it."""
    found = {path.relative_to(TOP / "traces").as_posix(): path.read_text(encoding="utf-8")
             for path in sorted((TOP / "traces").glob("*/*.*")) if path.suffix != ".evtx"}
    return json.dumps(found).replace("<", "\\u003c")


def main():
    wasm, build = map(pathlib.Path, sys.argv[2:])
    style = together([str(TOP / path) for path in STYLES], ".css")
    script = together([str(TOP / path) for path in SCRIPTS], ".js")
    report_script, report_style = report_digests(build)
    parts = {
        "policy": POLICY.format(scripts=f"'{digest(script)}' '{report_script}'", styles=f"'{digest(style)}' '{report_style}'"),
        "style": style, "script": script, "worker": worker_script(), "examples": examples(),
        "program": base64.b64encode(gzip.compress(wasm.read_bytes(), 9, mtime=0)).decode(),
        "version": re.search(r"^  version: '(.*)',$", (TOP / "meson.build").read_text(), re.M)[1],
    }
    page = (PAGE / "page.html").read_text(encoding="utf-8")
    print(re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], page), end="")


if __name__ == "__main__":
    main()
