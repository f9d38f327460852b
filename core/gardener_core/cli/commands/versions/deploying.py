"""Deploy versions to an Ollama server."""

import dataclasses
import time
from typing import Any

import click

from gardener_core.cli.output import Output
from gardener_core.cli.run_output import show_run
from gardener_core.cli.session import Session, json_option
from gardener_core.errors import BadInput
from gardener_core.garden.versions.deployments import USUAL_QUANT, DeployedModel
from gardener_core.system.numbers import size


@click.command(epilog="Example: gardener deploy acme-web v3 --quant q8_0")
@click.argument("name", required=False)
@click.argument("version", metavar="[ADAPTER]", required=False)
@click.option("--adapter", "named", help="The same as ADAPTER.")
@click.option(
    "--to", "target", type=click.Choice(["ollama"]), default="ollama", help="Where it goes."
)
@click.option("--quant", default=USUAL_QUANT, show_default=True, help="The format of its weights.")
@click.option("--name", "model", default="", help="The project's name there; else its own.")
@click.option("--reason", default="", help="Why one is deployed that has not passed the gate.")
@click.option("--loss-reason", default="", help="Why a format is taken that loses over 1 %.")
@click.option("--list", "lists", is_flag=True, help="What is deployed, and what answers now.")
@click.option("--rollback", is_flag=True, help="Let the model answer that was before the latest.")
@click.option("--detach", is_flag=True, help="Start and return.")
@json_option
@click.pass_obj
def deploy(
    session: Session,
    name: str | None,
    version: str | None,
    named: str | None,
    target: str,
    quant: str,
    model: str,
    reason: str,
    loss_reason: str,
    lists: bool,
    rollback: bool,
    detach: bool,
    out: Output,
) -> None:
    """Give an adapter to the Ollama server as a model that other programs run.

    It is merged into its base, measured, uploaded, made and asked; then it is NAME:latest, and the
    one before is kept as NAME:rollback. The server is that of OLLAMA_HOST, else this machine's.
    """
    garden = session.garden
    if lists:
        _show_list(session, name, out)
        return
    if not name:
        raise BadInput("Whose adapter?", hint="Give the name of a project, or --list.")
    project = garden.projects.find(name)
    if rollback:
        back = garden.deployments.roll_back(project)
        if out.as_json:
            fields = dataclasses.asdict(back)
            out.fields({**fields, "model": f"{back.name}:latest", "fidelity": None})
        else:
            out.say(f"{back.name}:latest is {back.version} again, digest {back.digest[:12]}.")
        return
    adapter = garden.adapters.chosen(project, version or named)
    run = garden.deployments.start(
        project, adapter, quant=quant, name=model, reason=reason, loss_reason=loss_reason
    )
    if not detach:
        show_run(garden, run.id, out)
    elif out.as_json:
        out.fields({"run": {"id": run.id}})
    else:
        out.say(f"Deploying {adapter.version} to {target} as run {run.id}.")


@click.command(epilog="Example: gardener undeploy acme-web v2")
@click.argument("name")
@click.argument("version", metavar="[ADAPTER]", default="")
@json_option
@click.pass_obj
def undeploy(session: Session, name: str, version: str, out: Output) -> None:
    """Delete deployed models from the Ollama server: one version's, or all of a project."""
    garden = session.garden
    gone = garden.deployments.undeploy(garden.projects.find(name), version)
    if out.as_json:
        out.fields({"deleted": gone})
    elif gone:
        out.say(f"Ollama deleted {', '.join(gone)}.")
    else:
        out.say("The server had none of them any more; they are forgotten here.")


def _show_list(session: Session, name: str | None, out: Output) -> None:
    garden = session.garden
    found = garden.deployments.all(garden.projects.find(name) if name else None)
    names = {project.id: project.name for project in garden.projects.all()}
    if out.as_json:
        models = [_fields(one, names) for one in found.models]
        out.fields({"deployed": models, "server": dataclasses.asdict(found.status)})
        return
    if not found.models:
        out.say("Nothing is deployed. Run: gardener deploy NAME")
        return
    rows = [
        (
            names.get(one.deployment.project, "-"), one.deployment.version, one.deployment.model,
            _state(one), one.deployment.quant, size(one.deployment.bytes),
            one.deployment.digest[:12],
            time.strftime("%Y-%m-%d %H:%M", time.localtime(one.deployment.created)),
        )
        for one in found.models
    ]  # fmt: skip
    out.table(("PROJECT", "VERSION", "MODEL", "", "FORMAT", "SIZE", "DIGEST", "DEPLOYED"), rows)
    if found.status.state != "up":
        out.say(found.status.what)


def _state(one: DeployedModel) -> str:
    if one.here is None:
        return "unknown"
    words = [word for word, holds in (("latest", one.latest), ("rollback", one.rollback)) if holds]
    return ", ".join(words) or ("there" if one.here else "gone from the server")


def _fields(one: DeployedModel, names: dict[str, str]) -> dict[str, Any]:
    fields = dataclasses.asdict(one.deployment)
    fields["project"] = names.get(one.deployment.project, one.deployment.project)
    return {**fields, "here": one.here, "latest": one.latest, "rollback": one.rollback}
