#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Verifies a certificate of 'sessionlint check --certificate': reads the traces again, and checks each witness.
Shares nothing with the checker; docs/certificate.md says what is verified. Status: 0 accepted; 1 refused: where, and
what is wrong; 2 accepted, but something is not certified. Usage: verify.py [--allow-uncertified] CERTIFICATE."""

import collections
import functools
import hashlib
import itertools
import json
import pathlib
import re
import sys

# beside this file: the traces, read by the verifier itself; Windows logs, by a library of others
import evtx_records
import log_order
import sessions
import text_records
from drivers import NOT_JUDGED
from log_order import Refused, require
from sessions import ANY, NEVER
from text_records import MANY

# ---- the machine: "IO_SESSION_STATE enumeration (wdm.h)", and the documents of each source ----
# Created, Initialized, Connected (K), Disconnected, DisconnectedLoggedOn (M), LoggedOn, LoggedOff (F), Terminated: by
# number, as are the bits of a set. Events: Ignore, created, terminated, connected (k), disconnected, logon, logoff (f).
STATES, EVENTS, START, TERMINATED = "CIKDMLFT", "-ctkdlf", 2, 128
# What each state does with the events that it allows: the event, and the state after it.
TABLE = {"I": "cC", "C": "kK dD tT", "K": "lL dD tT", "D": "kK lM tT", "M": "fD tT", "L": "dM fF tT", "F": "dD tT",
         "T": ""}

# What a source shows: yes, maybe, hidden, or it never happens; by group of transitions: the event, and the states
# before it. Last: whether an end with the user logged on can be unseen, if that is tolerated.
GROUPS = ("cI", "kCD", "kM", "dL", "dF", "dCK", "lKD", "fLM", "tCKDF", "tLM")
SHOWN = {"wdm": "yyyyyyyyyyn", "wts": "myyyyyyymyh", "sens": "hhyyymyyhnh", "lsm": "hhyyyhyyhnh",
         "winlogon": "hhhhhhyyhhh", "winlogon-operational": "yhyymmyymmh", "profile": "hhhhhhyyhhh",
         "rdp": "hmmhhhhhhhh", "account": "mmyyymyymyh"}

def bits(states):
    """A set of states, from their letters."""
    return sum([1 << STATES.index(state) for state in states])

def letters(states):
    """The letters of a set of states."""
    return "".join([state for at, state in enumerate(STATES) if states >> at & 1])

def of_sets(parts):
    """What each set of states becomes, from what each state does."""
    def union(states):
        return functools.reduce(int.__or__, [part for at, part in enumerate(parts) if states >> at & 1], 0)
    return [union(states) for states in range(256)]

class Machine:
    """What a source, or a driver by its mask, shows of a session, and what is tolerated: the reconnect, unseen ends,
    and the reuse of ids."""
    def __init__(self, source, reconnect=False, unseen_end=False, reuse=False, mask=63):
        arcs = [(state, arc[0], arc[1]) for state, row in TABLE.items() for arc in row.split()]
        arcs += [("M", "k", "L")] * reconnect
        self.seen, self.hidden = {}, {("T", "r"): "I"} if reuse else {}
        if unseen_end and (SHOWN[source][-1] == "h" or not mask & 2):
            self.hidden.update({("L", "t"): "T", ("M", "t"): "T"})
        for state, event, to in arcs:
            shown = next(how for how, group in zip(SHOWN[source], GROUPS) if group[0] == event and state in group[1:])
            self.seen.update({(state, event): to} if shown in "ym" else {})
            if not mask >> EVENTS.index(event) - 1 & 1:
                shown = "n" if event == "t" and state in "LM" else "h"
            self.hidden.update({(state, event): to} if shown in "mh" else {})
        # what can happen unseen, and what each event makes of a set of states
        once = [bits({state, *[to for (before, _), to in self.hidden.items() if before == state]}) for state in STATES]
        self.closure = functools.reduce(lambda sets, _: [sets[states] for states in sets], STATES, of_sets(once))
        self.after = [list(range(256))]
        self.after += [of_sets([bits(self.seen.get((state, event), "")) for state in STATES]) for event in EVENTS[1:]]

    def take(self, states, record):
        """The states right after a record that happens in one of these."""
        return 0 if record.broken else self.after[record.event][states & record.before] & record.to

    def step(self, states, item):
        """The states right after a record or so many lost ones; before it, anything hidden can have happened."""
        states = self.closure[states] if item else states
        if not isinstance(item, int):
            return self.take(states, item)
        for _ in range(min(item, MANY)):  # each may have been an event, a boot, or the end of a capture
            after = [self.closure[row[states]] for row in self.after[1:]]
            states = functools.reduce(int.__or__, after, states | self.closure[START])
        return states

Machines = collections.namedtuple("Machines", "published life everything shown")

@functools.cache
def machines(source, reconnect, unseen_end, mask):
    """The published table; the same with what is tolerated in an incarnation; that of any number of them; and what
    happens if nothing is hidden."""
    return Machines(Machine(source, mask=mask), Machine(source, reconnect, mask=mask),
                    Machine(source, reconnect, unseen_end, True, mask), Machine("wdm", reconnect))

# ---- witnesses ----
def run_states(run, items, start, over, tables, one=False):
    """The states in a run, which must explain each record and loss, from a state in @start to the end. tables: by item,
    and at the end; one: of one incarnation, though its end can be one that is tolerated."""
    tokens = re.findall("[1-9][0-9]*|[A-Z]|[a-z]", run)
    require("".join(tokens) == run and run[:1] and run[0] in letters(start), "the run does not begin as it can")
    state, at, states = tokens[0], 0, tokens[:1]
    for token in tokens[1:]:
        if token in EVENTS or token == "r":
            life = one and not (at == len(items) and token == "t")
            state = (tables[at].life if life else tables[at].everything).hidden.get((state, token))
            require(state, f"after {at} items of the run, no hidden {token} is possible")
        for _ in range(int(token) if token.isdigit() else token.isupper()):
            everything, lost = tables[at].everything, isinstance(items[at] if at < len(items) else token, int)
            require(at < len(items) and token.isdigit() != lost, f"after {at} items, there is no such record or loss")
            after = (everything.step if lost else everything.take)(bits(state), items[at])
            after &= bits(token) if lost else ANY
            require(after, f"{'a loss' if lost else f'the record in line {items[at].line}'} does not follow {state}")
            state, at = letters(after), at + 1
            states.append(state)
    require(at == len(items) and (over or state == "T"), "the run ends too early")
    return states

def only_run(items, start, over, everything):
    """The states of the only run; None if there are several."""
    sets = [*itertools.accumulate(items, everything.step, initial=start)]
    if not over:
        sets[-1] &= bits([state for state in STATES if everything.closure[bits(state)] & TERMINATED])
    for at in range(len(items) - 1, -1, -1):
        sets[at] &= bits([state for state in letters(sets[at])
                          if everything.step(bits(state), items[at]) & sets[at + 1]])
    return [letters(states) for states in sets] if all(len(letters(states)) == 1 for states in sets) else None

def verify_chain(entry, items, record, known, everything):
    """The sets of states over some records, up to the one that nothing explains: the last set is empty."""
    chain, last, whole = entry["chain"], items.index(record), entry.get("from") == "start"
    begin, states = 0 if whole else last - len(chain) + 2, known if whole else ANY
    require(begin >= 0 and last - begin + 2 == len(chain), "the chain has another length")
    for place, item in enumerate([0, *items[begin:last + 1]]):
        states = everything.step(states, item)
        require(letters(states) == chain[place] and (states == 0) == (place == len(chain) - 1),
                f"the chain has {chain[place]!r}, not {letters(states)!r}, or goes on after a breach")

def is_told(item):
    """Whether it is a record that a registration was notified of, and selects."""
    return not isinstance(item, int) and (item.view or 0) > 0

def follow(tables, items, published, states):
    """Where a session can be after some items by the published table, and by all that is tolerated. What only that
    explains is so; after a breach it is where the event can lead to."""
    for item in items:
        states = tables.everything.step(states, item) or tables.shown.take(ANY, item) or ANY
        published = tables.published.step(published, item) or states
    return published, states

class Incarnation:
    """One incarnation of a session: its records, its items, which are records and numbers of lost ones, the item before
    them, and the record after them."""
    def __init__(self, session, count):
        self.session, self.begins = session, session.at
        self.before, self.items, self.after = session.take(count)
        self.records = [item for item in self.items if not isinstance(item, int)]
        require(self.records or not session.places, "it has no record")
        self.over = self.after is None
        self.mask = next((record.mask for record in self.records if is_told(record)), 63)
        self.alone, self.spared = True, False

    def is_certain(self, known):
        """Whether it is recorded from its beginning, and all of it is judged."""
        shown = (record for record in self.records if record.kind == "event" or is_told(record))
        first = next(shown, text_records.Record())
        rest = self.items[self.items.index(first):] if first.event == 1 else self.items
        judged = all(not isinstance(item, int) and item.view != NOT_JUDGED for item in rest)
        judged &= any(record.view is None or record.view > 0 for record in self.records)
        # what is lost before records from which nothing follows matters, too
        earlier = map(self.session.items.__getitem__, range(self.begins - 1, -1, -1))
        before = next((item for item in earlier if getattr(item, "view", 0) != NOT_JUDGED), 0)
        begins = known == START if self.before is None else not isinstance(before, int)
        return judged and (first.event == 1 or begins)

    def told(self):
        """The masks of the registrations that have shown the session so far, the first one first."""
        return {item.view: item.mask for item in self.session.items[:self.begins] + self.items if is_told(item)}

    def own_states(self, tables):
        """Where it can be by what that registration was told of it that is told of the record after it. It is over if
        another one was told that last, before the registration was made."""
        own = [item for item in self.items if isinstance(item, int) or item.view == self.after.view]
        last = [item for item in self.items if is_told(item)][-1:]
        over = any(item.event == 2 and item.at < self.after.view for item in last)
        return TERMINATED if over else follow(tables, own, ANY, ANY)[0]

    def watched(self, shown, left):
        """The events that cannot happen unseen between some records and others: those that a registration selects which
        is live by then, and is told of something later, or had got everything before something later when it ended."""
        if left and left[0].view is None:
            return 63
        masks, mask, ended = self.told(), 0, self.session.host.drivers.ended
        shown = self.session.items[:self.begins] + shown
        before, after = ({one.view for one in some if is_told(one)} for some in (shown, left))
        by = min([one.at for one in left if is_told(one)], default=NEVER)
        for view, selected in masks.items():
            until, noted = ended.get(view, (0, 0))
            begun = view in before or view == [*masks][0] or view < max(before, default=0)
            mask |= selected * (begun and (view in after or (by < until and (self.over or noted < self.after.at))))
        return mask

    def together(self, run):
        """Of a run that says which records are of one event, "(1 3)": the events; the run, as if each was one record;
        and the events that are watched before each, and at the end."""
        events = [[self.records[int(number) - 1] for number in words.split()]
                  for words in re.findall(r"\(([1-9][0-9 ]*)\)", run)]
        order, losses = [*itertools.chain(*events)], [item for item in self.items if isinstance(item, int)]
        lost = itertools.accumulate(isinstance(item, int) for item in self.items)
        part = {item.at: count for item, count in zip(self.items, lost) if not isinstance(item, int)}
        require(sorted(one.at for one in order) == sorted(part), "not each record is of one event")
        for view in {one.view for one in order}:
            told = [one.at for one in order if one.view == view]
            require(told == sorted(told), "what a registration was told is in another order")
        items, masks, done = [], [], 0
        for at, event in enumerate([*events, []]):
            alike = len({(one.event, part[one.at], is_told(one)) for one in event}) == 1 and is_told(event[0])
            require(len(event) < 2 or (alike and len({one.view for one in event}) == len(event)), "it is not one event")
            shown, left, done = order[:done], order[done:], done + len(event)
            made, by = [one.view for one in shown + event if is_told(one)], [one.at for one in left if is_told(one)]
            require(max(made, default=0) < min(by, default=NEVER), "it was told before the registration was made")
            lost = losses[len(items) - at:part[event[0].at] if event else len(losses)]
            masks += [self.watched(shown, left + [self.after] * (not self.over))] * (len(lost) + 1)
            items += lost + event[:1]
        return items, re.sub(r"(\([^)]*\))+", lambda found: str(found[0].count("(")), run), masks

    def end(self, session, everything, run, conforming):
        """Adds what may be lost after the last record; what is lost after the end of the session need not matter."""
        tail, items = session.tail(), self.items
        more = sum(letter.isupper() for letter in run[1:]) > sum(isinstance(item, int) for item in items)
        judged = conforming or NOT_JUDGED not in {record.view for record in self.records}
        ended = everything.closure[session.all] & TERMINATED or not judged
        if not tail or ((ended or "(" in run) and not more):
            self.spared = tail > 0
            return
        joined = items and isinstance(items[-1], int)
        self.items = [*items[:-1], min(MANY, items[-1] + tail)] if joined else [*items, tail]

# ---- the certificate ----
COUNTED = ("conforming", "violating", "undetermined", "uncertified")
ERRORS = (Refused, OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RuntimeError, SyntaxError)

class Verifier:
    """Holds what a certificate says against what the traces show, log by log."""
    def __init__(self, head):
        self.head, self.sessions, self.told, self.at, self.tables = head, None, [0, 0], "line 1", None
        self.counts = collections.Counter()

    def begin(self, session, life, tables):
        """Whether something shows that an incarnation begins there."""
        if life.before is None:
            session.all = tables.everything.step(START, session.before)
            session.published = tables.published.step(START, session.before)
            return True
        if life.records[0].event == 1 and session.vague:
            return True
        return not tables.published.step(session.published, life.records[0])

    def verify(self, entry, segments):
        """An incarnation: follows what is known of the states of its session, and checks the witness."""
        session, certified = segments[0], "uncertified" not in entry
        conforming, violating = entry["verdict"] == "conforming", entry["verdict"] == "violating"
        life = Incarnation(session, entry["records"])
        session.lose(0 if life.records else session.tail())
        premises = entry.get("source", "wdm"), self.head["reconnect"], self.head["hidden_end"]
        self.tables = functools.partial(machines, *premises)
        tables = self.tables(life.mask)
        shown = self.begin(session, life, tables)
        # what is noticed late may have begun before, if all before is explained
        known, late = session.all, session.vague and conforming
        start = known if life.before is None else START if late else tables.everything.closure[known]
        if not certified:
            session.published = session.all
        elif life.before is not None:
            session.published = START
        session.published, session.all = follow(tables, life.items, session.published, session.all)
        if life.over and life.records:
            life.end(session, tables.everything, entry.get("runs", [entry.get("run", "-")])[0], conforming)
        session.views |= {record.view for record in life.records if not record.broken}
        after = set() if life.over else {life.after.view}
        several = len((session.views | after) - {0, NOT_JUDGED}) > 1
        life.alone = not several or all(record.view is None for record in life.records)
        session.vague = not certified or not conforming or several
        if several or entry.get("uncertified") == "notifications":
            session.published = session.all = ANY
        session.all = ANY if violating else session.all
        if several and not life.over and is_told(life.after):
            session.published = life.own_states(self.tables(life.after.mask))
        if life.over:
            segments.popleft()
        if certified:
            require(shown, "nothing shows that an incarnation begins there")
            self.check(entry, life, known, start)

    def follow(self, run, life, start, one=False):
        """The states in a run of an incarnation."""
        items, masks = life.items, [life.mask] * (len(life.items) + 1)
        require("(" in run or life.alone, "several registrations show it")
        if "(" in run:
            items, run, masks = life.together(run)
        states = run_states(run, items, start, life.over, [*map(self.tables, masks)], one)
        # the session may have been over by what was told last
        mask = next((record.mask for record in reversed(life.records) if is_told(record)), life.mask)
        ended = self.tables(mask).everything.closure[bits(states[-1])] & TERMINATED
        require(ended or life.alone or not (one and life.spared), "what is lost at the end matters")
        return states

    def refute(self, entry, life, known):
        """That nothing explains a record after those that the same registration was told of, or after other ones. What
        another one was told of can have happened all the same: not to be told is a breach of the contract."""
        require(1 <= entry["record"] <= len(life.records), "there is no such record")
        record, items, mask = life.records[entry["record"] - 1], life.items, life.mask
        if not life.alone:
            masks = life.told()
            items = [item for item in items if isinstance(item, int) or item.view == record.view]
            mask = masks.get(record.view, 63)
            for other in life.records:
                mask &= ~(1 << other.event - 1) if is_told(other) and other.view != record.view else 63
            known = known if record.view in (None, [*masks, None][0]) else 0
        verify_chain(entry, items, record, known, self.tables(mask).everything)

    def check(self, entry, life, known, start):
        """The witness of a verdict. @known: the states in which the incarnation can begin; @start: those of a run."""
        strangers = [at for at, record in enumerate(life.records, 1) if record.stranger]
        if entry["verdict"] == "violating" and "stranger" in entry:
            require(self.head["wrong_user"] and entry["stranger"] in strangers, "it does not name another user")
            self.follow(entry["run"], life, start)
            return
        if entry["verdict"] == "violating":
            self.refute(entry, life, known)
            return
        require(not (strangers and self.head["wrong_user"]), f"record {strangers[:1]} names another user")
        certain = life.is_certain(known)
        words = "" if certain else "not "
        require(certain == (entry["verdict"] == "conforming"), f"its beginning, and what follows, are {words}recorded")
        if certain:
            self.follow(entry["run"], life, START if life.before is None else start, True)
            return
        # what is lost can have been the end of an incarnation, which is noticed later
        runs = [self.follow(run, life, start) for run in entry["runs"]]
        ends = life.over and runs[0][-1] != "T" and entry["runs"][0][-1] != "t"
        differ = runs[0] != runs[-1] or ("(" not in entry["runs"][0] and runs[0] == only_run(
            life.items, start, ends, self.tables(life.mask).everything))
        require(differ and len(runs) < 3, "it needs two runs that differ")

    def read(self, claim):
        """The sessions of a log, from its records, in the order that the certificate says, if the records say so."""
        (named,) = claim["log"]
        data = pathlib.Path(named["path"]).read_bytes()
        same = len(data) == named["size"] and named.get("sha256") in (None, hashlib.sha256(data).hexdigest())
        require(same, "the file is not the one that was checked")
        windows, start = named["format"] == "evtx", self.head["start"]
        if windows:
            found = evtx_records.read(named["path"])
            records = [text_records.record_of(number, pairs, pairs.get("source", "lsm")) for number, pairs in found]
        else:
            records = text_records.records(data, named["format"], self.head["source"])
        unknown = start == "unknown" or (start == "auto" and windows)
        return sessions.follow(log_order.sort(records, claim, self.head.get("reorder", 0)), start, unknown)

    def verify_log(self, entries, claim):
        """The incarnations of a log, [(line, incarnation), ...], and how many of each verdict there are."""
        at, counts, self.sessions = self.at, collections.Counter(), claim["order"] and self.read(claim)
        for number_of_line, entry in entries:
            self.at = f"line {number_of_line}: session {entry['session']} {entry.get('host', '')}"
            counts.update([entry["verdict"], *["uncertified"] * ("uncertified" in entry)])
            self.told["uncertified" in entry or self.sessions is None] += 1
            if self.sessions is None:
                continue
            home = log_order.home_of(entry.get("host", "").lower(), entry.get("driver", "").lower(), claim)
            segments = self.sessions.get((home, entry.get("source", "wdm"), entry["session"]), [])
            # only a witness can show a session of which there is no record
            if entry["records"] or "uncertified" not in entry or (segments and not segments[0].places):
                require(segments, "there is no such session")
                self.verify(entry, segments)
        self.at = at
        require(not self.sessions or not any(self.sessions.values()), "not all records are in incarnations")
        require(all(claim[each] == counts[each] for each in COUNTED), f"its incarnations are {dict(counts)}")
        self.counts += counts
        entries.clear()

def verify(lines):
    """How many incarnations are certified, and how many are not."""
    verifier, entries = Verifier(json.loads(lines[0])), []
    require(verifier.head["certificate"] == 1, "it is of another version")
    require("end" in json.loads(lines[-1]), "it has no end")
    try:
        for number_of_line, text in enumerate(lines[1:], 2):
            line, verifier.at = json.loads(text), f"line {number_of_line}"
            if "session" in line:
                entries.append((number_of_line, line))
            elif "log" in line:
                verifier.verify_log(entries, line)
            else:
                require(not entries and number_of_line == len(lines), "it ends too early")
        counts = verifier.counts
        require(all(line[each] == counts[each] for each in COUNTED), f"the incarnations are {dict(counts)}")
    except Refused as error:
        raise Refused(f"{verifier.at}: {error}") from error
    return tuple(verifier.told)

def main(names):
    """Verifies the certificate of that name; the exit status."""
    allowed = "--allow-uncertified" in names and not names.remove("--allow-uncertified")
    if len(names) != 1:
        sys.exit(__doc__)
    try:
        lines = pathlib.Path(names[0]).read_text(encoding="utf-8").splitlines()
        certified, uncertified = verify(lines)
    except ERRORS as error:
        print(f"{names[0]}: refused: {error if isinstance(error, (Refused, OSError)) else repr(error)}")
        return 1
    counts = f"{certified} certified, {uncertified} not certified"
    print(f"{names[0]}: accepted: {counts}; under these premises: {lines[0]}")
    return 0 if allowed or not uncertified else 2

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
