"""Show training what the product shows of a question."""

from collections.abc import Callable
from dataclasses import dataclass

from gardener_core.answers.training_cards import TrainingCards
from gardener_core.errors import GardenError
from gardener_core.evaluation.split import Split
from gardener_core.models.chat_template import ChatTurn
from gardener_core.search.embedders.static import load_static
from gardener_core.search.table import ChunkTable
from gardener_core.store.garden.projects import Project
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.places import Places
from gardener_core.training.data.makers.question_rows import Shown


@dataclass(frozen=True, slots=True)
class ProjectLibrary:
    """Cards and hits of a project, without its held-out files."""

    cards: TrainingCards

    def shown(self, question: str) -> Shown:
        """The card of a question, and the hits."""
        return Shown(*self.cards.composed(question))

    def turns(
        self, question: str, shown: Shown, count: Callable[[str], int], most: int
    ) -> tuple[ChatTurn, ...]:
        """The turns before the answer."""
        return self.cards.turns(question, shown.card, shown.hits, count, most)


def open_library(
    places: Places, project: Project, catalog: Catalog, split: Split
) -> ProjectLibrary | str:
    """The library of a project; where it has no index that can be read, why not."""
    if not places.index(project.id).is_dir():
        return "the project is not indexed"
    hidden = frozenset(file.path for file in (*split.held_out, *split.dev))
    try:
        table = ChunkTable.open(places.index(project.id))
        if not table.count():
            return "the index is empty"
    except GardenError as problem:
        return problem.what
    return ProjectLibrary(TrainingCards(project.path, catalog, table, load_static(), hidden))
