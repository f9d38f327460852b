"""Hold the row of an adapter against what its folder says."""

from collections.abc import Iterator
from pathlib import Path

from gardener_core.errors import Damaged, GardenError
from gardener_core.evaluation.card.card import Card, read_card
from gardener_core.jobs.spec import TrainSpec, read_spec
from gardener_core.models.identity import read_identity
from gardener_core.models.store import ModelStore
from gardener_core.store.garden.adapter_files import WEIGHTS
from gardener_core.store.garden.adapters import Adapter, AdapterTable
from gardener_core.store.garden.gate_states import GateState, state_after
from gardener_core.store.garden.versions.record import (
    RECORD,
    AdapterRecord,
    counted,
    read_record,
    write_record,
)
from gardener_core.store.manifest import read_manifest, record_file
from gardener_core.system.files.atomic import bytes_under
from gardener_core.system.places import Places
from gardener_core.training.retraining.learned import read_learned
from gardener_core.upkeep.repaired import Repaired


def state_in(folder: Path) -> GateState:
    """The state that a card of these very weights gives an adapter; else it was not measured."""
    card = _card_of(folder)
    return state_after(card.gate.verdict) if card is not None else "trained"


def base_in(folder: Path) -> str:
    """The name of the base that an adapter's folder says it was trained on; empty if none."""
    identity = read_identity(folder)
    return identity.name if identity else ""


def repair_row(table: AdapterTable, adapter: Adapter, folder: Path) -> Iterator[Repaired]:
    """Correct what the list says otherwise than the folder: base, size, and a gate passed."""
    part, base, size = f"adapter {adapter.version}", base_in(folder), bytes_under(folder)
    if base and base != adapter.base:
        table.correct(adapter, base=base)
        yield Repaired(
            part, f"The list has the base {adapter.base!r}, its folder {base!r}.", "Corrected."
        )
    if adapter.state == "passed" and state_in(folder) != "passed":
        state = state_in(folder)
        table.correct(adapter, state=state)
        found = "The list says that it passed the gate, and no card of these weights does."
        yield Repaired(part, found, f"It counts as {state} now; measure it.")
    if size != adapter.bytes:
        table.correct(adapter, bytes=size)  # a card or a GGUF was made since


def repair_record(places: Places, adapter: Adapter, folder: Path) -> Iterator[Repaired]:
    """Write the record of an adapter that an older program made, as far as its run tells."""
    if read_record(folder) is not None or not adapter.run:
        return
    try:
        spec = read_spec(places.run(adapter.run))
        if not isinstance(spec, TrainSpec):
            return
        write_record(folder, counted(_record(places, adapter, folder, spec), folder))
    except (GardenError, OSError, ValueError, KeyError, TypeError):
        return
    record_file(folder, RECORD)
    yield Repaired(
        f"adapter {adapter.version}",
        "It had no record of how it was made.",
        "Written from the spec of its run.",
    )


def _record(places: Places, adapter: Adapter, folder: Path, spec: TrainSpec) -> AdapterRecord:
    identity, learned = read_identity(folder), read_learned(folder)
    model = ModelStore(places).record(adapter.base)
    return AdapterRecord(
        version=adapter.version,
        origin="trained",
        created="",
        base=adapter.base,
        base_sha256=identity.weights if identity else "",
        base_licence=model.licence if model else "",
        tokenizer=identity.tokens if identity else "",
        template=identity.template if identity else "",
        parent=spec.parent,
        commit=learned.commit if learned else "",
        recipe=spec.training,
    )


def _card_of(folder: Path) -> Card | None:
    """The card, if it was measured with the weights that are here."""
    try:
        card = read_card(folder)
    except Damaged:
        return None
    weights = read_manifest(folder).get(WEIGHTS)
    if card is None or weights is None or card.setting.adapter_sha256 != weights.sha256:
        return None
    return card
