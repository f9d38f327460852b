"""Deploy an adapter to an Ollama server."""

import hashlib
import os
import shutil
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from gardener_core.errors import AdapterMissing, DiskFull, GateClosed, OllamaNoAdapters, Remedy
from gardener_core.events.export import Deployed, Route
from gardener_core.events.parts import Fidelity
from gardener_core.events.run import Noted, PhaseAdvanced
from gardener_core.events.union import Event
from gardener_core.export.lora import read_lora
from gardener_core.export.merging import merge_gguf
from gardener_core.export.ollama.deploying import Delivery, Uploaded, with_adapter
from gardener_core.export.ollama.go_template import chat_form_of, stop_words
from gardener_core.export.ollama.names import ModelNames
from gardener_core.jobs.spec import DeploySpec
from gardener_core.models.gguf.header import read_gguf_facts
from gardener_core.models.gguf.planning import plan_tensors
from gardener_core.models.gguf.quants import Quant, quant_named
from gardener_core.models.gguf.write import ensure_base_gguf
from gardener_core.models.identity import require_base
from gardener_core.models.model import BaseModel
from gardener_core.models.ollama.building import NewModel
from gardener_core.models.ollama.client import Ollama
from gardener_core.models.ollama.states import Status, takes_adapters
from gardener_core.models.store import ModelStore
from gardener_core.models.torch.dequantise import make_training_folder
from gardener_core.store.database import Database
from gardener_core.store.garden.adapter_files import GGUF, require_whole
from gardener_core.store.garden.adapters import Adapter, AdapterTable
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.garden.versions.deployments import Deployment, DeploymentTable
from gardener_core.store.manifest import read_manifest
from gardener_core.system.files.atomic import recover_folder, write_whole, writing_aside
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.numbers import size
from gardener_core.system.pace import Pace
from gardener_core.system.places import Places

MERGED, BEGUN = "merged.gguf", "begun"
SPARE_BYTES = 200_000_000
Work = Generator[Event, str | None, None]


@dataclass(frozen=True, slots=True)
class _Subject:
    """The adapter that is deployed, its base, and the folder of the run."""

    spec: DeploySpec
    project: str
    adapter: Adapter
    base: BaseModel
    files: Path
    folder: Path
    licence: str

    @property
    def quant(self) -> Quant:
        return quant_named(self.spec.quant)


@dataclass(frozen=True, slots=True)
class _Built:
    """What the server is given, and how it was measured."""

    route: Route
    files: tuple[Uploaded, ...]
    fidelity: Fidelity | None

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)


def work(spec: DeploySpec, places: Places, folder: Path, interruptible: Interruptible) -> Work:
    """Merge, measure, upload, create, try, and only then let others have it."""
    began = interruptible.now()
    database = Database(places.database)
    subject = _subject(spec, places, database, folder)
    server = Ollama.of(os.environ)
    yield PhaseAdvanced("looking")
    with interruptible:
        status = server.status()
    if status.state != "up":
        raise status.error()
    names = ModelNames(spec.name)
    delivery = Delivery(server, names, interruptible)
    table = DeploymentTable(database)
    if not (folder / BEGUN).exists():  # what an earlier attempt has made is ours
        delivery.require_free(spec.version, [one.digest for one in table.all(spec.project)])
        write_whole(folder / BEGUN, b"", durable=True)
    built, model = yield from _delivered(subject, status, delivery, names, interruptible)
    said = yield from delivery.ask(model.name, model.context)
    digest, rollback = yield from delivery.make_latest(spec.version)
    file = built.files[0]
    kept = Deployment(
        spec.project, spec.version, server.address, names.project, model.name, digest,
        file.sha256, built.bytes, spec.quant, built.route, spec.run,
    )  # fmt: skip
    table.add(kept)
    (folder / MERGED).unlink(missing_ok=True)  # the server has it now
    yield Deployed(
        model.name, names.latest, rollback, digest, spec.version, subject.base.name,
        server.address, status.version, built.route, spec.quant, file.sha256, built.bytes, said,
        built.fidelity, round(interruptible.now() - began, 2),
    )  # fmt: skip


def _delivered(
    subject: _Subject,
    status: Status,
    delivery: Delivery,
    names: ModelNames,
    interruptible: Interruptible,
) -> Generator[Event, str | None, tuple[_Built, NewModel]]:
    """The model on the server; where that refuses an adapter, the merged one instead."""
    for route in dict.fromkeys((_route(subject, status), "merged")):
        built = yield from _built(subject, route, interruptible)
        model = _new_model(subject, names, built)
        try:
            yield from delivery.upload(built.files)
            yield from delivery.create(model)
            return built, model
        except OllamaNoAdapters as problem:
            if route == "merged":
                raise
            yield Noted(f"{problem.what} It gets the merged model.")
    raise AssertionError("the merged model is the last route")


def _subject(spec: DeploySpec, places: Places, database: Database, folder: Path) -> _Subject:
    """What is deployed, if its files are whole and the gate lets it."""
    project = ProjectTable(database).get(spec.project)
    adapter = AdapterTable(database).get(spec.project, spec.version)
    files = places.adapters(spec.project) / spec.version
    if not recover_folder(files):
        raise AdapterMissing(
            f"The files of adapter {spec.version} are gone.", remedy=Remedy("train", project.name)
        )
    if adapter.state != "passed" and not spec.reason:
        raise GateClosed(
            f"Adapter {spec.version} has not passed the gate: {adapter.caveat}.",
            hint="It can be deployed for a reason all the same.",
        )
    require_whole(files, spec.version, project.name)
    store = ModelStore(places)
    base, record = store.get(adapter.base), store.record(adapter.base)
    require_base(files, spec.version, base)
    licence = record.licence if record else ""
    return _Subject(spec, project.name, adapter, base, files, folder, licence)


def _route(subject: _Subject, status: Status) -> Route:
    """The adapter beside the base only where the setting and the server allow it."""
    if not subject.spec.beside:
        return "merged"
    return "beside" if takes_adapters(status.version, subject.base.architecture) else "merged"


def _built(
    subject: _Subject, route: Route, interruptible: Interruptible
) -> Generator[Event, str | None, _Built]:
    """The files of a route, made where an earlier attempt has not made them."""
    base = subject.base
    yield PhaseAdvanced("converting")
    with interruptible:
        base_gguf = ensure_base_gguf(base)
    yield from make_training_folder(base, interruptible)
    if subject.spec.beside and route == "merged":
        yield Noted("This server takes no adapter beside a base: it gets the merged model.")
    if route == "beside":
        adapter = subject.files / GGUF
        with interruptible:
            files = _file(base_gguf), _file(adapter)
        return _Built(route, files, None)
    merged = subject.folder / MERGED
    if not merged.exists():
        yield from _merge(subject, base_gguf, merged)
    with interruptible:
        file = _file(merged)
    return _Built(route, (file,), None)


def _merge(subject: _Subject, base_gguf: Path, merged: Path) -> Work:
    lora = read_lora(subject.files, subject.base.folder)
    facts = read_gguf_facts(base_gguf)
    _require_room(merged.parent, sum(one.bytes for one in plan_tensors(facts, subject.quant)))
    pace = Pace()
    with writing_aside(merged) as new:
        for done, total in merge_gguf(base_gguf, new, subject.quant, lora):
            if pace.is_due() or done == total:
                yield PhaseAdvanced("merging", done, total, "tensors")


def _require_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE_BYTES:
        raise DiskFull(
            f"The merged model takes about {size(needed)}, and {size(free)} are free.",
            hint="Free some space, or deploy in a smaller format.",
        )


def _new_model(subject: _Subject, names: ModelNames, built: _Built) -> NewModel:
    """The model as the server makes it: with template, context and licence of the base."""
    form = chat_form_of(subject.base)
    name = names.version(subject.spec.version)
    model = NewModel(
        name,
        {f"{names.project}.gguf": built.files[0].sha256},
        template=form.go_template if form else "",
        licence=subject.licence,
        context=min(subject.spec.context, subject.base.context),
        stop=stop_words(form),
    )
    return with_adapter(model, *built.files) if built.route == "beside" else model


def _file(path: Path) -> Uploaded:
    return Uploaded(path, _digest(path), path.stat().st_size)


def _digest(path: Path) -> str:
    recorded = read_manifest(path.parent).get(path.name)
    if recorded and path.stat().st_mtime_ns == recorded.changed_ns:
        return recorded.sha256
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
