"""Which model may explain, and how well it does."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from gardener_core.answers.explain.record import (
    AskedOne,
    ExplainRecord,
    ExplainRecords,
    Measure,
    Standing,
    identity_of,
    identity_with,
)
from gardener_core.answers.requests import AskRequest
from gardener_core.engine.client import Engine
from gardener_core.errors import BadInput, GardenError
from gardener_core.store.garden.adapter_files import WEIGHTS
from gardener_core.store.garden.projects import Project
from gardener_core.store.manifest import read_manifest
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.places import Places
from gardener_core.upkeep.bench_answers import symbols_to_ask
from gardener_core.upkeep.bench_explaining import (
    SYMBOLS_A_QUESTION,
    USUAL_QUESTIONS,
    measure_explaining,
)
from gardener_core.upkeep.bench_project import Result


@dataclass(frozen=True, slots=True)
class ExplainMeasure:
    """How well a model explains: by so many questions, each in other words too if `paraphrased`.

    Alone, or with the project's adapter.
    """

    model: str
    questions: int = USUAL_QUESTIONS
    adapter: bool = False
    paraphrased: bool = False


@dataclass(frozen=True, slots=True)
class Explains:
    """What is known of a model as an explainer; `why` says what it lacks, `file` is the record."""

    model: str
    standing: Standing
    figures: str = ""
    why: str = ""
    file: str = ""
    record: ExplainRecord | None = None


class Explaining:
    """The records of models that explain."""

    def __init__(self, places: Places, engine: Engine) -> None:
        self._places = places
        self._engine = engine
        self._records = ExplainRecords(places)

    @property
    def has_records(self) -> bool:
        """Whether any model was measured."""
        return self._records.exist()

    def of(self, model: str) -> Explains:
        """What was measured of a model."""
        try:
            identity = identity_of(self._places, model)
        except GardenError:
            return Explains(model, "not measured", why=f"{model} is not here.")
        record = self._records.of(identity)
        if record is None:
            return Explains(model, "not measured", why=f"{model} was not measured as an explainer.")
        why = "" if record.passed else f"{model} completes code and does not explain: " + (
            "; ".join(record.faults) + "."
        )  # fmt: skip
        standing: Standing = "passed" if record.passed else "failed"
        file = str(self._records.path(identity))
        return Explains(model, standing, record.figures, why, file, record)

    def measure(
        self, project: Project, request: AskRequest, wanted: ExplainMeasure
    ) -> Iterator[Result | str]:
        """Ask a model questions made of a project, and keep the record; with an adapter apart."""
        if wanted.adapter and not request.adapter:
            what = request.without or f"{project.name} has no adapter that answers."
            raise BadInput(what, hint="Measure the base alone, or choose an adapter.")
        identity = identity_of(self._places, request.base)
        if request.adapter:
            weights = read_manifest(self._places.adapters(project.id) / request.adapter)[WEIGHTS]
            identity = identity_with(identity, weights.sha256)
        catalog = Catalog(self._places.catalog(project.id))
        questions = wanted.questions
        symbols = symbols_to_ask(catalog, questions * SYMBOLS_A_QUESTION)
        measuring = measure_explaining(
            self._engine, project, request, identity, symbols, questions, wanted.paraphrased
        )
        for event in measuring:
            if isinstance(event, AskedOne):
                yield _told(event)
                continue
            file = self._records.keep(event)
            yield from _results(event)
            yield _verdict(event)
            yield f"The record is in {file}"


def _told(one: AskedOne) -> str:
    mark = {True: "kept", False: "lost", None: "no fact"}[one.kept]
    return f"{one.question}: {mark}"


def _verdict(record: ExplainRecord) -> str:
    """Whether it may explain: the base is judged, an adapter is compared with it on its card."""
    if record.adapter:
        return f"This is {record.model} with adapter {record.adapter}; the card compares the two."
    if record.passed:
        return "passed: it may explain."
    return f"{record.model} is not to explain: {'; '.join(record.faults)}."


def _results(record: ExplainRecord) -> Iterator[Result]:
    for measure in get_args(Measure):
        share = record.share(measure)
        name = measure.replace("_", " ")
        yield Result(name, share.value, "share", share.n, share.low, share.high)
    if (same := record.consistent) is not None:
        yield Result("the same in other words", same.value, "share", same.n, same.low, same.high)
