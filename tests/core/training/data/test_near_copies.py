"""Windows that are nearly equal are found, and those that are not are left alone."""

import random
import re
from collections.abc import Sequence

from gardener_core.training.data.near_copies import NearCopies

WORDS = [f"name{number}" for number in range(400)]


def written(draw: random.Random, lines: int) -> list[str]:
    return [" ".join(draw.choices(WORDS, k=6)) for _ in range(lines)]


def copies_of(*texts: str) -> NearCopies:
    copies = NearCopies()
    for text in texts:
        copies.add(text)
    return copies


def test_a_copy_is_found_wherever_it_stands() -> None:
    draw = random.Random(1)
    held_out = written(draw, 30)
    copied = [*written(draw, 7), *held_out[8:24], *written(draw, 5)]
    copies = copies_of("\n".join(held_out))
    assert copies.holds("\n".join(copied))
    assert copies.holds("\n".join(f"    {line}" for line in copied)), "indented anew"
    assert not copies.holds("\n".join(written(draw, 60)))


def test_one_changed_name_is_near_and_many_are_not() -> None:
    draw = random.Random(2)
    held_out = written(draw, 9)
    copies = copies_of("\n".join(held_out))
    words = " \n ".join(held_out).split(" ")
    words[-6] = "renamed"  # at the end it is in few shingles
    assert copies.holds(" ".join(words))
    assert not copies.holds(" ".join(w if at % 7 else "other" for at, w in enumerate(words)))


def test_less_than_a_window_is_no_copy() -> None:
    text = "\n".join(written(random.Random(3), 8))
    assert len(text.split()) < 50 and not copies_of(text).holds(text)


def test_looking_up_finds_what_comparing_all_with_all_finds() -> None:
    draw = random.Random(4)
    held_out = [written(draw, 12) for _ in range(6)]
    others = [mutated(draw, text, rate) for text in held_out for rate in (0.0, 0.005, 0.02, 0.1)]
    copies = copies_of(*("\n".join(text) for text in held_out))
    found = [copies.holds("\n".join(text)) for text in others]
    assert found == [any(near(text, other) for other in held_out) for text in others]
    assert 0 < sum(found) < len(found)


def mutated(draw: random.Random, lines: Sequence[str], rate: float) -> list[str]:
    def change(word: str) -> str:
        return draw.choice(WORDS) if draw.random() < rate else word

    return [" ".join(change(word) for word in line.split()) for line in lines]


def near(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether any two windows have nine tenths of their shingles in common, the slow way."""
    return any(
        len(a & b) >= 0.9 * len(a | b) for a in windows(one) for b in windows(other)
    )  # fmt: skip


def windows(lines: Sequence[str]) -> list[set[tuple[str, ...]]]:
    words, starts = [], []
    for line in lines:
        starts.append(len(words))
        words += re.findall(r"\w+", line)
    return [
        {tuple(words[at : at + 5]) for at in range(start, start + 46)}
        for start in starts
        if start + 50 <= len(words)
    ]
