"""List the files that deal with a topic."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from gardener_core.answers.card.evidence import Evidence, is_aside, is_code, is_test
from gardener_core.answers.card.question import Question
from gardener_core.events.answer import CardLine
from gardener_core.search.terms import terms_of_path, terms_of_text

MOST_NAMED = 3
_MOST_SYMBOLS, _MOST_FREQUENCY, _IN_PATH = 4, 3.0, 3.0
_ASIDE = 0.35
_LEAST_OF_BEST = 0.22
_SHORTEST_STEM = 3


@dataclass(slots=True)
class _FileCounts:
    """How often a file holds each term, and the symbols that are named after one."""

    terms: Counter[str] = field(default_factory=Counter)
    symbols: dict[str, tuple[float, int]] = field(default_factory=dict)
    is_code: bool = False


def files(
    question: Question, evidence: Evidence, rarities: Mapping[str, float], most: int
) -> list[CardLine]:
    """The files by how much they say of the question's words, each with its symbols."""
    counts = _counts(question, evidence, rarities)
    scores = {path: _score(path, each, rarities) for path, each in counts.items()}
    best = max(scores.values(), default=0.0)
    lines = []
    for path in sorted(scores, key=lambda path: (-scores[path], path))[:most]:
        if scores[path] < _LEAST_OF_BEST * best:
            break
        lines.append(_line(path, counts[path], evidence))
    return lines


def _counts(
    question: Question, evidence: Evidence, rarities: Mapping[str, float]
) -> dict[str, _FileCounts]:
    found: defaultdict[str, _FileCounts] = defaultdict(_FileCounts)
    for hit in evidence.hits:
        text = Counter(terms_of_text(hit.text))
        each = found[hit.path]
        each.is_code = each.is_code or is_code(hit)
        each.terms.update({term: text[term] for term in question.terms if term in text})
        named = sum(
            rarities.get(term, 0.0)
            for term in question.terms
            if any(_akin(term, other) for other in terms_of_text(hit.symbol))
        )
        if named and hit.symbol:
            each.symbols.setdefault(hit.symbol, (-named, hit.start_line))
    return found


def _score(path: str, counts: _FileCounts, rarities: Mapping[str, float]) -> float:
    in_path = set(terms_of_path(path))
    score = 0.0
    for term, count in counts.terms.items():
        part = min(_MOST_FREQUENCY, math.log2(1 + count))
        part += _IN_PATH * any(_akin(term, other) for other in in_path)
        score += rarities.get(term, 0.0) * (part + min(_MOST_SYMBOLS, len(counts.symbols)))
    aside = is_test(path) or is_aside(path) or not counts.is_code
    return score * (_ASIDE if aside else 1.0)


def _line(path: str, counts: _FileCounts, evidence: Evidence) -> CardLine:
    named = sorted(counts.symbols.items(), key=lambda each: each[1])
    if not named:
        mentions = sum(counts.terms.values())
        text = f"{mentions} mention{'' if mentions == 1 else 's'}"
        return evidence.cite("file", text, path, 1)
    shown = named[:MOST_NAMED]
    text = ", ".join(name for name, _ in shown)
    (symbol, (_, line)) = shown[0]
    return evidence.cite("file", text, path, line, symbol=symbol, more=len(named) - len(shown))


def _akin(one: str, other: str) -> bool:
    """Whether two terms are the same or one begins with the other."""
    shorter = min(len(one), len(other))
    return one == other or (
        shorter > _SHORTEST_STEM and (one.startswith(other) or other.startswith(one))
    )
