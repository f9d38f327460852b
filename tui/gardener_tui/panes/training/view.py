"""A run as it looks: header, curve, notes."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from gardener_core.keeping.runs import ENDED
from gardener_tui.panes.training.header import header
from gardener_tui.panes.training.progress import Progress
from gardener_tui.widgets.empty_state import EmptyState
from gardener_tui.widgets.loss_chart import LossChart
from gardener_tui.widgets.plain_text import PlainText, styled

NOTES_SHOWN = 4
LEARNING = frozenset({"train", "grow"})


class RunView(Vertical, can_focus=True):
    """Draws what a run has told; takes the focus of its pane."""

    def __init__(self) -> None:
        super().__init__(id="run-view", classes="-empty")

    def compose(self) -> ComposeResult:
        """Header, chart and notes; or one sentence."""
        yield PlainText(id="run-header")
        yield LossChart(id="loss-chart")
        yield PlainText(id="run-notes")
        yield EmptyState("No run yet.", "t", "trains an adapter", id="no-run")

    def draw(self, progress: Progress) -> None:
        """Show a run as it is now."""
        self.remove_class("-empty")
        over = progress.state in ENDED and not progress.curve
        self.set_class(progress.kind not in LEARNING or over, "-plain")
        self.query_one("#run-header", PlainText).show(header(progress, self.size.width))
        self.query_one("#run-notes", PlainText).show(_notes(progress))
        self.query_one(LossChart).show(progress.curve)

    def draw_nothing(self, sentence: str, key: str, does: str) -> None:
        """Say that there is no run, and which key helps."""
        self.add_class("-empty")
        self.query_one(EmptyState).say(sentence, key, does)


def _notes(progress: Progress) -> Content:
    shown = progress.notes[-NOTES_SHOWN:]
    return Content("\n").join([styled((f"· {note}", "$label")) for note in shown])
