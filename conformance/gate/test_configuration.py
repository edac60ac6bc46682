# SPDX-License-Identifier: MIT
"""The file .sessionlint: where it is found, what it can say, what is wrong with it, and that the command line wins.

Argument: the command. Prints TAP.
"""

import os
import random
import re
import socket
import sys

from shared import evtx_bytes
from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS
from shared.gate import BROKEN, LIFE, baseline, counted, run_all, suppressed

NAME = ".sessionlint"

# Options of check that are of a run, not of a repository.
ALONE = ("format", "join", "together", "window", "anonymize", "jobs", "host", "session", "user", "address", "since", "until", "severity", "notes", "output", "certificate", "anchor", "junit-flavor", "show-suppressed", "hide-suppressed", "config", "no-config", "watch", "quiet",
         "color", "help")

UNDOCUMENTED = "session=1 event=Created\nsession=1 event=Disconnected\nsession=1 event=Logon\n" \
    "session=1 event=Connected\nsession=1 event=Terminated\n"
FLAGS = "class=IoSessionStateNotification call=IoRegisterContainerNotification io=0x1 registration=0x1 size={} flags=0 " \
    "mask=0xffffffff status=0\n"

# a log whose header counts none of its records, and whose file has no name that proves their channel
LEFTOVERS = bytes(evtx_bytes.log_build([evtx_bytes.lsm_event(i, event, evtx_bytes.Element("SessionID", "3"))
                                        for i, event in enumerate((23, 23), 1)]).count_kept(1, 0).data)

# A line for each key, and a trace that is judged otherwise with it.
KEYS = {
    "strict": ("strict = true", UNDOCUMENTED),
    "rule": ("rule = illegal-transition=off", BROKEN.format(1)),
    "fail-on": ("fail-on = never", BROKEN.format(1)),
    "fail-on-undetermined": ("fail-on-undetermined = true", LIFE.format(1) + "marker=gap\nsession=1 event=Created\n"),
    "start": ("start = unknown", "session=1 event=Logoff\nsession=1 event=Disconnected\nsession=1 event=Terminated\n"),
    "source": ("source = winlogon", "session=1 event=7001\n"),
    "pointer-size": ("pointer-size = 4", FLAGS.format(24)),
    "reverse": ("reverse = true", "".join(reversed(LIFE.format(1).splitlines(True)))),
    "recover": ("recover = true", LEFTOVERS),
    "reorder": ("reorder = 10s", "time=2026-03-02T10:00:01Z session=1 event=Connected\n"
                                 "time=2026-03-02T10:00:00Z session=1 event=Created\n"
                                 "time=2026-03-02T10:00:02Z session=1 event=Terminated\n"),
    "baseline": ("baseline = known.json", BROKEN.format(1)),
    "allow-stale": ("baseline = stale.json\nallow-stale = true", LIFE.format(1)),
}

WRONG = {
    "strct = true": "1: unknown key 'strct'; did you mean strict?",
    "frobnicate = 1": "1: unknown key 'frobnicate'\n",
    "Strict = true": "1: unknown key 'Strict'; did you mean strict?",
    "--strict = true": "1: unknown key '--strict'",
    " = true": "1: unknown key ''",
    "strict": "1: expected 'key = value' or a comment (#)",
    "[section]": "1: expected 'key = value'",
    "strict = yes": "1: 'strict' must be true or false, not 'yes'",
    "strict =": "1: 'strict' must be true or false, not ''",
    "strict = true # known": "1: 'strict' must be true or false, not 'true # known'",
    "allow-stale = TRUE": "1: 'allow-stale' must be true or false, not 'TRUE'",
    "strict = true\n\nstrict = true": "3: 'strict' is already set in line 1",
    "source = wts\nsource = lsm": "2: 'source' is already set in line 1",
    "# one\n\n  rule = gap": "3: --rule needs NAME=SEVERITY, not 'gap'",
    "rule = gpa=off": "1: unknown rule 'gpa'; did you mean gap?",
    "rule = gap=of": "1: unknown severity 'of'; did you mean off?",
    "fail-on = warn": "1: unknown severity 'warn'",
    "fail-on = errors": "1: unknown severity 'errors'; did you mean error?",
    "source = wmd": "1: unknown source 'wmd'; did you mean wdm?",
    "start = unknowm": "1: unknown start 'unknowm'; did you mean unknown?",
    "pointer-size = 16": "1: unknown pointer size '16'",
    "baseline =": "1: --baseline needs a path",
    "strict = \x1b[31m": "1: the line is not valid UTF-8 text",
    "strict = true\0": "1: the line is not valid UTF-8 text",
    b"# \xff": "1: the line is not valid UTF-8 text",
    b"\xff\xfes\0t\0r\0": "1: the line is not valid UTF-8 text",
    "\n" * 70_000 + "x": "70001: expected 'key = value'",
    "x" * 500_000: "1: expected 'key = value'",
    "x" * 900_000 + " = 1": "1: unknown key 'xxx",
    "#" * (1 << 20): " exceeds the maximum size of a configuration (1 MiB)",
    **{f"{name} = x": f"1: '{name}' can only be given on the command line" for name in ALONE if name != "help"},
}


def check_keys(tap, place):
    """Each option that decides what is found is a key, and does the same."""
    text = place.run("check", "--help").text
    options = set(re.findall(r"^  (?:-.,|   ) --([a-z-]+)", text, re.M))
    tap.same(options - set(ALONE), set(KEYS), "the keys are check's options but those of a run")
    place.file("x.trace", BROKEN.format(1))
    place.run("baseline", "write", "--baseline=known.json", "--reason=x", "x.trace")
    place.file("stale.json", place.read("known.json"))
    for key, (lines, trace) in KEYS.items():
        place.file("x.trace", trace)
        place.file(NAME, "\n".join(line for line in lines.split("\n") if not line.startswith(key)))
        without = place.run("check", "-q", "--format=json", "x.trace")
        place.file(NAME, lines + "\n")
        result = place.run("check", "-q", "--format=json", "x.trace")
        options = [f"--{line.replace(' = true', '').replace(' = ', '=', 1)}" for line in lines.split("\n")]
        same = place.run("check", "-q", "--format=json", "--no-config", *options, "x.trace")
        tap.ok((result.out, result.status) == (same.out, same.status) and not same.error.startswith("sessionlint: --"),
               f"{key}: as on the command line", result, same)
        tap.ok((result.out, result.status) != (without.out, without.status), f"{key}: and it matters", without)
        if " = true" in lines:
            place.file(NAME, lines.replace(f"{key} = true", f"{key} = false"))
            result = place.run("check", "-q", "--format=json", "x.trace")
            tap.same((result.out, result.status), (without.out, without.status), f"{key} = false: as without it")


def check_spelling(tap, place):
    place.file("x.trace", UNDOCUMENTED)
    for text in ("strict=true", "\ufeffstrict = true\r\n", "  \t strict\t=\ttrue \t", "# a\n#b = c\n\n   # d\nstrict = true",
                 "rule = gap=off\r\nrule=trace/time-reversed=off\r\nstrict = true"):
        place.file(NAME, text)
        result = place.run("check", "-q", "x.trace")
        tap.ok(result.status == STATUS_FINDINGS and not result.err, f"{text!r} is taken", result)
    place.file(NAME, "")
    tap.same(place.run("check", "-q", "x.trace").status, STATUS_CLEAN, "an empty file says nothing")


def check_wrong(tap, place):
    place.file("x.trace", LIFE.format(1))
    for text, complaint in WRONG.items():
        place.file(NAME, text)
        commands = [("check", "x.trace")]
        if len(text) < 40:
            commands += [("coverage", "x.trace"), ("timeline", "x.trace"), ("baseline", "write", "--reason=x", "--baseline=b.json", "x.trace")]
        for arguments in commands:
            result = place.run(*arguments)
            tap.ok(result.status == STATUS_FAILED and not result.out
                   and result.error.startswith(f"sessionlint: {NAME}:{complaint}") and "--help'" in result.error,
                   f"{arguments[0]}: {text[:30]!r} is refused", f"expected {complaint!r}", str(result)[:2000])
    tap.ok("b.json" not in place.names(), "and nothing was written")
    (place.path / NAME).unlink()
    (place.path / NAME).mkdir()
    result = place.run("check", "x.trace")
    tap.ok(result.status == STATUS_FAILED and f"{NAME}: " in result.error, "a folder of that name is refused", result)


def used(result):
    """What the summary calls the configuration; of each line that says so."""
    return [name.strip().replace("\\", "/") for name in re.findall(r"^config:   (.*)$", result.error, re.M)]


def check_search(tap, place):
    """It is found beside a log or above it, up to a repository's top."""
    for name in ("top/a/b/x.trace", "top/y.trace", "other/z.trace"):
        place.file(name, BROKEN.format(1))
    place.file(f"top/{NAME}", "fail-on = never\n")
    absolute = str(place.path / "top" / "a" / "b")
    for argument in ("top/a/b/x.trace", "./top/a/b/x.trace", "top/a", "top", absolute, "top/a/../a/b/x.trace"):
        result = place.run("check", argument)
        tap.ok(result.status == STATUS_CLEAN and used(result) == [f"top/{NAME}"], f"{argument}: found above", result)
    result = place.run("check", "-q", "top")
    tap.ok(result.status == STATUS_CLEAN and not result.err, "--quiet: not told", result)
    result = place.run("check", "other/z.trace")
    tap.ok(result.status == STATUS_FINDINGS and used(result) == ["none"], "not for other logs, and that is said", result)
    result = place.run("check", "--no-config", "top")
    tap.same(used(result), ["none"], "--no-config: none")
    run = place.command.run
    for arguments, folder in ((["x.trace"], "top/a/b"), (["-"], "top/a/b"), (["."], "top/a"), (["../y.trace"], "top/a")):
        result = run("check", *arguments, cwd=place.path / folder, input=BROKEN.format(1).encode())
        tap.ok(result.status == STATUS_CLEAN and used(result)[0].endswith(NAME), f"{arguments} in {folder}", result)
    place.file(f"top/a/{NAME}", "# nearer\n")
    result = place.run("check", "top/a/b/x.trace")
    tap.ok(result.status == STATUS_FINDINGS and used(result) == [f"top/a/{NAME}"], "the nearest counts", result)
    (place.path / "top" / "a" / NAME).unlink()
    for kind in ("folder", "file"):
        place.file("top/a/.git/HEAD" if kind == "folder" else "top/a/.git")
        result = place.run("check", "top/a/b/x.trace")
        tap.same((result.status, used(result)), (STATUS_FINDINGS, ["none"]),
                 f"the search ends where a repository begins (.git is a {kind})")
        place.file(f"top/a/{NAME}", "fail-on = never\n")
        tap.same(place.run("check", "-q", "top/a/b/x.trace").status, STATUS_CLEAN, "and looks there at last")
        (place.path / "top" / "a" / NAME).unlink()
        if kind == "folder":
            (place.path / "top" / "a" / ".git" / "HEAD").unlink()
            (place.path / "top" / "a" / ".git").rmdir()


def check_here(tap, place):
    """Where nothing is found beside or above the log, that of the current folder counts, or one above it."""
    run = place.command.run
    place.file("artifact/x.trace", BROKEN.format(1))
    place.file("artifact/own/y.trace", BROKEN.format(1))
    place.file(f"repository/{NAME}", "fail-on = never\nbaseline = ci/known.json\n")
    place.file("repository/ci/known.json", baseline())
    for folder, log in (("repository", "../artifact/x.trace"), ("repository/ci", str(place.path / "artifact")),
                        ("repository/ci", "../../artifact/x.trace")):
        result = run("check", log, cwd=place.path / folder)
        tap.ok(result.status == STATUS_CLEAN and used(result)[0].endswith(NAME), f"{log} in {folder}: that of the folder",
               result)
    result = run("coverage", "../artifact/x.trace", cwd=place.path / "repository")
    tap.ok("configuration: .sessionlint" in result.error, "coverage: likewise", result)
    result = run("check", "artifact", cwd=place.path)
    tap.ok(result.status == STATUS_FINDINGS and used(result) == ["none"], "in a folder that has none: none", result)
    place.file("repository/z.trace", BROKEN.format(1))
    result = run("check", "z.trace", "../artifact", cwd=place.path / "repository")
    tap.ok(result.status == STATUS_CLEAN and used(result) == [NAME], "logs that have it in two ways have one", result)
    place.file(f"artifact/own/{NAME}", "# nearer\n")
    result = run("check", "../artifact/own", cwd=place.path / "repository")
    tap.ok(result.status == STATUS_FINDINGS and used(result)[0].endswith(f"artifact/own/{NAME}"),
           "what is above the log goes before", result)
    result = run("check", "../artifact", cwd=place.path / "repository")
    tap.ok(result.status == STATUS_FAILED and "has the configuration" in result.error, "two are refused as ever", result)
    (place.path / "repository" / "ci" / ".git").mkdir()
    result = run("check", "../../artifact/x.trace", cwd=place.path / "repository" / "ci")
    tap.same(used(result), ["none"], "and the search ends where a repository begins")


def check_forbidden(tap, place):
    """A parent folder that may not be searched ends the search, and nothing is said of it."""
    if place.command.for_windows:
        tap.skip("a parent folder that may not be searched", "rights need POSIX")
        return
    place.file("secret/open/logs/x.trace", BROKEN.format(1))
    place.file(f"secret/{NAME}", "fail-on = never\n")
    user = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    place.path.chmod(0o755)
    # the current folder can be reached though its parent cannot be searched
    inside = os.open(place.path / "secret" / "open" / "logs", os.O_RDONLY)
    (place.path / "secret").chmod(0)
    try:
        result = place.command.run("check", "x.trace", preexec_fn=lambda: os.fchdir(inside), **user)
    except OSError as error:
        tap.skip("a parent folder that may not be searched", f"another user cannot run the command: {error}")
        return
    finally:
        (place.path / "secret").chmod(0o755)
        os.close(inside)
    tap.ok(result.status == STATUS_FINDINGS and used(result) == ["none"] and "denied" not in result.error.lower(),
           "a parent folder that may not be searched", result)


def check_irregular(tap, place):
    """What is found on the way, or is named, is a regular file or refused at once; nothing is waited for."""
    place.file("x.trace", LIFE.format(1))
    if place.command.for_windows:
        tap.skip("pipes, devices and sockets", "they need POSIX")
        return
    pipe = place.path / "pipe"
    os.mkfifo(pipe)
    (place.path / "linked").symlink_to("pipe")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(place.path / "socket"))
        for path in ("pipe", "linked", "socket", "/dev/null"):
            for arguments in (["check", f"--config={path}"], ["check", f"--baseline={path}"], ["coverage", f"--config={path}"],
                              ["baseline", "write", "--reason=x", f"--baseline={path}"]):
                result = place.run(*arguments, "x.trace", timeout=10)
                tap.ok(result.status == STATUS_FAILED and f"{path}: not a regular file" in result.error and not result.out,
                       f"{' '.join(arguments)}: refused", result)
            result = place.run("baseline", "list", f"--baseline={path}", timeout=10)
            tap.ok(result.status == STATUS_FAILED and "not a regular file" in result.error, f"baseline list: {path}", result)
    pipe.rename(place.path / NAME)
    for arguments in (["check", "x.trace"], ["check", "-"], ["coverage", "x.trace"], ["baseline", "list"],
                      ["diff", "--traces", "known", "implied", "x.trace"]):
        result = place.run(*arguments, timeout=10)
        tap.ok(result.status == STATUS_FAILED and f"{NAME}: not a regular file" in result.error,
               f"a pipe called {NAME}: {' '.join(arguments)}", result)


def check_several(tap, place):
    """All logs of a run have one configuration."""
    for name in ("a", "b", "c"):
        place.file(f"{name}/x.trace", BROKEN.format(1))
    place.file(f"a/{NAME}", "fail-on = never\n")
    place.file(f"b/{NAME}", "fail-on = never\n")
    for arguments in (["a", "b"], ["."], ["a/x.trace", "c/x.trace"], ["c", "a"], ["c/x.trace", "a", "-"]):
        for command in (["check"], ["coverage"], ["baseline", "write", "--reason=x", "--baseline=b.json"]):
            result = place.run(*command, *arguments)
            tap.ok(result.status == STATUS_FAILED and not result.out and "has the configuration " in result.error
                   and "--config=FILE or --no-config" in result.error and re.search("[abc].x.trace' has ", result.error),
                   f"{command[0]} {arguments}: two configurations are refused", result)
    for option, status in (("--no-config", STATUS_FINDINGS), (f"--config=a/{NAME}", STATUS_CLEAN)):
        result = place.run("check", "-q", option, ".")
        tap.same(result.status, status, f"{option} decides")
    result = place.run("check", "-q", "a/x.trace", "a")
    tap.same(result.status, STATUS_CLEAN, "several logs below one are fine")
    result = place.run("check", "-q", "a", "gone")
    tap.ok(result.status == STATUS_FAILED and "gone: No such file" in result.error and result.out,
           "what is not there has none, and is told", result)


def check_precedence(tap, place):
    place.file("x.trace", BROKEN.format(1) + "session=2 event=Created\n")
    place.file(NAME, "fail-on = never\nrule = unfinished=error\nrule = illegal-transition=off\n"
               "start = unknown\n")
    place.file("y.trace", "session=3 event=Logoff\nsession=3 event=Disconnected\nsession=3 event=Terminated\n")
    for arguments, status in (([], STATUS_CLEAN), (["--fail-on=error"], STATUS_FINDINGS),
                              (["--fail-on=error", "--rule=unfinished=off"], STATUS_CLEAN),
                              (["--rule=session/illegal-transition=error", "--rule=unfinished=off",
                                "--fail-on=error"], STATUS_FINDINGS)):
        tap.same(place.run("check", "-q", *arguments, "x.trace").status, status, f"the command line wins: {arguments}")
    for arguments, status in (([], STATUS_CLEAN), (["--start=initialized"], STATUS_FINDINGS)):
        result = place.run("check", "-q", "--fail-on=error", "--rule=illegal-transition=error", *arguments, "y.trace")
        tap.same(result.status, status, f"the command line wins: {arguments}")
    place.file("own", "fail-on = note\n")
    for arguments, status in ((["--config=own"], STATUS_FINDINGS), (["--config", "own", "--no-config"], STATUS_FINDINGS),
                              (["--no-config", "--config=own", "--fail-on=never"], STATUS_CLEAN)):
        tap.same(place.run("check", "-q", *arguments, "x.trace").status, status, f"{arguments}")
    result = place.run("check", "--config=own", "x.trace")
    tap.same(used(result), ["own"], "--config is told")
    result = place.run("check", "--config=gone", "x.trace")
    tap.ok(result.status == STATUS_FAILED and "sessionlint: gone: No such file" in result.error, "--config: none there",
           result)
    result = place.run("check", "--config=.", "x.trace")
    tap.ok(result.status == STATUS_FAILED and "sessionlint: .: " in result.error, "--config: a folder", result)
    for path in ("own", "./own"):
        result = place.run("check", f"--output=json:{path}", "--config=own", "x.trace")
        tap.ok(result.status == STATUS_FAILED and "would overwrite" in result.error
               and (place.path / "own").read_text() == "fail-on = note\n", "a report does not overwrite it", result)


def check_commands(tap, place):
    """coverage and baseline read the same file."""
    place.file("x.trace", "session=1 event=7001\nsession=1 event=7002\n")
    place.file(NAME, "source = winlogon\nbaseline = gate.json\nstrict = true\n")
    result = place.run("coverage", "--format=json", "x.trace")
    same = place.run("coverage", "--no-config", "--source=winlogon", "--format=json", "x.trace")
    tap.ok(result.out == same.out and result.status == STATUS_CLEAN and "configuration: .sessionlint" in result.error,
           "coverage: the source", result)
    for words, log in ((["diagram", "--format=json", "--model=winlogon"], "--trace=x.trace"),
                       (["diff", "--traces", "winlogon:published", "winlogon:implied"], "x.trace")):
        result, bare = place.run(*words, log), place.run(*words, log, "--no-config")
        told = place.run(*words, log, "--no-config", "--source=winlogon")
        tap.ok(result.out == told.out != bare.out and result.status == told.status and "configuration: .sessionlint"
               in result.error and "configuration" not in told.error, f"{words[0]}: the source", result, bare)
    result = place.run("diagram", "--config=gone")
    tap.same(result.status, STATUS_CLEAN, "diagram without traces reads none")
    ledger = place.file("ledger.json", same.out)
    place.file(NAME, "nonsense")
    result = place.run("coverage", "--merge", ledger.name)
    tap.same(result.status, STATUS_CLEAN, "coverage --merge reads no logs, and no configuration")
    place.file(NAME, "source = winlogon\nbaseline = gate.json\n")
    place.file("x.trace", "session=1 event=7001\nsession=1 event=7002\nsession=1 event=7002\n")
    result = place.run("baseline", "write", "--reason=x", "x.trace")
    tap.ok(result.status == STATUS_CLEAN and len(place.entries("gate.json")) == 1, "baseline write: source and baseline",
           result)
    tap.same(place.run("check", "-q", "x.trace").status, STATUS_CLEAN, "check: the same")
    result = place.run("baseline", "list")
    tap.ok("reason: x" in result.text and "configuration: " in result.error, "baseline list: from the current folder",
           result)


def check_baseline_path(tap, place):
    """A baseline lies where the configuration says, whoever calls from wherever."""
    place.file("top/logs/x.trace", BROKEN.format(1))
    place.file("top/ci/known.json", baseline())
    place.file(f"top/{NAME}", "baseline = ci/known.json\n")
    place.run("baseline", "write", "--reason=x", "top/logs")
    tap.same(len(place.entries("top/ci/known.json")), 1, "it lies beside the configuration")
    for folder, log in ((".", "top/logs/x.trace"), ("top", "logs"), ("top/logs", "x.trace"), ("top/ci", "../logs")):
        result = place.command.run("check", "-q", "--format=json", log, cwd=place.path / folder)
        tap.ok(result.status == STATUS_CLEAN and len(suppressed(result)) == 1 and not counted(result), f"from {folder}",
               result)
    place.file("top/logs/x.trace", LIFE.format(1))
    result = place.command.run("check", "-q", "--format=json", "top", cwd=place.path)
    tap.same(result.summary["stale"][0]["file"].replace("\\", "/"), "top/ci/known.json",
             "reports name it from the current folder on")
    place.file(f"top/{NAME}", f"baseline = {place.path / 'top' / 'ci' / 'known.json'}\n")
    result = place.command.run("check", "-q", "--allow-stale", "top", cwd=place.path)
    tap.same(result.status, STATUS_CLEAN, "an absolute path is one")
    place.file(f"top/{NAME}", "baseline = gone.json\n")
    result = place.command.run("check", "-q", "logs", cwd=place.path / "top")
    tap.ok(result.status == STATUS_FAILED and "sessionlint: gone.json: No such file" in result.error,
           "one that is not there is told", result)
    if place.command.for_windows:
        place.file(f"top/{NAME}", "baseline = ci\\known.json\n")
        result = place.command.run("check", "-q", "--allow-stale", "top\\logs\\x.trace", cwd=place.path)
        tap.same(result.status, STATUS_CLEAN, "with backslashes")


def check_damaged(tap, place):
    """Whatever stands there: it is taken, or refused with the line."""
    place.file("x.trace", LIFE.format(1))
    known = b"# known\nstrict = true\nrule = session/unfinished=off\nsource = wdm\nfail-on=error\nstart = auto\n"
    wrong, count = [], 40 if place.command.wine else 400
    for seed in range(count):
        rng, data = random.Random(seed), bytearray(known)
        for _ in range(rng.choice((1, 2, 8))):
            at = rng.randrange(len(data))
            data[at:at + rng.choice((0, 1, 9))] = rng.choice((b"", b"=", b"\n", b"#", b" ", bytes([rng.randrange(256)])))
        place.file(NAME, bytes(data))
        result = place.run("check", "-q", "x.trace")
        if result.status != STATUS_CLEAN and not (result.status == STATUS_FAILED and re.match(
                rf"sessionlint: \{NAME}:\d+: ", result.error)):
            wrong.append((bytes(data), result))
    tap.ok(not wrong, f"{count} damaged configurations", *wrong[:3])


if __name__ == "__main__":
    os.environ.pop("SOURCE_DATE_EPOCH", None)
    sys.exit(run_all(check_keys, check_spelling, check_wrong, check_search, check_here, check_forbidden,
                     check_irregular, check_several, check_precedence,
                     check_commands, check_baseline_path, check_damaged))
