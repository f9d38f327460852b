"""Errors, and remedies as data."""

from dataclasses import dataclass
from typing import ClassVar, Literal

Act = Literal[
    "index", "index though empty", "read everything", "repair", "resume", "follow", "list runs",
    "list dropped runs",
    "list projects", "list trash", "restore", "train", "score", "train to fit", "list adapters",
    "list models", "list all models", "pull",
    "list skipped files", "show settings", "let code leave", "verify audit", "check machine",
    "measure search", "list chats",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remedy:
    """An action that helps; the screen and the commands each word it.

    `of` is the project or the run that it is about, or empty.
    """

    act: Act
    of: str = ""


class GardenError(Exception):
    """Something a person can act on: what happened, and what to try.

    The hint is a sentence that is true on the screen and on the command line; an action that is a
    key on one and a command on the other is the remedy.
    """

    code: ClassVar[str] = "error"

    def __init__(self, what: str, *, hint: str = "", remedy: Remedy | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
        self.remedy = remedy


class BadInput(GardenError):
    """A value, a path or a name that cannot be used."""

    code = "bad-input"


class ProjectMissing(GardenError):
    """No project has this name."""

    code = "project-missing"


class ProjectBusy(GardenError):
    """The project is in use and cannot be changed now."""

    code = "project-busy"


class ProjectEmptied(GardenError):
    """Nearly all files of a project disappeared, as from an unmounted disk."""

    code = "project-emptied"


class RunMissing(GardenError):
    """No run has this id."""

    code = "run-missing"


class RunBusy(GardenError):
    """The state of the run does not allow this."""

    code = "run-busy"


class GateClosed(GardenError):
    """An adapter has not passed the gate."""

    code = "gate-closed"


class CardMissing(GardenError):
    """An adapter was not measured."""

    code = "card-missing"


class ModelMissing(GardenError):
    """A base model is not on this machine."""

    code = "model-missing"


class PullFailed(GardenError):
    """No source gave the files of a model."""

    code = "pull-failed"


class ModelInUse(GardenError):
    """Projects or adapters need the model that is to be removed."""

    code = "model-in-use"


class ModelUnfit(GardenError):
    """A model or an adapter has a shape that this step cannot handle."""

    code = "model-unfit"


class MemoryShort(GardenError):
    """There is too little memory for a model."""

    code = "memory-short"


class DeviceMissing(GardenError):
    """The machine has no device of the kind that was asked for."""

    code = "device-missing"


class WrongBase(GardenError):
    """An adapter was trained on another base than the one that is here."""

    code = "wrong-base"


class EmbedderMissing(GardenError):
    """An embedder is not available now."""

    code = "embedder-missing"


class OllamaDown(GardenError):
    """No Ollama server answers at its address."""

    code = "ollama-down"


class OllamaModelMissing(GardenError):
    """The Ollama server has no such model."""

    code = "ollama-model-missing"


class OllamaRefused(GardenError):
    """The Ollama server refused a request."""

    code = "ollama-refused"


class OllamaBusy(GardenError):
    """The Ollama server has too many requests waiting."""

    code = "ollama-busy"


class OllamaOutOfMemory(GardenError):
    """The Ollama server has too little memory for the model."""

    code = "ollama-out-of-memory"


class OllamaTooOld(GardenError):
    """The Ollama server is of a version that lacks what is needed."""

    code = "ollama-too-old"


class OllamaContextTooSmall(GardenError):
    """A prompt is longer than the context that the Ollama server gives a model."""

    code = "ollama-context-too-small"


class OllamaBrokeOff(GardenError):
    """The Ollama server ended in the middle of an answer."""

    code = "ollama-broke-off"


class OllamaSilent(GardenError):
    """The Ollama server is there and does not answer in time."""

    code = "ollama-silent"


class OllamaDiskFull(GardenError):
    """The disk of the Ollama server has no room for a model."""

    code = "ollama-disk-full"


class OllamaNoAdapters(GardenError):
    """The Ollama server takes no adapters, only whole models."""

    code = "ollama-no-adapters"


OLLAMA_ERRORS = (
    OllamaDown,
    OllamaTooOld,
    OllamaModelMissing,
    OllamaContextTooSmall,
    OllamaBusy,
    OllamaOutOfMemory,
    OllamaRefused,
    OllamaBrokeOff,
    OllamaSilent,
    OllamaDiskFull,
    OllamaNoAdapters,
)


class AdapterMissing(GardenError):
    """The project has no such adapter."""

    code = "adapter-missing"


class ChatMissing(GardenError):
    """No conversation has this id."""

    code = "chat-missing"


class IndexMissing(GardenError):
    """The project has not been indexed yet."""

    code = "index-missing"


class IndexBroken(GardenError):
    """The table of the index exists but cannot be read."""

    code = "index-broken"


class NothingToLearn(GardenError):
    """The project has too little text to train on and to measure with."""

    code = "nothing-to-learn"


class TrainingDiverged(GardenError):
    """The numbers of a training run grew beyond all bounds."""

    code = "training-diverged"


class DiskFull(GardenError):
    """There is no room left on a disk."""

    code = "disk-full"


class ReadOnly(GardenError):
    """The garden can be read but not written: its disk or folder is read-only."""

    code = "read-only"


class NotOurs(GardenError):
    """A file or a folder that this user may not open."""

    code = "not-ours"


class PlaceUnfit(GardenError):
    """A folder for the garden cannot be created, or is not a folder."""

    code = "place-unfit"


class GardenBusy(GardenError):
    """Another process kept the database locked for too long."""

    code = "garden-busy"


class EngineLost(GardenError):
    """A working process ended before it replied."""

    code = "engine-lost"


class Damaged(GardenError):
    """A file written by the program cannot be read."""

    code = "damaged"


class FromNewerVersion(Damaged):
    """A file was written by a newer version of the program."""


class StopRequested(GardenError):
    """The work was asked to stop."""

    code = "stopped"


def revive(code: str, what: str, hint: str, remedy: Remedy | None = None) -> GardenError:
    """Rebuild an error that another process reported."""
    kinds = {kind.code: kind for kind in GardenError.__subclasses__()}
    return kinds.get(code, GardenError)(what, hint=hint, remedy=remedy)
