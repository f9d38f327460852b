"""A quiet field where nothing is yet."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from gardener_tui.widgets.plain_text import PlainText, styled


class EmptyState(Vertical):
    """A hatched field with one sentence, and the key that changes it."""

    def __init__(self, sentence: str, key: str = "", does: str = "", *, id: str) -> None:
        super().__init__(id=id, classes="empty")
        self._sentence = sentence
        self._key = key
        self._does = does

    def compose(self) -> ComposeResult:
        """One text in the middle."""
        yield PlainText(self._text(), classes="empty-text")

    def say(self, sentence: str, key: str = "", does: str = "") -> None:
        """Change the sentence."""
        self._sentence, self._key, self._does = sentence, key, does
        for text in self.query(PlainText):
            text.show(self._text())

    def _text(self) -> Content:
        if not self._key:
            return styled((self._sentence, "$label"))
        return styled(
            (self._sentence, "$label"), "\n", (self._key, "bold $accent"), f"  {self._does}"
        )
