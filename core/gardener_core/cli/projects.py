"""Commands about projects."""

import dataclasses
from pathlib import Path
from typing import Any

import click

from gardener_core.cli.output import Output
from gardener_core.cli.session import Session, json_option
from gardener_core.keeping.projects import Project


@click.command(epilog="Example: gardener add ~/src/acme-web")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--name", help="A name other than the folder's.")
@click.option("--no-index", is_flag=True, help="Register and survey only.")
@json_option
@click.pass_obj
def add(session: Session, path: Path, name: str | None, no_index: bool, out: Output) -> None:
    """Add a project and start to index it."""
    garden = session.garden
    project = garden.projects.add(path, name)
    run = None if no_index else garden.runs.index(project)
    if out.as_json:
        out.fields({"project": as_fields(project), **({"run": {"id": run.id}} if run else {})})
        return
    languages = f" ({', '.join(project.languages[:5])})" if project.languages else ""
    out.say(f"Added {project.name}: {project.files} files{languages}")
    if run:
        out.say(f"Indexing as run {run.id}; gardener follow {run.id} shows it.")


@click.command(epilog="Example: gardener projects --json")
@json_option
@click.pass_obj
def projects(session: Session, out: Output) -> None:
    """List the projects."""
    found = session.garden.projects.all()
    if out.as_json:
        out.fields({"projects": [as_fields(project) for project in found]})
    elif not found:
        out.say("No project yet. Run: gardener add PATH")
    else:
        rows = [(p.name, p.state, p.files, p.chunks, p.adapter or "-", p.path) for p in found]
        out.table(("NAME", "STATE", "FILES", "CHUNKS", "ADAPTER", "PATH"), rows)


@click.command(epilog="Example: gardener remove acme-web")
@click.argument("name")
@json_option
@click.pass_obj
def remove(session: Session, name: str, out: Output) -> None:
    """Move a project's index and adapters to the trash; its code is not touched."""
    project = session.garden.projects.find(name)
    session.garden.projects.remove(project)
    if out.as_json:
        out.fields({"removed": as_fields(project)})
    else:
        out.say(f"Removed {project.name}. Its folder went to {session.places.trash}.")


def as_fields(project: Project) -> dict[str, Any]:
    """A project as JSON shows it."""
    return {**dataclasses.asdict(project), "path": str(project.path)}
