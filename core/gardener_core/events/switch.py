"""Events of switching to another project."""

from dataclasses import dataclass
from typing import Literal

StepName = Literal[
    "keep", "show", "read", "release", "index", "model", "verify", "prefix",
]  # fmt: skip
# Why no base was loaded with a switch; the first question loads it.
NotLoaded = Literal["", "none", "elsewhere", "battery", "load", "memory", "unwanted", "failed"]


@dataclass(frozen=True, slots=True)
class SwitchStep:
    """A step of a switch, how long it took, and what there is to say of it."""

    name: StepName
    seconds: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Likely:
    """A token that could come next, with its natural log-probability."""

    id: int
    logprob: float


@dataclass(frozen=True, slots=True)
class MemoryUse:
    """What is held for answering, in bytes: the files of the loaded base and of its adapters, what
    the processes of the engine and of all loaded bases take as measured, and how much they may.

    `conversation` is what the base reserves for what it reads and writes, `index` the part of the
    engine's that came with the open indexes. 0 is unknown.
    """

    base: int = 0
    adapters: int = 0
    conversation: int = 0
    engine: int = 0
    served: int = 0
    limit: int = 0
    index: int = 0


@dataclass(frozen=True, slots=True)
class Switched:
    """The engine has turned to a project; all of this is what it has loaded.

    `base` is empty where none is loaded; `not_loaded` says why. `adapter` is the version that is
    on, and was verified by how it goes on with a known text (`top`); `without` says why the one
    that was wished for is not, and `retry_seconds` when it is tried again, 0 for never. `chunks`
    is the size of the index that questions are answered from; 0 where there is none. `tokens_kept`
    need not be read again.
    """

    project: str
    steps: tuple[SwitchStep, ...]
    chunks: int = 0
    base: str = ""
    adapter: str = ""
    backend: str = ""
    context: int = 0
    without: str = ""
    retry_seconds: float = 0.0
    not_loaded: NotLoaded = ""
    problem: str = ""
    tokens_kept: int = 0
    top: tuple[Likely, ...] = ()
    memory: MemoryUse = MemoryUse()
