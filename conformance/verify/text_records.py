# SPDX-License-Identifier: MIT
"""Reads text traces for the verifier: logfmt, NDJSON and CSV. What a line must be to be a record, and which session it
is of, is transcribed from traces/README.md, section by section. A line that is none is a record too: an unreadable one.
"""

import codecs
import datetime
import functools
import json
import re
import unicodedata

class Unreadable(ValueError):
    """The line is no record; end: where to read on, if not after the line."""
    def __init__(self, words, end=None):
        super().__init__(words)
        self.end = end

# ---- "A record": the keys of each kind, those that it needs first ----
KEYS_MAX, LINE_MAX = 64, 1 << 20
ALWAYS = frozenset("time seq host boot source pointer_size allow allow_reason".split())
KINDS = ("event", "state", "notify", "call", "object", "marker")
CALL = "driver phase seq_end irql"
FORMS = {
    "event": ("session", "user address process from to payload_session payload_local payload_length"),
    "state": ("session", "user address local session_object io driver"),
    "notify": ("session io", f"user address session_object context payload_session payload_local payload_length status "
                             f"{CALL}"),
    "ioregistercontainernotification": ("io mask status", f"registration class size length flags context {CALL}"),
    "iounregistercontainernotification": ("registration", f"io {CALL}"),
    "iogetcontainerinformation": ("status", f"session user address session_object class length io {CALL}"),
    "object": ("io", "device_session kind owner driver"),
    "marker": ("", "reason"), "reported": ("session", "user address reason")}
FORMS = {form: tuple(frozenset(keys.split()) for keys in both) for form, both in FORMS.items()}
KNOWN = frozenset().union(ALWAYS, KINDS, *[keys for both in FORMS.values() for keys in both])
# What an unreadable record is about: these name its session; with one of these it may have been about all of them.
NAMING = frozenset("host boot source session marker call object".split())
OF_ALL = frozenset("marker call object registration mask size flags device_session".split())

# ---- "Events", "States", "What a driver records": names; each can be written in capitals or not ----
SOURCES = "wdm wts sens lsm winlogon winlogon-operational profile rdp account".split()
EVENTS = "ignore created terminated connected disconnected logon logoff max".split()
STATES = "created initialized connected disconnected disconnectedloggedon loggedon loggedoff terminated max".split()
# Of other sources, by name and number: the event, or the states in which what is no transition can happen.
USER, CONNECTION, CONNECTED = "LM", "KLFDM", "KLFM"
LOCKS = {"lock": USER, "unlock": USER, "remotecontrol": CONNECTION}
OWN = {
    "wts": {"consoleconnect": 3, "consoledisconnect": 4, "remoteconnect": 3, "remotedisconnect": 4, "sessionlogon": 5,
            "sessionlogoff": 6, **{f"session{name}": states for name, states in LOCKS.items()},
            "wts_console_connect": 3, "wts_console_disconnect": 4, "wts_remote_connect": 3, "wts_remote_disconnect": 4,
            "wts_session_logon": 5, "wts_session_logoff": 6, "wts_session_lock": USER, "wts_session_unlock": USER,
            "wts_session_remote_control": CONNECTION, "wts_session_create": 1, "wts_session_terminate": 2,
            "wts_session_desktop_ready": CONNECTED,
            1: 3, 2: 4, 3: 3, 4: 4, 5: 5, 6: 6, 7: USER, 8: USER, 9: CONNECTION, 10: 1, 11: 2, 15: CONNECTED},
    "sens": {"sessiondisconnect": 4, "sessionreconnect": 3, "postshell": USER, "startshell": USER,
             "displaylock": USER, "displayunlock": USER, "startscreensaver": CONNECTED, "stopscreensaver": CONNECTED,
             3: 3, 4: 4, 5: 5, 6: 6},
    "lsm": {21: 5, 22: 0, 23: 6, 24: 4, 25: 3}, "winlogon": {7001: 5, 7002: 6}, "profile": {1: 5, 2: 0, 3: 6, 4: 0},
    "rdp": {66: 3}, "winlogon-operational": {0: 1, 1: 2, 2: 5, 3: 6, 4: USER, 5: USER, 8: 4, 9: 3, 12: USER, 13: 0}}
# ISensLogon, which has no session id
SESSIONLESS = "logon logoff startshell displaylock displayunlock startscreensaver stopscreensaver".split()
BITS = "creation termination connect disconnect logon logoff".split()
MASKS = {**{name: 1 << at for at, name in enumerate(EVENTS[1:7])}, **{name: 1 << at for at, name in enumerate(BITS)},
         **{f"iosessionevent{name}": 1 << at for at, name in enumerate(EVENTS[1:7])},
         **{f"io_session_state_{name}_event": 1 << at for at, name in enumerate(BITS)},
         "all": 0xffffffff, "io_session_state_all_events": 0xffffffff, "io_session_state_valid_event_mask": 63}
STATUSES = ["status_" + name for name in
            "success already_committed insufficient_resources invalid_parameter_1 invalid_parameter_2 "
            "invalid_parameter_3 invalid_parameter_4 pending unsuccessful not_implemented invalid_handle "
            "invalid_parameter invalid_device_request no_memory access_denied buffer_too_small delete_pending "
            "device_not_ready not_supported cancelled invalid_device_state".split()]
NAMED = {"class": ["iosessionstatenotification", "iosessionstateinformation"], "status": STATUSES,
         "irql": ["passive_level", "apc_level", "dispatch_level"]}
WORDS = {"source": SOURCES, "marker": ["boot", "shutdown", "gap", "end", "reported"], "pointer_size": ["4", "8"],
         "local": ["true", "false", "1", "0"], "payload_local": ["true", "false", "1", "0"], "phase": ["begin", "end"],
         "call": [form for form in FORMS if form.startswith("io")], "object": ["created", "deleted"],
         "kind": ["device", "driver", "file"]}
NUMBERS = {"seq": 64, "seq_end": 64, "session": 32, "process": 32}
HANDLES = frozenset("driver io registration session_object context owner".split())

# ---- "Suppressions": the rules that allow can name, all but trace/malformed, newest-first and unused-suppression ----
RULES = {"session": "illegal-transition undocumented-transition wrong-state invalid-event invalid-state "
                    "implied-termination unfinished reported-by-windows wrong-user",
         "registration": "bad-argument bad-object bad-size bad-flags bad-mask duplicate unknown leaked freed-context "
                         "inside-callback irql bad-status",
         "notification": "unregistered outlives-registration masked foreign-session wrong-context session-object "
                         "missed unexpected payload-missing payload-length payload-session invalid-local wrong-local "
                         "failed",
         "trace": "time-reversed gap late nothing-judged",
         "account": "contradiction missing-witness unnamed-session clock-jump different-computers incomplete-search"}
RULES = {group: rules.split() for group, rules in RULES.items()}
ALLOWED = frozenset(name for group, rules in RULES.items() for rule in rules for name in (rule, f"{group}/{rule}"))
# Letters and marks to Unicode that show nothing.
UNSEEN = {0x34f, 0x115f, 0x1160, 0x17b4, 0x17b5, *range(0x180b, 0x1810), 0x2800, 0x3164, *range(0xfe00, 0xfe10), 0xffa0,
          *range(0x2060, 0x2070), *range(0xfff0, 0xfff9), *range(0xe0000, 0xe1000)}

# ---- values ----
TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,7}))?"
                  r"(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))")

def keep_byte(error):
    """A byte that is not UTF-8 becomes a character that no text has."""
    return "".join(chr(0x10ff00 + byte) for byte in error.object[error.start:error.end]), error.end

codecs.register_error("keep byte", keep_byte)

def size_of(text):
    """The bytes of a text of a trace."""
    kept = sum("\U0010ff80" <= c for c in text)
    return len(text.encode("utf-8", "surrogatepass")) - 3 * kept

def lower(text):
    """In small letters, if it is ASCII: no other letter becomes one of ASCII."""
    return text.lower() if text.isascii() else text

def number(text):
    """A number of 32 bits, decimal or hexadecimal, of at most 20 digits; None if it is none."""
    found = re.fullmatch("0[xX]([0-9a-fA-F]{1,20})|([0-9]{1,20})", text)
    value = found and (int(found[1], 16) if found[1] else int(found[2]))
    return value if found and value < 1 << 32 else None

@functools.cache
def event_of(source, name):
    """The event by number, 7 and more if it is none of the model; or the states, as letters, in which it can happen."""
    name, value = lower(name), number(name)
    plain = name.removeprefix("iosessionevent")
    if plain in EVENTS:
        return EVENTS.index(plain)
    if source in OWN or value is None:
        return OWN.get(source, {})[name if value is None else value]
    return value

@functools.cache
def state_of(name):
    """The state by number; 0, 9 and more are none."""
    name, value = lower(name).removeprefix("iosessionstate"), number(name)
    return STATES.index(name) + 1 if value is None else value

def mask_of(text):
    """The events that a driver selects, as bits."""
    value = number(text)
    if value is None:
        value = functools.reduce(int.__or__, [MASKS[lower(word.strip(" \t"))] for word in re.split("[,|]", text)])
    return value

def handle(text):
    """An address or a name, however it is written."""
    digits = re.sub("[A-Z]+", lambda word: word[0].lower(), text).removeprefix("0x").replace("`", "")
    return "" if digits in ("null", "(nil)") else digits.lstrip("0") if re.fullmatch("[0-9a-f]*", digits) else digits

def time_of(text):
    """A time of RFC 3339 in 100 ns since 1601; less than 0 if it is none."""
    found = TIME.fullmatch(text)
    if not found or int(found[2]) > 23 or int(found[3]) > 59 or int(found[4]) > 60 or found[1] < "1601":
        return -1
    if found[6] and (int(found[7]) > 23 or int(found[8]) > 59):
        return -1
    away = int(found[6] + "1") * (int(found[7]) * 60 + int(found[8])) * 60 if found[6] else 0
    days = (datetime.date.fromisoformat(found[1]) - datetime.date(1601, 1, 1)).days
    seconds = ((days * 24 + int(found[2])) * 60 + int(found[3])) * 60 + int(found[4]) - away
    return seconds * 10**7 + int((found[5] or "0").ljust(7, "0"))

def is_seen(text):
    """Whether it has a visible character."""
    return any(ord(c) not in UNSEEN and ord(c) & 0xfffe != 0xfffe and
               unicodedata.category(c) not in ("Cc", "Cf", "Zs", "Zl", "Zp") for c in text)

def is_value(key, text):
    """Whether it is a value of the key; of an event, that depends on the source."""
    word = lower(text)
    if key in WORDS:
        return word in WORDS[key]
    if key in NUMBERS:
        return re.fullmatch("[0-9]{1,20}", text) is not None and int(text) >> NUMBERS[key] == 0
    if key in HANDLES:
        return 0 < size_of(text) <= 128
    if key in ("from", "to", "state"):
        return state_of(text) is not None
    if key == "status" and re.fullmatch("-[0-9]{1,20}", text):
        return int(text) >= -(1 << 31)
    if key in NAMED:
        return word in NAMED[key] or (number(text) is not None and (key != "irql" or number(text) < 256))
    if key == "allow":
        return all(lower(rule.strip(" \t\n\v\f\r")) in ALLOWED for rule in text.split(","))
    if key == "time":
        return time_of(text) >= 0
    if key in ("allow_reason", "mask"):
        return is_seen(text) if key == "allow_reason" else mask_of(text) >= 0
    return key in ("host", "boot", "user", "address", "reason", "event", "notify") or number(text) is not None

@functools.lru_cache(1 << 16)
def is_readable(key, text):
    """The same, also of what names nothing."""
    try:
        return not re.search("[\ud800-\udfff]", key + text) and is_value(key, text)
    except (KeyError, ValueError):
        return False

# ---- records ----
@functools.lru_cache(1 << 12)
def check_keys(form, keys, phase, missing):
    """Refuses a record of that form without what it needs, or with what belongs to others."""
    needed, optional = FORMS[form]
    if keys - ALWAYS - needed - optional - {*KINDS}:
        raise Unreadable("a key does not belong there")
    if len(keys & {"allow", "allow_reason"}) == 1 or ("seq_end" in keys and (phase or "seq" not in keys)):
        raise Unreadable("a key is missing, or is too much")
    if phase == "begin" and "status" in keys:
        raise Unreadable("a call that begins has no status yet")
    if form == "notify" and keys & {"session_object", "payload_session"}:
        needed = needed - {"session"}
    needed = needed - {"status"} if phase == "begin" else needed & {"status"} if phase == "end" else needed
    if needed - keys - missing:
        raise Unreadable("a key is missing")

def is_success(pairs):
    """Whether a call returned STATUS_SUCCESS."""
    status = lower(pairs.get("status", "1"))
    return status == "status_success" or number(status.removeprefix("-")) == 0

def check(pairs, kinds, source):
    """Refuses what is no record, though each of its values is one."""
    if len(kinds) != 1:
        raise Unreadable("it is of no kind, or of several")
    kind = kinds[0]
    form = lower(pairs["call"]) if kind == "call" else kind
    form = "reported" if lower(pairs.get("marker", "")) == "reported" else form
    if kind in ("notify", "call", "object") and source != "wdm":
        raise Unreadable("its source is the kernel")
    nameless = kind == "event" and source == "sens" and lower(pairs["event"]) in SESSIONLESS
    check_keys(form, frozenset(pairs), lower(pairs.get("phase", "")), frozenset({"session"} if nameless else ()))
    if form.startswith("ioregister") and is_success(pairs) and "registration" not in pairs:
        raise Unreadable("a registration is missing")
    if "seq_end" in pairs:
        begin, end = int(pairs["seq"]), int(pairs["seq_end"])
        if end <= begin and (begin >> 32 or begin - end <= 0x7fffffff):
            raise Unreadable("it ends before it begins")
    if kind in ("event", "notify") and not (nameless and "session" not in pairs):
        event_of(source, pairs[kind])

def record(pairs, source):
    """The pairs of a record, and its source; and of an unreadable one what it is about: its session, or all of them."""
    kept, doubtful, named = {}, False, True
    if len(pairs) > KEYS_MAX:
        return {}, source, "all"
    for key, text in pairs:
        known = key in KNOWN
        if known and (text is None or (key not in kept and is_readable(key, text))):
            kept.update({} if text is None else {key: text})
        elif known or not key.startswith("x-") or len(key) < 3 or not is_readable("user", key):
            doubtful, named = True, named and known and key not in NAMING
    own = lower(kept.get("source", source))
    if not doubtful:
        kinds = [kind for kind in KINDS if kind in kept]
        if "source" not in kept and kinds in (["notify"], ["call"], ["object"]):
            own = "wdm"
        try:
            check(kept, kinds, own)
            return kept, own, None
        except (Unreadable, KeyError):
            pass
    return kept, own, "session" if named and "session" in kept and OF_ALL.isdisjoint(kept) else "all"

# ---- "logfmt", "NDJSON", "CSV", "Debug output" ----
TAG, HEAD_SIZE = "sessionlint:", 8192
# What DebugView writes before a text: a number, a time, processes.
COLUMNS = (r"[ \t]*(?:(?:[0-9]+[ \t]+)?[0-9]+(?:[.,:][0-9]+)+(?:[ \t]*[ap]m)?[ \t]+)?"
           r"(?:\[(?:[0-9]+|\\\\[^]\r\n]*)\][ \t]*)*")
QUOTED = r'"((?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*)"'
KEY, BARE, COMMENT = r"([A-Za-z_][A-Za-z0-9_.\-]*)", r'([^\x00-\x20\x7f"]*)', r"(?:#.*)?\Z"
PAIR = re.compile(rf"(?:^|[ \t])[ \t]*(?:{KEY}=(?:{QUOTED}|{BARE})(?=[ \t]|\Z)|{COMMENT})|\Z")

def logfmt(line):
    """The pairs of a line of key=value."""
    line = line.removesuffix("\r")
    found = [*PAIR.finditer(line)]
    if sum(match.end() - match.start() for match in found) != len(line):
        raise Unreadable("it is not key=value")
    return [(key, bare if quoted is None else json.loads(f'"{quoted}"', strict=False) if "\\" in quoted else quoted)
            for key, quoted, bare in (match.groups() for match in found) if key]

def no_constant(name):
    """JSON knows neither NaN nor Infinity."""
    raise ValueError(name)

JSON = json.JSONDecoder(object_pairs_hook=tuple, parse_int=str, parse_float=str, parse_constant=no_constant)

def ndjson(line):
    """The pairs of a flat object; None is a value that is not there."""
    if not line.strip(" \t\r"):
        return []
    try:
        pairs = JSON.decode(line)
    except (ValueError, RecursionError) as error:
        raise Unreadable("it is not JSON") from error
    if not isinstance(pairs, tuple) or not pairs or any(isinstance(value, (list, tuple)) for _, value in pairs):
        raise Unreadable("it is not a flat object")
    return [(key, {True: "true", False: "false"}[value] if isinstance(value, bool) else value) for key, value in pairs]

def fields(text, at, separator, limit):
    """The fields of the record of CSV that begins there, None for what is absent, and where it ends."""
    found, begin = [], at
    bare = re.compile(f'[^\x00-\x08\x0a-\x1f\x7f"{separator}]*')
    while len(found) < KEYS_MAX:
        quoted = text[begin] == '"' and re.compile('"([^"]*(?:""[^"]*)*)"').match(text, begin, limit)
        match = quoted or bare.match(text, begin, limit)
        found.append(quoted[1].replace('""', '"') if quoted else match[0] or None)
        end = match.end()
        if text[end] == separator:
            begin = end + 1
            continue
        end += text[end] == "\r"
        if text[end] != "\n" or end >= limit:
            break
        return found, end + 1
    # the next line is read as if the quote had been closed in its own
    raise Unreadable("it is not CSV", text.index("\n", begin) + 1)

def csv_rows(text):
    """The place of each row in the text, and its pairs, None if it is unreadable."""
    at = re.match(r"(?:[ \t]*(?:#[^\n]*|\r?)\n)*", text).end()
    outside = re.sub('"[^"\n]*"', "", text[at:].partition("\n")[0])
    separator = next((c for c in outside if c in ",;\t"), ",")
    names, at = fields(text, at, separator, len(text))
    keys = [lower(name or "") for name in names]
    known = [key for key in keys if not key.startswith("x-") or len(key) < 3]
    if not {*known} <= KNOWN or len({*known}) < len(known):
        raise Unreadable("a column has no key, or the one of another")
    while at < len(text):
        begin, pairs = at, None
        try:
            values, at = fields(text, at, separator, min(len(text), at + LINE_MAX + 1))
            blank = len(values) == 1 and text[begin] != '"' and not (values[0] or "").strip(" \t")
            if blank or len(values) == len(keys):
                pairs = [] if blank else [(key, value) for key, value in zip(keys, values) if value is not None]
        except Unreadable as error:
            at = error.end
        yield begin, at, pairs

def lines(text, parse):
    """The same of the lines of another trace."""
    at = 0
    while at < len(text):
        end, pairs = text.index("\n", at), None
        try:
            if end - at <= LINE_MAX >> 2 or size_of(text[at:end]) <= LINE_MAX:
                pairs = parse(text[at:end])
        except Unreadable:
            pass
        yield at, end + 1, pairs
        at = end + 1

def tagged(line):
    """The pairs of each record in a line of debug output; None of what is none. Each is after a tag."""
    for part in re.split(TAG, line, flags=re.I | re.A)[1:]:
        try:
            yield logfmt(part) or None
        except Unreadable:
            yield None

def debug_output(data, text):
    """The same of debug output. It is refused unless tags alone say where records are: there is one in the first bytes,
    and each is whole, and without colours."""
    split = [rf"{TAG[:at]}\r*\n{COLUMNS}{TAG[at:]}" for at in range(1, len(TAG))]
    odd, head = "|".join(["[\0\x1b\ud800-\udfff]", *split]), decoded(data[:HEAD_SIZE])[0]
    if re.search(odd, text, re.I | re.A) or not re.search(TAG, head, re.I | re.A):
        raise Unreadable("not each record follows a tag")
    for at, end, parts in lines(text, lambda line: [*tagged(line)]):
        yield from [(at, end, pairs) for pairs in ([None] if parts is None else parts)]

def decoded(data):
    """The text of a trace. Halves of UTF-16 pairs are kept: a record with one is unreadable."""
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-8-sig", "keep byte"), False
    text = data[:len(data) & ~1].decode("utf-16", "surrogatepass") + "\udfff" * (len(data) % 2)
    return text, re.search("[\ud800-\udfff]", text) is not None

def read(data, form, source):
    """The records in the order of their lines: [(line, pairs, source, what it is about if it is unreadable), ...]."""
    text, halves = decoded(data)
    text += "" if text.endswith("\n") else "\n"
    line, place, found = 1, 0, []
    rows = debug_output(data, text) if form == "debugview" else csv_rows(text) if form == "csv" else lines(
        text, {"ndjson": ndjson, "logfmt": logfmt}[form])
    for begin, end, pairs in rows:
        line, place = line + text.count("\n", place, begin), begin
        if pairs is None or (halves and pairs and re.search("[\ud800-\udfff]", text[begin:end])):
            found.append((line, {}, source, "all"))
        elif pairs:
            found.append((line, *record(pairs, source)))
    return found

# ---- what a record says of a session ----
LETTERS, MANY = "CIKDMLFT", 16  # of the states, by number; so many lost records leave nothing certain

class Record:
    """before, to: the states that it allows, as bits; event: by number, 0 for none; broken: against the model by
    itself; unreadable: what it is about then. view: the registration that was notified of it, by place; None: nobody
    was. due: one was that selects it; stranger: it names another user than the one who is logged on. late: it came too
    late for its time; unsure: others of its host may be before it; missing: so many are, and of whom. home: its host,
    with its driver if the drivers of that number their records apart."""
    event, before, to, view, mask, key, seq, same, pairs = 0, 255, 255, None, 63, None, None, None, {}
    user, stranger, due, time, late, unsure, missing, home = "", False, False, None, False, False, (0, "host"), ""

@functools.cache
def states_of(name):
    """A state as a set; 0 if it is outside the enumeration."""
    state = state_of(name)
    return 1 << state - 1 if 0 < state < 9 else 0

def record_of(line, pairs, source, unreadable=None):
    """The record of those pairs, in that line or of that number."""
    found = Record()
    found.kind, found.marker = next((kind for kind in KINDS if kind in pairs), None), lower(pairs.get("marker", ""))
    found.line, found.unreadable, found.host, found.boot = line, unreadable, pairs.get("host"), pairs.get("boot")
    found.home, found.driver = (found.host or "").lower(), pairs.get("driver", "").lower()
    found.pairs = pairs if found.kind != "event" or unreadable else Record.pairs
    found.time = time_of(pairs["time"]) if "time" in pairs else None
    if "seq" in pairs:
        found.seq = int(pairs["seq"])
        found.same = None if unreadable else hash(frozenset(pair for pair in pairs.items() if pair[0][:2] != "x-"))
    if unreadable:
        found.kind, found.marker = "unreadable", ""
        found.key = (source, int(pairs["session"])) if unreadable == "session" else None
        return found
    notified, found.broken = found.kind == "notify", found.marker == "reported"
    found.lost = int(pairs.get("x-lost", MANY))
    session = pairs.get("session", pairs.get("payload_session") if notified else None)
    if session is None or not (found.kind in ("event", "state", "notify") or found.broken):
        return found
    found.key, found.user = (source, number(session)), pairs.get("user", "")
    if found.kind in ("event", "notify"):
        event = event_of(source, pairs[found.kind])
        found.view = 0 if notified else None
        if isinstance(event, str):
            found.before = sum(1 << LETTERS.index(state) for state in event)
        else:
            found.event, found.broken = (event, False) if event < 7 else (0, True)
    for key, place in ("from", "before"), ("to", "to"), ("state", "before"):
        if key in pairs:
            setattr(found, place, states_of(pairs[key]) or 255)
            found.broken |= states_of(pairs[key]) == 0
    return found

def halves(line, pairs, source, unreadable):
    """A record; of a call with the number of its end, that of the begin and that of the end."""
    if unreadable or "seq_end" not in pairs:
        return [record_of(line, pairs, source, unreadable)]
    parts = [{key: value for key, value in pairs.items() if key not in without} | {"phase": phase}
             for phase, without in (("begin", ("status",)), ("end", ("irql", "time", "allow")))]
    parts[1]["seq"] = pairs["seq_end"]
    return [record_of(line, part, source) for part in parts]

def records(data, form, source):
    """The records of a text trace, in the order of its lines."""
    return [part for each in read(data, form, source) for part in halves(*each)]
