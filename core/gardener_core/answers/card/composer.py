"""Compose the card of a question."""

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from gardener_core.answers.card.abstaining import Judge, Rarities, Verdict
from gardener_core.answers.card.evidence import Evidence
from gardener_core.answers.card.question import Question
from gardener_core.answers.card.sections import Known, Lines, nearest, sections
from gardener_core.answers.card.subject import find_subjects
from gardener_core.code.languages.table import language_of
from gardener_core.events.answer import CardLine, Composed
from gardener_core.events.card_text import MOST_LINES, rows_needed
from gardener_core.events.parts import CodeSpan
from gardener_core.search.terms import terms_of_text
from gardener_core.store.project.facts import Symbol

MOST_MENTIONS = 6
LONGEST_MENTION = 120
# A definition that is no symbol of the index, such as a function inside another one.
_DEFINED = (
    r"\b(?:def|fn|func|function\*?|class|const|let|var|type|interface)\s+{word}\b"
    r"|\b{word}\s*[:=]\s*(?:async\s*)?(?:function\b|\()"
)
LEAST_LACKING = 0.25  # of the weight of all words
# Words that ask; that no line has them says nothing.
_ASKING = frozenset(
    terms_of_text(
        "depend depends rely relies variable variables env environment option options setting "
        "settings flag flags author version release affect affects changelog reason"
    )
)


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
    known = Known(question, subjects, evidence, rarities.of(question.terms))
    match verdict.outcome:
        case "answered":
            lines = _fitted(sections(known))
        case "mentioned":
            lines = _mentions(verdict, evidence)
        case "not_found":
            lines = nearest(evidence)
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


def _mentions(verdict: Verdict, evidence: Evidence) -> Lines:
    """The lines with a name, those that look like its definition first."""
    word = verdict.unknown[0].rpartition(".")[2]
    defined = re.compile(_DEFINED.format(word=re.escape(word)))
    found = evidence.mentions(word, lambda line: True)
    found.sort(
        key=lambda each: (
            defined.search(each.text) is None, each.role == "test", each.path, each.line
        )
    )  # fmt: skip
    lines = [
        evidence.cite("mentioned", each.text[:LONGEST_MENTION], each.path, each.line)
        for each in found[:MOST_MENTIONS]
    ]
    more = len(found) - len(lines)
    return [*lines[:-1], replace(lines[-1], more=more)] if more > 0 else lines


def _fitted(parts: Sequence[Lines]) -> Lines:
    """The first line of each section, and of the others as many as there is room for.

    For the first section, which is what was asked, the lines of others are cut to one row.
    """
    shown = [1] * len(parts)
    for at, lines in enumerate(parts):
        while shown[at] < len(lines):
            shown[at] += 1
            cut = _cut(parts, shown)
            if rows_needed(cut, len(cut) if at else shown[0]) > MOST_LINES:
                shown[at] -= 1
                break
    return _cut(parts, shown)


def _cut(parts: Sequence[Lines], shown: Sequence[int]) -> Lines:
    lines: Lines = []
    for part, count in zip(parts, shown, strict=True):
        kept = part[:count]
        hidden = len(part) - count
        if hidden and kept[-1].n and kept[-1].label in ("called_by", "tested_in"):
            kept = [*kept[:-1], replace(kept[-1], more=hidden + part[-1].more)]
        lines += kept
    return lines


def _numbered(lines: Sequence[CardLine]) -> tuple[CardLine, ...]:
    number = 0
    found = []
    for line in lines:
        number += bool(line.path)
        found.append(replace(line, n=number if line.path else 0))
    return tuple(found)


def _lacking(known: Known, lines: Sequence[CardLine]) -> tuple[str, ...]:
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
