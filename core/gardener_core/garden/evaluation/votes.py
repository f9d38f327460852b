"""Ask a person which of two answers is better."""

import random
import time
from collections.abc import Iterable, Sequence

from gardener_core.errors import BadInput, GardenError, ModelUnfit
from gardener_core.evaluation.card.items import ArmName, Item
from gardener_core.evaluation.votes.drawing import candidates, draw, pair_of, place_of
from gardener_core.evaluation.votes.log import VoteLog
from gardener_core.evaluation.votes.tally import VoteTally, tallies_of, tally_of
from gardener_core.evaluation.votes.vote import BASE, Answerer, Choice, Pair, Vote
from gardener_core.events.answer import Answered
from gardener_core.events.union import Event
from gardener_core.garden.evaluation.scores import Scores
from gardener_core.models.store import ModelStore
from gardener_core.store.garden.adapter_files import WEIGHTS
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project
from gardener_core.store.manifest import read_manifest
from gardener_core.system.places import Places


class Votes:
    """Blind votes of a project: a pair, a choice, a tally.

    What is asked are the statements and bodies that both have completed when they were measured,
    and where they wrote something else than the other; or a question of the person.
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
        self._scores.required_card(project, adapter)
        log, (first, second) = self._log(project), self._answerers(adapter, against)
        own = [vote for vote in log.votes() if vote.is_between(first, second) and vote.pair.place]
        for vote in own:
            if vote.choice is None:
                return vote.pair
        seen = {(vote.pair.kind, vote.pair.place) for vote in own}
        pair = draw(self._candidates(adapter, against), first, second, seen, self._chance)
        if pair is not None:
            log.draw(pair)
        return pair

    def of_answers(
        self, project: Project, adapter: Adapter, question: str, own: str, bare: str
    ) -> Pair:
        """Keep a question of a person with the answers of an adapter and of its base alone."""
        first, second = self._answerers(adapter, None)
        pair = pair_of("question", question, ((first, own), (second, bare)), self._chance)
        self._log(project).draw(pair)
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
        first, second = self._answerers(adapter, against)
        done = {
            (vote.pair.kind, vote.pair.place)
            for vote in self.all(project)
            if vote.choice is not None and vote.is_between(first, second)
        }
        return sum(place_of(item) not in done for item in self._candidates(adapter, against))

    def tally(
        self, project: Project, adapter: Adapter, against: Adapter | None = None
    ) -> VoteTally:
        """The votes between an adapter and its base, or another one."""
        return tally_of(self.all(project), *self._answerers(adapter, against))

    def tallies(self, project: Project, adapter: Adapter) -> list[VoteTally]:
        """All tallies of an adapter as it is now; none where it was not measured."""
        try:
            votes = self.all(project)
            return tallies_of(votes, self._answerer(adapter)) if votes else []
        except GardenError:
            return []

    def _log(self, project: Project) -> VoteLog:
        return VoteLog(self._places.votes(project.id))

    def _answerers(self, adapter: Adapter, against: Adapter | None) -> tuple[Answerer, Answerer]:
        one = self._answerer(adapter)
        if against is not None:
            return one, self._answerer(against)
        card = self._scores.card(adapter)
        if card is not None:
            return one, Answerer(BASE, card.setting.base_sha256)
        return one, Answerer(BASE, ModelStore(self._places).get(adapter.base).sha256)

    def _answerer(self, adapter: Adapter) -> Answerer:
        card = self._scores.card(adapter)
        if card is not None:
            return Answerer(adapter.version, card.setting.adapter_sha256)
        folder = self._places.adapters(adapter.project) / adapter.version
        weights = read_manifest(folder).get(WEIGHTS)
        return Answerer(adapter.version, weights.sha256 if weights else "")

    def _candidates(self, adapter: Adapter, against: Adapter | None) -> Sequence[Item]:
        items = self._scores.items(adapter)
        others = items if against is None else self._scores.items(against)
        arms: tuple[ArmName, ArmName] = ("adapter", "base" if against is None else "adapter")
        return candidates(items, others, arms)


def answer_text(events: Iterable[Event], adapter: bool) -> str:
    """The text of an answer that a model gave, with the adapter where that was wanted."""
    found = [event for event in events if isinstance(event, Answered)]
    if not found or not found[-1].model:
        what = (found[-1].problem if found else "") or "No model explains here."
        raise ModelUnfit(what, hint="Choose a model that explains.")
    if adapter and not found[-1].adapter:
        raise ModelUnfit(f"{found[-1].model} answered without the adapter.", hint="")
    return found[-1].text
