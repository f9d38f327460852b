"""Events of training and of growing a base."""

from dataclasses import dataclass
from typing import Literal


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
class DeviceChosen:
    """What a training computes on, with which numbers, and why there."""

    device: Literal["cpu", "cuda", "mps"]
    name: str
    precision: str
    why: str


@dataclass(frozen=True, slots=True)
class StepDone:
    """One step of the optimiser; the loss is in nats a token.

    `tokens_a_second` counts this step's tokens over its seconds of work, `memory_bytes` is what
    the job's process holds of the memory, or of the GPU's where it computes there, `gradient_norm`
    is the length of the gradient before it was clipped; 0 where it was not measured.
    """

    run: str
    kind: str
    step: int
    steps: int
    loss: float
    learning_rate: float = 0.0
    tokens_a_second: float = 0.0
    memory_bytes: int = 0
    gradient_norm: float = 0.0


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
class Forecast:
    """What the steps of a run will take, as estimated before the first of them.

    Memory is what belongs to the process alone at its peak: by a formula, and as one step on the
    run's own rows measured it, with what later steps add (0 where none was taken). `cpu_seconds`
    are of all threads together; the run lasts from `shortest_seconds` on an idle machine to
    `longest_seconds` on a busy one.
    """

    steps: int
    parameters: int
    adapter_bytes: int
    formula_bytes: int
    probe_bytes: int
    cpu_seconds: float
    shortest_seconds: float
    longest_seconds: float


@dataclass(frozen=True, slots=True)
class ForecastChecked:
    """What the steps took, beside what was expected of them."""

    memory_bytes: int
    expected_memory_bytes: int
    cpu_seconds: float
    expected_cpu_seconds: float
    seconds: float
    shortest_seconds: float
    longest_seconds: float


@dataclass(frozen=True, slots=True)
class HeldOutScored:
    """Bits per byte after a step, over a sample of n files that are never learned from.

    The sample decides when training stops, so the files that the run is judged by are others.
    Step 0 is the base.
    """

    step: int
    bits_per_byte: float
    n: int


@dataclass(frozen=True, slots=True)
class CompletedLine:
    """A masked line of a held-out file, what it says, and what the model wrote in its place."""

    path: str
    line: int
    expected: str
    completed: str

    @property
    def is_exact(self) -> bool:
        """Whether the model wrote the very line."""
        return self.completed.strip() == self.expected


@dataclass(frozen=True, slots=True)
class LinesCompleted:
    """The same few lines, completed after a step; step 0 is the base. They decide nothing."""

    step: int
    lines: tuple[CompletedLine, ...]


@dataclass(frozen=True, slots=True)
class StepSkipped:
    """A step that changed nothing, since its loss or its gradient was not a finite number."""

    step: int
    quantity: Literal["loss", "gradient"]


@dataclass(frozen=True, slots=True)
class RateHalved:
    """Training began anew from step 0 with half the learning rate; `rate` is the new peak."""

    step: int
    rate: float


@dataclass(frozen=True, slots=True)
class EarlyStopped:
    """Training ended at a step since nothing got better; the weights are those of the best."""

    step: int
    best_step: int


@dataclass(frozen=True, slots=True)
class RetentionMeasured:
    """Bits per byte of n held-out files that did not change since `version` was trained.

    `before` is with that version and `after` with the one that went on from it: what is above it is
    what the update forgot.
    """

    version: str
    before: float
    after: float
    n: int


@dataclass(frozen=True, slots=True)
class RecentScored:
    """Bits per byte before and after, over the n held-out files first committed since a day.

    A base may have read older files when it was made; these it most likely has not.
    """

    since: str
    before: float
    after: float
    n: int


AlertRule = Literal["nan", "plateau", "held-out", "disk", "memory"]


@dataclass(frozen=True, slots=True)
class AlertRaised:
    """A rule of the user's own fired, once in a run.

    `value` is what was found and `limit` what the rule allows: the lowest smoothed loss and the
    steps without a lower one, bits per byte and how often in a row they rose, bytes.
    """

    rule: AlertRule
    step: int
    value: float
    limit: float


@dataclass(frozen=True, slots=True)
class Checkpointed:
    """From here the run can go on after a crash."""

    step: int


@dataclass(frozen=True, slots=True)
class Saved:
    """An adapter stands in its folder; a partial one is of a run that was ended early."""

    version: str
    path: str
    bytes: int
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Gated:
    """What the gate says of an adapter; `answers` if it answers from now on.

    A verdict of unmeasured says that too little was scored. `undecided` names the conditions that
    did not pass.
    """

    version: str
    verdict: Literal["pass", "fail", "inconclusive", "unmeasured"]
    undecided: tuple[str, ...] = ()
    on_bits_only: bool = False
    answers: bool = False


@dataclass(frozen=True, slots=True)
class Grown:
    """A base model stands in the models' folder."""

    model: str
    path: str
    bytes: int
    parameters: int
    tokens: int
    seconds: float
