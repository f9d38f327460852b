"""Links, pipes and odd names in a project are never followed."""

import os
import threading
from pathlib import Path

import pytest

from gardener_core.code.files.bounded import ProjectFolder
from gardener_core.code.files.history import recently_changed
from gardener_core.code.files.listing import SourceText, find_files, list_files, read_file
from gardener_core.code.files.survey import survey
from gardener_core.code.secrets.detection import Allowed
from gardener_core.errors import BadInput
from gardener_core.events.index import Surveyed
from gardener_core.events.parts import SkippedFile


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "web"
    (root / "src").mkdir(parents=True)
    (root / "src" / "a.py").write_text("x = 1\n")
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "a.py").write_text("secret = 1\n")
    return root


def test_folder_that_becomes_a_link_is_not_followed(root: Path) -> None:
    """Between the list and the look: what was listed then is not what is there now."""
    (path,) = list_files(root)
    (root / "src").rename(root / "old")
    (root / "src").symlink_to(root.parent / "private")
    read = read_file(root, path)
    assert isinstance(read, SkippedFile) and "cannot be read" in read.reason
    assert list_files(root) == ["old/a.py"]
    with ProjectFolder(root) as folder, pytest.raises(OSError, match=r"."):
        folder.stat_of(path)


@pytest.mark.parametrize(
    "path", ["../private/a.py", "/etc/passwd", "src/../../private/a.py", "", "."]
)
def test_path_that_leads_out_is_refused(root: Path, path: str) -> None:
    read = read_file(root, path)
    assert isinstance(read, SkippedFile) and "cannot be read" in read.reason


@pytest.mark.parametrize("target", ["/dev/zero", "/dev/stdin", "/proc/self/mem", "../private/a.py"])
def test_file_that_becomes_a_link_is_not_read(root: Path, target: str) -> None:
    (root / "src" / "a.py").unlink()
    (root / "src" / "a.py").symlink_to(target)
    assert read_file(root, "src/a.py") == SkippedFile(
        "src/a.py", "cannot be read: a link, which is not followed"
    )


def test_pipe_where_a_file_was_holds_nobody_up(root: Path) -> None:
    (root / "src" / "a.py").unlink()
    os.mkfifo(root / "src" / "a.py")
    assert read_file(root, "src/a.py") == SkippedFile(
        "src/a.py", "cannot be read: not a regular file"
    )


def test_swapping_while_it_is_read_never_shows_what_is_outside(root: Path) -> None:
    """A folder that is a link every other moment; whoever follows it once has lost."""
    over = threading.Event()
    link = root / "link"
    link.symlink_to(root.parent / "private")

    def swap() -> None:
        while not over.is_set():
            os.rename(root / "src", root / "kept")
            os.rename(link, root / "src")
            os.rename(root / "src", link)
            os.rename(root / "kept", root / "src")

    swapping = threading.Thread(target=swap)
    swapping.start()
    seen = set()
    try:
        for _ in range(3000):
            read = read_file(root, "src/a.py")
            seen.add(read.raw if isinstance(read, SourceText) else b"")
    finally:
        over.set()
        swapping.join()
    assert seen == {b"x = 1\n", b""}  # it was there at times, and at times not


def test_name_that_is_no_text_is_told_as_left_out(root: Path) -> None:
    with open(os.fsencode(root) + b"/caf\xe9.py", "w") as file:
        file.write("x = 1\n")
    os.mkdir(os.fsencode(root) + b"/d\xff")
    found = find_files(root)
    assert found.paths == ("src/a.py",)
    expected = (
        SkippedFile("caf\\xe9.py", "its name is not UTF-8"),
        SkippedFile("d\\xff", "its name is not UTF-8"),
    )
    assert found.unreadable == expected
    *_, told = survey(root)
    assert isinstance(told, Surveyed) and told.unreadable == expected


@pytest.mark.parametrize(
    "name", ["new\nline.py", "\x1b[31mred.py", "tab\t.py", "\x7f.py", "-rf.py", "a\\b.py"]
)
def test_odd_names_are_files_like_others(root: Path, name: str) -> None:
    (root / name).write_text("x = 1\n")
    assert name in list_files(root)
    assert isinstance(read_file(root, name), SourceText)


def test_folders_may_be_nested_as_deep_as_they_like(root: Path) -> None:
    top = os.open(root, os.O_RDONLY)
    for _ in range(400):  # deeper than paths are long that we would keep
        os.mkdir("deeper", dir_fd=top)
        inner = os.open("deeper", os.O_RDONLY, dir_fd=top)
        os.close(top)
        top = inner
    os.close(top)
    found = find_files(root)
    assert found.paths == ("src/a.py",)
    assert len(found.unreadable) == 1 and "deeper/deeper" in found.unreadable[0].path


def test_attributes_that_are_a_pipe_hold_nobody_up(root: Path) -> None:
    os.mkfifo(root / ".gitattributes")
    assert not find_files(root).is_safe_for_git
    assert recently_changed(root) == []


def test_folder_that_is_gone_or_closed_stops_nothing_else(root: Path) -> None:
    away = root.parent / "nix"
    assert recently_changed(away) == []
    assert isinstance(read_file(away, "a.py"), SkippedFile)
    assert Allowed.of_project(away).pairs == ()
    root.chmod(0)
    try:
        if os.getuid():  # root may read everything
            with pytest.raises(BadInput, match="cannot be read"):
                find_files(root)
            assert recently_changed(root) == []
    finally:
        root.chmod(0o700)


def test_folder_that_is_no_folder_is_told(root: Path) -> None:
    for place in (root / "src" / "a.py", root / "nix"):
        with pytest.raises(BadInput):
            find_files(place)
