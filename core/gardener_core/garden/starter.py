"""Get the starter model once, by itself, and say so."""

import json
import shutil
import time

from gardener_core.garden.runs import Runs
from gardener_core.garden.settings import SettingsDoor
from gardener_core.models.catalogue.entry import STARTER
from gardener_core.models.catalogue.reading import read_catalogue
from gardener_core.models.sources.source import MARGIN_BYTES
from gardener_core.models.store import SEEDLING, ModelStore
from gardener_core.store.garden.runs import Run
from gardener_core.system.files.atomic import make_folder, write_whole
from gardener_core.system.places import Places


def begin_starter(places: Places, settings: SettingsDoor, runs: Runs) -> Run | None:
    """The run that gets the starter; None where one is not wanted, needed, or was begun before.

    It is begun once in a garden's life: where no source answers, the user is told and asks again.
    """
    if not settings.current().models.starter or places.starter_note.exists():
        return None
    if any(name != SEEDLING for name in ModelStore(places).names()):
        return None
    entry = read_catalogue(places).find(STARTER)
    make_folder(places.data)
    if entry is None or shutil.disk_usage(places.data).free < entry.bytes + MARGIN_BYTES:
        return None
    run = runs.pull(entry)
    note = {"run": run.id, "begun": round(time.time())}
    write_whole(places.starter_note, json.dumps(note).encode())
    return run
