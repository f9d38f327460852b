"""The curves of a run: what each of its steps measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from gardener_core.events.train import HeldOutScored, StepDone
from gardener_core.jobs.follow import Steps
from gardener_tui.widgets.charts.curve import CurveData

Metric = Literal[
    "loss", "held_out", "learning_rate", "gradient_norm", "tokens_a_second", "memory_bytes"
]
METRICS: Mapping[Metric, tuple[str, str]] = {
    "loss": ("loss", "nats/token"),
    "held_out": ("held out", "bits/byte"),
    "learning_rate": ("learning rate", ""),
    "gradient_norm": ("gradient norm", "before clipping"),
    "tokens_a_second": ("speed", "tokens/s"),
    "memory_bytes": ("memory", "MiB"),
}
MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class CurveName:
    """A curve of a run: of steps that train or grow, and what they measured."""

    kind: str
    metric: Metric = "loss"


class RunCurves:
    """One curve for each kind of steps and each metric that was measured."""

    def __init__(self) -> None:
        self._curves: dict[CurveName, CurveData] = {}
        self._empty = CurveData()

    def of(self, kind: str, metric: Metric = "loss") -> CurveData:
        """A curve; an empty one where nothing was measured."""
        return self._curves.get(CurveName(kind, metric), self._empty)

    @property
    def names(self) -> list[CurveName]:
        """The curves that there are: kind by kind, in the order of `METRICS`."""
        kinds = list(dict.fromkeys(name.kind for name in self._curves))
        every = [CurveName(kind, metric) for kind in kinds for metric in METRICS]
        return [name for name in every if name in self._curves]

    def add(self, step: StepDone) -> None:
        """Take a step; a number that it did not measure is 0."""
        self._curve(step.kind, "loss").add(step.step, step.loss)
        measured: tuple[tuple[Metric, float], ...] = (
            ("learning_rate", step.learning_rate),
            ("gradient_norm", step.gradient_norm),
            ("tokens_a_second", step.tokens_a_second),
            ("memory_bytes", step.memory_bytes / MEBIBYTE),
        )
        for metric, value in measured:
            if value:
                self._curve(step.kind, metric).add(step.step, value)

    def extend(self, steps: Steps) -> None:
        """Take many steps at once, as when a past run is read."""
        self._curve(steps.kind, "loss").extend(steps.step, steps.loss)
        measured: tuple[tuple[Metric, Sequence[float]], ...] = (
            ("learning_rate", steps.learning_rate),
            ("gradient_norm", steps.gradient_norm),
            ("tokens_a_second", steps.tokens_a_second),
            ("memory_bytes", [size / MEBIBYTE for size in steps.memory_bytes]),
        )
        for metric, values in measured:
            if all(values):
                self._curve(steps.kind, metric).extend(steps.step, values)
            elif any(values):
                for step, value in zip(steps.step, values, strict=True):
                    if value:
                        self._curve(steps.kind, metric).add(int(step), value)

    def add_held_out(self, scored: HeldOutScored) -> None:
        """Take what was measured on files that are not learned from."""
        self._curve("train", "held_out").add(scored.step, scored.bits_per_byte)

    def _curve(self, kind: str, metric: Metric) -> CurveData:
        return self._curves.setdefault(CurveName(kind, metric), CurveData())
