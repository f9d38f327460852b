"""How near one text is to another."""

from collections.abc import Sequence


def edit_similarity(one: str, other: str) -> float:
    """1 for equal texts, less by the share of characters to insert, delete or replace."""
    longest = max(len(one), len(other))
    return 1 - edit_distance(one, other) / longest if longest else 1.0


def edit_distance(one: str, other: str) -> int:
    """How many characters have to be inserted, deleted or replaced."""
    if len(one) < len(other):
        one, other = other, one
    above: Sequence[int] = range(len(other) + 1)
    for row, letter in enumerate(one, start=1):
        below = [row]
        for column, against in enumerate(other, start=1):
            below.append(
                min(above[column] + 1, below[-1] + 1, above[column - 1] + (letter != against))
            )
        above = below
    return above[-1]


def plain(text: str) -> str:
    """Code without blanks at the ends of its lines, and without empty lines around it."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
