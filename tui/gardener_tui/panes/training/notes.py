"""A sentence for each fact that is worth one."""

from gardener_core.events import (
    Checkpointed,
    Event,
    Exported,
    Grown,
    Indexed,
    Noted,
    Planned,
    Saved,
    Unknown,
)
from gardener_core.plain import clean_line
from gardener_tui.widgets.wording import count, counted, duration, size

_PLANS = {"grow": "grow the base model", "train": "train"}


def note_of(event: Event) -> str:
    """The sentence, or nothing for a fact that is shown otherwise."""
    match event:
        case Noted(text=text):
            note = text
        case Planned():
            note = _plan(event)
        case Checkpointed(step=step):
            note = f"checkpoint at step {count(step)}"
        case Saved(version=version, bytes=written):
            note = f"adapter {version} is saved, {size(written)}"
        case Grown(model=model, parameters=parameters, seconds=seconds):
            note = f"{model} grown: {count(parameters)} parameters in {duration(seconds)}"
        case Indexed():
            note = _index(event)
        case Exported(files=files):
            note = f"{counted(len(files), 'file')} written"
        case Unknown(name=name):
            note = f"{name}: told by a newer program"
        case _:
            note = ""
    return clean_line(note)


def _plan(event: Planned) -> str:
    what = _PLANS.get(event.kind, event.kind)
    return (
        f"{what} on {event.base}: {counted(event.steps, 'step')}, {count(event.tokens)} tokens, "
        f"{counted(event.train_files, 'file')} to learn from, "
        f"{count(event.held_out_files)} held out"
    )


def _index(event: Indexed) -> str:
    skipped = f", {count(len(event.skipped))} left out" if event.skipped else ""
    return (
        f"{counted(event.files, 'file')} in {counted(event.chunks, 'chunk')}; "
        f"{count(event.changed)} changed, {count(event.removed)} removed{skipped}; "
        f"{duration(event.seconds)}"
    )
