"""A seedling, grown once for all test processes."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from gardener_core.events.union import Event
from gardener_core.models.model import BaseModel
from gardener_core.models.store import SEEDLING, ModelStore
from gardener_core.pretraining.corpus import SourceDocument, installed_corpus
from gardener_core.pretraining.seedling import grow
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places
from support.shared import made_once

THREADS = 1  # more would wait for each other where the cores are shared


@dataclass(frozen=True, slots=True)
class Grown:
    """A seedling and the events of its growing."""

    model: BaseModel
    places: Places
    events: tuple[Event, ...]


def grown_seedling(folders: pytest.TempPathFactory) -> Grown:
    """Grow it in few steps from small installed files, or take what another process grew."""

    def make(home: Path) -> Grown:
        places = Places(config=home / "config", data=home / "data")
        model = places.models / SEEDLING
        events = tuple(
            grow(
                "g", _small_files(), model, steps=12, threads=THREADS, interruptible=Interruptible()
            )
        )
        return Grown(ModelStore(places).get(SEEDLING), places, events)

    return made_once(folders, "grown", make)


def _small_files() -> list[SourceDocument]:
    return [file for file in installed_corpus()[:400] if file.path.stat().st_size < 6000]
