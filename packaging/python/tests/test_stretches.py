# SPDX-License-Identifier: MIT
"""A machine whose records several tasks read is judged as if one did."""

import json
import zlib

import pyarrow as pa
import pytest

import fleet
import sessionlint
from sessionlint._machines import KEY, Judge, Plan
from sessionlint._run import Partial
from sessionlint._stretches import Maker, judge

LIVES = ("Created", "Connected", "Logon", "Logoff", "Terminated")


def plain(row):
    return json.dumps(row, default=str, sort_keys=True)


def calm(count, breaches=()):
    """Records of a host whose sessions live one life after the other, but for some events that are missing."""
    rows = []
    for number in range(count):
        step, session = number // 7 % len(LIVES), number % 7
        if number not in breaches:
            rows.append({KEY: "PC", "host": "pc", "time": f"2026-03-{1 + number // 86400:02}T{number // 3600 % 24:02}:"
                         f"{number // 60 % 60:02}:{number % 60:02}Z", "session": session, "event": LIVES[step]})
    return pa.Table.from_pylist(rows)


def together(table, plan):
    return [row for batch in Judge(plan).batches(table.to_batches(1000), "host") for row in batch.to_pylist()]


def partials(table, plan, tasks, size):
    """What so many tasks make of the records."""
    step = -(-table.num_rows // tasks)
    parts = [table.slice(task * step, step) for task in range(tasks)]
    return [batch for task, part in enumerate(parts) for batch in Maker(plan, size, task).batches(part.to_batches(777), "host")]


@pytest.mark.parametrize("result", ["findings", "totals"])
@pytest.mark.parametrize("tasks, size", [(1, 10**9), (4, 10**9), (5, 611)])
def test_same(result, tasks, size):
    plan = Plan(result, {}, ("time",))
    table = calm(20_000, breaches=range(500, 20_000, 997))
    wanted = together(table, plan)
    found = [row for batch in judge(partials(table, plan, tasks, size), plan) for row in batch.to_pylist()]
    assert found == wanted and wanted


def test_condensed():
    """Of records that conform hardly anything remains."""
    plan = Plan("findings", {}, ("time",))
    few, many = (sum(len(zlib.decompress(batch.column("data")[0].as_py())) for batch in partials(calm(count), plan, 1, 10**9))
                 for count in (2_000, 100_000))
    assert many < few + 100


def test_damaged():
    with pytest.raises(ValueError, match="damaged"):
        Partial.load(b"SLPT")


def test_merge():
    """Partials can be merged where they are made."""
    plan = Plan("findings", {}, ("time",))
    table = calm(3_000, breaches=[100, 1700])
    made = [Partial.load(zlib.decompress(batch.column("data")[0].as_py())) for batch in partials(table, plan, 3, 10**9)]
    made[0].merge(made[1])
    made[0].merge(made[2])
    [whole] = partials(table, plan, 1, 10**9)
    assert made[0].save() == zlib.decompress(whole.column("data")[0].as_py())


# ---- with Spark ----


def frame(spark, rows, partitions):
    names = list(dict.fromkeys(name for row in rows for name in row))
    return spark.createDataFrame(spark.sparkContext.parallelize(
        [tuple(None if row.get(name) is None else str(row[name]) for name in names) for row in rows], partitions),
        ", ".join(f"`{name}` string" for name in names))


@pytest.fixture(scope="module")
def fleetlint():
    pytest.importorskip("pyspark")
    from sessionlint import spark
    return spark


def rows_of(found):
    # the peaks of a task are those of all machines that it has judged
    return sorted(plain({name: value for name, value in row.items() if not name.endswith("_peak")})
                  for row in found.toArrow().to_pylist())


@pytest.mark.parametrize("result", ["findings", "totals"])
def test_spark(spark, fleetlint, result):
    """Large machines are spread over tasks; the others are not."""
    rows = fleet.records(3, 120, seed=21) + [{**row, "host": "small"} for row in fleet.records(1, 5, seed=22)]
    records = frame(spark, rows, 7)
    wanted = rows_of(fleetlint.check(records, result=result, stretch=None))
    assert len(wanted) > (300 if result == "findings" else 3)
    for stretch, partitions in ((100, None), (300, 3)):
        assert rows_of(fleetlint.check(records, result=result, stretch=stretch, partitions=partitions)) == wanted


def test_limits(spark, fleetlint):
    """Only what is made in one task is limited."""
    rows = fleet.records(2, 60, seed=23)
    records = frame(spark, rows, 3)
    wanted = rows_of(fleetlint.check(records))
    assert rows_of(fleetlint.check(records, stretch=100, max_rows=100, max_bytes=1000)) == wanted
    with pytest.raises(Exception, match="max_rows"):
        fleetlint.check(records, stretch=100, max_rows=100, result="steps").toArrow()
    with pytest.raises(ValueError, match="stretch"):
        fleetlint.check(records, stretch=0)


def test_options(spark, fleetlint):
    """Options mean the same."""
    rows = fleet.records(2, 80, seed=24)
    records = frame(spark, rows, 3)
    for options in ({"strict": True, "start": "unknown"}, {"since": "-2h"}, {"source": "lsm"}, {"reorder": 60},
                    {"session": 2, "severity": "error"}):
        assert rows_of(fleetlint.check(records, stretch=50, **options)) == \
            rows_of(fleetlint.check(records, stretch=None, **options))


def test_baseline(spark, fleetlint, command, tmp_path):
    rows = fleet.records(2, 80, seed=25)
    records = frame(spark, rows, 3)
    path, known = tmp_path / "<records>", tmp_path / "known.json"
    path.write_text("".join(json.dumps(row) + "\n" for row in fleet.by_host(rows)["HOST-00001"]))
    assert command("baseline", "write", "--quiet", f"--baseline={known}", "--reason=known", path).returncode == 0
    for result in ("findings", "baseline"):
        assert rows_of(fleetlint.check(records, stretch=50, baseline=known, result=result)) == \
            rows_of(fleetlint.check(records, stretch=None, baseline=known, result=result))


def test_drivers(spark, fleetlint):
    """Of records of drivers, nothing is left out."""
    rows = []
    for number in range(300):
        time = f"2026-03-02T08:{number // 60:02}:{number % 60:02}Z"
        step = number % 5
        rows.append({"host": "pc", "time": time, "seq": number * 2 + 1, "session": 1, "event": LIVES[step], "io": None,
                     "notify": None, "registration": None, "call": None, "mask": None, "status": None})
        if number == 0:
            rows[-1] = {**rows[-1], "session": None, "event": None, "call": "IoRegisterContainerNotification", "io": "0x1",
                        "registration": "0x2", "mask": "all", "status": 0}
        elif number % 9:
            rows.append({**rows[-1], "seq": number * 2 + 2, "event": None, "notify": LIVES[step], "io": "0x1"})
    records = frame(spark, rows, 4)
    wanted = rows_of(fleetlint.check(records, stretch=None))
    assert len(wanted) > 20
    assert rows_of(fleetlint.check(records, stretch=40)) == wanted
