"""Files are written completely or not at all."""

import os
import resource
import signal
from pathlib import Path

import pytest

from gardener_core.system.files import atomic


def test_write_replaces_and_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "x"
    atomic.write_whole(file, b"1")
    atomic.write_whole(file, b"2", durable=True)
    assert file.read_bytes() == b"2"
    assert os.listdir(tmp_path) == ["x"]
    assert file.stat().st_mode & 0o777 == 0o600


def test_failed_write_keeps_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "x"
    atomic.write_whole(file, b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(OSError):
            atomic.write_whole(file, b"n" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert file.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["x"]


def test_folder_is_swapped_for_a_full_one(tmp_path: Path) -> None:
    path = tmp_path / "model"
    for content in ("one", "two"):
        new = atomic.staging(path)
        (new / "file").write_text(content)
        atomic.swap_folder(new, path)
    assert (path / "file").read_text() == "two"
    assert os.listdir(tmp_path) == ["model"]


def test_swap_that_was_cut_between_its_renames_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "model"
    (tmp_path / ".model.old").mkdir()
    (tmp_path / ".model.old" / "file").write_text("one")
    assert atomic.recover_folder(path)
    assert (path / "file").read_text() == "one"
    assert not atomic.recover_folder(tmp_path / "other")


def test_folders_above_are_the_owners_alone_too(tmp_path: Path) -> None:
    made = atomic.make_folder(tmp_path / "a" / "b" / "c")
    for folder in (made, made.parent, made.parent.parent):
        assert folder.stat().st_mode & 0o077 == 0
    assert atomic.make_folder(made) == made
