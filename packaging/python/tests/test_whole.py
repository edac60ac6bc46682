# SPDX-License-Identifier: MIT
"""What is about all records together means in Spark what it means for one process: times before the last record, entries of
a baseline that are stale, numbers of equal findings. What cannot is refused."""

import datetime
import json
import re
import shutil

import pytest

import fleet
import sessionlint
from test_spark import alone, fails, frame, plain, rows_of

pytest.importorskip("pyspark")
from pyspark.sql import functions as F  # noqa: E402

from sessionlint import spark as fleetlint  # noqa: E402

KEYS = ("rule", "severity", "session", "incarnation", "event", "user")
# Entries as the command lists them.
ENTRY = ("fingerprint", "line", "rule", "log", "reason")


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def last_of(rows):
    return max(datetime.datetime.fromisoformat(row["time"]) for row in rows if row["session"])


# ---- times before the last record ----

@pytest.mark.parametrize("result", ["findings", "steps", "sessions"])
@pytest.mark.parametrize("options", [{"since": "-6m"}, {"until": datetime.timedelta(minutes=-30)},
                                     {"since": "-40m", "until": "-300s"}])
def test_relative(spark, result, options):
    """Before the last record of all machines, in whatever part it is: not that of each machine."""
    rows = fleet.records(25, 8, seed=31)
    names = sorted(fleet.by_host(rows))
    # one machine ends long before the others
    rows = [row for row in rows if row["host"].upper() != names[3] or row["time"] < "2026-03-02T06:12"]
    last = last_of(rows)
    before = {"-6m": 360, "-40m": 2400, "-300s": 300, datetime.timedelta(minutes=-30): 1800}
    wanted = alone(rows, result, **{name: last - datetime.timedelta(seconds=before[value]) for name, value in options.items()})
    assert 0 < len(wanted) < len(alone(rows, result))
    assert wanted != alone(rows, result, **options)
    for partitions in (1, 9):
        assert rows_of(fleetlint.check(frame(spark, rows, partitions), result=result, **options).toArrow()) == wanted


def test_relative_as_command(spark, command, tmp_path):
    rows = fleet.records(30, 8, seed=32)
    run = command("check", "--quiet", "--format=json", "--since=-7m", write(tmp_path / "fleet.ndjson", rows))
    wanted = [[finding.get(key) for key in KEYS] + [finding["host"].upper()]
              for finding in map(json.loads, run.stdout.splitlines()) if "rule" in finding]
    assert 10 < len(wanted) < len(alone(rows, "findings"))
    found = fleetlint.check(frame(spark, rows, 6), since="-7m").toArrow().to_pylist()
    assert sorted(plain([row[key] for key in KEYS] + [row["host"].upper()]) for row in found) == sorted(map(plain, wanted))
    # filters decide what is shown, and these are counts
    counted = fleetlint.check(frame(spark, rows, 6), since="-7m", result="totals")
    assert counted.agg(F.sum("records")).collect()[0][0] == len(rows)
    none = frame(spark, [{**row, "time": None} for row in fleet.records(1, 1)], 2)
    assert fleetlint.check(none, order=["event"], ties="allow", since="-2d").count() == 0


# ---- entries of a baseline ----

def baseline_of(command, path, known, *options):
    done = command("baseline", "write", "--quiet", f"--baseline={known}", "--reason=known", *options, path)
    assert done.returncode == 0, done.stderr
    return known


def entries_of(rows, state):
    return sorted(plain([row[key] for key in ENTRY]) for row in rows if row["state"] == state)


def said(run, name):
    summary = json.loads(run.stdout.splitlines()[-1])["summary"]
    return sorted(plain([entry[key] for key in ENTRY]) for entry in summary.get(name, []))


def test_stale(spark, command, tmp_path):
    """Some machines have been mended; entries of others, of other logs and of rules that are off are not stale."""
    rows, path = fleet.records(40, 6, seed=33), tmp_path / "<records>"
    known = baseline_of(command, write(path, rows), tmp_path / "known.json")
    entries = json.loads(known.read_text())
    entries["entries"] += [{**entries["entries"][0], "log": "other.trace", "fingerprint": "00000000000000ff:1"},
                           {**entries["entries"][1], "fingerprint": "00000000000000fe:1"}]
    known.write_text(json.dumps(entries))
    names = sorted(fleet.by_host(rows))
    mended = [row for row in rows if row["host"].upper() not in names[::3]]
    for options, flags in (({}, []), ({"rules": {"illegal-transition": "off"}}, ["--rule=illegal-transition=off"])):
        run = command("check", "--quiet", "--format=json", f"--baseline={known}", *flags, write(path, mended))
        wanted = said(run, "stale")
        assert wanted or options
        for partitions in (1, 7, 16):
            found = fleetlint.check(frame(spark, mended, partitions), result="baseline", partitions=partitions,
                                    baseline=known, **options).toArrow().to_pylist()
            assert entries_of(found, "stale") == wanted
            assert {row["state"] for row in found} <= {"stale"}
    assert fleetlint.check(frame(spark, rows, 7), result="baseline", baseline=known).count() == 1


def test_expired(spark, command, tmp_path, monkeypatch):
    rows, path = fleet.records(15, 5, seed=34), tmp_path / "<records>"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    known = baseline_of(command, write(path, rows), tmp_path / "known.json", "--expires=2026-01-02")
    assert fleetlint.check(frame(spark, rows, 5), result="baseline", baseline=known).count() == 0
    # the day is that of the driver
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795521600")
    run = command("check", "--quiet", "--format=json", f"--baseline={known}", path)
    found = fleetlint.check(frame(spark, rows, 5), result="baseline", baseline=known).toArrow().to_pylist()
    assert entries_of(found, "expired") == said(run, "expired") != []
    assert {row["expires"] for row in found} == {datetime.date(2026, 1, 2)}


def illegal(folder):
    """A log with one breach, below that folder; each folder is of the same machine."""
    folder.mkdir(parents=True)
    (folder / "nightly.evtx").write_text("".join(f"host=A session=1 event={event}\n" for event in ("Created", "Logon")))
    (folder / "other.evtx").write_text("host=A session=1 event=Created\nhost=A session=1 event=Terminated\n")


@pytest.mark.parametrize("together", [False, "folder"])
def test_equal_findings(spark, command, tmp_path, together):
    """The second of two equal findings is not the first one, wherever it is judged."""
    for name in ("a", "a.b", "c", "d/e"):
        illegal(tmp_path / "logs" / name)
    how = [f"--together={together}"] if together else []
    known = baseline_of(command, tmp_path / "logs", tmp_path / "known.json", *how)
    entries = json.loads(known.read_text())
    assert len({entry["fingerprint"] for entry in entries["entries"]}) == 4
    for mended in (False, True):
        if mended:
            shutil.rmtree(tmp_path / "logs" / "c")
        for kept in (entries["entries"], entries["entries"][:2]):
            known.write_text(json.dumps({**entries, "entries": kept}))
            run = command("check", "--quiet", "--format=json", f"--baseline={known}", *how, tmp_path / "logs")
            wanted = sorted(("/".join(finding["file"].rsplit("/", 2)[1:]), finding.get("suppression") is not None)
                            for finding in map(json.loads, run.stdout.splitlines()) if "rule" in finding)
            files = fleetlint.read_logs(spark, str(tmp_path / "logs"), partitions=4)
            found = fleetlint.check_logs(files, together=together, baseline=known).toArrow().to_pylist()
            assert sorted(("/".join(row["file"].rsplit("/", 2)[1:]), row["suppression"] is not None) for row in found) == wanted
            found = fleetlint.check_logs(files, together=together, baseline=known, result="baseline").toArrow().to_pylist()
            assert entries_of(found, "stale") == said(run, "stale")
            assert len(found) == (1 if mended and len(kept) == 4 else 0)


def test_hosts_without_names(spark, command, tmp_path):
    """Where records do not name the machine, equal findings are numbered for each one."""
    events, path = ("Created", "Logon", "Terminated") * 2, tmp_path / "<records>"
    rows = [{"time": f"2026-03-02T08:00:0{second}Z", "session": 1, "event": event} for second, event in enumerate(events)]
    known = baseline_of(command, write(path, rows), tmp_path / "known.json")
    records = spark.createDataFrame([(f"m{machine}", *row.values()) for machine in range(6) for row in rows],
                                    ["x-machine", *rows[0]])
    wanted = [(each.line, each.suppression) for each in sessionlint.check(rows, name="<records>", baseline=known).findings]
    assert {suppression for _, suppression in wanted} == {"baseline"} and len(wanted) == 2
    for partitions in (1, 6):
        found = fleetlint.check(records, host="x-machine", partitions=partitions, baseline=known).toArrow().to_pylist()
        assert sorted((row["line"], row["suppression"]) for row in found) == sorted(wanted * 6)


# ---- what is not judged, or refused ----

def test_nothing_judged(spark):
    """A machine of which nothing is judged is a finding that has its name."""
    records = spark.createDataFrame(
        [("A", "2026-03-02T08:00:00Z", 1, "Created", None), ("A", "2026-03-02T08:00:01Z", 1, "Terminated", None),
         ("B", "2026-03-02T08:00:00Z", None, None, "boot"), ("C", "2026-03-02T08:00:00Z", None, None, "boot")],
        "host string, time string, session int, event string, marker string")
    wanted = sessionlint.check([{"host": "B", "time": "2026-03-02T08:00:00Z", "marker": "boot"}]).findings
    assert [each.rule for each in wanted] == ["trace/nothing-judged"]
    for partitions in (1, 3):
        found = fleetlint.check(records, partitions=partitions).toArrow().to_pylist()
        assert sorted((row["rule"], row["message"], row["host"]) for row in found) == \
            [("trace/nothing-judged", wanted[0].message, host) for host in "BC"]
        assert fleetlint.check(records, rules={"nothing-judged": "off"}).count() == 0


def test_unreadable(spark, tmp_path):
    """A log of which nothing can be read fails, as for one process."""
    (tmp_path / "bad.evtx").write_text("session=x event=Logon\n" * 3)
    [failure] = sessionlint.check(tmp_path / "bad.evtx", errors="return").failures
    files = fleetlint.read_logs(spark, str(tmp_path))
    assert failure.reason in fails(fleetlint.check_logs(files))
    rows = fleetlint.check_logs(files, errors="rows").toArrow().to_pylist()
    assert [row["message"] for row in rows if row["rule"] is None] == [failure.reason]
    assert len(rows) == 4


def test_refused(spark, tmp_path):
    records = frame(spark, fleet.records(2, 1), 1)
    for options, says in (({"fail_on": "note"}, "exit status"), ({"fail_on_undetermined": True}, "totals"),
                          ({"allow_stale": True}, "baseline"), ({"join": True}, "one log"), ({"progress": print}, "engine"),
                          ({"errors": "return"}, "malformed"), ({"annotations": True}, "sessions"),
                          ({"together": True}, "check_logs"), ({"window": 2}, "check_logs"), ({"anonymize": True}, "hash"),
                          ({"result": "baseline"}, "name it"), ({"since": "-2w"}, "cannot be a filter")):
        with pytest.raises(ValueError, match=re.escape(says)):
            fleetlint.check(records, **options)
    (tmp_path / "log.evtx").write_text("session=1 event=Created\n")
    with pytest.raises(ValueError, match="hash"):
        fleetlint.check_logs(fleetlint.read_logs(spark, str(tmp_path)), anonymize=True)
