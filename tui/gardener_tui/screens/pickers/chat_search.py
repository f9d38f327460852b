"""Search what was said, over all projects."""

import time
from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult

from gardener_core.errors import BadInput
from gardener_core.store.garden.chats.search import ChatMatch
from gardener_core.system.terminal_text import clean_line
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call, start
from gardener_tui.screens.pickers.pick_box import Choice, PickBox
from gardener_tui.screens.sheet import Sheet
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.wording import when


class ChatSearch(Sheet[ChatMatch | None]):
    """Messages with the words that are written, the newest first; gives the one that was taken."""

    def __init__(self, garden: ScreenGarden) -> None:
        super().__init__()
        self._garden = garden
        self._matches: Sequence[ChatMatch] = ()
        self._box = PickBox("What was said", "Which words?", [])

    def compose(self) -> ComposeResult:
        """The line, what was found, and the keys."""
        yield self._box
        yield Hints("list")

    @on(PickBox.Narrowed)
    def _written(self, event: PickBox.Narrowed) -> None:
        start(self, "search", lambda: self._search(event.text))

    async def _search(self, written: str) -> None:
        try:
            self._matches = await call(lambda: self._garden.conversations.search(written))
        except BadInput:  # no word yet
            self._matches = ()
        now = time.time()
        # Every one holds the words: the list is not to choose among them once more.
        self._box.replace([_choice(match, written, now) for match in self._matches])

    @on(PickBox.Picked)
    def _picked(self, event: PickBox.Picked) -> None:
        taken = [match for match in self._matches if str(match.number) == event.choice]
        self.dismiss(taken[0] if taken else None)


def _choice(match: ChatMatch, written: str, now: float) -> Choice:
    line = styled(
        (f"{clean_line(match.project_name)[:14]:<15}", "$primary"),
        (f"{when(match.created, now):<12}", "$label"),
        ("? " if match.role == "user" else "  ", "$accent"),
        clean_line(match.excerpt.replace("\n", " ")),
    )
    return Choice(str(match.number), line, written)
