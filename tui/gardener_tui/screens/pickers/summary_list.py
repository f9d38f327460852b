"""The exchanges that a model reads in short."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from gardener_core.answers.conversation.tree import Conversation
from gardener_core.errors import GardenError
from gardener_core.garden.chats.summaries import InShort
from gardener_core.store.garden.chats.summaries import maker_of
from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap, toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call, start
from gardener_tui.screens.pickers.pick_box import Choice, PickBox
from gardener_tui.screens.sheet import Sheet
from gardener_tui.widgets.editing import edit_text
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.plain_text import styled


class SummaryList(Sheet[int | None]):
    """Shows and edits each summary; gives the number of the exchange that was taken."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("short")

    def __init__(self, garden: ScreenGarden, chat: str, conversation: Conversation) -> None:
        super().__init__()
        self._garden = garden
        self._chat = chat
        self._conversation = conversation
        self._listed: Mapping[str, InShort] = {}
        self._at = ""
        self._box = PickBox("Read in short", "Which one? Enter goes to what was said.", [])

    def compose(self) -> ComposeResult:
        """The list, the whole summary, the keys."""
        yield self._box
        yield Hints("short")

    def on_mount(self) -> None:
        """Read what is kept."""
        start(self, "read", self._read)

    async def _read(self) -> None:
        summaries = self._garden.conversations.summaries
        listed = await call(lambda: summaries.all(self._chat, self._conversation))
        self._listed = {str(one.entry.number): one for one in listed if one.older}
        self._box.replace([_choice(one) for one in self._listed.values()])
        self._show_details()

    @on(PickBox.Highlighted)
    def _highlighted(self, event: PickBox.Highlighted) -> None:
        self._at = event.choice
        self._show_details()

    @on(PickBox.Picked)
    def _picked(self, event: PickBox.Picked) -> None:
        self.dismiss(int(event.choice) if event.choice else None)

    def _show_details(self) -> None:
        if one := self._listed.get(self._at):
            by = clean_line(maker_of(one.summary))
            self._box.show_details(styled(clean_line(one.summary.text), (f"\nby {by}", "$label")))

    def action_edit(self) -> None:
        """Write the highlighted summary in $EDITOR."""
        one = self._listed.get(self._at)
        if one is None or not one.entry.kept:
            return
        summaries = self._garden.conversations.summaries
        try:
            text = edit_text(self.app, one.summary.text)
        except GardenError as problem:
            toasts.show_error(self.app, problem)
            return
        if text.strip() != one.summary.text:
            edit = partial(summaries.edit, self._chat, one.entry.kept, text)
            start(self, "edit", lambda: self._change(edit))

    def action_delete(self) -> None:
        """Delete the highlighted summary; it is made anew."""
        if one := self._listed.get(self._at):
            summaries = self._garden.conversations.summaries
            delete = partial(summaries.delete, self._chat, one.entry.kept)
            start(self, "edit", lambda: self._change(delete))

    async def _change(self, change: Callable[[], None]) -> None:
        try:
            await call(change)
        except GardenError as problem:
            toasts.show_error(self.app, problem)
        await self._read()


def _choice(one: InShort) -> Choice:
    text = clean_line(one.summary.text)
    line = styled((f"{clean_line(maker_of(one.summary))[:16]:<17}", "$accent"), text)
    return Choice(str(one.entry.number), line, text)
