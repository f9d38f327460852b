"""Show training what a model will be shown."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from gardener_core.answers.card.abstaining import NEAREST, Judge
from gardener_core.answers.card.composer import compose
from gardener_core.answers.card.evidence import Evidence
from gardener_core.answers.card.kinds import kind_of
from gardener_core.answers.card.question import Question
from gardener_core.answers.card.source_text import SourceTexts
from gardener_core.answers.explain.prompt import SYSTEM, Budget, Material, explain_prompt
from gardener_core.events.answer import Composed
from gardener_core.events.index import Hit
from gardener_core.models.chat_template import ChatTurn
from gardener_core.search.embedders.static import StaticEmbedder
from gardener_core.search.search import search
from gardener_core.search.table import ChunkTable
from gardener_core.store.project.catalog import Catalog

FEWEST_FRESH = 60
FORM = 45  # tokens of what stands around the data: marks, the sentence about numbers


@dataclass(slots=True)
class TrainingCards:
    """Cards and hits as in an answer, without the files that are not learned from.

    A table of another embedder is searched by words alone: no model is loaded for it.
    """

    root: Path
    catalog: Catalog
    table: ChunkTable
    embedder: StaticEmbedder
    hidden: Collection[str]
    _judge: Judge = field(init=False)
    _texts: SourceTexts = field(init=False)
    _counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open what is needed for every card."""
        self._judge = Judge(self.embedder)
        self._texts = SourceTexts(
            self.root, lambda path: self.table.contents.text_of_file(path).splitlines()
        )

    def composed(self, text: str) -> tuple[Composed, tuple[Hit, ...]]:
        """The card of a question, and its hits."""
        embedder = self.embedder if self.table.choice.kind == "static" else None
        found = search(self.table, embedder, text, NEAREST).hits
        hits = tuple(hit for hit in found if hit.path not in self.hidden)
        evidence = Evidence(self.root, self.catalog, self._texts, self.table, hits)
        card = compose(Question(text, kind_of(text)), evidence, self._judge, self._counts)
        kept = [line for line in card.lines if line.path not in self.hidden]
        number, lines = 0, []
        for line in kept:
            number += bool(line.n)
            lines.append(replace(line, n=number if line.n else 0))
        return replace(card, lines=tuple(lines)), hits

    def turns(
        self,
        question: str,
        card: Composed,
        hits: tuple[Hit, ...],
        count: Callable[[str], int],
        most: int,
    ) -> tuple[ChatTurn, ...]:
        """What a model is sent: the card, and as much code as fits into so many tokens."""
        kept = count(SYSTEM)
        budget = Budget(kept, max(FEWEST_FRESH, most - kept - FORM))
        return explain_prompt(Material(question, card, hits), count, budget).messages
