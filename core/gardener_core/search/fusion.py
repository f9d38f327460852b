"""Fuse the rankings by words and by vectors into one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gardener_core.events.parts import Correction
from gardener_core.search.corrections import QuestionWords, corrections

# The corrections are fitted beside these; meaning is the unit.
WORDS_WEIGHT = 0.6
# An embedder helps where docs are missing, and little where everything is documented.
LOST_WHERE_DOCUMENTED = 0.85
SAME_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Ranked:
    """A row with its ranks in both lists (0: not in it) and its fused score.

    The score is the sum of the part by words, the part by meaning, and the corrections.
    """

    row: Mapping[str, Any]
    words_rank: int
    words_score: float
    meaning_rank: int
    meaning_score: float
    corrections: tuple[Correction, ...]
    score: float
    words_part: float = 0.0
    meaning_part: float = 0.0


def fuse(
    query: str,
    by_words: Sequence[Mapping[str, Any]],
    by_meaning: Sequence[Mapping[str, Any]],
    dense_weight: float,
    tests_wanted: bool = False,
) -> list[Ranked]:
    """Add scaled scores and corrections; a row that is missing in a list gets its lowest score.

    Scaled scores keep the margin between a clear winner and the rest, which ranks lose.
    """
    # Where all scores are equal, words still tell who has them; everything has a nearest vector.
    words = _ScoredList(by_words, "_score", alike=1.0)
    meaning = _ScoredList(by_meaning, "_similarity", alike=0.0)
    weight = weight_of_meaning(by_words, dense_weight)
    rows = {row["id"]: row for row in (*by_meaning, *by_words)}
    question = QuestionWords.of(query, tests_wanted)
    ranked = []
    for key, row in rows.items():
        added = corrections(row, question)
        words_part, meaning_part = WORDS_WEIGHT * words.scaled(key), weight * meaning.scaled(key)
        ranked.append(
            Ranked(
                row=row,
                words_rank=words.rank(key),
                words_score=words.score(key),
                meaning_rank=meaning.rank(key),
                meaning_score=meaning.score(key),
                words_part=words_part,
                meaning_part=meaning_part,
                corrections=added,
                score=words_part + meaning_part + sum(item.value for item in added),
            )
        )
    return sorted(ranked, key=lambda item: (-item.score, item.row["path"], item.row["line_start"]))


def weight_of_meaning(by_words: Sequence[Mapping[str, Any]], dense_weight: float) -> float:
    """The embedder's weight, lower where the hits by words are documented."""
    documented = sum(1 for row in by_words if row["doc"])
    share = documented / len(by_words) if by_words else 0.0
    return dense_weight * (1 - LOST_WHERE_DOCUMENTED * share)


def fold(ranked: Sequence[Ranked], wanted: int) -> list[tuple[Ranked, list[str]]]:
    """The best rows, with near-duplicates folded under the first of them."""
    kept: list[tuple[Ranked, list[str]]] = []
    kept_terms: list[frozenset[str]] = []
    for item in ranked:
        terms = frozenset(item.row["terms"].split())
        duplicate = _duplicate_of(terms, kept_terms, item, kept)
        if duplicate is not None:
            kept[duplicate][1].append(f"{item.row['path']}:{item.row['line_start']}")
        elif len(kept) < wanted:
            kept.append((item, []))
            kept_terms.append(terms)
    return kept


class _ScoredList:
    """One ranking: ranks, raw scores, and scores scaled by mean and maximum."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], column: str, alike: float) -> None:
        """`alike` is the scaled score where all scores are equal."""
        self._alike = alike
        self._ranks = {row["id"]: rank for rank, row in enumerate(rows, start=1)}
        self._scores = {row["id"]: float(row[column]) for row in rows}
        values = list(self._scores.values())
        self._mean = sum(values) / len(values) if values else 0.0
        self._reach = max(values) - self._mean if values else 0.0
        self._lowest = self._scale(min(values)) if self._reach > 0 else 0.0

    def rank(self, key: str) -> int:
        return self._ranks.get(key, 0)

    def score(self, key: str) -> float:
        return self._scores.get(key, 0.0)

    def scaled(self, key: str) -> float:
        return self._scale(self._scores[key]) if key in self._scores else self._lowest

    def _scale(self, score: float) -> float:
        return (score - self._mean) / self._reach if self._reach > 0 else self._alike


def _duplicate_of(
    terms: frozenset[str],
    kept_terms: Sequence[frozenset[str]],
    item: Ranked,
    kept: Sequence[tuple[Ranked, list[str]]],
) -> int | None:
    for number, others in enumerate(kept_terms):
        same_name = kept[number][0].row["name"] == item.row["name"]
        most = max(len(terms), len(others))
        if same_name and most and len(terms & others) / most >= SAME_SHARE:
            return number
    return None
