"""What the catalogue offers, and how it fits this machine."""

from collections.abc import Mapping
from dataclasses import dataclass

from gardener_core.errors import GardenError
from gardener_core.models.catalogue.entry import (
    CatalogueEntry,
    FimTokens,
    Role,
    SourceKind,
    role_in_lists,
)
from gardener_core.models.catalogue.needs import SERVED_TOKENS, Fits, Needs, fits, needs_of
from gardener_core.models.model import BaseModel, OllamaModel, abilities
from gardener_core.models.needs import serving_need, training_bytes
from gardener_core.models.ollama.states import Status
from gardener_core.models.shape import shape_of
from gardener_core.search.embedders.available import EmbedderStatus
from gardener_core.settings.schema import TrainingSettings


@dataclass(frozen=True, slots=True)
class OfferedSource:
    """A source of an entry: its kind, and the place there."""

    kind: SourceKind
    where: str


@dataclass(frozen=True, slots=True)
class ModelOffer:
    """A model that is here or can be had.

    `hash_known` is false where the sha256 is recorded at the first pull. `seconds` is how long it
    takes to get at the speed of the last pull on this machine, None without one; `run` is the run
    that gets it now, `failure` what the last one failed with.
    """

    name: str
    title: str
    maker: str
    role: str
    roles: tuple[Role, ...]
    format: str
    path: str
    bytes: int
    sha256: str
    trainable: bool
    context: int
    licence: str
    architecture: str
    parameters: int
    template: str
    fim: FimTokens | None
    note: str
    here: bool
    hash_known: bool
    needs: Needs
    fits: Fits
    sources: tuple[OfferedSource, ...]
    seconds: float | None = None
    run: str = ""
    failure: str = ""


@dataclass(frozen=True, slots=True)
class OllamaOffers:
    """What an Ollama server can do now, and the models it has."""

    status: Status
    models: tuple[ModelOffer, ...] = ()


@dataclass(frozen=True, slots=True)
class Machine:
    """What offers are held against: free memory, what a training run would take of it, the speed
    of the last pull (0 without one), the runs that get models now, and what the last pull of a
    model failed with.
    """

    free_bytes: int
    training_bytes: int
    bytes_a_second: float
    pulls: Mapping[str, str]
    failures: Mapping[str, str]


def offer_of_entry(
    entry: CatalogueEntry, here: BaseModel | EmbedderStatus | None, machine: Machine
) -> ModelOffer:
    """An entry of the catalogue, here or not."""
    needs = _needs_here(here) or needs_of(entry)
    speed = machine.bytes_a_second
    return ModelOffer(
        name=entry.name,
        title=entry.title,
        maker=entry.maker,
        role=role_in_lists(entry),
        roles=entry.roles,
        format=entry.format,
        path=str(here.path) if here else "",
        bytes=here.bytes if here else entry.bytes,
        sha256=here.sha256 if here else entry.weights.sha256,
        trainable=here.trainable if here else "train" in entry.roles,
        context=(here.context if here else 0) or entry.context,
        licence=entry.licence,
        architecture=entry.architecture,
        parameters=entry.parameters,
        template=entry.template,
        fim=entry.fim,
        note=entry.note,
        here=here is not None,
        hash_known=entry.is_known,
        needs=needs,
        fits=fits(needs, machine.free_bytes, machine.training_bytes),
        sources=tuple(OfferedSource(one.kind, one.where) for one in entry.sources),
        seconds=None if here or not speed or not entry.bytes else entry.bytes / speed,
        run=machine.pulls.get(entry.name, ""),
        failure="" if here else machine.failures.get(entry.name, ""),
    )


def offer_of_model(model: BaseModel | EmbedderStatus, machine: Machine) -> ModelOffer:
    """A model that is here and in no catalogue."""
    needs = _needs_here(model) or Needs(0, 0, False)
    return ModelOffer(
        name=model.name,
        title=model.name,
        maker="",
        role=model.role,
        roles=(),
        format=model.format,
        path=str(model.path),
        bytes=model.bytes,
        sha256=model.sha256,
        trainable=model.trainable,
        context=model.context,
        licence="",
        architecture=model.architecture if isinstance(model, BaseModel) else "",
        parameters=0,
        template="",
        fim=None,
        note="",
        here=True,
        hash_known=True,
        needs=needs,
        fits=fits(needs, machine.free_bytes, machine.training_bytes),
        sources=(),
    )


def offer_of_ollama(model: OllamaModel, server: Status) -> ModelOffer:
    """A model of an Ollama server, which computes it by itself."""
    able = abilities(model)
    does = {"complete": "completes code", "embed": "embeds"}
    known = [model.family, model.parameters, model.quantisation, *(does[one] for one in able)]
    return ModelOffer(
        name=model.choice,
        title=model.name,
        maker="Ollama",
        role="embedder" if "embed" in able else "base",
        roles=tuple(sorted(able & {"complete", "embed"})),  # type: ignore[arg-type]
        format="ollama",
        path=model.remote or server.address,
        bytes=model.bytes,
        sha256=model.digest,
        trainable=False,
        context=model.context,
        licence=model.licence,
        architecture=model.family,
        parameters=0,
        template="",
        fim=None,
        note=", ".join(filter(None, known)) if able else "It can do nothing of what is needed.",
        here=True,
        hash_known=True,
        needs=Needs(0, 0, False),
        fits=Fits(None, None, None),
        sources=(OfferedSource("ollama", model.name),),
    )


def _needs_here(model: BaseModel | EmbedderStatus | None) -> Needs | None:
    """What a model needs by its own shape, at the defaults; None where that cannot be read."""
    if not isinstance(model, BaseModel):
        return None
    training = TrainingSettings()
    try:
        serve = serving_need(model).of(SERVED_TOKENS)
        # As much as a run is let begin with: it recomputes where memory is short.
        train = training_bytes(
            shape_of(model), training.rank, training.sequence_tokens, recomputes=True
        )
    except GardenError:
        return None
    return Needs(serve, train if model.trainable else 0, False)
