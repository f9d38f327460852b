"""The code that a row stands for."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from gardener_core.events.index import Hit
from gardener_core.events.parts import CodeSpan
from gardener_core.graph.neighbours import Neighbour
from gardener_core.system.terminal_text import clean_line
from gardener_tui.widgets.rows import Row


@dataclass(frozen=True, slots=True)
class Spot:
    """A piece of code; without a text it is read from the folder.

    `uses` are lines in it that use what is being looked at, `note` is what to know about it.
    """

    code: CodeSpan
    text: str | None = None
    uses: tuple[int, ...] = ()
    hit: Hit | None = None
    note: str = ""

    @property
    def name(self) -> str:
        """Its kind and its symbol."""
        return kind_and_symbol(self.code.kind, self.code.symbol)


@runtime_checkable
class CodeRow(Protocol):
    """A row that stands for a piece of code."""

    @property
    def spot(self) -> Spot:
        """The code."""
        ...


def spot_of(row: Row | None) -> Spot | None:
    """The code that a row stands for, if it stands for any."""
    return row.spot if isinstance(row, CodeRow) else None


def kind_and_symbol(kind: str, symbol: str) -> str:
    """A kind and a symbol as a person reads them."""
    return f"{clean_line(kind)} {clean_line(symbol)}".strip()


def spot_of_hit(hit: Hit) -> Spot:
    """The code of a hit, with its text."""
    return Spot(hit.span, text=hit.text, hit=hit)


def spot_of_neighbour(neighbour: Neighbour, note: str) -> Spot:
    """The code of a neighbour, with a note."""
    return Spot(neighbour.span, uses=neighbour.uses, note=note)
