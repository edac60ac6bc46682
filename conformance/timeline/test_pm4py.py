#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pm4py reads XES timelines: the traces and events that NDJSON has; and its token replay on the exported model fits those
incarnations alone that have no illegal transition. Argument: the command. Prints TAP.
"""

import json
import os
import pathlib
import random
import sys
import warnings

from shared.command import Command
from shared.folder import Folder
from shared.outside import FETCHED
from shared.report_traces import PAYLOADS, quoted
from shared.tap import Tap

sys.path.insert(0, str(FETCHED / "python"))
try:
    import pm4py
except ImportError:
    pm4py = None

FOLDER = pathlib.Path(__file__).resolve().parent


def check(tap, command, folder, name, *arguments, **options):
    path = folder.path / "log.xes"
    command.run("timeline", "--no-config", "--format=xes", f"--output={path}", *arguments, **options)
    rows = [row for row in command.run("timeline", "--no-config", "--format=ndjson", *arguments, **options).objects
            if row["kind"] == "event"]
    sessions = command.run("timeline", "--no-config", "--sessions", "--format=ndjson", *arguments, **options).objects
    frame = pm4py.read_xes(str(path))
    tap.same(len(frame), len(rows), f"{name}: the events")
    tap.same(frame["case:concept:name"].nunique(), len(sessions), f"{name}: the cases")
    tap.same(sorted(frame["concept:name"]), sorted(row["event"] for row in rows), f"{name}: the activities")
    tap.same(sorted(frame["verdict"]), sorted(row["verdict"] for row in rows), f"{name}: the verdicts")
    tap.same([time.isoformat()[:19] for time in sorted(frame["time:timestamp"])],
             sorted(row["time"][:19] for row in rows), f"{name}: the times")
    variants = pm4py.get_variants(frame)
    tap.ok(variants, f"{name}: it mines {len(variants)} variants")


EVENTS = ("Created", "Connected", "Logon", "Disconnected", "Logoff", "Terminated")


def net_of(command, model):
    """The model as a Petri net: a place for each state, a transition for each edge."""
    machine = json.loads(command.run("diagram", model, "--format=json").text)
    net = pm4py.PetriNet(model)
    places = {node["name"]: pm4py.PetriNet.Place(node["name"]) for node in machine["nodes"]}
    net.places.update(places.values())
    for number, edge in enumerate(machine["edges"]):
        transition = pm4py.PetriNet.Transition(str(number), edge["event"])
        net.transitions.add(transition)
        pm4py.objects.petri_net.utils.petri_utils.add_arc_from_to(places[edge["from"]], transition, net)
        pm4py.objects.petri_net.utils.petri_utils.add_arc_from_to(transition, places[edge["to"]], net)
    (start,) = (node["name"] for node in machine["nodes"] if node["start"])
    (final,) = (node["name"] for node in machine["nodes"] if node["final"])
    return net, pm4py.Marking({places[start]: 1}), pm4py.Marking({places[final]: 1})


def walks(command, count):
    """Sequences of events: walks through the model to its end, and the same with one event changed."""
    machine = json.loads(command.run("diagram", "observed", "--format=json").text)
    chance = random.Random(7)
    for number in range(count):
        state, events = "Initialized", []
        while state != "Terminated":
            edge = chance.choice([edge for edge in machine["edges"] if edge["from"] == state])
            state = edge["to"]
            events.append(edge["event"])
        if number % 2 and len(events) > 2:
            events[chance.randrange(1, len(events) - 1)] = chance.choice(EVENTS)
        yield events


def check_replay(tap, command, folder):
    path = folder.path / "log.xes"
    trace = "".join(f"time=2026-03-02T08:{second // 60:02}:{second % 60:02}Z session={session} event={event}\n"
                    for session, events in enumerate(walks(command, 300)) for second, event in enumerate(events)
                    if events.count("Created") == 1)
    command.run("timeline", "--no-config", "--format=xes", f"--output={path}", "-", input=trace.encode())
    log = pm4py.convert_to_event_log(pm4py.read_xes(str(path)))
    for model, bad in (("observed", {"illegal"}), ("published", {"illegal", "undocumented"})):
        results = pm4py.conformance_diagnostics_token_based_replay(log, *net_of(command, model))
        ours = [not bad & {event["verdict"] for event in case} for case in log]
        tap.ok(0 < sum(ours) < len(ours), f"{model}: {sum(ours)} of {len(ours)} incarnations fit by our verdicts")
        tap.same([result["trace_is_fit"] for result in results], ours, f"{model}: token replay agrees")


def main():
    tap = Tap()
    if pm4py is None:
        why = FETCHED / "why-no-python"
        return tap.skip_all(f"no pm4py: {why.read_text(encoding='utf-8') if why.exists() else './dev test installs it'}")
    warnings.simplefilter("ignore")
    os.environ["TQDM_DISABLE"] = "1"
    command = Command(sys.argv[1], tap)
    with Folder() as folder:
        check(tap, command, folder, "a trace", str(FOLDER / "life.trace"))
        check(tap, command, folder, "a machine", "--together", str(FOLDER / "machine"))
        for name in ("script", "quotes", "no XML", "no UTF-8"):
            trace = b"".join(b"time=2026-03-02T08:00:0%dZ session=1 event=%s" % pair + b" host=" + quoted(PAYLOADS[name]) + b" user="
                             + quoted(PAYLOADS[name]) + b"\n" for pair in enumerate((b"Created", b"Connected", b"Logon")))
            check(tap, command, folder, name, "-", input=trace)
        check_replay(tap, command, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
