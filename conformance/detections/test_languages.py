#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The packs in the hands of third-party readers: DuckDB and the Python implementation of EQL run them on all short
sequences of events; pySigma reads the rules, which then match no sequence that check allows; Microsoft's parser of Kusto
finds nothing wrong, nor does a linter of SPL. ./dev detections fetches all of these. Argument: the command. Prints TAP.
"""

import functools
import re
import sys
import uuid

from shared import outside
from shared.command import Command
from shared.detections import BOOT, WINDOWS, header, letters_of, pack, verdicts, words
from shared.outside import FETCHED_FOR_DETECTIONS, Missing
from shared.sights import ILLEGAL, IMPLIED
from shared.tap import Tap

sys.path.insert(0, str(FETCHED_FOR_DETECTIONS / "python"))

LENGTH = 6

KUSTO = "@kusto/language-service-next"

# Diagnostics of a query: [[code, severity, message], ...].
ANALYZE = """
function answer(texts, folder) {
    require(folder + '/bridge.min.js');
    require(folder + '/Kusto.Language.Bridge.min.js');
    return texts.map((text) => {
        const found = Kusto.Language.KustoCode.ParseAndAnalyze(text, Kusto.Language.GlobalState.Default).GetDiagnostics();
        return Array.from({length: found.Count}, (_, i) => found.getItem(i)).map((one) => [one.Code, one.Severity, one.Message]);
    });
}
"""

# The table that the query reads, with the columns that it needs and their types, as Azure Monitor describes it.
EVENT = """let Event = datatable(TimeGenerated: datetime, Computer: string, EventLog: string, Source: string, EventID: int,
    EventData: string, RenderedDescription: string)[];
"""


def module(name):
    try:
        return outside.module(name)
    except Missing as missing:
        raise Missing(f"{missing}; ./dev detections fetches it") from None


@functools.cache
def all_words(source):
    return words(letters_of(source), LENGTH)


# ---- SQL

def check_duckdb(tap, command):
    database = module("duckdb").connect()
    for source in WINDOWS:
        database.execute("CREATE OR REPLACE TABLE records (computer VARCHAR, record_id BIGINT, time VARCHAR, session INT, "
                         "provider VARCHAR, event_id INT)")
        rows = [(str(number), 10 * number + turn, "", None if event == BOOT else 1, *WINDOWS[source][event])
                for number, word in enumerate(all_words(source)) for turn, event in enumerate(word)]
        # one statement: a row at a time takes minutes
        values = ", ".join(f"('{row[0]}', {row[1]}, '', {row[3] or 'NULL'}, '{row[4]}', {row[5]})" for row in rows)
        database.execute(f"INSERT INTO records VALUES {values}")
        found = {ILLEGAL: set(), IMPLIED: set()}
        for row in database.execute(pack(command, "sql", source)).fetchall():
            found[row[6]].add(all_words(source)[int(row[0])])
        judged = verdicts(command, source, all_words(source))
        tap.same((sorted(found[ILLEGAL] ^ judged[ILLEGAL])[:5],
                  sorted((found[ILLEGAL] | found[IMPLIED]) ^ (judged[ILLEGAL] | judged[IMPLIED]))[:5]), ([], []),
                 f"{source}: DuckDB and check agree on {len(all_words(source))} sequences")


# ---- EQL

def eql_queries(text):
    """The queries of a pack, without comments."""
    return [query for query in re.sub(r"^//.*\n", "", text, flags=re.M).strip().split("\n\n") if query]


def eql_events(eql, source, field, chosen):
    """The words as events: each of a host of its own."""
    time = 0
    for number, word in enumerate(chosen):
        for event in word:
            provider, code = WINDOWS[source][event]
            session = {} if event == BOOT else {field[1]: "1"}
            time += 10_000_000
            yield eql.Event("any", time, {"host": {"name": str(number)}, "event": {"code": str(code)},
                                          "winlog": {"provider_name": provider, field[0]: session}})


def eql_found(eql, text, source, field, chosen):
    """The words in which some query finds something."""
    found, events = set(), list(eql_events(eql, source, field, chosen))
    for query in eql_queries(text):
        results = eql.get_engine(query)(events)
        found |= {chosen[int(result.events[0].data["host"]["name"])] for result in results}
    return found


def check_eql(tap, command):
    eql = module("eql")
    for source, field in (("lsm", ("user_data", "SessionID")), ("winlogon", ("event_data", "TSId"))):
        text = pack(command, "eql", source)
        told = int(re.search(r"^// Queries: (\d+)", text, re.M).group(1))
        tap.same(len(eql_queries(text)), told, f"{source}: queries of EQL: {told}")
        tried = all_words(source)
        judged = verdicts(command, source, tried)
        found = eql_found(eql, text, source, field, tried)
        tap.same(sorted(found - judged[ILLEGAL])[:5], [], f"{source}: EQL finds nothing that check allows")
        without = {word for word in tried if BOOT not in word}
        tap.same(sorted((found ^ judged[ILLEGAL]) & without)[:5], [],
                 f"{source}: EQL and check agree on {len(without)} sequences without a boot")
        tap.ok(found - without, f"{source}: EQL finds some that have a boot")


# ---- Sigma

def matches(rule, window):
    """Whether a rule matches the events of one session, all in its time span."""
    return bool(instants(rule, window))


def instants(rule, window):
    """When a rule matches: the place of its last event, for each match."""
    if not hasattr(rule, "type"):
        (event,) = [event for event, (_, number) in WINDOWS["lsm"].items()
                    if str(number) == str(rule.detection.detections["selection"].detection_items[1].value[0])]
        return [place for place, one in enumerate(window) if one == event]
    if rule.type.name == "EVENT_COUNT":
        places = instants(rule.rules[0].rule, window)
        assert rule.condition.op.name == "GTE"
        return places[rule.condition.count - 1:]
    rules = {reference.reference: reference.rule for reference in rule.rules}
    if not holds(rule.condition.parsed, rules, window):
        return []
    if rule.type.name == "TEMPORAL":
        return [len(window) - 1]
    # in the order of the list, as far as they must match
    place = -1
    for reference in rule.rules:
        later = [one for one in instants(reference.rule, window) if one > place]
        if f"not {reference.reference}" in rule.condition.expression:
            continue
        if not later:
            return []
        place = later[0]
    return [place]


def holds(node, rules, window):
    if hasattr(node, "reference"):
        return matches(rules[node.reference], window)
    values = [holds(one, rules, window) for one in node.args]
    kind = type(node).__name__
    return {"CorrelationConditionAND": all(values), "CorrelationConditionOR": any(values),
            "CorrelationConditionNOT": not values[0]}[kind]


def windows_of(word):
    """What can be in a time span; a boot is of no session."""
    parts = {word[at:end] for at in range(len(word)) for end in range(at + 1, len(word) + 1)}
    return {tuple(event for event in part if event != BOOT) for part in parts}


def sigma_issues(rules):
    """What pySigma's own validators say against rules."""
    validators = module("sigma.validators.core").validators.values()
    return module("sigma.validation").SigmaValidator(validators).validate_rules(iter(rules))


def check_sigma(tap, command):
    collection = module("sigma.collection").SigmaCollection
    for source in WINDOWS:
        text = pack(command, "sigma", source)
        rules = collection.from_yaml(text).rules
        tap.ok(rules and not any(rule.errors for rule in rules), f"{source}: pySigma reads {len(rules)} rules")
        ids = [rule.id for rule in rules]
        tap.ok(len(set(ids)) == len(ids) and all(one.variant == uuid.RFC_4122 and one.version == 8 for one in ids),
               f"{source}: each has an id of its own", ids)
        tap.same(ids, [rule.id for rule in collection.from_yaml(pack(command, "sigma", source)).rules], f"{source}: the same again")
        tap.none(sigma_issues(rules), f"{source}: its validators find nothing wrong")
        untitled = collection.from_yaml(re.sub(r"^title: .*", "title: the same", text, flags=re.M)).rules
        tap.ok(sigma_issues(untitled), f"{source}: they find titles that are used twice")
        told = int(re.search(r"^# Correlations: (\d+)", text, re.M).group(1))
        tap.same(len([rule for rule in rules if str(rule.level) == "high"]), told, f"{source}: correlations: {told}")
        tap.ok(all(rule.references and rule.title and rule.description and str(rule.status) == "experimental" for rule in rules),
               f"{source}: references, title, description, status")
    alarms = [rule for rule in collection.from_yaml(pack(command, "sigma", "lsm")).rules if str(rule.level) == "high"]
    tap.same({tuple(rule.group_by) for rule in alarms}, {("Computer", "SessionID")}, "lsm: grouped by computer and session")
    tried = all_words("lsm")
    judged = verdicts(command, "lsm", tried)[ILLEGAL]
    by_window = functools.cache(lambda window: any(matches(rule, window) for rule in alarms))
    found = {word for word in tried if any(map(by_window, windows_of(word)))}
    tap.same(sorted(found - judged)[:5], [], f"lsm: no correlation matches a legal one of {len(tried)} sequences, in any time span")
    without = {word for word in tried if BOOT not in word}
    tap.same(sorted((judged - found) & without)[:5], [], "lsm: each illegal one without a boot matches in some time span")


# ---- Kusto and SPL

def check_kusto(tap, command):
    folder = outside.package(KUSTO, "", FETCHED_FOR_DETECTIONS, "./dev detections")
    texts = [pack(command, "kql", source) for source in WINDOWS] + [pack(command, "kql", "lsm", "--length=2")]
    wrong = texts[0].replace("row_cumsum(", "row_cumsun(")
    mistyped = texts[0].replace("Boot > 0", "Boot > 'a'")
    found = outside.node(ANALYZE, [EVENT + text for text in (*texts, wrong, mistyped)], folder)
    tap.same(found[:len(texts)], [[]] * len(texts), "Microsoft's parser finds nothing wrong with the Kusto queries")
    tap.ok(all(found[len(texts):]), "it finds an unknown function, and a comparison of a number with a text", found)


def check_spl(tap, command):
    parse, lint = module("splint.parser").parse, module("splint.linter").lint_text
    for source in WINDOWS:
        text = pack(command, "spl", source)
        names = [one.name for one in parse(text).commands][1:]
        tap.same(names, ["eval", "where", "rex", "eval", "sort", "eval", "streamstats", "where", "streamstats", "streamstats",
                         "eval", "eval", "where", "eval", "eval", "table"], f"{source}: the commands of the search")
        tap.none(lint(text), f"{source}: splint finds nothing wrong with the search")
        forbidden = {" ".join(word) for _, word in header(text)[0]}
        tap.same(set(re.findall(r'match\(history, " ([\w ]+)\$"\), "\1"', text)), forbidden, f"{source}: each sequence is in it")


def main():
    tap = Tap()
    command = Command(sys.argv[1], tap)
    outside.attempt(tap, "DuckDB runs the SQL", check_duckdb, command)
    outside.attempt(tap, "the Python implementation of EQL runs the queries", check_eql, command)
    outside.attempt(tap, "pySigma reads the rules", check_sigma, command)
    outside.attempt(tap, "Microsoft's parser reads the Kusto queries", check_kusto, command)
    outside.attempt(tap, "splint reads the searches", check_spl, command)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
