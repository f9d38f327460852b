"""The code that a row stands for."""

from dataclasses import dataclass

from gardener_core.events.index import Hit
from gardener_core.events.parts import CodeSpan
from gardener_core.graph.neighbours import Neighbour
from gardener_core.system.terminal_text import clean_line


@dataclass(frozen=True, slots=True)
class Spot:
    """A piece of code; without a text it is read from the folder.

    `uses` are lines in it that have to do with what one looks at, `told` is what to know of it.
    """

    code: CodeSpan
    text: str | None = None
    uses: tuple[int, ...] = ()
    hit: Hit | None = None
    told: str = ""

    @property
    def name(self) -> str:
        """Its kind and its symbol."""
        return named(self.code.kind, self.code.symbol)


def named(kind: str, symbol: str) -> str:
    """A kind and a symbol as a person reads them."""
    return f"{clean_line(kind)} {clean_line(symbol)}".strip()


def spot_of_hit(hit: Hit) -> Spot:
    """A hit brings its code along."""
    return Spot(hit.span, text=hit.text, hit=hit)


def spot_of_neighbour(found: Neighbour, told: str) -> Spot:
    """What stands around a piece of code."""
    return Spot(found.span, uses=found.uses, told=told)
