"""Build the specs of runs from the settings."""

import secrets
import time
from dataclasses import replace
from pathlib import Path

from gardener_core.errors import BadInput, MemoryShort, Remedy
from gardener_core.garden.settings import SettingsDoor
from gardener_core.jobs.spec import (
    DataSpec,
    GrowSpec,
    IndexSpec,
    PullSpec,
    SurveySpec,
    TrainSpec,
)
from gardener_core.models.catalogue.entry import CatalogueEntry
from gardener_core.models.default_base import default_base
from gardener_core.models.identity import require_base
from gardener_core.models.model import OLLAMA
from gardener_core.models.needs import require_trainable, require_training_room
from gardener_core.models.store import SEEDLING, ModelStore
from gardener_core.search.embedders.choice import choice_of
from gardener_core.settings.presets import STEPS, Preset, preset_named
from gardener_core.settings.schema import Settings, TrainingSettings
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project
from gardener_core.system.hardware import available_bytes
from gardener_core.system.places import Places
from gardener_core.training.forecasts.fitting import TrainingFit, fit_training


class RunSpecs:
    """What each kind of run is asked to do; what cannot be done is refused here."""

    def __init__(self, places: Places, settings: SettingsDoor) -> None:
        self._places = places
        self._settings = settings
        self._models = ModelStore(places)

    def survey(self, project: Project, then_index: bool) -> SurveySpec:
        """Count files; then start an index run, whose id is fixed now."""
        search = self._settings.current(project).search
        return SurveySpec(
            run=new_run_id(),
            created=time.time(),
            project=project.id,
            index_run=new_run_id() if then_index else "",
            embedder=choice_of(search),
            code_may_leave=search.code_may_leave,
        )

    def index(self, project: Project, full: bool, even_if_empty: bool) -> IndexSpec:
        """Update an index with the embedder of the settings."""
        search = self._settings.current(project).search
        return IndexSpec(
            run=new_run_id(),
            created=time.time(),
            project=project.id,
            full=full,
            embedder=choice_of(search),
            code_may_leave=search.code_may_leave,
            even_if_empty=even_if_empty,
        )

    def train(
        self,
        project: Project,
        base: str | None,
        steps: int | None,
        rows_a_step: int | None = None,
        control: Adapter | None = None,
        measured: bool = True,
        fit: bool = False,
        preset: Preset | None = None,
    ) -> TrainSpec:
        """Train on a base; the version is not chosen yet.

        Where it needs more memory than there is, a run that fits is asked for only if it may `fit`.
        """
        settings = self._settings.current(project)
        training = settings.training
        _require_servable(training)
        chosen = base or own_base(project) or self._default(settings)
        fitting = self.fitting(project, chosen)
        if fitting is not None:  # what cannot work is refused now, not in the queue
            if fitting.changes_what_is_learned and not fit:
                raise _short_of_memory(project, chosen, fitting)
            chosen = fitting.base
            training = replace(training, sequence_tokens=fitting.sequence_tokens)
            model = self._models.get(chosen)
            cache = self._places.derived_base(model.sha256)
            require_training_room(model, training.rank, training.sequence_tokens, cache)
        return TrainSpec(
            run=new_run_id(),
            created=time.time(),
            project=project.id,
            version="",
            base=chosen,
            training=replace(
                training,
                steps=_steps(training, steps, preset),
                rows_a_step=rows_a_step or training.rows_a_step,
            ),
            grow_steps=settings.growing.steps,
            control=str(self._adapter_folder(control)) if control else "",
            measured=measured,
        )

    def update(
        self, project: Project, adapter: Adapter, made_by: TrainSpec, steps: int, full_steps: int
    ) -> TrainSpec:
        """Go on from an adapter, in the shape that it has; the version is not chosen yet."""
        settings = self._settings.current(project)
        model = self._models.get(adapter.base)
        require_trainable(model)
        folder = self._places.adapters(project.id) / adapter.version
        require_base(folder, adapter.version, model)
        training = replace(
            _shape_of(made_by.training), steps=steps, preset="custom",
            learning_rate=settings.training.learning_rate, threads=settings.training.threads,
            mix=settings.training.mix,
        )  # fmt: skip
        cache = self._places.derived_base(model.sha256)
        require_training_room(model, training.rank, training.sequence_tokens, cache)
        return TrainSpec(
            new_run_id(), time.time(), project.id, "", adapter.base, training,
            settings.growing.steps, parent=adapter.version, full_steps=full_steps,
        )  # fmt: skip

    def data(self, project: Project, base: str | None) -> DataSpec:
        """Prepare rows for the base that would be trained."""
        settings = self._settings.current(project)
        chosen = base or own_base(project) or self._default(settings)
        if chosen != SEEDLING or self._models.has(SEEDLING):
            require_trainable(self._models.get(chosen))
        return DataSpec(
            new_run_id(), time.time(), project.id, chosen, settings.training, settings.growing.steps
        )

    def fitting(self, project: Project, base: str | None) -> TrainingFit | None:
        """How training on a base fits into the memory of now; None if it has to be grown first."""
        settings = self._settings.current(project)
        chosen = base or own_base(project) or self._default(settings)
        if chosen == SEEDLING and not self._models.has(SEEDLING):
            return None
        model = self._models.get(chosen)
        require_trainable(model)
        return fit_training(model, settings.training, self._models.all(), available_bytes())

    def _adapter_folder(self, adapter: Adapter) -> Path:
        return self._places.adapters(adapter.project) / adapter.version

    def _default(self, settings: Settings) -> str:
        """The base of a project that has none; one of Ollama cannot be trained."""
        named = settings.models.base
        if named and not named.startswith(OLLAMA):
            return named
        return default_base(self._models.all(), settings.training).name

    def grows(self, spec: TrainSpec) -> bool:
        """Whether a training run grows its base first."""
        return spec.base == SEEDLING and not self._models.has(SEEDLING)

    def grow(self, steps: int | None) -> GrowSpec:
        """Grow the seedling."""
        growing = self._settings.current().growing
        return GrowSpec(
            run=new_run_id(),
            created=time.time(),
            project="",
            model=SEEDLING,
            steps=_positive("steps", growing.steps if steps is None else steps),
        )

    def pull(self, entry: CatalogueEntry, source: str) -> PullSpec:
        """Get a model of the catalogue, from one kind of source if one is named."""
        kinds = [one.kind for one in entry.sources]
        if source and source not in kinds:
            raise BadInput(
                f"{entry.name} has no source {source!r}.",
                hint=f"It has {', '.join(dict.fromkeys(kinds))}.",
            )
        return PullSpec(new_run_id(), time.time(), "", entry.name, source)

    def pull_by_ollama(self, name: str, source: str) -> PullSpec:
        """Let an Ollama server get a model by its own name, after `ollama:`."""
        if source not in ("", "ollama"):
            raise BadInput(f"{name} has no source {source!r}.", hint="It has ollama.")
        if not name.removeprefix(OLLAMA).strip():
            raise BadInput("There is no name after ollama:.", hint="Give one, like ollama:qwen3.")
        return PullSpec(new_run_id(), time.time(), "", name, "ollama")


def _require_servable(training: TrainingSettings) -> None:
    """Refuse what could be trained, but neither be served nor exported."""
    if training.variant == "dora":
        raise BadInput(
            "A DoRA adapter cannot be trained here: llama.cpp and Ollama, which serve adapters, "
            "have no place for its magnitudes, so it could not be exported either.",
            hint="Set training.variant to lora, rslora, pissa or olora.",
        )


def _shape_of(training: TrainingSettings) -> TrainingSettings:
    """The settings of an adapter that was saved; some variants are saved as plain LoRA.

    Those that change the base are saved with twice the rank.
    """
    if training.variant not in ("pissa", "olora"):
        return training
    return replace(training, variant="lora", rank=2 * training.rank, alpha=2 * training.alpha)


def _steps(training: TrainingSettings, steps: int | None, preset: Preset | None) -> int:
    """As many as were asked for, else those of the dial, which the settings hold too."""
    if steps is not None and preset is not None:
        raise BadInput("A preset says how many steps.", hint="Give a preset or steps, not both.")
    if steps is not None:
        return _positive("steps", steps)
    chosen = preset or preset_named(training.preset)
    return STEPS[chosen] if chosen else training.steps


def _short_of_memory(project: Project, base: str, fitting: TrainingFit) -> MemoryShort:
    """The error that proposes what would fit."""
    return MemoryShort(
        f"Training on {base} as it is set takes more memory than the "
        f"{fitting.available / 1e9:.1f} GB that are available.",
        hint=f"It fits with {fitting.proposal}.",
        remedy=Remedy("train to fit", project.name),
    )


def own_base(project: Project) -> str:
    """The base that a project is trained on; empty where it has none, or answers by a server's."""
    return "" if project.base.startswith(OLLAMA) else project.base


def new_run_id() -> str:
    """Sorts by time, and is short enough to type."""
    return time.strftime("%y%m%d-%H%M%S-") + secrets.token_hex(2)


def _positive(name: str, number: int) -> int:
    if number < 1:
        raise BadInput(f"{name} must be at least 1, not {number}.", hint="")
    return number
