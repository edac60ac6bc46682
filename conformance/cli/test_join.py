#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--join: a log that lies in several files is judged as it would be in one, wherever it was cut, and each finding and each
event of its history keeps file and line of its own. Arguments: the command, the root of the source,
trace_to_evtx. Prints TAP.
"""

import json
import pathlib
import random
import re
import subprocess
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS, Command, options_of
from shared.folder import Folder
from shared.tap import Tap

ILLEGAL = "session/illegal-transition"
LIFE = [f"session=1 event={event}\n" for event in ("Created", "Connected", "Logon", "Logoff", "Terminated")]
TWICE = LIFE[:3] + ["session=1 event=Logon\n"] + LIFE[3:]


def parts_of(lines, cuts):
    return ["".join(lines[begin:end]) for begin, end in zip([0, *cuts], [*cuts, len(lines)])]


def placed(findings, starts, texts):
    """The findings of the whole with the places that they have in the parts."""
    def place(line):
        number = max(n for n, start in enumerate(starts) if n == 0 or start < line)
        return number, line - starts[number]

    def shown(own, number, line):
        return str(line) if number == own else f"{number}.trace:{line}"

    sizes = [len(text.encode()) for text in texts]
    for finding in findings:
        number, finding["line"] = place(finding["line"])
        if "legal_before" in finding:
            _, finding["legal_before"] = place(finding["legal_before"])
        finding["message"] = re.sub(r"(?<=made in )\d+|(?<=in line )\d+|(?<=before line )\d+|(?<=by line )\d+", lambda match, own=number: shown(own, *place(int(match[0]))),
                                    finding["message"])
        finding["file"] = f"{number}.trace"
        finding["offset"] -= sum(sizes[:number])
        for past in finding.get("history", []):
            other, past["line"] = place(past["line"])
            if other != number:
                past["file"] = f"{other}.trace"
        del finding["fingerprint"]
    return findings


def check_cuts(tap, command, root):
    """Traces of every kind, cut anywhere: what is found is what is found in the whole."""
    names = sorted([*root.glob("conformance/golden/*.trace"), *root.glob("traces/*/*.trace"),
                    *root.glob("conformance/rules/*/*/*.trace")])
    wrong, count = [], 0
    for path in command.sampled(names):
        # of its own, so that no other trace changes where it is cut
        rng = random.Random(path.name)
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        options = options_of("".join(lines))
        # the files of an account are no parts of one log
        if "--together" in options:
            continue
        whole = command.run("check", "-q", "--format=json", "--no-config", *options, path.name, cwd=path.parent)
        unreadable = {finding["line"] - 1 for finding in whole.findings if finding["rule"] == "trace/malformed"}
        # a part that begins with prose is no trace
        begins = [n for n, line in enumerate(lines) if line.strip() and not line.startswith("#") and n not in unreadable][1:]
        for _ in range(2 if begins else 0):
            cuts = sorted(rng.sample(begins, min(len(begins), rng.choice((1, 2, 5)))))
            texts = parts_of(lines, cuts)
            with Folder() as folder:
                folder.file("whole.trace", "".join(lines))
                for number, text in enumerate(texts):
                    folder.file(f"{number}.trace", text)
                whole = command.run("check", "-q", "--format=json", "--no-config", *options, "whole.trace", cwd=folder.path)
                joined = command.run("check", "-q", "--format=json", "--no-config", "--join", *options,
                                     *[f"{number}.trace" for number in range(len(texts))], cwd=folder.path)
            found = [{key: value for key, value in finding.items() if key != "fingerprint"} for finding in joined.findings]
            want = placed(whole.findings, [0, *cuts], texts)
            # at the end hosts come in the order in which they were met, a batch at a time
            found.sort(key=str)
            want.sort(key=str)
            counts = [{**result.summary, "files": 0, "failed": []} for result in (whole, joined)]
            count += 1
            if (found, joined.status, counts[1]) != (want, whole.status, counts[0]):
                wrong.append((path.name, cuts, joined.error, [pair for pair in zip(found, want) if pair[0] != pair[1]],
                              counts if counts[0] != counts[1] else ""))
    tap.ok(not wrong and count > len(command.sampled(names)), f"{count} traces that were cut: the same findings, at their places", *wrong[:3])


def check_places(tap, command):
    with Folder() as folder:
        for number, text in enumerate(parts_of(TWICE, [2, 3])):
            folder.file(f"{number}.trace", "# a comment\n" + text)
        names = [f"{number}.trace" for number in range(3)]
        apart = command.run("check", "-q", *names, cwd=folder.path)
        tap.ok(apart.text.count(ILLEGAL) > 1, "each file is a log of its own without it", apart)
        result = command.run("check", "-q", "--join", *names, cwd=folder.path)
        tap.ok(result.status == STATUS_FINDINGS and result.text.startswith("2.trace:2: error: session 1: Logon is illegal")
               and "  history: Created 0.trace:2, Connected 0.trace:3, Logon 1.trace:2, Logon :2\n" in result.text,
               "text: file and line of each event", result)
        run = json.loads(command.run("check", "-q", "--format=sarif", "--join", *names, cwd=folder.path).out)["runs"][0]
        steps = [step["location"]["physicalLocation"] for step in
                 run["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"]]
        tap.same([(step["artifactLocation"]["uri"], step["region"]["startLine"]) for step in steps],
                 [("0.trace", 2), ("0.trace", 3), ("1.trace", 2), ("2.trace", 2)], "sarif: the flow goes through the files")
        for form in ("junit", "markdown", "github", "gitlab", "csv", "html", "perfetto"):
            result = command.run("check", "-q", f"--format={form}", "--join", *names, cwd=folder.path)
            tap.ok(result.status == STATUS_FINDINGS and re.search(r"2\\?\.trace", result.text), f"{form} is written", result)
        trace = json.loads(command.run("check", "-q", "--format=perfetto", "--join", *names, cwd=folder.path).out)
        steps = [(event["ts"], event["args"]["file"], event["args"]["line"]) for event in trace["traceEvents"]
                 if event.get("args", {}).get("step") == "event"]
        tap.ok([step[1:] for step in steps] == [("0.trace", 2), ("0.trace", 3), ("1.trace", 2), ("2.trace", 2), ("2.trace", 3),
                                                ("2.trace", 4)] and steps == sorted(steps), "perfetto: each step is in its file", steps)
        page = command.run("check", "-q", "--format=html", "--join", *names, cwd=folder.path).text
        texts = json.loads(re.search(r'"texts":(\[.*?\])\}', page, re.S)[1])
        parts = [(texts[number], before) for number, before in json.loads(re.search(r'"parts":(.*),', page)[1])]
        tap.same(parts, [("0.trace", 0), ("1.trace", 4), ("2.trace", 7)], "html: where each file begins")
        tap.same(json.loads(re.search(r'"slices":\{.*?"line":(\[.*?\])', page, re.S)[1]), [2, 1, 3, 3, 1, 1],
                 "html: lines count on through the files")
        result = command.run("check", "-q", "--format=json", "--join", "1.trace", "0.trace", cwd=folder.path)
        tap.ok(ILLEGAL in result.text, "the order is the one given", result)
        folder.file("2.trace", TWICE[3].strip() + f" allow={ILLEGAL} allow_reason=known\n" + "".join(TWICE[4:]))
        result = command.run("check", "-q", "--format=json", "--join", *names, cwd=folder.path)
        tap.ok(result.status == STATUS_CLEAN and result.summary["suppressed"] == 1, "an answer beside its record", result)


def check_inputs(tap, command):
    """What can be a part, and what cannot."""
    with Folder() as folder:
        folder.file("a.trace", "".join(LIFE[:3]))
        folder.file("b.trace", "".join(LIFE[3:]))
        folder.file("empty.trace", "")
        folder.file("comment.trace", "# begun\n")
        folder.file("c.csv", "session,event\n1,Created\n1,Connected\n1,Logon\n")
        folder.file("d.csv", "event,session\nLogoff,1\nTerminated,1\n")
        folder.file("log.evtx", b"ElfFile\0" + bytes(70000))
        folder.file("top/1.trace", "".join(LIFE[:3]))
        folder.file("top/2.trace", "".join(LIFE[3:]))

        def run(*words, **options):
            return command.run("check", "-q", "--join", "--format=json", *words, cwd=folder.path, **options)

        for words in (["a.trace", "b.trace"], ["a.trace", "empty.trace", "b.trace"], ["comment.trace", "a.trace", "b.trace"],
                      ["c.csv", "d.csv"], ["c.csv", "b.trace"], ["top"], ["top/1.trace", "b.trace"]):
            result = run(*words)
            tap.ok(result.status == STATUS_CLEAN and result.summary["sessions"]["conforming"] == 1
                   and result.summary["sessions"]["incarnations"] == 1 and not result.findings, f"{words}: one life", result)
        result = run("a.trace", "-", input="".join(LIFE[3:]).encode())
        tap.ok(result.status == STATUS_CLEAN and result.summary["sessions"]["conforming"] == 1, "standard input is a part",
               result)
        result = run("a.trace", "-", input=b"ElfFile\0" + bytes(70000))
        tap.ok(result.status == STATUS_FAILED and "sessionlint: <stdin>" in result.error and result.summary["events"] == 3,
               "a log of Windows on standard input is no part of a text", result)
        for count in range(2, 6):
            # the newest first, in each of them and over all
            newest = LIFE[::-1]
            for number, text in enumerate(parts_of(newest, range(1, count))):
                folder.file(f"newest/{number}.trace", text)
            result = run("--reverse", *[f"newest/{number}.trace" for number in range(count)])
            tap.ok(result.status == STATUS_CLEAN and result.summary["sessions"]["conforming"] == 1, f"{count} files, the newest records first", result)
        for words, named in ((["a.trace", "gone.trace", "b.trace"], "gone.trace"), (["empty.trace", "comment.trace"], "empty"),
                             (["a.trace", "log.evtx"], "log.evtx"), (["log.evtx", "a.trace"], "a.trace"),
                             (["gone"], "gone")):
            result = run(*words)
            tap.ok(result.status == STATUS_FAILED and f"sessionlint: {named}" in result.error and "unreadable" in result.text,
                   f"{words}: status 2, and which file it is", result)
        folder.file("marker.trace", "marker=boot\n")
        result = run("marker.trace", "empty.trace")
        tap.same([finding["rule"] for finding in result.findings], ["trace/nothing-judged"], "one log that holds nothing")


def windows_trace(*events, host="A"):
    return [f"time=2026-01-02T03:04:{second:02}Z host={host} " + (event if "=" in event else
            f"source=lsm session=1 event={event}") + "\n" for second, event in enumerate(events)]


def check_windows(tap, command, maker):
    """.evtx files of one log are read in the order of EventRecordID; each record once, and what is missing is a gap."""
    lines = windows_trace("marker=boot", "Logon", "Disconnected", "Connected", "Disconnected", "Connected", "Logoff", "Disconnected")
    with Folder() as folder:
        def write(name, begin, end, some=None):
            folder.file("input.trace", "".join((some or lines)[begin:end]))
            subprocess.run([maker, f"--first-record-id={begin + 100}", folder.path / "input.trace", folder.path / name],
                           check=True)

        def run(*words):
            return command.run("check", "-q", "--format=json", "--no-config", "--rule=undocumented-transition=off", "--join",
                               *words, cwd=folder.path)

        def found(result):
            return [(finding["rule"], finding["file"], finding["line"]) for finding in result.findings
                    if finding["rule"] != "session/unfinished"]

        for name, begin, end in (("whole.evtx", 0, 8), ("1.evtx", 0, 3), ("2.evtx", 3, 5), ("3.evtx", 5, 8), ("over.evtx", 1, 5)):
            write(name, begin, end)
        whole = run("whole.evtx")
        for words in (["1.evtx", "2.evtx", "3.evtx"], ["3.evtx", "1.evtx", "2.evtx"], ["1.evtx", "over.evtx", "3.evtx"],
                      ["over.evtx", "3.evtx", "1.evtx"], ["1.evtx", "1.evtx", "2.evtx", "3.evtx"]):
            result = run(*words)
            tap.ok((result.status, found(result), result.summary["sessions"], result.summary["events"])
                   == (whole.status, found(whole), whole.summary["sessions"], whole.summary["events"]),
                   f"{words}: as in one file", result, whole)
        result = run("1.evtx", "3.evtx")
        tap.ok(found(result) == [("trace/gap", "3.evtx", 105)] and "2 records are missing" in result.text
               and result.summary["sessions"]["undetermined"] == 1, "a hole between two files is a gap", result)
        write("bad.evtx", 3, 8, lines[:3] + windows_trace("Logon", "Disconnected", "Connected", "Logoff", "Disconnected"))
        result = run("1.evtx", "bad.evtx")
        (finding,) = [finding for finding in result.findings if finding["rule"] == ILLEGAL][:1] or [None]
        tap.ok(finding is None or [past.get("file") for past in finding["history"]][:2] == ["1.evtx", "1.evtx"],
               "the history tells the files", result)
        for name, some, what in (("host.evtx", windows_trace(*["Logon"] * 8, host="B"), "another computer"),
                                 ("admin.evtx", lines, "another channel"),
                                 ("case.evtx", windows_trace(*["Logon"] * 3, "Connected", "Disconnected", "Connected", "Logoff", "Disconnected", host="a"), None)):
            write(name, 3, 8, some)
            if name == "admin.evtx":
                channel, other = (f"LocalSessionManager/{end}".encode("utf-16-le") for end in ("Operational", "AdminOrSuch"))
                path = folder.path / name
                path.write_bytes(path.read_bytes().replace(channel, other))
            result = run("1.evtx", name)
            if what:
                tap.ok(result.status == STATUS_FAILED and "not part of the same log" in result.error and not result.findings,
                       f"{what}: status 2, and nothing is judged", result)
            else:
                tap.ok(result.status == STATUS_CLEAN, "names of computers have no case", result)
        result = command.run("check", "-q", "--join", "1.evtx", "-", cwd=folder.path,
                             input=(folder.path / "2.evtx").read_bytes())
        tap.ok(result.status == STATUS_FAILED and "sessionlint: <stdin>" in result.error, "standard input cannot be one",
               result)


def check_hint(tap, command, maker):
    """Without --join, logs that are parts of one are said to be, where that is sure."""
    def numbered(first, host="A"):
        return "".join(f"seq={first + n} host={host} {line}" for n, line in enumerate(LIFE))

    with Folder() as folder:
        for name, text in (("a.trace", numbered(1)), ("b.trace", numbered(6)), ("c.trace", numbered(12)),
                           ("again.trace", numbered(1)), ("plain.trace", "".join(LIFE))):
            folder.file(name, text)
        for name, first, host in (("1.evtx", 1, "A"), ("2.evtx", 5, "a"), ("3.evtx", 5, "B"), ("4.evtx", 6, "A")):
            folder.file("input.trace", "".join(windows_trace("Logon", "Disconnected", "Connected", "Logoff", host=host)))
            subprocess.run([maker, f"--first-record-id={first}", folder.path / "input.trace", folder.path / name], check=True)
        for words, hint in ((["a.trace", "b.trace"], "b.trace continues a.trace"),
                            (["b.trace", "plain.trace", "a.trace"], "b.trace continues a.trace"),
                            (["1.evtx", "2.evtx"], "2.evtx continues 1.evtx"),
                            (["2.evtx", "1.evtx"], "2.evtx continues 1.evtx"),
                            (["a.trace", "c.trace"], None), (["a.trace", "again.trace"], None), (["b.trace", "c.trace"], None),
                            (["1.evtx", "3.evtx"], None), (["1.evtx", "4.evtx"], None), (["1.evtx", "b.trace"], None),
                            (["--quiet", "a.trace", "b.trace"], None), (["--join", "a.trace", "b.trace"], None)):
            result = command.run("check", "--no-config", *words, cwd=folder.path)
            said = [line for line in result.error.splitlines() if "--join" in line]
            tap.same(said, [f"sessionlint: {hint}; --join checks them as one log"] if hint else [], f"{words}: {hint}")


def check_commands(tap, command):
    with Folder() as folder:
        folder.file("a.trace", "".join(TWICE[:3]))
        folder.file("b.trace", "".join(TWICE[3:]))
        logs = ["a.trace", "b.trace"]
        result = command.run("coverage", "--join", "--format=json", *logs, cwd=folder.path)
        tap.same(json.loads(result.out)["counts"]["incarnations"], 1, "coverage")
        result = command.run("diagram", "--join", "--format=json", "--trace=a.trace", "--trace=b.trace", cwd=folder.path)
        whole = command.run("diagram", "--format=json", "--trace=-", cwd=folder.path, input="".join(TWICE).encode())
        tap.same(result.out.replace(b'"files":2', b'"files":1'), whole.out, "diagram --trace")
        result = command.run("diff", "--traces", "--join", "known", "published", *logs, cwd=folder.path)
        tap.ok(result.status in (STATUS_CLEAN, STATUS_FINDINGS) and "1 session" in result.text, "diff --traces", result)
        result = command.run("baseline", "write", "--join", "--baseline=b.json", "--reason=known", *logs, cwd=folder.path)
        tap.ok(result.status == STATUS_CLEAN and "1 added" in result.error, "baseline write", result)
        result = command.run("check", "-q", "--join", "--baseline=b.json", *logs, cwd=folder.path)
        tap.same(result.status, STATUS_CLEAN, "check with that baseline")
        folder.file("b.trace", "".join(LIFE[3:]))
        result = command.run("check", "-q", "--join", "--baseline=b.json", *logs, cwd=folder.path)
        tap.ok(result.status == STATUS_FINDINGS and "stale" in result.error, "and it is stale", result)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    check_cuts(tap, command, pathlib.Path(sys.argv[2]))
    check_places(tap, command)
    check_inputs(tap, command)
    check_windows(tap, command, sys.argv[3])
    check_hint(tap, command, sys.argv[3])
    check_commands(tap, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
