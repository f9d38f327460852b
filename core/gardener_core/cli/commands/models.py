"""Commands about models."""

import dataclasses
from pathlib import Path

import click

from gardener_core.cli.output import Output
from gardener_core.cli.session import Session, json_option
from gardener_core.models.model import BaseModel
from gardener_core.search.embedders.available import EmbedderStatus
from gardener_core.store.garden.projects import Project


@click.group(invoke_without_command=True, epilog="Example: gardener models --project acme-web")
@click.option("--project", "name", metavar="N", help="Show the weight of each embedder there.")
@json_option
@click.pass_context
def models(context: click.Context, name: str | None, out: Output) -> None:
    """List the base models and the embedders on this machine.

    An embedder is chosen by its name: gardener index N --embedder NAME.
    """
    if context.invoked_subcommand:
        return
    session: Session = context.obj
    project = session.garden.projects.find(name) if name else None
    bases, embedders = session.garden.models.all(), session.garden.models.embedders(project)
    everything: list[BaseModel | EmbedderStatus] = [*bases, *embedders]
    if out.as_json:
        out.fields({"models": [dataclasses.asdict(model) for model in everything]})
        return
    for problem in session.garden.models.damaged():
        out.say(problem)
    if not bases:
        out.say("No base model yet; training grows a small one, or run: gardener demo")
    rows = [
        (m.name, m.role, m.format, m.context or "", f"{m.bytes:,}", m.sha256[:12], m.path)
        for m in everything
    ]
    out.table(("NAME", "ROLE", "FORMAT", "CONTEXT", "BYTES", "SHA256", "PATH"), rows)
    if project:
        counts = [(m.name, _weight(m, project)) for m in embedders]
        out.table(("EMBEDDER", "WEIGHT BESIDE WORDS"), counts)
    for embedder in embedders:
        if embedder.why:
            out.say(f"{embedder.name} cannot be used: {embedder.why}")


@models.command(epilog="Example: gardener models add ~/models/coder-q4_k_m.gguf")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--name", default="", help="What it is called here; by default as the file.")
@json_option
@click.pass_obj
def add(session: Session, path: Path, name: str, out: Output) -> None:
    """Add a GGUF file as a base model; it stays where it is."""
    model = session.garden.models.add(path, name)
    if out.as_json:
        out.fields(dataclasses.asdict(model))
        return
    out.say(f"Added {model.name}: {model.architecture}, {model.bytes:,} bytes.")


def _weight(embedder: EmbedderStatus, project: Project) -> str:
    """The weight of its ranking beside that of the words, and how it is known."""
    measured = embedder.measured
    if measured is None:
        return f"{embedder.weight:g} (assumed)"
    if not measured.weight:
        return f"0: it did not help on {measured.n} questions to {project.name}"
    return f"{measured.weight:g} (measured on {measured.n} questions to {project.name})"
