"""Answer questions and continue code."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from gardener_core.answers.conversation.tree import Entry
from gardener_core.answers.requests import (
    AskRequest,
    CompleteRequest,
    Exchange,
    ReadAheadRequest,
    SummariseRequest,
)
from gardener_core.engine.client import Engine, first_of, never
from gardener_core.errors import BadInput, ModelMissing
from gardener_core.events.answer import Answered, Completed, Prompted, ReadAhead, SummariesMade
from gardener_core.events.union import Event
from gardener_core.garden.chats.conversations import ChatPlace, Conversations
from gardener_core.garden.chats.options import USUAL, AskOptions
from gardener_core.garden.settings import SettingsDoor
from gardener_core.models.default_base import default_base
from gardener_core.models.serving.served import EngineSetting
from gardener_core.models.store import SEEDLING, ModelStore
from gardener_core.settings.schema import Settings
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.projects import Project
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.files.atomic import make_folder, write_whole
from gardener_core.system.files.regular import read_regular
from gardener_core.system.places import Places
from gardener_core.upkeep.bench_answers import bench_answers, bench_kinds
from gardener_core.upkeep.bench_names import bench_names
from gardener_core.upkeep.bench_project import Result
from gardener_core.upkeep.explaining import Explaining, ExplainMeasure

_FOR_FILES = re.compile(r"[^\w.-]+")


class Chats:
    """Questions to a project, and completions by its model."""

    def __init__(
        self,
        places: Places,
        engine: Engine,
        adapters: AdapterTable,
        settings: SettingsDoor,
        conversations: Conversations,
    ) -> None:
        self.explaining = Explaining(places, engine)
        self._places = places
        self._engine = engine
        self._adapters = adapters
        self._conversations = conversations
        self._settings = settings
        self._models = ModelStore(places)

    def ask(
        self,
        project: Project,
        question: str,
        options: AskOptions = USUAL,
        *,
        cancelled: Callable[[], bool] = never,
    ) -> Iterator[Event]:
        """`Retrieved`, then `Composed`, then `Answered`.

        A model explains the card: the one that is named, else the project's base where its record
        allows it; `Prompted` and `Token`s come in between.
        """
        model, is_free = options.model, options.explain and not options.model
        base, alone = self.explainer(project) if is_free else (model, "")
        request = self._request(project, question, base, options.adapter, options.before)
        request = replace(
            request,
            given=options.given,
            anew=options.anew,
            thorough=options.thorough,
            only_known=self._believes(model, base),
        )
        entry = Entry(
            0, None, question, "question", model, options.adapter, options.anew, options.thorough
        )
        events = self._conversations.answer(project, options.place, entry, request, cancelled)
        return self._told(events, base, alone)

    def explainer(self, project: Project) -> tuple[str, str]:
        """The base that explains in a project by itself, else empty and why there is none."""
        settings = self._settings.current(project)
        if not settings.models.explain:
            return "", "Models do not explain by themselves (models.explain)."
        base = self._base_of(project, settings)
        if not base:
            return "", ""
        known = self.explaining.of(base)
        if base == SEEDLING and known.record is None:  # it was never taught to talk
            return "", ""
        return (base, "") if known.standing == "passed" else ("", known.why)

    def _believes(self, named: str, base: str) -> bool:
        """Whether a base that explains by itself takes every word of a question for real."""
        record = self.explaining.of(base).record if base and not named else None
        return record is not None and record.believes_questions

    def _told(self, events: Iterator[Event], base: str, alone: str) -> Iterator[Event]:
        """The events with what is known of the model as an explainer."""
        for event in events:
            match event:
                case Prompted():
                    yield replace(event, standing=self.explaining.of(base).standing)
                case Answered(model="", alone=""):
                    yield replace(event, alone=alone)
                case _:
                    yield event

    def _base_of(self, project: Project, settings: Settings) -> str:
        """The base that a project answers with; empty where there is none.

        The usual one is looked for only where some model was measured: it reads their headers.
        """
        base = project.base
        if project.adapter:
            base = self._adapters.get(project.id, project.adapter).base
        base = base or settings.models.base
        if base or not self.explaining.has_records:
            return base
        try:
            return self._usual_base(settings)
        except ModelMissing:
            return ""

    def read_ahead(
        self,
        project: Project,
        question: str,
        *,
        model: str = "",
        adapter: bool = True,
        before: Sequence[Exchange] = (),
        cancelled: Callable[[], bool] = never,
    ) -> ReadAhead:
        """Read the prompt of a question that is still being written; a newer one ends it."""
        if not self._settings.current(project).models.read_ahead:
            return ReadAhead(0, 0, 0.0, "off")
        base = model or self.explainer(project)[0]
        if not base:
            return ReadAhead(0, 0, 0.0, "nothing")
        ask = self._request(project, question, base, adapter, before)
        request = ReadAheadRequest(replace(ask, only_known=self._believes(model, base)))
        return self._engine.result(request, ReadAhead, cancelled)

    def summarise(
        self,
        project: Project,
        chat: str,
        answers: Sequence[int],
        *,
        model: str = "",
        spare: bool = True,
        cancelled: Callable[[], bool] = never,
    ) -> SummariesMade:
        """Shorten exchanges by their answers: the base that may explain writes, if there is one."""
        base = model or self.explainer(project)[0]
        ask = self._request(project, "summary", base, True, ())
        request = SummariseRequest(ask, chat, tuple(answers), spare)
        return self._engine.result(request, SummariesMade, cancelled)

    def _request(
        self,
        project: Project,
        question: str,
        model: str,
        adapter: bool,
        before: Sequence[Exchange],
    ) -> AskRequest:
        if not question.strip():
            raise BadInput("The question is empty.", hint="Ask something about the code.")
        settings = self._settings.current(project)
        search, models = settings.search, settings.models
        version = project.adapter if model and adapter else ""
        without = ""
        if version and (base := self._adapters.get(project.id, version).base) != model:
            version, without = "", f"{version} was trained on {base}, not on {model}."
        return AskRequest(
            project.id,
            question,
            search.results,
            search.code_may_leave,
            base=model,
            adapter=version,
            context=models.context,
            memory_bytes=models.memory_mb * 1_000_000,
            engine=cast(EngineSetting, models.engine),
            before=tuple(before),
            without=without,
        )

    def prompt(self, prompted: Prompted) -> str | None:
        """The exact prompt that a model read; None once it is no longer kept."""
        path = self._places.prompts / Path(prompted.file).name
        try:
            return read_regular(path).decode(errors="replace")
        except OSError:
            return None

    def write(self, name: str, text: str) -> Path:
        """Write an answer or a conversation into a file of its own, for the person to take."""
        folder = make_folder(self._places.written)
        stem, dot, ending = _FOR_FILES.sub("-", name).rpartition(".")
        path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{stem}{dot}{ending}"
        write_whole(path, text.encode(errors="replace"))
        return path

    def measure(
        self, project: Project | None, wanted: ExplainMeasure | None = None
    ) -> Iterator[Result | str]:
        """Benchmark cards: what questions ask for, and a project's answers to made questions.

        With a model: how well it explains; the record is kept.
        """
        if project is None:
            yield bench_kinds()
            return
        if wanted is not None:
            request = self._request(project, "what", wanted.model, wanted.adapter, ())
            yield from self.explaining.measure(project, request, wanted)
            return
        catalog = Catalog(self._places.catalog(project.id))
        yield from bench_answers(self._engine, catalog, project)
        yield from bench_names(self._engine, catalog, project)

    def complete(
        self,
        project: Project,
        prefix: str,
        *,
        suffix: str = "",
        adapter: bool = True,
        tokens: int = 32,
    ) -> Completed:
        """The base model's continuation, with the active adapter or without."""
        events = self.completion(project, prefix, suffix=suffix, adapter=adapter, tokens=tokens)
        return first_of(events, Completed)

    def completion(
        self,
        project: Project,
        prefix: str,
        *,
        suffix: str = "",
        adapter: bool = True,
        tokens: int = 32,
        place: ChatPlace | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> Iterator[Event]:
        """The same as it is written: `Token`s, then `Completed`."""
        if not prefix:
            raise BadInput("There is nothing to continue.", hint="Give the beginning of some code.")
        if tokens < 1:
            raise BadInput(f"--tokens must be at least 1, not {tokens}.", hint="")
        settings = self._settings.current(project)
        version = project.adapter if adapter else ""
        base = self._adapters.get(project.id, version).base if version else project.base
        models, usual = settings.models, self._usual_base(settings)
        request = CompleteRequest(
            project=project.id,
            base=base or models.base or usual,
            adapter=version,
            prefix=prefix,
            tokens=tokens,
            suffix=suffix,
            context=models.context,
            memory_bytes=models.memory_mb * 1_000_000,
            engine=cast(EngineSetting, models.engine),
            fallback=usual,
        )
        entry = Entry(0, None, prefix, "code", adapter=adapter)
        return self._conversations.answer(project, place, entry, request, cancelled)

    def _usual_base(self, settings: Settings) -> str:
        """The base on this machine that completes for a project that names none."""
        try:
            return default_base(self._models.all(), settings.training).name
        except ModelMissing:
            if settings.models.base:
                return ""
            raise
