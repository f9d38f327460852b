"""Text without markup, safe to show."""

from textual.content import Content
from textual.widgets import Static

from gardener_core.system.terminal_text import clean, is_safe

Part = str | tuple[str, str] | Content


def styled(*parts: Part) -> Content:
    """Join texts and (text, style) pairs; each text is cleaned, none is read as markup."""
    return Content.assemble(*(_safe_part(part) for part in parts))


def safe(text: str | Content) -> Content:
    """A text without anything that a terminal would obey."""
    if isinstance(text, Content):
        return text if is_safe(text.plain) else Content(clean(text.plain))
    return Content(clean(text))


class PlainText(Static):
    """The only text widget of the app."""

    def __init__(
        self, text: str | Content = "", *, id: str | None = None, classes: str | None = None
    ) -> None:
        self._shown = safe(text)
        super().__init__(self._shown, markup=False, id=id, classes=classes)

    def show(self, text: str | Content) -> None:
        """Show a text; the same one again costs nothing."""
        content = safe(text)
        if not content.is_same(self._shown):
            self._shown = content
            self.update(content)


def _safe_part(part: Part) -> tuple[str, str] | Content:
    if isinstance(part, Content):
        return safe(part)
    text, style = (part, "") if isinstance(part, str) else part
    return clean(text), style
