#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What holds of every trace, tried on random ones: it does not matter how the records are spelt, nor what other hosts
and other sessions do; --strict changes no violation; each finding is sound by itself. Argument: the command.
Prints TAP.
"""

import json
import random
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS, Command, places
from shared.sights import ILLEGAL, WRONG_STATE
from shared.table import EVENTS, STATES
from shared.tap import Tap

TRACES = 100
SOURCES = ("wdm", "wdm", "wdm", "wts", "sens", "lsm", "winlogon",
           "winlogon-operational", "profile", "rdp", "account")
# "What each vocabulary shows, of the six events"
SHOWN = {"wdm": EVENTS, "wts": EVENTS, "sens": EVENTS[2:], "lsm": EVENTS[2:], "winlogon": EVENTS[4:],
         "winlogon-operational": EVENTS, "profile": EVENTS[4:], "rdp": ("Connected",), "account": EVENTS}
BAD_STATES = ("Max", "0", "10")
UNEXPLAINED = (ILLEGAL, WRONG_STATE, "session/invalid-event", "session/invalid-state")


def state(source):
    return source.choice(STATES) if source.random() < 0.9 else source.choice(BAD_STATES)


def record(source, everything):
    """A record of any kind, without a number or a time of its own: those tie the records of a host together. With
    @everything also events that its source never shows: the model's names are read in every source."""
    found = {"host": source.choice("ab")}
    kind = source.random()
    if kind < 0.06:
        found["marker"] = source.choice(("boot", "shutdown", "gap", "end"))
        return found
    found.update(session=str(source.randrange(3)), source=source.choice(SOURCES))
    if kind < 0.08:
        found.update(marker="reported", reason="x")
    elif kind < 0.2:
        found["state"] = state(source)
    else:
        names = EVENTS if everything else SHOWN[found["source"]]
        found["event"] = source.choice(names if source.random() < 0.95 else ("Ignore", "Max"))
        if source.random() < 0.15:
            found["from"] = state(source)
        if source.random() < 0.15:
            found["to"] = state(source)
    return found


def logfmt(records):
    """An empty line for each record that is none, so that the others keep their lines."""
    return "".join(" ".join(f"{key}={value}" for key, value in found.items()) + "\n" if found else "\n"
                   for found in records)


def ndjson(records):
    return "".join(json.dumps(found) + "\n" if found else "\n" for found in records)


def bare(findings, *without):
    """The findings without what depends on the bytes, in the order of their sessions."""
    kept = [{key: value for key, value in finding.items() if key not in ("offset", "file", *without)}
            for finding in findings]
    return sorted(kept, key=lambda finding: (finding["host"], finding["line"], finding["message"]))


def only(records, wanted):
    return [found if wanted(found) else None for found in records]


def unsound(finding):
    """What is wrong with a finding by itself."""
    if finding["rule"].startswith("session/") and not finding.get("belief"):
        return f"no state is believed in: {finding}"
    if finding["rule"] == "session/illegal-transition" and finding["event"] in finding["allowed"]:
        return f"what is illegal is allowed: {finding}"
    if "history" in finding and [past["line"] for past in finding["history"]] != sorted(
            past["line"] for past in finding["history"]):
        return f"a history that is not in order: {finding}"
    return None


def changed_by_strict(lenient, strict):
    """What --strict changes and should not. It changes severities; and in wts and in accounts, where an end that was not shown explains
    a reconnect by the published table, the explanation. What nothing explains stays what it is."""
    problems = []
    # a fingerprint counts findings that are alike, those of wts and of accounts among them
    if not_explained_otherwise(bare(strict, "severity", "fingerprint")) != not_explained_otherwise(bare(lenient, "severity", "fingerprint")):
        problems.append("--strict changes more than severities")
    if places(strict, *UNEXPLAINED) != places(lenient, *UNEXPLAINED):
        problems.append("--strict changes what nothing explains")
    return problems


def not_explained_otherwise(findings):
    return [finding for finding in findings if finding.get("source") not in ("wts", "account")]


def check_trace(command, records):
    """What does not hold of the records."""
    problems = []
    # a part of a trace can hold nothing to judge
    options = ["--rule=nothing-judged=off", *random.Random(len(records)).choice(([], ["--start=unknown"]))]
    result = command.check(logfmt(records), *options)
    if result.status not in (STATUS_CLEAN, STATUS_FINDINGS, STATUS_FAILED) or not result.out:
        return [f"no report: {result}"]
    whole = bare(result.findings)
    problems += filter(None, map(unsound, whole))
    if bare(command.check(ndjson(records), *options).findings) != whole:
        problems.append("NDJSON says something else")
    problems += changed_by_strict(result.findings, command.check(logfmt(records), "--strict", *options).findings)
    for host in "ab":
        alone = command.check(logfmt(only(records, lambda found, host=host: found["host"] == host)), *options)
        if bare(alone.findings) != [finding for finding in whole if finding["host"] == host]:
            problems.append(f"host {host} alone is another one")
        for session in "012":
            alone = command.check(logfmt(only(records, lambda found, host=host, session=session: found["host"] == host
                                              and found.get("session", session) == session)), *options)
            own = [finding for finding in whole if finding["host"] == host
                   and finding["session"] in (None, int(session))]
            if bare(alone.findings) != own:
                problems.append(f"session {session} of host {host} alone is another one")
    return problems


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    for seed in command.sampled(range(TRACES)):
        source = random.Random(seed)
        records = [record(source, seed % 4 == 0) for _ in range(source.randrange(1, 120))]
        problems = check_trace(command, records)
        tap.ok(not problems, f"random trace {seed}, {len(records)} records", *problems, logfmt(records))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
