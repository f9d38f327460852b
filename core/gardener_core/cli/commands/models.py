"""Commands about models."""

import dataclasses

import click

from gardener_core.cli.output import Output
from gardener_core.cli.session import Session, json_option
from gardener_core.models.model import FolderModel
from gardener_core.search.embedders.available import EmbedderStatus
from gardener_core.store.garden.projects import Project


@click.command(epilog="Example: gardener models --project acme-web")
@click.option("--project", "name", metavar="N", help="Show the weight of each embedder there.")
@json_option
@click.pass_obj
def models(session: Session, name: str | None, out: Output) -> None:
    """List the base models and the embedders on this machine.

    An embedder is chosen by its name: gardener index N --embedder NAME.
    """
    project = session.garden.projects.find(name) if name else None
    bases, embedders = session.garden.models.all(), session.garden.models.embedders(project)
    everything: list[FolderModel | EmbedderStatus] = [*bases, *embedders]
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


def _weight(embedder: EmbedderStatus, project: Project) -> str:
    """The weight of its ranking beside that of the words, and how it is known."""
    measured = embedder.measured
    if measured is None:
        return f"{embedder.weight:g} (assumed)"
    if not measured.weight:
        return f"0: it did not help on {measured.n} questions to {project.name}"
    return f"{measured.weight:g} (measured on {measured.n} questions to {project.name})"
