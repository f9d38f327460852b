"""What the keys of the chat do that needs a sheet."""

from collections.abc import Callable, Iterator

from gardener_core.events.union import Event
from gardener_core.garden.chats.options import AskOptions
from gardener_core.models.model import BaseModel
from gardener_core.upkeep.explaining import Explains
from gardener_tui import keymap, toasts
from gardener_tui.messages import ComparisonWanted
from gardener_tui.panes.background import call
from gardener_tui.screens.pickers.explainer_list import NONE, explainer_picker
from gardener_tui.screens.sheets.side_by_side import SideBySide
from gardener_tui.screens.voting.screen import VoteScreen
from gardener_tui.screens.voting.sources import AskedPair
from gardener_tui.screens.workbench.host import Host


def never() -> bool:
    """An answer that is voted on is waited for."""
    return False


class AnswerActions:
    """Chooses the base that explains; compares answers with and without the adapter."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def choose_explainer(self, choose: Callable[[str], None]) -> None:
        """Ask which base explains, and hand the answer on."""
        if self._host.needed_project() is not None:
            self._host.start("list", lambda: self._choose_explainer(choose))

    async def _choose_explainer(self, choose: Callable[[str], None]) -> None:
        garden = self._host.garden

        def known() -> list[tuple[BaseModel, Explains]]:
            return [(one, garden.chats.explaining.of(one.name)) for one in garden.models.all()]

        chosen = await self._host.app.push_screen_wait(explainer_picker(await call(known)))
        if chosen is not None:
            choose(chosen)

    def compare(self, wanted: ComparisonWanted) -> None:
        """Ask the same with and without the adapter, and show both."""
        host, project = self._host, wanted.project
        if not project.adapter:
            key = keymap.of(host.app).key("run.train").shown
            text = f"This project has no adapter to compare; {key} trains one."
            toasts.show(host.app, text, "warning")
            return

        def ask(adapter: bool, stop: Callable[[], bool]) -> Iterator[Event]:
            return host.garden.chats.ask(
                project,
                wanted.question,
                AskOptions(
                    model="" if wanted.model == NONE else wanted.model,
                    explain=wanted.model != NONE,
                    adapter=adapter,
                    before=wanted.before,
                ),
                cancelled=stop,
            )

        if not wanted.blind:
            host.app.push_screen(SideBySide(wanted.question, ask))
            return
        adapters = host.overview.adapters_of(project)
        active = next((one for one in adapters if one.version == project.adapter), None)
        if active is not None:
            pair = AskedPair(
                host.garden.votes, project, active, wanted.question, lambda on: ask(on, never)
            )
            host.app.push_screen(VoteScreen(host.garden, project, pair))
