# SPDX-License-Identifier: MIT
"""Traces that are written as .evtx, and what a log must hold of them."""

from shared import evtx_oracle

START = "2026-01-02T03:04:"


def line(second, **pairs):
    """A line of a trace; values are quoted where they have to be."""
    pairs = {"time": f"{START}{second:010.7f}Z", "source": "lsm", **pairs}
    out = []
    for key, value in pairs.items():
        value = str(value)
        plain = value and not any(c in ' "\\' or ord(c) < 33 for c in value)
        out.append(f"{key}={value if plain else quoted(value)}")
    return " ".join(out)


def quoted(value):
    for character, escape in ("\\\\", '""', "\nn", "\rr", "\tt"):
        value = value.replace(character, "\\" + escape)
    return f'"{value}"'


def life(session, user, address, start, **more):
    """A session that logs on, is left, taken up again, and ends."""
    events = ("Logon", "Disconnected", "Connected", "Logoff", "Disconnected")
    return [line(start + i, session=session, user=user, address=address, event=event, **more)
            for i, event in enumerate(events)]


SCRIPTS = [
    "CONTOSO\\J\u00fcrgen", "\u041a\u041e\u041d\u0422\u041e\u0420\u0410\\\u0418\u0432\u0430\u043d",
    "\u4f1a\u793e\\\u592a\u90ce", "\u0645\u0643\u062a\u0628\\\u0639\u0645\u0631",
    "e\u0301\u200d\u200f", "tab\tfeed\r\nquote\" back\\slash", "a<b>&c;'\"d", "\u2028\u2029", " ",
]


def traces():
    """The traces by name, and whether evtxexport can show all that is in them."""
    boot, down = line(0, marker="boot"), line(59, marker="shutdown")
    yield "one life", [boot, *life(1, "CONTOSO\\ada", "LOCAL", 1), down], True
    yield "nothing at all", [], True
    yield "one record", [boot], True
    yield "hosts that change their name", [
        text for i, host in enumerate(("WIN-0", "DESKTOP-\u00c4", "WIN-0"))
        for text in [line(10 * i, marker="boot", host=host),
                     *life(i + 1, "u", "a", 10 * i + 1, host=host)]], True
    yield "markers", [
        boot, *life(1, "u", "a", 1)[:2],
        line(10, marker="reported", session=1, reason="CsrConnected,EvCsrInitialized,0x80070102"),
        "marker=gap", line(11, session=4294967295, event="Logon", user="max", address="a"),
        "marker=gap", "marker=gap", line(12, session=0, event="Logon", user="zero", address="a"),
        line(13, seq=100, session=0, event="Logoff", user="zero"),
        line(14, seq=101, session=0, event="Disconnected", user="zero", address="a"),
        line(13.5, marker="boot"), line(15, marker="shutdown"), "marker=gap"], True
    yield "empty and absent users", [
        boot, line(1, session=1, event="Logon", user="", address=""),
        line(2, session=2, event="Logon"), line(3, session=1, event="Logoff", user=""),
        line(4, session=1, event="Disconnected", address="only")], True
    yield "scripts", [boot] + [text for i, user in enumerate(SCRIPTS)
                               for text in life(i, user, user[::-1], 1 + i)], True
    yield "users of 1,000 characters", [boot] + [
        text for i, c in enumerate("x\u00fc\u592a")
        for text in life(i, c * 1000, c * 40, 1 + i)], True
    yield "several thousand records", [boot] + [
        line(i / 100, session=i % 50, event=("Logon", "Disconnected", "Connected")[i // 50 % 3],
             user=f"user{i % 50}", address="10.0.0.1") for i in range(5000)], True
    # from here on, what evtxexport or XML cannot show
    yield "beyond U+FFFE, and byte order marks", [boot] + [text for i, user in enumerate(
        ("\U0001f600", "a\U0001f600b", "\U0010ffff\U00010000", "\U00020bb7" * 20, "\uffff",
         "\ufeffa"))
        for text in life(i, user, user, 1 + i)], False
    yield "what XML escapes", [boot] + [text for i, user in enumerate("&<>'\"")
                                        for text in life(i, user, user, 1 + i)], False


def expected_read(native):
    """What the log must hold, of the records of the text: with record ids from 1, and gaps."""
    out, next_id, previous = [], 1, 0
    for record in native:
        if record["marker"] == "gap":
            next_id += 1
            continue
        next_id = record["seq"] if "seq" in record["keys"] else next_id
        fields = meaning(record)
        if next_id > previous + 1 and previous:
            out.append((next_id, "gap", record["time"], None, "", "", "",
                        f"{next_id - previous - 1} record{'s are' if next_id - previous > 2 else ' is'}"
                        " missing before this one"))
        out.append((next_id, *fields))
        previous = next_id
        next_id += 1
    return out


def meaning(record):
    """What a record says, in the words of the log."""
    event = evtx_oracle.EVENT_NAMES.get(record.get("event"))
    reason = record.get("reason", "")
    if record["marker"] == "reported":
        reason = ", ".join(reason.split(",")[:2]) + ", error " + reason.split(",")[2]
    of_session = event or record["marker"] == "reported"
    return (event or record["marker"], record["time"],
            record["session"] if of_session else None,
            record.get("user", "") if event else "",
            # a logoff has no address in the session manager's log
            record.get("address", "") if event and event != "Logoff" else "",
            record.get("host", "LOCALHOST"), reason)


def meaning_of_log(record, first):
    """A record that was read from a log, in the same form."""
    event = evtx_oracle.EVENT_NAMES.get(record.get("event"))
    of_session = event or record["marker"] == "reported"
    gap = record["marker"] == "gap"
    return (record["line"] - first + 1, event or record["marker"], record.get("time"),
            record["session"] if of_session else None, record.get("user", ""),
            record.get("address", ""), "" if gap else record.get("host", ""),
            record.get("reason", ""))


def differ(have, want):
    """How two lists differ."""
    for a, b in zip(have, want):
        if a != b:
            yield f"{a}, not {b}"
    if len(have) != len(want):
        yield f"{len(have)} records, not {len(want)}"
