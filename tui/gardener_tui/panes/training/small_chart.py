"""A small chart of one metric."""

from textual.app import ComposeResult
from textual.containers import Vertical

from gardener_tui.panes.training.facts import ShownRun
from gardener_tui.panes.training.progress import RunProgress
from gardener_tui.panes.training.run_curves import METRICS, Metric
from gardener_tui.widgets.charts.loss_chart import LossChart
from gardener_tui.widgets.charts.plot import tick_text
from gardener_tui.widgets.plain_text import PlainText, styled


class SmallChart(Vertical):
    """A metric below its name and its value: the newest, or the one under the cross-hair."""

    def __init__(self, metric: Metric) -> None:
        super().__init__(classes="small-chart")
        self._metric: Metric = metric

    def compose(self) -> ComposeResult:
        """The name, then the curve."""
        yield PlainText()
        yield LossChart()

    def draw(self, progress: RunProgress, kind: str, other: ShownRun | None) -> None:
        """Show this metric of a run, and that of another run beside it, where it was measured."""
        curve = progress.curves.of(kind, self._metric)
        beside = other.progress.curves.of(kind, self._metric) if other else None
        self.display = bool(curve)
        self.query_one(LossChart).show(curve, beside)
        self._draw_name()

    def follow(self, chart: LossChart) -> None:
        """Show the same steps as another chart."""
        self.query_one(LossChart).look_as(chart)
        self._draw_name()

    def _draw_name(self) -> None:
        label, unit = METRICS[self._metric]
        value = self.query_one(LossChart).value
        number = "-" if value is None else tick_text(value)
        text = styled((f"{label} ", "$label"), (number, "bold"), (f" {unit}", "$label"))
        self.query_one(PlainText).show(text)
