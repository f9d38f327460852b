"""What to do first, where there is no project yet."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from gardener_tui import keymap
from gardener_tui.widgets.plain_text import PlainText, styled

_STEPS = (
    ("project.add", "Add a project", "a folder with code; nothing in it is changed"),
    ("search", "Search it", "or ask in the chat, and see the code behind it"),
    ("run.train", "Train an adapter on it", "and watch the loss while it learns"),
)
_ALSO = (
    ("help", "all keys"),
    ("welcome.models", "models"),
    ("theme", "colours"),
    ("palette", "commands"),
    ("detach", "leave"),
)
_WIDE = 24


class Welcome(Vertical, can_focus=True):
    """Three steps from nothing to an answer."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("welcome")

    def __init__(self) -> None:
        super().__init__(id="welcome")

    def compose(self) -> ComposeResult:
        """One text in the middle."""
        yield PlainText(id="welcome-text")

    def on_mount(self) -> None:
        """Name the keys as they are configured."""
        self.query_one(PlainText).show(self._text())

    def _text(self) -> Content:
        keys = keymap.of(self.app)
        rows = [
            styled(("Welcome. ", "bold"), "This program gets to know your codebases."),
            styled(("Everything stays on this machine and works offline.", "$label")),
            Content(""),
        ]
        for number, (key_id, step, note) in enumerate(_STEPS, start=1):
            key = keys.key(key_id).shown
            rows.append(
                styled(
                    (f"{number}  ", "$label"),
                    (key, "bold $accent"),
                    (f"  {step:<{_WIDE}}", "bold"),
                    (note, "$label"),
                )
            )
        also = [
            part
            for key_id, label in _ALSO
            for part in ((keys.key(key_id).shown, "bold $accent"), (f" {label}   ", "$label"))
        ]
        return Content("\n").join([*rows, Content(""), styled(*also)])
