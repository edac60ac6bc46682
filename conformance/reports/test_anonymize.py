#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""With --anonymize no name of a trace is in any output, and the verdicts are the same. Arguments: the command, a tool
that is not used, and the folder of real logs. Prints TAP.
"""

import json
import pathlib
import re
import sys

from shared.command import STATUS_FAILED, Command
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


COMPUTERS = "".join(f"source=lsm session={number} event=21 {rest}\n" for number, rest in enumerate((
    "host=PC-ZQ user=PC-ZQ\\ada address=192.0.2.1",
    "host=pc-zq.lab.test user=pc-zq\\ADA address=192.0.2.1:49152",
    "host=PC-ZQ.LAB.test user=LAB-ZQ\\ada address=[2001:db8::1]:49153",
    "host=PC-ZQ user=LAB-ZQ\\ada address=2001:db8::1",
), 1))

# Words that reports have of their own.
COMMON = {"user", "local", "system", "administrator", "-", ""}


def names(command, *arguments):
    """Every name in a log: of users, domains, computers, addresses and clients."""
    found = set()
    for row in command.run("timeline", "--no-config", "--format=ndjson", *arguments).objects:
        for value in (row["user"], row["host"], row["address"], row["client"], row.get("domain")):
            for part in [value or "", *re.split(r"[\\\\@]", value or ""), *(row["host"] or "").split(".", 1)]:
                found.add(re.sub(r":\d+$", "", part).lower() if part.count(":") == 1 else part.lower())
    return sorted(name for name in found - COMMON if len(name) > 3)


def formats(command, name):
    return re.findall(r"^  (\w+) ", command.run(name, "--help").text.split("\nFormats:\n")[1], re.M)


def leaks(result, secrets):
    return leaked(result.text + result.error, secrets)


def leaked(text, secrets):
    """The secrets that are in a text."""
    text = re.sub(r"\\+x?", "", text).lower()
    return [secret for secret in secrets
            if re.search(r"(?<![a-z0-9])" + re.escape(secret.replace("\\", "")) + r"(?![a-z0-9])", text)]


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
    for form in formats(command, "timeline"):
        result = command.run("timeline", "--anonymize", f"--format={form}", *arguments, **more)
        tap.same(leaks(result, secrets), [], f"{name}: timeline, {form}")
    for form in ("text", "csv", "ndjson"):
        result = command.run("timeline", "--sessions", "--anonymize", f"--format={form}", *arguments, **more)
        tap.same(leaks(result, secrets), [], f"{name}: timeline --sessions, {form}")
    for form in ("text", "json"):
        result = command.run("coverage", f"--format={form}", "--anonymize", *arguments, **more)
        tap.ok(not leaks(result, secrets) and result.out, f"{name}: coverage, {form}", result)
    with Folder() as folder:
        path = folder.path / "baseline.json"
        result = command.run("baseline", "write", "--reason=x", f"--baseline={path}", "--anonymize", *arguments, **more)
        # of what cannot be read, no baseline is written
        written = "" if result.status == STATUS_FAILED else path.read_text(encoding="utf-8")
        tap.ok(not leaks(result, secrets) and not leaked(written, secrets), f"{name}: baseline write", result, written)
    together = [word for word in arguments if word == "--together"]
    for form in ("svg", "dot", "mermaid", "plantuml", "scxml", "matrix", "ascii", "json"):
        result = command.run("diagram", "--anonymize", f"--format={form}", *together, f"--trace={arguments[-1]}", **more)
        # not every format can show what traces did
        tap.ok(not leaks(result, secrets) and (result.out or "--trace" in result.error), f"{name}: diagram, {form}", result)
    result = command.run("diff", "--anonymize", "--traces", "published", "observed", *arguments, **more)
    tap.ok(not leaks(result, secrets) and result.out, f"{name}: diff", result)


def check_consistent(tap, command):
    found = [json.loads(line) for line in command.run("check", "-q", "--anonymize", "--format=json", "-",
                                                      input=TRACE.encode()).text.splitlines()][:-1]
    tap.same({one["host"] for one in found if one["host"]}, {"host1"}, "a host in upper and lower case is one")
    rows = command.run("timeline", "--anonymize", "--format=ndjson", "-", input=COMPUTERS.encode()).objects
    tap.same({(row["host"], row["user"], row["address"]) for row in rows},
             {("host1", "host1\\user1", "address1"), ("host1.domain1.test", "host1\\user1", "address1:49152"),
              ("host1.domain1.test", "domain2\\user1", "address2:49153"), ("host1", "domain2\\user1", "address2")},
             "a computer is one as a host, with its domain and as the domain of a user; an address is one with a port")
    rows = command.run("timeline", "--anonymize", "--format=ndjson", "-",
                       input=b"host=lab session=1 event=Created\nhost=lab session=1 event=Connected\n"
                             b"host=lab session=1 event=Logon user=lab address=lab boot=lab\n").objects
    tap.same([(row["host"], row["user"], row["address"], row["boot"]) for row in rows if row["event"] == "Logon"],
             [("host1", "user1", "address1", "boot1")], "a word that names several things is several names")
    own = b"".join(b"host=PC source=lsm session=2 event=%d user=%s\\ada\n" % line for line in ((21, b"."), (24, b"PC"), (23, b"PC")))
    for options in ((), ("--anonymize",)):
        result = command.run("check", "-q", "--format=json", *options, "-", input=own)
        tap.same(result.findings, [], f"a user of this computer, .\\ada, is the one whom others name with it: {' '.join(options) or 'as it is'}")
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
        for folder in sorted(path for path in logs.iterdir() if path.is_dir() and path.name != "edges"):
            secrets = names(command, "--together", str(folder))
            tap.ok(len(secrets) > 2, f"{folder.name}: {len(secrets)} names", secrets)
            check(tap, command, folder.name, secrets, "--together", str(folder))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
