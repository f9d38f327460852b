"""A project's catalog stores symbols, links and configuration points."""

from pathlib import Path

import pytest

from gardener_core.store.database import Database
from gardener_core.store.migrations.project import PROJECT_STEPS
from gardener_core.store.project.catalog import Catalog, KnownFile
from gardener_core.store.project.facts import ConfigurationPoint, FileFacts, Symbol


def known(path: str, skipped: str = "") -> KnownFile:
    return KnownFile(path, 10, 5, "hash", 1, skipped)


def facts(path: str, *names: str) -> FileFacts:
    symbols = tuple(
        Symbol(path, name, name.rpartition(".")[2], "function", line, line, f"def {name}()")
        for line, name in enumerate(names, start=1)
    )
    points = (ConfigurationPoint(path, f"{names[0].upper()}_PATH", "environment", 1, "'/tmp'"),)
    return FileFacts(path, "python", symbols, points, b"outline", b"uses")


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    catalog = Catalog(tmp_path / "catalog.db")
    catalog.keep(
        [known("a.py"), known("b.py")],
        facts=[facts("a.py", "read", "Store.read"), facts("b.py", "read", "write")],
    )
    return catalog


def test_symbols_are_found_by_name_file_line_and_beginning(catalog: Catalog) -> None:
    assert [(s.path, s.symbol) for s in catalog.symbols.named("read")] == [
        ("a.py", "read"), ("a.py", "Store.read"), ("b.py", "read"),
    ]  # fmt: skip
    assert [s.symbol for s in catalog.symbols.named("Store.read")] == ["Store.read"]
    assert [s.symbol for s in catalog.symbols.of_file("b.py")] == ["read", "write"]
    around = catalog.symbols.around("b.py", 2)
    assert around is not None and around.symbol == "write"
    assert catalog.symbols.around("b.py", 9) is None
    assert [s.symbol for s in catalog.symbols.beginning("WR")] == ["write"]
    assert catalog.symbols.beginning("%") == []


def test_knobs_are_found_by_a_part_of_their_name(catalog: Catalog) -> None:
    assert [(k.path, k.name, k.default) for k in catalog.configuration.holding("path")] == [
        ("a.py", "READ_PATH", "'/tmp'"), ("b.py", "READ_PATH", "'/tmp'"),
    ]  # fmt: skip
    assert catalog.configuration.holding("_") == catalog.configuration.holding()
    assert catalog.configuration.holding("x_y") == []


def test_new_facts_take_the_place_of_the_old(catalog: Catalog) -> None:
    catalog.keep([known("a.py")], facts=[facts("a.py", "other")])
    assert [s.symbol for s in catalog.symbols.of_file("a.py")] == ["other"]
    assert [k.name for k in catalog.configuration.holding("")] == ["OTHER_PATH", "READ_PATH"]


@pytest.mark.parametrize("how", ["gone", "skipped", "cleared"])
def test_facts_leave_with_their_file(catalog: Catalog, how: str) -> None:
    if how == "gone":
        catalog.keep([], ["a.py"])
    elif how == "skipped":
        catalog.keep([known("a.py", skipped="binary")])
    else:
        catalog.clear()
    assert catalog.symbols.of_file("a.py") == []
    assert all(point.path != "a.py" for point in catalog.configuration.holding())
    assert catalog.symbols.count() == (0 if how == "cleared" else 2)


def test_catalog_of_an_earlier_version_has_every_file_read_again(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    with Database(path, PROJECT_STEPS[:2]).writing() as connection:
        connection.execute("INSERT INTO files VALUES ('a.py', 10, 5, 'hash', 1, '', '[]')")
    file = Catalog(path).files()["a.py"]
    assert file.hash == "hash" and file.changed_ns != 5


def test_links_of_an_earlier_version_are_made_again(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    with Database(path, PROJECT_STEPS[:4]).writing() as connection:
        connection.execute(
            "INSERT INTO sources VALUES (1, 'a.py', 'python', x'', x'', NULL, x'', 'linked')"
        )
    assert Catalog(path).sources.stale() == 1
