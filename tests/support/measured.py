"""Items as a measurement leaves them."""

import re
from collections.abc import Sequence

from gardener_core.evaluation.card.card import Card, Setting
from gardener_core.evaluation.card.composing import (
    arms_of,
    differences_of,
    gate_figures,
    groups_of,
    search_of,
)
from gardener_core.evaluation.card.gate import gate_of
from gardener_core.evaluation.card.items import ArmName, Item, Measure, Outcome

TEXT = "import shop\nstore = shop.Store(1)\nstore.load()\nstore = shop.Store(2)\n"


def tokens_measured(path: str, costs: dict[str, float]) -> Item:
    """A file whose tokens cost the base 5 bits, and the adapter what is said here or 5."""
    texts = re.findall(r"\w+|\W", TEXT)
    ends, at = [], 0
    for text in texts:
        at += len(text)
        ends.append(at)
    base = (5.0,) * (len(texts) - 1)
    adapter = tuple(costs.get(text, 5.0) for text in texts[1:])
    arms = {"base": Outcome(sum(base), base), "adapter": Outcome(sum(adapter), adapter)}
    return Item(
        "bits_per_byte", path, 1, "python", len(TEXT), len(base), TEXT, ends=tuple(ends),
        arms=arms,  # type: ignore[arg-type]
    )  # fmt: skip


def a_file(
    path: str,
    base: float,
    adapter: float,
    control: float | None = None,
    measure: Measure = "bits_per_byte",
) -> Item:
    """A text with so many bits of each arm."""
    arms: dict[ArmName, Outcome] = {"base": Outcome(base), "adapter": Outcome(adapter)}
    if measure == "bits_per_byte":
        arms |= {"base_context": Outcome(base * 0.9), "adapter_context": Outcome(adapter * 0.9)}
    if control is not None:
        arms["control"] = Outcome(control)
    return Item(measure, path, 1, "python", 200, 50, "x = 1\n", arms=arms)


def a_statement(path: str, number: int, adapter_right: bool) -> Item:
    """A masked statement that the base gets wrong."""
    expected = f"value = compute({number})"
    wrong = Outcome(
        text="wrong_name()", similarity=0.25, parses=True, names=1, invented=("wrong_name",)
    )
    right = Outcome(text=expected, exact=True, similarity=1.0, parses=True, names=2)
    own = right if adapter_right else wrong
    arms: dict[ArmName, Outcome] = {
        "base": wrong, "base_context": wrong, "adapter": own, "adapter_context": own
    }  # fmt: skip
    rank = (1, 3, 5, 9)[number % 4]
    return Item(
        "statement", path, number + 2, "python", len(expected), 6, expected,
        prompt="def before():\n    pass", symbol="compute", rank=rank, names=2, arms=arms,
    )  # fmt: skip


def a_card(items: Sequence[Item]) -> Card:
    """The card of these items."""
    setting = Setting(
        project="acme", version="v2", adapter_sha256="a" * 64, base="coder", base_sha256="b" * 64,
        commit="", files_sha256="c" * 64, minutes=5.0, seconds=300.0, window_tokens=512,
        context_tokens=320, number_format="bf16", control="foreign code, 24 steps",
        measured="2026-11-29T12:00:00Z", program="0.1.0", libraries=("torch 2.13.0",),
    )  # fmt: skip
    return Card(
        setting, arms_of(items), differences_of(items), groups_of(items),
        gate_of(gate_figures(items, 0, "")), len(items), 9, search=search_of(items),
    )  # fmt: skip
