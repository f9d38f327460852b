"""The prompt: where one writes."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from gardener_core.errors import GardenError
from gardener_tui import keymap, toasts
from gardener_tui.widgets.editing import edit_text
from gardener_tui.widgets.line_input import LINE_END, LineInput


class Prompt(LineInput):
    """Where one writes a question, or code to continue; what was written before comes back."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("prompt")

    class Taken(Message):
        """The highlighted suggestion is wanted."""

    def __init__(self) -> None:
        super().__init__(id="prompt")
        self._written: Sequence[str] = ()
        self._at = 0  # 0 is what is being written, 1 the last that was sent
        self._draft = ""
        self.has_suggestions = False

    @property
    def written(self) -> Sequence[str]:
        """What was written before, newest first."""
        return self._written

    def remember(self, written: Sequence[str]) -> None:
        """What was written before, newest first."""
        self._written = written
        self._at = 0

    def go_back(self, by: int) -> None:
        """Bring back what was written before, or what came after that."""
        at = self._at + by
        if not 0 <= at <= len(self._written):
            return
        if self._at == 0:
            self._draft = self.text
        self._at = at
        self.write_text(self._draft if at == 0 else self._written[at - 1])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tab goes to the next pane where there is no suggestion to take."""
        return action != "take" or self.has_suggestions

    def action_take(self) -> None:
        """Take the highlighted suggestion."""
        self.post_message(self.Taken())

    def action_newline(self) -> None:
        """Begin another line."""
        self.insert_text_at_cursor(LINE_END)

    def action_editor(self) -> None:
        """Write in $EDITOR, and come back with what was written."""
        try:
            self.write_text(edit_text(self.app, self.text))
        except GardenError as problem:
            toasts.show_error(self.app, problem)
