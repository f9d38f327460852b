"""Ranks are PageRank, with weights that tell what matters."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from support.plot import Plot

from gardener_core.graph.ranks import FOLLOWED, edges_from, is_private, rank, walk
from gardener_core.store.database import Database
from gardener_core.store.migrations.project import PROJECT_STEPS
from gardener_core.store.project.ranks import SymbolRow


def edges(graph: Mapping[str, str]) -> dict[str, Sequence[tuple[str, float]]]:
    """Each place with the places it leads to in equal shares."""
    return {place: [(other, 1 / len(to)) for other in to] for place, to in graph.items()}


def pagerank(graph: Mapping[str, str], start: Mapping[str, float]) -> dict[str, float]:
    """The textbook's: a walk that ends, or finds no way, begins again."""
    ranks = dict(start)
    for _ in range(200):
        after = {place: (1 - FOLLOWED) * share for place, share in start.items()}
        for place, amount in ranks.items():
            outgoing = edges(graph)[place] or list(start.items())
            for other, share in outgoing:
                after[other] += FOLLOWED * share * amount
        ranks = after
    return ranks


@pytest.mark.parametrize(
    "graph",
    [
        {"a": "b", "b": "c", "c": ""},
        {"a": "bc", "b": "c", "c": "a", "d": "c"},
        {"a": "c", "b": "c", "c": "cd", "d": ""},
    ],
)
@pytest.mark.parametrize("first", [0.25, 0.85])
def test_walk_is_pagerank(graph: Mapping[str, str], first: float) -> None:
    rest = (1 - first) / (len(graph) - 1)
    start = {place: first if place == "a" else rest for place in graph}
    found = walk(start, edges(graph).__getitem__)
    assert found == pytest.approx(pagerank(graph, start), abs=2e-3)
    assert sum(found.values()) == pytest.approx(1.0)


def test_walk_of_a_chain_by_hand() -> None:
    found = walk({"a": 1.0}, edges({"a": "b", "b": ""}).__getitem__)
    assert found == pytest.approx({"a": 1 / (1 + FOLLOWED), "b": FOLLOWED / (1 + FOLLOWED)})


def test_small_amounts_go_no_further() -> None:
    wide = edges({"a": "bcdefghij", **{place: "z" for place in "bcdefghij"}, "z": ""})
    assert "z" in walk({"a": 1.0}, wide.__getitem__)
    assert "z" not in walk({"a": 1.0}, wide.__getitem__, least=0.1)


def test_uses_count_by_their_root_and_less_within_a_class() -> None:
    found = dict(edges_from((1, "A.f"), {(1, "g"): 1, (2, "i"): 4, (1, "A.k"): 1, (1, "A.f"): 9}))
    shares = {symbol: share for (_, symbol), share in found.items()}
    assert shares["i"] == pytest.approx(2 * shares["g"])
    assert shares["g"] > shares["A.k"] > 0
    assert shares["A"] > 0 and "A.f" not in shares
    assert sum(shares.values()) == pytest.approx(1.0)
    assert edges_from((1, "A.f"), {}) == [((1, "A"), 1.0)] and edges_from((1, "f"), {}) == []


def ranks_of(tmp_path: Path, files: dict[str, str], left_out: str = "") -> dict[str, float]:
    plot = Plot(tmp_path)
    plot.write(files)
    plot.link()
    maps = plot.catalog.maps
    found = rank(maps.graph(), frozenset({left_out} - {""}))
    known = maps.symbols(found.symbols)
    assert list(found.symbol_ranks) == sorted(found.symbol_ranks, reverse=True)
    return {
        f"{known[row].path}:{known[row].symbol}": amount
        for row, amount in zip(found.symbols, found.symbol_ranks, strict=True)
    }


CODE = "def used(): ...\ndef alone(): ...\ndef _own(): ...\nLIMIT = 3\n"


def test_sure_uses_count_more_than_likely_ones(tmp_path: Path) -> None:
    plot = Plot(tmp_path)
    plot.write({"m.py": "def f(): g()\ndef g(): ...\n", "n.py": "def h(): ...\n"})
    plot.link()
    ids = plot.catalog.maps.files()
    with Database(tmp_path / "catalog.db", PROJECT_STEPS).writing() as connection:
        row = (ids["m.py"], "f", ids["n.py"], "h", 1, "likely", "call")
        connection.execute("INSERT INTO links VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    expected = {(ids["m.py"], "g"): 1.0, (ids["n.py"], "h"): 0.5}
    with plot.catalog.maps.uses() as uses_of:
        assert uses_of((ids["m.py"], "f")) == expected
    assert plot.catalog.maps.graph().uses[ids["m.py"], "f"] == expected


MENTIONS = {
    "a/types.go": "package a\ntype Engine struct{}\ntype Only struct{}\n",
    "b/types.go": "package b\ntype Engine struct{}\n",
    "a/use.go": "package a\nfunc Run(e *Engine, o Only) {}\nfunc (e *Engine) Stop(x *Engine) {}\n",
    "c/use.go": "package c\nfunc Run(e *Engine, o a.Only) {}\n",
    "only.py": "class Solo: ...\ndef f(x: Only, y: 'Solo'): ...\n",
}


def test_types_in_signatures_are_likely_uses_where_the_name_is_plain(tmp_path: Path) -> None:
    plot = Plot(tmp_path)
    plot.write(MENTIONS)
    plot.link()
    ids = plot.catalog.maps.files()
    go, python = ids["a/types.go"], ids["only.py"]
    expected = {
        (ids["a/use.go"], "Run"): {(go, "Engine"): 0.5, (go, "Only"): 0.5},
        (ids["a/use.go"], "Engine.Stop"): {(go, "Engine"): 0.5},
        (ids["c/use.go"], "Run"): {(go, "Only"): 0.5},
        (python, "f"): {(python, "Solo"): 0.5},
    }
    assert plot.catalog.maps.graph().uses == expected
    with plot.catalog.maps.uses() as uses_of:
        assert {node: uses_of(node) for node in expected} == expected


def test_what_is_used_comes_first_and_what_is_private_last(tmp_path: Path) -> None:
    user = "from code import used\ndef user():\n    used()\n"
    found = ranks_of(tmp_path, {"code.py": CODE, "user.py": user})
    names = [key for key in found if key.startswith("code")]
    assert names == ["code.py:used", "code.py:alone", "code.py:_own"]  # a constant has no rank


def test_tests_count_little_and_are_last(tmp_path: Path) -> None:
    caller = "from code import {0}\ndef f():\n    {0}()\n"
    files = {
        "code.py": "def a(): ...\ndef b(): ...\n",
        "user.py": caller.format("a"),
        "tests/test_code.py": caller.format("b") + caller.format("b").replace("f()", "g()"),
    }
    found = ranks_of(tmp_path, files)
    assert found["code.py:a"] > found["code.py:b"] > found["tests/test_code.py:f"]


def test_what_a_package_hands_on_counts_more(tmp_path: Path) -> None:
    files = {"p/__init__.py": "from p.m import b\n", "p/m.py": "def a(): ...\ndef b(): ...\n"}
    found = ranks_of(tmp_path, files)
    assert found["p/m.py:b"] > 3 * found["p/m.py:a"]


def test_a_class_has_what_its_methods_have(tmp_path: Path) -> None:
    store = "class Store:\n    def save(self): ...\nclass Other: ...\n"
    user = "import store\ndef f(x: store.Store):\n    x.save()\n"
    found = ranks_of(tmp_path, {"store.py": store, "user.py": user})
    assert found["store.py:Store"] > found["store.py:Other"]


def test_left_out_files_neither_count_nor_show(tmp_path: Path) -> None:
    made = "from code import alone\ndef made():\n    alone()\n"
    files = {"code.py": CODE, "made.py": made}
    with_it, without = ranks_of(tmp_path / "a", files), ranks_of(tmp_path / "b", files, "made.py")
    assert with_it["code.py:alone"] > with_it["code.py:used"]
    assert without["code.py:alone"] == without["code.py:used"]
    assert not any(key.startswith("made") for key in without)


@pytest.mark.parametrize(
    ("path", "name", "kind", "signature", "private"),
    [
        ("m.py", "_f", "function", "def _f()", True),
        ("m.py", "f", "function", "def f()", False),
        ("m.js", "#f", "method", "#f()", True),
        ("m.go", "run", "function", "func run()", True),
        ("m.go", "Run", "function", "func Run()", False),
        ("m.rs", "run", "function", "fn run()", True),
        ("m.rs", "run", "function", "pub(crate) fn run()", False),
        ("m.rs", "poll", "method", "fn poll(self)", False),
    ],
)
def test_what_is_not_for_others(
    path: str, name: str, kind: str, signature: str, private: bool
) -> None:
    assert is_private(SymbolRow(1, 1, name, name, kind, signature), path) == private


def test_one_of_many_in_a_file_counts_less_than_one_alone(tmp_path: Path) -> None:
    many = "".join(f"def f{number}(): ...\n" for number in range(16))
    found = ranks_of(tmp_path, {"many.py": many, "one.py": "def alone(): ...\n"})
    assert found["one.py:alone"] == pytest.approx(2 * found["many.py:f0"])
