"""Find whether lines of code still stand in a file."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

# A polynomial over the digests of lines, modulo a prime that fits a JSON number of 64 bits.
_BASE = 0x1D3F_84A5_B7C9_6E4B
_PRIME = (1 << 61) - 1


@dataclass(frozen=True, slots=True)
class LineDigest:
    """A digest of so many lines; blank ones and indentation do not count."""

    lines: int
    value: int


def digest_lines(text: str) -> LineDigest:
    """The digest of a piece of code."""
    numbers = _numbers(text)
    value = 0
    for number in numbers:
        value = (value * _BASE + number) % _PRIME
    return LineDigest(len(numbers), value)


class FileLines:
    """The lines of a file, in which pieces of code are looked for by their digests."""

    def __init__(self, text: str) -> None:
        self._sums = [0]
        for number in _numbers(text):
            self._sums.append((self._sums[-1] * _BASE + number) % _PRIME)
        self._windows: dict[int, set[int]] = {}

    def hold(self, digest: LineDigest) -> bool:
        """Whether these very lines stand together anywhere in the file."""
        if digest.lines not in self._windows:
            self._windows[digest.lines] = set(_windows(self._sums, digest.lines))
        return digest.value in self._windows[digest.lines]


def _windows(sums: Sequence[int], lines: int) -> list[int]:
    """The digests of all runs of so many lines."""
    factor = pow(_BASE, lines, _PRIME)
    return [
        (sums[at + lines] - sums[at] * factor) % _PRIME for at in range(len(sums) - lines)
    ]  # fmt: skip


def _numbers(text: str) -> list[int]:
    stripped = (line.strip() for line in text.splitlines())
    return [
        int.from_bytes(hashlib.blake2b(line.encode(), digest_size=7).digest(), "big")
        for line in stripped
        if line
    ]
