"""Switching in a scripted garden: every project is there, and what is loaded is prepared."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from gardener_core.engine.client import never
from gardener_core.errors import GardenError
from gardener_core.events.switch import MemoryUse, Switched, SwitchStep
from gardener_core.garden.chats.switching import Switching, Wished
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.switches import GuessShare, SwitchReport

MEGABYTES = 1_000_000
LOADED = Switched(
    "",
    (SwitchStep("index", 0.004), SwitchStep("model", 0.02), SwitchStep("verify", 0.03)),
    chunks=48,
    base="coder",
    backend="llama.cpp",
    context=4096,
    memory=MemoryUse(served=412 * MEGABYTES, limit=2400 * MEGABYTES, index=34 * MEGABYTES),
)


class ScriptedSwitching(Switching):
    """What a test lays out; `note` hears what was asked."""

    def __init__(self, note: Callable[..., None]) -> None:
        self.note = note
        self.gone: dict[str, GardenError] = {}
        self.told: list[Switched] = []  # the next ones; the usual one where there is none
        self.kept: list[SwitchReport] = []
        self.expected: Project | None = None

    def require(self, project: Project) -> Project:
        if project.id in self.gone:
            raise self.gone[project.id]
        return project

    def wished(self, project: Project, model: str = "", *, adapter: bool = True) -> Wished:
        return Wished(model or "coder", project.adapter if adapter else "")

    def turn(
        self,
        project: Project,
        wished: Wished,
        *,
        spare: bool = True,
        cancelled: Callable[[], bool] = never,
    ) -> Switched:
        self.note("turn", project.id, wished.adapter)
        told = self.told.pop(0) if self.told else replace(LOADED, adapter=wished.adapter)
        return replace(told, project=project.id)

    def warm(self, project: Project, cancelled: Callable[[], bool] = never) -> Switched | None:
        self.note("warm", project.id)
        return None

    def guess(self, project: Project) -> Project | None:
        return self.expected

    def share(self) -> GuessShare:
        return GuessShare(0, 0)

    def keep(self, report: SwitchReport) -> None:
        self.kept.append(report)

    def reports(self, most: int = 20) -> Sequence[SwitchReport]:
        return self.kept[::-1]
