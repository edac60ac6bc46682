#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the scripts of the page do grows with what is on it, and no faster: annotations and their sessions, lanes, the
pointer. Arguments: the command. Prints TAP.
"""

import sys

from shared.browser import Browser, missing
from shared.command import Command
from shared.folder import Folder
from shared.tap import Tap

# Sessions and annotations of one id, in place of those of the page; how often the beginning of a session is read.
JOIN_SESSIONS = """
    const [sessions, notes] = arguments;
    let reads = 0;
    const counted = values => new Proxy(values, {get: (list, key) => {
        reads += typeof key === 'string' && /^\\d+$/.test(key);
        return list[key];
    }});
    const begins = Float64Array.from({length: sessions}, (_, i) => ((i * 7919 % sessions >> 1) - 5) * 2e9);
    begins[3] = NaN;
    Object.assign(incarnations, {count: sessions, beginTime: counted([...begins])});
    for (const name of ['host', 'ordinal', 'session']) {
        incarnations[name] = new Array(sessions).fill(0);
        annotations[name] = new Array(notes).fill(0);
    }
    Object.assign(annotations, {count: notes, file: new Array(notes).fill(0)});
    annotations.time = Float64Array.from({length: notes}, (_, i) => i % 50 === 9 ? NaN : (i * 104729 % notes - 6) * sessions / notes * 1e9);
    annotationsOf.length = 0;
    annotationsOf.push(...Array.from(begins, () => []));
    joinAnnotations();
    const owner = new Int32Array(notes).fill(-1);
    annotationsOf.forEach((list, incarnation) => list.forEach(annotation => { owner[annotation] = incarnation; }));
    const wrong = [];
    for (let i = 0; i < notes; i += Math.ceil(notes / 200)) {
        let expected = -1;
        begins.forEach((begin, at) => {
            if (begin - EARLY <= annotations.time[i] && (expected < 0 || begin >= begins[expected])) { expected = at; }
        });
        if (expected !== owner[i]) { wrong.push([i, expected, owner[i]]); }
    }
    return {reads, wrong, loose: owner.filter(one => one < 0).length};"""

# Boots of one host, and annotations of some of them.
JOIN_BOOTS = """
    const [boots, notes] = arguments;
    let reads = 0;
    incarnations.count = 0;
    groups.length = 0;
    for (let i = 0; i < boots; i++) {
        groups.push({file: i % 3, host: 0, boot: 0, incarnations: [], findings: [], get ordinal() { reads++; return i >> 2; }});
    }
    const before = [...groups];
    Object.assign(annotations, {count: notes, session: new Array(notes).fill(-1), host: new Array(notes).fill(0),
        time: new Float64Array(notes), ordinal: Array.from({length: notes}, (_, i) => i * 31 % (boots / 3 | 0)), file: Array.from({length: notes}, (_, i) => i % 4)});
    joinAnnotations();
    const counted = reads;
    const wrong = [];
    for (let i = 0; i < notes; i += Math.ceil(notes / 200)) {
        const same = before.filter(group => group.ordinal === annotations.ordinal[i]);
        const expected = same.find(group => group.file === annotations.file[i]) ?? same[0] ?? before.at(-1);
        if (!expected.annotations.includes(i)) { wrong.push(i); }
    }
    return {reads: counted, wrong, groups: groups.length};"""

# Lists for sessions at random places: each goes into the first that has room.
PACK = """
    const list = Array.from(lowOf, (_, i) => i);
    let seed = 7;
    const random = () => (seed = seed * 48271 % 2147483647) / 2147483647;
    list.forEach(i => {
        lowOf[i] = Math.floor(random() * 300);
        highOf[i] = lowOf[i] + Math.floor(random() * 20);
    });
    const expected = [];
    for (const i of [...list].sort((a, b) => lowOf[a] - lowOf[b] || a - b)) {
        const lane = expected.find(lane => highOf[lane.at(-1)] < lowOf[i]);
        lane ? lane.push(i) : expected.push([i]);
    }
    return [packed(list), expected, packed([]), packed([4])];"""

PACK_MANY = """
    return packed(new Array(arguments[0]).fill(0)).length;"""


def check_annotations(tap, browser, path):
    browser.open(path)
    few, many = 500, 4000
    found = browser.run(JOIN_SESSIONS, few, few)
    tap.same(found["wrong"], [], "an annotation belongs to the latest session that began before")
    tap.ok(0 < found["loose"] < few, "annotations without a time, or before all sessions, to none", found["loose"])
    first = found["reads"]
    found = browser.run(JOIN_SESSIONS, many, many)
    tap.same(found["wrong"], [], "also among many")
    # twice as much for each, at most
    tap.ok(found["reads"] < 2 * first * many / few, "the work for each annotation is about the same with many sessions", (first, found["reads"]))
    browser.open(path)
    found = browser.run(JOIN_BOOTS, few, few)
    tap.same((found["wrong"], found["groups"]), ([], few), "an annotation of no session belongs to its boot, in its own log if that has one")
    first = found["reads"]
    found = browser.run(JOIN_BOOTS, many, many)
    tap.same((found["wrong"], found["groups"]), ([], many), "also among many boots")
    tap.ok(found["reads"] < 2 * first * many / few, "the work for each annotation is about the same with many boots", (first, found["reads"]))


def check_lanes(tap, browser, path):
    browser.open(path)
    lanes, expected, none, one = browser.run(PACK)
    tap.same(lanes, expected, f"{len(expected)} lanes: each session is in the first that has room")
    tap.same((none, one), ([], [[4]]), "no session, one session")
    # with the square of it the browser would stop the script
    count = 200_000
    tap.same(browser.run(PACK_MANY, count), count, "many sessions at the same time get their lanes")


def check_pointer(tap, browser, path):
    """What is under the pointer is known by the number of its row: rows are not searched for it."""
    browser.open(path)
    searched = browser.run("""const row = lanes.rows.findIndex(({kind}) => kind === LANE);
        let searched = 0;
        lanes.rows.indexOf = (...list) => { searched++; return Array.prototype.indexOf.apply(lanes.rows, list); };
        tipText({x: gutter() + 5, y: axisHeight() - lanesView.scrollTop + lanes.tops[row] + LANE_HEIGHT - 2});
        return searched;""")
    tap.same(searched, 0, "the pointer searches no rows")


# How often a filter makes blocks and lanes, and a drawing asks how large its canvas is.
FILTER = """
    let blocks = 0;
    for (const by of Object.keys(LANES_BY)) {
        const find = LANES_BY[by];
        LANES_BY[by] = () => { blocks++; return find(); };
    }
    const before = new Map(lanes.rows.map(row => [row.key, row]));
    let sizes = 0;
    Object.defineProperty(canvas, 'clientWidth', {get: () => { sizes++; return 900; }});
    changeFilter(() => { filter.session = '7'; });
    const some = lanes.rows.length;
    changeFilter(() => { filter.session = ''; });
    drawLanes();
    return {blocks, sizes, some, all: lanes.rows.length,
        same: lanes.rows.filter(row => row.kind === LANE && before.get(row.key) === row).length};"""

# The gaps that can become breaks, of random times, and as sorting finds them; @spread: minutes for each time.
GAPS = """
    const [count, spread] = arguments;
    let seed = 11;
    const random = () => (seed = seed * 48271 % 2147483647) / 2147483647;
    const times = Float64Array.from({length: count}, () => Math.floor(random() * random() * count * spread * MINUTE / 7) * 7);
    const gapsOf = list => Array.from(list).slice(1).map((time, i) => [list[i], time]).filter(([a, b]) => b - a > MINUTE);
    const sorted = times.slice().sort();
    const found = inOrder(times);
    return [gapsOf(found), gapsOf(sorted), found.length, found[0] === sorted[0] && found.at(-1) === sorted.at(-1)];"""


def check_filter(tap, browser, path):
    browser.open(path)
    found = browser.run(FILTER)
    tap.same((found["blocks"], found["same"]), (0, 300), "a filter makes no blocks and no lanes: it chooses among them")
    tap.ok(0 < found["some"] < found["all"] == 301, "and they are other ones while it is set", found)
    tap.same(found["sizes"], 1, "a drawing asks for the size of its canvas once")


def check_times(tap, browser, path):
    browser.open(path)
    for count, spread in ((2000, 0.3), (2000, 30), (1, 1)):
        gaps, expected, kept, ends = browser.run(GAPS, count, spread)
        tap.ok(gaps == expected and ends and bool(gaps) == (count > 1), f"{count} times, {spread} minutes each: the breaks are those of all times",
               (gaps[:5], expected[:5]))
        tap.ok(kept < count or spread >= 1, f"{count} times, {spread} minutes each: {kept} are sorted")
    tap.same(browser.run("return inOrder(new Float64Array(0)).length"), 0, "no times, no breaks")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    if missing():
        tap.skip("the work of the page", missing())
        return tap.done()
    with Folder() as folder, Browser() as browser:
        path = folder.file("many.html")
        command.run("check", "-q", f"--output=html:{path}", "-",
                    input="".join(f"time=2026-01-01T08:00:00Z host=H session={number} event=Created\n" for number in range(300)).encode())
        check_annotations(tap, browser, path)
        check_lanes(tap, browser, path)
        check_pointer(tap, browser, path)
        check_filter(tap, browser, path)
        check_times(tap, browser, path)
        tap.same(browser.complaints(), [], "the console is silent")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
