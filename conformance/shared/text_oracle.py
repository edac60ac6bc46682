# SPDX-License-Identifier: MIT
"""An independent reading of text traces, to hold the project's readers to.

A line becomes pairs (logfmt_read(), ndjson_read()), and pairs become a record (record_of()), in the
form in which dump_records prints it. What is not a record raises Malformed.
"""

import datetime
import json
import re
import unicodedata

from shared import contract_oracle, table

PAIRS_MAX = 64
NULL = object()  # the value of a pair that is as if it were not there


class Half(bytes):
    """Text that has an escape for half of a UTF-16 pair without the other one."""


class Malformed(Exception):
    """A line that is no record. words: part of the reason; column: where it stops being a line."""

    def __init__(self, words, column=None):
        super().__init__(words)
        self.words, self.column = words, column


ESCAPES = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}
PLAIN = re.compile(rb'[^\x00-\x20\x7f"]*')
UNESCAPED = re.compile(rb'[^\x00-\x08\x0a-\x1f\x7f"\\]+')
BLANK = re.compile(rb"[ \t]*")
KEY = re.compile(rb"[A-Za-z_][A-Za-z0-9_.\-]*")
CODE = re.compile(rb"\\u([0-9A-Fa-f]{4})")


def quoted_read(line, at):
    """A quoted value behind its first quote; what follows it."""
    value, half = b"", False
    while line[at:at + 1] != b'"':
        plain = UNESCAPED.match(line, at)
        if plain:
            value, at = value + plain[0], plain.end()
        elif line[at:at + 1] != b"\\":
            raise Malformed("unexpected ", at)
        elif CODE.match(line, at):
            code = int(CODE.match(line, at)[1], 16)
            low = CODE.match(line, at + 6)
            at += 6
            if 0xd800 <= code < 0xdc00 and low and 0xdc00 <= int(low[1], 16) < 0xe000:
                code, at = 0x10000 + (code - 0xd800) * 0x400 + int(low[1], 16) - 0xdc00, at + 6
            half |= 0xd800 <= code < 0xe000
            value += (chr(0xfffd) if 0xd800 <= code < 0xe000 else chr(code)).encode()
        elif line[at + 1:at + 2] and line[at + 1:at + 2] in b'"\\/bfnrt':
            value += ESCAPES.get(line[at + 1:at + 2], line[at + 1:at + 2])
            at += 2
        else:
            # the first byte that cannot follow the backslash
            at += 1
            for _ in range(5 if line[at:at + 1] == b"u" else 0):
                at += 1
                if not re.match(rb"[0-9A-Fa-f]", line[at:at + 1]):
                    break
            raise Malformed("unexpected ", at)
    return Half(value) if half else value, at + 1


def logfmt_read(line):
    """The pairs of a line of the native text trace, without its line feed."""
    at, pairs = 0, []
    while True:
        blanks = BLANK.match(line, at)
        apart, at = blanks.end() > at or at == 0, blanks.end()
        if at == len(line) or (apart and line[at:at + 1] == b"#"):
            return pairs
        if line[at:at + 1] == b"\r":
            if at + 1 == len(line):
                return pairs
            raise Malformed("unexpected ", at + 1)
        key = KEY.match(line, at) if apart else None
        if not key:
            raise Malformed("unexpected ", at)
        at = key.end()
        if line[at:at + 1] != b"=":
            raise Malformed("unexpected ", at)
        if len(pairs) == PAIRS_MAX:
            raise Malformed("more than 64 keys", at)
        if line[at + 1:at + 2] == b'"':
            value, at = quoted_read(line, at + 2)
        else:
            value = PLAIN.match(line, at + 1)
            value, at = value[0], value.end()
        pairs.append((key[0], value))


class Number(str):
    """A number of JSON as it is written."""


def no_constant(name):
    raise ValueError(name)


DECODER = json.JSONDecoder(parse_int=Number, parse_float=Number, parse_constant=no_constant, object_pairs_hook=tuple)
SURROGATE = re.compile("[\ud800-\udfff]")


def ndjson_read(line):
    """The pairs of a line of NDJSON, which is valid UTF-8, without its line feed."""
    text = line.decode()
    if not text.strip(" \t\r"):
        return []
    try:
        pairs = DECODER.decode(text)
    except ValueError as error:
        raise Malformed("a flat JSON object") from error
    if not isinstance(pairs, tuple) or not text.lstrip(" \t\r").startswith("{"):
        raise Malformed("a flat JSON object")
    if not pairs:
        raise Malformed("missing one of event, state")
    if any(isinstance(value, (list, tuple)) for _, value in pairs):
        raise Malformed("a flat JSON object")
    if len(pairs) > PAIRS_MAX:
        raise Malformed("more than 64 keys")
    return [(bytes_of(key), value_of(value)) for key, value in pairs]


def value_of(value):
    if value is None:
        return NULL
    return b"true" if value is True else b"false" if value is False else bytes_of(value)


def bytes_of(text):
    """UTF-8; half of a character that stands alone is remembered."""
    whole = SURROGATE.sub("\ufffd", text)
    return whole.encode() if whole == text else Half(whole.encode())


EVENTS = ["Ignore", *table.EVENTS, "Max"]
STATES = [None, *table.STATES, "Max"]
MARKERS = ["boot", "shutdown", "gap", "end", "reported"]
WTS = {"CONSOLE_CONNECT": (1, 3), "CONSOLE_DISCONNECT": (2, 4), "REMOTE_CONNECT": (3, 3),
       "REMOTE_DISCONNECT": (4, 4), "SESSION_LOGON": (5, 5), "SESSION_LOGOFF": (6, 6),
       "SESSION_LOCK": (7, 0), "SESSION_UNLOCK": (8, 0), "SESSION_REMOTE_CONTROL": (9, 0),
       "SESSION_CREATE": (10, 1), "SESSION_TERMINATE": (11, 2)}
# what .NET calls them in SessionChangeReason and SessionSwitchReason
DOTNET = {"CONSOLECONNECT": 3, "CONSOLEDISCONNECT": 4, "REMOTECONNECT": 3, "REMOTEDISCONNECT": 4, "SESSIONLOGON": 5,
          "SESSIONLOGOFF": 6, "SESSIONLOCK": 0, "SESSIONUNLOCK": 0, "SESSIONREMOTECONTROL": 0}
# session-model.md, section 2, and windows-logs.md, section 1: names and numbers of each source
NAMES = {"wts": {**{f"wts_{name}".lower(): event for name, (_, event) in WTS.items()},
                 **{name.lower(): event for name, event in DOTNET.items()}},
         "sens": {"sessiondisconnect": 4, "sessionreconnect": 3, "postshell": 0}}
NUMBERS = {"wts": {15: 0, **dict(WTS.values())}, "sens": {5: 5, 6: 6, 4: 4, 3: 3, 0: 0},
           "lsm": {21: 5, 22: 0, 23: 6, 24: 4, 25: 3}, "winlogon": {7001: 5, 7002: 6},
           "winlogon-operational": {0: 1, 1: 2, 2: 5, 3: 6, 4: 0, 5: 0, 8: 4, 9: 3, 12: 0, 13: 0},
           "profile": {1: 5, 2: 0, 3: 6, 4: 0}, "rdp": {66: 3}}
SOURCES = ["wdm", "wts", "sens", "lsm", "winlogon", "winlogon-operational", "profile", "rdp", "account"]
KEYS = ["time", "seq", "host", "boot", "source", "session", "user", "address", "event", "from",
        "to", "state", "local", "marker", "reason", "allow", "allow_reason", "pointer_size", "process", *contract_oracle.KEYS]
KINDS = {"event", "state", "notify", "call", "object", "marker"}
TIME = re.compile(rb"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,7}))?"
                  rb"(?:[Zz]|([+-])(\d\d):(\d\d))")


def time_of(value):
    match = TIME.fullmatch(value)
    if not match:
        raise Malformed("time")
    year, month, day, hour, minute, second = (int(match[i]) for i in range(1, 7))
    try:
        days = (datetime.date(year, month, day) - datetime.date(1601, 1, 1)).days
    except ValueError as error:
        raise Malformed("time") from error
    away = (int(match[9]) * 60 + int(match[10])) * 60 if match[8] else 0
    if hour > 23 or minute > 59 or second > 60 or \
            (match[8] and (int(match[9]) > 23 or int(match[10]) > 59)):
        raise Malformed("time")
    seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
    seconds -= away if match[8] == b"+" else -away
    if days < 0 or seconds < 0:
        raise Malformed("time")
    return seconds * 10**7 + int((match[7] or b"0").ljust(7, b"0"))


def decimal_of(value, limit, key):
    if not re.fullmatch(rb"[0-9]{1,20}", value) or int(value) > limit:
        raise Malformed(key)
    return int(value)


def number_of(value):
    """A number of 32 bits, decimal or hexadecimal; None if it is none."""
    text = value.decode("latin-1")
    if re.fullmatch("0[xX][0-9A-Fa-f]+", text):
        number = int(text, 16)
    elif re.fullmatch("[0-9]+", text):
        number = int(text)
    else:
        return None
    return number if number < 2**32 else None


def name_of(value, names, prefix):
    """The index of a name, short or long, in capitals or not; None if it is none."""
    text = value.decode("latin-1").lower() if value.isascii() else ""
    if text.startswith(prefix.lower()) and len(text) > len(prefix):
        text = text[len(prefix):]
    lower = [name and name.lower() for name in names]
    return lower.index(text) if text in lower else None


# the methods of ISensLogon, which tell of no session
SESSIONLESS = ("logon", "logoff", "startshell", "displaylock", "displayunlock", "startscreensaver",
               "stopscreensaver")


def event_of(value, source, key):
    event, number = name_of(value, EVENTS, "IoSessionEvent"), number_of(value)
    if event is None and value.isascii():
        event = NAMES.get(source, {}).get(value.decode().lower())
    if event is None and number is not None:
        event = NUMBERS[source].get(number) if source in NUMBERS else number
    if event is None:
        raise Malformed(key)
    return event


def state_of(value, key):
    state = name_of(value, STATES, "IoSessionState")
    state = number_of(value) if state is None else state
    if state is None:
        raise Malformed(key)
    return state


def one_of(value, names, key):
    name = value.decode("latin-1").lower()
    if name not in names:
        raise Malformed(key)
    return name


# rules that the tests spell; a name is long, or short
RULES = {"gap": "trace/gap", "illegal-transition": "session/illegal-transition", "leaked": "registration/leaked",
         "missed": "notification/missed", "unfinished": "session/unfinished", "time-reversed": "trace/time-reversed"}
BLANKS = " \t\n\v\f\r"

# Default ignorable, though Unicode counts them among the letters and marks; and a pattern without a dot.
UNSEEN = {0x34f, 0x115f, 0x1160, 0x17b4, 0x17b5, *range(0x180b, 0x1810), 0x2800, 0x3164, *range(0xfe00, 0xfe10), 0xffa0,
          *range(0x2060, 0x2070), *range(0xfff0, 0xfff9), *range(0xe0000, 0xe1000)}


def is_seen(value):
    """Whether something is seen of the text. What is no UTF-8 is shown as escapes."""
    return any("\udc80" <= c <= "\udcff" or ord(c) not in UNSEEN and ord(c) & 0xfffe != 0xfffe
               and unicodedata.category(c) not in ("Cc", "Cf", "Zs", "Zl", "Zp")
               for c in value.decode("utf-8", "surrogateescape"))


def rules_of(value):
    """The long names in a list of rules, each once, in alphabetical order."""
    names = [name.strip(BLANKS).lower() for name in value.decode("latin-1").split(",")]
    names = [RULES.get(name, name) for name in names]
    if not set(names) <= set(RULES.values()):
        raise Malformed("allow")
    return sorted(set(names))


def field_put(record, key, value):
    """Reads one value; text is as dump_records prints it."""
    if key == "time":
        record[key] = time_of(value)
    elif key in ("seq", "session"):
        record[key] = decimal_of(value, 2**64 - 1 if key == "seq" else 2**32 - 1, key)
    elif key in ("from", "to", "state"):
        record[key] = state_of(value, key)
    elif key == "process":
        # as what a record of a Windows log holds besides; NO_REASON is 2^32 - 1
        record["annotation"] = {"kind": 0, "id": 0, "process": decimal_of(value, 2**32 - 1, key), "reason": 2**32 - 1, "logon_id": 0}
    elif key == "source":
        record[key] = one_of(value, SOURCES, key)
    elif key == "marker":
        record[key] = one_of(value, MARKERS, key)
    elif key == "local":
        record["flags"] = 4 * (one_of(value, ("true", "1", "false", "0"), key) in ("true", "1"))
    elif key in ("event", "notify"):
        record["event"] = value
    elif key == "pointer_size":
        record[key] = int(one_of(value, ("4", "8"), key))
    elif key == "allow":
        record[key] = rules_of(value)
    elif key == "allow_reason" and not is_seen(value):
        raise Malformed(key)
    elif key in contract_oracle.KEYS:
        # "kind" is that of the record
        name = "object_kind" if key == "kind" else key
        found = contract_oracle.value_of(key, value)
        if found is None:
            raise Malformed(key)
        record[name] = found
    else:
        record[key] = value.decode("latin-1")


def record_of(pairs, source="wdm"):
    """The record that the pairs make, without its place; None if there are no pairs."""
    record = {"keys": [], "source": source, "marker": "none", "flags": 0, "seq": 0, "session": 0}
    seen, wrong = set(), None
    for name, value in pairs:
        key = name.decode("latin-1")
        try:
            if isinstance(name, Half):
                raise Malformed("a key has half of a UTF-16 pair")
            if key not in KEYS:
                if key.startswith("x-") and len(key) > 2:
                    continue
                raise Malformed("unknown key")
            if value is NULL:
                continue
            if isinstance(value, Half):
                raise Malformed(f"{key} has half of a UTF-16 pair")
            if key in seen:
                raise Malformed(f"duplicate {key}")
            field_put(record, key, value)
            seen.add(key)
        except Malformed as error:
            # the reason is that of the first, but the rest can still say whose record it is
            wrong = wrong or error
    if not pairs:
        return None
    if wrong:
        raise wrong
    return record_finish(record, seen)


def record_finish(record, seen):
    kinds = seen & KINDS
    if len(kinds) != 1:
        raise Malformed("only one of" if kinds else "missing one of event")
    kind = record["kind"] = kinds.pop()
    if kind in ("notify", "call", "object"):
        if "source" in seen and record["source"] != "wdm":
            raise Malformed("source of notify, call and object must be wdm")
        record["source"] = "wdm"
    if len(seen & {"allow", "allow_reason"}) == 1:
        raise Malformed("allow without" if "allow" in seen else "allow_reason without allow")
    stray = contract_oracle.stray(record, kind, seen, KEYS)
    if stray:
        raise Malformed(f"{stray} belongs to")
    record["keys"] = [key for key in KEYS if key in seen]
    if kind == "event" and "session" not in seen and record["source"] == "sens" \
            and record["event"].decode("latin-1").lower() in SESSIONLESS:
        record.update(kind="noted", event=2**32 - 1)
        return record
    fault = contract_oracle.phase_fault(record, seen)
    if fault:
        raise Malformed(fault)
    needed = kind in ("event", "state") or record["marker"] == "reported"
    lacking = contract_oracle.lacking(record, kind, seen)
    if lacking or (needed and "session" not in seen):
        raise Malformed(f"missing {lacking or 'session'}")
    if kind in ("event", "notify"):
        record["event"] = event_of(record["event"], record["source"], kind)
    return record
