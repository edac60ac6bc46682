#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""With --anonymize no name of a trace is in any output, and the verdicts are the same. Arguments: the command, a tool
that is not used, and the folder of real logs. Prints TAP.
"""

import json
import pathlib
import re
import sys

from shared.command import Command
from shared.folder import Folder
from shared.tap import Tap

# Each name is in the trace in several spellings. None is part of a word that reports have of their own.
SECRETS = ["ada-zq", "eve-zq", "lab-zq", "pc-zq", "198.51.100.77", "boot-zq", "reason-zq", "o'zq", "s-1-5-21-777"]

TRACE = "".join(line + "\n" for line in (
    "host=PC-ZQ boot=BOOT-ZQ source=lsm time=2026-03-02T08:00:00Z session=2 event=21 user=LAB-ZQ\\Ada-ZQ address=198.51.100.77",
    "host=pc-zq boot=BOOT-ZQ source=lsm time=2026-03-02T08:10:00Z session=2 event=24 user=lab-zq\\ADA-ZQ address=198.51.100.77",
    "host=PC-ZQ boot=BOOT-ZQ source=lsm time=2026-03-02T08:20:00Z session=2 event=25 user=LAB-ZQ\\eve-zq address=198.51.100.77",
    "host=PC-ZQ boot=BOOT-ZQ source=lsm time=2026-03-02T08:30:00Z session=2 event=21 user=Ada-ZQ@lab-zq.test allow=session/gone "
    "allow_reason=REASON-ZQ",
    "host=PC-ZQ boot=BOOT-ZQ source=lsm time=2026-03-02T08:30:00Z session=2 event=21 user=S-1-5-21-777",
    "host=PC-ZQ boot=BOOT-ZQ source=lsm time=2026-03-02T08:31:00Z session=2 event=25 user=S-1-5-21-777 allow=illegal-transition "
    "allow_reason=REASON-ZQ",
    "host=PC-ZQ source=lsm session=2 marker=reported reason=\"EVE-ZQ failed\"",
    "host=PC-ZQ source=lsm session=Ada-ZQ event=21",
    "host=PC-ZQ source=lsm session=3 event=\"Ada-ZQ O'ZQ\"",
    "host=PC-ZQ source=lsm session=3 event=21 user=\"Ada-ZQ",
    "host=PC-ZQ source=lsm session=3 event=21 Ada-ZQ=1",
    "host=PC-ZQ source=lsm session=3 event=21 marker=EVE-ZQ",
    "host=PC-ZQ source=198.51.100.77 session=3 event=21",
    "host=PC-ZQ source=lsm session=3 event=21 time=Ada-ZQ",
    "Ada-ZQ",
    "host=PC-ZQ host=EVE-ZQ session=3 event=21",
))


def formats(command, name):
    return re.findall(r"^  (\w+) ", command.run(name, "--help").text.split("\nFormats:\n")[1], re.M)


def leaks(result, secrets):
    text = re.sub(r"\\+x?", "", result.text + result.error.decode("utf-8", "replace")
                  if isinstance(result.error, bytes) else result.text + str(result.error)).lower()
    return [secret for secret in secrets if secret.replace("\\", "") in text]


def verdicts(result):
    return [(one["rule"], one["severity"], one["file"], one["line"], one.get("session"), one.get("incarnation"))
            for one in map(json.loads, result.text.splitlines()) if "rule" in one]


def check(tap, command, name, secrets, *arguments, **more):
    plain = command.run("check", "-q", "--format=json", *arguments, **more)
    hidden = command.run("check", "-q", "--anonymize", "--format=json", *arguments, **more)
    tap.same(verdicts(hidden), verdicts(plain), f"{name}: the same findings")
    for form in formats(command, "check"):
        result = command.run("check", "--anonymize", "--notes=all", "--show-suppressed", f"--format={form}", *arguments, **more)
        tap.same(leaks(result, secrets), [], f"{name}: check, {form}")
    for form in ("text", "csv", "ndjson", "timesketch", "xes"):
        result = command.run("timeline", "--anonymize", f"--format={form}", *arguments, **more)
        tap.same(leaks(result, secrets), [], f"{name}: timeline, {form}")
    for other in (("coverage",), ("baseline", "write", "--reason=x")):
        result = command.run(*other, "--anonymize", *arguments, **more)
        tap.same(leaks(result, secrets), [], f"{name}: {other[0]}")


def check_consistent(tap, command):
    found = [json.loads(line) for line in command.run("check", "-q", "--anonymize", "--format=json", "-",
                                                      input=TRACE.encode()).text.splitlines()][:-1]
    tap.same({one["host"] for one in found if one["host"]}, {"host1"}, "a host in upper and lower case is one")
    told = [one["message"] for one in found if one["rule"] == "session/wrong-user"]
    tap.ok(told and "domain1\\user2" in told[0] and "domain1\\user1 is logged on" in told[0], "messages have the same names", told)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    logs = pathlib.Path(sys.argv[3])
    tap.ok(leaks(command.run("check", "--notes=all", "-", input=TRACE.encode()), SECRETS), "without it they are shown")
    check(tap, command, "trace", SECRETS, "-", input=TRACE.encode())
    check_consistent(tap, command)
    if not logs.is_dir():
        tap.skip("real logs", f"there is no {logs.name} folder")
        return tap.done()
    with Folder():
        for log, secrets in (("remote-desktop", ["desktop-23ps6es", "192.168.", "10.0."]),):
            check(tap, command, log, secrets, "--together", str(logs / log))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
