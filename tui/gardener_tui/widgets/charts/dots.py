"""A drawing made of dots, several to a character."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dots:
    """A set of characters made of dots: how many dots each has, and which is which."""

    across: int
    down: int
    # Bit of each dot by its row and column.
    bits: tuple[tuple[int, ...], ...]
    letters: Mapping[int, int]
    guide: str


BRAILLE = Dots(
    2,
    4,
    ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80)),
    {bits: 0x2800 + bits if bits else 0x20 for bits in range(256)},
    "┈",
)
# What the fonts of a Linux console have.
BLOCKS = Dots(1, 2, ((1,), (2,)), {0: 0x20, 1: ord("▀"), 2: ord("▄"), 3: ord("█")}, "·")


def dots_for(terminal: str) -> Dots:
    """The finest dots that a terminal of this type can be trusted to show."""
    return BLOCKS if terminal == "linux" else BRAILLE


class Drawing:
    """A grid of characters, drawn dot by dot; rows outside it are ignored."""

    def __init__(self, dots: Dots, cells_wide: int, cells_high: int) -> None:
        self.dots = dots
        self.width = cells_wide * dots.across
        self.height = cells_high * dots.down
        self._rows = [bytearray(cells_wide) for _ in range(cells_high)]

    def bar(self, x: int, top: int, bottom: int) -> None:
        """Set the dots of a column from `top` down to `bottom`, both included."""
        down, bits = self.dots.down, self.dots.bits
        cell, column = divmod(x, self.dots.across)
        top, bottom = max(0, top), min(self.height - 1, bottom)
        for row in range(top // down, bottom // down + 1):
            first, last = max(0, top - row * down), min(down - 1, bottom - row * down)
            for y in range(first, last + 1):
                self._rows[row][cell] |= bits[y][column]

    def line(self, x0: int, y0: int, x1: int, y1: int) -> None:
        """Join two points; steep parts become bars, so the line has no holes."""
        before = y0
        for x in range(x0 + 1, x1 + 1):
            y = y1 if x == x1 else round(y0 + (y1 - y0) * (x - x0) / (x1 - x0))
            self.bar(x, min(before, y), max(before, y))
            before = y

    def rows(self) -> Iterable[tuple[bytes, str]]:
        """Each row: which cells hold a dot, and the characters."""
        for row in self._rows:
            yield bytes(row), row.decode("latin-1").translate(self.dots.letters)
