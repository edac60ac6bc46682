#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Verifies a certificate of 'sessionlint check --certificate': reads the traces again, and checks each witness. Shares nothing
with the checker; docs/certificate.md says what is verified. Usage: verify.py [--allow-uncertified] CERTIFICATE. Status: 0
accepted; 1 refused: where, and what is wrong; 2 accepted, but something is not certified."""

import csv
import functools
import hashlib
import io
import json
import pathlib
import re
import sys
import types

# ---- the machine: "IO_SESSION_STATE enumeration (wdm.h)", and the documents of each source ----
# Created, Initialized, Connected (K), Disconnected, DisconnectedLoggedOn (M), LoggedOn, LoggedOff (F), Terminated: by number,
# as are the bits of a set. Events: Ignore, created, terminated, connected (k), disconnected, logon, logoff (f).
STATES, EVENTS, ANY, MANY = "CIKDMLFT", "-ctkdlf", 255, 16  # so many lost records leave nothing certain
TABLE = {"I": "cC", "C": "kK dD tT", "K": "lL dD tT", "D": "kK lM tT", "M": "fD tT", "L": "dM fF tT", "F": "dD tT", "T": ""}

# What a source shows: yes, maybe, hidden, or it never happens; by group of transitions: the event, and the states before it.
# Last: whether an end with the user logged on can be unseen, if that is tolerated.
GROUPS = ("cI", "kCD", "kM", "dL", "dF", "dCK", "lKD", "fLM", "tCKDF", "tLM")
SHOWN = {"wdm": "yyyyyyyyyyn", "wts": "myyyyyyymyh", "sens": "hhyyymyyhnh", "lsm": "hhyyyhyyhnh", "winlogon": "hhhhhhyyhhh",
         "winlogon-operational": "yhyymmyymmh", "profile": "hhhhhhyyhhh", "rdp": "hmmhhhhhhhh", "account": "mmyyymyymyh"}

def bits(states):
    return sum(1 << STATES.index(state) for state in states)

def letters(states):
    return "".join(state for at, state in enumerate(STATES) if states >> at & 1)

def of_sets(parts):  # what each set of states becomes, from what each state does
    return [functools.reduce(int.__or__, [part for at, part in enumerate(parts) if set_ >> at & 1], 0) for set_ in range(256)]

class Machine:
    """What a source shows of a session, and what is tolerated: the reconnect, unseen ends with the user logged on, reuse."""
    def __init__(self, source, reconnect=False, unseen_end=False, reuse=False):
        arcs = [(state, arc[0], arc[1]) for state, row in TABLE.items() for arc in row.split()] + [("M", "k", "L")] * reconnect
        self.seen, self.hidden = {}, {(state, "t"): "T" for state in "LM" if unseen_end and SHOWN[source][-1] == "h"}
        for state, event, to in arcs:
            shown = next(how for how, group in zip(SHOWN[source], GROUPS) if group[0] == event and state in group[1:])
            self.seen.update({(state, event): to} if shown in "ym" else {})
            self.hidden.update({(state, event): to} if shown in "mh" else {})
        self.hidden.update({("T", "r"): "I"} if reuse else {})
        unseen = [(state, to) for (state, _), to in self.hidden.items()]
        ends = {state: {state} for state in STATES}
        for _ in STATES:
            for reached in ends.values():
                reached.update([to for before, to in unseen if before in reached])
        self.closure = of_sets([bits(ends[state]) for state in STATES])
        self.after = [list(range(256))]
        self.after += [of_sets([bits(self.seen.get((state, event), "")) for state in STATES]) for event in EVENTS[1:]]

    def take(self, states, record):  # the states right after a record, before anything follows unseen
        return self.after[record.event][self.closure[states] & record.before] & record.to

    def lose(self, states, count):  # by so many lost records: each may have been an event, a boot, or the end of a capture
        states = self.closure[states]
        for _ in range(min(count, MANY)):
            after = [self.closure[row[states]] for row in self.after[1:]]
            states = functools.reduce(int.__or__, after, states | self.closure[bits("I")])
        return states

machine = functools.cache(Machine)
START, TERMINATED = bits("I"), bits("T")

# ---- text traces: traces/README.md ----
NAMES = "ignore created terminated connected disconnected logon logoff max".split()
STATE_NAMES = "created initialized connected disconnected disconnectedloggedon loggedon loggedoff terminated".split()
# Names and numbers of the sources: an event, or a set of states for what is no transition.
USER, CONNECTION, CONNECTED = (bits(states) | 256 for states in ("LM", "KLFDM", "KLFM"))
OTHER = {"wts": "console_connect 3 console_disconnect 4 remote_connect 3 remote_disconnect 4 session_logon 5 session_logoff 6 "
                f"session_lock {USER} session_unlock {USER} session_remote_control {CONNECTION} session_create 1 "
                f"session_terminate 2 session_desktop_ready {CONNECTED} 1 3 2 4 3 3 4 4 5 5 6 6 7 {USER} 8 {USER} "
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
class Record:
    """before, to: the states that it allows; event: by number, 0 for none; broken: against the model by itself."""
    __slots__ = ("line", "kind", "host", "key", "seq", "boot", "driver", "event", "before", "to", "broken", "marker", "same")

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
    known = dict(zip(words[::2], map(int, words[1::2])))
    if source == "wts":
        known.update({word.replace("_", ""): event for word, event in known.items()})
        known.update({"wts_" + word: event for word, event in known.items() if "_" in word})
    return known[name if value is None else str(value)]

@functools.cache
def states_of(name):  # as a set; 0 if it is outside the enumeration
    name, value = name.lower().removeprefix("iosessionstate"), number(name)
    at = value if value is not None else (*STATE_NAMES, "max").index(name) + 1
    return 1 << at - 1 if 0 < at < 9 else 0

def record_of(line, pairs, source):
    record, kinds = Record(), [kind for kind in KINDS if kind in pairs]
    if len(kinds) != 1 or any(key not in KEYS and not key.startswith("x-") for key in pairs):
        raise Refused(f"line {line} is malformed")
    record.line, record.kind, record.marker = line, kinds[0], pairs.get("marker", "").lower()
    record.host, record.boot, record.driver = pairs.get("host"), pairs.get("boot"), pairs.get("driver")
    record.seq, record.key = int(pairs["seq"]) if "seq" in pairs else None, None
    record.same = record.seq is not None and hash(frozenset(pair for pair in pairs.items() if not pair[0].startswith("x-")))
    record.event, record.before, record.to, record.broken = 0, ANY, ANY, record.marker == "reported"
    source = pairs.get("source", source).lower()
    if not (record.kind in ("event", "state") or record.broken) or (source == "sens" and "session" not in pairs):
        return record
    record.key = ((record.host or "").lower(), source, int(pairs["session"]))
    event = event_of(source, pairs["event"]) if record.kind == "event" else 0
    if event is not None and event > 255:
        record.before = event & ANY
        return record
    record.event, record.broken = event or 0, record.broken or event is None
    for key, place in ("from", "before"), ("to", "to"), ("state", "before"):
        if key in pairs:
            setattr(record, place, states_of(pairs[key]) or ANY)
            record.broken |= states_of(pairs[key]) == 0
    return record

PAIR = re.compile(r'[ \t]*(?:#.*|([A-Za-z_][A-Za-z0-9_.\-]*)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))(?=[ \t]|$)|$)')

def logfmt(text):
    pairs, at = {}, 0
    while at < len(text):
        match = PAIR.match(text, at)
        if not match or match[1] in pairs:
            raise Refused(f"not a record: {text}")
        if match[1]:
            pairs[match[1]] = match[3] if match[2] is None else json.loads(f'"{match[2]}"', strict=False)
        at = match.end()
    return pairs

def ndjson(text):
    pairs = json.loads(text, object_pairs_hook=list, parse_float=str) if text.strip() else []
    if len(dict(pairs)) < len(pairs) or any(isinstance(value, list) for _, value in pairs):
        raise Refused(f"not a flat object: {text}")
    return {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in pairs if value is not None}

def csv_rows(text):  # the line and the pairs of each row
    begin = re.match(r"(?:(?:#[^\n]*)?\r?\n)*", text).end()
    separator = next((c for c in text[begin:].partition("\n")[0] if c in ",;\t"), ",")
    rows = csv.reader(io.StringIO(text[begin:], newline=""), delimiter=separator, strict=True)
    head, line = [key.lower() for key in next(rows)], text.count("\n", 0, begin) + 1
    for row in rows:
        if len(row) > len(head):
            raise Refused("too many fields")
        yield line + 1, {key: value for key, value in zip(head, row) if value != ""}
        line = text.count("\n", 0, begin) + rows.line_num

def read(data, form, source):  # the records of a text trace, in the order of its lines
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", errors="replace")
    parse = {"ndjson": ndjson, "logfmt": logfmt}.get(form)
    try:
        rows = ((at, parse(line.removesuffix("\r"))) for at, line in enumerate(text.split("\n"), 1)) if parse else csv_rows(text)
        return [record_of(line, pairs, source) for line, pairs in rows if pairs]
    except (ValueError, KeyError, csv.Error, StopIteration) as error:
        raise Refused(repr(error)) from error

# ---- the order of a log, what is missing in it, and where its sessions begin and end ----

class Host:
    """What is known of a host: the records lost so far, before its boot, and whether sessions may be older than that."""
    def __init__(self, unknown):
        self.unknown, self.lost, self.before, self.boot, self.boot_lost = unknown, 0, 0, None, 0
        self.handled, self.generation, self.lost_at_end = 0, 0, []

    def take(self, what):  # a boot, the end of the capture, or a number of lost records
        if what in ("boot", "end"):
            self.generation += 1
            self.lost_at_end.append(self.lost)
            self.unknown, self.before = (False, self.lost) if what == "boot" else (self.unknown, self.before)
        else:
            self.lost += min(what, MANY)
            self.unknown |= self.lost - self.before >= MANY

    def follow(self, happened):  # to all hosts
        for what in happened[self.handled:]:
            self.take(what)
        self.handled = len(happened)

    def follow_boot(self, record):  # a new value of boot is a boot; what is lost right before it may be of the new one
        if record.marker != "boot" and self.boot not in (None, record.boot):
            self.take("boot")
            self.before = self.boot_lost
            self.take(0)
        self.boot_lost, self.boot = self.lost, record.boot

class Segment:
    """A session from where it appears until its host starts again or the capture ends: records, and numbers of lost ones."""
    def __init__(self, host):
        self.host, self.generation, self.lost, self.items, self.at = host, host.generation, host.lost, [], 0
        self.before = MANY if host.unknown else host.lost - host.before

    def add(self, record):
        self.items += [self.host.lost - self.lost] * (self.host.lost != self.lost) + [record]
        self.lost = self.host.lost

    def tail(self):  # how many records are lost between the last one and the end
        return (self.host.lost_at_end[self.generation:self.generation + 1] or [self.host.lost])[0] - self.lost

def losses(records, claim):  # that numbers show, as in a certificate
    counts, drivers, found, zero = {}, {}, [], False  # of each count: the last number, whether it was a boot, value of boot
    for record in records:
        host, seq, boots = (record.host or "").lower(), record.seq, record.marker == "boot"
        if seq is None:
            counts.update({key: (last, True, boot) for key, (last, _, boot) in counts.items() if boots})
            continue
        if drivers.setdefault(host, record.driver) != record.driver:
            raise Refused("drivers may have counts of their own")
        count = "" if claim["numbering"] == "trace" else host
        last, booted, boot = counts.get(count, (None, False, None))
        begins, starts = seq == 0 or (seq == 1 and not zero), booted or boots or record.boot not in (None, boot)
        missing = (0 if begins else None) if last is None else 0 if (seq, last) == (0, 0xffffffff) else seq - last - 1
        if last is not None and missing != 0 and starts:
            missing = -1 if missing > 0 else 0 if begins else seq
        if (missing or 0) < 0:
            raise Refused(f"line {record.line} has the number {seq} after {last}")
        counts[count], zero = (seq, boots, record.boot if record.boot is not None else boot), zero or seq == 0
        if missing != 0:
            every = claim["numbering"] == "trace" or (record.host is None and len(counts) > 1)
            found.append([record.line, missing, "all" if every else "host"])
    return found

def sort(records, claim):  # the order in which they are judged, after a check of what the certificate says of it
    known, kept = set(), []
    for record in records:
        if record.line not in claim["repeated"]:
            kept.append(record)
        elif record.same is False or record.same not in known:
            raise Refused(f"line {record.line} repeats no other")
        known.add(record.same)
    if len(records) - len(kept) != len(claim["repeated"]):
        raise Refused("it has no such records that repeat others")
    records, numbered = kept, [record.seq is not None for record in kept]
    if any(numbered) != (claim["numbering"] != "none"):
        raise Refused(f"its numbering is not {claim['numbering']}")
    if claim["order"] == "seq":
        if not all(numbered) or len({(record.host or "").lower() for record in records}) > 1 and claim["numbering"] != "trace":
            raise Refused("the order by seq is not that of one count")
        records = sorted(records, key=lambda record: record.seq)
    markers = [[record.line, record.marker] for record in records if record.marker]
    for what, found in ("losses", losses(records, claim)), ("markers", markers), ("records", len(records)):
        if claim[what] != found:
            raise Refused(f"its {what} are {found}")
    return records

def follow(records, claim, unknown):  # the segments of each session, in their order
    hosts, happened, sessions = {}, [], {}
    missing = {line: (MANY if count is None else count, scope) for line, count, scope in claim["losses"]}
    for record in records:
        host = hosts.setdefault((record.host or "").lower(), Host(unknown))
        count, scope = missing.get(record.line, (0, "host"))
        happened += [count] * (scope == "all")
        host.follow(happened)
        host.take(count if scope == "host" else 0)
        if record.boot is not None:
            host.follow_boot(record)
        if record.key:
            segments = sessions.setdefault(record.key, [])
            if not segments or segments[-1].generation != host.generation:
                segments.append(Segment(host))
            segments[-1].add(record)
        elif record.marker in ("boot", "end", "gap"):
            happened += [MANY if record.marker == "gap" else record.marker] * (record.host is None)
            host.follow(happened)
            if record.host is not None:
                host.take(MANY if record.marker == "gap" else record.marker)
    for host in hosts.values():
        host.follow(happened)
    return sessions

# ---- the certificate ----
class Verifier:
    def __init__(self, head):
        self.head, self.sessions, self.unread = head, None, 0
        self.counts = dict.fromkeys(("conforming", "violating", "undetermined", "uncertified"), 0)

    @staticmethod
    def take(session, entry):  # the items of an incarnation, and whether its session appears with it
        if not session or session.number == len(session.segments):
            raise Refused("the trace has no such session, or no more of it")
        segment, left = session.segments[session.number], entry["records"]
        begin = at = segment.at
        while at < len(segment.items) and (left > 0 or isinstance(segment.items[at], int)):
            left -= not isinstance(segment.items[at], int)
            at += 1
        if left:
            raise Refused("the session has fewer records there")
        segment.at = at
        return segment.items[begin:at], begin == 0

    @staticmethod
    def begin(session, items, appears, conforming, published, everything):
        """The states that an incarnation can begin in; whether something shows that it does, and whether nothing is lost."""
        records = [item for item in items if not isinstance(item, int)]
        if not appears:
            shown = (records[0].event == 1 and session.vague) or not published.take(session.published, records[0])
            session.published = START
            # what is noticed late may have begun before, if all before is explained
            return START if session.vague and conforming else everything.closure[session.all], shown, True
        lost = session.segments[session.number].before
        session.all, session.published = (ANY if lost >= MANY else model.lose(START, lost) if lost else START
                                          for model in (everything, published))
        first = next((record for record in records if record.kind == "event"), None)
        created = first and first.event == 1 and not any(isinstance(item, int) for item in items[:items.index(first)])
        return session.all, True, bool(created) or session.all == START

    @staticmethod
    def end(session, items, run, published, everything):
        """Follows the session to the end of the incarnation: its items, with what is lost there; whether that is all."""
        segment = session.segments[session.number]
        over = segment.at == len(segment.items)
        for item in items:
            if isinstance(item, int):
                session.published, session.all = published.lose(session.published, item), everything.lose(session.all, item)
                continue
            session.all = ANY if item.broken else everything.take(session.all, item) or ANY
            session.published = published.take(session.published, item) or session.all
        # what is lost after a session can have ended need not matter to it
        more = sum(letter.isupper() for letter in run[1:]) > sum(isinstance(item, int) for item in items)
        if over and segment.tail() and (more or not everything.closure[session.all] & TERMINATED):
            items = [*items, segment.tail()]
        session.number += over
        return items, over

    def verify(self, entry):
        verdict, certified = entry["verdict"], "uncertified" not in entry
        source, tolerated = entry.get("source", "wdm"), (self.head["reconnect"], self.head["hidden_end"])
        published, life, everything = machine(source), machine(source, tolerated[0]), machine(source, *tolerated, True)
        session = self.sessions.get((entry.get("host", "").lower(), source, entry["session"]))
        items, appears = self.take(session, entry)
        start, shown, certain = self.begin(session, items, appears, verdict == "conforming", published, everything)
        known, session.published = session.all, session.published if certified else session.all
        items, over = self.end(session, items, entry.get("runs", ["-"])[0], published, everything)
        session.vague = not certified or verdict != "conforming"
        if verdict == "violating" or entry.get("uncertified") == "notifications":
            session.published = session.all = ANY
        if not certified:
            return
        if not shown:
            raise Refused("nothing shows that an incarnation begins there")
        certain &= not any(isinstance(item, int) for item in items)
        if verdict == "violating":
            self.verify_chain(entry, items, everything, known)
        elif certain != (verdict == "conforming"):
            raise Refused(f"its beginning, and what follows, are {'' if certain else 'not '}recorded in full")
        elif verdict == "conforming":
            self.verify_run(entry["run"], items, START if appears else start, over, life, everything)
        else:
            # what is lost can have been the end of an incarnation, which is noticed later
            runs = [self.verify_run(run, items, start, over, everything, everything) for run in entry["runs"]]
            ends = over and runs[0][-1] != "T" and entry["runs"][0][-1] != "t"
            if len(runs) not in (1, 2) or runs[0] == runs[-1] != self.only_run(items, start, ends, everything):
                raise Refused("it needs two runs that differ")

    @staticmethod
    def verify_run(run, items, start, over, life, everything):  # returns its states
        tokens = re.findall("[1-9][0-9]*|[A-Z]|[a-z]", run)
        if "".join(tokens) != run or not tokens or len(tokens[0]) != 1 or tokens[0] not in letters(start):
            raise Refused("the run does not begin as it can")
        state, at, states = tokens[0], 0, tokens[:1]
        for token in tokens[1:]:
            if token in EVENTS or token == "r":
                state = (everything if at == len(items) and token == "t" else life).hidden.get((state, token))
                if not state:
                    raise Refused(f"after {at} items of the run, no hidden {token} is possible")
                continue
            for _ in range(int(token) if token.isdigit() else 1):
                item, before = items[at] if at < len(items) else None, state
                if item is None or token.isdigit() == isinstance(item, int):
                    raise Refused(f"after {at} items of the run, there is no such record or loss")
                if isinstance(item, int):
                    state = token if everything.lose(bits(before), item) & bits(token) else None
                elif item.event:
                    state = life.seen.get((before, EVENTS[item.event]))
                if not state or not isinstance(item, int) and (
                        item.broken or not bits(before) & item.before or not bits(state) & item.to):
                    what = "a loss" if isinstance(item, int) else f"the record in line {item.line}"
                    raise Refused(f"{what} does not follow {before}")
                at += 1
                states.append(state)
        if at != len(items) or (not over and state != "T"):
            raise Refused("the run ends too early")
        return states

    @staticmethod
    def only_run(items, start, over, everything):  # its states; None if there are several
        sets = [start]
        for item in items:
            sets.append((everything.lose if isinstance(item, int) else everything.take)(sets[-1], item))
        sets[-1] &= ANY if over else bits([state for state in STATES if everything.closure[bits(state)] & TERMINATED])
        for at in range(len(items) - 1, -1, -1):
            take = everything.lose if isinstance(items[at], int) else everything.take
            sets[at] &= bits([state for state in letters(sets[at]) if take(bits(state), items[at]) & sets[at + 1]])
        return [letters(states) for states in sets] if all(len(letters(states)) == 1 for states in sets) else None

    @staticmethod
    def verify_chain(entry, items, everything, known):  # the sets over records up to one that nothing explains
        places = [at for at, item in enumerate(items) if not isinstance(item, int)]
        if not 1 <= entry["record"] <= len(places):
            raise Refused("there is no such record")
        chain, last = entry["chain"], places[entry["record"] - 1]
        begin = 0 if entry.get("from") == "start" else last - len(chain) + 2
        if begin < 0 or last - begin + 2 != len(chain):
            raise Refused("the chain has another length")
        states = known if entry.get("from") == "start" else ANY
        for place, item in enumerate([0, *items[begin:last + 1]]):
            if isinstance(item, int):
                states = everything.lose(states, item) if item else states
            else:
                states = 0 if item.broken else everything.take(states, item)
            if letters(states) != chain[place] or (states == 0) != (place == len(chain) - 1):
                raise Refused(f"the chain has {chain[place]!r}, not {letters(states)!r}, or goes on after a breach")

    def read(self, claim):  # the sessions of the log; None if its order is not certified
        if claim["order"] is None:
            return None
        (named,) = claim["log"]
        data = pathlib.Path(named["path"]).read_bytes()
        if len(data) != named["size"] or named.get("sha256") not in (None, hashlib.sha256(data).hexdigest()):
            raise Refused("the file is not the one that was checked")
        records = sort(read(data, named["format"], self.head["source"]), claim)
        # published, all: what is known of its state, by the table and by all that is tolerated; vague: not for certain
        return {key: types.SimpleNamespace(segments=segments, number=0, published=ANY, all=ANY, vague=False)
                for key, segments in follow(records, claim, self.head["start"] == "unknown").items()}

    def verify_log(self, entries, claim):  # entries: [(line, incarnation), ...]
        before, self.sessions = dict(self.counts), self.read(claim)
        for line, entry in entries:
            self.counts[entry["verdict"]] += 1
            self.counts["uncertified"] += "uncertified" in entry
            self.unread += self.sessions is None and "uncertified" not in entry
            try:
                if self.sessions is not None and (entry["records"] or "uncertified" not in entry):
                    self.verify(entry)
            except Refused as error:
                raise Refused(f"line {line}: session {entry['session']} {entry.get('host', '')}: {error}") from error
        if self.sessions and any(session.number < len(session.segments) for session in self.sessions.values()):
            raise Refused("not all records are in incarnations")
        self.compare(claim, before)

    def compare(self, claim, before):
        for verdict, count in self.counts.items():
            if claim[verdict] != count - before.get(verdict, 0):
                raise Refused(f"{count - before.get(verdict, 0)} incarnations are {verdict}, not {claim[verdict]}")

def verify(lines):  # how many incarnations are certified, and how many are not
    verifier, entries = Verifier(json.loads(lines[0])), []
    if verifier.head["certificate"] != 1 or "end" not in json.loads(lines[-1]):
        raise Refused("it is of another version, or has no end")
    for number_of_line, text in enumerate(lines[1:], 2):
        line = json.loads(text)
        try:
            if "log" in line:
                entries = verifier.verify_log(entries, line) or []
            elif "session" in line:
                entries.append((number_of_line, line))
            elif entries or number_of_line < len(lines):
                raise Refused("it ends too early")
        except Refused as error:
            raise Refused(str(error) if str(error).startswith("line ") else f"line {number_of_line}: {error}") from error
    verifier.compare(line, {})
    total, uncertified = sum(verifier.counts.values()), verifier.counts["uncertified"]
    return total - 2 * uncertified - verifier.unread, uncertified + verifier.unread

def main(names):
    allowed = "--allow-uncertified" in names and not names.remove("--allow-uncertified")
    if len(names) != 1:
        sys.exit(__doc__)
    try:
        lines = pathlib.Path(names[0]).read_text(encoding="utf-8").splitlines()
        certified, uncertified = verify(lines)
    except (Refused, OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        print(f"{names[0]}: refused: {error if isinstance(error, (Refused, OSError)) else repr(error)}")
        return 1
    print(f"{names[0]}: accepted: {certified} certified, {uncertified} not certified; under these premises: {lines[0]}")
    return 0 if allowed or not uncertified else 2

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
