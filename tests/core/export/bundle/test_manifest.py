"""A bundle is taken as it was written, or refused before a byte of it is used."""

import dataclasses
import json
import os
from pathlib import Path

import pytest

from gardener_core.errors import BadInput, Damaged, FromNewerVersion, GardenError
from gardener_core.export.bundle.manifest import (
    BUNDLE,
    Bundle,
    BundleFile,
    MemoryForecast,
    check_files,
    files_under,
    read_bundle,
    write_bundle,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "adapter").mkdir()
    (tmp_path / "adapter" / "a.gguf").write_bytes(b"a" * 5_000_000)
    (tmp_path / "m.gguf").write_bytes(b"model")
    files = tuple(files_under(tmp_path))
    memory = MemoryForecast(1000, 3)
    write_bundle(
        tmp_path,
        Bundle(
            1, "0", "now", "acme", "v2", "", "base", "ff", "m.gguf", "adapter/a.gguf", "m.gguf",
            "adapter", "", memory, files,
        ),
    )  # fmt: skip
    return tmp_path


def changed(folder: Path, **fields: object) -> Path:
    whole = json.loads((folder / BUNDLE).read_text())
    (folder / BUNDLE).write_text(json.dumps(whole | fields))
    return folder


def test_it_is_read_as_it_was_written_and_every_byte_is_checked(folder: Path) -> None:
    bundle = read_bundle(folder)
    assert [file.path for file in bundle.files] == ["adapter/a.gguf", "m.gguf"]
    assert bundle.memory.of(100) == 1300
    steps = list(check_files(folder, bundle.files))
    assert steps[-1] == (5_000_005, 5_000_005) and len(steps) == 3, "told as it goes on"


def damage_bytes(folder: Path) -> None:
    (folder / "m.gguf").write_bytes(b"other")


def damage_size(folder: Path) -> None:
    (folder / "m.gguf").write_bytes(b"model and more")


def damage_missing(folder: Path) -> None:
    (folder / "m.gguf").unlink()


def damage_link(folder: Path) -> None:
    os.rename(folder / "m.gguf", folder / "kept")
    (folder / "m.gguf").symlink_to(folder / "kept")


def damage_linked_folder(folder: Path) -> None:
    os.rename(folder / "adapter", folder.parent / f"{folder.name}-elsewhere")
    (folder / "adapter").symlink_to(folder.parent / f"{folder.name}-elsewhere")


def damage_kind(folder: Path) -> None:
    (folder / "m.gguf").unlink()
    os.mkfifo(folder / "m.gguf")


@pytest.mark.parametrize(
    "damage",
    [
        damage_bytes, damage_size, damage_missing, damage_link, damage_linked_folder, damage_kind,
    ],
)  # fmt: skip
def test_a_file_that_is_not_as_it_was_written_is_refused(folder: Path, damage) -> None:
    bundle = read_bundle(folder)
    damage(folder)
    with pytest.raises(Damaged):
        list(check_files(folder, bundle.files))


@pytest.mark.parametrize(
    "name", ["../m.gguf", "/etc/passwd", "a/../../b", "", "a\\b", "a\x1b[31m", "a//b", "x" * 999]
)
def test_a_path_that_leads_elsewhere_is_refused(folder: Path, name: str) -> None:
    files = [*read_bundle(folder).files, BundleFile(name, 1, "0")]
    with pytest.raises(Damaged, match="not taken"):
        read_bundle(changed(folder, files=[dataclasses.asdict(file) for file in files]))


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"format": 2}, FromNewerVersion),
        ({"model": "other.gguf"}, Damaged),
        ({"adapter": "../a.gguf"}, Damaged),
        ({"peft": "../../home"}, Damaged),
        ({"weights": "../base"}, Damaged),
        ({"index": "/"}, Damaged),
        ({"files": "all"}, Damaged),
        ({"files": [{"path": "m.gguf", "bytes": -1, "sha256": ""}]}, Damaged),
        ({"files": [{"path": "m.gguf", "bytes": 1, "sha256": ""}] * 2}, Damaged),
        ({"files": [{"path": "m.gguf", "bytes": 10**13, "sha256": ""}]}, Damaged),
        ({"memory": 5}, Damaged),
    ],
)
def test_a_list_that_says_something_odd_is_refused(
    folder: Path, fields: dict[str, object], error: type[GardenError]
) -> None:
    with pytest.raises(error):
        read_bundle(changed(folder, **fields))


def test_another_folder_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no bundle"):
        read_bundle(tmp_path)
    (tmp_path / BUNDLE).write_text("torn {")
    with pytest.raises(Damaged):
        read_bundle(tmp_path)
