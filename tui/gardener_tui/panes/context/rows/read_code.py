"""The code of a part of a prompt."""

from gardener_core.code.languages.table import language_of
from gardener_core.events.answer import PromptPart
from gardener_core.events.index import Hit, Retrieved
from gardener_core.events.parts import CodeSpan
from gardener_tui.panes.context.spot import Spot, spot_of_hit

NOT_SEARCHED = "It stands on the card; the search of this answer did not find it."


def hit_at(retrieved: Retrieved, path: str, start: int, end: int) -> Hit | None:
    """The hit that overlaps these lines."""
    for hit in (*retrieved.hits, *retrieved.tests):
        if hit.path == path and hit.start_line <= end and start <= hit.end_line:
            return hit
    return None


def spot_of_part(part: PromptPart, retrieved: Retrieved) -> Spot:
    """The code, with the hit that says why it is there."""
    return spot_at(retrieved, part.path, part.start_line, part.end_line)


def spot_at(retrieved: Retrieved, path: str, start: int, end: int, symbol: str = "") -> Spot:
    """The code at some lines, with the hit that found it."""
    hit = hit_at(retrieved, path, start, end)
    if hit is not None:
        return spot_of_hit(hit)
    code = CodeSpan(path, symbol, "", language_of(path), start, end)
    return Spot(code, note=NOT_SEARCHED)
