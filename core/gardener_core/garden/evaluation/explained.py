"""Compare how a base and its adapter explain."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gardener_core.answers.explain.record import (
    AskedOne,
    ExplainRecord,
    ExplainRecords,
    Share,
    identity_with,
)
from gardener_core.evaluation.card.card import Card
from gardener_core.evaluation.card.figures import Figure, FileSums, difference, figure_of
from gardener_core.evaluation.card.words import points
from gardener_core.system.places import Places

Part = Callable[[AskedOne], tuple[float, float]]  # how much, and of how much


@dataclass(frozen=True, slots=True)
class ExplainedFigure:
    """One figure of `bench answers`, of the base and of the adapter.

    The difference is paired by question, with an interval from questions drawn with replacement;
    None where not both were asked the same.
    """

    measure: str
    base: Share | None
    adapter: Share | None
    difference: Figure | None = None


def explained_of(places: Places, card: Card) -> tuple[ExplainedFigure, ...]:
    """What was measured of the base and the adapter of a card; nothing where neither was."""
    records = ExplainRecords(places)
    setting = card.setting
    base = records.of(setting.base_sha256)
    adapter = records.of(identity_with(setting.base_sha256, setting.adapter_sha256))
    if base is not None and base.project != setting.project:
        base = None  # asked about other code
    return tuple(_figures(base, adapter)) if base or adapter else ()


def _figures(
    base: ExplainRecord | None, adapter: ExplainRecord | None
) -> Iterator[ExplainedFigure]:
    rows: tuple[tuple[str, Callable[[ExplainRecord], Share | None], Part | None], ...] = (
        ("facts kept", lambda record: record.facts_kept, _kept),
        ("sentences with a source", lambda record: record.citations_held, _held),
        ("names invented", lambda record: record.names_invented, None),
        ("the same in other words", lambda record: record.consistent, None),
    )
    for name, share, part in rows:
        one, other = (share(record) if record else None for record in (base, adapter))
        if one is not None or other is not None:
            yield ExplainedFigure(name, one, other, _paired(base, adapter, part))


def _paired(
    base: ExplainRecord | None, adapter: ExplainRecord | None, part: Part | None
) -> Figure | None:
    if base is None or adapter is None or part is None:
        return None
    of_base = {one.question: one for one in base.asked if one.kind != "absent"}
    sums = [
        FileSums(one.question, *part(one), *part(of_base[one.question]), 1)
        for one in adapter.asked
        if one.question in of_base
    ]
    return figure_of(sums, difference)


def _kept(one: AskedOne) -> tuple[float, float]:
    return float(bool(one.kept)), 1.0


def _held(one: AskedOne) -> tuple[float, float]:
    return float(one.sentences - len(one.unsourced)), float(one.sentences)


def explained_words(one: ExplainedFigure) -> str:
    """A figure in a line: the base, the adapter, and whether the difference is one."""
    text = f"{one.measure}: base {_share(one.base)}, adapter {_share(one.adapter)}"
    if one.difference is None:
        return text
    found = one.difference
    better = "no difference is seen" if found.low <= 0 <= found.high else (
        "the adapter is better" if found.low > 0 else "the base is better"
    )  # fmt: skip
    return f"{text}; {points(found)}, {better}"


def _share(share: Share | None) -> str:
    if share is None:
        return "not measured"
    return f"{share.value:.0%} ({share.low:.0%}-{share.high:.0%}, n = {share.n})"
