#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Documents without templates: what their elements, texts and references mean.

The records are built here, token by token, so that forms are met that no real log at hand has.
Argument: dump_records. Prints TAP.
"""

import pathlib
import sys
import tempfile

from shared import evtx_bytes, evtx_oracle
from shared.evtx_bytes import Element, cdata, character, entity, instruction
from shared.tap import Tap

LSM = evtx_oracle.LSM


def event(*fields, record_id=2, event_id="21", provider=LSM, computer="HOST", system=()):
    """A document of the session manager; the event id can be anything that is a part."""
    ids = event_id if isinstance(event_id, Element) else Element("EventID", event_id)
    return Element("Event", Element("System", Element("Provider", Name=provider), ids, *system,
                                    Element("EventRecordID", str(record_id)),
                                    Element("Computer", computer)),
                   Element("UserData", Element("EventXML", *fields, xmlns="Event_NS")))


def event_data(*fields, inner=None):
    """The same with the fields in EventData, or in an element of UserData, by the Name of Data."""
    data = [Element("Data", text, Name=name) if name else Element("Data", text)
            for name, text in fields]
    document = event()
    document.parts = (document.parts[0],
                      Element("UserData", Element(inner, *data)) if inner else Element("EventData", *data))
    return document


def user(*parts):
    return event(Element("User", *parts), Element("SessionID", "3"))


def session(*fields):
    return event(Element("User", "u"), *fields)


SESSION_3 = Element("SessionID", "3")

# What a record is, and what its user must be.
USERS = [
    ("one text", user("ada"), "ada"),
    ("two texts", user("a", "da"), "ada"),
    ("no text", user(), ""),
    ("an entity between texts", user("a", entity("amp"), "b"), "a&b"),
    ("an entity first", user(entity("lt"), "none", entity("gt")), "<none>"),
    ("an entity alone", user(entity("amp")), "&"),
    ("five entities", user(*map(entity, ("amp", "lt", "gt", "quot", "apos"))), "&<>\"'"),
    ("an entity that nobody knows", user("a", entity("nbsp"), "b"), "a\ufffdb"),
    ("a character", user(character(0x41)), "A"),
    ("two characters", user(character(0x41), character(0x42)), "AB"),
    ("characters between texts", user("a", character(0x1e9e), "b", character(0x4e2d)),
     "a\u1e9eb\u4e2d"),
    ("two halves of a character", user(character(0xd83d), character(0xde00)), "\U0001f600"),
    ("half a character", user("a", character(0xd83d), "b"), "a\ud83db"),
    ("text that is not parsed", user("a", cdata("<&>"), "b"), "a<&>b"),
    ("text that is not parsed alone", user(cdata("]]")), "]]"),
    ("an instruction between texts", user("a", instruction("x", "y"), "b"), "ab"),
    ("an element inside", user("a", Element("b", "c")), "a"),
    ("an attribute before", event(Element("User", "ada", kind="x"), SESSION_3), "ada"),
    ("references in plenty", user(*[character(0x30 + i % 10) for i in range(200)]),
     "0123456789" * 20),
    ("the first of two", event(Element("User", "a"), Element("User", "b"), SESSION_3), "a"),
    ("a long one", user("x" * 20000), "x" * 20000),
    ("in no element of that name", event(Element("Users", "a"), SESSION_3), ""),
    ("in EventData", event_data(("User", "ada"), ("SessionID", "3")), "ada"),
    ("in EventData, after fields of other names",
     event_data(("", "x"), ("Users", "y"), ("SessionID", "3"), ("User", "ada")), "ada"),
    ("in Data of UserData", event_data(("User", "ada"), ("SessionID", "3"), inner="EventXML"), "ada"),
    ("in an element of EventData", Element("Event", event().parts[0], Element(
        "EventData", Element("User", "ada"), SESSION_3)), "ada"),
    ("the Name of another element", event(Element("Other", "b", Name="User"), SESSION_3), ""),
    ("one level too deep", event(Element("Outer", Element("User", "a")), SESSION_3), ""),
]

# The session of a record; None: it has none, so that it is malformed.
SESSIONS = [
    ("SessionID", session(Element("SessionID", "3")), 3),
    ("SessionId", session(Element("SessionId", "4")), 4),
    ("Session", session(Element("Session", "5")), 5),
    ("sessionid", session(Element("sessionid", "5")), None),
    ("SessionID in EventData", event_data(("User", "u"), ("SessionID", "8")), 8),
    ("SessionId in EventData", event_data(("SessionId", "9")), 9),
    ("Session in EventData", event_data(("Session", "10")), 10),
    ("TSId in UserData", session(Element("TSId", "11")), 11),
    ("the first of two", session(Element("SessionID", "6"), Element("Session", "7")), 6),
    ("the largest", session(Element("SessionID", "4294967295")), 4294967295),
    ("larger than 32 bits", session(Element("SessionID", "4294967296")), None),
    ("larger than 64 bits", session(Element("SessionID", "18446744073709551617")), None),
    ("40 digits", session(Element("SessionID", "1" * 40)), None),
    ("zeros in front", session(Element("SessionID", "0000000003")), 3),
    ("negative", session(Element("SessionID", "-1")), None),
    ("a word", session(Element("SessionID", "three")), None),
    ("empty", session(Element("SessionID", "")), None),
    ("absent", session(), None),
]

# The event of a record; None: it is no event of a session; "malformed": it cannot be read.
EVENTS = [
    ("21", event(SESSION_3, event_id="21"), "Logon"),
    ("23", event(SESSION_3, event_id="23"), "Logoff"),
    ("24", event(SESSION_3, event_id="24"), "Disconnected"),
    ("25", event(SESSION_3, event_id="25"), "Connected"),
    ("22", event(SESSION_3, event_id="22"), None),
    ("with qualifiers", event(SESSION_3, event_id=Element("EventID", "21", Qualifiers="1")),
     "Logon"),
    ("of 32 bits", event(SESSION_3, event_id="65557"), None),
    ("of more than 32 bits", event(SESSION_3, event_id="4294967317"), "malformed"),
    ("no number", event(SESSION_3, event_id="logon"), "malformed"),
    ("of another provider", event(SESSION_3, provider="Other"), None),
    ("of a provider in other letters", event(SESSION_3, provider=LSM.upper()), None),
    ("in a document of another name", Element("Events", Element("EventID", "21")), "malformed"),
    ("in no System", Element("Event", Element("EventID", "21")), "malformed"),
    ("not there at all", Element("Event", Element("System", Element("Provider", Name=LSM))),
     "malformed"),
]


def read(dump_records, path, document):
    """The records of a log with this document between a boot and a shutdown."""
    documents = [event(event_id="32", record_id=1), document, event(event_id="54", record_id=3)]
    path.write_bytes(evtx_bytes.log_build(documents).data)
    records = evtx_oracle.dump_mapped(dump_records, [str(path)])[str(path)]
    problems = []
    if [each.get("marker") for each in records[:-1:max(1, len(records) - 2)]] != \
            ["boot", "shutdown"]:
        problems.append(f"its neighbours are not read: {records}")
    return [each for each in records[:-1] if each["marker"] not in ("boot", "shutdown")], problems


def text(record, key):
    return record.get(key, "").encode("latin-1").decode("utf-8", "surrogatepass")


def main():
    dump_records = sys.argv[1]
    report = Tap()
    with tempfile.TemporaryDirectory() as work:
        path = pathlib.Path(work) / "built.evtx"
        for name, document, want in USERS:
            found, problems = read(dump_records, path, document)
            have = [text(each, "user") for each in found]
            if have != [want]:
                problems.append(f"the user is {ascii(have)[:200]}, not {ascii(want)[:200]}")
            report.none(problems, f"a user: {name}")
        for name, document, want in SESSIONS:
            found, problems = read(dump_records, path, document)
            have = [each["session"] if each["kind"] == "event" else each["kind"] for each in found]
            if have != ["malformed" if want is None else want]:
                problems.append(f"the session is {have}, not {want}")
            report.none(problems, f"a session: {name}")
        for name, document, want in EVENTS:
            found, problems = read(dump_records, path, document)
            have = [evtx_oracle.EVENT_NAMES[each["event"]] if each["kind"] == "event"
                    else each["kind"] for each in found]
            if have != ([] if want is None else [want]):
                problems.append(f"the event is {have}, not {want}")
            report.none(problems, f"an event: {name}")
    return report.done()


if __name__ == "__main__":
    sys.exit(main())
