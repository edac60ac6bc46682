#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Formats and sources are rows of tables. A command that was built without one of them, or with another name for it, has
nothing left of it in help, manual pages, completion and errors: no list of words is written by hand. Arguments: the
command, and the one whose rows were struck. Prints TAP.
"""

import re
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, Command
from shared.folder import Folder
from shared.tap import Tap

# What was struck: where its name is one of the words, and an error that lists them. No other text has these names.
STRUCK = {
    "azure": ("check", ("check", "--format=xyzzy", "-")),
    "plantuml": ("diagram", ("diagram", "--format=xyzzy")),
    "murphi": ("model", ("model", "--export=xyzzy")),
    "winlogon": ("model", ("check", "--source=xyzzy", "-")),
}
SHELLS = ("bash", "zsh", "fish", "powershell")
RENAMED = {"winlogon": "renamed"}

# What accepts the word, and says that it is unknown.
USES = {
    "azure": (("check", "-q", "--format=azure", "-"), ("check", "-q", "--output=azure:-", "-")),
    "plantuml": (("diagram", "--format=plantuml"),),
    "lcov": (("coverage", "--format=lcov", "-"), ("coverage", "--output=lcov:x", "-")),
    "murphi": (("model", "--export=murphi"),),
    "winlogon": (("check", "-q", "--source=winlogon", "-"), ("model", "winlogon"), ("diagram", "winlogon")),
}
TRACE = b"session=1 event=Logon\n"


def has(text, word):
    return re.search(rf"(?<![\w-]){word}(?![\w-])", text) is not None


def texts_of(command, name, error):
    """{what: text} of everything that lists words of a command."""
    texts = {f"{name} --help": command.run(name, "--help").text, f"man {name}": command.run("man", name).text,
             "the error": command.run(*error, input=b"").error}
    for shell in SHELLS:
        texts[f"completion for {shell}"] = command.run("completion", shell).text
    return {what: text.replace("\\-", "-") for what, text in texts.items()}


def check_texts(tap, command, struck):
    for word, (name, error) in STRUCK.items():
        before, after = texts_of(command, name, error), texts_of(struck, name, error)
        for what, text in before.items():
            # a report has too many formats for an error
            if what == "the error" and name == "check":
                tap.ok("unknown format 'xyzzy'" in text, f"{word}: an error", text)
                continue
            tap.ok(has(text, word), f"{word}: {what} has it", text)
            tap.ok(not has(after[what], word), f"{word}: {what} of the struck command does not", after[what])
            if word in RENAMED:
                tap.ok(has(after[what], RENAMED[word]), f"{word}: {what} has its other name", after[what])


def check_key(tap, command, struck):
    """The key of a trace that names the source."""
    trace = b"session=1 event=Logon source=-\n"
    for each, word in ((command, "winlogon"), (struck, RENAMED["winlogon"])):
        result = each.run("check", "-q", "-", input=trace)
        tap.ok(f"source: '-' is not wdm (default), wts, sens, lsm, {word}, "
               "winlogon-operational, profile, rdp or account" in result.text,
               f"{word}: what the key source can hold", result)


def check_uses(tap, command, struck, folder):
    for word, uses in USES.items():
        for use in uses:
            result = command.run(*use, input=TRACE, cwd=folder.path)
            tap.ok(result.status != STATUS_FAILED or "unknown" not in result.error, f"{' '.join(use)}: it is known", result)
            result = struck.run(*use, input=TRACE, cwd=folder.path)
            tap.ok(result.status == STATUS_FAILED and f"'{word}" in result.error, f"{' '.join(use)}: it is not", result)


def check_help(tap, command):
    """Each option shows its words, and no placeholder."""
    for name in ("check", "baseline", "coverage", "rules", "explain", "model", "diagram", "diff", "timeline", "completion", "man"):
        result = command.run(name, "--help")
        tap.ok(result.status == STATUS_CLEAN and "%s" not in result.text, f"{name} --help: no placeholder is left", result)


def main():
    tap = Tap()
    command, struck = Command(sys.argv[1], tap), Command(sys.argv[2], tap)
    check_texts(tap, command, struck)
    check_key(tap, command, struck)
    with Folder() as folder:
        check_uses(tap, command, struck, folder)
    check_help(tap, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
