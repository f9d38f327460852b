"""A field that is shown where there is nothing yet."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from gardener_tui import keymap
from gardener_tui.widgets.plain_text import Part, PlainText, styled


class EmptyState(Vertical):
    """A hatched field with a sentence, and the keys that help with what they do."""

    def __init__(self, sentence: str, *keys: tuple[str, str], id: str) -> None:
        super().__init__(id=id, classes="empty")
        self._sentence = sentence
        self._keys = keys

    def compose(self) -> ComposeResult:
        """One text in the middle."""
        yield PlainText(self._text(), classes="empty-text")

    def say(self, sentence: str, *keys: tuple[str, str]) -> None:
        """Change the sentence and the keys."""
        self._sentence, self._keys = sentence, keys
        for text in self.query(PlainText):
            text.show(self._text())

    def _text(self) -> Content:
        parts: list[Part] = [(self._sentence, "$label")]
        for key_id, does in self._keys:
            parts += ["\n", (keymap.of(self.app).key(key_id).shown, "bold $accent"), f"  {does}"]
        return styled(*parts)
