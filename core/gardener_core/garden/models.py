"""List, get, check and remove models."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gardener_core.errors import Damaged, GardenError, ModelInUse, ModelMissing, Remedy, RunBusy
from gardener_core.events.pull import Pulled
from gardener_core.garden.base_models.offers import (
    Machine,
    ModelOffer,
    OllamaOffers,
    offer_of_entry,
    offer_of_model,
    offer_of_ollama,
)
from gardener_core.garden.base_models.use import ModelUse, Users, VerifiedModel
from gardener_core.garden.runs import Runs
from gardener_core.garden.settings import SettingsDoor
from gardener_core.garden.starter import begin_starter
from gardener_core.models.catalogue.entry import STARTER
from gardener_core.models.catalogue.needs import needs_of
from gardener_core.models.catalogue.reading import Catalogue, read_catalogue
from gardener_core.models.cleaning.trash import ModelTrash
from gardener_core.models.default_base import default_base
from gardener_core.models.model import OLLAMA, BaseModel, latest
from gardener_core.models.ollama.client import Ollama
from gardener_core.models.ollama.probe import OllamaProbe
from gardener_core.models.store import ModelStore
from gardener_core.search.embedders.available import EmbedderStatus, embedders_here, with_measured
from gardener_core.store.garden.audit import AuditLog
from gardener_core.store.garden.project_settings import ProjectSettings
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run
from gardener_core.store.project.catalog import Catalog
from gardener_core.store.project.fusion_weights import Weight
from gardener_core.system.hardware import available_bytes
from gardener_core.system.lazy import load
from gardener_core.system.numbers import size
from gardener_core.system.places import Places

if TYPE_CHECKING:
    from gardener_core.engine.client import Engine
    from gardener_core.upkeep.bench_project import Result

EMBEDDER_KEY = "search.embedder"
BASE_KEY = "models.base"
RECENT_PULLS = 5


class Models:
    """The models on this machine, and those that can be had."""

    def __init__(
        self,
        places: Places,
        settings: SettingsDoor,
        own: ProjectSettings,
        runs: Runs,
        use: ModelUse,
        audit: AuditLog,
        engine: "Callable[[], Engine]",
    ) -> None:
        self._places = places
        self._store = ModelStore(places)
        self._trash = ModelTrash(places, self._store)
        self._settings = settings
        self._own = own
        self._runs = runs
        self._use = use
        self._audit = audit
        self._engine = engine
        self._probe = OllamaProbe()

    def all(self) -> list[BaseModel]:
        """Every base model that can be used, by name."""
        return self._store.all()

    def catalogue(self) -> Catalogue:
        """The models that can be had, and what is wrong in the user's own list."""
        return read_catalogue(self._places)

    def offers(self) -> list[ModelOffer]:
        """Every model of the catalogue, then what is here beside it; with what fits."""
        catalogue, machine = self.catalogue(), self._machine()
        here: dict[str, BaseModel | EmbedderStatus] = {model.name: model for model in self.all()}
        pulled = {record.name: path for record, path in self._store.embedders()}
        embedders = {item.path: item for item in self.embedders()}
        here |= {
            name: embedders[str(path)] for name, path in pulled.items() if str(path) in embedders
        }
        known = [offer_of_entry(e, here.pop(e.name, None), machine) for e in catalogue.entries]
        return [*known, *(offer_of_model(model, machine) for model in here.values())]

    def ollama(self) -> OllamaOffers:
        """What the Ollama server can do now, and its models; one that is away is no error."""
        listing = self._probe.listing()
        status = listing.status
        return OllamaOffers(status, tuple(offer_of_ollama(one, status) for one in listing.models))

    def wanted_of_ollama(self) -> set[str]:
        """The models of Ollama that the settings name, without the `ollama:` before them."""
        settings = self._settings.current()
        named = {settings.models.base, settings.search.embedder}
        named |= self._own.values_of(BASE_KEY) | self._own.values_of(EMBEDDER_KEY)
        return {name.removeprefix(OLLAMA) for name in named if name.startswith(OLLAMA)}

    def show(self, name: str) -> ModelOffer:
        """What is known of a model that is here or can be had."""
        if not name.startswith(OLLAMA):
            for offer in self.offers():
                if offer.name == name:
                    return offer
            raise ModelMissing(f"There is no model {name!r}.", remedy=Remedy("list all models"))
        self._probe.forget()
        found = self.ollama()
        for offer in found.models:
            if offer.name == latest(name):
                return offer
        status = found.status
        if status.state == "up":
            status = replace(status, state="model missing", model=name.removeprefix(OLLAMA))
        raise status.error()

    def pull(self, name: str, source: str = "") -> Run:
        """Get a model, from one kind of source if one is named; ollama:NAME through Ollama."""
        if name.startswith(OLLAMA):
            return self._runs.pull_by_ollama(latest(name), source)
        return self._runs.pull(self.catalogue().get(name), source)

    def begin_starter(self) -> Run | None:
        """Get the starter model, if the settings allow it and nothing is here; once."""
        return begin_starter(self._places, self._settings, self._runs)

    def add(self, path: Path, name: str = "") -> BaseModel:
        """Add a GGUF file or a transformers folder as a base model; it stays where it is."""
        return self._store.register(path.expanduser(), name)

    def verify(self, name: str = "") -> Iterator[VerifiedModel]:
        """Read every byte of a model, or of all, and compare it with what was recorded."""
        names = [self._known(name)] if name else self._store.names()
        for one in names:
            faults = self._store.faults(one, thorough=True)
            if not faults and (fault := self._store.gguf_fault(one, thorough=True)):
                faults = [fault]
            yield VerifiedModel(one, not faults, "; ".join(faults))

    def bench_chat(self, name: str = "") -> "Iterator[Result]":
        """Measure how a base completes, beside llama.cpp alone; by default the usual base."""
        bench = load("gardener_core.upkeep.bench_chat")
        results: Iterator[Result] = bench.bench_chat(self._engine(), self._places, self._base(name))
        return results

    def bench_train(self, project: Project, name: str = "") -> "Iterator[Result | str]":
        """Measure how fast a base learns here, beside transformers.Trainer with PEFT."""
        bench = load("gardener_core.upkeep.training.bench_train")
        results: Iterator[Result | str] = bench.bench_train(self._base(name), project)
        return results

    def _base(self, name: str) -> BaseModel:
        if name:
            return self._store.get(name)
        return default_base(self.all(), self._settings.current().training)

    def users(self, name: str) -> Users:
        """The projects and adapters that need a model."""
        if name.startswith(OLLAMA):
            return self._use.users_of_ollama(latest(name))
        return self._use.users(self._known(name), self._paths_of(name))

    def remove(self, name: str, *, though_used: bool = False) -> Users:
        """Put a model into the trash for seven days; what lies elsewhere is only forgotten.

        A model of Ollama is deleted there, for good, and only if that was confirmed.
        """
        users = self.users(name)
        if name.startswith(OLLAMA):
            self._delete_from_ollama(name, users, confirmed=though_used)
            return users
        if run := self._use.training_on(name):
            raise RunBusy(f"Run {run} trains on {name}.", remedy=Remedy("follow", run))
        if users and not though_used:
            raise ModelInUse(
                f"{users.sentence} {name}.",
                hint="They do not answer without it. Confirm with --yes.",
            )
        self._trash.remove(name)
        return users

    def restore(self, name: str) -> None:
        """Take a removed model out of the trash."""
        self._trash.restore(name)

    def trashed(self) -> list[str]:
        """The models that can be restored."""
        return self._trash.names()

    def recover(self) -> None:
        """Empty the trash of models that have been there for seven days."""
        self._trash.recover()

    def damaged(self) -> list[str]:
        """What is wrong with the base models that cannot be used."""
        return [f"{problem.what} {problem.hint}".strip() for problem in self._store.damaged()]

    def embedders(self, project: Project | None = None) -> list[EmbedderStatus]:
        """Every embedder that is here or was chosen somewhere, and whether it can be used.

        With a project: whether its code may leave the machine, and the weight of each there.
        """
        search = self._settings.current(project).search
        chosen = {self._settings.current().search.embedder, search.embedder}
        chosen |= self._own.values_of(EMBEDDER_KEY)
        chosen |= {
            f"{'gguf' if record.format == 'gguf' else 'folder'}:{path}"
            for record, path in self._store.embedders()
        }
        embedders = embedders_here(chosen, search.code_may_leave)
        if project is None:
            return embedders
        weights = self._weights_in(project)
        return [with_measured(embedder, weights) for embedder in embedders]

    def _delete_from_ollama(self, name: str, users: Users, *, confirmed: bool) -> None:
        model = self.show(name)
        if not confirmed:
            needed = f"{users.sentence} {model.name}. " if users else ""
            raise ModelInUse(
                f"{needed}Ollama deletes {model.name} for good, for other programs too.",
                hint="Confirm with --yes.",
            )
        Ollama.of(os.environ).delete(model.title)
        self._audit.record("model deleted from Ollama", model.name, size(model.bytes))
        self._probe.forget()

    def _known(self, name: str) -> str:
        if not self._store.has(name):
            raise ModelMissing(f"There is no model {name!r} here.", remedy=Remedy("list models"))
        return name

    def _paths_of(self, name: str) -> list[str]:
        return [str(path) for record, path in self._store.embedders() if record.name == name]

    def _machine(self) -> Machine:
        """What is free now; a run that trains already has taken its memory."""
        runs = self._runs.all()
        trains = any(run.live and run.heavy for run in runs)
        starter = self.catalogue().find(STARTER)
        return Machine(
            free_bytes=available_bytes(),
            training_bytes=0 if trains or starter is None else needs_of(starter).train,
            bytes_a_second=self._speed(runs),
            pulls={self._runs.subject(run): run.id for run in self._runs.pulls()},
            failures=self._failures(runs),
        )

    def _failures(self, runs: list[Run]) -> dict[str, str]:
        """What the newest pull of each model failed with; nothing of one that did not fail."""
        newest: dict[str, Run] = {}
        for run in runs:
            if run.kind == "pull":
                newest.setdefault(self._runs.subject(run), run)
        failed = {name: run for name, run in newest.items() if run.state in ("failed", "died")}
        return {name: self._runs.failure(run) for name, run in failed.items()}

    def _speed(self, runs: list[Run]) -> float:
        """Bytes a second of the last pull that fetched anything; 0 without one."""
        pulls = [run for run in runs if run.kind == "pull" and run.finished]
        for run in pulls[:RECENT_PULLS]:
            with suppress(Damaged, OSError):
                for batch in self._runs.follow(run.id):
                    for event in batch:
                        if isinstance(event, Pulled) and event.fetched and event.seconds:
                            return event.fetched / event.seconds
        return 0.0

    def _weights_in(self, project: Project) -> list[Weight]:
        """The weights measured there; none where the catalog cannot be read."""
        path = self._places.catalog(project.id)
        if not path.exists():
            return []
        with suppress(GardenError):
            return Catalog(path).weights.all()
        return []
