"""A run on a full disk ends with that error, and resumes when there is space."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
# In a small file system of its own, so that nobody else's disk is filled.
SCRIPT = """
import os, sys
from pathlib import Path
from support.stand_in_jobs import StandInJobs, until
from gardener_core.events.run import Finished
from gardener_core.events.train import StepDone
from gardener_core.jobs.follow import current_run, follow
from gardener_core.jobs.curve import read_curve
from gardener_core.store.garden.runs import Run
from gardener_core.system.places import Places

jobs = StandInJobs(Places.of_user())
folder = jobs.start("r", steps=150)
jobs.until(folder, StepDone)
filler = os.open(jobs.places.data / "filler", os.O_WRONLY | os.O_CREAT)
size = 65536
while size:
    try:
        os.write(filler, b"x" * size)
    except OSError:
        size //= 2
events = [event for batch in follow(folder) for event in batch]
print(events[-1])
print(current_run(folder, Run("r", "index", "", 0.0, "running")).state)
steps = [event.step for event in events if isinstance(event, StepDone)]
print(steps == list(range(1, len(steps) + 1)), (folder / "ballast").exists())
os.truncate(filler, 0)
jobs.launch(folder)
events = [event for batch in follow(folder) for event in batch]
print(isinstance(events[-1], Finished), len(read_curve(folder).step) >= 150)
"""


def small_disk(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    mounted = f"mount -t tmpfs -o size=400k none {folder} && exec {sys.executable} -c '{code}'"
    path = os.pathsep.join([str(TESTS), *(item for item in sys.path if item)])
    environment = {**os.environ, "GARDENER_HOME": str(folder), "PYTHONPATH": path}
    return subprocess.run(
        ["unshare", "-rm", "sh", "-c", mounted],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_last_words_on_a_full_disk(tmp_path: Path) -> None:
    try:
        allowed = small_disk(tmp_path, "print(1)").returncode == 0
    except FileNotFoundError:
        allowed = False
    if not allowed:
        pytest.skip("no file system of one's own can be mounted here")
    answer = small_disk(tmp_path, SCRIPT)
    failed, state, steps, resumed = answer.stdout.splitlines() or [answer.stderr]
    assert failed.startswith("Failed(code='disk-full'") and "Remedy(act='resume', of='r')" in failed
    assert state == "failed"
    assert steps == "True False", "no step is lost, and the ballast was dropped"
    assert resumed == "True True"
