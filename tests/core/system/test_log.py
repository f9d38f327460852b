"""The log stays small and complete, without what people type."""

import multiprocessing
from pathlib import Path

from gardener_core.system.log import OLD_LOGS, Log, tail


def test_details_are_written_only_where_they_are_wanted(tmp_path: Path) -> None:
    Log(tmp_path / "a.log").note("asked", "where is x?")
    Log(tmp_path / "b.log", details=True).note("asked", "where is x?\nand y?")
    assert tail(tmp_path / "a.log").endswith("asked")
    assert tail(tmp_path / "b.log").endswith("asked: where is x? and y?")


def _write(path: Path, mark: str) -> None:
    log = Log(path, size=2000)
    for number in range(60):
        log.note(f"{mark}{number}")


def test_four_processes_write_whole_lines_and_old_files_are_let_go(tmp_path: Path) -> None:
    path = tmp_path / "gardener.log"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(path, mark)) for mark in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    files = [file for file in tmp_path.iterdir() if file.suffix != ".lock"]
    assert len(files) == OLD_LOGS + (1 if path.exists() else 0)
    assert all(file.stat().st_size < 2100 for file in files)
    lines = [line for file in files for line in file.read_text().splitlines()]
    assert len(lines) > 100 and all(len(line.split(" ")) == 4 for line in lines)


def test_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    Log(tmp_path / "file" / "gardener.log").note("asked")
