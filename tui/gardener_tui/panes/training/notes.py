"""The notes of a run's log."""

from dataclasses import dataclass

from gardener_core.events.index import Settled, Stalled
from gardener_core.events.run import Died, Failed, Noted, Silent
from gardener_core.events.sentences import sentence
from gardener_core.events.train import AlertRaised
from gardener_core.events.union import Event, Unknown
from gardener_core.system.terminal_text import clean_line
from gardener_tui.widgets.wording import THOUSANDS

# How much a note matters, from everything to troubles only.
LEVELS = ("everything", "milestones", "troubles")
_TROUBLES = (Failed, Died, Silent, AlertRaised)
_DETAILS = (Noted, Settled, Stalled)


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence, its level (an index of LEVELS), and the step at which it was reported."""

    text: str
    level: int
    step: int


def note_of(event: Event, step: int, unknown: set[str]) -> Note | None:
    """What the log shows of an event; steps and checkpoints are on the chart instead.

    An unknown event of a newer program is noted once by its name, which is added to `unknown`.
    """
    if isinstance(event, Unknown):
        if event.name in unknown:
            return None
        unknown.add(event.name)
    text = clean_line(sentence(event, THOUSANDS))
    if not text:
        return None
    level = 2 if isinstance(event, _TROUBLES) else 0 if isinstance(event, _DETAILS) else 1
    return Note(text, level, step)
