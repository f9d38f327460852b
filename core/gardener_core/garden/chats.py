"""Answer questions and continue code."""

from collections.abc import Callable, Iterator

from gardener_core.engine.client import Engine, never
from gardener_core.engine.protocol import AskRequest, CompleteRequest
from gardener_core.errors import BadInput
from gardener_core.events.answer import Completed
from gardener_core.events.union import Event
from gardener_core.garden.settings import SettingsDoor
from gardener_core.models.store import SEEDLING
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.projects import Project
from gardener_core.system.places import Places


class Chats:
    """Questions to a project, and completions by its model."""

    def __init__(
        self, places: Places, engine: Engine, adapters: AdapterTable, settings: SettingsDoor
    ) -> None:
        self._places = places
        self._engine = engine
        self._adapters = adapters
        self._settings = settings

    def ask(
        self, project: Project, question: str, *, cancelled: Callable[[], bool] = never
    ) -> Iterator[Event]:
        """`Retrieved`, then `Token`s, then `Answered`."""
        if not question.strip():
            raise BadInput("The question is empty.", hint="Ask something about the code.")
        settings = self._settings.current(project).search
        request = AskRequest(project.id, question, settings.results, settings.code_may_leave)
        return self._engine.answer(request, cancelled)

    def complete(
        self,
        project: Project,
        prefix: str,
        *,
        adapter: bool = True,
        tokens: int = 32,
    ) -> Completed:
        """The base model's continuation, with the active adapter or without."""
        if not prefix:
            raise BadInput("There is nothing to continue.", hint="Give the beginning of some code.")
        if tokens < 1:
            raise BadInput(f"--tokens must be at least 1, not {tokens}.", hint="")
        version = project.adapter if adapter else ""
        base = self._adapters.get(project.id, version).base if version else project.base
        request = CompleteRequest(project.id, base or SEEDLING, version, prefix, tokens)
        return self._engine.result(request, Completed)
