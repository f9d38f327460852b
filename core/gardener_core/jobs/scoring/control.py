"""Train the control: an adapter of no project, once for each base."""

from collections.abc import Generator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from gardener_core.errors import StopRequested
from gardener_core.evaluation.split import SourceFile
from gardener_core.events.run import PhaseAdvanced
from gardener_core.events.train import Checkpointed, StepDone
from gardener_core.events.union import Event
from gardener_core.jobs.data.foreign import foreign_files
from gardener_core.models.identity import BaseIdentity, write_identity
from gardener_core.models.model import BaseModel
from gardener_core.settings.schema import TrainingSettings
from gardener_core.store.manifest import write_manifest
from gardener_core.system.files.atomic import make_folder, recover_folder, staging, swap_folder
from gardener_core.system.interrupts import Interruptible
from gardener_core.training.loop import train
from gardener_core.training.plan import TrainPlan

FILES = 60


def ensure_control(
    base: BaseModel,
    identity: BaseIdentity,
    target: Path,
    settings: TrainingSettings,
    folder: Path,
    interruptible: Interruptible,
) -> Generator[Event, str | None, None]:
    """Train it on foreign code unless it is there; a run that is resumed goes on."""
    if recover_folder(target):
        return
    yield PhaseAdvanced("training control", 0, settings.steps, "steps")
    with interruptible:
        files = [SourceFile(file.name, file.text) for file in islice(foreign_files(), FILES)]
    plan = TrainPlan(
        folder.name, base, files, make_folder(folder / "control"), settings, interruptible,
        measured=False,
    )  # fmt: skip
    learning = train(plan)
    reply: str | None = None
    try:
        while True:
            event = learning.send(reply)
            reply = None
            shown = _shown(event)
            if shown is None:
                continue
            try:
                reply = yield shown
            except StopRequested as asked:
                yield learning.throw(asked)  # saves a checkpoint
                raise
    except StopIteration:
        pass
    yield PhaseAdvanced("saving")
    new = staging(make_folder(target.parent) / target.name)
    for file in plan.adapter.iterdir():
        (new / file.name).write_bytes(file.read_bytes())
    write_identity(new, identity)
    write_manifest(new)
    swap_folder(new, target)


def control_settings(training: TrainingSettings, steps: int, threads: int) -> TrainingSettings:
    """As adapters are trained here, in so many steps."""
    return replace(training, preset="custom", steps=steps, threads=threads, mix="code")


def _shown(event: Event) -> Event | None:
    """Its steps are a part of this run's work, not the steps of an adapter."""
    match event:
        case StepDone(step=step, steps=steps):
            return PhaseAdvanced("training control", step, steps, "steps")
        case Checkpointed() | PhaseAdvanced():
            return event
        case _:
            return None
