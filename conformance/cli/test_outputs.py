#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the command answers: exit statuses, severities, the two formats, colours, progress, and outputs
that cannot be written. Arguments: the command, docs/findings.schema.json. Prints TAP.
"""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS, TIMEOUT, WINE, Command
from shared.folder import Folder
from shared.tap import Tap
from shared.terminal import on_terminal

try:
    import jsonschema
except ImportError:
    jsonschema = None

BEGIN = "session=1 event=Created\nsession=1 event=Connected\nsession=1 event=Logon\n"
END = "session=1 event=Terminated\n"

# A trace for each of the severities that can be the gravest.
TRACES = {
    "none": BEGIN + END,
    "note": BEGIN,
    "warning": BEGIN + "session=1 event=Disconnected\nsession=1 event=Connected\n" + END,
    "error": BEGIN + "session=1 event=Logon\n" + END,
}
GRAVITY = ("none", "note", "warning", "error")
ESCAPE = "\033"
COLOR = re.compile("\033\\[[0-9;]*m")


def examples(command):
    """The rules: name, severity, severity with --strict, and the trace that breaks it."""
    found = []
    for name in re.findall(r"^\w+/[a-z-]+", command.run("rules").text, re.M):
        told = command.run("explain", name).text
        severity = re.match(r".*\((\w+)", told)[1]
        strict = "error" if "error with --strict" in told else severity
        wrong = told.split("A trace that breaks it:\n\n")[1].split("\n\n")[0]
        found.append((name, severity, strict, "".join(line[4:] + "\n" for line in wrong.splitlines())))
    return found


def check_thresholds(tap, command):
    """--fail-on: status 1 from that severity on, 0 below; the default is error."""
    for gravest, trace in TRACES.items():
        for threshold in ("never", "note", "warning", "error", None):
            options = [f"--fail-on={threshold}"] if threshold else []
            least = GRAVITY.index(threshold or "error") if threshold != "never" else len(GRAVITY)
            expected = STATUS_FINDINGS if GRAVITY.index(gravest) >= least else STATUS_CLEAN
            result = command.check(trace, *options)
            tap.same(result.status, expected, f"{gravest} at most, {' '.join(options) or 'no option'}: "
                     f"status {expected}")
            found = {finding["severity"] for finding in result.findings}
            tap.ok((gravest in found) == (gravest != "none"), f"{gravest} is reported whatever --fail-on says",
                   result)


def check_answered(tap, command):
    """What a trace answers for, by allow, is no reason to fail; an answer to nothing is told of."""
    bare = "session=1 event=Created\nsession=1 event=Logon{}\nsession=1 event=Terminated{}\n"
    why = ' allow={} allow_reason="known"'.format
    for first, second, error, warning in (("", "", 1, 0), (why("illegal-transition"), "", 0, 0),
                                          (why("wrong-state"), "", 1, 1), ("", why("illegal-transition"), 1, 1)):
        trace = bare.format(first, second)
        for threshold, fails in (("never", False), ("error", error), ("warning", error or warning)):
            result = command.check(trace, f"--fail-on={threshold}")
            tap.ok(result.status == (STATUS_FINDINGS if fails else STATUS_CLEAN)
                   and result.summary["severities"] == {"error": error, "warning": warning, "note": 0}
                   and result.summary["sessions"]["violating"] == 1,
                   f"answered for: {error} errors and {warning} warnings, --fail-on={threshold}", trace, result)
    result = command.check(bare.format(why("wrong-state"), ""), "--rule=unused-suppression=off")
    tap.same(result.summary["findings"], {"session/illegal-transition": 1}, "answers to nothing can be left untold")


def check_malformed(tap, command, folder):
    """2 beats 1 and 0, whatever --fail-on says."""
    trace = TRACES["error"] + "session=1 event=Logn\n"
    path = folder.file("error.trace", TRACES["error"])
    for threshold in ("never", "note", "warning", "error"):
        result = command.check(trace, f"--fail-on={threshold}")
        tap.ok(result.status == STATUS_FAILED and len(result.findings) >= 2,
               f"a malformed record and an error, --fail-on={threshold}: status 2, both reported", result)
        result = command.run("check", "-q", f"--fail-on={threshold}", str(path), str(folder.path / "gone"))
        tap.ok(result.status == STATUS_FAILED and "is illegal in" in result.text,
               f"an error and a missing file, --fail-on={threshold}: status 2, the error reported", result)
    for severity, expected in (("error", STATUS_FAILED), ("warning", STATUS_CLEAN), ("off", STATUS_CLEAN)):
        result = command.check(TRACES["none"] + "session=2 event=Logn\n", f"--rule=malformed={severity}")
        tap.same(result.status, expected, f"--rule=malformed={severity}: status {expected}")


def check_rules(tap, command):
    """--rule gives any rule any severity, by its long and its short name; off takes it out."""
    for name, severity, strict, trace in command.sampled(examples(command)):
        needed = [word for line in re.findall(r"^# options: (.+)$", trace, re.M) for word in line.split()]
        short = name.split("/")[1]
        for wanted in ("error", "warning", "note", "off"):
            results = [command.check(trace, f"--rule={rule}={wanted}", "--fail-on=never", *needed)
                       for rule in (name, short)]
            found = [finding["severity"] for finding in results[0].findings if finding["rule"] == name]
            counted = results[0].summary["findings"].get(name, 0)
            tap.ok(results[0].out == results[1].out and counted == len(found)
                   and (set(found) == {wanted} if wanted != "off" else not found),
                   f"--rule={short}={wanted}", *results)
        for options, expected in (([], severity), (["--strict"], strict),
                                  (["--rule", f"{short}=note", "--strict"], "note"),
                                  (["--strict", f"--rule={short}=warning"], "warning"),
                                  ([f"--rule={short}=off", f"--rule={name}=error"], "error")):
            result = command.check(trace, *options, *needed)
            found = {finding["severity"] for finding in result.findings if finding["rule"] == name}
            tap.same(found, {expected}, f"{name} {' '.join(options)} is {expected}")


def first_event(source, owner, name):
    """What is found where the first event of a life is a logon (of sens: a reconnect) in the words of
    another source, its owner; the model's own words are everybody's."""
    if owner not in (source, "wdm"):
        # a driver's number can be any; of a name or number of the others is known that it is none
        return ["session/invalid-event" if source == "wdm" and name.isdigit() else "trace/malformed"]
    # wdm and wts would have shown the connection before the logon, sens the logon before the reconnect
    return ["session/illegal-transition"] if source in ("wdm", "wts") or name == "SessionReconnect" else []


def check_start_and_source(tap, command):
    for start, found in (("auto", 1), ("initialized", 1), ("unknown", 0)):
        result = command.check("session=1 event=Logoff\n" + END, f"--start={start}")
        tap.same((len(result.findings), result.status), (found, found), f"--start={start}: a life that begins "
                 f"with a logoff is {'illegal' if found else 'silent'}")
    names = {"wdm": "IoSessionEventLogon", "wts": "WTS_SESSION_LOGON", "sens": "SessionReconnect", "lsm": "21",
             "winlogon": "7001"}
    for source in names:
        for owner, name in names.items():
            result = command.check(f"session=1 event={name}\n", f"--source={source}", "--rule=unfinished=off")
            tap.same([finding["rule"] for finding in result.findings], first_event(source, owner, name),
                     f"--source={source}: event={name}")
    result = command.check("source=lsm session=1 event=21\n", "--source=winlogon", "--rule=unfinished=off")
    tap.same(result.findings, [], "--source: a record that names its source keeps it")


def check_streams(tap, command, folder):
    """Findings go to standard output, all else to standard error."""
    path = str(folder.file("error.trace", TRACES["error"]))
    for trace, words in (("marker=boot\n", True), (TRACES["none"], False), ("session=1 event\n", False)):
        tap.ok(("nothing was judged" in command.run("check", "-", input=trace.encode()).error) == words,
               f"a run that judged nothing says so: {words}", trace)
    for form in ("text", "json"):
        loud = command.run("check", f"--format={form}", path)
        quiet = command.run("check", f"--format={form}", "--quiet", path)
        tap.ok(loud.out == quiet.out and not quiet.err and quiet.status == STATUS_FINDINGS,
               f"{form}: --quiet leaves the findings and nothing on standard error", quiet)
        tap.ok(loud.error.startswith("checked: ") and "1 error, 0 warnings, 0 notes" in loud.error
               and "1  session/illegal-transition" in loud.error, f"{form}: the summary is on standard error",
               loud)
        tap.ok("\r" not in loud.error and ESCAPE not in loud.error, f"{form}: no progress but on a terminal")
    clean = command.run("check", "-q", str(folder.file("clean.trace", TRACES["none"])))
    tap.ok(not clean.out and not clean.err and clean.status == STATUS_CLEAN, "--quiet and no finding: silence",
           clean)
    missing = command.run("check", "-q", str(folder.path / "gone"))
    tap.ok("No such file" in missing.error, "--quiet: what could not be done is still said", missing)


def check_text(tap, command):
    """The lines for people and editors: file:line: severity: message [rule], and what explains it."""
    result = command.run("check", "-q", "-", input=TRACES["error"].encode())
    tap.same(result.text, "<stdin>:4: error: session 1: Logon is illegal in LoggedOn "
             "[session/illegal-transition]\n"
             "  allowed in LoggedOn: Terminated, Disconnected, Logoff\n"
             "  history: Created :1, Connected :2, Logon :3, Logon :4\n"
             "  repair: drop this event (1 change)\n", "an error in text")
    result = command.run("check", "-q", "-", input=TRACES["note"].encode())
    tap.ok(re.fullmatch(r"<stdin>:3: note: session 1: .* LoggedOn \[session/unfinished\]\n", result.text),
           "a note in text is one line", result)
    long = BEGIN + 5 * "session=1 event=Logoff\nsession=1 event=Disconnected\nsession=1 event=Connected\n" \
        "session=1 event=Logon\n" + "session=1 event=Logon\n"
    result = command.run("check", "-q", "-", input=long.encode())
    tap.ok(re.search(r"\n  history: 16 before, Disconnected :17, (\w+ :\d+, ){6}Logon :24\n", result.text),
           "a long history is cut at its beginning, and that is said", result)


def check_notes(tap, command, folder):
    """Of notes, text shows the first three of a rule in a file, and says how many more there are."""
    gaps, open_ends = "marker=gap\n" * 9, "".join(f"session={n} event=Created\n" for n in range(5))
    folder.file("notes/a.trace", gaps + open_ends)
    folder.file("notes/b.trace", gaps + BEGIN + "session=1 event=Logon\n" * 5)
    folder.file("notes/c.trace", "marker=gap\n" * 3 + "session=1 event=Created\n")
    whole = command.run("check", "-q", "--notes=all", "notes", cwd=folder.path).text.splitlines()
    result = command.run("check", "-q", "notes", cwd=folder.path)
    lines = result.text.splitlines()
    tap.same([line for line in lines if "more;" in line],
             ["notes/a.trace: note: and 2 more; --notes=all shows them [session/unfinished]",
              "notes/a.trace: note: and 6 more; --notes=all shows them [trace/gap]",
              "notes/b.trace: note: and 6 more; --notes=all shows them [trace/gap]"], "what is left out, by file and rule")
    kept = [line for line in lines if "more;" not in line]
    left = list(whole)
    for line in kept:
        left.remove(line)
    tap.ok([line for line in whole if line in kept] == kept and len(left) == 14
           and all(": note: " in line for line in left), "all else is as it is with --notes=all", *kept)
    tap.ok([line.split(":")[0] for line in lines if "trace:" in line]
           == sorted(line.split(":")[0] for line in lines if "trace:" in line), "it is said where the file ends", *lines)
    tap.same(sum("illegal-transition" in line for line in lines), 5, "errors are all there")
    for form in ("json", "sarif", "csv", "azure"):
        tap.same(command.run("check", "-q", f"--format={form}", "notes", cwd=folder.path).text,
                 command.run("check", "-q", f"--format={form}", "--notes=all", "notes", cwd=folder.path).text,
                 f"{form} has all of them")
    command.run("check", "-q", f"--output=text:{folder.path}/notes.txt", "--notes=folded", "notes", cwd=folder.path)
    tap.same((folder.path / "notes.txt").read_text(encoding="utf-8").splitlines(), lines, "in a file as on standard output")
    result = command.run("check", "--notes=some", "notes", cwd=folder.path)
    tap.ok(result.status == STATUS_FAILED and "folded or all" in result.error, "--notes=some is refused", result)
    result = command.run("check", "-q", "--color=always", "-", input=gaps.encode())
    tap.ok("and 6 more" in result.text and result.text.startswith("<stdin>:1: \033["), "with colours", result)


def check_json(tap, command, schema_path, folder):
    """Each line is an object of the schema, the summary is the last and agrees with the findings."""
    schema = json.loads(pathlib.Path(schema_path).read_text(encoding="utf-8"))
    rules = examples(command)
    tap.same(schema["$defs"]["rule"]["enum"], [name for name, *_ in rules], "the schema names the rules")
    traces = {**TRACES, **{name: trace for name, _, _, trace in rules}}
    traces["numbers"] = "session=4294967295 event=4294967295 from=9 to=77 boot=b host=\"h\\u0000\\u2028\"\n"
    traces["all"] = "".join(f"marker=boot\n{trace}" for trace in traces.values())
    if jsonschema is None:
        tap.skip("the schema", "the Python module jsonschema is not installed")
    else:
        jsonschema.Draft202012Validator.check_schema(schema)
    for name, trace in traces.items():
        result = command.run("check", "-q", "--format=json", str(folder.file("x.trace", trace)))
        lines = result.objects
        tap.ok(all(isinstance(line, dict) for line in lines) and [("summary" in line) for line in lines]
               == [False] * (len(lines) - 1) + [True], f"JSON, {name}: an object a line, the summary last", result)
        counts = {}
        for finding in result.findings:
            counts[finding["rule"]] = counts.get(finding["rule"], 0) + 1
        sessions = result.summary["sessions"]
        tap.ok(result.summary["findings"] == counts and sum(result.summary["severities"].values()) == len(lines) - 1
               and sessions["incarnations"] == sessions["conforming"] + sessions["violating"] + sessions["undetermined"],
               f"JSON, {name}: the summary counts what was found, and each life once", result)
        if jsonschema:
            problems = [error.message for line in lines
                        for error in jsonschema.Draft202012Validator(schema).iter_errors(line)]
            tap.ok(not problems, f"JSON, {name}: follows docs/findings.schema.json", *problems)


def check_colors(tap, command):
    trace = TRACES["error"].encode()
    for when, expected in (("auto", False), ("never", False), ("always", True)):
        result = command.run("check", "-q", f"--color={when}", "-", input=trace)
        tap.same(ESCAPE in result.text, expected, f"--color={when} into a pipe: {'' if expected else 'no '}colour")
    for when, environment, expected in (
            ("auto", {}, True), ("never", {}, False), ("always", {"NO_COLOR": "1"}, True),
            ("auto", {"NO_COLOR": "1"}, False), ("auto", {"NO_COLOR": ""}, True), ("auto", {"TERM": "dumb"}, False)):
        text = on_terminal(command, ["check", "-q", f"--color={when}", "-"], trace, "stdout", **environment)
        tap.ok("is illegal in" in text and (COLOR.search(text) is not None) == expected,
               f"--color={when} on a terminal, {environment}: {'' if expected else 'no '}colour", text)
    for severity in ("note", "warning", "error"):
        text = command.run("check", "-q", "--color=always", "-", input=TRACES[severity].encode()).text
        tap.ok(re.search(rf"<stdin>:\d+: \033\[1;\d+m{severity}\033\[0m: ", text), f"{severity} has a colour", text)
        bare = command.run("check", "-q", "-", input=TRACES[severity].encode()).text
        tap.same(re.sub("\033\\[[0-9;]*m", "", text), bare, f"{severity}: colours change nothing else")
    result = command.check(trace, "--color=always")
    tap.ok(ESCAPE not in result.text, "JSON has no colours", result)


def check_progress(tap, command, folder):
    """On a terminal, standard error tells how far it is; --quiet does not."""
    trace = (BEGIN + END).encode() * 40_000
    text = on_terminal(command, ["check", "-"], trace, "stderr")
    tap.ok(re.search(r"<stdin>: \d+ MB\r\033\[K", text) and "checked: " in text,
           "progress on a terminal, and it is wiped out", text[-300:])
    text = on_terminal(command, ["check", "--quiet", "-"], trace, "stderr")
    tap.same(text, "", "--quiet: no progress, no summary")
    path = folder.file("long/" * 20 + "\u00e9" * 60 + ".trace", trace)
    shown = on_terminal(command, ["check", str(path)], b"", "stderr").split("\r\033[K")
    tap.ok(len(shown) > 1 and "\u00e9.trace: " in shown[0] and all(len(each) < 80 for each in shown[:-1]),
           "a long path: progress fits into a line, and has its end", shown)


def check_full(tap, command):
    """A report that could not be written is status 2."""
    if not os.path.exists("/dev/full"):
        tap.skip("a full disk", "there is no /dev/full")
        return
    for arguments in (["check", "-"], ["check", "--format=json", "-"], ["rules"], ["rules", "--markdown"],
                      ["explain", "gap"], ["model"], ["check", "--help"], ["help", "check"], ["help"], ["--help"],
                      ["--version"]):
        with open("/dev/full", "wb") as full:
            result = command.run(*arguments, input=TRACES["error"].encode(), stdout=full)
        tap.ok(result.status == STATUS_FAILED and "No space left" in result.error,
               f"{' '.join(arguments)} into a full disk: status 2", result)
    with open("/dev/full", "wb") as full:
        result = command.run("check", "-q", "-", input=TRACES["none"].encode(), stdout=full)
    tap.same(result.status, STATUS_CLEAN, "nothing to write into a full disk: status 0")


def check_closed(tap, command, folder):
    """Whoever stops reading ends the run; it does not crash and does not hang."""
    path = str(folder.file("many.trace", BEGIN + "session=1 event=Logon\n" * 100_000))
    for form in ("text", "json"):
        for ignored in (False, True):
            with subprocess.Popen([*command.words, "check", f"--format={form}", path], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, restore_signals=not ignored) as process:
                line = process.stdout.readline()
                process.stdout.close()
                error = process.stderr.read()
                status = process.wait(TIMEOUT)
            tap.ok(b"Logon is illegal" in line and status in (STATUS_FAILED, -signal.SIGPIPE)
                   and b"Sanitizer" not in error,
                   f"{form}: standard output closed after a line, SIGPIPE {'ignored' if ignored else 'as ever'}",
                   status, error)
    result = command.run("check", "-q", "-", input=TRACES["error"].encode(), preexec_fn=lambda: os.close(1),
                         stdout=None)
    tap.ok(result.status == STATUS_FAILED and "standard output" in result.error,
           "no standard output at all: status 2", result)
    result = command.run("check", "-", input=TRACES["error"].encode(), preexec_fn=lambda: os.close(2), stderr=None)
    tap.ok(result.status == STATUS_FINDINGS and "is illegal in" in result.text,
           "no standard error at all: the findings are written", result)


def check_files(tap, command, folder):
    """--output: the same reports, in files, in one pass."""
    trace = TRACES["error"]
    text, findings = (command.check(trace, f"--format={form}").out for form in ("text", "json"))
    paths = [folder.path / name for name in ("a b.txt", "\u00e9.json", "again.json")]
    result = command.check(trace, f"--output=text:{paths[0]}", "-o", f"json:{paths[1]}", f"-ojson:{paths[2]}",
                           "--format=text")
    tap.same((result.out, result.status), (text, STATUS_FINDINGS), "--output leaves standard output as it is")
    tap.same([path.read_bytes() for path in paths], [text, findings, findings],
             "--output: each file holds its report")
    tap.same(command.check(trace, "--output=json:-").out, findings, "--output=json:- is standard output's report")
    result = command.check(trace, "--output=json:-", "--color=always", f"--output=text:{paths[0]}")
    tap.same(paths[0].read_bytes(), text, "--color is standard output's alone")
    for value, complaint in (("jsn:x", "did you mean json?"), ("json", "--output needs FORMAT:PATH"),
                             ("json:", "--output needs FORMAT:PATH"), (":x", "unknown format ''")):
        result = command.check(trace, f"--output={value}")
        tap.ok(result.status == STATUS_FAILED and complaint in result.error, f"--output={value} is refused", result)
    path = folder.file("kept.trace", trace)
    for command_name in ("check", "coverage"):
        for operand in (path, folder.path):
            result = command.run(command_name, f"--output=json:{path}", str(operand))
            tap.ok(result.status == STATUS_FAILED and "would overwrite" in result.error
                   and path.read_text(encoding="utf-8") == trace,
                   f"{command_name}: a report never overwrites its trace, which is "
                   + ("named" if operand == path else "in a folder"), result)
            path.write_text(trace, encoding="utf-8")
    for name in ("new.csv", "new.csv", "./new.CSV"):
        result = command.run("check", f"--output=csv:{folder.path}/{name}", str(folder.path))
        tap.ok(result.status == STATUS_FAILED and "is an input" in result.error
               and not (folder.path / name).exists(), "a report is not begun in a folder that would be searched for it",
               result)
    result = command.run("check", f"--output=csv:{folder.path}/new.txt", str(folder.path))
    tap.ok((folder.path / "new.txt").exists(), "but it is by another name", result)
    result = command.check(trace, f"--output=json:{folder.path}/new", f"--output=text:{folder.path}/./new")
    tap.ok(result.status == STATUS_FAILED and "two reports cannot be written to the same file" in result.error,
           "two reports in one file that is new, by two names: status 2", result)
    result = command.check(trace, f"--output=json:{paths[1]}", f"--output=text:{paths[1]}")
    tap.ok(result.status == STATUS_FAILED and "is given twice" in result.error, "two reports in one file: status 2",
           result)
    result = command.check(trace, f"--output=json:{folder.path / 'none' / 'x.json'}")
    tap.ok(result.status == STATUS_FAILED and "x.json: " in result.error and not result.out,
           "a report that cannot be begun: status 2", result)
    result = command.check(trace, *["--output=json:" + str(paths[1])] * 17)
    tap.ok(result.status == STATUS_FAILED and "too many" in result.error, "too many reports: status 2", result)
    if os.path.exists("/dev/full"):
        result = command.check(TRACES["none"], "--output=json:/dev/full")
        tap.ok(result.status == STATUS_FAILED and "/dev/full: " in result.error,
               "a report that cannot be written: status 2", result)


def redirected(command, folder, path):
    """The report of a folder, which standard output takes to the path."""
    if not command.wine:
        with open(path, "wb") as out:
            return subprocess.run([*command.words, "check", "-q", "--format=json", str(folder)], stdout=out,
                                  stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False, timeout=10)
    # of what it inherits from another system, Wine does not know which file it is
    program, there, to = ("Z:" + str(each).replace("/", "\\") for each in (pathlib.Path(command.path).resolve(), folder,
                                                                           path))
    return subprocess.run([WINE, "cmd", "/c", f"{program} check -q --format=json {there} > {to}"],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False,
                          timeout=30)


def check_redirected(tap, command):
    """A report that standard output takes into the folder that is checked."""
    with Folder() as folder:
        folder.file("a.trace", TRACES["error"] * 400)
        path = folder.path / "all.ndjson"
        try:
            done = redirected(command, folder.path, path)
        except subprocess.TimeoutExpired:
            tap.ok(False, "a report does not read itself", path.stat().st_size)
            return
        objects = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        names = {re.split(r"[/\\]", one["file"])[-1] for one in objects[:-1]}
        tap.ok(done.returncode == STATUS_FAILED and b"all.ndjson: " in done.stderr and b"standard output" in done.stderr
               and len(objects) > 400 and names == {"a.trace"},
               "a report does not read itself: status 2, and the rest is checked", done.stderr, len(objects), names)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        check_thresholds(tap, command)
        check_answered(tap, command)
        check_malformed(tap, command, folder)
        check_rules(tap, command)
        check_start_and_source(tap, command)
        check_streams(tap, command, folder)
        check_text(tap, command)
        check_notes(tap, command, folder)
        check_json(tap, command, sys.argv[2], folder)
        check_colors(tap, command)
        check_progress(tap, command, folder)
        check_files(tap, command, folder)
        check_redirected(tap, command)
        check_full(tap, command)
        check_closed(tap, command, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
