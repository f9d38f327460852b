"""The code that a row stands for."""

from dataclasses import dataclass

from gardener_core.events.index import Hit
from gardener_core.graph.neighbours import Neighbour
from gardener_core.store.project.choices import Chosen
from gardener_core.system.terminal_text import clean_line


@dataclass(frozen=True, slots=True)
class Spot:
    """A piece of code; without a text it is read from the folder.

    `uses` are lines in it that have to do with what one looks at, `told` is what to know of it.
    """

    code: Chosen
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


def code_of(hit: Hit) -> Chosen:
    """The code of a hit."""
    return Chosen(hit.path, hit.symbol, hit.kind, hit.language, hit.start_line, hit.end_line)


def spot_of_hit(hit: Hit) -> Spot:
    """A hit brings its code along."""
    return Spot(code_of(hit), text=hit.text, hit=hit)


def spot_of_neighbour(found: Neighbour, told: str) -> Spot:
    """What stands around a piece of code."""
    code = Chosen(
        found.path, found.symbol, found.kind, found.language, found.start_line, found.end_line
    )
    return Spot(code, uses=found.uses, told=told)
