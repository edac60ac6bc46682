# SPDX-License-Identifier: MIT
"""What tests share. SESSIONLINT_LIBRARY and SESSIONLINT_COMMAND are those of a build."""

import os
import pathlib
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
sys.path.insert(0, os.fspath(HERE))


@pytest.fixture(scope="session")
def root():
    """The root of the project."""
    return ROOT


@pytest.fixture(scope="session")
def command():
    """Runs the command; returns what it wrote."""
    def run(*arguments, data=None):
        return subprocess.run([os.environ["SESSIONLINT_COMMAND"], *map(str, arguments)], cwd=ROOT, input=data,
                              stdin=None if data is not None else subprocess.DEVNULL, capture_output=True, check=False)
    return run


@pytest.fixture(scope="session")
def logs():
    """The folder of real logs."""
    folder = pathlib.Path(os.environ.get("SESSIONLINT_LOGS", ""))
    if not os.environ.get("SESSIONLINT_LOGS") or not folder.is_dir():
        pytest.skip("there is no folder of real logs: SESSIONLINT_LOGS")
    return folder


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    """Two workers in processes of their own, with a core each."""
    pytest.importorskip("pyspark")
    from pyspark.sql import SparkSession
    os.environ["PYSPARK_PYTHON"] = sys.executable
    environment = {name: os.environ[name] for name in ("PYTHONPATH", "SESSIONLINT_LIBRARY") if name in os.environ}
    builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("sessionlint tests")
    settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "8", "spark.executor.memory": "800m",
                "spark.driver.host": "127.0.0.1", "spark.sql.session.timeZone": "Asia/Kolkata",
                "spark.task.maxFailures": "4", "spark.sql.adaptive.enabled": "true",
                "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
                **{f"spark.executorEnv.{name}": value for name, value in environment.items()}}
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()
