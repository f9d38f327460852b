"""Commands about projects."""

import dataclasses
import time
from pathlib import Path
from typing import Any

import click

from gardener_core.cli.output import Output
from gardener_core.cli.run_events import events_of, raise_if_bad
from gardener_core.cli.session import Session, json_option
from gardener_core.events.index import FilesRead, Surveyed
from gardener_core.events.union import Event
from gardener_core.garden.door import Garden
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run
from gardener_core.system.lazy import load


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
    survey = garden.runs.survey(project, then_index=not no_index)
    _follow_survey(garden, survey, out)
    project, index_run = garden.projects.find(project.id), garden.runs.index_after(survey)
    if out.as_json:
        run = {"run": {"id": index_run}} if index_run else {}
        out.fields({"project": as_fields(project), **run})
        return
    languages = f" ({', '.join(project.languages[:5])})" if project.languages else ""
    out.say(f"Added {project.name}: {project.files} files{languages}")
    disk = load("gardener_core.upkeep.doctor").network(session.places.data)
    if not disk.ok:
        out.say(f"{disk.found}; locks cannot be trusted there. {disk.hint}")
    for other in garden.projects.overlapping(project):
        where = "above" if project.path.is_relative_to(other.path) else "inside"
        out.say(f"Project {other.name} lies {where} this folder; each has an index of its own.")
    if index_run:
        out.say(f"Indexing as run {index_run}; gardener follow {index_run} shows it.")


def _follow_survey(garden: Garden, run: Run, out: Output) -> None:
    """Show how far it is, and which files cannot be read."""
    from rich.progress import Progress  # 20 ms, which a list of projects does not need

    last: Event | None = None
    with Progress(console=out.console, transient=True, disable=not out.on_terminal) as progress:
        task = progress.add_task("surveying", total=None)
        for last in events_of(garden, run.id):
            if isinstance(last, FilesRead):
                progress.update(task, completed=last.done, total=last.total)
            elif isinstance(last, Surveyed) and not out.as_json:
                for item in last.unreadable:
                    out.say(f"Left out {item.path}: {item.reason}")
    raise_if_bad(last, run.id)


@click.command(epilog="Example: gardener projects --json")
@click.option("--trash", is_flag=True, help="What was removed and can be restored.")
@json_option
@click.pass_obj
def projects(session: Session, trash: bool, out: Output) -> None:
    """List the projects."""
    if trash:
        _show_trash(session, out)
        return
    listed, unlisted = session.garden.projects.all(), session.garden.projects.unlisted()
    if out.as_json:
        fields = {"projects": [as_fields(project) for project in listed]}
        out.fields({**fields, "unlisted": unlisted} if unlisted else fields)
        return
    if not listed and not unlisted:
        out.say("No project yet. Run: gardener add PATH")
    if listed:
        rows = [(p.name, p.state, p.files, p.chunks, p.adapter or "-", p.path) for p in listed]
        out.table(("NAME", "STATE", "FILES", "CHUNKS", "ADAPTER", "PATH"), rows)
    if unlisted:
        out.say(f"The list of projects lacks {', '.join(unlisted)}; their folders are kept.")
        out.say("Run: gardener repair, which enters them again.")


def _show_trash(session: Session, out: Output) -> None:
    removed = session.garden.projects.trashed()
    if out.as_json:
        out.fields({"trash": removed})
    elif not removed:
        out.say("The trash is empty.")
    else:
        out.table(("NAME", "ID", "UNTIL"), [(r.name, r.id, _date(r.until)) for r in removed])


@click.command(epilog="Example: gardener rename acme-web shop")
@click.argument("name")
@click.argument("new")
@json_option
@click.pass_obj
def rename(session: Session, name: str, new: str, out: Output) -> None:
    """Give a project another name."""
    garden = session.garden
    project = garden.projects.rename(garden.projects.find(name), new)
    if out.as_json:
        out.fields({"project": as_fields(project)})
    else:
        out.say(f"{name} is now {project.name}.")


@click.command(epilog="Example: gardener remove acme-web")
@click.argument("name")
@json_option
@click.pass_obj
def remove(session: Session, name: str, out: Output) -> None:
    """Move a project's index and adapters to the trash for a week; its code is not touched."""
    projects = session.garden.projects
    project = projects.find(name)
    removed = projects.remove(project)
    if out.as_json:
        out.fields({"removed": as_fields(project), "until": removed.until})
    else:
        out.say(f"Removed {project.name}. Until {_date(removed.until)} it can be brought back:")
        out.say(f"gardener restore {project.name}")


@click.command(epilog="Example: gardener restore acme-web")
@click.argument("name")
@json_option
@click.pass_obj
def restore(session: Session, name: str, out: Output) -> None:
    """Bring back a removed project, by name or id, or a dropped run.

    gardener projects --trash and gardener runs --trash say what there is.
    """
    garden = session.garden
    if name in garden.runs.dropped():
        run = garden.runs.restore(name)
        if out.as_json:
            out.fields({"run": dataclasses.asdict(run)})
        else:
            out.say(f"Run {run.id} is back: {run.state}.")
        return
    project = garden.projects.restore(name)
    if out.as_json:
        out.fields({"project": as_fields(project)})
    else:
        out.say(f"{project.name} is back.")


def _date(wall: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(wall))


def as_fields(project: Project) -> dict[str, Any]:
    """A project as JSON shows it."""
    return {**dataclasses.asdict(project), "path": str(project.path)}
