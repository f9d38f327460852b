"""Predict what a training run will do."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from gardener_core.code.files.listing import read_sources
from gardener_core.errors import Damaged
from gardener_core.evaluation.held_out import SCORES
from gardener_core.evaluation.sample import sample_files
from gardener_core.evaluation.split import SourceFile, Split, split_files
from gardener_core.events.run import Phase
from gardener_core.jobs.follow import read_run
from gardener_core.jobs.phases import COUNTED, Phases
from gardener_core.jobs.spec import TrainSpec, read_spec
from gardener_core.models.store import ModelStore
from gardener_core.store.garden.runs import Run
from gardener_core.system.files.regular import read_object
from gardener_core.system.places import Places
from gardener_core.training.forecasts.fitting import TrainingFit

FEWEST_STEPS = 3  # fewer steps are no basis for a prediction


@dataclass(frozen=True, slots=True)
class Expected:
    """The expected seconds of a phase, from the pace of an earlier run."""

    phase: Phase
    seconds: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a training run will do, and how long it takes if known.

    `grow_steps` is 0 if the base exists; `measured` is the run whose pace was used, empty if
    nothing with this base and these rows was ever trained on this machine. `fitting` says how much
    memory it takes, and what had to change for that; None for a base that is not there yet.
    """

    project: str
    base: str
    grow_steps: int
    steps: int
    tokens: int
    train_files: int
    held_out_files: int
    ahead: int
    expected: tuple[Expected, ...] = ()
    measured: str = ""
    fitting: TrainingFit | None = None

    @property
    def seconds(self) -> float | None:
        """The expected seconds without growing the base; None if not known."""
        return sum(item.seconds for item in self.expected) if self.expected else None


def outlook_of(
    spec: TrainSpec,
    root: Path,
    places: Places,
    grows: bool,
    runs: Iterable[Run],
    fitting: TrainingFit | None = None,
) -> Outlook:
    """Count the files, and find an earlier run of the same base and rows.

    `runs` are all runs of this machine, newest first.
    """
    split = split_files([SourceFile(path, text) for path, text in read_sources(root)])
    training, all_runs = spec.training, list(runs)
    outlook = Outlook(
        project=spec.project,
        base=spec.base,
        grow_steps=spec.grow_steps if grows else 0,
        steps=training.steps,
        tokens=training.steps * training.rows_a_step * training.sequence_tokens,
        train_files=len(split.train),
        held_out_files=len(split.held_out),
        ahead=sum(run.live and run.heavy for run in all_runs),
        fitting=fitting,
    )
    base_bytes = sum(base.bytes for base in ModelStore(places).all() if base.name == spec.base)
    for run in all_runs:
        if run.kind == "train" and run.step >= FEWEST_STEPS:
            expected = _expected(spec, split, places.run(run.id), base_bytes)
            if expected:
                return replace(outlook, expected=expected, measured=run.id)
    return outlook


def _expected(spec: TrainSpec, split: Split, folder: Path, base_bytes: int) -> tuple[Expected, ...]:
    """The three long phases, from an earlier run's pace."""
    try:
        earlier = read_spec(folder)
    except Damaged:
        return ()
    if isinstance(earlier, TrainSpec) and _step_factors(earlier) == _step_factors(spec):
        return _paced(spec, split, folder, base_bytes)
    return ()


def _step_factors(spec: TrainSpec) -> tuple[object, ...]:
    """Everything that the time of a step depends on."""
    training = spec.training
    return spec.base, training.sequence_tokens, training.rows_a_step, training.threads


def _paced(spec: TrainSpec, split: Split, folder: Path, base_bytes: int) -> tuple[Expected, ...]:
    parts = _phases(folder).parts
    training, before = parts.get("training"), parts.get("scoring before")
    after = parts.get("scoring after") or before
    scored_bytes = _scored_bytes(folder)
    if training is None or before is None or after is None or not scored_bytes:
        return ()
    if training.counted < FEWEST_STEPS:
        return ()
    sample = sample_files(split.held_out, base_bytes)
    held_out = sum(len(file.text.encode()) for file in sample.files) / scored_bytes
    times = (
        _times(before.seconds_of_all, held_out),
        spec.training.steps * training.seconds / training.counted,
        _times(after.seconds_of_all, held_out),
    )
    return tuple(
        Expected(phase, seconds)
        for phase, seconds in zip(COUNTED, times, strict=True)
        if seconds is not None
    )


def _times(seconds: float | None, factor: float) -> float | None:
    return None if seconds is None else seconds * factor


def _phases(folder: Path) -> Phases:
    phases = Phases()
    for batch in read_run(folder):
        if not batch:
            break  # still live; its events so far are enough
        for item in batch:
            phases.take(item)
    return phases


def _scored_bytes(folder: Path) -> int:
    """The size of the text that an earlier run scored."""
    try:
        arms = read_object(folder / SCORES)["arms"]
        return sum(int(item["bytes"]) for item in arms["before"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0
