#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The forbidden sequences of each pack are those that a separate computation finds from the transcribed table; and the
SQL, run by SQLite on all short sequences of events, finds exactly those of which check reports a finding. Argument: the
command. Prints TAP.
"""

import sqlite3
import sys

from shared.command import STATUS_FAILED, Command
from shared.detections import (BOOT, OTHERS, RUNGS, WINDOWS, contains, disagreement, expected_words, header, letters_of,
                               pack, verdicts, words)
from shared.sights import ILLEGAL, IMPLIED
from shared.tap import Tap

# The longest sequences that are tried in each source, and the longest that its pack has.
LENGTHS = {"lsm": (6, 3), "winlogon": (6, 2), "sens": (5, 3), "wdm": (4, 4), "wts": (4, 4)}

FINITE = ("lsm", "winlogon", "sens")


def check_lists(tap, command):
    for source, (_, length) in LENGTHS.items():
        options = [] if source in FINITE else [f"--length={length}"]
        listed, said, complete = header(pack(command, "sql", source, *options))
        tap.same((said, complete), (length, source in FINITE), f"{source}: the length, and whether there are longer ones")
        tap.same(sorted(listed), sorted(expected_words(source, length)), f"{source}: the forbidden sequences")
        for rule, rung in RUNGS.items():
            forbidden = {word for of, word in listed if of in (rule, ILLEGAL)}
            differs = disagreement(source, rung, forbidden)
            tap.ok(bool(differs) != complete, f"{source}, {rule}: " + ("no sequence of any length is missing" if complete
                   else "there is a longer sequence"), differs)
    listed, said, complete = header(pack(command, "sql", "wts"))
    tap.same((said, complete, listed), (6, False, expected_words("wts", 6)), "an infinite list ends at length 6")
    listed, said, complete = header(pack(command, "sql", "lsm", "--length=2"))
    tap.same((said, complete, listed), (2, False, expected_words("lsm", 2)), "--length=2 leaves some out, and says so")


def record(source, event, turn):
    """What shows an event: the columns of the table."""
    if source in WINDOWS:
        return WINDOWS[source][event]
    values = OTHERS[source][event]
    return (values[turn % len(values)],)


def records_of(source, all_words):
    """The table of records: the words at once, each of a computer of its own, with records of other kinds between."""
    number = 0
    for computer, word in enumerate(all_words):
        for turn, event in enumerate(word):
            number += 1
            session = None if event == BOOT else 1
            yield (computer, number, f"2026-11-29 {number}", session, *record(source, event, turn))
            if source in WINDOWS:
                yield (computer, number, "", 1, "Another-Provider", 23)
                yield (computer, number, "", 1, WINDOWS[source]["Logon"][0], 40)
            # without a session: of none
            yield (computer, number, "", None, *record(source, "Logoff", turn))
            # another session of the same computer: always a legal first event
            yield (computer, number, "", 2 + turn + 10 * computer, *record(source, "Logon", turn))


def found_by_sqlite(query, source, all_words):
    """{rule: {word}}: in which words the query finds something."""
    columns = ("provider", "event_id") if source in WINDOWS else ("event",)
    database = sqlite3.connect(":memory:")
    database.execute(f"CREATE TABLE records (computer, record_id, time, session, {', '.join(columns)})")
    database.executemany(f"INSERT INTO records VALUES ({', '.join('?' * (4 + len(columns)))})", records_of(source, all_words))
    return by_rule(database.execute(query), all_words)


def by_rule(rows, all_words):
    found = {rule: set() for rule in RUNGS}
    for row in rows:
        found[row[6]].add(all_words[int(row[0])])
    return found


def check_sqlite(tap, command):
    for source, (tried, length) in LENGTHS.items():
        all_words = words(letters_of(source), tried)
        options = [] if source in FINITE else [f"--length={length}"]
        judged = verdicts(command, source, all_words)
        found = found_by_sqlite(pack(command, "sql", source, *options), source, all_words)
        claim = f"{source}: SQLite and check agree on {len(all_words)} sequences"
        tap.ok(judged[ILLEGAL] and len(judged[ILLEGAL]) < len(all_words), f"{source}: some are illegal, not all")
        tap.same(sorted(found[ILLEGAL] ^ judged[ILLEGAL])[:5], [], f"{claim}, {ILLEGAL}")
        tap.same(sorted((found[ILLEGAL] | found[IMPLIED]) ^ (judged[ILLEGAL] | judged[IMPLIED]))[:5], [],
                 f"{claim}, with {IMPLIED}")
    without = [word for word in words(letters_of("lsm"), 6) if BOOT not in word]
    tap.same(len(without), 5460, "lsm: 5460 sequences without a boot")
    # what was once computed for a document
    ids = {"21 21", "23 23", "23 25", "24 24", "25 21", "25 25", "21 24 21", "23 24 23", "23 24 25", "24 23 24", "25 24 21"}
    known = {tuple(next(event for event, (_, number) in WINDOWS["lsm"].items() if number == int(each)) for each in text.split())
             for text in ids}
    judged = verdicts(command, "lsm", without)
    told = {word for word in without if any(contains(word, part) for part in known)}
    tap.same(sorted(told ^ (judged[ILLEGAL] | judged[IMPLIED]))[:5], [], "lsm: the eleven sequences without a boot")


def check_first(tap, command):
    """The first row of a session is where check first reports something."""
    all_words = words(letters_of("lsm"), 4)
    trace = []
    for number, word in enumerate(all_words):
        trace += [f"host=w{number} source=lsm " + ("marker=boot" if event == BOOT else f"session=1 event={event}")
                  for event in word]
    result = command.check("\n".join(trace) + "\n", "--start=unknown", timeout=600)
    reported = {}
    for finding in result.parsed[:-1]:
        if finding["rule"] in RUNGS:
            reported.setdefault(finding["host"], finding["line"])
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE records (computer, record_id, time, session, provider, event_id)")
    lines = iter(range(1, len(trace) + 1))
    for number, word in enumerate(all_words):
        for event in word:
            database.execute("INSERT INTO records VALUES (?, ?, '', ?, ?, ?)",
                             (f"w{number}", next(lines), None if event == BOOT else 1, *WINDOWS["lsm"][event]))
    found = {}
    for computer, _, line, *_ in database.execute(pack(command, "sql", "lsm")):
        found.setdefault(computer, line)
    tap.ok(len(reported) > 100, "some sequences have a finding", len(reported))
    tap.same([host for host in {*found, *reported} if found.get(host) != reported.get(host)][:5], [],
             "the first row is at the record of the first finding")


def check_usage(tap, command):
    for arguments, complaint in (
            (["--export=sqll"], "unknown language 'sqll'; did you mean sql?"),
            (["--export=sql", "--source=rdp"], "unknown source 'rdp': lsm, winlogon, wdm, wts or sens"),
            (["--export=kql", "--source=wts"], "wts is not in a log of Windows; only --export=sql can search it"),
            (["--export=sql", "--length=0"], "--length needs a number from 1 to 12, not '0'"),
            (["--export=sql", "--length=13"], "--length needs a number from 1 to 12, not '13'"),
            (["--export=sql", "--length=1"], "no sequence of lsm of that length is forbidden"),
            (["--length=3"], "--length belongs to --export"),
            (["--source=lsm"], "--source belongs to --export"),
            (["--export=sql", "gap"], "cannot be combined with --markdown, --traceability or a name"),
            (["--export", "--markdown"], "cannot be combined with --markdown, --traceability or a name")):
        result = command.run("rules", *arguments)
        tap.ok(result.status == STATUS_FAILED and not result.out and complaint in result.error, f"{arguments} is refused",
               result)
    tap.same(command.run("rules", "--export").out, command.run("rules", "--export=sigma", "--source=lsm").out,
             "--export is --export=sigma --source=lsm")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    check_usage(tap, command)
    check_lists(tap, command)
    check_sqlite(tap, command)
    check_first(tap, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
