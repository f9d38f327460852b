"""Quote the documents that speak of a question."""

import re
from collections.abc import Mapping

from gardener_core.answers.card.evidence import Evidence
from gardener_core.answers.card.lines.changes import CHANGELOG
from gardener_core.answers.card.lines.symbol import plain
from gardener_core.answers.card.question import Question
from gardener_core.answers.card.source_text import lines_of
from gardener_core.events.answer import CardLine
from gardener_core.search.terms import terms_of_text

HITS_READ = 6
SHORTEST_LINE = 25
LONGEST_QUOTE = 150
LEAST_SHARE = 0.5
_PROSE = re.compile(r"\.(md|rst|mdx|adoc)$", re.IGNORECASE)


def documented_in(
    question: Question, evidence: Evidence, rarities: Mapping[str, float], most: int
) -> list[CardLine]:
    """The lines of documents that hold most of the question's words; changelogs are left out."""
    whole = sum(rarities.get(term, 0.0) for term in question.terms) or 1.0
    found = []
    for hit in evidence.document_hits[:HITS_READ]:
        if not _PROSE.search(hit.path) or CHANGELOG.search(hit.path):
            continue
        for number, line in enumerate(lines_of(hit.text), start=hit.start_line):
            held = set(terms_of_text(line)) & set(question.terms)
            share = sum(rarities.get(term, 0.0) for term in held) / whole
            if share > LEAST_SHARE and len(line) > SHORTEST_LINE:
                found.append((-share, hit.rank, number, hit.path, line))
    lines = []
    for _, _, number, path, line in sorted(found)[:most]:
        text = plain(line.strip(" -*#>"))
        cut = text[:LONGEST_QUOTE].rpartition(" ")[0] + " …"
        shown = text if len(text) <= LONGEST_QUOTE else cut
        lines.append(evidence.cite("documented_in", shown, path, number))
    return lines
