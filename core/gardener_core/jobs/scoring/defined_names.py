"""Which words other files of a project define."""

from collections.abc import Iterable

# What many files define is no place to find; a short word is mostly something else.
MOST_DEFINITIONS, SHORTEST_WORD = 3, 4


class DefinedNames:
    """The definitions of a project by their name."""

    def __init__(self, named: Iterable[tuple[str, str, str, str]]) -> None:
        self._places: dict[str, set[tuple[str, str]]] = {}
        for name, path, symbol, _ in named:
            if len(name) >= SHORTEST_WORD:
                self._places.setdefault(name, set()).add((path, symbol))

    def of(self, word: str, path: str) -> frozenset[tuple[str, str]]:
        """The path and symbol of each definition of a word outside of a file; few, or none."""
        places = self._places.get(word, set())
        if any(place[0] == path for place in places) or len(places) > MOST_DEFINITIONS:
            return frozenset()
        return frozenset(places)

    def elsewhere(self, word: str, path: str) -> bool:
        """Whether another file defines a word, and this one does not."""
        return bool(self.of(word, path))
