"""Find secrets in text, and hide them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path, PurePosixPath

from gardener_core.code.files.bounded import ProjectFolder, read_inside
from gardener_core.code.secrets.formats import provider_formats
from gardener_core.code.secrets.names import named_secrets
from gardener_core.code.secrets.tokens import random_tokens

ALLOWED_FILE = ".gardenersecrets"
LARGEST_BYTES = 1_000_000
HIDDEN = "[secret]"
SECRET_FILES = (
    ".env",
    ".env.*",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "*.jks",
    "*.keystore",
    "id_rsa*",
    "id_dsa*",
    "id_ecdsa*",
    "id_ed25519*",
    ".netrc",
    ".npmrc",
    ".pypirc",
    ".htpasswd",
    "credentials",
    "credentials.json",
    "kubeconfig",
)


@dataclass(frozen=True, slots=True)
class Secret:
    """The characters of a secret; the line is 1-based."""

    rule: str
    line: int
    start: int
    end: int


def holds_secrets(path: str) -> bool:
    """Whether a file must not be indexed or trained on, by its name alone."""
    name = PurePosixPath(path).name.lower()
    return any(fnmatchcase(name, pattern) for pattern in SECRET_FILES)


def find_secrets(text: str) -> list[Secret]:
    """The secrets of a text in order; overlapping ones are joined."""
    found: list[Secret] = []
    line, counted = 1, 0
    candidates = chain(provider_formats(text), named_secrets(text), random_tokens(text))
    for rule, first, last in sorted(candidates, key=lambda item: (item[1], -item[2])):
        if found and first < found[-1].end:
            found[-1] = replace(found[-1], end=max(last, found[-1].end))
            continue
        line += text.count("\n", counted, first)
        counted = first
        found.append(Secret(rule, line, first, last))
    return found


def hide(text: str, secrets: Sequence[Secret]) -> str:
    """Replace secrets by `[secret]`; the number of lines stays."""
    parts, at = [], 0
    for secret in secrets:
        lines = text.count("\n", secret.start, secret.end)
        parts += [text[at : secret.start], HIDDEN, f"\n{HIDDEN}" * lines]
        at = secret.end
    return "".join([*parts, text[at:]])


@dataclass(frozen=True, slots=True)
class Allowed:
    """False alarms that the user allows: a path pattern and a rule, or `*`."""

    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of_project(cls, root: Path) -> "Allowed":
        """Read the project's list, where there is one."""
        try:
            raw = read_inside(root, ALLOWED_FILE, LARGEST_BYTES)
        except OSError:
            return cls(())
        if len(raw) > LARGEST_BYTES:
            return cls(())
        lines = raw.decode("utf-8", "replace").splitlines()
        entries = [line.split() for line in lines if line.strip() and not line.startswith("#")]
        return cls(tuple((words[0], words[1] if len(words) > 1 else "*") for words in entries))

    def keep(self, path: str, secrets: Sequence[Secret]) -> list[Secret]:
        """The secrets of a file that are not allowed."""
        rules = [rule for pattern, rule in self.pairs if fnmatchcase(path, pattern)]
        return [item for item in secrets if not {"*", item.rule} & set(rules)]


def problem_of_allowed(folder: ProjectFolder) -> str:
    """Why the list of false alarms has no effect; empty where it has, or is missing."""
    try:
        raw = folder.read(ALLOWED_FILE, LARGEST_BYTES)
    except FileNotFoundError:
        return ""
    except OSError as problem:
        return f"has no effect: {problem.strerror}"
    return "has no effect: larger than 1 MB" if len(raw) > LARGEST_BYTES else ""
