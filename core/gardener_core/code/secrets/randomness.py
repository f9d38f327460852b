"""Tell random values from words."""

import math
import re
from collections import Counter

SHORTEST_RANDOM = 16
# How often small letters, capitals and digits alternate: at a fifth of the places in camelCase, at
# two fifths in random hex and small letters with digits, at three fifths in random base64.
SWITCHES_WITH_DIGITS = 0.2
SWITCHES_WITHOUT = 0.35
FEWEST_DIGITS = 2
_SWITCH = re.compile(r"(?<=[a-z])[A-Z0-9]|(?<=[A-Z])[a-z0-9]|(?<=[0-9])[A-Za-z]")
_SEPARATOR = re.compile(r"[^A-Za-z0-9]+")
# Beside capitals, three small letters in a row are a sixth of random text, most of camelCase.
MOST_IN_WORDS = 0.45
_WORDS = re.compile(r"[A-Z]?[a-z]{3,}")
_COUNTED = re.compile(r"0123456|1234567|abcdef|ABCDEF|qwerty", re.I)


def bits(value: str) -> float:
    """Entropy per character."""
    counts, size = Counter(value).values(), len(value)
    return -sum(count / size * math.log2(count / size) for count in counts)


def is_random(value: str, shortest: int = SHORTEST_RANDOM) -> bool:
    """Whether letters and digits alternate as in random text."""
    body = _SEPARATOR.sub("", value)
    has_digits = sum(letter.isdigit() for letter in body) >= FEWEST_DIGITS
    return (
        len(body) >= shortest
        and _switches(body) >= (SWITCHES_WITH_DIGITS if has_digits else SWITCHES_WITHOUT)
        and bits(body) >= 3.0
        and not is_written(body)
    )


def is_random_of_three_kinds(value: str, shortest: int) -> bool:
    """The same, with small letters, capitals and digits."""
    body = _SEPARATOR.sub("", value)
    return (
        len(body) >= shortest
        and all(re.search(kind, body) for kind in (r"[a-z]", r"[A-Z]", r"\d"))
        and _switches(body) >= SWITCHES_WITHOUT
        and bits(body) >= 3.5
        and not is_written(body)
    )


def is_written(body: str) -> bool:
    """Whether it is words in camelCase, or in keyboard or alphabetical order."""
    if _COUNTED.search(body):
        return True
    capitals = sum(letter.isupper() for letter in body)
    return capitals > 1 and sum(map(len, _WORDS.findall(body))) > MOST_IN_WORDS * len(body)


def _switches(body: str) -> float:
    return len(_SWITCH.findall(body)) / max(len(body) - 1, 1)
