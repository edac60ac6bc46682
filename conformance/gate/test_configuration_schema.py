#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/configuration.schema.json allows the keys and values of .sessionlint that the command takes, and no others.

Arguments: the command, the schema. Prints TAP.
"""

import json
import pathlib
import re
import sys

from shared.gate import LIFE, run_all

SCHEMA = json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8"))

# Tried with each key, besides the words of the schema itself.
VALUES = ("", "x", "true", "false", "TRUE", "yes", "off", "on", "Error", "errors", "auto ato", "16", "08", "0s", "10", "10s", "007m",
          "500ms", "1.5s", "-1s", "2 m", "1d", "1w", "gap", "gap=", "gap=off", "gap=on", "trace/gap=off", "session/gap=off",
          "trace/=off", "trace/gap=error=off", "unfinished=note", "unfinished=never", "known.json")


def resolve(place):
    """The part of the schema that $ref leads to."""
    return SCHEMA["$defs"][place["$ref"].rpartition("/")[2]] if "$ref" in place else place


def is_valid(key, value):
    """Whether the schema allows a line, read without a validator: it has few words."""
    if key not in SCHEMA["properties"]:
        return False
    place = resolve(SCHEMA["properties"][key])
    place = place.get("items", place)
    unknown = set(place) - {"type", "enum", "pattern", "minLength", "default", "description"}
    if unknown:
        raise ValueError(f"{key}: this test does not know {unknown}")
    return (value in place.get("enum", [value]) and re.search(place.get("pattern", ""), value) is not None
            and len(value) >= place.get("minLength", 0))


def complaint(place, *lines):
    """What the command says of a configuration with these lines; None: it takes them."""
    place.file(".sessionlint", "".join(f"{line}\n" for line in lines))
    error = place.run("check", "-q", "x.trace").error
    return error if re.match(r"sessionlint: \.sessionlint:\d+: ", error) else None


def check_keys(tap, place):
    """Every option of check is a key of both or of neither."""
    place.file("x.trace", LIFE.format(1))
    text = place.run("check", "--help").text
    options = re.findall(r"^  (?:-.,|   ) --([a-z-]+)", text, re.M)
    taken = {name for name in options
             if not re.search("unknown key|only be given on the command line", complaint(place, f"{name} = ") or "")}
    tap.same(set(SCHEMA["properties"]), taken, "the keys are those that the command takes")
    tap.same(SCHEMA["additionalProperties"], False, "and no others are allowed")


def check_values(tap, place):
    place.file("x.trace", LIFE.format(1))
    words = {word for key in SCHEMA["properties"] for word in resolve(SCHEMA["properties"][key]).get("enum", ())}
    for key in SCHEMA["properties"]:
        wrong = [(value, is_valid(key, value), said) for value in place.command.sampled([*VALUES, *sorted(words)])
                 if is_valid(key, value) == bool(said := complaint(place, f"{key} = {value}"))]
        tap.none(wrong, f"{key}: the values are those that the command takes")


def check_lists(tap, place):
    """The whole lists: sources, rules, severities. The command says which there are."""
    place.file("x.trace", LIFE.format(1))
    listed = re.search(r"'x': (.*)\n", complaint(place, "source = x"))[1]
    tap.same(SCHEMA["properties"]["source"]["enum"], re.split(", | or ", listed), "the sources")
    rules = re.findall(r"^(\S+/\S+)", place.run("rules").text, re.M)
    names = [f"{scope}/{name}" for scope, names in
             re.findall(r"\(([a-z]+)/\)\?\(([a-z|-]+)\)", SCHEMA["properties"]["rule"]["items"]["pattern"])
             for name in names.split("|")]
    tap.same(names, rules, "the rules")
    short = [rule.partition("/")[2] for rule in rules]
    tap.ok(complaint(place, *(f"rule = {name}=off" for name in rules + short)) is None
           and all(is_valid("rule", f"{name}=off") for name in rules + short), "their names, long and short")
    for key in ("fail-on", "start", "pointer-size"):
        described = re.search(rf"--{key}=.*", place.run("check", "--help").text)[0]
        missing = [word for word in SCHEMA["properties"][key]["enum"] if not re.search(rf"\b{word}\b", described)]
        tap.ok(not missing, f"{key}: its words are in the help", described, missing)


def check_repeated(tap, place):
    """What is an array can be in several lines, and nothing else."""
    place.file("x.trace", LIFE.format(1))
    value = {"rule": "gap=off", "baseline": "b.json", "reorder": "1s"}
    for key, schema in SCHEMA["properties"].items():
        line = f"{key} = {value.get(key) or resolve(schema)['enum'][0]}"
        said = complaint(place, line, line)
        tap.ok(complaint(place, line) is None and (said is None) == (schema.get("type") == "array")
               and (said is None or "already set" in said), f"{key}: once or often", said)


def check_itself(tap, _place):
    try:
        import jsonschema  # pylint: disable=import-outside-toplevel
    except ImportError:
        tap.skip("the schema is one", "the Python module jsonschema is not installed")
        return
    validator = jsonschema.validators.validator_for(SCHEMA)
    validator.check_schema(SCHEMA)
    known = {"strict": "true", "rule": ["gap=error", "session/unfinished=off"], "source": "lsm", "reorder": "10s"}
    tap.ok(validator(SCHEMA).is_valid(known), "the schema is one, and allows a configuration")
    for change in ({"strict": True}, {"rule": "gap=error"}, {"rule": ["gpa=error"]}, {"frobnicate": "x"}):
        tap.ok(not validator(SCHEMA).is_valid({**known, **change}), f"but not {change}")


if __name__ == "__main__":
    sys.exit(run_all(check_keys, check_values, check_lists, check_repeated, check_itself))
