"""The user's settings, read and checked."""

import dataclasses
import os
import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_type_hints

from gardener_core.errors import BadInput, Remedy
from gardener_core.system.files.regular import read_regular

PREFIX = "GARDENER_"
KEYS = "keys"
LARGEST_FILE = 1_000_000
# What a project may have otherwise than the settings file; the rest belongs to the person.
OF_PROJECTS = ("search", "training")
OF_PROJECT = "this project"
NOTHING: Mapping[str, str] = {}
CHOICES = {
    "log.level": ("normal", "debug"),
    "search.pooling": ("auto", "mean", "cls", "last"),
}
# From and to, both inclusive; a number without a range is only not negative.
MOST_RESULTS = 1000
RANGES: Mapping[str, tuple[float, float]] = {
    "search.results": (1, MOST_RESULTS),
    "training.steps": (1, 1_000_000),
    "training.rank": (1, 1024),
    "training.alpha": (1, 4096),
    "training.learning_rate": (0, 1),
    "training.sequence_tokens": (16, 32_768),
    "training.rows_a_step": (1, 4096),
    "training.threads": (0, 1024),
    "growing.steps": (1, 1_000_000),
    "runs.keep": (0, 1_000_000),
}
# Texts that have to be written in a certain way, and how that is told.
FORMS = {
    "search.embedder": (
        re.compile(r"static-1|ollama:\S+|gguf:[/~].*\.gguf|folder:[/~].*|nomic:(local|hosted)"),
        "static-1, ollama:MODEL, gguf:/FILE.gguf, folder:/FOLDER, nomic:local or nomic:hosted",
    )
}
Value = int | float | str | bool

_SAID = {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}
_BOOLS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_HEADER = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]")
_ASSIGNED = re.compile(
    r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*="""
)


def setting(default: Any, effect: str) -> Any:
    """A setting with the sentence that tells what it does."""
    return field(default=default, metadata={"effect": effect})


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How searching works."""

    results: int = setting(10, "How many hits a search shows.")
    embedder: str = setting(
        "static-1",
        "What finds by meaning; index runs change to it. "
        "gardener index N --embedder E tells first what that costs.",
    )
    query_prefix: str = setting(
        "auto", "What a model embedder reads before a question. auto takes what it was made with."
    )
    document_prefix: str = setting(
        "auto", "What a model embedder reads before code. auto takes what it was made with."
    )
    pooling: str = setting("auto", "How a model embedder's states become one vector.")
    code_may_leave: bool = setting(False, "Lets an embedder elsewhere have code and questions.")


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """How an adapter is trained."""

    steps: int = setting(150, "Optimiser steps of a training run.")
    rank: int = setting(16, "Rank of the LoRA matrices.")
    alpha: int = setting(32, "LoRA scale; the update is multiplied by alpha / rank.")
    learning_rate: float = setting(0.0, "Peak learning rate; 0 chooses by the base's size.")
    sequence_tokens: int = setting(512, "Tokens of one training row.")
    rows_a_step: int = setting(4, "Rows of one optimiser step.")
    threads: int = setting(0, "Threads of a training run; 0 takes every core.")


@dataclass(frozen=True, slots=True)
class GrowingSettings:
    """How the built-in base model is grown."""

    steps: int = setting(
        260, "Steps that grow the seedling, about a minute. Measured on two cores."
    )


@dataclass(frozen=True, slots=True)
class RunsSettings:
    """How long runs are kept."""

    keep: int = setting(50, "Ended runs of a project that are kept; 0 keeps all.")


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """How the screen looks."""

    theme: str = setting("night", "Name of the theme.")
    mouse: bool = setting(True, "Whether the screen listens to the mouse.")
    motion: bool = setting(True, "Whether anything on the screen moves by itself.")


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What the program writes about itself."""

    level: str = setting("normal", "What is logged; debug adds details, even code.")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; each has a default, so an empty file is a good file.

    `keys` gives other keys to the screen's actions, by the action's id.
    """

    search: SearchSettings = field(default_factory=SearchSettings)
    training: TrainingSettings = field(default_factory=TrainingSettings)
    growing: GrowingSettings = field(default_factory=GrowingSettings)
    runs: RunsSettings = field(default_factory=RunsSettings)
    screen: ScreenSettings = field(default_factory=ScreenSettings)
    log: LogSettings = field(default_factory=LogSettings)
    keys: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Explained:
    """One setting: its value, where that comes from, and what it does."""

    key: str
    value: Value
    source: str
    effect: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a line of the settings file; line 0 means the environment or the whole."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class SettingsRead:
    """What a look at file and environment gave: the good values, their sources, the problems."""

    settings: Settings
    sources: Mapping[str, str]
    problems: tuple[Problem, ...]


def read_settings(
    path: Path, environment: Mapping[str, str] = os.environ, own: Mapping[str, str] = NOTHING
) -> SettingsRead:
    """Read the file, what a project has of its own, then GARDENER_<SECTION>__<KEY>.

    What is wrong is told and passed over.
    """
    found = _RawSettings()
    try:
        text = read_regular(path, LARGEST_FILE).decode("utf-8")
        found.take_file(tomllib.loads(text), text, path)
    except FileNotFoundError:
        pass
    except tomllib.TOMLDecodeError as problem:
        found.problems.append(Problem(_line_of(str(problem)), str(problem)))
    except RecursionError:
        found.problems.append(Problem(0, "cannot be read: it is nested too deeply"))
    except OSError as problem:
        found.problems.append(Problem(0, f"cannot be read: {problem.strerror or problem}"))
    except ValueError as problem:  # bytes that are no text, a number of too many digits
        found.problems.append(Problem(0, f"cannot be read: {problem}"))
    found.take_own(own)
    found.take_environment(environment)
    return found.reading()


def load_settings(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of a file that must be good; every problem is told at once."""
    reading = read_settings(path, environment)
    if reading.problems:
        raise BadInput(
            f"{path}: {'; '.join(said(problem) for problem in reading.problems)}.",
            hint=f"Mend {path}",
        )
    return reading.settings


def said(problem: Problem) -> str:
    """A problem as a person reads it."""
    return f"line {problem.line}: {problem.what}" if problem.line else problem.what


def explain(
    path: Path, environment: Mapping[str, str] = os.environ, own: Mapping[str, str] = NOTHING
) -> list[Explained]:
    """Every setting with its value and source."""
    reading = read_settings(path, environment, own)
    told = []
    for section, kinds in _types().items():
        values = getattr(reading.settings, section)
        for name in kinds:
            key = f"{section}.{name}"
            effect = type(values).__dataclass_fields__[name].metadata["effect"]
            source = reading.sources.get(key, "default")
            told.append(Explained(key, getattr(values, name), source, effect))
    for name, keys in reading.settings.keys.items():
        effect = f"The keys of the action {name}."
        told.append(Explained(f"keys.{name}", keys, reading.sources[f"keys.{name}"], effect))
    return told


def parse_value(key: str, text: str) -> Value:
    """Turn what a person typed into the type that the setting has."""
    kind = _kind_of(key)
    if kind is None:
        raise BadInput(f"There is no setting named {key}.", remedy=Remedy("show settings"))
    value = _parsed(kind, text)
    wrong = _wrong(key, kind, value if value is not None else text)
    if value is None or wrong:
        raise BadInput(f"{wrong}.", hint="")
    return value


class _RawSettings:
    """Collects good values, where they come from, and what is wrong."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._values: dict[str, dict[str, Any]] = {}
        self._sources: dict[str, str] = {}

    def take_file(self, table: Mapping[str, Any], text: str, path: Path) -> None:
        """Values of the file; a problem has the line at which its key stands."""
        lines = key_lines(text)
        for section, values in table.items():
            line = lines.get(section, 0)
            if section != KEYS and section not in _types():
                self.problems.append(Problem(line, f"{section} is not a section"))
            elif not isinstance(values, dict):
                self.problems.append(Problem(line, f"{section} is a section, not a value"))
            else:
                for name, value in (_flat(values) if section == KEYS else values).items():
                    key = f"{section}.{name}"
                    self._take(key, value, str(path), lines.get(key, line))

    def take_own(self, own: Mapping[str, str]) -> None:
        """Values of a project; they were good when they were kept."""
        for key, text in own.items():
            kind = _kind_of(key)
            value = _parsed(kind, text) if kind else None
            self._take(key, text if value is None else value, OF_PROJECT, 0)

    def take_environment(self, environment: Mapping[str, str]) -> None:
        """Values of the environment, which go before those of the file."""
        for variable, text in environment.items():
            section, separator, name = variable.removeprefix(PREFIX).partition("__")
            if not (variable.startswith(PREFIX) and separator):
                continue
            key = f"{section.lower()}.{name.lower()}"
            kind = _kind_of(key)
            if kind is None:
                self.problems.append(Problem(0, f"{variable} names no setting"))
                continue
            value = _parsed(kind, text)
            self._take(key, text if value is None else value, variable, 0)

    def reading(self) -> SettingsRead:
        """What was found."""
        kinds = get_type_hints(Settings)
        parts: dict[str, Any] = {
            section: values if section == KEYS else kinds[section](**values)
            for section, values in self._values.items()
        }
        ordered = tuple(sorted(self.problems, key=lambda problem: problem.line))
        return SettingsRead(Settings(**parts), self._sources, ordered)

    def _take(self, key: str, value: Any, source: str, line: int) -> None:
        kind = _kind_of(key)
        if kind is float and type(value) is int:
            value = float(value)
        wrong = f"{key} is not a setting" if kind is None else _wrong(key, kind, value)
        if wrong:
            where = f" ({source})" if line == 0 and source.startswith(PREFIX) else ""
            self.problems.append(Problem(line, wrong + where))
            return
        section, _, name = key.partition(".")
        self._values.setdefault(section, {})[name] = value
        self._sources[key] = source


def key_lines(text: str) -> dict[str, int]:
    """The line of each section and of each `section.name`, as TOML is usually written."""
    lines: dict[str, int] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header:
            section = _unquoted(header[1])
            lines.setdefault(section, number)
            continue
        assigned = _ASSIGNED.match(line)
        if assigned:
            name = _unquoted(assigned[1])
            key = f"{section}.{name}" if section else name
            lines.setdefault(key, number)
            lines.setdefault(key.partition(".")[0], number)
    return lines


def _unquoted(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))


def _line_of(message: str) -> int:
    found = re.search(r"at line (\d+)", message)
    return int(found[1]) if found else 0


def _flat(values: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """An action's id may hold dots, which TOML reads as tables."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{above}{name}.")
        else:
            flat[above + name] = value
    return flat


def _wrong(key: str, kind: type, value: Any) -> str:
    """What is wrong with a value; nothing where it is good."""
    if type(value) is not kind:
        return f"{key} takes {_SAID[kind]}, not {value!r}"
    lowest, highest = RANGES.get(key, (0, sys.float_info.max))
    if isinstance(value, int | float) and not lowest <= value <= highest:
        return f"{key} takes {_SAID[kind]} from {lowest:g} to {highest:g}, not {value}"
    if key in CHOICES and value not in CHOICES[key]:
        return f"{key} is one of {', '.join(CHOICES[key])}, not {value!r}"
    if key in FORMS and not FORMS[key][0].fullmatch(str(value)):
        return f"{key} is {FORMS[key][1]}, not {value!r}"
    return ""


def _parsed(kind: type, text: str) -> Value | None:
    """A typed text as the type of a setting, or None where it is not one."""
    if kind is bool:
        return _BOOLS.get(text.lower())
    try:
        return kind(text)  # type: ignore[no-any-return]
    except ValueError:
        return None


def _kind_of(key: str) -> type | None:
    section, _, name = key.partition(".")
    if section == KEYS and name:
        return str
    return _types().get(section, {}).get(name)


def _types() -> dict[str, dict[str, type]]:
    sections = get_type_hints(Settings)
    return {
        section: get_type_hints(kind)
        for section, kind in sections.items()
        if dataclasses.is_dataclass(kind)
    }
