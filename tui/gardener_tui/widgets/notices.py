"""What has just happened, above the footer."""

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
    """A sentence, how much it matters, and how long it is to be seen."""

    text: str
    severity: SeverityLevel
    seconds: float


class NoticeLine(PlainText):
    """One notice; a click puts it away."""

    def __init__(self, notice: Notice, width: int) -> None:
        super().__init__(_line(notice, width), classes="notice")
        self.notice = notice


class Notices(Vertical):
    """At most two notices, in room of their own: nothing that is read or written lies below.

    While a sheet lies over the screen they stay, for nobody has seen them yet.
    """

    def __init__(self) -> None:
        super().__init__(id="notices")
        self._clocks: dict[NoticeLine, Timer] = {}

    def tell(self, notice: Notice) -> None:
        """Show a notice; told again it stays longer, and the oldest one gives way."""
        lines = [line for line in self.query(NoticeLine) if line in self._clocks]
        for line in lines:
            if line.notice.text == notice.text:
                self._start_clock(line, notice.seconds)
                return
        while len(lines) >= MOST:
            self._put_away(_least(lines))
            lines = [line for line in lines if line in self._clocks]
        line = NoticeLine(notice, self.app.size.width - MARGIN)
        self.mount(line)
        self._start_clock(line, notice.seconds)

    def clear(self) -> None:
        """Put all of them away."""
        for line in list(self._clocks):
            self._put_away(line)

    def on_click(self, event: events.Click) -> None:
        """Put the notice away that was clicked."""
        if isinstance(event.widget, NoticeLine):
            self._put_away(event.widget)

    def _start_clock(self, line: NoticeLine, seconds: float) -> None:
        if line in self._clocks:
            self._clocks[line].stop()
        self._clocks[line] = self.set_timer(seconds, self._when_over(line))

    def _when_over(self, line: NoticeLine) -> Callable[[], None]:
        def over() -> None:
            if self.app.screen is self.screen:
                self._put_away(line)
            else:
                self._start_clock(line, line.notice.seconds)

        return over

    def _put_away(self, line: NoticeLine) -> None:
        clock = self._clocks.pop(line, None)
        if clock is not None:
            clock.stop()
            line.remove()


def _least(lines: list[NoticeLine]) -> NoticeLine:
    """The one that gives way: the oldest that is no error, else the oldest."""
    quiet = (line for line in lines if line.notice.severity != "error")
    return next(quiet, lines[0])


def _line(notice: Notice, width: int) -> Content:
    """What happened, and behind it what to try; below it where both do not fit."""
    glyph, colour = _LOOKS[notice.severity]
    what, *more = (line.strip() for line in notice.text.strip().split("\n"))
    told = styled((f"{glyph} ", colour), what)
    rest = [styled((f"  {line}", "$label")) for line in more if line]
    fits = told.cell_length + sum(line.cell_length for line in rest) <= width
    return Content("" if fits else "\n").join([told, *rest])
