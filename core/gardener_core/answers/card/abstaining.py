"""Tell whether a project answers a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gardener_core.answers.card.evidence import Evidence
from gardener_core.answers.card.question import SHORTEST_WORD, Question
from gardener_core.answers.card.subject import Subjects
from gardener_core.events.answer import Outcome
from gardener_core.events.index import Hit
from gardener_core.search.embedders.static import StaticEmbedder, document_text
from gardener_core.search.terms import terms_of_text

# A hit's cosine is taken in the built-in table, whatever embedder the index has: those of other
# embedders have other scales.
COSINE_WEIGHT = 2.4
THRESHOLD = 1.40
MOST_WORDS = 4  # of a question that a hit is expected to hold
NEAREST = 30  # hits whose cosine is taken


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be answered, and the score of the hits; `unknown` words occur nowhere."""

    outcome: Outcome
    unknown: tuple[str, ...]
    score: float


class Judge:
    """Decides by names, and else by how well the best hits fit."""

    def __init__(self, embedder: StaticEmbedder) -> None:
        self._embedder = embedder

    def verdict(
        self, question: Question, subjects: Subjects, evidence: Evidence, rarities: "Rarities"
    ) -> Verdict:
        """Whether a project answers a question."""
        score = self.score(question, evidence.hits, rarities)
        unknown = rarities.unknown_words(question.words)
        is_code_named = any(each.name.is_code for each in subjects.named)
        if subjects.undefined and not is_code_named:
            words = tuple(name.word for name in subjects.undefined)
            last = [name.last for name in subjects.undefined]
            if not rarities.any_known([term for word in last for term in terms_of_text(word)[-1:]]):
                return Verdict("not_found", words, score)
            # A variable of the environment is no symbol anywhere; the rest of the question counts.
            is_variable = all(word.isupper() for word in words)
            fits = is_variable and score >= THRESHOLD
            if not subjects.is_named and not fits and question.kind not in ("config", "files"):
                return Verdict("mentioned", words, score)
        is_named = subjects.is_named and (is_code_named or len(question.terms) == 1)
        is_named = is_named or _is_only_word_in_a_name(question, evidence)
        answered = bool(evidence.hits) and (is_named or score >= THRESHOLD)
        return Verdict("answered" if answered else "not_found", unknown, score)

    def score(self, question: Question, hits: Sequence[Hit], rarities: "Rarities") -> float:
        """The share of the question's rarest words that the first hit holds, and the best cosine.

        A long question tells a story, of which the code holds only a part.
        """
        if not hits:
            return 0.0
        weights = rarities.of(question.terms)
        held = sum(weights[term] for term in question.terms if term in hits[0].why.terms)
        rarest = sum(sorted(weights.values())[-MOST_WORDS:]) or 1.0
        return min(1.0, held / rarest) + COSINE_WEIGHT * self._cosine(question, hits[:NEAREST])

    def _cosine(self, question: Question, hits: Sequence[Hit]) -> float:
        """The best cosine of a hit, to the question or to its informative words alone."""
        documents = [document_text(hit.path, hit.symbol, hit.text) for hit in hits]
        vectors = self._embedder.embed_documents(documents)
        texts = (question.text, " ".join(question.words))
        return max(float((vectors @ self._embedder.embed_query(text)).max()) for text in texts)


def _is_only_word_in_a_name(question: Question, evidence: Evidence) -> bool:
    """Whether the only informative word stands in the name of the best hit in code."""
    if len(question.terms) != 1 or not question.has_content:
        return False
    names = [hit.symbol for hit in evidence.code_hits[:1]]
    return any(question.terms[0] in terms_of_text(name) for name in names)


class Rarities:
    """How rare terms are in a project; counts are kept while its table is unchanged."""

    def __init__(self, evidence: Evidence, counts: dict[str, int]) -> None:
        self._evidence = evidence
        self._counts = counts

    def of(self, terms: Sequence[str]) -> Mapping[str, float]:
        """The weight of each term."""
        return self._evidence.rarities(terms, self._counts)

    def any_known(self, terms: Sequence[str]) -> bool:
        """Whether any of the terms occurs in the project; where it is not known, yes."""
        self.of(terms)
        return any(self._counts.get(term, 1) for term in terms)

    def unknown_words(self, words: Sequence[str]) -> tuple[str, ...]:
        """Words of which no part occurs anywhere."""
        found = []
        for word in words:
            terms = terms_of_text(word)
            if len(word) >= SHORTEST_WORD and terms and not self.any_known(terms):
                found.append(word)
        return tuple(found)
