"""Score documents by BM25, without a table."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

K1, B = 1.2, 0.75  # as in the table's index


def rarity(documents: int, holding: int) -> float:
    """The weight of a term that so many of all documents contain."""
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


def scores(
    documents: Sequence[Sequence[str]],
    terms: Sequence[str],
    rarities: Mapping[str, float] | None = None,
) -> list[float]:
    """A score a document; give rarities where these are only some of all documents."""
    counts = [Counter(document) for document in documents]
    mean = sum(map(len, documents)) / len(documents) if documents else 1.0
    wanted = Counter(terms)
    known = rarities or {
        term: rarity(len(documents), sum(term in count for count in counts)) for term in wanted
    }
    found = []
    for document, count in zip(documents, counts, strict=True):
        damped = K1 * (1 - B + B * len(document) / max(mean, 1.0))
        found.append(
            sum(
                times * known[term] * count[term] * (K1 + 1) / (count[term] + damped)
                for term, times in wanted.items()
            )
        )
    return found
