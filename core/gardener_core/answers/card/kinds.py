"""Tell what a question asks for, by its words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from gardener_core.events.answer import QuestionKind

DATA = "data/question_kinds.npz"
LONGEST_GRAM = 3
_BEGINNING = 4  # letters of a word that count as well, so that a slip of the key does less harm
_NAME = re.compile(
    r"`[^`]*`|[A-Za-z_]\w*(?:(?:\.|::)\w+)+(?:\(\))?|\w+\(\)|\b[a-z]+[A-Z]\w*|\b[A-Z]\w*[a-z][A-Z]\w*"
    r"|\b\w*_\w*|\b[A-Z]{2,}\w*"
)
_WORD = re.compile(r"[a-z0-9']+|\?")
_MARK = " xx "  # any name of code: what it is called says nothing about the question


@dataclass(frozen=True, slots=True)
class KindModel:
    """Weights of n-grams for each kind, learned by `tools/grow_question_kinds.py`."""

    kinds: tuple[QuestionKind, ...]
    rows: dict[str, int]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def kind_of(self, text: str) -> QuestionKind:
        """The likeliest kind."""
        rows = [self.rows[gram] for gram in set(grams_of(text)) if gram in self.rows]
        scores = self.bias + self.weights[rows].sum(axis=0)
        return self.kinds[int(scores.argmax())]

    def to_bytes(self) -> bytes:
        """The content of a file."""
        out = BytesIO()
        np.savez_compressed(
            out,
            kinds=np.array(self.kinds),
            grams=np.array(list(self.rows)),
            weights=self.weights.astype(np.float16),
            bias=self.bias.astype(np.float32),
        )
        return out.getvalue()

    @classmethod
    def from_bytes(cls, raw: bytes) -> "KindModel":
        """Read the content of a file."""
        with np.load(BytesIO(raw), allow_pickle=False) as kept:
            grams = kept["grams"].tolist()
            return cls(
                kinds=tuple(kept["kinds"].tolist()),
                rows={gram: row for row, gram in enumerate(grams)},
                weights=kept["weights"].astype(np.float32),
                bias=kept["bias"],
            )


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
