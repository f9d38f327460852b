"""Files are found as git would see them."""

import subprocess
from pathlib import Path

import pytest

from gardener_core.code.files.listing import SourceText, list_files, read_file
from gardener_core.code.files.survey import names_of, survey
from gardener_core.code.files.walk import walk
from gardener_core.errors import BadInput
from gardener_core.events.index import FilesRead, Surveyed
from gardener_core.events.parts import LanguageCount, LeftOut, SkippedFile

TREE = {
    ".gitignore": "*.log\n/build/\n!keep.log\nsub/secret/*\n!sub/secret/open.txt\n# comment\n",
    "main.py": "x = 1\n",
    "a.log": "",
    "keep.log": "",
    "build/out.txt": "",
    "deep/build/kept.txt": "",
    "deep/.gitignore": "*.tmp\n!important.tmp\nkept/\n",
    "deep/x.tmp": "",
    "deep/important.tmp": "",
    "deep/kept/no.txt": "",
    "deep/deeper/.gitignore": "!x.tmp\n*.txt\n",
    "deep/deeper/x.tmp": "",
    "deep/deeper/y.txt": "",
    "sub/secret/closed.txt": "",
    "sub/secret/open.txt": "",
    "name with 'quotes' é.py": "",
    "new\nline.py": "",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    for name, text in TREE.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", root, *arguments], check=True, capture_output=True)


def test_own_walk_equals_git(tree: Path) -> None:
    own = sorted(walk(tree, None, frozenset()).files)
    git(tree, "init")
    (tree / ".git" / "info" / "exclude").write_text("main.py\n")
    assert sorted({*own} - {"main.py"}) == list_files(tree)
    assert "keep.log" in own and "a.log" not in own and "deep/deeper/x.tmp" in own


def test_folder_that_an_outer_repository_ignores_is_read(tree: Path) -> None:
    git(tree, "init")
    assert list_files(tree / "build") == ["out.txt"]


def test_links_are_not_followed(tree: Path) -> None:
    (tree / "loop").symlink_to(tree)
    (tree / "link.py").symlink_to(tree / "main.py")
    assert not {"loop", "link.py", "loop/main.py"} & set(list_files(tree))


@pytest.mark.parametrize(
    ("name", "raw", "reason"),
    [
        ("x.bin", b"a\0b", "binary"),
        ("big.txt", b"line\n" * 250_000, "larger than 1 MB"),
        ("app.min.js", b"x" * 20_000, "lines too long to be written by hand"),
        (".env", b"KEY=1", "holds secrets"),
        ("server.pem", b"-----", "holds secrets"),
        ("gone.txt", None, "cannot be read: No such file or directory"),
    ],
)
def test_what_is_left_out_is_named(tmp_path: Path, name: str, raw: bytes, reason: str) -> None:
    if raw is not None:
        (tmp_path / name).write_bytes(raw)
    assert read_file(tmp_path, name) == SkippedFile(name, reason)


def test_text_that_is_not_utf8_is_read_as_latin1(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(b"caf\xe9\n")
    source = read_file(tmp_path, "x.txt")
    assert isinstance(source, SourceText)
    assert (source.text, source.encoding) == ("café\n", "latin-1")


def surveyed(root: Path) -> Surveyed:
    *_, last = survey(root)
    assert isinstance(last, Surveyed)
    return last


def test_survey_counts_files_lines_and_bytes_by_language(tree: Path) -> None:
    (tree / "more.py").write_text("a\nb\nno end")
    (tree / "page.md").write_text("# Page\n" * 10)
    (tree / "picture.bin").write_bytes(b"\0" * 10)
    (tree / "other.bin").write_bytes(b"\0" * 10)
    found = surveyed(tree)
    counted = {language.name: language for language in found.languages}
    assert counted["markdown"] == LanguageCount("markdown", 1, 10, 70)
    assert counted["python"] == LanguageCount("python", 4, 4, 16)
    assert names_of(found) == ("markdown", "python")  # by bytes
    assert found.files == len(list_files(tree)) - 2
    assert found.left_out == (LeftOut("binary", 2),)
    assert found.files == sum(language.files for language in found.languages)


def test_survey_tells_how_far_it_is(tmp_path: Path) -> None:
    for number in range(2500):
        (tmp_path / f"{number}.py").touch()
    told = [(event.done, event.total) for event in survey(tmp_path) if isinstance(event, FilesRead)]
    assert told == [(1000, 2500), (2000, 2500), (2500, 2500)]


def test_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        list_files(tmp_path / "nix")
