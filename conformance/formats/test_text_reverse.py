#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--reverse: the records of a text from the last one to the first, each as it is when the text is read forward, with its
line and byte; in every format and encoding, from files and pipes, over many stretches.

Arguments: dump_records, sessionlint. Prints TAP.
"""

import random
import sys
import tempfile

from shared import process, text_random
from shared.csv_random import random_text
from shared.tap import Tap
from shared.text_bench import ENCODINGS, Bench, differ

STRETCH = 256 << 10  # as reverse.c says
LIMIT = 1 << 20
TAG = "sessionlint:"


def compare(bench, report, claim, data, head=0):
    """Reads @data both ways; the first @head records, which are about a header, stay first."""
    bench.path.write_bytes(data)
    *forward, end = bench.lines(bench.path)
    want = [*forward[:head], *forward[head:][::-1], end]
    problems = []
    for how, have in (("file", bench.lines("--reverse", bench.path)), ("pipe", bench.lines("--reverse", "-", data=data))):
        problems += [f"{how}: {problem}" for problem in differ(have, want)]
    report.none(problems, f"{claim}: {len(forward)} records")


def life(count, form):
    for i in range(count):
        user = "u\u4f1a\U0001f600" * (i % 7)
        if form == "ndjson":
            yield f'{{"session":{i},"event":"Created","user":"{user}"}}'
        elif form == "csv":
            yield f'{i},Created,"{user}' + ("\n" * (i % 3)) + '"'
        elif form == "debugview":
            yield f"{i}\t0.1\t[4] " + (f"flt: {TAG} session={i} event=Created user={user or 1}" if i % 3 else f"noise {i}")
        else:
            yield f"session={i} event=Created user={user}" if i % 5 else "# a comment"


def formats_check(bench, report):
    for form in ("logfmt", "ndjson", "csv", "debugview"):
        for count in (1, 2, 300, 8_000):
            lines = [*(["session,event,user"] if form == "csv" else ["0\t0.1\tbegin"] if form == "debugview" else []),
                     *life(count, form)]
            for encoding, (mark, codec) in process.sampled(ENCODINGS.items(), bench.dump_records):
                if count == 8_000 or encoding == "UTF-8":
                    for ending in ("\n", "\r\n"):
                        data = mark + ending.join(lines).encode(codec)
                        compare(bench, report, f"{form}, {encoding}, {ending!r}, {count} lines", data)
    compare(bench, report, "an empty end", b"session=1 event=Created\n\n\n# a\n")


def odd_check(bench, report):
    """What is wrong, what is long, what is far apart."""
    good = b"session=1 event=Created\n"
    for size in (STRETCH - 1, STRETCH, LIMIT, LIMIT + 1, 3 * LIMIT):
        line = b"session=2 event=Created x-a=" + b"a" * size + b"\n"
        compare(bench, report, f"a line of {size} bytes and more", good * 9 + line + good * 20_000 + line + good)
        compare(bench, report, f"a last line of {size} bytes and more", good * 20_000 + line[:-1])
    compare(bench, report, "bad lines", (good + b"what\n" + b"session=1 event=Logn\n\0\0\n") * 9000)
    compare(bench, report, "a cut end", good * 30_000 + b"session=1 event=Cre")
    head = b"session,event,user\n"
    row = b'7,Created,"a\n""b"\n'
    compare(bench, report, "records of many lines", head + row * 60_000)
    compare(bench, report, "a quote that is never closed", head + row * 30_000 + b'7,Created,"a\n' + row[:-4] * 3 + b"7,Created,b\n" * 9000)
    compare(bench, report, "a quote that is not closed for long", head + b'7,Created,"a\n' + b"7,Created,\n" * 110_000)
    for count in (3, 40_000):
        compare(bench, report, "a header with a fault", b"session,event,foo\n" + b"1,Created,\n" * count, 1)
        compare(bench, report, "a header that cannot be read", b'session,event,"a"b\n' + b"1,Created,\n" * count, 1)
    noise = b"1\t0.1\tnoise\n"
    tagged = b"1\t0.1\tflt: sessionlint: session=1 event=Created sessionlint: session=2 event=Created\n"
    untagged = b"1\t0.1\tsession=1 event=Created\n"
    compare(bench, report, "records with much between them", noise * 60_000 + tagged + noise * 60_000 + tagged + noise * 90_000)
    compare(bench, report, "a tag that comes late", untagged * 30_000 + tagged * 9000 + untagged * 9000)
    compare(bench, report, "a tag that comes after a text", b"noise\n" * 90_000 + tagged * 9000)
    compare(bench, report, "a trace that comes after a text", b"noise\n" * 90_000 + good * 30_000)
    split = b"flt: sessio\nnlint: session=1 event=Created\n"
    compare(bench, report, "tags that lines break", (noise + split) * 20_000)
    compare(bench, report, "records without their lines", split * 20_000 + noise * 5 + split)


def random_check(bench, report):
    for seed in range(4):
        chance = random.Random(seed)
        for form in (text_random.Logfmt, text_random.Ndjson):
            data = b"session=1 event=Created\n" if form is text_random.Logfmt else b'{"session":1}\n'
            data += b"".join(line + b"\n" for line in text_random.lines_make(chance, form, False))
            compare(bench, report, f"random lines, seed {seed}", data)
        for _ in range(2):
            text, _ = random_text(chance, 0.1)
            header, rows = text.split(b"\n", 1)
            text = header + b"\n" + rows * (1 + 400_000 // (len(rows) + 1))
            forward, _ = bench.records(text)
            compare(bench, report, f"random rows, seed {seed}", text, int(bool(forward) and forward[0]["line"] == 1))


def bytes_check(bench, report):
    """Nothing of a text, and none at all."""
    for data, word in ((b"", "empty"), (b"\n\n", ""), (b"# a\n", ""), (b"prose\n" * 90_000, "no known format"),
                       (b"session,event\n", "")):
        _, ends = zip(*(bench.records(data, *options) for options in ((), ("--reverse",))))
        report.none([f"{ends}"] if ends[0] != ends[1] or word not in ends[1]["end"] else [], f"{data[:20]!r}")


def main():
    report = Tap()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, *sys.argv[1:3])
        for check in (formats_check, odd_check, random_check, bytes_check):
            check(bench, report)
    return report.done()


if __name__ == "__main__":
    sys.exit(main())
