"""Tell adapters apart by how they continue a certain text."""

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from gardener_core.models.serving.served import Candidate, Engine, ServedModel
from gardener_core.system.files.atomic import make_folder, write_whole
from gardener_core.system.files.regular import read_object
from gardener_core.system.records import rebuild

PROBE = "def read(path, limit):\n    return"
PROBE_TOKENS = 8  # read with each switch to another adapter
TOP = 10
# In nats. The same weights answer alike to the last digit in the same program on the same machine.
TOLERANCE = 0.1
_LIBRARIES = {"llama.cpp": "xllamacpp", "transformers": "transformers"}


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The likeliest tokens after the probe."""

    top: tuple[Candidate, ...]

    def matches(self, other: "Fingerprint") -> bool:
        """Whether both are of the same weights: tokens that both have are equally likely."""
        known = {one.id: one.logprob for one in self.top}
        pairs = [(known[one.id], one.logprob) for one in other.top if one.id in known]
        enough = 2 * len(pairs) > min(len(self.top), len(other.top))
        return enough and all(abs(mine - theirs) <= TOLERANCE for mine, theirs in pairs)


class Fingerprints:
    """The fingerprint of each adapter, kept when it is first served by an engine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, model: ServedModel, scales: Sequence[float]) -> Fingerprint:
        """Let a model continue the probe."""
        ids = model.tokenize(PROBE)[:PROBE_TOKENS]
        completion = model.complete(ids, scales, 1, top=TOP)
        return Fingerprint(completion.top[0] if completion.top else ())

    def known(self, base: str, adapter: str, engine: Engine) -> Fingerprint | None:
        """The one that was kept; `base` and `adapter` are the sha256 of their weights."""
        try:
            kept: Fingerprint = rebuild(Fingerprint, read_object(self._file(base, adapter, engine)))
        except (OSError, ValueError, TypeError):
            return None
        return kept if kept.top else None

    def keep(self, base: str, adapter: str, engine: Engine, seen: Fingerprint) -> None:
        """Keep one."""
        make_folder(self._folder)
        data = json.dumps(dataclasses.asdict(seen)).encode()
        write_whole(self._file(base, adapter, engine), data)

    def _file(self, base: str, adapter: str, engine: Engine) -> Path:
        served = f"{base} {adapter} {engine} {version(_LIBRARIES[engine])} {PROBE_TOKENS} {PROBE}"
        return self._folder / f"{hashlib.sha256(served.encode()).hexdigest()[:32]}.json"
