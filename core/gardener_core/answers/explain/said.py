"""What a model says, checked while it is written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from gardener_core.answers.explain.checking import Checked, check_answer
from gardener_core.answers.explain.names import NameStream, SaidName
from gardener_core.answers.explain.prompt import ReadCode
from gardener_core.answers.explain.sources import find_sources
from gardener_core.events.answer import CardLine, Token
from gardener_core.events.parts import FoundSource


@dataclass(frozen=True, slots=True)
class Verified:
    """What holds of an answer: what was checked, and the sources that we found."""

    checked: Checked
    sources: tuple[FoundSource, ...]

    @property
    def unsourced(self) -> tuple[str, ...]:
        """Sentences that neither name a line nor rest on one."""
        found = {source.sentence for source in self.sources}
        return tuple(each for each in self.checked.uncited if each not in found)


class Said:
    """Collects an answer, and notices names that exist nowhere as soon as they are whole."""

    def __init__(self, knows: Callable[[SaidName], bool]) -> None:
        self._knows = knows
        self._names = NameStream()
        self.text = ""

    def take(self, piece: str) -> Iterator[Token]:
        """The next piece with the unknown names that it ends; nothing where it is empty."""
        if piece:
            self.text += piece
            yield Token(piece, self._unknown(self._names.take(piece)))

    def rest(self) -> Iterator[Token]:
        """An empty piece where a name at the end is unknown."""
        if unknown := self._unknown(self._names.rest()):
            yield Token("", unknown)

    def verify(self, lines: Sequence[CardLine], code: Sequence[ReadCode]) -> Verified:
        """Compare the whole answer with the card and with what was read."""
        numbers = frozenset(line.n for line in lines if line.n)
        checked = check_answer(self.text, numbers, self._knows)
        return Verified(checked, find_sources(checked.uncited, lines, code))

    def _unknown(self, names: Sequence[SaidName]) -> tuple[str, ...]:
        return tuple(name.text for name in names if not self._knows(name))
