"""Keep what stands in the prompt."""

from collections.abc import Callable

from textual.timer import Timer
from textual.widget import Widget

from gardener_core.errors import GardenError
from gardener_core.store.garden.projects import Project
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call, start
from gardener_tui.panes.chat.writing.prompt import Prompt

PAUSE_SECONDS = 0.4  # without a letter, until what stands there is kept


class Drafts:
    """What was written and not sent, for each project; it is there again after a new start."""

    def __init__(self, garden: ScreenGarden, node: Widget, prompt: Callable[[], Prompt]) -> None:
        self._garden = garden
        self._node = node
        self._prompt = prompt
        self._texts: dict[str, str] = {}
        self._project: Project | None = None
        self._clock: Timer | None = None

    def select(self, project: Project | None) -> None:
        """Bring what was written for a project into the prompt."""
        before, self._project = self._project, project
        if (before.id if before else "") == (project.id if project else ""):
            return
        if before is not None:
            self._keep(before, self._prompt().text)
        self._prompt().write_text(self._texts.get(project.id, "") if project else "")

    def found(self, project: Project, text: str) -> None:
        """Show what was kept of a project, unless something stands there already."""
        self._texts.setdefault(project.id, text)
        is_shown = self._project is not None and self._project.id == project.id
        if text and is_shown and not self._prompt().text:
            self._prompt().write_text(text)

    def typed(self) -> None:
        """Keep what stands there when writing pauses."""
        if self._clock is not None:
            self._clock.stop()
        self._clock = self._node.set_timer(PAUSE_SECONDS, self.keep_now)

    def keep_now(self) -> None:
        """Keep what stands there."""
        if self._project is not None:
            self._keep(self._project, self._prompt().text)

    def _keep(self, project: Project, text: str) -> None:
        if self._texts.get(project.id, "") == text:
            return
        self._texts[project.id] = text
        if self._garden.obstacle is None:
            start(self._node, "draft", lambda: self._store(project, text), only=False)

    async def _store(self, project: Project, text: str) -> None:
        try:
            await call(lambda: self._garden.conversations.keep_draft(project, text))
        except GardenError:
            # The next thing that is to be kept, such as the question itself, says what is wrong.
            return
