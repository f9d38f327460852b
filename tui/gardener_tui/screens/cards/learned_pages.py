"""Draw what an adapter learned, page by page."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from textual.content import Content

from gardener_core.evaluation.card.item_text import item_text
from gardener_core.evaluation.card.items import Item
from gardener_core.evaluation.card.learned import (
    MARKED,
    STRONG,
    NameSaved,
    TokenSaved,
    learned_of,
)
from gardener_core.evaluation.card.learned_text import (
    BITS_A_BYTE,
    SIGNS,
    side_by_side,
    strip_of,
    tinted_lines,
)
from gardener_core.system.terminal_text import clean, clean_line
from gardener_tui.widgets.plain_text import Part, styled

Entry = tuple[Content, Callable[[], Content]]
MOST_NAMES, MOST_STATEMENTS = 200, 12


def learned_entries(items: Sequence[Item]) -> list[Entry]:
    """A line for what became cheap, one for statements, and one for each held-out file."""
    found = learned_of(items)
    if not found.files:
        return []
    by_path = {item.path: item for item in items if item.measure == "bits_per_byte"}
    strip = partial(_plain, "\n".join([BITS_A_BYTE, "", *strip_of(found.files)]))
    entries: list[Entry] = [(styled(("all held-out files", "bold")), strip)]
    for title, ranked in (
        ("names", found.names), ("imports", found.imports), ("lines that come again", found.idioms)
    ):  # fmt: skip
        entries.append((styled((title, "bold")), partial(_ranking, ranked)))
    entries.append((styled(("statements, side by side", "bold")), partial(_statements, items)))
    for file in found.files:
        line = styled(f"{-file.share:+7.1%} ", (clean_line(file.path), "$label"))
        entries.append((line, partial(file_page, by_path[file.path])))
    return entries


def file_page(item: Item) -> Content:
    """A file whose tokens are tinted by what was saved or lost, with a sign below each."""
    rows = [styled((SIGNS, "$label")), Content("")]
    for line, signs, saved in tinted_lines(item):
        rows.append(styled((f"{saved:+7.1f} │ ", "$label"), *_tinted(line)))
        if signs:
            rows.append(styled((f"{'':7} │ ", "$label"), (signs, "$label")))
    return Content("\n").join(rows)


def _tinted(line: Sequence[TokenSaved]) -> Iterator[Part]:
    for token in line:
        text = clean_line(token.text.expandtabs(1))
        if token.saved >= MARKED:
            yield text, "bold $success" if token.saved >= STRONG else "$success"
        elif token.saved <= -MARKED:
            yield text, "bold $error" if token.saved <= -STRONG else "$warning"
        else:
            yield text


def _ranking(ranked: Sequence[NameSaved]) -> Content:
    cheap = [one for one in ranked if one.bits_saved > 0][:MOST_NAMES]
    dear = [one for one in reversed(ranked) if one.bits_saved < 0][: MOST_NAMES // 4]
    rows = [styled((f"{'bits':>8}  uses", "bold"))]
    rows += map(_row, cheap)
    if dear:
        rows += [Content(""), styled(("became dearer", "bold"))]
        rows += map(_row, dear)
    return Content("\n").join(rows)


def _row(one: NameSaved) -> Content:
    return styled(f"{one.bits_saved:+8.1f} {one.count:5}  {clean_line(one.name)}")


def _statements(items: Sequence[Item]) -> Content:
    return _plain("\n".join(map(item_text, side_by_side(items, MOST_STATEMENTS))))


def _plain(text: str) -> Content:
    return styled(clean(text))
