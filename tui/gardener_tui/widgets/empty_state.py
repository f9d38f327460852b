"""A quiet field where nothing is yet."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from gardener_tui import keymap
from gardener_tui.widgets.plain_text import Part, PlainText, styled


class EmptyState(Vertical):
    """A hatched field with one sentence, and the keys that change it with what they do."""

    def __init__(self, sentence: str, *ways: tuple[str, str], id: str) -> None:
        super().__init__(id=id, classes="empty")
        self._sentence = sentence
        self._ways = ways

    def compose(self) -> ComposeResult:
        """One text in the middle."""
        yield PlainText(self._text(), classes="empty-text")

    def say(self, sentence: str, *ways: tuple[str, str]) -> None:
        """Change the sentence and the keys."""
        self._sentence, self._ways = sentence, ways
        for text in self.query(PlainText):
            text.show(self._text())

    def _text(self) -> Content:
        parts: list[Part] = [(self._sentence, "$label")]
        for key_id, does in self._ways:
            parts += ["\n", (keymap.of(self.app).key(key_id).shown, "bold $accent"), f"  {does}"]
        return styled(*parts)
