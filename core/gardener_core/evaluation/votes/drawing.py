"""Draw a question, and the order of its two answers."""

import random
import secrets
import time
from collections.abc import Collection, Sequence
from dataclasses import replace

from gardener_core.evaluation.card.items import ArmName, Item
from gardener_core.evaluation.comparing.shared_items import FIRST, SECOND, shared_items
from gardener_core.evaluation.votes.vote import Answerer, Pair, QuestionKind

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
    answers = ((first, item.arms[FIRST].text or ""), (second, item.arms[SECOND].text or ""))
    kind, place = place_of(item)
    pair = pair_of("scope" if kind == "scope" else "statement", item.prompt, answers, chance)
    return replace(pair, place=place, suffix=item.suffix, truth=item.expected)


def pair_of(
    kind: QuestionKind,
    question: str,
    answers: tuple[tuple[Answerer, str], tuple[Answerer, str]],
    chance: random.Random,
) -> Pair:
    """A question with two answers in the order that chance gives them."""
    both = list(answers)
    chance.shuffle(both)
    (one, one_text), (other, other_text) = both
    name = secrets.token_hex(6)
    return Pair(name, time.time(), kind, question, one, other, one_text, other_text)


def place_of(item: Item) -> Place:
    """The kind and place of what was masked."""
    return item.measure, f"{item.path}:{item.line}"


def _arm(arm: ArmName, with_context: bool) -> ArmName:
    context: dict[ArmName, ArmName] = {"base": "base_context", "adapter": "adapter_context"}
    return context.get(arm, arm) if with_context else arm


def _differ(item: Item) -> bool:
    return (item.arms[FIRST].text or "").strip() != (item.arms[SECOND].text or "").strip()
