"""Events of an export."""

from dataclasses import dataclass

from gardener_core.events.parts import Fidelity, WrittenFile


@dataclass(frozen=True, slots=True)
class Exported:
    """Files that other programs can load."""

    files: tuple[WrittenFile, ...]
    fidelity: Fidelity | None
