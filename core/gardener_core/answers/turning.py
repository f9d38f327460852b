"""Turn a loaded base from one project's prompts to another's."""

import time
from dataclasses import dataclass
from pathlib import Path

from gardener_core.answers.served_adapters import adapter_identity
from gardener_core.models.model import BaseModel
from gardener_core.models.serving.fingerprints import Fingerprint, Fingerprints
from gardener_core.models.serving.kept_prefixes import KeptPrefixes, Reader
from gardener_core.models.serving.served import Candidate, Engine, ServedModel
from gardener_core.system.places import Places

UNLIKE = "It answers otherwise than when it was first loaded."


@dataclass(frozen=True, slots=True)
class Turn:
    """What it took to turn from one project's prompts to another's; all 0 where nothing was turned.

    `saved` and `loaded` are tokens that need not be read again. `top` is how the model went on
    with the probe; `unlike` says so where the adapter went on otherwise than at first.
    """

    saved: int = 0
    loaded: int = 0
    save_seconds: float = 0.0
    verify_seconds: float = 0.0
    load_seconds: float = 0.0
    top: tuple[Candidate, ...] = ()
    unlike: str = ""


@dataclass(frozen=True, slots=True)
class Served:
    """A loaded base that is ready to answer, its engine, and the adapter that is on.

    `without` says why the adapter that was wished for is not.
    """

    base: BaseModel
    engine: Engine
    model: ServedModel
    scales: tuple[float, ...]
    adapter: Path | None = None
    load_seconds: float = 0.0
    without: str = ""
    turn: Turn = Turn()


class Turns:
    """Remembers whose prompts each loaded base has read last."""

    def __init__(self, places: Places) -> None:
        self._prefixes = KeptPrefixes(places.prefixes, lambda name: places.project(name).is_dir())
        self._fingerprints = Fingerprints(places.fingerprints)

    def turn(self, served: Served, project: str) -> Turn:
        """Save what was read for another project, verify the adapter, load what this one had read.

        In this order: llama.cpp keeps what is loaded only where its adapter was on before.
        """
        if not project:
            return Turn()
        model, scales = served.model, served.scales
        adapter = adapter_identity(served.adapter) if served.adapter else ""
        reader = Reader(project, served.base.sha256, adapter)
        if self._prefixes.holds(model, scales, reader):
            return Turn()
        began = time.perf_counter()
        saved = self._prefixes.release(model, scales)
        released = time.perf_counter()
        seen, unlike = self._verify(served, adapter)
        verified = time.perf_counter()
        if unlike:
            return Turn(saved, 0, released - began, verified - released, 0.0, seen.top, unlike)
        loaded = self._prefixes.take(model, scales, reader)
        done = time.perf_counter()
        return Turn(
            saved,
            loaded,
            save_seconds=released - began,
            verify_seconds=verified - released,
            load_seconds=done - verified,
            top=seen.top,
        )

    def _verify(self, served: Served, adapter: str) -> tuple[Fingerprint, str]:
        """How the model goes on with the probe, and what is wrong where it did so otherwise."""
        seen = self._fingerprints.take(served.model, served.scales)
        base, engine = served.base.sha256, served.engine
        known = self._fingerprints.known(base, adapter, engine)
        if known is None:
            self._fingerprints.keep(base, adapter, engine, seen)
        return seen, UNLIKE if known is not None and not known.matches(seen) else ""
