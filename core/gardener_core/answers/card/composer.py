"""Compose the card of a question."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from gardener_core.answers.card.abstaining import Judge, Rarities, Verdict
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
from gardener_core.answers.card.subject import Subjects, find_subjects
from gardener_core.code.languages.table import language_of
from gardener_core.events.answer import CardLine, Composed
from gardener_core.events.card_text import MOST_LINES, rows_needed
from gardener_core.events.index import Hit
from gardener_core.events.parts import CodeSpan
from gardener_core.search.terms import terms_of_text
from gardener_core.store.project.facts import Symbol

NEAREST = 3
RUNNERS_UP = 2
MOST_MENTIONS = 6
LONGEST_MENTION = 120
LEAST_LACKING = 0.25  # of the weight of all words
MOST_FILES = 9
MOST_SETTINGS = 6
MOST_CALLERS = 8
MOST_CHANGES = 4
# Words that ask; that no line has them says nothing.
_ASKING = frozenset(
    terms_of_text(
        "depend depends rely relies variable variables env environment option options setting "
        "settings flag flags author version release affect affects changelog reason"
    )
)
Lines = list[CardLine]
Section = Callable[[], Lines]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the sections of one card have in common."""

    question: Question
    subjects: Subjects
    evidence: Evidence
    rarities: Mapping[str, float]


def compose(
    question: Question, evidence: Evidence, judge: Judge, counts: dict[str, int]
) -> Composed:
    """The card of a question, or what is nearest to it.

    `counts` are numbers of chunks with a term, kept by the caller while the table is unchanged.
    """
    started = time.perf_counter()
    rarities = Rarities(evidence, counts)
    subjects = find_subjects(question, evidence, rarities.of(question.terms))
    verdict = judge.verdict(question, subjects, evidence, rarities)
    known = _Known(question, subjects, evidence, rarities.of(question.terms))
    match verdict.outcome:
        case "answered":
            lines = _fitted(_sections(known))
        case "mentioned":
            lines = _mentions(verdict, evidence)
        case "not_found":
            lines = _nearest(evidence)
        case _ as never:
            assert_never(never)
    symbol = subjects.symbol if verdict.outcome == "answered" else None
    return Composed(
        lines=_numbered(lines),
        kind=question.kind,
        outcome=verdict.outcome,
        seconds=round(time.perf_counter() - started, 4),
        subject=_span(symbol) if symbol else None,
        unknown=verdict.unknown,
        lacking=_lacking(known, lines) if verdict.outcome == "answered" else (),
    )


def _sections(known: _Known) -> list[Lines]:
    """The lines of each section, in the order of the kind; none is ever left out by it."""
    symbol = known.subjects.symbol
    if symbol is None:
        return _without_symbol(known)
    with ThreadPoolExecutor(1) as pool:
        history = start_history(symbol, known.evidence, pool)
        sections = _in_order(known, symbol)
        found = {name: section() for name, section in sections.items()}
        most = MOST_CHANGES if known.question.kind == "changed" else 1
        found["changed"] = changed(known.question, symbol, history.result(), known.evidence, most)
    return [lines for lines in found.values() if lines]


def _in_order(known: _Known, symbol: Symbol) -> dict[str, Section]:
    """What makes each section; `changed` is made last, when git has answered."""
    question, evidence = known.question, known.evidence
    kind = question.kind

    def also_near() -> Lines:
        return [] if known.subjects.is_named else _runners_up(symbol, evidence)

    def tests() -> Lines:
        return _tests(known, symbol) if kind == "test" else tested_in(symbol, evidence, 1)

    def documents() -> Lines:
        most = 2 if kind == "config" else 1
        return documented_in(question, evidence, known.rarities, most)

    def settled() -> Lines:
        return settings(question, known.subjects, evidence, known.rarities, MOST_SETTINGS)

    called = call_path(known.subjects, evidence) if kind == "path" else []
    sections: dict[str, Section] = {
        "where": lambda: [] if called else [where(symbol, evidence)],
        "also": also_near,
        "does": lambda: does(symbol, evidence, kind == "does"),
        "signature": lambda: signature(symbol, evidence),
        "called_by": lambda: called_by(
            symbol, evidence, MOST_CALLERS if kind == "callers" else 2, kind == "callers"
        ),
        "namesakes": lambda: _others(known, symbol) if kind == "callers" else [],
        "calls": lambda: calls(symbol, evidence),
        "tests": tests,
        "configured": lambda: configured_by(symbol, evidence),
        "changed": list,
        "documents": documents,
        "settings": settled if kind == "config" else list,
        "files": lambda: (
            files(question, evidence, known.rarities, MOST_FILES) if kind == "files" else []
        ),
        "path": lambda: called,
    }
    usual = [
        "where", "also", "does", "signature", "called_by", "calls", "tests", "configured",
        "changed", "documents",
    ]  # fmt: skip
    first: list[str]
    match kind:
        case "where":
            first = []
        case "does":
            first = ["does", "where"]
        case "callers":
            first = ["called_by", "where", "namesakes"]
        case "config":
            first = ["settings", "configured", "documents"]
        case "files":
            first = ["files"]
        case "changed":
            first = ["changed", "where"]
        case "test":
            first = ["tests", "where"]
        case "path":
            first = ["path"]
        case _ as never:
            assert_never(never)
    return {name: sections[name] for name in dict.fromkeys([*first, *usual])}


def _without_symbol(known: _Known) -> list[Lines]:
    """A card of documents and hits, where no hit is a symbol."""
    question, evidence = known.question, known.evidence
    found: list[Lines] = []
    if question.kind == "files":
        found.append(files(question, evidence, known.rarities, MOST_FILES))
    if question.kind == "config":
        found.append(settings(question, known.subjects, evidence, known.rarities, MOST_SETTINGS))
    if question.kind == "test":
        found.append(nearest_tests(evidence, NEAREST))
    found.append([_place("where", evidence.hits[0], evidence)])
    found.append(documented_in(question, evidence, known.rarities, 2))
    found.append(changed(question, None, SymbolHistory(), evidence, 2))
    return [lines for lines in found if lines]


def _tests(known: _Known, symbol: Symbol) -> Lines:
    question, evidence = known.question, known.evidence
    topic = [] if known.subjects.is_named else test_files(question, evidence)
    if topic:
        lines = [*topic[:NEAREST], *nearest_tests(evidence, NEAREST)]
    else:
        near = nearest_tests(evidence, 5)
        own = tested_in(symbol, evidence, 5)
        lines = own if known.subjects.is_named or not near else near
        if known.subjects.is_named and own[0].absent:
            lines = [*own, *near[:NEAREST]]
    first = next((line for line in lines if line.n), None)
    return [*lines, *(run_command(first) if first else [])]


def _others(known: _Known, symbol: Symbol) -> Lines:
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


def _place(label: Literal["where", "nearest"], hit: Hit, evidence: Evidence) -> CardLine:
    text = hit.symbol or first_words(hit.text) or hit.path
    symbol = hit.symbol if is_code(hit) else ""
    return evidence.cite(label, text, hit.path, hit.start_line, hit.end_line, symbol)


def _nearest(evidence: Evidence) -> Lines:
    """The best hits, code before tests and documents."""
    hits = list({hit.rank: hit for hit in [*evidence.code_hits, *evidence.hits]}.values())
    return [_place("nearest", hit, evidence) for hit in hits[:NEAREST]]


def _mentions(verdict: Verdict, evidence: Evidence) -> Lines:
    word = verdict.unknown[0].rpartition(".")[2]
    found = evidence.mentions(word, lambda line: True)
    found.sort(key=lambda each: (each.role == "test", each.path, each.line))
    lines = [
        evidence.cite("mentioned", each.text[:LONGEST_MENTION], each.path, each.line)
        for each in found[:MOST_MENTIONS]
    ]
    more = len(found) - len(lines)
    return [*lines[:-1], replace(lines[-1], more=more)] if more > 0 else lines


def _fitted(sections: Sequence[Lines]) -> Lines:
    """The first line of each section, and of the others as many as there is room for.

    For the first section, which is what was asked, the lines of others are cut to one row.
    """
    shown = [1] * len(sections)
    for at, lines in enumerate(sections):
        while shown[at] < len(lines):
            shown[at] += 1
            cut = _cut(sections, shown)
            if rows_needed(cut, len(cut) if at else shown[0]) > MOST_LINES:
                shown[at] -= 1
                break
    return _cut(sections, shown)


def _cut(sections: Sequence[Lines], shown: Sequence[int]) -> Lines:
    lines: Lines = []
    for section, count in zip(sections, shown, strict=True):
        kept = section[:count]
        hidden = len(section) - count
        if hidden and kept[-1].n and kept[-1].label in ("called_by", "tested_in"):
            kept = [*kept[:-1], replace(kept[-1], more=hidden + section[-1].more)]
        lines += kept
    return lines


def _numbered(lines: Sequence[CardLine]) -> tuple[CardLine, ...]:
    number = 0
    found = []
    for line in lines:
        number += bool(line.path)
        found.append(replace(line, n=number if line.path else 0))
    return tuple(found)


def _lacking(known: _Known, lines: Sequence[CardLine]) -> tuple[str, ...]:
    """The rare words of the question that neither a line nor the subject's own code holds."""
    said = [f"{line.text} {line.path} {line.symbol}" for line in lines]
    symbol = known.subjects.symbol
    source = known.evidence.source(symbol) if symbol else ()
    held = {term for text in (*said, *source) for term in terms_of_text(text)}
    whole = sum(known.rarities.values()) or 1.0
    lacking = {
        word: sum(known.rarities.get(term, 0.0) for term in set(terms_of_text(word)))
        for word in known.question.words
        if not set(terms_of_text(word)) & (held | _ASKING)
    }
    return tuple(word for word, weight in lacking.items() if weight >= LEAST_LACKING * whole)


def _span(symbol: Symbol) -> CodeSpan:
    return CodeSpan(
        symbol.path,
        symbol.symbol,
        symbol.kind,
        language_of(symbol.path),
        symbol.line,
        symbol.last_line,
    )
