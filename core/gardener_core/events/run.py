"""Events of the life of every run."""

from dataclasses import dataclass
from typing import Literal

from gardener_core.errors import Remedy

# The parts of a run's work, in the order in which a run that grows a base first has them.
Phase = Literal[
    "importing", "looking", "fetching", "verifying", "reading", "preparing", "growing",
    "scoring base", "converting", "loading",
    "scoring before", "scoring parent", "probing", "training", "scoring after",
    "scoring control", "training control", "training folds", "measuring",
    "saving", "writing", "comparing",
    "uploading", "creating", "asking",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Queued:
    """The run waits for the machine; so many runs are ahead of it."""

    ahead: int


@dataclass(frozen=True, slots=True)
class Started:
    """The run has loaded what it needs and begins."""


@dataclass(frozen=True, slots=True)
class Paused:
    """The run holds still between two steps and has given its place back.

    With a reason it does so by itself, and goes on by itself when that is over.
    """

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Resumed:
    """A paused run goes on."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Somebody asked the run to end, and it did."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The run did all that was asked.

    `seconds` are those of work, `waited_seconds` those in the queue and paused; both are added
    up over all attempts.
    """

    seconds: float
    waited_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Failed:
    """The run ended because of an error."""

    code: str
    what: str
    hint: str
    remedy: Remedy | None = None


@dataclass(frozen=True, slots=True)
class Died:
    """The run's process ended without a word; told by its follower, never by the run."""

    what: str


@dataclass(frozen=True, slots=True)
class Silent:
    """The run's process lives, but its pulse stands still; told by its follower."""

    seconds: int


@dataclass(frozen=True, slots=True)
class PhaseAdvanced:
    """How far a run has come in one part of its work; `unit` says what is counted.

    A total of 0 means that nothing can be counted; `path` is the file that is being measured.
    """

    phase: Phase
    done: int = 0
    total: int = 0
    unit: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """A wish has reached the run; it is obeyed as soon as nothing is lost by it."""

    wish: Literal["pause", "stop", "checkpoint"]


@dataclass(frozen=True, slots=True)
class Noted:
    """A sentence for the log."""

    text: str
