"""Updates of adapters that follow a script."""

from collections.abc import Callable

from gardener_core.errors import NothingToLearn
from gardener_core.garden.retraining import Retraining, UpdatePlan
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run
from gardener_core.training.retraining.by_itself import Decision
from gardener_core.training.retraining.drift import Drift


class ScriptedRetraining(Retraining):
    """Says what a test says, and starts runs by the function that it is given."""

    def __init__(self, begin: Callable[[str], Run]) -> None:
        self.begin = begin
        self.drifts: dict[str, Drift] = {}
        self.next: UpdatePlan | None = None
        self.due = False
        self.asked: list[str] = []

    def drift(self, project: Project) -> Drift | None:
        return self.drifts.get(project.id)

    def plan(self, project: Project) -> UpdatePlan:
        if self.next is None:
            raise NothingToLearn("Nothing changed since adapter v1 was trained.", hint="")
        return self.next

    def update(self, project: Project) -> Run:
        self.plan(project)
        return self.begin(project.id)

    def by_itself(self, project: Project, *, enabled: bool | None = None) -> tuple[Decision, str]:
        self.asked.append(project.name)
        if not self.due:
            return Decision("none", "training.by_itself is off"), ""
        return Decision("update", "12 of 100 symbols changed"), self.update(project).id
