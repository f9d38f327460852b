"""The command for settings."""

import dataclasses

import click

from gardener_core.cli.output import Output
from gardener_core.cli.session import Session, json_option


@click.command(epilog="Example: gardener config training.steps 300")
@click.argument("key", required=False)
@click.argument("value", required=False)
@json_option
@click.pass_obj
def config(session: Session, key: str | None, value: str | None, out: Output) -> None:
    """Show, explain or change settings; comments in the file stay."""
    door = session.garden.settings
    if key is None:
        told = door.explain()
    elif value is None:
        told = [door.one(key)]
    else:
        told = [door.set(key, value)]
    if out.as_json:
        rows = [dataclasses.asdict(item) for item in told]
        out.fields({"settings": rows} if key is None else rows[0])
    else:
        rows_shown = [(item.key, item.value, item.source, item.effect) for item in told]
        out.table(("KEY", "VALUE", "SOURCE", "EFFECT"), rows_shown)
