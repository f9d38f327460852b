"""A sentence for each fact that is worth one."""

from dataclasses import dataclass

from gardener_core.events.export import Exported
from gardener_core.events.index import EmbedderChanged, Indexed, Surveyed
from gardener_core.events.run import (
    Died,
    Failed,
    Finished,
    Heard,
    Noted,
    Paused,
    Queued,
    Resumed,
    Silent,
    Stopped,
)
from gardener_core.events.train import Grown, Planned, Saved, Scored
from gardener_core.events.union import Event, Unknown
from gardener_core.system.terminal_text import clean_line
from gardener_tui.widgets.wording import count, counted, duration, size

# How much a note matters, from everything to troubles only.
LEVELS = ("everything", "milestones", "troubles")
_TROUBLES = (Failed, Died, Silent)
_HEARD = {
    "pause": "the wish to pause is heard",
    "stop": "the wish to stop is heard",
    "checkpoint": "the wish for a checkpoint is heard",
}
_PLANS = {"grow": "grow the base model", "train": "train"}


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence, how much it matters (a place in LEVELS), and the step at which it was told."""

    text: str
    level: int
    step: int


def note_of(event: Event, step: int, unknown: set[str]) -> Note | None:
    """What the log shows of a fact; steps and checkpoints are on the chart instead.

    What a newer program tells is noted once by its name, and kept in `unknown`.
    """
    if isinstance(event, Unknown):
        if event.name in unknown:
            return None
        unknown.add(event.name)
    text = _milestone(event)
    if text:
        return Note(clean_line(text), 2 if isinstance(event, _TROUBLES) else 1, step)
    if isinstance(event, Noted):
        return Note(clean_line(event.text), 0, step)
    return None


def _milestone(event: Event) -> str:
    match event:
        case Planned():
            return _plan(event)
        case Scored(when=when, measure=measure, value=value, n=n):
            return f"{measure.replace('_', ' ')} {when}: {value:.3f} on {counted(n, 'file')}"
        case Saved(version=version, bytes=written):
            return f"adapter {version} is saved, {size(written)}"
        case Grown(model=model, parameters=parameters, seconds=seconds):
            return f"{model} grown: {count(parameters)} parameters in {duration(seconds)}"
        case Indexed():
            return _index(event)
        case EmbedderChanged(after=after, chunks=chunks):
            return f"{after} answers now, {counted(chunks, 'chunk')} seen"
        case Surveyed():
            return _survey(event)
        case Exported(files=files):
            return f"{counted(len(files), 'file')} written"
        case Unknown(name=name):
            return f"{name}: told by a newer program"
        case _:
            return _turn_of_life(event)


def _turn_of_life(event: Event) -> str:
    match event:
        case Queued(ahead=ahead):
            return f"queued behind {counted(ahead, 'run')}"
        case Paused(reason=reason):
            return f"paused: {reason}" if reason else "paused"
        case Heard(wish=wish):
            return _HEARD[wish]
        case Resumed():
            return "goes on"
        case Stopped():
            return "stopped"
        case Finished():
            return f"finished in {worked(event)}"
        case Failed(what=what):
            return f"failed: {what}"
        case Died(what=what):
            return f"died: {what.strip().splitlines()[-1] if what.strip() else 'without a word'}"
        case Silent(seconds=seconds):
            return f"silent for {duration(seconds)}"
        case _:
            return ""


def worked(event: Finished) -> str:
    """How long a run worked, and how long it waited where it did."""
    waited = event.waited_seconds
    return f"{duration(event.seconds)}{f', waited {duration(waited)}' if waited >= 1 else ''}"


def _plan(event: Planned) -> str:
    what = _PLANS.get(event.kind, event.kind)
    return (
        f"{what} on {event.base}: {counted(event.steps, 'step')}, {count(event.tokens)} tokens, "
        f"{counted(event.train_files, 'file')} to learn from, "
        f"{count(event.held_out_files)} held out"
    )


def _survey(event: Surveyed) -> str:
    most = ", ".join(language.name for language in event.languages[:3])
    lost = f"; {count(len(event.unreadable))} cannot be read" if event.unreadable else ""
    return (
        f"{counted(event.files, 'file')}, {counted(event.lines, 'line')}, {size(event.bytes)}"
        f"{f': {most}' if most else ''}{lost}; {duration(event.seconds)}"
    )


def _index(event: Indexed) -> str:
    skipped = f", {count(len(event.skipped))} left out" if event.skipped else ""
    return (
        f"{counted(event.files, 'file')} in {counted(event.chunks, 'chunk')}; "
        f"{count(event.changed)} changed, {count(event.removed)} removed{skipped}; "
        f"{duration(event.seconds)}"
    )
