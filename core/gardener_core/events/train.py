"""Events of training and of growing a base."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Planned:
    """What a run is about to do."""

    run: str
    kind: str
    base: str
    steps: int
    tokens: int
    train_files: int
    held_out_files: int


@dataclass(frozen=True, slots=True)
class StepDone:
    """One step of the optimiser; the loss is in nats a token.

    `tokens_a_second` counts this step's tokens over its seconds of work, `memory_bytes` is what
    the job's process holds of the memory; 0 where it was not measured.
    """

    run: str
    kind: str
    step: int
    steps: int
    loss: float
    learning_rate: float = 0.0
    tokens_a_second: float = 0.0
    memory_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Scored:
    """A measure taken before or after training, or of a control, over n held-out files.

    The control is the adapter of another project: what it gains does not belong to this one.
    Where only a part was scored, `of` is the number of held-out files, and `characters` is how much
    of each was read at most.
    """

    when: str
    measure: str
    value: float
    n: int
    of: int = 0
    characters: int = 0


@dataclass(frozen=True, slots=True)
class Checkpointed:
    """From here the run can go on after a crash."""

    step: int


@dataclass(frozen=True, slots=True)
class Saved:
    """An adapter stands in its folder."""

    version: str
    path: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Grown:
    """A base model stands in the models' folder."""

    model: str
    path: str
    bytes: int
    parameters: int
    tokens: int
    seconds: float
