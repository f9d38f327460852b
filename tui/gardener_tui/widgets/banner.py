"""A line below the head that stays until what it says has changed."""

from textual.content import Content

from gardener_core.system.terminal_text import clean
from gardener_tui.widgets.plain_text import PlainText, styled


class Banner(PlainText):
    """Says what is not as it should be, and what to try; a click removes it."""

    def __init__(self) -> None:
        super().__init__(id="banner")

    def say(self, what: str, tries: str = "") -> None:
        """Show a sentence, and what helps."""
        rest = f"\n  {tries}" if tries else ""
        self.show(styled((f"▲ {clean(what)}", "$warning"), (clean(rest), "$label")))
        self.add_class("-there")

    def clear(self) -> None:
        """Show nothing."""
        self.remove_class("-there")
        self.show(Content(""))

    def on_click(self) -> None:
        """Remove it."""
        self.clear()
