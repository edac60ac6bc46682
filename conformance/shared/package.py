# SPDX-License-Identifier: MIT
"""What the Python package returns, as the command writes it."""

import datetime

EPOCH = datetime.datetime(1601, 1, 1)


def time_text(ticks):
    """Up to seven digits, without zeros at the end."""
    whole = EPOCH + datetime.timedelta(seconds=ticks // 10**7)
    return whole.isoformat() + f".{ticks % 10**7:07}".rstrip("0").rstrip(".") + "Z"


def of_session(finding):
    """The members of the JSON of a finding that is about a session."""
    found = {"source": finding.source}
    if finding.incarnation:
        found["incarnation"] = finding.incarnation
        found["history"] = [
            {"event": past.event, "unseen": True} if past.file == "" else
            {"event": past.event, "line": past.line, **({"file": past.file} if past.file else {})}
            for past in finding.history]
        if finding.history_omitted:
            found["history_omitted"] = finding.history_omitted
    if finding.boot or finding.boot_ordinal:
        found["boot"] = finding.boot or finding.boot_ordinal
    if finding.observed is not None:
        found["observed"] = finding.observed
    if finding.swapped:
        found["legal_before"] = finding.history[-2].line
    if finding.repair:
        found["repair"] = {"action": finding.repair.action}
        if finding.repair.action == "insert":
            found["repair"]["events"] = list(finding.repair.events)
    return found


def as_json(finding):
    """The object that --format=json writes for a finding; it has no fingerprint."""
    found = {name: getattr(finding, name) for name in
             ("rule", "severity", "file", "line", "offset", "host", "session", "cascade", "message")}
    found |= {"event": finding.event if finding.session is not None else None, "belief": list(finding.belief),
              "allowed": list(finding.allowed)}
    found |= {name: getattr(finding, name) for name in ("driver", "io", "user", "address") if getattr(finding, name)}
    if finding.ticks is not None:
        found["time"] = time_text(finding.ticks)
    if finding.session is not None:
        found |= of_session(finding)
    if finding.witnesses:
        found["witnesses"] = [{"source": each.source, "file": each.file, "record": each.line} |
                              ({} if each.ticks is None else {"time": time_text(each.ticks)})
                              for each in finding.witnesses]
    if finding.suppression:
        found["suppression"] = {"kind": finding.suppression, "reason": finding.reason}
    return found


def wanted_findings(run):
    """What the command wrote, but for what the library does not know. Values outside enumerations are the same in both
    but for NO_EVENT and NO_STATE, which are numbers in these two rules."""
    for finding in run.findings:
        finding.pop("fingerprint")
        for rule, key in (("session/invalid-event", "event"), ("session/invalid-state", "observed")):
            if finding["rule"] == rule and finding.get(key) == "4294967295":
                finding[key] = None
                if key == "observed":
                    del finding[key]
        yield finding


def differences(got, wanted):
    got, wanted = list(got), list(wanted)
    if len(got) != len(wanted):
        yield f"{len(got)} instead of {len(wanted)}"
    for mine, theirs in zip(got, wanted):
        for key in sorted(mine.keys() | theirs.keys()):
            if mine.get(key) != theirs.get(key):
                yield f"{key}: {mine.get(key)!r} instead of {theirs.get(key)!r} in {theirs}"


def session_json(session):
    """The object that `timeline --sessions --format=ndjson` writes for a session."""
    times = {"first_seen": session.first_ticks, "last_seen": session.last_ticks, "created": session.created_ticks,
             "logon": session.logon_ticks, "logoff": session.logoff_ticks, "ended": session.ended_ticks}
    return {
        "kind": "session", "host": session.host, "boot": session.boot or session.boot_ordinal or None,
        "source": session.source, "session": session.session, "incarnation": session.incarnation or 0,
        **{name: None if ticks is None else time_text(ticks) for name, ticks in times.items()},
        "connected_seconds": session.connected_seconds, "disconnected_seconds": session.disconnected_seconds,
        "reconnects": session.reconnects, "users": list(session.users), "addresses": list(session.addresses),
        "clients": list(session.clients), "reasons": list(session.reasons), "verdict": session.verdict,
        "rule": "|".join(session.rules) or None, "severity": session.severity,
    }


def check_sessions(tap, command, name, paths, flags, result):
    timeline = command.run("timeline", "--sessions", "--format=ndjson", *flags, *map(str, paths))
    return tap.none(differences(map(session_json, result.sessions), timeline.objects),
                    f"{name}: {len(result.sessions)} sessions are those of the timeline")


def raised(call, *arguments, **options):
    try:
        call(*arguments, **options)
    except Exception as error:
        return type(error).__name__, str(error)
    return None, ""
