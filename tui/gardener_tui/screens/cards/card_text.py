"""Draw the card of an adapter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content

from gardener_core.evaluation.card.card import Card
from gardener_core.evaluation.card.gate import Condition, Verdict
from gardener_core.evaluation.card.item_text import item_text, item_title
from gardener_core.evaluation.card.items import Item
from gardener_core.evaluation.card.markdown import ARM_NAMES, arm_rows
from gardener_core.evaluation.card.words import (
    VERDICTS,
    asked,
    bound_of,
    needed_of,
    percent,
    value_of,
    verdict_of,
)
from gardener_core.evaluation.votes.tally import VoteTally, tally_words
from gardener_core.garden.evaluation.explained import ExplainedFigure, explained_words
from gardener_core.system.terminal_text import clean, clean_line
from gardener_tui.widgets.plain_text import Part, styled

_MARKS: dict[Verdict, tuple[str, str]] = {
    "pass": ("✔", "$success"),
    "fail": ("✖", "$error"),
    "inconclusive": ("▲", "$warning"),
    "unmeasurable": ("○", "$label"),
}


@dataclass(frozen=True, slots=True)
class Since:
    """What was found of an adapter after it was measured."""

    explained: Sequence[ExplainedFigure] = ()
    tallies: Sequence[VoteTally] = ()


_WIDE = 112  # columns from which the four arms stand beside each other


def card_text(card: Card, width: int, since: Since) -> Content:
    """The whole card, for so many columns, with what was found since it was made."""
    rows = [*_rows(card, width)]
    for title, lines in (
        ("Explanations", map(explained_words, since.explained)),
        ("Blind votes", map(tally_words, since.tallies)),
    ):
        shown = [styled(f"  {clean_line(line)}") for line in lines]
        rows += [Content(""), styled((title, "bold")), *shown] if shown else []
    return Content("\n").join(rows)


def item_line(item: Item) -> Content:
    """An item in a line of a list."""
    return styled(clean_line(item_title(item)))


def item_page(item: Item) -> Content:
    """One item with prompt, expected and every arm."""
    return styled(clean(item_text(item)))


def _rows(card: Card, width: int) -> Iterator[Content]:
    verdict = {"pass": "pass", "fail": "fail", "inconclusive": "inconclusive"}[card.gate.verdict]
    mark, colour = _MARKS[verdict]  # type: ignore[index]
    yield styled((f"{mark} {verdict_of(card.gate)}", f"bold {colour}"))
    yield styled((f"on {clean_line(card.setting.base)}, {card.n} items", "$label"))
    yield Content("")
    for condition in card.gate.conditions:
        yield from _condition(condition)
    yield Content("")
    yield from _figures(card, width)
    if card.groups:
        yield Content("")
        yield styled(("Bits per byte, adapter against base", "bold"))
        for group in card.groups:
            name = clean_line(group.name)
            files = f"{group.change.files} files"
            yield styled(f"  {name:<28} {percent(group.change)}", (f"  {files}", "$label"))
    if card.search is not None:
        found = card.search
        yield Content("")
        yield styled(
            ("Search ", "bold"),
            f"recall@1 {found.recall_1.mean:.0%}, @5 {found.recall_5.mean:.0%}, @10 "
            f"{found.recall_10.mean:.0%}, MRR@10 {found.mrr.mean:.2f}",
            (f"  of {found.mrr.n} statements", "$label"),
        )
    yield Content("")
    yield styled((f"Measured {card.setting.measured}, {card.setting.seconds:.0f} s", "$label"))
    yield from (styled((clean_line(note), "$label")) for note in card.notes)


def _condition(condition: Condition) -> Iterator[Content]:
    mark, colour = _MARKS[condition.verdict]
    word = VERDICTS[condition.verdict]
    yield styled(
        (f"{mark} {word:<15}", colour), (condition.name, "bold"), f"  {value_of(condition)}"
    )
    needed = needed_of(condition)
    more: list[Part] = [(f"  {'':15} {asked(condition)}; {bound_of(condition)}", "$label")]
    yield styled(*more, (f"; {needed}" if needed else "", "$warning"))


def _figures(card: Card, width: int) -> Iterator[Content]:
    """Beside each other where there is room, else below each other."""
    rows = list(arm_rows(card))
    if width >= _WIDE:
        yield styled((_beside("", ARM_NAMES), "bold"))
        for name, cells in rows:
            yield styled(_beside(name, [cell.partition(" (")[0] for cell in cells]))
        return
    for name, cells in rows:
        yield styled((name, "bold"))
        for arm, cell in zip(ARM_NAMES, cells, strict=True):
            if cell != "-":
                yield styled((f"  {arm:<19}", "$label"), cell)


def _beside(name: str, cells: Sequence[str]) -> str:
    columns = (f"{cell:>{max(7, len(arm))}}" for arm, cell in zip(ARM_NAMES, cells, strict=True))
    return "  ".join((f"{name:<46}", *columns))
