#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The Kusto query and the SPL search find, in all short sequences of events, exactly those of which check reports a finding,
as far as shared/pipes.py reads these languages right. Argument: the command. Prints TAP.
"""

import random
import sys

from shared.command import Command
from shared.detections import BOOT, RUNGS, WINDOWS, letters_of, pack, verdicts, words
from shared.pipes import run_kusto, run_spl
from shared.sights import ILLEGAL, IMPLIED
from shared.tap import Tap

LENGTH = 5

# Where the session's id is: in XML, and in the text of a record.
XML = {"lsm": "<UserData><EventXML xmlns='Event_NS'><User>u</User><SessionID>{}</SessionID></EventXML></UserData>",
       "winlogon": '<EventData><Data Name="TSId">{}</Data><Data Name="UserSid">S-1-5-18</Data></EventData>'}
TEXT = "Remote Desktop Services:\n\nUser: u\nSession ID: {}\nSource Network Address: LOCAL"
CHANNEL = {"lsm": "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational", "winlogon": "System"}


def records(source, chosen, as_text):
    """(computer, number, provider, id, form) of each record; others come between, of other sessions on every second
    computer."""
    number = 0
    for computer, word in enumerate(chosen):
        for event in word:
            number += 1
            form = "" if event == BOOT else TEXT.format(1) if as_text else XML[source].format(1)
            yield (f"w{computer:05}", number, *WINDOWS[source][event], form)
            number += 1
            yield (f"w{computer:05}", number, WINDOWS[source]["Logon"][0], 40, XML[source].format(1))
            if (computer + as_text) % 2:
                continue
            number += 1
            # another session, which may log on at any time once
            yield (f"w{computer:05}", number, *WINDOWS[source]["Logon"], XML[source].format(1000 + number))
            number += 1
            # of no session
            yield (f"w{computer:05}", number, *WINDOWS[source]["Logoff"], "")


def found_by_kusto(text, source, chosen, as_text):
    table = [{"TimeGenerated": number, "Computer": computer, "EventLog": CHANNEL[source], "Source": provider, "EventID": code,
              "EventData": "" if as_text else form, "RenderedDescription": form if as_text else ""}
             for computer, number, provider, code, form in records(source, chosen, as_text)]
    # of another log
    table += [{**row, "EventLog": "Application"} for row in table[::7]]
    random.Random(1).shuffle(table)
    return [(row["Computer"], row["Rule"]) for row in run_kusto(text, {"Event": table})]


def found_by_spl(text, source, chosen, as_text):
    # the add-on's fields of the two forms of records
    names = ("SourceName", "RecordNumber", "Name", "EventRecordID") if as_text else \
        ("Name", "EventRecordID", "SourceName", "RecordNumber")
    rows = [{"host": computer, names[0]: provider, names[1]: number, names[2]: None, names[3]: None, "EventCode": code,
             "_raw": form} for computer, number, provider, code, form in records(source, chosen, as_text)]
    random.Random(1).shuffle(rows)
    return [(row["host"], row["rule"]) for row in run_spl(text, rows)]


def check(tap, command, language, run):
    for source in WINDOWS:
        chosen = words(letters_of(source), LENGTH)
        judged = verdicts(command, source, chosen)
        text = pack(command, language, source)
        for as_text in ([False, True] if source == "lsm" else [False]):
            found = {rule: set() for rule in RUNGS}
            for host, rule in run(text, source, chosen, as_text):
                found[rule].add(chosen[int(host[1:])])
            tap.same((sorted(found[ILLEGAL] ^ judged[ILLEGAL])[:5],
                      sorted((found[ILLEGAL] | found[IMPLIED]) ^ (judged[ILLEGAL] | judged[IMPLIED]))[:5]), ([], []),
                     f"{source}, {language}, {'text' if as_text else 'XML'}: it agrees with check on {len(chosen)} sequences")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    check(tap, command, "kql", found_by_kusto)
    check(tap, command, "spl", found_by_spl)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
