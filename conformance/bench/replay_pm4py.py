#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What fold.awk does, with the token-based replay of pm4py: counts sessions that do not fit the table as a Petri net.
Argument: the trace."""

import sys

import pandas
import pm4py
from pm4py.objects.petri_net.obj import Marking, PetriNet
from pm4py.objects.petri_net.utils.petri_utils import add_arc_from_to

from shared.table import REUSE, START, STATES, TABLE


def table_as_net():
    """A place a state, a transition a cell; a trace may end anywhere."""
    net = PetriNet("table")
    places = {state: PetriNet.Place(state) for state in STATES}
    end = PetriNet.Place("end")
    net.places.update(places.values())
    net.places.add(end)
    cells = {**TABLE, REUSE: "Created"}
    for (state, event), after in cells.items():
        transition = PetriNet.Transition(f"{state} {event}", event)
        net.transitions.add(transition)
        add_arc_from_to(places[state], transition, net)
        add_arc_from_to(transition, places[after], net)
    for state, place in places.items():
        transition = PetriNet.Transition(f"{state} ends", None)
        net.transitions.add(transition)
        add_arc_from_to(place, transition, net)
        add_arc_from_to(transition, end, net)
    return net, Marking({places[START]: 1}), Marking({end: 1})


def main():
    log = pandas.read_csv(sys.argv[1], sep=" ", header=None, names=["time:timestamp", "case:concept:name", "concept:name"])
    log["time:timestamp"] = pandas.to_datetime(log["time:timestamp"].str.slice(5))
    log["concept:name"] = log["concept:name"].str.slice(6)
    result = pm4py.conformance_diagnostics_token_based_replay(log, *table_as_net())
    print(sum(not trace["trace_is_fit"] for trace in result))


if __name__ == "__main__":
    main()
