"""What an adapter learned: the bits that it saves at each token."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gardener_core.evaluation.card.items import Item

MARKED, STRONG = 1.0, 4.0  # bits
FEWEST_USES = 2  # of an idiom
_NAME = re.compile(r"[A-Za-z_]\w{2,}")
_IMPORT = re.compile(r"(?:import|from|use|using|require|#include|const .* = require)\b")
_LITERAL = re.compile(r"\"[^\"]*\"|'[^']*'|\b\d+\b")


@dataclass(frozen=True, slots=True)
class FileSaved:
    """The bits that the adapter saves in a file against the base, and the share of the base's."""

    path: str
    bits_saved: float
    share: float
    tokens: int


@dataclass(frozen=True, slots=True)
class NameSaved:
    """A name, an import or an idiom, the bits saved at all its uses, and how many there are."""

    name: str
    bits_saved: float
    count: int


@dataclass(frozen=True, slots=True)
class TokenSaved:
    """A token of a file with the bits that it cost; the very first one is not measured."""

    text: str
    base: float
    adapter: float

    @property
    def saved(self) -> float:
        """The bits that the adapter saves; below 0 it costs more."""
        return self.base - self.adapter


@dataclass(frozen=True, slots=True)
class LearnedBits:
    """Files from the most saved share to the least; names, imports and idioms by bits saved."""

    files: tuple[FileSaved, ...]
    names: tuple[NameSaved, ...]
    imports: tuple[NameSaved, ...]
    idioms: tuple[NameSaved, ...]


def learned_of(items: Sequence[Item]) -> LearnedBits:
    """What the items of a card show of the base and the adapter."""
    files = [item for item in items if tokens_of(item)]
    return LearnedBits(
        tuple(sorted(map(_file, files), key=lambda one: -one.share)),
        _ranked(files, _names, 1),
        _ranked(files, _imports, 1),
        _ranked(files, _idioms, FEWEST_USES),
    )


def tokens_of(item: Item) -> list[TokenSaved]:
    """The tokens of a file with their bits; none where they were not kept."""
    base, adapter = item.arms.get("base"), item.arms.get("adapter")
    if item.measure != "bits_per_byte" or base is None or adapter is None:
        return []
    if not base.token_bits or len(item.ends) != len(base.token_bits) + 1:
        return []
    texts = [item.expected[start:end] for start, end in pairwise((0, *item.ends))]
    bits = zip((0.0, *base.token_bits), (0.0, *adapter.token_bits), strict=True)
    return [TokenSaved(text, one, other) for text, (one, other) in zip(texts, bits, strict=True)]


def lines_of(tokens: Iterable[TokenSaved]) -> Iterator[list[TokenSaved]]:
    """The tokens line by line; one that goes over the end of a line is cut there."""
    line: list[TokenSaved] = []
    for token in tokens:
        first, *rest = token.text.split("\n")
        line.append(TokenSaved(first, token.base, token.adapter))
        for text in rest:
            yield line
            line = [TokenSaved(text, 0.0, 0.0)] if text else []
    if line:
        yield line


def sign_of(saved: float) -> str:
    """How much a token is cheaper or dearer, as a sign."""
    if saved >= STRONG:
        return "#"
    if saved >= MARKED:
        return "+"
    if saved <= -STRONG:
        return "!"
    return "-" if saved <= -MARKED else " "


def _file(item: Item) -> FileSaved:
    base, adapter = item.arms["base"].bits or 0.0, item.arms["adapter"].bits or 0.0
    return FileSaved(item.path, base - adapter, 1 - adapter / base if base else 0.0, item.tokens)


Spans = Callable[[str], Iterator[tuple[int, int, str]]]


def _ranked(items: Iterable[Item], spans: Spans, fewest: int) -> tuple[NameSaved, ...]:
    """What stands in several places, by the bits that are saved in all of them."""
    saved: defaultdict[str, float] = defaultdict(float)
    counts: defaultdict[str, int] = defaultdict(int)
    for item in items:
        sums = _sums(tokens_of(item), len(item.expected))
        for start, end, name in spans(item.expected):
            saved[name] += sums[end] - sums[start]
            counts[name] += 1
    found = (NameSaved(name, saved[name], n) for name, n in counts.items() if n >= fewest)
    return tuple(sorted(found, key=lambda one: (-one.bits_saved, one.name)))


def _sums(tokens: Iterable[TokenSaved], characters: int) -> list[float]:
    """The bits saved before each character; those of a token are spread over its characters."""
    sums = [0.0]
    for token in tokens:
        each, before = token.saved / max(1, len(token.text)), sums[-1]
        sums += [before + each * number for number in range(1, len(token.text) + 1)]
    return [*sums, *[sums[-1]] * (characters + 1 - len(sums))]


def _names(text: str) -> Iterator[tuple[int, int, str]]:
    return ((found.start(), found.end(), found[0]) for found in _NAME.finditer(text))


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    at = 0
    for line in text.splitlines(keepends=True):
        yield at, at + len(line), line.strip()
        at += len(line)


def _imports(text: str) -> Iterator[tuple[int, int, str]]:
    return (one for one in _lines(text) if _IMPORT.match(one[2]))


def _idioms(text: str) -> Iterator[tuple[int, int, str]]:
    """Lines of several words without what differs from one place to another."""
    for start, end, line in _lines(text):
        if len(line) > 8 and not _IMPORT.match(line):
            yield start, end, _LITERAL.sub("…", line)
