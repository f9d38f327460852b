"""Split code and questions into search terms."""

import re
from functools import lru_cache

import Stemmer

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+")
_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
SYMBOL_WEIGHT = 4
_PATH_WEIGHT = 2
# The word index takes shorter terms only; terms are ASCII, so letters are bytes.
TERM_LIMIT = 64
MAX_TERM = TERM_LIMIT - 1

_STOP_WORDS = (
    "a about after all also an and any are as at be been before but by can could do does did each "
    "for from get had has have how i if in into is it its me my no not of on or our out so some "
    "that the their them then there these they this to us was we were what when where which who "
    "why will with would you your"
)


@lru_cache(maxsize=200_000)
def _terms_of(word: str) -> tuple[str, ...]:
    parts = [part.lower() for part in _PART.findall(word)]
    # A stemmer has state, so threads must not share one; the cache makes a new one cheap.
    stems = Stemmer.Stemmer("english").stemWords([part for part in parts if len(part) > 1])
    whole = [word.lower()] if len(parts) > 1 else []
    return tuple(term[:MAX_TERM] for term in (*stems, *whole))


STOP_TERMS = frozenset(term for word in _STOP_WORDS.split() for term in _terms_of(word))


def terms_of_text(text: str) -> list[str]:
    """The stemmed parts of every identifier, and the whole identifier in lower case."""
    return [term for word in WORD.findall(text) for term in _terms_of(word)]


def terms_of_question(text: str) -> list[str]:
    """The same without stop words, unless the question has nothing else."""
    terms = terms_of_text(text)
    return [term for term in terms if term not in STOP_TERMS] or terms


def terms_of_path(path: str) -> list[str]:
    """The terms that a path adds to each of its chunks."""
    return terms_of_text(path.rsplit(".", 1)[0]) * _PATH_WEIGHT
