"""The drift of many versions is measured once, until a file changes."""

import json
from pathlib import Path

import pytest
from support.versions import lay_out

from gardener_core.training.retraining.drift import Drift
from gardener_core.training.retraining.drifts import Drifts
from gardener_core.training.retraining.learned import (
    FILE,
    Learned,
    LearnedFile,
    LearnedPiece,
    write_learned,
)
from gardener_core.training.retraining.lines import digest_lines

CODE = [("a.py", "def water():\n    return 1\n"), ("b.py", "def prune():\n    return 2\n")]


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    lay_out(tmp_path / "web", CODE)
    folders = {version: tmp_path / version for version in ("v1", "v2", "v3")}
    for version, folder in folders.items():
        folder.mkdir()
        read = CODE[:1] if version == "v1" else CODE
        files = {
            path: LearnedFile("d", (LearnedPiece(path, digest_lines(text), "read"),))
            for path, text in read
        }
        if version != "v3":
            write_learned(folder, Learned("", "", 60, files))
    return folders


def changed(drifts: Drifts, folders: dict[str, Path]) -> dict[str, int | None]:
    return {
        version: drift.changed if drift else None for version, drift in drifts.of(folders).items()
    }


def test_each_version_has_its_own_and_one_without_a_record_none(
    tmp_path: Path, folders: dict[str, Path]
) -> None:
    drifts = Drifts(tmp_path / "drifts.json", tmp_path / "web")
    assert changed(drifts, folders) == {"v1": 0, "v2": 0, "v3": None}
    (tmp_path / "web" / "b.py").write_text("def prune():\n    return 3\n")
    assert changed(drifts, folders) == {"v1": 0, "v2": 1, "v3": None}
    (tmp_path / "web" / "a.py").unlink()
    assert changed(drifts, folders) == {"v1": 1, "v2": 2, "v3": None}


def test_what_is_kept_is_taken_while_no_file_changes(
    tmp_path: Path, folders: dict[str, Path]
) -> None:
    kept = tmp_path / "drifts.json"
    Drifts(kept, tmp_path / "web").of(folders)
    for folder in folders.values():
        (folder / FILE).unlink(missing_ok=True)  # would be missed if it were measured again
    assert changed(Drifts(kept, tmp_path / "web"), folders) == {"v1": 0, "v2": 0, "v3": None}
    assert changed(Drifts(kept, tmp_path), folders) == {"v1": None, "v2": None, "v3": None}


@pytest.mark.parametrize("damage", ["{", "[]", '{"format": 1, "root": 3}', '{"format": 99}'])
def test_a_damaged_file_is_measured_again(
    tmp_path: Path, folders: dict[str, Path], damage: str
) -> None:
    kept = tmp_path / "drifts.json"
    kept.write_text(damage)
    assert Drifts(kept, tmp_path / "web").of(folders)["v1"] == Drift(1, 0)
    assert json.loads(kept.read_text())["drifts"]["v1"]["symbols"] == 1
