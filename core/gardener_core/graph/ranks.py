"""Rank the symbols of a project by who refers to them."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from math import sqrt
from typing import TypeVar

from gardener_core.code.parsing.symbols import SECTIONS
from gardener_core.code.roles import role_of
from gardener_core.store.project.mentions import Node
from gardener_core.store.project.ranks import Graph, SymbolRanks, SymbolRow, Uses

RULES = "rules 2"  # named anew whenever one of the numbers below changes
FOLLOWED = 0.6  # the share of walks that go on from where they are
AMONG_SIBLINGS = 0.3  # methods of one class that call each other
TO_OWNER = 0.5  # who uses a method uses its class
PRIVATE = 0.4
PUBLIC = 3.0  # what the front file of a package hands on
STARTS: Mapping[str, float] = {"code": 1.0, "test": 0.1, "example": 0.2, "stub": 0.2}
BUILT = 0.05
CROWDED = 0.25  # a symbol among 16 others in its file counts half of one that is alone
LEFT_ALONE = 1e-3  # walks go on until so little of them is still under way
_BUILT_FOLDER = "dist"  # what a packager made of the sources
_FRONTS = frozenset({"__init__", "index", "mod", "lib"})

T = TypeVar("T", bound=Hashable)
Ways = Sequence[tuple[T, float]]


def walk(
    start: Mapping[T, float], onward: Callable[[T], Ways[T]], least: float = 0.0
) -> dict[T, float]:
    """PageRank: the share of steps of all walks that are at each place.

    A walk begins at a place with its share of `start`, goes on with a chance of FOLLOWED, and ends
    else. Amounts below `least` of the whole go no further.
    """
    whole = sum(start.values())
    at: defaultdict[T, float] = defaultdict(float)
    moving: Mapping[T, float] = start
    while sum(moving.values()) > LEFT_ALONE * whole:
        after: defaultdict[T, float] = defaultdict(float)
        for place, amount in moving.items():
            at[place] += amount
            if amount >= least * whole:
                going = FOLLOWED * amount
                for other, share in onward(place):
                    after[other] += share * going
        moving = after
    for place, amount in moving.items():
        at[place] += amount
    total = sum(at.values())
    return {place: amount / total for place, amount in at.items()} if total else {}


def ways_from(node: Node, uses: Uses) -> list[tuple[Node, float]]:
    """Where walks go on from a symbol, with shares of one: what it uses, and whom it belongs to."""
    file, symbol = node
    owner = symbol.rpartition(".")[0]
    if not uses:
        return [((file, owner), 1.0)] if owner else []
    strengths: dict[Node, float] = {}
    for other, count in uses.items():
        sibling = owner and other[0] == file and other[1].rpartition(".")[0] == owner
        strengths[other] = sqrt(count) * (AMONG_SIBLINGS if sibling else 1.0)
    strengths.pop(node, None)
    if owner:
        up = (file, owner)
        used = sum(strengths.values())
        strengths[up] = strengths.get(up, 0.0) + TO_OWNER * (used or 1.0)
    total = sum(strengths.values())
    return [(other, strength / total) for other, strength in strengths.items()]


def rank(graph: Graph, left_out: frozenset[str]) -> SymbolRanks:
    """The rank of every symbol and every file; walks begin rarely in tests, never in constants."""
    ways: dict[Node, Ways[Node]] = {}

    def onward(node: Node) -> Ways[Node]:
        found = ways.get(node)
        if found is None:
            found = ways[node] = ways_from(node, graph.uses.get(node, {}))
        return found

    at = walk(starts(graph, left_out), onward)
    paths = dict(graph.files)
    shown = {file for file, path in paths.items() if path not in left_out}
    files: defaultdict[int, float] = defaultdict(float)
    for (file, _), amount in at.items():
        files[file] += amount
    rows: dict[int, float] = {}
    for item in graph.symbols:  # of several definitions of a symbol the first stands for all
        amount = at.pop((item.file, item.symbol), 0.0)
        if amount and item.file in shown:
            rows[item.row] = amount
    symbols = sorted(rows, key=lambda row: (-rows[row], row))
    ordered = sorted(files.keys() & shown, key=lambda file: (-files[file], paths[file]))
    return SymbolRanks(
        symbols, [rows[row] for row in symbols], ordered, [files[file] for file in ordered]
    )


def starts(graph: Graph, left_out: frozenset[str]) -> dict[Node, float]:
    """How often walks begin at each symbol."""
    paths = dict(graph.files)
    weights = {file: 0.0 if path in left_out else weight_of(path) for file, path in paths.items()}
    handed_on = {target for file, target in graph.imports if _is_front(paths.get(file, ""))}
    counts: defaultdict[int, int] = defaultdict(int)
    code = [item for item in graph.symbols if item.kind not in SECTIONS and item.kind != "constant"]
    for item in code:
        counts[item.file] += 1
    found: dict[Node, float] = {
        (file, ""): weight
        for file, weight in weights.items()
        if file in counts or (file, "") in graph.uses
    }
    each = {file: weights.get(file, 0.0) / counts[file] ** CROWDED for file in counts}
    for item in code:
        weight = each[item.file]
        if is_private(item, paths[item.file]):
            weight *= PRIVATE
        if (item.file, item.symbol.partition(".")[0]) in handed_on:
            weight *= PUBLIC
        found[item.file, item.symbol] = weight
    return {node: weight for node, weight in found.items() if weight}


def weight_of(path: str) -> float:
    """How much the code of a file counts, by its place and name."""
    if _BUILT_FOLDER in path.split("/")[:-1]:
        return BUILT
    return STARTS.get(role_of(path), 0.0)


def is_private(item: SymbolRow, path: str) -> bool:
    """Whether a name says that it is not for others."""
    if path.endswith(".go"):
        return item.name[:1].islower()
    if path.endswith(".rs"):  # what a trait asks for is as open as the trait
        return item.kind != "method" and not item.signature.startswith("pub")
    return item.name.startswith(("_", "#"))


def _is_front(path: str) -> bool:
    stem = path.rpartition("/")[2].partition(".")[0]
    return stem in _FRONTS and weight_of(path) == STARTS["code"]
