"""A quiet field where nothing is yet."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from gardener_tui import keymap
from gardener_tui.widgets.plain_text import PlainText, styled


class EmptyState(Vertical):
    """A hatched field with one sentence, and the key that changes it."""

    def __init__(self, sentence: str, key_id: str = "", does: str = "", *, id: str) -> None:
        super().__init__(id=id, classes="empty")
        self._sentence = sentence
        self._key_id = key_id
        self._does = does

    def compose(self) -> ComposeResult:
        """One text in the middle."""
        yield PlainText(self._text(), classes="empty-text")

    def say(self, sentence: str, key_id: str = "", does: str = "") -> None:
        """Change the sentence."""
        self._sentence, self._key_id, self._does = sentence, key_id, does
        for text in self.query(PlainText):
            text.show(self._text())

    def _text(self) -> Content:
        if not self._key_id:
            return styled((self._sentence, "$label"))
        key = keymap.of(self.app).key(self._key_id).shown
        return styled((self._sentence, "$label"), "\n", (key, "bold $accent"), f"  {self._does}")
