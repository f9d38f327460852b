"""What a repair found and did."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was found in one part, and what was done about it; `done` is empty where it is whole."""

    part: str
    found: str
    done: str
