# SPDX-License-Identifier: MIT
"""The traces that every format has to tell: what is ordinary, and what is hostile."""

import pathlib
import re


PARTS = pathlib.Path(__file__).resolve().parent.parent / "golden" / "parts.trace"

HASH = "##"

# What a format, a terminal, a browser or a build system could act on.
PAYLOADS = {
    "script": b"<script>alert(1)</script><img src=x onerror=alert(1)>",
    "quotes": b"a\"b'c`d\\e",
    "terminal": b"\x1b[31mred\x1b]0;title\x07\x9b31m",
    "github": b"a\r\n::error file=x::forged\n::stop-commands::y",
    "azure": f"x{HASH}vso[task.setvariable variable=x]y {HASH}[error]z;]%0A%25".encode(),
    "direction": "a\u202egnp.exe\u2066b\u200f\u061c".encode(),
    "hidden": "a\u034f\u115f\u1160\u17b4\u180b\u180e\u180f\u3164\ufe00\ufe0f\uffa0b\U0001d173".encode(),
    "no UTF-8": b"\xff\xfe\xc3\xed\xa0\x80\xf4\x90\x80\x80",
    "no XML": "a\u0000b\u0001\ufffe\uffff]]>\u0085\u2028".encode(),
    "markdown": b"|a|**b**[c](http://d)![e](f)\n# g\n@user #1 https://h www.i $j$ ~k~ <!-- l",
    "formula": b"=cmd|'/c calc'!A1",
    "wide formula": "\uff1d1+1".encode(),
    "braces": b"{0}{{1}}[a](1)%s%n",
    "long": b"x" * 65536,
}


def quoted(payload):
    """A value of a text trace: escaped where the grammar wants it, the bytes themselves elsewhere."""
    return b'"' + b"".join(b"\\u%04x" % byte if byte < 0x20 else b"\\" + bytes([byte]) if byte in b"\"\\"
                           else bytes([byte]) for byte in payload) + b'"'


def hostile(payload):
    """A trace with the payload in each place that a report can repeat, and findings in all of them."""
    value = quoted(payload)
    who = b"host=" + value + b" boot=" + value
    return b"".join((
        who + b" session=1 event=Created user=" + value + b"\n",
        who + b" session=1 event=Logon user=" + value + b" address=" + value + b"\n",
        who + b" session=1 event=Logoff user=" + quoted(b"other" + payload[:100]) + b"\n",
        who + b" session=2 event=" + value + b"\n",
        b"host=" + value + b" driver=" + value + b" object=created io=" + value + b"\n",
        b"host=" + value + b" driver=" + value + b" call=IoRegisterContainerNotification io=" + value
        + b" registration=0xB0 mask=all context=0xC0 status=STATUS_SUCCESS\n",
        b"host=" + value + b" driver=" + value + b" object=deleted io=" + value + b"\n",
        who + b" session=3 event=Created " + quoted(b"k" + payload[:200]) + b"=1\n",
    ))


TIME = re.compile(r"(?:, |(?<=: ))\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ(?=: )")


def told_in_text(command, trace):
    """What the text format says of each finding behind place and severity, without the time and the rule."""
    lines = command.run("check", "-q", "-", input=trace).text.split("\n")
    return [re.fullmatch(r"<stdin>(?::\d+)?: (\w+): (.*) \[\S+\](?: \(cascade\))?", TIME.sub("", line)).groups()
            for line in lines if line and not line.startswith("  ")]


def many(count, line="session={0} event=Logon\n"):
    """A finding a line."""
    return "".join(line.format(number) for number in range(1, count + 1))
