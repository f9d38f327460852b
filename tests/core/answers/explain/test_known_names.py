"""A name exists in the project, its language or its packages, or it is invented."""

import pytest
from support.asking import Shop
from support.engines import PROJECT
from support.shared import made_once

from gardener_core.answers.explain.known_names import KnownNames
from gardener_core.answers.explain.names import SaidName
from gardener_core.search.table import ChunkTable
from gardener_core.store.project.catalog import Catalog


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = made_once(tmp_path_factory, "shop-of-names", Shop)
    if not shop.places.catalog(PROJECT).exists():
        shop.index()
        site = shop.root / ".venv/lib/python3.11/site-packages/till"
        site.mkdir(parents=True)
        (site / "drawer.py").write_text("def open_drawer() -> None: ...\n")
    return shop


def names(shop: Shop, *languages: str) -> KnownNames:
    table = ChunkTable.open(shop.places.index(PROJECT))
    catalog = Catalog(shop.places.catalog(PROJECT))
    return KnownNames(shop.root, catalog, table.contents, languages)


REAL = """restock Shelf Shelf.restock room_left() shop.stock stock.Shelf self.items min() os
    os.environ.get shop.stock.LIMIT stock.py shop/stock.py ValueError test_stock.py
    open_drawer() isinstance() sum
    shelf.restock() gummed_printer item count Shelf().restock pathlib.Path"""
INVENTED = """restock_all() Shelf.unload stock.sell shop.run() ShelfManager os.frobnicate cellar()
    Shelf.sold delivery.restock stocks.py pack_items --sell-all"""


def said(word: str) -> SaidName:
    called = word.endswith("()")
    bare = word.removesuffix("()").replace("().", ".")
    return SaidName(bare.rpartition("/")[2], called)


@pytest.mark.parametrize("word", REAL.split())
def test_what_exists_is_not_accused(shop: Shop, word: str) -> None:
    assert names(shop, "python").knows(said(word))


@pytest.mark.parametrize("word", INVENTED.split())
def test_what_exists_nowhere_is_noticed(shop: Shop, word: str) -> None:
    assert not names(shop, "python").knows(said(word))


def test_what_was_read_is_known_and_unknown_languages_are_not_accused(shop: Shop) -> None:
    known = names(shop, "python", "markdown")
    assert known.judges and not known.knows(SaidName("sell_all", False))
    known = names(shop, "python")
    known.add_read("def sell_all(): ...")
    assert known.knows(SaidName("sell_all", False))
    cobol = names(shop, "python", "cobol")
    assert not cobol.judges and cobol.knows(SaidName("sell_all", True))
