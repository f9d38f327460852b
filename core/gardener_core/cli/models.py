"""Commands about base models."""

import dataclasses

import click

from gardener_core.cli.output import Output
from gardener_core.cli.session import Session, json_option


@click.command(epilog="Example: gardener models --json")
@json_option
@click.pass_obj
def models(session: Session, out: Output) -> None:
    """List the base models on this machine."""
    found = session.garden.models.all()
    if out.as_json:
        out.fields({"models": [dataclasses.asdict(model) for model in found]})
    elif not found:
        out.say("No base model yet; training grows a small one, or run: gardener demo")
    else:
        rows = [
            (m.name, m.role, m.format, m.context, f"{m.bytes:,}", m.sha256[:12], m.path)
            for m in found
        ]
        out.table(("NAME", "ROLE", "FORMAT", "CONTEXT", "BYTES", "SHA256", "PATH"), rows)
