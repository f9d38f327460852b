"""What the garden holds at one moment."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gardener_core.keeping.adapters import Adapter
from gardener_core.keeping.projects import Project
from gardener_core.keeping.runs import Run

if TYPE_CHECKING:
    from gardener_core.garden.door import Garden


@dataclass(frozen=True, slots=True)
class Overview:
    """Projects, runs and adapters, as they were read together; runs come newest first.

    `unlisted` are projects whose folders are there and whose rows were lost.
    """

    projects: tuple[Project, ...] = ()
    runs: tuple[Run, ...] = ()
    adapters: tuple[Adapter, ...] = ()
    unlisted: tuple[str, ...] = ()

    @classmethod
    def read(cls, garden: "Garden") -> "Overview":
        """Ask the garden for everything that the panes list."""
        projects = tuple(garden.projects.all())
        adapters = tuple(item for project in projects for item in garden.adapters.all(project))
        unlisted = tuple(garden.projects.unlisted())
        return cls(projects, tuple(garden.runs.all()), adapters, unlisted)

    @property
    def live(self) -> int:
        """How many runs go on."""
        return sum(run.live for run in self.runs)

    def project(self, project_id: str) -> Project | None:
        """The project with this id, if it is still there."""
        return next((item for item in self.projects if item.id == project_id), None)

    def run(self, run_id: str) -> Run | None:
        """The run with this id, if it is still there."""
        return next((item for item in self.runs if item.id == run_id), None)

    def name_of_run(self, run: Run) -> str:
        """The version that came of it, or its kind."""
        made = next((item for item in self.adapters if item.run == run.id), None)
        return made.version if made else run.kind

    def newest_run(self, project: Project) -> Run | None:
        """The newest run of a project."""
        return next((run for run in self.runs if run.project == project.id), None)

    def adapters_of(self, project: Project) -> tuple[Adapter, ...]:
        """The adapters of a project, newest first."""
        return tuple(item for item in self.adapters if item.project == project.id)
