"""Start, follow and steer runs."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, assert_never, cast

from gardener_core.errors import BadInput, Damaged
from gardener_core.events.run import PhaseAdvanced
from gardener_core.events.union import Event
from gardener_core.garden.run_specs import RunSpecs
from gardener_core.garden.settings import SettingsDoor
from gardener_core.jobs import runner
from gardener_core.jobs.folder import is_alive
from gardener_core.jobs.follow import (
    Batch,
    current_run,
    failure_of,
    follow,
    never,
    read_run,
    run_status,
)
from gardener_core.jobs.spec import (
    DataSpec,
    DeploySpec,
    ExportSpec,
    GrowSpec,
    IndexSpec,
    PullSpec,
    ScoreSpec,
    Spec,
    SurveySpec,
    TrainSpec,
    read_spec,
)
from gardener_core.models.catalogue.entry import CatalogueEntry
from gardener_core.settings.presets import Preset
from gardener_core.store.garden.adapters import Adapter, AdapterTable
from gardener_core.store.garden.audit import AuditLog
from gardener_core.store.garden.dropped_runs import RunFolders
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.garden.retention import expired_runs
from gardener_core.store.garden.runs import Run, RunTable
from gardener_core.system.lazy import load
from gardener_core.system.places import Places

if TYPE_CHECKING:
    from gardener_core.jobs.outlook import Outlook

_ENTERED = {
    "train": "training started", "score": "scoring started", "export": "export started",
    "pull": "model pulled", "deploy": "deployment started",
}  # fmt: skip


class Runs:
    """Every run of this garden: start, follow, pause, stop, drop."""

    def __init__(
        self,
        places: Places,
        table: RunTable,
        projects: ProjectTable,
        adapters: AdapterTable,
        audit: AuditLog,
        settings: SettingsDoor,
    ) -> None:
        self._places = places
        self._table = table
        self._folders = RunFolders(places, table)
        self._projects = projects
        self._adapters = adapters
        self._audit = audit
        self._settings = settings
        self._specs = RunSpecs(places, settings)
        self._subjects: dict[str, str] = {}  # a spec never changes
        self._failures: dict[str, str] = {}  # of runs that have ended
        self._phases: dict[str, PhaseAdvanced | None] = {}

    def survey(self, project: Project, *, then_index: bool = False) -> Run:
        """Count a project's files, lines and languages; then index it, whoever looks on."""
        return self.start(self._specs.survey(project, then_index))

    def index_after(self, survey: Run) -> str:
        """The id of the index run that a survey starts; empty where it starts none."""
        spec = read_spec(self._folder(survey.id))
        return spec.index_run if isinstance(spec, SurveySpec) else ""

    def index(self, project: Project, *, full: bool = False, even_if_empty: bool = False) -> Run:
        """Bring an index up to date; a project whose files are gone is an error, unless allowed."""
        return self.start(self._specs.index(project, full, even_if_empty))

    def outlook(
        self,
        project: Project,
        *,
        base: str | None = None,
        steps: int | None = None,
        preset: Preset | None = None,
    ) -> "Outlook":
        """What training would do, and how long it takes where that was measured here."""
        spec = self._specs.train(project, base, steps, fit=True, preset=preset)
        grows, fit = self._specs.grows(spec), self._specs.fitting(project, base)
        made = load("gardener_core.jobs.outlook").outlook_of
        return cast("Outlook", made(spec, project.path, self._places, grows, self.all(), fit))

    def train(
        self,
        project: Project,
        *,
        base: str | None = None,
        steps: int | None = None,
        rows_a_step: int | None = None,
        control: Adapter | None = None,
        measured: bool = True,
        fit: bool = False,
        preset: Preset | None = None,
    ) -> Run:
        """Train an adapter on a project, measured on held-out files unless that is not wanted.

        The adapter of another project is a control that is measured too. Where memory is short, a
        run that may `fit` takes shorter rows or a smaller base.
        """
        spec = self._specs.train(project, base, steps, rows_a_step, control, measured, fit, preset)
        return self.begin_training(spec)

    def begin_training(self, spec: TrainSpec) -> Run:
        """Start a training as its spec has it; what was refused has taken no version."""
        return self.start(replace(spec, version=self._projects.next_version(spec.project)))

    def data(self, project: Project, *, base: str | None = None) -> Run:
        """Prepare the rows that training would read."""
        return self.start(self._specs.data(project, base))

    def grow(self, *, steps: int | None = None) -> Run:
        """Grow the seedling."""
        return self.start(self._specs.grow(steps))

    def pull(self, entry: CatalogueEntry, source: str = "") -> Run:
        """Get a model of the catalogue; a run that gets it already is given instead."""
        return self._pull(self._specs.pull(entry, source))

    def pull_by_ollama(self, name: str, source: str = "") -> Run:
        """Let the Ollama server get a model by its own name, after `ollama:`."""
        return self._pull(self._specs.pull_by_ollama(name, source))

    def pulls(self) -> list[Run]:
        """The live runs that get models, newest first."""
        return [run for run in self.all() if run.kind == PullSpec.kind and run.live]

    def all(self, project: Project | None = None) -> list[Run]:
        """Every run, newest first, as the folders show it now."""
        return [self._current(run) for run in self._table.all(project.id if project else None)]

    def find(self, run_id: str) -> Run:
        """One run."""
        return self._current(self._table.get(run_id))

    def follow(self, run_id: str, stop: Callable[[], bool] = never) -> Iterator[list[Event]]:
        """Every event of a run in batches; an empty batch means caught up, still live."""
        return follow(self._folder(run_id), stop)

    def read(self, run_id: str, stop: Callable[[], bool] = never) -> Iterator[Batch]:
        """The same with the run's own clock, and the steps of a long run in columns, at once."""
        return read_run(self._folder(run_id), stop)

    def phase(self, run: Run) -> PhaseAdvanced | None:
        """The phase and progress of a live run when it was last read."""
        return self._phases.get(run.id) if run.live else None

    def failure(self, run: Run) -> str:
        """What a run that has ended failed with; empty where it did not fail."""
        if run.id not in self._failures:
            self._failures[run.id] = failure_of(self._places.run(run.id))
        return self._failures[run.id]

    def subject(self, run: Run) -> str:
        """What a run makes: the version of an adapter, or the name of a base model."""
        if run.id not in self._subjects:
            try:
                self._subjects[run.id] = _subject(read_spec(self._places.run(run.id)))
            except Damaged:
                return ""
        return self._subjects[run.id]

    def pause(self, run_id: str) -> None:
        """Pause a run after its present step."""
        runner.request(self._folder(run_id), "pause")

    def resume(self, run_id: str) -> Run:
        """Continue a paused run, or start one that has ended again from its checkpoint."""
        folder = self._folder(run_id)
        run = self.find(run_id)
        if not run.live:
            runner.wait_for_end(folder)
        if is_alive(folder):
            runner.request(folder, "go")
            return self.find(run_id)
        if run.finished:
            raise BadInput(f"Run {run_id} has finished.", hint="Start a new one.")
        runner.revive(folder)
        return self._keep(current_run(folder, run))

    def has_process(self, run_id: str) -> bool:
        """Whether its process is still there, even if it has written its last event."""
        return is_alive(self._folder(run_id))

    def stop(self, run_id: str) -> None:
        """Ask a run to stop after its present step; one that has ended stays as it is."""
        folder = self._folder(run_id)
        if is_alive(folder):
            runner.request(folder, "stop")

    def keep(self, run_id: str) -> Run:
        """Stop a training run, and make an adapter of the best that it has learned so far."""
        folder = self._folder(run_id)
        if not isinstance(read_spec(folder), TrainSpec) or self.find(run_id).finished:
            raise BadInput(f"Run {run_id} has nothing to keep.", hint="It trains no adapter now.")
        runner.end(folder, "stop")
        runner.keep(folder)
        return self._keep(current_run(folder, self._table.get(run_id)))

    def drop(self, run_id: str) -> Run:
        """Stop a run and move it into the trash for seven days, with all it has made so far.

        A run that made an adapter cannot be dropped.
        """
        run = self._table.get(run_id)
        made = self._adapters.runs_of(run.project).get(run.id)
        if made is not None:
            what = f"Run {run.id} made adapter {made}, and is its record."
            raise BadInput(what, hint="Only a run of which no adapter came can be dropped.")
        runner.end(self._folder(run_id), "drop")
        run = self.find(run_id)
        self._folders.drop(run)
        self._audit.record("run dropped", run.project, f"{run.kind} run {run.id}")
        return run

    def dropped(self) -> list[str]:
        """The runs in the trash, by their ids."""
        return self._folders.dropped()

    def restore(self, run_id: str) -> Run:
        """Take a dropped run out of the trash."""
        self._folders.restore(run_id)
        folder = self._places.run(run_id)
        spec = read_spec(folder)
        starting = Run(run_id, spec.kind, spec.project, spec.created, "starting")
        return self._keep(current_run(folder, starting))

    def recover(self) -> None:
        """Update the list from the folders of live runs, and empty the trash of expired ones."""
        for run in self._table.all():
            current = self._current(run)
            if current != run:
                self._keep(current)
        self._folders.recover()

    def checkpoint(self, run_id: str) -> None:
        """Ask a run for a checkpoint."""
        runner.request_checkpoint(self._folder(run_id))

    def _pull(self, spec: PullSpec) -> Run:
        for run in self.pulls():
            if self.subject(run) == spec.model:
                return run
        return self.start(spec)

    def start(self, spec: Spec) -> Run:
        """Start a run of any kind."""
        runner.start(self._places.run(spec.run), spec)
        run = self._keep(Run(spec.run, spec.kind, spec.project, spec.created, "starting"))
        if spec.kind in _ENTERED:
            self._audit.record(_ENTERED[spec.kind], spec.project, f"run {spec.run}")
        self._delete_old(spec.project)
        return run

    def _delete_old(self, project: str) -> None:
        """Delete old runs."""
        needed = self._adapters.runs_of(project)
        runs = [self._current(run) for run in self._table.all(project)]
        for run in expired_runs(runs, self._settings.current().runs.keep, needed):
            if not is_alive(self._places.run(run.id)):  # it may just have been revived
                self._folders.delete(run.id)

    def _current(self, run: Run) -> Run:
        """A run as its folder shows it now; the row of one that has ended is final."""
        if not run.live:
            return run
        self._failures.pop(run.id, None)  # it may have been resumed
        status = run_status(self._places.run(run.id), run)
        self._phases[run.id] = status.phase
        return status.run

    def _keep(self, run: Run) -> Run:
        self._table.keep(run)
        return run

    def _folder(self, run_id: str) -> Path:
        return self._places.run(self._table.get(run_id).id)


def _subject(spec: Spec) -> str:
    match spec:
        case TrainSpec(version=version) | ScoreSpec(version=version):
            return version
        case ExportSpec(version=version) | DeploySpec(version=version):
            return version
        case GrowSpec(model=model) | PullSpec(model=model):
            return model
        case SurveySpec() | IndexSpec() | DataSpec():
            return ""
        case _:
            assert_never(spec)
