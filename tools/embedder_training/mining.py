"""Pair the docs of functions with their code."""

import hashlib
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from gardener_core.code.docs.documented import LANGUAGE_OF_SUFFIX, code_without_doc, documented
from gardener_core.code.docs.documented_item import Documented
from gardener_core.code.docs.sentences import (
    SHORTEST_CODE_CHARACTERS,
    first_sentence,
    is_informative,
)
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
    """Docs and code of the projects to measure on, which must not be learned."""

    bodies: set[bytes] = field(default_factory=set)
    sentences: set[str] = field(default_factory=set)

    def add(self, path: str, raw: bytes) -> None:
        """Add a file's functions."""
        for item in _functions(path, raw):
            self.bodies.add(_fingerprint(code_without_doc(raw, item)))
            self.sentences.add(first_sentence(item.doc, item.name).lower())

    def knows(self, pair: Pair) -> bool:
        """Whether a pair has a doc or code to measure on."""
        return pair.sentence.lower() in self.sentences or _fingerprint(pair.code) in self.bodies


def mine(corpus: Iterable[SourceDocument], measured: Measured) -> Iterator[Pair]:
    """All pairs of a corpus, package by package, except those to measure on."""
    packages: dict[Package, list[SourceDocument]] = {}
    for file in corpus:
        packages.setdefault(file.package, []).append(file)
    counts: Counter[str] = Counter()
    for package in sorted(packages, key=lambda item: item.name.lower()):
        pairs = list(_of_package(sorted(packages[package], key=lambda file: file.name)))
        for pair in _at_most(package, [pair for pair in pairs if not measured.knows(pair)]):
            counts[pair.sentence.lower()] += 1
            if counts[pair.sentence.lower()] <= MOST_OF_A_SENTENCE:
                yield pair


def is_fit(name: str) -> bool:
    """Whether a file is hand-written library code, no example or build."""
    return PurePosixPath(name).suffix in LANGUAGE_OF_SUFFIX and not _UNFIT.search(name.lower())


def _of_package(files: Iterable[SourceDocument]) -> Iterator[Pair]:
    known_sentences: set[str] = set()
    for file in files:
        if not is_fit(file.name) or file.path.stat().st_size > LARGEST_FILE_BYTES:
            continue
        raw = file.path.read_bytes()
        for item in _functions(file.name, raw):
            sentence = first_sentence(item.doc, item.name)
            code = code_without_doc(raw, item)
            known = sentence.lower() in known_sentences
            if known or not is_informative(sentence) or len(code) < SHORTEST_CODE_CHARACTERS:
                continue
            known_sentences.add(sentence.lower())
            yield Pair(file.package, file.name, item.symbol, sentence, code)


def _at_most(package: Package, pairs: list[Pair]) -> list[Pair]:
    most = MOST_OF_STANDARD_LIBRARY if package.name == "python" else MOST_A_PACKAGE
    return pairs if len(pairs) <= most else random.Random(SEED).sample(pairs, most)


def _functions(path: str, raw: bytes) -> list[Documented]:
    if PurePosixPath(path).suffix not in LANGUAGE_OF_SUFFIX:
        return []
    return [item for item in documented(path, raw) if item.is_function]


def _fingerprint(code: str) -> bytes:
    """A fingerprint that white space does not change."""
    return hashlib.blake2b("".join(code.split()).encode(), digest_size=16).digest()
