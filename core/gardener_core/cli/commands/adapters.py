"""Commands about adapters."""

import dataclasses
import time
from pathlib import Path

import click

from gardener_core.cli.output import Output
from gardener_core.cli.run_output import show_run
from gardener_core.cli.session import Session, json_option
from gardener_core.evaluation.held_out import HeldOut, Scores, Unreadable
from gardener_core.store.garden.adapter_files import Partial
from gardener_core.store.garden.adapters import Adapter
from gardener_core.training.retraining.drift import Drift

_COLUMNS = ("VERSION", "", "BASE", "HELD OUT, BITS A BYTE", "CHANGED", "CREATED", "BYTES")


@click.command(epilog="Example: gardener adapters acme-web")
@click.argument("name")
@json_option
@click.pass_obj
def adapters(session: Session, name: str, out: Output) -> None:
    """List a project's adapters."""
    project = session.garden.projects.find(name)
    versions = session.garden.adapters.all(project)
    if out.as_json:
        rows = [
            {
                **dataclasses.asdict(item),
                "active": item.version == project.adapter,
                "partial": session.garden.adapters.partial(item),
                "held_out": session.garden.adapters.held_out(item),
                "caveat": item.caveat,
                "gate": session.garden.scores.gate(item),
                "drift": session.garden.retraining.drift_of(project, item),
            }
            for item in versions
        ]
        out.fields({"adapters": rows})
    elif not versions:
        out.say(f"No adapter yet. Run: gardener train {project.name}")
    else:
        table = [
            (
                item.version,
                _state(item, project.adapter, session.garden.adapters.partial(item)),
                item.base,
                _held_out(session.garden.adapters.held_out(item)),
                _drift(session.garden.retraining.drift_of(project, item)),
                time.strftime("%Y-%m-%d %H:%M", time.localtime(item.created)),
                f"{item.bytes:,}",
            )
            for item in versions
        ]
        out.table(_COLUMNS, table)
        for item in versions:
            scores = session.garden.adapters.held_out(item)
            if isinstance(scores, Unreadable):
                out.say(f"{item.version}: {scores.problem}")
        if any(item.state in ("trained", "partial") for item in versions):
            out.say(f"Measure one that was not measured: gardener score {project.name}")


def _state(item: Adapter, active: str, partial: Partial | None) -> str:
    words = ["active"] if item.version == active else []
    if partial is not None:
        words.append(f"partial, step {partial.step} of {partial.steps}")
    elif not item.caveat:
        words.append("passed")
    if item.caveat and not (partial and item.state == "partial"):
        words.append(item.caveat)
    return ", ".join(words)


def _drift(drift: Drift | None) -> str:
    """How many of the symbols that it learned have changed since."""
    return f"{drift.changed:,} of {drift.symbols:,} ({drift.share:.0%})" if drift else "-"


def _held_out(scores: Scores | None) -> str:
    match scores:
        case HeldOut(before, after, low=low, high=high):
            return f"{before:.3f} to {after:.3f} ({low:+.1%} to {high:+.1%})"
        case Unreadable():
            return "record damaged"
        case None:
            return "-"


@click.command(epilog="Example: gardener use acme-web v2")
@click.argument("name")
@click.argument("version")
@click.option("--reason", default="", help="Why one answers that has not passed the gate.")
@json_option
@click.pass_obj
def use(session: Session, name: str, version: str, reason: str, out: Output) -> None:
    """Choose the adapter that answers.

    One that has not passed the gate needs a reason: it is kept in the audit log and stands beside
    every answer.
    """
    adapters = session.garden.adapters
    project = adapters.use(session.garden.projects.find(name), version, reason)
    caveat = adapters.chosen(project).caveat
    if out.as_json:
        out.fields({"project": project.name, "active": project.adapter, "caveat": caveat})
    else:
        beside = f" Beside its answers stands: {caveat}." if caveat else ""
        out.say(f"{project.name} answers with adapter {project.adapter}.{beside}")


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
