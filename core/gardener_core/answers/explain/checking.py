"""Check what a model said against the card and the project."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gardener_core.answers.explain.names import SaidName, names_in

_SENTENCE = re.compile(r"(?<=[.!?])(?:\s*(?:\[\d+\])+)*(?:\s+|$)|\n+")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf)|\b[A-Z])\.$")
_CITATION = re.compile(r"\[(\d{1,2})\]")


@dataclass(frozen=True, slots=True)
class Checked:
    """What does not hold: names found nowhere, sentences without a number, wrong numbers."""

    unknown_names: tuple[str, ...]
    uncited: tuple[str, ...]
    wrong_numbers: tuple[int, ...]


def check_answer(
    text: str, numbers: frozenset[int], is_known: Callable[[SaidName], bool]
) -> Checked:
    """Compare a model's words with the numbers of the card and the names of the project."""
    cited = [int(number) for number in _CITATION.findall(text)]
    return Checked(
        unknown_names=tuple(name.text for name in names_in(text) if not is_known(name)),
        uncited=tuple(
            sentence
            for sentence in sentences_of(text)
            if not any(int(number) in numbers for number in _CITATION.findall(sentence))
        ),
        wrong_numbers=tuple(dict.fromkeys(n for n in cited if n not in numbers)),
    )


def sentences_of(text: str) -> Sequence[str]:
    """The sentences of an answer, each with the numbers behind it."""
    found, at = [], 0
    for end in _SENTENCE.finditer(text):
        if _ABBREVIATION.search(text[at : end.start()]):
            continue
        sentence = text[at : end.end()].strip()
        at = end.end()
        if re.search(r"[A-Za-z]", sentence):
            found.append(sentence)
    rest = text[at:].strip()
    return [*found, rest] if re.search(r"[A-Za-z]", rest) else found
