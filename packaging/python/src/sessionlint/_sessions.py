# SPDX-License-Identifier: MIT
"""Makes sessions of steps, findings and annotations, as `sessionlint timeline --sessions` does."""

from __future__ import annotations

from typing import Callable, Dict, List, Optional, Sequence, Tuple

from ._types import Annotation, Finding, Session, Step

CONNECTED = frozenset(("Connected", "LoggedOn", "LoggedOff"))
DISCONNECTED = frozenset(("Disconnected", "DisconnectedLoggedOn"))
# How many different texts are kept of a session.
TEXTS = 16

UNFINISHED = "session/unfinished"

# What findings and annotations find an incarnation by: host, source, session.
Name = Tuple[Optional[str], str, int]


def _add(texts: List[str], value: Optional[str]) -> None:
    if value and value not in texts and len(texts) < TEXTS:
        texts.append(value)


class _Incarnation:
    """What is known of an incarnation so far."""

    def __init__(self, step: Step) -> None:
        self.name: Name = (step.host, step.source, step.session)
        self.begun, self.incarnation, self.step = step, step.incarnation, step
        self.events = self.reconnects = 0
        self.violated = self.midway = False
        self.first: Optional[int] = None
        self.last: Optional[int] = None
        self.times: Dict[str, Optional[int]] = {}
        self.connected = self.disconnected = 0
        self.users: List[str] = []
        self.addresses: List[str] = []
        self.clients: List[str] = []
        self.reasons: List[str] = []
        self.rules: List[Tuple[str, str]] = []  # and their severities
        self.after: Tuple[str, ...] = ()
        self.ticks: Optional[int] = None

    def _add_time(self, step: Step) -> None:
        """Adds the time since the last step if the session certainly was in one kind of states meanwhile."""
        if (step.inferred or self.ticks is None or step.ticks is None or step.ticks < self.ticks
                or not self.after or not step.before):
            return
        states = frozenset(self.after + step.before)
        if states <= CONNECTED:
            self.connected += step.ticks - self.ticks
        elif states <= DISCONNECTED:
            self.disconnected += step.ticks - self.ticks

    def _add_event(self, step: Step) -> None:
        ticks = None if step.inferred else step.ticks
        self.events += 1
        if step.event in ("Created", "Logon"):
            if self.times.get(step.event) is None:
                self.times[step.event] = ticks
        elif step.event in ("Logoff", "Terminated"):
            self.times[step.event] = ticks
        elif step.event == "Connected" and step.before and DISCONNECTED.issuperset(step.before):
            self.reconnects += 1

    def take(self, step: Step) -> None:
        self.step = step
        self._add_time(step)
        if step.kind == "event":
            self._add_event(step)
        if step.ticks is not None:
            self.ticks = step.ticks
            if not step.inferred:
                self.first = step.ticks if self.first is None else self.first
                self.last = step.ticks
        self.after = step.after
        self.violated |= step.verdict in ("illegal", "contradicted")
        for texts, value in ((self.users, step.user), (self.addresses, step.address), (self.clients, step.client),
                             (self.reasons, step.reason)):
            _add(texts, value)

    def annotate(self, annotation: Annotation) -> None:
        for texts, value in ((self.addresses, annotation.address), (self.clients, annotation.client),
                             (self.reasons, annotation.reason)):
            _add(texts, value)

    def note(self, finding: Finding) -> None:
        if finding.suppression is None:
            self.rules.append((finding.rule, finding.severity))
        is_of_session = finding.rule.startswith("session/") or finding.rule == "account/contradiction"
        self.violated |= finding.severity == "error" and is_of_session

    def session(self, order: Sequence[str], severities: Sequence[str]) -> Session:
        """The whole incarnation. @order: the names of all rules; @severities: from the lowest."""
        found = {rule for rule, _ in self.rules}
        worst = max((severities.index(severity) for _, severity in self.rules), default=None)
        known, begun = self.first is not None, self.begun
        return Session(
            log=self.step.log, host=self.step.host, boot=begun.boot, boot_ordinal=begun.boot_ordinal,
            source=begun.source, session=begun.session, incarnation=begun.incarnation,
            verdict="violating" if self.violated else "undetermined" if self.midway else "conforming",
            rules=tuple(rule for rule in order if rule in found),
            severity=None if worst is None else severities[worst], events=self.events, first_ticks=self.first,
            last_ticks=self.last, created_ticks=self.times.get("Created"), logon_ticks=self.times.get("Logon"),
            logoff_ticks=self.times.get("Logoff"), ended_ticks=self.times.get("Terminated"),
            connected_seconds=self.connected / 1e7 if known else None,
            disconnected_seconds=self.disconnected / 1e7 if known else None, reconnects=self.reconnects,
            users=tuple(self.users), addresses=tuple(self.addresses), clients=tuple(self.clients),
            reasons=tuple(self.reasons))


class Sessions:
    """Follows the incarnations of one log, or of one account."""

    def __init__(self, rules: Sequence[str], severities: Sequence[str]) -> None:
        self.rules, self.severities = rules, severities
        self.alive: Dict[Tuple[int, str, int], _Incarnation] = {}
        self.named: Dict[Name, _Incarnation] = {}
        self.ended: List[Session] = []
        # findings about the record whose step comes next, and those of an incarnation that has not begun
        self.judged: List[Finding] = []
        self.early: Dict[Tuple[Name, int, Optional[int]], List[Finding]] = {}

    # ---- findings ----

    def _find(self, finding: Finding) -> Optional[_Incarnation]:
        """The incarnation that a finding is about, if it is alive."""
        found = self.named.get((finding.host, finding.source or "", finding.session or 0))
        return found if found and finding.incarnation in (None, found.incarnation) else None

    def _release(self, finding: Finding) -> None:
        """No step is about the same record."""
        found = self._find(finding)
        if found:
            found.note(finding)
        elif finding.incarnation is not None:
            name = (finding.host, finding.source or "", finding.session or 0)
            self.early.setdefault((name, finding.boot_ordinal, finding.incarnation), []).append(finding)

    def _release_if(self, condition: Callable[[Finding], bool]) -> None:
        kept = []
        for finding in self.judged:
            if condition(finding):
                self._release(finding)
            else:
                kept.append(finding)
        self.judged = kept

    def finding(self, finding: Finding) -> None:
        # what is found about the record that begins an incarnation comes before the end of the previous one
        if finding.rule != UNFINISHED:
            self._release_if(lambda each: (each.file, each.line) != (finding.file, finding.line))
        if finding.session is None:
            return
        found = self._find(finding)
        if found:
            found.note(finding)
        self.judged.append(finding)

    # ---- steps ----

    def _begin(self, step: Step) -> _Incarnation:
        incarnation = _Incarnation(step)
        name = (step.host, step.source, step.session)
        for finding in self.early.pop((name, step.boot_ordinal, step.incarnation), []):
            incarnation.note(finding)
        return incarnation

    def _name(self, incarnation: _Incarnation, step: Step) -> None:
        """A log without hosts can name its computer later."""
        if incarnation.name != (step.host, step.source, step.session):
            self._forget(incarnation)
            incarnation.name = (step.host, step.source, step.session)
        self.named.setdefault(incarnation.name, incarnation)

    def _forget(self, incarnation: _Incarnation) -> None:
        if self.named.get(incarnation.name) is incarnation:
            del self.named[incarnation.name]

    def _transition(self, place: Tuple[int, str, int], step: Step) -> None:
        mine = []
        for finding in self.judged:
            if (finding.file, finding.line, finding.session, finding.source) == \
                    (step.file, step.line, step.session, step.source):
                mine.append(finding)
            else:
                self._release(finding)
        self.judged = []
        incarnation = self.alive.get(place)
        if incarnation is None:
            incarnation = self.alive[place] = self._begin(step)
        self._name(incarnation, step)
        for finding in mine:
            incarnation.note(finding)
        incarnation.take(step)

    def step(self, host_number: int, step: Step) -> None:
        place = (host_number, step.source, step.session)
        if step.kind in ("event", "sample"):
            self._transition(place, step)
        elif step.kind == "end":
            self._release_if(lambda each: each.rule == UNFINISHED and
                             (each.session, each.source) == (step.session, step.source))
            incarnation = self.alive.pop(place, None)
            if incarnation:
                incarnation.midway = step.midway
                self._forget(incarnation)
                self.ended.append(incarnation.session(self.rules, self.severities))

    def annotation(self, annotation: Annotation, sources: Sequence[str]) -> None:
        self._release_if(lambda _: True)
        if annotation.session is None:
            return
        for source in sources:
            incarnation = self.named.get((annotation.host, source, annotation.session))
            if incarnation:
                incarnation.annotate(annotation)
                return

    def take(self) -> List[Session]:
        """The sessions of the log, which has ended, in the order of their ends."""
        self._release_if(lambda _: True)
        # a log that could not be read to its end leaves some alive
        left = [incarnation.session(self.rules, self.severities) for incarnation in self.alive.values()]
        sessions = self.ended + left
        self.alive, self.named, self.ended, self.judged, self.early = {}, {}, [], [], {}
        return sessions
