"""Collect the files of a project that may be learned."""

from collections import Counter
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gardener_core.code.files.bounded import ProjectFolder
from gardener_core.code.files.listing import find_files, read_from
from gardener_core.code.roles import why_not_learned
from gardener_core.code.secrets.detection import Allowed, find_secrets, hide
from gardener_core.evaluation.split import SourceFile
from gardener_core.events.parts import SkippedFile
from gardener_core.events.run import PhaseAdvanced
from gardener_core.system.pace import Pace
from gardener_core.training.data.kept.folder import DataItem
from gardener_core.training.data.kept.report import Stage

Choices = Mapping[tuple[str, str], bool]


@dataclass(frozen=True, slots=True)
class Collected:
    """The files of a project, and those that were left out with the reason."""

    files: tuple[SourceFile, ...]
    left_out: tuple[DataItem, ...]
    secrets: int

    @property
    def stage(self) -> Stage:
        """The counts."""
        reasons = Counter(item.reason for item in self.left_out)
        if self.secrets:
            reasons["secrets hidden"] = self.secrets
        came = len(self.files) + len(self.left_out)
        return Stage("collect", "files", came, len(self.files), dict(reasons.most_common()))


def collect(root: Path, choices: Choices) -> Generator[PhaseAdvanced, Any, Collected]:
    """Read every file that people of this project wrote, its secrets hidden.

    Generated and vendored files are left out unless the user accepts them; what cannot be read as
    text or may hold secrets by its name stays out in any case.
    """
    yield PhaseAdvanced("reading", 0, 0, "files")
    allowed, pace = Allowed.of_project(root), Pace()
    found = find_files(root)
    files: list[SourceFile] = []
    left_out = [DataItem(item.path, "", 0, 0, False, item.reason) for item in found.unreadable]
    hidden = 0
    with ProjectFolder(root) as folder:
        for done, path in enumerate(found.paths):
            if pace.is_due():
                yield PhaseAdvanced("reading", done, len(found.paths), "files", path)
            wanted = choices.get((path, ""))
            source = read_from(folder, path, anyway=bool(wanted))
            if isinstance(source, SkippedFile):
                left_out.append(DataItem(path, "", 0, 0, False, source.reason))
                continue
            reason = "" if wanted else why_not_learned(path, source.raw)
            if reason:
                left_out.append(DataItem(path, "", 0, 0, False, reason))
                continue
            text = source.text
            secrets = allowed.keep(path, find_secrets(text))
            hidden += len(secrets)
            files.append(SourceFile(path, hide(text, secrets)))
    return Collected(tuple(files), tuple(left_out), hidden)
