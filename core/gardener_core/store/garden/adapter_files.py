"""Check the files of an adapter."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

from gardener_core.errors import Damaged, Remedy
from gardener_core.store.manifest import fault_in, read_manifest
from gardener_core.system.files.atomic import write_whole
from gardener_core.system.files.regular import read_object
from gardener_core.system.records import rebuild

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"
PARTIAL = "partial.json"
GGUF = "adapter.gguf"  # made from the others, so it can be rebuilt


@dataclass(frozen=True, slots=True)
class AdapterState:
    """What is wrong with an adapter: lost files, and the GGUF.

    `unverified`: no digests were recorded, as in older gardens.
    """

    lost: tuple[str, ...]
    gguf: str
    unverified: bool


@dataclass(frozen=True, slots=True)
class Partial:
    """What an adapter is of whose run was ended early and kept: one step of so many."""

    step: int
    steps: int


def write_partial(folder: Path, partial: Partial) -> None:
    """Mark an adapter as one of a run that was ended early."""
    write_whole(folder / PARTIAL, json.dumps(dataclasses.asdict(partial)).encode())


def read_partial(folder: Path) -> Partial | None:
    """Of which step an adapter is, if its run was ended early; a damaged mark says step 0."""
    try:
        partial: Partial = rebuild(Partial, read_object(folder / PARTIAL))
        return partial
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, TypeError):
        return Partial(0, 0)


def adapter_state(folder: Path, *, thorough: bool) -> AdapterState:
    """Check the files of an adapter, quickly or byte for byte."""
    recorded = read_manifest(folder)

    def fault(name: str) -> str:
        return fault_in(folder, name, recorded.get(name), thorough=thorough)

    lost = [problem for name in (CONFIG, WEIGHTS) if (problem := fault(name))]
    lost += [] if lost else _unreadable(folder / CONFIG)
    return AdapterState(tuple(lost), fault(GGUF), not {CONFIG, WEIGHTS, GGUF} <= recorded.keys())


def require_whole(folder: Path, version: str, project: str, *, thorough: bool = False) -> None:
    """Refuse an adapter that is not as it was trained."""
    state = adapter_state(folder, thorough=thorough)
    if state.lost:
        raise Damaged(
            f"Adapter {version} is damaged and cannot be used: {', '.join(state.lost)}.",
            remedy=Remedy("train", project),
        )


def _unreadable(config: Path) -> list[str]:
    try:
        fields = read_object(config)
    except (OSError, ValueError):
        return [f"{config.name} cannot be read"]
    return [] if fields.get("peft_type") else [f"{config.name} names no type of adapter"]
