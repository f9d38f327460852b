"""Take a bundle in."""

from pathlib import Path

import click

from gardener_core.cli.output import Output
from gardener_core.cli.session import Session, json_option
from gardener_core.events.run import PhaseAdvanced
from gardener_core.garden.versions.bundles import TakenIn


@click.command("import", epilog="Example: gardener import ./acme-v2.bundle --code ~/src/acme")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--code",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder with the project's code on this machine.",
)
@click.option("--name", default="", help="The name of the project; else the one it had.")
@json_option
@click.pass_obj
def import_(session: Session, folder: Path, code: Path, name: str, out: Output) -> None:
    """Take in a bundle that was exported on another machine.

    Every file is held against its sha256 first, and nothing of it runs. The model stays where it
    is; the index is brought up to date with the code here; the adapter has to be measured anew.
    """
    for event in session.garden.bundles.take_in(folder, code, name):
        match event:
            case PhaseAdvanced():
                if out.as_json:
                    out.event(event)
            case TakenIn():
                _say(event, out)


def _say(taken: TakenIn, out: Output) -> None:
    if out.as_json:
        out.fields(
            {
                "project": taken.project,
                "model": taken.model,
                "adapter": taken.adapter,
                "without": taken.without,
                "index_run": taken.index_run,
            }
        )
        return
    version = taken.adapter.version if taken.adapter else ""
    adapter = f"adapter {version}" if version else f"no adapter: {taken.without}"
    out.say(f"{taken.project.name} is here with {taken.model} and {adapter}.")
    out.say(f"Its index is brought up to date in run {taken.index_run}.")
    if version:
        out.say(f"Measure the adapter here: gardener score {taken.project.name} {version}")
