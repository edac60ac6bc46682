#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The gate of coverage, what it says and its status; inputs as check has them. Argument: the command. Prints TAP."""

import sys

from shared.command import RULES, STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS, Command
from shared.folder import Folder
from shared.ledger import PAIRS, Ledger, events
from shared.table import TABLE, way_to
from shared.tap import Tap


def whole():
    """A trace that takes each published transition, each on the way of a session of its own."""
    return "".join(events([way for _, way, _ in way_to(state)] + [event], session=number)
                   for number, (state, event) in enumerate(TABLE))


def check_shares(tap, command):
    """Each share of the transitions, on both sides of its threshold."""
    taken = [event for _, event, _ in way_to("LoggedOff")]
    result = command.run("coverage", "--require=transitions=100%", "-", input=whole().encode())
    tap.ok(result.status == STATUS_CLEAN and not result.err, "all transitions are taken", result)
    for count in range(1, len(taken) + 1):
        trace = events(taken[:count]).encode()
        share = count * 10000 // 17
        for hundredths, status in ((share, STATUS_CLEAN), (share + 1, STATUS_FINDINGS)):
            result = command.run("coverage", f"--require=transitions={hundredths // 100}.{hundredths % 100:02}%", "-",
                                 input=trace)
            tap.ok(result.status == status and result.error.count("missing:") == (17 - count if status else 0),
                   f"{count} of 17 is {'less than' if status else 'at least'} {hundredths / 100} %", result)


def check_extent(tap, command):
    """How much was read, of one thing and of several."""
    for count, extent in ((1, "1 event of 1 incarnation in 1 file"), (2, "2 events of 2 incarnations in 2 files")):
        with Folder() as folder:
            for number in range(count):
                folder.file(f"{number}.trace", "session=1 event=Created\n")
            for form, end in (("text", "; ? marks"), ("markdown", ".\n")):
                result = command.run("coverage", f"--format={form}", str(folder.path))
                tap.ok(extent + end in result.text, f"{form}: {extent}", result)


def check_words(tap, command):
    trace = events(["Created", "Connected", "Logon", "Logon"]).encode()

    def run(*words):
        return command.run("coverage", *(f"--require={word}" for word in words), "-", input=trace)

    for words, missing in ((["pairs=6%"], []), (["pairs=7%"], ["pairs"]), (["pairs=7%,illegal=100%"], ["pairs", "illegal"]),
                           (["pairs=7%", "illegal=100%"], ["pairs", "illegal"]), (["pairs=100%,pairs=6.6%"], []),
                           ([f"illegal=3.4%,rules={int(20000 / RULES) / 100}%"], []), (["rules=100%"], ["rules"]), (["reuse=1%"], ["reuse"]),
                           (["undocumented=0%"], []), (["undocumented=0.01%"], ["undocumented"]),
                           (["undocumented-pairs=1%"], ["undocumented-pairs"])):
        result = run(*words)
        said = [line.split(": ")[1] for line in result.error.splitlines() if line.startswith("sessionlint: ")]
        tap.ok(result.status == (STATUS_FINDINGS if missing else STATUS_CLEAN) and sorted(said) == sorted(missing),
               f"--require={' --require='.join(words)}: {', '.join(missing) or 'covered'}", result)
    result = run("pairs=100%")
    tap.same(result.error.count("\n  missing: "), len([pair for pair in PAIRS if ("DisconnectedLoggedOn", "Connected")
                                                      not in pair]) - 2, "each missing pair is named")
    tap.ok("  missing: Created --Connected--> Connected --Logon--> LoggedOn\n" not in result.error
           and "  missing: LoggedOn --Logoff--> LoggedOff --Disconnected--> Disconnected\n" in result.error,
           "and none that is covered", result)
    result = command.run("coverage", "--source=winlogon", "--require=transitions=100%", "-",
                         input=b"session=1 event=Logon\n")
    tap.ok("Connected --Logon--> LoggedOn (possible, but not certain)" in result.error, "what may have been is told",
           result)


def check_failures(tap, command, folder):
    """Status 2 where the job could not be done in full, whatever is required."""
    good = folder.file("logs/a/good.trace", whole())
    folder.file("logs/other.txt", "nonsense")
    bad = folder.file("bad.trace", whole() + "session=x event=Logon\n")
    folder.file("empty/readme.txt", "")
    for arguments, status, said in (
            ([good], STATUS_CLEAN, ""), ([folder.path / "logs"], STATUS_CLEAN, ""),
            ([bad], STATUS_FAILED, "1 record cannot be read"),
            ([folder.path / "absent"], STATUS_FAILED, "No such file"), ([folder.path / "empty"], STATUS_FAILED, "no logs"),
            ([folder.path / "logs" / "other.txt"], STATUS_FAILED, "not a session trace"),
            ([good, folder.path / "absent", "--require=pairs=100%"], STATUS_FAILED, "required")):
        result = command.run("coverage", *map(str, arguments))
        names = [str(argument).replace(str(folder.path), "") for argument in arguments]
        tap.ok(result.status == status and said in result.error and "transitions" in result.text,
               f"coverage {' '.join(names)}: status {status}", result)
    result = command.run("coverage", f"--output=json:{folder.path / 'no' / 'where'}", str(good))
    tap.ok(result.status == STATUS_FAILED and "No such file" in result.error and not result.out,
           "a report that cannot be begun: status 2, before a log is read", result)
    one = Ledger(command.run("coverage", "--format=json", str(good)).out)
    two = Ledger(command.run("coverage", "--format=json", str(good), str(folder.path / "logs")).out)
    tap.same((two.counts["files"], two.taken), (2, {cell: 2 * count for cell, count in one.taken.items()}),
             "a file and its folder are counted twice")
    out = folder.path / "x.json"
    result = command.run("coverage", "--format=lcov", f"--output=json:{out}", f"-omarkdown:{folder.path / 'x.md'}", str(good))
    tap.ok(result.text.startswith("TN:") and Ledger(out.read_text()).taken == one.taken
           and "| transitions | 17 | 17 | 100.0 % |" in (folder.path / "x.md").read_text(), "reports in one pass", result)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    check_shares(tap, command)
    check_extent(tap, command)
    check_words(tap, command)
    with Folder() as folder:
        check_failures(tap, command, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
