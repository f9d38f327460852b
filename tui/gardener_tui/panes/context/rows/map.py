"""A project's map, as rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from gardener_core.code.languages.table import language_of
from gardener_core.events.parts import CodeSpan
from gardener_core.graph.map import MappedFile, MappedSymbol, ProjectMap
from gardener_core.system.terminal_text import clean_line
from gardener_tui.panes.context.spot import Spot
from gardener_tui.widgets.charts.meter import meter
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.rows import Row
from gardener_tui.widgets.wording import beginning, path_end

BAR, SMALL_BAR = 8, 4
STEP = 2  # the indent of a method below its class
NUMBER = 5
RANK_TEXT = (
    "This share of random walks along calls, imports, bases and types passes here: it is used "
    "often, or by code that is used often."
)


@dataclass(frozen=True, slots=True)
class MapHeading:
    """A file with its rank."""

    file: MappedFile
    most: float
    heading: bool = True

    def draw(self, width: int, lines: int) -> Sequence[Content]:
        """In the last line, with room above it."""
        share = f" {self.file.rank:6.1%}  "
        path = path_end(clean_line(self.file.path), max(8, width - BAR - len(share) - 1))
        bar = meter(self.file.rank / self.most if self.most else 0.0, BAR)
        heading = styled(" ") + bar + styled((share, "$label"), (path, "bold $secondary"))
        return [styled("")] * (lines - 1) + [heading]


@dataclass(frozen=True, slots=True)
class MapRow:
    """A symbol with its signature and its rank."""

    path: str
    symbol: MappedSymbol
    most: float
    heading: bool = False

    @property
    def spot(self) -> Spot:
        """Its code."""
        item = self.symbol
        code = CodeSpan(
            self.path,
            item.symbol,
            item.kind,
            language_of(self.path),
            item.line,
            max(item.line, item.last_line),
        )
        return Spot(code, note=f"{item.rank:.2%}\n{RANK_TEXT}")

    def draw(self, width: int, lines: int) -> Sequence[Content]:
        """Line, bar and signature; in two lines where there is little room."""
        item = self.symbol
        bar = meter(item.rank / self.most if self.most else 0.0, SMALL_BAR)
        indent = " " * (STEP * item.symbol.count("."))
        signature = clean_line(item.signature)
        if lines > 1:
            left = styled(" ") + bar + styled(f" {indent}")
            name = beginning(clean_line(item.name), width - left.cell_length)
            under = styled(" " * left.cell_length)
            return [
                left + styled((name, "bold")),
                under + styled((beginning(signature, width - left.cell_length), "$label")),
            ]
        left = styled((f"{item.line:>{NUMBER}} ", "$label")) + bar + styled(f" {indent}")
        return [left + styled(beginning(signature, width - left.cell_length))]


def map_rows(project_map: ProjectMap) -> list[Row]:
    """The files, those with the highest ranks first, each with its symbols from top to bottom."""
    most = max((file.rank for file in project_map.files), default=0.0)
    best = max((item.rank for file in project_map.files for item in file.symbols), default=0.0)
    rows: list[Row] = []
    for file in project_map.files:
        rows.append(MapHeading(file, most))
        rows += [MapRow(file.path, item, best) for item in file.symbols]
    return rows
