"""Commands about adapters."""

from pathlib import Path

import click

from gardener_core.cli.commands.versions.changes import (
    archive,
    note,
    remove,
    rename,
    restore,
    unarchive,
)
from gardener_core.cli.commands.versions.exchanging import import_, take_out
from gardener_core.cli.commands.versions.listing import compare, list_
from gardener_core.cli.list_first import ListFirst
from gardener_core.cli.output import Output
from gardener_core.cli.run_output import show_run
from gardener_core.cli.session import Session, json_option
from gardener_core.errors import BadInput


@click.group(cls=ListFirst, epilog="Example: gardener adapters acme-web")
def adapters() -> None:
    """List a project's adapters."""


for _command in (
    list_, compare, rename, note, archive, unarchive, remove, restore, import_, take_out,
):  # fmt: skip
    adapters.add_command(_command)


@click.command(epilog="Example: gardener use acme-web v2")
@click.argument("name")
@click.argument("version", metavar="[ADAPTER]", default="")
@click.option("--deployed", is_flag=True, help="Answer by the model that Ollama has of it.")
@click.option("--reason", default="", help="Why one answers that has not passed the gate.")
@json_option
@click.pass_obj
def use(
    session: Session, name: str, version: str, deployed: bool, reason: str, out: Output
) -> None:
    """Choose the adapter that answers, or the deployed model.

    One that has not passed the gate needs a reason: it is kept in the audit log and stands beside
    every answer.
    """
    if deployed:
        _use_deployed(session, name, out)
        return
    if not version:
        raise BadInput("Which adapter?", hint="Give a version, or --deployed.")
    adapters = session.garden.adapters
    project = adapters.use(session.garden.projects.find(name), version, reason)
    caveat = adapters.chosen(project).caveat
    if out.as_json:
        out.fields({"project": project.name, "active": project.adapter, "caveat": caveat})
    else:
        beside = f" Beside its answers stands: {caveat}." if caveat else ""
        out.say(f"{project.name} answers with adapter {project.adapter}.{beside}")


def _use_deployed(session: Session, name: str, out: Output) -> None:
    garden = session.garden
    latest = garden.deployments.answer_by(garden.projects.find(name)).deployment
    if out.as_json:
        out.fields(
            {"project": name, "active": "", "deployed": latest.model, "digest": latest.digest}
        )
        return
    out.say(
        f"{name} completes by {latest.name}:latest, which is {latest.version}, digest "
        f"{latest.digest[:12]}. Back: gardener rollback {name}"
    )


@click.command(epilog="Example: gardener rollback acme-web")
@click.argument("name")
@click.option("--reason", default="", help="Why one answers that has not passed the gate.")
@json_option
@click.pass_obj
def rollback(session: Session, name: str, reason: str, out: Output) -> None:
    """Let the version answer again that did before the active one.

    Once more goes one further back; versions that are gone or archived are passed over.
    """
    garden = session.garden
    project = garden.projects.find(name)
    back = garden.versions.roll_back(project, reason)
    if out.as_json:
        out.fields(
            {"project": project.name, "left": back.left, "active": back.version,
             "caveat": back.caveat}
        )  # fmt: skip
        return
    now = f"adapter {back.version}" if back.version else "the base alone"
    beside = f" Beside its answers stands: {back.caveat}." if back.caveat else ""
    left = back.left or "the base alone"
    out.say(f"{project.name} answers with {now} again, and not with {left}.{beside}")


@click.command(epilog="Example: gardener export acme-web --format gguf --quant q8_0 --to ./out")
@click.argument("name")
@click.option("--adapter", "version", help="A version; else the active one, else the newest.")
@click.option(
    "--format",
    "format_",
    required=True,
    metavar="peft|gguf-lora|gguf|bundle",
    help="The adapter for PEFT or for llama.cpp, its base with the adapter in it, or all for a "
    "machine without network.",
)
@click.option("--quant", default="", metavar="q8_0|f16|q4_0|...", help="The format of numbers.")
@click.option("--reason", default="", help="Why an export is taken that loses more than 1 %.")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The folder to write into, made if missing; else the present one.",
)
@json_option
@click.pass_obj
def export(
    session: Session,
    name: str,
    version: str | None,
    format_: str,
    quant: str,
    reason: str,
    folder: Path,
    out: Output,
) -> None:
    """Write an adapter into files that other programs load.

    What is written is compared with what was trained, by llama.cpp and PEFT on held-out files, and
    the figures are kept beside the file; one that answers otherwise is not given out. Formats of
    numbers: f32, f16, bf16, q8_0, q5_1, q5_0, q4_1, q4_0.
    """
    garden = session.garden
    project = garden.projects.find(name)
    chosen = garden.adapters.chosen(project, version)
    run = garden.exports.start(project, chosen.version, format_, folder, quant=quant, reason=reason)
    show_run(garden, run.id, out)
