"""A manifest finds files that are missing, cut short or changed."""

import json
import os
from pathlib import Path

from gardener_core.store.manifest import (
    MANIFEST,
    fault_in,
    length_problem,
    read_manifest,
    record_file,
    write_manifest,
)


def safetensors(path: Path, size: int = 8) -> Path:
    header = json.dumps({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(size))
    return path


def fault(folder: Path, name: str, *, thorough: bool = False) -> str:
    return fault_in(folder, name, read_manifest(folder).get(name), thorough=thorough)


def test_files_as_written_have_no_fault(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    write_manifest(tmp_path)
    (tmp_path / "b").write_bytes(b"later")
    record_file(tmp_path, "b")
    assert sorted(read_manifest(tmp_path)) == ["a", "b"]
    assert fault(tmp_path, "a", thorough=True) == fault(tmp_path, "b") == ""


def test_every_kind_of_damage_is_named(tmp_path: Path) -> None:
    for name in ("cut", "gone", "changed", "unseen"):
        (tmp_path / name).write_bytes(b"abc")
    write_manifest(tmp_path)
    (tmp_path / "cut").write_bytes(b"ab")
    (tmp_path / "gone").unlink()
    (tmp_path / "changed").write_bytes(b"abd")
    os.utime(tmp_path / "changed", ns=(1, 1))
    times = (tmp_path / "unseen").stat()
    (tmp_path / "unseen").write_bytes(b"abd")
    os.utime(tmp_path / "unseen", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert fault(tmp_path, "cut") == "cut has 2 of 3 bytes"
    assert fault(tmp_path, "gone") == "gone is missing"
    assert fault(tmp_path, "changed") == "changed is not as it was written"
    assert fault(tmp_path, "unseen") == "", "its size and its time are the recorded ones"
    assert fault(tmp_path, "unseen", thorough=True) == "unseen is not as it was written"


def test_an_unreadable_manifest_records_nothing(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text('{"a": 3}')
    assert read_manifest(tmp_path) == {} and read_manifest(tmp_path / "none") == {}


def test_a_safetensors_file_knows_its_own_length(tmp_path: Path) -> None:
    assert length_problem(safetensors(tmp_path / "w.safetensors")) == ""
    assert fault(tmp_path, "w.safetensors") == ""
    short = safetensors(tmp_path / "short.safetensors", 4)
    assert "bytes" in length_problem(short) and fault(tmp_path, short.name)
    (tmp_path / "odd").write_bytes(b"\xff" * 16)
    assert "does not start like" in length_problem(tmp_path / "odd")
    (tmp_path / "json").write_bytes((4).to_bytes(8, "little") + b"null")
    assert "header that cannot be read" in length_problem(tmp_path / "json")
    assert "cannot be read" in length_problem(tmp_path / "missing")
