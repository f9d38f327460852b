"""A conversation: a tree of questions with their answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from gardener_core.events.answer import Answered, Completed, Composed, Prompted
from gardener_core.events.index import Retrieved
from gardener_core.events.parts import Citation, CodeSpan

EntryKind = Literal["question", "code"]
# "stopped" by the person, "failed" with a problem, "broken" where its engine ended without a word;
# "" while it is being answered.
Ending = Literal["", "whole", "stopped", "failed", "broken"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A question, or code to continue, with all that came back.

    `parent` is the entry that it follows; two with the same parent are branches. `model` is the
    base that was to explain it, empty where the project's own rule decides; `anew` is set where no
    kept answer was wanted, `thorough` where the model was to read more. `words` are what a
    model wrote, whole or not. `kept` is the number of the answer in the store, 0 where
    it is in none.
    """

    number: int
    parent: int | None
    text: str
    kind: EntryKind = "question"
    model: str = ""
    adapter: bool = True
    anew: bool = False
    thorough: bool = False
    asked_at: float = 0.0
    retrieved: Retrieved | None = None
    card: Composed | None = None
    prompted: Prompted | None = None
    answered: Answered | None = None
    completed: Completed | None = None
    words: str = ""
    ended: Ending = ""
    problem: str = ""
    kept: int = 0

    @property
    def subject(self) -> CodeSpan | None:
        """What the answer is about."""
        return self.card.subject if self.card else None

    @property
    def cited(self) -> tuple[Citation, ...]:
        """The places that its numbers stand for."""
        if self.card is None:
            return self.answered.citations if self.answered else ()
        return tuple(
            Citation(line.n, line.path, line.start_line, line.end_line, line.symbol)
            for line in self.card.lines
            if line.n
        )

    @property
    def written(self) -> str:
        """What the person wrote into the prompt."""
        return f"/complete {self.text}" if self.kind == "code" else self.text

    @property
    def answer(self) -> str:
        """The text of the answer: a model's words, or the card as plain text."""
        return self.words or (self.answered.text if self.answered else "")


class Conversation:
    """Entries as a tree; one branch of it, the path, is in view."""

    def __init__(self, entries: Iterable[Entry] = (), chosen: Iterable[int] = ()) -> None:
        """`chosen` are entries on the path; else the newest branch is."""
        self._entries: dict[int, Entry] = {}
        self._chosen: dict[int | None, int] = {}  # by parent
        for entry in sorted(entries, key=lambda one: one.number):
            self._entries[entry.number] = entry
            self._chosen[entry.parent] = entry.number
        for number in chosen:
            self._chosen[self._entries[number].parent] = number

    @property
    def entries(self) -> Sequence[Entry]:
        """Every entry of every branch, oldest first."""
        return tuple(self._entries.values())

    @property
    def path(self) -> Sequence[Entry]:
        """The branch in view, oldest first."""
        path: list[Entry] = []
        number = self._chosen.get(None)
        while number is not None:
            path.append(self._entries[number])
            number = self._chosen.get(number)
        return path

    def get(self, number: int) -> Entry:
        """One entry."""
        return self._entries[number]

    def ask(self, text: str, kind: EntryKind = "question", **facts: Any) -> Entry:
        """Add an entry at the end of the path."""
        path = self.path
        return self._add(path[-1].number if path else None, text, kind, **facts)

    def branch(self, number: int, text: str, **facts: Any) -> Entry:
        """Add an entry beside another one; the other branch is kept."""
        beside = self._entries[number]
        return self._add(beside.parent, text, beside.kind, **facts)

    def keep(self, number: int, **facts: Any) -> Entry:
        """Take down what came back for an entry."""
        entry = replace(self._entries[number], **facts)
        self._entries[number] = entry
        return entry

    def branches(self, number: int) -> Sequence[int]:
        """The entries with the same parent, oldest first, this one among them."""
        parent = self._entries[number].parent
        return [one.number for one in self._entries.values() if one.parent == parent]

    def turn(self, number: int, by: int) -> Entry | None:
        """Bring the branch beside an entry into view, if there is one; it is given back."""
        beside = self.branches(number)
        at = beside.index(number) + by
        if not 0 <= at < len(beside):
            return None
        entry = self._entries[beside[at]]
        self._chosen[entry.parent] = entry.number
        return entry

    def lead_to(self, number: int) -> bool:
        """Bring the branch with an entry into view; False where there is no such entry."""
        at: int | None = number if number in self._entries else None
        while at is not None:
            parent = self._entries[at].parent
            self._chosen[parent] = at
            at = parent
        return number in self._entries

    def before(self, number: int) -> Sequence[Entry]:
        """What was asked before an entry in its branch, oldest first."""
        above: list[Entry] = []
        parent = self._entries[number].parent
        while parent is not None:
            above.append(self._entries[parent])
            parent = self._entries[parent].parent
        return above[::-1]

    def _add(self, parent: int | None, text: str, kind: EntryKind, **facts: Any) -> Entry:
        number = max(self._entries, default=0) + 1
        entry = Entry(number, parent, text, kind, **facts)
        self._entries[number] = entry
        self._chosen[parent] = number
        return entry


def written_in(entries: Iterable[Entry]) -> Sequence[str]:
    """What was written to get these entries, newest first, each once."""
    newest = sorted(entries, key=lambda one: -one.number)
    return tuple(dict.fromkeys(one.written for one in newest))
