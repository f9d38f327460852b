"""A question with two answers without names, and a vote."""

from dataclasses import dataclass
from typing import Literal

# Statements and bodies that were masked in held-out files, or a question of a person.
QuestionKind = Literal["statement", "scope", "question"]
Choice = Literal["left", "right", "same", "skip"]
BASE = "base"


@dataclass(frozen=True, slots=True)
class Answerer:
    """Who answered: a version with the sha256 of its weights, or the base with its own."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A question as it is shown, with two answers in the order that chance gave them.

    `truth` is what stands in the file, where there is such a thing; it is shown after the vote.
    """

    id: str
    drawn: float
    kind: QuestionKind
    question: str
    left: Answerer
    right: Answerer
    left_text: str
    right_text: str
    place: str = ""
    suffix: str = ""
    truth: str = ""


@dataclass(frozen=True, slots=True)
class Vote:
    """A pair, and what the person found; None as long as it is open."""

    pair: Pair
    choice: Choice | None = None
    voted: float = 0.0

    @property
    def preferred(self) -> Answerer | None:
        """Whose answer was found better."""
        match self.choice:
            case "left":
                return self.pair.left
            case "right":
                return self.pair.right
            case _:
                return None

    def is_between(self, one: Answerer, other: Answerer) -> bool:
        """Whether these two answered."""
        return {self.pair.left, self.pair.right} == {one, other}
