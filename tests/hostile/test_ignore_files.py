"""An ignore file may contain or be anything."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gardener_core.code.files.listing import find_files, list_files
from gardener_core.code.files.survey import survey
from gardener_core.code.secrets.detection import ALLOWED_FILE, Allowed
from gardener_core.events.index import Surveyed
from gardener_core.events.parts import SkippedFile

IGNORE_FILES = (".gitignore", ".gardenerignore")
A_SECOND = 1.0


def _pipe(place: Path) -> None:
    os.mkfifo(place)


def _endless(place: Path) -> None:
    place.symlink_to("/dev/zero")


def _outside(place: Path) -> None:
    other = place.parent.parent / "other"
    other.write_text("*.py\n")
    place.symlink_to(other)


def _folder(place: Path) -> None:
    place.mkdir()


def _huge(place: Path) -> None:
    with place.open("wb") as file:
        file.truncate(1 << 40)  # a terabyte that takes no room


ODD: list[tuple[Callable[[Path], None], str]] = [
    (_pipe, "not a regular file"),
    (_endless, "a link, which is not followed"),
    (_outside, "a link, which is not followed"),
    (_folder, "not a regular file"),
    (_huge, "larger than 1 MB"),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "web"
    root.mkdir()
    (root / "a.py").write_text("x = 1\n")
    return root


@pytest.mark.parametrize("name", IGNORE_FILES)
@pytest.mark.parametrize(("make", "reason"), ODD, ids=lambda value: getattr(value, "__name__", ""))
def test_what_is_no_plain_file_has_no_effect_and_is_told(
    root: Path, name: str, make: Callable[[Path], None], reason: str
) -> None:
    make(root / name)
    began = time.monotonic()
    found = find_files(root)
    assert "a.py" in found.paths
    assert SkippedFile(name, f"has no effect: {reason}") in found.unreadable
    assert time.monotonic() - began < A_SECOND


@pytest.mark.parametrize(("make", "reason"), ODD, ids=lambda value: getattr(value, "__name__", ""))
def test_list_of_shown_secrets_that_is_no_plain_file_shows_none(
    root: Path, make: Callable[[Path], None], reason: str
) -> None:
    make(root / ALLOWED_FILE)
    began = time.monotonic()
    assert Allowed.of_project(root).pairs == ()
    assert SkippedFile(ALLOWED_FILE, f"has no effect: {reason}") in find_files(root).unreadable
    assert time.monotonic() - began < A_SECOND


@pytest.mark.parametrize("name", IGNORE_FILES)
def test_bad_lines_are_named_with_their_number_and_the_rest_holds(root: Path, name: str) -> None:
    lines = [
        "*.log",
        "!",
        "\\",
        "/",
        "[z-a].txt",
        "[a",
        "[[:nix:]]",
        f"{'a' * 2000}",
        "*.tmp",
        "!b.tmp",
    ]
    (root / name).write_text("\n".join(lines))
    for other in ("x.log", "b.tmp", "c.tmp", "z.txt", "q.txt"):
        (root / other).touch()
    found = find_files(root)
    assert set(found.paths) == {name, "a.py", "b.tmp", "q.txt"}  # z stands in [z-a]
    assert found.unreadable == (
        SkippedFile(name, "line 2 has no effect: it names nothing"),
        SkippedFile(name, "line 3 has no effect: it ends in a lone backslash"),
        SkippedFile(name, "line 4 has no effect: it names nothing"),
        SkippedFile(name, "line 6 has no effect: a bracket is not closed"),
        SkippedFile(name, "line 7 has no effect: there is no class [:nix:]"),
        SkippedFile(name, "line 8 has no effect: it is longer than 1,000 letters"),
    )
    *_, told = survey(root)
    assert isinstance(told, Surveyed) and told.unreadable == found.unreadable


@pytest.mark.parametrize("name", IGNORE_FILES)
@pytest.mark.parametrize(
    "pattern",
    ["*a" * 100 + "b", "**/a" * 60 + "/b", "a**" * 100 + "/b", "?*" * 100 + "b",
     "*[a-z]*" * 60 + "Z",
     "/**/*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a/**/*a*a*a*a*a*a*a*a*a*a*a*a*b"],
)  # fmt: skip
def test_no_pattern_takes_long(root: Path, name: str, pattern: str) -> None:
    (root / name).write_text(f"{pattern}\n")
    deep = root.joinpath(*["a" * 60] * 12)
    deep.mkdir(parents=True)
    for number in range(100):
        (deep / f"{'a' * 200}{number:03}").touch()
    began = time.process_time()
    assert len(list_files(root)) == 102
    assert time.process_time() - began < A_SECOND


@pytest.mark.parametrize("name", IGNORE_FILES)
def test_no_number_of_rules_takes_long(root: Path, name: str) -> None:
    lines = [f"*a{number}*b" for number in range(40_000)]
    (root / name).write_text("\n".join([*lines, "*.log"]))
    for number in range(300):
        (root / f"{'a' * 100}{number}.py").touch()
    (root / "x.log").touch()
    began = time.process_time()
    found = find_files(root)
    assert "x.log" not in found.paths and len(found.paths) == 302
    assert len(found.unreadable) <= 25
    assert time.process_time() - began < 3 * A_SECOND
