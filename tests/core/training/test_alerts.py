"""Each rule of the user's own fires once, and for its reason alone."""

import json
import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from gardener_core.events.train import AlertRaised, HeldOutScored, StepDone, StepSkipped
from gardener_core.events.union import Event
from gardener_core.settings.schema import AlertSettings
from gardener_core.training.alerts import AlertWatch, fired_before

QUIET = AlertSettings(False, 0, 0, 0, 0)
GB = 1_000_000_000


def steps(*losses: float) -> list[Event]:
    return [StepDone("r", "train", at, 99, loss) for at, loss in enumerate(losses, start=1)]


def points(*bits: float) -> list[Event]:
    return [HeldOutScored(at * 5, value, 3) for at, value in enumerate(bits)]


def raised(
    settings: AlertSettings, events: Sequence[Event], *, memory: int = 9 * GB, disk: int = 9 * GB
) -> list[AlertRaised]:
    clock = iter(range(0, 10_000, 5))
    watch = AlertWatch(
        settings, Path(), frozenset(), lambda: memory, lambda _: disk, lambda: float(next(clock))
    )
    return [alert for event in events for alert in watch.take(event)]


@pytest.mark.parametrize(
    ("settings", "events", "rule", "step"),
    [
        (AlertSettings(True, 0, 0, 0, 0), steps(1.0, math.nan, math.nan), "nan", 2),
        (AlertSettings(True, 0, 0, 0, 0), [StepSkipped(4, "gradient")] * 2, "nan", 4),
        (AlertSettings(False, 5, 0, 0, 0), steps(3.0, 2.0, *[2.9] * 20), "plateau", 7),
        (AlertSettings(False, 0, 2, 0, 0), points(1.0, 0.9, 0.95, 0.97, 0.99), "held-out", 15),
    ],
)
def test_a_rule_fires_once_and_is_quiet_where_it_is_off(
    settings: AlertSettings, events: list[Event], rule: str, step: int
) -> None:
    (alert,) = raised(settings, events)
    assert (alert.rule, alert.step) == (rule, step)
    assert raised(QUIET, events) == []


def test_a_loss_that_falls_and_points_that_go_up_and_down_are_no_alarm() -> None:
    every = AlertSettings(True, 5, 2, 100, 100)
    assert raised(every, steps(*[3.0 * 0.95**n for n in range(40)])) == []
    assert raised(every, points(1.0, 1.1, 0.9, 1.0, 0.8)) == []


def test_a_run_that_begins_anew_has_no_plateau_behind_it() -> None:
    again = [*steps(*[3.0 * 0.9**n for n in range(4)]), *steps(3.0, 2.9, 2.8)]
    assert raised(AlertSettings(False, 4, 0, 0, 0), again) == []


def test_little_memory_and_little_disk_are_told_with_their_limits() -> None:
    settings = AlertSettings(False, 0, 0, 1000, 500)
    assert raised(settings, steps(1.0, 1.0)) == []
    memory, disk = raised(settings, steps(*[1.0] * 4), memory=300_000_000, disk=7)
    assert (memory.rule, memory.value, memory.limit) == ("memory", 300_000_000, 500_000_000)
    assert (disk.rule, disk.value, disk.limit) == ("disk", 7, GB)
    assert raised(settings, steps(1.0), memory=0) == [], "a machine that does not tell"


def test_what_fired_in_an_earlier_attempt_is_not_told_again(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    assert fired_before(events) == frozenset()
    lines = [{"event": "AlertRaised", "rule": "nan"}, {"event": "AlertRaised", "rule": "new rule"}]
    events.write_text("\n".join(map(json.dumps, lines)) + '\n{"AlertRaised", torn')
    assert fired_before(events) == {"nan"}
    watch = AlertWatch(AlertSettings(disk_mb=0, memory_mb=0), tmp_path, fired_before(events))
    assert list(watch.take(StepSkipped(1, "loss"))) == []
