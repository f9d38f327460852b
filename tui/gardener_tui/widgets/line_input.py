"""A line of input that keeps pasted line ends."""

from typing import ClassVar

from textual import events
from textual.widgets import Input

from gardener_core.system.terminal_text import LONGEST_LINE, clean, clean_line
from gardener_tui import toasts
from gardener_tui.messages import LineLeft, LineStepped

# Signs for line ends and tabs while the text is one line.
LINE_END = "⏎"
TAB_SIGN = "⇥"
LONGEST = 20_000


class LineInput(Input):
    """An input without borders; line ends are shown as signs and given back whole."""

    # How many characters of what is pasted are taken.
    most_pasted: ClassVar[int] = LONGEST

    def __init__(self, *, id: str, placeholder: str = "") -> None:
        super().__init__(placeholder=clean_line(placeholder), id=id, select_on_focus=False)

    @property
    def text(self) -> str:
        """What was written, with its real line ends."""
        return self.value.replace(LINE_END, "\n").replace(TAB_SIGN, "\t")

    def on_focus(self) -> None:
        """Blink only where motion is wanted."""
        self.cursor_blink = self.app.animation_level != "none"

    def write(self, text: str) -> None:
        """Fill in a text to be edited."""
        self.value = clean_line(text)
        self.cursor_position = len(self.value)

    def write_text(self, text: str) -> None:
        """Fill in a text of several lines to be edited."""
        self.value = _as_line(clean(text))
        self.cursor_position = len(self.value)

    def hint(self, placeholder: str) -> None:
        """Set the placeholder."""
        self.placeholder = clean_line(placeholder)

    def action_leave(self) -> None:
        """Leave the line without submitting it."""
        self.post_message(LineLeft())

    def action_step(self, by: int) -> None:
        """Move through the rows below."""
        self.post_message(LineStepped(by))

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        text = event.text.replace("\r\n", "\n").replace("\r", "\n")
        most = self.most_pasted
        if len(text) > most:
            toasts.show(self.app, f"Only the first {most} characters were pasted.", "warning")
        # Piece by piece, because a longer line would be shortened.
        pieces = range(0, min(len(text), most), LONGEST_LINE)
        line = "".join(clean(text[at : min(at + LONGEST_LINE, most)]) for at in pieces).rstrip("\n")
        self.insert_text_at_cursor(_as_line(line))


def _as_line(text: str) -> str:
    return text.replace("\n", LINE_END).replace("\t", TAB_SIGN)
