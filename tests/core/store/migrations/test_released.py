"""A released migration never changes."""

import hashlib
from collections.abc import Sequence

import pytest

from gardener_core.store.migrations.garden import GARDEN_STEPS
from gardener_core.store.migrations.project import PROJECT_STEPS
from gardener_core.store.migrations.vectors import VECTOR_STEPS

# A new step gets a new line; a line that is here stays as it is.
RELEASED = {
    "garden.db": (
        "a510545e6cadea2f",
        "df14ecf225fa9264",
        "2bfa4fef6a42c21f",
        "13c41775be250a35",
        "70039c7beebde50b",
        "7279f1ff53a27445",
        "f1957f5976362335",
        "4a4f11938dce1e7b",
        "b10d6d34a3e2ff77",
    ),
    "catalog.db": (
        "de04f5722e49c7c9",
        "21c037a6e0781005",
        "5c31ef803c3fd723",
        "e3d9dd07c94a8cdc",
        "1c6d61d00fd9c5e8",
        "2ae603bbb8d1700e",
        "ea9f98aa2aaba088",
    ),
    "vectors.db": ("f0acac5870dae919",),
}
STEPS = {"garden.db": GARDEN_STEPS, "catalog.db": PROJECT_STEPS, "vectors.db": VECTOR_STEPS}


@pytest.mark.parametrize("name", RELEASED)
def test_released_steps_are_the_very_same(name: str) -> None:
    assert digests(STEPS[name]) == RELEASED[name]


def digests(steps: Sequence[str]) -> tuple[str, ...]:
    return tuple(hashlib.sha256(step.encode()).hexdigest()[:16] for step in steps)
