"""The identity of a base, which its adapters name."""

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gardener_core.errors import WrongBase
from gardener_core.models.chat_template import chat_template_of
from gardener_core.models.model import BaseModel, Format
from gardener_core.models.shape import BaseShape, shape_of
from gardener_core.system.files.atomic import write_whole
from gardener_core.system.files.regular import read_object
from gardener_core.system.records import rebuild

IDENTITY = "base.json"
_ADAPTER_CONFIG = "adapter_config.json"


@dataclass(frozen=True, slots=True)
class BaseIdentity:
    """What makes a base the one that an adapter was trained on.

    `weights` is the sha256 of its file, `tokens` that of the ids of a probe text, `template` that
    of its chat template; empty where there is none. `checked` says whether llama.cpp made the same
    ids of the probe.
    """

    name: str
    format: Format
    weights: str
    shape: BaseShape
    tokens: str = ""
    template: str = ""
    checked: bool = False


def identity_of(base: BaseModel, ids: Sequence[int], checked: bool) -> BaseIdentity:
    """The identity of a base whose tokenizer makes these ids of the probe text."""
    return BaseIdentity(
        name=base.name,
        format=base.format,
        weights=base.sha256,
        shape=shape_of(base),
        tokens=_digest(",".join(map(str, ids))),
        template=_template(base),
        checked=checked,
    )


def write_identity(folder: Path, identity: BaseIdentity) -> None:
    """Write an identity into a folder, such as an adapter's."""
    write_whole(folder / IDENTITY, json.dumps(dataclasses.asdict(identity), indent=1).encode())


def read_identity(folder: Path) -> BaseIdentity | None:
    """The identity in a folder; None where there is none that can be read."""
    try:
        identity: BaseIdentity = rebuild(BaseIdentity, read_object(folder / IDENTITY))
        return identity
    except (OSError, ValueError, TypeError):
        return None


def require_base(adapter: Path, version: str, base: BaseModel) -> None:
    """Refuse an adapter that was trained on other weights than those of this base."""
    identity = read_identity(adapter)
    weights = identity.weights if identity else _revision(adapter)
    if not weights or weights == base.sha256:
        return
    differences = [f"its weights have the sha256 {weights[:12]}, not {base.sha256[:12]}"]
    if identity:
        differences += _differences(identity.shape, shape_of(base))
    raise WrongBase(
        f"Adapter {version} was trained on another base than the {base.name} that is here: "
        f"{', '.join(differences)}.",
        hint=f"Add that base again, or train a new adapter on {base.name}.",
    )


def _differences(trained: BaseShape, here: BaseShape) -> list[str]:
    names = {
        "architecture": "architecture",
        "layers": "layers",
        "width": "width",
        "vocabulary": "vocabulary",
    }
    return [
        f"{word} {getattr(trained, name)}, not {getattr(here, name)}"
        for name, word in names.items()
        if getattr(trained, name) != getattr(here, name)
    ]


def _revision(adapter: Path) -> str:
    """The sha256 that PEFT's own file names; older adapters have nothing else."""
    try:
        return str(read_object(adapter / _ADAPTER_CONFIG).get("revision") or "")
    except (OSError, ValueError):
        return ""


def _template(base: BaseModel) -> str:
    text = chat_template_of(base)
    return _digest(text) if text else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
