"""Measure an adapter, and write its card."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from gardener_core.code.packages import names_of_packages
from gardener_core.evaluation.measuring.arms_model import ArmsModel
from gardener_core.evaluation.measuring.shares import Shares
from gardener_core.evaluation.measuring.texts import Sizes, TextMeasure
from gardener_core.evaluation.measuring.writing import WriteMeasure
from gardener_core.evaluation.split import SourceFile
from gardener_core.events.run import Noted, PhaseAdvanced
from gardener_core.events.union import Event
from gardener_core.jobs.data.foreign import foreign_files
from gardener_core.jobs.data.sources import KeptSources, drop_sources, kept_sources
from gardener_core.jobs.scoring.control import control_settings, ensure_control
from gardener_core.jobs.scoring.defined_names import DefinedNames
from gardener_core.jobs.scoring.finishing import card_of, pass_or_not, put_in_place
from gardener_core.jobs.scoring.folds import measure_folds
from gardener_core.jobs.scoring.kept_items import KeptItems
from gardener_core.jobs.scoring.names import NameChecker
from gardener_core.jobs.scoring.seen import SeenFiles, seen_by
from gardener_core.jobs.scoring.subject import Subject
from gardener_core.jobs.scoring.work import Candidates, candidates_in, measured
from gardener_core.jobs.spec import ScoreSpec
from gardener_core.models.probe import checked_identity
from gardener_core.models.tokens import TextTokens
from gardener_core.models.torch.dequantise import make_training_folder
from gardener_core.system.hardware import usable_cores
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places

CONTEXT_TOKENS, BEFORE_TOKENS = 320, 224
FOREIGN_FILES = 24
Scoring = Generator[Event, str | None, None]


@dataclass(frozen=True, slots=True)
class _HeldOut:
    """The files to measure on, and those that the adapter has read in part or as a whole."""

    files: Sequence[SourceFile]
    learned: int | None  # None where there is no record of what it read
    left_out: Sequence[str]


def work(spec: ScoreSpec, places: Places, folder: Path, interruptible: Interruptible) -> Scoring:
    """Measure on held-out files until the time is used; then the card, and the gate."""
    threads = spec.training.threads or usable_cores()
    torch.set_num_threads(threads)
    subject = Subject.of(spec, places, folder, interruptible)
    yield from make_training_folder(subject.base, interruptible)
    sources = yield from kept_sources(subject.project, subject.catalog, folder)
    with interruptible:
        seen = seen_by(places.run(subject.adapter.run), subject.files)
        held_out = _held_out(sources, seen)
    if subject.control is not None:
        with interruptible:
            identity = checked_identity(subject.base, folder / "llama.log")
        settings = control_settings(spec.training, spec.control_steps, threads)
        yield from ensure_control(
            subject.base, identity, subject.control, settings, folder, interruptible
        )
    yield from _measured(subject, sources, held_out, seen)
    drop_sources(folder)


def _held_out(sources: KeptSources, seen: SeenFiles | None) -> _HeldOut:
    files = sources.split.held_out
    if seen is None:
        return _HeldOut(files, None, ())
    learned = [file for file in files if seen.has(file)]
    copied = [file for file in files if file not in learned and seen.has_copied(file)]
    left_out = [*learned, *copied]
    kept = [file for file in files if file not in left_out]
    return _HeldOut(kept, len(learned), [file.path for file in left_out])


def _measured(
    subject: Subject, sources: KeptSources, held_out: _HeldOut, seen: SeenFiles | None
) -> Scoring:
    spec = subject.spec
    yield PhaseAdvanced("loading")
    with subject.interruptible:
        found = subject.finder()
        finder, missing = (None, found) if isinstance(found, str) else (found, "")
        tokens = TextTokens(subject.base.folder)
        sizes = Sizes(spec.training.sequence_tokens, CONTEXT_TOKENS, BEFORE_TOKENS)
        definitions = DefinedNames(subject.catalog.sources.all_named())
        checker = NameChecker(sources.collected.files, names_of_packages(subject.project.path))
        candidates = candidates_in(held_out.files, _foreign(seen), definitions.elsewhere)
        model = ArmsModel(
            subject.base.folder, subject.files, subject.control, subject.interruptible
        )
        writing = WriteMeasure(
            model, tokens, sizes, finder, checker.check, definitions.of,
            {file.path: file.text for file in held_out.files},
        )  # fmt: skip
    if missing:
        yield Noted(f"Without context: {missing}.")
    texts = TextMeasure(model, tokens, sizes, finder)
    yield from _finished(subject, sources, held_out, candidates, texts, writing, missing)


def _finished(
    subject: Subject,
    sources: KeptSources,
    held_out: _HeldOut,
    candidates: Candidates,
    texts: TextMeasure,
    writing: WriteMeasure,
    missing: str,
) -> Scoring:
    kept = KeptItems(subject.folder)
    shares = Shares(60 * subject.spec.minutes, candidates.counts())
    yield from measured(candidates, shares, texts, writing, kept)
    if subject.spec.folds:
        yield from measure_folds(
            subject.base, sources.collected.files, subject.control, subject.made_by, kept,
            subject.folder, subject.interruptible,
        )  # fmt: skip
    kept.close()
    yield PhaseAdvanced("saving")
    setting = subject.setting(held_out.files, texts.sizes, shares.spent)
    card = card_of(
        setting, kept.items, len(held_out.files), held_out.learned, held_out.left_out, missing
    )
    put_in_place(card, kept.path, subject.files)
    yield pass_or_not(subject.database, subject.project.id, subject.adapter.version, card.gate)


def _foreign(seen: SeenFiles | None) -> list[SourceFile]:
    """Foreign code that was not read in training: the last files of the order that it takes."""
    known = seen.foreign if seen else frozenset()
    files = [file for file in foreign_files() if file.name not in known]
    return [SourceFile(file.name, file.text) for file in files[-FOREIGN_FILES:]]
