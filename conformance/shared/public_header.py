# SPDX-License-Identifier: MIT
"""The public header, taken apart: its functions, constants, callback types and structs."""

import re
import subprocess
import tempfile
import pathlib


def text_of(folder):
    """All of it: the header includes others, each of a part."""
    return "\n".join(path.read_text() for path in sorted(folder.glob("sessionlint*.h")))


def strip(text):
    """The declarations alone: no comments, no lines of the preprocessor."""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    text = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", "", text, flags=re.M)
    return re.sub(r'extern "C" \{', "", text)


def squeeze(text):
    return re.sub(r" ?([(),*;]) ?", r"\1", re.sub(r"\s+", " ", text)).strip()


def unnamed(prototype):
    """A prototype without the names of its parameters, which nothing depends on."""
    return re.sub(r"(?<=[ *])\w+(?=[,)])", "", prototype).replace(" ,", ",").replace(" )", ")")


def functions(text):
    """The prototype of each function."""
    found = re.findall(r"SESSIONLINT_PUBLIC\b([^;]*?)\b(sessionlint_\w+)(\([^;]*\));", strip(text))
    return {name: unnamed(squeeze(result) + squeeze(arguments)) for result, name, arguments in found}


def types(text):
    """What each name of a typedef stands for."""
    found = re.findall(r"\btypedef\s+([^;]*);", strip(text))
    return {re.search(r"\b(sessionlint_\w+)(?:\(|$)", squeeze(each)).group(1): unnamed(squeeze(each)) for each in found}


def constants(text):
    """The value of each enumerator."""
    values = {}
    for body in re.findall(r"\benum\s+\w+\s*\{(.*?)\}", strip(text), re.S):
        value = -1
        for each in filter(None, map(str.strip, body.split(","))):
            name, _, given = each.partition("=")
            value = int(given, 0) if given else value + 1
            values[name.strip()] = value
    return values


def structs(text):
    """The members of each struct, in order."""
    found = {}
    for name, body in re.findall(r"\bstruct\s+(\w+)\s*\{(.*?)\};", strip(text), re.S):
        found[name] = [re.search(r"(\w+)\s*(?:\[[^\]]*\])?$", part).group(1)
                       for member in filter(None, map(str.strip, body.split(";"))) for part in member.split(",")]
    return found


def layout(compiler, nm, folder, flags=()):
    """The sizes and places of all structs, as the compiler lays them out; None if it cannot compile this. Nothing is run:
    the object has arrays of as many bytes."""
    found = structs(text_of(folder))
    lines = ["#include <sessionlint.h>", "char n_pointer[sizeof(void *)];",
             "struct align { char c; uint64_t word; }; char n_align[offsetof(struct align, word)];"]
    for name, members in found.items():
        lines.append(f"char s_{name}[sizeof(struct {name})];")
        for member in members:
            lines.append(f"char o_{name}__{member}[offsetof(struct {name}, {member}) + 1];")
            lines.append(f"char z_{name}__{member}[sizeof(((struct {name} *)0)->{member})];")
    with tempfile.TemporaryDirectory() as temporary:
        source = pathlib.Path(temporary) / "layout.c"
        source.write_text("\n".join(lines) + "\n")
        done = subprocess.run([*compiler, *flags, "-ffreestanding", "-fno-lto", "-fno-common", "-I", str(folder), "-c",
                               str(source), "-o", str(source.with_suffix(".o"))], capture_output=True, text=True,
                              check=False)
        if done.returncode:
            return None
        out = subprocess.run([nm, "-S", "--defined-only", str(source.with_suffix(".o"))], capture_output=True, text=True,
                             check=True).stdout
    sizes = {fields[3]: int(fields[1], 16) for fields in map(str.split, out.splitlines()) if len(fields) == 4}
    kind = f"{sizes['n_pointer']}/{sizes['n_align']}"
    result = {}
    for name, members in found.items():
        result[f"{kind} {name}"] = str(sizes[f"s_{name}"])
        for member in members:
            result[f"{kind} {name}.{member}"] = f"{sizes[f'o_{name}__{member}'] - 1}+{sizes[f'z_{name}__{member}']}"
    return kind, result
