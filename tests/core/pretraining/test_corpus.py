"""The seedling learns from installed files of permissive packages, held-out ones excepted."""

from pathlib import Path, PurePosixPath

import pytest

import gardener_core
from gardener_core.pretraining.corpus import (
    HELD_OUT,
    SHARE_ALIKE,
    Package,
    SourceDocument,
    installed_corpus,
    may_be_used,
    packaged_corpus,
)


@pytest.mark.parametrize(
    "name",
    [
        "click/core.py",
        "typer/_click/core.py",
        "typer/main.py",
        "other/_click/core.py",
        "other/_rich.py",
        "pip/_vendor/requests/api.py",
        "pip/_vendor/rich/text.py",
        "pip/_vendor/idna/core.py",
        "setuptools/_vendor/packaging/tags.py",
        "something/vendored/yaml.py",
        "something/third_party/yaml.py",
        "deep/inside/it/httpx/_client.py",
        "httpx2/_client.py",
        "one_file/click.py",
        "gardener_core/atomic.py",
        "copied/gardener_tui/app.py",
        "Requests/api.py",
        "numpy/tests/basic.py",
        "numpy/test_basic.py",
        "numpy/conftest.py",
        "pathspec/util.py",
        "../elsewhere/fine.py",
    ],
)
def test_what_is_held_out_is_held_out_wherever_it_stands(name: str) -> None:
    assert not may_be_used(PurePosixPath(name))


@pytest.mark.parametrize(
    "name", ["torch/nn/functional.py", "networkx/algorithms/richclub.py", "mpmath/requesting.py"]
)
def test_other_code_may_be_eaten(name: str) -> None:
    assert may_be_used(PurePosixPath(name))


def test_this_environment_offers_food_but_nothing_held_out(corpus: list[SourceDocument]) -> None:
    own = Path(gardener_core.__file__).parent
    assert len(corpus) > 1000
    for file in corpus:
        assert own not in file.path.resolve().parents
        parts = {part.strip("_").removesuffix(".py") for part in file.name.split("/")}
        assert not parts & (HELD_OUT | SHARE_ALIKE), file.name
        assert "MPL" not in file.package.licence
        assert "GPL" not in file.package.licence


def test_the_order_does_not_follow_packages_and_is_the_same_each_time(
    corpus: list[SourceDocument],
) -> None:
    assert installed_corpus() == corpus
    assert len({file.package.name for file in corpus[:60]}) > 5


def test_only_files_that_a_permissive_package_lists_are_eaten(tmp_path: Path) -> None:
    install(tmp_path, "good", "MIT", "good/a.py", "good/tests/b.py", "../../outside.py")
    install(tmp_path, "shared", "MPL-2.0 AND MIT", "shared/a.py")
    install(tmp_path, "silent", "", "silent/a.py")
    install(tmp_path, "click", "BSD-3-Clause", "click/a.py")
    install(tmp_path, "typer", "MIT", "typer_helpers/a.py")
    install(tmp_path, "codebase-gardener", "Apache-2.0", "gardener_core/a.py", "editable_finder.py")
    (tmp_path / "good" / "unlisted.py").write_text("x = 1\n")

    assert [file.name for file in packaged_corpus(tmp_path)] == ["good/a.py"]
    assert next(packaged_corpus(tmp_path)).package == Package("good", "1.0", "MIT")


@pytest.mark.parametrize(
    ("content", "used"),
    [
        (b"x = 1\n" * 10, False),
        (b"x = 1\n" * 100, True),
        (b"x = 1\n" * 20_000, False),
        (b"\xff\xfe" * 400, False),
    ],
)
def test_only_texts_of_a_usual_size_are_read(tmp_path: Path, content: bytes, used: bool) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(content)
    text = SourceDocument(Package("p", "1", "MIT"), "a.py", path).read()
    assert text == (content.decode() if used else None)


def install(folder: Path, name: str, licence: str, *files: str) -> None:
    """Lay down a package as pip does."""
    about = folder / f"{name}-1.0.dist-info"
    about.mkdir()
    said = f"License-Expression: {licence}\n" if licence else ""
    (about / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n{said}")
    (about / "RECORD").write_text("".join(f"{file},,\n" for file in files))
    for file in files:
        if ".." not in file:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text("x = 1\n" * 100)
