"""Commands about what was measured of adapters."""

from typing import Any

import click

from gardener_core.cli.output import Output
from gardener_core.cli.run_output import show_run
from gardener_core.cli.session import Session, json_option
from gardener_core.evaluation.card.card import Card, card_fields
from gardener_core.evaluation.card.item_text import MEASURES, item_text, items_of
from gardener_core.evaluation.card.markdown import ARM_NAMES, arm_rows
from gardener_core.evaluation.card.words import (
    VERDICTS,
    asked,
    needed_of,
    percent,
    value_of,
    what_it_says,
)
from gardener_core.garden.door import Garden
from gardener_core.store.garden.adapters import Adapter

GROUPS = 8


@click.command(epilog="Example: gardener score acme-web --minutes 5")
@click.argument("name")
@click.argument("version", metavar="[ADAPTER]", required=False)
@click.option("--adapter", "named", help="The same as ADAPTER.")
@click.option(
    "--minutes", type=float, help="How long to measure; else 5, or 10 with a larger base."
)
@click.option("--detach", is_flag=True, help="Start and return.")
@json_option
@click.pass_obj
def score(
    session: Session,
    name: str,
    version: str | None,
    named: str | None,
    minutes: float | None,
    detach: bool,
    out: Output,
) -> None:
    """Measure an adapter against its base on held-out files, and let the gate decide.

    Without a name it is the newest that was not measured, else the newest. Where there is no
    control for the base yet, one is trained first, which takes minutes and is done once.
    """
    garden = session.garden
    project = garden.projects.find(name)
    adapter = garden.adapters.to_score(project, version or named)
    run = garden.scores.start(project, adapter, minutes)
    if detach:
        if out.as_json:
            out.fields({"run": {"id": run.id}})
        else:
            out.say(f"Scoring {adapter.version} as run {run.id}.")
        return
    show_run(garden, run.id, out)
    card_ = garden.scores.required_card(project, adapter)
    if out.as_json:
        out.fields({"card": _fields(garden, adapter, card_)})
    else:
        _show(card_, out)
        out.say(
            f"\nThe items of each figure: gardener card {project.name} {adapter.version} --items"
        )


@click.command(epilog="Example: gardener card acme-web v2 --items statement")
@click.argument("name")
@click.argument("version", metavar="[ADAPTER]", required=False)
@click.option("--adapter", "named", help="The same as ADAPTER.")
@click.option(
    "--items",
    "measure",
    type=click.Choice(MEASURES),
    is_flag=False,
    flag_value="all",
    help="Show the items of one measure, or of all.",
)
@click.option("--most", type=int, default=10, show_default=True, help="How many items.")
@json_option
@click.pass_obj
def card(
    session: Session,
    name: str,
    version: str | None,
    named: str | None,
    measure: str | None,
    most: int,
    out: Output,
) -> None:
    """Show what was measured of an adapter, and the items of a figure."""
    garden = session.garden
    project = garden.projects.find(name)
    adapter = garden.adapters.chosen(project, version or named)
    shown = garden.scores.required_card(project, adapter)
    if measure is not None:
        items = items_of(garden.scores.items(adapter), measure)
        if out.as_json:
            out.fields({"items": [item.to_json() for item in items]})
            return
        for item in items[:most]:
            out.say(item_text(item))
        if len(items) > most:
            out.say(f"{len(items) - most} more; --most {len(items)} shows all.")
    elif out.as_json:
        out.fields({"card": _fields(garden, adapter, shown)})
    else:
        _show(shown, out)


def _fields(garden: Garden, adapter: Adapter, shown: Card) -> dict[str, Any]:
    """A card as JSON, with the place of its items."""
    return {**card_fields(shown), "items": str(garden.scores.items_file(adapter))}


def _show(shown: Card, out: Output) -> None:
    out.say(what_it_says(shown))
    out.say(f"Measured by: {shown.setting.command}\n")
    rows = [
        (VERDICTS[one.verdict], asked(one), value_of(one), needed_of(one))
        for one in shown.gate.conditions
    ]
    out.table(("GATE", "CONDITION", "VALUE (95 %)", ""), rows)
    out.say("")
    heads = tuple(name.upper() for name in ARM_NAMES)
    out.table(("MEASURE", *heads), [(name, *cells) for name, cells in arm_rows(shown)])
    if shown.groups:
        out.say("")
        groups = [
            (one.kind, one.name, percent(one.change), one.change.files)
            for one in shown.groups[:GROUPS]
        ]
        out.table(("", "BITS PER BYTE", "ADAPTER AGAINST BASE", "FILES"), groups)
    if shown.search is not None:
        found = shown.search
        out.say(
            f"\nSearch found what {found.mrr.n} statements use: recall@1 {found.recall_1.mean:.0%},"
            f" @5 {found.recall_5.mean:.0%}, @10 {found.recall_10.mean:.0%}, "
            f"MRR@10 {found.mrr.mean:.2f}."
        )
