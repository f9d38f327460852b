"""Two lists become one ranking, as the formula says."""

import pytest

from gardener_core.events.parts import Correction
from gardener_core.search.fusion import fold, fuse, weight_of_meaning

NAMED = Correction("in its name", 0.7)


def row(key: str, score: float, **facts: object) -> dict:
    plain = {"id": key, "path": f"{key}.py", "line_start": 1, "role": "code", "name": key}
    plain |= {"symbol": key, "part": 0, "doc": "", "kind": "function"}
    return plain | {"terms": key, "_score": score, "_similarity": score} | facts


def scores(ranked: list) -> dict[str, float]:
    return {item.row["id"]: round(item.score, 6) for item in ranked}


def test_scaled_scores_are_added_and_a_missing_side_counts_as_the_lowest() -> None:
    words = [row("a", 9.0), row("b", 3.0)]  # mean 6, reach 3: 1 and -1
    meaning = [row("b", 0.8), row("c", 0.4)]  # mean 0.6, reach 0.2: 1 and -1
    ranked = fuse("x", words, meaning, 0.5)
    assert scores(ranked) == {"a": 0.1, "b": -0.1, "c": -1.1}
    first = ranked[0]
    assert (first.words_rank, first.meaning_rank, first.words_score) == (1, 0, 9.0)


@pytest.mark.parametrize(
    ("query", "facts", "corrections"),
    [
        ("x", {"role": "test"}, (Correction("test", -1.5),)),
        ("the fixture", {"role": "test"}, ()),
        ("x", {"role": "example"}, (Correction("example", -0.5),)),
        ("x", {"role": "stub"}, (Correction("stub", -0.5),)),
        ("where is refresh", {"name": "Refresh"}, (Correction("exact name", 0.3), NAMED)),
        ("Refresh", {"name": "refresh"}, (Correction("exact name", 1.0), NAMED)),
        ("x", {"symbol": ""}, (Correction("no symbol", -1.0),)),
        ("x", {"kind": "class"}, (Correction("class", -0.6),)),
        ("tokens refresh", {"path": "token.py"}, (Correction("in its path", 0.25),)),
        ("tokens refresh", {"terms": "token b"}, (Correction("in its text", 0.45),)),
        ("x", {"part": 1}, (Correction("piece", -0.1),)),
        ("does get lock", {"name": "get"}, ()),  # too short to mean it
        ("refreshed", {"name": "refresh"}, (NAMED,)),
    ],
)
def test_corrections(query: str, facts: dict, corrections: tuple) -> None:
    (only,) = fuse(query, [row("a", 1.0, **facts)], [], 0.5)
    assert only.corrections == corrections
    assert only.score == pytest.approx(0.6 + sum(item.value for item in corrections))


def test_words_alone_rank_as_words_do() -> None:
    ranked = fuse("x", [row("a", 5.0), row("b", 4.0), row("c", 1.0)], [], 0.5)
    assert [item.row["id"] for item in ranked] == ["a", "b", "c"]


def test_only_row_of_a_list_is_better_than_those_that_it_lacks() -> None:
    ranked = fuse("x", [row("a", 9.0)], [row("b", 0.8), row("a", 0.6), row("c", 0.4)], 0.5)
    assert scores(ranked) == {"a": 0.6, "b": 0.5, "c": -0.5}


def test_near_copies_are_folded_and_k_results_come_when_there_are_k() -> None:
    same = " ".join(f"t{n}" for n in range(30))
    rows = [
        row("a", 9.0, terms=same, name="f"),
        row("b", 8.0, terms=f"{same} more", name="f"),
        row("c", 7.0, terms=same, name="other"),
        row("d", 6.0),
        row("e", 5.0),
    ]
    folded = fold(fuse("x", rows, [], 0.5), 3)
    assert [item.row["id"] for item, _ in folded] == ["a", "c", "d"]
    assert folded[0][1] == ["b.py:1"]


def test_meaning_counts_little_where_all_is_documented() -> None:
    documented, bare = row("a", 1.0, doc="What it does."), row("b", 0.5)
    assert weight_of_meaning([bare], 0.5) == 0.5
    assert weight_of_meaning([documented], 0.5) == pytest.approx(0.075)
    assert weight_of_meaning([documented, bare], 0.5) == pytest.approx(0.2875)
    assert weight_of_meaning([], 0.5) == 0.5


def test_parts_and_corrections_add_up_to_the_score() -> None:
    rows = [row("a", 9.0, doc="What it does.", role="test"), row("b", 3.0, part=2), row("c", 1.0)]
    for item in fuse("where is b", rows, [row("d", 0.8), row("b", 0.3)], 0.5):
        added = sum(correction.value for correction in item.corrections)
        assert item.score == pytest.approx(item.words_part + item.meaning_part + added)
