"""The first line: the selected project, what answers, and the live runs."""

from collections.abc import Iterator

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from gardener_core.events.switch import MemoryUse
from gardener_core.system.terminal_text import clean_line
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.wording import counted, megabytes


class Head(Widget):
    """The program's name, the selected project and what answers there, memory, and live runs."""

    def __init__(self) -> None:
        super().__init__(id="head")
        self._project = ""
        self._live = 0
        self._badge = ""
        self._memory = MemoryUse()

    def show(self, project: str, live: int) -> None:
        """Show these facts."""
        facts = (clean_line(project), live)
        if facts != (self._project, self._live):
            self._project, self._live = facts
            self.refresh()

    def show_loaded(self, badge: str, memory: MemoryUse) -> None:
        """Show what the engine has loaded, and what it takes."""
        if (badge, memory) != (self._badge, self._memory):
            self._badge, self._memory = badge, memory
            self.refresh()

    def render(self) -> Content:
        """Left the project, right the runs."""
        left = [("❦ ", "$success"), ("gardener", "bold")]
        if self._project:
            left += [("  ", ""), (self._project, "$primary")]
        if self._badge:
            left += [(" ▸ ", "$label"), (self._badge, "$accent")]
        width = self.content_size.width - sum(cell_len(text) for text, _ in left)
        right = next((text for text in self._right() if cell_len(text) + 2 <= width), "")
        gap = width - cell_len(right)
        if gap < 2:
            return styled(*left)
        return styled(*left, " " * gap, (right, "$label"))

    def _right(self) -> Iterator[str]:
        """What is said at the right end, the most first."""
        runs = f"● {counted(self._live, 'run')} going on" if self._live else ""
        memory = self._memory
        index = f"index {megabytes(memory.index)} MB" if memory.index else ""
        models = ""
        if memory.limit:
            models = f"models {megabytes(memory.served)} of {megabytes(memory.limit)} MB"
        both = " · ".join(filter(None, (index, models)))
        for used in (both, models, ""):
            if text := "  ".join(filter(None, (used, runs))):
                yield text
