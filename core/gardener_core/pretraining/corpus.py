"""Find the source files that a base model may learn from."""

import hashlib
import re
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePath, PurePosixPath

# Never used, wherever it is found: we measure and demonstrate on these, so a model that has read
# them would look better than it is. typer carries click, httpx2 is httpx.
HELD_OUT = frozenset(
    {
        "gardener_core", "gardener_tui", "gardener_themes", "textual", "click", "requests", "flask",
        "werkzeug", "httpx", "httpx2", "rich", "axios", "gin", "typer",
    }
)  # fmt: skip
# Held out with all that they install: their licences are not permissive.
SHARE_ALIKE = frozenset({"pathspec", "certifi", "tqdm", "hypothesis"})
OWN_DISTRIBUTION = "codebase-gardener"
_COPIES = re.compile(r"vendor|third_?party|extern$|bundled")
_TESTS = frozenset({"test", "tests", "testing", "idle_test", "conftest"})
_PERMISSIVE = re.compile(
    r"\b(MIT|0?BSD|Apache|PSF|Python Software Foundation|ISC|Zlib|CC0|HPND)\b", re.I
)
_RESTRICTIVE = re.compile(r"GPL|General Public|MPL|Mozilla|EUPL|EPL|CDDL|proprietary", re.I)
SHORTEST_CHARACTERS = 500
LONGEST_CHARACTERS = 60_000


@dataclass(frozen=True, slots=True)
class Package:
    """An installed package whose licence permits learning from it."""

    name: str
    version: str
    licence: str


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A source file to learn from; `name` is its path below the packages' folder."""

    package: Package
    name: str
    path: Path

    def read(self) -> str | None:
        """Its text; None where it is not UTF-8 or of an unusual size."""
        try:
            text = self.path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        return text if SHORTEST_CHARACTERS < len(text) < LONGEST_CHARACTERS else None


def installed_corpus() -> list[SourceDocument]:
    """The usable files of this environment, in an order that depends on names alone."""
    folders = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    found = {file.path: file for file in standard_library()}
    for folder in folders:
        found.update({file.path: file for file in packaged_corpus(Path(folder))})
    return sorted(found.values(), key=lambda file: hashlib.blake2b(file.name.encode()).digest())


def packaged_corpus(folder: Path) -> Iterator[SourceDocument]:
    """The usable files of the packages in one folder, by name.

    Only files that a package lists as its own count, so the targets of links and editable
    installs stay outside.
    """
    for distribution in sorted(distributions(path=[str(folder)]), key=lambda item: item.name):
        package = _package(distribution)
        if package is None:
            continue
        for file in sorted(distribution.files or [], key=str):
            if file.suffix == ".py" and may_be_used(PurePosixPath(file.as_posix())):
                yield SourceDocument(package, file.as_posix(), folder / file)


def may_be_used(name: PurePath) -> bool:
    """Whether no part of a path is held out, vendored or a test."""
    parts = [part.removesuffix(".py").lower() for part in name.parts]
    bare = {part.strip("_") for part in parts}
    return (
        ".." not in parts
        and not bare & (HELD_OUT | SHARE_ALIKE | _TESTS)
        and not any(_COPIES.search(part) for part in parts)
        and not parts[-1].startswith("test_")
    )


def is_permissive(licence: str) -> bool:
    """Whether a declared licence permits learning without conditions."""
    return bool(_PERMISSIVE.search(licence)) and not _RESTRICTIVE.search(licence)


def _package(distribution: Distribution) -> Package | None:
    name = distribution.name
    if name.lower().replace("-", "_") in HELD_OUT | SHARE_ALIKE or name == OWN_DISTRIBUTION:
        return None
    licence = _declared_licence(distribution)
    if not is_permissive(licence):
        return None
    return Package(name, distribution.version, licence)


def _declared_licence(distribution: Distribution) -> str:
    metadata = distribution.metadata
    classifiers = [
        line.rpartition("::")[2].strip()
        for line in metadata.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    expressions = metadata.get_all("License-Expression") or []
    declared = [*expressions, *classifiers, *(metadata.get_all("License") or [])]
    return "; ".join(dict.fromkeys(text.strip().partition("\n")[0] for text in declared))


def standard_library() -> Iterator[SourceDocument]:
    """The usable files of Python's own library, which the PSF licence covers."""
    folder = Path(sysconfig.get_path("stdlib"))
    version = ".".join(str(number) for number in sys.version_info[:3])
    package = Package("python", version, "PSF-2.0")
    for path in sorted(folder.rglob("*.py")):
        name = path.relative_to(folder)
        if "site-packages" not in name.parts and may_be_used(PurePosixPath(name.as_posix())):
            yield SourceDocument(package, f"python/{name.as_posix()}", path)
