"""Grow the seedling, a small base model."""

from collections.abc import Generator
from pathlib import Path

from gardener_core.events.run import Noted, PhaseAdvanced
from gardener_core.events.union import Event
from gardener_core.jobs.spec import GrowSpec
from gardener_core.models.store import ModelStore
from gardener_core.pretraining.corpus import installed_corpus
from gardener_core.pretraining.seedling import grow
from gardener_core.system.hardware import usable_cores
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places


def work(
    spec: GrowSpec, places: Places, folder: Path, interruptible: Interruptible
) -> Generator[Event, str | None, None]:
    """Grow the model unless it exists."""
    yield from grow_missing(places, spec.run, spec.model, spec.steps, usable_cores(), interruptible)


def grow_missing(
    places: Places, run: str, model: str, steps: int, threads: int, interruptible: Interruptible
) -> Generator[Event, str | None, None]:
    """Grow a model from installed source code; an existing one is kept."""
    if ModelStore(places).has(model):
        yield Noted(f"The base model {model} exists already.")
        return
    yield PhaseAdvanced("reading")
    with interruptible:
        corpus = installed_corpus()
    yield from grow(run, corpus, places.models / model, steps, threads, interruptible)
