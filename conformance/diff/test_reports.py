#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sessionlint diff OLD.json NEW.json, against sets of fingerprints of our own: what is new, gone and the same, in three
formats; reports that are none, cut, or written by somebody who means harm. Argument: the command. Prints TAP.
"""

import json
import random
import resource
import sys
import unicodedata

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS, Command
from shared.folder import Folder
from shared.report_traces import HASH, PARTS, PAYLOADS, hostile
from shared.tap import Tap

MANY = 100_000
MANY_UNDER_SANITIZERS = 10_000

SHOWN_IN_MARKDOWN = 100

SUMMARY = b'{"summary":{"version":"0"}}\n'
FINDING = {"rule": "session/illegal-transition", "severity": "error", "file": "a.trace", "line": 3, "host": None,
           "session": 1, "message": "Logon is illegal in LoggedOn", "fingerprint": "0123456789abcdef:1"}


def finding(**changes):
    """A line; a member that is Ellipsis is left out."""
    return json.dumps({key: value for key, value in {**FINDING, **changes}.items() if value is not ...}).encode() + b"\n"


# What is wrong with the line, and what the complaint must hold: the member, or words.
WRONG = [
    *((f"no {key}", finding(**{key: ...}), key) for key in FINDING),
    *((f"{key} is {json.dumps(value)}", finding(**{key: value}), key) for key in FINDING
      for value in (None, True, -1, 1.5, "x", [], {}, ["x"], 1 << 64)
      if not (value is None and key in ("host", "session"))
      and not (value == "x" and key in ("rule", "file", "host", "message"))),
    *((f"fingerprint {text}", finding(fingerprint=text), "fingerprint") for text in
      ("0123456789abcdef:", "0123456789abcdef", "0123456789ABCDEF:1", "0123456789abcdef:0", "123456789abcdef:1",
       "0123456789abcdef:1x", "0123456789abcdef:99999999999999999999", "")),
    ("severity off", finding(severity="off"), "severity"),
    *((f"{key} twice", finding()[:-2] + f',"{key}":{json.dumps(FINDING[key])}}}\n'.encode(), key) for key in FINDING),
    *((f"suppression is {json.dumps(value)}", finding(suppression=value), "suppression") for value in (None, True, 1, "x", [])),
    ("a finding that is a summary", finding(summary={}), "summary"),
    ("a summary that is a number", b'{"summary":1}\n', "summary"),
    ("an array", b"[]\n", "not a JSON"),
    ("a string", b'"rule"\n', "not a JSON"),
    ("two objects in a line", finding()[:-1] + finding(), "not a JSON"),
    ("an object that is cut", finding()[:-9] + b"\n", "not a JSON"),
    ("an empty object", b"{}\n", "rule"),
    ("another program's object", b'{"ledger":"sessionlint","version":1}\n', "rule"),
    ("a text trace", PARTS.read_bytes(), "not a JSON"),
    ("deep", finding(x=...)[:-2] + b',"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n", "too deep"),
    *((f"{text} in a member that nobody knows", finding()[:-2] + f',"x":{text}}}\n'.encode(), "not a JSON") for text in
      ("flase", "True", "NaN", "2x4", "01", "+1", "-", "1.", ".5", "1e", "1e+", "0x1", "[=]", '{"y":nul}')),
    ("bytes that are no UTF-8", finding(message="?").replace(b"?", b"\xff"), "invalid UTF-8"),
    ("half a character", finding(message="?").replace(b"?", b"\xe2\x82"), "invalid UTF-8"),
    ("half a pair in UTF-8", finding(message="?").replace(b"?", b"\xed\xa0\x80"), "invalid UTF-8"),
    ("a control character", finding(message="?").replace(b"?", b"\x01"), "not a JSON"),
    ("a NUL", b"\0" + finding(), "not a JSON"),
    *((f"the escape {text.decode()}", finding(message="?").replace(b"?", text), "message") for text in
      (b"\\x", b"\\u12", b"\\u12g4", b"\\u", b"\\a")),
    ("a line without an end to it", b'{"rule":"' + b"x" * (17 << 20) + b'"}\n', "too long"),
]

# What a report may have besides.
RIGHT = [
    ("members that nobody knows", finding(zebra=[{"rule": 1}], rule2=None)),
    *((f"{text} in a member that nobody knows", finding()[:-2] + f',"x":{text}}}\n'.encode()) for text in
      ("true", "false", "null", "0", "-0", "10", "-1.05", "1e9", "0.1E-07", "1E+0", "[1,-2]")),
    ("members in another order", json.dumps(dict(reversed(FINDING.items()))).encode() + b"\n"),
    ("blanks", b'  { "rule" : "r" , "severity":"note","file":"f" ,"line":0,"host":null , "session": null ,'
     b'"message":"m","fingerprint":"0123456789abcdef:1" }  \r\n'),
    ("a byte order mark", b"\xef\xbb\xbf" + finding()),
    ("empty lines", b"\n\r\n" + finding() + b"\n"),
    ("every escape", finding(message="?").replace(b"?", b'\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\\ud800')),
    ("depth that can be read", finding()[:-2] + b',"x":' + b"[" * 20 + b"]" * 20 + b"}\n"),
    ("a long message", finding(message="\u00e9\\\n" * 300_000)),
    ("the greatest numbers", finding(line=(1 << 64) - 1, session=(1 << 32) - 1)),
]


def told(result):
    *objects, last = [json.loads(line) for line in result.out.decode().splitlines()]
    last["summary"].pop("suppressed")
    return objects, last["summary"]


def compare(command, folder, old, new, *options):
    return command.run("diff", *options, str(folder.file("old.json", old)), str(folder.file("new.json", new)))


def check_sets(tap, command, folder, name, old, new):
    """New, gone and same are those of the sets; the status is 1 if something is new."""
    before, after = ({line["fingerprint"]: line for line in map(json.loads, text.splitlines()) if "rule" in line}
                     for text in (old, new))
    result = compare(command, folder, old, new, "--format=json")
    objects, summary = told(result)
    expected = [("same" if mark in before else "new", mark) for mark in after] \
        + [("gone", mark) for mark in before if mark not in after]
    tap.same([(each["change"], each["fingerprint"]) for each in objects], expected, f"{name}: each is told, in order")
    sizes = {change: sum(each == change for each, _ in expected) for change in ("new", "gone", "same")}
    tap.same((summary, result.status), (sizes, STATUS_FINDINGS if sizes["new"] else STATUS_CLEAN),
             f"{name}: {sizes}, and the status")
    keys = ("rule", "severity", "file", "line", "host", "session")
    tap.ok(all(each[key] == {**before, **after}[each["fingerprint"]][key] for each in objects for key in keys),
           f"{name}: whose they are")
    text = compare(command, folder, old, new)
    lines = text.text.splitlines()
    tap.same((sum(line.startswith("new: ") for line in lines), sum(line.startswith("gone:") for line in lines),
              lines[-1], text.status),
             (sizes["new"], sizes["gone"], "{new} new, {gone} gone, {same} same".format(**sizes), result.status),
             f"{name}: in text")
    page = compare(command, folder, old, new, "-fmarkdown")
    tap.ok(page.text.startswith(f"## sessionlint: {sizes['new']} new, {sizes['gone']} gone, {sizes['same']} same")
           and sum(line.startswith("| ") for line in page.text.splitlines()) == sum(
               min(sizes[change], SHOWN_IN_MARKDOWN) + 1 for change in ("new", "gone") if sizes[change]),
           f"{name}: in Markdown", page)


def check_runs(tap, command, folder):
    """Real reports: a finding keeps its fingerprint when something else is recorded before it."""
    lines = PARTS.read_bytes().splitlines(keepends=True)
    # the same log, with a session of another host before all
    longer = b"".join(f"host=OTHER session=9 event={event}\n".encode() for event in ("Created", "Terminated"))
    broken = b"host=OTHER session=9 event=Logon\nhost=OTHER session=9 event=Logon\n"
    reports = {name: command.check(trace).out for name, trace in
               (("parts", PARTS.read_bytes()), ("longer", longer + PARTS.read_bytes()),
                ("broken", broken + PARTS.read_bytes()), ("half", b"".join(lines[:16])), ("none", longer))}
    for old in reports:
        for new in reports:
            check_sets(tap, command, folder, f"{old}, {new}", reports[old], reports[new])
    shorter = compare(command, folder, reports["parts"], reports["longer"])
    tap.ok(shorter.status == STATUS_CLEAN and shorter.text.startswith("0 new, 0 gone, "),
           "what is recorded before makes no finding new", shorter)
    both = command.run("diff", "-", str(folder.file("new.json", reports["parts"])), input=reports["half"])
    tap.same(both.out, compare(command, folder, reports["half"], reports["parts"]).out, "- is standard input", both)


def check_suppressed(tap, command, folder):
    """What somebody has answered for does not count: it is not new, and new again when the answer is gone."""
    answer = {"suppression": {"kind": "trace", "reason": "known"}}
    plain, answered = finding() + SUMMARY, finding(**answer) + SUMMARY
    for old, new, counts, status in ((SUMMARY, answered, (0, 0, 0), STATUS_CLEAN), (answered, plain, (1, 0, 0), STATUS_FINDINGS),
                                     (plain, answered, (0, 1, 0), STATUS_CLEAN), (answered, answered, (0, 0, 0), STATUS_CLEAN)):
        result = compare(command, folder, old, new, "--format=json")
        objects, summary = told(result)
        numbers = {"old": old.count(b"known"), "new": new.count(b"known")}
        claim = f"answered for, in old {numbers['old']} and in new {numbers['new']}"
        tap.ok((tuple(summary.values()), len(objects), result.status) == (counts, sum(counts), status)
               and json.loads(result.out.splitlines()[-1])["summary"]["suppressed"] == numbers, claim, result)
        said = f": {numbers['old']} old and {numbers['new']} new"
        tap.ok(all(said in compare(command, folder, old, new, f"-f{form}").text for form in ("text", "markdown")),
               f"{claim}: said to people")
    trace = b"session=1 event=Logon\n"
    base = folder.path / "baseline.json"
    written = command.run("baseline", "write", f"--baseline={base}", "--reason=known", "-", input=trace)
    if tap.ok(base.exists(), "check writes a baseline", written):
        known = command.run("check", "-q", "-fjson", "--rule=unfinished=off", f"--baseline={base}", "-", input=trace)
        result = compare(command, folder, SUMMARY, known.out)
        tap.ok(result.status == STATUS_CLEAN and "suppressed: 0 old and" in result.text, "by a baseline", result)


def check_random(tap, command, folder):
    source = random.Random("reports")
    for number in range(20):
        texts = []
        for _ in range(2):
            marks = source.sample(range(40), source.randrange(40))
            texts.append(b"".join(finding(fingerprint=f"{mark:016x}:{mark + 1}", line=source.randrange(9),
                                          severity=source.choice(("note", "warning", "error")),
                                          session=source.choice((None, mark)), host=source.choice((None, "h\u00e9")))
                                  for mark in marks) + SUMMARY)
        check_sets(tap, command, folder, f"random {number}", *texts)


def check_wrong(tap, command, folder):
    """Status 2, the line and the reason on standard error, nothing on standard output."""
    good = finding(fingerprint="0" * 16 + ":1")
    for name, line, reason in WRONG:
        for side in (0, 1):
            texts = [good + SUMMARY, good + SUMMARY]
            texts[side] = good + line + SUMMARY
            result = compare(command, folder, *texts)
            place = f"{('old', 'new')[side]}.json:2: "
            said = result.error.split(place, 1)[-1]
            tap.ok(result.status == STATUS_FAILED and not result.out and place in result.error and reason in said
                   and len(result.error) < 1000, f"{name}, in the {('old', 'new')[side]} one", f"{reason!r}", result)
    for name, data, reason in (
            ("an empty file", b"", "missing summary"), ("no summary", good, "missing summary"), ("blank lines", b"\n\n", "missing summary"),
            ("a finding behind the summary", good + SUMMARY + finding(), "after the summary"),
            ("two reports", (good + SUMMARY) * 2, "after the summary"), ("cut in the summary", good + SUMMARY[:-4], "not a JSON"),
            ("the same fingerprint twice", good + good + SUMMARY, "fingerprint"),
            ("UTF-16", "\ufeff".encode("utf-16-le") + (good + SUMMARY).decode().encode("utf-16-le"), "UTF-16")):
        result = compare(command, folder, data, good + SUMMARY)
        tap.ok(result.status == STATUS_FAILED and not result.out and reason in result.error, name, result)
    for cut in range(1, len(good + SUMMARY) - 2, 7):
        result = compare(command, folder, good + SUMMARY, (good + SUMMARY)[:cut])
        if not tap.ok(result.status == STATUS_FAILED and not result.out, f"cut behind {cut} bytes", result):
            break
    for arguments in ([str(folder.path / "absent.json")] * 2, [str(folder.path)] * 2):
        result = command.run("diff", *arguments)
        tap.ok(result.status == STATUS_FAILED and result.error.count("sessionlint: ") == 2,
               "both files that cannot be read are told", result)


def check_right(tap, command, folder):
    for name, line in RIGHT:
        result = compare(command, folder, SUMMARY, line + SUMMARY, "--format=json")
        tap.ok(result.status == STATUS_FINDINGS and told(result)[1] == {"new": 1, "gone": 0, "same": 0}
               and len(result.out) < 5000, name, result)


def check_hostile(tap, command, folder):
    """Text of a report does nothing to who reads it."""
    for name, payload in PAYLOADS.items():
        text = payload.decode("utf-8", "replace")
        line = finding(**{key: text for key in ("rule", "file", "host", "message")})
        for report in (line + SUMMARY, command.check(hostile(payload)).out):
            for form in ("text", "json", "markdown"):
                result = compare(command, folder, SUMMARY, report, f"--format={form}")
                out = result.out.decode("utf-8")
                bad = [sign for sign in out.replace("\n", "") if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
                lines = out.splitlines() if form == "text" else []
                tap.ok(result.status == STATUS_FINDINGS and not bad and HASH + "vso[" not in out
                       and all(line.startswith(("new: ", "gone:")) for line in lines[:-1]),
                       f"{name}: {form}", bad, result)


def check_many(tap, command, folder):
    """Memory grows with findings, and not with what else is in a report."""
    many = MANY_UNDER_SANITIZERS if command.sanitized or command.for_windows else MANY
    old = b"".join(finding(fingerprint=f"{number:016x}:1") for number in range(many)) + SUMMARY
    new = b"".join(finding(fingerprint=f"{number:016x}:1") for number in range(many // 2, many + many // 2)) + SUMMARY
    result = compare(command, folder, old, new)
    tap.ok(result.text.endswith(f"\n{many // 2} new, {many // 2} gone, {many // 2} same\n"), f"{many} findings each", result)
    if command.sanitized or command.for_windows:
        tap.skip("long members cost no memory", "sanitizers and Wine take memory of their own")
        return
    long = b"".join(finding(fingerprint=f"{number:016x}:1", message="x" * 1_000_000, x="y" * 1_000_000)
                    for number in range(60)) + SUMMARY

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (96 << 20, 96 << 20))

    result = command.run("diff", str(folder.file("a.json", long)), str(folder.file("b.json", long)), preexec_fn=limit)
    tap.ok(result.status == STATUS_CLEAN and result.text == "0 new, 0 gone, 60 same\n",
           "two reports of 120 MB in 96 MB", result)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        check_runs(tap, command, folder)
        check_suppressed(tap, command, folder)
        check_random(tap, command, folder)
        check_wrong(tap, command, folder)
        check_right(tap, command, folder)
        check_hostile(tap, command, folder)
        check_many(tap, command, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
