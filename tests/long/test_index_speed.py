"""How fast five thousand files are indexed, a saved file is found, and what watching costs."""

import os
import shutil
import statistics
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.walk import saved_and_found, watched

from gardener_core.events.index import FilesRead, Indexed, Watching
from gardener_core.events.run import Finished
from gardener_core.garden.door import open_garden
from gardener_core.system.places import Places

FILES = 5000
PACKAGES = ("torch", "transformers", "sympy")
IDLE_SECONDS = 20
SAVES = 10
TICKS = os.sysconf("SC_CLK_TCK")


def lay_out(root: Path) -> Path:
    site = Path(sysconfig.get_paths()["purelib"])
    found = (path for name in PACKAGES for path in sorted((site / name).rglob("*.py")))
    for _, path in zip(range(FILES), found, strict=False):
        target = root / path.relative_to(site)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return root


def cpu_of(process: int) -> float:
    """CPU seconds of a process and of its readers."""
    ids = [process]
    for task in Path(f"/proc/{process}/task").iterdir():
        ids += map(int, (task / "children").read_text().split())
    total = 0
    for each in ids:
        fields = Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


@pytest.mark.long
def test_five_thousand_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: Callable[[str, list[str]], None]
) -> None:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    root = lay_out(tmp_path / "tree")
    garden = open_garden(Places.of_user())
    project = garden.projects.add(root)
    events = [e for batch in garden.runs.follow(garden.runs.index(project).id) for e in batch]
    assert isinstance(events[-1], Finished)
    (done,) = (event for event in events if isinstance(event, Indexed))
    again = [e for batch in garden.runs.follow(garden.runs.index(project).id) for e in batch]
    assert any(isinstance(event, FilesRead) and event.known >= FILES - 100 for event in again)
    (nothing,) = (event for event in again if isinstance(event, Indexed))

    seconds = []
    file = root / "torch" / "zebra.py"
    with watched(garden, project) as watch:
        for number in range(SAVES):
            asked = f"zebra_{number}"
            line = f"def {asked}():\n    return {number}\n"
            seconds.append(saved_and_found(watch, file, line, asked))
        before = cpu_of(garden.engine.process_id)
        time.sleep(IDLE_SECONDS)  # what it costs while nothing happens
        idle = cpu_of(garden.engine.process_id) - before
    polling = [event.polling for event in watch.told if isinstance(event, Watching)]
    garden.close()
    rate = done.files / done.seconds
    keep(
        "Five thousand files",
        [
            f"- first index of {done.files} files, {done.chunks:,} chunks: {done.seconds:.1f} s, "
            f"{rate:.0f} files/s, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores",
            f"- refresh that finds nothing: {nothing.seconds:.3f} s",
            f"- saved file searchable: median {statistics.median(seconds) * 1000:.0f} ms, at most "
            f"{max(seconds) * 1000:.0f} ms of {SAVES}",
            f"- watching an idle tree: {idle:.2f} s of CPU in {IDLE_SECONDS} s, "
            f"{'by polling' if polling[0] else 'by the system'}",
        ],
    )
    assert nothing.seconds < 0.5 and idle < 1.0
