"""A benchmark's process ends with its caller."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.processes import children_of, is_running, needs_proc, until

# Every installed package: reading them takes far longer than this test waits.
CODE = """
import sys
from pathlib import Path
from gardener_core.upkeep.bench_project import bench_project
from gardener_core.garden.door import open_garden
from gardener_core.system.places import Places
garden = open_garden(Places.of_user())
project = garden.projects.add(Path(sys.argv[1]))
list(bench_project("read", Places.of_user(), project, (0,)))
"""


@needs_proc
def test_it_does_not_outlive_a_screen_that_is_killed(tmp_path: Path) -> None:
    packages = Path(pytest.__file__).parents[1]
    asks = subprocess.Popen(
        [sys.executable, "-c", CODE, str(packages)],
        env={**os.environ, "GARDENER_HOME": str(tmp_path / "home")},
    )
    until(lambda: bool(children_of(asks.pid, b"measuring import reading")), "the measurement")
    (measures,) = children_of(asks.pid, b"measuring import reading")
    asks.send_signal(signal.SIGKILL)
    asks.wait()
    until(lambda: not is_running(measures), "the measurement's end")
