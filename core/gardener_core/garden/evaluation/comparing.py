"""Put two adapters or two runs beside each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gardener_core.errors import BadInput, GardenError, Remedy
from gardener_core.evaluation.card.items import Item
from gardener_core.evaluation.comparing.figures import (
    ComparedFigure,
    MeasuredAdapter,
    compared_figures,
)
from gardener_core.evaluation.comparing.shared_items import shared_items
from gardener_core.events.train import HeldOutScored, StepDone
from gardener_core.garden.adapters import Adapters
from gardener_core.garden.data import RUN_ROWS
from gardener_core.garden.evaluation.scores import Scores
from gardener_core.garden.runs import Runs
from gardener_core.jobs.follow import Steps, TimedEvent
from gardener_core.jobs.spec import TrainSpec, read_spec
from gardener_core.settings.schema import TrainingSettings
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run
from gardener_core.store.manifest import read_manifest
from gardener_core.system.places import Places
from gardener_core.training.data.kept.folder import ROWS, RowFolder
from gardener_core.training.data.kept.report import DataReport


@dataclass(frozen=True, slots=True)
class LearnedRows:
    """What a run learned from: the counts, and the sha256 of its rows."""

    sha256: str
    report: DataReport


@dataclass(frozen=True, slots=True)
class Curve:
    """The loss of every step, and what was scored on held-out files on the way."""

    steps: tuple[int, ...] = ()
    loss: tuple[float, ...] = ()
    held_out_steps: tuple[int, ...] = ()
    held_out: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """An adapter or a run, with all that is known of it; what there is not is None."""

    name: str
    run: Run | None
    adapter: Adapter | None
    base: str = ""
    training: TrainingSettings | None = None
    parent: str = ""
    rows: LearnedRows | None = None
    measured: MeasuredAdapter | None = None

    @property
    def items(self) -> Sequence[Item]:
        """What was measured of it."""
        return self.measured.items if self.measured else ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two of them; the samples hold what both wrote in the same place."""

    first: Side
    second: Side
    figures: tuple[ComparedFigure, ...]
    samples: tuple[Item, ...]

    @property
    def unmeasured(self) -> tuple[Side, ...]:
        """Those without a card, so that no figure is compared."""
        return tuple(one for one in (self.first, self.second) if one.measured is None)


class Comparing:
    """Two adapters or runs beside each other."""

    def __init__(self, places: Places, adapters: Adapters, runs: Runs, scores: Scores) -> None:
        self._places = places
        self._adapters = adapters
        self._runs = runs
        self._scores = scores

    def of_names(self, project: Project, first: str, second: str) -> Comparison:
        """Compare two, each by the version of an adapter or the id of a run of a project."""
        return self.of(self.named(project, first), self.named(project, second))

    def of(self, first: Side, second: Side) -> Comparison:
        """Compare two: every figure on what both were given, and samples."""
        figures: tuple[ComparedFigure, ...] = ()
        if first.measured and second.measured:
            figures = compared_figures(first.measured, second.measured)
        return Comparison(first, second, figures, tuple(samples_of(first.items, second.items)))

    def named(self, project: Project, name: str) -> Side:
        """An adapter by its version, or a run of the project by its id."""
        for adapter in self._adapters.all(project):
            if adapter.version == name:
                return self.of_adapter(adapter)
        for run in self._runs.all(project):
            if run.id == name:
                return self.of_run(run)
        raise BadInput(
            f"{project.name} has neither an adapter nor a run {name!r}.",
            remedy=Remedy("list adapters", project.name),
        )

    def of_adapter(self, adapter: Adapter) -> Side:
        """An adapter, with its run where that is still kept."""
        try:
            run: Run | None = self._runs.find(adapter.run)
        except GardenError:
            run = None
        return self._side(adapter.version, run, adapter)

    def of_run(self, run: Run) -> Side:
        """A run, with the adapter that it made, if it has made one."""
        made = self._adapters.made_by(run)
        return self._side(made.version if made else f"run {run.id}", run, made)

    def curve(self, side: Side) -> Curve:
        """The curve of its run as far as it has come."""
        steps: list[int] = []
        loss: list[float] = []
        held_out: list[tuple[int, float]] = []
        for item in self._told(side):
            if isinstance(item, Steps):
                if item.kind == "train":
                    steps += map(int, item.step)
                    loss += item.loss
            elif isinstance(item.event, StepDone) and item.event.kind == "train":
                steps.append(item.event.step)
                loss.append(item.event.loss)
            elif isinstance(item.event, HeldOutScored):
                held_out.append((item.event.step, item.event.bits_per_byte))
        at, bits = zip(*held_out, strict=True) if held_out else ((), ())
        return Curve(tuple(steps), tuple(loss), tuple(at), tuple(bits))

    def _told(self, side: Side) -> Iterator[TimedEvent | Steps]:
        for batch in self._runs.read(side.run.id) if side.run else ():
            if not batch:  # a live run has told no more yet
                return
            yield from batch

    def _side(self, name: str, run: Run | None, adapter: Adapter | None) -> Side:
        spec = self._spec(run)
        measured = self._measured(adapter) if adapter else None
        base = adapter.base if adapter else spec.base if spec else ""
        if spec is None:
            return Side(name, run, adapter, base, measured=measured)
        rows = self._rows(spec)
        return Side(name, run, adapter, base, spec.training, spec.parent, rows, measured)

    def _spec(self, run: Run | None) -> TrainSpec | None:
        if run is None or run.kind != "train":
            return None
        try:
            spec = read_spec(self._places.run(run.id))
        except GardenError:
            return None
        return spec if isinstance(spec, TrainSpec) else None

    def _rows(self, spec: TrainSpec) -> LearnedRows | None:
        folder = RowFolder(self._places.run(spec.run) / RUN_ROWS)
        try:
            if not folder.exists():
                return None
            return LearnedRows(read_manifest(folder.path)[ROWS].sha256, folder.report())
        except (GardenError, KeyError):
            return None

    def _measured(self, adapter: Adapter) -> MeasuredAdapter | None:
        card = self._scores.card(adapter)
        return MeasuredAdapter(card, self._scores.items(adapter)) if card else None


def samples_of(first: Sequence[Item], second: Sequence[Item]) -> Iterator[Item]:
    """What both wrote in the same places, those where they differ first.

    With context where both had it, since that is what a person gets.
    """
    for arm in ("adapter_context", "adapter"):
        shared = [one for one in shared_items(first, second, arm) if one.measure == "statement"]
        if shared:
            yield from sorted(shared, key=lambda one: one.arms["base"] == one.arms["adapter"])
            return
