"""The names of deployed models."""

import re
from dataclasses import dataclass

from gardener_core.errors import BadInput

LONGEST = 60
LATEST, ROLLBACK, TURNING = "latest", "rollback", "turning"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_ODD = re.compile(r"[^a-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class ModelNames:
    """A project's name on a server, and its names for a version, the latest and the one before.

    Only while the last two change places, a fourth name holds one of them.
    """

    project: str

    def version(self, version: str) -> str:
        """The model of one version."""
        return f"{self.project}:{_ODD.sub('-', version.lower())}"

    @property
    def latest(self) -> str:
        """The one that others use."""
        return f"{self.project}:{LATEST}"

    @property
    def rollback(self) -> str:
        """The one that was the latest before."""
        return f"{self.project}:{ROLLBACK}"

    @property
    def turning(self) -> str:
        """Holds one of both while they change places."""
        return f"{self.project}:{TURNING}"


def names_of(project: str, wanted: str = "") -> ModelNames:
    """The names of a project's models: by its own name, or by the one that is wanted."""
    if wanted:
        if not _NAME.fullmatch(wanted) or len(wanted) > LONGEST:
            raise BadInput(
                f"{wanted!r} cannot be the name of a model.",
                hint=f"Give up to {LONGEST} small letters, digits, dots and dashes.",
            )
        return ModelNames(wanted)
    plain = _ODD.sub("-", project.lower()).strip("-._")[:LONGEST].rstrip("-._")
    return ModelNames(plain or "project")
