"""A measurement is started with a control that learned about as much."""

import pytest

from gardener_core.garden.evaluation.scores import control_steps_for


@pytest.mark.parametrize(
    ("steps", "control"), [(6, 24), (25, 24), (40, 24), (60, 60), (90, 60), (250, 120), (2500, 120)]
)
def test_the_control_takes_about_as_many_steps(steps: int, control: int) -> None:
    assert control_steps_for(steps) == control
