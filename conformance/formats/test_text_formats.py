#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The native text trace and NDJSON: what is the same in both, in every encoding, and at limits.

Arguments: dump_records, sessionlint. Prints TAP.
"""

import json
import pathlib
import sys
import tempfile

from shared import evtx_oracle, process
from shared.tap import Tap
from shared.text_bench import ENCODINGS, RECORDS, Bench, differ, logfmt, ndjson, without_place

LIMIT = 1 << 20  # the longest line in bytes, as lines.h says


def ndjson_native(record):
    """With words and numbers where JSON has them."""
    return json.dumps({key: value == "true" if key == "local" else value
                       for key, value in record.items()})


SPELLINGS = {"logfmt": logfmt, "ndjson": ndjson}


def offsets(lines, encoding, ending):
    """Where each line begins in the file."""
    mark, codec = ENCODINGS[encoding]
    at, places = len(mark), []
    for line in lines:
        places.append(at)
        at += len((line + ending).encode(codec))
    return places


def equal_check(bench, report):
    """The same trace in both formats."""
    texts = {name: "".join(spell(record) + "\n" for record in RECORDS).encode()
             for name, spell in {**SPELLINGS, "ndjson, words and numbers": ndjson_native}.items()}
    native, end = bench.records(texts.pop("logfmt"))
    report.none([f"malformed: {each}" for each in native if each["kind"] == "malformed"] +
                ([] if end["format"] == "logfmt" and len(native) == len(RECORDS) else [f"{end}"]),
                f"logfmt: all {len(native)} records are read")
    for name, text in texts.items():
        have, end = bench.records(text)
        report.none(list(differ(without_place(have), without_place(native))) +
                    ([] if end["format"] == "ndjson" else [f"{end}"]),
                    f"{name}: the same {len(have)} records as logfmt")
    backward = "".join(logfmt(dict(reversed(record.items()))) + "\n" for record in RECORDS)
    report.none(differ(
        without_place(bench.records(backward.encode())[0]), without_place(native)),
                "the order of keys does not matter")
    # commas in numbers and the like would be other formats' ways
    both = [bench.check(text)[1] for text in (texts["ndjson"], backward.encode())]
    keys = ("rule", "session", "line", "message", "event", "belief")
    report.none(differ(
        *([[each.get(key) for key in keys] for each in found] for found in both)),
                f"both formats: the same {len(both[0])} findings")


def encodings_check(bench, report):
    """Encodings, line ends, and a last line that has none. Long enough for several buffers."""
    extra = [{"session": i, "event": "Created", "user": "\U0001f600\u4f1a\u00e9x"[i % 4] * (i % 97)}
             for i in range(4000)]
    bad = {5: "session=1 event=Logn user=\u00e9", 1000: "\u4f1a", 4005: "session=1 event="}
    for name, spell in SPELLINGS.items():
        lines = [spell(record) for record in RECORDS + extra]
        for number, line in bad.items():
            lines[number] = line if name == "logfmt" else "{" + line
        lines[20:20] = ["", " \t"] + (["# a comment \U0001f600"] if name == "logfmt" else [])
        want, _ = bench.records("".join(f"{line}\n" for line in lines).encode())
        for encoding, (mark, codec) in ENCODINGS.items():
            for ending, ending_name in (("\n", "LF"), ("\r\n", "CRLF")):
                places = offsets(lines, encoding, ending)
                for last in (ending, ""):
                    text = mark + (ending.join(lines) + last).encode(codec)
                    have, end = bench.records(text)
                    problems = list(differ(without_place(have), without_place(want)))
                    problems += [f"line {each['line']} is at {places[each['line'] - 1]}, "
                                 f"not {each['offset']}" for each in have
                                 if each["offset"] != places[each["line"] - 1]]
                    if [each["line"] for each in have] != [each["line"] for each in want]:
                        problems.append("the lines are counted otherwise")
                    if end["format"] != name:
                        problems.append(f"{end}")
                    if bench.piped(text) != (have, end):
                        problems.append("through a pipe it is not the same")
                    report.none(problems,
                                f"{name}, {encoding}, {ending_name}{'' if last else ', unfinished'}: "
                                f"{len(have)} records, each at its place")


def findings_check(bench, report):
    """Line and offset of findings, in all encodings."""
    lines = ["session=3 event=Created user=\u4f1a", "x-\u00e9=1", "# \u4f1a\U0001f600", "",
             "user=\U0001f600 nonsense", "session=3 event=Konnected",
             "user=\u00e9 session=3 event=Logoff", "session=3 event=Disconnected"]
    for encoding, (mark, codec) in ENCODINGS.items():
        places = offsets(lines, encoding, "\n")
        text = mark + "".join(f"{line}\n" for line in lines).encode(codec)
        status, found, _ = bench.check(text)
        have = [(each["rule"], each["line"], each["offset"]) for each in found]
        want = [("trace/malformed", 2, places[1]), ("trace/malformed", 5, places[4]),
                ("trace/malformed", 6, places[5]), ("session/unfinished", 8, places[7])]
        report.none([*differ(have, want), *([] if status == 2 else [f"status {status}"])],
                    f"{encoding}: findings name line and offset")


ESCAPES = {r"\"": '"', r"\\": "\\", r"\/": "/", r"\b": "\b", r"\f": "\f", r"\n": "\n",
           r"\r": "\r", r"\t": "\t", r"\u0041": "A", r"\u00e9": "\u00e9", r"\u4F1a": "\u4f1a",
           r"\ud83d\ude00": "\U0001f600", r"\uDBFF\uDFFF": "\U0010ffff", r"\ufffd": "\ufffd", r"\u0000": "\0", r"\u001f": "\x1f",
           r"\u007f": "\x7f", r"\uffff": "\uffff", r"a\tb\\n": "a\tb\\n"}

# Lines of the text trace that are no records, and what the reason says.
BAD = [
    (b"session=1 event=Logn", "unknown event 'Logn'; did you mean Logon?"),
    (b"sessiom=1 event=Logon", "unknown key 'sessiom'; did you mean session?"),
    (b"evnt=Logon session=1", "did you mean event?"),
    (b"mine=1 session=1 event=Logon", "your own keys must begin with x-"),
    (b"x-=1 session=1 event=Logon", "unknown key 'x-'"),
    (b"session=1 session=1 event=Logon", "duplicate session"),
    (b"session=1 event=Logon event=Logoff", "duplicate event"),
    (b"session=1 event=Logon state=LoggedOn", "only one of event, state, notify, call, object and marker"),
    (b"session=1", "missing one of event, state, notify, call, object and marker"),
    (b"event=Logon", "missing session"),
    (b"marker=reported", "missing session"),
    (b"marker=boot from=Created", "from belongs to event, not to marker=boot"),
    (b"session=1 event=Logon local=true", "local belongs to state, not to event"),
    (b"marker=gap session=1", "session belongs to event, state, notify, call=IoGetContainerInformation and "
                              "marker=reported, not to marker=gap"),
    (b"session=1 event=Logon reason=x", "reason belongs to marker, not to event"),
    (b"session=1 event=Logon mask=all", "mask belongs to call=IoRegisterContainerNotification, not to event"),
    (b"object=created io=1 user=x", "user belongs to"),
    (b"call=IoGetContainerInformation status=0 registration=1",
     "registration belongs to call=IoRegisterContainerNotification and call=IoUnregisterContainerNotification, "
     "not to call=IoGetContainerInformation"),
    (b"call=IoUnregisterContainerNotification registration=1 status=0",
     "status belongs to notify, call=IoRegisterContainerNotification and call=IoGetContainerInformation, "
     "not to call=IoUnregisterContainerNotification"),
    (b"call=IoRegisterContainerNotification io=a status=0 registration=b mask=logon,lgoff",
     "mask: unknown name 'lgoff' in 'logon,lgoff'; did you mean logoff?"),
    (b"call=IoRegisterContainerNotification io=a status=0 registration=b mask=logon,2",
     "mask: unknown name '2' in 'logon,2'"),
    (b"call=IoRegisterContainerNotification io=a status=0 registration=b mask=logon,",
     "mask: unknown name '' in 'logon,'"),
    (b"call=IoRegisterContainerNotification io=a status=0 registration=b mask=lgoff", "did you mean logoff?"),
    (b"session=1 event=Logon driver=a", "driver belongs to state, notify, call and object, not to event"),
    (b"session=-1 event=Logon", "session: '-1' is not"),
    (b"session= event=Logon", "session: '' is not"),
    (b"session=1 event=", "event: '' is not"),
    (b"time=yesterday session=1 event=Logon", "time: 'yesterday' is not"),
    (b'time="' + b"\\u0000" * 11 + b'00:00:00Z" session=1 event=Logon', "time: "),
    (b"time= session=1 event=Logon", "time: '' is not"),
    (b"session=1 event=4294967296", "event: '4294967296' is not"),
    (b"session=1 state=LogedOn", "did you mean LoggedOn?"),
    (b"source=lms session=1 event=21", "did you mean lsm?"),
    (b"source=lsm session=1 event=5", "event: '5' is not"),
    (b"marker=bot", "did you mean boot?"),
    (b"session=1 event", "column 16: unexpected end of line"),
    (b'session=1 user="a', "column 18: unexpected end of line"),
    (b'session=1 user="a\\', "column 19: unexpected end of line"),
    (b'session=1 user="a\\q"', "column 19: unexpected 'q'; expected"),
    (b'session=1 user="\\u12g4"', "column 21: unexpected 'g'; expected"),
    (b'session=1 user="a"b', "column 19: unexpected 'b'; expected"),
    (b'session=1 user=a"', "column 17: unexpected '\"'; expected"),
    (b"session=1\0event=Logon", "column 10: unexpected byte 0x00; expected"),
    (b"session=1 event=Logon \x7f", "column 23: unexpected byte 0x7f; expected"),
    (b"session=1 \xc3\xa9=1", "column 11: unexpected U+00E9; expected"),
    (b"session=1 \xf0\x9f\x98\x80=1", "column 11: unexpected U+1F600; expected"),
    (b"session=1 \xc3=1", "column 11: unexpected byte 0xc3; expected"),
    (b"session=1 \xef\xbf\xbd=1", "column 11: invalid UTF-8; expected"),
    (b"source=wts session=1 event=12", "event: '12' is not an event of wts"),
    (b"session=1\revent=Logon", "column 11: unexpected 'e'; expected"),
    (b"=1", "column 1: unexpected '='; expected"),
    (b"1a=1", "column 1: unexpected '1'; expected"),
    (b" ".join([b"x-a=1"] * 65), "column 388: more than 64 keys"),
    (b"session=1 event=" + b"x" * 1000, "event: '" + "x" * 40 + "' is not"),
]

# The same of NDJSON.
BAD_JSON = [
    (b'{"session":1,"event":"Logn"}', "did you mean Logon?"),
    (b'{"sessiom":1,"event":"Logon"}', "did you mean session?"),
    (b'{"session":1,"session":2,"event":"Logon"}', "duplicate session"),
    (b'{"session":1.0,"event":"Logon"}', "session: '1.0' is not"),
    (b'{"session":1e0,"event":"Logon"}', "session: '1e0' is not"),
    (b'{"session":-0,"event":"Logon"}', "session: '-0' is not"),
    (b'{"session":true,"event":"Logon"}', "session: 'true' is not"),
    (b'{"session":null,"event":"Logon"}', "missing session"),
    (b'{"session":1,"event":null}', "missing one of event, state, notify, call, object and marker"),
    (b'{"session":01,"event":"Logon"}', "column 13: unexpected '1'; expected"),
    (b'{"session":[1],"event":"Logon"}', "column 12: unexpected '['; expected"),
    (b'{"session":{},"event":"Logon"}', "column 12: unexpected '{'; expected"),
    (b"{}", "missing one of event, state, notify, call, object and marker"),
    (b" { \t} ", "missing one of event, state, notify, call, object and marker"),
    (b'{"x-note":1}', "missing one of event, state, notify, call, object and marker"),
    (b'{"event":null}', "missing one of event, state, notify, call, object and marker"),
    (b'{"session":1,}', "column 14: unexpected '}'; expected"),
    (b'{"session":1 "event":"Logon"}', "column 14: unexpected '\"'; expected"),
    (b'{"session":1}{"event":"Logon"}', "column 14: unexpected '{'; expected"),
    (b'{"session":1', "column 13: unexpected end of line"),
    (b'{"user":"a\tb"}', "column 11: unexpected byte 0x09; expected"),
    (b'{"user":"a\\x"}', "column 12: unexpected 'x'; expected"),
    (b'{session:1}', "column 2: unexpected 's'; expected"),
    (b"{'session':1}", "column 2: unexpected '''; expected"),
    (b'[{"session":1}]', "column 1: unexpected '['; expected"),
    (b'null', "column 1: unexpected 'n'; expected"),
    (b'{"session":nul}', "column 15: unexpected '}'; expected"),
    (b'{"session":NaN}', "column 12: unexpected 'N'; expected"),
]


def values_check(bench, report):
    """Escapes, quoted and empty values, comments, and what is no key of the trace."""
    templates = {"logfmt": 'user="{}" session=1 event=Created',
                 "ndjson": '{{"user":"{}","session":1,"event":1}}'}
    for name, template in templates.items():
        lines = "".join(template.format(escape) + "\n" for escape in ESCAPES)
        have = [each.get("user", "").encode("latin-1").decode() for each in
                bench.records(lines.encode())[0]]
        report.none([
            f"{escape} is {ascii(got)}, not {ascii(want)}"
            for (escape, want), got in zip(ESCAPES.items(), have) if got != want] +
            ([] if len(have) == len(ESCAPES) else [f"{len(have)} of them"]), f"{name}: {len(have)} escapes")
    good = {"# comment": 0, "  # comment": 0, "": 0, "#": 0, "session=1 event=5 # comment": 1,
            "session=1 event=5 #": 1, "user=# session=1 event=5": 1, "\tsession=1\tevent=5\t": 1,
            'session="1" event="Logon" user=""': 1, "session=1 event=5 user= host=": 1,
            "x-a=1 x-b= x-c=\"\\u0000\" session=1 event=5": 1, "user=a=b session=1 event=5": 1,
            "user=\u00e9\u4f1a\U0001f600 session=1 event=5": 1}
    for line, count in good.items():
        have, _ = bench.records(f"marker=end\n{line}\nmarker=end\n".encode())
        report.none([
            f"{each}" for each in have if each["kind"] == "malformed"] +
            ([] if len(have) == count + 2 else [f"{len(have) - 2}"]), f"{line!r} is {count} records")
    empty = bench.records(b'session=1 event=5 user= host=""\n')[0][0]
    report.ok({"user", "host"} <= set(empty["keys"]), "an empty value is there")
    latin = bench.records(b"user=\xe9\xff session=1 event=5\n")[0][0]
    report.ok(latin.get("user") == "\xe9\xff", "bytes that are no UTF-8 stay as they are")


def bad_check(bench, report):
    """What is malformed: the reason, the place, and that the neighbours are read."""
    good = {"logfmt": b"session=1 event=Created\n", "ndjson": b'{"session":1,"event":"Created"}\n'}
    for name, cases in (("logfmt", BAD), ("ndjson", BAD_JSON)):
        for line, reason in cases:
            # long enough that no byte of the line decides what the file is
            front = b"#" * 5000 + b"\n" if name == "logfmt" else b" " * 4000 + b"\n"
            text = (good[name] + front + line + b"\n" + good[name])
            have, _ = bench.records(text)
            offset = len(good[name]) + len(front)
            problems = [] if [each["kind"] for each in have] == ["event", "malformed", "event"] \
                else [f"{have}"]
            problems += [] if problems or reason in have[1]["reason"] else [have[1]["reason"]]
            problems += [] if problems or have[1]["offset"] == offset else [f"{have[1]}"]
            shown = line if len(line) < 60 else line[:50] + b"..."
            report.none(problems, f"{name}: {shown!r} is malformed: {reason[:60]}")
    for key in ("state=4294967295", "event=Created from=4294967295", "event=Created to=0xffffffff"):
        _, found, _ = bench.check(f"session=1 {key}\n".encode())
        report.ok(any(each["rule"] == "session/invalid-state" for each in found),
                  f"{key}: outside the enumeration is found")
    _, found, _ = bench.check(b"session=1 event=4294967295\n")
    report.ok([each.get("event") for each in found if each["rule"] == "session/invalid-event"]
              == ["4294967295"], "event=4294967295: outside the enumeration is found, and named")


def limits_check(bench, report):
    """Lines at and above the longest that is read, through a file and through a pipe."""
    good = b"session=1 event=Created\n"
    head = b"session=2 event=Created user="
    for size in (LIMIT - 1, LIMIT, LIMIT + 1, LIMIT + 5000, LIMIT + 200000, LIMIT + 300000,
                 2 * LIMIT, 10 * LIMIT):
        for front in (b"", good, b"# " + b"c" * 200000 + b"\n"):
            line = head + b"u" * (size - len(head))
            text = front + line + b"\n" + good + b"nonsense\n"
            at = front.count(b"\n") + 1
            want = [(at, len(front), "event" if size <= LIMIT else "malformed"),
                    (at + 1, len(front) + size + 1, "event"),
                    (at + 2, len(front) + size + 1 + len(good), "malformed")]
            problems = []
            for how, have in (("file", bench.records(text)[0]), ("pipe", bench.piped(text)[0])):
                places = [(each["line"], each["offset"], each["kind"]) for each in have][-3:]
                problems += [f"{how}: {problem}" for problem in differ(places, want)]
            report.none(problems,
                        f"a line of {size} bytes, {len(front)} before it, is "
                        f"{'read' if size <= LIMIT else 'too long'}")
    for size in (LIMIT, 4 * LIMIT):
        have, end = bench.records(head + b"u" * (size - len(head)))
        report.ok([each["kind"] for each in have] == ["event" if size <= LIMIT else "malformed"],
                  f"an unfinished line of {size} bytes")
    have, _ = bench.records(b"\xff\xfe" + ("x" * (2 * LIMIT) + "\nsession=1 event=Created\n")
                            .encode("utf-16-le"))
    report.ok([(each["line"], each["offset"]) for each in have] ==
              [(1, 2), (2, 4 * LIMIT + 4)], "UTF-16: behind a line that is too long the offset is right")


def zeros_check(bench, report):
    """Zeros, as a host leaves behind that loses power: what is before them is read."""
    good = b"session=1 event=Created\n"
    for count in (3, 4000):
        for before in (1, 1000):
            text = good * before + bytes(count)
            have, end = bench.records(text)
            status, found, errors = bench.check(text, "--rule=unfinished=off")
            places = [each["line"] for each in found if each["rule"] == "trace/malformed"]
            report.none(([] if [each["kind"] for each in have] == ["event"] * before + ["malformed"]
                         else [f"{len(have)} records, {end}"]) +
                        ([] if status == 2 and places == [before + 1] else
                         [f"status {status}, malformed at {places}: {errors.strip()}"]),
                        f"{count} zeros behind {before} lines: the lines are read, the zeros are not")
    have, end = bench.records("session=1 event=Created\n".encode("utf-16-le"))
    report.ok(end["end"] != "" or
              all(each["kind"] == "malformed" for each in have), "UTF-16 without a mark is not taken for a trace")


def cut_check(bench, report):
    """A trace that is cut at every byte: what is before the cut is read, the rest is told of."""
    for name, spell in SPELLINGS.items():
        for encoding, (mark, codec) in ENCODINGS.items():
            lines = [spell(record) for record in RECORDS[:9]]
            text = mark + "".join(f"{line}\n" for line in lines).encode(codec)
            want = bench.records(text)[0]
            ends = offsets(lines, encoding, "\n")[1:] + [len(text)]
            folder = bench.path.parent / "cuts"
            folder.mkdir()
            paths = [folder / f"{at:05}.trace" for at in range(1, len(text))]
            for at, path in enumerate(paths, 1):
                path.write_bytes(text[:at])
            problems = list(cuts_problems(bench, paths, want, ends))
            for path in paths:
                path.unlink()
            folder.rmdir()
            report.none(problems, f"{name}, {encoding}: cut at each of {len(paths)} bytes")


def cuts_problems(bench, paths, want, ends):
    """Reads all cuts in one run, and some of them in a run of their own."""
    status, output, errors = process.run([bench.sessionlint, "check", "--format=json", *paths])
    if process.crash_of(status, errors) or status not in (0, 1, 2):
        yield f"{process.crash_of(status, errors)}, {status}"
    places = {}
    for line in output.decode().splitlines():
        finding = json.loads(line)
        if finding.get("rule") == "trace/malformed":
            places.setdefault(pathlib.Path(finding["file"]).name, []).append(finding["line"])
    read = evtx_oracle.dump_mapped(bench.dump_records, [str(path) for path in paths])
    for at, path in enumerate(paths, 1):
        whole = [each for each, end in zip(want, ends) if end <= at]
        have = read[str(path)][:-1]
        if [{**each, "keys": None} for each in have[:len(whole)]] != \
                [{**each, "keys": None} for each in whole]:
            yield f"cut at {at}: {have}"
        rest = have[len(whole):]
        # half a line can be a whole record itself; it has its place in any case
        if len(rest) > 1 or any(each["line"] != len(whole) + 1 for each in rest):
            yield f"cut at {at}: {rest}"
        malformed = [each["line"] for each in rest if each["kind"] == "malformed"]
        if places.get(path.name, []) != malformed:
            yield f"cut at {at}: malformed at {places.get(path.name)}, not {malformed}"
        if at % 50 == 0:
            alone = process.run([bench.sessionlint, "check", path])
            expected = (2,) if malformed or not have else (0, 1)
            if alone[0] not in expected or process.crash_of(alone[0], alone[2]):
                yield f"cut at {at}: status {alone[0]}, not {expected}"


def nothing_check(bench, report):
    """Files without records."""
    for name, text in (("no bytes", b""), ("a mark alone", b"\xef\xbb\xbf"),
                       ("a mark of UTF-16 alone", b"\xff\xfe"), ("half a mark", b"\xef"),
                       ("line feeds", b"\n\n\n"), ("comments", b"# a\n# b\n"),
                       ("an empty object", b"{}\n"), ("zeros", bytes(100))):
        status, found, errors = bench.check(text)
        report.ok(status == 2 and (errors.strip() or found), f"{name}: nothing to check, and it says so",
                  f"status {status}: {errors} {found}")


def main():
    report = Tap()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, *sys.argv[1:3])
        equal_check(bench, report)
        encodings_check(bench, report)
        findings_check(bench, report)
        values_check(bench, report)
        bad_check(bench, report)
        limits_check(bench, report)
        zeros_check(bench, report)
        cut_check(bench, report)
        nothing_check(bench, report)
    return report.done()


if __name__ == "__main__":
    sys.exit(main())
