"""The sections of a card, in the order that a question asks for."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal, assert_never

from gardener_core.answers.card.evidence import Evidence, is_code
from gardener_core.answers.card.lines.call_path import call_path
from gardener_core.answers.card.lines.calls import called_by, calls, namesakes
from gardener_core.answers.card.lines.changes import SymbolHistory, changed, start_history
from gardener_core.answers.card.lines.documents import documented_in
from gardener_core.answers.card.lines.files import files
from gardener_core.answers.card.lines.settings import configured_by, settings
from gardener_core.answers.card.lines.symbol import also, does, first_words, signature, where
from gardener_core.answers.card.lines.tests import (
    nearest_tests,
    run_command,
    test_files,
    tested_in,
)
from gardener_core.answers.card.question import Question
from gardener_core.answers.card.subject import Subjects
from gardener_core.events.answer import CardLine, QuestionKind
from gardener_core.events.index import Hit
from gardener_core.store.project.facts import Symbol

NEAREST = 3
RUNNERS_UP = 3
MOST_FILES = 9
MOST_SETTINGS = 6
MOST_CALLERS = 8
MOST_CHANGES = 4
MOST_TESTS = 5
Lines = list[CardLine]
Part = Literal[
    "where", "also", "does", "signature", "called_by", "namesakes", "calls", "tests",
    "configured", "changed", "documents", "settings", "files", "path",
]  # fmt: skip
# Every card has these; the kind of the question puts others, or some of these, before them.
USUAL: tuple[Part, ...] = (
    "where", "also", "does", "signature", "called_by", "calls", "tests", "configured", "changed",
    "documents",
)  # fmt: skip
FIRST: Mapping[QuestionKind, tuple[Part, ...]] = {
    "where": (),
    "does": ("does", "where"),
    "callers": ("called_by", "where", "namesakes"),
    "config": ("settings", "configured", "documents"),
    "files": ("files",),
    "changed": ("changed", "where"),
    "test": ("tests", "where"),
    "path": ("path",),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the sections of one card have in common."""

    question: Question
    subjects: Subjects
    evidence: Evidence
    rarities: Mapping[str, float]


def sections(known: Known) -> list[Lines]:
    """The lines of each section, in the order of the kind; it leaves none out."""
    symbol = known.subjects.symbol
    if symbol is None:
        return _without_symbol(known)
    with ThreadPoolExecutor(1) as pool:
        history = start_history(symbol, known.evidence, pool)
        kind = known.question.kind
        parts = list(dict.fromkeys([*FIRST[kind], *USUAL]))
        found: dict[Part, Lines] = {part: _lines(part, known, symbol) for part in parts}
        most = MOST_CHANGES if kind == "changed" else 1
        found["changed"] = changed(known.question, symbol, history.result(), known.evidence, most)
    if found.get("path"):
        found["where"] = []  # where it begins stands in the path
    return [found[part] for part in parts if found[part]]


def _lines(part: Part, known: Known, symbol: Symbol) -> Lines:
    """The lines of a section about a symbol, more of them where that was asked."""
    question, evidence = known.question, known.evidence
    kind = question.kind
    match part:
        case "where":
            return [where(symbol, evidence)]
        case "also":
            return [] if known.subjects.is_named else _runners_up(symbol, evidence)
        case "does":
            return does(symbol, evidence, kind == "does")
        case "signature":
            return signature(symbol, evidence)
        case "called_by":
            asked = kind == "callers"
            return called_by(symbol, evidence, MOST_CALLERS if asked else 2, asked)
        case "namesakes":
            return _others(known, symbol)
        case "calls":
            return calls(symbol, evidence)
        case "tests":
            return _tests(known, symbol) if kind == "test" else tested_in(symbol, evidence, 1)
        case "configured":
            return configured_by(symbol, evidence)
        case "documents":
            return documented_in(question, evidence, known.rarities, 2 if kind == "config" else 1)
        case "settings" | "files":
            return _listed(part, known)
        case "path":
            return call_path(known.subjects, evidence)
        case "changed":
            return []  # made last, when git has answered
        case _ as never:
            assert_never(never)


def _listed(part: Literal["settings", "files"], known: Known) -> Lines:
    """The settings or the files that fit a question, whatever symbol it is about."""
    question, evidence = known.question, known.evidence
    if part == "files":
        return files(question, evidence, known.rarities, MOST_FILES)
    return settings(question, known.subjects, evidence, known.rarities, MOST_SETTINGS)


def _without_symbol(known: Known) -> list[Lines]:
    """A card of documents and hits, where no hit is a symbol."""
    question, evidence = known.question, known.evidence
    found: list[Lines] = []
    if question.kind == "files":
        found.append(_listed("files", known))
    if question.kind == "config":
        found.append(_listed("settings", known))
    if question.kind == "test":
        found.append(nearest_tests(evidence, NEAREST))
    found.append([place("where", evidence.hits[0], evidence)])
    found.append(documented_in(question, evidence, known.rarities, 2))
    found.append(changed(question, None, SymbolHistory(), evidence, 2))
    return [lines for lines in found if lines]


def _tests(known: Known, symbol: Symbol) -> Lines:
    question, evidence = known.question, known.evidence
    topic = [] if known.subjects.is_named else test_files(question, evidence)
    if topic:
        lines = [*topic[:NEAREST], *nearest_tests(evidence, NEAREST)]
    else:
        near = nearest_tests(evidence, MOST_TESTS)
        own = tested_in(symbol, evidence, MOST_TESTS)
        lines = own if known.subjects.is_named or not near else near
        if known.subjects.is_named and own[0].absent:
            lines = [*own, *near[:NEAREST]]
    first = next((line for line in lines if line.n), None)
    return [*lines, *(run_command(first) if first else [])]


def _others(known: Known, symbol: Symbol) -> Lines:
    """Other symbols of the name that was asked for."""
    for named in known.subjects.named:
        if symbol in named.symbols and "." not in named.name.word:
            return namesakes(named.symbols, symbol, known.evidence, 2)
    return []


def _runners_up(symbol: Symbol, evidence: Evidence) -> Lines:
    others = {hit.symbol: hit for hit in reversed(evidence.code_hits) if hit.symbol}
    others.pop(symbol.symbol, None)
    ordered = sorted(others.values(), key=lambda hit: hit.rank)
    return [also(hit, evidence) for hit in ordered[:RUNNERS_UP]]


def place(label: Literal["where", "nearest"], hit: Hit, evidence: Evidence) -> CardLine:
    """The place of a hit."""
    text = hit.symbol or first_words(hit.text) or hit.path
    symbol = hit.symbol if is_code(hit) else ""
    return evidence.cite(label, text, hit.path, hit.start_line, hit.end_line, symbol)


def nearest(evidence: Evidence) -> Lines:
    """The best hits, code before tests and documents."""
    hits = list({hit.rank: hit for hit in [*evidence.code_hits, *evidence.hits]}.values())
    return [place("nearest", hit, evidence) for hit in hits[:NEAREST]]
