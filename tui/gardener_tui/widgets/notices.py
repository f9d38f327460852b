"""Notices above the footer."""

from collections.abc import Callable
from dataclasses import dataclass

from textual import events
from textual.containers import Vertical
from textual.content import Content
from textual.notifications import SeverityLevel
from textual.timer import Timer

from gardener_tui.widgets.plain_text import PlainText, styled

MOST = 2
MARGIN = 4
_LOOKS: dict[SeverityLevel, tuple[str, str]] = {
    "information": ("·", "$success"),
    "warning": ("▲", "$warning"),
    "error": ("✖", "$error"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence, its severity, and how long it is shown."""

    text: str
    severity: SeverityLevel
    seconds: float


class NoticeLine(PlainText):
    """One notice; a click removes it."""

    def __init__(self, notice: Notice, width: int) -> None:
        super().__init__(_line(notice, width), classes="notice")
        self.notice = notice


class Notices(Vertical):
    """At most two notices, in a place of their own: they cover nothing.

    While a sheet lies over the screen they stay, for nobody has seen them yet.
    """

    def __init__(self) -> None:
        super().__init__(id="notices")
        self._clocks: dict[NoticeLine, Timer] = {}

    def show(self, notice: Notice) -> None:
        """Show a notice; a repeated one stays longer, and the oldest makes room for a new one."""
        lines = [line for line in self.query(NoticeLine) if line in self._clocks]
        for line in lines:
            if line.notice.text == notice.text:
                self._start_clock(line, notice.seconds)
                return
        while len(lines) >= MOST:
            self._remove(_least_important(lines))
            lines = [line for line in lines if line in self._clocks]
        line = NoticeLine(notice, self.app.size.width - MARGIN)
        self.mount(line)
        self._start_clock(line, notice.seconds)

    def clear(self) -> None:
        """Remove all of them."""
        for line in list(self._clocks):
            self._remove(line)

    def on_click(self, event: events.Click) -> None:
        """Remove the notice that was clicked."""
        if isinstance(event.widget, NoticeLine):
            self._remove(event.widget)

    def _start_clock(self, line: NoticeLine, seconds: float) -> None:
        if line in self._clocks:
            self._clocks[line].stop()
        self._clocks[line] = self.set_timer(seconds, self._when_expired(line))

    def _when_expired(self, line: NoticeLine) -> Callable[[], None]:
        def expired() -> None:
            if self.app.screen is self.screen:
                self._remove(line)
            else:
                self._start_clock(line, line.notice.seconds)

        return expired

    def _remove(self, line: NoticeLine) -> None:
        clock = self._clocks.pop(line, None)
        if clock is not None:
            clock.stop()
            line.remove()


def _least_important(lines: list[NoticeLine]) -> NoticeLine:
    """The oldest that is no error, else the oldest."""
    quiet = (line for line in lines if line.notice.severity != "error")
    return next(quiet, lines[0])


def _line(notice: Notice, width: int) -> Content:
    """What happened and what to try, in one line where both fit."""
    glyph, colour = _LOOKS[notice.severity]
    what, *more = (line.strip() for line in notice.text.strip().split("\n"))
    first = styled((f"{glyph} ", colour), what)
    rest = [styled((f"  {line}", "$label")) for line in more if line]
    fits = first.cell_length + sum(line.cell_length for line in rest) <= width
    return Content("" if fits else "\n").join([first, *rest])
