# SPDX-License-Identifier: MIT
"""Real logs as the project's reader and evtxexport of libevtx see them, record by record.

libevtx 20181227 has limits of its own, so it is no judge where they apply:
- it cannot read records without a template (the whole record is missing);
- it drops a record with a text that is exactly '&', '<' or '>';
- it garbles characters beyond U+FFFF, such as U+1F600;
- it drops a byte order mark at the beginning of a text, and shows U+FFFF, which is no XML;
- it loses a record that ends at the very end of its chunk, offset 65536;
- it drops a text that is white space alone;
- it reads no further in a chunk where bytes are no record;
- it garbles negative numbers: -1 as 32 bits becomes -2147483647; these are compared by name;
- it renders booleans, floating point and arrays of numbers in ways of its own: likewise.
No real log at hand meets one of the first five; the tests of generated logs keep clear of them. In logs/edges some do.
"""

import datetime
import functools
import json
import re
import xml.etree.ElementTree

from shared import process

EVENT_SPACE = "{http://schemas.microsoft.com/win/2004/08/events/event}"
SYSTEM = ("Provider@Name", "EventID", "Channel", "Computer", "EventRecordID",
          "TimeCreated@SystemTime", "Execution@ProcessID", "Security@UserID")
SYSTEM_PLACES = [(name, EVENT_SPACE + name.partition("@")[0], name.partition("@")[2]) for name in SYSTEM]
EPOCH = (1601, 1, 1)

# Types of values that both render alike: text, ANSI text, integers, binary, GUID, SID,
# hexadecimal, time; and arrays of text.
TIME, TEXT_ARRAY = 17, 0x81
COMPARED = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 15, 19, 20, 21, TIME, TEXT_ARRAY}
SIGNED = {3, 5, 7, 9}


TIME_FORM = re.compile(r"(\d+-\d+-\d+)T(\d+):(\d+):(\d+)\.(\d{9})Z")


@functools.lru_cache(maxsize=1 << 12)
def days_of(text):
    """The days since the epoch of 2022-03-10."""
    return (datetime.date(*map(int, text.split("-"))) - datetime.date(*EPOCH)).days


def ticks_of(text):
    """The FILETIME of 2022-03-10T19:32:30.123429200Z."""
    date, hour, minute, second, nano = TIME_FORM.fullmatch(text).groups()
    return (((days_of(date) * 24 + int(hour)) * 60 + int(minute)) * 60 + int(second)) * 10**7 + int(nano) // 100


def export(path):
    """The records that evtxexport shows, in its order, and what it shows that is no XML."""
    status, output, errors = process.run(["evtxexport", "-f", "xml", path])
    records, garbled = [], []
    if status != 0:
        garbled.append(f"evtxexport ended with {status}: {errors.strip()}")
    text = output.decode("utf-8", "replace")
    for part in re.split(r"(?m)^(?=<Event xmlns=)", text)[1:]:
        try:
            records.append(export_record(xml.etree.ElementTree.fromstring(part)))
        except xml.etree.ElementTree.ParseError as error:
            garbled.append(f"{error}: {part[:200]}")
    return records, garbled


def text_of(element):
    """The text of an element; one that holds other elements has none of its own."""
    return "" if element is None or len(element) else element.text or ""


def export_record(event):
    """A record as a pair: System by name, and the leaves of UserData and EventData."""
    sections = {"System": [], "EventData": [], "UserData": []}
    for part in event:
        sections.get(part.tag.removeprefix(EVENT_SPACE), []).extend(part)
    system, elements = {}, {}
    for element in sections["System"]:
        elements.setdefault(element.tag, element)
    for name, tag, attribute in SYSTEM_PLACES:
        found = elements.get(tag)
        if found is not None and (not attribute or attribute in found.attrib):
            system[name] = found.get(attribute) if attribute else text_of(found)
    system["TimeCreated@SystemTime"] = str(ticks_of(system["TimeCreated@SystemTime"]))
    leaves = [(data.get("Name") or bare(data.tag), text_of(data)) for data in sections["EventData"]]
    leaves += [(bare(data.tag), text_of(data)) for group in sections["UserData"] for data in group]
    return system, leaves


def bare(tag):
    """A name without its name space."""
    return tag.rpartition("}")[2]


@functools.lru_cache(maxsize=1 << 15)
def entry_of(line):
    """What a line of a dump says, not to be changed: copies of a log have most of their lines in common."""
    return json.loads(line)


def by_file(output, wanted):
    """The objects of a dump by the path of their file: of the wanted files, or of all (None)."""
    files, current = {}, None
    for line in output.decode("ascii").splitlines():
        if line.startswith('{"file":'):
            path = entry_of(line)["file"].encode("latin-1").decode("utf-8")
            current = files.setdefault(path, []) if wanted is None or path in wanted else None
        elif current is not None:
            current.append(entry_of(line))
    return files


def dump(dump_evtx, paths, wanted=None):
    """What dump_evtx prints of each file, or of the wanted ones: a list of objects by path."""
    status, output, errors = process.run([dump_evtx, *paths])
    crash = process.crash_of(status, errors)
    if crash or status:
        raise RuntimeError(f"dump_evtx: {crash or errors.strip()}")
    return {path: [entry for entry in entries if "work" not in entry] for path, entries in by_file(output, wanted).items()}


def dump_record(entry):
    """A record of dump_evtx in the form of export_record(), leaves with their types."""
    system = {name: text for section, name, _, text in entry["leaves"]
              if section == "System" and name in SYSTEM}
    leaves = [(name, kind, text) for section, name, kind, text in entry["leaves"]
              if section != "System" and not name.endswith("@xmlns")]
    return system, leaves


def texts_of(kind, text):
    """What evtxexport shows for a leaf, as often as it shows an element; None: it garbles it."""
    if kind not in COMPARED or (kind in SIGNED and text.startswith("-")):
        return None
    # an XML parser makes line feeds of other line ends
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return [part for part in text.split("\0") if part.strip()] if kind == TEXT_ARRAY else [text]


def leaves_compare(mine, theirs, counts):
    """The leaves of one record; those without text say nothing, and are passed over."""
    theirs = [leaf for leaf in theirs if leaf[1].strip() != ""]
    at = 0
    for name, kind, text in mine:
        texts = texts_of(kind, text) if text.strip() != "" or kind not in COMPARED else []
        if texts is None:
            counts["by name"] += 1
            at += at < len(theirs) and theirs[at][0] == name
            continue
        for text in texts:
            have = theirs[at] if at < len(theirs) else (None, None)
            counts["leaves"] += 1
            at += 1
            if kind == TIME and have[1]:
                have = have[0], str(ticks_of(have[1]))
            if have != (name, text):
                yield f"{name} is {text!r} of type {kind}, but {have[0]} is {have[1]!r}"
    for name, text in theirs[at:]:
        yield f"{name} is missing: {text!r}"


def records_compare(mine, theirs, counts):
    """All records of a log. Yields what differs."""
    theirs_by_id = {record[0]["EventRecordID"]: record for record in theirs}
    mine_by_id = {record[0].get("EventRecordID"): record for record in mine}
    if len(theirs_by_id) != len(theirs) or len(mine_by_id) != len(mine):
        yield "an EventRecordID stands twice"
    for record_id in sorted(theirs_by_id.keys() - mine_by_id.keys()):
        yield f"record {record_id} is missing"
    for record_id in sorted(str(i) for i in mine_by_id.keys() - theirs_by_id.keys()):
        yield f"record {record_id} is known here only"
    for record_id, (system, leaves) in mine_by_id.items():
        if record_id not in theirs_by_id:
            continue
        counts["records"] += 1
        for name, text in theirs_by_id[record_id][0].items():
            counts["system"] += 1
            if system.get(name) != text:
                yield f"record {record_id}: {name} is {system.get(name)!r}, not {text!r}"
        for problem in leaves_compare(leaves, theirs_by_id[record_id][1], counts):
            yield f"record {record_id}: {problem}"


# What records of session logs mean (windows-logs.md, section 1): provider, id: event or marker.
LSM = "Microsoft-Windows-TerminalServices-LocalSessionManager"
WINLOGON = "Microsoft-Windows-Winlogon"
PROFILES = "Microsoft-Windows-User Profiles Service"
RDP_CORE = "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS"
MEANINGS = {
    (LSM, 21): "Logon", (LSM, 23): "Logoff", (LSM, 24): "Disconnected", (LSM, 25): "Connected",
    (LSM, 32): "boot", (LSM, 36): "reported", (LSM, 37): "reported", (LSM, 54): "shutdown", (WINLOGON, 7001): "Logon",
    (WINLOGON, 7002): "Logoff", ("Microsoft-Windows-Kernel-General", 12): "boot", ("EventLog", 6005): "service",
    (PROFILES, 1): "Logon", (PROFILES, 3): "Logoff", (PROFILES, 2): "Logon", (PROFILES, 4): "Logoff",
    (RDP_CORE, 66): "Connected",
}
EVENT_NAMES = {1: "Created", 2: "Terminated", 3: "Connected", 4: "Disconnected", 5: "Logon", 6: "Logoff"}

# The same of 811 by its field Event; a process of Winlogon is told again within so many ticks.
NOTIFIED = {"0": "Created", "1": "Terminated", "2": "Logon", "3": "Logoff", "8": "Disconnected", "9": "Connected"}
AGAIN = 10 * 10**7

# What is an annotation, and of which kind (enum annotation_kind).
SECURITY, GATEWAY = "Microsoft-Windows-Security-Auditing", "Microsoft-Windows-TerminalServices-Gateway"
MANAGER = "Microsoft-Windows-TerminalServices-RemoteConnectionManager"
POWER, KERNEL_BOOT = "Microsoft-Windows-Kernel-Power", "Microsoft-Windows-Kernel-Boot"
ANNOTATIONS = {
    (MANAGER, 1149): 1, (RDP_CORE, 131): 2, (MANAGER, 261): 2, (RDP_CORE, 140): 3,
    **{(GATEWAY, event): 4 for event in (200, 300, 301, 302, 303)},
    (SECURITY, 4624): 5, (SECURITY, 4634): 6, (SECURITY, 4647): 7, (SECURITY, 4778): 8, (SECURITY, 4779): 9,
    (SECURITY, 4800): 10, (SECURITY, 4801): 11, (LSM, 39): 12, (LSM, 40): 13, (LSM, 41): 14, (LSM, 42): 15,
    (POWER, 41): 16, (POWER, 42): 16, (POWER, 107): 16, (KERNEL_BOOT, 27): 16,
}
NO_REASON = 2**32 - 1
REASONS = {5: "LogonType", 6: "LogonType", 13: "Reason"}


def first(fields, *names):
    return next((fields[name] for name in names if name in fields), "")


def known(text):
    """Windows writes a hyphen for what it does not know."""
    return "" if text == "-" else text


def without_port(address):
    bracketed = re.fullmatch(r"\[(.*)\](?::\d+)?", address)
    plain = re.fullmatch(r"([^:]*):[^:]*", address)
    return bracketed.group(1) if bracketed else plain.group(1) if plain else address


def annotation_of_export(kind, system, fields):
    """An annotation: the session, user, address, and what struct annotation has."""
    logon = first(fields, "TargetLogonId", "LogonID")
    return (first(fields, "SessionID", "SessionId", "Session", "TargetSession"),
            known(first(fields, "User", "Param1", "Username", "TargetUserName", "AccountName")),
            without_port(known(first(fields, "Address", "Param3", "ClientIP", "IPString", "IpAddress", "ClientAddress"))),
            (kind, int(system["EventID"]), int(system.get("Execution@ProcessID") or 0),
             int(fields.get(REASONS.get(kind), NO_REASON)), int(logon, 16) if logon else 0,
             known(first(fields, "Param2", "TargetDomainName", "AccountDomain")),
             known(first(fields, "WorkstationName", "ClientName")), known(fields.get("TargetUserSid", ""))))


class Repeats:
    """What Winlogon and the User Profile Service have told already."""

    def __init__(self):
        self.told, self.begun = {}, set()

    def notified(self, process, event, time):
        before = self.told.get(process)
        self.told[process] = (event, time)
        return bool(before) and before[0] == event and abs(time - before[1]) <= AGAIN

    def completed(self, session, event):
        """1 and 3 begin what 2 and 4 complete."""
        if event in (1, 3):
            self.begun.add((session, event))
            return False
        done = (session, event - 1) in self.begun
        self.begun.discard((session, event - 1))
        return done


def meaning_of_export(record, repeats):
    """What the reader should deliver for a record of evtxexport; None: nothing."""
    system, leaves = record
    provider, event = system["Provider@Name"], int(system["EventID"])
    process, time = system.get("Execution@ProcessID") or "0", system["TimeCreated@SystemTime"]
    fields = {}
    for name, text in leaves:
        fields.setdefault(name, text)
    meaning = MEANINGS.get((provider, event))
    place = (system["EventRecordID"], time)
    details = (0, event, int(process), NO_REASON, 0, "", "", "") if int(process) or provider == PROFILES else None
    if (provider, event) in ANNOTATIONS:
        kind = ANNOTATIONS[provider, event]
        session, user, address, annotation = annotation_of_export(kind, system, fields)
        return (*place, "annotation", session, user, address, system["Computer"], annotation)
    if (provider, event) == (WINLOGON, 811) and fields.get("Event") in NOTIFIED:
        if repeats.notified(process, fields["Event"], int(time)):
            return None
        return (*place, NOTIFIED[fields["Event"]], process, "", "", system["Computer"], details)
    if not meaning or provider == PROFILES and repeats.completed(fields.get("Session"), event):
        return None
    of_session = meaning in EVENT_NAMES.values()
    session = first(fields, "SessionID", "SessionId", "TSId", "Session")
    user = fields.get("User") or fields.get("UserSid") or ""
    if provider == PROFILES and re.match("S-1-5-21-|S-1-12-1-", system.get("Security@UserID", "")):
        user = system["Security@UserID"]
    return (*place, meaning, session if of_session or meaning == "reported" else "", user if of_session else "",
            fields.get("Address", "") if of_session else "", system["Computer"], details)


def meaning_of_dump(record):
    """A record of dump_records in the same form."""
    event = EVENT_NAMES.get(record.get("event"))
    more = record.get("annotation")

    def text(key, owner=record):
        return owner.get(key, "").encode("latin-1").decode("utf-8")

    annotation = more and (more["kind"], more["id"], more["process"], more["reason"], more["logon_id"],
                           text("domain", more), text("client", more), text("sid", more))
    what = "annotation" if record["kind"] == "annotation" else event or record["marker"]
    return (str(record["line"]), str(record.get("time")), what,
            str(record["session"]) if "session" in record["keys"] and what not in ("boot", "shutdown", "service") else "",
            text("user"), text("address"), text("host"), annotation)


def dump_mapped(dump_records, paths, wanted=None):
    """What dump_records prints of each file, or of the wanted ones: a list of records by path, the last one the end."""
    status, output, errors = process.run([dump_records, *paths])
    crash = process.crash_of(status, errors)
    if crash:
        raise RuntimeError(f"dump_records: {crash}")
    return by_file(output, wanted)


def mapped_compare(theirs, mine):
    """Whether the reader delivers of a log what its XML means."""
    repeats = Repeats()
    ordered = sorted(theirs, key=lambda record: int(record[0]["EventRecordID"]))
    expected = [meaning for meaning in (meaning_of_export(record, repeats) for record in ordered) if meaning]
    records = [meaning_of_dump(record) for record in mine
               if "end" not in record and record["marker"] not in ("remark", "gap")
               and record["kind"] != "malformed"]
    ids = {record[0]["EventRecordID"] for record in theirs}
    if ids.isdisjoint(record[0] for record in records):
        # an export numbers its records anew
        expected, records = [meaning[1:] for meaning in expected], [meaning[1:] for meaning in records]
    elif len(ids & {record[0] for record in records}) < len(records):
        # chunks of several ages: the reader has them in the order of the file, and what libevtx cannot know
        records = sorted((record for record in records if record[0] in ids), key=lambda meaning: int(meaning[0]))
    for want, have in zip(expected, records):
        if want != have:
            yield f"{have}, not {want}"
    if len(expected) != len(records):
        yield f"{len(records)} records, not {len(expected)}"


def comparable(entries, theirs):
    """The records of dump_evtx that evtxexport can know, and what is wrong with others. Behind a tear in a chunk it
    reads nothing, and what is there can need what the tear has taken."""
    tears, known, records, problems = {}, {record[0]["EventRecordID"] for record in theirs}, [], []
    for entry in entries:
        if "trouble" in entry and "not a record" in entry["trouble"]:
            tears.setdefault(entry["chunk"], entry["offset"])
        if "leaves" not in entry or (entry["offset"] > tears.get(entry["chunk"], entry["offset"])
                                     and str(entry["id"]) not in known):
            continue
        records.append(entry)
        problems += [f"record {entry['id']}: {entry['damaged']}"] if "damaged" in entry else []
    return records, problems
