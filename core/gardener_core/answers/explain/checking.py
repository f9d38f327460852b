"""Check what a model said against the card and the project."""

import builtins
import keyword
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_SENTENCE = re.compile(r"(?<=[.!?])(?:\s*(?:\[\d+\])+)*(?:\s+|$)")
_CITATION = re.compile(r"\[(\d{1,2})\]")
_CODE = re.compile(r"`([^`\n]{1,120})`")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_COMPOUND = re.compile(r"[a-z0-9]_[a-z0-9]|[a-z][A-Z]|[A-Z][a-z]+[A-Z]|\w\.\w")
_KNOWN = frozenset(dir(builtins)) | frozenset(keyword.kwlist) | frozenset(sys.stdlib_module_names)
_ABBREVIATIONS = frozenset({"e.g", "i.e", "etc", "vs"})


@dataclass(frozen=True, slots=True)
class Checked:
    """What does not hold: names found nowhere, sentences without a source, wrong numbers."""

    unknown_names: tuple[str, ...]
    unsourced: tuple[str, ...]
    wrong_numbers: tuple[int, ...]


def check_answer(text: str, numbers: frozenset[int], is_known: Callable[[str], bool]) -> Checked:
    """Compare a model's words with the numbers of the card and the names of the project."""
    sentences = sentences_of(text)
    cited = [int(number) for number in _CITATION.findall(text)]
    return Checked(
        unknown_names=tuple(name for name in names_of(text) if not _is_known(name, is_known)),
        unsourced=tuple(
            sentence
            for sentence in sentences
            if not any(int(number) in numbers for number in _CITATION.findall(sentence))
        ),
        wrong_numbers=tuple(dict.fromkeys(n for n in cited if n not in numbers)),
    )


def sentences_of(text: str) -> Sequence[str]:
    """The sentences of an answer, each with the numbers behind it."""
    found, at = [], 0
    for end in _SENTENCE.finditer(text):
        sentence = text[at : end.end()].strip()
        at = end.end()
        if re.search(r"[A-Za-z]", sentence):
            found.append(sentence)
    rest = text[at:].strip()
    return [*found, rest] if re.search(r"[A-Za-z]", rest) else found


def words_of(text: str) -> Sequence[str]:
    """Every whole word that could be a name, or a part of a dotted one."""
    return _WORD.findall(text)


def names_of(text: str) -> Sequence[str]:
    """The names of code in an answer: what is quoted as code, called, or compounded."""
    found = []
    for quoted in _CODE.finditer(text):
        found += [match[0] for match in _NAME.finditer(quoted[1])]
    plain = _CODE.sub(" ", text)
    for match in _NAME.finditer(plain):
        called = plain[match.end() : match.end() + 1] == "("
        if called or _COMPOUND.search(match[0]):
            found.append(match[0])
    return list(dict.fromkeys(name for name in found if name.lower() not in _ABBREVIATIONS))


def _is_known(name: str, is_known: Callable[[str], bool]) -> bool:
    """Whether each part of a dotted name is known; of a standard module all is taken as known."""
    first, *rest = name.split(".")
    if first in sys.stdlib_module_names:
        return True
    return all(part in _KNOWN or is_known(part) for part in (first, *rest))
