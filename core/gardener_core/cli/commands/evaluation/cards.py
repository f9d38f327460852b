"""Commands about what was measured of adapters."""

import dataclasses
from typing import Any

import click

from gardener_core.cli.commands.evaluation.votes import tally_fields
from gardener_core.cli.output import Output
from gardener_core.cli.run_output import show_run
from gardener_core.cli.session import Session, json_option
from gardener_core.errors import BadInput
from gardener_core.evaluation.card.card import Card, card_fields
from gardener_core.evaluation.card.item_text import MEASURES, item_text, items_of
from gardener_core.evaluation.card.items import Item
from gardener_core.evaluation.card.learned import LearnedBits, NameSaved, learned_of, tokens_of
from gardener_core.evaluation.card.learned_text import (
    BITS_A_BYTE,
    file_text,
    side_by_side,
    strip_of,
)
from gardener_core.evaluation.card.markdown import ARM_NAMES, arm_rows
from gardener_core.evaluation.card.words import (
    VERDICTS,
    asked,
    needed_of,
    percent,
    value_of,
    what_it_says,
)
from gardener_core.evaluation.votes.tally import tally_words
from gardener_core.garden.door import Garden
from gardener_core.garden.evaluation.explained import explained_words
from gardener_core.store.garden.adapters import Adapter

GROUPS = 8
MOST_NAMES, MOST_LINES, MOST_STATEMENTS = 12, 6, 4


@click.command(epilog="Example: gardener score acme-web --minutes 5")
@click.argument("name")
@click.argument("version", metavar="[ADAPTER]", required=False)
@click.option("--adapter", "named", help="The same as ADAPTER.")
@click.option(
    "--minutes", type=float, help="How long to measure; else 5, or 10 with a larger base."
)
@click.option("--three-folds", is_flag=True, help="Train three more; for a small project.")
@click.option("--detach", is_flag=True, help="Start and return.")
@json_option
@click.pass_obj
def score(
    session: Session,
    name: str,
    version: str | None,
    named: str | None,
    minutes: float | None,
    three_folds: bool,
    detach: bool,
    out: Output,
) -> None:
    """Measure an adapter against its base on held-out files, and let the gate decide.

    Without a name it is the newest that was not measured, else the newest. Where there is no
    control for the base yet, one is trained first, which takes minutes and is done once.
    With --three-folds three more adapters are trained in the same way, each measured on a third of
    all files: where fewer than 12 files are held out, they decide whether it is better and own.
    """
    garden = session.garden
    project = garden.projects.find(name)
    adapter = garden.adapters.to_score(project, version or named)
    run = garden.scores.start(project, adapter, minutes, three_folds)
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
    tallies = garden.votes.tallies(project, adapter)
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
        fields = _fields(garden, adapter, shown)
        explained = [dataclasses.asdict(one) for one in garden.scores.explained(shown)]
        votes = [tally_fields(one) for one in tallies]
        out.fields({"card": fields, "votes": votes, "explained": explained})
    else:
        _show(shown, out)
        for explained_figure in garden.scores.explained(shown):
            out.say(explained_words(explained_figure))
        for tally in tallies:
            out.say(f"{tally_words(tally)}.")


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


@click.command(epilog="Example: gardener learned acme-web --file src/session.py")
@click.argument("name")
@click.argument("version", metavar="[ADAPTER]", required=False)
@click.option("--adapter", "named", help="The same as ADAPTER.")
@click.option("--file", "path", help="A held-out file, with what was saved at each token.")
@json_option
@click.pass_obj
def learned(
    session: Session,
    name: str,
    version: str | None,
    named: str | None,
    path: str | None,
    out: Output,
) -> None:
    """Show what an adapter learned: files, names, imports and idioms that became cheap.

    Bits are those that the adapter saves against the base on files that it has not read; they were
    measured by `gardener score`.
    """
    garden = session.garden
    project = garden.projects.find(name)
    adapter = garden.adapters.chosen(project, version or named)
    garden.scores.required_card(project, adapter)
    items = garden.scores.items(adapter)
    if path is not None:
        _show_file(_file_measured(items, path), out)
        return
    found = learned_of(items)
    if out.as_json:
        out.fields(dataclasses.asdict(found))
    else:
        _show_learned(found, items, out)


def _file_measured(items: list[Item], path: str) -> Item:
    measured = {item.path: item for item in items if tokens_of(item)}
    if path not in measured:
        raise BadInput(
            f"{path} was not measured.", hint=f"These were: {', '.join(sorted(measured))}."
        )
    return measured[path]


def _show_file(item: Item, out: Output) -> None:
    if out.as_json:
        tokens = [
            {"text": token.text, "base": token.base, "adapter": token.adapter}
            for token in tokens_of(item)
        ]
        out.fields({"path": item.path, "tokens": tokens})
    else:
        out.say(file_text(item))


def _show_learned(found: LearnedBits, items: list[Item], out: Output) -> None:
    out.say(BITS_A_BYTE)
    out.say("\n".join(strip_of(found.files)))
    for title, ranked, most in (
        ("NAME", found.names, MOST_NAMES),
        ("IMPORT", found.imports, MOST_LINES),
        ("LINE THAT COMES AGAIN", found.idioms, MOST_LINES),
    ):
        cheap = [one for one in ranked[:most] if one.bits_saved > 0]
        if cheap:
            out.say("")
            out.table(("BITS SAVED", "USES", title), [_ranked_row(one) for one in cheap])
    if dear := [one for one in reversed(found.names[-MOST_LINES:]) if one.bits_saved < 0]:
        out.say("")
        out.table(("BITS LOST", "USES", "NAME"), [_ranked_row(one) for one in dear])
    out.say("")
    for item in side_by_side(items, MOST_STATEMENTS):
        out.say(item_text(item))


def _ranked_row(one: NameSaved) -> tuple[str, str, str]:
    return f"{one.bits_saved:+.1f}", f"{one.count}", one.name
