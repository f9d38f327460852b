"""How well a model explains, as it was measured."""

import dataclasses
import hashlib
import json
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gardener_core.models.model import OLLAMA
from gardener_core.models.ollama.client import Ollama
from gardener_core.models.store import ModelStore
from gardener_core.system.files.atomic import make_folder, write_whole
from gardener_core.system.files.regular import read_object
from gardener_core.system.places import Places
from gardener_core.system.records import rebuild

# Whoever changes the questions or how answers are marked counts this up: older records say nothing.
VERSION = 1
_Z = 1.96  # of a 95 % interval
Measure = Literal["facts_kept", "names_invented", "citations_held", "absent_answered"]
# The least or the most that a model may have; chosen so that what it says is right more often than
# not, and what it says of things that are not there is the exception.
AT_LEAST: dict[Measure, float] = {"facts_kept": 0.6, "citations_held": 0.5}
AT_MOST: dict[Measure, float] = {"names_invented": 0.05}
# A model that takes more of what is not there for real is not asked where a word of the question
# occurs nowhere in the project; the card says so by itself.
MOST_ABSENT_ANSWERED = 0.3
Standing = Literal["passed", "failed", "not measured"]


@dataclass(frozen=True, slots=True)
class Share:
    """A share of n with its 95 % interval (Wilson)."""

    value: float
    n: int
    low: float
    high: float

    @classmethod
    def of(cls, count: int, n: int) -> "Share":
        """So many of n."""
        if not n:
            return cls(0.0, 0, 0.0, 1.0)
        share, scale = count / n, 1 + _Z * _Z / n
        middle = (share + _Z * _Z / (2 * n)) / scale
        reach = _Z * math.sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n)) / scale
        low, high = max(0.0, middle - reach), min(1.0, middle + reach)
        return cls(round(share, 4), n, round(low, 4), round(high, 4))


@dataclass(frozen=True, slots=True)
class AskedOne:
    """One question of a measurement: what was said, and what was found of it."""

    question: str
    kind: str
    answer: str
    fact: str = ""
    kept: bool | None = None
    invented: tuple[str, ...] = ()
    unsourced: tuple[str, ...] = ()
    sentences: int = 0
    # The same question in other words, and whether the fact was kept then; empty if not asked.
    again: str = ""
    again_kept: bool | None = None


@dataclass(frozen=True, slots=True)
class ExplainRecord:
    """What was measured of a model in a project, with every question."""

    model: str
    identity: str
    adapter: str
    project: str
    measured: float
    facts_kept: Share
    names_invented: Share
    citations_held: Share
    absent_answered: Share
    asked: tuple[AskedOne, ...] = ()
    version: int = VERSION
    # Of the questions that were asked in other words too, those that came to the same.
    consistent: Share | None = None

    def share(self, measure: Measure) -> Share:
        """One of the figures."""
        return {
            "facts_kept": self.facts_kept,
            "names_invented": self.names_invented,
            "citations_held": self.citations_held,
            "absent_answered": self.absent_answered,
        }[measure]

    @property
    def faults(self) -> tuple[str, ...]:
        """The bounds that it does not keep, in words; none where it may explain."""
        low = [
            f"{_WORDS[name]} {self.share(name).value:.0%}, at least {least:.0%} is wanted"
            for name, least in AT_LEAST.items()
            if self.share(name).value < least
        ]
        high = [
            f"{_WORDS[name]} {self.share(name).value:.0%}, at most {most:.0%} is allowed"
            for name, most in AT_MOST.items()
            if self.share(name).value > most
        ]
        return (*low, *high)

    @property
    def passed(self) -> bool:
        """Whether the model may explain without being asked to by name."""
        return not self.faults

    @property
    def believes_questions(self) -> bool:
        """Whether it takes what a question names for real, be it there or not."""
        return self.absent_answered.value > MOST_ABSENT_ANSWERED

    @property
    def figures(self) -> str:
        """The figures in one line."""
        return ", ".join(f"{_WORDS[name]} {self.share(name).value:.0%}" for name in _WORDS)


_WORDS: dict[Measure, str] = {
    "facts_kept": "facts kept",
    "citations_held": "sentences with a source",
    "names_invented": "names invented",
    "absent_answered": "answers to what is not there",
}


class ExplainRecords:
    """A file for each model and version of the measurement; the last one counts."""

    def __init__(self, places: Places) -> None:
        self._folder = places.explaining

    def path(self, identity: str) -> Path:
        """The file of a model, by its weights."""
        name = hashlib.sha256(identity.encode()).hexdigest()[:24]
        return self._folder / f"{name}.v{VERSION}.json"

    def exist(self) -> bool:
        """Whether there is any of this version."""
        return any(self._folder.glob(f"*.v{VERSION}.json"))

    def keep(self, record: ExplainRecord) -> Path:
        """Keep a measurement; an earlier one of the same model is replaced."""
        make_folder(self._folder)
        file = self.path(record.identity)
        write_whole(file, json.dumps(dataclasses.asdict(record), indent=1).encode(), durable=True)
        return file

    def of(self, identity: str) -> ExplainRecord | None:
        """What was measured of a model; None where nothing was, or it cannot be read."""
        try:
            record: ExplainRecord = rebuild(ExplainRecord, read_object(self.path(identity)))
        except (OSError, ValueError, TypeError):
            return None
        return record if record.version == VERSION and record.identity == identity else None


def identity_with(identity: str, adapter_sha256: str) -> str:
    """What a base with an adapter is measured as, apart from the base alone."""
    return f"{identity}+{adapter_sha256}"


def identity_of(places: Places, model: str) -> str:
    """The sha256 of a base's weights, or the digest of a model of a server."""
    if not model.startswith(OLLAMA):
        return ModelStore(places).get(model).sha256
    name = model.removeprefix(OLLAMA)
    return f"{OLLAMA}{Ollama.of(os.environ).find(name).digest}"
