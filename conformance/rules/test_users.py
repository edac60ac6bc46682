#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The users of one logon in several logs of a made-up machine: the session manager has the name, System and User Profile
Service the SID, and the Security log both. Those that cannot be the same are found, and no others. Argument: the command.
Prints TAP.
"""

import json
import sys

from shared.command import Command
from shared.evtx_bytes import Element, log_build, lsm_event
from shared.folder import Folder
from shared.tap import Tap

TIME = 132914143501234292
HOUR = 3600 * 10**7
SID, OTHER = "S-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-1002"
WINLOGON = {"provider": "Microsoft-Windows-Winlogon", "channel": "System"}
SECURITY = {"provider": "Microsoft-Windows-Security-Auditing", "channel": "Security"}
PROFILES = {"provider": "Microsoft-Windows-User Profiles Service",
            "channel": "Microsoft-Windows-User Profile Service/Operational"}


def began(sid, name, domain="LAB"):
    """A record of the Security log that has a SID and a name."""
    return lsm_event(1, 4624, Element("TargetUserSid", sid), Element("TargetUserName", name),
                     Element("TargetDomainName", domain), Element("TargetLogonId", "0x1234"), Element("LogonType", "2"), **SECURITY)


def profile(sid):
    document = lsm_event(1, 1, Element("Session", "3"), **PROFILES)
    document.parts[0].parts = (*document.parts[0].parts, Element("Security", UserID=sid))
    return document


def found(command, folder, *options, name="LAB\\ada", system=SID, of_profile=SID, security=(), age=0):
    """The messages of session/wrong-user about a machine with one logon."""
    logs = {
        "lsm": ([lsm_event(1, 21, Element("User", name), Element("SessionID", "3"), Element("Address", "LOCAL"))], TIME),
        "system": ([lsm_event(1, 7001, Element("TSId", "3"), Element("UserSid", system), **WINLOGON)], TIME),
        "profile": ([profile(of_profile)], TIME),
        "security": (list(security), TIME - age),
    }
    for log, (documents, time) in logs.items():
        (folder.path / f"{log}.evtx").unlink(missing_ok=True)
        if documents:
            (folder.path / f"{log}.evtx").write_bytes(log_build(documents, time).data)
    lines = command.run("check", "-q", "--no-config", "--format=json", "--together", *options, str(folder.path)).text.splitlines()
    return [one["message"] for one in map(json.loads, lines) if one.get("rule") == "session/wrong-user"]


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        def keeps(why, **machine):
            tap.same(found(command, folder, **machine), [], f"no finding: {why}")
            tap.same(found(command, folder, "--anonymize", **machine), [], f"no finding, anonymized: {why}")

        def breaks(why, *users, **machine):
            messages = found(command, folder, **machine)
            tap.ok(len(messages) == 1 and all(user in messages[0] for user in users), f"a finding: {why}", messages)
            messages = found(command, folder, "--anonymize", **machine)
            tap.ok(len(messages) == 1 and not any(user in messages[0] for user in users),
                   f"a finding, anonymized: {why}", messages)

        keeps("nothing says whose the SID is")
        keeps("the name that the SID has", security=[began(SID, "ADA")])
        keeps("the domain of a local user is the computer, whose name can change", security=[began(SID, "ada", "OLD-NAME")])
        keeps("the name of another SID", security=[began(OTHER, "bob")])
        keeps("two names of one SID, one of which fits", security=[began(SID, "bob"), began(SID, "ada")])
        keeps("an hour before, the user can have had another name", security=[began(SID, "adelheid")], age=HOUR)
        keeps("a principal name need not begin with the account", security=[began(SID, "a.lovelace@lab.test")])
        keeps("likewise of the session manager", name="LAB\\ada@lab.test", security=[began(SID, "lovelace")])
        keeps("the system's own profile", of_profile="S-1-5-18")
        breaks("another name than the SID has", "LAB\\ada", SID, security=[began(SID, "bob")])
        breaks("two SIDs", SID, OTHER, of_profile=OTHER)
        breaks("two SIDs, of which one is known", SID, OTHER, of_profile=OTHER, security=[began(SID, "ada")])
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
