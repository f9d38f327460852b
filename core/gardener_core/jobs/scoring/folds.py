"""Train three times, and measure each time on another third of the files."""

import hashlib
import shutil
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from gardener_core.code.languages.table import language_of
from gardener_core.errors import StopRequested
from gardener_core.evaluation.bits_per_byte import FileBits, ScoreSheet
from gardener_core.evaluation.card.items import ArmName, Item, Outcome
from gardener_core.evaluation.split import SourceFile
from gardener_core.events.run import PhaseAdvanced
from gardener_core.events.train import Checkpointed, StepDone
from gardener_core.events.union import Event
from gardener_core.jobs.scoring.kept_items import KeptItems
from gardener_core.jobs.scoring.seen import MOST_COPIED
from gardener_core.models.model import BaseModel
from gardener_core.settings.schema import TrainingSettings
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.interrupts import Interruptible
from gardener_core.training.data.near_copies import NearCopies
from gardener_core.training.loop import train
from gardener_core.training.plan import TrainPlan

FOLDS = 3
FOLDER = "folds"
_ARMS: tuple[tuple[str, ArmName], ...] = (
    ("before", "base"), ("after", "adapter"), ("control", "control"),
)  # fmt: skip
Measuring = Generator[Event, str | None, None]


def fold_of(path: str) -> int:
    """The third that a file belongs to, by its path alone."""
    digest = hashlib.blake2b(b"fold " + path.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % FOLDS


def fold_sources(files: Sequence[SourceFile], fold: int) -> tuple[SourceFile, ...]:
    """All files with new sides: one third is held out, the rest is learned."""
    return tuple(
        replace(file, side="held_out" if fold_of(file.path) == fold else "train") for file in files
    )


def measure_folds(
    base: BaseModel,
    files: Sequence[SourceFile],
    control: Path | None,
    settings: TrainingSettings,
    kept: KeptItems,
    folder: Path,
    interruptible: Interruptible,
) -> Measuring:
    """Keep an item for each file that an adapter trained on the others was measured on.

    They learn code alone, in the order of the files. What is killed goes on where it was.
    """
    known = {item.path for item in kept.items if item.measure == "fold"}
    for fold in range(FOLDS):
        sources = fold_sources(files, fold)
        target = make_folder(folder / FOLDER / str(fold))
        plan = TrainPlan(
            folder.name, base, sources, target, replace(settings, mix="code", probe_lines=0),
            interruptible, control,
        )  # fmt: skip
        yield from _trained(plan, fold)
        with interruptible:
            items = list(_items(target, sources, settings.sequence_tokens))
        for item in items:
            if item.path not in known:
                kept.add(item)
        shutil.rmtree(plan.adapter, ignore_errors=True)


def _trained(plan: TrainPlan, fold: int) -> Measuring:
    sheet = ScoreSheet(plan.folder, plan.settings.sequence_tokens)
    if sheet.read("control" if plan.control else "after") is not None:
        return
    learning = train(plan)
    reply: str | None = None
    try:
        while True:
            event = learning.send(reply)
            reply = None
            shown = _shown(event, fold)
            if shown is None:
                continue
            try:
                reply = yield shown
            except StopRequested as asked:
                yield learning.throw(asked)  # saves a checkpoint
                raise
    except StopIteration:
        pass


def _shown(event: Event, fold: int) -> Event | None:
    """Its steps are a part of this run's work, not the steps of an adapter."""
    name = f"{fold + 1} of {FOLDS}"
    match event:
        case StepDone(step=step, steps=steps):
            return PhaseAdvanced("training folds", step, steps, "steps", name)
        case Checkpointed() | PhaseAdvanced():
            return event
        case _:
            return None


def _items(folder: Path, sources: Sequence[SourceFile], window_tokens: int) -> Iterator[Item]:
    """What the scores of a fold are of; a file that much of stands in what was learned is none."""
    sheet = ScoreSheet(folder, window_tokens)
    copies = NearCopies()
    for file in sources:
        if file.side == "train":
            copies.add(file.text)
    arms = {arm: _by_path(sheet.read(when) or ()) for when, arm in _ARMS}
    texts = {file.path: file.text for file in sources}
    for path, score in arms["base"].items():
        if copies.share_held(texts[path]) >= MOST_COPIED:
            continue
        yield Item(
            "fold", path, 1, language_of(path), score.bytes, 0, "",
            arms={arm: Outcome(found[path].bits) for arm, found in arms.items() if path in found},
        )  # fmt: skip


def _by_path(scores: Sequence[FileBits]) -> dict[str, FileBits]:
    return {score.path: score for score in scores}
