"""The result of a repair."""

from dataclasses import dataclass

from gardener_core.errors import Remedy


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was found in one part and what was `done`, if anything."""

    part: str
    found: str
    done: str
    remedy: Remedy | None = None
