#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Filters decide what is shown and never what is judged: what is shown of a timeline is what a filter of our own leaves of
the whole. Argument: the command. Prints TAP.
"""

import fnmatch
import os
import re
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, Command
from shared.folder import Folder
from shared.tap import Tap

HOSTS = ("A.corp.example", "B", "")
USERS = ("CORP\\alice", "bob", "CORP\\Bobby")
EVENTS = ("Created", "Connected", "Logon", "Logon", "Disconnected", "Logoff", "Terminated")

DAY = "2026-03-0{}T{:02}:00:00Z"


def trace():
    """Sessions of three hosts and users on several days, with a finding in each."""
    lines = []
    for day in range(1, 6):
        for session in (1, 2, 3):
            for hour, event in enumerate(EVENTS):
                at, host = DAY.format(day, hour + session), HOSTS[(session + day) % 3]
                user = f" user={USERS[session - 1]}" if event in ("Logon", "Logoff") else ""
                address = f" address=10.0.{day}.{session}" if event == "Connected" else ""
                lines.append((at, f"time={at}{f' host={host}' if host else ''} session={session} event={event}{user}{address}\n"))
    return "".join(line for _, line in sorted(lines))


def like(pattern, text):
    return text is not None and fnmatch.fnmatchcase(text.lower(), pattern.lower())


def user_is(pattern, row):
    user = row["user"]
    return user is not None and (like(pattern, user) or like(pattern, user.split("\\")[-1]))


SEVERITIES = (None, "note", "warning", "error")

# The options, and which rows they leave.
FILTERS = [
    (["--host=b"], lambda row: like("b", row["host"])),
    (["--host=A"], lambda row: like("A.*", row["host"])),
    (["--host=a.CORP.example"], lambda row: like("A.*", row["host"])),
    (["--host=*"], lambda row: row["host"] is not None),
    (["--host=nobody"], lambda row: False),
    (["--host=A", "--host=B"], lambda row: row["host"] is not None),
    (["--session=2"], lambda row: row["session"] == 2),
    (["--session=0x2", "--session=3"], lambda row: row["session"] in (2, 3)),
    (["--session=4294967295"], lambda row: False),
    (["--user=alice"], lambda row: user_is("alice", row)),
    (["--user=corp\\ALICE"], lambda row: user_is("alice", row)),
    (["--user=bob*"], lambda row: user_is("bob*", row)),
    (["--user=*b*b*"], lambda row: user_is("*b*b*", row)),
    (["--address=10.0.2.*"], lambda row: like("10.0.2.*", row["address"])),
    (["--address=10.0.2.1"], lambda row: row["address"] == "10.0.2.1"),
    (["--since=2026-03-03"], lambda row: row["time"] >= "2026-03-03"),
    (["--until=2026-03-03"], lambda row: row["time"] < "2026-03-04"),
    (["--since=2026-03-02T03:00:00Z", "--until=2026-03-02T04:00:00Z"],
     lambda row: "2026-03-02T03:00:00Z" <= row["time"] <= "2026-03-02T04:00:00Z"),
    (["--since=2026-03-02T05:00:00+02:00", "--until=2026-03-02"],
     lambda row: "2026-03-02T03:00:00Z" <= row["time"] < "2026-03-03"),
    (["--severity=error"], lambda row: row["severity"] == "error"),
    (["--severity=note"], lambda row: row["severity"] is not None),
    (["--user=alice", "--host=B", "--since=2026-03-02"],
     lambda row: user_is("alice", row) and like("b", row["host"]) and row["time"] >= "2026-03-02"),
    # the last record is of 2026-03-05T09:00:00Z
    (["--since=-2d"], lambda row: row["time"] >= "2026-03-03T09:00:00Z"),
    (["--since", "-90m"], lambda row: row["time"] >= "2026-03-05T07:30:00Z"),
    (["--until=-1d"], lambda row: row["time"] <= "2026-03-04T09:00:00Z"),
    (["--since=-48h", "--until=-24h"], lambda row: "2026-03-03T09:00:00Z" <= row["time"] <= "2026-03-04T09:00:00Z"),
    (["--since=-100000d"], lambda row: True),
]

# A value, and what is said about it.
WRONG = [
    ("--session=x", "--session needs the number of a session, not 'x'"),
    ("--session=4294967296", "--session needs the number"),
    ("--host=", "--host needs a value"),
    ("--since=yesterday", "--since needs a date, a time such as 2026-01-31T08:00:00Z, or -2d, not 'yesterday'"),
    ("--since=2026-02-30", "--since needs a date"),
    ("--until=2d", "--until needs a date"),
    ("--until=-2y", "--until needs a date"),
    ("--since=", "--since needs a date"),
    ("--severity=bad", "unknown severity 'bad'"),
]


def overlaps(session, since, until):
    return session["last_seen"] >= since and session["first_seen"] <= until


def check_rows(tap, command, file):
    whole = command.run("timeline", "--format=ndjson", file).objects
    for options, passes in FILTERS:
        result = command.run("timeline", "--format=ndjson", *options, file)
        expected = [row for row in whole if passes(row)]
        tap.ok(result.objects == expected and result.status == STATUS_CLEAN and not result.err,
               f"{' '.join(options)}: {len(expected)} of {len(whole)} rows", len(result.objects), result.error)
        for form in ("csv", "timesketch"):
            lines = command.run("timeline", f"--format={form}", *options, file).text.split("\n")[:-1]
            tap.same(len(lines) - (form == "csv"), len(expected), f"{' '.join(options)}: {form}")
        text = command.run("timeline", *options, file).text
        tap.same(sum(line.startswith("  2026") for line in text.split("\n")), len(expected), f"{' '.join(options)}: text")


def check_sessions(tap, command, file):
    whole = command.run("timeline", "--format=ndjson", "--sessions", file).objects
    for options, passes in (
            (["--user=alice"], lambda session: "CORP\\alice" in session["users"]),
            (["--host=B"], lambda session: session["host"] == "B"),
            (["--session=3"], lambda session: session["session"] == 3),
            (["--address=10.0.4.*"], lambda session: any(like("10.0.4.*", each) for each in session["addresses"])),
            (["--severity=error"], lambda session: session["severity"] == "error"),
            (["--since=2026-03-02T09:00:00Z", "--until=2026-03-03T01:00:00Z"],
             lambda session: overlaps(session, "2026-03-02T09:00:00Z", "2026-03-03T01:00:00Z"))):
        got = command.run("timeline", "--format=ndjson", "--sessions", *options, file).objects
        expected = [session for session in whole if passes(session)]
        tap.ok(got == expected and 0 < len(got), f"--sessions {' '.join(options)}: {len(expected)} of {len(whole)}",
               len(got))


def check_check(tap, command, file):
    """The same filters of check: which findings are shown, with the same fingerprints, status and summary."""
    whole = command.run("check", "-q", "--format=json", file)
    named = any("user" in finding for finding in whole.findings)
    for options, passes in FILTERS:
        result = command.run("check", "-q", "--format=json", *options, file)
        expected = [finding for finding in whole.findings if passes({"user": None, "address": None, **finding})]
        if named or not any(option.startswith(("--user", "--address")) for option in options):
            tap.ok(result.findings == expected, f"check {' '.join(options)}: {len(expected)} of {len(whole.findings)} findings",
                   len(result.findings))
        tap.ok(result.status == whole.status and result.summary == whole.summary,
               f"check {' '.join(options)}: the same status and summary", result)
    for form in ("sarif", "gitlab", "perfetto", "html", "junit", "csv"):
        result = command.run("check", "-q", f"--format={form}", "--session=2", "--since=-1d", file)
        tap.ok(result.status == whole.status and result.out, f"check: a filter in {form}", result.error)
    # equal findings are numbered, whether they are shown or not
    trace = "".join(f"marker=boot\ntime=2026-03-0{day}T00:00:00Z session=1 event=Logon\n" for day in (1, 2, 3))
    for form, pattern in (("json", r'"fingerprint":"([^"]+)"'), ("sarif", r'"primaryLocationLineHash":"([^"]+)"'),
                          ("gitlab", r'"fingerprint":"([^"]+)"'), ("perfetto", r'"fingerprint":"([^"]+)"')):
        prints = [re.findall(pattern, command.run("check", "-q", f"--format={form}", "--rule=unfinished=off", *more, "-",
                                                  input=trace.encode()).text) for more in ((), ("--since=2026-03-03",))]
        tap.ok(len(prints[0]) == 3 and prints[1] == prints[0][2:], f"{form}: fingerprints do not depend on filters", prints)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        file = str(folder.file("a.trace", trace()))
        check_rows(tap, command, file)
        check_sessions(tap, command, file)
        check_check(tap, command, file)
        for option, complaint in WRONG:
            result = command.run("timeline", option, file)
            tap.ok(result.status == STATUS_FAILED and complaint in result.error and not result.out, f"{option} is refused", result)
        several = [f"--host=x{number}" for number in range(100)]
        tap.same(command.run("timeline", "--format=ndjson", *several, "--host=B", file).objects,
                 command.run("timeline", "--format=ndjson", "--host=B", file).objects, "there can be 101 hosts")
        result = command.run("timeline", "--since=-2d", "-", input=b"session=1 event=Created\n")
        tap.ok(result.status == STATUS_FAILED and "'-' cannot be" in result.error, "-2d of standard input is refused", result)
        if hasattr(os, "mkfifo") and not command.for_windows:
            os.mkfifo(folder.path / "pipe")
            result = command.run("timeline", "--since=-2d", "pipe", cwd=folder.path)
            tap.ok(result.status == STATUS_FAILED and "'pipe' cannot be" in result.error, "-2d of a pipe is refused", result)
        untimed = str(folder.file("untimed.trace", "session=1 event=Created\n"))
        for option in ("--since=2026-01-01", "--until=2026-01-01", "--since=-2d"):
            tap.same(command.run("timeline", "--format=ndjson", option, untimed).objects, [], f"{option}: a row without a time")
        missing = command.run("timeline", "--since=-1d", str(folder.path / "missing"), file)
        tap.ok(missing.status == STATUS_FAILED and missing.error.count("missing") == 1 and missing.out,
               "what cannot be read is reported once, though files are read twice", missing)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
