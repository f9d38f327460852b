"""Figures with intervals from files drawn again."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

DRAWS = 2000
_TAIL = 0.025
_SUMMED = ("one", "one_of", "other", "other_of")


@dataclass(frozen=True, slots=True)
class Figure:
    """A share of sums over n items in so many files.

    The interval holds 95 of 100 draws of the files with replacement.
    """

    mean: float
    low: float
    high: float
    n: int
    files: int


@dataclass(frozen=True, slots=True)
class FileSums:
    """What is summed of one file: of one arm, and of another on the same items.

    Each is divided by what it is of: bytes, tokens, names or a number of items.
    """

    path: str
    one: float
    one_of: float
    other: float
    other_of: float
    n: int


Statistic = Callable[[FileSums], float]


def level(sums: FileSums) -> float:
    """The figure of the one arm."""
    return sums.one / sums.one_of if sums.one_of else 0.0


def difference(sums: FileSums) -> float:
    """How much more the one arm has than the other."""
    other = sums.other / sums.other_of if sums.other_of else 0.0
    return level(sums) - other


def relative_change(sums: FileSums) -> float:
    """The change from the other arm to the one, as a share of the other."""
    return sums.one / sums.other - 1 if sums.other else 0.0


def beyond_control(sums: FileSums) -> float:
    """How much more one arm saves of the other's bits than twice what the control saves.

    `one_of` holds the bits of the control. Half of what is saved must be of this project alone: an
    adapter of another one saves something here, too.
    """
    if not sums.other:
        return 0.0
    return (1 - sums.one / sums.other) - 2 * max(0.0, 1 - sums.one_of / sums.other)


def perplexity(sums: FileSums) -> float:
    """Of bits over tokens."""
    return float(2 ** level(sums)) if sums.one_of else 0.0


def by_file(parts: Iterable[FileSums]) -> list[FileSums]:
    """One part for each file: items of one file are not independent of each other."""
    files: dict[str, list[FileSums]] = {}
    for part in parts:
        files.setdefault(part.path, []).append(part)
    return [_added(path, files[path]) for path in sorted(files)]


def figure_of(parts: Iterable[FileSums], statistic: Statistic) -> Figure | None:
    """A figure over all files with its interval, always of the same draws; None of nothing."""
    files = by_file(parts)
    if not files:
        return None
    columns = [[getattr(file, name) for file in files] for name in _SUMMED]
    drawn = sorted(_of_draw(columns, places, statistic) for places in _draws(len(files)))
    tail = int(DRAWS * _TAIL)
    whole = _added("", files)
    return Figure(statistic(whole), drawn[tail], drawn[-1 - tail], whole.n, len(files))


def _of_draw(
    columns: Sequence[Sequence[float]], places: Sequence[int], statistic: Statistic
) -> float:
    one, one_of, other, other_of = (sum(map(column.__getitem__, places)) for column in columns)
    return statistic(FileSums("", one, one_of, other, other_of, 0))


@lru_cache(maxsize=4)
def _draws(files: int) -> tuple[tuple[int, ...], ...]:
    """The places of the files of each draw; most figures of a card are of equally many."""
    draw = random.Random(0)
    return tuple(tuple(draw.choices(range(files), k=files)) for _ in range(DRAWS))


def _added(path: str, files: Sequence[FileSums]) -> FileSums:
    return FileSums(
        path,
        sum(file.one for file in files),
        sum(file.one_of for file in files),
        sum(file.other for file in files),
        sum(file.other_of for file in files),
        sum(file.n for file in files),
    )
