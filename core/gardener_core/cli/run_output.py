"""Print the events of a run."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from gardener_core.cli.hit_output import duration
from gardener_core.cli.output import Output
from gardener_core.cli.run_events import events_of, raise_if_bad
from gardener_core.events.export import Deployed, Exported
from gardener_core.events.fidelity_text import figures_of, verdict_of
from gardener_core.events.index import ChunksEmbedded, FilesRead, Surveyed
from gardener_core.events.run import Died, Failed, Finished, PhaseAdvanced, Stopped
from gardener_core.events.sentences import sentence
from gardener_core.events.train import StepDone
from gardener_core.events.union import Event, Unknown
from gardener_core.garden.door import Garden
from gardener_core.system.numbers import size

if TYPE_CHECKING:
    from gardener_core.garden.retraining import UpdatePlan
    from gardener_core.jobs.outlook import Outlook

MANY_FILES = 500
MOST_LISTED = 6
SILENT_SECONDS = 10.0  # as long as a person without a bar waits for a word
MEGABYTE = 1_000_000
KINDS = {"grow": "growing", "train": "training"}


def show_run(garden: Garden, run_id: str, out: Output, scalars: Path | None = None) -> None:
    """Follow a run to its end, and write its curves into a folder; raises what ended it early."""
    show = _show_json if out.as_json else _show_bar if out.on_terminal else _show_lines
    last = show(events_of(garden, run_id, scalars), out)
    raise_if_bad(last, run_id)


def _show_json(events: Iterator[Event], out: Output) -> Event | None:
    last = None
    for last in events:
        out.event(last)
    return last


def _show_lines(events: Iterator[Event], out: Output) -> Event | None:
    last, tenths, said = None, 0, time.monotonic()
    for last in events:
        text = text_of(last)
        if isinstance(last, FilesRead | ChunksEmbedded) and last.total >= MANY_FILES:
            text = _how_far(last) if last.done * 10 // last.total > tenths else ""
            tenths = last.done * 10 // last.total
        elif isinstance(last, PhaseAdvanced) and last.total:
            text = _how_far(last) if time.monotonic() - said > SILENT_SECONDS else ""
        if text:
            out.say(text)
            said = time.monotonic()
    return last


def _show_bar(events: Iterator[Event], out: Output) -> Event | None:
    last = None
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[loss]}", markup=False),
    )
    with Progress(*columns, console=out.console, transient=True) as progress:
        move = _mover(progress)
        for last in events:
            move(last)
            text = text_of(last)
            if text:
                out.say(text)
    return last


def _mover(progress: Progress) -> Callable[[Event], None]:
    tasks = {}

    def move(event: Event) -> None:
        match event:
            case StepDone(kind=kind, step=step, steps=steps, loss=loss):
                shown = f"loss {loss:.3f}"
            case FilesRead(done=step, total=steps):
                kind, shown = "reading", files_read(event, short=True)
            case PhaseAdvanced(phase=kind, done=step, total=steps, unit=unit) if steps:
                shown = unit
                if unit == "bytes":
                    step, steps, shown = step // MEGABYTE, max(1, steps // MEGABYTE), "MB"
                kind = {phase: name for name, phase in KINDS.items()}.get(kind, kind)
            case ChunksEmbedded(done=step, total=steps):
                kind, shown = "embedding", f"{event.rate:.1f} chunks/s" if event.rate else ""
            case _:
                return
        if kind not in tasks:
            tasks[kind] = progress.add_task(KINDS.get(kind, kind), total=steps, loss="")
        progress.update(tasks[kind], completed=step, loss=shown)

    return move


def text_of(event: Event) -> str:
    """What is printed of an event; "" for what a bar, an error or another command shows."""
    match event:
        case Failed() | Died() | Stopped() | Surveyed() | Unknown():
            return ""
        case Finished(waited_seconds=waited) if waited < 1:
            return ""
        case Exported():
            return _exported(event)
        case Deployed(fidelity=fidelity) if fidelity is not None:
            return f"{sentence(event)}\nFidelity: {verdict_of(fidelity)}; {figures_of(fidelity)}"
        case _:
            return sentence(event)


def _how_far(event: FilesRead | ChunksEmbedded | PhaseAdvanced) -> str:
    if isinstance(event, FilesRead):
        return files_read(event)
    if isinstance(event, PhaseAdvanced):
        if event.unit == "bytes":
            return f"{event.phase}: {size(event.done)} of {size(event.total)}"
        return f"{event.phase}: {event.done:,}/{event.total:,} {event.unit}"
    left = f", {event.left_seconds:.0f} s left" if event.left_seconds else ""
    known = f", {event.known:,} known" if event.known else ""
    return f"{event.done:,}/{event.total:,} chunks, {event.rate:.1f} a second{known}{left}"


def files_read(event: FilesRead, short: bool = False) -> str:
    """How fast an index run goes, when it will be done, and what it reads; empty for a survey."""
    if not event.rate:
        return ""
    pace = f"{event.rate:.0f} files/s, {event.chunks:,} chunks"
    left = f", {event.left_seconds:.0f} s left" if event.left_seconds else ""
    path = f", {event.path}" if event.path else ""
    return f"{pace}{path}" if short else f"{event.done}/{event.total} files, {pace}{left}{path}"


def _exported(done: Exported) -> str:
    lines = [
        f"{file.path}  {file.bytes:,} bytes  sha256 {file.sha256[:12]}"
        for file in done.files[-MOST_LISTED:]
    ]
    if len(done.files) > MOST_LISTED:  # of a bundle the model and the list come last
        rest = done.files[:-MOST_LISTED]
        lines.insert(0, f"{len(rest)} other files, {size(sum(file.bytes for file in rest))}")
    if done.fidelity:
        lines.append(f"Fidelity: {verdict_of(done.fidelity)}; {figures_of(done.fidelity)}")
    return "\n".join(lines)


def outlook(plan: "Outlook") -> str:
    """What training will do and how long it takes, before it begins."""
    grown = f", grown first in {plan.grow_steps:,} steps" if plan.grow_steps else ""
    return (
        f"{plan.steps:,} steps, {plan.tokens:,} tokens on {plan.base}{grown}; "
        f"{plan.train_files:,} files to learn from, {plan.held_out_files:,} held out; "
        f"{_takes(plan)}{_memory(plan)}"
    )


def update_outlook(plan: "UpdatePlan") -> str:
    """What an update will do, before it begins."""
    return (
        f"Updating {plan.version} on {plan.base}: {plan.drift.sentence}; {plan.steps:,} steps, "
        f"a full run took {plan.full_steps:,}"
    )


def _memory(plan: "Outlook") -> str:
    if plan.fitting is None:
        return ""
    if plan.fitting.changes_what_is_learned:
        return f"; to fit into memory it needs --fit: {plan.fitting.proposal}"
    adapter = f", an adapter of {size(plan.fitting.adapter_bytes)}"
    return f"; about {plan.fitting.bytes / 1e9:.1f} GB of memory{adapter}"


def _takes(plan: "Outlook") -> str:
    if plan.seconds is None:
        return "how long it takes was not measured here yet"
    parts = ", ".join(f"{item.phase} {duration(item.seconds)}" for item in plan.expected)
    growing = " and the growing" if plan.grow_steps else ""
    return f"about {duration(plan.seconds)}{growing} ({parts}; as in run {plan.measured})"
