"""Draw the map of a project, cut to a budget of tokens."""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gardener_core.code.files.history import recently_changed
from gardener_core.code.parsing.symbols import SECTIONS
from gardener_core.errors import IndexMissing, Remedy
from gardener_core.events.index import Hit
from gardener_core.graph.ranks import RULES, Edges, edges_from, rank, walk, weight_of
from gardener_core.store.garden.projects import Project
from gardener_core.store.project.catalog import Catalog
from gardener_core.store.project.facts import Symbol
from gardener_core.store.project.mentions import TYPE_KINDS, Node
from gardener_core.store.project.ranks import MapTable, SymbolRanks
from gardener_core.system.terminal_text import clean_line

# The fewest characters a token in maps of twelve projects in five languages: 3.15 to 4.18 with
# two vocabularies of 100,000 and 200,000 tokens. So a map takes the budget or a little less.
CHARACTERS_A_TOKEN = 3.1
LONGEST_SIGNATURE = 160
ASKED_SHARE = 0.7  # of all walks, those that begin at the hits of a question
RECENT_SHARE = 0.05  # of the others, those that begin in recently changed files
RECENT_SECONDS = 7 * 86_400
# Where more than this share of all files is new, the tree was only checked out recently.
MAX_RECENT_SHARE = 0.1
FEW_FILES = 5
MOST_RECENT = 10
LEAST_FOLLOWED = 1e-4
FEWEST_CANDIDATES = 2000  # more than fit, so that owners are among them
LEAST_TOKENS = 3  # in the shortest line


@dataclass(frozen=True, slots=True)
class MappedSymbol:
    """A symbol with its share of all walks along references."""

    symbol: str
    name: str
    kind: str
    line: int
    signature: str
    rank: float
    last_line: int = 0


@dataclass(frozen=True, slots=True)
class MappedFile:
    """A file, and those of its symbols that fit the budget, from top to bottom."""

    path: str
    rank: float
    symbols: tuple[MappedSymbol, ...]


@dataclass(frozen=True, slots=True)
class ProjectMap:
    """The files with the highest ranks first; a rank is a share of all walks.

    `tokens` is estimated from the number of characters in `text`. `recent` are the files that count
    more because they changed recently; `waiting` is the number of files whose links are not made.
    """

    files: tuple[MappedFile, ...]
    tokens: int
    recent: tuple[str, ...]
    waiting: int
    seconds: float
    note: str = ""
    remedy: Remedy | None = None

    @property
    def text(self) -> str:
        """The map as plain text, for a model or a pipe."""
        return "".join(
            f"{clean_line(file.path)}\n{''.join(map(_line, file.symbols))}" for file in self.files
        )


@dataclass(slots=True)
class _RankSum:
    """Ranks by row and by file, while walks with other beginnings are added."""

    table: MapTable
    symbols: dict[int, float]
    files: dict[int, float]
    left_out: frozenset[int]

    def add_walks(self, start: Mapping[Node, float], share: float) -> None:
        """Let a share of all walks begin here."""
        edges: dict[Node, Edges[Node]] = {}
        with self.table.uses() as uses_of:

            def edges_of(node: Node) -> Edges[Node]:
                if node not in edges:
                    edges[node] = edges_from(node, uses_of(node))
                return edges[node]

            at = walk(start, edges_of, LEAST_FOLLOWED)
        if not at:
            return
        rows = self.table.rows_of(node for node in at if node[1] and node[0] not in self.left_out)
        self.symbols = {row: amount * (1 - share) for row, amount in self.symbols.items()}
        self.files = {file: amount * (1 - share) for file, amount in self.files.items()}
        for node, amount in at.items():
            if node[0] in self.left_out:
                continue
            self.files[node[0]] = self.files.get(node[0], 0.0) + share * amount
            if node in rows:
                self.symbols[rows[node]] = self.symbols.get(rows[node], 0.0) + share * amount


def draw_map(
    catalog: Catalog,
    project: Project,
    tokens: int,
    hits: Sequence[Hit] = (),
    now: Callable[[], float] = time.time,
) -> ProjectMap:
    """The map within a budget, biased towards hits of a question and recent changes."""
    started = time.perf_counter()
    paths = catalog.maps.files()
    if not paths:
        raise IndexMissing(
            f"{project.name!r} cannot be mapped before it is indexed.",
            remedy=Remedy("index", project.name),
        )
    anyway = catalog.anyway()
    ranks = ranks_of(catalog)
    sums = _RankSum(
        table=catalog.maps,
        symbols=dict(zip(ranks.symbols, ranks.symbol_ranks, strict=True)),
        files=dict(zip(ranks.files, ranks.file_ranks, strict=True)),
        left_out=frozenset(paths[path] for path in anyway if path in paths),
    )
    recent_paths = _recently_changed(catalog, project, now())
    changed = {paths[path]: path for path in recent_paths if path in paths}
    recent = _starts_in_files(sums, changed)
    sums.add_walks(recent, RECENT_SHARE)
    sums.add_walks(_starts_at_hits(hits, paths), ASKED_SHARE)
    files, characters = _within_budget(
        sums, {number: path for path, number in paths.items()}, tokens
    )
    unlinked = catalog.sources.stale()
    return ProjectMap(
        files=files,
        tokens=round(characters / CHARACTERS_A_TOKEN),
        recent=tuple(dict.fromkeys(changed[file] for file, _ in recent)),
        waiting=unlinked,
        seconds=round(time.perf_counter() - started, 4),
        note=_note(unlinked, len(paths), files),
        remedy=Remedy("index", project.name) if files and unlinked else None,
    )


def ranks_of(catalog: Catalog) -> SymbolRanks:
    """The cached ranks, or new ones, which are cached then.

    Files that a rule would leave out, such as generated ones, are searched but have no ranks.
    """
    left_out = catalog.anyway()
    rules = f"{RULES}, without {' '.join(sorted(left_out))}" if left_out else RULES
    kept = catalog.maps.kept(rules)
    if kept is not None:
        return kept
    graph = catalog.maps.graph()
    ranks = rank(graph, left_out)
    catalog.maps.keep(rules, graph.number, ranks)
    return ranks


def _recently_changed(catalog: Catalog, project: Project, now: float) -> Sequence[str]:
    """The files that changed last, by their times or, where these tell nothing, by git."""
    since = int((now - RECENT_SECONDS) * 1e9)
    changed, known = catalog.changed_since(since)
    if len(changed) <= max(known * MAX_RECENT_SHARE, FEW_FILES) and len(changed) < known:
        return changed[:MOST_RECENT]
    return recently_changed(project.path)[:MOST_RECENT]


def _starts_in_files(sums: _RankSum, files: Mapping[int, str]) -> dict[Node, float]:
    """Beginnings in files, at each symbol in proportion to its rank."""
    found: dict[Node, float] = {}
    for file, path in files.items():
        own = {
            (file, symbol): sums.symbols.get(row, 0.0) for symbol, row in sums.table.rows_in(file)
        }
        whole = sum(own.values())
        weight = weight_of(path)
        found |= {node: weight * amount / whole for node, amount in own.items() if amount}
    return found


def _starts_at_hits(hits: Sequence[Hit], paths: Mapping[str, int]) -> dict[Node, float]:
    """Beginnings at the hits of a search, the first hits most."""
    found: defaultdict[Node, float] = defaultdict(float)
    for hit in hits:
        if hit.path in paths and hit.kind not in SECTIONS:
            found[paths[hit.path], hit.symbol] += weight_of(hit.path) / hit.rank
    return found


def _within_budget(
    sums: _RankSum, paths: Mapping[int, str], tokens: int
) -> tuple[tuple[MappedFile, ...], int]:
    """The symbols of the highest ranks that fit, and the characters that they take.

    A member brings its owner along.
    """
    ordered = sorted(sums.symbols, key=lambda row: (-sums.symbols[row], row))
    ordered = ordered[: max(FEWEST_CANDIDATES, tokens // LEAST_TOKENS)]
    known = sums.table.symbols(ordered)
    rows = {(item.path, item.symbol): row for row, item in known.items()}
    chosen: dict[int, MappedSymbol] = {}
    shown: defaultdict[str, list[MappedSymbol]] = defaultdict(list)
    characters = 0
    for row in ordered:
        path = known[row].path
        owner = rows.get((path, known[row].symbol.rpartition(".")[0]))
        new = {
            each: _mapped(known[each], sums.symbols[each])
            for each in (owner, row)
            if each is not None and each not in chosen
        }
        longer = len("".join(map(_line, new.values()))) + (
            0 if path in shown else len(clean_line(path)) + 1
        )
        if (characters + longer) / CHARACTERS_A_TOKEN > tokens:
            break
        characters += longer
        chosen |= new
        shown[path] += new.values()
    ranks = {paths[file]: amount for file, amount in sums.files.items()}
    files = (
        MappedFile(path, ranks.get(path, 0.0), tuple(sorted(items, key=lambda item: item.line)))
        for path, items in shown.items()
    )
    return tuple(sorted(files, key=lambda file: (-file.rank, file.path))), characters


def _mapped(item: Symbol, amount: float) -> MappedSymbol:
    words = item.signature
    if item.kind in TYPE_KINDS:
        words = words.partition(" {")[0]  # in Rust it holds the fields
    words = words.replace("( ", "(").replace(", )", ")").replace(" )", ")")
    if (words.startswith(item.name) and item.kind in TYPE_KINDS) or not words:
        words = f"{item.kind} {words or item.name}"  # in Go the kind stands before the name
    if len(words) > LONGEST_SIGNATURE:
        words = words[: LONGEST_SIGNATURE - 1] + "…"
    return MappedSymbol(item.symbol, item.name, item.kind, item.line, words, amount, item.last_line)


def _line(item: MappedSymbol) -> str:
    return f"{item.line:6} {'  ' * item.symbol.count('.')}{clean_line(item.signature)}\n"


def _note(unlinked: int, known: int, files: Sequence[MappedFile]) -> str:
    if not files:
        return "There is no code to map in it, or the budget has no room for one line."
    if unlinked:
        return (
            f"Links of {unlinked:,} of {known:,} files are yet to be made, so that ranks miss what "
            "these refer to."
        )
    return ""
