"""A drawing made of braille dots."""

# Bit of each dot of a cell, by its row and column.
_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
BLANK = 0x2800


class Braille:
    """A grid of cells with two dots across and four down."""

    def __init__(self, cells_wide: int, cells_high: int) -> None:
        self.width = cells_wide * 2
        self.height = cells_high * 4
        self._rows = [[0] * cells_wide for _ in range(cells_high)]

    def bar(self, x: int, top: int, bottom: int) -> None:
        """Set the dots of a column from `top` down to `bottom`, both included."""
        for y in range(max(0, top), min(self.height - 1, bottom) + 1):
            self._rows[y >> 2][x >> 1] |= _BITS[y & 3][x & 1]

    def line(self, x0: int, y0: int, x1: int, y1: int) -> None:
        """Join two points; steep parts become bars, so the line has no holes."""
        before = y0
        for x in range(x0 + 1, x1 + 1):
            y = round(y0 + (y1 - y0) * (x - x0) / (x1 - x0))
            self.bar(x, min(before, y), max(before, y))
            before = y

    def cell(self, row: int, column: int) -> str:
        """The character of a cell, or nothing where no dot is set."""
        bits = self._rows[row][column]
        return chr(BLANK + bits) if bits else ""
