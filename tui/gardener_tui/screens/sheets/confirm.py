"""A question before something is lost."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content

from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap
from gardener_tui.screens.sheet import Sheet
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.plain_text import PlainText, styled


class Answer(PlainText, can_focus=True):
    """One of the two answers, with its key."""

    def __init__(self, text: str, key: str, *, id: str) -> None:
        super().__init__(
            styled(f" {text} ", (f"{key} ", "bold $accent")), id=id, classes="answer-key"
        )


class Confirm(Sheet[bool]):
    """Asks once and says what follows; the focus begins at the answer that loses nothing."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("confirm")

    def __init__(self, title: str, consequence: str, no: str, yes: str) -> None:
        super().__init__()
        self._title = title
        self._consequence = consequence
        self._no = no
        self._yes = yes

    def compose(self) -> ComposeResult:
        """The consequence, and the two answers."""
        keys = keymap.of(self.app)
        with Vertical(classes="sheet-box -danger") as box:
            box.border_title = Content(clean_line(self._title))
            yield PlainText(self._consequence)
            with Horizontal(classes="sheet-keys"):
                yield Answer(self._no, keys.key("confirm.no").shown, id="no")
                yield Answer(self._yes, keys.key("confirm.yes").shown, id="yes")
        yield Hints("confirm")

    def on_mount(self) -> None:
        """Focus the safe answer."""
        self.query_one("#no").focus()

    def on_click(self, event: events.Click) -> None:
        """Take the answer that was clicked."""
        if event.widget is not None and event.widget.id in ("no", "yes"):
            self.dismiss(event.widget.id == "yes")

    def action_turn(self) -> None:
        """Go to the other answer."""
        self.query_one("#no" if self._at_yes else "#yes").focus()

    def action_choose(self) -> None:
        """Take the focused answer."""
        self.dismiss(self._at_yes)

    def action_no(self) -> None:
        """Leave everything as it is."""
        self.dismiss(False)

    def action_yes(self) -> None:
        """Do it."""
        self.dismiss(True)

    @property
    def _at_yes(self) -> bool:
        return self.query_one("#yes").has_focus
