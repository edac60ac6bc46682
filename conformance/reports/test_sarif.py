#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""SARIF: what code scanning demands and how results are told apart. The schemas and Microsoft's validator have their
say in ../outside/. Arguments: the command, trace_to_evtx. Prints TAP.
"""

import json
import pathlib
import re
import subprocess
import sys

from shared.command import STATUS_FAILED, STATUS_FINDINGS, Command
from shared.folder import Folder
from shared.report_traces import PARTS, PAYLOADS, hostile, many, told_in_text
from shared.tap import Tap

# The headings of docs/rules.md, as web servers of repositories make anchors of them.
ANCHORS = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in re.findall(
    "^#+ (.*)", (pathlib.Path(__file__).resolve().parent.parent.parent / "docs" / "rules.md").read_text(), re.M)}

LEVELS = ("error", "warning", "note")


def sarif_of(result):
    return json.loads(result.out.decode("utf-8"))["runs"][0]


def run(command, trace, *options, **more):
    return command.run("check", "-q", "--format=sarif", *options, "-",
                       input=trace if isinstance(trace, bytes) else trace.encode(), **more)


def trouble_with_location(location):
    """What code scanning would refuse of a location."""
    region, uri = location["physicalLocation"]["region"], location["physicalLocation"]["artifactLocation"]["uri"]
    if any(not isinstance(region.get(key), int) or not 1 <= region[key] < 2**31
           for key in ("startLine", "startColumn", "endLine", "endColumn")):
        return f"region {region}"
    return None if re.fullmatch(r"(file:///)?([A-Za-z0-9._~/-]|%[0-9A-F]{2})+", uri) else f"uri {uri}"


def troubles(log):
    """What the standard and code scanning demand and the log does not have."""
    found = [key for key in ("$schema", "version", "runs") if key not in log]
    found += ["version"] if log["version"] != "2.1.0" or "sarif-schema-2.1.0.json" not in log["$schema"] else []
    driver, results = log["runs"][0]["tool"]["driver"], log["runs"][0]["results"]
    rules = [rule["id"] for rule in driver["rules"]]
    found += [] if re.match("https://[a-z0-9./-]+$", driver.get("informationUri", "")) else ["informationUri"]
    found += [key for key in ("name", "fullName", "version") if not driver.get(key)]
    for rule in driver["rules"]:
        for key in ("shortDescription", "fullDescription", "help"):
            found += [] if rule[key]["text"] else [f"{rule['id']}: {key}"]
    for result in results:
        found += [] if result["message"]["text"] and result["level"] in LEVELS else [f"result {result}"]
        found += [] if rules[result["ruleIndex"]] == result["ruleId"] else [f"ruleIndex {result}"]
        flows = [step["location"] for flow in result.get("codeFlows", []) for thread in flow["threadFlows"]
                 for step in thread["locations"]]
        found += filter(None, map(trouble_with_location, result["locations"] + flows))
        found += [] if len(result["locations"]) == 1 and len(flows) <= 1000 else ["too many locations"]
    prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]
    found += [] if len(set(prints)) == len(prints) else ["fingerprints are not unique"]
    return found


def check_findings(tap, command):
    """The results are the findings of JSON, in their order."""
    for trace in (PARTS.read_bytes(), b"session=1 event=Created\nsession=1 event=Terminated\n",
                  *map(hostile, PAYLOADS.values())):
        result, plain = run(command, trace), command.check(trace)
        log = json.loads(result.out)
        tap.same(troubles(log), [], "what the standard and code scanning demand is there")
        told = [(entry["ruleId"], entry["level"], entry["locations"][0]["physicalLocation"]["region"]["startLine"])
                for entry in log["runs"][0]["results"]]
        tap.same(told, [(finding["rule"], finding["severity"], finding["line"] or 1) for finding in plain.findings],
                 f"{len(told)} results, which are the findings")
        messages = [entry["message"]["text"] for entry in log["runs"][0]["results"]]
        tap.ok(not any(re.search(r"(?<!\\)[\[\]]|(?<!\{)(\{\{)*\{(?!\{)", message) for message in messages),
               "no message has a link or a place to fill in", *messages)
        tap.same([re.sub(r"\\([\[\]])", r"\1", message).replace("{{", "{").replace("}}", "}") for message in messages],
                 [text for _, text in told_in_text(command, trace)], "messages are those of the text format")
        flows = [[step["location"]["message"]["text"] for step in entry["codeFlows"][0]["threadFlows"][0]["locations"]]
                 for entry in log["runs"][0]["results"] if "codeFlows" in entry]
        tap.same(flows, [[past["event"] for past in finding["history"]] for finding in plain.findings
                         if finding.get("history")], "histories are flows")
        invocation = log["runs"][0]["invocations"][0]
        tap.same((invocation["exitCode"], invocation["executionSuccessful"]),
                 (plain.status, plain.status != STATUS_FAILED), "the invocation tells how it ended")


def check_rules(tap, command):
    told = {rule["id"]: rule for rule in sarif_of(run(command, "session=1 event=Created\n"))["tool"]["driver"]["rules"]}
    rows = re.findall(r"^(\w+/[a-z-]+) +(note|warning|error) +", command.run("rules").text, re.M)
    tap.same([(name, told[name]["defaultConfiguration"]["level"]) for name in told], rows,
             f"{len(rows)} rules with their severities")
    for name, rule in told.items():
        text = " ".join(command.run("explain", name).text.split())
        page, _, anchor = rule["helpUri"].partition("#")
        tap.ok(re.match("https://[a-z0-9./-]+$", page) and anchor in ANCHORS, f"{name} has a page", rule["helpUri"])
        tap.ok(" ".join(rule["help"]["text"].split()) in text and rule["shortDescription"]["text"] in text
               and rule["help"]["markdown"].startswith(rule["help"]["text"])
               and rule["help"]["markdown"].count("```") == 4, f"{name} is explained", rule)


def prints_of(result):
    return [entry["partialFingerprints"]["primaryLocationLineHash"] for entry in sarif_of(result)["results"]]


def check_fingerprints(tap, command, folder):
    """They stay when times, lines, boots, folders and other sessions change, and differ in all else."""
    trace = "session=7 event=Created\nsession=7 event=Logon\nsession=7 event=Logon\n"
    base = prints_of(run(command, trace, "--rule=unfinished=off"))
    tap.ok(len(base) == len(set(base)) == 2 and all(re.fullmatch(r"[0-9a-f]{16}:\d+", one) for one in base),
           "two results, two fingerprints", base)
    same = {
        "times": trace.replace("session", "time=2026-03-02T08:00:00Z session"),
        "lines": "# a comment\n\n" + trace,
        "a life before": "session=7 event=Created\nsession=7 event=Terminated\n" + trace,
        "a boot before": "marker=boot\n" + trace,
        "the name of the boot": trace.replace("session", "boot=b session"),
        "another session": "session=8 event=Created\nsession=8 event=Terminated\n" + trace,
    }
    for what, changed in same.items():
        tap.same(prints_of(run(command, changed, "--rule=unfinished=off")), base, f"{what} change no fingerprint")
    paths = [str(folder.file(name, trace)) for name in ("a/x.trace", "b/x.trace", "b/y.trace")]
    one, two, other = (prints_of(command.run("check", "-q", "-fsarif", path)) for path in paths)
    tap.ok(one == two and not set(one) & set(other), "the folder changes no fingerprint, the name does")
    for what, changed in {"the host": trace.replace("session", "host=h session"),
                          "the session": trace.replace("7", "9"),
                          "the event": trace.replace("Logon", "Created")}.items():
        tap.ok(not set(prints_of(run(command, changed))) & set(base), f"{what} makes it another finding")
    drivers = [prints_of(run(command, f"driver={name} object=created io=0xA0\ndriver={name} call=IoRegisterContainer"
                             "Notification io=0xA0 registration=0xB0 mask=all context=0xC0 status=STATUS_SUCCESS\n"
                             f"driver={name} object=deleted io=0xA0\n")) for name in "ab"]
    tap.ok(drivers[0] and drivers[0] != drivers[1], "the driver makes it another finding", drivers)
    states = [prints_of(run(command, f"session=1 event=Created from=Initialized to={state}\n", "--rule=unfinished=off"))
              for state in ("LoggedOn", "LoggedOff")]
    tap.ok(states[0] and states[0] != states[1], "the observed state makes it another finding", states)
    again = run(command, many(3, "session=1 event=77\n"), "--rule=unfinished=off")
    again = [one.split(":") for one in prints_of(again)]
    tap.ok(len({mark for mark, _ in again[1:]}) == 1 and [int(count) for _, count in again[1:]] == [1, 2],
           "what is alike is counted", again)


def check_anchor(tap, command):
    entries = sarif_of(run(command, PARTS.read_bytes(), "--anchor=./src/my driver.c:42"))["results"]
    places = {(entry["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
               entry["locations"][0]["physicalLocation"]["region"]["startLine"]) for entry in entries}
    tap.same(places, {("src/my%20driver.c", 42)}, "--anchor: every result is shown there")
    tap.ok(all(entry["codeFlows"][0]["threadFlows"][0]["locations"][-1]["location"]["physicalLocation"]
               ["artifactLocation"]["uri"] == "%3Cstdin%3E" for entry in entries), "--anchor: the trace is in the flow")


LIMITS = {"note": 5000, "warning": 15000, "error": 25000}  # of a severity and those below it


def left_out(log):
    """What the invocation tells of results that are left out: {level: count}."""
    told = log["invocations"][0].get("toolExecutionNotifications")
    if not told:
        return dict.fromkeys(LEVELS, 0)
    text = re.fullmatch(r"(\d+) results are left out \((\d+) errors, (\d+) warnings, (\d+) notes\): at most "
                        r"25000 fit into a run, of which at most 15000 are not errors, and at most 5000 are notes\.", told[0]["message"]["text"])
    counts = dict(zip(LEVELS, map(int, text.groups()[1:])))
    return counts if int(text[1]) == sum(counts.values()) else None


def check_limit(tap, command):
    """25,000 results, the gravest; the rest is counted."""
    reconnect = "source=wdm session={0} event=Connected from=DisconnectedLoggedOn\n"
    notes, warnings, errors = (many(count, line) for count, line in (
        (6000, "session={0} event=Created\n"), (16000, reconnect), (26000, "session={0} event=77\n")))
    found = {}
    for name, trace, *options in (("notes", notes), ("warnings", warnings, "--rule=wrong-state=off"),
                                  ("errors", errors), ("all", "marker=boot\n".join((notes, warnings, errors))),
                                  ("few", "session=1 event=Logon\n")):
        log = sarif_of(run(command, trace, *options))
        levels = [entry["level"] for entry in log["results"]]
        found[name] = {level: levels.count(level) for level in LEVELS}
        wanted = json.loads(command.check(trace, *options).out.splitlines()[-1])["summary"]["severities"]
        tap.same({level: count + left_out(log)[level] for level, count in found[name].items()}, wanted,
                 f"{name}: what is written and what is said to be left out is what was found")
        below = [sum(found[name][level] for level in LEVELS if LIMITS[level] <= limit) for limit in LIMITS.values()]
        tap.ok(all(count <= limit for count, limit in zip(below, LIMITS.values())),
               f"{name}: no more than GitHub takes, and room for what is graver", found[name])
    tap.same((found["notes"]["note"], found["warnings"]["warning"], found["errors"]["error"]), (5000, 15000, 25000),
             "all places are taken")
    tap.ok(sum(found["all"].values()) == 25000 and found["all"]["error"] >= 10000, "what is no error leaves room",
           found["all"])


def check_history(tap, command):
    """A flow has the last steps, and tells how many there were before."""
    for count, told in ((3, None), (7, None), (8, 1), (5000, 4993)):
        trace = "session=1 event=Created\n" + "session=1 event=Connected\nsession=1 event=Disconnected\n" * 2500
        trace = "".join(trace.splitlines(True)[:count]) + "session=1 event=Created\n"
        flow, = sarif_of(run(command, trace, "--rule=unfinished=off"))["results"][0]["codeFlows"]
        steps, = flow["threadFlows"]
        tap.same((len(steps["locations"]), flow.get("message", {}).get("text")),
                 (min(count + 1, 8), told and f"{told} event{'s' * (told > 1)} before these"),
                 f"{count + 1} events, a flow of the last ones")


def check_paths(tap, command, folder):
    """Paths are relative references, whatever they are made of."""
    trace = "session=1 event=Logon\n"
    for name, uri in (("a b.trace", "a%20b.trace"), ("./c.trace", "c.trace"), ("d:e#f?g.trace", "d%3Ae%23f%3Fg.trace"),
                      ("\u00e9/%41.trace", "%C3%A9/%2541.trace"), ("::x.trace", "%3A%3Ax.trace")):
        folder.file(name, trace)
        entries = sarif_of(command.run("check", "-q", "-fsarif", name, cwd=folder.path))["results"]
        told = {entry["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for entry in entries}
        tap.same(told, {uri}, f"{name} is {uri}")
    path = folder.file("z.trace", trace)
    entries = sarif_of(command.run("check", "-q", "-fsarif", str(path)))["results"]
    tap.ok(entries[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith("file:///"),
           "an absolute path is a file: URI")


def check_records(tap, command, folder, trace_to_evtx):
    """In a binary log the number of the record is the line, as far as readers of SARIF can count."""
    trace = folder.file("x.trace", "time=2026-03-02T08:00:00Z host=h source=lsm session=1 event=Logon\n" * 3)
    for first, lines in ((7, [8, 9]), (2**31 - 2, [2**31 - 1] * 2), (2**33, [2**31 - 1] * 2)):
        log = folder.path / "x.evtx"
        subprocess.run([trace_to_evtx, f"--first-record-id={first}", str(trace), str(log)], check=True)
        result = command.run("check", "-q", "-fsarif", "--rule=unfinished=off", str(log))
        told = [entry["locations"][0]["physicalLocation"]["region"]["startLine"]
                for entry in sarif_of(result)["results"]]
        tap.ok(told == lines and not troubles(json.loads(result.out)), f"records from {first} on", result)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        check_findings(tap, command)
        check_rules(tap, command)
        check_fingerprints(tap, command, folder)
        check_anchor(tap, command)
        check_limit(tap, command)
        check_history(tap, command)
        check_paths(tap, command, folder)
        check_records(tap, command, folder, sys.argv[2])
    tap.same(run(command, "session=1 event=Logon\n").status, STATUS_FINDINGS, "the status is that of any format")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
