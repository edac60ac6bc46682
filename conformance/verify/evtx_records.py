# SPDX-License-Identifier: MIT
"""Reads Windows event logs for the verifier: through evtxexport of libevtx, which shares nothing with the checker. What
the records mean is transcribed from docs/formats.md, section ".evtx", which names the documents of Microsoft. A log is
read as the one channel of one computer that it is of; the verifier refuses what that does not explain."""

import datetime
import re
import subprocess
import xml.etree.ElementTree

SPACE = "{http://schemas.microsoft.com/win/2004/08/events/event}"
LSM, WINLOGON = "Microsoft-Windows-TerminalServices-LocalSessionManager", "Microsoft-Windows-Winlogon"
PROFILES, RDP = "Microsoft-Windows-User Profiles Service", "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS"
EVENTS = {(LSM, 21): "Logon", (LSM, 23): "Logoff", (LSM, 24): "Disconnected", (LSM, 25): "Connected",
          (WINLOGON, 7001): "Logon", (WINLOGON, 7002): "Logoff", (RDP, 66): "Connected",
          (PROFILES, 1): "Logon", (PROFILES, 2): "Logon", (PROFILES, 3): "Logoff", (PROFILES, 4): "Logoff"}
MARKERS = {(LSM, 32): "boot", (LSM, 54): "shutdown", (LSM, 36): "reported", (LSM, 37): "reported",
           ("Microsoft-Windows-Kernel-General", 12): "boot", ("EventLog", 6005): "service"}
SOURCES = {LSM: "lsm", WINLOGON: "winlogon", PROFILES: "profile", RDP: "rdp"}
# Event of Winlogon's 811; each subscriber is told, and one that is not ready is told again within so many seconds
NOTIFIED = {"0": "Created", "1": "Terminated", "2": "Logon", "3": "Logoff", "8": "Disconnected", "9": "Connected"}
AGAIN_SECONDS, AGAIN_RECORDS = 10, 8
SESSION_FIELDS = ("SessionID", "SessionId", "Session", "TargetSession", "TSId")

def exported(path):
    """The records of a log by their EventRecordID: [(id, provider, event, process, seconds, fields), ...]."""
    command = ["evtxexport", "-f", "xml", path]
    run = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if run.returncode != 0:
        raise ValueError(f"evtxexport cannot read {path}")
    text, records = run.stdout.decode("utf-8", "replace"), {}
    for part in re.split(r"(?m)^(?=<Event xmlns=)", text)[1:]:
        event = xml.etree.ElementTree.fromstring(part)
        system = {element.tag.removeprefix(SPACE): element for element in event.find(SPACE + "System")}
        fields = {}
        for data in [data for name in ("EventData", "UserData") for group in event.findall(SPACE + name) for data in
                     (group if name == "EventData" else [leaf for inner in group for leaf in inner])]:
            fields.setdefault(data.get("Name") or data.tag.rpartition("}")[2], data.text or "")
        moment, fraction = re.fullmatch(r"(\S+?)(\.\d+)?Z", system["TimeCreated"].get("SystemTime")).groups()
        process = system["Execution"].get("ProcessID") if "Execution" in system else None
        writer = system["Security"].get("UserID") if "Security" in system else None
        fields.setdefault("Security", writer or "")
        records[int(system["EventRecordID"].text)] = (
            system["Provider"].get("Name"), int(system["EventID"].text), process,
            datetime.datetime.fromisoformat(moment).timestamp() + float(fraction or 0), fields)
    return [(number, *record) for number, record in sorted(records.items())]

class Repeats:
    """What Winlogon and the User Profile Service have told already."""

    def __init__(self):
        self.told, self.begun = {}, set()

    def of_winlogon(self, process, number, event, seconds, subscriber):
        """Whether the event was told before, of the session of that process."""
        last_event, last_number, last_seconds, others = self.told.get(process, (None, 0, 0, set()))
        another = subscriber and subscriber not in others and number - last_number <= AGAIN_RECORDS
        again = event == last_event and (abs(seconds - last_seconds) <= AGAIN_SECONDS or another)
        self.told[process] = (event, number, seconds, (others if again else set()) | {subscriber} - {None})
        return again

    def of_profiles(self, session, event):
        """Whether it completes one that was told: 2 and 4 complete 1 and 3."""
        begin = (session, event - (event + 1) % 2)
        done = event % 2 == 0 and begin in self.begun
        (self.begun.add if event % 2 else self.begun.discard)(begin)
        return done

def user_of(provider, fields):
    """Who logs on or off; the User Profile Service writes its records for that user."""
    if provider == PROFILES:
        return fields["Security"] if fields["Security"].upper().startswith(("S-1-5-21-", "S-1-12-1-")) else ""
    return fields.get({LSM: "User", WINLOGON: "UserSid"}.get(provider), "")

def meaning(repeats, number, provider, event, process, seconds, fields):
    """The pairs of a record as those of a text trace; None if it means nothing for a session."""
    session = next((fields[name] for name in SESSION_FIELDS if name in fields), None)
    if (provider, event) == (WINLOGON, 811):
        name = NOTIFIED.get(fields.get("Event"))
        if not name or repeats.of_winlogon(process, number, name, seconds, fields.get("SubscriberName")):
            return None
        return {"event": name, "session": process, "source": "winlogon-operational"}
    if (provider, event) == (LSM, 38):
        names = [fields.get(name, "") for name in ("EventName", "PreviousStateName", "NewStateName")]
        pairs = dict(zip(("event", "from", "to"), names), session=session, source="wdm")
        return pairs if all(name and not name[0].isdigit() for name in names) else None
    if (provider, event) in MARKERS:
        marker = MARKERS[provider, event]
        return {"marker": marker, **({"session": session, "source": "lsm"} if marker == "reported" else {})}
    name = EVENTS.get((provider, event))
    if not name or (provider == PROFILES and repeats.of_profiles(session, event)):
        return None
    return {"event": name, "session": session, "source": SOURCES[provider], "user": user_of(provider, fields)}

def read(path):
    """The records that mean something for a session, as pairs of a text trace: [(id, pairs), ...]. marker=missing: so
    many are missing before the next one; marker=service: the log's service had started without the host, and anything
    can be missing."""
    repeats, found, before, booted, busy, service = Repeats(), [], None, False, False, False
    for number, *record in exported(path):
        if before is not None and number > before + 1:
            found.append((number, {"marker": "missing", "x-lost": number - before - 1}))
        before = number
        pairs = meaning(repeats, number, *record)
        if not pairs:
            continue
        marker = pairs.get("marker")
        if marker == "service":
            # with a boot that is before it, or after it
            service |= busy or not booted
            continue
        if marker == "boot":
            booted, busy, service = True, False, False
        elif "session" in pairs:
            if service:
                found.append((number, {"marker": "service"}))
            busy, service = True, False
        found.append((number, pairs))
    return found
