"""An embedder counts what it is worth: chosen on one half, confirmed on the other."""

import random

import pytest

from gardener_core.search.measuring.fusion_weight import GRID, MIN_QUESTIONS, ByWeight, choose
from gardener_core.search.measuring.mrr import NOWHERE

USUAL = 0.5


def ranks(best: float, n: int = 200, gain: float = 1.0) -> list[ByWeight]:
    """Questions that are answered the earlier, the nearer a weight is to the best one."""
    draw = random.Random(1)
    found = []
    for _ in range(n):
        bare = draw.choice([2, 3, 5, 8, 12])
        found.append({w: max(1.0, bare + 8 * gain * (abs(w - best) - best)) for w in GRID})
    return found


def asked(some: list[ByWeight], kind: str = "docs") -> list[tuple[str, ByWeight]]:
    return [(kind, each) for each in some]


def test_an_embedder_that_helps_gets_the_weight_that_helps() -> None:
    choice = choose(asked(ranks(1.0)), USUAL)
    assert choice is not None and choice.weight == 1.0
    assert choice.gain > 0 and choice.low <= choice.gain <= choice.high
    choice = choose(asked(ranks(0.2)), USUAL)
    assert choice is not None and choice.weight == 0.2


def test_an_embedder_that_harms_counts_nothing() -> None:
    choice = choose(asked(ranks(0.0)), USUAL)
    assert choice is not None and (choice.weight, choice.tried, choice.gain) == (0.0, 0.0, 0.0)


def test_an_embedder_that_changes_nothing_counts_nothing() -> None:
    flat = [{weight: 3.0 for weight in GRID}] * 100
    choice = choose(asked(flat), USUAL)
    assert choice is not None and choice.weight == 0.0 and choice.tried == USUAL


def test_without_evidence_the_usual_weight_is_tried() -> None:
    draw = random.Random(2)
    noise = [{weight: draw.choice([1.0, 2.0]) for weight in GRID} for _ in range(100)]
    choice = choose(asked(noise), USUAL)
    assert choice is not None and choice.tried == USUAL and choice.weight in (USUAL, 0.0)


def test_what_gains_only_where_it_was_chosen_counts_nothing() -> None:
    order = random.Random(0).sample(range(100), 100)  # as choose draws
    found: list[ByWeight] = [{}] * 100
    for place, at in enumerate(order):
        better, worse = (1.0, 4.0) if place < 50 else (4.0, 1.0)
        found[at] = {weight: worse if weight == 0 else better for weight in GRID}
    choice = choose(asked(found), USUAL)
    assert choice is not None and choice.tried == USUAL
    assert choice.gain < 0 and choice.weight == 0.0


@pytest.mark.parametrize("n", [0, 1, MIN_QUESTIONS - 1])
def test_a_few_questions_choose_nothing(n: int) -> None:
    assert choose(asked(ranks(1.0, n)), USUAL) is None
    assert (
        choose(asked(ranks(1.0, MIN_QUESTIONS)) + asked(ranks(0.0, n), "commits"), USUAL)
        is not None
    )


def test_kinds_count_alike_whatever_their_number() -> None:
    many: list[ByWeight] = [{w: 1.0 if w == 1 else 2.0 for w in GRID}] * 400
    few: list[ByWeight] = [{w: NOWHERE if w == 1 else 1.0 for w in GRID}] * 60
    alone, together = choose(asked(many), USUAL), choose(asked(many) + asked(few, "commits"), USUAL)
    assert alone is not None and alone.tried == 1.0
    assert together is not None and together.tried < 1.0


def test_what_is_found_nowhere_counts_nothing() -> None:
    lost: list[ByWeight] = [
        {w: NOWHERE if w == 0 else 2.0 for w in GRID} for _ in range(MIN_QUESTIONS)
    ]
    choice = choose(asked(lost), USUAL)
    assert choice is not None and choice.gain == pytest.approx(0.5)
