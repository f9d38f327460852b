"""The facts of a run, beside its chart."""

import math
from dataclasses import dataclass

from textual.content import Content

from gardener_core.store.garden.runs import Run
from gardener_core.system.numbers import duration, size
from gardener_core.upkeep.machine import MachineReading
from gardener_tui.panes.training.header import MEMORY, look_of, rate
from gardener_tui.panes.training.progress import RunProgress
from gardener_tui.panes.training.run_curves import METRICS, CurveName
from gardener_tui.widgets.charts.curve import Readout
from gardener_tui.widgets.charts.loss_chart import LossChart
from gardener_tui.widgets.plain_text import Part, styled
from gardener_tui.widgets.wording import count

LABEL = 18


@dataclass(frozen=True, slots=True)
class ShownRun:
    """A run with its name, its title and its progress."""

    run: Run
    name: str
    title: str
    progress: RunProgress


def legend(shown: ShownRun, other: ShownRun | None, chart: LossChart, name: CurveName) -> Content:
    """What the colours of the chart mean, or the values under the cross-hair."""
    reading = chart.reading
    label, unit = METRICS[name.metric]
    if reading is not None:
        return _readout(reading, chart.beside, other, chart.memory, label)
    parts: list[Part] = []
    if len({item.kind for item in shown.progress.curves.names}) > 1:
        parts += [(_CURVES.get(name.kind, name.kind), "bold"), "  "]
    if name.metric != "loss":
        parts += [(label, "bold"), "  "]
    parts.append(f"{unit}  " if unit else "")
    if chart.memory and other is None:  # else the names of both curves need the room
        parts += [("⣿", "$series-raw"), " steps  "]
    parts += [("━", "$series"), f" EMA {chart.memory:g}" if chart.memory else " each step"]
    if other is not None:
        parts += [("  ━", "$series-other"), f" {other.name}"]
    if chart.by_logarithm:
        parts.append("  log y")
    if chart.zoomed:
        parts.append("  zoomed")
    if chart.shows_held_out:
        parts += [("  ◆", "$success"), " bits/byte"]
    if chart.shows_checkpoints:
        parts += [("  ▲", "$accent"), " checkpoint"]
    return styled(*parts)


_CURVES = {"grow": "growing", "train": "training"}


def _readout(
    reading: Readout, beside: Readout | None, other: ShownRun | None, memory: float, label: str
) -> Content:
    parts: list[Part] = [f"step {count(reading.step)}  {label} ", _number(reading.value)]
    if memory:
        parts += [f"  EMA {memory:g} ", (_number(reading.smooth), "$series")]
    if beside is not None and other is not None:
        parts += [f"  {other.name} ", (_number(beside.smooth), "$series-other")]
    return styled(*parts)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return "no number"
    return f"{value:.4f}" if 0.01 <= abs(value) < 1000 else f"{value:.4g}"


def facts(shown: ShownRun) -> list[tuple[str, str]]:
    """The facts of a run by name, for a table."""
    progress = shown.progress
    look, step = look_of(progress), progress.last_step
    best = progress.curve.best(MEMORY)
    smooth = progress.curve.reading(progress.step, MEMORY) if progress.curve else None
    before, after = progress.scores.get("before"), progress.scores.get("after")
    device = progress.device
    took, plan = progress.finished, progress.plans.get("train") or progress.plans.get("grow")
    return [
        ("run", shown.title.rpartition(" · ")[2]),
        ("state", f"{look.glyph} {look.word}"),
        ("base", plan.base if plan else "-"),
        ("computes on", f"{device.name}, {device.precision}: {device.why}" if device else "-"),
        ("step", f"{count(progress.step)} of {count(progress.steps)}" if progress.steps else "-"),
        ("loss", _number(progress.loss) if progress.loss is not None else "-"),
        ("EMA 0.9", _number(smooth.smooth) if smooth else "-"),
        ("lowest EMA 0.9", f"{_number(best.smooth)} at {count(best.step)}" if best else "-"),
        ("learning rate", rate(step.learning_rate) if step and step.learning_rate else "-"),
        (
            "tokens a second",
            count(round(step.tokens_a_second)) if step and step.tokens_a_second else "-",
        ),
        ("memory", size(step.memory_bytes) if step and step.memory_bytes else "-"),
        ("held out, before", f"{before.value:.3f}" if before else "-"),
        ("held out, after", f"{after.value:.3f}" if after else "-"),
        ("worked", duration(took.seconds) if took else "-"),
        ("waited", duration(took.waited_seconds) if took and took.waited_seconds else "-"),
    ]


def facts_text(shown: ShownRun) -> str:
    """The facts as text, to be copied."""
    rows = [f"{name}: {value}" for name, value in facts(shown) if value != "-"]
    return "\n".join([f"run {shown.run.id} ({shown.title})", *rows])


def side(progress: RunProgress, machine: MachineReading | None) -> Content:
    """The text beside the chart: the plan, each part with its time, the machine."""
    rows: list[Content] = []
    plan = progress.plans.get("train") or progress.plans.get("grow")
    if plan is not None:
        rows += [
            _row("base", plan.base),
            _row("to learn from", f"{count(plan.train_files)} files"),
            _row("held out", f"{count(plan.held_out_files)} files"),
            _row("tokens", count(plan.tokens)),
        ]
    if progress.device is not None:
        rows.append(_row("computes on", f"{progress.device.name}, {progress.device.precision}"))
        rows.append(_row("", progress.device.why))
    if progress.checkpoint is not None:
        rows.append(_row("checkpoint", f"at step {count(progress.checkpoint)}"))
    rows.append(styled(""))
    over = progress.state == "finished"
    for phase, part in progress.phases.parts.items():
        now = phase == progress.phases.current and not over
        glyph, colour = ("●", "$success") if now else ("✔", "$label")
        share = f" {part.share:4.0%}" if now and part.share is not None else ""
        rows.append(
            styled(
                (f"{glyph} ", colour),
                (phase.ljust(LABEL - 2), "" if now else "$label"),
                duration(part.seconds),
                share,
            )
        )
    if machine is not None:
        rows += [styled(""), *_machine(machine)]
    return Content("\n").join(rows)


def _machine(reading: MachineReading) -> list[Content]:
    """What the machine has left; what is short is said in words too."""
    rows: list[Content] = []
    if reading.busy_cores is not None:
        rows.append(_row("cores busy", f"{reading.busy_cores:.1f} of {reading.cores}"))
    for name, free, short in (
        ("memory free", reading.available_bytes, reading.is_short_of_memory),
        ("disk free", reading.disk_free_bytes, reading.is_short_of_disk),
    ):
        if free is not None:
            value = (f"{size(free)}  low", "$warning") if short else size(free)
            rows.append(styled((name.ljust(LABEL), "$label"), value))
    return rows


def _row(name: str, value: str) -> Content:
    return styled((name.ljust(LABEL), "$label"), value)


def what_a_stop_means(progress: RunProgress) -> str:
    """What is kept and what is lost when the run is stopped now."""
    if not progress.steps:
        return "Nothing is lost: it can be started again."
    part = progress.phases.part
    if part is not None and part.phase in ("scoring before", "scoring after", "scoring control"):
        return "The scores so far are kept; it can resume with the next file."
    at = f"It is at step {count(progress.step)} of {count(progress.steps)}.\n"
    if "train" in progress.plans and progress.newest == "train" and progress.step:
        return f"{at}A checkpoint is written before it ends; it can resume there."
    if progress.checkpoint is None:
        return f"{at}There is no checkpoint yet, so it would start from the beginning."
    return f"{at}The last checkpoint is at step {count(progress.checkpoint)}; it can resume there."
