"""Find paths by a few letters, among very many."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

MOST_FOUND = 50
LONGEST_QUERY = 60
MOST_LETTERS = 10  # that may stand apart: more take too long to search for
_WORDS = re.compile(r"[\s]+")


class PathIndex:
    """Paths of a project, kept as long texts that are searched as a whole.

    A text of a hundred thousand names is searched in a millisecond, a list of them in fifty.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        # What comes first is found first: short names, then few folders.
        ordered = sorted(paths, key=lambda path: (len(_name(path)), path.count("/"), path))
        self._paths: Sequence[str] = ordered
        self._names = _Lines([_name(path).lower() for path in ordered])
        self._whole = _Lines([path.lower() for path in ordered])

    def find(self, written: str, most: int = MOST_FOUND) -> Sequence[str]:
        """The paths that fit, best first.

        Names that begin with the letters, then names and paths that have them, then names that
        have them in this order with others between. Of several words each has to be there.
        """
        words = _WORDS.split(written[:LONGEST_QUERY].lower().strip())
        if not words[0]:
            return self._paths[:most]
        found: dict[int, None] = {}
        for at in self._candidates(words):
            if at not in found and all(word in self._whole.line(at) for word in words[1:]):
                found[at] = None
                if len(found) == most:
                    break
        if len(found) < most and len(words) == 1 and len(words[0]) <= MOST_LETTERS:
            for at in self._names.with_letters(words[0], most - len(found)):
                found[at] = None
        return [self._paths[at] for at in found]

    def _candidates(self, words: Sequence[str]) -> Iterator[int]:
        first = words[0]
        if "/" not in first:
            yield from self._names.beginning_with(first)
            yield from self._names.containing(first)
        yield from self._whole.containing(first)


class _Lines:
    """Lines as one text, with the place where each begins."""

    def __init__(self, lines: Sequence[str]) -> None:
        # A path may hold a line end; nothing that is typed does.
        lines = [line.replace("\n", " ") for line in lines]
        self._lines = lines
        self._text = "\n" + "".join(f"{line}\n" for line in lines)
        self._starts = list(accumulate((len(line) + 1 for line in lines), initial=1))

    def line(self, at: int) -> str:
        """One line."""
        return self._lines[at]

    def beginning_with(self, letters: str) -> Iterator[int]:
        """The lines that begin so."""
        yield from self._places(f"\n{letters}", 1)

    def containing(self, letters: str) -> Iterator[int]:
        """The lines that have these letters beside each other."""
        yield from self._places(letters, 0)

    def with_letters(self, letters: str, most: int) -> Iterator[int]:
        """The lines that have these letters in this order, with others between."""
        pattern = re.compile("[^\n]*?".join(map(re.escape, letters)))
        at = 0
        for _ in range(most):
            match = pattern.search(self._text, at)
            if match is None:
                return
            line = bisect_right(self._starts, match.start()) - 1
            yield line
            at = self._starts[line + 1]

    def _places(self, letters: str, ahead: int) -> Iterator[int]:
        at = self._text.find(letters)
        while at >= 0:
            line = bisect_right(self._starts, at + ahead) - 1
            yield line
            # On with the next line: one line is found once.
            at = self._text.find(letters, self._starts[line + 1] - 1)


def _name(path: str) -> str:
    return path.rpartition("/")[2]
