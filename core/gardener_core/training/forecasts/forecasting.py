"""Foresee what the steps of a run will take."""

import dataclasses
import json
import time
from dataclasses import replace
from pathlib import Path

from gardener_core.events.train import Forecast, ForecastChecked
from gardener_core.models.torch.devices import TrainingDevice
from gardener_core.settings.schema import TrainingSettings
from gardener_core.system.files.atomic import write_whole
from gardener_core.system.files.regular import read_object
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.records import rebuild
from gardener_core.training.course import Course
from gardener_core.training.variants import changes_base

FILE = "forecast.json"
# Of the pace of now, on the same machine: somebody else may want its cores.
_SLOWER = 1.5


def forecast(
    settings: TrainingSettings,
    parameters: int,
    memory: tuple[int, int],
    cpu_seconds: float,
    seconds: float,
) -> Forecast:
    """What all steps take, if they go on as they went.

    `memory` is by the formula and as the probe measured it.
    """
    shortest, longest = _spread(cpu_seconds, seconds, settings.threads)
    return Forecast(
        steps=settings.steps,
        parameters=parameters,
        adapter_bytes=(8 if changes_base(settings) else 4) * parameters,
        formula_bytes=memory[0],
        probe_bytes=memory[1],
        cpu_seconds=cpu_seconds,
        shortest_seconds=shortest,
        longest_seconds=longest,
    )


def refined(expected: Forecast, course: Course, threads: int) -> Forecast:
    """The same from the steps that were taken."""
    share = expected.steps / course.taken
    cpu_seconds, seconds = course.cpu_seconds * share, course.seconds * share
    shortest, longest = _spread(cpu_seconds, seconds, threads)
    return replace(
        expected, cpu_seconds=cpu_seconds, shortest_seconds=shortest, longest_seconds=longest
    )


def with_more(expected: Forecast, cpu_seconds: float, seconds: float, threads: int) -> Forecast:
    """The same with so much more that the run does on the way."""
    shortest, longest = _spread(cpu_seconds, seconds, threads)
    return replace(
        expected,
        cpu_seconds=expected.cpu_seconds + cpu_seconds,
        shortest_seconds=expected.shortest_seconds + shortest,
        longest_seconds=expected.longest_seconds + longest,
    )


def _spread(cpu_seconds: float, seconds: float, threads: int) -> tuple[float, float]:
    """From the cores all to itself to a machine that gets busier than it is now."""
    shortest = min(seconds, cpu_seconds / max(1, threads))
    return shortest, max(shortest, seconds) * _SLOWER


def checked(expected: Forecast, course: Course) -> ForecastChecked:
    """What the steps took beside the forecast, which counts for as many steps as were taken."""
    share = course.taken / expected.steps
    return ForecastChecked(
        memory_bytes=course.peak_bytes,
        expected_memory_bytes=expected.probe_bytes or expected.formula_bytes,
        cpu_seconds=course.cpu_seconds,
        expected_cpu_seconds=expected.cpu_seconds * share,
        seconds=course.seconds,
        shortest_seconds=expected.shortest_seconds * share,
        longest_seconds=expected.longest_seconds * share,
    )


class ForecastFile:
    """The newest forecast of a run, in its folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def read(self) -> Forecast | None:
        """The forecast; nothing where none was made, or where it cannot be read."""
        try:
            kept: Forecast = rebuild(Forecast, read_object(self._path))
            return kept
        except (OSError, ValueError, TypeError):
            return None

    def keep(self, expected: Forecast) -> Forecast:
        """Replace the forecast."""
        write_whole(self._path, json.dumps(dataclasses.asdict(expected)).encode())
        return expected


class Meter:
    """Measures time and memory from one lap to the next; pauses are left out."""

    def __init__(self, interruptible: Interruptible, device: TrainingDevice) -> None:
        self._interruptible = interruptible
        self._device = device
        self._knows_peak = False
        self.begin()

    def begin(self) -> None:
        """Begin the first lap."""
        self._knows_peak = self._device.forget_peak()
        self._seconds, self._cpu_seconds = self._interruptible.now(), time.process_time()

    def lap(self) -> tuple[float, float, int]:
        """Seconds and CPU-seconds of this lap, and the peak of private memory so far."""
        seconds, cpu_seconds = self._interruptible.now(), time.process_time()
        lap = seconds - self._seconds, cpu_seconds - self._cpu_seconds
        self._seconds, self._cpu_seconds = seconds, cpu_seconds
        return *lap, self._device.peak_bytes() if self._knows_peak else 0
