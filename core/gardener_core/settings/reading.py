"""Read settings from file and environment."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints

from gardener_core.errors import BadInput, Remedy
from gardener_core.settings.schema import (
    KEYS,
    Settings,
    Value,
    section_types,
    type_of,
    value_problem,
)
from gardener_core.system.files.regular import read_regular

PREFIX = "GARDENER_"
LARGEST_FILE = 1_000_000
OF_PROJECT = "this project"
NOTHING: Mapping[str, str] = {}

_BOOLS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_HEADER = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]")
_ASSIGNED = re.compile(
    r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*="""
)


@dataclass(frozen=True, slots=True)
class ExplainedSetting:
    """One setting: its value, the source of that, and its effect."""

    key: str
    value: Value
    source: str
    effect: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in a line of the file; 0 means no particular line."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class SettingsRead:
    """The valid settings, the source of each, and the problems."""

    settings: Settings
    sources: Mapping[str, str]
    problems: tuple[Problem, ...]


def read_settings(
    path: Path, environment: Mapping[str, str] = os.environ, own: Mapping[str, str] = NOTHING
) -> SettingsRead:
    """Read the file, a project's settings, and GARDENER_<SECTION>__<KEY>.

    Wrong values are reported and ignored.
    """
    collected = _RawSettings()
    try:
        text = read_regular(path, LARGEST_FILE).decode("utf-8")
        collected.add_file(tomllib.loads(text), text, path)
    except FileNotFoundError:
        pass
    except tomllib.TOMLDecodeError as problem:
        collected.problems.append(Problem(_line_of(str(problem)), str(problem)))
    except RecursionError:
        collected.problems.append(Problem(0, "cannot be read: it is nested too deeply"))
    except OSError as problem:
        collected.problems.append(Problem(0, f"cannot be read: {problem.strerror or problem}"))
    except ValueError as problem:  # bytes that are not UTF-8, a number with too many digits
        collected.problems.append(Problem(0, f"cannot be read: {problem}"))
    collected.add_own(own)
    collected.add_environment(environment)
    return collected.result()


def load_settings(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of a file that must be valid; an error lists every problem."""
    reading = read_settings(path, environment)
    if reading.problems:
        raise BadInput(
            f"{path}: {'; '.join(problem_text(problem) for problem in reading.problems)}.",
            hint=f"Correct {path}",
        )
    return reading.settings


def problem_text(problem: Problem) -> str:
    """A problem as text for people."""
    return f"line {problem.line}: {problem.what}" if problem.line else problem.what


def explain(
    path: Path, environment: Mapping[str, str] = os.environ, own: Mapping[str, str] = NOTHING
) -> list[ExplainedSetting]:
    """Every setting with its value, source and effect."""
    reading = read_settings(path, environment, own)
    settings = []
    for section, kinds in section_types().items():
        values = getattr(reading.settings, section)
        for name in kinds:
            key = f"{section}.{name}"
            effect = type(values).__dataclass_fields__[name].metadata["effect"]
            source = reading.sources.get(key, "default")
            settings.append(ExplainedSetting(key, getattr(values, name), source, effect))
    for name, keys in reading.settings.keys.items():
        effect = f"The keys of the action {name}."
        settings.append(
            ExplainedSetting(f"keys.{name}", keys, reading.sources[f"keys.{name}"], effect)
        )
    return settings


def parse_value(key: str, text: str) -> Value:
    """Convert what a person typed to the type of a setting."""
    kind = type_of(key)
    if kind is None:
        raise BadInput(f"There is no setting named {key}.", remedy=Remedy("show settings"))
    value = _parse(kind, text)
    problem = value_problem(key, kind, value if value is not None else text)
    if value is None or problem:
        raise BadInput(f"{problem}.", hint="")
    return value


class _RawSettings:
    """Collects valid values with their sources, and problems."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._values: dict[str, dict[str, Any]] = {}
        self._sources: dict[str, str] = {}

    def add_file(self, table: Mapping[str, Any], text: str, path: Path) -> None:
        """Add the values of the file; a problem has the line of its key."""
        lines = key_lines(text)
        for section, values in table.items():
            line = lines.get(section, 0)
            if section != KEYS and section not in section_types():
                self.problems.append(Problem(line, f"{section} is not a section"))
            elif not isinstance(values, dict):
                self.problems.append(Problem(line, f"{section} is a section, not a value"))
            else:
                for name, value in (_flat(values) if section == KEYS else values).items():
                    key = f"{section}.{name}"
                    self._add(key, value, str(path), lines.get(key, line))

    def add_own(self, own: Mapping[str, str]) -> None:
        """Add a project's own values; they were valid when they were stored."""
        for key, text in own.items():
            kind = type_of(key)
            value = _parse(kind, text) if kind else None
            self._add(key, text if value is None else value, OF_PROJECT, 0)

    def add_environment(self, environment: Mapping[str, str]) -> None:
        """Add the values of the environment, which override those of the file."""
        for variable, text in environment.items():
            section, separator, name = variable.removeprefix(PREFIX).partition("__")
            if not (variable.startswith(PREFIX) and separator):
                continue
            key = f"{section.lower()}.{name.lower()}"
            kind = type_of(key)
            if kind is None:
                self.problems.append(Problem(0, f"{variable} names no setting"))
                continue
            value = _parse(kind, text)
            self._add(key, text if value is None else value, variable, 0)

    def result(self) -> SettingsRead:
        """The settings, their sources and the problems."""
        kinds = get_type_hints(Settings)
        parts: dict[str, Any] = {
            section: values if section == KEYS else kinds[section](**values)
            for section, values in self._values.items()
        }
        ordered = tuple(sorted(self.problems, key=lambda problem: problem.line))
        return SettingsRead(Settings(**parts), self._sources, ordered)

    def _add(self, key: str, value: Any, source: str, line: int) -> None:
        kind = type_of(key)
        if kind is float and type(value) is int:
            value = float(value)
        problem = f"{key} is not a setting" if kind is None else value_problem(key, kind, value)
        if problem:
            where = f" ({source})" if line == 0 and source.startswith(PREFIX) else ""
            self.problems.append(Problem(line, problem + where))
            return
        section, _, name = key.partition(".")
        self._values.setdefault(section, {})[name] = value
        self._sources[key] = source


def key_lines(text: str) -> dict[str, int]:
    """The line of each section and of each `section.name` in plain TOML."""
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
    match = re.search(r"at line (\d+)", message)
    return int(match[1]) if match else 0


def _flat(values: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Join nested tables, which TOML makes of ids with dots."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{above}{name}.")
        else:
            flat[above + name] = value
    return flat


def _parse(kind: type, text: str) -> Value | None:
    """A typed text as a value of a setting's type, or None if it is not one."""
    if kind is bool:
        return _BOOLS.get(text.lower())
    try:
        return kind(text)  # type: ignore[no-any-return]
    except ValueError:
        return None
