# SPDX-License-Identifier: MIT
"""An independent reading of what records say of the driver's contract, for text_oracle.py.

The values are those of wdm.h and ntstatus.h, from "IO_SESSION_STATE_NOTIFICATION structure (wdm.h)",
"IoRegisterContainerNotification function (wdm.h)" and "NTSTATUS Values" of [MS-ERREF].
"""

import re

REGISTER, UNREGISTER, GET = ("call=IoRegisterContainerNotification", "call=IoUnregisterContainerNotification",
                            "call=IoGetContainerInformation")
CALLED = {REGISTER, UNREGISTER, GET}
OF_SESSION = {"event", "state", "notify", GET, "marker=reported"}
MARKER = {"marker", "marker=reported"}

# In which records a key may stand, as the table of traces/README.md has it; the other keys may stand in each.
FORMS = {
    "session": OF_SESSION, "user": OF_SESSION, "address": OF_SESSION, "reason": MARKER,
    "from": {"event"}, "to": {"event"}, "process": {"event"}, "local": {"state"},
    "driver": {"notify", "object", "state"} | CALLED, "io": {"notify", "object", "state"} | CALLED,
    "registration": {REGISTER, UNREGISTER}, "session_object": {"notify", "state", GET},
    "class": {REGISTER, GET}, "size": {REGISTER}, "length": {REGISTER, GET}, "flags": {REGISTER}, "mask": {REGISTER},
    "context": {"notify", REGISTER}, "status": {"notify", REGISTER, GET},
    "payload_session": {"notify", "event"}, "payload_local": {"notify", "event"},
    "payload_length": {"notify", "event"}, "device_session": {"object"},
    "kind": {"object"}, "owner": {"object"},
    "phase": {"notify"} | CALLED, "seq_end": {"notify"} | CALLED, "irql": {"notify"} | CALLED,
}
KEYS = ["driver", "notify", "call", "object", "io", "registration", "session_object", "class",
        "size", "length", "flags", "mask", "context", "status", "payload_session", "payload_local",
        "payload_length", "device_session", "kind", "owner", "phase", "seq_end", "irql"]

CALLS = {"ioregistercontainernotification": "IoRegisterContainerNotification",
         "iounregistercontainernotification": "IoUnregisterContainerNotification",
         "iogetcontainerinformation": "IoGetContainerInformation"}
NEEDS = {"IoRegisterContainerNotification": ["io", "mask", "status"],
         "IoUnregisterContainerNotification": ["registration"],
         "IoGetContainerInformation": ["status"]}
BITS = {"created": 1, "creation": 1, "terminated": 2, "termination": 2, "connected": 4,
        "connect": 4, "disconnected": 8, "disconnect": 8, "logon": 16, "logoff": 32,
        "all": 0xffffffff, "io_session_state_all_events": 0xffffffff,
        "io_session_state_valid_event_mask": 0x3f}
BITS.update({f"io_session_state_{name}_event": BITS[name] for name in
             ("creation", "termination", "connect", "disconnect", "logon", "logoff")})
BITS.update({f"iosessionevent{name}": BITS[name] for name in
             ("created", "terminated", "connected", "disconnected", "logon", "logoff")})
# those of the documented ones that the tests spell; a number can stand for each
STATUSES = {"status_success": 0, "status_already_committed": 0xc0000021,
            "status_insufficient_resources": 0xc000009a, "status_invalid_parameter_1": 0xc00000ef,
            "status_invalid_parameter_2": 0xc00000f0, "status_invalid_parameter_3": 0xc00000f1,
            "status_invalid_parameter_4": 0xc00000f2, "status_unsuccessful": 0xc0000001,
            "status_access_denied": 0xc0000022, "status_not_supported": 0xc00000bb}
CLASSES = {"iosessionstatenotification": 0, "iosessionstateinformation": 0}
IRQLS = {"passive_level": 0, "apc_level": 1, "dispatch_level": 2}
NUMBERS = ("size", "length", "flags", "payload_session", "payload_length", "device_session")
TEXTS = ("driver", "io", "registration", "session_object", "context", "owner")
TEXT_MAX = 128


def number_of(text):
    """An unsigned number of 32 bits; None if it is none. More than 20 digits are none."""
    match = re.fullmatch("0[xX]([0-9A-Fa-f]{1,20})|([0-9]{1,20})", text)
    if not match:
        return None
    number = int(match[1], 16) if match[1] else int(match[2])
    return number if number < 2**32 else None


def mask_of(text):
    number, bits = number_of(text), [BITS.get(name.strip(" \t")) for name in re.split("[,|]", text.lower())]
    if number is not None or None in bits:
        return number
    union = 0
    for bit in bits:
        union |= bit
    return union


def status_of(text):
    if re.fullmatch("-[0-9]{1,20}", text):
        return int(text) % 2**32 if int(text) >= -2**31 else None
    return STATUSES.get(text.lower(), number_of(text))


def value_of(key, value):
    """The value as dump_records prints it; None if it is none. @value is bytes."""
    text = value.decode("latin-1")
    # lower() must not make a letter of ASCII out of another one
    words = text if value.isascii() else ""
    if key in TEXTS:
        return text if 1 <= len(value) <= TEXT_MAX else None
    if key in NUMBERS:
        return number_of(words)
    if key == "call":
        return CALLS.get(words.lower())
    if key == "object":
        return words.lower() if words.lower() in ("created", "deleted") else None
    if key == "kind":
        return words.lower() if words.lower() in ("device", "driver", "file") else None
    if key == "class":
        return CLASSES.get(words.lower(), number_of(words))
    if key == "payload_local":
        return {"true": True, "1": True, "false": False, "0": False}.get(words.lower())
    if key == "phase":
        return words.lower() if words.lower() in ("begin", "end") else None
    if key == "seq_end":
        return int(words) if re.fullmatch("[0-9]{1,20}", words) and int(words) < 2**64 else None
    if key == "irql":
        number = IRQLS.get(words.lower(), number_of(words))
        return number if number is not None and number < 256 else None
    return {"mask": mask_of, "status": status_of}[key](words)


def stray(record, kind, seen, order):
    """A key that does not belong to such a record; None if there is none."""
    form = f"call={record['call']}" if kind == "call" else kind
    if record.get("marker") == "reported":
        form = "marker=reported"
    return next((key for key in order if key in seen and form not in FORMS.get(key, {form})), None)


def lacking(record, kind, seen):
    """A key that a record of this kind lacks; None if it lacks none. The session comes first. The end of a call
    needs to say only its status again, and the begin has none."""
    needs = []
    if kind == "notify":
        needs = ["io"] if {"session_object", "payload_session"} & set(seen) else ["session", "io"]
    elif kind == "object":
        needs = ["io"]
    elif kind == "call":
        needs = list(NEEDS[record["call"]])
        if record["call"] == "IoRegisterContainerNotification" and record.get("status") == 0:
            needs.append("registration")
    if record.get("phase") == "begin":
        needs = [key for key in needs if key not in ("status", "registration") or kind != "call"
                 or record["call"] == "IoUnregisterContainerNotification"]
    if record.get("phase") == "end":
        needs = [key for key in needs if key == "status" or (
            key == "registration" and record["call"] == "IoRegisterContainerNotification")]
    return next((key for key in needs if key not in seen), None)


def phase_fault(record, seen):
    """Why phase or seq_end do not fit the other keys; None if they do."""
    if {"phase", "seq_end"} <= seen:
        return "cannot be combined"
    if "phase" in seen:
        return "status belongs to phase=end" if record["phase"] == "begin" and "status" in seen else None
    if "seq_end" not in seen:
        return None
    if "seq" not in seen:
        return "missing seq"
    # a count of 32 bits wraps
    wraps = record["seq"] < 2**32 and record["seq"] - record["seq_end"] > 2**31 - 1
    return "seq_end is not after seq" if record["seq_end"] <= record["seq"] and not wraps else None
