"""What is said about a run, beside its picture."""

import math
from dataclasses import dataclass

from textual.content import Content

from gardener_core.keeping.runs import Run
from gardener_tui.panes.training.progress import Progress
from gardener_tui.widgets.curve import Reading
from gardener_tui.widgets.loss_chart import LossChart
from gardener_tui.widgets.plain_text import Part, styled
from gardener_tui.widgets.states import run_look
from gardener_tui.widgets.wording import count, duration


@dataclass(frozen=True, slots=True)
class Shown:
    """A run with its name and what it has told."""

    run: Run
    name: str
    progress: Progress


def legend(shown: Shown, other: Shown | None, chart: LossChart) -> Content:
    """What the colours of the chart mean, or what stands under the cross-hair."""
    reading = chart.reading
    if reading is not None:
        return _readout(reading, chart.beside, other, chart.memory)
    parts: list[Part] = ["nats a token  "]
    if chart.memory:
        parts += [("⣿", "$series-raw"), " each step  "]
    parts += [("━", "$series"), f" EMA {chart.memory:g}" if chart.memory else " each step"]
    if other is not None:
        parts += [("  ━", "$series-other"), f" {other.name} marked"]
    if chart.by_logarithm:
        parts.append("  log y")
    if chart.zoomed:
        parts.append("  zoomed")
    return styled(*parts)


def _readout(
    reading: Reading, beside: Reading | None, other: Shown | None, memory: float
) -> Content:
    parts: list[Part] = [f"step {count(reading.step)}  loss ", _number(reading.value)]
    if memory:
        parts += [f"  EMA {memory:g} ", (_number(reading.smooth), "$series")]
    if beside is not None and other is not None:
        parts += [f"  {other.name} ", (_number(beside.smooth), "$series-other")]
    return styled(*parts)


def _number(value: float) -> str:
    return f"{value:.4f}" if math.isfinite(value) else "no number"


def facts(shown: Shown) -> list[tuple[str, str]]:
    """The facts of a run by name, for a table."""
    progress = shown.progress
    look = run_look(progress.state, progress.kind)
    curve = progress.curve
    smooth = curve.reading(curve.steps[-1], 0.9) if curve else None
    before, after = progress.scores.get("before"), progress.scores.get("after")
    return [
        ("state", f"{look.glyph} {look.word}"),
        ("step", f"{count(progress.step)} of {count(progress.steps)}" if progress.steps else "-"),
        ("loss", _number(progress.loss) if progress.loss is not None else "-"),
        ("EMA 0.9", _number(smooth.smooth) if smooth else "-"),
        ("held out, before", f"{before.value:.3f}" if before else "-"),
        ("held out, after", f"{after.value:.3f}" if after else "-"),
        ("took", duration(progress.seconds) if progress.seconds is not None else "-"),
    ]


def facts_text(shown: Shown) -> str:
    """The facts as text, to be copied."""
    rows = [f"{name}: {value}" for name, value in facts(shown) if value != "-"]
    return "\n".join([f"run {shown.run.id} ({shown.name})", *rows])


def what_a_stop_means(progress: Progress | None) -> str:
    """The consequence, in plain words."""
    if progress is None or not progress.steps:
        return "Nothing is lost: it can be started again."
    at = f"It is at step {count(progress.step)} of {count(progress.steps)}.\n"
    if progress.checkpoint is None:
        return f"{at}There is no checkpoint yet, so it would begin again."
    return f"{at}The last checkpoint is at step {count(progress.checkpoint)}; it can go on there."
