"""Archives are downloaded and never installed; only the named data comes out of them."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.pulled import DATA, drain, entry_of
from support.wheels import as_index, write_wheel

from gardener_core.models.catalogue.entry import PackagePart, PackageSource
from gardener_core.models.sources.archives import copy_member
from gardener_core.models.sources.installers import download_command
from gardener_core.models.sources.package import PackageIndex
from gardener_core.models.sources.source import SourceFailed

HALF = len(DATA) // 2
PARTS = PackageSource(
    (PackagePart("tiny_one==1.0", "part1.bin"), PackagePart("tiny_two==1.0", ".bin"))
)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "index"
    folder.mkdir()
    for name, value in as_index(folder).items():
        monkeypatch.setenv(name, value)
    return folder


def test_parts_are_joined_and_nothing_is_installed(index: Path, box: Path) -> None:
    code = {"tiny_one/__init__.py": b"raise SystemExit", "../../evil.bin.py": b"x"}
    write_wheel(index, "tiny_one", {"tiny_one/part1.bin": DATA[:HALF], **code})
    write_wheel(index, "tiny_two", {"tiny_two/part2.bin": DATA[HALF:]})
    steps, (delivered,) = drain(PackageIndex(PARTS).fetch(entry_of(PARTS), box))
    assert delivered.path.read_bytes() == DATA
    assert steps[-1].done == len(DATA)
    assert sorted(path.name for path in box.iterdir()) == ["joined", "joined.json"]
    assert not list(Path(sys.prefix).glob("lib/python*/site-packages/tiny_one*"))


def test_parts_that_were_joined_are_not_fetched_again(index: Path, box: Path) -> None:
    write_wheel(index, "tiny_one", {"part1.bin": DATA[:HALF]})
    with pytest.raises(SourceFailed, match=r"tiny_two==1\.0: .*No matching distribution"):
        drain(PackageIndex(PARTS).fetch(entry_of(PARTS), box))
    (index / "tiny_one-1.0-py3-none-any.whl").unlink()
    write_wheel(index, "tiny_two", {"part2.bin": DATA[HALF:]})
    (box / "joined").write_bytes((box / "joined").read_bytes() + b"half of the next")
    _, (delivered,) = drain(PackageIndex(PARTS).fetch(entry_of(PARTS), box))
    assert delivered.path.read_bytes() == DATA


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({"a.bin": b"\0" * 50_000_000}, "unpacks to 50,000,000 bytes; at most 300,000 fit"),
        ({"a.bin": b"1", "b.bin": b"2"}, "has 2 files that end in .bin, not 1"),
        ({"a.txt": b"1"}, "has 0 files that end in .bin, not 1"),
    ],
)
def test_an_archive_that_is_not_as_named_is_refused(
    tmp_path: Path, members: dict[str, bytes], told: str
) -> None:
    archive = write_wheel(tmp_path, "tiny_one", members)
    out = tmp_path / "out"
    with out.open("wb") as file, pytest.raises(SourceFailed, match=told):
        list(copy_member(archive, ".bin", file, len(DATA)))
    assert out.stat().st_size <= len(DATA)


def test_a_size_that_lies_is_not_believed(tmp_path: Path) -> None:
    """A bomb says that it is small; unpacking ends where it says more than that."""
    archive = write_wheel(tmp_path, "tiny_one", {"a.bin": b"\0" * 5_000_000})
    data = archive.read_bytes().replace((5_000_000).to_bytes(4, "little"), b"\x05\0\0\0")
    archive.write_bytes(data)
    with (tmp_path / "out").open("wb") as file, pytest.raises(SourceFailed, match="unpack"):
        list(copy_member(archive, ".bin", file, 100))
    assert (tmp_path / "out").stat().st_size <= 100


def test_half_an_archive_is_refused(tmp_path: Path) -> None:
    archive = write_wheel(tmp_path, "tiny_one", {"a.bin": DATA})
    archive.write_bytes(archive.read_bytes()[:-500])
    with (tmp_path / "out").open("wb") as file, pytest.raises(SourceFailed, match="cannot be"):
        list(copy_member(archive, ".bin", file, len(DATA)))


def program(folder: Path) -> Callable[[str], None]:
    def write(name: str) -> None:
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)

    return write


def test_the_index_settings_of_a_user_of_uv_are_used(tmp_path: Path) -> None:
    """With pip in our own environment, pip reads its own settings; this is where there is none."""
    program(tmp_path)("uv")
    environment = {"PATH": str(tmp_path), "UV_DEFAULT_INDEX": "https://index.example/simple"}
    command = download_command("a==1", tmp_path, environment, has_pip=False)
    assert command[:6] == [str(tmp_path / "uv"), "tool", "run", "pip", "--index-url",
                           "https://index.example/simple"]  # fmt: skip
    assert command[-1] == "a==1" and "--no-deps" in command
    program(tmp_path)("pip3")
    assert download_command("a==1", tmp_path, environment, has_pip=False)[0].endswith("pip3")
    with pytest.raises(SourceFailed, match="neither pip nor uv"):
        download_command("a==1", tmp_path, {"PATH": str(tmp_path / "no")}, has_pip=False)
