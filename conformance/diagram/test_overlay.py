#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sessionlint diagram --trace: what random traces did is counted here, and every format has to say the same. What never
came is grey, what is illegal red and dashed, and no words lie on lines. Argument: the command. Prints TAP.
"""

import os
import random
import sys

from shared import ledger_count, memory
from shared.command import STATUS_CLEAN, STATUS_FAILED, Command
from shared.diagram_machines import SIGHTS, UNSEEN, arcs_of, expected
from shared.diagram_marks import NEVER, PERHAPS, SEEN, UNDOCUMENTED, Mark
from shared.diagram_readers import READERS, read_json
from shared.diagram_sketch import check_sketch
from shared.folder import Folder
from shared.ledger import ARCS
from shared.table import EVENTS, RECONNECT, STATES
from shared.tap import Tap

STATE_TRACES, BELIEF_TRACES = 24, 40
MASKS = (0x00, 0x0c, 0x30, 0x3b, 0x3f)


class Count(ledger_count.Count):
    """Counts besides how often a state was entered."""

    def __init__(self):
        super().__init__()
        self.entered, self.maybe_entered = {}, {}

    def add(self, certain, possible, keys, is_certain):
        super().add(certain, possible, keys, is_certain)
        if certain is self.taken:
            to = {ARCS[key] for key in keys}
            super().add(self.entered, self.maybe_entered, to, len(to) == 1)


ledger_count.Count = Count


def tally(certain, possible, key):
    """A mark without look and stay."""
    return Mark(certain.get(key, 0), certain.get(key, 0) + possible.get(key, 0))


def level(mark):
    return SEEN if mark.low else PERHAPS if mark.high else NEVER


def expected_marks(model, count):
    """(edges, nodes, illegal, undocumented ones of those) without stays, of a machine of states."""
    picture = expected(model)
    names = {node: min(node) for node in picture.nodes}
    edges = {cell: tally(count.taken, count.possible, cell)
             for cell in ((names[a], event) for a, event, _, _ in picture.edges)}
    illegal = {cell: tally(count.refused, count.maybe_refused, cell)
               for cell in {*count.refused, *count.maybe_refused}}
    reconnected = tally(count.taken, count.possible, RECONNECT)
    if model == "published" and reconnected.high:
        illegal[RECONNECT] = reconnected
    edges = {key: mark._replace(look=UNDOCUMENTED if key == RECONNECT and mark.high else level(mark))
             for key, mark in edges.items()}
    nodes = {}
    for state in STATES:
        seen = [mark for key, mark in [*edges.items(), *illegal.items()] if key[0] == state]
        own = tally(count.entered, count.maybe_entered, state)
        looks = {level(own), *(level(mark) for mark in seen)}
        nodes[state] = own._replace(look=next(look for look in (SEEN, PERHAPS, NEVER) if look in looks))
    return edges, nodes, illegal, {RECONNECT} & set(illegal)


def bare(marks):
    return {key: mark._replace(stay="") for key, mark in marks.items()}


def run(command, form, trace, *arguments):
    return command.run("diagram", f"--format={form}", "--trace=-", *arguments, input=trace.encode())


def claim_formats(tap, command, claim, trace, arguments, picture):
    """Each format says what the JSON says. Returns what that is."""
    told = read_json(run(command, "json", trace, *arguments).text)
    wrong = []
    for form, reader in READERS.items():
        result = run(command, form, trace, *arguments)
        try:
            got = reader(result.text)
        except Exception as error:  # whatever a parser stumbles over
            wrong.append(f"{form}: {type(error).__name__}: {error}")
            continue
        wrong += [f"{form}: {difference}" for difference in picture.differences(got)]
        wrong += [f"{form}: {difference}" for difference in told.marks.differences(got.marks)]
        if result.status != STATUS_CLEAN or result.err or not result.out.isascii():
            wrong.append(f"{form}: {result.status} {result.error}")
    if not tap.ok(not wrong, f"{claim}: {len(READERS)} formats say the same", "\n".join(wrong)):
        print("# " + trace.replace("\n", "\n# "))
    return told


def check_stays(tap, claim, told, stays):
    """The JSON against durations by cell; and of a node, those of all cells that leave it."""
    of_nodes = {}
    for (node, _), durations in stays.items():
        of_nodes.setdefault(node, []).extend(durations)
    wrong = []
    for each, durations in [*((edge, stays.get((edge["from"], edge["event"]))) for edge in told.json["edges"]),
                            *((node, of_nodes.get(node["name"])) for node in told.json["nodes"])]:
        if bool(each["dwell"]) != bool(durations) or durations and not ledger_count.median_is_near(durations, each["dwell"]):
            wrong.append((each, durations))
    tap.ok(not wrong, f"{claim}: stays", wrong)


def check_states(tap, command):
    """The published table, with the reconnect and without."""
    some = [0, 0, 0, 0]
    seeds = command.sampled(range(STATE_TRACES))
    for seed in seeds:
        trace, unknown, count = ledger_count.walk(seed)
        options = ["--start=unknown"] if unknown else []
        for model in ("published", "observed"):
            claim = f"random trace {seed}, {model}"
            told = claim_formats(tap, command, claim, trace, [model, *options], expected(model))
            edges, nodes, illegal, undocumented = expected_marks(model, count)
            marks = told.marks
            tap.same((bare(marks.edges), bare(marks.nodes), bare(marks.illegal), marks.undocumented),
                     (edges, nodes, illegal, undocumented), f"{claim}: counts")
            tap.same((marks.of[0], marks.of[2]), (trace.count("event="), 1), f"{claim}: events, files")
            tap.same(told.json["traces"]["reused"], count.reused, f"{claim}: new lives")
        check_stays(tap, claim, told, count.dwells)
        some = [a + b for a, b in zip(some, (len(count.possible), len(count.refused), len(count.dwells),
                                             count.taken.get(RECONNECT, 0)))]
    tap.ok(min(some) * STATE_TRACES > 20 * len(seeds), "the traces hold some of everything", some)


def walk_beliefs(seed, picture, source, events):
    """Sessions that go from node to node; some end in an event that the node does not have."""
    chance, lines, time = random.Random(seed), [], 0
    after = {(a, event): b for a, event, b, _ in picture.edges}
    count = Count()
    entered_at, at = {}, {}
    for _ in range(chance.randrange(5, 200)):
        number = chance.randrange(6)
        node = at.get(number, picture.start)
        if node is None:
            continue
        event = chance.choice([event for event in events if chance.random() < 0.02 or (node, event) in after] or [None])
        if event is None:
            continue
        time += chance.choice((1, 7, 10**4, 10**7, 10**9))
        stamp = f"2026-01-01T{time // 36000000000:02}:{time // 600000000 % 60:02}:" \
                f"{time // 10**7 % 60:02}.{time % 10**7:07}Z"
        lines.append(f"time={stamp} session={number} source={source} event={event}")
        if (node, event) not in after:
            count.add(count.refused, count.maybe_refused, [(node, event)], True)
            at[number] = None
            continue
        count.taken[node, event] = count.taken.get((node, event), 0) + 1
        if number in entered_at:
            count.dwells.setdefault((node, event), []).append(time - entered_at[number])
        at[number], entered_at[number] = after[node, event], time
        count.entered[at[number]] = count.entered.get(at[number], 0) + 1
    return "\n".join(lines) + "\n", count


def check_counts(tap, claim, told, picture, count):
    """Of a machine of beliefs: the oracle knows its nodes by their states."""
    name = told.names
    marks = told.marks
    low = {key: mark.low for key, mark in marks.edges.items() if mark.low}
    tap.same(low, {(name[a], event): number for (a, event), number in count.taken.items()}, f"{claim}: edges")
    tap.same({key: mark.low for key, mark in marks.nodes.items() if mark.low},
             {name[node]: number for node, number in count.entered.items()}, f"{claim}: nodes")
    tap.same({key: mark.low for key, mark in marks.illegal.items()},
             {(name[a], event): number for (a, event), number in count.refused.items()}, f"{claim}: illegal")
    tap.ok(all(mark.low == mark.high and not mark.hidden
               for mark in [*marks.edges.values(), *marks.nodes.values(), *marks.illegal.values()]),
           f"{claim}: all is certain")
    check_stays(tap, claim, told, {(name[a], event): found for (a, event), found in count.dwells.items()})
    tap.same(sorted(each["level"] for each in told.json["edges"]),
             sorted(SEEN if edge[:2] in count.taken else NEVER for edge in picture.edges), f"{claim}: levels")


def check_sources(tap, command):
    refused = 0
    seeds = command.sampled(range(BELIEF_TRACES))
    for seed in seeds:
        source = list(SIGHTS)[seed % len(SIGHTS)]
        picture = expected(source)
        trace, count = walk_beliefs(seed, picture, source, EVENTS)
        claim = f"random trace {seed}, {source}"
        told = claim_formats(tap, command, claim, trace, [source], picture)
        check_counts(tap, claim, told, picture, count)
        refused += len(count.refused)
    tap.ok(refused * BELIEF_TRACES > 10 * len(seeds), "something was illegal", refused)


def check_masks(tap, command):
    """What a driver with an EventMask knows of traces with all events: those that it asked for move it."""
    for seed in command.sampled(range(len(MASKS) * 4)):
        mask, model = MASKS[seed % len(MASKS)], ("published", "observed")[seed // len(MASKS) % 2]
        trace, _ = walk_beliefs(seed, expected(model), "wdm", EVENTS)
        picture = expected(model, mask)
        count, at, times = Count(), {}, {}
        after = {(a, event): b for a, event, b, _ in picture.edges}
        legal, states = [], {}
        for line in trace.splitlines():
            stamp, number, _, event = (word.split("=")[1] for word in line.split())
            state = states.get(number, "Initialized")
            if (state, event) not in ARCS or (model == "published" and (state, event) == RECONNECT):
                continue
            legal.append(line)
            states[number] = ARCS[state, event]
            if not mask >> EVENTS.index(event) & 1:
                continue
            node = at.get(number, picture.start)
            hours, minutes, seconds = stamp[11:-1].split(":")
            time = (int(hours) * 3600 + int(minutes) * 60) * 10**7 + int(seconds.replace(".", ""))
            count.taken[node, event] = count.taken.get((node, event), 0) + 1
            if number in times:
                count.dwells.setdefault((node, event), []).append(time - times[number])
            at[number], times[number] = after[node, event], time
            count.entered[at[number]] = count.entered.get(at[number], 0) + 1
        claim = f"random trace {seed}, {model} --mask={mask:#04x}"
        told = claim_formats(tap, command, claim, "\n".join(legal) + "\n", [model, f"--mask={mask}"], picture)
        check_counts(tap, claim, told, picture, count)


def marks_by(command, trace, *arguments):
    return read_json(run(command, "json", trace, *arguments).text).marks


def check_by_hand(tap, command):
    full = "".join(f"session=1 event={event}\n" for event in ("Created", "Connected", "Logon", "Disconnected",
                                                              "Connected", "Terminated"))
    tap.same(run(command, "svg", full).out, run(command, "svg", full, "observed").out, "--trace alone draws observed")
    marks = marks_by(command, full)
    tap.same(marks.edges[RECONNECT], Mark(1, 1, False, "", UNDOCUMENTED), "the reconnect: once, and undocumented")
    marks = marks_by(command, full, "published")
    tap.same((marks.illegal, marks.undocumented), ({RECONNECT: Mark(1, 1)}, {RECONNECT}),
             "published lacks the reconnect: illegal there, and called undocumented")
    marks = marks_by(command, "session=1 event=Logon\n", "--start=unknown")
    tap.same({key: mark for key, mark in marks.edges.items() if mark.high},
             {("Connected", "Logon"): Mark(0, 1, look=PERHAPS), ("Disconnected", "Logon"): Mark(0, 1, look=PERHAPS)},
             "one Logon of two states is perhaps that of either")
    marks = marks_by(command, "session=1 source=lsm event=Logon\n", "lsm", "--start=unknown")
    tap.same({key for key, mark in marks.edges.items() if (mark.low, mark.high) == (0, 1)},
             {(node, "Logon") for node in ("B0", "B1", "B2", "B3", "B4")},
             "lsm: a life that began unseen can be in each node that has the event")
    marks = marks_by(command, "session=1 source=lsm event=Logoff\nsession=1 source=lsm event=Disconnected\n", "lsm")
    tap.same((marks.illegal, {key for key, mark in marks.edges.items() if mark.high}),
             ({("B0", "Logoff"): Mark(1, 1)}, {("B4", "Disconnected")}),
             "lsm: behind an illegal event a life is wherever that event leads to and the next one is possible")
    trace = "".join(f"session=1 event={event}\n" for event in ("Created", "Connected", "Logon", "Created", "Connected",
                                                               "Logon"))
    tap.same(marks_by(command, trace).illegal, {("LoggedOn", "Created"): Mark(1, 1)}, "a Created that is illegal")
    marks = marks_by(command, trace, "--mask=logon,logoff")
    tap.same((marks.illegal, {key: (mark.low, mark.high) for key, mark in marks.edges.items() if mark.high}),
             ({}, {("B0", "Logon"): (1, 2), ("B2", "Logon"): (0, 1)}),
             "a mask: behind an illegal event that it hides, each node is possible that has the next one")
    trace = "session=1 source=lsm event=Logon\nsession=1 source=lsm event=Disconnected\n"
    hidden = {(a, event) for a, event, _, sight, _ in arcs_of("lsm", None) if event and sight == UNSEEN}
    for form in READERS:
        marks = READERS[form](run(command, form, trace).text).marks
        tap.same({key for key, mark in marks.edges.items() if mark.hidden}, hidden,
                 f"{form}: what the log of the Local Session Manager does not show is hidden")


def check_inputs(tap, command):
    with Folder() as folder:
        good = folder.file("logs/good.trace", "session=1 event=Created\n")
        folder.file("logs/more.trace", "session=1 event=Created\nsession=1 event=Terminated\n")
        bad, empty = folder.file("bad.trace", b"\x00\x01\x02" * 99), folder.file("empty.trace")
        sens = folder.file("sens.trace", "session=1 source=sens event=Logon\n")
        told = read_json(command.run("diagram", "-fjson", "--trace", good.parent, "-t", good).text)
        tap.same((told.marks.of, told.marks.edges["Initialized", "Created"].low), ((4, 3, 3), 3),
                 "--trace takes folders, and more than once")
        for path in (bad, empty, folder.path / "none.trace"):
            result = command.run("diagram", "--trace", path)
            tap.ok(result.status == STATUS_FAILED and not result.out and path.name in result.error,
                   f"{path.name}: told, and nothing drawn", result)
            result = command.run("diagram", "-fjson", "--trace", path, "--trace", good)
            tap.ok(result.status == STATUS_FAILED and path.name in result.error
                   and read_json(result.text).marks.of == (1, 1, 1), f"{path.name}: told, and the others drawn", result)
        result = command.run("diagram", "lsm", "--trace", sens)
        tap.ok(result.status == STATUS_FAILED and not result.out and "no records of source lsm" in result.error,
               "a machine of another source is refused", result)
        result = command.run("diagram", "-fjson", "sens", "--trace", sens, "--trace", good)
        tap.ok(result.status == STATUS_CLEAN and read_json(result.text).json["traces"]["others"] == 1,
               "events of other sources are told of", result)
        result = command.run("diagram", "--trace", good, "--output", good)
        tap.ok(result.status == STATUS_FAILED and "would overwrite" in result.error and b"Created" in good.read_bytes(),
               "--output does not overwrite a trace", result)
        result = run(command, "json", "# nothing but a remark\nmarker=boot\n")
        marks = read_json(result.text).marks
        tap.ok(result.status == STATUS_CLEAN and {mark.look for mark in marks.edges.values()} == {NEVER}
               and not marks.illegal, "a trace without an event: nothing was ever seen", result)
        claim_formats(tap, command, "a trace without an event", "marker=boot\n", [], expected("observed"))
        named = folder.file("<script>.trace", "session=1 event=Created host=<script>\n")
        tap.ok(b"<script>" not in command.run("diagram", "--trace", named).out, "no text of a trace is in the picture")


def check_memory(tap, command):
    """Those of the lives that are alive: ids are not kept."""
    for what in ("observed", "--mask=all"):
        if command.sanitized or not os.path.exists("/proc/self/status"):
            tap.skip(f"memory, {what}", "a sanitizer keeps what was freed, or there is no /proc")
            continue
        memory.OPTIONS = ("diagram", what, "--format=json", "--trace=-")
        peaks = []
        for feed in (memory.booted(30_000), memory.booted(150_000)):
            peak, events, status, _ = memory.measure(command, feed)
            peaks.append(peak)
        tap.same((status, events), (STATUS_CLEAN, 150_000), f"memory, {what}: a picture")
        tap.ok(peaks[1] - peaks[0] < memory.GROWTH_MAX, f"memory, {what}: a longer trace takes less than 1 MiB more",
               peaks)


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    check_states(tap, command)
    check_sources(tap, command)
    check_masks(tap, command)
    check_by_hand(tap, command)
    check_inputs(tap, command)
    check_memory(tap, command)
    check_sketch(tap, command, [
        *((f"random trace {seed}, {model}", [model], ledger_count.walk(seed)[0])
          for seed in (1, 2, 4) for model in ("published", "observed")),
        *((f"random trace, {source}", [source], walk_beliefs(seed, expected(source), source, EVENTS)[0])
          for seed, source in enumerate(SIGHTS)),
        ("nothing seen", ["wts"], "marker=boot\n"),
        *((f"a driver with {mask:#04x}", [f"--mask={mask}"], ledger_count.walk(1)[0]) for mask in MASKS)])
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
