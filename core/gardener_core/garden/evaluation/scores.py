"""Measure adapters, and read their cards."""

import time
from pathlib import Path

from gardener_core.errors import BadInput, CardMissing, Damaged, GateClosed, Remedy
from gardener_core.evaluation.card.card import Card, read_card
from gardener_core.evaluation.card.gate import Gate
from gardener_core.evaluation.card.items import ITEMS, Item, read_items
from gardener_core.garden.evaluation.explained import ExplainedFigure, explained_of
from gardener_core.garden.run_specs import new_run_id
from gardener_core.garden.runs import Runs
from gardener_core.garden.settings import SettingsDoor
from gardener_core.jobs.spec import ScoreSpec
from gardener_core.models.shape import shape_of
from gardener_core.models.store import ModelStore
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run
from gardener_core.system.places import Places

# Of two cores; a larger base reads and writes more slowly.
SMALL_BASE_PARAMETERS = 250_000_000
SMALL_BASE_MINUTES, MINUTES = 5.0, 10.0


class Scores:
    """The cards of a project's adapters, with the items that each figure is of."""

    def __init__(self, places: Places, runs: Runs, settings: SettingsDoor) -> None:
        self._places = places
        self._runs = runs
        self._settings = settings

    def minutes(self, adapter: Adapter) -> float:
        """How long an adapter is measured unless somebody says otherwise."""
        base = ModelStore(self._places).get(adapter.base)
        small = shape_of(base).parameters <= SMALL_BASE_PARAMETERS
        return SMALL_BASE_MINUTES if small else MINUTES

    def start(
        self, project: Project, adapter: Adapter, minutes: float | None = None, folds: bool = False
    ) -> Run:
        """Start a run that measures an adapter for about so many minutes, and folds if wanted."""
        if adapter.state == "archived":
            raise GateClosed(
                f"Adapter {adapter.version} is archived.",
                hint="Bring it back from the archive first.",
            )
        if minutes is not None and not 0 < minutes <= 24 * 60:
            raise BadInput(
                "Minutes are a number above 0.", hint="Five are enough for a first card."
            )
        return self._runs.start(
            ScoreSpec(
                run=new_run_id(),
                created=time.time(),
                project=project.id,
                version=adapter.version,
                minutes=self.minutes(adapter) if minutes is None else minutes,
                training=self._settings.current(project).training,
                folds=folds,
            )
        )

    def card(self, adapter: Adapter) -> Card | None:
        """The card of an adapter; None where it was not measured."""
        return read_card(self._folder(adapter))

    def required_card(self, project: Project, adapter: Adapter) -> Card:
        """The card of an adapter; an error that says how to make one."""
        card = self.card(adapter)
        if card is None:
            raise CardMissing(
                f"{adapter.version} was not measured yet.", remedy=Remedy("score", project.name)
            )
        return card

    def explained(self, card: Card) -> tuple[ExplainedFigure, ...]:
        """How the base and the adapter of a card explain, where `bench answers` measured it."""
        return explained_of(self._places, card)

    def gate(self, adapter: Adapter) -> Gate | None:
        """What the gate said of an adapter; None where it was not measured or cannot be read."""
        try:
            card = self.card(adapter)
        except Damaged:
            return None
        return card.gate if card else None

    def items_file(self, adapter: Adapter) -> Path:
        """Where the items of a card are kept."""
        return self._folder(adapter) / ITEMS

    def items(self, adapter: Adapter) -> list[Item]:
        """Everything that was measured."""
        return list(read_items(self.items_file(adapter)))

    def _folder(self, adapter: Adapter) -> Path:
        return self._places.adapters(adapter.project) / adapter.version
