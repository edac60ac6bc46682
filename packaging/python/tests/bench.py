#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures records judged each second: by the command, in one process of Python, and in Spark with one worker and with two,
each of which has one core; how much sooner two are done; and which processes the time of processors goes to.

bench.py [HOSTS [RECORDS [ROUNDS]]]: records of so many hosts (2000), so many each (500). Of each way the median of the rounds
(3) counts, after one that does not: it starts the workers, and has the JVM compile what it runs. Prints a table.
SESSIONLINT_COMMAND and SESSIONLINT_LIBRARY are those of a release build.
"""

import collections
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
PARTITIONS = 8
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


def kind_of(process):
    """Whose time it is: that of the JVM that is the driver, of those of the workers, of their Python, or of this process."""
    if process.pid == os.getpid():
        return "this process"
    if process.name().startswith("java"):
        return "JVM of workers" if "CoarseGrainedExecutorBackend" in " ".join(process.cmdline()) else "JVM of the driver"
    return "Python of workers" if "pyspark" in " ".join(process.cmdline()) else "other"


def processors():
    """The seconds of processors that this process and those below it have used, which hardly depend on what else runs."""
    used, ended = collections.Counter(), os.times()
    used["ended"] = ended.children_user + ended.children_system
    for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        try:
            used[kind_of(process)] += sum(process.cpu_times()[:2])
        except psutil.Error:
            # it has ended
            pass
    return used


Measured = collections.namedtuple("Measured", "seconds used result")


def measure(rounds, work):
    """The round that took the median time, after one that does not count."""
    work()
    times = []
    for _ in range(rounds):
        before, began = processors(), time.perf_counter()
        result = work()
        seconds, after = time.perf_counter() - began, processors()
        times.append(Measured(seconds, {kind: after[kind] - before[kind] for kind in after}, result))
    return sorted(times, key=lambda each: each.seconds)[rounds // 2]


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
    settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": str(PARTITIONS), "spark.executor.memory": "1200m",
                "spark.driver.host": "127.0.0.1", "spark.ui.showConsoleProgress": "false", "spark.sql.adaptive.enabled": "false",
                **{f"spark.executorEnv.{name}": os.environ[name] for name in ("PYTHONPATH", "SESSIONLINT_LIBRARY")}}
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def in_spark(workers, folder, rounds):
    """Spark to its end; and the parts of it: what the JVM does alone, and with records that go to Python and are dropped."""
    spark = session(workers)
    records = spark.read.parquet(str(folder / "records"))
    keyed = records.withColumn(KEY, fleet.machine_key("host")).repartition(PARTITIONS, KEY)
    keyed = keyed.sortWithinPartitions(KEY, *fleet._sort_key(records, "time"), "session")

    def check():
        return fleet.check(records, start="unknown", partitions=PARTITIONS).count()

    def sort():
        # all columns are made, and nothing is kept
        keyed.write.format("noop").mode("overwrite").save()

    def move():
        return keyed.mapInArrow(lambda batches: (batch.select([KEY]).slice(0, 0) for batch in batches), f"{KEY} string").count()

    measured = [measure(rounds, work) for work in (check, sort, move)]
    spark.stop()
    return measured


def main():
    given = [int(each) for each in sys.argv[1:]]
    hosts, records, rounds = given + [2000, 500, 3][len(given):]
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        table = make(folder, hosts, records)
        count = table.num_rows
        print(f"sessionlint {sessionlint.version()}: {hosts} hosts, {records} records each, {os.cpu_count()} processors, load "
              f"{os.getloadavg()[0]:.1f}, median of {rounds}")

        def show(name, measured):
            # the clock of processors ticks a hundred times a second
            used = max(sum(measured.used.values()), 0.01)
            print(f"{name:42} {measured.seconds:7.1f} s {count / measured.seconds:10,.0f} records/s  processors {used:6.1f} s "
                  f"{count / used:10,.0f} records/s  {measured.result or 0} findings", flush=True)

        show("the command, one NDJSON file", measure(rounds, lambda: command(folder)))
        show("one process of Python, sorted table", measure(rounds, lambda: one_process(table)))
        whole = {}
        for workers in (1, 2):
            whole[workers], *parts = in_spark(workers, folder, rounds)
            show(f"Spark, {workers} worker{'s' * (workers > 1)}", whole[workers])
            for name, part in zip(("in the JVM: read, shuffle, sort", "and to Python, where it is dropped"), parts):
                show(f"  of that {name}", part)
            for kind, seconds in sorted(whole[workers].used.items(), key=lambda each: -each[1]):
                if seconds > 0.05:
                    print(f"  {kind}: {seconds:.1f} s of processors")
        print(f"two workers are done {whole[1].seconds / whole[2].seconds:.2f} times as soon as one, with "
              f"{sum(whole[2].used.values()) / sum(whole[1].used.values()):.2f} times the time of processors; load now "
              f"{os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
