"""List versions with all that is known of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gardener_core.errors import Damaged
from gardener_core.evaluation.card.card import read_card
from gardener_core.evaluation.card.gate import Gate
from gardener_core.evaluation.held_out import Scores
from gardener_core.garden.adapters import Adapters
from gardener_core.store.garden.adapter_files import Partial
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.versions.record import AdapterRecord, read_record
from gardener_core.system.places import Places, drifts
from gardener_core.training.retraining.drift import Drift
from gardener_core.training.retraining.drifts import Drifts


@dataclass(frozen=True, slots=True)
class Version:
    """A version, whether it answers, and what is known of it; what is not is None."""

    adapter: Adapter
    active: bool
    partial: Partial | None = None
    held_out: Scores | None = None
    gate: Gate | None = None
    drift: Drift | None = None
    record: AdapterRecord | None = None


class VersionList:
    """Reads what is known of versions; the drift of all is measured at once, and kept."""

    def __init__(self, places: Places, adapters: Adapters) -> None:
        self._places = places
        self._adapters = adapters

    def all(self, project: Project) -> list[Version]:
        """Every version, newest first, those that are archived last."""
        listed = self._adapters.all(project)
        ordered = sorted(listed, key=lambda one: one.state == "archived")
        measured = self.drifts(project, ordered)
        return [self._version(project, one, measured) for one in ordered]

    def drifts(self, project: Project, adapters: Sequence[Adapter]) -> Mapping[str, Drift | None]:
        """How far the project has moved from each of these versions."""
        folder = self._places.adapters(project.id)
        folders = {one.version: folder / one.version for one in adapters}
        return Drifts(drifts(self._places, project.id), project.path).of(folders)

    def _version(
        self, project: Project, adapter: Adapter, measured: Mapping[str, Drift | None]
    ) -> Version:
        return Version(
            adapter,
            adapter.version == project.adapter,
            self._adapters.partial(adapter),
            self._adapters.held_out(adapter),
            self._gate(adapter),
            measured.get(adapter.version),
            read_record(self._places.adapters(project.id) / adapter.version),
        )

    def _gate(self, adapter: Adapter) -> Gate | None:
        try:
            card = read_card(self._places.adapters(adapter.project) / adapter.version)
        except Damaged:
            return None
        return card.gate if card else None
