# SPDX-License-Identifier: MIT
"""In which order the records of a log are judged, and what is missing in it, for the verifier: what a certificate says
of that, and what the records say. traces/README.md, "The order of seq"; docs/theory.md, "Keys"."""

from text_records import MANY

LONG_COUNT, WRAPPED = 16, 0xffffffff  # a count that is long enough does not begin again by chance where it would go on

class Refused(Exception):
    """The certificate says what is not so, or the trace cannot be read."""

def require(holds, otherwise):
    """Refuses the certificate unless that holds."""
    if not holds:
        raise Refused(otherwise)

class Count:
    """Numbers so far: the last one, whether a marker of a boot had it, whether they may begin again; the last boot."""
    def __init__(self):
        self.last, self.booted, self.again, self.boot = None, False, False, None

    def take(self, record, zero, apart):
        """How many records are missing before this one; None: any number. @zero: a count of the trace begins with 0."""
        seq, boots = record.seq, record.marker == "boot"
        begins = seq == 0 or (seq == 1 and not zero)
        again = self.again or (apart and record.boot not in (None, self.boot))
        if self.last is None:
            missing = 0 if begins else None
        else:
            missing = 0 if (seq, self.last) == (0, WRAPPED) else seq - self.last - 1
            if again or (boots and missing < 0) or (self.booted and begins):
                missing = 0 if begins or (missing == 0 and self.last >= LONG_COUNT) else seq
        require((missing or 0) >= 0, f"line {record.line} has the number {seq} after {self.last}")
        self.last, self.booted, self.again = seq, boots, False
        self.boot = self.boot if record.boot is None else record.boot
        return missing

def losses(records, claim):
    """What the numbers show to be missing, as in a certificate: [[line, how many, of whom], ...]."""
    counts, drivers, found, zero, trace = {}, {}, [], False, claim["numbering"] == "trace"
    for record in records:
        host = (record.host or "").lower()
        if record.seq is None:
            # after a boot a count may begin again
            for key in [*counts] if record.host is None else [host] if host in counts and not trace else []:
                counts[key].again |= record.marker == "boot"
            continue
        driver = record.pairs.get("driver")
        require(drivers.setdefault(host, driver) == driver, "drivers may count apart")
        count = "" if trace else host
        missing = counts.setdefault(count, Count()).take(record, zero, not trace)
        zero |= record.seq == 0
        every = trace or (record.host is None and len(counts) > 1)
        found += [[record.line, missing, "all" if every else "host"]] * (missing != 0)
    return found

def by_number(records, claim):
    """The records of each host, or all, by their numbers. A record without one keeps its place, after all earlier ones
    of its host, or of all. If counts begin again with boots, records are sorted within those that are in the file."""
    hosts, places, barriers, trace, again = {}, {}, 0, claim["numbering"] == "trace", claim["order"] == "boots"
    names = {record.host for record in records if record.seq is not None}
    for record in records:
        host, plain = "" if trace else (record.host or "").lower(), record.seq is None
        if plain and (record.host is None or record.unreadable):
            barriers += 1
            places[record.line] = barriers, "", -1, -1
            hosts = {}
            continue
        block, value = hosts.get(host, (0, None))
        changes = record.marker == "boot" or (None not in (value, record.boot) and value != record.boot)
        block += plain or (again and changes)
        hosts[host] = block, value if record.boot is None else record.boot
        places[record.line] = barriers, host, block, -1 if plain else record.seq
        require(not (plain and trace) or len(names) == 1, "a record of a host has no number, but all count together")
    require(trace or len(names) == 1 or None not in names, "a record with a number is of all hosts")
    return sorted(records, key=lambda record: places[record.line])

def sort(records, claim):
    """The order in which they are judged, after a check of what the certificate says of it; and what is missing."""
    known, kept, repeated = set(), [], {*claim["repeated"]}
    for record in records:
        require(record.line not in repeated or record.same in known, "no record repeats another there")
        kept += [record] * (record.line not in repeated)
        known.update([record.same] * (record.same is not None))
    repeated = sorted(repeated & {record.line for record in records})
    records = by_number(kept, claim) if claim["order"] in ("seq", "boots") else kept
    shown = [record for record in records if not record.unreadable and record.marker not in ("missing", "service")]
    numbered = any(record.seq is not None for record in records)
    require((claim["numbering"] != "none") == numbered, "that is not its numbering")
    require(claim["records"] == len(shown), f"it has {len(shown)} records")
    lost = losses(records, claim)
    found = {"losses": lost + [[record.line, record.lost, "all"] for record in records if record.marker == "missing"],
             "markers": [[record.line, record.marker] for record in shown if record.marker], "repeated": repeated,
             "unreadable": [record.line for record in records if record.unreadable]}
    for what, own in found.items():
        require(sorted(claim[what]) == sorted(own), f"its {what} are {own}")
    return records, {line: (MANY if count is None else count, scope) for line, count, scope in lost}
