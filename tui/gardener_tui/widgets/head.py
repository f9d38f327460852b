"""The first line: the selected project and the live runs."""

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from gardener_core.system.terminal_text import clean_line
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.wording import counted


class Head(Widget):
    """The program's name, the selected project with its adapter, and the live runs."""

    def __init__(self) -> None:
        super().__init__(id="head")
        self._project = ""
        self._adapter = ""
        self._live = 0

    def show(self, project: str, adapter: str, live: int) -> None:
        """Show these facts."""
        facts = (clean_line(project), clean_line(adapter), live)
        if facts != (self._project, self._adapter, self._live):
            self._project, self._adapter, self._live = facts
            self.refresh()

    def render(self) -> Content:
        """Left the project, right the runs."""
        left = [("❦ ", "$success"), ("gardener", "bold")]
        if self._project:
            left += [("  ", ""), (self._project, "$primary")]
        if self._adapter:
            left += [(" ▸ ", "$label"), (f"adapter {self._adapter}", "$accent")]
        right = f"● {counted(self._live, 'run')} going on" if self._live else ""
        gap = self.content_size.width - cell_len(right) - sum(cell_len(text) for text, _ in left)
        if gap < 2:
            return styled(*left)
        return styled(*left, " " * gap, (right, "$label"))
