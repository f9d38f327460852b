"""Check the files of an adapter."""

from dataclasses import dataclass
from pathlib import Path

from gardener_core.errors import Damaged, Remedy
from gardener_core.store.manifest import fault_in, read_manifest
from gardener_core.system.files.regular import read_object

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"
GGUF = "adapter.gguf"  # made from the others, so it can be rebuilt


@dataclass(frozen=True, slots=True)
class AdapterState:
    """What is wrong with an adapter: lost files, and the GGUF.

    `unverified`: no digests were recorded, as in older gardens.
    """

    lost: tuple[str, ...]
    gguf: str
    unverified: bool


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
