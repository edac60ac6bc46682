#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Names and numbers of other sources. A trace that names no source is read as wdm; where what it holds is an event of
another source, the finding says which one to try. Argument: the command. Prints TAP.
"""

import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS, Command, places
from shared.folder import Folder
from shared.tap import Tap

ILLEGAL, INVALID, MALFORMED = "session/illegal-transition", "session/invalid-event", "trace/malformed"

# "SessionChangeReason Enum (System.ServiceProcess)" and "SessionSwitchReason Enum (Microsoft.Win32)": the members, and
# the code of WM_WTSSESSION_CHANGE that each is.
DOTNET = {"ConsoleConnect": 1, "ConsoleDisconnect": 2, "RemoteConnect": 3, "RemoteDisconnect": 4, "SessionLogon": 5,
          "SessionLogoff": 6, "SessionLock": 7, "SessionUnlock": 8, "SessionRemoteControl": 9}

# Events that a driver cannot have recorded, and the source whose they are.
FOREIGN = {"8": "wts", "9": "wts", "10": "wts", "0xb": "wts", "15": "wts", "7": "wts", "21": "lsm", "22": "lsm",
           "23": "lsm", "24": "lsm", "25": "lsm", "7001": "winlogon", "7002": "winlogon",
           "12": "winlogon-operational", "13": "winlogon-operational", "66": "rdp"}
FOREIGN_NAMES = {"WTS_CONSOLE_CONNECT": "wts", "wts_session_lock": "wts", "SessionReconnect": "sens", "PostShell": "sens",
                 **dict.fromkeys(DOTNET, "wts")}

# Numbers that both wdm and wts have.
COMMON = {5: "Logon", 6: "Logoff", 4: "Disconnected", 3: "Connected", 2: "Terminated"}


def check_dotnet(tap, command):
    """.NET's names mean what their numbers mean, to every rule."""
    for first in DOTNET:
        for name in (first, first.upper()):
            lives = [command.check("".join(f"source=wts session=1 event={event}\n" for event in events))
                     for events in ((name, "SessionLock", name), (DOTNET[first], 7, DOTNET[first]))]
            for life in lives:
                life.told = [{**finding, "offset": None} for finding in life.findings]
            tap.ok(lives[0].told == lives[1].told and lives[0].status == lives[1].status == STATUS_FINDINGS,
                   f"{name} is code {DOTNET[first]}", *lives)
    wrong = command.check("source=wts session=1 event=SessionLogin\n")
    tap.ok("did you mean SessionLogon?" in wrong.text, "a near name is offered", wrong)


def check_hint(tap, command, event, source, rule):
    """One event that is another source's."""
    trace = f"session=1 event={event}\n"
    found = command.check(trace)
    message = found.findings[0]["message"] if found.findings else ""
    tap.ok(places(found.findings)[:1] == [(1, rule)] and f"event of {source}" in message
           and f"--source={source}" in message, f"{event} without a source: the finding names --source={source}", found)
    tried = command.check(trace, f"--source={source}")
    tap.same(places(tried.findings, MALFORMED, INVALID), [], f"{event}: --source={source} reads it")
    for how, options, text in (("the option says wdm", ["--source=wdm"], trace),
                               ("the record says wdm", [], f"source=wdm {trace}")):
        told = command.check(text, *options)
        tap.ok(places(told.findings)[:1] == [(1, rule)] and "--source" not in told.text, f"{event}: {how}, no advice", told)


def check_common(tap, command):
    """A number that wdm has too is judged as wdm's; a finding about it says that it may be another's."""
    for number, name in COMMON.items():
        found = command.check(f"session=1 event={number}\n")
        tap.ok(places(found.findings, ILLEGAL) == [(1, ILLEGAL)] and "--source=wts" in found.text,
               f"{number}: the finding names --source=wts", found)
        for trace in (f"session=1 event={name}\n", f"source=wdm session=1 event={number}\n",
                      f"session=1 event={number} from=Initialized\n", f"session=1 event={number} payload_length=8\n"):
            told = command.check(trace)
            tap.ok(places(told.findings, ILLEGAL) == [(1, ILLEGAL)] and "--source" not in told.text,
                   f"{trace.strip()}: nothing speaks for wts", told)
    legal = command.check("session=1 event=1\nsession=1 event=3\nsession=1 event=5\nsession=1 event=6\nsession=1 event=2\n")
    tap.ok(legal.status == STATUS_CLEAN and not legal.findings, "a legal life in numbers is not doubted", legal)


def check_not_offered(tap, command):
    for trace in ("session=1 event=99\n", "session=1 event=Logn\n", "session=1 io=a notify=SessionLogon\n",
                  "source=lsm session=1 event=SessionLogon\n", "source=wts session=1 event=21\n"):
        result = command.check(trace)
        tap.ok(result.status in (STATUS_FINDINGS, STATUS_FAILED) and "--source" not in result.text,
               f"{trace.strip()}: no source is to be tried", result)


def check_configuration(tap, command):
    with Folder() as folder:
        folder.file("a.trace", "session=1 event=21\n")
        folder.file(".sessionlint", "source = wdm\n")
        result = command.run("check", "-q", "a.trace", cwd=folder.path)
        tap.ok(result.status == STATUS_FINDINGS and "--source" not in result.text,
               "a source in the configuration is no default", result)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    check_dotnet(tap, command)
    for event, source in FOREIGN.items():
        check_hint(tap, command, event, source, INVALID)
    for event, source in FOREIGN_NAMES.items():
        check_hint(tap, command, event, source, MALFORMED)
    check_common(tap, command)
    check_not_offered(tap, command)
    check_configuration(tap, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
