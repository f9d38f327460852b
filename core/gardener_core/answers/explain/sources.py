"""Find the line of a card that a sentence rests on."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from gardener_core.answers.explain.prompt import ReadCode
from gardener_core.events.answer import CardLine
from gardener_core.events.card_text import label_of, text_of
from gardener_core.events.parts import FoundSource
from gardener_core.search.terms import STOP_TERMS, terms_of_text

# The share of a sentence, by the rarity of its words, that a line has to hold: chosen on answers
# about one project, confirmed on three others.
THRESHOLD = 0.5
OWN = 1.1  # what a line says itself counts a little more than the code behind it
FEWEST_TERMS = 2  # in common; one word alone is chance


def find_sources(
    sentences: Iterable[str], lines: Sequence[CardLine], code: Sequence[ReadCode]
) -> tuple[FoundSource, ...]:
    """The numbered line for each sentence that has one: its words or the code behind it fit best.

    A word that many lines have counts little, a name counts as a whole and by its parts.
    """
    documents = [(line.n, frozenset(_terms(_said_in(line))), OWN) for line in lines if line.n]
    documents += [
        (line.n, frozenset(_terms(piece.text)), 1.0)
        for piece in code
        if (line := _line_of(piece, lines)) is not None
    ]
    held = Counter(term for _, terms, _ in documents for term in terms)
    found = []
    for sentence in sentences:
        terms = set(_terms(sentence))
        weights = {term: math.log(1 + len(documents) / (1 + held[term])) for term in terms}
        whole = sum(weights.values()) or 1.0
        shares = [
            (sum(weights[term] for term in terms & own) / whole, bonus, n, len(terms & own))
            for n, own, bonus in documents
        ]
        share, _, n, common = max(shares, key=_rank, default=(0.0, 1.0, 0, 0))
        if share >= THRESHOLD and common >= FEWEST_TERMS:
            found.append(FoundSource(sentence, n, round(share, 3)))
    return tuple(found)


def _rank(share: tuple[float, float, int, int]) -> tuple[float, int]:
    """The best share first, what a line itself says before its code, then the first line."""
    held, bonus, n, _ = share
    return held * bonus, -n


def _terms(text: str) -> list[str]:
    return [term for term in terms_of_text(text) if term not in STOP_TERMS]


def _said_in(line: CardLine) -> str:
    return f"{label_of(line)} {text_of(line)} {line.symbol} {line.path}"


def _line_of(piece: ReadCode, lines: Sequence[CardLine]) -> CardLine | None:
    """The line whose place holds most of a piece of code, and little besides."""

    def fit(line: CardLine) -> tuple[float, bool]:
        first, last = max(line.start_line, piece.start_line), min(line.end_line, piece.end_line)
        common = max(0, last - first + 1)
        longest = max(line.end_line - line.start_line, piece.end_line - piece.start_line) + 1
        return common / longest, line.label in ("where", "also")

    inside = [line for line in lines if line.n and line.path == piece.path and fit(line)[0] > 0]
    return max(inside, key=fit, default=None)
