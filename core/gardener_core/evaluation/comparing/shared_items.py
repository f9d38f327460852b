"""Find the items that two adapters were both given."""

from collections.abc import Sequence
from dataclasses import replace

from gardener_core.evaluation.card.items import ArmName, Item

FIRST: ArmName = "base"
SECOND: ArmName = "adapter"


def shared_items(
    first: Sequence[Item], second: Sequence[Item], arm: ArmName, other: ArmName | None = None
) -> list[Item]:
    """The items that are the same in both measurements.

    In each, `FIRST` holds what the first adapter made of it in this arm, and `SECOND` what the
    second did in the same or in the `other` arm, so that the two are compared as a base and its
    adapter are.
    """
    beside = other or arm
    others = {item.key: item for item in second if beside in item.arms}
    pairs = ((item, others.get(item.key)) for item in first if arm in item.arms)
    return [
        replace(item, arms={FIRST: item.arms[arm], SECOND: same.arms[beside]})
        for item, same in pairs
        if same is not None and _is_same(item, same, arm)
    ]


def _is_same(one: Item, other: Item, arm: ArmName) -> bool:
    """Whether both were given the same text; with context, the same context too."""
    given = (one.expected, one.prompt, one.suffix) == (other.expected, other.prompt, other.suffix)
    return given and (
        arm not in ("base_context", "adapter_context") or one.context == other.context
    )
