#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A number that comes twice: the same record is ignored, however its times, numbers and names of constants are spelled; one
that differs in any value is reported. Every key is tried with every form of record that can have it. Arguments: the
command. Prints TAP.
"""

import collections
import sys

from shared.command import Command
from shared.folder import Folder
from shared.tap import Tap

SAME, DIFFERENT = "the record is the same as the one in line 2", "seq 2 is repeated in a different record"

# The forms of records, each with the keys that it can have; and those that all can have.
COMMON = {"time": "2026-01-02T03:04:05Z", "allow": "unfinished", "allow_reason": "known"}
DRIVER = {"driver": "d", "io": "A", "irql": "0"}
WHO = {"user": "ada", "address": "10.0.0.1"}
PAYLOAD = {"payload_session": "1", "payload_local": "true", "payload_length": "8"}
FORMS = {
    "event": {"session": "1", "source": "wdm", "event": "Connected", "from": "Created", "to": "Connected", **WHO, **PAYLOAD},
    "process": {"session": "1", "source": "winlogon-operational", "event": "Logon", "process": "700"},
    "activity": {"session": "1", "source": "wts", "event": "SessionLock"},
    "sample": {"session": "1", "state": "Connected", "local": "true", "session_object": "0x10", "driver": "d", "io": "A", **WHO},
    "notification": {"session": "1", "notify": "Connected", "session_object": "0x10", "context": "0x20", "status": "0", **WHO,
                     **PAYLOAD, **DRIVER},
    "register": {"call": "IoRegisterContainerNotification", "registration": "0x30", "mask": "all", "context": "0x20", "status": "0",
                 "class": "0", "size": "32", "length": "32", "flags": "0", **DRIVER},
    "unregister": {"call": "IoUnregisterContainerNotification", "registration": "0x30", **DRIVER},
    "get": {"call": "IoGetContainerInformation", "session": "1", "session_object": "0x10", "class": "0", "length": "8", "status": "0",
            **WHO, **DRIVER},
    "object": {"object": "created", "io": "A", "driver": "d", "device_session": "1", "kind": "device", "owner": "e"},
    "marker": {"marker": "gap", "reason": "x"},
    "report": {"marker": "reported", "session": "1", "reason": "x", **WHO},
}
# Without these keys, the record would be malformed.
NEEDED = {
    "event": ("session", "event"), "process": ("session", "event", "source"), "activity": ("session", "event", "source"),
    "sample": ("session", "state"), "notification": ("notify", "io"), "register": ("call", "io", "mask", "status", "registration"),
    "unregister": ("call", "registration"), "get": ("call", "status"), "object": ("object", "io"), "marker": ("marker",),
    "report": ("marker", "session"),
}

# Another value of each key; and what differs in some forms. None: there is no other value.
OTHERS = {
    "time": "2026-01-02T03:04:06Z", "allow": "gap", "allow_reason": "other", "driver": "f", "io": "B", "irql": "1", "class": "1",
    "size": "33", "length": "33", "flags": "1", "session": "2", "source": "wts", "event": "Logon", "from": "Disconnected",
    "to": "LoggedOn", "user": "eve", "address": "10.0.0.2", "payload_session": "2", "payload_local": "false", "payload_length": "9",
    "process": "701", "state": "Disconnected", "local": "false", "session_object": "0x11", "notify": "Logon", "context": "0x21",
    "status": "0xc0000001", "registration": "0x31", "mask": "logon", "object": "deleted", "device_session": "2", "kind": "file",
    "owner": "f", "marker": "shutdown", "reason": "y",
}
OTHERS_OF = {("activity", "event"): "SessionRemoteControl", ("activity", "source"): None, ("process", "source"): None,
             ("process", "event"): "Logoff", ("report", "marker"): None, **{(form, "call"): None for form in FORMS}}

# Another spelling of a value.
SPELLINGS = {
    "time": "2026-01-02T05:04:05+02:00", "event": "3", "notify": "3", "from": "1", "to": "3", "state": "3", "local": "1",
    "payload_local": "1", "payload_length": "0x8", "size": "0x20", "mask": "0xffffffff", "class": "IoSessionStateNotification", "status": "STATUS_SUCCESS",
}
SPELLINGS_OF = {("process", "event"): "Logon", ("activity", "event"): "7", ("register", "length"): "0x20", ("get", "class"): "0"}


def spelled(form, key, value):
    return SPELLINGS_OF.get((form, key), SPELLINGS.get(key, value))


def variants():
    """Claim, a record, the one with its number, and what is said of it."""
    for form, keys in FORMS.items():
        record = {**COMMON, **keys}
        yield f"{form}: all values spelled otherwise", record, {key: spelled(form, key, value) for key, value in record.items()}, SAME
        if form in ("notification", "register", "unregister", "get"):
            yield f"{form}: another seq_end", {**record, "seq_end": "4"}, {**record, "seq_end": "5"}, DIFFERENT
        yield f"{form}: the keys in another order", record, dict(reversed(record.items())), SAME
        # another driver can have numbers of its own
        for key in sorted(record.keys() - {"driver"}):
            other = OTHERS_OF.get((form, key), OTHERS[key] if (form, key) not in OTHERS_OF else None)
            if other is not None:
                yield f"{form}: another {key}", record, {**record, key: other}, DIFFERENT
            if key not in NEEDED[form] and key != "allow":
                yield f"{form}: no {key}", record, {each: value for each, value in record.items() if each != key}, DIFFERENT


def line(number, record):
    return f"seq={number} " + " ".join(f'{key}="{value}"' for key, value in record.items()) + "\n"


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        tried = list(variants())
        for number, (_, record, other, _) in enumerate(tried):
            plain = {"session": "9", "event": "Created"}
            text = line(1, plain) + line(2, record) + line(2, other) + line(3, {**plain, "event": "Terminated"})
            folder.file(f"{number}.trace", text.encode())
        said = collections.defaultdict(list)
        result = command.run("check", "--no-config", "--format=json", "--show-suppressed", folder.path)
        for finding in result.findings:
            if finding["line"] == 3:
                said[finding["file"].rpartition("/")[2]].append(finding["message"])
        wrong = []
        for number, (claim, _, _, words) in enumerate(tried):
            messages = said[f"{number}.trace"]
            if sum(words in message for message in messages) != 1 or (words == SAME and len(messages) != 1):
                wrong.append(f"{claim}: {messages}")
        tap.none(wrong, f"{len(tried)} records with the number of another one: the same, or not")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
