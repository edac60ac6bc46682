# SPDX-License-Identifier: MIT
"""What a session can be where only the events of some masks are known: sets of states, by the tests' own table. The
model of contract_random.py; nothing of src/ is shared."""

from shared.table import EVENTS, RECONNECT, RECONNECTED, START, STATES, TABLE

ALL_EVENTS, SIX = 0xFFFFFFFF, 0x3F
LOGGED_ON = {"LoggedOn", "DisconnectedLoggedOn"}
ANY = frozenset(STATES)
KNOWN, IMPLIED = 1, 2


def bit(event):
    return 1 << EVENTS.index(event)


def moves(granted):
    """The transitions: the table, and the undocumented one where that is granted."""
    return TABLE | {RECONNECT: RECONNECTED} if granted >= KNOWN else TABLE


def close(states, granted, mask):
    """The states and what follows unseen: events that nobody selects, and the next life of the id."""
    states = set(states)
    while True:
        more = {START} if "Terminated" in states else set()
        for (state, event), to in moves(granted).items():
            hidden = not mask & bit(event)
            if event == "Terminated" and state in LOGGED_ON:
                hidden = hidden and granted >= IMPLIED
            if state in states and hidden:
                more.add(to)
        if more <= states:
            return states
        states |= more


def image(event):
    """Where an event leads, whatever was before."""
    return {to for (_, name), to in moves(KNOWN).items() if name == event}


class Session:
    """What the trace shows of a session of the kernel."""

    def __init__(self, states):
        self.notified = False  # it is known from what drivers were told
        self.mask = SIX
        self.base, self.masks, self.partly = 0, set(), False  # what was in force since its last record
        self.lost = False  # its own findings are for another test from here
        self.waiting = []
        self.followed = None  # whether all that happened to it is known; None: nobody has asked yet
        self.told = None  # what a notification brought last, where events were not known
        self.suspended = False  # what drivers are told may be of before a lost record
        self.believe(states)

    def join(self, drivers, number):
        """From now on it is known from what drivers are told."""
        self.notified, self.base = True, drivers.mask(None)
        self.mask = self.base | drivers.mask(number)
        self.followed = bool(self.followed)
        self.beliefs = [close(belief, granted, self.mask) for granted, belief in enumerate(self.beliefs)]

    def widen(self):
        self.believe(ANY)
        self.lost = False

    def believe(self, states):
        self.beliefs = [close(states, granted, self.mask) for granted in range(3)]

    def forget(self):
        """Records of it are lost."""
        self.widen()
        self.waiting, self.suspended = [], False
        if self.followed is not None:
            self.followed = False
        self.told = None

    def follow(self, drivers, number):
        """Follows the masks that were in force since its last record, in any order."""
        own = drivers.mask(number)
        masks = {mask if self.partly else mask | own for mask in self.masks}
        if self.partly:
            masks.add(self.base)
        self.base, self.masks, self.partly = drivers.mask(None), set(), False
        before = None
        while before != self.beliefs:
            before = [set(belief) for belief in self.beliefs]
            for mask in masks:
                self.beliefs = [close(belief, granted, mask) for granted, belief in enumerate(self.beliefs)]
        self.mask = self.base | own
        self.beliefs = [close(belief, granted, self.mask) for granted, belief in enumerate(self.beliefs)]

    def take(self, event=None, sample=None):
        """An event, or a sample; the rule that it breaks."""
        after = []
        for granted, belief in enumerate(self.beliefs):
            if event:
                table = moves(granted)
                to = {table[state, event] for state in close(belief, granted, self.mask) if (state, event) in table}
            else:
                to = belief & {sample}
            after.append(close(to, granted, self.mask))
        needed = next((granted for granted in range(3) if after[granted]), None)
        if needed is None:
            self.believe(image(event) if event else {sample})
            lost, self.lost = self.lost, True
            return [] if lost else ["session/illegal-transition" if event else "session/wrong-state"]
        core = after[needed] & image(event) if event else after[needed]
        self.beliefs = [close(core, granted, self.mask) if granted < needed else after[granted]
                        for granted in range(3)]
        return ["session/undocumented-transition"] if needed == KNOWN and not self.lost else []
