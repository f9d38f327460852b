"""Switch from one project to another."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from gardener_core.answers.conversation.tree import Conversation
from gardener_core.engine.client import Engine, never
from gardener_core.engine.protocol import SwitchRequest
from gardener_core.errors import ProjectMissing, Remedy
from gardener_core.events.switch import MemoryUse, Switched
from gardener_core.garden.chats.conversations import Conversations
from gardener_core.garden.chats.questions import Chats
from gardener_core.garden.settings import SettingsDoor
from gardener_core.models.serving.served import EngineSetting
from gardener_core.store.database import Database
from gardener_core.store.garden.adapters import Adapter, AdapterTable
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.garden.switches import GuessShare, SwitchReport, SwitchTable
from gardener_core.system.hardware import reason_to_wait
from gardener_core.system.lazy import load
from gardener_core.system.places import Places

if TYPE_CHECKING:
    from gardener_core.upkeep.bench_project import Result

USUAL_REPORTS = 20


@dataclass(frozen=True, slots=True)
class Wished:
    """What is to answer in a project: a base, empty for none, and a version of its adapters.

    `without` says why the project's adapter is not asked for.
    """

    base: str = ""
    adapter: str = ""
    without: str = ""


class Switching:
    """Makes projects ready to be asked, and keeps what each switch took."""

    def __init__(
        self,
        places: Places,
        database: Database,
        engine: Engine,
        chats: Chats,
        conversations: Conversations,
        settings: SettingsDoor,
    ) -> None:
        self._places = places
        self._engine = engine
        self._chats = chats
        self._conversations = conversations
        self._settings = settings
        self._projects = ProjectTable(database)
        self._adapters = AdapterTable(database)
        self._table = SwitchTable(database)

    def require(self, project: Project) -> Project:
        """The project as it is now; refused where it is gone."""
        now = self._projects.get(project.id)
        if not self._places.project(project.id).is_dir():
            raise ProjectMissing(
                f"What is kept of {project.name} is not there.",
                remedy=Remedy("repair", project.name),
            )
        return now

    def wished(self, project: Project, model: str = "", *, adapter: bool = True) -> Wished:
        """What is to answer: the named base, else the adapter's, else one that explains."""
        version = project.adapter if adapter else ""
        trained_on = self._adapters.get(project.id, version).base if version else ""
        base = model or trained_on or self._chats.explainer(project)[0]
        if version and base != trained_on:
            why = f"{version} was trained on {trained_on}, not on {base}."
            return Wished(base, "", why if base else "")
        return Wished(base, version)

    def turn(
        self,
        project: Project,
        wished: Wished,
        *,
        spare: bool = True,
        cancelled: Callable[[], bool] = never,
    ) -> Switched:
        """Let the engine load what answers in a project; with `spare` only where there is room."""
        request = replace(self._request(project, wished), spare=spare)
        return self._result(request, cancelled)

    def warm(self, project: Project, cancelled: Callable[[], bool] = never) -> Switched | None:
        """Load what a project will need, beside what is in use; None where that is not wanted."""
        if not self._settings.current(project).models.guess_next or reason_to_wait(running=False):
            return None
        request = self._request(project, self.wished(project))
        return self._result(replace(request, spare=True, ahead=True), cancelled)

    def guess(self, project: Project) -> Project | None:
        """The project that will probably be next, by where one went from this one before."""
        if not self._settings.current().models.guess_next:
            return None
        followers = self._table.followers(project.id)
        if not followers:
            return None
        return self._projects.get(max(followers, key=lambda name: followers[name]))

    def share(self) -> GuessShare:
        """How often the guesses were right."""
        return self._table.share()

    @property
    def memory_use(self) -> MemoryUse:
        """What the engine and the loaded bases took when that was measured last."""
        told = [report.memory for report in self._table.latest(USUAL_REPORTS)]
        return next((memory for memory in told if memory.served), MemoryUse())

    def keep(self, report: SwitchReport) -> None:
        """Keep what a switch took."""
        self._table.add(report)

    def reports(self, most: int = USUAL_REPORTS) -> Sequence[SwitchReport]:
        """What the latest switches took, the newest first."""
        return self._table.latest(most)

    def measure(self, model: str = "") -> "Iterator[Result]":
        """Measure switching between the projects whose adapters are of one base."""
        if model:
            adapters = self._adapters.of_base(model)
        else:
            adapters = max(self._adapters_by_base(), key=_projects_of, default=[])
        bench = load("gardener_core.upkeep.bench_switch")
        visited = bench.Visited([one.id for one in self._projects.all()], self._read)
        results: Iterator[Result] = bench.bench_switch(self._engine, adapters, visited)
        return results

    def _adapters_by_base(self) -> list[list[Adapter]]:
        everything = [
            one for each in self._projects.all() for one in self._adapters.of_project(each.id)
        ]
        bases = dict.fromkeys(one.base for one in everything)
        return [self._adapters.of_base(base) for base in bases]

    def _read(self, project_id: str) -> Conversation:
        """What a screen reads of a project before it shows it."""
        project = self.require(self._projects.get(project_id))
        view = self._conversations.view(project)
        return self._conversations.read(view.chat, view.path) if view.chat else Conversation()

    def _request(self, project: Project, wished: Wished) -> SwitchRequest:
        models = self._settings.current(project).models
        return SwitchRequest(
            project.id,
            wished.base,
            wished.adapter,
            context=models.context,
            memory_bytes=models.memory_mb * 1_000_000,
            engine=cast(EngineSetting, models.engine),
            without=wished.without,
        )

    def _result(self, request: SwitchRequest, cancelled: Callable[[], bool]) -> Switched:
        return self._engine.result(request, Switched, cancelled)


def _projects_of(adapters: Sequence[Adapter]) -> int:
    return len({one.project for one in adapters})
