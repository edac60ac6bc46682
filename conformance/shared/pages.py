# SPDX-License-Identifier: MIT
"""Pages for the tests: made by the command, and read back without a browser."""

import base64
import hashlib
import html.parser
import itertools
import json
import pathlib
import re

MAKE_MANY = pathlib.Path(__file__).resolve().parent.parent / "tools" / "make_many.py"

# As data.js has them: the numbers of the report's enumerations.
SEVERITIES = ("off", "note", "warning", "error")

# The tables of a page, and a column of each that has a value for each row.
TABLES = {"findings": "line", "incarnations": "beginLine", "slices": "line", "annotations": "line"}


class Elements(html.parser.HTMLParser):
    """The elements of a page: (name, attributes, text)."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.found, self.open = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append([tag, dict(attrs), ""])
        self.open.append(self.found[-1])

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self.open:
            self.open[-1][2] += data

    def all(self, tag):
        return [element for element in self.found if element[0] == tag]


class Page:
    """A report in HTML, its data decoded by other means than its script's."""

    def __init__(self, out):
        self.text = out.decode("utf-8")
        self.elements = Elements(self.text)
        self.json = next(text for _, attributes, text in self.elements.all("script") if attributes.get("id") == "data")
        self.data = json.loads(self.json)
        for table, key in TABLES.items():
            expand(self.data[table], key)

    def policy(self):
        value = next(attributes["content"] for _, attributes, _ in self.elements.all("meta")
                     if attributes.get("http-equiv") == "Content-Security-Policy")
        return dict(part.strip().partition(" ")[::2] for part in value.split(";"))

    def findings(self):
        """The findings as objects, nearly as --format=json has them."""
        columns, texts = self.data["findings"], self.data["texts"]
        lines, offsets, times = (differences(columns[key]) for key in ("line", "offset", "time"))
        past = iter(columns["lines"])  # of all findings, as many each as it has events
        for i in range(len(columns["rule"])):
            yield {
                "rule": self.data["rules"][columns["rule"][i]]["name"],
                "severity": SEVERITIES[columns["severity"][i]],
                "cascade": bool(columns["cascade"][i]),
                "file": texts[columns["file"][i]],
                "line": lines[i],
                "offset": offsets[i],
                "time": None if times[i] is None else times[i] if isinstance(columns["time"][i], str)
                else times[i] + int(self.data["base"]),
                "host": texts[columns["host"][i]],
                "session": columns["session"][i],
                "belief": named(columns["belief"][i], 1, self.data["states"]),
                "allowed": named(columns["allowed"][i], 0, self.data["eventNames"]),
                "message": texts[columns["message"][i]],
                "history": [[int(event), line] for event, line in
                            zip(columns["events"][i], differences(itertools.islice(past, len(columns["events"][i])), lines[i]))],
            }


def expand(table, key):
    """Gives columns with one value for all rows that value in each row."""
    for name, column in table.items():
        if isinstance(column, dict):
            table[name] = [column["all"]] * len(table[key])


def differences(column, at=0):
    """The values of which a column holds the differences; text stands for itself, null for nothing."""
    found = []
    for value in column:
        if value is None:
            found.append(None)
        elif isinstance(value, str):
            found.append(int(value))
        else:
            at += value
            found.append(at)
    return found


def named(bits, first, names):
    return [names[bit + first] for bit in range(8) if bits & 1 << bit]


def without_run(report):
    """A report without the command line and the date, which pages have."""
    return re.sub(rb'"command":"[^"]*"|"seconds":\d+', b"", report)


def digest(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def ticks(time):
    """RFC 3339 as --format=json writes it, in ticks of 100 ns since 1601."""
    import datetime
    found = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?Z", time)
    since = datetime.datetime.fromisoformat(found[1]) - datetime.datetime(1601, 1, 1)
    return (since.days * 86400 + since.seconds) * 10_000_000 + int((found[2] or "0").ljust(7, "0"))


def make(command, trace, *arguments):
    """The page of a trace that is given as bytes."""
    return Page(command.run("check", "-q", "--format=html", *arguments, "-", input=trace).out)
