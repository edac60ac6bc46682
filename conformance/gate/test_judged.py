# SPDX-License-Identifier: MIT
"""A gate does not pass by not looking: trace/nothing-judged, of files and folders, in every report and in a baseline.

Arguments: the command, trace_to_evtx. Prints TAP.
"""

import re
import subprocess
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS
from shared.gate import BROKEN, LIFE, counted, run_all, suppressed

NOTHING = "trace/nothing-judged"
MARKERS = "time=2026-01-02T03:04:05Z marker=boot\ntime=2026-01-02T03:04:06Z marker=shutdown\n"
FORMATS = ("text", "json", "sarif", "junit", "gitlab", "github", "azure", "markdown", "csv", "html", "perfetto")


def about(result):
    """The files and folders that hold nothing, as findings call them."""
    return [finding["file"] for finding in result.findings if finding["rule"] == NOTHING]


def check(place, *arguments, **options):
    return place.run("check", "-q", "--format=json", *arguments, **options)


def check_named(tap, place):
    place.file("empty.trace", MARKERS)
    place.file("full.trace", LIFE.format(1))
    subprocess.run([sys.argv[2], place.path / "empty.trace", place.path / "log.evtx"], check=True)
    for name in ("empty.trace", "log.evtx"):
        for options, status in (([], STATUS_CLEAN), (["--fail-on=warning"], STATUS_FINDINGS),
                                (["--rule=nothing-judged=error"], STATUS_FINDINGS), (["--strict"], STATUS_CLEAN)):
            result = check(place, *options, name)
            tap.ok(result.status == status and about(result) == [name] and result.findings[-1]["line"] == 0,
                   f"{name} {options}: a finding about the file, status {status}", result)
        result = check(place, "--rule=nothing-judged=off", name)
        tap.ok(not about(result) and result.status == STATUS_CLEAN, f"{name}: it can be switched off", result)
        tap.same(about(check(place, "full.trace", name)), [name], f"{name} beside one that holds something")
        tap.same(about(check(place, name, "full.trace")), [name], f"{name} before it")
    tap.same(about(check(place, "empty.trace", "log.evtx")), ["empty.trace", "log.evtx"], "each file that is named")
    tap.same(about(check(place, "-", input=MARKERS.encode())), ["<stdin>"], "standard input")
    result = place.run("check", "empty.trace")
    tap.ok(result.text.startswith("empty.trace: warning: nothing was judged: 2 records, none about a session or a driver "),
           "as text, without a line", result)


def check_folders(tap, place):
    """A folder holds something if one of its logs does."""
    for name in ("empty/a.trace", "empty/b/c.trace", "mixed/a.trace"):
        place.file(name, MARKERS)
    place.file("mixed/z.trace", LIFE.format(1))
    for argument in ("empty", "empty/", "./empty", "empty/b/.."):
        result = check(place, argument)
        tap.ok(about(result) == [argument.removesuffix("/")] and result.status == STATUS_CLEAN, f"{argument}: one finding",
               result)
    tap.same(about(check(place, "mixed")), [], "a log without sessions among others is no finding")
    tap.same(about(check(place, "mixed", "empty")), ["empty"], "each folder that is named")
    tap.same(about(check(place, "mixed", "mixed/a.trace")), ["mixed/a.trace"], "and a file of it, if that is named")
    result = place.command.run("check", "-q", "--format=json", ".", cwd=place.path / "empty")
    tap.same(about(result), ["."], "the current folder")


def check_failed(tap, place):
    """What could not be read is more than that it holds nothing."""
    place.file("none/notes.trace", "# nothing\n")
    place.file("bad.trace", "session=1 event=Logn\n")
    place.file("broken/a.trace", MARKERS)
    place.file("broken/picture.trace", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    for arguments in (["none"], ["none/notes.trace"], ["gone.trace"], ["bad.trace"], ["broken"]):
        result = check(place, *arguments)
        tap.ok(result.status == STATUS_FAILED and not about(result), f"{arguments}: status 2 says enough", result)
    result = check(place, "--rule=malformed=note", "bad.trace")
    tap.ok(result.status == STATUS_CLEAN and about(result) == ["bad.trace"], "unless that is no error", result)


def check_judged(tap, place):
    """What counts as judged."""
    for what, record in (("an event", "session=1 event=Created"), ("Ignore", "session=1 event=Ignore"),
                         ("a sample", "session=1 state=Initialized"), ("an object", "object=created io=0x1"),
                         ("a call", "call=IoUnregisterContainerNotification registration=0x1"),
                         ("a notification", "notify=Created io=0x1 session=1"), ("a breach", BROKEN.format(1))):
        place.file("x.trace", f"{record}\n")
        tap.same(about(check(place, "--start=unknown", "x.trace")), [], f"{what} is judged")


def check_reports(tap, place):
    place.file("x.trace", MARKERS)
    reports = [f"--output={form}:{form}" for form in FORMATS]
    place.run("check", "-q", *reports, "x.trace")
    for form in FORMATS:
        text = place.read(form).decode("utf-8")
        tap.ok(NOTHING in text and re.search("nothing(\\x20| |%20)was judged", text), f"{form} says so", text[:2000])


def check_baseline(tap, place):
    """It can be known, as of a machine that nobody uses, and is stale once the log holds something."""
    place.file("logs/a.trace", MARKERS)
    for argument in ("logs/a.trace", "logs", "logs/"):
        place.file("logs/a.trace", MARKERS)
        result = place.write("--fail-on=warning", argument)
        tap.ok(result.status == STATUS_CLEAN and len(place.entries()) == 1, f"{argument}: it is written to the baseline",
               result)
        result = place.check("--fail-on=warning", argument)
        tap.ok(result.status == STATUS_CLEAN and len(suppressed(result)) == 1 and not counted(result),
               f"{argument}: and does not count", result)
        place.file("logs/a.trace", LIFE.format(1))
        result = place.check("--fail-on=warning", argument)
        tap.ok(result.status == STATUS_FINDINGS and len(result.summary["stale"]) == 1, f"{argument}: then it is stale", result)
        (place.path / "b.json").unlink()
    place.file("logs/a.trace", MARKERS)
    place.write("--fail-on=warning", "logs")
    place.file("logs/b.trace", "session=1 event=Logn\n")
    result = place.check("--rule=malformed=off", "logs")
    tap.ok("stale" not in result.summary, "not where a log of the folder cannot be read in full", result)


if __name__ == "__main__":
    sys.exit(run_all(check_named, check_folders, check_failed, check_judged, check_reports, check_baseline))
