"""Remember answers with what was looked up for them."""

from collections.abc import Callable
from typing import TypeVar, cast

from gardener_core.graph.resolve.outlines import Key, ProjectOutlines

LOCAL = "local"  # answers with this key are remembered for one file
MAX_REMEMBERED = 50_000
T = TypeVar("T")
MemoKey = tuple[str | int, ...]


class Memo:
    """Answers by key; one that is given again counts its lookups again.

    An answer must depend on the outlines and its key alone, never on what was asked before: so
    links that are made again equal links that are made for the first time.
    """

    def __init__(self, outlines: ProjectOutlines) -> None:
        self._outlines = outlines
        self._answers: dict[MemoKey, tuple[object, set[Key]]] = {}
        self._answers_in_file: dict[MemoKey, tuple[object, set[Key]]] = {}

    def begin_file(self) -> None:
        """Forget what local names mean, and everything once it is too much to keep."""
        self._answers_in_file.clear()
        if len(self._answers) > MAX_REMEMBERED:
            self._answers.clear()

    def remembered(self, key: MemoKey, compute: Callable[[], T]) -> T:
        """The answer of before, or a new one."""
        answers = self._answers_in_file if key[0] == LOCAL else self._answers
        kept = answers.get(key)
        if kept is None:
            outer, self._outlines.lookups = self._outlines.lookups, set()
            answer = compute()
            kept = answers[key] = (answer, self._outlines.lookups)
            self._outlines.lookups = outer
        self._outlines.lookups |= kept[1]
        return cast(T, kept[0])
