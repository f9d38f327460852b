"""What a training run depends on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gardener_core.evaluation.split import SourceFile
from gardener_core.models.model import BaseModel
from gardener_core.models.torch.devices import TrainingDevice, cpu_device
from gardener_core.settings.schema import TrainingSettings
from gardener_core.system.interrupts import Interruptible
from gardener_core.training.retraining.parent import ParentAdapter


@dataclass(frozen=True, slots=True)
class TrainPlan:
    """Everything that a training run depends on."""

    run: str
    base: BaseModel
    sources: Sequence[SourceFile]
    folder: Path
    settings: TrainingSettings
    interruptible: Interruptible = field(default_factory=Interruptible)
    control: Path | None = None  # the adapter of another project, to compare with
    measured: bool = True
    rows: Path | None = None  # a folder of prepared rows; none: the files in order
    # Without another step, the best checkpoint becomes the adapter.
    ends_now: bool = False
    device: TrainingDevice = field(default_factory=cpu_device)
    parent: ParentAdapter | None = None  # the adapter that an update goes on from

    @property
    def adapter(self) -> Path:
        """Where the plain PEFT folder is written."""
        return self.folder / "adapter"
