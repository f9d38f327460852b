"""The table is compacted, tagged and cleaned up, and says so."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from gardener_core.code.workers import ReadingPool
from gardener_core.events.index import Settled
from gardener_core.search.embedders.static import load_static
from gardener_core.search.indexing.check import problem_of
from gardener_core.search.indexing.update import refresh
from gardener_core.search.search import search
from gardener_core.search.table import ChunkTable
from gardener_core.search.table_versions import CompactionPolicy
from gardener_core.store.project.catalog import Catalog

EMBEDDER = load_static()


@pytest.fixture
def table(tmp_path: Path) -> ChunkTable:
    return ChunkTable.open_or_create(tmp_path / "index", EMBEDDER)


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


@pytest.mark.long
def test_many_fragments_are_merged_and_an_event_says_so(table: ChunkTable, write) -> None:  # type: ignore[no-untyped-def]
    for number in itertools.count():
        events = write(f"m{number}.py", f"def f{number}():\n    return {number}\n")
        compacted = [event for event in events if isinstance(event, Settled)]
        if compacted:
            break
        assert number <= CompactionPolicy().max_fragments
    (event,) = compacted
    assert event.fragments_before == CompactionPolicy().max_fragments + 1 > event.fragments_after
    assert event.bytes_before > 0 and event.seconds > 0
    assert problem_of(table) == "" and table.count() == number + 1
    assert search(table, EMBEDDER, "f17", 1).hits[0].symbol == "f17"


def test_tagged_version_outlives_cleaning_up(
    table: ChunkTable,
    write,  # type: ignore[no-untyped-def]
) -> None:
    write("old.py", "def as_it_was():\n    return 1\n")
    table.versions.tag("adapter-v1")
    version = table.versions.tags()["adapter-v1"]
    at_once = CompactionPolicy(max_fragments=0, keep_for=timedelta(0))
    for number in range(3):
        write("old.py", f"def changed_{number}():\n    return 2\n")
        table.compact(at_once)
    versions = [entry["version"] for entry in table._table.list_versions()]
    assert version in versions
    assert problem_of(table) == "" and table.count() == 1
    table._table.checkout("adapter-v1")
    assert [row["name"] for row in table.rows_where(9, "true")] == ["as_it_was"]
    table._table.checkout_latest()
    table.versions.tag("adapter-v1")  # again: it moves
    assert table.versions.tags()["adapter-v1"] > version
    table.versions.untag("adapter-v1")
    assert table.versions.tags() == {}
    write("old.py", "def last():\n    return 3\n")
    table.compact(at_once)
    assert version not in [entry["version"] for entry in table._table.list_versions()]


def test_doubtful_files_alone_are_read_again(tmp_path: Path, table: ChunkTable, write) -> None:  # type: ignore[no-untyped-def]
    write("a.py", "def a():\n    return 1\n")
    write("b.py", "def b():\n    return 1\n")
    table.replace(["b.py"], [])  # as if the catalog had been written before the table
    done = write("c.py", "def c():\n    return 1\n")[-1]
    assert (done.files, done.changed, done.chunks) == (3, 2, 3)
    assert problem_of(table) == ""
