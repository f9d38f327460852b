"""A run as it looks: header, curve, notes."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from gardener_core.keeping.runs import ENDED
from gardener_tui import keymap
from gardener_tui.panes.training.choice import LEARNING
from gardener_tui.panes.training.facts import Shown
from gardener_tui.panes.training.header import header
from gardener_tui.panes.training.notes import Note
from gardener_tui.panes.training.progress import Progress
from gardener_tui.widgets.empty_state import EmptyState
from gardener_tui.widgets.loss_chart import LossChart
from gardener_tui.widgets.plain_text import PlainText, styled

NOTES_SHOWN = 4
_COLOURS = ("$label", "$foreground", "$error")


class RunView(Vertical, can_focus=True):
    """Draws what a run has told; takes the focus of its pane."""

    def __init__(self) -> None:
        super().__init__(id="run-view", classes="-empty")

    def compose(self) -> ComposeResult:
        """Header, chart and notes; or one sentence."""
        yield PlainText(id="run-header")
        yield LossChart(id="loss-chart")
        yield PlainText(id="run-notes")
        yield EmptyState("No run yet.", ("run.train", "trains an adapter"), id="no-run")

    def draw(self, progress: Progress, other: Shown | None, now: float) -> None:
        """Show a run as it is now, and the curve of another one beside it."""
        self.remove_class("-empty")
        over = progress.state in ENDED and not progress.curve
        self.set_class(progress.kind not in LEARNING or over, "-plain")
        told = header(progress, self.size.width, keymap.of(self.app), now)
        self.query_one("#run-header", PlainText).show(told)
        self.query_one("#run-notes", PlainText).show(_notes(progress))
        self.query_one(LossChart).show(progress.curve, other.progress.curve if other else None)

    def draw_nothing(self, sentence: str, key_id: str, does: str) -> None:
        """Say that there is no run, and which key helps."""
        self.add_class("-empty")
        self.query_one(EmptyState).say(sentence, (key_id, does))


def _notes(progress: Progress) -> Content:
    return Content("\n").join([note_line(note) for note in progress.notes[-NOTES_SHOWN:]])


def note_line(note: Note) -> Content:
    """A note as a line of a log; the mark tells its level without the colour."""
    return styled((f"{'·•✖'[note.level]} {note.text}", _COLOURS[note.level]))
