"""Tell values that a machine drew from words that a person wrote."""

import math
import re
from collections import Counter

SHORTEST_RANDOM = 16
# How often small letters, capitals and digits take turns: a fifth of the places in camelCase,
# two fifths in random hex and small letters with digits, three fifths in random base64.
SWITCHES_OF_RANDOM = 0.3
SWITCHES_OF_THREE_KINDS = 0.42
_SWITCH = re.compile(r"(?<=[a-z])[A-Z0-9]|(?<=[A-Z])[a-z0-9]|(?<=[0-9])[A-Za-z]")
_SEPARATOR = re.compile(r"[^A-Za-z0-9]+")
_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_COUNTED = re.compile(r"0123456|1234567|abcdef|ABCDEF|qwerty", re.I)


def bits(value: str) -> float:
    """Entropy a character."""
    counts, size = Counter(value).values(), len(value)
    return -sum(count / size * math.log2(count / size) for count in counts)


def is_random(value: str, shortest: int = SHORTEST_RANDOM) -> bool:
    """Letters and digits that take turns as if they were drawn."""
    body = _SEPARATOR.sub("", value)
    return (
        len(body) >= shortest
        and _switches(body) >= SWITCHES_OF_RANDOM
        and bits(body) >= 3.0
        and not _COUNTED.search(body)
    )


def is_random_of_three_kinds(value: str, shortest: int) -> bool:
    """The same, and small letters, capitals and digits are all there."""
    body = _SEPARATOR.sub("", value)
    return (
        len(body) >= shortest
        and all(re.search(kind, body) for kind in (r"[a-z]", r"[A-Z]", r"\d"))
        and _switches(body) >= SWITCHES_OF_THREE_KINDS
        and bits(body) >= 3.5
        and not _COUNTED.search(body)
    )


def is_random_hex(value: str, shortest: int) -> bool:
    """A drawn number in hex, dashes aside."""
    body = value.replace("-", "")
    return len(body) >= shortest and bool(_HEX.fullmatch(body)) and is_random(body)


def _switches(body: str) -> float:
    return len(_SWITCH.findall(body)) / max(len(body) - 1, 1)
