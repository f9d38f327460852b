"""Know what a question that follows is about."""

import re
from collections.abc import Sequence

from gardener_core.answers.card.question import Question, is_informative
from gardener_core.answers.requests import Exchange
from gardener_core.events.parts import CodeSpan


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = re.compile(r"[A-Za-z_][\w']*")
_PRONOUNS = _words("it its that this they them their those these")
_POINTING = _words("that this those these the same")
# A part of code that a question points at: "this function", "the same class".
_PARTS = _words("function method class one symbol constructor interface")
# "Is it possible to ..." is about nothing that was said.
_EMPTY = _words(
    "possible ok okay safe necessary needed allowed better best right true clear worth likely "
    "about time"
)
# What is asked of the whole project needs no subject.
_WHOLE = _words(
    "project projects repo repository codebase package library everything file files module "
    "modules code folder directory recently"
)
# Words of talk that are about nothing.
_FILLERS = _words("again also else instead just maybe now ok only so still then too")


def followed(text: str, before: Sequence[Exchange]) -> tuple[str, CodeSpan | None]:
    """A question with its subject written out, and that subject, where it follows another one.

    It does so where it has a pronoun, or no subject of its own: "and who calls it?", "any tests?".
    A question that names something is left as it is.
    """
    subject = next((each.subject for each in reversed(before) if each.subject), None)
    if subject is None or not subject.symbol or Question(text, "where").code_names:
        return text, None
    name = f"`{subject.symbol}`"
    words = list(_WORD.finditer(text))
    if place := _pronoun(words):
        first, last = place
        return f"{text[: first.start()]}{name}{text[last.end() :]}", subject
    if not words or any(_is_noun(word[0].lower()) for word in words):
        return text, None
    asked = text.rstrip()
    mark = asked[len(asked.rstrip("?!. ")) :].strip()
    return f"{asked.rstrip('?!. ')} {name}{mark}", subject


def _pronoun(words: Sequence[re.Match[str]]) -> tuple[re.Match[str], re.Match[str]] | None:
    """The first pronoun that stands for what was spoken of before, with the noun it points at.

    Behind a word of substance it stands for that: "does the pager say when it ends".
    """
    for at, word in enumerate(words):
        lower = word[0].lower()
        after = words[at + 1][0].lower() if at + 1 < len(words) else ""
        if lower in _POINTING and after in _PARTS:
            beyond = words[at + 2][0].lower() if at + 2 < len(words) else ""
            if lower != "the" or beyond in ("", "itself"):
                return word, words[at + 1]
        elif lower in _PRONOUNS:
            before = words[at - 1][0].lower() if at else ""
            if lower in _POINTING and (_is_noun(after) or before in _PARTS | _WHOLE):
                return None if _is_noun(after) else _pronoun(words[at + 1 :])
            return None if after in _EMPTY else (word, word)
        elif _is_noun(lower):
            return None
    return None


def _is_noun(word: str) -> bool:
    """Whether a word can be what a question is about."""
    return bool(word) and (word in _WHOLE or is_informative(word)) and word not in _FILLERS
