"""Draw a row so that its tokens and its mask can be seen."""

from collections.abc import Iterator
from dataclasses import dataclass

from gardener_core.training.data.kept.row import DataRow

# Around what is learned; readable where there is no colour.
OPEN, CLOSE = "⟦", "⟧"


@dataclass(frozen=True, slots=True)
class RowPiece:
    """A token, or a part of one that ends a line; `number` counts the tokens of the row.

    A mark stands around what is learned and belongs to no token.
    """

    text: str
    learned: bool
    special: bool
    number: int
    mark: bool = False


def pieces_of(row: DataRow) -> Iterator[RowPiece]:
    """The tokens of a row in order, with marks where learning begins and ends."""
    number, learned = 0, False
    for part in row.segments:
        if part.learned != learned:
            yield RowPiece(
                OPEN if part.learned else CLOSE, learned or part.learned, False, number, True
            )
            learned = part.learned
        at = 0
        for end in part.ends or (len(part.text),):
            if end > at:
                yield RowPiece(part.text[at:end], part.learned, part.special, number)
            at = max(at, end)
            number += 1
    if learned:
        yield RowPiece(CLOSE, True, False, number, True)


def head_of(row: DataRow) -> str:
    """What a row is and where it comes from, in one line."""
    origin = row.origin
    lines = f":{origin.start_line}-{origin.end_line}" if origin.start_line else ""
    facts = [
        f"{row.share}/{row.generator}", f"{origin.path}{lines}", origin.symbol,
        f"commit {origin.commit}" if origin.commit else "", origin.licence,
    ]  # fmt: skip
    counts = f"{row.tokens} tokens, {row.learned} learned"
    cut = f", {row.cut} cut off" if row.cut else ""
    return f"{'  '.join(fact for fact in facts if fact)}  ({counts}{cut})"
