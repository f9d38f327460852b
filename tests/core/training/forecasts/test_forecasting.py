"""What was foreseen is kept, refined, and compared for as many steps as were taken."""

from pathlib import Path

import pytest

from gardener_core.settings.schema import TrainingSettings
from gardener_core.training.course import Course
from gardener_core.training.forecasts.forecasting import (
    FILE,
    ForecastFile,
    checked,
    forecast,
    refined,
)

SETTINGS = TrainingSettings(steps=100, threads=2)


def test_a_run_that_ended_early_is_compared_with_its_share() -> None:
    expected = forecast(SETTINGS, 1000, (900, 800), cpu_seconds=200.0, seconds=120.0)
    assert (expected.adapter_bytes, expected.formula_bytes, expected.probe_bytes) == (
        4000,
        900,
        800,
    )
    assert (expected.shortest_seconds, expected.longest_seconds) == (100.0, 180.0)
    taken = checked(expected, Course(taken=50, seconds=70.0, cpu_seconds=110.0, peak_bytes=820))
    assert (taken.expected_cpu_seconds, taken.cpu_seconds) == (100.0, 110.0)
    assert (taken.shortest_seconds, taken.longest_seconds) == (50.0, 90.0)
    assert (taken.expected_memory_bytes, taken.memory_bytes) == (800, 820)


def test_steps_that_were_taken_count_more_than_the_probe(tmp_path: Path) -> None:
    first = forecast(SETTINGS, 1000, (900, 0), cpu_seconds=200.0, seconds=120.0)
    kept = ForecastFile(tmp_path)
    assert kept.read() is None
    kept.keep(refined(first, Course(taken=5, seconds=9.0, cpu_seconds=15.0), threads=2))
    again = kept.read()
    assert again is not None and again.cpu_seconds == pytest.approx(300.0)
    assert (again.shortest_seconds, again.longest_seconds) == (150.0, 270.0)
    assert checked(again, Course(taken=100)).expected_memory_bytes == 900  # nothing was measured
    (tmp_path / FILE).write_text("{")
    assert kept.read() is None
