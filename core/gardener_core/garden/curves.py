"""Hand the curves of runs to other programs."""

from collections.abc import Iterator
from pathlib import Path

from gardener_core.events.train import HeldOutScored, Scored, StepDone
from gardener_core.events.union import Event
from gardener_core.export.tensorboard import ScalarFile
from gardener_core.jobs.follow import Steps, TimedEvent, read_run
from gardener_core.store.garden.runs import Run
from gardener_core.system.places import Places

METRICS = ("loss", "learning_rate", "gradient_norm", "tokens_a_second", "memory_bytes")


class Curves:
    """The numbers of runs, as other programs read them."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def follow_into(self, run: Run, target: Path) -> Iterator[list[Event]]:
        """Follow a run from its beginning, and write every number of it for TensorBoard.

        The time of a point is that of the run's start and the seconds that it had worked. Steps
        of which a past run has columns are written and not given.
        """
        path = target / run.id / f"events.out.tfevents.{int(run.started)}.gardener"
        with ScalarFile(path) as file:
            for batch in read_run(self._places.run(run.id)):
                for item in batch:
                    if isinstance(item, Steps):
                        _add_columns(file, item, run.started)
                    else:
                        _add(file, item, run.started)
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
