"""Write a card for people."""

from collections.abc import Iterator, Sequence

from gardener_core.evaluation.card.card import ArmFigures, Card
from gardener_core.evaluation.card.figures import Figure
from gardener_core.evaluation.card.gate import Condition
from gardener_core.evaluation.card.words import (
    VERDICTS,
    asked,
    bound_of,
    needed_of,
    percent,
    plain_figure,
    points,
    value_of,
    verdict_of,
)

ARM_NAMES = ("base", "base + context", "adapter", "adapter + context", "control")
# A measure as it is called, the field of an arm, and whether it is a share.
ROWS: tuple[tuple[str, str, bool], ...] = (
    ("bits per byte", "bits_per_byte", False),
    ("perplexity", "perplexity", False),
    ("statements, exact match", "exact_match", True),
    ("statements, edit similarity", "edit_similarity", True),
    ("bodies, exact match", "scope_exact_match", True),
    ("bodies, edit similarity", "scope_edit_similarity", True),
    ("bodies, CodeBLEU", "scope_codebleu", False),
    ("bodies, BLEU-4", "scope_bleu", False),
    ("written code that parses", "parses", True),
    ("names that exist nowhere", "invented_names", True),
    ("bits per byte of foreign code", "foreign_bits_per_byte", False),
)


def markdown_of(card: Card) -> str:
    """The card as Markdown; the command that measures it again comes first."""
    return "\n".join(_lines(card)) + "\n"


def arm_rows(card: Card) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every measure that any arm has, with the figure of each arm."""
    arms = card.arms
    every = (arms.base, arms.base_context, arms.adapter, arms.adapter_context, arms.control)
    for title, field, is_share in ROWS:
        figures = [_figure(arm, field) for arm in every]
        known = next((figure for figure in figures if figure is not None), None)
        if known is not None:
            cells = tuple(plain_figure(figure, is_share) for figure in figures)
            yield f"{title} (n = {known.n}, {known.files} files)", cells


def _lines(card: Card) -> Iterator[str]:
    setting = card.setting
    yield f"    {setting.command}\n"
    yield f"# {setting.project} {setting.version}\n"
    yield f"**{verdict_of(card.gate)}**\n"
    yield from _table(
        ("condition", "value (95 % interval)", "bound", "verdict"),
        [(asked(one), value_of(one), bound_of(one), _verdict(one)) for one in card.gate.conditions],
    )
    yield "\n## Figures\n"
    yield from _table(("measure", *ARM_NAMES), [(name, *cells) for name, cells in arm_rows(card)])
    yield "\nIntervals hold 95 of 100 draws of the files with replacement.\n"
    yield "## Paired differences\n"
    yield from _table(
        ("measure", "of", "against", "difference", "n", "files"),
        [
            (
                one.measure.replace("_", " "), one.arm.replace("_", " + "),
                one.against.replace("_", " + "),
                percent(one.figure) if one.relative else points(one.figure),
                str(one.figure.n), str(one.figure.files),
            )
            for one in card.differences
        ],
    )  # fmt: skip
    yield "\n## By language and folder\n"
    yield from _table(
        ("", "", "base", "adapter", "change", "files"),
        [
            (
                one.kind, one.name, plain_figure(one.base, False), plain_figure(one.adapter, False),
                percent(one.change), str(one.change.files),
            )
            for one in card.groups
        ],
    )  # fmt: skip
    yield from _more(card)
    yield from _measured_with(card)


def _more(card: Card) -> Iterator[str]:
    if card.search is not None:
        found = card.search
        yield "\n## Search\n"
        yield "Where the definitions that masked statements use stand among the hits.\n"
        cells = [plain_figure(one, False) for one in (found.mrr, found.recall_1, found.recall_5,
                                                      found.recall_10)]  # fmt: skip
        head = ("MRR@10", "recall@1", "recall@5", "recall@10", "n")
        yield from _table(head, [(*cells, str(found.mrr.n))])
    if card.human_names is not None:
        floor = plain_figure(card.human_names, True)
        yield f"\nOf the names that people wrote in these places, the same check misses {floor}."
        yield "Names are checked in Python only."


def _measured_with(card: Card) -> Iterator[str]:
    setting = card.setting
    yield "\n## Measured with\n"
    yield f"- base {setting.base}, sha256 {setting.base_sha256}"
    yield f"- adapter sha256 {setting.adapter_sha256}"
    yield f"- commit {setting.commit or 'none'}; held-out files sha256 {setting.files_sha256}"
    yield (
        f"- {card.n} items in {setting.seconds:.0f} s of {setting.minutes:g} minutes; "
        f"{card.held_out_files} held-out files, {len(card.left_out)} more left out since the "
        "adapter had read something of them"
    )
    yield (
        f"- windows of {setting.window_tokens} tokens, up to {setting.context_tokens} tokens of "
        f"context, in {setting.number_format}; the index as it is, without the file itself"
    )
    yield f"- control: {setting.control or 'none'}"
    yield f"- {setting.measured}, {setting.program}, {', '.join(setting.libraries)}"
    yield "- The base may have read public code, this project too; only differences count."
    for note in card.notes:
        yield f"- {note}"


def _verdict(condition: Condition) -> str:
    verdict, needed = VERDICTS[condition.verdict], needed_of(condition)
    return f"{verdict}; {needed}" if needed else verdict


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"


def _figure(arm: ArmFigures, field: str) -> Figure | None:
    figure: Figure | None = getattr(arm, field)
    return figure
