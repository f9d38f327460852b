"""The command for settings."""

import dataclasses
from pathlib import Path

import click

from gardener_core.cli.output import Output
from gardener_core.cli.session import Session, json_option
from gardener_core.settings.reading import PREFIX, ExplainedSetting


@click.command(epilog="Example: gardener config training.steps 300")
@click.argument("key", required=False)
@click.argument("value", required=False)
@click.option("--project", "name", metavar="N", help="The settings of one project.")
@click.option("--unset", is_flag=True, help="Let the settings file decide for the project again.")
@json_option
@click.pass_obj
def config(
    session: Session,
    key: str | None,
    value: str | None,
    name: str | None,
    unset: bool,
    out: Output,
) -> None:
    """Show, explain or change settings; comments in the file stay.

    A project may have its own settings for search and training: --project N.
    """
    door = session.garden.settings
    project = session.garden.projects.find(name) if name else None
    if unset and (project is None or key is None or value is not None):
        raise click.UsageError("--unset takes --project N and KEY.")
    if key is None:
        settings = door.explain(project)
    elif unset and project:
        settings = [door.unset_for(project, key)]
    elif value is None:
        settings = [door.one(key, project)]
    else:
        settings = [door.set_for(project, key, value) if project else door.set(key, value)]
    if out.as_json:
        rows = [dataclasses.asdict(item) for item in settings]
        out.fields({"settings": rows} if key is None else rows[0])
    else:
        rows_shown = [
            (item.key, item.value, _source(item), _effect(item, whole=key is not None))
            for item in settings
        ]
        out.table(("KEY", "VALUE", "SOURCE", "EFFECT"), rows_shown)


def _source(item: ExplainedSetting) -> str:
    """Where a value comes from, in a word; --json has all of it."""
    if item.source.startswith(PREFIX):
        return "environment"
    return Path(item.source).name


def _effect(item: ExplainedSetting, *, whole: bool) -> str:
    """The first sentence in the list of all, so that it fits; the whole for one."""
    return item.effect if whole else f"{item.effect.partition('. ')[0].removesuffix('.')}."
