"""Update adapters as their projects change."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gardener_core.code.files.history import open_history
from gardener_core.errors import AdapterMissing, BadInput, GardenError, NothingToLearn, Remedy
from gardener_core.garden.run_specs import RunSpecs
from gardener_core.garden.runs import Runs
from gardener_core.garden.settings import SettingsDoor
from gardener_core.jobs.spec import TrainSpec, read_spec
from gardener_core.store.garden.adapter_files import require_whole
from gardener_core.store.garden.adapters import Adapter, AdapterTable
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run
from gardener_core.system.hardware import reason_to_wait, usable_cores
from gardener_core.system.log import Log
from gardener_core.system.places import Places
from gardener_core.training.retraining.by_itself import Decision, Situation, decide
from gardener_core.training.retraining.drift import Drift, DriftMeter, new_files
from gardener_core.training.retraining.learned import FILE, Learned, read_learned
from gardener_core.training.retraining.steps import update_steps

# A screen asks for it; a project's files are looked at no more often.
DRIFT_SECONDS = 30.0
MOST_COMMITS = 1000
OFF = decide(Situation(enabled=False))
IDLE_SHARE = 0.5  # of the cores, over a minute


@dataclass(frozen=True, slots=True)
class UpdatePlan:
    """What an update would do: go on from a version, so many steps for what changed."""

    version: str
    base: str
    steps: int
    full_steps: int
    drift: Drift
    spec: TrainSpec


@dataclass(slots=True)
class _Watched:
    """The drift of an adapter, measured now and then."""

    version: str
    meter: DriftMeter
    measured: Drift
    at: float


class Retraining:
    """How far each project has moved from its adapter, and updates that make up for it."""

    def __init__(
        self,
        places: Places,
        runs: Runs,
        adapters: AdapterTable,
        settings: SettingsDoor,
        log: Log,
    ) -> None:
        self._places = places
        self._runs = runs
        self._adapters = adapters
        self._settings = settings
        self._log = log
        self._specs = RunSpecs(places, settings)
        self._watched: dict[str, _Watched] = {}

    def drift(self, project: Project) -> Drift | None:
        """How far a project has moved from its adapter; None where no record tells.

        That is the active one, else the newest. The figure is at most half a minute old.
        """
        version = self._version(project)
        watched = self._watched.get(project.id)
        if watched is None or watched.version != version:
            learned = read_learned(self._folder(project, version)) if version else None
            if learned is None:
                return None
            meter = DriftMeter(project.path, learned)
            watched = _Watched(version, meter, meter.measure(), time.monotonic())
            self._watched[project.id] = watched
        elif time.monotonic() - watched.at > DRIFT_SECONDS:
            watched.measured, watched.at = watched.meter.measure(), time.monotonic()
        return watched.measured

    def drift_of(self, project: Project, adapter: Adapter) -> Drift | None:
        """The same of any version, measured now."""
        learned = read_learned(self._folder(project, adapter.version))
        return DriftMeter(project.path, learned).measure() if learned else None

    def plan(self, project: Project) -> UpdatePlan:
        """What an update of the adapter would do; an error says why there is none.

        It goes on from the active one, else from the newest.
        """
        version = self._version(project)
        if not version:
            raise AdapterMissing(
                f"{project.name} has no adapter that could be updated.",
                remedy=Remedy("train", project.name),
            )
        adapter = self._adapters.get(project.id, version)
        require_whole(self._folder(project, adapter.version), adapter.version, project.name)
        learned = self._learned(project, adapter)
        drift = self._drift_now(project, learned)
        if not drift.has_changed:
            raise NothingToLearn(
                f"Nothing changed since adapter {adapter.version} was trained: all its "
                f"{drift.symbols:,} symbols are as they were, and no file is new.",
                hint="It is up to date.",
            )
        made_by = self._made_by(project, adapter)
        files = sum(bool(file.pieces) for file in learned.files.values())
        steps = update_steps(learned.full_steps, drift, drift.new_files / max(1, files))
        spec = self._specs.update(project, adapter, made_by, steps, learned.full_steps)
        return UpdatePlan(adapter.version, adapter.base, steps, learned.full_steps, drift, spec)

    def update(self, project: Project) -> Run:
        """Learn what changed since the active adapter was trained, going on from it."""
        return self._runs.begin_training(self.plan(project).spec)

    def decision(self, project: Project, *, enabled: bool | None = None) -> Decision:
        """Whether a training would start by itself now, and why, or why not.

        The settings say whether it may, unless the caller does.
        """
        training = self._settings.current(project).training
        may = training.by_itself if enabled is None else enabled
        if not may:
            return decide(Situation(enabled=False))
        if obstacle := self._obstacle(project):
            return decide(Situation(enabled=True, obstacle=obstacle))
        trained = any(run.kind == "train" for run in self._runs.all(project))
        version = self._version(project)
        if not version:
            return decide(Situation(enabled=True, was_trained=trained))
        learned = read_learned(self._folder(project, version))
        drift = self._drift_now(project, learned) if learned else None
        commits = 0
        if learned and learned.commit:
            with open_history(project.path) as history:
                commits = history.since(learned.commit, MOST_COMMITS)
        return decide(
            Situation(True, "", version, trained, drift, commits),
        )

    def by_itself(self, project: Project, *, enabled: bool | None = None) -> tuple[Decision, str]:
        """Start what is due; the decision, and the run's id where one was started.

        What was decided stands in the log.
        """
        decision = self.decision(project, enabled=enabled)
        run = ""
        try:
            if decision.kind == "train":
                run = self._runs.train(project).id
            elif decision.kind == "update":
                run = self.update(project).id
        except GardenError as problem:
            decision = Decision("none", problem.what)
        if decision.why != OFF.why:
            did = f"started run {run}" if run else "nothing started"
            self._log.note(f"training by itself: {did}", f"{project.name}: {decision.why}")
        return decision, run

    def outlook(self, projects: Sequence[Project]) -> str:
        """In words, what would start by itself now, and why the rest would not."""
        decided = [(project.name, self.decision(project)) for project in projects]
        kinds = {"train": "a training is due", "update": "an update is due", "none": "not now"}
        said = [
            f"{name}: {kinds[one.kind]}, {one.why}" for name, one in decided if one.why != OFF.why
        ]
        return "; ".join(said) or f"No: {OFF.why}."

    def _obstacle(self, project: Project) -> str:
        """What speaks against any training now."""
        if project.state != "ready":
            return f"the project is {project.state}"
        live = next((run for run in self._runs.all() if run.live), None)
        if live is not None:
            return f"run {live.id} is not over"
        last = next((run for run in self._runs.all(project) if run.kind == "train"), None)
        if last is not None and not last.finished:
            return f"its last training, run {last.id}, {last.state}"
        load = os.getloadavg()[0]
        if load > IDLE_SHARE * usable_cores():
            return f"the machine is busy (load {load:.1f} on {usable_cores()} cores)"
        return reason_to_wait().rstrip(".")

    def _drift_now(self, project: Project, learned: Learned) -> Drift:
        measured = DriftMeter(project.path, learned).measure()
        return replace(measured, new_files=new_files(project.path, learned))

    def _learned(self, project: Project, adapter: Adapter) -> Learned:
        folder = self._folder(project, adapter.version)
        learned = read_learned(folder)
        if learned is None:
            was = "cannot be read" if (folder / FILE).exists() else "was not kept by older programs"
            raise BadInput(
                f"Adapter {adapter.version} cannot be updated: the record of what it has learned "
                f"{was}.",
                hint="Train once from the base; that one can be updated.",
                remedy=Remedy("train", project.name),
            )
        return learned

    def _made_by(self, project: Project, adapter: Adapter) -> TrainSpec:
        try:
            spec = read_spec(self._places.run(adapter.run))
        except GardenError:
            spec = None
        if not isinstance(spec, TrainSpec):
            raise BadInput(
                f"Adapter {adapter.version} cannot be updated: the run that made it is not here.",
                hint="Train once from the base; that one can be updated.",
                remedy=Remedy("train", project.name),
            )
        return spec

    def _version(self, project: Project) -> str:
        """The active adapter, else the newest; empty where there is none."""
        if project.adapter:
            return project.adapter
        adapters = self._adapters.of_project(project.id)
        return next((one.version for one in adapters if one.state != "archived"), "")

    def _folder(self, project: Project, version: str) -> Path:
        return self._places.adapters(project.id) / version
