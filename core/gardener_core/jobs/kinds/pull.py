"""Get a model of the catalogue."""

import os
import time
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

from gardener_core.errors import OllamaRefused, PullFailed, Remedy
from gardener_core.events.pull import Pulled
from gardener_core.events.run import Noted, PhaseAdvanced
from gardener_core.events.union import Event
from gardener_core.jobs.spec import PullSpec
from gardener_core.models.catalogue.entry import CatalogueEntry, CatalogueFile
from gardener_core.models.catalogue.first_seen import remember, seen_before
from gardener_core.models.catalogue.reading import read_catalogue
from gardener_core.models.keeping import keep
from gardener_core.models.model import OLLAMA
from gardener_core.models.ollama.client import Ollama
from gardener_core.models.sources.ollama import into_server
from gardener_core.models.sources.trying import fetcher_of, first_that_gives, phased
from gardener_core.models.store import ModelStore
from gardener_core.system.files.atomic import bytes_under, make_folder
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.locks import locked_if_free
from gardener_core.system.places import Places

POLL_SECONDS = 0.25
Work = Generator[Event, str | None, None]


def work(spec: PullSpec, places: Places, folder: Path, interruptible: Interruptible) -> Work:
    """Get it unless it is here; one run at a time gets a model, another waits for it.

    A name that begins with `ollama:` is the server's own: it gets it into its own files.
    """
    if spec.model.startswith(OLLAMA):
        yield from _into_ollama(spec.model, interruptible)
        return
    entry = read_catalogue(places).get(spec.model)
    incoming = make_folder(places.incoming(entry.name))
    lock = incoming.with_name(f"{entry.name}.lock")
    said = False
    while True:
        with locked_if_free(lock) as is_free:
            if is_free:
                yield from _get_missing(entry, spec.source, places, interruptible)
                return
        if not said:
            yield Noted(f"Another run is getting {entry.name}; this one waits for it.")
            said = True
        yield PhaseAdvanced("looking")
        with interruptible:
            time.sleep(POLL_SECONDS)


def _get_missing(
    entry: CatalogueEntry, source: str, places: Places, interruptible: Interruptible
) -> Work:
    store = ModelStore(places)
    if store.has(entry.name) and not store.damaged_one(entry.name):
        yield Noted(f"{entry.name} is here already.")
        return
    yield PhaseAdvanced("looking")
    began = interruptible.now()
    box = make_folder(places.incoming(entry.name))
    before = bytes_under(box)  # of an earlier attempt
    wanted = replace(entry, files=tuple(_as_seen(places, entry, file) for file in entry.files))
    sources = [fetcher_of(one) for one in entry.sources if source in ("", one.kind)]
    if not sources:
        kinds = ", ".join(dict.fromkeys(one.kind for one in entry.sources))
        raise PullFailed(
            f"{entry.name} has no source {source!r}.",
            hint=f"It has {kinds}.",
            remedy=Remedy("list all models"),
        )
    delivered = yield from first_that_gives(wanted, sources, box, places.model_files, interruptible)
    yield PhaseAdvanced("saving")
    seconds = interruptible.now() - began
    fetched = max(0, sum(one.file.bytes for one in delivered if one.path.parent == box) - before)
    record = keep(entry, delivered, places)
    new = tuple(file.name for file in wanted.files if not file.sha256)
    for one in delivered:
        remember(places, entry.name, one.file, one.file.sha256)
    yield Pulled(
        model=entry.name,
        path=str(places.models / entry.name),
        bytes=sum(file.bytes for file in record.files),
        sha256=record.files[0].sha256,
        source=record.source,
        fetched=fetched,
        seconds=round(seconds, 2),
        first_seen=new,
    )


def _as_seen(places: Places, entry: CatalogueEntry, file: CatalogueFile) -> CatalogueFile:
    """A file whose sha256 the catalogue does not know is held to that of its first pull."""
    return file if file.sha256 else replace(file, sha256=seen_before(places, entry.name, file))


def _into_ollama(model: str, interruptible: Interruptible) -> Work:
    """Stopped or killed, the server goes on with what it has the next time."""
    server, name = Ollama.of(os.environ), model.removeprefix(OLLAMA)
    began = interruptible.now()
    try:
        fetched = yield from phased(into_server(server, name), "fetching", interruptible)
    except OllamaRefused as problem:
        raise PullFailed(
            f"Ollama did not get {name}. {problem.what}",
            hint="Is the name one of ollama.com/library, and does the server reach it?",
        ) from None
    with interruptible:
        found = server.find(name)
    yield Pulled(
        model=model,
        path=server.address,
        bytes=found.bytes,
        sha256=found.digest,
        source="Ollama",
        fetched=fetched if server.is_here else 0,  # how fast another machine is says nothing
        seconds=round(interruptible.now() - began, 2),
    )
