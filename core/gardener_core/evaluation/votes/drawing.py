"""Draw a question, and the order of its two answers."""

import random
import secrets
import time
from collections.abc import Collection, Sequence

from gardener_core.evaluation.card.items import ArmName, Item
from gardener_core.evaluation.comparing.shared_items import FIRST, SECOND, shared_items
from gardener_core.evaluation.votes.vote import Answerer, Pair

Place = tuple[str, str]  # the kind of a question and where it stands


def candidates(
    first: Sequence[Item], second: Sequence[Item], arms: tuple[ArmName, ArmName]
) -> list[Item]:
    """What both have written in the same place, where they differ.

    With context where both had it, since that is what a person gets. `arms` are those of the first
    and the second; of one adapter and its base both are from the same measurement.
    """
    for with_context in (True, False):
        one, other = (_arm(arm, with_context) for arm in arms)
        shared = shared_items(first, second, one, other)
        written = [item for item in shared if item.measure in ("statement", "scope")]
        if written:
            return [item for item in written if _differ(item)]
    return []


def draw(
    items: Sequence[Item],
    first: Answerer,
    second: Answerer,
    seen: Collection[Place],
    chance: random.Random,
) -> Pair | None:
    """A pair of a place that was not seen yet; None where there is none left."""
    left = [item for item in items if place_of(item) not in seen]
    if not left:
        return None
    item = chance.choice(left)
    texts = item.arms[FIRST].text or "", item.arms[SECOND].text or ""
    both = [(first, texts[0]), (second, texts[1])]
    chance.shuffle(both)
    (one, one_text), (other, other_text) = both
    kind, place = place_of(item)
    return Pair(
        secrets.token_hex(6), time.time(), "scope" if kind == "scope" else "statement",
        item.prompt, one, other, one_text, other_text, place, item.suffix, item.expected,
    )  # fmt: skip


def place_of(item: Item) -> Place:
    """The kind and place of what was masked."""
    return item.measure, f"{item.path}:{item.line}"


def _arm(arm: ArmName, with_context: bool) -> ArmName:
    context: dict[ArmName, ArmName] = {"base": "base_context", "adapter": "adapter_context"}
    return context.get(arm, arm) if with_context else arm


def _differ(item: Item) -> bool:
    return (item.arms[FIRST].text or "").strip() != (item.arms[SECOND].text or "").strip()
