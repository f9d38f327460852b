"""A file that kills or stalls its reader costs that file, and nothing else."""

import os
import signal
import threading
from pathlib import Path

import pytest
from support.processes import children_of, needs_proc, until
from support.stalling import STALLS, stall

from gardener_core.code.worker import FileRead
from gardener_core.code.workers import ReadingPool
from gardener_core.events.parts import SkippedFile


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for number in range(12):
        (tmp_path / f"m{number}.py").write_text(f"def f{number}():\n    return {number}\n")
    (tmp_path / STALLS).write_text("x = 1\n")
    return tmp_path


def names(tree: Path) -> list[str]:
    return sorted(path.name for path in tree.iterdir())


def test_every_file_is_read_once(tree: Path) -> None:
    (tree / "stall.py").unlink()
    with ReadingPool(tree, 2) as pool:
        found = {item.path: item for item in pool.read(names(tree))}
        again = {item.path: item for item in pool.read(["m1.py"])}
    assert sorted(found) == names(tree)
    read = found["m3.py"]
    assert isinstance(read, FileRead)
    assert [chunk.symbol for chunk in read.chunks] == ["f3"]
    assert again["m1.py"] == found["m1.py"]


def test_stalled_file_is_named_and_the_rest_is_read(tree: Path) -> None:
    with ReadingPool(tree, 2, longest_seconds=2.0, finish=stall) as pool:
        found = {item.path: item for item in pool.read(names(tree))}
    stalled = found.pop("stall.py")
    assert isinstance(stalled, SkippedFile) and "not parsed within" in stalled.reason
    assert len(found) == 12 and all(isinstance(item, FileRead) for item in found.values())


def workers() -> set[int]:
    """Children that read files; multiprocessing has a helper of its own beside them."""
    return children_of(os.getpid(), b"spawn_main")


@needs_proc
def test_killed_reader_costs_its_file(tree: Path) -> None:
    before = workers()
    found: list[FileRead | SkippedFile] = []
    with ReadingPool(tree, 1, finish=stall) as pool:
        reader = threading.Thread(target=lambda: found.extend(pool.read(["stall.py", "m1.py"])))
        reader.start()
        until(lambda: bool(workers() - before), "the worker")
        for process in workers() - before:
            os.kill(process, signal.SIGKILL)
        reader.join()
    killed, last = found
    assert isinstance(killed, SkippedFile) and "ended its parser" in killed.reason
    assert isinstance(last, FileRead)


def test_empty_list_starts_nobody(tree: Path) -> None:
    before = workers()
    with ReadingPool(tree, 2) as pool:
        assert list(pool.read([])) == []
        assert not workers() - before
