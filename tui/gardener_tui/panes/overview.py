"""What the garden holds at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gardener_core.evaluation.held_out import Scores
from gardener_core.events.run import PhaseAdvanced
from gardener_core.store.garden.adapter_files import Partial
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run
from gardener_core.training.retraining.drift import Drift
from gardener_tui.garden import ScreenGarden


@dataclass(frozen=True, slots=True)
class Overview:
    """Projects, runs and adapters, read together; runs come newest first.

    By the id of a run: `subjects` are what runs make, `phases` the current part of live ones,
    `held_out` what their adapters scored, `partials` of which step those are that were ended early.
    `drifts` are how far projects, by their ids, have moved from their active adapters.
    `unlisted` are projects whose folders are there but whose rows were lost.
    """

    projects: tuple[Project, ...] = ()
    runs: tuple[Run, ...] = ()
    adapters: tuple[Adapter, ...] = ()
    subjects: Mapping[str, str] = field(default_factory=dict)
    phases: Mapping[str, PhaseAdvanced] = field(default_factory=dict)
    unlisted: tuple[str, ...] = ()
    held_out: Mapping[str, Scores] = field(default_factory=dict)
    drifts: Mapping[str, Drift] = field(default_factory=dict)
    partials: Mapping[str, Partial] = field(default_factory=dict)

    @classmethod
    def read(cls, garden: ScreenGarden) -> "Overview":
        """Ask the garden for everything that the panes list."""
        projects = tuple(garden.projects.all())
        adapters = tuple(item for project in projects for item in garden.adapters.all(project))
        runs = tuple(garden.runs.all())
        subjects = {run.id: garden.runs.subject(run) for run in runs}
        phases = {run.id: phase for run in runs if (phase := garden.runs.phase(run)) is not None}
        unlisted = tuple(garden.projects.unlisted())
        scored = {item.run: garden.adapters.held_out(item) for item in adapters}
        held_out = {run: score for run, score in scored.items() if score is not None}
        cut = {item.run: part for item in adapters if (part := garden.adapters.partial(item))}
        drifts = {
            project.id: drift for project in projects if (drift := garden.retraining.drift(project))
        }
        return cls(projects, runs, adapters, subjects, phases, unlisted, held_out, drifts, cut)

    @property
    def live(self) -> int:
        """How many runs are live."""
        return sum(run.live for run in self.runs)

    def project(self, project_id: str) -> Project | None:
        """The project with this id, if there is one."""
        return next((item for item in self.projects if item.id == project_id), None)

    def run(self, run_id: str) -> Run | None:
        """The run with this id, if there is one."""
        return next((item for item in self.runs if item.id == run_id), None)

    def name_of_run(self, run: Run) -> str:
        """The version or the model that a run makes, else its kind."""
        made = next((item.version for item in self.adapters if item.run == run.id), "")
        return made or self.subjects.get(run.id, "") or run.kind

    def title_of_run(self, run: Run) -> str:
        """What a run makes, what it does, and for which project: v3 · train acme-web."""
        project = self.project(run.project)
        does = f"{run.kind} {project.name}" if project else run.kind
        name = self.name_of_run(run)
        return does if name == run.kind else f"{name} · {does}"

    def newest_run(self, project: Project) -> Run | None:
        """The newest run of a project."""
        return next((run for run in self.runs if run.project == project.id), None)

    def adapters_of(self, project: Project) -> tuple[Adapter, ...]:
        """The adapters of a project, newest first."""
        return tuple(item for item in self.adapters if item.project == project.id)
