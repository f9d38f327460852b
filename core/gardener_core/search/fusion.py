"""Fuse the rankings by words and by vectors into one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gardener_core.events.parts import Correction
from gardener_core.search.terms import WORD, terms_of_text

PENALTIES: Mapping[str, float] = {"test": -1.0, "example": -0.5, "stub": -0.5}
EXACT_NAME = 0.3
ONLY_THE_NAME = 1.0  # the query is this name and nothing else
SHORTEST_EXACT = 4
# Chunks without a symbol, and later chunks of a symbol, say less alone.
PIECE = -0.1
# An embedder helps where docs are missing; where everything is documented it counts half.
LOST_WHERE_DOCUMENTED = 0.5
SAME_SHARE = 0.9
_ABOUT_TESTS = frozenset(terms_of_text("test tests testing fixture mock spec"))


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
    query_words = [word.lower() for word in WORD.findall(query)]
    about_tests = tests_wanted or bool(_ABOUT_TESTS & set(terms_of_text(query)))
    ranked = []
    for key, row in rows.items():
        corrections = _corrections(row, query_words, about_tests)
        words_part, meaning_part = words.scaled(key), weight * meaning.scaled(key)
        ranked.append(
            Ranked(
                row=row,
                words_rank=words.rank(key),
                words_score=words.score(key),
                meaning_rank=meaning.rank(key),
                meaning_score=meaning.score(key),
                words_part=words_part,
                meaning_part=meaning_part,
                corrections=corrections,
                score=words_part + meaning_part + sum(item.value for item in corrections),
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


def _corrections(
    row: Mapping[str, Any], query_words: Sequence[str], about_tests: bool
) -> tuple[Correction, ...]:
    found = []
    role = row["role"]
    if role in PENALTIES and not (role == "test" and about_tests):
        found.append(Correction(role, PENALTIES[role]))
    name = row["name"].lower()
    if len(name) >= SHORTEST_EXACT and name in query_words:
        found.append(
            Correction("exact name", ONLY_THE_NAME if len(query_words) == 1 else EXACT_NAME)
        )
    if row["part"] or not row["symbol"]:
        found.append(Correction("piece", PIECE))
    return tuple(found)


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
