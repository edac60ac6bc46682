# SPDX-License-Identifier: MIT
"""Baselines that people, editors and enemies have been at: what is right is taken, all else is refused with its place.

Arguments: the command, docs/baseline.schema.json. Prints TAP.
"""

import json
import os
import pathlib
import random
import re
import sys

from shared.command import STATUS_CLEAN, STATUS_FAILED, STATUS_FINDINGS
from shared.gate import BROKEN, baseline, counted, entry, run_all, suppressed

try:
    import jsonschema
except ImportError:
    jsonschema = None

HEAD = '{"baseline":"sessionlint","version":1,"entries":['
ENTRY = json.dumps(entry())
DEEP = 100_000

# What the file holds, where it is wrong, and what is said of it.
WRONG = {
    "nothing": ("", "1:1", 'unexpected end of file; expected {"baseline"'),
    "blanks": (" \n\t\n ", "3:2", "unexpected end of file"),
    "a word": ("baseline", "1:1", "expected "),
    "an array": ("[]", "1:1", 'expected {"baseline":"sessionlint", ...}'),
    "an empty object": ("{}", "1:1", "missing 'baseline'"),
    "no version": ('{"baseline":"sessionlint","entries":[]}', "1:1", "missing 'version'"),
    "no entries": ('{"baseline":"sessionlint","version":1}', "1:1", "missing 'entries'"),
    "of something else": (baseline(baseline="other"), "1:14", "not a baseline of sessionlint"),
    "version 2": (baseline(version=2), "1:40", "expected 1"),
    "version 1.0": (baseline(version=1.0), "1:40", "a whole number for 'version'"),
    "version as text": (baseline(version="1"), "1:40", "a whole number for 'version'"),
    "entries as object": (baseline(entries={}), "1:54", "an array for 'entries'"),
    "an entry that is none": (HEAD + "1]}", "1:50", "expected an entry {...}"),
    "a comma too much": (HEAD + "\n" + ENTRY + ",\n]}", "3:1", "expected an entry {...}"),
    "no comma": (HEAD + "\n" + ENTRY + "\n" + ENTRY + "]}", "3:1", "expected a comma and an entry, or ]"),
    "an end too early": (HEAD + "\n" + ENTRY, None, "unexpected end of file; expected a comma and an entry, or ]"),
    "something behind it": (baseline() + "\nx", "2:1", "unexpected text after the baseline"),
    "marks of a merge": (HEAD + "\n<<<<<<< ours\n" + ENTRY + "\n]}", "2:1", "expected an entry {...}"),
    "a comment": ("// known\n" + baseline(), "1:1", "expected "),
    "an unknown key": (baseline(entriez=[]), None, "unknown key 'entriez'; did you mean entries?"),
    "an unknown key of an entry": (baseline(entry(raeson="x")), None, "unknown key 'raeson'; did you mean reason?"),
    "a key nobody knows": (baseline(entry(frobnicate=1)), None, "unknown key 'frobnicate'\n"),
    "a key twice": (HEAD + ENTRY[:-1] + ',"reason":"x"}]}', None, "duplicate key 'reason'"),
    "entries twice": (baseline()[:-1] + ',"entries":[]}', None, "duplicate key 'entries'"),
    "an entry twice": (HEAD + "\n" + ENTRY + ",\n" + ENTRY + "\n]}", "3:1", "duplicate fingerprint, already in line 2"),
    "no such day": (baseline(entry(expires="2026-02-30")), "1:55", "'expires' is not a date such as 2026-12-31"),
    "a day and more": (baseline(entry(expires="2026-02-03T00:00:00Z")), "1:55", "'expires' is not a date"),
    "a day as number": (baseline(entry(expires=20261231)), None, "expected a string for 'expires'"),
    "an empty day": (baseline(entry(expires="")), "1:55", "'expires' is not a date"),
    "an empty reason": (baseline(entry(reason="")), "1:55", "empty reason"),
    "a blank reason": (baseline(entry(reason=" \t\n")), "1:55", "empty reason"),
    "an empty fingerprint": (baseline(entry(fingerprint="")), "1:55", "invalid fingerprint"),
    "a control character": (HEAD + ENTRY.replace("known", "k\x01nown") + "]}", None, "a string for 'reason'"),
    "a line end in a string": (HEAD + ENTRY.replace("known", "k\nnown") + "]}", None, "a string for 'reason'"),
    "a string without end": (HEAD + '{"reason":"x', None, "unexpected end of file; expected a string for 'reason'"),
    "half an escape": (HEAD + '{"reason":"x\\', None, "unexpected end of file; expected a string for 'reason'"),
    "no escape": (baseline(entry()).replace("known", "kn\\own"), None, "invalid JSON escape"),
    "a short escape": (baseline(entry()).replace("known", "kn\\u00e"), None, "invalid JSON escape"),
    "half a character": (baseline(entry()).replace("known", "\\ud83d"), None, "invalid JSON escape"),
    "the other half": (baseline(entry()).replace("known", "\\ude00\\ud83d"), None, "invalid JSON escape"),
    "two first halves": (baseline(entry()).replace("known", "\\ud83d\\ud83d"), None, "invalid JSON escape"),
    "UTF-16": (b"\xff\xfe" + baseline().encode("utf-16-le"), "1:1", "the file is UTF-16; a baseline must be UTF-8"),
    "deep nesting": ("[" * DEEP, "1:1", "expected "),
    "deep nesting in an entry": (HEAD + '{"reason":' + "[" * DEEP, None, "expected a string for 'reason'"),
    "deep nesting at a new key": ('{"x":' * DEEP, None, "unknown key 'x'"),
    "a NUL": ("\0" + baseline(), "1:1", "expected "),
    "a terminal's commands": (baseline(**{"\x1b]0;x\x07\u202e": 1}), None, "unknown key '\\\\u001b]0;x\\\\u0007\\\\u202e'"),
    **{f"fingerprint {text}": (baseline(entry(fingerprint=text)), "1:55", "invalid fingerprint") for text in
       ("0123456789abcdef", "0123456789abcdef:", "0123456789abcdef:0", "0123456789abcdef:01", "0123456789ABCDEF:1",
        "0123456789abcdef:-1", "0123456789abcdef:1 ", "0123456789abcde:11", "0123456789abcdef:" + "1" * 20, "x" * 99)},
    **{f"no UTF-8: {data}": (baseline(entry()).encode().replace(b"known", data), None, "invalid UTF-8") for data in
       (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"a\x80")},
    **{f"no {key}": (baseline(entry(**{key: None})), "1:55", f"missing '{key}' in the entry") for key in entry()},
    **{f"{key} as {value}": (baseline(entry(**{key: value})), None, f"expected a string for '{key}'")
       for key in entry() for value in (None, 1, True, [], {}) if value is not None},
}

# Of these, a validator says that they are right: what JSON does not tell apart, or no schema can say.
BEYOND = {"a key twice", "entries twice", "an entry twice", "no such day", "version 1.0", "half a character", "the other half",
          "two first halves"}


def check_wrong(tap, place):
    schema = json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8"))
    place.file("a.trace", BROKEN.format(1))
    for name, (content, where, complaint) in WRONG.items():
        data = content if isinstance(content, bytes) else content.encode("utf-8")
        place.file("b.json", data)
        result = place.check("a.trace")
        pattern = rf"sessionlint: b\.json:{where or '[0-9]+:[0-9]+'}: "
        tap.ok(result.status == STATUS_FAILED and not result.out and re.match(pattern, result.error)
               and complaint.replace("\\\\", "\\") in result.error, f"{name}: refused with its place",
               f"expected {pattern}, {complaint}", result)
        if name.startswith(("a word", "an empty reason", "no ", "version")):
            # the log that is not there is not looked for
            for words in (["write", "--reason=x", "gone.trace"], ["prune", "gone.trace"], ["list"]):
                result = place.run("baseline", words[0], "--baseline=b.json", *words[1:])
                tap.ok(result.status == STATUS_FAILED and place.read() == data and re.match(pattern, result.error)
                       and "gone" not in result.error, f"{name}: {words[0]} refuses it at once", result)
        if jsonschema and name not in BEYOND:
            tap.ok(not follows(schema, data), f"{name}: the schema refuses it too")
    if not jsonschema:
        tap.skip("the schema refuses it too", "the Python module jsonschema is not installed")


def follows(schema, data):
    """Whether somebody else's parser and validator take it."""
    try:
        return not list(jsonschema.Draft202012Validator(schema).iter_errors(json.loads(data.decode("utf-8"))))
    except (ValueError, RecursionError):
        return False


def check_right(tap, place):
    """What editors, tools and people change without harm."""
    place.file("a.trace", BROKEN.format(1))
    place.write("a.trace", reason="Zo\u00eb \U0001f600 \ufffd")
    known = place.read().decode("utf-8")
    changed = {
        "a mark": "\ufeff" + known,
        "CR LF": known.replace("\n", "\r\n"),
        "on one line": json.dumps(json.loads(known)),
        "in ASCII": json.dumps(json.loads(known), ensure_ascii=True),
        "indented": json.dumps(json.loads(known), indent=4),
        "keys in another order": json.dumps(json.loads(known), sort_keys=True),
        "all escaped": re.sub("Zo", "\\\\u005a\\\\u006f", known),
        "a slash": known.replace("Zo", "\\/Zo"),
        "blanks at the end": known + " \r\n\t\n",
    }
    for name, text in changed.items():
        place.file("b.json", text)
        result = place.check("a.trace")
        tap.ok(result.status == STATUS_CLEAN and not counted(result) and
               suppressed(result)[0]["suppression"]["reason"].lstrip("/") == "Zo\u00eb \U0001f600 \ufffd", name, result)
    place.file("b.json", baseline())
    tap.same(place.check("a.trace").status, STATUS_FINDINGS, "a baseline without entries")


def check_missing(tap, place):
    place.file("a.trace", BROKEN.format(1))
    result = place.check("a.trace")
    tap.ok(result.status == STATUS_FAILED and result.error == "sessionlint: b.json: No such file or directory\n"
           and not result.out, "no baseline: status 2, and nothing is checked", result)
    (place.path / "b.json").mkdir()
    for arguments in (("check", "-q"), ("baseline", "write", "--reason=x"), ("baseline", "prune"), ("baseline", "list")):
        result = place.run(*arguments, "--baseline=b.json", *["a.trace"] * (arguments[-1] != "list"))
        tap.ok(result.status == STATUS_FAILED and "sessionlint: b.json: " in result.error, f"{arguments}: a folder",
               result)
    if os.name != "nt" and not place.command.for_windows and os.geteuid() != 0:
        place.file("secret.json", baseline()).chmod(0)
        result = place.run("check", "-q", "--baseline=secret.json", "a.trace")
        tap.ok(result.status == STATUS_FAILED and "Permission denied" in result.error, "one that may not be read", result)
    else:
        tap.skip("one that may not be read", "rights mean nothing here")
    result = place.run("baseline", "write", "--baseline=none/b.json", "--reason=x", "gone.trace")
    tap.ok(result.status == STATUS_FAILED and "none/b.json: No such file" in result.error and "gone" not in result.error,
           "write: no folder to write it to, which is said at once", result)
    for action in ("prune", "list"):
        result = place.run("baseline", action, "--baseline=gone.json", *["a.trace"] * (action == "prune"))
        tap.ok(result.status == STATUS_FAILED and "gone.json: No such file" in result.error, f"{action}: no baseline",
               result)


def check_huge(tap, place):
    """Many entries are no trouble; a file without end is."""
    place.file("a.trace", BROKEN.format(1))
    place.write("a.trace")
    known = place.entries()
    many = [entry(fingerprint=f"{n:016x}:{n % 7 + 1}", log=f"log {n % 100}") for n in range(1, 50_000)]
    random.Random(1).shuffle(many)
    place.file("b.json", baseline(*many[:25_000], *known, *many[25_000:]))
    result = place.check("a.trace")
    tap.ok(result.status == STATUS_CLEAN and len(suppressed(result)) == 1, "one among 50,000 entries is found", result)
    place.file("b.json", baseline(*[{**e, "log": "a.trace"} for e in many], *known))
    for form in ("text", "junit", "sarif", "github", "markdown", "gitlab", "azure"):
        result = place.run("check", "-q", f"--format={form}", "--baseline=b.json", "a.trace")
        tap.ok(result.status == STATUS_FINDINGS and result.err.count(b"stale entry") == len(many),
               f"{form}: 50,000 stale entries, each is told on standard error")
        if form == "sarif":
            notices = json.loads(result.out)["runs"][0]["invocations"][0]["toolExecutionNotifications"]
            tap.ok(len(notices) == 1001 and f"{len(many) - 1000} more notifications" in notices[-1]["message"]["text"],
                   "sarif: a thousand, and how many more", notices[-1])
    with open(place.path / "b.json", "wb") as file:
        file.truncate(65 << 20)
    result = place.check("a.trace")
    tap.ok(result.status == STATUS_FAILED and "exceeds the maximum size of a baseline" in result.error,
           "a file without end is refused", result)
    place.file("b.json", baseline(entry(reason="r" * 1_000_000, message="m" * 1_000_000)))
    tap.same(place.check("a.trace").status, STATUS_FINDINGS, "an entry of two million characters")
    place.file("a.trace", BROKEN.format(1) + BROKEN.format(2) + BROKEN.format(3))
    place.file("b.json", baseline(*[entry(fingerprint=f"{n:016x}:1", log="z.trace", reason="r" * 1_001_000)
                                    for n in range(1, 68)]))
    before, names = place.read(), place.names()
    result = place.write("a.trace", reason="r" * 20_000)
    tap.ok(result.status == STATUS_FAILED and "would exceed the maximum size of a baseline" in result.error
           and place.read() == before and place.names() == names, "none is written that could not be read", result)
    result = place.write("a.trace")
    tap.ok(result.status == STATUS_CLEAN and place.check("--allow-stale", "a.trace").status == STATUS_CLEAN,
           "a smaller one is", result)


def damaged(data, rng):
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5))):
        at = rng.randrange(len(data))
        kind = rng.randrange(5)
        if kind == 0:
            data[at] = rng.randrange(256)
        elif kind == 1:
            del data[at:at + rng.choice((1, 3, 40))]
        elif kind == 2:
            data[at:at] = rng.choice((b'"', b"{", b"}", b"[", b",", b"\\", b":", b"\n", b"\\u", b"1", b"\xff"))
        elif kind == 3:
            data[at:at] = data[at - 20:at]
        else:
            del data[at:]
        if not data:
            break
    return bytes(data)


def check_damaged(tap, place):
    """A damaged file is refused, or read as another parser reads it."""
    place.file("a.trace", BROKEN.format(1) * 2)
    place.write("a.trace", "--expires=2027-01-01", reason="a\u00e9\n")
    known, wrong = place.read(), []
    # a run on a small file is short: the sanitizers try all of them
    count = 40 if place.command.wine else 400
    for seed in range(count):
        data = damaged(known, random.Random(seed))
        place.file("b.json", data)
        result = place.check("a.trace")
        try:
            entries = json.loads(data.decode("utf-8-sig"))["entries"]
            reasons = {e["reason"] for e in entries}
        except (ValueError, KeyError, TypeError):
            reasons = None
        taken = {f["suppression"]["reason"] for f in suppressed(result)} if result.out else set()
        if (result.status == STATUS_FAILED) != (not result.out) or not taken <= (reasons or set()):
            wrong.append((seed, result))
    tap.ok(not wrong, f"{count} damaged baselines: refused, or read as another parser reads them", *wrong[:3])


if __name__ == "__main__":
    sys.exit(run_all(check_wrong, check_right, check_missing, check_huge, check_damaged))
