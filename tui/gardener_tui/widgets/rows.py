"""A list of any length that draws only what is seen."""

from collections.abc import Sequence
from typing import ClassVar, Protocol

from rich.segment import Segment
from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from gardener_tui.widgets.plain_text import styled

MARK = "▌"


class Row(Protocol):
    """A row of a list; the cursor skips headings."""

    @property
    def heading(self) -> bool:
        """Whether the cursor skips this row."""
        ...

    def draw(self, width: int, lines: int) -> Sequence[Content]:
        """The lines of this row, at most `lines`."""
        ...


class Rows(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows of one height; one of them is the current one."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--current", "rows--mark"}

    class Moved(Message):
        """Another row is current, or there are other rows."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._rows: Sequence[Row] = ()
        self._lines = 1
        self._at = 0
        self._drawn: dict[tuple[int, bool, bool], list[Strip]] = {}

    @property
    def at(self) -> int:
        """The place of the current row."""
        return self._at

    @property
    def lines(self) -> int:
        """How many lines a row has."""
        return self._lines

    @property
    def current(self) -> Row | None:
        """The current row; none where there is nothing but headings."""
        row = self._rows[self._at] if self._at < len(self._rows) else None
        return None if row is None or row.heading else row

    def show(self, rows: Sequence[Row], at: int = 0, lines: int = 1) -> None:
        """Show other rows, each of `lines` lines."""
        self._rows, self._lines = rows, lines
        self._fit()
        self._at = self._nearest(at, 1)
        self.refresh(layout=True)
        self.post_message(self.Moved())
        self.call_after_refresh(self._reveal)

    def step(self, by: int) -> None:
        """Go up or down by rows, over headings."""
        self.go(self._nearest(self._at + by, 1 if by > 0 else -1))

    def page(self, by: int) -> None:
        """Go by as many rows as are in view."""
        self.step(by * max(1, self.size.height // self._lines - 1))

    def go(self, at: int) -> None:
        """Go to a row."""
        at = self._nearest(at, 1)
        if at != self._at:
            before, self._at = self._at, at
            self._refresh_row(before)
            self._refresh_row(at)
            self._reveal()
            self.post_message(self.Moved())

    def on_click(self, event: events.Click) -> None:
        """Go to the row that was clicked."""
        offset = event.get_content_offset(self)
        if offset is not None:
            self.go((offset.y + self.scroll_offset.y) // self._lines)

    def on_resize(self) -> None:
        """Draw for the new width."""
        self._fit()

    def on_focus(self) -> None:
        """Redraw the current row."""
        self._refresh_row(self._at)

    def on_blur(self) -> None:
        """Redraw the current row."""
        self._refresh_row(self._at)

    def notify_style_update(self) -> None:
        """Draw in the new colours."""
        self._drawn.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """One line of the list."""
        at, line = divmod(y + self.scroll_offset.y, self._lines)
        width = self.scrollable_content_region.width
        if at >= len(self._rows):
            return Strip([Segment(" " * width, self.rich_style)], width)
        return self._strips(at, width)[line]

    def _strips(self, at: int, width: int) -> list[Strip]:
        current = at == self._at and not self._rows[at].heading
        key = (at, current, current and self.has_focus)
        strips = self._drawn.get(key)
        if strips is None:
            drawn = self._rows[at].draw(width - 1, self._lines)
            style = self.get_visual_style("rows--current") if current else self.visual_style
            mark = styled((MARK, "$accent")) if current else styled(" ")
            strips = []
            for line in range(self._lines):
                content = mark + (drawn[line] if line < len(drawn) else styled(""))
                made = Visual.to_strips(
                    self, content, width, 1, style, pad=True, apply_selection=False
                )
                strips.append(made[0].crop_extend(0, width, style.rich_style))
            self._drawn[key] = strips
        return strips

    def _fit(self) -> None:
        self._drawn.clear()
        width = self.scrollable_content_region.width
        self.virtual_size = Size(width, len(self._rows) * self._lines)

    def _nearest(self, at: int, way: int) -> int:
        """The nearest row to a place that is no heading."""
        if not self._rows:
            return 0
        last = len(self._rows) - 1
        at = max(0, min(at, last))
        for places in (range(at, last + 1), range(at, -1, -1))[::way]:
            for place in places:
                if not self._rows[place].heading:
                    return place
        return at

    def _refresh_row(self, at: int) -> None:
        top = at * self._lines - self.scroll_offset.y
        self.refresh(Region(0, top, self.size.width, self._lines))

    def _reveal(self) -> None:
        """Scroll no more than needed; at the first or last row, show the headings beyond it."""
        top, high = self._at * self._lines, self.scrollable_content_region.height
        if self._nearest(0, 1) == self._at:
            self.scroll_to(y=0, animate=False, force=True)
        elif self._nearest(len(self._rows), -1) == self._at:
            self.scroll_to(y=min(top, self.virtual_size.height - high), animate=False, force=True)
        elif top < self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)
        elif top + self._lines > self.scroll_offset.y + high:
            self.scroll_to(y=top + self._lines - high, animate=False, force=True)
