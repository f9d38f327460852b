"""Print the events of a run."""

import time
from collections.abc import Callable, Iterator

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from gardener_core.cli.hit_output import duration
from gardener_core.cli.output import Output
from gardener_core.cli.run_events import events_of, raise_if_bad
from gardener_core.events.export import Exported
from gardener_core.events.index import (
    ChunksEmbedded,
    EmbedderChanged,
    FilesRead,
    Indexed,
    Settled,
    Stalled,
)
from gardener_core.events.run import (
    Finished,
    Heard,
    Noted,
    Paused,
    PhaseAdvanced,
    Queued,
    Resumed,
    Silent,
)
from gardener_core.events.train import Checkpointed, Grown, Planned, Saved, Scored, StepDone
from gardener_core.events.union import Event
from gardener_core.garden.door import Garden
from gardener_core.jobs.outlook import Outlook

MANY_FILES = 500
SILENT_SECONDS = 10.0  # as long as a person without a bar waits for a word
KINDS = {"grow": "growing", "train": "training"}


def show_run(garden: Garden, run_id: str, out: Output) -> None:
    """Follow a run to its end; raises what ended it early."""
    show = _show_json if out.as_json else _show_bar if out.on_terminal else _show_lines
    last = show(events_of(garden, run_id), out)
    raise_if_bad(last, run_id)


def _show_json(events: Iterator[Event], out: Output) -> Event | None:
    last = None
    for last in events:
        out.event(last)
    return last


def _show_lines(events: Iterator[Event], out: Output) -> Event | None:
    last, tenths, said = None, 0, time.monotonic()
    for last in events:
        text = sentence(last)
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
            text = sentence(last)
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
                kind = {phase: name for name, phase in KINDS.items()}.get(kind, kind)
            case ChunksEmbedded(done=step, total=steps):
                kind, shown = "embedding", f"{event.rate:.1f} chunks/s" if event.rate else ""
            case _:
                return
        if kind not in tasks:
            tasks[kind] = progress.add_task(KINDS.get(kind, kind), total=steps, loss="")
        progress.update(tasks[kind], completed=step, loss=shown)

    return move


def sentence(event: Event) -> str:
    """What a person wants to read of an event; empty for what a bar shows better."""
    match event:
        case Queued(ahead=ahead):
            return f"Waiting: {ahead} heavy run{'s' if ahead > 1 else ''} ahead."
        case Paused(reason=reason):
            return f"Paused: {reason} It goes on by itself." if reason else "Paused."
        case Stalled(path=path, seconds=seconds):
            return f"{path} takes long to read: {seconds:.0f} s so far."
        case Settled() as done:
            return (
                f"Folded {done.fragments_before} pieces of the table into "
                f"{done.fragments_after} in {done.seconds:.2f} s"
            )
        case Resumed():
            return "Resumed."
        case Heard(wish=wish):
            return f"Heard: {wish}. It is obeyed as soon as nothing is lost by it."
        case Silent(seconds=seconds):
            return f"No sign of life for {seconds} s; the process is still there."
        case Noted(text=text):
            return text
        case Planned() as plan:
            return _plan(plan)
        case Scored(when=when, measure=measure, value=value, n=n):
            return f"{measure.replace('_', ' ')} {when}: {value:.4f} over {n} held-out files"
        case EmbedderChanged(after=after, dimensions=dimensions, chunks=chunks, seconds=seconds):
            return f"{after} answers now: {chunks:,} chunks, {dimensions} numbers, {seconds:.1f} s"
        case Checkpointed() | StepDone() | FilesRead() | PhaseAdvanced():
            return ""
        case Finished(seconds=seconds, waited_seconds=waited):
            return f"Worked {seconds:.0f} s, waited {waited:.0f} s" if waited >= 1 else ""
        case Grown(model=model, parameters=parameters, tokens=tokens, seconds=seconds):
            return f"Grown {model}: {parameters:,} parameters, {tokens:,} tokens, {seconds:.0f} s"
        case Saved(version=version, path=path, bytes=size):
            return f"Saved adapter {version}: {size:,} bytes in {path}"
        case Indexed() as done:
            return _indexed(done)
        case Exported() as done:
            return _exported(done)
        case _:
            return ""


def _how_far(event: FilesRead | ChunksEmbedded | PhaseAdvanced) -> str:
    if isinstance(event, FilesRead):
        return files_read(event)
    if isinstance(event, PhaseAdvanced):
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


def _plan(plan: Planned) -> str:
    if plan.kind == "grow":
        return f"Growing {plan.base}: {plan.steps} steps, {plan.tokens:,} tokens"
    return (
        f"Training on {plan.base}: {plan.steps} steps, {plan.train_files} files, "
        f"{plan.held_out_files} held out, {plan.tokens:,} tokens"
    )


def _indexed(done: Indexed) -> str:
    skipped = f", {len(done.skipped)} left out" if done.skipped else ""
    return (
        f"Indexed {done.files} files, {done.chunks} chunks in {done.seconds:.2f} s "
        f"({done.changed} changed, {done.removed} removed{skipped})"
    )


def _exported(done: Exported) -> str:
    lines = [f"{file.path}  {file.bytes:,} bytes  sha256 {file.sha256[:12]}" for file in done.files]
    if done.fidelity:
        found = done.fidelity
        lines.append(
            f"llama.cpp against PEFT, top 10 of {found.positions} positions: base differs by at "
            f"most {found.worst_base:.1e}, adapter {found.worst_adapter:.1e}; token ids of "
            f"{found.token_texts_differing} of {found.token_texts} texts differ"
        )
    return "\n".join(lines)


def outlook(plan: Outlook) -> str:
    """What training will do and how long it takes, before it begins."""
    grown = f", grown first in {plan.grow_steps:,} steps" if plan.grow_steps else ""
    return (
        f"{plan.steps:,} steps, {plan.tokens:,} tokens on {plan.base}{grown}; "
        f"{plan.train_files:,} files to learn from, {plan.held_out_files:,} held out; "
        f"{_takes(plan)}"
    )


def _takes(plan: Outlook) -> str:
    if plan.seconds is None:
        return "how long it takes was not measured here yet"
    parts = ", ".join(f"{item.phase} {duration(item.seconds)}" for item in plan.expected)
    growing = " and the growing" if plan.grow_steps else ""
    return f"about {duration(plan.seconds)}{growing} ({parts}; as in run {plan.measured})"
