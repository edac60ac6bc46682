#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the page says of the run: command line, date, and each log with its size and SHA-256. Arguments: the command, a
folder of logs. Prints TAP.
"""

import hashlib
import os
import pathlib
import shlex
import sys

from shared.browser import Browser, missing
from shared.command import Command
from shared.folder import Folder
from shared.pages import Page
from shared.tap import Tap

GOOD = b"".join(b"session=1 event=%s\n" % event for event in (b"Created", b"Connected", b"Logon", b"Logoff", b"Terminated"))
BAD = b"session=1 event=Logon\n"


def run_of(command, *arguments, **more):
    return Page(command.run("check", "-q", "--format=html", *arguments, **more).out)


def inputs(page):
    """By path: size, records, digest."""
    return {page.data["texts"][file]: tuple(rest) for file, *rest in page.data["run"]["inputs"]}


def hashed(content, records):
    return len(content), records, hashlib.sha256(content).hexdigest()


def check_files(tap, command, folder):
    paths = [folder.file(name, content) for name, content in (("good.trace", GOOD), ("bad.trace", BAD))]
    page = run_of(command, *map(str, paths))
    expected = {str(paths[0]): hashed(GOOD, 5), str(paths[1]): hashed(BAD, 1)}
    tap.same(inputs(page), expected, "each log has size, records and SHA-256, also without findings")
    both = GOOD * 30_000
    path = folder.file("large.trace", both)
    tap.same(inputs(run_of(command, str(path))), {str(path): hashed(both, 150_000)}, "one of megabytes")
    tap.same(inputs(run_of(command, "--reverse", str(path))), {str(path): hashed(both, 150_000)}, "and read from its end")
    tap.same(inputs(run_of(command, "-", input=both)), {"<stdin>": hashed(both, 150_000)}, "a pipe is hashed as it is read")
    tap.same(inputs(run_of(command, "--reverse", "-", input=both)), {"<stdin>": hashed(both, 150_000)}, "also from its end")
    tap.same(inputs(run_of(command, "--join", *map(str, paths))), expected, "the parts of one log")
    newest = b"".join(reversed([b"time=2026-01-01T00:00:%02dZ session=1 event=Ignore\n" % i for i in range(30)]))
    path = folder.file("newest.trace", newest)
    tap.same(inputs(run_of(command, str(path))).get(str(path), ())[2:], (hashlib.sha256(newest).hexdigest(),),
             "a log that could not be judged is hashed to its end")


def check_command(tap, command, folder):
    path = folder.file("a file's name.trace", GOOD)
    arguments = ["check", "-q", "--format=html", "--host=x y$z\"", str(path)]
    page = Page(command.run(*arguments).out)
    if os.name == "posix" and not command.emulated and command.words[0].endswith("sessionlint"):
        tap.same(shlex.split(page.data["run"]["command"]), ["sessionlint", *arguments], "the command line can be pasted")
    else:
        tap.skip("the command line can be pasted", "the shell is another one")
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1772438400"}
    tap.same(run_of(command, str(path), env=environment).data["run"]["seconds"], 1772438400, "SOURCE_DATE_EPOCH is the date")
    for options in (("--host", "secret-host"), ("--host=secret-host",), ("--host", "--secret-host"), ("-qfhtml", "--host=-secret")):
        page = run_of(command, "--anonymize", *options, "-fhtml", "--", str(path))
        words = page.data["run"]["command"]
        tap.ok("secret" not in page.text and "--anonymize" in words and "--host=..." in words and "'" not in words,
               f"--anonymize {' '.join(options)}: no value is in the command line", words)


def check_logs(tap, command, logs):
    if not logs.is_dir():
        tap.skip("real logs", f"there is no {logs.name} folder")
        return
    found = sorted((logs / "server").glob("*.evtx")) + sorted((logs / "workstation").glob("*.evtx"))
    expected = {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}
    for options in ((), ("--together=folder",)):
        page = run_of(command, *options, str(logs / "server"), str(logs / "workstation"))
        tap.same({path: row[2] for path, row in inputs(page).items()}, expected, f"real logs: SHA-256 of each {options}")
    log = found[0].read_bytes()
    tap.same({row[2] for row in inputs(run_of(command, "-", input=log)).values()}, {hashlib.sha256(log).hexdigest()},
             "real logs: from a pipe")


def check_shown(tap, browser, command, folder):
    """The page shows all of it; logs of the same name are told apart."""
    paths = []
    for name in ("one", "two"):
        (folder.path / name).mkdir()
        (folder.path / name / "System.trace").write_bytes(GOOD if name == "one" else BAD)
        paths.append(folder.path / name / "System.trace")
    page = folder.file("same.html")
    result = command.run("check", "-q", "--format=json", f"--output=html:{page}", *map(str, paths),
                         env={**os.environ, "SOURCE_DATE_EPOCH": "1772438400"})
    browser.open(page)
    rows = browser.run("return [...document.querySelectorAll('#inputs tbody tr')].map(row => [...row.cells].map(cell => cell.innerText))")
    tap.same([(row[0], row[3], row[4]) for row in rows],
             [("one/System.trace", "0", hashlib.sha256(GOOD).hexdigest()),
              ("two/System.trace", str(len(result.findings)), hashlib.sha256(BAD).hexdigest())],
             "shown: shortest names that differ, findings and hashes")
    text = browser.run("return document.querySelector('#run').innerText")
    tap.ok("2026-03-02 08:00:00 UTC" in text and "sessionlint check -q" in text and str(paths[0]) in text,
           "shown: date and command line", text)
    places = browser.run("return [...document.querySelectorAll('#list-rows .cell-place')].map(cell => cell.textContent)")
    for count, words in ((1, "1 more log is not"), (2, "2 more logs are not")):
        shown = browser.run("""data.run.inputsOmitted = arguments[0];
            byId('inputs').replaceChildren();
            buildInputs();
            return byId('inputs').innerText;""", count)
        tap.ok(f"{words} on this page." in shown, f"shown: {words} on the page", shown)
    tap.ok(places and all(place.startswith("two/System.trace") for place in places), "shown: in the list, too", places)


def main():
    tap = Tap()
    command, logs = Command(sys.argv[1], tap), pathlib.Path(sys.argv[2])
    with Folder() as folder:
        check_files(tap, command, folder)
        check_command(tap, command, folder)
        check_logs(tap, command, logs)
        if missing():
            tap.skip("the inputs on the page", missing())
            return tap.done()
        with Browser() as browser:
            check_shown(tap, browser, command, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
