"""Make the figures of a card from its items."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from gardener_core.evaluation.card.card import ArmFigures, Arms, Difference, FileGroup, Found
from gardener_core.evaluation.card.figures import (
    Figure,
    FileSums,
    Statistic,
    beyond_control,
    difference,
    figure_of,
    level,
    perplexity,
    relative_change,
)
from gardener_core.evaluation.card.gate import GateFigures
from gardener_core.evaluation.card.items import ArmName, Item, Measure, Outcome

# The pairs of which a card shows the difference: the one, and what it is compared with.
PAIRS: tuple[tuple[ArmName, ArmName], ...] = (
    ("adapter", "base"),
    ("adapter_context", "base_context"),
    ("base_context", "base"),
    ("adapter_context", "adapter"),
    ("control", "base"),
)
Measures = tuple[Measure, ...]
_FILES: Measures = ("bits_per_byte",)
_LINES: Measures = ("statement",)
_SCOPES: Measures = ("scope",)
_FOREIGN: Measures = ("foreign",)
_FOLDS: Measures = ("fold",)
# Held-out files below which an adapter's own figures decide nothing where there are folds.
FEWEST_WITHOUT_FOLDS = 12
_WRITTEN: Measures = ("statement", "scope")
Value = Callable[[Outcome], float | None]
Share = Callable[[Item, Outcome], float]


def arms_of(items: Sequence[Item]) -> Arms:
    """Every figure of every arm."""
    return Arms(
        arm_figures(items, "base"),
        arm_figures(items, "base_context"),
        arm_figures(items, "adapter"),
        arm_figures(items, "adapter_context"),
        arm_figures(items, "control"),
    )


def arm_figures(items: Sequence[Item], arm: ArmName) -> ArmFigures:
    """Every figure of one arm."""

    def of(measures: Measures, value: Value, share: Share, kind: Statistic) -> Figure | None:
        return figure_of(_sums(items, measures, arm, arm, value, share), kind)

    return ArmFigures(
        bits_per_byte=of(_FILES, _bits, _bytes, level),
        perplexity=of(_FILES, _bits, _tokens, perplexity),
        exact_match=of(_LINES, _exact, _one, level),
        edit_similarity=of(_LINES, _similarity, _one, level),
        scope_exact_match=of(_SCOPES, _exact, _one, level),
        scope_edit_similarity=of(_SCOPES, _similarity, _one, level),
        scope_codebleu=of(_SCOPES, _codebleu, _one, level),
        scope_bleu=of(_SCOPES, _bleu, _one, level),
        parses=of(_WRITTEN, _parses, _one, level),
        invented_names=of(_WRITTEN, _invented, _names, level),
        foreign_bits_per_byte=of(_FOREIGN, _bits, _bytes, level),
    )


def differences_of(items: Sequence[Item]) -> tuple[Difference, ...]:
    """The paired differences in every measure that both arms of a pair have."""
    return tuple(one for arm, against in PAIRS for one in between(items, arm, against))


def between(items: Sequence[Item], arm: ArmName, against: ArmName) -> Iterator[Difference]:
    """The paired differences of one pair of arms."""
    rows: tuple[tuple[str, Measures, Value, Share, bool], ...] = (
        ("bits_per_byte", _FILES, _bits, _bytes, True),
        ("exact_match", _LINES, _exact, _one, False),
        ("edit_similarity", _LINES, _similarity, _one, False),
        ("scope_edit_similarity", _SCOPES, _similarity, _one, False),
        ("scope_codebleu", _SCOPES, _codebleu, _one, False),
        ("parses", _WRITTEN, _parses, _one, False),
        ("foreign_bits_per_byte", _FOREIGN, _bits, _bytes, True),
    )
    for name, measures, value, share, is_relative in rows:
        sums = _sums(items, measures, arm, against, value, share)
        figure = figure_of(sums, relative_change if is_relative else difference)
        if figure is not None:
            yield Difference(name, arm, against, is_relative, figure)
    invented = figure_of(_names_of(items, arm, against), difference)
    if invented is not None:
        yield Difference("invented_names", arm, against, False, invented)


def groups_of(items: Sequence[Item]) -> tuple[FileGroup, ...]:
    """Bits per byte by language and by folder, the largest first."""
    files = [item for item in items if item.measure == "bits_per_byte"]
    return (
        *_groups("language", files, lambda item: item.language or "text"),
        *_groups("folder", files, lambda item: item.folder),
    )


def _groups(
    kind: str, files: Sequence[Item], name_of: Callable[[Item], str]
) -> Iterator[FileGroup]:
    names = sorted({name_of(item) for item in files})
    sizes = {name: sum(i.bytes for i in files if name_of(i) == name) for name in names}
    for name in sorted(names, key=lambda one: -sizes[one]):
        own = [item for item in files if name_of(item) == name]
        base = figure_of(_sums(own, _FILES, "base", "base", _bits, _bytes), level)
        pairs = list(_sums(own, _FILES, "adapter", "base", _bits, _bytes))
        adapter, change = figure_of(pairs, level), figure_of(pairs, relative_change)
        if base and adapter and change:
            yield FileGroup(kind, name, base, adapter, change)


def search_of(items: Sequence[Item]) -> Found | None:
    """How high search ranked what masked statements use."""
    asked = [item for item in items if item.rank is not None]

    def figure(value: Callable[[int], float]) -> Figure | None:
        return figure_of(
            (FileSums(item.path, value(item.rank or 0), 1.0, 0.0, 1.0, 1) for item in asked), level
        )

    def within(most: int) -> Figure | None:
        return figure(lambda rank: float(0 < rank <= most))

    mrr = figure(lambda rank: 1 / rank if 0 < rank <= 10 else 0.0)
    one, five, ten = within(1), within(5), within(10)
    return Found(mrr, one, five, ten) if mrr and one and five and ten else None


def human_names_of(items: Sequence[Item]) -> Figure | None:
    """The share of names that exist nowhere in what people wrote, by the same check."""
    return figure_of(
        (
            FileSums(item.path, len(item.invented), item.names, 0.0, 0.0, item.names)
            for item in items
            if item.measure in _WRITTEN and item.names
        ),
        level,
    )


def gate_figures(items: Sequence[Item], seen: int | None, missing: str) -> GateFigures:
    """What the gate reads of the items; `missing` says why there is no context."""
    files = [item for item in items if item.measure == "bits_per_byte"]
    folds = [item for item in items if item.measure == "fold"]
    by_folds = bool(folds) and len(files) < FEWEST_WITHOUT_FOLDS
    has_context = any("adapter_context" in item.arms for item in items)
    one: ArmName = "adapter_context" if has_context else "adapter"
    other: ArmName = "base_context" if has_context else "base"
    of_files = _FOLDS if by_folds else _FILES
    own = _sums(items, of_files, "adapter", "base", _bits, _bytes)
    foreign = _sums(items, _FOREIGN, "adapter", "base", _bits, _bytes)
    matches = list(_sums(items, _WRITTEN, one, other, _exact, _one))
    names = list(_names_of(items, one, other))
    return GateFigures(
        held_out=figure_of(own, relative_change),
        forgetting=figure_of(foreign, relative_change),
        specificity=figure_of(_with_control(folds if by_folds else files), beyond_control),
        matches=figure_of(matches, difference) if has_context else None,
        matches_at_floor=not any(part.one or part.other for part in matches),
        invented=figure_of(names, difference),
        invented_at_floor=not any(part.one or part.other for part in names),
        seen=seen,
        scored=len({item.path for item in files}),
        missing="" if has_context else missing,
    )


def folds_of(items: Sequence[Item]) -> Figure | None:
    """The change in bits per byte over all files, each by an adapter that had not read it."""
    return figure_of(_sums(items, _FOLDS, "adapter", "base", _bits, _bytes), relative_change)


def _with_control(files: Iterable[Item]) -> Iterator[FileSums]:
    """The bits of the adapter, the control and the base."""
    for item in files:
        found = [item.arms.get(arm) for arm in ("adapter", "control", "base")]
        if all(found):
            adapter, control, base = (_bits(one) or 0.0 for one in found if one)
            yield FileSums(item.path, adapter, control, base, 0.0, 1)


def _sums(
    items: Iterable[Item],
    measures: Measures,
    arm: ArmName,
    against: ArmName,
    value: Value,
    share: Share,
) -> Iterator[FileSums]:
    """The values of two arms on the items that both were given."""
    for item in items:
        if item.measure not in measures or arm not in item.arms or against not in item.arms:
            continue
        outcome, other = item.arms[arm], item.arms[against]
        found, compared = value(outcome), value(other)
        if found is not None and compared is not None:
            yield FileSums(item.path, found, share(item, outcome), compared, share(item, other), 1)


def _names_of(items: Iterable[Item], arm: ArmName, against: ArmName) -> Iterator[FileSums]:
    """Invented names, of those that each arm wrote: arms write differently many."""
    for item in items:
        if item.measure in _WRITTEN and arm in item.arms and against in item.arms:
            one, other = item.arms[arm], item.arms[against]
            if one.names or other.names:
                yield FileSums(
                    item.path, len(one.invented), one.names, len(other.invented), other.names, 1
                )


def _bits(outcome: Outcome) -> float | None:
    return outcome.bits


def _exact(outcome: Outcome) -> float | None:
    return None if outcome.text is None else float(outcome.exact)


def _similarity(outcome: Outcome) -> float | None:
    return None if outcome.text is None else outcome.similarity


def _parses(outcome: Outcome) -> float | None:
    return None if outcome.parses is None else float(outcome.parses)


def _codebleu(outcome: Outcome) -> float | None:
    return outcome.codebleu


def _bleu(outcome: Outcome) -> float | None:
    return outcome.bleu


def _invented(outcome: Outcome) -> float | None:
    return float(len(outcome.invented)) if outcome.names else None


def _bytes(item: Item, outcome: Outcome) -> float:
    return float(item.bytes)


def _tokens(item: Item, outcome: Outcome) -> float:
    return float(item.tokens)


def _one(item: Item, outcome: Outcome) -> float:
    return 1.0


def _names(item: Item, outcome: Outcome) -> float:
    return float(outcome.names)
