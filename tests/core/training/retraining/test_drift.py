"""The drift counts what an adapter read and what is no longer there."""

import os
from pathlib import Path

import pytest

from gardener_core.training.retraining.drift import Drift, DriftMeter, new_files
from gardener_core.training.retraining.learned import (
    FILE,
    Learned,
    LearnedFile,
    LearnedPiece,
    PieceState,
    read_learned,
    write_learned,
)
from gardener_core.training.retraining.lines import digest_lines

TEXTS = {
    "a.py": ["def one():\n    return 1\n", "def two():\n    return 2\n"],
    "b.py": ["def three():\n    return 3\n", "KEY = '[secret]'\n"],
}
STATES: dict[str, PieceState] = {"one": "read", "two": "unread", "three": "read", "KEY": "hidden"}


def piece(text: str) -> LearnedPiece:
    name = text.removeprefix("def ").partition("(")[0].partition(" ")[0]
    return LearnedPiece(name, digest_lines(text), STATES[name])


@pytest.fixture
def learned() -> Learned:
    files = {path: LearnedFile("d", tuple(map(piece, texts))) for path, texts in TEXTS.items()}
    return Learned("abc1234", "v1", 60, {**files, "held.py": LearnedFile("h")})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, texts in TEXTS.items():
        (tmp_path / path).write_text("".join(texts).replace("[secret]", "hunter2"))
    return tmp_path


def test_what_is_as_it_was_has_not_drifted(root: Path, learned: Learned) -> None:
    assert DriftMeter(root, learned).measure() == Drift(2, 0)
    (root / "a.py").write_text("import os\n\n\n" + "".join(reversed(TEXTS["a.py"])))
    drift = DriftMeter(root, learned).measure()
    assert drift == Drift(2, 0) and not drift.has_changed, "order and what stands before are free"


def test_changed_symbols_are_counted_by_whether_they_were_read(
    root: Path, learned: Learned
) -> None:
    meter = DriftMeter(root, learned)
    assert not meter.measure().has_changed
    (root / "a.py").write_text("def one():\n    return 11\n\n\ndef two():\n    return 22\n")
    assert meter.measure() == Drift(2, 1, 1, 1)
    assert meter.measure().share == 0.5
    (root / "b.py").unlink()
    assert meter.measure() == Drift(2, 2, 2, 1)
    assert "2 of 2 symbols changed (100%), 1 of the others" in meter.measure().sentence


def test_only_files_that_look_different_are_read_again(root: Path, learned: Learned) -> None:
    meter = DriftMeter(root, learned)
    meter.measure()
    status = (root / "a.py").stat()
    (root / "a.py").write_bytes(b"x" * status.st_size)
    os.utime(root / "a.py", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert not meter.measure().has_changed
    os.utime(root / "a.py")
    assert meter.measure().changed == 1


def test_a_folder_that_is_gone_is_no_drift(tmp_path: Path, learned: Learned) -> None:
    assert not DriftMeter(tmp_path / "unmounted", learned).measure().has_changed


def test_new_files_are_those_of_a_language_that_were_not_seen(root: Path, learned: Learned) -> None:
    assert new_files(root, learned) == 0
    (root / "held.py").write_text("x = 1\n")
    (root / "new.py").write_text("y = 1\n")
    (root / "photo.xyz").write_text("z\n")
    assert new_files(root, learned) == 1


def test_the_record_is_read_as_it_was_written(tmp_path: Path, learned: Learned) -> None:
    assert read_learned(tmp_path) is None
    write_learned(tmp_path, learned)
    assert read_learned(tmp_path) == learned
    assert (learned.symbols, len(learned.digests), len(learned.read)) == (2, 4, 2)
    for damage in (
        b"{",
        b"[]",
        b'{"commit": "", "parent": "", "full_steps": 1, "files": {"a": 1}}',
    ):
        (tmp_path / FILE).write_bytes(damage)
        assert read_learned(tmp_path) is None
