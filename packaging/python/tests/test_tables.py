# SPDX-License-Identifier: MIT
"""Tables: in as Arrow, pandas and DuckDB, out as Arrow and pandas."""

import datetime
import json

import pytest

import fleet
import sessionlint

pa = pytest.importorskip("pyarrow")
pd = pytest.importorskip("pandas")

LISTS = ("findings", "steps", "sessions", "annotations")


@pytest.fixture(scope="module")
def result(root):
    return sessionlint.check([root / "traces", root / "conformance" / "timeline"], annotations=True, errors="return")


@pytest.fixture(scope="module")
def account(root):
    return sessionlint.check(root / "conformance" / "timeline" / "machine", together=True, annotations=True)


def plain(value):
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return value


@pytest.mark.parametrize("name", LISTS)
def test_arrow(result, account, name):
    for each in (result, account):
        items = getattr(each, name)
        assert items or name == "annotations"
        table = items.to_arrow()
        assert table.schema == sessionlint.schema(items._kind)
        rows = table.to_pylist()
        assert len(rows) == len(items)
        for row, item in zip(rows, items):
            for column, value in row.items():
                assert value == plain(getattr(item, column)), (column, item)
        members = set(items._kind.__dataclass_fields__)
        assert members <= set(table.column_names)


@pytest.mark.parametrize("name", LISTS)
def test_pandas(result, account, name):
    for each in (result, account):
        items = getattr(each, name)
        frame = items.to_pandas()
        assert len(frame) == len(items)
        for column in frame.columns:
            for got, item in zip(frame[column], items):
                value = getattr(item, column)
                if value is None:
                    assert got is None or got is pd.NaT or got is pd.NA, (column, got)
                else:
                    assert plain(got) == plain(value), (column, got, value)
    assert not sessionlint.Findings().to_pandas().shape[0]


def test_times(result):
    """A time far away is in ticks; others are times, too."""
    far = sessionlint.Step(**{**{name: getattr(result.steps[0], name) for name in result.steps[0].__dataclass_fields__},
                              "ticks": 2 ** 62})
    assert far.time is None
    assert sessionlint.Steps([far]).to_arrow().to_pylist()[0]["time"] is None
    last = sessionlint._types.TICKS_MAX
    assert sessionlint._types.time_of(last) == datetime.datetime.max.replace(tzinfo=datetime.timezone.utc)


def judged(result):
    return [(each.rule, each.line, each.message, each.user, each.ticks) for each in result.findings]


def test_input(root):
    """Records as tables are judged as dictionaries are."""
    rows = fleet.records(1, 60, seed=20)
    wanted = sessionlint.check(rows)
    assert len(wanted.findings) > 40
    table = pa.Table.from_pylist(rows)
    times = [datetime.datetime.fromisoformat(row["time"]) for row in rows]
    local = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
    variants = {
        "table": table,
        "chunks": pa.concat_tables([table.slice(0, 7), table.slice(7, 1), table.slice(8)]),
        "batch": table.combine_chunks().to_batches()[0],
        "slice": pa.concat_tables([table, table]).combine_chunks().slice(len(rows)),
        "reader": pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=11)),
        "pandas": pd.DataFrame(rows),
        "large": table.set_column(0, "marker", table["marker"].cast(pa.large_string())),
        "dictionary": table.set_column(table.column_names.index("event"), "event", table["event"].dictionary_encode()),
        "float": table.set_column(table.column_names.index("session"), "session", table["session"].cast(pa.float64())),
        "view": table.set_column(table.column_names.index("event"), "event", table["event"].cast(pa.string_view())),
    }
    for unit in ("ms", "us", "ns"):
        for zone in ("UTC", "+05:30"):
            column = pa.array([each.astimezone(local) for each in times], pa.timestamp("us", "UTC"))
            column = column.cast(pa.timestamp(unit, "UTC")).cast(pa.timestamp(unit, zone))
            variants[f"{unit} {zone}"] = table.set_column(table.column_names.index("time"), "time", column)
    for name, variant in variants.items():
        found = sessionlint.check(variant)
        assert judged(found) == judged(wanted), name
        assert found.sessions == wanted.sessions and found.totals == wanted.totals, name


def test_refused_columns():
    table = pa.table({"session": [1.5], "event": ["Logon"]})
    with pytest.raises(TypeError, match="session"):
        sessionlint.check(table)
    with pytest.raises(TypeError, match="time zone"):
        sessionlint.check(pa.table({"time": pa.array([0], pa.timestamp("us"))}))
    with pytest.raises(TypeError, match="user"):
        sessionlint.check(pa.table({"user": pa.array([b"x"])}))
    with pytest.raises(TypeError, match="no column 'when'"):
        sessionlint.check(pa.table({"time": ["x"]}), columns={"when": "time"})
    # what Arrow has allocated is not lost
    assert pa.total_allocated_bytes() >= 0


# ---- DuckDB ----

@pytest.fixture
def connection():
    return pytest.importorskip("duckdb").connect()


def text(row):
    return json.dumps(row, default=str, sort_keys=True)


@pytest.mark.parametrize("result", ["findings", "steps", "sessions"])
def test_duckdb(connection, result):
    from sessionlint import duckdb as sql
    rows = fleet.records(40, 10, seed=21)
    wanted = sorted(text(row) for records in fleet.by_host(rows).values()
                    for row in getattr(sessionlint.check(records, errors="return"), result).to_arrow().to_pylist())
    assert len(wanted) > 300
    connection.from_arrow(pa.Table.from_pylist(rows)).create("records")
    records = connection.sql("SELECT * FROM records ORDER BY hash(time)")
    found = sql.check(records, connection=connection, result=result)
    connection.register("found", found)
    assert sorted(map(text, found.to_arrow_table().to_pylist())) == wanted
    totals = sql.check(records, connection=connection, result="totals")
    assert totals.aggregate("count(*), sum(records)").fetchall()[0] == (40, len(rows))


def test_duckdb_refusals(connection):
    from sessionlint import duckdb as sql
    records = connection.sql("SELECT 'A' AS host, '2026-03-02T08:00:00Z' AS time, 1 AS session, "
                             "unnest(['Created', 'Connected']) AS event")
    with pytest.raises(sql.MachineError, match="nothing orders"):
        sql.check(records, connection=connection)
    assert sql.check(records, connection=connection, ties="allow").fetchall() is not None
    with pytest.raises(sql.MachineError, match="max_rows"):
        sql.check(records, connection=connection, ties="allow", max_rows=1)
    with pytest.raises(sql.MachineError, match="max_bytes"):
        sql.check(records, connection=connection, ties="allow", max_bytes=10)
    with pytest.raises(TypeError, match="time zone"):
        sql.check(records.project("* REPLACE (time::TIMESTAMP AS time)"), connection=connection, ties="allow")
    with pytest.raises(ValueError, match="order"):
        sql.check(records.project("host, session, event"), connection=connection)


def test_duckdb_whole(connection, command, tmp_path):
    """What is about all records: times before the last one, entries of a baseline, names that are replaced."""
    from sessionlint import duckdb as sql
    rows = fleet.records(20, 6, seed=23)
    connection.from_arrow(pa.Table.from_pylist(rows)).create("records")
    records = connection.sql("SELECT * FROM records ORDER BY hash(time)")
    last = max(datetime.datetime.fromisoformat(row["time"]) for row in rows if row["session"])
    since = last - datetime.timedelta(minutes=5)
    wanted = sorted(text(row) for of_host in fleet.by_host(rows).values()
                    for row in sessionlint.check(of_host, since=since).findings.to_arrow().to_pylist())
    found = sql.check(records, connection=connection, since="-5m").to_arrow_table().to_pylist()
    assert sorted(map(text, found)) == wanted and 5 < len(wanted)
    path, known = tmp_path / "<records>", tmp_path / "known.json"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert command("baseline", "write", "--quiet", f"--baseline={known}", "--reason=known", path).returncode == 0
    mended = connection.sql("SELECT * FROM records WHERE upper(host) > 'HOST-00004'")
    stale = sql.check(mended, connection=connection, baseline=known, result="baseline").to_arrow_table().to_pylist()
    path.write_text("".join(json.dumps(row) + "\n" for row in rows if row["host"].upper() > "HOST-00004"))
    wanted = sessionlint.check(path, baseline=known, errors="return").stale
    assert sorted((row["fingerprint"], row["line"], row["state"]) for row in stale) == \
        sorted((each.fingerprint, each.line, "stale") for each in wanted) != []
    hidden = sql.check(records, connection=connection, anonymize=True).to_arrow_table().to_pylist()
    assert len({row["host"] for row in hidden}) == 20 and all(row["host"].startswith("host") for row in hidden)
    for refused in (lambda: sql.check(records, connection=connection, anonymize=True, baseline=known),
                    lambda: sql.register(connection, since="-2d"), lambda: sql.register(connection, anonymize=True),
                    lambda: sql.check(records, connection=connection, fail_on="note")):
        with pytest.raises(ValueError, match="hash|last record|exit status"):
            refused()


def test_duckdb_function(connection):
    from sessionlint import duckdb as sql
    rows = fleet.records(30, 6, seed=22)
    connection.from_arrow(pa.Table.from_pylist(rows)).create("records")
    sql.register(connection)
    found = connection.sql("SELECT h, f.rule, f.line, f.session, f.message FROM (SELECT upper(host) AS h, unnest("
                           "session_check(list(to_json(r)::VARCHAR ORDER BY time))) AS f FROM records r GROUP BY upper(host))")
    wanted = [(host, each.rule, each.line, each.session, each.message)
              for host, records in fleet.by_host(rows).items()
              for each in sessionlint.check(records, errors="return").findings]
    assert sorted(found.fetchall()) == sorted(wanted) and len(wanted) > 150
    assert connection.sql("SELECT session_check(NULL), session_check([])").fetchall()[0] in ((None, []), ([], []))
