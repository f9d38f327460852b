"""Benchmark the answers of cards."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from gardener_core.answers.card.kinds import kind_of
from gardener_core.answers.requests import AskRequest
from gardener_core.code.files.listing import SourceText, read_file
from gardener_core.code.roles import role_of
from gardener_core.engine.client import Engine
from gardener_core.errors import EngineLost
from gardener_core.events.answer import Composed
from gardener_core.events.card_text import MOST_LINES, WIDTH, card_rows
from gardener_core.store.garden.projects import Project
from gardener_core.store.project.catalog import Catalog
from gardener_core.store.project.facts import Symbol
from gardener_core.upkeep.bench_project import Result

KINDS, ABSTENTION = "kinds.tsv", "abstention.tsv"
MOST_SYMBOLS = 60
RESULTS = 10
SHORTEST_NAME = 5
_ASKED = frozenset({"function", "method", "class", "interface", "struct"})
_MADE = (
    "what does {} do",
    "where is {} defined",
    "who calls {}",
    "how is {} tested",
    "what changed in {}",
    "how do I configure {}",
)
_INVENTED = ("QuantumLedgerAdapter", "reticulate_splines", "FluxCapacitor.engage", "zz_unheard_of")


@dataclass(slots=True)
class _Counts:
    """What was asked, what was right, how long it took."""

    seconds: list[float] = field(default_factory=list)
    citations: int = 0
    wrong: list[str] = field(default_factory=list)
    too_large: int = 0


def bench_kinds() -> Result:
    """How many of the written questions get their kind; these were not learned from."""
    rows = _rows(KINDS)
    right = sum(kind_of(text) == kind for kind, text in rows)
    return _share("kind right", right, len(rows))


def bench_answers(engine: Engine, catalog: Catalog, project: Project) -> Iterator[Result | str]:
    """Ask about symbols, about what is not there, and what is written about such a project."""
    counts = _Counts()
    asked, right = 0, 0
    _ask(engine, project, "what does this project do")  # opens table and catalog
    for at, symbol in enumerate(symbols_to_ask(catalog, MOST_SYMBOLS)):
        text = _MADE[at % len(_MADE)].format(symbol.symbol)
        card = _asked(engine, catalog, project, text, counts)
        asked += 1
        found = card.subject
        right += bool(found and (found.path, found.symbol) == (symbol.path, symbol.symbol))
    yield bench_kinds()
    yield _share("named symbol right", right, asked)
    silent = [
        _asked(engine, catalog, project, f"what does {name} do", counts).outcome
        for name in _INVENTED
    ]
    yield _share("invented names not found", silent.count("not_found"), len(silent))
    yield from _written(engine, catalog, project, counts)
    yield _share("citations wrong", len(counts.wrong), counts.citations)
    yield from counts.wrong
    yield _share("cards over 14 rows of 80", counts.too_large, len(counts.seconds))
    ordered = sorted(counts.seconds)
    yield _time("card, median", ordered, 0.5)
    yield _time("card, p95", ordered, 0.95)


def _written(
    engine: Engine, catalog: Catalog, project: Project, counts: _Counts
) -> Iterator[Result]:
    """The written questions about a project of this name, by what should come of them."""
    outcomes: dict[str, list[bool]] = {"answer": [], "silent": [], "near": []}
    for _, name, expected, text in _rows(ABSTENTION):
        if name == project.name:
            card = _asked(engine, catalog, project, text, counts)
            outcomes[expected].append(card.outcome != "not_found")
    answered, silent, near = outcomes["answer"], outcomes["silent"], outcomes["near"]
    if answered:
        yield _share("wrongly silent", answered.count(False), len(answered))
    if silent:
        yield _share("wrongly answered", silent.count(True), len(silent))
    if near:
        yield _share("near misses answered", near.count(True), len(near))


def _asked(
    engine: Engine, catalog: Catalog, project: Project, text: str, counts: _Counts
) -> Composed:
    began = time.perf_counter()
    card = _ask(engine, project, text)
    counts.seconds.append(time.perf_counter() - began)
    rows = card_rows(card)
    lines = sum(1 for line in card.lines)
    counts.too_large += any(len(row) > WIDTH for row in rows) or lines > MOST_LINES
    counts.citations += sum(1 for line in card.lines if line.n)
    counts.wrong += wrong_citations(project.path, catalog, card)
    return card


def _ask(engine: Engine, project: Project, text: str) -> Composed:
    for event in engine.answer(AskRequest(project.id, text, RESULTS)):
        if isinstance(event, Composed):
            return event
    raise EngineLost("The answer ended without a card.", hint="Try again.")


def wrong_citations(root: Path, catalog: Catalog, card: Composed) -> list[str]:
    """The citations whose file, lines or symbol are not there, each with what is wrong."""
    found = []
    for line in card.lines:
        if not line.n:
            continue
        place = f"{line.path}:{line.start_line}-{line.end_line} {line.symbol}"
        source = read_file(root, line.path, anyway=True)
        if not isinstance(source, SourceText):
            found.append(f"{place}: {source.reason}")
            continue
        lines = source.text.splitlines()
        if not 1 <= line.start_line <= line.end_line <= max(len(lines), 1):
            found.append(f"{place}: the file has {len(lines)} lines")
        elif line.symbol and _is_as_indexed(root, catalog, line.path):
            quoted = "\n".join(lines[line.start_line - 1 : line.end_line])
            name = line.symbol.rpartition(".")[2]
            inside = _is_inside(catalog.symbols.of_file(line.path), line.symbol, line.start_line)
            if name not in quoted and not inside:
                found.append(f"{place}: the lines are not of this symbol")
    return found


def _is_as_indexed(root: Path, catalog: Catalog, path: str) -> bool:
    """Whether the symbols of the index have the lines that the file has now."""
    return (root / path).lstat().st_mtime_ns == catalog.changed_ns(path)


def _is_inside(symbols: Sequence[Symbol], symbol: str, line: int) -> bool:
    """Whether a line is in a symbol, or in the decorators and comments right above it."""
    if any(item.symbol == symbol and item.line <= line <= item.last_line for item in symbols):
        return True
    below = [item for item in symbols if item.line > line]
    return bool(below) and min(below, key=lambda item: item.line).symbol == symbol


def symbols_to_ask(catalog: Catalog, most: int) -> list[Symbol]:
    """Symbols with a whole name of their own, spread over the project."""
    every = [
        item
        for kind in sorted(_ASKED)
        for item in catalog.symbols.of_kind(kind)
        if role_of(item.path) == "code" and len(item.name) >= SHORTEST_NAME
    ]
    names = [item.symbol for item in every]
    once = [item for item in every if names.count(item.symbol) == 1]
    every_nth = max(1, len(once) // most)
    return once[::every_nth][:most]


def _rows(name: str) -> list[list[str]]:
    text = files("gardener_core.upkeep").joinpath(f"data/{name}").read_text("utf-8")
    return [line.split("\t") for line in text.splitlines()]


def _share(name: str, count: int, of: int) -> Result:
    value = round(count / of, 4) if of else 0.0
    return Result(name, value, "share", of, value, value)


def _time(name: str, ordered: Sequence[float], at: float) -> Result:
    value = ordered[min(len(ordered) - 1, int(at * len(ordered)))] * 1000
    low, high = ordered[0] * 1000, ordered[-1] * 1000
    return Result(name, round(value, 1), "ms", len(ordered), round(low, 1), round(high, 1))
