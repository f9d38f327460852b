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
FOLLOWED = 0.6  # the share of walks that take another step
AMONG_SIBLINGS = 0.3  # methods of one class that call each other
TO_OWNER = 0.5  # who uses a method uses its class
PRIVATE = 0.4
PUBLIC = 3.0  # what the front file of a package exports
STARTS: Mapping[str, float] = {"code": 1.0, "test": 0.1, "example": 0.2, "stub": 0.2}
BUILT = 0.05
CROWDED = 0.25  # a symbol among 16 others in its file counts half of one that is alone
STILL_MOVING = 1e-3  # walks end when so little of them is still under way
_BUILT_FOLDER = "dist"  # built from the sources by a packager
_FRONTS = frozenset({"__init__", "index", "mod", "lib"})

T = TypeVar("T", bound=Hashable)
Edges = Sequence[tuple[T, float]]


def walk(
    start: Mapping[T, float], edges_of: Callable[[T], Edges[T]], least: float = 0.0
) -> dict[T, float]:
    """PageRank: the share of all walks' steps that is at each node.

    A walk begins at a node with its share of `start`, takes another step with a probability of
    FOLLOWED, else it ends. Amounts below `least` of the whole go no further.
    """
    whole = sum(start.values())
    at: defaultdict[T, float] = defaultdict(float)
    moving: Mapping[T, float] = start
    while sum(moving.values()) > STILL_MOVING * whole:
        after: defaultdict[T, float] = defaultdict(float)
        for place, amount in moving.items():
            at[place] += amount
            if amount >= least * whole:
                passed_on = FOLLOWED * amount
                for other, share in edges_of(place):
                    after[other] += share * passed_on
        moving = after
    for place, amount in moving.items():
        at[place] += amount
    total = sum(at.values())
    return {place: amount / total for place, amount in at.items()} if total else {}


def edges_from(node: Node, uses: Uses) -> list[tuple[Node, float]]:
    """The edges from a symbol, weights adding up to one: to what it uses, and to its owner."""
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
    """Rank every symbol and file; few walks begin in tests, none in constants."""
    edges: dict[Node, Edges[Node]] = {}

    def edges_of(node: Node) -> Edges[Node]:
        found = edges.get(node)
        if found is None:
            found = edges[node] = edges_from(node, graph.uses.get(node, {}))
        return found

    at = walk(starts(graph, left_out), edges_of)
    paths = dict(graph.files)
    shown = {file for file, path in paths.items() if path not in left_out}
    files: defaultdict[int, float] = defaultdict(float)
    for (file, _), amount in at.items():
        files[file] += amount
    rows: dict[int, float] = {}
    for item in graph.symbols:  # of several definitions of a symbol the first counts
        amount = at.pop((item.file, item.symbol), 0.0)
        if amount and item.file in shown:
            rows[item.row] = amount
    symbols = sorted(rows, key=lambda row: (-rows[row], row))
    ordered = sorted(files.keys() & shown, key=lambda file: (-files[file], paths[file]))
    return SymbolRanks(
        symbols, [rows[row] for row in symbols], ordered, [files[file] for file in ordered]
    )


def starts(graph: Graph, left_out: frozenset[str]) -> dict[Node, float]:
    """The weight of each symbol as the beginning of walks."""
    paths = dict(graph.files)
    weights = {file: 0.0 if path in left_out else weight_of(path) for file, path in paths.items()}
    exported = {target for file, target in graph.imports if _is_front(paths.get(file, ""))}
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
        if (item.file, item.symbol.partition(".")[0]) in exported:
            weight *= PUBLIC
        found[item.file, item.symbol] = weight
    return {node: weight for node, weight in found.items() if weight}


def weight_of(path: str) -> float:
    """How much the code of a file counts, by its path."""
    if _BUILT_FOLDER in path.split("/")[:-1]:
        return BUILT
    return STARTS.get(role_of(path), 0.0)


def is_private(item: SymbolRow, path: str) -> bool:
    """Whether a name is private by the conventions of its language."""
    if path.endswith(".go"):
        return item.name[:1].islower()
    if path.endswith(".rs"):  # a method of a trait is as public as the trait
        return item.kind != "method" and not item.signature.startswith("pub")
    return item.name.startswith(("_", "#"))


def _is_front(path: str) -> bool:
    stem = path.rpartition("/")[2].partition(".")[0]
    return stem in _FRONTS and weight_of(path) == STARTS["code"]
