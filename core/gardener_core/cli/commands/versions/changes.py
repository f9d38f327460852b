"""Name, note, archive and remove versions."""

import dataclasses
import time

import click

from gardener_core.cli.output import Output
from gardener_core.cli.session import Session, json_option
from gardener_core.store.garden.adapters import Adapter


@click.command(epilog="Example: gardener adapters rename acme-web v3 before-the-rewrite")
@click.argument("name")
@click.argument("version", metavar="ADAPTER")
@click.argument("new", metavar="[NEW]", default="")
@json_option
@click.pass_obj
def rename(session: Session, name: str, version: str, new: str, out: Output) -> None:
    """Give a version a name, by which it is found too; without NEW its name is taken away."""
    versions = session.garden.versions
    adapter = versions.rename(versions.find(session.garden.projects.find(name), version), new)
    said = f"is called {adapter.name} now" if adapter.name else "has no name any more"
    _show(adapter, f"{adapter.version} {said}.", out)


@click.command(epilog='Example: gardener adapters note acme-web v3 "before the rewrite"')
@click.argument("name")
@click.argument("version", metavar="ADAPTER")
@click.argument("text", default="")
@json_option
@click.pass_obj
def note(session: Session, name: str, version: str, text: str, out: Output) -> None:
    """Write a note beside a version; without TEXT it is taken away."""
    versions = session.garden.versions
    adapter = versions.note(versions.find(session.garden.projects.find(name), version), text)
    said = (
        f"{adapter.version}: {adapter.note}" if adapter.note else f"{adapter.version} has no note"
    )
    _show(adapter, said, out)


@click.command(epilog="Example: gardener adapters archive acme-web v1")
@click.argument("name")
@click.argument("version", metavar="ADAPTER")
@click.option("--yes", is_flag=True, help="Confirm, even if it answers now.")
@json_option
@click.pass_obj
def archive(session: Session, name: str, version: str, yes: bool, out: Output) -> None:
    """Put a version away: its files stay, and it neither answers nor is measured."""
    garden = session.garden
    project = garden.projects.find(name)
    found = garden.versions.find(project, version)
    adapter = garden.versions.archive(project, found, though_active=yes)
    said = f"{adapter.version} is archived. Bring it back: gardener adapters unarchive {name} "
    _show(adapter, f"{said}{adapter.version}", out)


@click.command(epilog="Example: gardener adapters unarchive acme-web v1")
@click.argument("name")
@click.argument("version", metavar="ADAPTER")
@json_option
@click.pass_obj
def unarchive(session: Session, name: str, version: str, out: Output) -> None:
    """Bring a version back from the archive, in the state that it had."""
    versions = session.garden.versions
    adapter = versions.unarchive(versions.find(session.garden.projects.find(name), version))
    _show(adapter, f"{adapter.version} is back: {adapter.caveat or 'passed'}.", out)


@click.command(epilog="Example: gardener adapters remove acme-web v1")
@click.argument("name")
@click.argument("version", metavar="ADAPTER")
@click.option("--yes", is_flag=True, help="Confirm, even if it answers now.")
@json_option
@click.pass_obj
def remove(session: Session, name: str, version: str, yes: bool, out: Output) -> None:
    """Move a version to the trash for a week."""
    garden = session.garden
    project = garden.projects.find(name)
    found = garden.versions.find(project, version)
    removed = garden.versions.remove(project, found, though_active=yes)
    if out.as_json:
        out.fields({"removed": removed.version, "until": removed.until})
        return
    until = time.strftime("%Y-%m-%d %H:%M", time.localtime(removed.until))
    out.say(f"Removed {removed.version}. Until {until} it can be brought back:")
    out.say(f"gardener adapters restore {project.name} {removed.version}")


@click.command(epilog="Example: gardener adapters restore acme-web v1")
@click.argument("name")
@click.argument("version", metavar="ADAPTER")
@json_option
@click.pass_obj
def restore(session: Session, name: str, version: str, out: Output) -> None:
    """Bring a removed version back; gardener adapters NAME --trash says what there is."""
    adapter = session.garden.versions.restore(session.garden.projects.find(name), version)
    _show(adapter, f"{adapter.version} is back: {adapter.caveat or 'passed'}.", out)


def _show(adapter: Adapter, said: str, out: Output) -> None:
    if out.as_json:
        out.fields({"adapter": dataclasses.asdict(adapter)})
    else:
        out.say(said)
