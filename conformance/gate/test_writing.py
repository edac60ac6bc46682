# SPDX-License-Identifier: MIT
"""How a baseline is written: as a whole or not at all, over nothing but a baseline; and prune and list.

Argument: the command. Prints TAP.
"""

import os
import stat
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED
from shared.gate import BROKEN, DAY, LIFE, NOW, baseline, entry, run_all

try:
    import resource
except ImportError:
    resource = None


def check_first(tap, place):
    place.file("a.trace", LIFE.format(1))
    result = place.write("a.trace", reason=None)
    tap.ok(result.status == STATUS_CLEAN and place.read() == b'{"baseline":"sessionlint","version":1,"entries":[\n]}\n'
           and "0 added, 0 renewed, 0 unchanged" in result.error, "without findings: a baseline without entries", result)
    tap.ok(not result.out, "nothing on standard output")
    place.file("a.trace", BROKEN.format(1))
    result = place.write("a.trace", reason=None)
    tap.ok(result.status == STATUS_FAILED and "--reason=TEXT is needed: 1 finding without" in result.error
           and place.entries() == [], "a finding needs a reason", result)
    result = place.write("--quiet", "a.trace")
    tap.ok(result.status == STATUS_CLEAN and not result.err and len(place.entries()) == 1, "--quiet: silence", result)
    tap.same(place.names(), ["a.trace", "b.json"], "nothing temporary stays")
    result = place.run("baseline", "write", "--baseline=none/b.json", "--reason=x", "a.trace")
    tap.ok(result.status == STATUS_FAILED and "none/b.json: No such file" in result.error, "a folder that is not there",
           result)


def check_refused(tap, place):
    """A baseline never takes the place of something else."""
    place.file("a.trace", BROKEN.format(1))
    place.file("other.trace", LIFE.format(1))
    place.file("notes.txt", "hands off")
    place.file("empty", "")
    for path, complaint in (("a.trace", "cannot be both the baseline and a log"), ("other.trace", "other.trace:1:1: "),
                            ("notes.txt", "notes.txt:1:1: "), ("empty", "empty:1:1: unexpected end of file"), (".", ".: ")):
        before = {name: (place.path / name).read_bytes() for name in place.names()}
        for logs in (["a.trace"], ["."]):
            if path == "." and logs == ["."]:
                continue
            result = place.run("baseline", "write", f"--baseline={path}", "--reason=x", *logs)
            # a folder is searched for what has the ending of a log
            wanted = "cannot be both" if logs == ["."] and path.endswith(".trace") else complaint
            tap.ok(result.status == STATUS_FAILED and wanted in result.error, f"--baseline={path}, {logs}: refused",
                   result)
            tap.same({name: (place.path / name).read_bytes() for name in place.names()}, before,
                     f"--baseline={path}, {logs}: all is as it was")
    place.write("a.trace")
    before = place.read()
    for arguments in (("check", "--output=json:b.json"), ("check", "-osarif:./b.json")):
        result = place.run(*arguments, "--baseline=b.json", "a.trace")
        tap.ok(result.status == STATUS_FAILED and "would overwrite" in result.error and place.read() == before,
               f"{arguments}: a report does not overwrite the baseline", result)
    result = place.write("gone.trace", "a.trace")
    tap.ok(result.status == STATUS_FAILED and "b.json: left unchanged" in result.error and place.read() == before,
           "a log that cannot be read: nothing is written", result)
    if not place.command.for_windows:
        for path in ("/dev/null", "/dev/full"):
            result = place.run("baseline", "write", f"--baseline={path}", "--reason=x", "a.trace")
            tap.ok(result.status == STATUS_FAILED and stat.S_ISCHR(os.stat(path).st_mode), f"{path} is no baseline",
                   result)


def check_kept(tap, place):
    """What people wrote stays, whatever is added."""
    place.file("b.json", baseline(entry(log="z.trace", subject="", message="by hand", reason="old \u00e9",
                                        expires="2027-01-01"),
                                  entry(fingerprint="fedcba9876543210:12", log="b.trace", rule="trace/gone")))
    before = place.entries()
    place.file("a.trace", BROKEN.format(1))
    result = place.write("a.trace")
    tap.ok("1 added, 0 renewed, 2 unchanged" in result.error, "write counts", result)
    tap.same([e["log"] for e in place.entries()], ["a.trace", "b.trace", "z.trace"], "sorted by log")
    tap.ok(all(e in place.entries() for e in before), "entries of other logs stay to the letter", place.entries())
    text = place.read()
    times = (place.path / "b.json").stat()
    result = place.write("a.trace", reason="another")
    tap.ok(place.read() == text and (place.path / "b.json").stat().st_ino == times.st_ino
           and "0 added, 0 renewed, 3 unchanged" in result.error, "nothing new: the file is not touched", result)


def check_whole(tap, place):
    """A disk that is full, rights and links."""
    place.file("a.trace", "".join(BROKEN.format(n) for n in range(100)))
    place.file("b.json", baseline(entry(log="z.trace")))
    before = place.read()
    if place.command.for_windows or resource is None:
        tap.skip("a disk that is full", "a limit of file sizes needs POSIX")
        tap.skip("rights and links", "they need POSIX")
        return
    result = place.write("a.trace", restore_signals=False,
                         preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)))
    tap.ok(result.status == STATUS_FAILED and "b.json: File too large" in result.error and place.read() == before
           and place.names() == ["a.trace", "b.json"], "a file that cannot be written whole: the old one stays", result)
    (place.path / "b.json").chmod(0o640)
    place.write("a.trace")
    tap.same(((place.path / "b.json").stat().st_mode & 0o777, len(place.entries())), (0o640, 101), "rights stay")
    (place.path / "real").mkdir()
    (place.path / "b.json").rename(place.path / "real" / "c.json")
    (place.path / "b.json").symlink_to("real/c.json")
    place.file("d.trace", BROKEN.format(1))
    place.write("d.trace")
    tap.ok((place.path / "b.json").is_symlink() and len(place.entries("real/c.json")) == 102,
           "a link stays, and what it leads to is written")
    tap.same(sorted(os.listdir(place.path / "real")), ["c.json"], "with nothing beside it")
    old = os.umask(0o027)
    try:
        place.run("baseline", "write", "--baseline=new.json", "--reason=x", "d.trace")
    finally:
        os.umask(old)
    tap.same((place.path / "new.json").stat().st_mode & 0o777, 0o640, "a new file has the rights of any other")


def check_prune(tap, place):
    place.file("a.trace", BROKEN.format(1) + BROKEN.format(2))
    place.file("b.trace", BROKEN.format(1))
    place.write("a.trace", "b.trace", "--expires=2026-12-01")
    result = place.run("baseline", "prune", "--baseline=b.json", "a.trace", "b.trace")
    tap.ok(result.status == STATUS_CLEAN and "0 removed, 3 left" in result.error, "prune: nothing is stale", result)
    place.file("a.trace", LIFE.format(1) + BROKEN.format(2))
    place.file("b.trace", LIFE.format(1))
    for options in (("--rule=illegal-transition=off",), ("--start=unknown", "gone.trace")):
        result = place.run("baseline", "prune", "--baseline=b.json", *options, "a.trace", "b.trace")
        tap.same(len(place.entries()), 3, f"prune {options}: what was not looked for is not removed")
    result = place.run("baseline", "prune", "--baseline=b.json", "a.trace")
    tap.ok("1 removed, 2 left" in result.error and "stale entry" in result.error and [e["log"] for e in place.entries()]
           == ["a.trace", "b.trace"], "prune: entries of logs that are not read stay", result)
    result = place.run("baseline", "prune", "--baseline=b.json", "a.trace", "b.trace", now=NOW + 99 * DAY)
    tap.ok([(e["log"], e["subject"]) for e in place.entries()] == [("a.trace", "session 2")],
           "prune: an entry that has expired stays if something matches it", result)
    result = place.check("a.trace", "b.trace")
    tap.ok(result.status == STATUS_CLEAN and "stale" not in result.summary, "behind prune, nothing is stale", result)
    place.file("a.trace", LIFE.format(1))
    result = place.write("a.trace")
    tap.ok("1 stale" in result.error and len(place.entries()) == 1, "write tells of stale entries, and keeps them",
           result)


def check_list(tap, place):
    place.file("b.json", baseline(entry(log="z.trace", reason="two\nlines", expires="2026-11-23"),
                                  entry(fingerprint="00000000000000aa:2", log="a.trace", subject="", message="\x1b[31m",
                                        rule="x/y", expires="2026-11-24")))
    result = place.run("baseline", "list", "--baseline=b.json")
    tap.same(result.text, "a.trace: \\x1b[31m [x/y]\n  reason: known\n  valid until 2026-11-24\n"
             "z.trace: session 1: Logon is illegal in Created [session/illegal-transition]\n  reason: two\\x0alines\n"
             "  expired on 2026-11-23\n", "list: the entries, safe to show")
    tap.same((result.status, result.error), (STATUS_CLEAN, ""), "and nothing else")


if __name__ == "__main__":
    sys.exit(run_all(check_first, check_refused, check_kept, check_whole, check_prune, check_list))
