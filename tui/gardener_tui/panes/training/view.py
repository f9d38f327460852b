"""Lay out a run: header, chart, facts, notes."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content

from gardener_core.events.train import LinesCompleted
from gardener_core.upkeep.machine import MachineMeter, MachineReading
from gardener_tui import keymap
from gardener_tui.panes.training.choice import LEARNING
from gardener_tui.panes.training.facts import ShownRun, side
from gardener_tui.panes.training.header import header
from gardener_tui.panes.training.lines_page import lines_text
from gardener_tui.panes.training.notes import Note
from gardener_tui.panes.training.progress import RunProgress
from gardener_tui.panes.training.run_curves import CurveName, Metric
from gardener_tui.panes.training.small_chart import SmallChart
from gardener_tui.widgets.charts.loss_chart import LossChart
from gardener_tui.widgets.charts.plot import Marks
from gardener_tui.widgets.empty_state import EmptyState
from gardener_tui.widgets.plain_text import PlainText, styled

NOTES_SHOWN, NOTES_SPACIOUS = 4, 6
# From this size on the facts have a column of their own; the other metrics a row of small charts.
SPACIOUS_WIDE, SPACIOUS_HIGH = 96, 20
BOARD_HIGH = 28
MACHINE_SECONDS = 2.0
BOARD: tuple[Metric, ...] = ("learning_rate", "gradient_norm", "tokens_a_second", "memory_bytes")
_COLOURS = ("$label", "$foreground", "$error")


class RunView(Vertical, can_focus=True):
    """Draws the progress of a run; takes the focus of its pane."""

    def __init__(self, machine: MachineMeter) -> None:
        super().__init__(id="run-view", classes="-empty")
        self._meter = machine
        self._machine: MachineReading | None = None  # while the run is live
        self._read_at = 0.0
        self._lines: Sequence[LinesCompleted] = ()

    def compose(self) -> ComposeResult:
        """Header, chart with facts beside it, and notes; or one sentence."""
        yield PlainText(id="run-header")
        with Horizontal(id="run-body"):
            yield LossChart(id="loss-chart")
            yield PlainText(id="run-side")
        with Horizontal(id="run-board"):
            for metric in BOARD:
                yield SmallChart(metric)
        yield PlainText(id="run-lines")
        yield PlainText(id="run-notes")
        yield EmptyState("No run yet.", ("run.train", "trains an adapter"), id="no-run")

    def on_resize(self) -> None:
        """Give the facts a column, and the other metrics a row, where there is room."""
        self.set_class(self._is_spacious, "-spacious")
        self.set_class(self._is_spacious and self.size.height >= BOARD_HIGH, "-board")

    def draw(
        self, progress: RunProgress, name: CurveName, other: ShownRun | None, now: float
    ) -> None:
        """Show a run as it is now: one of its curves, and that of another run beside it."""
        self.remove_class("-empty")
        self._read_machine(progress.live, now)
        curve = progress.curves.of(name.kind, name.metric)
        over = not progress.live and not curve
        self.set_class(progress.kind not in LEARNING or over, "-plain")
        text = header(progress, self.size.width, keymap.of(self.app), now)
        self.query_one("#run-header", PlainText).show(text)
        shown = NOTES_SPACIOUS if self._is_spacious else NOTES_SHOWN
        notes = [note_line(note) for note in progress.notes[-shown:]]
        self.query_one("#run-notes", PlainText).show(Content("\n").join(notes))
        self.query_one("#run-side", PlainText).show(side(progress, self._machine))
        self._lines = progress.lines
        self._draw_lines()
        beside = other.progress.curves.of(name.kind, name.metric) if other else None
        self._main.show(curve, beside, marks_of(progress, name))
        for small in self.query(SmallChart):
            small.draw(progress, name.kind, other)

    def is_outdated(self, now: float) -> bool:
        """Whether the machine of a live run was read a while ago."""
        return self._machine is not None and now - self._read_at >= MACHINE_SECONDS

    def _read_machine(self, live: bool, now: float) -> None:
        # Two small files of the kernel, so not in a thread.
        if not live:
            self._machine = None
        elif self._machine is None or self.is_outdated(now):
            self._machine, self._read_at = self._meter.read(), now

    def move_together(self) -> None:
        """Let every small chart show the steps of the large one."""
        for small in self.query(SmallChart):
            small.follow(self._main)
        self._draw_lines()

    def show_lines(self) -> None:
        """Show the completed lines below the chart, or the notes again."""
        self.toggle_class("-lines")
        self._draw_lines()

    def _draw_lines(self) -> None:
        """The lines at the step under the cross-hair."""
        if self.has_class("-lines"):
            at = self._main.reading
            text = lines_text(self._lines, at.step if at else None, self.size.width)
            self.query_one("#run-lines", PlainText).show(text)

    @property
    def _main(self) -> LossChart:
        return self.query_one("#loss-chart", LossChart)

    def draw_nothing(self, sentence: str, key_id: str, does: str) -> None:
        """Say that there is no run, and which key helps."""
        self.add_class("-empty")
        self.query_one(EmptyState).say(sentence, (key_id, does))

    @property
    def _is_spacious(self) -> bool:
        return self.size.width >= SPACIOUS_WIDE and self.size.height >= SPACIOUS_HIGH


def marks_of(progress: RunProgress, name: CurveName) -> Marks:
    """The marks on the chart of a training: held-out scores and checkpoints at their steps."""
    if name.kind != "train" or not progress.curve:
        return Marks()
    checkpoints = tuple(progress.checkpoints)
    if name.metric != "loss":
        return Marks(checkpoints)
    points = progress.curves.of("train", "held_out")
    if points:  # measured on other files than before and after, so only these are one curve
        return Marks(checkpoints, tuple(zip(points.steps, points.values, strict=True)))
    before, after = progress.scores.get("before"), progress.scores.get("after")
    held_out = [(0, before.value)] if before else []
    held_out += [(progress.step, after.value)] if after else []
    return Marks(checkpoints, tuple(held_out))


def note_line(note: Note) -> Content:
    """A note as a line of the log; its level is a sign as well as a colour."""
    return styled((f"{'·•✖'[note.level]} {note.text}", _COLOURS[note.level]))
