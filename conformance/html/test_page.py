#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The page of --format=html without a browser: its policy, its data against --format=json, and that all of it is
bounded. Arguments: the command, the root of the source. Prints TAP.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import unicodedata

from shared import memory
from shared.command import STATUS_FAILED, Command
from shared.folder import Folder
from shared.pages import MAKE_MANY, SEVERITIES, Page, digest, make, ticks
from shared.report_traces import PARTS, PAYLOADS, hostile, many
from shared.tap import Tap


def plain(text):
    return all(unicodedata.category(sign) not in ("Cc", "Cf", "Cn", "Zl", "Zp", "Cs") for sign in text) \
        and "\ufffd" not in text and len(text) < 2000 and "##" not in text


def check_policy(tap, page, name):
    policy = page.policy()
    style = [text for _, _, text in page.elements.all("style")]
    run = [text for _, attributes, text in page.elements.all("script")
           if "type" not in attributes or "javascript" in attributes["type"]]
    tap.same((policy["default-src"], policy["style-src"], policy["script-src"]),
             ("'none'", digest(style[0]), digest(run[0])), f"{name}: the policy allows this style and this script alone")
    tap.same((len(style), len(run)), (1, 1), f"{name}: one style, one script")
    tap.same(policy["require-trusted-types-for"], "'script'", f"{name}: text cannot become elements")
    outside = [(tag, key, value) for tag, attributes, _ in page.elements.found for key, value in attributes.items()
               if key in ("src", "srcset", "data", "action", "style", "background") or key.startswith("on")
               or key in ("href", "xlink:href") and not value.startswith("#")]
    tap.same(outside, [], f"{name}: nothing is loaded, no style and no script in attributes")
    tap.ok(not re.search(r"[<>&\u2028\u2029]", page.json), f"{name}: the data cannot end its element")


def expected(finding):
    return {
        **{key: finding[key] for key in ("rule", "severity", "cascade", "line", "offset", "belief", "allowed")},
        "time": ticks(finding["time"]) if "time" in finding else None,
        "session": -1 if finding["session"] is None else finding["session"],
    }


def check_data(tap, command, trace, name, *arguments):
    """What the page holds is what --format=json tells."""
    page, told = make(command, trace, *arguments), command.check(trace, *arguments)
    found = list(page.findings())
    keys = expected(told.findings[0]) if told.findings else ()
    tap.same([{key: finding[key] for key in keys} for finding in found], [expected(finding) for finding in told.findings],
             f"{name}: the findings of --format=json")
    texts = [(key, mine[key], other[key] or "") for mine, other in zip(found, told.findings)
             for key in ("file", "host", "message") if plain(other[key] or "")]
    tap.same([text for text in texts if text[1] != text[2]], [], f"{name}: and their text")
    lines = [([line for _, line in mine["history"]], [past["line"] for past in other.get("history", ())])
             for mine, other in zip(found, told.findings)]
    tap.same([pair for pair in lines if pair[0] != pair[1]], [], f"{name}: and their history")
    summary, totals = told.summary, page.data["totals"]
    tap.same({key: totals[key] for key in summary if key in totals}, {key: summary[key] for key in summary if key in totals},
             f"{name}: the totals")
    sessions = summary["sessions"]
    tap.same(({key: totals[key] for key in sessions}, [totals[f"{severity}s"] for severity in SEVERITIES[:0:-1]]),
             (sessions, [summary["severities"][severity] for severity in SEVERITIES[:0:-1]]),
             f"{name}: sessions and severities")
    tap.same({rule["name"]: rule["count"] for rule in page.data["rules"] if rule["count"]}, summary["findings"],
             f"{name}: the rules")
    tap.same(page.data["status"], told.status, f"{name}: the exit status")
    tap.same(set(page.data["omitted"].values()), {0}, f"{name}: nothing is left out")
    check_policy(tap, page, name)
    return page


def check_incarnations(tap, command):
    """An incarnation is shown step by step."""
    trace = b"".join(b"session=1 event=%s\n" % event for event in
                     (b"Created", b"Connected", b"Logon", b"Disconnected", b"Logoff", b"Terminated", b"Created"))
    data = make(command, trace).data
    tap.same((data["incarnations"]["session"], data["incarnations"]["incarnation"], data["incarnations"]["slices"]), ([1, 1], [1, 2], [6, 1]),
             "incarnations: the id has two, with their steps")
    tap.same(data["slices"]["event"], [1, 3, 5, 4, 6, 2, 1], "incarnations: the events")
    tap.same(data["slices"]["after"], [1, 4, 32, 16, 8, 128, 1], "incarnations: the states after them")
    tap.same(data["incarnations"]["beginTime"], [None, None], "incarnations: no time")
    data = make(command, b"session=1 event=Created\nmarker=gap\nsession=1 event=Logon\n").data
    tap.same((data["slices"]["kind"], data["slices"]["after"][1]), ([0, 2, 0], 255), "incarnations: a gap leaves any state")
    data = make(command, b"session=1 event=Conn3cted\n").data
    tap.same(data["incarnations"]["session"], [], "incarnations: none without a step")
    times = "2026-03-02T08:00:00Z", "2026-03-02T08:10:00Z"
    data = make(command, "session=1 event=Created\ntime={} session=1 event=Connected\ntime={} session=1 event=Logon\n"
                "session=1 event=Logoff\n".format(*times).encode()).data
    tap.same([data["incarnations"][name][0] + int(data["base"] or 0) for name in ("beginTime", "endTime")
              if data["incarnations"][name][0] is not None], [*map(ticks, times)],
             "incarnations: from the first known time to the last")


def check_bounds(tap, command):
    """A page does not grow with what there is to tell, keeps the gravest, and counts the rest."""
    notes = b"".join(b"seq=%d session=1 event=Ignore\n" % (3 * i) for i in range(1, 110_000))
    page = make(command, notes + b"session=9 event=7\n")
    kept = [SEVERITIES[severity] for severity in page.data["findings"]["severity"]]
    tap.same((len(kept), kept.count("error")), (100_000, 1), "bounds: 100,000 findings, the error among them")
    total = page.data["totals"]
    tap.same(page.data["omitted"]["notes"], total["notes"] + total["errors"] + total["warnings"] - 100_000,
             "bounds: what is left out is counted")
    lives = b"".join(b"host=A session=%d event=Created\nhost=A session=%d event=Terminated\n" % (i, i) for i in range(1, 25_000))
    page = make(command, lives + b"host=A session=30000 event=Logon\nhost=A session=30000 event=Terminated\n")
    sessions = page.data["incarnations"]["session"]
    tap.same((len(sessions), 30000 in sessions, page.data["omitted"]["incarnations"]), (20_000, True, 5_000),
             "bounds: 20,000 incarnations, with the one that has a finding")
    long = b"session=1 event=Created\nsession=1 event=Connected\n" \
        + b"session=1 event=Disconnected\nsession=1 event=Connected\n" * 2000
    data = make(command, long).data
    tap.ok(data["incarnations"]["slices"][0] <= 512 and data["incarnations"]["slices"][0] + data["incarnations"]["omitted"][0] == 4002,
           "bounds: the last steps of a long incarnation; the others are counted", data["incarnations"])
    value = b"x" * 60_000
    page = make(command, b"".join(b"host=%d%s session=1 event=Logon\n" % (i, value) for i in range(600)))
    tap.ok(len(page.text) < 4_000_000 and "bytes more)" in page.json, "bounds: long text is cut, and says so",
           len(page.text))
    value = b"".join(b"\\u0001" for _ in range(1500))
    page = make(command, b"".join(b"host=\"%d%s\" session=1 event=Logon\n" % (i, value) for i in range(3000)))
    tap.ok(len(page.text) < 20_000_000 and page.data["omitted"]["errors"] > 0,
           "bounds: signs that are escaped count as what they take", len(page.text), page.data["omitted"])


def check_memory(tap, command):
    """Ten times as many incarnations take no more memory once a page is full."""
    if command.sanitized or not os.path.exists("/proc/self/status"):
        tap.skip("memory", "a sanitizer keeps what was freed" if command.sanitized else "there is no /proc")
        return
    memory.OPTIONS = ("check", "--quiet", "--format=html", "--rule=unfinished=off", "-")
    peaks = []
    for lives in (100_000, 1_000_000):
        peak, judged, status, _ = memory.measure(command, memory.one_after_another(lives))
        tap.same((judged, status), (2 * lives, 0), f"memory: {lives} incarnations are judged and legal")
        peaks.append(peak)
    tap.ok(peaks[1] - peaks[0] < memory.GROWTH_MAX,
           f"memory: less than 1 MiB more ({peaks[0] / 1e6:.1f} MB, {peaks[1] / 1e6:.1f} MB)")


def check_columns(tap, command):
    """A column with one value for all rows has it once; what is read back is the same."""
    record = b"host=%s session=%d event=Logon\n"
    same, other = (make(command, record % (b"A", 1) + record % (last, 2)) for last in (b"A", b"B"))
    raw = [json.loads(page.json)["findings"]["host"] for page in (same, other)]
    tap.ok(isinstance(raw[0], dict) and isinstance(raw[1], list), "columns: the same host is written once, two are not", raw)
    hosts = [[finding["host"] for finding in page.findings() if finding["rule"] == "session/illegal-transition"] for page in (same, other)]
    tap.same(hosts, [["A", "A"], ["A", "B"]], "columns: each finding has its host")
    tap.same(json.loads(make(command, b"session=1 event=Created\n").json)["annotations"]["host"], [], "columns: of no rows there is nothing")


def check_size(tap, command):
    """10,000 sessions with 100,000 findings are below 20 MB."""
    if command.sanitized:
        tap.skip("size", "under a sanitizer that takes its time")
        return
    trace = subprocess.run([sys.executable, MAKE_MANY, "10000", "18"], check=True, capture_output=True).stdout
    out = command.run("check", "-q", "--format=html", "-", input=trace).out
    page = Page(out)
    tap.ok(len(out) < 20_000_000, f"size: {len(out) / 1e6:.1f} MB")
    tap.same((len(page.data["findings"]["rule"]), len(page.data["incarnations"]["session"])), (100_000, 10_000),
             "size: of 100,000 findings and 10,000 sessions")


def main():
    tap = Tap()
    command, root = Command(sys.argv[1], tap), pathlib.Path(sys.argv[2])
    check_data(tap, command, PARTS.read_bytes(), "parts")
    for name, payload in PAYLOADS.items():
        check_data(tap, command, hostile(payload), name)
    check_data(tap, command, many(3).encode(), "strict", "--strict")
    check_data(tap, command, (root / "traces" / "driver" / "broken.trace").read_bytes(), "driver")
    check_data(tap, command, b"time=1601-01-01T00:00:00Z session=1 event=Logon\n"
               b"time=9999-12-31T23:59:59.9999999Z session=1 event=Logon\n", "times far from each other")
    check_data(tap, command, b"session=1 event=Created\nsession=1 event=Terminated\n", "nothing")
    check_incarnations(tap, command)
    with Folder() as folder:
        result = command.run("check", "-q", f"--output=html:{folder.path / 'x' / 'y.html'}", "-", input=b"")
        tap.ok(result.status == STATUS_FAILED and "y.html" in result.error, "a page that cannot be written is told", result)
        check_bounds(tap, command)
        check_memory(tap, command)
        check_columns(tap, command)
    check_size(tap, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
