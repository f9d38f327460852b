"""What a repair found and did."""

from dataclasses import dataclass

from gardener_core.errors import Remedy


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was found in one part, and what was done about it; `done` is empty where it is whole."""

    part: str
    found: str
    done: str
    remedy: Remedy | None = None
