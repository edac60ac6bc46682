#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures records judged each second: by the command, in one process of Python, and in Spark with one worker and with two.

bench.py HOSTS RECORDS [ROUNDS]: records of so many hosts, so many each. Of each way the best round counts. Prints a table.
SESSIONLINT_COMMAND and SESSIONLINT_LIBRARY are those of a release build.
"""

import datetime
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import duckdb
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

import sessionlint
from sessionlint import spark as fleet
from sessionlint._machines import KEY, Judge, Plan

# What the session manager logs of a user who is reconnected once: 1 of 5 records is a finding (a warning).
LIFE = ("Logon", "Disconnected", "Connected", "Logoff", "Disconnected")
BEGIN = datetime.datetime(2026, 3, 2, tzinfo=datetime.timezone.utc)


def day(records):
    """The records of a host for a day."""
    step = datetime.timedelta(seconds=86400 / records)
    return pa.table({
        "time": [(BEGIN + i * step).isoformat() for i in range(records)],
        "session": pa.array([2 + i // len(LIFE) % 40 for i in range(records)], pa.int32()),
        "event": [LIFE[i % len(LIFE)] for i in range(records)],
        "user": [f"CORP\\user{i // len(LIFE) % 40}" for i in range(records)],
        "source": ["lsm"] * records})


def make(folder, hosts, records):
    """The records of all hosts, in parquet files and as NDJSON."""
    template, connection = day(records), duckdb.connect()
    connection.register("template", template)
    connection.execute(f"CREATE TABLE fleet AS SELECT printf('HOST-%06d', i) AS host, t.* FROM range({hosts}) AS h(i), "
                       "template AS t ORDER BY hash(i, time)")
    (folder / "records").mkdir()
    table = connection.table("fleet")
    table = table.to_arrow_table() if hasattr(table, "to_arrow_table") else table.arrow()
    for part in range(16):
        size = -(-table.num_rows // 16)
        pq.write_table(table.slice(part * size, size), folder / "records" / f"{part}.parquet")
    connection.execute(f"COPY (SELECT * FROM fleet ORDER BY host, time) TO '{folder}/fleet.ndjson' (FORMAT json)")
    connection.execute("CREATE TABLE sorted AS SELECT *, host AS " + KEY + " FROM fleet ORDER BY host, time")
    whole = connection.table("sorted")
    return whole.to_arrow_table() if hasattr(whole, "to_arrow_table") else whole.arrow()


def processors():
    """The time of processors that this process and those below it have used, which does not depend on what else runs."""
    ended = os.times()
    used = ended.children_user + ended.children_system
    for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        try:
            used += sum(process.cpu_times()[:2])
        except psutil.Error:
            pass
    return used


def best(rounds, work):
    """The shortest time, the time of processors in that round, and what the work returns."""
    times = []
    for _ in range(rounds):
        began, used = time.perf_counter(), processors()
        result = work()
        times.append((time.perf_counter() - began, processors() - used))
    return *min(times), result


def command(folder):
    """One process of the command on one file, which it has to parse."""
    done = subprocess.run([os.environ["SESSIONLINT_COMMAND"], "check", "--quiet", "--format=csv", "--start=unknown",
                           folder / "fleet.ndjson"], stdout=subprocess.PIPE, check=False)
    return done.stdout.count(b"\n") - 1


def one_process(table):
    """One process of Python, by host, on a sorted table."""
    judge = Judge(Plan("findings", {"start": "unknown"}, ("time",)))
    return sum(batch.num_rows for batch in judge.batches(table.to_batches(max_chunksize=10_000), "host"))


def session(workers):
    from pyspark.sql import SparkSession
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(f"local-cluster[{workers},1,1536]").appName("bench")
    settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "8", "spark.executor.memory": "1200m",
                "spark.driver.host": "127.0.0.1", "spark.ui.showConsoleProgress": "false", "spark.sql.adaptive.enabled": "false",
                **{f"spark.executorEnv.{name}": os.environ[name] for name in ("PYTHONPATH", "SESSIONLINT_LIBRARY")}}
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def in_spark(workers, folder, rounds):
    """Spark to its end; and the part that it takes to bring the records together, without the library."""
    spark = session(workers)
    records = spark.read.parquet(str(folder / "records"))

    def check():
        return fleet.check(records, start="unknown", partitions=8).count()

    def sort():
        keyed = records.withColumn(KEY, fleet.machine_key("host")).repartition(8, KEY)
        keyed = keyed.sortWithinPartitions(KEY, *fleet._sort_key(records, "time"), "session")
        return keyed.mapInArrow(lambda batches: (batch.select([KEY]).slice(0, 1) for batch in batches), f"{KEY} string") \
            .count()

    # starts the workers
    fleet.check(records.where("host < 'HOST-000008'"), start="unknown", partitions=8).count()
    times = best(rounds, check), best(rounds, sort)
    spark.stop()
    return times


def main():
    hosts, records = int(sys.argv[1]), int(sys.argv[2])
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        table = make(folder, hosts, records)
        count = table.num_rows
        print(f"sessionlint {sessionlint.version()}: {hosts} hosts, {records} records each, {os.cpu_count()} processors, load "
              f"{os.getloadavg()[0]:.1f}, best of {rounds}")

        def show(name, seconds, used, findings):
            print(f"{name:36} {seconds:7.1f} s {count / seconds:10,.0f} records/s  processors {used:6.1f} s "
                  f"{count / used:10,.0f} records/s  {findings} findings", flush=True)

        show("the command, one NDJSON file", *best(rounds, lambda: command(folder)))
        show("one process of Python, sorted table", *best(rounds, lambda: one_process(table)))
        for workers in (1, 2):
            whole, sorting = in_spark(workers, folder, rounds)
            show(f"Spark, {workers} worker{'s' * (workers > 1)}", *whole)
            show("  of that without the library", *sorting[:2], 0)


if __name__ == "__main__":
    main()
