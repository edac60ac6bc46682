#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Verifies a certificate of 'sessionlint check --certificate': reads the traces again, and checks each witness. Shares nothing
with the checker; docs/certificate.md says what is verified. Usage: verify.py [--allow-uncertified] CERTIFICATE. Status: 0
accepted; 1 refused: where, and what is wrong; 2 accepted, but something is not certified."""

import collections
import csv
import functools
import hashlib
import io
import itertools
import json
import pathlib
import re
import sys

import evtx_records  # beside this file: of Windows logs, by a library of others

# ---- the machine: "IO_SESSION_STATE enumeration (wdm.h)", and the documents of each source ----
# Created, Initialized, Connected (K), Disconnected, DisconnectedLoggedOn (M), LoggedOn, LoggedOff (F), Terminated: by number,
# as are the bits of a set. Events: Ignore, created, terminated, connected (k), disconnected, logon, logoff (f).
STATES, EVENTS, ANY, START, TERMINATED, MANY = "CIKDMLFT", "-ctkdlf", 255, 2, 128, 16  # MANY lost ones leave nothing certain
TABLE = {"I": "cC", "C": "kK dD tT", "K": "lL dD tT", "D": "kK lM tT", "M": "fD tT", "L": "dM fF tT", "F": "dD tT", "T": ""}

# What a source shows: yes, maybe, hidden, or it never happens; by group of transitions: the event, and the states before it.
# Last: whether an end with the user logged on can be unseen, if that is tolerated.
GROUPS = ("cI", "kCD", "kM", "dL", "dF", "dCK", "lKD", "fLM", "tCKDF", "tLM")
SHOWN = {"wdm": "yyyyyyyyyyn", "wts": "myyyyyyymyh", "sens": "hhyyymyyhnh", "lsm": "hhyyyhyyhnh", "winlogon": "hhhhhhyyhhh",
         "winlogon-operational": "yhyymmyymmh", "profile": "hhhhhhyyhhh", "rdp": "hmmhhhhhhhh", "account": "mmyyymyymyh"}

def bits(states):
    return sum([1 << STATES.index(state) for state in states])

def letters(states):
    return "".join([state for at, state in enumerate(STATES) if states >> at & 1])

def of_sets(parts):  # what each set of states becomes, from what each state does
    return [functools.reduce(int.__or__, [part for at, part in enumerate(parts) if set_ >> at & 1], 0) for set_ in range(256)]

class Machine:
    """What a source, or a driver by its mask, shows of a session, and what is tolerated: the reconnect, unseen ends, reuse."""
    def __init__(self, source, reconnect=False, unseen_end=False, reuse=False, mask=63):
        arcs = [(state, arc[0], arc[1]) for state, row in TABLE.items() for arc in row.split()] + [("M", "k", "L")] * reconnect
        self.seen, self.hidden = {}, {("T", "r"): "I"} if reuse else {}
        if unseen_end and (SHOWN[source][-1] == "h" or not mask & 2):
            self.hidden.update({("L", "t"): "T", ("M", "t"): "T"})
        for state, event, to in arcs:
            shown = next(how for how, group in zip(SHOWN[source], GROUPS) if group[0] == event and state in group[1:])
            if not mask >> EVENTS.index(event) - 1 & 1:
                shown = "n" if event == "t" and state in "LM" else "h"
            self.seen.update({(state, event): to} if shown in "ym" else {})
            self.hidden.update({(state, event): to} if shown in "mh" else {})
        once = [bits({state, *[to for (before, _), to in self.hidden.items() if before == state]}) for state in STATES]
        self.closure = functools.reduce(lambda sets, _: [sets[states] for states in sets], STATES, of_sets(once))
        self.after = [list(range(256)), *[of_sets([bits(self.seen.get((state, event), "")) for state in STATES])
                                          for event in EVENTS[1:]]]

    def take(self, states, record):  # the states right after a record that happens in one of these
        return 0 if record.broken else self.after[record.event][states & record.before] & record.to

    def step(self, states, item):  # the states right after a record or so many lost ones, if anything can happen before unseen
        states = self.closure[states] if item else states
        if not isinstance(item, int):
            return self.take(states, item)
        for _ in range(min(item, MANY)):  # each may have been an event, a boot, or the end of a capture
            after = [self.closure[row[states]] for row in self.after[1:]]
            states = functools.reduce(int.__or__, after, states | self.closure[START])
        return states

@functools.cache
def machines(source, reconnect, unseen_end, mask):  # the published table; with what an incarnation may do; and several of them
    return [Machine(source, *tolerated, mask) for tolerated in (
        (False, False, False), (reconnect, False, False), (reconnect, unseen_end, True))]

# ---- text traces: traces/README.md ----
NAMES = "ignore created terminated connected disconnected logon logoff max".split()
STATE_NAMES = "created initialized connected disconnected disconnectedloggedon loggedon loggedoff terminated".split()
# Names and numbers of the sources: an event, or a set of states for what is no transition.
USER, CONNECTION, CONNECTED = (bits(states) | 256 for states in ("LM", "KLFDM", "KLFM"))
OTHER = {"wts": "consoleconnect 3 consoledisconnect 4 remoteconnect 3 remotedisconnect 4 sessionlogon 5 sessionlogoff 6 "
                f"sessionlock {USER} sessionunlock {USER} sessionremotecontrol {CONNECTION} sessioncreate 1 "
                f"sessionterminate 2 sessiondesktopready {CONNECTED} 1 3 2 4 3 3 4 4 5 5 6 6 7 {USER} 8 {USER} "
                f"9 {CONNECTION} 10 1 11 2 15 {CONNECTED}",
         "sens": f"sessiondisconnect 4 sessionreconnect 3 postshell {USER} startshell {USER} displaylock {USER} "
                 f"displayunlock {USER} startscreensaver {CONNECTED} stopscreensaver {CONNECTED} 3 3 4 4 5 5 6 6",
         "lsm": "21 5 22 0 23 6 24 4 25 3", "winlogon": "7001 5 7002 6", "profile": "1 5 2 0 3 6 4 0", "rdp": "66 3",
         "winlogon-operational": f"0 1 1 2 2 5 3 6 4 {USER} 5 {USER} 8 4 9 3 12 {USER} 13 0", "account": "", "wdm": ""}
KINDS = ("event", "state", "notify", "call", "object", "marker")
KEYS = {*KINDS, *"time seq host boot source session user address from to local reason allow allow_reason pointer_size process "
        "driver io registration session_object class size length flags mask context status payload_session payload_local "
        "payload_length device_session kind owner phase seq_end irql".split()}

class Refused(Exception): """The certificate says what is not so, or the trace cannot be read."""
ERRORS = (Refused, OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RuntimeError, SyntaxError, csv.Error)

def require(holds, otherwise):
    if not holds:
        raise Refused(otherwise)

class Record:
    """before, to: the states that it allows; event: by number, 0 for none; broken: against the model by itself. view: the
    registration that was notified of it, by line; 0: none, NOT_JUDGED: it may have missed something; None: nobody was."""
    event, before, to, view, mask, key, seq, same, pairs = 0, ANY, ANY, None, 63, None, None, False, {}

def number(text):
    return int(text, 16 if text[1:2] in "xX" and text[1:] else 10) if re.fullmatch("0[xX][0-9a-fA-F]+|[0-9]+", text) else None

@functools.cache
def event_of(source, name):  # more than 255 for a set of states; None if it is outside the enumeration
    name, value = name.lower().removeprefix("iosessionevent"), number(name)
    if name in NAMES:
        return NAMES.index(name) if name != "max" else None
    if source == "wdm" and value is not None:
        return value if value < 7 else None
    words = OTHER[source].split()
    return dict(zip(words[::2], map(int, words[1::2])))[
        str(value) if value is not None else name.removeprefix("wts_").replace("_", "") if source == "wts" else name]

@functools.cache
def states_of(name):  # as a set; 0 if it is outside the enumeration
    name, value = name.lower().removeprefix("iosessionstate"), number(name)
    at = value if value is not None else (*STATE_NAMES, "max").index(name) + 1
    return 1 << at - 1 if 0 < at < 9 else 0

def record_of(line, pairs, source):
    record, keys, pairs = Record(), len(pairs), dict(pairs)
    kinds = [kind for kind in KINDS if kind in pairs]
    strange = any(key not in KEYS and not key.startswith("x-") for key in pairs)
    require(len(kinds) == 1 and len(pairs) == keys and not strange, f"line {line} is malformed")
    record.line, record.kind, record.marker = line, kinds[0], pairs.get("marker", "").lower()
    record.pairs = pairs if record.kind != "event" else Record.pairs
    record.host, record.boot, notified = pairs.get("host"), pairs.get("boot"), record.kind == "notify"
    record.lost, record.broken = int(pairs.get("x-lost", MANY)), record.marker == "reported"
    if "seq" in pairs:
        record.seq, record.same = int(pairs["seq"]), hash(frozenset(pair for pair in pairs.items() if pair[0][:2] != "x-"))
    source, session = pairs.get("source", source).lower(), pairs.get("session", pairs.get("payload_session" if notified else ""))
    if not (record.kind in ("event", "state", "notify") or record.broken) or (session is None and (source == "sens" or notified)):
        return record
    record.key = ((record.host or "").lower(), "wdm" if notified else source, int(session))
    event = event_of(record.key[1], pairs[record.kind]) if record.kind in ("event", "notify") else 0
    record.event, record.broken, record.view = event or 0, record.broken or event is None, 0 if notified else None
    if record.event > 255:
        record.event, record.before = 0, event & ANY
    for key, place in ("from", "before"), ("to", "to"), ("state", "before"):
        if key in pairs:
            setattr(record, place, states_of(pairs[key]) or ANY)
            record.broken |= states_of(pairs[key]) == 0
    return record

PAIR = re.compile(r'[ \t]*(?:#.*|([A-Za-z_][A-Za-z0-9_.\-]*)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))(?=[ \t]|$)|$)')

def logfmt(text):
    found = [*PAIR.finditer(text)]
    require("".join(match[0] for match in found) == text, f"not a record: {text}")
    return [(key, bare if quoted is None else json.loads(f'"{quoted}"', strict=False))
            for key, quoted, bare in (match.groups() for match in found) if key]

def ndjson(text):
    pairs = json.loads(text, object_pairs_hook=list, parse_float=str) if text.strip() else []
    require(not any(isinstance(value, list) for _, value in pairs), f"not a flat object: {text}")
    return [(key, str(value).lower() if isinstance(value, bool) else str(value)) for key, value in pairs if value is not None]

def csv_rows(text):  # the line and the pairs of each row
    begin = re.match(r"(?:(?:#[^\n]*)?\r?\n)*", text).end()
    separator = next((c for c in text[begin:].partition("\n")[0] if c in ",;\t"), ",")
    rows = csv.reader(io.StringIO(text[begin:], newline=""), delimiter=separator, strict=True)
    head, line = [key.lower() for key in next(rows)], text.count("\n", 0, begin) + 1
    for row in rows:
        yield line + 1, [*{pair: None for pair in zip(head, row) if pair[1] != ""}]
        line = text.count("\n", 0, begin) + rows.line_num

def read(data, form, source):  # the records of a text trace, in the order of its lines
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", errors="replace")
    parse = {"ndjson": ndjson, "logfmt": logfmt}.get(form)
    rows = ((at, parse(line.removesuffix("\r"))) for at, line in enumerate(text.split("\n"), 1)) if parse else csv_rows(text)
    return [record_of(line, pairs, source) for line, pairs in rows if pairs]

# ---- the order of a log, what is missing in it, and where its sessions begin and end ----
NOT_JUDGED, BITS = -1, ("creat", "terminat", "connect", "disconnect", "logon", "logoff")

def mask_of(text):  # of the events that a driver selects
    if number(text) is not None or "all" in text.lower() or "valid" in text.lower():
        return (63 if number(text) is None else number(text)) & 63
    return sum(1 << at for at, bit in enumerate(BITS) if re.search(rf"\b(\w+_|iosessionevent)?{bit}", text.lower()))

def handle(text):  # an address or a name, however it is written
    digits = text.lower().removeprefix("0x").replace("`", "")
    return "" if digits in ("null", "(nil)") else digits.lstrip("0") if re.fullmatch("[0-9a-f]*", digits) else digits

class Host:
    """What is known of a host: the records lost so far, before its boot, and whether sessions may be older than that; its live
    registrations, by driver and handle; its I/O objects, by driver and name: their session and registrations."""
    def __init__(self, unknown):
        self.unknown, self.lost, self.before, self.boot, self.boot_lost, self.handled = unknown, 0, 0, None, 0, 0
        self.generation, self.ends, self.events, self.driven, self.live, self.objects = 0, [], False, False, {}, {}

    def take(self, what):  # a boot, the end of the capture, or a number of lost records
        self.live, self.objects = ({}, {}) if what else (self.live, self.objects)
        if what in ("boot", "end"):
            self.generation += 1
            self.ends.append((self.lost, self.events))
            self.unknown, self.before = (False, self.lost) if what == "boot" else (self.unknown, self.before)
        else:
            self.lost += min(what, MANY)
            self.unknown |= self.lost - self.before >= MANY

    def follow(self, happened):  # to all hosts
        for what in happened[self.handled:]:
            self.take(what)
        self.handled = len(happened)

    def follow_driver(self, record):
        call, status = (record.pairs.get(key, "").lower() for key in ("call", "status"))
        driver, *names = (handle(record.pairs.get(key, "")) for key in ("driver", "io", "registration"))
        io, own = ((driver, name) for name in names)
        session, registered = self.objects.get(io, (0, []))
        registers = call == "ioregistercontainernotification" and (status == "status_success" or number(status) == 0)
        if record.kind == "object":
            for each in registered:
                del self.live[each]
            self.objects[io] = (number(record.pairs.get("device_session", "0")), [])
        elif registers or call == "iounregistercontainernotification":
            if own in self.live:
                self.objects[self.live.pop(own)[2]][1].remove(own)
            if registers:
                self.live[own] = (record.line, mask_of(record.pairs.get("mask", "0")), io)
                self.objects.setdefault(io, (0, []))[1].append(own)
        elif record.kind == "notify" and record.event:
            line, mask, _ = self.live[registered[0]] if len(registered) == 1 else (NOT_JUDGED, 0, io)
            due = mask >> record.event - 1 & 1 and session in (0, record.key and record.key[2])
            record.view, record.mask, record.event = (line, mask, record.event) if due else (NOT_JUDGED, 63, 0)

class Segment:
    """A session from where it appears until its host starts again or the capture ends: records, and numbers of lost ones. What
    is known of its states by the table and by all that is tolerated; vague: not for certain; views: who has shown it."""
    def __init__(self, host):
        self.host, self.generation, self.lost, self.items, self.places = host, host.generation, host.lost, [], []
        self.before, self.notified, self.shown = MANY if host.unknown else host.lost - host.before, False, set()
        self.at, self.taken, self.published, self.all, self.vague, self.views = 0, 0, ANY, ANY, False, set()

    def add(self, record, start):
        host, notified = self.host, record.key[1] == "wdm" and self.host.driven and not self.host.events
        # what only notifications show may be older than the driver; and they lag behind events and samples
        self.before = MANY if notified and not self.items and (self.before or start != "initialized") else self.before
        lost = host.lost - self.lost + MANY * (self.items != [] and notified != self.notified)
        self.items += [lost] * (lost > 0)
        if notified and record.kind == "state" and not record.broken:
            known = any(line in self.shown for line, _, _ in host.live.values())
            record.view, record.before = 0 if known else NOT_JUDGED, ANY
        self.shown.add(record.view)
        self.places.append(len(self.items))
        self.items.append(record)
        self.lost, self.notified = host.lost, notified

    def take(self, count):  # the item before an incarnation, its items, and the record after them
        begin, self.taken = self.at, self.taken + count
        require(self.taken <= len(self.places), "the session has fewer records there")
        self.at = self.places[self.taken] if self.taken < len(self.places) else len(self.items)
        before, after = self.items[begin - 1] if begin else None, self.items[self.at] if self.at < len(self.items) else None
        return before, self.items[begin:self.at], after

def losses(records, claim):  # that numbers show, as in a certificate
    # of each count: the last number, whether a marker of a boot had that, whether it may begin again, the value of boot
    counts, drivers, found, zero, trace = {}, {}, [], False, claim["numbering"] == "trace"
    for record in records:
        host, seq, boots = (record.host or "").lower(), record.seq, record.marker == "boot"
        if seq is None:
            keys = [*counts] if record.host is None else [host] if host in counts and not trace else []
            counts.update({key: (*counts[key][:2], True, counts[key][3]) for key in keys if boots})
            continue
        require(record.pairs.get("driver") in (drivers.setdefault(host, record.pairs.get("driver")),), "drivers may count apart")
        count = "" if trace else host
        last, booted, again, boot = counts.get(count, (None, False, False, None))
        begins, again = seq == 0 or (seq == 1 and not zero), again or (not trace and record.boot not in (None, boot))
        missing = (0 if begins else None) if last is None else 0 if (seq, last) == (0, 0xffffffff) else seq - last - 1
        again |= boots and missing is not None and missing < 0
        if last is not None and (again or (booted and begins)):
            # a count that is long enough does not begin again by chance where it would go on
            missing = 0 if begins or (missing == 0 and last >= 16) else seq
        require((missing or 0) >= 0, f"line {record.line} has the number {seq} after {last}")
        counts[count], zero = (seq, boots, False, record.boot if record.boot is not None else boot), zero or seq == 0
        every = trace or (record.host is None and len(counts) > 1)
        found += [[record.line, missing, "all" if every else "host"]] * (missing != 0)
    return found

def by_number(records, claim):  # of each host, or of all; if counts begin again with boots, within those that are in the file
    hosts, places, trace, again = {}, {}, claim["numbering"] == "trace", claim["order"] == "boots"
    for record in records:
        host = "" if trace else (record.host or "").lower()
        boot, value = hosts.get(host, (0, None))
        boot += again and (record.marker == "boot" or None not in (value, record.boot) and value != record.boot)
        hosts[host] = boot, value if record.boot is None else record.boot
        require(record.seq is not None or (again and record.marker == "boot"), f"line {record.line} has no number")
        places[record.line] = host, boot, -1 if record.seq is None else record.seq
    require(len(hosts) == 1 or "" not in hosts, "a record is of all hosts")
    return sorted(records, key=lambda record: places[record.line])

def sort(records, claim):  # the order in which they are judged, after a check of what the certificate says of it
    known, kept, repeated = set(), [], {*claim["repeated"]}
    for record in records:
        require(record.line not in repeated or record.same in known, "no record repeats another there")
        kept += [record] * (record.line not in repeated)
        known.add(record.same or None)
    repeated = sorted(repeated & {record.line for record in records})
    records = by_number(kept, claim) if claim["order"] in ("seq", "boots") else kept
    shown = [record for record in records if record.marker not in ("missing", "service")]
    markers = [[record.line, record.marker] for record in shown if record.marker]
    require((claim["numbering"] != "none") == any(record.seq is not None for record in records), "that is not its numbering")
    lost, holes = losses(records, claim), [[record.line, record.lost, "all"] for record in records if record.marker == "missing"]
    require(claim["records"] == len(shown), f"it has {len(shown)} records")
    for what, found in ("losses", lost + holes), ("markers", markers), ("repeated", repeated):
        require(sorted(claim[what]) == sorted(found), f"its {what} are {found}")
    return records, {line: (MANY if count is None else count, scope) for line, count, scope in lost}

def follow(records, missing, start, unknown):  # the segments of each session, in their order
    hosts, happened, sessions = collections.defaultdict(lambda: Host(unknown)), [], {}
    for record in records:
        host = hosts[(record.host or "").lower()]
        count, scope = missing.get(record.line, (0, "host"))
        happened += [count] * (scope == "all")
        host.follow(happened)
        host.take(count if scope == "host" else 0)
        if record.boot is not None:  # a new value is a boot; what is lost right before it may be of the new one
            if record.marker != "boot" and host.boot not in (None, record.boot):
                host.take("boot")
                host.before = host.boot_lost
                host.take(0)
            host.boot_lost, host.boot = host.lost, record.boot
        if record.kind in ("call", "object", "notify"):
            host.follow_driver(record)
        host.events |= record.kind == "event" and record.key is not None and record.key[1] == "wdm"
        host.driven |= not {"io", "driver", "session_object", "call"}.isdisjoint(record.pairs)
        if record.key and not (record.kind == "notify" and (host.events or record.pairs.get("phase") == "end")):
            segments = sessions.setdefault(record.key, collections.deque())
            if not segments or segments[-1].generation != host.generation:
                segments.append(Segment(host))
            segments[-1].add(record, start)
        elif record.marker in ("boot", "end", "gap", "missing", "service"):
            what = record.marker if record.marker in ("boot", "end") else record.lost
            (happened.append if record.host is None else host.take)(what)
            host.follow(happened)
    for host in hosts.values():
        host.follow(happened)
    return sessions

# ---- the certificate ----
COUNTED = ("conforming", "violating", "undetermined", "uncertified")

def run_states(run, items, start, over, life, everything):  # the states in a run, which is checked
    tokens = re.findall("[1-9][0-9]*|[A-Z]|[a-z]", run)
    require("".join(tokens) == run and run[:1] and run[0] in letters(start), "the run does not begin as it can")
    state, at, states = tokens[0], 0, tokens[:1]
    for token in tokens[1:]:
        if token in EVENTS or token == "r":
            state = (everything if at == len(items) and token == "t" else life).hidden.get((state, token))
            require(state, f"after {at} items of the run, no hidden {token} is possible")
        for _ in range(int(token) if token.isdigit() else token.isupper()):
            lost = isinstance(items[at] if at < len(items) else token, int)
            require(at < len(items) and token.isdigit() != lost, f"after {at} items of the run, there is no such record or loss")
            after = everything.step(bits(state), items[at]) & bits(token) if lost else life.take(bits(state), items[at])
            require(after, f"{'a loss' if lost else f'the record in line {items[at].line}'} does not follow {state}")
            state, at = letters(after), at + 1
            states.append(state)
    require(at == len(items) and (over or state == "T"), "the run ends too early")
    return states

def only_run(items, start, over, everything):  # its states; None if there are several
    sets = [*itertools.accumulate(items, everything.step, initial=start)]
    sets[-1] &= ANY if over else bits([state for state in STATES if everything.closure[bits(state)] & TERMINATED])
    for at in range(len(items) - 1, -1, -1):
        sets[at] &= bits([state for state in letters(sets[at]) if everything.step(bits(state), items[at]) & sets[at + 1]])
    return [letters(states) for states in sets] if all(len(letters(states)) == 1 for states in sets) else None

def verify_chain(entry, items, records, known, everything):  # the sets over records up to one that nothing explains
    require(1 <= entry["record"] <= len(records), "there is no such record")
    chain, last, whole = entry["chain"], items.index(records[entry["record"] - 1]), entry.get("from") == "start"
    begin, states = 0 if whole else last - len(chain) + 2, known if whole else ANY
    require(begin >= 0 and last - begin + 2 == len(chain), "the chain has another length")
    for place, item in enumerate([0, *items[begin:last + 1]]):
        states = everything.step(states, item)
        require(letters(states) == chain[place] and (states == 0) == (place == len(chain) - 1),
                f"the chain has {chain[place]!r}, not {letters(states)!r}, or goes on after a breach")

def is_certain(items, records, before, known):  # whether an incarnation is recorded from its beginning, and all of it is judged
    first = next((record for record in records if record.kind == "event" or (record.view or 0) > 0), Record())
    rest = items[items.index(first):] if first.event == 1 else items
    judged = all(not isinstance(item, int) and item.view != NOT_JUDGED for item in rest) and any(
        record.view is None or record.view > 0 for record in records)
    return judged and (first.event == 1 or (known == START if before is None else not isinstance(before, int)))

class Verifier:
    def __init__(self, head):
        self.head, self.sessions, self.told, self.at, self.counts = head, None, [0, 0], "line 1", collections.Counter()

    def verify(self, entry):
        source, certified, conforming = entry.get("source", "wdm"), "uncertified" not in entry, entry["verdict"] == "conforming"
        segments = self.sessions[entry.get("host", "").lower(), source, entry["session"]]
        session = segments[0]
        before, items, after = session.take(entry["records"])
        records = [item for item in items if not isinstance(item, int)]
        mask = next((record.mask for record in records if (record.view or 0) > 0), 63)
        published, life, everything = machines(source, self.head["reconnect"], self.head["hidden_end"], mask)
        if before is None:
            session.all, session.published = everything.step(START, session.before), published.step(START, session.before)
        # what begins an incarnation that is not the first; what is noticed late may have begun before, if all before is explained
        shown = before is None or (records[0].event == 1 and session.vague) or not published.step(session.published, records[0])
        known, late = session.all, session.vague and conforming
        start = known if before is None else START if late else everything.closure[known]
        session.published = session.all if not certified else session.published if before is None else START
        for item in items:
            session.all = everything.step(session.all, item) or ANY
            session.published = published.step(session.published, item) or session.all
        over, host = after is None, session.host
        lost, events = (host.ends[session.generation:session.generation + 1] or [(host.lost, host.events)])[0]
        tail = lost - session.lost + MANY * (session.notified and events) if over else 0
        more = sum(letter.isupper() for letter in entry.get("runs", ["-"])[0][1:]) > len(items) - len(records)
        ended = everything.closure[session.all] & TERMINATED or NOT_JUDGED in {record.view for record in records}
        items = [*items, tail] if tail and (more or not ended) else items  # what is lost after its end need not matter to it
        session.views |= {record.view for record in records if not record.broken}
        several = len((session.views | {after.view} if after else session.views) - {0, NOT_JUDGED}) > 1
        session.vague = not certified or not conforming or several
        if entry["verdict"] == "violating" or entry.get("uncertified") == "notifications" or several:
            session.published = session.all = ANY
        if over:
            segments.popleft()
        if not certified:
            return
        require(shown, "nothing shows that an incarnation begins there")
        require(not several or all(record.view is None for record in records), "several registrations show it")
        certain = is_certain(items, records, before, known)
        if entry["verdict"] == "violating":
            verify_chain(entry, items, records, known, everything)
        elif certain != conforming:
            raise Refused(f"its beginning, and what follows, are {'' if certain else 'not '}recorded in full")
        elif conforming:
            run_states(entry["run"], items, START if before is None else start, over, life, everything)
        else:
            # what is lost can have been the end of an incarnation, which is noticed later
            runs = [run_states(run, items, start, over, everything, everything) for run in entry["runs"]]
            ends = over and runs[0][-1] != "T" and entry["runs"][0][-1] != "t"
            several = runs[0] != runs[-1] or runs[0] == only_run(items, start, ends, everything)
            require(several and len(runs) < 3, "it needs two runs that differ")

    def read(self, claim):  # the sessions of the log
        (named,) = claim["log"]
        data = pathlib.Path(named["path"]).read_bytes()
        same = len(data) == named["size"] and named.get("sha256") in (None, hashlib.sha256(data).hexdigest())
        require(same, "the file is not the one that was checked")
        records = ([record_of(number, pairs.items(), "lsm") for number, pairs in evtx_records.read(named["path"])]
                   if named["format"] == "evtx" else read(data, named["format"], self.head["source"]))
        start = self.head["start"]
        return follow(*sort(records, claim), start, start == "unknown" or (start == "auto" and named["format"] == "evtx"))

    def verify_log(self, entries, claim):  # entries: [(line, incarnation), ...]
        at, counts, self.sessions = self.at, collections.Counter(), claim["order"] and self.read(claim)
        for number_of_line, entry in entries:
            self.at = f"line {number_of_line}: session {entry['session']} {entry.get('host', '')}"
            counts.update([entry["verdict"], *["uncertified"] * ("uncertified" in entry)])
            self.told["uncertified" in entry or self.sessions is None] += 1
            if self.sessions is not None and (entry["records"] or "uncertified" not in entry):
                self.verify(entry)
        self.at = at
        require(not self.sessions or not any(self.sessions.values()), "not all records are in incarnations")
        require(all(claim[each] == counts[each] for each in COUNTED), f"its incarnations are {dict(counts)}")
        self.counts += counts
        entries.clear()

def verify(lines):  # how many incarnations are certified, and how many are not
    verifier, entries = Verifier(json.loads(lines[0])), []
    require(verifier.head["certificate"] == 1 and "end" in json.loads(lines[-1]), "it is of another version, or has no end")
    try:
        for number_of_line, text in enumerate(lines[1:], 2):
            line, verifier.at = json.loads(text), f"line {number_of_line}"
            if "session" in line:
                entries.append((number_of_line, line))
            elif "log" in line:
                verifier.verify_log(entries, line)
            else:
                require(not entries and number_of_line == len(lines), "it ends too early")
        require(all(line[each] == verifier.counts[each] for each in COUNTED), f"the incarnations are {dict(verifier.counts)}")
    except Refused as error:
        raise Refused(f"{verifier.at}: {error}") from error
    return tuple(verifier.told)

def main(names):
    allowed = "--allow-uncertified" in names and not names.remove("--allow-uncertified")
    if len(names) != 1:
        sys.exit(__doc__)
    try:
        lines = pathlib.Path(names[0]).read_text(encoding="utf-8").splitlines()
        certified, uncertified = verify(lines)
    except ERRORS as error:
        print(f"{names[0]}: refused: {error if isinstance(error, (Refused, OSError)) else repr(error)}")
        return 1
    print(f"{names[0]}: accepted: {certified} certified, {uncertified} not certified; under these premises: {lines[0]}")
    return 0 if allowed or not uncertified else 2

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
