"""Versions of an adapter as a training leaves them, but for their weights."""

from collections.abc import Sequence
from pathlib import Path

from gardener_core.evaluation.card.card import Card, write_card
from gardener_core.evaluation.card.items import ITEMS, Item, item_line
from gardener_core.store.database import Database
from gardener_core.store.garden.adapter_files import CONFIG, GGUF, WEIGHTS
from gardener_core.store.garden.adapters import Adapter, AdapterTable
from gardener_core.store.garden.gate_states import GateState
from gardener_core.store.garden.projects import Project
from gardener_core.store.manifest import write_manifest
from gardener_core.system.places import Places
from gardener_core.training.retraining.learned import (
    Learned,
    LearnedFile,
    LearnedPiece,
    write_learned,
)
from gardener_core.training.retraining.lines import digest_lines
from support.measured import a_card

NO_TENSORS = b"\x02\0\0\0\0\0\0\0{}"


def put_version(
    places: Places,
    project: Project,
    version: str,
    *,
    base: str = "coder",
    state: GateState = "trained",
    code: Sequence[tuple[str, str]] = (),
    items: Sequence[Item] = (),
    card: Card | None = None,
) -> Adapter:
    """A version that has learned this code, each with its path, and was measured on these items."""
    folder = places.adapters(project.id) / version
    folder.mkdir(parents=True)
    (folder / CONFIG).write_text('{"peft_type": "LORA"}')
    (folder / WEIGHTS).write_bytes(NO_TENSORS)
    (folder / GGUF).write_bytes(b"GGUF")
    if code:
        files = {
            path: LearnedFile("d", (LearnedPiece(path, digest_lines(text), "read"),))
            for path, text in code
        }
        write_learned(folder, Learned("", "", 60, files))
    if items:
        (folder / ITEMS).write_bytes(b"".join(item_line(item) + b"\n" for item in items))
        write_card(folder, card or a_card(items))
    write_manifest(folder)
    table = AdapterTable(Database(places.database))
    adapter = table.register(project.id, version, base, "", 64)
    return table.move(project.id, version, state) if state != "trained" else adapter


def lay_out(root: Path, code: Sequence[tuple[str, str]]) -> None:
    """Files of a project."""
    for path, text in code:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
