"""Bring adapters in from elsewhere, and take them out."""

import dataclasses
from pathlib import Path

import click

from gardener_core.cli.output import Output
from gardener_core.cli.session import Session, json_option


@click.command("import", epilog="Example: gardener adapters import acme-web ~/my-lora")
@click.argument("name")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--base", default="", help="The base it was trained on; else the one that it names.")
@json_option
@click.pass_obj
def import_(session: Session, name: str, folder: Path, base: str, out: Output) -> None:
    """Take a PEFT folder in as a new version, not measured.

    It is checked: a plain LoRA, in safetensors, whose tensors fit the base and load. Then it is
    measured and passes the gate like any other.
    """
    garden = session.garden
    project = garden.projects.find(name)
    adapter = garden.exchange.bring_in(project, folder.expanduser().absolute(), base)
    if out.as_json:
        out.fields({"adapter": dataclasses.asdict(adapter)})
        return
    out.say(f"Brought in as {adapter.version} on {adapter.base}, {adapter.bytes:,} bytes.")
    out.say(f"Measure it: gardener score {project.name} {adapter.version}")


@click.command("take-out", epilog="Example: gardener adapters take-out acme-web v3 ./acme-v3")
@click.argument("name")
@click.argument("version", metavar="ADAPTER")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@json_option
@click.pass_obj
def take_out(session: Session, name: str, version: str, folder: Path, out: Output) -> None:
    """Copy a version into a folder that PEFT loads, with its record and its card."""
    garden = session.garden
    project = garden.projects.find(name)
    adapter = garden.versions.find(project, version)
    paths = garden.exchange.take_out(project, adapter, folder.expanduser().absolute())
    if out.as_json:
        out.fields({"files": paths})
    else:
        out.say(f"Took out {adapter.version}: {len(paths)} files in {folder}, each checked.")
