"""The table is folded, tagged and cleaned up, and says so."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from gardener_core.code.workers import ReadingPool
from gardener_core.events.index import Settled
from gardener_core.search import table as tables
from gardener_core.search.embedders.static import load_static
from gardener_core.search.indexing.check import problem_of
from gardener_core.search.indexing.update import refresh
from gardener_core.search.search import search
from gardener_core.search.table import MANY_FRAGMENTS, ChunkTable
from gardener_core.store.project.catalog import Catalog

EMBEDDER = load_static()


@pytest.fixture
def table(tmp_path: Path) -> ChunkTable:
    return ChunkTable.open_or_make(tmp_path / "index", EMBEDDER)


@pytest.fixture
def write(tmp_path: Path, table: ChunkTable) -> Iterator[object]:
    """Change one file and bring the table up to date."""
    root = tmp_path / "code"
    root.mkdir()
    catalog = Catalog(tmp_path / "catalog.db")
    with ReadingPool(root, 1) as pool:

        def put(name: str, text: str) -> list[object]:
            (root / name).write_text(text)
            return list(refresh(root, catalog, table, EMBEDDER, pool))

        yield put


def test_many_pieces_are_folded_and_what_it_did_is_told(table: ChunkTable, write) -> None:  # type: ignore[no-untyped-def]
    for number in itertools.count():
        events = write(f"m{number}.py", f"def f{number}():\n    return {number}\n")
        settled = [event for event in events if isinstance(event, Settled)]
        if settled:
            break
        assert number <= MANY_FRAGMENTS
    (told,) = settled
    assert told.fragments_before == MANY_FRAGMENTS + 1 > told.fragments_after
    assert told.bytes_before > 0 and told.seconds > 0
    assert problem_of(table) == "" and table.count() == number + 1
    assert search(table, EMBEDDER, "f17", 1).hits[0].symbol == "f17"


def test_tagged_version_outlives_cleaning_up(
    table: ChunkTable,
    write,  # type: ignore[no-untyped-def]
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write("old.py", "def as_it_was():\n    return 1\n")
    table.tag("adapter-v1")
    version = table.tags()["adapter-v1"]
    monkeypatch.setattr(tables, "KEPT_FOR", timedelta(0))
    monkeypatch.setattr(tables, "MANY_FRAGMENTS", 0)
    for number in range(3):
        write("old.py", f"def changed_{number}():\n    return 2\n")
    versions = [entry["version"] for entry in table._table.list_versions()]
    assert version in versions
    assert problem_of(table) == "" and table.count() == 1
    table._table.checkout("adapter-v1")
    assert [row["name"] for row in table.any_rows(9, "true")] == ["as_it_was"]
    table._table.checkout_latest()
    table.tag("adapter-v1")  # again: it moves
    assert table.tags()["adapter-v1"] > version
    table.untag("adapter-v1")
    assert table.tags() == {}
    write("old.py", "def last():\n    return 3\n")
    assert version not in [entry["version"] for entry in table._table.list_versions()]


def test_doubtful_files_alone_are_read_again(tmp_path: Path, table: ChunkTable, write) -> None:  # type: ignore[no-untyped-def]
    write("a.py", "def a():\n    return 1\n")
    write("b.py", "def b():\n    return 1\n")
    table.replace(["b.py"], [])  # as if the catalog had been written before the table
    done = write("c.py", "def c():\n    return 1\n")[-1]
    assert (done.files, done.changed, done.chunks) == (3, 2, 3)
    assert problem_of(table) == ""
