"""What raises or lowers a hit beside its two lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gardener_core.events.parts import Correction
from gardener_core.search.terms import WORD, terms_of_question, terms_of_text

# Fitted on 60 written questions and 650 sentences of docs by a softmax over their hits, rounded
# by hand towards the written ones; confirmed on 30 and 349 others, of other projects.
ROLES: Mapping[str, float] = {"test": -1.5, "example": -0.5, "stub": -0.5}
NAME, PATH, TERMS = 0.7, 0.5, 0.9  # times the share of the question's terms that stand there
CLASS = -0.6  # a whole class; its methods are hits of their own
NO_SYMBOL = -1.0
EXACT_NAME = 0.3
ONLY_THE_NAME = 1.0  # the query is this name and nothing else
SHORTEST_EXACT = 4
LATER_PIECE = -0.1  # a later chunk of a symbol says less alone
_ABOUT_TESTS = frozenset(terms_of_text("test tests testing fixture mock spec"))


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """The words of a question as they are written, and its terms."""

    words: tuple[str, ...]
    terms: frozenset[str]
    about_tests: bool

    @classmethod
    def of(cls, text: str, tests_wanted: bool = False) -> "QuestionWords":
        """Read the words of a question."""
        words = tuple(word.lower() for word in WORD.findall(text))
        about_tests = tests_wanted or bool(_ABOUT_TESTS & set(terms_of_text(text)))
        return cls(words, frozenset(terms_of_question(text)), about_tests)

    def share(self, found: frozenset[str]) -> float:
        """How many of the question's terms are among these, from 0 to 1."""
        return len(self.terms & found) / len(self.terms) if self.terms else 0.0


def corrections(row: Mapping[str, Any], question: QuestionWords) -> tuple[Correction, ...]:
    """What is added to the score of a row, and for what; nothing is added for nothing."""
    found = []
    role, name = row["role"], row["name"].lower()
    if role in ROLES and not (role == "test" and question.about_tests):
        found.append(Correction(role, ROLES[role]))
    if len(name) >= SHORTEST_EXACT and name in question.words:
        is_all = len(question.words) == 1
        found.append(Correction("exact name", ONLY_THE_NAME if is_all else EXACT_NAME))
    shares = (
        ("in its name", NAME, frozenset(terms_of_text(row["name"]))),
        ("in its path", PATH, frozenset(terms_of_text(row["path"]))),
        ("in its text", TERMS, frozenset(row["terms"].split())),
    )
    for label, weight, terms in shares:
        if share := question.share(terms):
            found.append(Correction(label, weight * share))
    if row["kind"] == "class":
        found.append(Correction("class", CLASS))
    if not row["symbol"]:
        found.append(Correction("no symbol", NO_SYMBOL))
    elif row["part"]:
        found.append(Correction("piece", LATER_PIECE))
    return tuple(found)
