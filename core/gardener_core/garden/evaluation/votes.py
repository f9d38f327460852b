"""Ask a person which of two answers is better."""

import random
import time
from collections.abc import Sequence

from gardener_core.errors import BadInput, GardenError
from gardener_core.evaluation.card.card import Setting
from gardener_core.evaluation.card.items import ArmName, Item
from gardener_core.evaluation.votes.drawing import candidates, draw
from gardener_core.evaluation.votes.log import VoteLog
from gardener_core.evaluation.votes.tally import VoteTally, tallies_of, tally_of
from gardener_core.evaluation.votes.vote import BASE, Answerer, Choice, Pair, Vote
from gardener_core.garden.evaluation.scores import Scores
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project
from gardener_core.system.places import Places


class Votes:
    """Blind votes of a project: a pair, a choice, a tally.

    What is asked are the statements and bodies that both have completed when they were measured,
    and where they wrote something else than the other.
    """

    def __init__(self, places: Places, scores: Scores, chance: random.Random | None = None) -> None:
        self._places = places
        self._scores = scores
        self._chance = chance or random.SystemRandom()

    def next(
        self, project: Project, adapter: Adapter, against: Adapter | None = None
    ) -> Pair | None:
        """The pair that was drawn and is open, else a new one; None where nothing is left.

        An adapter stands against its base, or against another adapter.
        """
        log, (first, second) = self._log(project), self._answerers(project, adapter, against)
        own = [vote for vote in log.votes() if vote.is_between(first, second)]
        for vote in own:
            if vote.choice is None:
                return vote.pair
        seen = {(vote.pair.kind, vote.pair.place) for vote in own}
        pair = draw(self._candidates(adapter, against), first, second, seen, self._chance)
        if pair is not None:
            log.draw(pair)
        return pair

    def vote(self, project: Project, pair_id: str, choice: Choice) -> Vote:
        """Keep a choice; it cannot be changed any more."""
        log = self._log(project)
        found = next((one for one in log.votes() if one.pair.id == pair_id), None)
        if found is None:
            raise BadInput(f"No pair {pair_id!r} was drawn.", hint="Draw one first.")
        if found.choice is not None:
            raise BadInput("This pair has its vote already.", hint="Draw another one.")
        at = time.time()
        log.vote(found.pair, choice, at)
        return Vote(found.pair, choice, at)

    def all(self, project: Project) -> list[Vote]:
        """Every vote of a project, and the pairs that are open."""
        return self._log(project).votes()

    def left(self, project: Project, adapter: Adapter, against: Adapter | None = None) -> int:
        """How many pairs there are that were not voted on."""
        first, second = self._answerers(project, adapter, against)
        done = sum(
            vote.is_between(first, second) and vote.choice is not None for vote in self.all(project)
        )
        return max(0, len(self._candidates(adapter, against)) - done)

    def tally(
        self, project: Project, adapter: Adapter, against: Adapter | None = None
    ) -> VoteTally:
        """The votes between an adapter and its base, or another one."""
        return tally_of(self.all(project), *self._answerers(project, adapter, against))

    def tallies(self, project: Project, adapter: Adapter) -> list[VoteTally]:
        """All tallies of an adapter as it is now; none where it was not measured."""
        try:
            votes = self.all(project)
            return tallies_of(votes, self._answerer(project, adapter)) if votes else []
        except GardenError:
            return []

    def _log(self, project: Project) -> VoteLog:
        return VoteLog(self._places.votes(project.id))

    def _answerers(
        self, project: Project, adapter: Adapter, against: Adapter | None
    ) -> tuple[Answerer, Answerer]:
        one = self._answerer(project, adapter)
        if against is not None:
            return one, self._answerer(project, against)
        return one, Answerer(BASE, self._setting(project, adapter).base_sha256)

    def _answerer(self, project: Project, adapter: Adapter) -> Answerer:
        return Answerer(adapter.version, self._setting(project, adapter).adapter_sha256)

    def _setting(self, project: Project, adapter: Adapter) -> Setting:
        return self._scores.required_card(project, adapter).setting

    def _candidates(self, adapter: Adapter, against: Adapter | None) -> Sequence[Item]:
        items = self._scores.items(adapter)
        others = items if against is None else self._scores.items(against)
        arms: tuple[ArmName, ArmName] = ("adapter", "base" if against is None else "adapter")
        return candidates(items, others, arms)
