# SPDX-License-Identifier: MIT
"""What the drivers of a host have registered, for the verifier: which registration a notification is for.
traces/README.md, "What a driver records"; docs/theory.md, "The driver's contract"."""

from text_records import handle, is_success, lower, mask_of, number

NOT_JUDGED = -1  # the view of a notification from which nothing follows
REGISTER, UNREGISTER = "ioregistercontainernotification", "iounregistercontainernotification"
NEEDED = {REGISTER: {"io", "mask"}, UNREGISTER: {"registration"}}  # without these it is not known what a call did

class Registration:
    """Where it was made, by place in the log; its EventMask; its I/O object; its own name, None before the call that
    makes it has returned; where a call began that ends it; and whether it is certain what is for it."""
    def __init__(self, made, mask, io, own):
        self.made, self.mask, self.io, self.own, self.ending, self.certain = made, mask, io, own, 0, True

def is_end_of(end, begin):
    """Whether the call that begins can be the one that ends: they are of one record, or the same as far as both say."""
    if "seq_end" in begin.pairs or "seq_end" in end.pairs:
        return begin.line == end.line
    both = begin.pairs.keys() & end.pairs.keys() & {"call", "io", "context", "registration"}
    return all(handle(begin.pairs[key]) == handle(end.pairs[key]) for key in both)

class Drivers:
    """Live registrations, by driver and name; I/O objects, by driver and name: their session and registrations; those
    that were created, those that were deleted, and those of which calls overlap; by driver its calls that run, and its
    last call or object; whether one has ended of which nothing else is known. Of registrations that have ended: until
    when they must have got everything, and where they ended."""
    def __init__(self):
        self.called, self.ended = {}, {}
        self.forget()

    def forget(self):
        """Everything may be registered, or nothing."""
        self.live, self.objects, self.running, self.unknown = {}, {}, {}, False
        self.created, self.deleted, self.overlapped, self.doubted = set(), set(), set(), False

    def lose(self, count):
        """So many records are lost. If it is one, and one registration is live, what comes next can show that it is
        left: a notification for its object."""
        if count != 1 or len(self.live) != 1 or any(self.running.values()) or self.doubted:
            self.forget()
            return
        self.objects = {io: known for io, known in self.objects.items() if known[1]}
        self.unknown = self.doubted = True

    def settle(self, left):
        """Whether the registration is left is known now."""
        if self.doubted and not left:
            self.forget()
        self.doubted = False

    def end(self, registration):
        """It is not live any more."""
        self.objects[registration.io][1].remove(registration)
        del self.live[registration.own]

    def blur(self, io):
        """Two calls overlap: which registration of the object a callback is for is not known any more."""
        self.overlapped.add(io)
        self.objects[io][1][:] = [one for one in self.objects[io][1] if one.own]
        for one in self.objects[io][1]:
            one.certain = False

    def register(self, new, phase, own, others):
        """A call that registers an object. Callbacks can come from its begin on, unless @others are running that do."""
        registered = self.objects[new.io][1]
        tentative = next((one for one in registered if one.own is None), None)
        if phase == "begin":
            stable = any(one.own and not one.ending for one in registered)
            if any(one.ending for one in registered) or (others and not stable):
                self.blur(new.io)
            elif not registered and new.io not in self.deleted:
                registered.append(new)
        elif own:
            self.deleted.discard(new.io)
            if own in self.live:
                self.end(self.live[own])
            if tentative is None or not phase:
                tentative, new.certain = new, not phase and new.io not in self.overlapped
                registered.append(new)
            tentative.own, self.live[own] = own, tentative
        elif tentative and not others:
            registered.remove(tentative)

    def call(self, record, driver):
        """A call, or the begin or the end of one, which has the keys of its begin, too."""
        pairs, phase, running = record.pairs, lower(record.pairs.get("phase", "")), self.running.setdefault(driver, [])
        begin = next((one for one in running if phase == "end" and is_end_of(record, one)), None)
        if begin:
            running.remove(begin)
            pairs = {**begin.pairs, **pairs}
        call, own = lower(pairs["call"]), (driver, handle(pairs.get("registration", "")))
        if not NEEDED.get(call, set()) <= pairs.keys():
            self.unknown = True
            return
        old = self.live.get(own) if call == UNREGISTER else None
        io = old.io if old else (driver, handle(pairs.get("io", "")))
        self.objects.setdefault(io, (0, []))
        others = any(lower(one.pairs["call"]) == REGISTER and handle(one.pairs["io"]) == io[1] for one in running)
        if call == REGISTER:
            new = Registration(record.at, mask_of(pairs.get("mask", "0")), io, None)
            self.register(new, phase, own if is_success(pairs) else None, others)
        elif old:
            if phase == "begin":
                old.ending = old.ending or record.at
            else:
                # the call can have begun right after the one before
                self.ended[old.made] = old.ending or self.called.get(driver, 0), record.at
                self.end(old)
            if others:
                self.blur(io)
        running += [record] * (phase == "begin")
        if phase != "begin" and not others and not any(one.ending for one in self.objects[io][1]):
            self.overlapped.discard(io)

    def follow(self, record, lost):
        """A call or an object; or a notification: for which registration it is, and whether that selects it."""
        driver = record.driver
        io = driver, handle(record.pairs.get("io", ""))
        call = lower(record.pairs.get("call", ""))
        ends = record.kind == "notify" and lower(record.pairs.get("phase", "")) == "end"
        if call != "iogetcontainerinformation" and not ends:
            self.settle(record.kind == "notify" and self.objects.get(io, (0, []))[1])
        session, registered = self.objects.get(io, (0, []))
        if record.kind == "object":
            for each in [one for one in registered if one.own]:
                self.end(each)
            gone = lower(record.pairs["object"]) == "deleted"
            (self.deleted if gone else self.created).add(io)
            (self.created if gone else self.deleted).discard(io)
            self.objects[io] = (number(record.pairs.get("device_session", "0")), [])
        elif record.kind == "call":
            self.call(record, driver)
        elif record.event:
            selected = [one for one in registered if one.mask >> record.event - 1 & 1]
            one = registered[0] if len(registered) == 1 else None
            if one and one.own is None and (lost or self.unknown) and io not in self.created:
                one.certain = False  # the object may be registered already
            record.due = session in (0, record.key and record.key[1]) and selected != []
            record.due &= all(one.certain for one in selected)
            due = record.due and one
            record.view, record.mask = (one.made, one.mask & 63) if due else (NOT_JUDGED, 63)
            record.event = record.event if due else 0
        self.called.update({driver: record.at} if record.kind != "notify" else {})
