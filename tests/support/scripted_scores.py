"""Cards that a test sets."""

from collections.abc import Callable

from gardener_core.evaluation.card.card import Card
from gardener_core.evaluation.card.gate import Gate
from gardener_core.evaluation.card.items import Item
from gardener_core.garden.evaluation.explained import ExplainedFigure
from gardener_core.garden.evaluation.scores import Scores
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run


class ScriptedScores(Scores):
    """By version: cards, and what they were measured on."""

    def __init__(self, note: Callable[..., None], begin: Callable[[str], Run]) -> None:
        self.note = note
        self.begin = begin
        self.cards: dict[str, Card] = {}
        self.measured: dict[str, list[Item]] = {}
        self.explaining: tuple[ExplainedFigure, ...] = ()

    def minutes(self, adapter: Adapter) -> float:
        return 5.0

    def start(
        self, project: Project, adapter: Adapter, minutes: float | None = None, folds: bool = False
    ) -> Run:
        self.note("score", project.id, adapter.version)
        return self.begin(project.id)

    def card(self, adapter: Adapter) -> Card | None:
        return self.cards.get(adapter.version)

    def explained(self, card: Card) -> tuple[ExplainedFigure, ...]:
        return self.explaining

    def gate(self, adapter: Adapter) -> Gate | None:
        card = self.card(adapter)
        return card.gate if card else None

    def items(self, adapter: Adapter) -> list[Item]:
        return self.measured.get(adapter.version, [])
