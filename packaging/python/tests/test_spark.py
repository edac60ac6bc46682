# SPDX-License-Identifier: MIT
"""Spark finds what one process finds: whatever the partitions are, and if a worker is killed."""

import json
import os
import pathlib
import random
import re
import signal
import threading
import time

import pytest

import fleet
import sessionlint

pytest.importorskip("pyspark")
from pyspark.sql import functions as F  # noqa: E402
from pyspark.sql import types as T  # noqa: E402

from sessionlint import spark as fleetlint  # noqa: E402

SCHEMA = T.StructType([T.StructField(name, T.LongType() if name == "session" else T.StringType())
                       for name in ("host", "time", "session", "event", "user", "marker")])


def frame(spark, rows, partitions, seed=3):
    """The records, shuffled, in that many chunks."""
    rows = list(rows)
    random.Random(seed).shuffle(rows)
    return spark.createDataFrame(spark.sparkContext.parallelize(
        [tuple(row[name] for name in SCHEMA.names) for row in rows], partitions), SCHEMA)


def without_lines(message):
    """Messages can name lines, which are those of a machine's records."""
    return re.sub(r"line \d+", "line", message)


def plain(row):
    return json.dumps(row, default=str, sort_keys=True)


def rows_of(table):
    """Rows of Arrow, as texts that can be sorted."""
    return sorted(map(plain, table.to_pylist()))


def alone(rows, result, **options):
    """The same records, host by host, in this process."""
    found = []
    for records in fleet.by_host(rows).values():
        found += rows_of(getattr(sessionlint.check(records, errors="return", **options), result).to_arrow())
    return sorted(found)


@pytest.mark.parametrize("result", ["findings", "steps", "sessions"])
def test_same_as_one_process(spark, result):
    rows = fleet.records(60, 12)
    wanted = alone(rows, result)
    assert len(wanted) > 500
    for partitions, seed in ((1, 3), (7, 4), (16, 5)):
        assert rows_of(fleetlint.check(frame(spark, rows, partitions, seed), result=result).toArrow()) == wanted


@pytest.mark.parametrize("result", ["findings", "steps", "sessions"])
def test_filters(spark, result):
    rows = fleet.records(30, 8)
    everything = alone(rows, result)
    options = {"session": [1, 2], "since": "2026-03-02T06:01:00Z", **({} if result == "steps" else {"user": "*user1"})}
    wanted = alone(rows, result, **options)
    assert 0 < len(wanted) < len(everything)
    assert rows_of(fleetlint.check(frame(spark, rows, 5), result=result, **options).toArrow()) == wanted


def test_baseline(spark, command, tmp_path):
    """Written for the records of one machine; the driver alone has the file."""
    rows = fleet.records(20, 8)
    path, known = tmp_path / "<records>", tmp_path / "known.json"
    path.write_text("".join(json.dumps(row) + "\n" for row in fleet.by_host(rows)["HOST-00003"]))
    assert command("baseline", "write", "--quiet", f"--baseline={known}", "--reason=known", path).returncode == 0
    wanted = alone(rows, "findings", baseline=known)
    assert wanted != alone(rows, "findings")
    found = fleetlint.check(frame(spark, rows, 5), baseline=known)
    known.unlink()
    assert rows_of(found.toArrow()) == wanted


def test_same_as_command(spark, command, tmp_path):
    """All records in one log, as the command reads them: findings but for places."""
    rows = fleet.records(40, 10, seed=8)
    path = tmp_path / "fleet.ndjson"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    run = command("check", "--quiet", "--format=json", "--strict", path)
    keys = ("rule", "severity", "session", "incarnation", "event", "message", "user")
    wanted = [{key: finding.get(key) for key in keys} | {"host": finding["host"].upper()}
              for finding in map(json.loads, run.stdout.splitlines()) if "rule" in finding]
    assert len(wanted) > 300
    for finding in wanted:
        finding["message"] = without_lines(finding["message"])
    found = fleetlint.check(frame(spark, rows, 5), strict=True).toArrow().to_pylist()
    found = [{key: row[key] for key in keys} | {"host": row["host"].upper(), "message": without_lines(row["message"])}
             for row in found]
    assert sorted(map(plain, found)) == sorted(map(plain, wanted))


def test_totals(spark):
    rows = fleet.records(30, 5, seed=9)
    found = fleetlint.check(frame(spark, rows, 3), result="totals").toPandas()
    assert len(found) == 30
    whole = sessionlint.check(rows, errors="return").totals
    for name in ("records", "events", "markers", "incarnations", "violating", "errors", "warnings", "notes"):
        assert found[name].sum() == whole[name], name


def test_types(spark):
    """Times, numbers and names of columns as tables have them."""
    rows = fleet.records(10, 4, seed=10)
    wanted = alone(rows, "findings")
    typed = frame(spark, rows, 4).select(
        F.col("host").alias("Computer"), F.to_timestamp("time").alias("TimeCreated"),
        F.col("session").cast("int").alias("Id"), "event", "user", "marker", F.lit(1).alias("ignored"))
    found = fleetlint.check(typed, columns={"Computer": "host", "TimeCreated": "time", "Id": "session",
                                            "event": "event", "user": "user", "marker": "marker"})
    assert rows_of(found.toArrow()) == wanted


def test_names_of_hosts(spark):
    """Spellings that the library takes for one host are judged together."""
    names = [("straße", "STRASSE"), ("ΟΔΟΣ", "οδος"), ("K-1", "k-1"), ("ÅNGSTRÖM", "ångström"), ("Ёлка", "ёлка"),
             ("ſtart", "START"), ("ԱԲ", "աբ"), ("Ⴀ1", "ⴀ1"), ("ǆ", "ǅ"), ("ÿ", "Ÿ"), ("ı", "I"), ("İ", "i")]
    rows = []
    for number, pair in enumerate(names):
        for place, event in enumerate(("Created", "Connected", "Logon", "Logon")):
            rows.append({"host": pair[place % 2], "time": f"2026-03-02T08:{number:02}:0{place}Z", "session": number,
                         "event": event, "user": None, "marker": None})
    def of(found):
        return sorted((each["session"], each["rule"], each["message"]) for each in found)
    wanted = of(sessionlint.check(rows).findings.to_arrow().to_pylist())
    assert len(wanted) > len(names)
    assert of(fleetlint.check(frame(spark, rows, 5)).toArrow().to_pylist()) == wanted


def fails(found):
    with pytest.raises(Exception) as error:
        found.toArrow()
    return str(error.value)


def test_refusals(spark):
    rows = fleet.records(3, 40, seed=11)
    records = frame(spark, rows, 2)
    said = fails(fleetlint.check(records, max_rows=100))
    assert "has more than 100 records (max_rows)" in said and "host-0000" in said.lower()
    tied = frame(spark, [{**row, "time": "2026-03-02T08:00:00Z"} for row in rows], 2)
    assert "nothing orders this record" in fails(fleetlint.check(tied))
    assert fleetlint.check(tied, ties="allow").count() == fleetlint.check(tied, ties="allow").count() > 0
    for options, says in (({"result": "words"}, "totals"), ({"order": ["when"]}, "when"), ({"host": "name"}, "name"),
                          ({"rules": {"gap": "bad"}}, "warning"), ({"ties": "maybe"}, "refuse")):
        with pytest.raises(ValueError, match=says):
            fleetlint.check(records, **options)
    with pytest.raises(ValueError, match="order"):
        fleetlint.check(records.drop("time"))


def test_malformed(spark):
    """What is no record is a finding of its machine."""
    rows = fleet.records(5, 3, seed=12)
    records = frame(spark, rows, 3).withColumn("usr", F.lit("x"))
    found = fleetlint.check(records).toArrow().to_pylist()
    wanted = sum(len(sessionlint.check([{**row, "usr": "x"} for row in records], errors="return").findings)
                 for records in fleet.by_host(rows).values())
    assert {row["rule"] for row in found} == {"trace/malformed"} and len(found) == wanted > 50
    assert fleetlint.check(records, result="totals").agg(F.sum("unreadable")).collect()[0][0] == len(rows)


def is_executor(process):
    psutil = pytest.importorskip("psutil")
    try:
        return process.name().startswith("java") and "CoarseGrainedExecutorBackend" in " ".join(process.cmdline())
    except psutil.Error:
        # it has ended
        return False


def executors():
    """The processes of the two workers that this test's Spark has started."""
    return [each for each in pytest.importorskip("psutil").Process().children(recursive=True) if is_executor(each)]


def test_killed_worker(spark):
    rows = fleet.records(400, 12, seed=13)
    records = frame(spark, rows, 16).repartition(16).cache()
    records.count()
    wanted = rows_of(fleetlint.check(records, result="steps", partitions=16).toArrow())
    found, tracker = {}, spark.sparkContext.statusTracker()

    def work():
        found["rows"] = rows_of(fleetlint.check(records, result="steps", partitions=16).toArrow())

    job = threading.Thread(target=work)
    job.start()
    killed = None
    deadline = time.monotonic() + 120
    while job.is_alive() and killed is None and time.monotonic() < deadline:
        stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
        # in the middle: some parts are done, others are not
        if any(stage and 2 <= stage.numCompletedTasks < stage.numTasks and stage.numActiveTasks for stage in stages):
            killed = executors()[0].pid
            os.kill(killed, signal.SIGKILL)
        time.sleep(0.005)
    job.join(300)
    assert killed is not None, "the job ended before a worker could be killed"
    assert not job.is_alive() and found["rows"] == wanted and len(wanted) > 30000


# ---- logs ----


def test_logs(spark, logs):
    files = fleetlint.read_logs(spark, str(logs))
    wanted, failed = [], []
    for path in sorted(logs.rglob("*.evtx")):
        result = sessionlint.check(path, errors="return")
        wanted += [(each.rule, each.line, each.message) for each in result.findings]
        failed += result.failures
    assert len(wanted) > 50 and not failed
    found = fleetlint.check_logs(files).toArrow().to_pylist()
    assert sorted((row["rule"], row["line"], row["message"]) for row in found) == sorted(wanted)
    spread = fleetlint.read_logs(spark, str(logs), partitions=5)
    assert spread.rdd.getNumPartitions() == 5
    assert sorted(map(plain, fleetlint.check_logs(spread).toArrow().to_pylist())) == sorted(map(plain, found))


def test_machines(spark, logs):
    """The logs of a folder are made into one account."""
    folders = [folder for folder in sorted(logs.iterdir()) if folder.is_dir() and folder.name != "edges"]
    for result in ("findings", "sessions"):
        wanted = []
        for folder in folders:
            wanted += getattr(sessionlint.check(folder, together="folder"), result).to_arrow().to_pylist()
        files = fleetlint.read_logs(spark, [str(folder) for folder in folders])
        found = fleetlint.check_logs(files, together="folder", result=result).toArrow().to_pylist()
        for row in found + wanted:
            # counts what an account consists of, which depends on what was asked for
            row.pop("log_line", None)
            for name in ("file", "log"):
                if row.get(name):
                    row[name] = pathlib.PurePath(row[name].replace("file:", "")).name
            for name in ("history", "witnesses"):
                for each in row.get(name) or []:
                    each["file"] = each["file"] and pathlib.PurePath(each["file"]).name
        assert sorted(map(plain, found)) == sorted(map(plain, wanted)) and len(wanted) > 20


def test_bad_logs(spark, tmp_path):
    (tmp_path / "bad.evtx").write_bytes(b"PK\x03\x04 not a log")
    (tmp_path / "good.evtx").write_text("session=1 event=Logon\n")
    files = fleetlint.read_logs(spark, str(tmp_path))
    assert "not a session trace" in fails(fleetlint.check_logs(files))
    rows = fleetlint.check_logs(files, errors="rows").toArrow().to_pylist()
    assert {row["rule"] for row in rows} >= {None, "session/illegal-transition"}
    assert [row["file"].rsplit("/", 1)[1] for row in rows if row["rule"] is None] == ["bad.evtx"]
    assert "(max_bytes)" in fails(fleetlint.check_logs(files, together="folder", max_bytes=20, errors="rows"))
