"""Find the context that search gives to a place in a file."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gardener_core.events.index import Hit
from gardener_core.search.embedders.static import StaticEmbedder
from gardener_core.search.search import search
from gardener_core.search.table import ChunkTable

HITS = 40
LINES_BEFORE = 12
MOST_WORDS = 40
_WORD = re.compile(r"[A-Za-z_]\w{2,}")


@dataclass(frozen=True, slots=True)
class Context:
    """Code of other files as it is put before a text, and where it stands."""

    text: str
    sources: tuple[str, ...]
    hits: tuple[Hit, ...]


class ContextFinder:
    """Searches the index of a project as if one file were not in it."""

    def __init__(self, table: ChunkTable, embedder: StaticEmbedder) -> None:
        self._table = table
        self._embedder = embedder if table.choice.kind == "static" else None

    def find(self, path: str, before: str, count: Callable[[str], int], most: int) -> Context:
        """What search finds with the last lines before a place, in at most so many tokens."""
        words = _WORD.findall("\n".join(before.splitlines()[-LINES_BEFORE:]))
        query = " ".join(dict.fromkeys(reversed(words)))
        query = " ".join(query.split()[:MOST_WORDS])
        found = search(self._table, self._embedder, query, HITS).hits if query else ()
        hits = tuple(hit for hit in found if hit.path != path)
        return _context(hits, count, most)


def rank_of(hits: Sequence[Hit], defined: frozenset[tuple[str, str]]) -> int:
    """At which place the hits hold one of these definitions; 0 where they do not."""
    places = (at for at, hit in enumerate(hits, start=1) if (hit.path, hit.symbol) in defined)
    return next(places, 0)


def _context(hits: Sequence[Hit], count: Callable[[str], int], most: int) -> Context:
    """The best hits that fit, the best one last, where it is nearest to the text."""
    pieces: list[str] = []
    sources: list[str] = []
    room = most
    for hit in hits:
        piece = f"{hit.path}\n{hit.text.rstrip()}\n\n"
        tokens = count(piece)
        if tokens <= room:
            pieces.append(piece)
            sources.append(f"{hit.path}:{hit.start_line}-{hit.end_line}")
            room -= tokens
    return Context("".join(reversed(pieces)), tuple(sources), tuple(hits))
