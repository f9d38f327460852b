"""Write the curves of a run for TensorBoard."""

from collections.abc import Callable, Iterator
from pathlib import Path

from gardener_core.events.train import HeldOutScored, Scored, StepDone
from gardener_core.events.union import Event
from gardener_core.export.tensorboard import ScalarFile
from gardener_core.jobs.follow import Steps, TimedEvent, never, read_run

METRICS = ("loss", "learning_rate", "gradient_norm", "tokens_a_second", "memory_bytes")


def follow_into(
    folder: Path, started: float, target: Path, stop: Callable[[], bool] = never
) -> Iterator[list[Event]]:
    """Follow a run from its beginning, and write every number of it into a folder on the way.

    The time of a point is that of the run's start and the seconds that it had worked. Steps of
    which a past run has columns are written and not given.
    """
    path = target / folder.name / f"events.out.tfevents.{int(started)}.gardener"
    with ScalarFile(path) as file:
        for batch in read_run(folder, stop):
            for item in batch:
                if isinstance(item, Steps):
                    _add_columns(file, item, started)
                else:
                    _add(file, item, started)
            file.flush()
            yield [item.event for item in batch if isinstance(item, TimedEvent)]


def _add_columns(file: ScalarFile, steps: Steps, started: float) -> None:
    for name in METRICS:
        values = getattr(steps, name)
        for step, value, seconds in zip(steps.step, values, steps.seconds, strict=True):
            if value or name == "loss":
                file.add(f"{steps.kind}/{name}", int(step), value, started + seconds)


def _add(file: ScalarFile, item: TimedEvent, started: float) -> None:
    at = started + item.seconds
    match item.event:
        case StepDone() as done:
            for name in METRICS:
                value = getattr(done, name)
                if value or name == "loss":
                    file.add(f"{done.kind}/{name}", done.step, value, at)
        case HeldOutScored(step=step, bits_per_byte=bits):
            file.add("train/held_out_bits_per_byte", step, bits, at)
        case Scored(when=when, measure=measure, value=value):
            file.add(f"{measure}/{when}", 0, value, at)
        case _:
            pass
