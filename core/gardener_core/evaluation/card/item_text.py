"""Show an item of a card to a person."""

from collections.abc import Iterator, Sequence

from gardener_core.evaluation.card.items import ARMS, Item, Outcome

MEASURES = ("all", "bits_per_byte", "statement", "scope", "foreign", "fold")
LAST_LINES = 6  # of what stood before


def items_of(items: Sequence[Item], measure: str) -> list[Item]:
    """The items of one measure, or all."""
    return [item for item in items if measure in ("all", item.measure)]


def item_text(item: Item) -> str:
    """What was given, what was expected, and what every arm made of it."""
    return "\n".join(_lines(item)) + "\n"


def item_title(item: Item) -> str:
    """An item in a line."""
    place = f"{item.path}:{item.line}"
    base, adapter = item.arms.get("base"), item.arms.get("adapter")
    if base is None or adapter is None:
        return place
    if base.bits is not None and adapter.bits is not None:
        change = adapter.bits / base.bits - 1 if base.bits else 0.0
        return f"{change:+7.1%}  {place}"
    marks = "".join("=" if one.exact else "~" if one.similarity > 0.6 else "·"
                    for one in (base, adapter))  # fmt: skip
    return f"{marks}  {place}  {item.expected.strip().splitlines()[0]}"


def _lines(item: Item) -> Iterator[str]:
    yield f"── {item.measure.replace('_', ' ')}  {item.path}:{item.line}  {item.bytes} bytes"
    if item.sources:
        yield f"context: {', '.join(item.sources)}"
    if item.rank is not None:
        rank = f"{item.rank}" if item.rank else "not among the hits"
        yield f"search: {item.symbol} stands at {rank}"
    if item.measure in ("bits_per_byte", "foreign", "fold"):
        for name, outcome in _arms(item):
            if outcome.bits is not None:
                yield f"{name:17} {outcome.bits:10.1f} bits, {outcome.bits / item.bytes:.3f} a byte"
        return
    yield from (f"    {line}" for line in item.prompt.splitlines()[-LAST_LINES:])
    yield from _block("expected", item.expected, "")
    for name, outcome in _arms(item):
        yield from _block(name, outcome.text or "", _judgement(outcome))


def _arms(item: Item) -> Iterator[tuple[str, Outcome]]:
    for name in ARMS:
        if name in item.arms:
            yield name.replace("_", " + "), item.arms[name]


def _block(name: str, text: str, judged: str) -> Iterator[str]:
    first, *rest = text.splitlines() or [""]
    yield f"{name:17} {first}{judged if not rest else ''}"
    for number, line in enumerate(rest, start=2):
        yield f"{'':17} {line}{judged if number == len(rest) + 1 else ''}"


def _judgement(outcome: Outcome) -> str:
    parts = ["exact" if outcome.exact else f"{outcome.similarity:.0%} alike"]
    parts += ["does not parse"] if outcome.parses is False else []
    parts += [f"invented {', '.join(outcome.invented)}"] if outcome.invented else []
    return f"    ← {'; '.join(parts)}"
