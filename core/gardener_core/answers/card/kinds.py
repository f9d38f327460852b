"""Tell what a question asks for, by its words."""

import json
import re
import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import get_args

from gardener_core.events.answer import QuestionKind

DATA = "data/question_kinds.z"
KINDS: tuple[QuestionKind, ...] = get_args(QuestionKind)
LONGEST_GRAM = 3
STEPS = 127  # a weight is kept as one of so many steps up or down
_BEGINNING = 4  # letters of a word that count as well, so that a slip of the key does less harm
_NAME = re.compile(
    r"`[^`]*`|[A-Za-z_]\w*(?:(?:\.|::)\w+)+(?:\(\))?|\w+\(\)|\b[a-z]+[A-Z]\w*"
    r"|\b[A-Z]\w*[a-z][A-Z]\w*|\b\w*_\w*|\b[A-Z]{2,}\w*"
)
_WORD = re.compile(r"[a-z0-9']+|\?")
_MARK = " xx "  # any name of code: what it is called says nothing about the question


@dataclass(frozen=True, slots=True)
class KindModel:
    """Weights of n-grams for each kind, learned by `tools/grow_question_kinds.py`.

    Those of one n-gram stand in a row, in steps of `step`.
    """

    rows: Mapping[str, int]
    weights: Sequence[int]
    step: float
    bias: tuple[float, ...]

    def kind_of(self, text: str) -> QuestionKind:
        """The likeliest kind."""
        scores = list(self.bias)
        for gram in set(grams_of(text)):
            row = self.rows.get(gram)
            if row is not None:
                for at in range(len(scores)):
                    scores[at] += self.step * self.weights[row * len(scores) + at]
        return KINDS[scores.index(max(scores))]

    def to_bytes(self) -> bytes:
        """The content of a file: a line of JSON, then the weights."""
        head = {"kinds": KINDS, "step": self.step, "bias": self.bias, "grams": list(self.rows)}
        return zlib.compress(json.dumps(head).encode() + b"\n" + array("b", self.weights).tobytes())

    @classmethod
    def from_bytes(cls, raw: bytes) -> "KindModel":
        """Read the content of a file."""
        head, _, weights = zlib.decompress(raw).partition(b"\n")
        kept = json.loads(head)
        rows = {gram: row for row, gram in enumerate(kept["grams"])}
        return cls(rows, array("b", weights), kept["step"], tuple(kept["bias"]))


def grams_of(text: str) -> Iterator[str]:
    """The n-grams of words, and the beginnings of words; names of code are all alike."""
    words = ["<", *_WORD.findall(_NAME.sub(_MARK, text).lower()), ">"]
    for size in range(1, LONGEST_GRAM + 1):
        for at in range(len(words) - size + 1):
            yield " ".join(words[at : at + size])
    for word in words:
        if len(word) > _BEGINNING:
            yield f"{word[:_BEGINNING]}~"


@cache
def _model() -> KindModel:
    return KindModel.from_bytes(files("gardener_core.answers.card").joinpath(DATA).read_bytes())


def kind_of(text: str) -> QuestionKind:
    """What a question asks for."""
    return _model().kind_of(text)
