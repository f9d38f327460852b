"""Turn code and questions into the words that are searched."""

import re
from functools import lru_cache

import Stemmer

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+")
_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
SYMBOL_WEIGHT = 4
_PATH_WEIGHT = 2
# The word index takes what is shorter than this; terms are ASCII, so letters are bytes.
TERM_LIMIT = 64
_LONGEST_TERM = TERM_LIMIT - 1

_STOP_WORDS = (
    "a about after all also an and any are as at be been before but by can could do does did each "
    "for from get had has have how i if in into is it its me my no not of on or our out so some "
    "that the their them then there these they this to us was we were what when where which who "
    "why will with would you your"
)


@lru_cache(maxsize=200_000)
def _terms_of(word: str) -> tuple[str, ...]:
    parts = [part.lower() for part in _PART.findall(word)]
    # A stemmer keeps state inside, so threads must not share one; the cache makes this cheap.
    stems = Stemmer.Stemmer("english").stemWords([part for part in parts if len(part) > 1])
    whole = [word.lower()] if len(parts) > 1 else []
    return tuple(term[:_LONGEST_TERM] for term in (*stems, *whole))


_STOP_TERMS = frozenset(term for word in _STOP_WORDS.split() for term in _terms_of(word))


def terms_of_text(text: str) -> list[str]:
    """Sub-tokens of every identifier, stemmed, and the whole identifier in lower case."""
    return [term for word in WORD.findall(text) for term in _terms_of(word)]


def terms_of_question(text: str) -> list[str]:
    """The same without the words that every question has; all of them when nothing else is left."""
    terms = terms_of_text(text)
    return [term for term in terms if term not in _STOP_TERMS] or terms


def terms_of_chunk(path: str, symbol: str, text: str) -> list[str]:
    """A chunk's terms; its symbol and its path count more than its body."""
    return terms_of_text(text) + terms_of_text(symbol) * SYMBOL_WEIGHT + terms_of_path(path)


def terms_of_path(path: str) -> list[str]:
    """What a path adds to the terms of each of its chunks."""
    return terms_of_text(path.rsplit(".", 1)[0]) * _PATH_WEIGHT
