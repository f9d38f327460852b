"""How fast each engine serves a base on this machine."""

import dataclasses
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gardener_core.models.serving.served import Engine, ServedModel
from gardener_core.system.files.atomic import write_whole
from gardener_core.system.files.regular import read_object
from gardener_core.system.records import rebuild

PROBE_TOKENS, PROBE_ANSWER = 128, 12
_PROBE = """\
def read_lines(path: Path, limit: int = 100) -> list[str]:
    with path.open(encoding="utf-8") as file:
        return [line.rstrip() for line, _ in zip(file, range(limit))]
"""


@dataclass(frozen=True, slots=True)
class Speed:
    """Tokens a second that are read and written, and the seconds that loading takes."""

    read: float
    written: float
    load_seconds: float
    measured: float

    def seconds(self, prompt: int, tokens: int, *, is_loaded: bool) -> float:
        """The expected time to the end of an answer."""
        loading = 0.0 if is_loaded else self.load_seconds
        return loading + prompt / self.read + tokens / self.written


class Speeds:
    """The measured speeds, kept in one file; it may be removed, and is measured again."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def of(self, base: str, engine: Engine) -> Speed | None:
        """How fast an engine serves the base of this sha256; None if nobody measured it."""
        return self._all().get(f"{base} {engine}")

    def keep(self, base: str, engine: Engine, speed: Speed) -> None:
        """Keep what was measured."""
        speeds = {**self._all(), f"{base} {engine}": speed}
        fields = {key: dataclasses.asdict(value) for key, value in sorted(speeds.items())}
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(self._path, json.dumps(fields, indent=1).encode())

    def _all(self) -> Mapping[str, Speed]:
        try:
            fields = read_object(self._path)
            speeds = {key: rebuild(Speed, value) for key, value in fields.items()}
        except (OSError, ValueError, TypeError):
            return {}
        return {key: one for key, one in speeds.items() if one.read > 0 and one.written > 0}


def measure(model: ServedModel, adapters: int, load_seconds: float) -> Speed:
    """Let a model read and write a little, which takes a second or three."""
    ids = model.tokenize(_PROBE)
    prompt = (ids * (PROBE_TOKENS // len(ids) + 1))[:PROBE_TOKENS]
    for _ in model.stream(prompt, [0.0] * adapters, PROBE_ANSWER):
        pass
    timing = model.timing
    return Speed(
        read=timing.read / max(timing.read_seconds, 1e-6),
        written=timing.written / max(timing.written_seconds, 1e-6),
        load_seconds=load_seconds,
        measured=time.time(),
    )
