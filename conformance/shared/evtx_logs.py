# SPDX-License-Identifier: MIT
"""Logs of any channels and computers, for tests of what their records mean together."""

import datetime
import json
import struct
import subprocess

from shared import evtx_bytes
from shared.evtx_bytes import CHUNK, FILE_HEADER, RECORDS_BEGIN, Element, Log

LSM = "Microsoft-Windows-TerminalServices-LocalSessionManager"
OPERATIONAL, DEBUG, SYSTEM = f"{LSM}/Operational", f"{LSM}/Debug", "System"
WINLOGON, KERNEL, EVENTLOG = "Microsoft-Windows-Winlogon", "Microsoft-Windows-Kernel-General", "EventLog"

EPOCH = datetime.datetime(1601, 1, 1)
START = datetime.datetime(2026, 3, 2, 8)

# The providers of the System log by the ids that matter here.
PROVIDERS = {12: KERNEL, 13: KERNEL, 6005: EVENTLOG, 6006: EVENTLOG, 6008: EVENTLOG, 7001: WINLOGON, 7002: WINLOGON}


class Event:
    """A record: its id, and what else it says. @own is the EventRecordID of its document, None: that of its frame."""

    def __init__(self, event, session=None, own=None, computer="RDS-01", second=None, user=None, address=None,
                 channel=None, names=None):
        self.event, self.session, self.own, self.computer = event, session, own, computer
        self.second, self.user, self.address, self.names = second, user, address, names
        self.channel = channel or (DEBUG if event == 38 else OPERATIONAL if event < 64 and event not in PROVIDERS
                                   else SYSTEM)

    def document(self, number):
        """The document of the record that is @number in its file."""
        when = START + datetime.timedelta(seconds=number if self.second is None else self.second)
        provider = PROVIDERS.get(self.event, LSM if self.channel != SYSTEM else "Other")
        system = Element("System", Element("Provider", Name=provider), Element("EventID", str(self.event)),
                         Element("TimeCreated", SystemTime=when.isoformat(timespec="microseconds") + "Z"),
                         Element("EventRecordID", str(number if self.own is None else self.own)),
                         Element("Channel", self.channel), Element("Computer", self.computer))
        return Element("Event", system, *self.data())

    def data(self):
        if self.session is None:
            return []
        if self.channel == SYSTEM:
            return [Element("EventData", Element("Data", str(self.session), Name="TSId"),
                            Element("Data", self.user or "S-1-5-21-1-2-3-1001", Name="UserSid"))]
        fields = [Element("SessionID", str(self.session))]
        if self.names:
            fields += [Element(name, text) for name, text in
                       zip(("PreviousStateName", "EventName", "NewStateName"), self.names)]
        else:
            fields.insert(0, Element("User", self.user or "LAB\\anna"))
        if self.address:
            fields.append(Element("Address", self.address))
        return [Element("UserData", Element("EventXML", *fields, xmlns="Event_NS"))]


def build(events, first=1, numbers=None):
    """A log of @events; the ids of its frames count from @first, or are @numbers."""
    numbers = numbers or range(first, first + len(events))
    time = int((START - EPOCH).total_seconds()) * 10**7
    data, chunks, left = bytearray(FILE_HEADER), 0, list(zip(numbers, events))
    while left or chunks == 0:
        chunk, place, last, ids = bytearray(CHUNK), RECORDS_BEGIN, RECORDS_BEGIN, []
        while left:
            number, event = left[0]
            record = evtx_bytes.record_bytes(place, number, time + number * 10**7, event.document(number))
            if place + len(record) > CHUNK:
                break
            chunk[place:place + len(record)] = record
            last, place = place, place + len(record)
            ids.append(number)
            left.pop(0)
        chunk[:8] = b"ElfChnk\0"
        struct.pack_into("<QQQQIII", chunk, 8, ids[0], ids[-1], ids[0], ids[-1], 128, last, place)
        data += chunk
        chunks += 1
    data[:8] = b"ElfFile\0"
    log = Log(data)
    log.put(24, "QIHHH", max(numbers) + 1, 128, 1, 3, FILE_HEADER)
    for chunk in range(1, chunks + 1):
        log.seal(chunk)
    return bytes(log.count_set(chunks).data)


class Checked:
    """What check says of a log."""

    def __init__(self, command, path, *options):
        done = subprocess.run([command, "check", "--no-config", "--format=json", "--rule=unfinished=off", *options,
                               str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        lines = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
        self.status, self.findings, self.summary = done.returncode, lines[:-1], lines[-1]["summary"]
        self.error = done.stderr.decode("utf-8", "replace")
        self.sessions = self.summary["sessions"]

    def rules(self, *only):
        """(line, rule without its group) of each finding."""
        found = [(finding["line"], finding["rule"].split("/")[1]) for finding in self.findings]
        return [each for each in found if not only or each[1] in only]

    def verdicts(self):
        return tuple(self.sessions[key] for key in ("conforming", "violating", "undetermined"))

    def __str__(self):
        return f"status {self.status}, {self.verdicts()}, {self.findings}"


def check(command, folder, events, *options, **how):
    """Writes a log of @events and checks it."""
    path = folder / "log.evtx"
    path.write_bytes(build(events, **how))
    return Checked(command, path, *options)
