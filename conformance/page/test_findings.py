#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The page that checks finds what the command finds, to the byte: real logs one by one, as folders, with options.
Arguments: the command, the folder of the page, the root of the source, a folder of logs. Prints TAP.
"""

import pathlib
import sys

from shared.checking_page import CheckingPage, why_not
from shared.command import Command
from shared.folder import Folder
from shared.tap import Tap

APART = {"together": "apart"}


def compare(tap, command, page, where, claim, words, operands):
    """Compares the findings on the page, and what the page says is the same command, with the command's."""
    told = command.run("check", "--format=json", *words, *operands, cwd=where)
    tap.same(page.download("findings.json"), told.out, f"{claim}: the findings are the command's")
    tap.same(page.text("#command"), " ".join(["sessionlint", "check", *words, *operands]), f"{claim}: and it says which command that is")
    tap.ok(page.download("findings.txt") == command.run("check", *words, *operands, cwd=where).out, f"{claim}: as text, too")


def check_each(tap, command, page, logs):
    page.set(**APART)
    for log in sorted(logs.glob("*/*.evtx")):
        tap.ok(page.drop(log), f"{log.parent.name}/{log.name}: dropped")
        compare(tap, command, page, log.parent, f"{log.parent.name}/{log.name}", [], [log.name])


def check_folders(tap, command, page, logs):
    page.set(together="auto")
    for folder in sorted(path for path in logs.iterdir() if path.is_dir()):
        name = folder.name
        tap.ok(page.drop(folder), f"{name}: the folder is dropped")
        compare(tap, command, page, logs, name, ["--together"], [name])
        tap.same(page.download("timeline.ndjson"), command.run("timeline", "--together", "--format=ndjson", name, cwd=logs).out,
                 f"{name}: the timeline is the command's")
        tap.same(page.download("diagram.svg"), command.run("diagram", "--together", f"--trace={name}", cwd=logs).out,
                 f"{name}: the diagram is the command's")
        tap.ok(b"sessionlint report" in page.download("report.html"), f"{name}: there is a report page")
    tap.ok(page.drop(logs), "all folders at once: dropped")
    compare(tap, command, page, logs.parent, "all folders at once", ["--together"], [logs.name])


def check_ways(tap, command, page, logs):
    """The two buttons."""
    machine = logs / "remote-desktop"
    names = sorted(path.name for path in machine.glob("*.evtx"))
    tap.ok(page.choose("files", *(machine / name for name in names)), "several files are chosen")
    compare(tap, command, page, machine, "files that are chosen", ["--together"], names)
    tap.ok(page.choose("folder", machine), "a folder is chosen")
    compare(tap, command, page, logs, "a folder that is chosen", ["--together"], [machine.name])


def check_options(tap, command, page, logs):
    name = "server"
    page.drop(logs / name)
    for claim, values, words in (
            ("strict", {"strict": True}, ["--together", "--strict"]),
            ("strict and begun before", {"start": "unknown"}, ["--together", "--start=unknown", "--strict"]),
            ("anonymized", {"strict": False, "start": "auto", "anonymize": True}, ["--together", "--anonymize"]),
            ("by computer", {"anonymize": False, "together": "computer"}, ["--together=computer"]),
            ("each by itself, other options", {"together": "apart", "other": "--rule=gap=off  --recover"},
             ["--rule=gap=off", "--recover"])):
        last = list(values)[-1]
        page.set(**{option: value for option, value in values.items() if option != last})
        page.set(**{last: values[last]})
        tap.ok(page.finished(), f"{claim}: checked again at once")
        compare(tap, command, page, logs, claim, words, [name])
    page.set(other="", together="auto")
    page.finished()


def check_formats(tap, command, page, logs):
    page.drop(logs / "server")
    for choice, arguments, ending in (("check csv", ["check", "--together", "--format=csv"], "csv"),
                                      ("timeline text", ["timeline", "--together", "--format=text"], "txt"),
                                      ("coverage markdown", ["coverage", "--together", "--format=markdown"], "md")):
        page.set(format=choice)
        got = page.download(f"{choice.replace(' ', '-')}.{ending}", "document.getElementById('make').click()")
        tap.same(got, command.run(*arguments, "server", cwd=logs).out, f"{choice}: made and downloaded")


def check_examples(tap, command, page, root):
    traces = root / "traces"
    names = page.run("return [...document.querySelectorAll('#example option')].map(option => option.value).filter(value => value)")
    tap.same(names, [path.relative_to(traces).as_posix() for path in sorted(traces.glob("*/*.*")) if path.suffix != ".evtx"],
             "all traces are examples")
    page.set(example="illegal/logon-twice.trace")
    page.finished()
    compare(tap, command, page, traces / "illegal", "an example", [], ["logon-twice.trace"])
    page.set(example="partial/mid-life.trace")
    page.finished()
    compare(tap, command, page, traces / "partial", "an example with options", ["--start=unknown"], ["mid-life.trace"])
    page.run("""const field = document.getElementById('trace');
        field.value = 'session=1 event=Created\\nsession=1 event=Logon\\n';
        document.getElementById('other').value = '';
        document.getElementById('check').click();""")
    page.finished()
    tap.ok("Logon is illegal in Created" in page.text("#panel-findings"), "edited, and checked in place")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    folder, root, logs = map(pathlib.Path, sys.argv[2:])
    if why_not(folder):
        return tap.skip_all(why_not(folder))
    with Folder() as downloads, CheckingPage(folder, downloads.path) as page:
        check_examples(tap, command, page, root)
        if logs.is_dir():
            check_each(tap, command, page, logs)
            check_folders(tap, command, page, logs)
            check_ways(tap, command, page, logs)
            check_options(tap, command, page, logs)
            check_formats(tap, command, page, logs)
        else:
            tap.skip("real logs", f"there is no {logs.name} folder")
        tap.same((page.complaints(), page.others()), ([], []), "no complaint, and nothing is asked of anybody")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
