"""Commands about runs."""

import dataclasses
from pathlib import Path
from typing import Any

import click

from gardener_core.cli.output import Output
from gardener_core.cli.run_output import outlook, show_run, update_outlook
from gardener_core.cli.session import Session, json_option
from gardener_core.errors import BadInput
from gardener_core.events.run import PhaseAdvanced
from gardener_core.settings.presets import PRESETS, Preset
from gardener_core.store.garden.runs import Run


@click.command(epilog="Example: gardener train acme-web --detach")
@click.argument("name")
@click.option(
    "--base", help="A base model; else the project's, else the largest that trains in minutes."
)
@click.option("--steps", type=int, help="Optimiser steps.")
@click.option("--preset", type=click.Choice(PRESETS), help="How much: 25, 250 or 2,500 steps.")
@click.option("--fit", is_flag=True, help="Where memory is short, change what it takes to fit.")
@click.option("--update", is_flag=True, help="Go on from the active adapter: learn what changed.")
@click.option("--if-due", is_flag=True, help="Only if it is new or changed and nobody works here.")
@click.option("--detach", is_flag=True, help="Start and return.")
@json_option
@click.pass_obj
def train(
    session: Session,
    name: str,
    base: str | None,
    steps: int | None,
    preset: Preset | None,
    fit: bool,
    update: bool,
    if_due: bool,
    detach: bool,
    out: Output,
) -> None:
    """Train an adapter on a project, and measure it on held-out files.

    With --update it goes on from the active adapter, else the newest: it learns the symbols that
    changed since, and a part of the others again, in at most 30 % of a full run's steps, and
    measures what is forgotten.
    """
    garden = session.garden
    project = garden.projects.find(name)
    if (update or if_due) and (base or steps or preset or fit or (update and if_due)):
        raise BadInput(
            "An update takes base and steps from the adapter that it goes on from.",
            hint="Give --update or --if-due without other options than --detach.",
        )
    if if_due:
        decision, run_id = garden.retraining.by_itself(project, enabled=True)
        if not run_id:
            _say_not_due(project.name, decision.why, out)
            return
        if not out.as_json:
            out.say(f"Due: {decision.why}.")
    elif update:
        plan = garden.retraining.plan(project)
        if not out.as_json:
            out.say(update_outlook(plan))
        run_id = garden.runs.begin_training(plan.spec).id
    else:
        if not out.as_json:
            out.say(outlook(garden.runs.outlook(project, base=base, steps=steps, preset=preset)))
        run_id = garden.runs.train(project, base=base, steps=steps, fit=fit, preset=preset).id
    if not detach:
        show_run(garden, run_id, out)
        if not out.as_json:
            out.say(f"It answers once it has passed: gardener score {project.name}")
    elif out.as_json:
        out.fields({"run": {"id": run_id}})
    else:
        out.say(f"Training as run {run_id}; gardener follow {run_id} shows it.")


def _say_not_due(name: str, why: str, out: Output) -> None:
    if out.as_json:
        out.fields({"run": None, "why": why})
    else:
        out.say(f"{name} is not trained now: {why}.")


@click.command(epilog="Example: gardener runs acme-web")
@click.argument("name", required=False)
@click.option("--trash", is_flag=True, help="What was dropped and can be restored.")
@json_option
@click.pass_obj
def runs(session: Session, name: str | None, trash: bool, out: Output) -> None:
    """List every run, live or past."""
    garden = session.garden
    if trash:
        _show_trash(garden.runs.dropped(), out)
        return
    listed = garden.runs.all(garden.projects.find(name) if name else None)
    if out.as_json:
        rows = [{**as_fields(run), "subject": garden.runs.subject(run)} for run in listed]
        out.fields({"runs": rows})
    elif not listed:
        out.say("No run yet. Run: gardener train NAME")
    else:
        names = {project.id: project.name for project in garden.projects.all()}
        table = [
            (
                run.id, run.kind, garden.runs.subject(run) or "-", names.get(run.project, "-"),
                _state(run, garden.runs.phase(run)), _progress(run), _loss(run),
            )
            for run in listed
        ]  # fmt: skip
        out.table(("RUN", "KIND", "MAKES", "PROJECT", "STATE", "STEP", "LOSS"), table)


def _show_trash(dropped: list[str], out: Output) -> None:
    if out.as_json:
        out.fields({"trash": dropped})
    elif not dropped:
        out.say("No run is in the trash.")
    else:
        out.say("\n".join(dropped))
        out.say("Bring one back with: gardener restore RUN")


@click.command(epilog="Example: gardener follow 261120-101500-1a2b")
@click.argument("run")
@click.option(
    "--tensorboard",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write every number of the run there, as TensorBoard reads it.",
)
@json_option
@click.pass_obj
def follow(session: Session, run: str, tensorboard: Path | None, out: Output) -> None:
    """Show a run from its beginning to its end."""
    show_run(session.garden, run, out, tensorboard)


@click.command(epilog="Example: gardener pause 261120-101500-1a2b")
@click.argument("run")
@json_option
@click.pass_obj
def pause(session: Session, run: str, out: Output) -> None:
    """Pause a run as soon as nothing is lost by it."""
    session.garden.runs.pause(run)
    _confirm(session, run, "Asked to pause.", out)


@click.command(epilog="Example: gardener resume 261120-101500-1a2b")
@click.argument("run")
@json_option
@click.pass_obj
def resume(session: Session, run: str, out: Output) -> None:
    """Resume a paused run, or start a dead one again where it stopped."""
    session.garden.runs.resume(run)
    _confirm(session, run, "Resumed.", out)


@click.command(epilog="Example: gardener stop 261120-101500-1a2b")
@click.argument("run")
@click.option("--keep", is_flag=True, help="Then make an adapter of what it has learned so far.")
@click.option("--drop", is_flag=True, help="Then put it into the trash, with what it has made.")
@json_option
@click.pass_obj
def stop(session: Session, run: str, keep: bool, drop: bool, out: Output) -> None:
    """Ask a run to end; what it has done is kept."""
    if keep and drop:
        raise BadInput("A run is kept or dropped, not both.", hint="Give --keep or --drop.")
    if keep:
        show_run(session.garden, session.garden.runs.keep(run).id, out)
        return
    if not drop:
        session.garden.runs.stop(run)
        _confirm(session, run, "Asked to stop.", out)
        return
    dropped = session.garden.runs.drop(run)
    if out.as_json:
        out.fields({"dropped": as_fields(dropped)})
    else:
        out.say(f"Dropped run {run}. For seven days it can be brought back:")
        out.say(f"gardener restore {run}")


@click.command(epilog="Example: gardener checkpoint 261120-101500-1a2b")
@click.argument("run")
@json_option
@click.pass_obj
def checkpoint(session: Session, run: str, out: Output) -> None:
    """Ask a run to write a checkpoint now."""
    session.garden.runs.checkpoint(run)
    _confirm(session, run, "Asked for a checkpoint.", out)


def _confirm(session: Session, run_id: str, text: str, out: Output) -> None:
    run = session.garden.runs.find(run_id)
    if out.as_json:
        out.fields({"run": as_fields(run)})
    else:
        out.say(f"{text} Run {run.id} is {run.state}.")


def as_fields(run: Run) -> dict[str, Any]:
    """A run as JSON shows it."""
    return dataclasses.asdict(run)


def _state(run: Run, phase: PhaseAdvanced | None) -> str:
    """The state, and how far a run is in the part of its work that it is at."""
    if phase is None or run.state != "running":
        return run.state
    return f"{phase.phase} {phase.done / phase.total:.0%}" if phase.total else phase.phase


def _progress(run: Run) -> str:
    return f"{run.step}/{run.steps}" if run.steps else "-"


def _loss(run: Run) -> str:
    return f"{run.loss:.3f}" if run.loss is not None else "-"
