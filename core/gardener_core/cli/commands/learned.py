"""The command that shows what an adapter learned."""

import dataclasses

import click

from gardener_core.cli.output import Output
from gardener_core.cli.session import Session, json_option
from gardener_core.errors import BadInput
from gardener_core.evaluation.card.item_text import item_text
from gardener_core.evaluation.card.items import Item
from gardener_core.evaluation.card.learned import Learned, NameSaved, learned_of, tokens_of
from gardener_core.evaluation.card.learned_text import file_text, side_by_side, strip_of

MOST_NAMES, MOST_LINES, MOST_STATEMENTS = 12, 6, 4


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
        _show_file(_file(items, path), out)
        return
    found = learned_of(items)
    if out.as_json:
        out.fields(dataclasses.asdict(found))
    else:
        _show(found, items, out)


def _file(items: list[Item], path: str) -> Item:
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


def _show(found: Learned, items: list[Item], out: Output) -> None:
    out.say("Bits of each held-out file, adapter against base:")
    out.say("\n".join(strip_of(found.files)))
    for title, ranked, most in (
        ("NAME", found.names, MOST_NAMES),
        ("IMPORT", found.imports, MOST_LINES),
        ("LINE THAT COMES AGAIN", found.idioms, MOST_LINES),
    ):
        cheap = [one for one in ranked[:most] if one.bits_saved > 0]
        if cheap:
            out.say("")
            out.table(("BITS SAVED", "USES", title), [_row(one) for one in cheap])
    if dear := [one for one in reversed(found.names[-MOST_LINES:]) if one.bits_saved < 0]:
        out.say("")
        out.table(("BITS LOST", "USES", "NAME"), [_row(one) for one in dear])
    out.say("")
    for item in side_by_side(items, MOST_STATEMENTS):
        out.say(item_text(item))


def _row(one: NameSaved) -> tuple[str, str, str]:
    return f"{one.bits_saved:+.1f}", f"{one.count}", one.name
