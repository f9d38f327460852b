"""Draw one row with its mask."""

from textual.content import Content

from gardener_core.training.data.kept.folder import DataItem
from gardener_core.training.data.kept.preview import head_of, pieces_of
from gardener_core.training.data.kept.row import DataRow
from gardener_tui.widgets.plain_text import Part, styled

# What is learned, and what is only read; two of each, so that tokens can be told apart.
LEARNED = ("$success", "bold $success")
READ = ("$label", "$foreground")


def preview(row: DataRow) -> Content:
    """Where a row comes from, and its tokens; what is learned stands between two marks."""
    parts: list[Part] = [(f"{head_of(row)}\n\n", "bold")]
    for piece in pieces_of(row):
        style = (LEARNED if piece.learned else READ)[piece.number % 2]
        if piece.mark:
            style = "bold $warning"
        parts.append((piece.text, f"{style} underline" if piece.special else style))
    return styled(*parts)


def line(row: DataRow, width: int = 40) -> Content:
    """A row in one line of a list."""
    origin = row.origin
    place = origin.path.rpartition("/")[2]
    lines = f":{origin.start_line}" if origin.start_line else ""
    name = f"{place}{lines} {origin.symbol}".rstrip()
    return styled((f"{row.generator:11} ", "$accent"), name[:width])


def item_line(item: DataItem) -> Content:
    """A file or symbol in one line of a list, with why it is left out."""
    mark = ("✔ ", "$success") if item.accepted else ("✖ ", "$error")
    return styled(mark, place_of(item.path, item.symbol), (f"  {item.reason}", "$label"))


def place_of(path: str, symbol: str) -> str:
    """A file or a symbol of it, as it is named to accept or reject it."""
    return f"{path}::{symbol}" if symbol else path
