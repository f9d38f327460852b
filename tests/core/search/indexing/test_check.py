"""Damage to the table or to one of its indices is seen, whichever file it is in."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gardener_core.code.workers import ReadingPool
from gardener_core.search.embedders.static import load_static
from gardener_core.search.indexing.check import problem_of
from gardener_core.search.indexing.update import refresh
from gardener_core.search.table import ChunkTable
from gardener_core.search.terms import terms_of_question
from gardener_core.store.project.catalog import Catalog

# In a process of its own: the library remembers what it read of a file.
CHECK = """
import sys
from pathlib import Path
from gardener_core.errors import IndexBroken
from gardener_core.search.indexing.check import problem_of
from gardener_core.search.table import ChunkTable
for folder in sys.argv[1:]:
    try:
        print(problem_of(ChunkTable.open(Path(folder))))
    except IndexBroken as broken:
        print(broken.what)
"""


@pytest.fixture
def index(tmp_path: Path) -> Path:
    root = tmp_path / "code"
    root.mkdir()
    for number in range(30):
        body = (f"def plum_{number}_{k}(tree):\n    return tree + {k}\n\n" for k in range(20))
        (root / f"m{number}.py").write_text("".join(body))
    table = ChunkTable.open_or_create(tmp_path / "index", load_static())
    with ReadingPool(root, 1) as pool:
        list(refresh(root, Catalog(tmp_path / "catalog.db"), table, load_static(), pool))
    assert problem_of(table) == ""
    return tmp_path / "index"


def damaged(index: Path, file: Path, copy: Path) -> Path:
    shutil.copytree(index, copy)
    path = copy / file.relative_to(index)
    size = path.stat().st_size
    with path.open("r+b") as opened:
        opened.seek(size // 4)
        opened.write(b"\xa5" * (size // 2))
    return copy


def test_damage_to_any_file_that_is_read_is_seen(index: Path, tmp_path: Path) -> None:
    manifests = sorted((index / "chunks.lance" / "_versions").iterdir())
    files = [manifests[0]]  # the newest one comes first
    files += sorted(path for path in index.rglob("*.lance") if path.is_file())
    assert len(files) > 10
    copies = [damaged(index, file, tmp_path / f"copy-{n}") for n, file in enumerate(files)]
    told = subprocess.run(
        [sys.executable, "-c", CHECK, *map(str, copies)], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    unseen = [file.name for file, problem in zip(files, told, strict=True) if not problem]
    assert not unseen


@pytest.mark.parametrize("letters", [62, 63, 64, 65, 200])
def test_a_word_of_any_length_is_found_and_no_damage(tmp_path: Path, letters: int) -> None:
    root = tmp_path / "code"
    root.mkdir()
    word = "q" * letters
    (root / "long.py").write_text(f"def {word}():\n    return 1\n")
    table = ChunkTable.open_or_create(tmp_path / "index", load_static())
    with ReadingPool(root, 1) as pool:
        list(refresh(root, Catalog(tmp_path / "catalog.db"), table, load_static(), pool))
    assert problem_of(table) == ""
    assert [hit["path"] for hit in table.by_words(terms_of_question(word), 5)] == ["long.py"]
