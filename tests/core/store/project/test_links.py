"""Callers and callees are read from the catalog."""

from pathlib import Path

import pytest
from support.plot import Plot

BASE = """
class Base:
    def __init__(self): ...
    def save_row(self): ...
class Heir(Base):
    def __init__(self): ...
    def save_row(self): ...
"""
USER = """
from base import Base, Heir
def use(base: Base, heir):
    base.save_row()
    heir.save_row()
    Heir().save_row()
def later():
    run(use)
"""


@pytest.fixture
def plot(tmp_path: Path) -> Plot:
    plot = Plot(tmp_path)
    plot.write({"base.py": BASE, "user.py": USER})
    plot.link()
    return plot


def test_callers_of_an_override_include_calls_through_its_base(plot: Plot) -> None:
    found = plot.catalog.links.callers("base.py", "Heir.save_row")
    assert [(each.line, each.to_symbol, each.grade) for each in found] == [
        (6, "Heir.save_row", "sure"), (4, "Base.save_row", "sure"), (5, "Base.save_row", "likely"),
    ]  # fmt: skip
    own = plot.catalog.links.callers("base.py", "Base.save_row")
    assert [each.line for each in own] == [4, 5]


def test_init_has_the_callers_of_its_class(plot: Plot) -> None:
    found = plot.catalog.links.callers("base.py", "Heir.__init__")
    assert [(each.symbol, each.line) for each in found] == [("use", 6)]


def test_callees_bases_and_subclasses(plot: Plot) -> None:
    links = plot.catalog.links
    assert [each.to_symbol for each in links.callees("user.py", "use")] == [
        "Base.save_row", "Base.save_row", "Heir", "Heir.save_row",
    ]  # fmt: skip
    (handed,) = links.callees("user.py", "later")
    assert (handed.to_symbol, handed.sort) == ("use", "passed")
    (base,) = links.bases("base.py", "Heir")
    assert (base.to_symbol, base.line) == ("Base", 5)
    assert [each.symbol for each in links.subclasses("base.py", "Base")] == ["Heir"]


def test_what_nobody_calls_has_no_callers(plot: Plot) -> None:
    assert plot.catalog.links.callers("user.py", "later") == []
    assert plot.catalog.links.callers("nix.py", "nix") == []
