# SPDX-License-Identifier: MIT
"""Interpreters of as much of Kusto and of SPL as the packs use, written from the documentation of the two languages: no
engine of either can be had here. A query is a list of steps, each from rows (dicts) to rows."""

import re


def steps_of(text):
    """The parts between the bars that begin a line, without comments."""
    text = re.sub(r"^```\n.*?^```\n", "", text, flags=re.M | re.S)
    text = re.sub(r"^//.*\n", "", text, flags=re.M)
    return [step.strip() for step in re.split(r"^\| ", text, flags=re.M)]


def case(*parts):
    """The value after the first condition that holds; a single last one is for all others."""
    for condition, value in zip(parts[::2], parts[1::2]):
        if condition:
            return value
    return parts[-1] if len(parts) % 2 else None


def if_(condition, yes, no):
    return yes if condition else no


def compiled(expression):
    return compile(expression.replace("\n", " ").strip(), "expression", "eval")


def value(code, row, functions):
    return eval(code, {"__builtins__": {}}, {**row, **functions})  # pylint: disable=eval-used


# ---- Kusto

KUSTO_PYTHON = (
    (r"@'([^']*)'", r"r'\1'"),
    (r"\bin \(([^)]*)\)", r"in [\1]"),
    (r'(\w+) endswith_cs ("[^"]*")', r"\1.endswith(\2)"),
    (r"\bprev\((\w+)", r"prev('\1'"),
)


class Kusto:
    """A row set that is serialized, which prev() and the cumulative functions need."""

    def __init__(self, rows):
        self.rows = rows

    def prev(self, at, column, back=1):
        return self.rows[at - back][column] if at >= back else None

    def evaluated(self, expression):
        """The value of an expression for each row."""
        for pattern, python in KUSTO_PYTHON:
            expression = re.sub(pattern, python, expression)
        code, state = compiled(expression), {"sum": 0, "number": 0}

        def row_cumsum(term, restart):
            state["sum"] = term if restart else state["sum"] + term
            return state["sum"]

        def row_number(first, restart):
            state["number"] = first if restart or not state["number"] else state["number"] + 1
            return state["number"]

        def extract(pattern, group, text):
            found = re.search(pattern, text)
            return found.group(group) if found else ""

        def strcat(*parts):
            return "".join(part or "" for part in parts)

        for at, row in enumerate(self.rows):
            yield value(code, row, {"iff": if_, "case": case, "strcat": strcat, "extract": extract, "row_cumsum": row_cumsum,
                                    "row_number": row_number,
                                    "prev": lambda column, back=1, at=at: self.prev(at, column, back)})


def run_kusto(text, tables):
    """The rows that a query results in."""
    table, *steps = steps_of(text)
    rows = [dict(row) for row in tables[table]]
    for step in steps:
        name, rest = step.split(maxsplit=1)
        if name == "where":
            rows = [row for row, keep in zip(rows, Kusto(rows).evaluated(rest)) if keep]
        elif name == "extend":
            column, expression = rest.split(" = ", 1)
            values = list(Kusto(rows).evaluated(expression))
            rows = [{**row, column: one} for row, one in zip(rows, values)]
        elif name == "sort":
            keys = re.findall(r"(\w+) asc", rest)
            assert rest == "by " + ", ".join(f"{key} asc" for key in keys)
            rows.sort(key=lambda row, keys=tuple(keys): [row[key] for key in keys])
        else:
            assert name == "project", step
            rows = [{column: row[column] for column in rest.split(", ")} for row in rows]
    return rows


# ---- SPL

SPL_PYTHON = (
    (r"\bif\(", "if_("),
    (r"\bin\(", "in_("),
    (r"\btrue\(\)", "True"),
    (r"(?<![<>!=])=(?!=)", "=="),
    (r"\bAND\b", "and"),
    (r'\)\.(" ")\.', r") + \1 + "),
)

SPL_FUNCTIONS = {
    "if_": if_, "case": case, "coalesce": lambda *all_: next((one for one in all_ if one is not None), None),
    "in_": lambda one, *all_: one in all_, "isnotnull": lambda one: one is not None, "tonumber": float,
    "match": lambda text, pattern: re.search(pattern, text) is not None, "mvjoin": lambda values, by: by.join(values),
}


def spl_python(expression):
    for pattern, python in SPL_PYTHON:
        expression = re.sub(pattern, python, expression)
    return compiled(expression)


def streamstats(rows, rest):
    """Running statistics by group: with a window, of the last rows of the group alone."""
    window = int(re.search(r"window=(\d+)", rest).group(1)) if "window=" in rest else None
    assert window is None or "global=false" in rest
    function, field, name, by = re.search(r"(\w+)(?:\((\w+)\))? AS (\w+) BY (.+)$", rest).groups()
    groups = {}
    for row in rows:
        key = tuple(row[column] for column in by.split(", "))
        if None in key:
            continue
        group = groups.setdefault(key, [])
        group.append(row.get(field))
        shown = group[-window:] if window else group
        row[name] = {"sum": sum, "count": len, "list": list}[function](shown)
    return rows


def run_spl(text, rows):
    """The rows that a search results in, of those that its first part finds."""
    rows = [dict(row) for row in rows]
    for step in steps_of(text)[1:]:
        name, rest = step.split(maxsplit=1)
        if name == "where":
            code = spl_python(rest)
            rows = [row for row in rows if value(code, row, SPL_FUNCTIONS)]
        elif name == "eval":
            field, expression = rest.split("=", 1)
            code = spl_python(expression)
            for row in rows:
                row[field] = value(code, row, SPL_FUNCTIONS)
        elif name == "rex":
            pattern = re.compile(rest.strip('"').replace('\\"', '"').replace("(?<", "(?P<"))
            for row in rows:
                row.update(dict.fromkeys(pattern.groupindex), **(found.groupdict() if (found := pattern.search(row["_raw"]))
                                                                 else {}))
        elif name == "sort":
            keys = rest.removeprefix("0 ").split(", ")
            rows.sort(key=lambda row, keys=tuple(keys): [row[key] for key in keys])
        elif name == "streamstats":
            rows = streamstats(rows, rest)
        else:
            assert name == "table", step
    return rows
