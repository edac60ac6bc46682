#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The ABI is the one that abi.txt records, unless the soname is another. Prints TAP.

test_abi.py HEADERS NM LIBRARY COMPILER...   checks; LIBRARY is '-' if there is no shared one
test_abi.py HEADERS NM LIBRARY --update COMPILER...   records what was added; refuses what breaks programs
"""

import pathlib
import re
import subprocess
import sys
import tempfile

from shared import public_header
from shared.tap import Tap

TABLE = pathlib.Path(__file__).resolve().parent / "abi.txt"
HEAD = """# SPDX-License-Identifier: MIT
# The ABI under its soname; test_abi.py compares it with the header. Layouts are: bytes of a pointer/alignment of 64 bits.
"""

# The library allocates these, so they can grow at their end.
GROWING = ("sessionlint_finding", "sessionlint_step", "sessionlint_annotation", "sessionlint_rule_info",
           "sessionlint_baseline_entry")
MEMBER = re.compile(r"(\d+/\d+) (\w+)\.(\w+)$")
STRUCT = re.compile(r"(\d+/\d+) (\w+)$")


def read_table():
    lines = TABLE.read_text().splitlines() if TABLE.exists() else []
    return dict(line.split(" = ") for line in lines if line and not line.startswith("#"))


def write_table(table):
    TABLE.write_text(HEAD + "".join(f"{key} = {value}\n" for key, value in table.items()))


def soname_of(library):
    out = subprocess.run(["readelf", "-d", library], capture_output=True, text=True, check=True).stdout
    return re.search(r"\(SONAME\).*\[(.*)\]", out).group(1)


def read_abi(folder, nm, compiler, targets=((), ("-m32",))):
    """What programs depend on, and the layouts that could be looked at."""
    text = public_header.text_of(folder)
    abi = {f"function {name}": value for name, value in sorted(public_header.functions(text).items())}
    abi |= {f"type {name}": value for name, value in sorted(public_header.types(text).items())}
    abi |= {f"constant {name}": str(value) for name, value in public_header.constants(text).items()}
    kinds = set()
    for flags in targets:
        found = public_header.layout(compiler, nm, folder, flags)
        if found and found[0] not in kinds:
            kinds.add(found[0])
            abi |= found[1]
    return abi, kinds


def end_of(table, kind, struct):
    """Where the last member of a struct ends."""
    ends = [sum(map(int, value.split("+"))) for key, value in table.items() if key.startswith(f"{kind} {struct}.")]
    return max(ends, default=0)


def can_grow(old, key, new):
    """Whether programs that know the old ABI do not notice this change or addition."""
    member, struct = MEMBER.match(key), STRUCT.match(key)
    if member and f"{member[1]} {member[2]}" in old:
        return member[2] in GROWING and int(new[key].split("+")[0]) >= end_of(old, member[1], member[2])
    if struct and key in old:
        return struct[2] in GROWING and int(new[key]) > int(old[key])
    return key not in old


def compare(old, new, kinds):
    """What breaks programs, and what was only added. Layouts that could not be looked at are left out."""
    old = {key: value for key, value in old.items()
           if key != "soname" and (not re.match(r"\d", key) or key.split()[0] in kinds)}
    breaks, added = [f"{key} = {old[key]} is gone" for key in old if key not in new], []
    for key, value in new.items():
        if old.get(key) != value:
            (added if can_grow(old, key, new) else breaks).append(f"{key} = {old.get(key, 'nothing')} is now {value}")
    return breaks, added


def update(table, abi, kinds, soname):
    breaks, _ = compare(table, abi, kinds)
    if breaks and table.get("soname") == soname:
        print("\n".join(breaks))
        print(f"test_abi.py: this breaks programs that need {soname}: give `abi` in src/meson.build a new number")
        return 1
    kept = {key: value for key, value in table.items() if re.match(r"\d", key) and key.split()[0] not in kinds}
    write_table({"soname": soname} | abi | ({} if breaks else kept))
    return 0


# Changes of the header: what is replaced, by what, and whether it breaks programs; None: it is no change.
CHANGES = [
    ("a member in the middle of a finding", "	bool cascade;", "	void *more; bool cascade;", True),
    ("a member at the end of a finding", "	bool shown; /* it passes", "	bool shown; void *more; /* it passes", False),
    ("a member at the end of a step", "	bool shown; /* as in a finding */\n};\n\n#define", "	bool shown; uint64_t more; /* as in a finding */\n};\n\n#define",
     False),
    ("a member in the padding of a step", "	bool unseen;", "	bool unseen, more;", True),
    ("a member at the end of a pair", "	const char *key;\n	struct", "	const char *key; void *more; struct", True),
    ("a longer history", "#define SESSIONLINT_HISTORY 8", "#define SESSIONLINT_HISTORY 9", True),
    ("an enumerator in the middle", "	SESSIONLINT_RULE_GAP,", "	SESSIONLINT_RULE_MORE, SESSIONLINT_RULE_GAP,", True),
    ("an enumerator at the end", "	SESSIONLINT_RULE_INCOMPLETE_SEARCH,", "	SESSIONLINT_RULE_INCOMPLETE_SEARCH, SESSIONLINT_RULE_MORE,", False),
    ("a function less", "SESSIONLINT_PUBLIC unsigned sessionlint_rule_count(void);", "", True),
    ("a function more", "SESSIONLINT_PUBLIC unsigned sessionlint_rule_count(void);",
     "SESSIONLINT_PUBLIC unsigned sessionlint_rule_count(void);\nSESSIONLINT_PUBLIC int sessionlint_more(void);", False),
    ("another argument", "sessionlint_rule_count(void);", "sessionlint_rule_count(int more);", True),
    ("another name of a parameter", "sessionlint_rule_severity(const struct sessionlint *run,",
     "sessionlint_rule_severity(const struct sessionlint *other,", None),
    ("another callback", "typedef int sessionlint_report_callback", "typedef long sessionlint_report_callback", True),
]


def check_changes(tap, table, folder, nm, compiler):
    """The comparison finds what it is for."""
    for name, old, new, breaking in CHANGES:
        with tempfile.TemporaryDirectory() as temporary:
            changed = pathlib.Path(temporary)
            assert public_header.text_of(folder).count(old) == 1, old
            for path in folder.glob("sessionlint*.h"):
                (changed / path.name).write_text(path.read_text().replace(old, new))
            # a compiler takes its time
            targets = ((),) if re.match(r"\t(?!SESSION)|#", old) else ()
            breaks, added = compare(table, *read_abi(changed, nm, compiler, targets))
        found = True if breaks else False if added else None
        tap.same(found, breaking,
                 f"{name} {'breaks programs' if breaking else 'is no change' if breaking is None else 'is an addition'}")


def check_symbols(tap, library, nm, text):
    """The library exports the functions of the header, and the map lists them."""
    wanted = set(public_header.functions(text))
    symbol_map = pathlib.Path(__file__).resolve().parents[2] / "src" / "libsessionlint.map"
    listed = set(re.findall(r"^\t(sessionlint_\w+);$", symbol_map.read_text(), re.M))
    tap.none(sorted(wanted ^ listed), f"{symbol_map.name} lists the {len(wanted)} functions of the header")
    if library == "-":
        tap.skip("the shared library exports them", "there is no shared library")
        return
    out = subprocess.run([nm, "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout
    exported = {line.split()[2].split("@")[0] for line in out.splitlines() if line.split()[1] != "A"}
    tap.none(sorted(wanted ^ exported), "the shared library exports them and nothing else")


def main():
    folder, nm, library, compiler = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4:]
    table, updating = read_table(), "--update" in compiler
    compiler = [word for word in compiler if word != "--update"]
    abi, kinds = read_abi(folder, nm, compiler)
    if updating:
        return update(table, abi, kinds, soname_of(library))
    tap = Tap()
    check_symbols(tap, library, nm, public_header.text_of(folder))
    if library == "-":
        tap.skip("the soname is the recorded one", "there is no shared library")
    else:
        tap.same(soname_of(library), table["soname"], "the soname is the recorded one")
    breaks, added = compare(table, abi, kinds)
    tap.none(breaks, f"programs that need {table['soname']} can use it: nothing has another size or place")
    tap.none(added, "what was added is recorded (test_abi.py --update)")
    for kind in ("8/8", "4/4"):
        if kind not in kinds:
            tap.skip(f"layout {kind}", "the compiler has no such target")
    check_changes(tap, abi, folder, nm, compiler)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
