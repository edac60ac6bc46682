# SPDX-License-Identifier: MIT
"""`sessionlint model --sql=DIALECT`: the functions, run by the databases, say what `check` says of all short words and of
random ones."""

import ctypes
import itertools
import json
import os
import pathlib
import random
import shutil
import subprocess
import tempfile
import time

import pytest

import sessionlint
from sessionlint._library import library

EVENTS = ("Ignore", "Created", "Terminated", "Connected", "Disconnected", "Logon", "Logoff")
MODELS = ("published", "observed", "wts", "sens", "lsm", "winlogon", "winlogon-operational", "profile", "rdp", "account")
STARTS = ("initialized", "unknown")


def words():
    """All words up to length 4, and longer ones."""
    found = [word for size in range(5) for word in itertools.product(range(1, 7), repeat=size)]
    chance = random.Random(5)
    # most random words soon end: these follow a life, with some mistakes
    life = (1, 3, 5, 4, 3, 6, 4, 2)
    for _ in range(1000):
        word = [event for _ in range(chance.randrange(1, 4)) for event in life]
        for _ in range(chance.randrange(4)):
            place = chance.randrange(len(word))
            word[place:place + 1] = [chance.randrange(1, 7)] * chance.randrange(3)
        found.append(tuple(word))
    return found


WORDS = words()


def is_illegal(model, step):
    """Whether the model does not allow the event of a step of `check`."""
    if model == "published":
        return step.verdict != "legal" or step.renewed
    if model == "observed":
        return step.verdict not in ("legal", "undocumented") or step.renewed
    return step.verdict == "illegal"


def by_model(start):
    """What the public functions of the library say of an account: there is no such source of records."""
    next_belief = library()._handle.sessionlint_model_next
    next_belief.restype, next_belief.argtypes = ctypes.c_uint8, [ctypes.c_uint, ctypes.c_uint, ctypes.c_uint8, ctypes.c_uint]
    source, implied = library().sources.index("account"), 3
    for word in WORDS:
        belief, place = 0xff if start == "unknown" else 0x02, 0
        for number, event in enumerate(word, 1):
            belief = next_belief(source, implied, belief, event)
            if not belief:
                place = number
                break
        yield place


@pytest.fixture(scope="module")
def wanted():
    """The place of the first illegal event of each word, for each model and start."""
    def places(model, start):
        if model == "account":
            return list(by_model(start))
        source = "wdm" if model in ("published", "observed") else model
        records = [{"session": number, "event": EVENTS[event], "source": source}
                   for number, word in enumerate(WORDS) for event in word]
        steps = sessionlint.check(records, start=start, sessions=False, errors="return").steps
        found, count = [0] * len(WORDS), [0] * len(WORDS)
        for step in steps:
            if step.kind == "event":
                count[step.session] += 1
                if not found[step.session] and is_illegal(model, step):
                    found[step.session] = count[step.session]
        assert count == [len(word) for word in WORDS]
        return found
    return {(model, start): places(model, start) for model in MODELS for start in STARTS}


@pytest.fixture(scope="module")
def sql(command):
    def text(dialect, model, start="initialized"):
        run = command("model", f"--sql={dialect}", f"--start={start}", model)
        assert run.returncode == 0, run.stderr
        return run.stdout.decode()
    return text


def statements(text):
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    return [each.strip() for each in "\n".join(lines).split(";\n") if each.strip(" ;\n")]


def compare(found, wanted, name):
    different = [(word, mine, theirs) for word, mine, theirs in zip(WORDS, found, wanted) if mine != theirs]
    assert not different, f"{name}: {len(different)} words, such as {different[:3]}"
    assert len(found) == len(WORDS) == len(wanted)


# What each dialect is asked about single words: the result of session_check(), and of session_state().
SINGLE = [
    ("lsm", [], 0, "Initialized|Created|Connected|Disconnected|LoggedOff|Terminated"),
    ("published", [], 0, "Initialized"),
    ("published", [1, 0, 3, 0, 0, 5], 0, "LoggedOn"),
    ("published", [0, 0, 5, 1], 3, None),
    ("published", [1, 7], 2, None),
    ("published", [1, -1, 3], 2, None),
    ("published", [1, None], 2, None),
]
NAMES = [("published", "Logon", 5), ("published", "IOSESSIONEVENTLOGOFF", 6), ("published", "21", None), ("lsm", "21", 5),
         ("lsm", "25", 3), ("winlogon", "7002", 6), ("wts", "WTS_SESSION_LOGON", 5), ("wts", "SessionLock", 0),
         ("lsm", "Logn", None)]


def check_single(ask, create, sql, dialect):
    """ask(expression) is the value; events are written as the dialect has arrays."""
    for model, events, place, state in SINGLE:
        create(sql(dialect, model))
        array = ask.array(events)
        assert ask(f"session_check({array})") == place, (model, events)
        if model != "lsm":
            assert ask(f"session_state({array})") == state, (model, events)
    for model, name, event in NAMES:
        create(sql(dialect, model))
        assert ask(f"session_event('{name}')") == event, (model, name)


class Ask:
    def __init__(self, value, array):
        self.value, self.array = value, array

    def __call__(self, expression):
        return self.value(expression)


def numbers(events):
    return ", ".join("NULL" if event is None else str(event) for event in events)


# ---- DuckDB ----

def test_duckdb(sql, wanted):
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    connection.execute("CREATE TABLE words (number INTEGER, events BIGINT[])")
    connection.executemany("INSERT INTO words VALUES (?, ?)", [[n, list(word)] for n, word in enumerate(WORDS)])
    for model in MODELS:
        for start in STARTS:
            connection.execute(sql("duckdb", model, start))
            rows = connection.execute("SELECT session_check(events) FROM words ORDER BY number").fetchall()
            compare([row[0] for row in rows], wanted[model, start], f"{model} {start}")
    ask = Ask(lambda text: connection.execute(f"SELECT {text}").fetchone()[0], lambda each: f"[{numbers(each)}]")
    check_single(ask, connection.execute, sql, "duckdb")


# ---- Spark ----

def test_spark(sql, wanted, spark):
    frame = spark.createDataFrame([(n, list(word)) for n, word in enumerate(WORDS)], "number int, events array<bigint>")
    frame.cache().createOrReplaceTempView("words")
    for model in MODELS:
        for start in STARTS:
            for statement in statements(sql("spark", model, start)):
                spark.sql(statement)
            rows = spark.sql("SELECT number, session_check(events) FROM words").collect()
            compare([place for _, place in sorted(rows)], wanted[model, start], f"{model} {start}")
    ask = Ask(lambda text: spark.sql(f"SELECT {text}").collect()[0][0],
              lambda each: f"cast(array({numbers(each)}) AS array<bigint>)")
    check_single(ask, lambda text: [spark.sql(each) for each in statements(text)], sql, "spark")


# ---- ClickHouse ----

def test_clickhouse(sql, wanted):
    chdb = pytest.importorskip("chdb.session")
    with tempfile.TemporaryDirectory() as folder:
        session = chdb.Session(folder)
        try:
            check_clickhouse(session, sql, wanted)
        finally:
            session.close()


def check_clickhouse(session, sql, wanted):
    def query(text):
        return str(session.query(text, "JSONCompactEachRow"))

    query("CREATE TABLE words (number UInt32, events Array(Int64)) ENGINE = Memory")
    query("INSERT INTO words VALUES " + ",".join(f"({n}, [{numbers(word)}])" for n, word in enumerate(WORDS)))
    for model in MODELS:
        for start in STARTS:
            for statement in statements(sql("clickhouse", model, start)):
                query(statement)
            rows = query("SELECT session_check(events) FROM words ORDER BY number").splitlines()
            compare([int(json.loads(row)[0]) for row in rows], wanted[model, start], f"{model} {start}")

    def value(text):
        [found] = json.loads(query(f"SELECT {text}"))
        return int(found) if isinstance(found, str) and found.isdigit() else found

    ask = Ask(value, lambda each: f"CAST([{numbers(each)}] AS Array(Nullable(Int64)))")
    check_single(ask, lambda text: [query(each) for each in statements(text)], sql, "clickhouse")


# ---- PostgreSQL ----

def postgres_folder():
    """Where the programs of the server are."""
    folders = [*pathlib.Path("/usr/lib/postgresql").glob("*/bin"), pathlib.Path("/usr/local/bin"), pathlib.Path("/usr/bin")]
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


@pytest.fixture(scope="module")
def postgres():
    """A server of its own, which listens on a socket in a temporary folder."""
    programs = postgres_folder()
    if not programs or not shutil.which("psql"):
        pytest.skip("there is no server of PostgreSQL: apt-get install postgresql")
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        data = pathlib.Path(folder) / "data"
        environment = {**os.environ, "LC_ALL": "C"}

        def run(*arguments, **options):
            return subprocess.run([*as_user, *map(str, arguments)], check=True, capture_output=True, text=True, cwd=folder,
                                  env=environment, **options).stdout

        run(programs / "initdb", "-D", data, "-A", "trust", "-U", "tester", "--no-sync", stdin=subprocess.DEVNULL)
        # its output would keep the pipe open
        subprocess.run([*as_user, programs / "pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o",
                        f"-k {folder} -c listen_addresses='' -c fsync=off", "start"], check=True, cwd=folder,
                       env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            yield lambda text: run("psql", "-h", folder, "-U", "tester", "-d", "postgres", "-qAt", "-v", "ON_ERROR_STOP=1",
                                   input=text)
        finally:
            run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop", stdin=subprocess.DEVNULL)


def test_postgres(sql, wanted, postgres):
    rows = ",".join(f"({n}, '{{{numbers(word)}}}')" for n, word in enumerate(WORDS))
    postgres(f"CREATE TABLE words (number int, events bigint[]); INSERT INTO words VALUES {rows};")
    for model in MODELS:
        for start in STARTS:
            out = postgres(sql("postgres", model, start) + "SELECT session_check(events) FROM words ORDER BY number;\n")
            compare([int(line) for line in out.splitlines()], wanted[model, start], f"{model} {start}")

    def value(text):
        found = postgres(f"SELECT coalesce(({text})::text, 'none');\n").strip()
        return None if found == "none" else int(found) if found.isdigit() else found

    ask = Ask(value, lambda each: f"array[{numbers(each)}]::bigint[]")
    check_single(ask, postgres, sql, "postgres")
