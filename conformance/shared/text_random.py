# SPDX-License-Identifier: MIT
"""Random lines of traces, most of which are like the line before but for their values, as in real traces."""

import re

from shared import contract_oracle, text_oracle

LINES = 9000

TEXTS = ["", "a", "CONTOSO\\ada", "J\u00fcrgen", "\u4f1a\u793e", "\U0001f600", "x y", "#", "a=b",
         "'", "\"", "\\", "/", "\t", "\u2028", "null", "true", "10.0.0.1", "-", "\x7f", "u" * 300]
TIMES = ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.6789Z", "2026-01-02T03:04:05.1234567Z",
         "2026-01-02T23:59:60Z", "2026-01-02t03:04:05z", "2026-01-02 03:04:05+01:30",
         "2024-02-29T00:00:00-12:00", "1601-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z",
         "2025-02-29T00:00:00Z", "2026-01-02T24:00:00Z", "2026-01-02T03:04:05.12345678Z",
         "2026-01-02T03:04:05", "1601-01-01T00:00:00+00:01", "1600-12-31T23:59:59Z",
         "2026-13-01T00:00:00Z", "2026-01-02T03:04:61Z", "2026-01-02T03:04:05.Z", "now"]
VALUES = {
    "time": TIMES,
    "seq": ["0", "1", "2", "18446744073709551615", "00001", "18446744073709551616", "", "-1",
            "1.0"],
    "source": ["wdm", "wts", "sens", "lsm", "winlogon", "winlogon-operational", "profile", "rdp", "account", "LSM", "wd", ""],
    "session": ["0", "1", "7", "42", "123456", "1234567", "12345678", "4294967295", "4294967296",
                "", "03", "1e2", "-1", "x", "99999999999999999999", "111111111111111111111"],
    "event": ["Logon", "Logoff", "Connected", "Disconnected", "Created", "Terminated", "logon",
              "IoSessionEventLogoff", "IOSESSIONEVENTLOGON", "IoSessionEvent", "5", "0x5", "7",
              "99", "4294967295", "4294967296", "21", "25", "7001", "WTS_SESSION_LOGON", "SessionLogoff", "remoteconnect",
              "wts_session_lock", "SessionReconnect", "PostShell", "Logn", "Max", "Ignore", "",
              "Disconnecte", "DisconnectedLoggedOn", "LogonX", "0x", "0xfffffffff", "15"],
    "state": ["Created", "LoggedOn", "DisconnectedLoggedOn", "IoSessionStateLoggedOff", "6", "9",
              "0", "Max", "loggedon", "DisconnectedLoggedOff", "Disconnected", "", "0X8"],
    "local": ["true", "false", "1", "0", "TRUE", "yes", ""],
    "marker": ["boot", "shutdown", "gap", "end", "reported", "BOOT", "remark", ""],
    "allow": ["gap", "session/illegal-transition", "leaked,notification/missed", "unfinished , GAP", "trace/gap,gap",
              "gap,", ",gap", "", " ", "*", "all", "malformed", "trace/malformed", "unused-suppression", "session/gap",
              "gap unfinished", "gap;unfinished", "trace/", "/", "Trace/Time-Reversed", "gap,malformed", "\u00a0gap"],
    "allow_reason": ["ticket 4711: known", "x", "a, b", "\u4f1a\u793e", "J\u00fcrgen \\ says", "", " ", "\t", " \t ",
                     "\u00a0", "\u3164", "\u2028 \ufe0f", "\u0301", "u" * 300, "null"],
}
VALUES["from"] = VALUES["to"] = VALUES["state"]
VALUES["notify"] = VALUES["event"]

# The driver's contract: what belongs to a kind of record, and values.
ADDRESSES = ["0xffffa80012345678", "ffffa800`12345678", "notification", "NULL", "0", "0x0",
             "n" * 128, "n" * 129, "\u00e9" * 64, "\u00e9" * 65, "", "x y"]
NUMBERS = ["0", "1", "8", "32", "0x20", "12", "0X1F", "4294967295", "0xffffffff", "4294967296",
           "0x100000000", "", "-1", "0x", "1.0", "00000000000000000032", "000000000000000000032",
           "0x00000000000000000020", "0x000000000000000000020", "\u0663"]
VALUES.update({key: ADDRESSES for key in contract_oracle.TEXTS})
VALUES.update({key: NUMBERS for key in contract_oracle.NUMBERS})
VALUES.update({
    "driver": ["kbdclass", "Mouse filter", *ADDRESSES],
    "call": ["IoRegisterContainerNotification", "IoGetContainerInformation",
             "iounregistercontainernotification", "IoUnregisterContainerNotification",
             "IORegisterContainerNotification", "IoRegisterContainerNotificatio", "register", "1",
             ""],
    "kind": ["device", "driver", "file", "DEVICE", "devices", ""],
    "object": ["created", "deleted", "CREATED", "Deleted", "created", "creation", "1", ""],
    "class": ["0", "IoSessionStateNotification", "IoSessionStateInformation", "1", "0x0",
              "iosessionstatenotification", "IoSessionStateNotificatio", *NUMBERS],
    "mask": ["all", "logon,logoff", "0x3f", "0xffffffff", "created|terminated,Connected",
             "connect|disconnect|termination|creation", "64", "0", "IO_SESSION_STATE_LOGON_EVENT",
             "io_session_state_creation_event,IO_SESSION_STATE_TERMINATION_EVENT",
             "IO_SESSION_STATE_CONNECT_EVENT|IO_SESSION_STATE_DISCONNECT_EVENT|logoff",
             "IO_SESSION_STATE_LOGOFF_EVENT", "IO_SESSION_STATE_VALID_EVENT_MASK",
             "IO_SESSION_STATE_ALL_EVENTS", "all,logon", "logon,", ",logon", ",", "logon,,logoff",
             "logon logoff", "logon, logoff", " logon |\tlogoff ", "IoSessionEventLogon,iosessioneventcreated",
             "IoSessionEventMax", " ", "1|2", "logon,2", "IO_SESSION_STATE_LOGON", "ignore", *NUMBERS],
    "status": ["STATUS_SUCCESS", "0", "0xc00000f1", "STATUS_ALREADY_COMMITTED", "-1073741583",
               "status_success", "3221225713", "STATUS_INVALID_PARAMETER_1",
               "STATUS_INVALID_PARAMETER_2", "STATUS_INVALID_PARAMETER_3",
               "STATUS_INVALID_PARAMETER_4", "STATUS_INSUFFICIENT_RESOURCES",
               "STATUS_UNSUCCESSFUL", "STATUS_ACCESS_DENIED", "STATUS_NOT_SUPPORTED", "-0", "-1",
               "-2147483648", "-2147483649", "-", "--1", "-0x1", "STATUS_", "SUCCESS", *NUMBERS],
    "payload_local": VALUES["local"],
    "phase": ["begin", "end", "begin", "end", "END", "whole", "1", ""],
    "seq_end": ["18446744073709551615", "4294967296", "9223372036854775807", "18446744073709551614", "1", "2", "0",
                "18446744073709551616", "0x10", "", "-1", "3.0"],
    "irql": ["0", "1", "PASSIVE_LEVEL", "APC_LEVEL", "2", "dispatch_level", "DISPATCH", "31", "255", "256", *NUMBERS],
    "pointer_size": ["4", "8", "4", "8", "8", "08", "0x8", "16", ""],
    "process": ["612", "0", "4294967295", "4", "77", "4294967296", "0x10", "-1", "", "12a"],
})
DRIVER_KEYS = {
    "notify": ["session_object", "context", "payload_session", "payload_local", "payload_length",
               "status", "driver", "phase", "seq_end", "irql"],
    "register": ["class", "size", "length", "flags", "context", "driver", "registration", "phase", "seq_end", "irql"],
    "unregister": ["io", "driver", "phase", "seq_end", "irql"],
    "get": ["session", "session_object", "class", "length", "io", "driver", "phase", "seq_end",
            "irql"],
    "object": ["device_session", "kind", "owner", "driver"],
}
DRIVER_NEEDS = {"notify": ["notify", "session", "io"], "register": ["call", "io", "mask", "status"],
                "unregister": ["call", "registration"], "get": ["call", "status"],
                "object": ["object", "io"]}
OTHERS = ["x-", "x-many", "x-note", "x-\u00e9", "X-note", "sessiom", "Event",
          "evnt", "a.b-c_d", "_", "k" * 60]


def value_for(chance, key):
    choices = VALUES.get(key, TEXTS)
    # the first ones are what real traces hold
    return chance.choice(choices[:5] if chance.random() < 0.92 else choices)


def allowance_keys(chance):
    """The keys by which somebody answers for what is found, in few lines; mostly both."""
    if chance.random() < 0.9:
        return []
    return ["allow", "allow_reason"] if chance.random() < 0.9 else [chance.choice(("allow", "allow_reason"))]


def driver_keys(chance):
    """The keys of a line that a driver's notification, call or I/O object makes."""
    kind = chance.choice(sorted(DRIVER_KEYS))
    optional = DRIVER_KEYS[kind] + ["time", "seq", "host", "boot", "pointer_size"]
    keys = DRIVER_NEEDS[kind] + chance.sample(optional, chance.choice((0, 1, 2, 3, 5)))
    if chance.random() < 0.1:
        keys.remove(chance.choice(keys))
    if chance.random() < 0.15:
        keys.append(chance.choice(text_oracle.KEYS))
    if "seq_end" in keys and chance.random() < 0.9:
        keys = [key for key in keys if key not in ("phase", "seq")] + ["seq"]
    keys += allowance_keys(chance)
    chance.shuffle(keys)
    return keys


def keys_for(chance):
    """The keys of a line, mostly such as make a record."""
    if chance.random() < 0.4:
        return driver_keys(chance)
    kind = chance.choice(["event"] * 9 + ["state", "marker", "none", "two"])
    keys = {"event": ["event"], "state": ["state"], "marker": ["marker"], "none": [],
            "two": chance.sample(sorted(text_oracle.KINDS), 2)}[kind]
    optional = ["time", "seq", "host", "boot", "source"]
    optional += ["reason"] if kind == "marker" else ["user", "address"]
    optional += ["from", "to", "process"] if kind == "event" else []
    optional += ["payload_session", "payload_local", "payload_length"] if kind == "event" else []
    optional += ["local", "session_object", "io", "driver"] if kind == "state" else []
    keys += chance.sample(optional, chance.choice((0, 1, 2, 3, 4, 6)))
    keys += ["session"] if chance.random() < (0.2 if kind == "marker" else 0.95) else []
    if chance.random() < 0.1:
        keys.append(chance.choice(OTHERS + text_oracle.KEYS))
    keys += allowance_keys(chance)
    chance.shuffle(keys)
    if chance.random() < 0.01:
        keys = ["x-many"] * chance.choice((63, 64, 65)) + keys
    return keys


NEEDS_ESCAPE = re.compile(r'["\\\x00-\x1f]')


def escaped(chance, text, often):
    """A text in quotes, with the escapes that it needs and more: those in one of @often characters, five at a time."""
    if chance.random() < often * len(text) / 5:
        often *= 5
    elif NEEDS_ESCAPE.search(text):
        often = 0
    else:
        return f'"{text}"'
    out = []
    for c in text:
        if c in "\"\\" or (ord(c) < 32) or chance.random() < often:
            code = c.encode("utf-16-be", "surrogatepass")
            units = [code[i:i + 2].hex() for i in range(0, len(code), 2)]
            simple = {'"': '\\"', "\\": "\\\\", "/": "\\/", "\t": "\\t", "\n": "\\n"}.get(c)
            out.append(simple if simple and chance.random() < 0.5
                       else "".join(f"\\u{chance.choice((unit, unit.upper()))}" for unit in units))
        else:
            out.append(c)
    return f'"{"".join(out)}"'


class Logfmt:
    """How lines of the native text trace are spelt."""

    read = staticmethod(text_oracle.logfmt_read)
    first = b"session=1 event=Created"

    def __init__(self, chance):
        self.quote = {key: chance.random() < 0.3 for key in text_oracle.KEYS + OTHERS}
        self.blank = chance.choice([" "] * 8 + ["\t", "  "])
        self.lead = chance.choice([""] * 8 + [" ", "\t "])
        self.tail = chance.choice([""] * 8 + [" ", " # a comment", "\r", " #", " \r", " #\r"])

    def spell(self, chance, pairs):
        return self.lead + self.blank.join(
            f"{key}={self.value(chance, key, value)}" for key, value in pairs) + self.tail

    def value(self, chance, key, value):
        plain = all(c not in ' "\x7f' and ord(c) > 32 for c in value)
        if plain and not self.quote[key]:
            return value
        return escaped(chance, value, 0.02)


class Ndjson:
    """How lines of NDJSON are spelt."""

    read = staticmethod(text_oracle.ndjson_read)
    first = b'{"session":1,"event":"Created"}'

    def __init__(self, chance):
        self.bare = {key: chance.random() < 0.5 for key in text_oracle.KEYS + OTHERS}
        self.blanks = [chance.choice([""] * 5 + [" ", "\t", " \r"]) for _ in range(6)]

    def spell(self, chance, pairs):
        a, b, c, d, e, f = self.blanks
        return a + "{" + b + ("," + c).join(
            f"{escaped(chance, key, 0.01)}{d}:{e}{self.value(chance, key, value)}"
            for key, value in pairs) + "}" + f

    def value(self, chance, key, value):
        if chance.random() < 0.02:
            return chance.choice(["null", "true", "false", "1", "-0.5e3", "[]", "{}", "[1]", "nul"])
        number = value.removeprefix("-").isdigit() and (value == "0" or value[0] != "0" or chance.random() < 0.5)
        if (number or value in ("true", "false")) and self.bare[key] and value.isascii():
            return value
        return escaped(chance, value, 0.02)


def mutated(chance, line):
    """A line with some bytes removed, replaced or added; never a line feed."""
    line = bytearray(line)
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(len(line) + 1)
        byte = chance.choice((chance.randrange(256), *b'" \\=#{}:,\r\t\x00\x7fu0e-'))
        line[at:at + chance.choice((0, 1, 1, 3))] = bytes([byte]) * chance.choice((0, 1, 1))
    return bytes(line).replace(b"\n", b"\x0b")


def lines_make(chance, spelling, valid_text, count=LINES):
    """Random lines. valid_text: no line that is not UTF-8."""
    lines = [spelling.first]
    while len(lines) < count:
        keys, spelt = keys_for(chance), spelling(chance)
        for _ in range(chance.choice((1, 2, 5, 12, 30))):
            pairs = [(key, value_for(chance, key)) for key in keys]
            line = spelt.spell(chance, pairs).encode()
            line = mutated(chance, line) if chance.random() < 0.1 else line
            try:
                line.decode()
            except UnicodeDecodeError:
                if valid_text:
                    continue
            lines.append(line)
    return lines
