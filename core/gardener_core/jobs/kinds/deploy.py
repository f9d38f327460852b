"""Deploy an adapter to an Ollama server."""

import os
import shutil
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from gardener_core.errors import DiskFull, GateClosed, OllamaNoAdapters
from gardener_core.events.export import Deployed, Route
from gardener_core.events.parts import Fidelity
from gardener_core.events.run import Noted, PhaseAdvanced
from gardener_core.events.union import Event
from gardener_core.export.fidelity.measuring import ExportedFiles
from gardener_core.export.ollama.deploying import Delivery, Uploaded, with_adapter
from gardener_core.export.ollama.go_template import chat_form_of, stop_words, template_of
from gardener_core.export.ollama.names import ModelNames
from gardener_core.jobs.data.sources import drop_sources
from gardener_core.jobs.exporting.certifying import certify, digest_of_file
from gardener_core.jobs.exporting.subject import ExportSubject
from gardener_core.jobs.exporting.writing import open_box, write_base, write_merged
from gardener_core.jobs.spec import DeploySpec, ExportSpec
from gardener_core.models.gguf.header import read_gguf_facts
from gardener_core.models.gguf.planning import plan_tensors
from gardener_core.models.gguf.quants import quant_named
from gardener_core.models.ollama.building import NewModel
from gardener_core.models.ollama.client import Ollama
from gardener_core.models.ollama.states import Status, takes_adapters
from gardener_core.models.store import ModelStore
from gardener_core.models.tokens import TextTokens
from gardener_core.models.torch.dequantise import make_training_folder
from gardener_core.store.database import Database
from gardener_core.store.garden.adapter_files import GGUF, require_whole
from gardener_core.store.garden.versions.deployments import Deployment, DeploymentTable
from gardener_core.store.manifest import read_manifest
from gardener_core.system.files.atomic import write_whole, writing_aside
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.numbers import size
from gardener_core.system.places import Places

BEGUN = "begun"
SPARE_BYTES = 200_000_000
Work = Generator[Event, str | None, None]


@dataclass(frozen=True, slots=True)
class _Built:
    """What the server is given, and how it was measured."""

    route: Route
    files: tuple[Uploaded, ...]
    fidelity: Fidelity

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)


def work(spec: DeploySpec, places: Places, folder: Path, interruptible: Interruptible) -> Work:
    """Merge, measure, upload, create, try, and only then let others have it."""
    began = interruptible.now()
    subject = _subject(spec, places, folder, interruptible)
    server = Ollama.of(os.environ)
    yield PhaseAdvanced("looking")
    with interruptible:
        status = server.status()
    if status.state != "up":
        raise status.error()
    names = ModelNames(spec.name)
    delivery = Delivery(server, names, interruptible)
    table = DeploymentTable(Database(places.database))
    if not (folder / BEGUN).exists():  # what an earlier attempt has made is ours
        delivery.require_free(spec.version, [one.digest for one in table.all(spec.project)])
        write_whole(folder / BEGUN, b"", durable=True)
    built, model = yield from _delivered(spec, subject, status, delivery, names)
    file = built.files[0]
    kept = Deployment(
        spec.project, spec.version, server.address, names.project, model.name,
        delivery.digest_of(spec.version), file.sha256, built.bytes, spec.quant, built.route,
        spec.run,
    )  # fmt: skip
    table.add(kept)  # known as ours before others get it: a run that is killed blocks no later one
    said = yield from delivery.ask(model.name, model.context)
    digest, rollback = yield from delivery.make_latest(spec.version)
    table.deployed(kept, names.latest)
    for path in open_box(folder).glob("*.gguf"):  # the server has it now
        path.unlink()
    drop_sources(folder)
    yield Deployed(
        model.name, names.latest, rollback, digest, spec.version, subject.base.name,
        server.address, status.version, built.route, spec.quant, file.sha256, built.bytes, said,
        built.fidelity, round(interruptible.now() - began, 2),
    )  # fmt: skip


def _subject(
    spec: DeploySpec, places: Places, folder: Path, interruptible: Interruptible
) -> ExportSubject:
    """What is deployed, if its files are whole and the gate lets it."""
    export = ExportSpec(
        spec.run, spec.created, spec.project, spec.version, "gguf", "", spec.quant, spec.loss_reason
    )  # fmt: skip
    subject = ExportSubject.of(export, places, folder, interruptible)
    if subject.adapter.state != "passed" and not spec.reason:
        raise GateClosed(
            f"Adapter {spec.version} has not passed the gate: {subject.adapter.caveat}.",
            hint="It can be deployed for a reason all the same.",
        )
    require_whole(subject.files, spec.version, subject.project.name)
    return subject


def _delivered(
    spec: DeploySpec,
    subject: ExportSubject,
    status: Status,
    delivery: Delivery,
    names: ModelNames,
) -> Generator[Event, str | None, tuple[_Built, NewModel]]:
    """The model on the server; where that refuses an adapter, the merged one instead."""
    for route in dict.fromkeys((_route(spec, subject, status), "merged")):
        if spec.beside and route == "merged":
            yield Noted("This server takes no adapter beside a base: it gets the merged model.")
        built = yield from files_beside(subject) if route == "beside" else merged_files(subject)
        model = _new_model(spec, subject, names, built)
        try:
            yield from delivery.upload(built.files)
            yield from delivery.create(model)
            return built, model
        except OllamaNoAdapters as problem:
            if route == "merged":
                raise
            yield Noted(problem.what)
    raise AssertionError("the merged model is the last route")


def _route(spec: DeploySpec, subject: ExportSubject, status: Status) -> Route:
    """The adapter beside the base only where the setting and the server allow it."""
    if not spec.beside:
        return "merged"
    return "beside" if takes_adapters(status.version, subject.base.architecture) else "merged"


def files_beside(subject: ExportSubject) -> Generator[Event, str | None, _Built]:
    """The base as it is served here, and the adapter that answers here."""
    yield from make_training_folder(subject.base, subject.interruptible)
    base_gguf = yield from write_base(subject)
    adapter = open_box(subject.folder) / f"{subject.name}.lora.gguf"
    if not adapter.exists():
        with writing_aside(adapter) as new:
            shutil.copyfile(subject.files / GGUF, new)
    exported = ExportedFiles(base_gguf, adapter)
    fidelity = yield from certify(subject, base_gguf, exported, "lora-f32")
    with subject.interruptible:
        files = _file(base_gguf), _file(adapter)
    return _Built("beside", files, fidelity)


def merged_files(subject: ExportSubject) -> Generator[Event, str | None, _Built]:
    """The base with the adapter in it, measured; what an earlier attempt made is taken."""
    quant = quant_named(subject.spec.quant)
    yield from make_training_folder(subject.base, subject.interruptible)
    base_gguf = yield from write_base(subject)
    path = open_box(subject.folder) / f"{subject.name}.{quant}.gguf"
    if not path.exists():
        planned = plan_tensors(read_gguf_facts(base_gguf), quant)
        _require_room(path.parent, sum(tensor.bytes for tensor in planned))
    merged = yield from write_merged(subject, base_gguf, path, quant)
    fidelity = yield from certify(subject, base_gguf, ExportedFiles(merged), quant)
    with subject.interruptible:
        file = _file(merged)
    return _Built("merged", (file,), fidelity)


def _require_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE_BYTES:
        raise DiskFull(
            f"The merged model takes about {size(needed)}, and {size(free)} are free.",
            hint="Free some space, or deploy in a smaller format.",
        )


def _new_model(
    spec: DeploySpec, subject: ExportSubject, names: ModelNames, built: _Built
) -> NewModel:
    """The model as the server makes it: with template, context and licence of the base."""
    template = template_of(subject.base, TextTokens(subject.base.folder).special)
    record = ModelStore(subject.places).record(subject.base.name)
    model = NewModel(
        names.version(spec.version),
        {f"{names.project}.gguf": built.files[0].sha256},
        template=template,
        licence=record.licence if record else "",
        context=min(spec.context, subject.base.context),
        stop=stop_words(chat_form_of(subject.base)),
    )
    return with_adapter(model, *built.files) if built.route == "beside" else model


def _file(path: Path) -> Uploaded:
    return Uploaded(path, _digest(path), path.stat().st_size)


def _digest(path: Path) -> str:
    recorded = read_manifest(path.parent).get(path.name)
    if recorded and path.stat().st_mtime_ns == recorded.changed_ns:
        return recorded.sha256
    return digest_of_file(path)
