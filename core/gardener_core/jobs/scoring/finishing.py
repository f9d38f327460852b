"""Put the card of an adapter in its place, and open or close the gate."""

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

from gardener_core.evaluation.card.card import CARD, MARKDOWN, Card, Setting, write_card
from gardener_core.evaluation.card.composing import (
    FEWEST_WITHOUT_FOLDS,
    arms_of,
    differences_of,
    folds_of,
    gate_figures,
    groups_of,
    human_names_of,
    search_of,
)
from gardener_core.evaluation.card.gate import Gate, gate_of
from gardener_core.evaluation.card.items import ITEMS, Item
from gardener_core.evaluation.card.markdown import markdown_of
from gardener_core.evaluation.card.words import percent
from gardener_core.evaluation.split import SourceFile
from gardener_core.events.train import Gated
from gardener_core.store.database import Database
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.gate_states import state_after
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.manifest import record_file
from gardener_core.system.files.atomic import write_whole, writing_aside


def card_of(
    setting: Setting,
    items: Sequence[Item],
    held_out: int,
    seen: int | None,
    left_out: Sequence[str],
    missing: str,
) -> Card:
    """The card of what was measured."""
    return Card(
        setting=setting,
        arms=arms_of(items),
        differences=differences_of(items),
        groups=groups_of(items),
        gate=gate_of(gate_figures(items, seen, missing)),
        n=len(items),
        held_out_files=held_out,
        left_out=tuple(left_out),
        search=search_of(items),
        human_names=human_names_of(items),
        notes=(*_without(missing), *_about_folds(items)),
        items=ITEMS,
    )


def _without(missing: str) -> tuple[str, ...]:
    return (f"Without context: {missing}.",) if missing else ()


def _about_folds(items: Sequence[Item]) -> tuple[str, ...]:
    """What three adapters that were trained alike gained on all files."""
    found = folds_of(items)
    if found is None:
        return ()
    files = sum(item.measure == "bits_per_byte" for item in items)
    decides = (
        "; of so few held-out files, they decide about held out and specificity"
        if files < FEWEST_WITHOUT_FOLDS
        else ""
    )
    return (
        "Three folds: adapters trained alike, on code alone, each measured on the third of the "
        f"files that it had not read: bits per byte {percent(found)} over {found.files} files"
        f"{decides}.",
    )


def put_in_place(card: Card, items: Path, adapter: Path) -> None:
    """Copy the items beside the adapter, then write the card that is of them."""
    with writing_aside(adapter / ITEMS) as new:
        shutil.copyfile(items, new)
        new.chmod(0o600)  # they hold the code of the project
    write_card(adapter, card)
    write_whole(adapter / MARKDOWN, markdown_of(card).encode())
    for name in (ITEMS, CARD, MARKDOWN):
        record_file(adapter, name)


def pass_or_not(database: Database, project: str, version: str, gate: Gate) -> Gated:
    """Store what the gate says; one that passed answers where none does."""
    AdapterTable(database).move(project, version, state_after(gate.verdict))
    projects = ProjectTable(database)
    adapter = AdapterTable(database).get(project, version)
    answers = gate.verdict == "pass" and not projects.get(project).adapter
    if answers:
        projects.set_adapter(project, version, adapter.base)
    undecided = tuple(one.name for one in gate.conditions if one.verdict == _reason_for(gate))
    return Gated(version, gate.verdict, undecided, gate.on_bits_only, answers)


def files_digest(files: Sequence[SourceFile]) -> str:
    """A digest of the held-out files as they were."""
    digest = hashlib.sha256()
    for file in sorted(files, key=lambda one: one.path):
        digest.update(file.path.encode() + b"\0" + file.text.encode() + b"\0")
    return digest.hexdigest()


def _reason_for(gate: Gate) -> str:
    """The verdict of the conditions that decided it."""
    if gate.verdict == "inconclusive":
        undecided = [one for one in gate.conditions if one.verdict == "inconclusive"]
        return "inconclusive" if undecided else "unmeasurable"
    return "fail"
