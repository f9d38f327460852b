"""Two adapters are compared on what both were given, and on nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from support.measured import a_card, a_file, a_statement

from gardener_core.evaluation.card.card import Card
from gardener_core.evaluation.card.items import Item
from gardener_core.evaluation.comparing.figures import (
    ComparedFigure,
    MeasuredAdapter,
    compared_figures,
)
from gardener_core.evaluation.comparing.shared_items import shared_items
from gardener_core.evaluation.comparing.words import change_of, extent_of, judged

FILES = [a_file(f"src/{n}.py", base=100 + n, adapter=80 + n) for n in range(12)]
# Four parts in a hundred better in each file.
BETTER = [a_file(f"src/{n}.py", base=100 + n, adapter=0.96 * (80 + n)) for n in range(12)]
STATEMENTS = [a_statement(f"src/{n}.py", n, adapter_right=n % 2 == 0) for n in range(20)]


WHOLE, TEXTS = a_card([*FILES, *STATEMENTS]), a_card(FILES)


def measured(
    items: Sequence[Item], change: Callable[[Card], Card] = lambda card: card
) -> MeasuredAdapter:
    """A card that has the measures of these items; its own figures are not looked at here."""
    has_statements = any(item.measure == "statement" for item in items)
    return MeasuredAdapter(change(WHOLE if has_statements else TEXTS), items)


def with_setting(**fields: object) -> Callable[[Card], Card]:
    return lambda card: replace(card, setting=replace(card.setting, **fields))  # type: ignore[arg-type]


def found(
    first: MeasuredAdapter, second: MeasuredAdapter, measure: str = "bits_per_byte"
) -> ComparedFigure:
    every = compared_figures(first, second)
    return next(one for one in every if (one.measure, one.arm) == (measure, "adapter"))


def test_the_better_one_is_named_with_a_paired_interval() -> None:
    one = found(measured(FILES), measured(BETTER))
    assert one.difference is not None and one.relative
    assert one.difference.mean == pytest.approx(-0.04) == one.difference.low
    assert judged(one, "v1", "v2") == "v2 is better"
    assert change_of(one).startswith("-4.0% (") and extent_of(one) == "n = 12, 12 files"
    other = found(measured(BETTER), measured(FILES))
    assert judged(other, "v1", "v2") == "v1 is better"


def test_an_interval_over_zero_is_no_difference() -> None:
    mixed = [replace_bits(item, 1.05 if n % 2 else 0.95) for n, item in enumerate(FILES)]
    one = found(measured(FILES), measured(mixed))
    assert one.outcome == "neither" and judged(one, "v1", "v2") == "no difference is seen"


def test_more_exact_matches_are_better_and_more_invented_names_are_not() -> None:
    right = [a_statement(f"src/{n}.py", n, adapter_right=True) for n in range(20)]
    assert found(measured(STATEMENTS), measured(right), "exact_match").outcome == "second"
    assert found(measured(STATEMENTS), measured(right), "invented_names").outcome == "second"
    assert found(measured(right), measured(STATEMENTS), "invented_names").outcome == "first"


def test_only_what_both_were_given_is_compared() -> None:
    one = found(measured(FILES), measured(BETTER[:8]))
    assert one.difference is not None and one.difference.files == 8
    assert one.first is not None and one.first.n == 8
    few = found(measured(FILES), measured(BETTER[:4]))
    assert few.outcome == "undecided" and "6 files are the least" in judged(few, "v1", "v2")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"project": "other"}, "of different projects"),
        ({"files_sha256": "d" * 64}, "the held-out files differ"),
        ({"base_sha256": "e" * 64}, "bases were given different pieces"),
    ],
)
def test_where_no_piece_is_the_same_it_says_why(change: dict[str, object], why: str) -> None:
    changed = [replace(item, expected="y = 2\n") for item in FILES]
    one = found(measured(FILES), measured(changed, with_setting(**change)))
    assert one.outcome == "incomparable" and one.difference is None
    assert one.first is not None and one.second is not None  # as the cards have them
    assert why in judged(one, "v1", "v2")


def test_bits_of_other_windows_are_not_compared() -> None:
    one = found(measured(FILES), measured(BETTER, with_setting(window_tokens=256)))
    assert one.outcome == "incomparable" and one.reason == "read in windows of 512 and 256 tokens"


def test_what_one_was_not_measured_on_is_said() -> None:
    one = found(measured(FILES), measured([*FILES, *STATEMENTS]), "exact_match")
    assert judged(one, "v1", "v2") == "not comparable: not measured of v2"


def test_with_context_the_context_must_be_the_same_too() -> None:
    other = [replace(item, context="def elsewhere(): ...") for item in FILES]
    assert len(shared_items(FILES, other, "adapter")) == 12
    assert shared_items(FILES, other, "adapter_context") == []


def replace_bits(item: Item, times: float) -> Item:
    outcome = item.arms["adapter"]
    changed = replace(outcome, bits=(outcome.bits or 0.0) * times)
    return replace(item, arms={**item.arms, "adapter": changed})
