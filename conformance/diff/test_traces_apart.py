#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sessionlint diff --traces, against a simulation of its own: sessions that follow the published table up to their last
event, by every two models; what a driver with a mask would have been told; what cannot be compared; and what sessionlint
check says of the traces of the project. Arguments: the command, the root of the source. Prints TAP.
"""

import pathlib
import random
import re
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS, Command
from shared.diff_machines import SOURCES, Model
from shared.folder import Folder
from shared.table import EVENTS
from shared.tap import Tap

SESSIONS = 60

LINE = re.compile(r"changed: (.*?):(\d+): (?:session|winlogon) (\d+)(?: \(incarnation (\d+)\))?(?: on (.*?))?: (\S+) rejects (.*); (\S+) accepts all of it"
                  r"(?: \[(.*)\])?")

TOLERANCES = ("published", "reused", "known", "implied")
MASKS = ("published:mask=logon,logoff", "known:mask=connected,logon,logoff", "implied:mask=terminated,logon")

RULES = {"known": "session/undocumented-transition", "implied": "session/implied-termination",
         None: "session/illegal-transition", "reused": None}


def changes(result):
    return [LINE.fullmatch(line).groups() for line in result.text.splitlines() if line.startswith("changed: ")]


def words_of(source, seed):
    """Words that the published table allows up to the event before the last; and a last one."""
    choice, model, words = random.Random(seed), Model(f"{source}:published"), []
    while len(words) < SESSIONS:
        word, states = [], model.start
        for _ in range(choice.randrange(8)):
            possible = [event for event in EVENTS if model.next(states, event)]
            if not possible:
                break
            word.append(choice.choice(possible))
            states = model.next(states, word[-1])
        words.append((*word, choice.choice(EVENTS)))
    return words


def trace_of(source, words):
    """The trace, and the line of each word's last event."""
    lines, ends = [], []
    for number, word in enumerate(words):
        lines += [f"source={source} session={number} event={event}\n" for event in word]
        ends.append(len(lines))
    return "".join(lines), ends


def accepts(name, source, word):
    """Whether the model of that name accepts what a session of that source shows, as far as it is told of it."""
    words = name.split(":")
    model = Model(name if words[0] in SOURCES or len(words) > 1 or name == "observed" else f"{source}:{name}")
    states = model.start
    for event in word:
        if model.mask is None or event in model.mask:
            states = model.next(states, event)
    return bool(states)


def check_pair(tap, command, folder, source, words, one, other):
    trace, ends = trace_of(source, words)
    result = command.run("diff", "--traces", one, other, str(folder.file("x.trace", trace)))
    expected = []
    for number, word in enumerate(words):
        verdicts = [accepts(name, source, word) for name in (one, other)]
        if verdicts[0] != verdicts[1]:
            refusing, accepting = (one, other) if verdicts[1] else (other, one)
            rule = None if ":mask" in refusing else RULES[Model(f"{source}:implied").needed(word)]
            expected.append((number, ends[number], refusing, word[-1], accepting, rule))
    got = [(int(session), int(line), refuses, re.match(r"\w+", what)[0], accepting, rule)
           for _, line, session, _, _, refuses, what, accepting, rule in changes(result)]
    lives = command.check(trace).summary["sessions"]["incarnations"]
    last = f"{len(expected)} of {lives} sessions differ, in {int(bool(expected))} of 1 log\n"
    tap.ok(sorted(got) == sorted(expected) and result.text.endswith(last)
           and result.status == (STATUS_FINDINGS if expected else STATUS_CLEAN) and not result.err,
           f"{source}, {one} and {other}: {len(expected)} sessions differ", f"expected {expected}", result)


def check_pairs(tap, command, folder):
    for source in SOURCES:
        words = words_of(source, f"traces {source}")
        names = [*TOLERANCES, *(("observed", *MASKS) if source == "wdm" else (f"{source}:published", source))]
        pairs = [(one, other) for one in names for other in names if one < other]
        for one, other in pairs[::6 if command.for_windows else 1]:
            check_pair(tap, command, folder, source, words, one, other)


def check_lives(tap, command, folder):
    """Sessions of two lives: a driver with a mask that hides the beginning of the second cannot know."""
    choice, model = random.Random("lives"), Model("published")
    for number in range(5 if command.for_windows else 30):
        word = []
        for _ in range(2):
            states = model.start
            while states != {"Terminated"}:
                word.append(choice.choice([event for event in EVENTS if model.next(states, event)]))
                states = model.next(states, word[-1])
        trace, _ = trace_of("wdm", [word])
        for one in ("published:mask=logon,logoff", "published:mask=connected,disconnected,logon", "published"):
            masked = Model(one)
            states, first = masked.start, None
            for line, event in enumerate(word, 1):
                if masked.mask is None or event in masked.mask:
                    states = masked.next(states, event)
                if not states:
                    first = line
                    break
            result = command.run("diff", "--traces", one, "implied", str(folder.file("x.trace", trace)))
            told = [int(change[1]) for change in changes(result)]
            tap.ok(told[:1] == ([first] if first else []) and all(change[5] == one for change in changes(result)),
                   f"two lives {number}, {one}: {first}", " ".join(word), result)


def check_project(tap, command, root):
    """The traces of the project: those sessions differ from reused to known of which check says that the undocumented
    reconnect was needed, and nothing worse."""
    arguments = [str(root / "traces" / name) for name in ("legal", "partial")]
    result = command.run("diff", "--traces", "reused", "known", *arguments)
    found, worse = {}, set()
    for finding in command.run("check", "-q", "-fjson", "--rule=implied-termination=error", *arguments).findings:
        who = finding["file"], finding["session"], finding["host"], finding.get("incarnation")
        if finding["rule"] == "session/undocumented-transition":
            found.setdefault(who, finding["line"])
        elif finding["severity"] == "error":
            worse.add(who)
    expected = sorted((str(pathlib.Path(who[0])), line, who[1], who[3]) for who, line in found.items() if who not in worse)
    got = sorted((str(pathlib.Path(file)), int(line), int(session), int(life or 1))
                 for file, line, session, life, *_ in changes(result))
    tap.ok(got == expected and expected and result.status == STATUS_FINDINGS,
           f"the traces of the project: {len(expected)} sessions differ from reused to known", f"expected {expected}", result)
    same = command.run("diff", "--traces", "known", "known", *arguments)
    tap.ok(same.status == STATUS_CLEAN and not changes(same), "a model and itself: nothing changes", same)


def check_not_comparable(tap, command, folder, root):
    trace = "".join(f"source={source} session=1 event=Logon\nsource={source} session=1 event=Connected\n"
                    for source in ("wts", "lsm"))
    path = str(folder.file("two.trace", trace))
    for names, compared, skipped in ((("lsm:published", "lsm"), 1, 1), (("wts:published", "lsm"), 0, 2), (("known", "lsm"), 1, 1),
                                     (("known", "observed"), 0, 2), (("published", "known"), 2, 0),
                                     (("known", "known:mask=logon"), 0, 2)):
        result = command.run("diff", "--traces", *names, path)
        tap.ok(f" of {compared} sessions differ" in result.text
               and (f"\n{skipped} more cannot be compared" in result.text) == bool(skipped),
               f"{names}: {compared} sessions are compared, {skipped} cannot be", result)
    result = command.run("diff", "--traces", "known", "known:mask=logon", str(root / "traces" / "driver" / "masked.trace"))
    tap.ok(not changes(result) and "more cannot be compared" in result.text and result.status == STATUS_CLEAN,
           "what only a driver was told of is not told again through a mask", result)


def check_rest(tap, command, folder):
    gap = "session=1 event=Created\nmarker=gap\nsession=1 event=Logon\nsession=1 event=Logon\n"
    path = str(folder.file("gap.trace", gap))
    result = command.run("diff", "--traces", "known", "published:mask=logon", path)
    tap.same([change[1] for change in changes(result)], ["4"], "behind a gap a driver knows nothing", result)
    for start, line in (("initialized", "1"), ("unknown", None)):
        result = command.run("diff", "--traces", f"--start={start}", "known:mask=logoff,terminated", "implied:mask=logon", str(
            folder.file("x.trace", "session=1 event=Logoff\n")))
        tap.same([change[1] for change in changes(result)], [], f"--start={start}: one event that can have come", result)
        result = command.run("diff", "--traces", f"--start={start}", "known", "known:mask=connected", str(
            folder.file("x.trace", "session=1 event=Logoff\n")))
        tap.same([change[1] for change in changes(result)], [line] if line else [], f"--start={start}: an event in mid-life",
                 result)
    bad = str(folder.file("bad.trace", "session=1 event=Created\nsession=x event=Logon\nsession=1 event=Logon\n"))
    for arguments, said in (([bad], "cannot be read"), ([str(folder.path / "absent")], "No such file"), ([], "needs two models and at least one log")):
        result = command.run("diff", "--traces", "published", "known", *arguments)
        tap.ok(result.status == STATUS_FAILED and said in result.error, f"status 2: {said}", result)
    host = "session=1 host=\"\\u001b[31m\\n::error::x\" event={}\n"
    trace = "".join(host.format(event) for event in ("Created", "Disconnected", "Logon", "Connected"))
    result = command.run("diff", "--traces", "published", "known", "-", input=trace.encode())
    tap.ok(result.status == STATUS_FINDINGS and "\x1b" not in result.text and len(result.text.splitlines()) == 2
           and "\\x1b[31m\\x0a::error::x" in result.text, "text of a trace is escaped", result)


WRONG = [
    ([], "two models, or two reports"),
    (["published"], "two models, or two reports"),
    (["published", "known", "x.trace"], "with --traces, two models and logs"),
    (["a.json", "b.json", "c.json"], "with --traces, two models and logs"),
    (["published", "x.json"], "'published' is a model and 'x.json' is not; for a report of that name use ./published"),
    (["x.json", "published"], "'published' is a model and 'x.json' is not"),
    (["-", "-"], "standard input can only be one of the reports"),
    (["ublished", "known"], "unknown model 'ublished'; did you mean published?"),
    (["published", "knwn"], "unknown model 'knwn'; did you mean known?"),
    (["published", ""], "unknown model ''"),
    (["published", "registration"], "unknown model 'registration'"),
    (["published:knwn", "known"], "unknown tolerance 'knwn'; did you mean known?"),
    (["lsm:", "known"], "unknown tolerance ''"),
    (["lsm:known:implied", "known"], "'lsm:known:implied' has two tolerances"),
    (["published:known", "known"], "'published:known' has two tolerances"),
    (["lsm:mask=logon", "known"], "an EventMask describes a driver"),
    (["known:mask=lgon", "known"], "not 'lgon'"),
    (["known:mask=0x40", "known"], "bits set that do not correspond to an event"),
    (["known:mask=logon:known", "known"], "not 'logon:known'"),
    (["\x1b[31m", "known"], "unknown model '\\x1b[31m'"),
    (["--format=json", "published", "known"], "--format can only be used with two reports"),
    (["--format=jsn", "a.json", "b.json"], "unknown format 'jsn'; did you mean json?"),
    (["--witness=x", "a.json", "b.json"], "--witness can only be used with two models"),
    (["--witness=", "published", "known"], "--witness needs a file"),
    (["--start=unknown", "published", "known"], "only be used with --traces"),
    (["--traces"], "--traces needs two models and at least one log"),
    (["--traces", "published", "known"], "--traces needs two models and at least one log"),
    (["--traces", "published", "x.trace", "y.trace"], "unknown model 'x.trace'"),
    (["--traces", "--witness=x", "published", "known", "y.trace"], "--witness can only be used with two models"),
    (["--traces", "--format=json", "published", "known", "y.trace"], "--format can only be used with two reports"),
]


def check_wrong(tap, command, folder):
    for arguments, said in WRONG:
        result = command.run("diff", *arguments, cwd=folder.path)
        tap.ok(result.status == STATUS_FAILED and not result.out and said in result.error and "--help'" in result.error,
               f"{arguments} is refused", f"expected {said!r}", result)
    folder.file("known", '{"summary":{}}\n')
    result = command.run("diff", "./known", "./known", cwd=folder.path)
    tap.ok(result.status == STATUS_CLEAN and result.text == "0 new, 0 gone, 0 same\n", "./known is a file", result)
    result = command.run("diff", "known", "known", cwd=folder.path)
    tap.ok(result.text.startswith("known and known accept the same"), "known is a model also beside a file of that name", result)


def main():
    tap = Tap()
    command, root = Command(sys.argv[1], tap), pathlib.Path(sys.argv[2])
    with Folder() as folder:
        check_pairs(tap, command, folder)
        check_lives(tap, command, folder)
        check_not_comparable(tap, command, folder, root)
        check_rest(tap, command, folder)
        check_wrong(tap, command, folder)
    check_project(tap, command, root)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
