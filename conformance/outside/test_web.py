#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The page in HTML, and the pictures, held to the standard by the W3C's checker (vnu), which reads all of them at once.
Argument: the command. Prints TAP.
"""

import json
import re
import sys

from shared import outside, outside_reports
from shared.command import Command
from shared.folder import Folder
from shared.tap import Tap

# It does not look whether what stands in the page has the hash that the page's policy names; ../html/ does, in a
# browser. The others are wishes for less.
UNMINDED = re.compile(r"violates Content Security Policy|is unnecessary for element")

MODELS = ("published", "observed", "lsm", "registration")

FAULTS = {"html": (b"</h1>", b"</h2>"), "svg": (b"<rect ", b"<rectangle ")}


def complaints(folder, written):
    """What the checker has against each file: {name: texts}."""
    paths = {name: folder.file(f"{number}.{'svg' if name.startswith('svg') else 'html'}", data)
             for number, (name, data) in enumerate(written.items())}
    done = outside.run([outside.program("java"), "-jar", outside.package("vnu-jar", "build/dist/vnu.jar"),
                        "--also-check-svg", "--stdout", "--exit-zero-always", "--format", "json", *paths.values()])
    if done.returncode:
        raise RuntimeError(done.stderr)
    found = [(message["url"], f"{message.get('lastLine')}: {message['message']}")
             for message in json.loads(done.stdout)["messages"] if not UNMINDED.search(message["message"])]
    return {name: [text for url, text in found if url.endswith(f"/{path.name}")] for name, path in paths.items()}


def check_pages(tap, command, folder):
    written = {f"html {what}": result.out
               for what, result in outside_reports.reports(command, "html", folder, together=True).items()
               if not what.startswith("golden") or what == "golden driver"}
    written |= {f"svg {model}": command.run("diagram", model).out for model in MODELS}
    traces = [f"--trace={path}" for path in outside.ROOT.glob("traces/*/*.trace")]
    written["svg observed with traces"] = command.run("diagram", "observed", *traces).out
    faults = {f"{kind} with a fault": next(data for what, data in written.items() if what.startswith(kind))
              .replace(*FAULTS[kind], 1) for kind in FAULTS}
    for what, found in complaints(folder, {**written, **faults}).items():
        if what in faults:
            tap.ok(found, f"vnu refuses {what}")
        else:
            tap.ok(not found, f"vnu: {what}", *found)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        outside.attempt(tap, "vnu has nothing against the pages", check_pages, command, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
