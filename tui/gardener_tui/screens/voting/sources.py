"""Where the pairs of a vote come from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from gardener_core.evaluation.votes.tally import VoteTally
from gardener_core.evaluation.votes.vote import Pair
from gardener_core.events.union import Event
from gardener_core.garden.evaluation.votes import Votes, answer_text
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project

Ask = Callable[[bool], Iterator[Event]]


class PairSource(Protocol):
    """Gives one pair after another; each call may take long."""

    @property
    def title(self) -> str:
        """What stands over the pairs."""
        ...

    @property
    def none_left(self) -> str:
        """What is said when there is no pair any more."""
        ...

    def next(self) -> Pair | None:
        """The next pair."""
        ...

    def tally(self) -> VoteTally:
        """The votes between the two so far."""
        ...

    def left(self) -> int:
        """How many pairs are to come."""
        ...


@dataclass(frozen=True, slots=True)
class MeasuredPairs:
    """What an adapter and its base, or another adapter, wrote when they were measured."""

    votes: Votes
    project: Project
    adapter: Adapter
    against: Adapter | None = None

    @property
    def title(self) -> str:
        """The two, in no order."""
        other = self.against.version if self.against else "base"
        return f"Which is better? {self.adapter.version} or {other}, without names"

    @property
    def none_left(self) -> str:
        """All were voted on."""
        return "No pair is left: every place where the two differ has its vote."

    def next(self) -> Pair | None:
        """The open pair, else a new one."""
        return self.votes.next(self.project, self.adapter, self.against)

    def tally(self) -> VoteTally:
        """The votes between the two."""
        return self.votes.tally(self.project, self.adapter, self.against)

    def left(self) -> int:
        """The places where the two differ and that have no vote."""
        return self.votes.left(self.project, self.adapter, self.against)


class AskedPair:
    """A question that is answered with the adapter and without, once."""

    none_left = "Both answers have their vote. Ask again for others."

    def __init__(
        self, votes: Votes, project: Project, adapter: Adapter, question: str, ask: Ask
    ) -> None:
        """`ask` gives the events of an answer, with the adapter or without."""
        self._votes = votes
        self._project = project
        self._adapter = adapter
        self._question = question
        self._ask = ask
        self._is_asked = False

    @property
    def title(self) -> str:
        """The two, in no order."""
        return f"Which answer is better? {self._adapter.version} or base, without names"

    def next(self) -> Pair | None:
        """Ask both, the first time."""
        if self._is_asked:
            return None
        self._is_asked = True
        own, bare = (answer_text(self._ask(adapter), adapter) for adapter in (True, False))
        return self._votes.of_answers(self._project, self._adapter, self._question, own, bare)

    def tally(self) -> VoteTally:
        """The votes between the two."""
        return self._votes.tally(self._project, self._adapter)

    def left(self) -> int:
        """No other pair comes."""
        return 0
