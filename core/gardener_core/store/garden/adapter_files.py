"""The files of an adapter, and whether they are whole."""

from dataclasses import dataclass
from pathlib import Path

from gardener_core.errors import Damaged, Remedy
from gardener_core.store.manifest import fault_in, read_manifest
from gardener_core.system.files.regular import read_object

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"
GGUF = "adapter.gguf"  # made of the others, so it can be made again


@dataclass(frozen=True, slots=True)
class AdapterState:
    """What is wrong with an adapter: what only training again makes, and its GGUF.

    `unverified` where nobody noted what was written, as in gardens of before.
    """

    lost: tuple[str, ...]
    gguf: str
    unverified: bool


def adapter_state(folder: Path, *, thorough: bool) -> AdapterState:
    """Look at the files of an adapter, quickly or byte for byte."""
    noted = read_manifest(folder)

    def fault(name: str) -> str:
        return fault_in(folder, name, noted.get(name), thorough=thorough)

    lost = [problem for name in (CONFIG, WEIGHTS) if (problem := fault(name))]
    lost += [] if lost else _unreadable(folder / CONFIG)
    return AdapterState(tuple(lost), fault(GGUF), not {CONFIG, WEIGHTS, GGUF} <= noted.keys())


def require_whole(folder: Path, version: str, project: str, *, thorough: bool = False) -> None:
    """Refuse an adapter that is no longer what was trained."""
    state = adapter_state(folder, thorough=thorough)
    if state.lost:
        raise Damaged(
            f"Adapter {version} is damaged and does not answer: {', '.join(state.lost)}.",
            remedy=Remedy("train", project),
        )


def _unreadable(config: Path) -> list[str]:
    try:
        fields = read_object(config)
    except (OSError, ValueError):
        return [f"{config.name} cannot be read"]
    return [] if fields.get("peft_type") else [f"{config.name} names no kind of adapter"]
