#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Scripts and manual pages: shellcheck on the project's own and on bash's completion, the parser that Visual Studio
Code has of PowerShell, and mandoc. What shells themselves say of their scripts is tested in ../cli/test_completion.py.
Argument: the command. Prints TAP.
"""

import re
import sys

from shared import outside
from shared.command import Command
from shared.tap import Tap

PARSERS = "@vscode/tree-sitter-wasm"

POWERSHELL = """
async function answer(texts, folder) {
    const { Parser, Language } = require(folder + '/tree-sitter.js');
    await Parser.init({ locateFile: (name) => folder + '/' + name });
    const parser = new Parser();
    parser.setLanguage(await Language.load(folder + '/tree-sitter-powershell.wasm'));
    const wrong = (node) => node.isError || node.isMissing ? [node.startPosition.row + 1, node.text.slice(0, 80)]
        : node.children.map(wrong).find((found) => found);
    return texts.map((text) => wrong(parser.parse(text).rootNode) ?? null);
}
"""

# A page has no date but that of its version; the other kind is about the length of a line of its source.
UNMINDED = re.compile(r"WARNING: missing date, using \"\": TH|STYLE: input text line longer than 80 bytes")


def check_shellcheck(tap, command):
    shellcheck = outside.program("shellcheck")
    packaging = outside.ROOT / "packaging"
    for path in (outside.ROOT / "dev", outside.ROOT / ".ci" / "run", *outside.ROOT.glob("conformance/**/*.sh"),
                 *packaging.glob("**/*.sh"), *packaging.glob("*/build"),
                 packaging / "cross" / "zig-cc", packaging / "debian" / "tests" / "installed"):
        done = outside.run([shellcheck, "-x", path])
        tap.ok(done.returncode == 0 and not done.stdout, f"shellcheck: {path.relative_to(outside.ROOT)}", done.stdout)
    # what is completed are words without blanks, and bash 3 has no mapfile
    done = outside.run([shellcheck, "-s", "bash", "-e", "SC2207", "-"], command.run("completion", "bash").out)
    tap.ok(done.returncode == 0 and not done.stdout, "shellcheck: the completion of bash", done.stdout)
    tap.ok(outside.run([shellcheck, "-s", "bash", "-"], b"rm -r $1/\n").returncode, "shellcheck sees an open word")


def check_powershell(tap, command):
    folder = outside.package(PARSERS, "wasm")
    script = command.run("completion", "powershell").text
    whole, cut = outside.node(POWERSHELL, [script, "function a { @('b' }\n"], folder)
    tap.same(whole, None, "the parser of PowerShell: the completion")
    tap.ok(cut, "the parser of PowerShell refuses a bracket that is open")


def check_mandoc(tap, command):
    mandoc = outside.program("mandoc")

    def complaints(page):
        done = outside.run([mandoc, "-Tlint"], page)
        return [line for line in (done.stdout + done.stderr).splitlines() if not UNMINDED.search(line)]

    names = re.findall(r"^  ([a-z]+) ", command.run("--help").text.split("\nCommands:\n")[1].split("\n\n")[0], re.M)
    for name in ("", *names):
        found = complaints(command.run("man", *([name] if name else [])).out)
        tap.ok(not found, f"mandoc: man {name}".rstrip(), *found)
    tap.ok(complaints(b".TH A 1\n.SH NAME\na \\- b\n.NOWHERE\n"), "mandoc sees a macro that is none")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    outside.attempt(tap, "shellcheck has nothing against the scripts", check_shellcheck, command)
    outside.attempt(tap, "the parser of PowerShell takes the completion", check_powershell, command)
    outside.attempt(tap, "mandoc has nothing against the pages", check_mandoc, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
