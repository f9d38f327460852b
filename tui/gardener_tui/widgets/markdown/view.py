"""Show a text while it is written."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

from gardener_core.system.terminal_text import clean
from gardener_tui.widgets.markdown.blocks import Block, BlockKind, BlockReader
from gardener_tui.widgets.markdown.drawing import CODE_INDENT, drawing
from gardener_tui.widgets.markdown.inline import NO_DOUBTS, Doubts

# Of an open block that is longer only so many lines are drawn each time; the others are kept as
# they were drawn, and the whole is drawn once more when it closes.
OPEN_LINES: dict[BlockKind, int] = {"code": 40, "table": 12}
USUAL_OPEN_LINES = 40


class MarkdownView(Widget):
    """A text in Markdown, as long as it is; the cost of a paint does not grow with it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"markdown--code"}

    def __init__(self, text: str = "", doubts: Doubts = NO_DOUBTS) -> None:
        super().__init__(classes="markdown")
        self._text = ""
        self._doubts = doubts
        self._reader = BlockReader()
        self._width = 0
        self._stale = False
        self._done: list[Strip] = []
        self._drawn = 0  # blocks in `_done`
        self._kept: list[Strip] = []  # of the open block's first lines
        self._kept_lines = 0
        self._open: list[Strip] = []
        if text:
            self.feed(text)
            self._reader.end()

    @property
    def text(self) -> str:
        """The text so far."""
        return self._text

    def feed(self, text: str) -> None:
        """Take the next piece; it is seen after the next `paint`."""
        self._text += text
        self._reader.feed(clean(text))
        self._stale = True

    def doubt(self, names: tuple[str, ...]) -> None:
        """Underline names that exist nowhere, as soon as they are known."""
        known = self._doubts.names
        self._doubts = Doubts(names=(*known, *(name for name in names if name not in known)))
        self._stale = True

    def finish(self, text: str, doubts: Doubts = NO_DOUBTS) -> None:
        """Show the whole text, with what is doubtful in it marked."""
        self._reader = BlockReader()
        self._text, self._doubts = text, doubts
        self._reader.feed(clean(text))
        self._reader.end()
        self._forget()
        self.paint()

    def paint(self) -> None:
        """Draw what has come since the last time."""
        if not self._stale or not self._width:
            return
        before = len(self._done)
        height = self._height
        self._draw()
        if self._height != height:
            self.refresh(layout=True)
        else:
            self.refresh(Region(0, before, self._width, max(1, self._height - before)))

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """All of the width there is."""
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the text takes in this width."""
        if width != self._width and width:
            self._width = width
            self._forget()
        if self._stale:
            self._draw()
        return self._height

    def render_line(self, y: int) -> Strip:
        """One line of the text."""
        for strips in (self._done, self._kept, self._open):
            if y < len(strips):
                return strips[y]
            y -= len(strips)
        return Strip([Segment(" " * self._width, self.rich_style)], self._width)

    def notify_style_update(self) -> None:
        """Draw in the new colours."""
        self._forget()
        self.paint()
        super().notify_style_update()

    @property
    def _is_roomy(self) -> bool:
        """Whether the screen has lines to spare for room around code."""
        return not self.screen.has_class("-short")

    @property
    def _height(self) -> int:
        return len(self._done) + len(self._kept) + len(self._open)

    def _forget(self) -> None:
        self._done, self._drawn = [], 0
        self._kept, self._kept_lines, self._open = [], 0, []
        self._stale = True

    def _draw(self) -> None:
        self._stale = False
        closed = self._reader.closed
        if self._drawn < len(closed):
            self._kept, self._kept_lines = [], 0
        for block in closed[self._drawn :]:
            self._done += self._strips(block, is_first=not self._drawn)
            self._drawn += 1
        being_written = self._reader.open
        self._open = self._open_strips(being_written) if being_written is not None else []

    def _open_strips(self, block: Block) -> list[Strip]:
        """The last lines of the open block; those above are kept once there are too many."""
        most = OPEN_LINES.get(block.kind, USUAL_OPEN_LINES)
        lines = block.text.split("\n")
        last = len(lines) - self._kept_lines
        if last > 2 * most and block.kind in OPEN_LINES:
            upper = lines[self._kept_lines : -most]
            self._kept += self._piece(block, upper, is_last=False)
            self._kept_lines += len(upper)
        return self._piece(block, lines[self._kept_lines :], is_last=True)

    def _piece(self, block: Block, lines: Sequence[str], *, is_last: bool) -> list[Strip]:
        begins = self._kept_lines == 0
        piece = Block(block.kind, "\n".join(lines), block.language, block.spaced and begins)
        strips = self._strips(piece, is_first=begins and not self._drawn)
        if block.kind == "code" and self._is_roomy:
            # The room above and below belongs to the whole, not to each piece.
            strips = strips[0 if begins else 1 : None if is_last else -1]
        return strips

    def _strips(self, block: Block, *, is_first: bool) -> list[Strip]:
        """A block as lines of the screen, with the blank line before it."""
        drawn = drawing(block, self._width, self._doubts)
        style = self.visual_style
        if drawn.is_code:
            style = style + self.get_visual_style("markdown--code")
        room = max(1, self._width - drawn.first.cell_length - (CODE_INDENT if drawn.is_code else 0))
        wrapped = Visual.to_strips(self, drawn.text, room, None, style, apply_selection=False)
        rich_style = style.rich_style
        firsts = [self._lead(drawn.first, style), self._lead(drawn.others, style)]
        rows = []
        for at, strip in enumerate(wrapped):
            lead = firsts[0] if at == 0 else firsts[1]
            rows.append(Strip.join([lead, strip]).extend_cell_length(self._width, rich_style))
        if drawn.is_code:
            blank = Strip([Segment(" " * self._width, rich_style)], self._width)
            rows = [blank, *rows, blank] if self._is_roomy else rows
        if not is_first and (block.spaced or drawn.is_code):
            base = self.visual_style.rich_style
            rows.insert(0, Strip([Segment(" " * self._width, base)], self._width))
        return [row.adjust_cell_length(self._width, rich_style) for row in rows]

    def _lead(self, lead: Content, style: object) -> Strip:
        if not lead.cell_length:
            return Strip([], 0)
        wide = lead.cell_length
        return Visual.to_strips(self, lead, wide, 1, style, apply_selection=False)[0]  # type: ignore[arg-type]
