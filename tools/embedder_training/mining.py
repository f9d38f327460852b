"""Pair what docs say with the code they say it of."""

import hashlib
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from gardener_core.code.docs.documented import (
    LANGUAGE_OF_SUFFIX,
    code_without_doc,
    documented,
)
from gardener_core.code.docs.documented_item import Documented
from gardener_core.code.docs.sentences import SHORTEST_CODE_CHARACTERS, first_sentence, is_telling
from gardener_core.pretraining.corpus import Package, SourceDocument

LARGEST_FILE_BYTES = 1_000_000
MOST_A_PACKAGE = 5_000
MOST_OF_STANDARD_LIBRARY = 14_000
MOST_OF_A_SENTENCE = 2
SEED = 0
_UNFIT = re.compile(
    r"(^|/)(build|dist|docs?|examples?|benchmarks?|demos?|fixtures|locales?|migrations|testdata)/"
    r"|\.min\.|\.(test|spec)\.|\.d\.[cm]?ts$|_pb2"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """The first sentence of a function's doc, and the function without the doc."""

    package: Package
    path: str
    symbol: str
    sentence: str
    code: str


@dataclass(slots=True)
class Measured:
    """What the projects that are measured on say and do, so that nobody learns it by heart."""

    bodies: set[bytes] = field(default_factory=set)
    sentences: set[str] = field(default_factory=set)

    def add(self, path: str, raw: bytes) -> None:
        """Remember a file's functions."""
        for item in _functions(path, raw):
            self.bodies.add(_print_of(code_without_doc(raw, item)))
            self.sentences.add(first_sentence(item.doc, item.name).lower())

    def knows(self, pair: Pair) -> bool:
        """Whether a pair has the doc or the code of something that is measured on."""
        return pair.sentence.lower() in self.sentences or _print_of(pair.code) in self.bodies


def mine(food: Iterable[SourceDocument], measured: Measured) -> Iterator[Pair]:
    """All pairs of the food, package by package, without what is measured on."""
    packages: dict[Package, list[SourceDocument]] = {}
    for file in food:
        packages.setdefault(file.package, []).append(file)
    told: Counter[str] = Counter()
    for package in sorted(packages, key=lambda item: item.name.lower()):
        pairs = list(_of_package(sorted(packages[package], key=lambda file: file.name)))
        for pair in _at_most(package, [pair for pair in pairs if not measured.knows(pair)]):
            told[pair.sentence.lower()] += 1
            if told[pair.sentence.lower()] <= MOST_OF_A_SENTENCE:
                yield pair


def is_fit(name: str) -> bool:
    """Whether a file is written by hand, and to be used rather than to be looked at."""
    return PurePosixPath(name).suffix in LANGUAGE_OF_SUFFIX and not _UNFIT.search(name.lower())


def _of_package(files: Iterable[SourceDocument]) -> Iterator[Pair]:
    told: set[str] = set()
    for file in files:
        if not is_fit(file.name) or file.path.stat().st_size > LARGEST_FILE_BYTES:
            continue
        raw = file.path.read_bytes()
        for item in _functions(file.name, raw):
            sentence = first_sentence(item.doc, item.name)
            code = code_without_doc(raw, item)
            known = sentence.lower() in told
            if known or not is_telling(sentence) or len(code) < SHORTEST_CODE_CHARACTERS:
                continue
            told.add(sentence.lower())
            yield Pair(file.package, file.name, item.symbol, sentence, code)


def _at_most(package: Package, pairs: list[Pair]) -> list[Pair]:
    most = MOST_OF_STANDARD_LIBRARY if package.name == "python" else MOST_A_PACKAGE
    return pairs if len(pairs) <= most else random.Random(SEED).sample(pairs, most)


def _functions(path: str, raw: bytes) -> list[Documented]:
    if PurePosixPath(path).suffix not in LANGUAGE_OF_SUFFIX:
        return []
    return [item for item in documented(path, raw) if item.is_function]


def _print_of(code: str) -> bytes:
    """A fingerprint that white space does not change."""
    return hashlib.blake2b("".join(code.split()).encode(), digest_size=16).digest()
